//! Intervals under violations of parallel trends: twins on the calendar, and laws.

use verschil_stats::distribution::gaussian::folded_critical;
use verschil_stats::event_study::EventStudy;
use verschil_stats::honest::{
    Breakdown, Method, Options, parallel, relative_breakdown, relative_magnitudes, smoothness,
    smoothness_breakdown, smoothness_moments,
};
use verschil_stats::linalg::{Matrix, dot, multiply};
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::bands::Draws;

use crate::{Random, independent, random_study, with_values};

const OPTIONS: Options =
    Options { level: 0.95, method: Method::Hybrid, draws: Draws { count: 2000, seed: 2 } };
const CONDITIONAL: Options = Options { method: Method::Conditional, ..OPTIONS };
/// A reference within the periods before the start, a transition period and a missing year.
const UNEVEN: [i64; 8] = [2009, 2010, 2012, 2014, 2015, 2018, 2019, 2020];
const EVEN: [i64; 6] = [-4, -3, -2, 0, 1, 2];

/// Worst bias of an estimator: every kink's path summed up period by period from the reference.
fn slow_bias(study: &EventStudy, weights: &[f64], target: &[f64]) -> f64 {
    let first = study.periods()[0].min(study.reference());
    let last = study.periods()[study.periods().len() - 1];
    let bias_of = |path: &dyn Fn(i64) -> f64| -> f64 {
        let each = study.periods().iter().zip(weights.iter().zip(target));
        each.map(|(&t, (w, _))| w * path(t)).sum()
    };
    let mut total = 0.0;
    for kink in first + 1..last {
        // a path whose slope changes by one at `kink` only, zero at the reference
        let path = |t: i64| {
            let (mut level, mut slope) = (0.0, 0.0);
            let mut at = study.reference();
            while at < t {
                if at == kink {
                    slope += 1.0;
                }
                level += slope;
                at += 1;
            }
            while at > t {
                if at == kink && kink < study.reference() {
                    slope -= 1.0;
                }
                level -= slope;
                at -= 1;
            }
            level
        };
        total += bias_of(&path).abs();
    }
    total
}

#[test]
fn the_fixed_length_interval_is_the_shortest_of_its_neighbours() {
    let mut random = Random(8);
    for (seed, periods, times) in
        [(1, &UNEVEN[..], (2013, 2018)), (2, &EVEN[..], (-1, 0)), (3, &UNEVEN[..], (2016, 2018))]
    {
        let study = random_study(seed, periods, times);
        let weights = study.average_post();
        let mut target = vec![0.0; periods.len()];
        target[study.post()].copy_from_slice(&weights);
        for bound in [0.0, 0.02, 0.1, 1.0] {
            let ours = smoothness(&study, &weights, &[bound], 0.95).expect("exists").remove(0);
            let straight = dot(&ours.weights, study.distances());
            assert!(straight.abs() < 1e-9, "a linear trend biases: {straight}");
            let length = |w: &[f64]| {
                let s = dot(w, &multiply(study.covariance(), w)).sqrt();
                s * folded_critical(0.95, bound * slow_bias(&study, w, &target) / s)
            };
            let reach = ours.interval.1 - ours.estimate;
            assert!((length(&ours.weights) / reach - 1.0).abs() < 1e-9, "{bound}");
            let pre: Vec<usize> = study.pre().collect();
            for size in [1e-1, 1e-2, 1e-4] {
                for _ in 0..100 {
                    let mut moved = ours.weights.clone();
                    for &j in &pre {
                        moved[j] += size * random.normal();
                    }
                    // back to where a linear trend does not bias
                    let off = dot(&moved, study.distances());
                    let x: Vec<f64> = pre.iter().map(|&j| study.distances()[j]).collect();
                    let norm = dot(&x, &x);
                    for (&j, x) in pre.iter().zip(&x) {
                        moved[j] -= off * x / norm;
                    }
                    assert!(length(&moved) >= reach * (1.0 - 1e-9), "{bound} {size}");
                }
            }
        }
    }
}

