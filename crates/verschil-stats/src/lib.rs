//! Numbers in, effects out.
//!
//! Difference-in-differences for few treated regions on sufficient statistics: [`grams`] are
//! accumulated in one pass, a [`normal::Normal`] is a design as a linear map of them, a [`fit::Fit`]
//! solves it for all outcomes that share a sample, an [`estimate::Estimate`] carries effects with
//! their influence by cluster, and [`inference`] is a table of methods on those.

pub mod cells;
pub mod clusters;
pub mod cr2;
pub mod curve;
pub mod did;
pub mod distribution;
pub mod estimate;
pub mod event_study;
pub mod factor;
pub mod few;
pub mod fit;
pub mod funnel;
pub mod glm;
pub mod grams;
pub mod honest;
pub mod inference;
pub mod linalg;
pub mod matching;
pub mod multiplicity;
pub mod normal;
pub mod permutation;
pub mod placebo;
pub mod power;
pub mod refusal;
pub mod strata;
pub mod synthetic;
pub mod trend;
pub mod validate;
pub mod wild;
