//! The wild bootstrap on the shape of the founding study: 26 regions, 6 treated, 22 outcomes.

#[path = "founding/shape.rs"]
mod founding;

use divan::{Bencher, black_box};
use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::multiplicity::{Hypothesis, romano_wolf};
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap, wild_bootstraps};

use founding::{OUTCOMES, grams, setting};

fn main() {
    divan::main();
}

fn fits(analyses: &[Analysis]) -> Vec<Fit> {
    let grams = grams();
    let setting = setting(&grams);
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
