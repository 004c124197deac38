//! Made-up units to match.

use proptest::prelude::*;
use verschil_stats::matching::{
    Controls, Distance, ExactClass, MatchInput, MatchOptions, Matched, Method, Order,
};

pub const NEAREST: MatchOptions = MatchOptions {
    distance: Distance::Mahalanobis,
    method: Method::Nearest,
    controls: Controls::PerTreated(1),
    replacement: false,
    caliper: None,
    order: Order::Given,
};

pub const OPTIMAL: MatchOptions = MatchOptions { method: Method::Optimal, ..NEAREST };

/// Units on a line: treated ones named `t..`, candidates `c..`, numbered as they stand.
pub fn line(treated: &[f64], pool: &[f64]) -> MatchInput {
    let name = |letter: char, n: usize| (0..n).map(move |i| format!("{letter}{i}"));
    let m = treated.len();
    MatchInput {
        units: name('t', m).chain(name('c', pool.len())).collect(),
        treated: (0..m).collect(),
        pool: (m..m + pool.len()).collect(),
        names: vec!["x".into()],
        characteristics: [treated, pool].concat(),
        exact: Vec::new(),
    }
}

pub fn with_classes(mut input: MatchInput, labels: &[&str]) -> MatchInput {
    let labels = labels.iter().map(|label| Some((*label).to_owned())).collect();
    input.exact.push(ExactClass { name: "class".into(), labels });
    input
}

/// (treated, control) by code, sorted.
pub fn pairs(input: &MatchInput, matched: &Matched) -> Vec<(String, String)> {
    let code = |unit: usize| input.units[unit].clone();
    let mut pairs: Vec<_> =
        matched.pairs.iter().map(|pair| (code(pair.treated), code(pair.control))).collect();
    pairs.sort();
    pairs
}

/// Units in a small plane of whole numbers, so that equal distances are common, in two classes.
pub fn plane(
    treated: std::ops::Range<usize>,
    pool: std::ops::Range<usize>,
) -> impl Strategy<Value = MatchInput> {
    (treated, pool).prop_flat_map(|(m, n)| {
        let values = prop::collection::vec(-6i32..=6, 2 * (m + n));
        let labels = prop::collection::vec(prop::bool::weighted(0.3), m + n);
        (values, labels).prop_map(move |(values, labels)| {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let mut input = line(&values[..m], &values[m..m + n]);
            input.names = vec!["x".into(), "y".into()];
            input.characteristics = values;
            let labels = labels.into_iter().map(|b| Some(b.to_string())).collect();
            input.exact.push(ExactClass { name: "class".into(), labels });
            input
        })
    })
}

/// Every choice but the method, so that methods can be compared.
pub fn options(total: usize) -> impl Strategy<Value = MatchOptions> {
    let controls = prop_oneof![
        (1..=3usize).prop_map(Controls::PerTreated),
        (1..=total).prop_map(Controls::Total)
    ];
    let distance = prop_oneof![Just(Distance::Mahalanobis), Just(Distance::Euclidean)];
    let caliper = prop_oneof![3 => Just(None), 1 => (0.5..4.0f64).prop_map(Some)];
    let order = prop_oneof![Just(Order::Given), Just(Order::Closest), Just(Order::Farthest)];
    (controls, distance, caliper, order).prop_map(|(controls, distance, caliper, order)| {
        MatchOptions { distance, controls, caliper, order, ..NEAREST }
    })
}

/// The same units without classes.
pub fn classless(mut input: MatchInput) -> MatchInput {
    input.exact.clear();
    input
}

/// The same units, each moved a little, so that rounding cannot decide between equal distances.
pub fn untied(mut input: MatchInput) -> MatchInput {
    for (at, value) in (0u32..).zip(&mut input.characteristics) {
        *value += 0.01 * (f64::from(at) * 0.618_033_988_749_895).fract();
    }
    input
}
