//! How the answer was put to the test: what stands beside the estimates of the protocol's design.

mod curve;
mod many;
mod trends;

use verschil_stats::cells::Cells;
use verschil_stats::grams::Grams;
use verschil_stats::inference::Options;
use verschil_study::Protocol;
use verschil_study::results::{
    AdjustedRow, BandRow, CurveRow, EstimateRow, HonestRow, PowerRow, SpecificationRow,
    TrendPowerRow,
};

use crate::layout::Layout;

/// Everything that the tests found.
#[derive(Debug, Clone, Default)]
pub struct Tests {
    /// p-values among the others of their domain.
    pub adjusted: Vec<AdjustedRow>,
    /// What the study could have found.
    pub power: Vec<PowerRow>,
    /// What the checks of trends can see.
    pub trend_power: Vec<TrendPowerRow>,
    /// Simultaneous bands of the event studies.
    pub bands: Vec<BandRow>,
    /// Bounds for trends that are not quite parallel.
    pub honest: Vec<HonestRow>,
    /// Every combination of defensible choices.
    pub specifications: Vec<SpecificationRow>,
    /// What these say together.
    pub curves: Vec<CurveRow>,
}

impl Tests {
    /// Puts the estimates to the test.
    #[must_use]
    pub fn new(
        protocol: &Protocol,
        (grams, cells): (&Grams, Option<&Cells>),
        layout: &Layout,
        options: &Options,
        rows: &[EstimateRow],
    ) -> Self {
        let (specifications, curves) =
            curve::curves(protocol, (grams, cells), layout, options.seed);
        let trends = trends::trends(protocol, grams, layout, options);
        Self {
            trend_power: trends.power,
            bands: trends.bands,
            honest: trends.honest,
            adjusted: many::adjusted(protocol, grams, layout, options, rows),
            power: many::power(protocol, rows),
            specifications,
            curves,
        }
    }
}
