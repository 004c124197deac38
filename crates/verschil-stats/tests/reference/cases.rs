//! The cases, by data set.

pub mod castle;
pub mod matching;
pub mod others;
pub mod trends;
