//! Strata against their definition written out, and the laws that weights obey.

use proptest::prelude::*;

use super::*;

fn crossing(levels: &[u32], eligible: u64, linked: u64) -> Crossing {
    Crossing { levels: levels.to_vec(), eligible, linked }
}

fn rule(min_stratum: u64) -> Rule {
    Rule { min_stratum, max_weight: None }
}

/// Levels, crossings and weights.
fn shown(strata: &[Stratum]) -> Vec<(Vec<u32>, Vec<usize>, Option<f64>)> {
    strata.iter().map(|s| (s.levels.clone(), s.crossings.clone(), s.weight)).collect()
}

#[test]
fn small_strata_drop_their_last_dimension_and_join_those_that_are_then_alike() {
    let crossings = [
        crossing(&[0, 0], 80, 40),
        crossing(&[0, 1], 30, 20),
        crossing(&[0, 2], 30, 25),
        crossing(&[1, 0], 60, 60),
        crossing(&[1, 1], 20, 10),
        crossing(&[2, 0], 35, 7),
    ];
    let found = strata(&crossings, rule(50));
    let expected = vec![
        (vec![], vec![4, 5], Some(55.0 / 17.0)),
        (vec![0], vec![1, 2], Some(60.0 / 45.0)),
        (vec![0, 0], vec![0], Some(2.0)),
        (vec![1, 0], vec![3], Some(1.0)),
    ];
    assert_eq!(shown(&found), expected);
}

#[test]
fn what_is_too_small_without_any_dimension_joins_the_smallest_stratum() {
    let crossings = [
        crossing(&[0, 0], 90, 45),
        crossing(&[0, 1], 60, 30),
        crossing(&[0, 2], 9, 1),
        crossing(&[1, 0], 70, 7),
    ];
    let found = strata(&crossings, rule(50));
    // the crossing 0, 2 stays too small as all that is left of 0, and as all that is left
    let joined = found.iter().find(|stratum| stratum.crossings == [1, 2]).unwrap();
    assert_eq!((joined.levels.as_slice(), joined.eligible, joined.linked), (&[0][..], 69, 31));
    assert_eq!(found.len(), 3);
    let few = [crossing(&[0], 4, 3), crossing(&[1], 5, 0)];
    let found = strata(&few, rule(50));
    assert_eq!(shown(&found), [(vec![], vec![0, 1], Some(3.0))]);
    assert!(strata(&[], rule(50)).is_empty());
}

#[test]
fn a_stratum_in_which_nobody_is_linked_has_no_weight() {
    let found = strata(&[crossing(&[0], 60, 0), crossing(&[1], 60, 60)], rule(50));
    assert_eq!(shown(&found), [(vec![0], vec![0], None), (vec![1], vec![1], Some(1.0))]);
}

#[test]
fn weights_above_the_largest_are_set_to_it() {
    let crossings = [crossing(&[0], 60, 20), crossing(&[1], 60, 40), crossing(&[2], 60, 0)];
    let found = strata(&crossings, Rule { min_stratum: 50, max_weight: Some(2.0) });
    let weights: Vec<_> = found.iter().map(|stratum| (stratum.weight, stratum.trimmed)).collect();
    assert_eq!(weights, [(Some(2.0), true), (Some(1.5), false), (None, false)]);
}

#[test]
fn the_spread_counts_every_unit() {
    let found = spread(&[(2.0, 1), (1.0, 3), (9.0, 0)]).unwrap();
    // four units: 1, 1, 1, 2; (1 + 1 + 1 + 2)^2 / (1 + 1 + 1 + 4)
    assert_eq!((found.smallest, found.median, found.largest), (1.0, 1.0, 2.0));
    assert!((found.effective - 25.0 / 7.0).abs() < 1e-15);
    assert_eq!(spread(&[(1.0, 2), (3.0, 2)]).unwrap().median, 2.0);
    assert_eq!(spread(&[(1.0, 0)]), None);
    assert_eq!(spread(&[(1.25, 8)]).unwrap().effective, 8.0);
}

fn drawn() -> impl Strategy<Value = Vec<Crossing>> {
    let levels = prop::collection::vec(0..3u32, 3);
    prop::collection::btree_map(levels, (1..120u64, 0..=4u64), 1..20)
        .prop_map(|drawn| {
            let one = |(levels, (eligible, quarters)): (Vec<u32>, (u64, u64))| {
                crossing(&levels, eligible, eligible * quarters / 4)
            };
            drawn.into_iter().map(one).collect()
        })
        .prop_shuffle()
}

