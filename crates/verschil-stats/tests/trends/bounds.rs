//! Equivalence: what a smallest bound means.

use verschil_stats::distribution::gaussian;
use verschil_stats::event_study::{EventStudy, Tails};
use verschil_stats::linalg::dot;
use verschil_stats::trend::equivalence::{smallest_bounds, tost_p};

use crate::{Random, random_study, with_values};

const PERIODS: [i64; 6] = [-5, -4, -3, -2, 0, 1];
const PRE: [usize; 4] = [0, 1, 2, 3];

fn study(seed: u64) -> EventStudy {
    random_study(seed, &PERIODS, (-1, 0))
}

#[test]
fn at_its_smallest_bound_a_test_is_on_the_edge() {
    for seed in 0..6 {
        let study = study(seed);
        for tails in [Tails::Normal, Tails::Student] {
            let found = smallest_bounds(&study, &PRE, 0.05, tails).expect("exists");
            for (&j, &bound) in PRE.iter().zip(&found.each) {
                assert!((tost_p(&study, j, bound, tails) - 0.05).abs() < 1e-9);
                assert!(tost_p(&study, j, 1.1 * bound, tails) < 0.05);
            }
            let worst = found.each.iter().fold(0.0, |most: f64, b| most.max(*b));
            // the folded test is never weaker than two one-sided ones
            assert!(found.maximum <= worst && found.maximum > 0.5 * worst, "{found:?}");
        }
        // the folded normal at the bound: its 5% quantile is the observed mean
        let found = smallest_bounds(&study, &PRE, 0.05, Tails::Normal).expect("exists");
        let covariance = study.covariance_of(&PRE, &PRE);
        let total: f64 =
            (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).map(|at| covariance[at]).sum();
        let (s, d) = (total.sqrt() / 4.0, study.at(&PRE).iter().sum::<f64>().abs() / 4.0);
        let within = |b: f64| gaussian::lower((d - b) / s) - gaussian::lower((-d - b) / s);
        assert!(found.mean == 0.0 || (within(found.mean) - 0.05).abs() < 1e-9, "{found:?}");
        assert!(found.mean > 0.0 || within(0.0) <= 0.05);
    }
}

#[test]
fn bounds_follow_the_unit_and_forget_the_sign() {
    let study = study(11);
    let first = smallest_bounds(&study, &PRE, 0.05, Tails::Student).expect("exists");
    let mirrored: Vec<f64> = study.values().iter().map(|v| -v).collect();
    let mirror = with_values(&study, &mirrored, 0);
    assert_eq!(smallest_bounds(&mirror, &PRE, 0.05, Tails::Student).expect("exists"), first);
    let covariance =
        verschil_stats::linalg::Matrix::from_fn(6, 6, |i, j| 100.0 * study.covariance()[(i, j)]);
    let values: Vec<f64> = study.values().iter().map(|v| 10.0 * v).collect();
    let scaled = EventStudy::from_parts(&values, &covariance, &PERIODS, (-1, 0), 26);
    let scaled = smallest_bounds(&scaled.expect("formed"), &PRE, 0.05, Tails::Student);
    let scaled = scaled.expect("exists");
    for (a, b) in [
        (first.maximum, scaled.maximum),
        (first.mean, scaled.mean),
        (first.root_mean_square, scaled.root_mean_square),
        (first.each[2], scaled.each[2]),
    ] {
        assert!((10.0 * a - b).abs() < 1e-12 * b, "{a} {b}");
    }
    assert!(smallest_bounds(&study, &[], 0.05, Tails::Student).is_err());
    assert!(smallest_bounds(&study, &PRE, 0.5, Tails::Student).is_err());
}

/// On the border of each hypothesis equivalence is claimed for at most 5% of the samples.
#[test]
fn equivalence_is_not_claimed_too_often() {
    let (samples, alpha) = (4000, 0.05);
    let mut random = Random(77);
    let base = study(3);
    let root = verschil_stats::factor::Root::new(base.covariance());
    for truth in
        [[0.5, 0.5, 0.5, 0.5], [0.5, 0.0, 0.0, 0.0], [0.0, -0.5, 0.0, 0.5], [0.1, 0.2, -0.3, 0.5]]
    {
        let length = dot(&truth, &truth).sqrt() / 2.0;
        let mean = truth.iter().sum::<f64>().abs() / 4.0;
        let (mut maximum, mut average, mut square) = (0, 0, 0);
        for _ in 0..samples {
            let z: Vec<f64> = (0..6).map(|_| random.normal()).collect();
            let mut values = root.times(&z);
            values.iter_mut().zip(truth).for_each(|(v, t)| *v += t);
            let study = with_values(&base, &values, 0);
            let found = smallest_bounds(&study, &PRE, alpha, Tails::Normal).expect("exists");
            maximum += u32::from(found.maximum <= 0.5);
            average += u32::from(found.mean <= mean && mean > 0.0);
            square += u32::from(found.root_mean_square <= length);
        }
        let most = f64::from(samples)
            * (alpha + 3.5 * (alpha * (1.0 - alpha) / f64::from(samples)).sqrt());
        for (what, claimed) in [("maximum", maximum), ("mean", average), ("square", square)] {
            assert!(f64::from(claimed) <= most, "{what} {truth:?}: {claimed} of {samples}");
        }
        // the mean's test uses its whole level
        assert!(mean == 0.0 || f64::from(average) > 0.6 * alpha * f64::from(samples), "{average}");
    }
}

/// EquiTrends 1.0.0 prints these smallest bounds at 10% beside estimates and standard errors, all
/// with four digits; a rounding of its inputs moves a bound by at most 1e-4, and its search of the
/// bound that is zero stops short of it.
#[test]
fn smallest_bounds_of_the_largest_difference_are_the_printed_ones() {
    let printed = [(0.1151, 0.2721), (0.1367, 0.2940), (0.2324, 0.3899), (0.0120, 0.0)];
    for (estimate, bound) in printed {
        let covariance = verschil_stats::linalg::Matrix::from_fn(1, 1, |_, _| 0.1229 * 0.1229);
        let study = EventStudy::from_parts(&[estimate], &covariance, &[-2], (-1, 0), 500);
        let study = study.expect("formed");
        let ours = smallest_bounds(&study, &[0], 0.1, Tails::Normal).expect("exists").maximum;
        assert!((ours - bound).abs() < 1.5e-4, "{ours} for {bound}");
    }
}
