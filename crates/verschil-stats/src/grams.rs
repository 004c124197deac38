//! Sufficient statistics: for each region and period the cross-products of `[1, x, y]`.
//!
//! Every linear difference-in-differences is a linear map of these, so after one
//! pass over the microdata each re-specification is a sum of small matrices.

mod accumulate;
mod assemble;
mod batch;
mod canonical;
mod counts;
mod exact;
mod kernel;
mod margins;
mod packed;
mod parts;
mod triangle;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use accumulate::{Dictionaries, GramBuilder};
pub(crate) use assemble::sorted;
pub(crate) use batch::has;
pub use batch::{Batch, Shape};
pub use counts::transpose;
pub(crate) use exact::Steps;
pub use margins::{Level, MarginBuilder};
pub use parts::Part;
pub use triangle::Triangle;
use triangle::diagonal;
pub(crate) use triangle::{entry, size};

/// How rows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighting {
    /// Every row is one unit.
    None,
    /// A row stands for `w` equal units: N is the sum of weights.
    Frequency,
    /// A row is one observation of precision `w`: N is the number of rows.
    Analytic,
}

/// A column of the design that comes from a covariate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Position of the covariate in the list of covariates.
    pub covariate: usize,
    /// Level of a categorical covariate; none for a numeric one.
    pub level: Option<String>,
}

/// Sums over the rows of one region and period, in one sample class.
///
/// With x = [1, covariate columns] and weights w: `xx` = sum w x x' (p x p), `n` the number of rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Rows, whatever their weight.
    pub n: u64,
    /// p x p.
    pub xx: Triangle,
}

/// One region in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Position in [`Grams::regions`].
    pub region: usize,
    /// Position in [`Grams::periods`].
    pub period: usize,
    /// One per sample class.
    pub classes: Vec<Moments>,
    /// p x K, row-major: sum w x y_k over rows that have y_k.
    #[serde(with = "packed::numbers")]
    pub xy: Vec<f64>,
    /// K: sum w y_k^2.
    pub yy: Vec<f64>,
}

/// All slices with what their codes mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grams {
    /// Region codes, sorted.
    pub regions: Vec<String>,
    /// Cluster codes, sorted; the regions themselves unless a coarser cluster was declared.
    pub clusters: Vec<String>,
    /// For each region its cluster.
    pub cluster_of: Vec<usize>,
    /// Periods, sorted.
    pub periods: Vec<i64>,
    /// Meaning of x after its leading constant; p = 1 + columns. Levels of a covariate are sorted.
    pub columns: Vec<Column>,
    /// What was subtracted from each covariate column before summing (0 for dummies).
    pub column_shift: Vec<f64>,
    /// What was subtracted from each outcome before summing.
    pub outcome_shift: Vec<f64>,
    /// For each outcome its sample class: outcomes with the same missing rows share one. Classes are
    /// numbered in the order of their first outcomes.
    pub class_of: Vec<usize>,
    /// How rows count.
    pub weighting: Weighting,
    /// Sorted by region, then period; a region without rows in a period has no slice.
    pub slices: Vec<Slice>,
}

impl Grams {
    /// Width of x: the constant and the covariate columns.
    #[must_use]
    pub fn width(&self) -> usize {
        1 + self.columns.len()
    }

    /// Number of outcomes.
    #[must_use]
    pub fn outcome_count(&self) -> usize {
        self.class_of.len()
    }

    /// Number of sample classes.
    #[must_use]
    pub fn class_count(&self) -> usize {
        self.class_of.iter().max().map_or(0, |last| last + 1)
    }

    /// Outcomes of a sample class, in order.
    pub fn outcomes_of(&self, class: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.outcome_count()).filter(move |&k| self.class_of[k] == class)
    }

    /// Position of a region code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<usize> {
        self.regions.binary_search_by(|r| r.as_str().cmp(code)).ok()
    }

    /// Position of a period.
    #[must_use]
    pub fn period(&self, period: i64) -> Option<usize> {
        self.periods.binary_search(&period).ok()
    }

    /// Units in a slice for an outcome: rows, or the sum of frequency weights.
    #[must_use]
    pub fn units(&self, slice: &Slice, outcome: usize) -> f64 {
        let moments = &slice.classes[self.class_of[outcome]];
        if self.weighting == Weighting::Frequency { moments.xx.at(0, 0) } else { count(moments.n) }
    }

    /// Sum of weights and weighted sum of an outcome in a slice, the outcome in its own scale.
    #[must_use]
    pub fn weighted_sum(&self, slice: &Slice, outcome: usize) -> (f64, f64) {
        let weight = slice.classes[self.class_of[outcome]].xx.at(0, 0);
        (weight, slice.xy[outcome] + weight * self.outcome_shift[outcome])
    }
}

/// For each outcome its sample class, given which outcomes (as bits) are missing together in rows:
/// outcomes share a class when no row misses one of them alone.
#[must_use]
pub fn classes(outcomes: usize, missing: &BTreeSet<u128>) -> Vec<usize> {
    let mut known: Vec<Vec<bool>> = Vec::new();
    (0..outcomes)
        .map(|k| {
            let own: Vec<bool> = missing.iter().map(|&bits| has(bits, k)).collect();
            known.iter().position(|other| *other == own).unwrap_or_else(|| {
                known.push(own);
                known.len() - 1
            })
        })
        .collect()
}

/// Two significant digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let unit = 10f64.powf(value.abs().log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// A count as a float; exact up to 2^53 rows.
#[allow(clippy::cast_precision_loss)]
#[must_use]
pub fn count(n: u64) -> f64 {
    n as f64
}
