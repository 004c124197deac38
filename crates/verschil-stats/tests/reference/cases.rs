//! The cases, by data set.

pub mod castle;
pub mod clubsandwich;
pub mod frank_wolfe;
pub mod matching;
pub mod others;
pub mod resampling;
pub mod synthetic;
pub mod trends;
