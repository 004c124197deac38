//! What holds for every claim: rounding is never a fault, and a fault beyond rounding always is.

use proptest::prelude::*;
use verschil_study::claims::{Claim, Counts, Effect, Levels, Printed, Scale, audit};

fn printed(value: f64, decimals: u8) -> Option<Printed> {
    Printed::rounded(value, decimals)
}

/// A claim that is right to the last bit, printed with these decimals.
fn consistent((before, after): (f64, f64), width: f64, decimals: (u8, u8, u8), kind: u8) -> Claim {
    let (own, ends, levels) = decimals;
    let mut claim = Claim { id: "a".to_owned(), line: 1, ..Claim::default() };
    claim.about.outcome = "x".to_owned();
    let (estimate, low, high, unit, scale) = match kind {
        0 => {
            (after - before, after - before - width, after - before + width, "euro", Scale::Linear)
        }
        1 => {
            let estimate = 100.0 * (after - before) / before;
            (estimate, estimate - width, estimate + width, "%", Scale::Unstated)
        }
        2 => (
            after / before,
            after / before / (1.0 + width),
            after / before * (1.0 + width),
            "RR",
            Scale::Ratio,
        ),
        _ => {
            let ratio = after / before;
            let percent = |ratio: f64| 100.0 * (ratio - 1.0);
            (
                percent(ratio),
                percent(ratio / (1.0 + width)),
                percent(ratio * (1.0 + width)),
                "%",
                Scale::Ratio,
            )
        }
    };
    claim.effect = Effect {
        estimate: printed(estimate, own),
        low: printed(low, ends),
        high: printed(high, ends),
        unit: unit.to_owned(),
        scale,
        ..Effect::default()
    };
    claim.levels = Levels {
        before: printed(before, levels),
        after: printed(after, levels),
        ..Levels::default()
    };
    let null = if unit == "RR" { 1.0 } else { 0.0 };
    let rose = estimate > null;
    claim.wording.text = if rose { "an increase" } else { "een daling" }.to_owned();
    claim
}

proptest! {
    #[test]
    fn rounding_is_never_a_fault(
        levels in (0.5_f64..5000.0, 0.5_f64..5000.0),
        width in 0.001_f64..50.0,
        decimals in (0_u8..7, 0_u8..7, 0_u8..7),
        kind in 0_u8..4,
    ) {
        let claim = consistent(levels, width, decimals, kind);
        let audit = audit(std::slice::from_ref(&claim));
        prop_assert!(audit.findings.is_empty(), "{:?}\n{:?}", claim, audit.findings);
    }

    #[test]
    fn an_estimate_outside_its_interval_is_always_a_fault(
        levels in (0.5_f64..5000.0, 0.5_f64..5000.0),
        width in 0.001_f64..50.0,
        decimals in (0_u8..7, 0_u8..7, 0_u8..7),
        kind in 0_u8..4,
        beyond in 0.01_f64..100.0,
        above in any::<bool>(),
    ) {
        let mut claim = consistent(levels, width, decimals, kind);
        // half a digit of each number is what rounding may explain
        let half = |decimals: u8| 0.5 * 10_f64.powi(-i32::from(decimals));
        let step = beyond + 2.0 * half(decimals.0) + 2.0 * half(decimals.1);
        let end = if above { claim.effect.high } else { claim.effect.low }.unwrap().value;
        let moved = if above { end + step } else { end - step };
        claim.effect.estimate = printed(moved, decimals.0);
        let findings = audit(&[claim]).findings;
        prop_assert!(findings.iter().any(|f| f.rule == "estimate-outside-interval"));
    }

    #[test]
    fn the_other_direction_in_words_is_always_a_fault(
        levels in (0.5_f64..5000.0, 0.5_f64..5000.0),
        width in 0.001_f64..50.0,
        kind in 0_u8..4,
    ) {
        let mut claim = consistent(levels, width, (4, 4, 4), kind);
        prop_assume!((levels.0 - levels.1).abs() > 0.01 * levels.0);
        let rose = claim.wording.text == "an increase";
        claim.wording.text = if rose { "a decrease" } else { "een stijging" }.to_owned();
        let findings = audit(&[claim]).findings;
        prop_assert_eq!(findings.len(), 1);
        prop_assert_eq!(findings[0].rule, "direction-against-sign");
    }

    #[test]
    fn parts_that_add_up_are_no_fault_and_one_more_is(
        parts in prop::collection::vec(0_u32..1_000_000, 1..9),
        decimals in 0_u8..4,
    ) {
        let total: u32 = parts.iter().sum();
        prop_assume!(total > 0);
        let count = |n: u32| Counts { n: printed(f64::from(n), 0), ..Counts::default() };
        let mut claims = vec![Claim { id: "whole".to_owned(), counts: count(total), ..Claim::default() }];
        for (index, part) in parts.iter().enumerate() {
            let mut claim = Claim { id: index.to_string(), ..Claim::default() };
            claim.about.outcome = index.to_string();
            claim.counts = Counts { part_of: "whole".to_owned(), ..count(*part) };
            claims.push(claim);
        }
        prop_assert!(audit(&claims).findings.is_empty());
        claims[0].counts.n = printed(f64::from(total + 1), 0);
        prop_assert_eq!(audit(&claims).findings.len(), 1);
        // the same as percentages of the total, rounded
        claims[0].counts.n = None;
        for claim in &mut claims[1..] {
            let share = 100.0 * claim.counts.n.unwrap().value / f64::from(total);
            claim.counts.n = None;
            claim.effect.estimate = printed(share, decimals);
            claim.effect.unit = "%".to_owned();
        }
        prop_assert!(audit(&claims).findings.is_empty());
    }

    /// The order of rows decides which of two claims is named, not whether they are found.
    #[test]
    fn order_and_repetition_change_no_verdict(
        levels in (0.5_f64..5000.0, 0.5_f64..5000.0),
        decimals in (0_u8..7, 0_u8..7, 0_u8..7),
        shift in 0.0_f64..3.0,
    ) {
        let one = consistent(levels, 1.0, decimals, 0);
        let mut two = one.clone();
        two.id = "b".to_owned();
        let same = audit(&[one.clone(), two.clone()]);
        prop_assert!(same.findings.is_empty());
        two.effect.estimate = printed(two.effect.estimate.unwrap().value + shift, decimals.0);
        let mut forward: Vec<&str> = Vec::new();
        forward.extend(audit(&[one.clone(), two.clone()]).findings.iter().map(|f| f.rule));
        let mut backward: Vec<&str> = Vec::new();
        backward.extend(audit(&[two, one]).findings.iter().map(|f| f.rule));
        forward.sort_unstable();
        backward.sort_unstable();
        prop_assert_eq!(forward, backward);
    }
}
