//! The report as its readers get it: words, numbers, figures and page.

mod choosing;
mod claims;
mod codes;
mod extremes;
mod fixture;
mod funnel;
mod influence;
mod invented;
mod levels;
mod lock;
mod many;
mod maps;
mod masked;
mod maternity;
mod one_treated;
mod page;
mod panels;
mod paper;
mod prose;
mod public;
mod scrutiny;
mod snapshots;
mod weights;
mod word;
mod words;
