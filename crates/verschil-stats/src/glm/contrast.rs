//! Means with and without the effect over the units that it is about.

use super::index::{Part, PartSlice, Theta};
use super::pass::Likelihood;

/// A sum of means with its derivatives.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) value: f64,
    /// One per part.
    pub(super) region: Vec<f64>,
    /// k.
    pub(super) beta: Vec<f64>,
}

impl Level {
    fn new(parts: usize, k: usize) -> Self {
        Self { value: 0.0, region: vec![0.0; parts], beta: vec![0.0; k] }
    }

    /// Adds what a slice's rows have in common but the effect; `slope` is the sum of derivatives.
    fn add_constants(&mut self, part: usize, slice: &PartSlice, effect: usize, slope: f64) {
        self.region[part] += slope;
        for &(column, value) in slice.constants.iter().filter(|(column, _)| *column != effect) {
            self.beta[column] += value * slope;
        }
    }

    fn divide(&mut self, weight: f64) {
        self.value /= weight;
        self.region.iter_mut().chain(&mut self.beta).for_each(|slope| *slope /= weight);
    }
}

impl Likelihood<'_> {
    /// Weighted means over the rows in which column `effect` is not zero, as they are and without it
    /// (Puhani 2012), with their derivatives; nothing when no unit is there.
    pub(super) fn levels(&self, theta: &Theta, effect: usize) -> Option<[Level; 2]> {
        let (parts, k) = (self.index.parts.len(), theta.beta.len());
        let mut levels = [Level::new(parts, k), Level::new(parts, k)];
        let mut covariates = [0, 1].map(|_| vec![0.0; self.rows.factors.width()]);
        let mut weight = 0.0;
        for (at, part) in self.index.parts.iter().enumerate() {
            for (slice, dose) in treated(part, effect) {
                let mut slopes = [0.0; 2];
                let own = theta.beta[effect] * dose;
                self.each(theta, at, slice, |row, index, unit| {
                    weight += unit;
                    for (which, (level, index)) in
                        levels.iter_mut().zip([index, index - own]).enumerate()
                    {
                        let (mean, slope) = self.model.mean(index);
                        level.value += unit * mean;
                        slopes[which] += unit * slope;
                        self.add_covariates(&mut covariates[which], row, unit * slope);
                    }
                });
                for (level, slope) in levels.iter_mut().zip(slopes) {
                    level.add_constants(at, slice, effect, slope);
                }
                levels[0].beta[effect] += dose * slopes[0];
            }
        }
        for (level, own) in levels.iter_mut().zip(&covariates) {
            let of_columns = self.rows.factors.gathered(own, |sum, own| *sum += own);
            for (column, own) in self.index.of_covariate.iter().zip(of_columns) {
                if let Some(column) = column {
                    level.beta[*column] += own;
                }
            }
            level.divide(weight);
        }
        (weight > 0.0).then_some(levels)
    }

    /// The two means alone, over the parts that are `used`.
    pub(super) fn means(
        &self,
        theta: &Theta,
        effect: usize,
        used: impl Fn(&Part) -> bool,
    ) -> Option<[f64; 2]> {
        let (mut weight, mut sums) = (0.0, [0.0; 2]);
        for (at, part) in self.index.parts.iter().enumerate().filter(|(_, part)| used(part)) {
            for (slice, dose) in treated(part, effect) {
                let own = theta.beta[effect] * dose;
                self.each(theta, at, slice, |_, index, unit| {
                    weight += unit;
                    sums[0] += unit * self.model.mean(index).0;
                    sums[1] += unit * self.model.mean(index - own).0;
                });
            }
        }
        (weight > 0.0).then(|| sums.map(|sum| sum / weight))
    }

    /// Calls `see` with each row that has the outcome, its index and its weight.
    fn each(
        &self,
        theta: &Theta,
        part: usize,
        slice: &PartSlice,
        mut see: impl FnMut(usize, f64, f64),
    ) {
        let mut indices = vec![0.0; slice.rows.len()];
        let base = self.index.base(part, slice, theta);
        let coefficients = self.coefficients(theta);
        self.indices(slice.rows.start, base, &coefficients, &mut indices);
        for (row, index) in slice.rows.clone().zip(indices) {
            let unit = self.response.weight[row];
            if unit > 0.0 {
                see(row, index, unit);
            }
        }
    }

    fn add_covariates(&self, covariates: &mut [f64], row: usize, slope: f64) {
        self.rows.codes_of(row).iter().for_each(|&code| covariates[code as usize] += slope);
        let first = self.rows.factors.first_numeric();
        for (own, x) in covariates[first..].iter_mut().zip(self.rows.numerics_of(row)) {
            *own += slope * x;
        }
    }
}

/// Slices in which a column is not zero, with its value.
fn treated(part: &Part, effect: usize) -> impl Iterator<Item = (&PartSlice, f64)> {
    part.slices.iter().filter_map(move |slice| {
        let dose = slice.constants.iter().find(|(column, _)| *column == effect)?.1;
        Some((slice, dose))
    })
}