/// Whether a crossing is still too small when so many dimensions are left.
fn waits(crossings: &[Crossing], at: usize, kept: usize, min: u64) -> bool {
    let depth = crossings[at].levels.len();
    if kept > depth {
        return true;
    }
    let same = |other: usize| crossings[other].levels[..kept] == crossings[at].levels[..kept];
    let mut total = 0;
    for other in 0..crossings.len() {
        if same(other) && waits(crossings, other, kept + 1, min) {
            total += crossings[other].eligible;
        }
    }
    waits(crossings, at, kept + 1, min) && total < min
}

/// The crossings of the stratum of one, by the definition; none when it is left at the end.
fn with(crossings: &[Crossing], at: usize, min: u64) -> Option<Vec<usize>> {
    let depth = crossings[at].levels.len();
    let kept = (0..=depth).rev().find(|&kept| !waits(crossings, at, kept, min))?;
    let same = |&other: &usize| {
        crossings[other].levels[..kept] == crossings[at].levels[..kept]
            && waits(crossings, other, kept + 1, min)
    };
    Some((0..crossings.len()).filter(same).collect())
}

proptest! {
    #[test]
    fn strata_are_those_of_the_definition(crossings in drawn(), min in 1..150u64) {
        let found = strata(&crossings, rule(min));
        let left: Vec<usize> =
            (0..crossings.len()).filter(|&at| waits(&crossings, at, 0, min)).collect();
        for at in 0..crossings.len() {
            let stratum = found.iter().find(|s| s.crossings.contains(&at)).unwrap();
            let mut members = stratum.crossings.clone();
            members.sort_unstable();
            match with(&crossings, at, min) {
                Some(_) if left.iter().any(|one| members.contains(one)) => {
                    members.retain(|one| !left.contains(one));
                    prop_assert_eq!(Some(members), with(&crossings, at, min));
                }
                Some(own) => prop_assert_eq!(members, own),
                None => prop_assert!(left.iter().all(|one| members.contains(one))),
            }
        }
    }

    #[test]
    fn every_crossing_lies_in_one_stratum_and_none_is_too_small(
        crossings in drawn(),
        min in 1..150u64,
    ) {
        let found = strata(&crossings, rule(min));
        let mut all: Vec<usize> = found.iter().flat_map(|s| s.crossings.clone()).collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..crossings.len()).collect::<Vec<_>>());
        prop_assert!(found.len() == 1 || found.iter().all(|s| s.eligible >= min));
        for stratum in &found {
            let linked = crate::grams::count(stratum.linked);
            match stratum.weight {
                // the linked weigh as much as the eligible, and nobody weighs less than one
                Some(weight) => {
                    prop_assert!((weight * linked - crate::grams::count(stratum.eligible)).abs() < 1e-9);
                    prop_assert!(weight >= 1.0);
                }
                None => prop_assert_eq!(stratum.linked, 0),
            }
            for &at in &stratum.crossings {
                prop_assert!(crossings[at].levels.starts_with(&stratum.levels));
            }
        }
    }

    #[test]
    fn neither_order_nor_size_matters(crossings in drawn(), min in 1..150u64, times in 2..5u64) {
        let plain = strata(&crossings, rule(min));
        let mut sorted = crossings.clone();
        sorted.sort_by(|a, b| b.levels.cmp(&a.levels));
        let named = |crossings: &[Crossing], found: &[Stratum]| -> Vec<(Vec<Vec<u32>>, Option<f64>)> {
            let levels = |s: &Stratum| {
                s.crossings.iter().map(|&at| crossings[at].levels.clone()).collect()
            };
            found.iter().map(|s| (levels(s), s.weight)).collect()
        };
        prop_assert_eq!(
            named(&crossings, &plain),
            named(&sorted, &strata(&sorted, rule(min)))
        );
        let many: Vec<Crossing> = crossings
            .iter()
            .map(|c| crossing(&c.levels, c.eligible * times, c.linked * times))
            .collect();
        prop_assert_eq!(shown(&plain), shown(&strata(&many, rule(min * times))));
    }
}
