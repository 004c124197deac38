//! The report as its readers get it: words, numbers, figures and page.

mod codes;
mod fixture;
mod many;
mod maternity;
mod one_treated;
mod page;
mod prose;
mod snapshots;
mod words;
