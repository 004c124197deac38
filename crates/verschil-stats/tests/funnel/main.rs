//! Funnel plots: numbers of other programs, slow twins, laws and refusals.

mod laws;
mod numbers;
mod refusals;
mod twins;
