//! What holds whatever the units.

use proptest::prelude::*;
use verschil_stats::matching::{
    Distance, MatchInput, MatchOptions, MatchRefusal, Matched, Method, Order, choose,
};

use crate::examples::{NEAREST, classless, line, options, pairs, plane, untied};

/// Up to a dozen distances, each resolved to 2^-32 of the largest.
const AGREE: f64 = 2e-8;

fn methods(options: MatchOptions) -> [MatchOptions; 3] {
    [
        options,
        MatchOptions { method: Method::Optimal, ..options },
        MatchOptions { replacement: true, ..options },
    ]
}

/// The units in another order, under their old codes.
fn permuted(input: &MatchInput, order: &[usize]) -> MatchInput {
    let q = input.names.len();
    let to = |old: usize| order.iter().position(|&at| at == old).expect("a permutation");
    let mut moved = input.clone();
    moved.units = order.iter().map(|&at| input.units[at].clone()).collect();
    moved.characteristics =
        order.iter().flat_map(|&at| input.characteristics[at * q..(at + 1) * q].to_vec()).collect();
    for (class, old) in moved.exact.iter_mut().zip(&input.exact) {
        class.labels = order.iter().map(|&at| old.labels[at].clone()).collect();
    }
    moved.treated = input.treated.iter().map(|&at| to(at)).collect();
    moved.pool = input.pool.iter().map(|&at| to(at)).collect();
    moved.pool.sort_unstable();
    moved
}

