//! Minimal detectable effects and equivalence tests, against scipy, statsmodels and plain integrals.

use verschil_stats::power::{equivalence, minimal_detectable_effect, noncentral_t, power};
use verschil_stats::refusal::Refusal;

/// scipy 1.17.1: t, degrees of freedom, noncentrality, `nct.cdf`.
const NONCENTRAL: [(f64, f64, f64, f64); 9] = [
    (2.0595, 25.0, 2.9, 0.204_081_045_336_763_55),
    (-2.0595, 25.0, 2.9, 9.917_591_397_793_496e-7),
    (2.78, 4.0, 1.2, 0.847_702_230_190_054_8),
    (12.7, 1.0, 16.3, 0.200_719_552_772_726_77),
    (0.0, 9.0, 0.7, 0.241_963_652_223_073_03),
    (1.3, 7.4, -0.8, 0.974_792_562_368_319_6),
    (63.7, 1.0, 81.0, 0.203_576_107_467_747_32),
    (2.0, 199.5, 2.5, 0.308_532_623_985_846_2),
    (100.0, 3.0, 90.0, 0.488_098_351_691_552_6),
];

/// Degrees of freedom, alpha, power; the root of `nct.sf(c) + nct.cdf(-c) - power` by `brentq`
/// (scipy 1.17.1), and the power at a noncentrality of 2 by `TTestPower().power` (statsmodels 0.15.0).
const DETECTABLE: [(f64, f64, f64, f64, f64); 5] = [
    (25.0, 0.05, 0.8, 2.915_134_108_218_669_7, 0.485_298_206_406_719),
    (11.0, 0.05, 0.8, 3.078_388_675_702_224_7, 0.446_466_157_845_400_06),
    (49.0, 0.1, 0.9, 2.967_763_749_797_118_8, 0.628_471_035_904_697_2),
    (3.0, 0.05, 0.8, 4.255_898_686_515_601, 0.288_752_416_401_714_95),
    (25.0, 0.01, 0.95, 4.528_693_302_089_835, 0.239_890_360_555_602_48),
];

#[track_caller]
fn close(ours: f64, theirs: f64, share: f64, what: &str) {
    assert!((ours - theirs).abs() <= share * theirs.abs(), "{what}: {ours} for {theirs}");
}

/// P(T <= t) as the mean of a normal probability over the chi distribution, by Simpson's rule.
fn integral(t: f64, df: f64, noncentrality: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    let normal = Normal::standard();
    // the square root of chi2/df, its logarithm evenly spaced
    let density = |u: f64| (df * u - df / 2.0 * (2.0 * u).exp()).exp();
    let (from, to, steps) = (-32.0, 4.0, 72_000);
    let width = (to - from) / f64::from(steps);
    let (mut sum, mut whole) = (0.0, 0.0);
    for i in 0..=steps {
        let u = from + width * f64::from(i);
        let weight = if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        whole += weight * density(u);
        sum += weight * density(u) * normal.cdf(t * u.exp() - noncentrality);
    }
    sum / whole
}

#[test]
fn the_noncentral_t_is_scipys_and_its_own_integral() {
    for (t, df, noncentrality, theirs) in NONCENTRAL {
        let what = format!("t {t}, df {df}, noncentrality {noncentrality}");
        let ours = noncentral_t(t, df, noncentrality);
        // one minus almost one loses digits: to 1e-12 of one
        assert!((ours - theirs).abs() <= 1e-9 * theirs.max(1e-3), "{what}: {ours} for {theirs}");
        let slow = integral(t, df, noncentrality);
        assert!((ours - slow).abs() <= 1e-9, "{what}: {ours} for {slow}");
    }
}

#[test]
fn the_detectable_effect_is_where_power_is_as_asked() {
    for (df, alpha, wanted, theirs, at_two) in DETECTABLE {
        let what = format!("df {df}, alpha {alpha}");
        let ours = minimal_detectable_effect(1.0, df, alpha, wanted).expect("an effect");
        close(ours, theirs, 1e-9, &what);
        close(power(ours, 1.0, df, alpha).expect("power"), wanted, 1e-12, &what);
        close(power(2.0, 1.0, df, alpha).expect("power"), at_two, 1e-9, &what);
        // another unit of measurement, another sign
        let scaled = minimal_detectable_effect(0.037, df, alpha, wanted).expect("an effect");
        close(scaled, 0.037 * ours, 1e-14, &what);
        close(power(-2.0, 1.0, df, alpha).expect("power"), at_two, 1e-9, &what);
        // no effect is found as often as alpha says
        close(power(0.0, 1.0, df, alpha).expect("power"), alpha, 1e-9, &what);
    }
}

