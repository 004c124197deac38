//! Grams from two-way margins, which any database can count: for each region and period how many
//! rows have each pair of levels, and what their outcomes add up to.
//!
//! Products of one-hot columns are counts of rows in a crossing of two of them, so these margins
//! are all that a design with main effects needs. Counts and sums are whole numbers, and the Grams
//! have the bits that [`super::GramBuilder`] gives over the same rows.

use std::collections::BTreeMap;

use super::accumulate::{Dictionaries, Sums};
use super::assemble::Summed;
use super::batch::Shape;
use super::exact::Steps;
use super::{Grams, Part, Weighting};

/// A level of a categorical covariate: the covariate's position among the categorical ones, and the
/// level's code.
pub type Level = (usize, u32);

/// Collects margins into [`Grams`].
#[derive(Debug)]
pub struct MarginBuilder {
    shape: Shape,
    per_unit: Vec<Option<f64>>,
    class_of: Vec<usize>,
    names: Dictionaries,
    /// First column of each categorical covariate, and the width at last.
    offsets: Vec<usize>,
    slices: BTreeMap<(u32, u32), Sums>,
}

impl MarginBuilder {
    /// An empty builder. `per_unit` holds for each outcome that is a number how many of its steps
    /// make a unit; `class_of` for each outcome its sample class: outcomes share one when they miss
    /// the same rows.
    ///
    /// # Panics
    /// With numeric covariates, weights, or a number without steps: their sums are not whole.
    #[must_use]
    pub fn new(
        shape: Shape,
        per_unit: &[Option<f64>],
        class_of: Vec<usize>,
        names: Dictionaries,
    ) -> Self {
        let whole =
            shape.binary.iter().zip(per_unit).all(|(&binary, steps)| binary || steps.is_some());
        assert!(whole && shape.numerics() == 0 && shape.weighting == Weighting::None);
        let mut offsets = vec![1];
        for levels in &names.levels {
            offsets.push(offsets[offsets.len() - 1] + levels.len());
        }
        let (per_unit, slices) = (per_unit.to_vec(), BTreeMap::new());
        Self { shape, per_unit, class_of, names, offsets, slices }
    }

    /// Adds for each sample class rows of a region and period that have these levels, of none, one or
    /// two covariates.
    pub fn count(&mut self, cell: (u32, u32), levels: &[Level], rows: &[u64]) {
        let columns: Vec<usize> = levels.iter().map(|&level| self.column(level)).collect();
        let sums = self.slice(cell);
        for (moments, &rows) in sums.classes.iter_mut().zip(rows) {
            let entries: &[(usize, usize)] = match columns[..] {
                [] => {
                    moments.n += rows;
                    &[(0, 0)]
                }
                [one] => &[(0, one), (one, one)],
                [one, two, ..] => &[(one, two)],
            };
            entries.iter().for_each(|&entry| moments.xx.add_count(entry, rows));
        }
    }

    /// Adds for each outcome its sum over rows of a region and period that have it, of all of them or
    /// of those with one level; in steps for numbers.
    #[allow(clippy::cast_precision_loss)]
    pub fn sum(&mut self, cell: (u32, u32), level: Option<Level>, sums: &[i64]) {
        let column = level.map_or(0, |level| self.column(level));
        let flags = self.shape.flags();
        let slice = self.slice(cell);
        for (k, &sum) in sums.iter().enumerate() {
            slice.xy[column * sums.len() + k] += sum as f64;
            // the square of 0 or 1 is itself
            if column == 0 && flags.contains(&k) {
                slice.yy[k] += sum as f64;
            }
        }
    }

    /// Adds for each outcome that is a number the sum of its squares over rows, in steps.
    pub fn square(&mut self, cell: (u32, u32), squares: &[i128]) {
        let sums = self.slice(cell).squares.iter_mut();
        sums.zip(squares).for_each(|(sum, square)| *sum += square);
    }

    /// Closes the collection.
    #[must_use]
    pub fn finish(self) -> Grams {
        let (summed, names) = self.summed();
        summed.grams(&names)
    }

    /// [`Self::finish`] where the region codes of cells were those of `parts`, while the dictionaries
    /// are those of the regions: the Grams of all rows, and those of rows with the weights of their
    /// parts.
    ///
    /// # Panics
    /// When a code is that of no part.
    #[must_use]
    pub fn finish_weighted(self, parts: &[Part]) -> (Grams, Grams) {
        let (summed, names) = self.summed();
        let plain = summed.clone().whole(parts).grams(&names);
        (plain, summed.weighted(parts, &names))
    }

    fn summed(self) -> (Summed, Dictionaries) {
        let steps = Steps::new(&self.per_unit, &self.shape);
        let summed = Summed {
            room: self.names.levels.iter().map(Vec::len).collect(),
            numeric_shift: Vec::new(),
            outcome_shift: vec![0.0; self.shape.binary.len()],
            slices: self.slices.into_values().collect(),
            class_of: self.class_of,
            shape: self.shape,
            steps,
        };
        (summed, self.names)
    }

    fn width(&self) -> usize {
        self.offsets[self.offsets.len() - 1]
    }

    fn column(&self, (covariate, level): Level) -> usize {
        self.offsets[covariate] + level as usize
    }

    fn slice(&mut self, cell: (u32, u32)) -> &mut Sums {
        let classes = self.class_of.iter().max().map_or(0, |last| last + 1);
        let sizes = (self.width(), self.shape.binary.len(), classes);
        self.slices.entry(cell).or_insert_with(|| Sums::zeros(cell, sizes))
    }
}
