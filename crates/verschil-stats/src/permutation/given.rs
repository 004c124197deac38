//! The statistics of assignments that the caller names, for tests over many designs at once.

use super::Exchange;
use super::lanes::LANES;
use super::tables::Tables;

/// What one assignment gives for every outcome of the class.
#[derive(Debug, Clone, PartialEq)]
pub struct Assigned {
    /// K: coefficient.
    pub estimate: Vec<f64>,
    /// K: its CR0 t statistic.
    pub t: Vec<f64>,
}

/// Coefficient and CR0 t of one profile under each of `assignments`, lists of positions in
/// `exchange.normal.blocks`, sorted. Nothing where an assignment is not identified, or where the
/// exchange has several profiles.
#[must_use]
pub fn assigned(exchange: &Exchange, assignments: &[Vec<usize>]) -> Vec<Option<Assigned>> {
    let tables = Tables::new(exchange);
    let Some(scores) = &tables.scores else {
        return vec![None; assignments.len()];
    };
    let (mut leaf, mut found) = (tables.empty_leaf(), scores.empty_statistics());
    let outcomes = tables.outcomes();
    assignments
        .iter()
        .map(|assignment| {
            let last = *assignment.last()?;
            tables.sum(assignment, &mut leaf);
            scores.fill(last, &leaf, &mut found).then(|| Assigned {
                estimate: (0..outcomes).map(|k| found.beta[k / LANES].0[k % LANES]).collect(),
                t: (0..outcomes).map(|k| found.t[k / LANES].0[k % LANES]).collect(),
            })
        })
        .collect()
}