/// With next to no error the intervals are the identified sets, which the calendar gives by hand.
#[test]
fn gaps_count_as_long_as_they_are() {
    // -3, -2, the reference -1, nothing at 0, the start at 1
    let exact = independent(&[-3, -2, 1], (-1, 1), 1e-6);
    let study = with_values(&exact, &[0.3, 0.1, 2.0], 1);
    for options in [OPTIONS, CONDITIONAL] {
        let ours = relative_magnitudes(&study, &[1.0], &[1.0, 2.0], &options).expect("exists");
        for (ours, mbar) in ours.iter().zip([1.0, 2.0]) {
            // steps before: -0.2 and -0.1; two periods to the first after
            let (low, high) = ours.interval.expect("not empty");
            assert!((low - (2.0 - mbar * 0.4)).abs() < 1e-4, "{low}");
            assert!((high - (2.0 + mbar * 0.4)).abs() < 1e-4, "{high}");
        }
        // slope -0.1 into the reference; two kinks on the way: -0.2 +- 3 M
        let ours = smoothness_moments(&study, &[1.0], &[0.2], &options).expect("exists");
        let (low, high) = ours[0].interval.expect("not empty");
        assert!(
            (low - (2.2 - 0.6)).abs() < 1e-4 && (high - (2.2 + 0.6)).abs() < 1e-4,
            "{low} {high}"
        );
    }
    // the reference within the periods before: from -1 (0.1) to 1 in two periods
    let exact = independent(&[-3, -1, 1], (-2, 1), 1e-6);
    let study = with_values(&exact, &[0.3, 0.1, 2.0], 1);
    let ours = relative_magnitudes(&study, &[1.0], &[1.0], &OPTIONS).expect("exists");
    let (low, high) = ours[0].interval.expect("not empty");
    assert!((low - (1.9 - 0.6)).abs() < 1e-4 && (high - (1.9 + 0.6)).abs() < 1e-4, "{low} {high}");
}

#[test]
fn intervals_follow_unit_sign_and_calendar() {
    let study = random_study(21, &EVEN, (-1, 0));
    let weights = study.average_post();
    let bounds = [0.0, 0.5, 1.0];
    let mirror = with_values(&study, &study.values().iter().map(|v| -v).collect::<Vec<_>>(), 0);
    let later: Vec<i64> = EVEN.iter().map(|t| t + 2000).collect();
    let moved =
        EventStudy::from_parts(study.values(), study.covariance(), &later, (1999, 2000), 26)
            .expect("formed");
    for (one, two, three) in [
        {
            let run = |s: &EventStudy| relative_magnitudes(s, &weights, &bounds, &CONDITIONAL);
            (run(&study), run(&mirror), run(&moved))
        },
        {
            let run = |s: &EventStudy| smoothness_moments(s, &weights, &bounds, &CONDITIONAL);
            (run(&study), run(&mirror), run(&moved))
        },
    ] {
        let (one, two, three) =
            (one.expect("exists"), two.expect("exists"), three.expect("exists"));
        assert_eq!(one, three, "only distances count");
        for (a, b) in one.iter().zip(&two) {
            let ((l, h), (ml, mh)) = (a.interval.expect("set"), b.interval.expect("set"));
            assert!((l + mh).abs() < 1e-8 && (h + ml).abs() < 1e-8, "{a:?} {b:?}");
        }
        for pair in one.windows(2) {
            let (a, b) = (pair[0].interval.expect("set"), pair[1].interval.expect("set"));
            assert!(
                b.0 <= a.0 + 1e-9 && b.1 >= a.1 - 1e-9,
                "a larger bound, a wider set: {pair:?}"
            );
        }
    }
    // under smoothness an added straight line changes nothing
    let tilted: Vec<f64> =
        study.values().iter().zip(study.distances()).map(|(v, x)| v + 3.0 * x).collect();
    let one = smoothness(&study, &weights, &bounds, 0.95).expect("exists");
    let two =
        smoothness(&with_values(&study, &tilted, 0), &weights, &bounds, 0.95).expect("exists");
    for (a, b) in one.iter().zip(&two) {
        assert!((a.interval.0 - b.interval.0).abs() < 1e-8, "{a:?} {b:?}");
    }
}