/// statsmodels 0.15.0: `DescrStatsW(x).ttost_mean(low, upp)` on eight numbers: bounds, p-values of
/// the lower and the upper test.
const EQUIVALENCE: [((f64, f64), f64, f64); 3] = [
    ((-0.3, 0.4), 0.000_429_645_340_325_884_4, 0.006_514_405_614_236_02),
    ((-0.1, 0.5), 0.009_686_854_654_971_338, 0.001_286_721_783_866_311_5),
    ((-1.0, 1.0), 9.247_070_719_652_867e-7, 6.060_102_278_456_993_6e-6),
];

const MEAN: f64 = 0.138_750_000_000_000_04;
const STD_ERROR: f64 = 0.079_044_234_903_176_66;
/// `tconfint_mean(alpha=0.1)` of the same.
const INTERVAL: (f64, f64) = (-0.011_005_516_303_267_182, 0.288_505_516_303_267_2);

#[test]
fn two_one_sided_tests_are_those_of_statsmodels() {
    for (bounds, lower, upper) in EQUIVALENCE {
        let what = format!("{bounds:?}");
        let ours = equivalence(MEAN, STD_ERROR, 7.0, bounds, 0.05).expect("a test");
        close(ours.p_above_lower, lower, 1e-9, &what);
        close(ours.p_below_upper, upper, 1e-9, &what);
        close(ours.p_value, lower.max(upper), 1e-9, &what);
        close(ours.interval.0, INTERVAL.0, 1e-9, &what);
        close(ours.interval.1, INTERVAL.1, 1e-9, &what);
    }
}

#[test]
fn equivalence_is_an_interval_within_the_bounds() {
    let mut verdicts = [0, 0];
    for step in 0..200 {
        let estimate = f64::from(step) / 50.0 - 2.0;
        for bounds in [(-1.0, 1.0), (-0.3, 2.0), (f64::NEG_INFINITY, 0.4)] {
            for alpha in [0.01, 0.05, 0.2] {
                let test = equivalence(estimate, 0.3, 12.0, bounds, alpha).expect("a test");
                let within = bounds.0 < test.interval.0 && test.interval.1 < bounds.1;
                assert_eq!(test.equivalent, within, "{estimate}, {bounds:?}: {test:?}");
                verdicts[usize::from(within)] += 1;
                // turned round, the two tests change places
                let turned = equivalence(-estimate, 0.3, 12.0, (-bounds.1, -bounds.0), alpha);
                let turned = turned.expect("a test");
                close(turned.p_above_lower, test.p_below_upper, 1e-12, "turned");
                close(turned.p_value, test.p_value, 1e-12, "turned");
            }
        }
    }
    assert!(verdicts.iter().all(|&count| count > 100), "{verdicts:?}");
}

#[test]
fn what_has_no_answer_is_refused() {
    let refused = |result: Result<f64, Refusal>| {
        assert!(matches!(result, Err(Refusal::NotDefined { .. })), "{result:?}");
    };
    for std_error in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(minimal_detectable_effect(std_error, 9.0, 0.05, 0.8));
    }
    for df in [0.0, -2.0, f64::NAN, f64::INFINITY] {
        refused(power(1.0, 1.0, df, 0.05));
    }
    for (alpha, wanted) in [(0.0, 0.8), (1.0, 0.8), (0.05, 0.05), (0.05, 1.0), (0.05, f64::NAN)] {
        refused(minimal_detectable_effect(1.0, 9.0, alpha, wanted));
    }
    // with one degree of freedom nothing within reason is found so surely at such a level
    refused(minimal_detectable_effect(1.0, 1.0, 1e-4, 0.8));
    for bounds in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0)] {
        refused(equivalence(0.0, 1.0, 9.0, bounds, 0.05).map(|test| test.p_value));
    }
    refused(equivalence(0.0, 1.0, 9.0, (-1.0, 1.0), 0.5).map(|test| test.p_value));
}
