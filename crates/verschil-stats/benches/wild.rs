//! The wild bootstrap on the shape of the founding study: 26 regions, 6 treated, 22 outcomes.

use divan::{Bencher, black_box};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::fit::Fit;
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::multiplicity::{Hypothesis, romano_wolf};
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap, wild_bootstraps};

const REGIONS: u32 = 26;
const TREATED: usize = 6;
const PERIODS: u32 = 14;
const START: usize = 9;
const OUTCOMES: u32 = 22;

fn main() {
    divan::main();
}

/// Numbers without a pattern, in -0.5 to 0.5.
fn noise(seed: u32, at: u32) -> f64 {
    let mut z = u64::from(seed) << 32 | u64::from(at);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX) - 0.5
}

/// Four covariates of five levels, some forty rows in a region and period.
fn grams() -> Grams {
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
                batch.codes.extend((0..4).map(level));
                let shock = |k| 2.0 * noise(1000 + k, region * PERIODS + period);
                let outcomes: Vec<f64> = (0..OUTCOMES).map(|k| noise(k, row) + shock(k)).collect();
                batch.push_outcomes(&shape, &outcomes);
                row += 1;
            }
        }
    }
    let mut builder = GramBuilder::new(shape);
    builder.push(batch, &[5; 4]);
    builder.finish(&names)
}

fn fits(analyses: &[Analysis]) -> Vec<Fit> {
    let grams = grams();
    let setting = Setting {
        treated: (0..TREATED).collect(),
        controls: (TREATED..REGIONS as usize).collect(),
        pre: (0..START).collect(),
        post: (START..PERIODS as usize).collect(),
        reference: START - 1,
        references: (0..grams.columns.len())
            .filter(|&c| grams.columns[c].level.as_deref() == Some("level 0"))
            .collect(),
    };
    let fit = |&analysis| Design::new(&grams, 0, &setting, analysis).map(|design| design.fit());
    analyses.iter().map(fit).collect::<Result<_, _>>().expect("a design")
}

fn wild(residuals: Residuals, count: usize) -> Wild {
    Wild { null: Null::Imposed, residuals, draws: Draws::Rademacher, count, seed: 1 }
}

/// 99,999 draws for 22 outcomes, p-values and intervals; draws are made anew each time.
#[divan::bench(sample_count = 10)]
fn all_outcomes(bencher: Bencher) {
    bencher.with_inputs(|| fits(&[Analysis::Pooled])).bench_values(|fits| {
        wild_bootstraps(black_box(&fits[0]), 0, &wild(Residuals::Fitted, 99_999), 0.95)
    });
}

/// All 2^26 sign vectors for one outcome, p-value and interval.
#[divan::bench(sample_count = 3)]
fn every_sign_vector(bencher: Bencher) {
    let fits = fits(&[Analysis::Pooled]);
    bencher.bench(|| {
        wild_bootstrap(black_box(&fits[0]), 0, 0, &wild(Residuals::Fitted, 1 << 26), 0.95)
    });
}

/// Pooled, per period and event study of 22 outcomes, 9,999 draws, WCR and WCR-S.
#[divan::bench(sample_count = 3)]
fn every_effect(bencher: Bencher) {
    let analyses = [Analysis::Pooled, Analysis::PerPeriod, Analysis::EventStudy];
    bencher.with_inputs(|| fits(&analyses)).bench_values(|fits| {
        for fit in &fits {
            for term in 0..fit.normal.terms.len() {
                for residuals in [Residuals::Fitted, Residuals::Jackknifed] {
                    black_box(wild_bootstraps(fit, term, &wild(residuals, 9_999), 0.95));
                }
            }
        }
    });
}

/// Romano-Wolf over 22 outcomes, 99,999 draws.
#[divan::bench(sample_count = 10)]
fn step_down(bencher: Bencher) {
    let fits = fits(&[Analysis::Pooled]);
    let family: Vec<Hypothesis> =
        (0..OUTCOMES as usize).map(|at| Hypothesis { fit: &fits[0], term: 0, at }).collect();
    bencher.bench(|| romano_wolf(black_box(&family), &wild(Residuals::Fitted, 99_999)));
}
