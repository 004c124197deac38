//! The sums once more, with every row weighed by the inverse of the linkage rate of its stratum.
//!
//! Weights are known only when all rows are counted. Rows that will weigh the same are therefore
//! summed apart, and their sums weighted at last.

use serde::{Deserialize, Serialize};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams};
use verschil_study::Protocol;

use crate::encode::{Encoder, Stratum, Weighing};
use crate::extract::{shape, steps_per_unit};

/// Sums in which every row has the weight of its stratum besides its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reweighted {
    /// Sufficient statistics; regions, periods, columns and sample classes are those of the plain
    /// ones, rows without a weight count as none.
    pub grams: Grams,
    /// Strata, sorted.
    pub strata: Vec<Stratum>,
    /// Rows of the population that lack one of the links; they have no weight.
    pub unlinked: u64,
}

/// Sums by parts of regions; a protocol that weighs nothing by linkage has none.
pub(crate) struct Reweigher {
    builder: Option<GramBuilder>,
}

impl Reweigher {
    pub(crate) fn new(protocol: &Protocol) -> Self {
        let builder = GramBuilder::new(shape(protocol)).in_steps(&steps_per_unit(protocol));
        Self { builder: protocol.linkage_weights.as_ref().map(|_| builder) }
    }

    /// Adds the rows of the batch that was encoded last.
    pub(crate) fn push(&mut self, batch: &Batch, encoder: &mut Encoder<'_>) {
        if let Some((builder, region)) = self.builder.as_mut().zip(encoder.parts(batch)) {
            builder.push(&mut Batch { region, ..batch.clone() }, &encoder.level_counts());
        }
    }

    /// Weighs all sums.
    pub(crate) fn finish(
        self,
        weighing: Option<Weighing>,
        names: &Dictionaries,
    ) -> Option<Reweighted> {
        let (builder, Weighing { strata, parts, unlinked }) = self.builder.zip(weighing)?;
        Some(Reweighted { grams: builder.finish_weighted(&parts, names), strata, unlinked })
    }
}
