//! What is refused, and that nothing else than a number comes out.

use verschil_stats::funnel::dispersion::{FEWEST, Score, dispersion};
use verschil_stats::funnel::proportion::{Count, Funnel, Method, Rule, interpolated, limits};
use verschil_stats::funnel::{Class, Limits, ratio};
use verschil_stats::refusal::Refusal;

const RULE: Rule = Rule { method: Method::Exact, fewest: 10.0 };

fn same(events: f64, n: f64, units: usize) -> Vec<Count> {
    vec![Count { events, n }; units]
}

#[test]
fn too_few_units_are_not_compared() {
    let refused = Funnel::new(&same(3.0, 40.0, FEWEST - 1), &RULE);
    assert_eq!(refused, Err(Refusal::TooFewUnits { compared: 4, needed: 5 }));
    let refusal = refused.expect_err("a refusal");
    assert_eq!(refusal.code(), "refused_too_few_units");
    let mut counts = same(3.0, 40.0, FEWEST - 1);
    counts.extend(same(1.0, 9.0, 20));
    let small = Funnel::new(&counts, &RULE);
    assert_eq!(small, Err(Refusal::TooFewUnits { compared: 4, needed: 5 }), "small ones aside");
    let nothing = Funnel::new(&[], &RULE);
    assert_eq!(nothing, Err(Refusal::TooFewUnits { compared: 0, needed: 5 }));
    assert!(Funnel::new(&same(3.0, 40.0, FEWEST), &RULE).is_ok());
}

#[test]
fn without_events_or_with_nothing_else_there_is_no_funnel() {
    for events in [0.0, 40.0] {
        let refused = Funnel::new(&same(events, 40.0, 8), &RULE);
        assert_eq!(refused, Err(Refusal::ConstantOutcome));
    }
}

#[test]
fn counts_that_are_none_are_refused() {
    let nan = f64::NAN;
    for (events, n) in
        [(-1.0, 40.0), (41.0, 40.0), (nan, 40.0), (1.0, nan), (1.0, f64::INFINITY), (2.5, 40.0)]
    {
        let mut counts = same(3.0, 40.0, 8);
        counts.push(Count { events, n });
        let refused = Funnel::new(&counts, &RULE);
        assert!(matches!(refused, Err(Refusal::NotDefined { .. })), "{events} of {n}");
    }
    let mut counts = same(3.0, 40.0, 8);
    counts.push(Count { events: 2.5, n: 40.5 });
    assert!(Funnel::new(&counts, &Rule { method: Method::Score, fewest: 10.0 }).is_ok());
}

#[test]
fn numbers_out_of_range_are_refused() {
    let nan = f64::NAN;
    for (n, centre, tau2) in [
        (0.0, 0.2, 0.0),
        (-5.0, 0.2, 0.0),
        (nan, 0.2, 0.0),
        (10.0, 0.0, 0.0),
        (10.0, 1.0, 0.0),
        (10.0, nan, 0.0),
        (10.0, 0.2, -0.1),
        (10.0, 0.2, nan),
        (10.0, 0.2, f64::INFINITY),
    ] {
        for method in [Method::Exact, Method::Score] {
            assert!(limits(method, n, centre, tau2).is_err(), "{n} {centre} {tau2}");
        }
    }
    for (n, centre, p) in [(10.5, 0.2, 0.1), (10.0, 0.2, 0.0), (10.0, 0.2, 1.0), (0.0, 0.2, 0.5)] {
        assert!(interpolated(n, centre, p).is_err(), "{n} {centre} {p}");
    }
    for (count, tail) in [(-1.0, 0.025), (nan, 0.025), (3.0, 0.0), (3.0, 0.5), (3.0, nan)] {
        assert!(ratio::mean_of_count(count, tail).is_err(), "{count} {tail}");
    }
    for expected in [0.0, -1.0, nan, f64::INFINITY] {
        assert!(ratio::limits(expected, 0.0).is_err() && ratio::score(3.0, expected).is_err());
        assert!(ratio::confidence_limits(expected).is_err());
    }
    let far = [Score { z: f64::INFINITY, std_error: 1.0 }; 9];
    assert!(dispersion(&far, 0.1).is_err());
    assert!(dispersion(&[Score { z: 1.0, std_error: 0.0 }; 9], 0.1).is_err());
    assert!(dispersion(&[Score { z: 1.0, std_error: 1.0 }; 9], 0.5).is_err());
}

#[test]
fn extremes_give_numbers() {
    for n in [1.0, 2.0, 1e7] {
        for centre in [1e-12, 1e-6, 0.5, 1.0 - 1e-12] {
            for tau2 in [0.0, 0.2] {
                for method in [Method::Exact, Method::Score] {
                    let Limits { alert, alarm } = limits(method, n, centre, tau2).expect("limits");
                    let all = [alert.0, alert.1, alarm.0, alarm.1];
                    assert!(all.iter().all(|limit| (0.0..=1.0).contains(limit)), "{all:?}");
                }
            }
        }
    }
    for expected in [1e-9, 1e-3, 1.0, 1e5] {
        let Limits { alert, alarm } = ratio::limits(expected, 0.01).expect("limits");
        assert!([alert.0, alert.1, alarm.0, alarm.1].iter().all(|limit| limit.is_finite()));
    }
}

#[test]
fn a_value_that_is_none_is_not_compared() {
    let limits = limits(Method::Score, 100.0, 0.3, 0.0).expect("limits");
    assert_eq!(limits.class(f64::NAN), Class::NotCompared);
    assert_eq!(limits.class(limits.alarm.1), Class::AboveAlert, "a limit belongs to what it ends");
    assert_eq!(limits.class(limits.alert.0), Class::Within);
}
