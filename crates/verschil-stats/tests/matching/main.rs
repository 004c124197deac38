//! Matching against exhaustive search, by its laws, and in its refusals.

mod balance;
mod examples;
mod exhaustive;
mod laws;
mod reasons;
mod refusals;
mod sets;
