//! Rows as dictionary codes, for the models that Grams cannot carry.
//!
//! Rows that agree in region, period and all codes are merged into one cell where that at least
//! halves their number; otherwise each row stays a cell of its own (with many
//! covariates cells hardly compress). Either way the cells hold sums, so every estimator on them
//! is exact.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, has};

/// Codes in the narrowest width that holds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Codes {
    /// Fewer than 2^8 names.
    Narrow(Vec<u8>),
    /// Fewer than 2^16 names.
    Medium(Vec<u16>),
    /// Any number of names.
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

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Medium(codes) => 2 * codes.len(),
            Self::Wide(codes) => 4 * codes.len(),
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
    /// Merged rows: weight of the rows that have a value, their weighted sum and sum of squares.
    Sums {
        /// Weight of rows with a value.
        weight: Vec<f64>,
        /// Weighted sum.
        sum: Vec<f64>,
        /// Weighted sum of squares.
        square: Vec<f64>,
    },
}

/// All cells, with what their codes mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// What the codes mean.
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
    /// Weight of each cell: rows, or the sum of their weights; empty when every one is 1.
    pub weight: Vec<f64>,
    /// Rows that the cells stand for.
    pub rows: u64,
}

impl Cells {
    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.region {
            Codes::Narrow(codes) => codes.len(),
            Codes::Medium(codes) => codes.len(),
            Codes::Wide(codes) => codes.len(),
        }
    }

    /// Whether there is no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether rows were merged.
    #[must_use]
    pub fn merged(&self) -> bool {
        self.outcomes.iter().any(|values| matches!(values, Values::Sums { .. }))
    }

    /// Grams over some of the covariates (positions in `shape.categorical`), without reading data
    /// again. Unmerged cells only: merged ones no longer know which rows miss an outcome.
    #[must_use]
    pub fn grams(&self, shape: &Shape, covariates: &[usize]) -> Option<Grams> {
        if self.merged() {
            return None;
        }
        let kinds: Vec<bool> = covariates.iter().map(|&c| shape.categorical[c]).collect();
        let place = |c: usize| {
            shape.categorical[..c].iter().filter(|&&k| k == shape.categorical[c]).count()
        };
        let (mut codes, mut numerics) = (Vec::new(), Vec::new());
        for &covariate in covariates {
            if shape.categorical[covariate] {
                codes.push(place(covariate));
            } else {
                numerics.push(place(covariate));
            }
        }
        let mut names = self.names.clone();
        names.levels = codes.iter().map(|&c| self.names.levels[c].clone()).collect();
        let levels: Vec<usize> = names.levels.iter().map(Vec::len).collect();
        let mut builder = GramBuilder::new(Shape { categorical: kinds, ..shape.clone() });
        let step = 65_536;
        for from in (0..self.len()).step_by(step) {
            let to = (from + step).min(self.len());
            builder.push(&mut self.batch(shape, from..to, &codes, &numerics), &levels);
        }
        Some(builder.finish(&names))
    }

    fn batch(
        &self,
        shape: &Shape,
        cells: std::ops::Range<usize>,
        codes: &[usize],
        numerics: &[usize],
    ) -> Batch {
        let mut batch = Batch::default();
        let mut outcomes = Vec::with_capacity(self.outcomes.len());
        for cell in cells {
            batch.region.push(self.region.at(cell));
            batch.period.push(self.period.at(cell));
            batch.codes.extend(codes.iter().map(|&c| self.codes[c].at(cell)));
            batch.numerics.extend(numerics.iter().map(|&c| self.numerics[c][cell]));
            outcomes.clear();
            outcomes.extend(self.outcomes.iter().map(|values| match values {
                Values::Rows(values) => values[cell],
                Values::Flags(flags) if flags[cell] == 2 => f64::NAN,
                Values::Flags(flags) => f64::from(flags[cell]),
                Values::Sums { sum, .. } => sum[cell],
            }));
            batch.push_outcomes(shape, &outcomes);
            batch.weights.extend(self.weight.get(cell));
        }
        batch
    }
}

