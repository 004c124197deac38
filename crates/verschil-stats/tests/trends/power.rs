//! Bands, the line before the start, and the power of tests.

use verschil_stats::distribution::gaussian;
use verschil_stats::event_study::{EventStudy, Tails};
use verschil_stats::linalg::{Matrix, dot};
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::Rule;
use verschil_stats::trend::bands::{Draws, simultaneous};
use verschil_stats::trend::power::{Pretest, after_passing, linear_violation, slope_for_power};
use verschil_stats::trend::slope::linear_trend;

use crate::{Random, independent, random_study, with_values};

const PERIODS: [i64; 8] = [-5, -4, -3, -2, 0, 2, 3, 4];
const TIMES: (i64, i64) = (-1, 2);
const DRAWS: Draws = Draws { count: 40_000, seed: 3 };

#[test]
fn a_band_lies_between_pointwise_and_bonferroni() {
    let draws = Draws { count: 5000, seed: 3 };
    for seed in 0..8 {
        let study = random_study(seed, &PERIODS, TIMES);
        let all: Vec<usize> = (0..8).collect();
        for tails in [Tails::Normal, Tails::Student] {
            let band = simultaneous(&study, &all, 0.95, tails, draws).expect("exists");
            assert!(band.pointwise < band.critical && band.critical < band.bonferroni, "{band:?}");
            let one = simultaneous(&study, &[2], 0.95, tails, draws).expect("exists");
            assert!((one.critical - one.pointwise).abs() < 1e-12, "{one:?}");
            // more coefficients, wider
            let half = simultaneous(&study, &all[..4], 0.95, tails, draws).expect("exists");
            assert!(half.critical < band.critical);
        }
    }
}

#[test]
fn a_band_of_independent_coefficients_is_sidaks_and_one_of_copies_is_pointwise() {
    let study = independent(&PERIODS, TIMES, 0.2);
    let all: Vec<usize> = (0..8).collect();
    let band = simultaneous(&study, &all, 0.95, Tails::Normal, DRAWS).expect("exists");
    let sidak = gaussian::critical(0.95f64.powf(1.0 / 8.0));
    // three Monte Carlo errors of the coverage, over its density at the critical value
    let density = 8.0 * 0.95f64.powf(7.0 / 8.0) * 2.0 * gaussian::density(sidak);
    assert!((band.critical - sidak).abs() < 3.0 * band.coverage_error / density, "{band:?}");
    let copies = Matrix::from_fn(8, 8, |_, _| 0.04);
    let study = EventStudy::from_parts(&[0.0; 8], &copies, &PERIODS, TIMES, 26).expect("formed");
    let band = simultaneous(&study, &all, 0.95, Tails::Normal, DRAWS).expect("exists");
    assert!((band.critical - band.pointwise).abs() < 0.03, "{band:?}");
}

#[test]
fn the_line_is_least_squares_and_follows_an_added_line() {
    let study = random_study(5, &PERIODS, TIMES);
    let pre = [0, 1, 2, 3, 4];
    let line = linear_trend(&study, &pre, 0.95).expect("exists");
    let x = [-4.0, -3.0, -2.0, -1.0, 1.0];
    let slope = dot(&x, &study.at(&pre)) / 31.0;
    assert!((line.slope - slope).abs() < 1e-12 * slope.abs(), "{line:?} {slope}");
    let covariance = study.covariance_of(&pre, &pre);
    let mut variance = 0.0;
    for (i, a) in x.iter().enumerate() {
        variance += x.iter().enumerate().map(|(j, b)| a * b * covariance[(i, j)]).sum::<f64>();
    }
    assert!((line.std_error - variance.sqrt() / 31.0).abs() < 1e-12 * line.std_error);
    let tilted: Vec<f64> =
        study.values().iter().zip(linear_violation(&study, 0.7)).map(|(v, l)| v + l).collect();
    let moved = linear_trend(&with_values(&study, &tilted, 2), &pre, 0.95).expect("exists");
    assert!((moved.slope - line.slope - 0.7).abs() < 1e-12);
    let alone = EventStudy::from_parts(study.values(), study.covariance(), &PERIODS, TIMES, 1);
    let refused = linear_trend(&alone.expect("formed"), &pre, 0.95);
    assert_eq!(refused, Err(Refusal::TooFewClusters { clusters: 1, tested: 5 }));
}

