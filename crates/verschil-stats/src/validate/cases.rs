//! The cases, by data set.

pub(super) mod benzarti_carloni;
pub(super) mod births;
pub(super) mod castle;
pub(super) mod clubsandwich;
pub(super) mod counties;
pub(super) mod frank_wolfe;
pub(super) mod funnels;
pub(super) mod injury;
pub(super) mod matching;
pub(super) mod models;
pub(super) mod panels;
pub(super) mod proposition_99;
pub(super) mod resampling;
pub(super) mod trends;
pub(super) mod two_by_two;
