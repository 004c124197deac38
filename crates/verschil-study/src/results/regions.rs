//! The regions: where they lie, what they are like, and how controls were chosen.

use serde::{Deserialize, Serialize};

use super::Text;

/// One region of the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionRow {
    /// Code.
    pub code: String,
    /// Label for people.
    pub label: Text,
    /// `treated`, `control` (of the main comparison), `other` or `excluded`.
    pub role: String,
    /// Id of the exclusion that left it out, or empty.
    pub reason: String,
    /// East of the region's centre in metres, in the Dutch national grid (RD) or any plane.
    pub x: Option<f64>,
    /// North of the region's centre, in metres.
    pub y: Option<f64>,
    /// Units of the population in it.
    pub units: f64,
}

/// One region in one comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchingRow {
    /// Comparison id.
    pub comparison: String,
    /// Region code.
    pub region: String,
    /// `treated` or `control`.
    pub role: String,
    /// How it came to be there: `listed`, `condition`, `matched` or `untreated` (every region that
    /// is not treated).
    pub rule: String,
    /// Cluster code.
    pub cluster: String,
    /// Units of the first outcome before the start.
    pub units_pre: f64,
    /// Units of the first outcome from the start.
    pub units_post: f64,
    /// Code of the treated region that it was matched to, or empty.
    #[serde(default)]
    pub matched_to: String,
    /// Distance to that region, in the measure of the matching.
    #[serde(default)]
    pub distance: Option<f64>,
    /// Rank in which the matching chose it, from 1.
    #[serde(default)]
    pub order: Option<u64>,
    /// Why, where the numbers do not tell it: an English sentence, or empty.
    #[serde(default)]
    pub note: String,
}

/// How the controls of one comparison were chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchingFacts {
    /// Comparison id.
    pub comparison: String,
    /// Characteristics on which regions are alike.
    pub characteristics: Vec<CharacteristicFacts>,
    /// Ids of characteristics that had to be equal.
    pub exact: Vec<String>,
    /// First and last period over which characteristics are averaged.
    pub window: (i64, i64),
    /// `mahalanobis` or `euclidean` (each characteristic divided by its standard deviation).
    pub distance: String,
    /// `nearest` or `optimal`.
    pub method: String,
    /// Whether a control may be chosen for several treated regions.
    pub replacement: bool,
    /// The largest distance allowed, when there is a limit.
    pub caliper: Option<f64>,
    /// Regions that controls could be chosen from.
    pub candidates: u64,
    /// Controls chosen.
    pub controls: u64,
}

/// A characteristic of regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacteristicFacts {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Decimals in tables.
    pub decimals: u8,
}

/// One characteristic of one region.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CharacteristicRow {
    /// Region code.
    pub region: String,
    /// Id of the characteristic.
    pub characteristic: String,
    /// Its value over the window of the matching.
    pub value: Option<f64>,
}

/// One characteristic over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryRow {
    /// Id of the characteristic.
    pub characteristic: String,
    /// Comparison id.
    pub comparison: String,
    /// `treated` or `control`.
    pub arm: String,
    /// Period.
    pub period: i64,
    /// Mean over the regions of the arm.
    pub mean: Option<f64>,
}