#[test]
fn the_breakdown_value_is_where_the_interval_meets_zero() {
    let noise = random_study(31, &EVEN, (-1, 0));
    let values = [0.05, -0.04, 0.02, 0.9, 1.0, 1.1];
    let covariance = Matrix::from_fn(6, 6, |i, j| 0.05 * noise.covariance()[(i, j)]);
    let study = EventStudy::from_parts(&values, &covariance, &EVEN, (-1, 0), 26).expect("formed");
    let weights = study.first_post();
    let Breakdown::At(mbar) = relative_breakdown(&study, &weights, &CONDITIONAL).expect("exists")
    else {
        panic!("no breakdown value")
    };
    let holds = |bound: f64| {
        let set = relative_magnitudes(&study, &weights, &[bound], &CONDITIONAL).expect("exists");
        let (low, high) = set[0].interval.expect("set");
        low <= 0.0 && high >= 0.0
    };
    assert!(mbar > 0.1 && !holds(0.99 * mbar) && holds(1.01 * mbar), "{mbar}");
    let Breakdown::At(m) = smoothness_breakdown(&study, &weights, 0.95).expect("exists") else {
        panic!("no breakdown value")
    };
    let low =
        |bound: f64| smoothness(&study, &weights, &[bound], 0.95).expect("exists")[0].interval.0;
    assert!(low(0.999 * m) > 0.0 && low(1.001 * m) <= 0.0, "{m}");
    let nothing = with_values(&study, &[0.05, -0.04, 0.02, 0.0, 0.0, 0.0], 0);
    let found = relative_breakdown(&nothing, &weights, &CONDITIONAL).expect("exists");
    assert_eq!(found, Breakdown::At(0.0));
}

/// The truth is kept in at least 95% of samples though trends are not parallel.
#[test]
fn the_truth_is_covered_under_a_violation_within_the_bound() {
    let samples = 300;
    let base = random_study(41, &[-3, -2, 0], (-1, 0));
    let root = verschil_stats::factor::Root::new(base.covariance());
    let mut random = Random(5);
    // steps of 0.3 before, and of 0.3 from the start: just within Mbar = 1; no effect
    let truth = [0.0, -0.3, 0.3];
    let (mut hybrid, mut smooth) = (0, 0);
    for _ in 0..samples {
        let z: Vec<f64> = (0..3).map(|_| random.normal()).collect();
        let mut values = root.times(&z);
        values.iter_mut().zip(truth).for_each(|(v, t)| *v += t);
        let study = with_values(&base, &values, 0);
        let set = relative_magnitudes(&study, &[1.0], &[1.0], &OPTIONS).expect("exists");
        hybrid += u32::from(set[0].interval.is_some_and(|(l, h)| l <= 0.0 && h >= 0.0));
        // kinks: 0.6 at -2, none at -1
        let (low, high) = smoothness(&study, &[1.0], &[0.6], 0.95).expect("exists")[0].interval;
        smooth += u32::from(low <= 0.0 && high >= 0.0);
    }
    let fewest = f64::from(samples) * (0.95 - 3.0 * (0.95f64 * 0.05 / f64::from(samples)).sqrt());
    assert!(f64::from(hybrid) >= fewest && f64::from(smooth) >= fewest, "{hybrid} {smooth}");
}

#[test]
fn threads_do_not_change_a_bit() {
    let study = random_study(51, &EVEN, (-1, 0));
    let weights = study.average_post();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
        pool.install(|| relative_magnitudes(&study, &weights, &[0.5, 1.0, 2.0], &OPTIONS))
    };
    assert_eq!(run(1).expect("exists"), run(3).expect("exists"));
}