/// Collects rows into [`Cells`].
#[derive(Debug)]
pub struct CellBuilder {
    region: Vec<u32>,
    period: Vec<u32>,
    codes: Vec<Vec<u32>>,
    numerics: Vec<Vec<f64>>,
    outcomes: Vec<Values>,
    weight: Vec<f64>,
}

impl CellBuilder {
    /// An empty builder.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let empty = |&binary: &bool| {
            if binary { Values::Flags(Vec::new()) } else { Values::Rows(Vec::new()) }
        };
        Self {
            region: Vec::new(),
            period: Vec::new(),
            codes: vec![Vec::new(); shape.categoricals()],
            numerics: vec![Vec::new(); shape.numerics()],
            outcomes: shape.binary.iter().map(empty).collect(),
            weight: Vec::new(),
        }
    }

    /// Adds rows.
    pub fn push(&mut self, batch: &Batch) {
        self.region.extend(&batch.region);
        self.period.extend(&batch.period);
        self.weight.extend(&batch.weights);
        spread(&batch.codes, &mut self.codes);
        spread(&batch.numerics, &mut self.numerics);
        let numbers = self.outcomes.iter().filter(|v| matches!(v, Values::Rows(_))).count();
        let mut at = 0;
        for (k, values) in self.outcomes.iter_mut().enumerate() {
            let missing = batch.missing.iter().map(|&bits| has(bits, k));
            match values {
                Values::Rows(values) => {
                    let column = batch.values.iter().skip(at).step_by(numbers).zip(missing);
                    values.extend(column.map(|(&y, none)| if none { f64::NAN } else { y }));
                    at += 1;
                }
                Values::Flags(flags) => {
                    let ones = batch.ones.iter().map(|&bits| u8::from(has(bits, k)));
                    flags.extend(ones.zip(missing).map(|(one, none)| if none { 2 } else { one }));
                }
                Values::Sums { .. } => {}
            }
        }
    }

    /// Closes the collection, merging where it pays.
    #[must_use]
    pub fn finish(self, names: &Dictionaries) -> Cells {
        let rows = self.region.len() as u64;
        if self.numerics.is_empty() {
            let (order, starts) = self.packed().map_or_else(|| self.compared(), sorted);
            if starts.len() * 2 <= order.len() {
                return self.merge(&order, &starts, names, rows);
            }
        }
        Cells {
            names: names.clone(),
            region: Codes::new(self.region),
            period: Codes::new(self.period),
            codes: self.codes.into_iter().map(Codes::new).collect(),
            numerics: self.numerics,
            outcomes: self.outcomes,
            weight: self.weight,
            rows,
        }
    }

    fn key(&self, row: usize) -> impl Iterator<Item = u32> + '_ {
        [self.region[row], self.period[row]]
            .into_iter()
            .chain(self.codes.iter().map(move |c| c[row]))
    }

    /// The key of each row in one word, with the row; none where a key takes more than a word.
    fn packed(&self) -> Option<Vec<(u64, u32)>> {
        u32::try_from(self.region.len()).ok()?;
        let columns = [&self.region, &self.period].into_iter().chain(&self.codes);
        let mut keys: Vec<(u64, u32)> = (0..).take(self.region.len()).map(|row| (0, row)).collect();
        let mut taken = 0;
        for column in columns {
            let bits = u32::BITS - column.iter().max()?.leading_zeros();
            taken += bits;
            if taken > u64::BITS {
                return None;
            }
            let add = |((key, _), code): (&mut (u64, u32), &u32)| {
                *key = *key << bits | u64::from(*code);
            };
            keys.iter_mut().zip(column).for_each(add);
        }
        Some(keys)
    }

    /// Rows in the order of their keys, and the positions there at which a new cell begins.
    fn compared(&self) -> (Vec<usize>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.region.len()).collect();
        order.sort_by(|&a, &b| self.key(a).cmp(self.key(b)));
        let begins = |&i: &usize| i == 0 || !self.key(order[i - 1]).eq(self.key(order[i]));
        let starts = (0..order.len()).filter(begins).collect();
        (order, starts)
    }

    fn merge(self, order: &[usize], starts: &[usize], names: &Dictionaries, rows: u64) -> Cells {
        let Self { region, period, codes, outcomes, weight, .. } = self;
        let ends = starts.iter().skip(1).copied().chain([order.len()]);
        let groups: Vec<&[usize]> =
            starts.iter().zip(ends).map(|(&from, to)| &order[from..to]).collect();
        let of = |row: usize| weight.get(row).copied().unwrap_or(1.0);
        let first =
            |codes: Vec<u32>| Codes::new(groups.iter().map(|group| codes[group[0]]).collect());
        // each outcome's rows are let go when its sums stand
        let outcomes = outcomes.into_par_iter().map(|values| summed(&values, &groups, of));
        Cells {
            outcomes: outcomes.collect(),
            names: names.clone(),
            region: first(region),
            period: first(period),
            codes: codes.into_iter().map(first).collect(),
            numerics: Vec::new(),
            weight: groups.iter().map(|group| group.iter().map(|&row| of(row)).sum()).collect(),
            rows,
        }
    }
}

