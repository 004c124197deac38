//! Every assignment and every specification on the shape of the founding study.

use divan::{Bencher, black_box};
use verschil_stats::curve::{Options, curves};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::permutation::permute;

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

/// The main design: all controls, all periods, all covariates.
fn setting(grams: &Grams) -> Setting {
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

/// 25 control groups, 25 stretches of time and 16 sets of covariates: 10,000 specifications.
fn settings(grams: &Grams) -> Vec<Setting> {
    let main = setting(grams);
    let mut all = Vec::new();
    for left_out in 0..25 {
        for stretch in 0..25 {
            for sets in 0..16_u32 {
                let mut one = main.clone();
                // twenty leave out one control, five leave out two
                let second = (left_out >= 20).then_some(TREATED + 10);
                one.controls.retain(|&c| c != TREATED + left_out % 20 && Some(c) != second);
                one.pre.retain(|&t| t >= stretch % 5);
                one.post.truncate(5 - stretch / 5);
                // a covariate that is left out has none of its levels in the model
                one.references = (0..grams.columns.len())
                    .filter(|&c| {
                        let column = &grams.columns[c];
                        sets >> column.covariate & 1 == 0
                            || column.level.as_deref() == Some("level 0")
                    })
                    .collect();
                all.push(one);
            }
        }
    }
    all
}

/// 230,230 assignments of six regions among 26, coefficient and t, for 22 outcomes.
#[divan::bench(sample_count = 10)]
fn every_assignment(bencher: Bencher) {
    let grams = grams();
    let setting = setting(&grams);
    let design = Design::new(&grams, 0, &setting, Analysis::Pooled).expect("a design");
    let exchange = design.exchange(0, 1_000_000, 1).expect("exchangeable");
    bencher.bench_local(|| {
        let found = permute(black_box(&exchange), 0.95).expect("enumerated");
        assert_eq!((found[0].len(), found[0][0].assignments), (OUTCOMES as usize, 230_230));
        found
    });
}

/// 10,000 specifications of 22 outcomes with jackknife standard errors, without the test.
#[divan::bench(sample_count = 1)]
fn ten_thousand_specifications(bencher: Bencher) {
    let grams = grams();
    let settings = settings(&grams);
    assert_eq!(settings.len(), 10_000);
    let options = Options { level: 0.95, permutations: 0, seed: 1 };
    bencher.bench_local(|| curves(black_box(&grams), 0, &settings, &options));
}

/// 1,000 of them with 499 draws of the treated regions.
#[divan::bench(sample_count = 1)]
fn a_thousand_with_the_test(bencher: Bencher) {
    let grams = grams();
    let settings: Vec<Setting> = settings(&grams).into_iter().step_by(10).collect();
    let options = Options { level: 0.95, permutations: 499, seed: 1 };
    bencher.bench_local(|| curves(black_box(&grams), 0, &settings, &options));
}
