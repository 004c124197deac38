//! Matched sets against walks along pairs, and an example by hand.

use proptest::prelude::*;
use verschil_stats::matching::{Controls, MatchOptions, choose};

use crate::examples::{NEAREST, line};

/// Everybody who can be reached from a cluster along pairs, by asking every pair again and again.
fn reached<'a>(pairs: &[(&'a str, &'a str)], from: &'a str) -> Vec<&'a str> {
    let mut found = vec![from];
    for _ in 0..=pairs.len() {
        for (a, b) in pairs {
            for (here, there) in [(a, b), (b, a)] {
                if found.contains(here) && !found.contains(there) {
                    found.push(there);
                }
            }
        }
    }
    found.sort_unstable();
    found
}

#[test]
fn a_control_that_serves_two_treated_units_joins_their_sets() {
    let two = MatchOptions { controls: Controls::PerTreated(2), replacement: true, ..NEAREST };
    let input = line(&[0.0, 3.0, 100.0], &[1.0, 2.0, 99.0, 103.0]);
    let matched = choose(&input, &two).expect("enough");
    let sets = matched.sets(|unit| &input.units[unit]);
    let of = |code: &str| sets[code];
    // t0 and t1 share c0 and c1, t2 has c2 and c3
    assert_eq!([of("t0"), of("t1"), of("c0"), of("c1")], [0; 4]);
    assert_eq!([of("t2"), of("c2"), of("c3")], [1; 3]);
}

#[test]
fn a_cluster_of_several_units_is_in_one_set() {
    let two = MatchOptions { controls: Controls::PerTreated(1), ..NEAREST };
    let input = line(&[0.0, 100.0, 200.0], &[1.0, 101.0, 201.0]);
    let matched = choose(&input, &two).expect("enough");
    let cluster_of = |unit: usize| ["p", "q", "r", "s", "s", "u"][unit];
    let sets = matched.sets(cluster_of);
    // the controls of the first two treated units are one cluster
    assert_eq!(
        sets.into_iter().collect::<Vec<_>>(),
        [("p", 0), ("q", 0), ("r", 1), ("s", 0), ("u", 1)]
    );
}

proptest! {
    #[test]
    fn sets_are_what_pairs_reach(
        treated in proptest::collection::vec(0.0..10.0_f64, 1..5),
        pool in proptest::collection::vec(0.0..10.0_f64, 4..9),
        replacement in any::<bool>(),
        coarse in any::<bool>(),
    ) {
        let input = line(&treated, &pool);
        let each = if replacement { 2 } else { 1 };
        let options =
            MatchOptions { controls: Controls::PerTreated(each), replacement, ..NEAREST };
        let Ok(matched) = choose(&input, &options) else { return Ok(()) };
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"];
        let cluster_of = |unit: usize| if coarse { names[unit / 2] } else { names[unit] };
        let sets = matched.sets(cluster_of);
        let pairs: Vec<(&str, &str)> =
            matched.pairs.iter().map(|p| (cluster_of(p.treated), cluster_of(p.control))).collect();
        for (cluster, set) in &sets {
            let own: Vec<&str> = sets.iter().filter(|(_, s)| *s == set).map(|(c, _)| *c).collect();
            prop_assert_eq!(own, reached(&pairs, cluster));
        }
        let count = sets.values().max().map_or(0, |last| last + 1);
        let first = |set: usize| sets.iter().find(|(_, s)| **s == set).map(|(c, _)| *c);
        let firsts: Vec<Option<&str>> = (0..count).map(first).collect();
        prop_assert!(firsts.iter().all(Option::is_some) && firsts.windows(2).all(|w| w[0] < w[1]));
    }
}
