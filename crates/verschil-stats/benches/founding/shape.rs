//! Rows of the shape of the founding study: 26 regions, 6 treated, 14 years, 22 outcomes.

use verschil_stats::did::Setting;
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};

const REGIONS: u32 = 26;
pub(crate) const TREATED: usize = 6;
const PERIODS: u32 = 14;
const START: usize = 9;
pub(crate) const OUTCOMES: u32 = 22;

/// Numbers without a pattern, in -0.5 to 0.5.
fn noise(seed: u32, at: u32) -> f64 {
    let mut z = u64::from(seed) << 32 | u64::from(at);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX) - 0.5
}

/// Four covariates of five levels, some forty rows in a region and period.
pub(crate) fn grams() -> Grams {
    let shape = Shape {
        categorical: vec![true; 4],
        binary: vec![false; OUTCOMES as usize],
        weighting: Weighting::None,
    };
    let levels = || (0..5).map(|level| format!("level {level}")).collect();
    let names = Dictionaries {
        regions: (0..REGIONS).map(|r| format!("r{r:02}")).collect(),
        clusters: (0..REGIONS).map(|r| format!("r{r:02}")).collect(),
        periods: (0..PERIODS).map(|t| 2008 + i64::from(t)).collect(),
        levels: vec![levels(), levels(), levels(), levels()],
    };
    let mut batch = Batch::default();
    let mut row = 0;
    for region in 0..REGIONS {
        for period in 0..PERIODS {
            for _ in 0..20 + 3 * (region % 14) {
                batch.region.push(region);
                batch.period.push(period);
                let level = |c: u32| (row / (1 + c) + region * period + c) % 5;
                batch.push_codes(&[0, 1, 2, 3].map(level));
                let shock = |k| 2.0 * noise(1000 + k, region * PERIODS + period);
                let outcomes: Vec<f64> = (0..OUTCOMES).map(|k| noise(k, row) + shock(k)).collect();
                batch.push_outcomes(&shape, &outcomes);
                row += 1;
            }
        }
    }
    let mut builder = GramBuilder::new(shape);
    builder.push(&mut batch, &[5; 4]);
    builder.finish(&names)
}

/// The main design: all controls, all periods, all covariates.
pub(crate) fn setting(grams: &Grams) -> Setting {
    Setting {
        treated: (0..TREATED).collect(),
        controls: (TREATED..REGIONS as usize).collect(),
        pre: (0..START).collect(),
        post: (START..PERIODS as usize).collect(),
        reference: START - 1,
        references: (0..grams.columns.len())
            .filter(|&c| grams.columns[c].level.as_deref() == Some("level 0"))
            .collect(),
    }
}
