//! How much the effect over all treated regions hangs on each cluster.

use verschil_stats::clusters::reliance;
use verschil_study::results::ClusterRow;

use super::{Solved, Work};

/// The effect over all treated regions is the one term of the pooled design.
const POOLED: usize = 0;

impl Work<'_> {
    /// One row per cluster; none where the effect is not identified, which its rows say.
    pub(super) fn clusters(&self, solved: &Solved, outcome: usize, at: usize) -> Vec<ClusterRow> {
        let (Ok(estimate), Ok(found)) =
            (solved.fit.coefficient(POOLED, at), reliance(&solved.fit, POOLED, at))
        else {
            return Vec::new();
        };
        found
            .clusters
            .into_iter()
            .map(|share| ClusterRow {
                outcome: self.protocol.outcomes[outcome].id.clone(),
                comparison: self.comparison_id().to_owned(),
                cluster: share.cluster,
                role: if share.treated { "treated" } else { "control" }.to_owned(),
                leverage: share.leverage,
                partial_leverage: share.partial_leverage,
                estimate,
                without: share.deleted,
                effective_clusters: found.effective,
            })
            .collect()
    }
}