/// With as few clusters as the founding study has, and the covariance estimated from them.
#[test]
fn the_line_is_found_by_chance_as_often_as_it_should() {
    const CLUSTERS: usize = 26;
    let mut random = Random(8);
    let pre = [0, 1, 2, 3, 4];
    let draws = 3000;
    let found = (0..draws).filter(|_| {
        // each cluster's movements share its own shock, and drift
        let rows: Vec<Vec<f64>> = (0..CLUSTERS)
            .map(|_| {
                let (shared, mut drift) = (random.normal(), 0.0);
                let one = |_| {
                    drift = 0.6 * drift + random.normal();
                    drift + shared
                };
                (0..8).map(one).collect()
            })
            .collect();
        let mean = |j: usize| rows.iter().map(|row| row[j]).sum::<f64>() / CLUSTERS as f64;
        let means: Vec<f64> = (0..8).map(mean).collect();
        let between = |i: usize, j: usize| {
            let apart = |row: &Vec<f64>| (row[i] - means[i]) * (row[j] - means[j]);
            let divisor = (CLUSTERS * (CLUSTERS - 1)) as f64;
            rows.iter().map(apart).sum::<f64>() / divisor
        };
        let covariance = Matrix::from_fn(8, 8, between);
        let study = EventStudy::from_parts(&means, &covariance, &PERIODS, TIMES, CLUSTERS);
        let line = linear_trend(&study.expect("formed"), &pre, 0.95).expect("exists");
        line.p_value < 0.05
    });
    let share = found.count() as f64 / f64::from(draws);
    assert!((share - 0.05).abs() < 0.015, "{share}");
}

#[test]
fn the_rule_of_seven_independent_tests_fails_as_often_as_counted_by_hand() {
    let periods: Vec<i64> = (2008..=2021).filter(|&year| year != 2015).collect();
    let study = independent(&periods, (2015, 2018), 0.1);
    let pre: Vec<usize> = (0..7).collect();
    let rule = Rule { max_significant: 1, alpha: 0.05 };
    let weights = study.average_post();
    let power =
        rule.power(&study, &pre, (&[0.5, 0.8], &weights), Tails::Normal, DRAWS).expect("exists");
    let by_hand = 1.0 - 0.95f64.powi(7) - 7.0 * 0.05 * 0.95f64.powi(6);
    assert!((power.size - by_hand).abs() < 3.5 * power.size_error, "{power:?} {by_hand}");
    let slopes: Vec<_> = power.slopes.iter().map(|s| s.clone().expect("exists")).collect();
    assert!(slopes[0].slope < slopes[1].slope);
    // the mean of 2018-2021 lies 4.5 years from 2015; independent coefficients carry nothing over
    assert!((slopes[1].bias - 4.5 * slopes[1].slope).abs() < 1e-12);
    assert!((slopes[1].bias_after_passing - slopes[1].bias).abs() < 1e-12);
    // at that slope the exact power is a sum over the tests that reject
    let shares: Vec<f64> = (1..=7)
        .map(|years| {
            let shift = slopes[1].slope * f64::from(years) / 0.1;
            let c = gaussian::critical(0.95);
            1.0 - (gaussian::lower(c - shift) - gaussian::lower(-c - shift))
        })
        .collect();
    let none: f64 = shares.iter().map(|s| 1.0 - s).product();
    let one: f64 = shares.iter().map(|s| none / (1.0 - s) * s).sum();
    let error = 4.0 * (0.8f64 * 0.2 / 40_000.0).sqrt();
    assert!((1.0 - none - one - 0.8).abs() < error, "{}", 1.0 - none - one);
}

