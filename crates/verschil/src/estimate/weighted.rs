//! A sensitivity analysis: the main effect once more, with the linked units weighted to stand for all
//! eligible ones.

use verschil_stats::grams::Grams;
use verschil_stats::inference::Options;
use verschil_study::Protocol;

use super::{Estimates, Work};
use crate::layout::Layout;

/// What its rows are called in the column `analysis`.
pub const LINKAGE_WEIGHTED: &str = "linkage_weighted";

impl Estimates {
    /// Adds the pooled effect of the main comparison on the sums of weighted units, for every outcome
    /// and method. The trend rule is not applied again: its verdict is that of the main rows. A
    /// finding that the main analysis has already is not repeated.
    pub fn add_linkage_weighted(
        &mut self,
        protocol: &Protocol,
        grams: &Grams,
        layout: &Layout,
        options: &Options,
    ) {
        let comparison = protocol.comparisons.iter().position(|comparison| comparison.main);
        let comparison = comparison.unwrap_or_default();
        let work = Work { protocol, grams, layout, options, comparison, weighted: true };
        let mut found = work.run();
        for row in &mut found.rows {
            let same = |outcome: &str, comparison: &str| {
                outcome == row.outcome && comparison == row.comparison
            };
            let check =
                self.trend_checks.iter().find(|check| same(&check.outcome, &check.comparison));
            row.trend_holds = check.and_then(|check| check.holds);
        }
        found.findings.retain(|finding| !self.findings.contains(finding));
        self.extend(found);
    }
}

impl Work<'_> {
    /// The name of an analysis, whose sums may be weighted.
    pub(super) fn name(&self, plain: String) -> String {
        if self.weighted { LINKAGE_WEIGHTED.to_owned() } else { plain }
    }
}