fn told(input: &MatchInput, answer: &Result<Matched, Vec<MatchRefusal>>) -> String {
    match answer {
        Ok(matched) => {
            let code = |unit: usize| input.units[unit].as_str();
            let pair = |p: &verschil_stats::matching::Pair| {
                let next = p.why.next.map(|next| code(next.unit));
                format!(
                    "{} {} {} {} {} {:?} {:?}",
                    code(p.treated),
                    code(p.control),
                    p.distance,
                    p.round,
                    p.order,
                    next,
                    p.why.note(&input.units)
                )
            };
            let not = |u: &verschil_stats::matching::Unchosen| {
                format!("{} {} {} {}", code(u.unit), code(u.nearest), u.distance, u.why_not.code())
            };
            let chosen: Vec<String> = matched.pairs.iter().map(pair).collect();
            let unchosen: Vec<String> = matched.unchosen.iter().map(not).collect();
            format!("{} {chosen:?} {unchosen:?}", matched.total_distance)
        }
        Err(refusals) => {
            let mut told: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            told.sort();
            format!("{told:?}")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_units_changes_no_bit(
        (input, order) in plane(1..5, 3..14).prop_flat_map(|input| {
            let order: Vec<usize> = (0..input.units.len()).collect();
            (Just(input), Just(order).prop_shuffle())
        }),
        options in options(10),
    ) {
        let moved = permuted(&input, &order);
        for options in methods(options) {
            prop_assert_eq!(
                told(&input, &choose(&input, &options)),
                told(&moved, &choose(&moved, &options))
            );
        }
    }

    #[test]
    fn another_unit_of_measurement_or_mixture_changes_no_mahalanobis_match(
        input in plane(1..5, 4..14).prop_map(untied),
        options in options(10),
        a in 0.2..5.0f64,
        b in -2.0..2.0f64,
    ) {
        // (x, y) -> (a x + 7, b x - 3 y)
        let options = MatchOptions { distance: Distance::Mahalanobis, caliper: None, ..options };
        let mut moved = input.clone();
        for row in moved.characteristics.chunks_exact_mut(2) {
            (row[0], row[1]) = (a * row[0] + 7.0, b * row[0] - 3.0 * row[1]);
        }
        for options in methods(options) {
            let (before, after) = (choose(&input, &options), choose(&moved, &options));
            prop_assert_eq!(before.is_ok(), after.is_ok());
            let (Ok(before), Ok(after)) = (before, after) else { continue };
            prop_assert_eq!(pairs(&input, &before), pairs(&moved, &after));
            for (x, y) in before.pairs.iter().zip(&after.pairs) {
                prop_assert!((x.distance - y.distance).abs() <= 1e-9 * (1.0 + x.distance));
            }
        }
    }

    #[test]
    fn scaling_changes_no_euclidean_match(
        input in plane(1..5, 4..14).prop_map(untied),
        options in options(10),
        a in prop_oneof![0.2..5.0f64, -5.0..-0.2f64],
    ) {
        let options = MatchOptions { distance: Distance::Euclidean, caliper: None, ..options };
        let mut moved = input.clone();
        moved.characteristics.chunks_exact_mut(2).for_each(|row| row[1] = a * row[1] - 4.0);
        for options in methods(options) {
            let (before, after) = (choose(&input, &options), choose(&moved, &options));
            prop_assert_eq!(before.is_ok(), after.is_ok());
            if let (Ok(before), Ok(after)) = (before, after) {
                prop_assert_eq!(pairs(&input, &before), pairs(&moved, &after));
            }
        }
    }

    #[test]
    fn replacement_is_never_worse_than_optimal_nor_optimal_than_nearest(
        input in plane(1..5, 3..16).prop_map(classless),
        options in options(12),
    ) {
        // a caliper can forbid an even spread, and then each method spreads in its own way
        let options = MatchOptions { caliper: None, ..options };
        let sums = methods(options).map(|o| choose(&input, &o).map(|m| m.total_distance));
        let [nearest, optimal, replaced] = &sums;
        if let (Ok(nearest), Ok(optimal)) = (nearest, optimal) {
            prop_assert!(*optimal <= nearest + AGREE * (1.0 + nearest));
        }
        if let (Ok(optimal), Ok(replaced)) = (optimal, replaced) {
            prop_assert!(*replaced <= optimal + AGREE * (1.0 + optimal));
        }
    }

    #[test]
    fn every_unit_of_the_pool_is_told_about_once(
        input in plane(1..5, 3..14),
        options in options(10),
    ) {
        for options in methods(options) {
            let Ok(matched) = choose(&input, &options) else { continue };
            let mut seen: Vec<usize> = matched.weights().iter().map(|(unit, _)| *unit).collect();
            seen.extend(matched.unchosen.iter().map(|unchosen| unchosen.unit));
            seen.sort_unstable();
            prop_assert_eq!(&seen, &input.pool);
            let weight: f64 = matched.weights().iter().map(|(_, weight)| weight).sum();
            prop_assert_eq!(weight as usize, matched.pairs.len());
            let most = matched.weights().iter().map(|(_, w)| *w).fold(0.0, f64::max);
            prop_assert!(options.replacement || most == 1.0);
            for pair in &matched.pairs {
                let same = |class: &verschil_stats::matching::ExactClass| {
                    class.labels[pair.treated] == class.labels[pair.control]
                };
                prop_assert!(input.exact.iter().all(same));
                prop_assert!(options.caliper.is_none_or(|caliper| pair.distance <= caliper));
            }
        }
    }
}

#[test]
fn equal_distances_go_to_the_lower_code() {
    // both candidates of t0 lie one away, and the second optimum would be c1
    for options in methods(NEAREST) {
        let mut input = line(&[0.0], &[1.0, -1.0, 5.0]);
        let matched = choose(&input, &options).expect("a match");
        assert_eq!(pairs(&input, &matched), [("t0".into(), "c0".into())]);
        assert!(matched.pairs[0].why.tie);
        assert_eq!(matched.unchosen[0].why_not.code(), "tie");
        input.units.swap(1, 2);
        let matched = choose(&input, &options).expect("a match");
        assert_eq!(pairs(&input, &matched), [("t0".into(), "c0".into())]);
        assert_eq!(matched.pairs[0].control, 2);
    }
}

#[test]
fn duplicates_are_taken_in_order_of_code() {
    for options in methods(NEAREST) {
        let options =
            MatchOptions { controls: verschil_stats::matching::Controls::PerTreated(2), ..options };
        let input = line(&[0.0], &[3.0, 1.0, 1.0, 1.0]);
        let matched = choose(&input, &options).expect("a match");
        let codes = pairs(&input, &matched);
        assert_eq!(codes, [("t0".into(), "c1".into()), ("t0".into(), "c2".into())]);
    }
}

#[test]
fn who_chooses_first_matters_to_nearest_alone() {
    // t0 and t1 both want c0, and t1 is nearer to it
    let input = line(&[0.0, 2.5], &[2.0, -2.1, 9.0]);
    let by = |method, order| {
        let matched = choose(&input, &MatchOptions { method, order, ..NEAREST }).expect("a match");
        matched.pairs.iter().map(|pair| input.units[pair.control].clone()).collect::<Vec<_>>()
    };
    assert_eq!(by(Method::Nearest, Order::Given), ["c0", "c1"]);
    assert_eq!(by(Method::Nearest, Order::Farthest), ["c0", "c1"]);
    // t1 takes first here, and its control is told of first
    assert_eq!(by(Method::Nearest, Order::Closest), ["c0", "c1"]);
    for order in [Order::Given, Order::Closest, Order::Farthest] {
        assert_eq!(by(Method::Optimal, order), ["c1", "c0"]);
    }
    let given = choose(&input, &NEAREST).expect("a match");
    let closest = choose(&input, &MatchOptions { order: Order::Closest, ..NEAREST });
    assert_eq!(given.pairs[0].treated, 0);
    assert_eq!(closest.expect("a match").pairs[0].treated, 1);
}
