//! The sums once more, with every row weighed by the inverse of the linkage rate of its stratum.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_study::{Problem, Protocol};

use crate::encode::{Encoder, Stratum};
use crate::extract::shape;
use crate::spool::Spool;

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

/// Keeps the rows until all are counted: only then are their weights known. A protocol that weighs
/// nothing by linkage keeps none.
pub(crate) struct Reweigher<'a> {
    protocol: &'a Protocol,
    spool: Option<Spool>,
}

/// What the encoder knows of the weights when all rows are read.
pub(crate) struct Weighing {
    strata: Vec<Stratum>,
    /// By code, zero where there is none.
    weights: Vec<f64>,
    unlinked: u64,
    levels: Vec<usize>,
}

impl Weighing {
    /// None for a protocol that weighs nothing by linkage.
    pub(crate) fn new(encoder: &Encoder<'_>) -> Option<Self> {
        let (strata, weights, unlinked) = encoder.strata()?;
        Some(Self { strata, weights, unlinked, levels: encoder.level_counts() })
    }
}

impl<'a> Reweigher<'a> {
    pub(crate) fn new(protocol: &'a Protocol, scratch: &Path) -> Result<Self, Vec<Problem>> {
        let asked = protocol.linkage_weights.is_some();
        let spool = asked.then(|| Spool::new(scratch)).transpose();
        let spool = spool.map_err(|error| unwritten(protocol, &error))?;
        Ok(Self { protocol, spool })
    }

    /// Keeps the rows of the batch that was encoded last.
    pub(crate) fn push(
        &mut self,
        batch: &Batch,
        encoder: &Encoder<'_>,
    ) -> Result<(), Vec<Problem>> {
        let Some((spool, codes)) = self.spool.as_mut().zip(encoder.weight_codes()) else {
            return Ok(());
        };
        spool.push(batch, codes).map_err(|error| unwritten(self.protocol, &error))
    }

    /// Sums all rows with their weights.
    pub(crate) fn finish(
        self,
        weighing: Option<Weighing>,
        names: &Dictionaries,
    ) -> Result<Option<Reweighted>, Vec<Problem>> {
        let Some((spool, weighing)) = self.spool.zip(weighing) else {
            return Ok(None);
        };
        let Weighing { strata, weights, unlinked, levels } = weighing;
        let weighting = Weighting::Analytic;
        let mut builder = GramBuilder::new(Shape { weighting, ..shape(self.protocol) });
        let summed = spool.each(|mut batch, codes| {
            let weight = |&code: &u32| weights.get(code as usize).copied().unwrap_or(0.0);
            if batch.weights.is_empty() {
                batch.weights = codes.iter().map(weight).collect();
            } else {
                batch.weights.iter_mut().zip(&codes).for_each(|(own, code)| *own *= weight(code));
            }
            builder.push(&mut batch, &levels);
        });
        summed.map_err(|error| unwritten(self.protocol, &error))?;
        Ok(Some(Reweighted { grams: builder.finish(names), strata, unlinked }))
    }
}

fn unwritten(protocol: &Protocol, error: &io::Error) -> Vec<Problem> {
    let message = "the rows could not be kept until their weights are known";
    let problem = Problem::error("scratch", message)
        .found(error.to_string())
        .allowed("a folder for temporary files with room for them")
        .hint("free space there, or name another folder in the variable TMPDIR");
    vec![match &protocol.linkage_weights {
        Some(weights) => problem.at(&weights.place),
        None => problem,
    }]
}