/// Sums of an outcome over the rows of each cell.
fn summed(values: &Values, groups: &[&[usize]], of: impl Fn(usize) -> f64) -> Values {
    let value = |row: usize| match values {
        Values::Rows(values) => values[row],
        Values::Flags(flags) if flags[row] == 2 => f64::NAN,
        Values::Flags(flags) => f64::from(flags[row]),
        Values::Sums { sum, .. } => sum[row],
    };
    let (mut weight, mut sum, mut square) =
        (vec![0.0; groups.len()], vec![0.0; groups.len()], vec![0.0; groups.len()]);
    for (cell, group) in groups.iter().enumerate() {
        let known = group.iter().map(|&row| (of(row), value(row))).filter(|(_, y)| !y.is_nan());
        for (w, y) in known {
            weight[cell] += w;
            sum[cell] += w * y;
            square[cell] += w * (y * y);
        }
    }
    Values::Sums { weight, sum, square }
}

/// Rows in the order of their keys, and the positions there at which a new cell begins.
fn sorted(mut keys: Vec<(u64, u32)>) -> (Vec<usize>, Vec<usize>) {
    keys.par_sort_unstable();
    let begins = |&i: &usize| i == 0 || keys[i - 1].0 != keys[i].0;
    let starts = (0..keys.len()).filter(begins).collect();
    (keys.into_iter().map(|(_, row)| row as usize).collect(), starts)
}

/// Row-major values into columns.
fn spread<T: Copy>(rows: &[T], columns: &mut [Vec<T>]) {
    let width = columns.len();
    for (at, column) in columns.iter_mut().enumerate() {
        column.extend(rows.iter().skip(at).step_by(width));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(scale: u32) -> CellBuilder {
        let rows = 400u32;
        let column = |of: &dyn Fn(u32) -> u32| (0..rows).map(|row| of(row) * scale).collect();
        CellBuilder {
            region: column(&|row| row * 7 % 5),
            period: column(&|row| row * 3 % 4),
            codes: vec![column(&|row| row % 3), column(&|_| 0), column(&|row| row * row % 2)],
            numerics: Vec::new(),
            outcomes: Vec::new(),
            weight: Vec::new(),
        }
    }

    #[test]
    fn keys_in_one_word_give_the_order_of_keys_compared_code_by_code() {
        for (scale, fits) in [(1, true), (1 << 14, true), (1 << 29, false)] {
            let builder = builder(scale);
            let packed = builder.packed();
            assert_eq!(packed.is_some(), fits, "{scale}");
            if let Some(packed) = packed {
                assert_eq!(sorted(packed), builder.compared(), "{scale}");
            }
        }
    }
}
