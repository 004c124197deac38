//! Slow and obvious twins.

use verschil_stats::distribution::gaussian;
use verschil_stats::funnel::dispersion::{Score, dispersion};
use verschil_stats::funnel::proportion::{Count, Funnel, Method, Rule, limits};
use verschil_stats::funnel::{ALARM, ALERT, Class, ratio};

/// Where a count stands by the probabilities of counts so low and so high.
fn by_tails(low: f64, high: f64) -> Class {
    if low < ALARM {
        Class::BelowAlarm
    } else if high < ALARM {
        Class::AboveAlarm
    } else if low < ALERT {
        Class::BelowAlert
    } else if high < ALERT {
        Class::AboveAlert
    } else {
        Class::Within
    }
}

/// Probabilities of 0 to `n` events, one by one from logarithms.
fn probabilities(n: u32, centre: f64) -> Vec<f64> {
    let mut choose = 0.0;
    let mut all = Vec::new();
    for r in 0..=n {
        if r > 0 {
            choose += f64::from(n - r + 1).ln() - f64::from(r).ln();
        }
        let log = choose + f64::from(r) * centre.ln() + f64::from(n - r) * (1.0 - centre).ln();
        all.push(log.exp());
    }
    all
}

#[test]
fn exact_limits_call_out_what_binomial_tails_call_out() {
    let mut seen = std::collections::BTreeMap::new();
    for centre in [0.004, 0.08, 0.35, 0.5, 0.93] {
        for n in [1, 2, 7, 10, 33, 150, 611] {
            let p = probabilities(n, centre);
            let found = limits(Method::Exact, f64::from(n), centre, 0.0).expect("limits");
            for x in 0..=n {
                let low: f64 = p[..=x as usize].iter().sum();
                let high: f64 = p[x as usize..].iter().rev().sum();
                let class = found.class(f64::from(x) / f64::from(n));
                assert_eq!(class, by_tails(low, high), "{x} of {n} around {centre}");
                *seen.entry(class.id()).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(seen.len(), 5, "every class occurs: {seen:?}");
}

#[test]
fn ratios_are_called_out_when_poisson_tails_call_them_out() {
    for expected in [0.02, 0.7, 3.0, 9.9, 42.0] {
        let found = ratio::limits(expected, 0.0).expect("limits");
        let mut term = f64::exp(-expected);
        let mut low = 0.0;
        for x in 0..120_u32 {
            let high = 1.0 - low;
            low += term;
            let class = found.class(f64::from(x) / expected);
            // far out the difference from one is rounding, and long beyond the outer limit
            assert_eq!(class, by_tails(low, high), "{x} where {expected} are expected");
            term *= expected / f64::from(x + 1);
        }
    }
}

#[test]
fn score_limits_call_out_what_wilson_intervals_call_out() {
    let centre = 0.163;
    for n in [11.0, 60.0, 431.0] {
        let found = limits(Method::Score, n, centre, 0.0).expect("limits");
        let mut x = 0.0;
        while x <= n {
            let outside = |tail: f64| {
                let z = gaussian::quantile(1.0 - tail);
                let middle = (x + z * z / 2.0) / (n + z * z);
                let reach = z / (n + z * z) * (x * (1.0 - x / n) + z * z / 4.0).sqrt();
                (centre > middle + reach, centre < middle - reach)
            };
            let expected = match (outside(ALARM), outside(ALERT)) {
                ((true, _), _) => Class::BelowAlarm,
                ((_, true), _) => Class::AboveAlarm,
                (_, (true, _)) => Class::BelowAlert,
                (_, (_, true)) => Class::AboveAlert,
                _ => Class::Within,
            };
            assert_eq!(found.class(x / n), expected, "{x} of {n}");
            x += 1.0;
        }
    }
}

#[test]
fn widened_score_limits_are_the_additive_ones() {
    let (n, centre, tau2) = (240.0, 0.21, 0.0009_f64);
    let found = limits(Method::Score, n, centre, tau2).expect("limits");
    let both = (centre * (1.0 - centre) / n + tau2).sqrt();
    for (ours, z) in [(found.alert, 1.959_963_984_540_054), (found.alarm, 3.090_232_306_167_813)] {
        assert!((ours.0 - (centre - z * both)).abs() < 1e-14, "{ours:?}");
        assert!((ours.1 - (centre + z * both)).abs() < 1e-14, "{ours:?}");
    }
    let widened = ratio::limits(400.0, 0.01).expect("limits");
    let reach = |z: f64| z * (1.0 / 1600.0 + 0.01_f64).sqrt();
    let additive = (1.0 + reach(1.959_963_984_540_054)).powi(2);
    // exact limits are skewed where normal ones are not, less so the more is expected
    assert!((widened.alert.1 / additive - 1.0).abs() < 0.02, "{widened:?} {additive}");
}

#[test]
fn dispersion_is_that_of_the_formula_written_out() {
    let z = [-2.4, -0.3, 0.1, 0.7, 1.9, 4.4, 0.2, -1.1, 0.9, 0.0, 1.3];
    let scores: Vec<Score> =
        z.iter().zip(1..).map(|(&z, k)| Score { z, std_error: 0.01 * f64::from(k) }).collect();
    // eleven scores: the tenth at each end begins at the second and ends at the last but one
    let (low, high) = (-1.1, 1.9);
    let (mut squares, mut total, mut square) = (0.0, 0.0, 0.0);
    for score in &scores {
        squares += score.z.max(low).min(high).powi(2);
        total += 1.0 / score.std_error.powi(2);
        square += 1.0 / score.std_error.powi(4);
    }
    let found = dispersion(&scores, 0.1).expect("a dispersion");
    assert!((found.bounds.0 - low).abs() < 1e-12 && (found.bounds.1 - high).abs() < 1e-12);
    assert!((found.phi - squares / 11.0).abs() < 1e-12, "{found:?}");
    let tau2 = (squares - 10.0) / (total - square / total);
    assert!(tau2 > 0.0 && (found.tau2 / tau2 - 1.0).abs() < 1e-9, "{found:?} {tau2}");
}

#[test]
fn a_funnel_is_its_parts_put_together() {
    let counts: Vec<Count> = [(31, 200), (80, 410), (9, 120), (2, 9), (55, 300), (140, 600)]
        .map(|(events, n)| Count { events: f64::from(events), n: f64::from(n) })
        .to_vec();
    let rule = Rule { method: Method::Exact, fewest: 10.0 };
    let funnel = Funnel::new(&counts, &rule).expect("a funnel");
    assert!((funnel.centre - 315.0 / 1630.0).abs() < 1e-15, "without the small one");
    assert_eq!(funnel.members[3].class, Class::NotCompared);
    assert_eq!((funnel.members[3].share, funnel.members[3].limits), (None, None));
    for (member, count) in funnel.members.iter().zip(&counts).filter(|(_, c)| c.n >= 10.0) {
        let by_hand = limits(Method::Exact, count.n, funnel.centre, funnel.dispersion.tau2);
        assert_eq!(member.limits, Some(by_hand.expect("limits")));
        assert_eq!(member.share, Some(count.events / count.n));
        assert_eq!(member.class, by_hand_class(member.limits.expect("limits"), member.share));
    }
}

fn by_hand_class(limits: verschil_stats::funnel::Limits, share: Option<f64>) -> Class {
    limits.class(share.expect("a share"))
}
