//! Many outcomes at once: adjusted p-values for a family of hypotheses.
//!
//! [`holm`] and [`benjamini_hochberg`] take p-values of any method; [`romano_wolf`] uses how the
//! outcomes move together, by the wild bootstrap with the same draws for all of them.

mod romano_wolf;

pub use romano_wolf::{Hypothesis, StepDown, romano_wolf};

use crate::grams::count;

/// An adjustment of the p-values of one family.
pub type Adjustment = fn(&[f64]) -> Vec<f64>;

/// Holm's (1979) step-down: the probability of any false rejection, whatever the dependence.
///
/// Adjusted p-values in the order of `p`, each at least its own and at most 1.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![0.0; p.len()];
    let mut most = 0.0f64;
    for (rank, &at) in order.iter().enumerate() {
        most = most.max(p[at] * count((p.len() - rank) as u64)).min(1.0);
        adjusted[at] = most;
    }
    adjusted
}

/// Benjamini and Hochberg's (1995) step-up: the expected share of false rejections among all, for
/// p-values that are independent or positively dependent.
///
/// Adjusted p-values in the order of `p`, each at least its own and at most 1.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 1.0f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        // a factor of at least one, so that rounding makes no p-value smaller
        least = least.min(p[at] * (count(p.len() as u64) / count(rank as u64 + 1)));
        adjusted[at] = least;
    }
    adjusted
}

/// Adjusts within each domain by itself: `domains` labels the family of each p-value. A hypothesis
/// without a p-value was not tested: it stays without one, and does not count in its family.
///
/// # Panics
/// When the lists differ in length.
#[must_use]
pub fn by_domain<D: PartialEq>(
    p: &[Option<f64>],
    domains: &[D],
    adjustment: Adjustment,
) -> Vec<Option<f64>> {
    assert_eq!(p.len(), domains.len(), "a domain for each p-value");
    let mut adjusted = vec![None; p.len()];
    for (first, domain) in domains.iter().enumerate() {
        if domains[..first].contains(domain) {
            continue;
        }
        let (members, family): (Vec<usize>, Vec<f64>) = (first..p.len())
            .filter(|&at| domains[at] == *domain)
            .filter_map(|at| p[at].map(|p| (at, p)))
            .unzip();
        for (at, p) in members.into_iter().zip(adjustment(&family)) {
            adjusted[at] = Some(p);
        }
    }
    adjusted
}

/// Positions from the smallest p-value up; equal ones in their own order.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}
