//! The optimal assignment against all assignments there are.

use proptest::prelude::*;
use verschil_stats::linalg::{Matrix, bilinear, invert};
use verschil_stats::matching::{
    Controls, Distance, MatchInput, MatchOptions, MatchRefusal, Method, choose,
};

use crate::examples::{OPTIMAL, options, plane};

/// Up to twelve distances of at most about ten, each resolved to 2^-32 of the largest.
const AGREE: f64 = 2e-8;

/// treated x pool: the distance where the pair is acceptable. Written from the definition.
fn table(input: &MatchInput, options: &MatchOptions) -> Option<Vec<Vec<Option<f64>>>> {
    let q = input.names.len();
    let x = |u: usize, j: usize| input.characteristics[u * q + j];
    let mean = |units: &[usize], j: usize| {
        units.iter().map(|&u| x(u, j)).sum::<f64>() / float(units.len())
    };
    let product = |units: &[usize], i: usize, j: usize| {
        let (a, b) = (mean(units, i), mean(units, j));
        units.iter().map(|&u| (x(u, i) - a) * (x(u, j) - b)).sum::<f64>()
    };
    let all = [input.treated.clone(), input.pool.clone()].concat();
    let form = match options.distance {
        Distance::Mahalanobis => invert(&Matrix::from_fn(q, q, |i, j| {
            (product(&input.treated, i, j) + product(&input.pool, i, j)) / float(all.len() - 2)
        }))?,
        Distance::Euclidean => Matrix::from_fn(q, q, |i, j| {
            if i == j { float(all.len() - 1) / product(&all, i, i) } else { 0.0 }
        }),
    };
    let cell = |t: usize, c: usize| {
        let d: Vec<f64> = (0..q).map(|j| x(t, j) - x(c, j)).collect();
        let distance = bilinear(&d, &form, &d).sqrt();
        let same = input.exact.iter().all(|class| class.labels[t] == class.labels[c]);
        let within = options.caliper.is_none_or(|caliper| distance <= caliper);
        (same && within).then_some(distance)
    };
    let row = |&t: &usize| input.pool.iter().map(|&c| cell(t, c)).collect();
    Some(input.treated.iter().map(row).collect())
}

#[allow(clippy::cast_precision_loss)]
fn float(n: usize) -> f64 {
    n as f64
}

/// The smallest sum over every way to give each candidate to one treated unit or to none, such
/// that treated units get `least` to `most` and all together `total`.
fn smallest(
    table: &[Vec<Option<f64>>],
    (least, most, total): (usize, usize, usize),
    candidate: usize,
    held: &mut Vec<usize>,
) -> Option<f64> {
    let count: usize = held.iter().sum();
    if candidate == table[0].len() {
        let enough = count == total && held.iter().all(|&h| h >= least);
        return enough.then_some(0.0);
    }
    let mut best = smallest(table, (least, most, total), candidate + 1, held);
    for t in 0..table.len() {
        let Some(distance) = table[t][candidate] else { continue };
        if held[t] == most || count == total {
            continue;
        }
        held[t] += 1;
        let rest = smallest(table, (least, most, total), candidate + 1, held);
        held[t] -= 1;
        if let Some(sum) = rest.map(|rest| rest + distance) {
            best = Some(best.map_or(sum, |best: f64| best.min(sum)));
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_assignment_has_a_smaller_sum(
        input in plane(1..4, 2..8),
        options in options(7),
    ) {
        let options = MatchOptions { method: Method::Optimal, ..options };
        let ours = choose(&input, &options);
        let Some(table) = table(&input, &options) else { return Ok(()) };
        let treated = input.treated.len();
        let (least, most, total) = match options.controls {
            Controls::PerTreated(each) => (each, each, each * treated),
            Controls::Total(total) => (total / treated, total.div_ceil(treated), total),
        };
        let best = smallest(&table, (least, most, total), 0, &mut vec![0; treated]);
        match (&ours, best) {
            (Ok(ours), Some(best)) => {
                prop_assert!((ours.total_distance - best).abs() <= AGREE * (1.0 + best));
            }
            (Ok(ours), None) => {
                // classes or caliper forbid an even spread; the total is kept all the same
                prop_assert!(matches!(options.controls, Controls::Total(_)));
                prop_assert_eq!(ours.pairs.len(), total);
            }
            (Err(refusals), Some(_)) => {
                // Total(k) below the number of treated units: one without a candidate is named
                // before anything is assigned
                let known = |refusal: &MatchRefusal| !matches!(
                    refusal, MatchRefusal::NotEnough { .. }
                );
                prop_assert!(refusals.iter().all(known), "{:?}", refusals);
            }
            (Err(_), None) => {}
        }
    }

    #[test]
    fn enough_is_found_whenever_there_is_enough(input in plane(2..4, 4..8), each in 1..3usize) {
        let options = MatchOptions { controls: Controls::PerTreated(each), ..OPTIMAL };
        let Some(table) = table(&input, &options) else { return Ok(()) };
        let treated = input.treated.len();
        let bounds = (each, each, each * treated);
        let possible = smallest(&table, bounds, 0, &mut vec![0; treated]).is_some();
        if !matches!(choose(&input, &options).as_ref().map_err(|e| e[0].code()),
            Err("collinear" | "zero_variance" | "zero_variance_within" | "too_few_units")) {
            prop_assert_eq!(choose(&input, &options).is_ok(), possible);
        }
    }
}