#[test]
fn what_the_data_cannot_bear_is_refused() {
    let study = random_study(61, &EVEN, (-1, 0));
    let weights = study.average_post();
    let refuses = |study: &EventStudy, weights: &[f64], bound: f64| {
        let relative = relative_magnitudes(study, weights, &[bound], &OPTIONS).map(|_| ());
        let smooth = smoothness(study, weights, &[bound], 0.95).map(|_| ());
        [relative, smooth]
    };
    for refused in refuses(&study, &weights, -1.0)
        .into_iter()
        .chain(refuses(&study, &[1.0], 1.0))
        .chain(refuses(&study, &weights, f64::NAN))
    {
        assert!(matches!(refused, Err(Refusal::NotDefined { .. })), "{refused:?}");
    }
    // nothing before the start but the reference
    let late = independent(&[0, 1], (-1, 0), 0.1);
    for refused in refuses(&late, &[0.5, 0.5], 1.0) {
        assert!(matches!(refused, Err(Refusal::NotDefined { .. })), "{refused:?}");
    }
    // three directions of error for six coefficients
    let mut random = Random(3);
    let loads: Vec<Vec<f64>> = (0..6).map(|_| (0..3).map(|_| random.normal()).collect()).collect();
    let thin = Matrix::from_fn(6, 6, |i, j| dot(&loads[i], &loads[j]));
    let thin = EventStudy::from_parts(study.values(), &thin, &EVEN, (-1, 0), 4).expect("formed");
    for refused in refuses(&thin, &weights, 1.0) {
        assert!(matches!(refused, Err(Refusal::SingularCovariance { rank: 3, .. })), "{refused:?}");
    }
}

/// R HonestDiD 0.2.7, `constructOriginalCS` of the first year of Medicaid expansion: its estimate,
/// its variance, and the ends that it gives.
#[test]
fn without_drift_the_interval_is_that_of_another_program() {
    let years = [2008, 2009, 2010, 2011, 2012, 2014, 2015];
    let (effect, variance, ends) = (
        0.046_446_864_502_164_56,
        8.375674028516435e-05,
        (0.028_509_527_220_365_136, 0.064_384_201_783_963_98),
    );
    let covariance = Matrix::from_fn(7, 7, |i, j| if i == j { variance } else { 0.0 });
    let mut values = [0.0; 7];
    values[5] = effect;
    let study = EventStudy::from_parts(&values, &covariance, &years, (2013, 2014), 51);
    let study = study.expect("well formed");
    let (low, high) = parallel(&study, &study.first_post(), 0.95).expect("exists");
    assert!(
        (low / ends.0 - 1.0).abs() < 1e-9 && (high / ends.1 - 1.0).abs() < 1e-9,
        "{low} {high}"
    );
}

#[test]
fn without_drift_the_interval_follows_the_weights_as_a_plain_sum_does() {
    let study = random_study(71, &UNEVEN, (2013, 2018));
    let weights = study.average_post();
    let post: Vec<usize> = study.post().collect();
    let (mut centre, mut variance) = (0.0, 0.0);
    for (i, &a) in post.iter().enumerate() {
        centre += weights[i] * study.values()[a];
        for (j, &b) in post.iter().enumerate() {
            variance += weights[i] * weights[j] * study.covariance()[(a, b)];
        }
    }
    for (level, z) in [(0.95, 1.959_963_984_540_054), (0.9, 1.644_853_626_951_472_2)] {
        let (low, high) = parallel(&study, &weights, level).expect("exists");
        assert!((0.5 * (low + high) / centre - 1.0).abs() < 1e-9);
        assert!((0.5 * (high - low) / (z * variance.sqrt()) - 1.0).abs() < 1e-9);
    }
    assert!(matches!(parallel(&study, &[1.0], 0.95), Err(Refusal::NotDefined { .. })));
}
