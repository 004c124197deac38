//! What must hold whatever the numbers.

use verschil_stats::funnel::Class;
use verschil_stats::funnel::dispersion::{Score, dispersion};
use verschil_stats::funnel::proportion::{Count, Funnel, Method, Rule, limits};
use verschil_stats::validate::rows::Numbers;

const EXACT: Rule = Rule { method: Method::Exact, fewest: 10.0 };
const SCORE: Rule = Rule { method: Method::Score, fewest: 10.0 };

/// Units of 5 to 804 observations, whose shares differ by more than chance.
fn drawn(seed: u64) -> Vec<Count> {
    let mut numbers = Numbers(seed);
    (0..24)
        .map(|_| {
            let n = 5 + numbers.below(800);
            let level = 0.1 + 0.15 * numbers.share();
            let events = (0..n).filter(|_| numbers.share() < level).count();
            Count { events: f64::from(events as u32), n: f64::from(n as u32) }
        })
        .collect()
}

#[test]
fn the_order_of_the_units_changes_no_bit() {
    for seed in 1..20 {
        let counts = drawn(seed);
        let forward = Funnel::new(&counts, &EXACT).expect("a funnel");
        let reversed: Vec<Count> = counts.iter().rev().copied().collect();
        let backward = Funnel::new(&reversed, &EXACT).expect("a funnel");
        assert_eq!(forward.centre.to_bits(), backward.centre.to_bits());
        assert_eq!(forward.dispersion, backward.dispersion);
        let members: Vec<_> = backward.members.iter().rev().copied().collect();
        assert_eq!(forward.members, members);
    }
}

