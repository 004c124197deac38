//! Checks of trends on the founding study's shape: 13 coefficients, 26 clusters, 22 outcomes.

use rayon::prelude::*;
use verschil_stats::event_study::{EventStudy, Tails};
use verschil_stats::honest::{
    Method, Options, relative_breakdown, relative_magnitudes, smoothness, smoothness_breakdown,
};
use verschil_stats::linalg::Matrix;
use verschil_stats::trend::Rule;
use verschil_stats::trend::bands::{Draws, simultaneous};
use verschil_stats::trend::power::{Pretest, slope_for_power};

const OUTCOMES: u32 = 22;
const RELATIVE: [f64; 5] = [0.5, 0.75, 1.0, 1.5, 2.0];
const KINKS: [f64; 6] = [0.0, 0.01, 0.02, 0.03, 0.04, 0.05];
const DRAWS: Draws = Draws { count: 10_000, seed: 1 };
const OPTIONS: Options = Options { level: 0.95, method: Method::Hybrid, draws: DRAWS };

fn main() {
    divan::main();
}

/// 2008-2021 against 2015, treatment from 2018: shocks that fade, seen against the reference.
fn study(outcome: u32) -> EventStudy {
    let periods: Vec<i64> = (2008..=2021).filter(|&year| year != 2015).collect();
    let fade = 0.3 + 0.02 * f64::from(outcome);
    let shared = |a: i64, b: i64| {
        let apart = i32::try_from((a - b).abs()).expect("years");
        0.02 * 0.02 * fade.powi(apart)
    };
    let covariance = Matrix::from_fn(13, 13, |i, j| {
        let (a, b) = (periods[i], periods[j]);
        shared(a, b) - shared(a, 2015) - shared(2015, b) + shared(2015, 2015)
    });
    let value = |&year: &i64| {
        let wave = (f64::from(outcome) + f64::from(i32::try_from(year).expect("year"))).sin();
        0.02 * wave - if year >= 2018 { 0.06 } else { 0.0 }
    };
    let values: Vec<f64> = periods.iter().map(value).collect();
    EventStudy::from_parts(&values, &covariance, &periods, (2015, 2018), 26).expect("well formed")
}

fn all<T: Send>(each: impl Fn(EventStudy) -> T + Sync) -> Vec<T> {
    (0..OUTCOMES).into_par_iter().map(|outcome| each(study(outcome))).collect()
}

/// Five relative magnitudes and six bounds on kinks for the mean effect of every outcome.
#[divan::bench(sample_count = 3)]
fn sensitivity() -> usize {
    let done = all(|study| {
        let weights = study.average_post();
        let relative = relative_magnitudes(&study, &weights, &RELATIVE, &OPTIONS).expect("exists");
        let smooth = smoothness(&study, &weights, &KINKS, 0.95).expect("exists");
        relative.len() + smooth.len()
    });
    done.iter().sum()
}

/// Both breakdown values of every outcome.
#[divan::bench(sample_count = 3)]
fn breakdowns() -> usize {
    let done = all(|study| {
        let weights = study.average_post();
        let relative = relative_breakdown(&study, &weights, &OPTIONS).expect("exists");
        (relative, smoothness_breakdown(&study, &weights, 0.95).expect("exists"))
    });
    done.len()
}

/// Band, the rule's own power, and the power of a single test, for every outcome.
#[divan::bench(sample_count = 3)]
fn power() -> f64 {
    let done = all(|study| {
        let pre: Vec<usize> = (0..7).collect();
        let everything: Vec<usize> = (0..13).collect();
        let band = simultaneous(&study, &everything, 0.95, Tails::Student, DRAWS).expect("exists");
        let rule = Rule { max_significant: 1, alpha: 0.05 };
        let weights = study.average_post();
        let targets = (&[0.5, 0.8][..], &weights[..]);
        let rule = rule.power(&study, &pre, targets, Tails::Student, DRAWS).expect("exists");
        let slope = slope_for_power(&study, &pre, Pretest::AnySignificant, (0.05, 0.8), 1);
        band.critical + rule.size + slope.expect("exists")
    });
    done.iter().sum()
}
