//! The report as its readers get it: words, numbers, figures and page.

mod choosing;
mod codes;
mod fixture;
mod influence;
mod invented;
mod many;
mod maps;
mod maternity;
mod one_treated;
mod page;
mod prose;
mod snapshots;
mod words;
