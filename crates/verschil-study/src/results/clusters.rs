//! How much an effect hangs on each cluster.

use serde::{Deserialize, Serialize};

/// One cluster's part in the effect on one outcome over all treated regions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Code of the cluster.
    pub cluster: String,
    /// `treated` or `control`.
    pub role: String,
    /// Its leverage: the sum over clusters is the number of columns, region effects not counted.
    pub leverage: f64,
    /// Its share of the variation that identifies the effect; the sum over clusters is one.
    pub partial_leverage: f64,
    /// The effect with all clusters, in the outcome's own unit.
    pub estimate: f64,
    /// The effect without this cluster; absent where there is then none.
    pub without: Option<f64>,
    /// How many equally important clusters carry as much information, the same in every row of an
    /// outcome and comparison (Carter, Schnepel & Steigerwald 2017).
    pub effective_clusters: f64,
}
