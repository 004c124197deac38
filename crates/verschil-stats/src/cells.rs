//! Rows as dictionary codes, for the models that Grams cannot carry.
//!
//! Rows that agree in region, period and all codes are merged into one cell; with numeric covariates
//! each row stays a cell of its own. Either way the cells hold sums, so every estimator on them is
//! exact. Merged cells stand in the order of their names and count rows, so that they are the same
//! whatever the order of the rows was, and whoever counted them.

use serde::{Deserialize, Serialize};

use crate::grams::Dictionaries;

mod build;
mod keys;

pub use build::{CellBuilder, Counted};

/// Whole numbers in the narrowest width that holds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Codes {
    /// None beyond 2^8 - 1.
    Narrow(Vec<u8>),
    /// None beyond 2^16 - 1.
    Medium(Vec<u16>),
    /// None beyond 2^32 - 1.
    Wide(Vec<u32>),
}

impl Codes {
    #[allow(clippy::cast_possible_truncation)]
    fn new(codes: Vec<u32>) -> Self {
        match codes.iter().max().copied().unwrap_or_default() {
            0..=0xff => Self::Narrow(codes.into_iter().map(|code| code as u8).collect()),
            0x100..=0xffff => Self::Medium(codes.into_iter().map(|code| code as u16).collect()),
            _ => Self::Wide(codes),
        }
    }

    /// The code of a cell.
    #[must_use]
    pub fn at(&self, cell: usize) -> u32 {
        match self {
            Self::Narrow(codes) => u32::from(codes[cell]),
            Self::Medium(codes) => u32::from(codes[cell]),
            Self::Wide(codes) => codes[cell],
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Medium(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
        }
    }
}

/// One outcome over all cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// One row per cell: the value, NaN where missing.
    Rows(Vec<f64>),
    /// One 0/1 row per cell: 0, 1, or 2 where missing.
    Flags(Vec<u8>),
    /// Merged 0/1 rows that count as one each.
    Counts {
        /// Rows with a value.
        known: Codes,
        /// Rows with a 1.
        ones: Codes,
    },
    /// Merged rows: weight of the rows that have a value, and their weighted sum.
    Sums {
        /// Weight of rows with a value.
        weight: Vec<f64>,
        /// Weighted sum.
        sum: Vec<f64>,
        /// The least value and the most; both 0 without a value.
        range: Vec<(f64, f64)>,
    },
}

/// All cells, with what their codes mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// What the codes mean, names in their order.
    pub names: Dictionaries,
    /// Region of each cell.
    pub region: Codes,
    /// Period of each cell.
    pub period: Codes,
    /// For each categorical covariate the level of each cell.
    pub codes: Vec<Codes>,
    /// For each numeric covariate the value of each cell.
    pub numerics: Vec<Vec<f64>>,
    /// For each outcome its values.
    pub outcomes: Vec<Values>,
    /// Weight of each cell that is one row; empty when every one is 1, and for merged cells.
    pub weight: Vec<f64>,
}

impl Cells {
    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.region.len()
    }

    /// Whether there is no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Weight of the rows of a cell that have this outcome, and the weighted sum of their values.
    ///
    /// # Panics
    /// When there is no such cell or outcome.
    #[must_use]
    pub fn at(&self, cell: usize, outcome: usize) -> (f64, f64) {
        let own = || self.weight.get(cell).copied().unwrap_or(1.0);
        match &self.outcomes[outcome] {
            Values::Rows(values) if values[cell].is_nan() => (0.0, 0.0),
            Values::Rows(values) => (own(), own() * values[cell]),
            Values::Flags(flags) if flags[cell] == 2 => (0.0, 0.0),
            Values::Flags(flags) => (own(), own() * f64::from(flags[cell])),
            Values::Counts { known, ones } => (f64::from(known.at(cell)), f64::from(ones.at(cell))),
            Values::Sums { weight, sum, .. } => (weight[cell], sum[cell]),
        }
    }

    /// The least value of this outcome in a cell, and the most; both 0 without a value.
    ///
    /// # Panics
    /// When there is no such cell or outcome.
    #[must_use]
    pub fn range(&self, cell: usize, outcome: usize) -> (f64, f64) {
        match &self.outcomes[outcome] {
            Values::Rows(values) if values[cell].is_nan() => (0.0, 0.0),
            Values::Rows(values) => (values[cell], values[cell]),
            Values::Flags(_) | Values::Counts { .. } => (0.0, 1.0),
            Values::Sums { range, .. } => range[cell],
        }
    }
}