#[test]
fn a_rule_that_allows_nothing_is_roths_test() {
    for seed in [1, 2] {
        let study = random_study(seed, &PERIODS, TIMES);
        let pre = [0, 1, 2, 3, 4];
        let rule = Rule { max_significant: 0, alpha: 0.05 };
        let weights = study.first_post();
        let power =
            rule.power(&study, &pre, (&[0.5], &weights), Tails::Normal, DRAWS).expect("exists");
        let ours = power.slopes[0].clone().expect("exists");
        let exact = slope_for_power(&study, &pre, Pretest::AnySignificant, (0.05, 0.5), 1);
        let exact = exact.expect("exists");
        assert!((ours.slope / exact - 1.0).abs() < 0.02, "{ours:?} {exact}");
        let violation = linear_violation(&study, ours.slope);
        let passing = after_passing(&study, &pre, &violation, 0.05, 1).expect("exists");
        assert!((passing.power - 0.5).abs() < 4.0 * (0.25f64 / 40_000.0).sqrt(), "{passing:?}");
        assert!((power.size - passing.size).abs() < 4.0 * power.size_error, "{passing:?}");
        assert!(passing.error < 1e-3, "{passing:?}");
        // Monte Carlo error of a mean over the half of the draws that pass
        let error = 4.0 * study.std_errors()[5] / 20_000.0f64.sqrt();
        assert!((ours.bias_after_passing - passing.mean[5]).abs() < error, "{ours:?} {passing:?}");
        assert!(
            (passing.bayes_factor - (1.0 - passing.power) / (1.0 - passing.size)).abs() < 1e-12
        );
    }
}

#[test]
fn with_one_coefficient_the_joint_and_the_single_test_are_one() {
    let study = random_study(9, &PERIODS, TIMES);
    let slope = |test| slope_for_power(&study, &[1], test, (0.05, 0.8), 1).expect("exists");
    let (single, joint) = (slope(Pretest::AnySignificant), slope(Pretest::Joint(Tails::Normal)));
    assert!((single / joint - 1.0).abs() < 1e-7, "{single} {joint}");
    // with an estimated variance more is needed
    assert!(slope(Pretest::Joint(Tails::Student)) > joint);
    let refused = slope_for_power(&study, &[1], Pretest::AnySignificant, (0.05, 0.04), 1);
    assert!(matches!(refused, Err(Refusal::NotDefined { .. })), "{refused:?}");
    let no_test = slope_for_power(&study, &[], Pretest::AnySignificant, (0.05, 0.5), 1);
    assert!(matches!(no_test, Err(Refusal::NotDefined { .. })), "{no_test:?}");
}

#[test]
fn a_rule_that_cannot_fail_and_a_study_that_is_not_one_are_refused() {
    let study = random_study(4, &PERIODS, TIMES);
    let rule = Rule { max_significant: 5, alpha: 0.05 };
    let weights = study.first_post();
    let power = rule.power(&study, &[0, 1], (&[0.5], &weights), Tails::Normal, DRAWS);
    assert!(matches!(power, Err(Refusal::NotDefined { .. })));
    let formed = |values: &[f64], periods: &[i64], times| {
        EventStudy::from_parts(values, study.covariance(), periods, times, 26)
    };
    let values = study.values();
    assert!(formed(values, &PERIODS[..7], TIMES).is_err());
    assert!(formed(values, &[-5, -5, -3, -2, 0, 2, 3, 4], TIMES).is_err());
    assert!(formed(values, &PERIODS, (0, 2)).is_err());
    assert!(formed(values, &PERIODS, (5, 2)).is_err());
    assert!(formed(&[f64::NAN; 8], &PERIODS, TIMES).is_err());
    assert!(formed(values, &PERIODS, (i64::MIN, 2)).is_err());
    assert!(study.check_weights(&[1.0]).is_err() && study.check_weights(&[0.0; 3]).is_err());
}
