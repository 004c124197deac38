//! How regions lie around their common level.

use serde::{Deserialize, Serialize};

/// The funnel of one binary outcome in one comparison, before or from the start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelFacts {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// `pre` or `post`: which periods are counted together.
    pub phase: String,
    /// `exact`: limits come from binomial tails.
    pub method: String,
    /// `winsorised`: how it was measured what regions differ beyond chance.
    pub dispersion: String,
    /// Regions with fewer units are not compared.
    pub fewest: u64,
    /// Regions compared.
    pub compared: u64,
    /// Share of all compared regions together.
    pub centre: Option<f64>,
    /// Mean square of the regions' winsorised scores; 1 by chance alone.
    pub phi: Option<f64>,
    /// Variance between regions beyond chance, of shares.
    pub tau2: Option<f64>,
    /// The regions, treated ones first, each arm in order of code.
    pub regions: Vec<FunnelRegion>,
    /// Limits by number of units, for a drawing.
    pub limits: Vec<FunnelLimit>,
    /// Why something is absent.
    pub note: String,
}

/// One region in a funnel; what is not compared has its number of units alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelRegion {
    /// Region code.
    pub region: String,
    /// `treated` or `control`.
    pub role: String,
    /// Units with the outcome known.
    pub n: f64,
    /// Units with the event.
    pub events: Option<f64>,
    /// Their share, not adjusted for anything.
    pub share: Option<f64>,
    /// The region's limits.
    pub limits: Option<FunnelLimit>,
    /// `within`, `below_95`, `below_998`, `above_95`, `above_998`, or `not_compared`.
    pub class: String,
}

/// Limits of a region of some size, widened for what regions differ beyond chance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelLimit {
    /// Units.
    pub n: f64,
    /// Lower end of the 95% limits.
    pub low_95: f64,
    /// Upper end.
    pub high_95: f64,
    /// Lower end of the 99.8% limits.
    pub low_998: f64,
    /// Upper end.
    pub high_998: f64,
}