#[test]
fn counting_those_without_the_event_turns_the_funnel_round() {
    let turned = |class: Class| match class {
        Class::BelowAlert => Class::AboveAlert,
        Class::BelowAlarm => Class::AboveAlarm,
        Class::AboveAlert => Class::BelowAlert,
        Class::AboveAlarm => Class::BelowAlarm,
        same => same,
    };
    for rule in [EXACT, SCORE] {
        for seed in 1..10 {
            let counts = drawn(seed);
            let others: Vec<Count> =
                counts.iter().map(|c| Count { events: c.n - c.events, n: c.n }).collect();
            let one = Funnel::new(&counts, &rule).expect("a funnel");
            let other = Funnel::new(&others, &rule).expect("a funnel");
            assert!((one.centre + other.centre - 1.0).abs() < 1e-14);
            assert!((one.dispersion.phi / other.dispersion.phi - 1.0).abs() < 1e-9);
            for (a, b) in one.members.iter().zip(&other.members) {
                assert_eq!(a.class, turned(b.class));
                let (Some(a), Some(b)) = (a.limits, b.limits) else { continue };
                assert!((a.alarm.0 + b.alarm.1 - 1.0).abs() < 1e-12, "{a:?} {b:?}");
                assert!((a.alert.1 + b.alert.0 - 1.0).abs() < 1e-12, "{a:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_unit_that_is_not_compared_changes_nothing_for_the_others() {
    let counts = drawn(3);
    let mut more = counts.clone();
    more.push(Count { events: 9.0, n: 9.0 });
    more.push(Count { events: 0.0, n: 0.0 });
    let without = Funnel::new(&counts, &EXACT).expect("a funnel");
    let with = Funnel::new(&more, &EXACT).expect("a funnel");
    assert_eq!((with.centre, with.dispersion), (without.centre, without.dispersion));
    assert_eq!(with.members[..counts.len()], without.members[..]);
    assert!(with.members[counts.len()..].iter().all(|m| m.class == Class::NotCompared));
}

#[test]
fn limits_are_nested_and_close_in_as_units_grow() {
    for method in [Method::Exact, Method::Score] {
        for centre in [0.003, 0.2, 0.9] {
            for tau2 in [0.0, 1e-6, 1e-3] {
                let mut before: Option<verschil_stats::funnel::Limits> = None;
                for n in [1.0, 4.0, 16.0, 64.0, 512.0, 8192.0, 262_144.0] {
                    let now = limits(method, n, centre, tau2).expect("limits");
                    assert!(now.alarm.0 <= now.alert.0 && now.alert.1 <= now.alarm.1);
                    assert!(0.0 <= now.alarm.0 && now.alarm.1 <= 1.0);
                    assert!(now.alert.0 < centre && centre < now.alert.1, "{now:?}");
                    // where spread beyond chance rules, a skewed limit comes nearer its normal place
                    // from within
                    let closing = method == Method::Score || tau2 == 0.0;
                    if let Some(before) = before.filter(|_| closing) {
                        assert!(before.alarm.0 <= now.alarm.0 && now.alarm.1 <= before.alarm.1);
                    }
                    before = Some(now);
                }
            }
        }
    }
}

#[test]
fn exact_limits_become_score_limits_in_large_units() {
    for tau2 in [0.0, 2e-5] {
        let exact = limits(Method::Exact, 4e6, 0.31, tau2).expect("limits");
        let score = limits(Method::Score, 4e6, 0.31, tau2).expect("limits");
        for (a, b) in [(exact.alert, score.alert), (exact.alarm, score.alarm)] {
            let (low, high) = ((a.0 - 0.31) / (b.0 - 0.31), (a.1 - 0.31) / (b.1 - 0.31));
            assert!((low - 1.0).abs() < 2e-3 && (high - 1.0).abs() < 2e-3, "{a:?} {b:?}");
        }
    }
}

#[test]
fn more_dispersion_never_calls_out_more() {
    for n in [12.0, 90.0, 700.0] {
        let mut last = limits(Method::Exact, n, 0.17, 0.0).expect("limits");
        for tau2 in [1e-5, 1e-4, 1e-3, 1e-2] {
            let now = limits(Method::Exact, n, 0.17, tau2).expect("limits");
            assert!(now.alert.0 <= last.alert.0 && last.alert.1 <= now.alert.1);
            assert!(now.alarm.0 <= last.alarm.0 && last.alarm.1 <= now.alarm.1);
            last = now;
        }
    }
}

#[test]
fn dispersion_scales_with_the_unit_of_the_scores() {
    let scores: Vec<Score> = (0..15)
        .map(|k| Score { z: f64::from(k) - 6.0, std_error: 0.02 + 0.001 * f64::from(k) })
        .collect();
    let scaled: Vec<Score> =
        scores.iter().map(|s| Score { z: s.z, std_error: 100.0 * s.std_error }).collect();
    let (one, other) = (dispersion(&scores, 0.1).unwrap(), dispersion(&scaled, 0.1).unwrap());
    assert_eq!(one.phi.to_bits(), other.phi.to_bits());
    assert!(one.tau2 > 0.0 && (other.tau2 / one.tau2 / 1e4 - 1.0).abs() < 1e-12);
}

#[test]
fn chance_alone_leaves_no_dispersion_more_often_than_not_and_a_real_one_is_found() {
    let mut found = Vec::new();
    for spread in [0.0, 0.04] {
        let mut sum = 0.0;
        for seed in 0..60 {
            let mut numbers = Numbers(1000 + seed);
            let counts: Vec<Count> = (0..40)
                .map(|_| {
                    let n = 400 + numbers.below(800);
                    // a uniform level with the standard deviation `spread`
                    let level = 0.3 + spread * 12_f64.sqrt() * (numbers.share() - 0.5);
                    let events = (0..n).filter(|_| numbers.share() < level).count();
                    Count { events: f64::from(events as u32), n: f64::from(n as u32) }
                })
                .collect();
            sum += Funnel::new(&counts, &SCORE).expect("a funnel").dispersion.tau2;
        }
        found.push((sum / 60.0).sqrt());
    }
    // by chance a standard error is about 0.017; a uniform spread loses some of its ends
    assert!(found[0] < 0.004, "{found:?}");
    assert!(found[1] > 0.032 && found[1] < 0.042, "{found:?}");
}
