//! Every assignment and every specification on the shape of the founding study.

#[path = "founding/shape.rs"]
mod founding;

use divan::{Bencher, black_box};
use verschil_stats::curve::{Options, curves};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::grams::Grams;
use verschil_stats::permutation::permute;

use founding::{OUTCOMES, TREATED, grams, setting};

fn main() {
    divan::main();
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

/// 230,230 assignments of six regions among 26 for 22 outcomes: one effect with its t, one for each
/// of five years, and one for each of thirteen.
#[divan::bench(args = [Analysis::Pooled, Analysis::PerPeriod, Analysis::EventStudy], sample_count = 10)]
fn every_assignment(bencher: Bencher, analysis: Analysis) {
    let grams = grams();
    let setting = setting(&grams);
    let design = Design::new(&grams, 0, &setting, analysis).expect("a design");
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
