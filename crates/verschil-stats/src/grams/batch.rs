//! Rows on their way into the sums: codes, flags as bits, and numbers.

use serde::{Deserialize, Serialize};

use super::Weighting;

/// What does not change while rows stream in.
#[derive(Debug, Clone)]
pub struct Shape {
    /// For each covariate, whether it is categorical; numeric ones are streamed as values.
    pub categorical: Vec<bool>,
    /// For each outcome, whether it holds 0 and 1 only; sums of the others are centred.
    pub binary: Vec<bool>,
    /// How rows count.
    pub weighting: Weighting,
}

impl Shape {
    /// Number of categorical covariates.
    #[must_use]
    pub fn categoricals(&self) -> usize {
        self.categorical.iter().filter(|&&c| c).count()
    }

    /// Number of numeric covariates.
    #[must_use]
    pub fn numerics(&self) -> usize {
        self.categorical.len() - self.categoricals()
    }

    /// Positions of the outcomes that hold 0 and 1 only.
    #[must_use]
    pub fn flags(&self) -> Vec<usize> {
        (0..self.binary.len()).filter(|&k| self.binary[k]).collect()
    }

    /// Positions of the outcomes that hold numbers.
    #[must_use]
    pub fn values(&self) -> Vec<usize> {
        (0..self.binary.len()).filter(|&k| !self.binary[k]).collect()
    }
}

/// Rows to add, as plain columns. All codes are dictionary positions; outcome k is bit k.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Batch {
    /// n: region codes.
    pub region: Vec<u32>,
    /// n: period codes.
    pub period: Vec<u32>,
    /// For each categorical covariate n level codes: one column after the other they fit in fast memory.
    pub codes: Vec<Vec<u16>>,
    /// n x numerics, row-major, all finite.
    pub numerics: Vec<f64>,
    /// n: one bit per outcome that is missing.
    pub missing: Vec<u128>,
    /// n: one bit per 0/1 outcome that is there and 1.
    pub ones: Vec<u128>,
    /// n x outcomes that hold numbers, row-major; anything where the outcome is missing.
    pub values: Vec<f64>,
    /// n, finite and not negative, a weight of zero making a row none; empty when rows are not
    /// weighted.
    pub weights: Vec<f64>,
}

impl Batch {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.region.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.region.is_empty()
    }

    /// Whether the rows are counted: each weighs one, and all covariates are categorical.
    pub(super) fn counts(&self) -> bool {
        self.weights.is_empty() && self.numerics.is_empty()
    }

    /// Adds the level codes of one row, one for each categorical covariate.
    ///
    /// # Panics
    /// When a code is beyond 65,535, or rows differ in their covariates.
    pub fn push_codes(&mut self, codes: &[u32]) {
        self.codes.resize_with(codes.len().max(self.codes.len()), Vec::new);
        assert_eq!(self.codes.len(), codes.len(), "as many covariates as the rows before");
        for (column, &code) in self.codes.iter_mut().zip(codes) {
            column.push(u16::try_from(code).expect("at most 65,536 levels"));
        }
    }

    /// Adds the outcomes of one row, NaN where missing.
    ///
    /// # Panics
    /// When a 0/1 outcome is something else.
    pub fn push_outcomes(&mut self, shape: &Shape, outcomes: &[f64]) {
        let (mut missing, mut ones) = (0, 0);
        for (k, (&y, &binary)) in outcomes.iter().zip(&shape.binary).enumerate() {
            missing |= u128::from(y.is_nan()) << k;
            if binary {
                assert!(y.is_nan() || y == 0.0 || y == 1.0, "a 0/1 outcome is neither");
                ones |= u128::from(y == 1.0) << k;
            } else {
                self.values.push(y);
            }
        }
        self.missing.push(missing);
        self.ones.push(ones);
    }

    /// Becomes the codes, bits and numbers of these rows of another batch, which has so many numbers a
    /// row. Rows of a slice lie far apart: in loops that do nothing else the processor waits for many
    /// of them at once.
    pub(super) fn gather(&mut self, from: &Self, values: usize, rows: &[u32]) {
        self.clear();
        let rows = || rows.iter().map(|&row| row as usize);
        self.missing.extend(rows().map(|row| from.missing[row]));
        self.ones.extend(rows().map(|row| from.ones[row]));
        self.codes.resize_with(from.codes.len(), Vec::new);
        for (near, far) in self.codes.iter_mut().zip(&from.codes) {
            near.extend(rows().map(|row| far[row]));
        }
        self.values.resize(rows().len() * values, 0.0);
        for at in 0..values {
            let near = self.values.iter_mut().skip(at).step_by(values);
            near.zip(rows()).for_each(|(near, row)| *near = from.values[row * values + at]);
        }
    }

    /// Moves the rows of another batch behind the own.
    pub fn append(&mut self, other: &mut Self) {
        self.region.append(&mut other.region);
        self.period.append(&mut other.period);
        self.codes.resize_with(self.codes.len().max(other.codes.len()), Vec::new);
        for (own, more) in self.codes.iter_mut().zip(&mut other.codes) {
            own.append(more);
        }
        self.numerics.append(&mut other.numerics);
        self.missing.append(&mut other.missing);
        self.ones.append(&mut other.ones);
        self.values.append(&mut other.values);
        self.weights.append(&mut other.weights);
    }

    /// Forgets the rows and keeps the memory.
    pub fn clear(&mut self) {
        self.region.clear();
        self.period.clear();
        self.codes.iter_mut().for_each(Vec::clear);
        self.numerics.clear();
        self.missing.clear();
        self.ones.clear();
        self.values.clear();
        self.weights.clear();
    }
}

/// Whether outcome k is among these bits.
pub(crate) fn has(bits: u128, k: usize) -> bool {
    bits >> k & 1 == 1
}
