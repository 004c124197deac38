//! The index of a design: which rows it uses, and which parameters each of them has.

use std::ops::Range;

use super::rows::Rows;
use crate::grams::Grams;
use crate::normal::{DesignColumn, Normal, Sample, Term};

/// Parameters: one per region, and one per column of the linear model with the same index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Theta {
    /// One per part.
    pub(super) region: Vec<f64>,
    /// k, zero where the column was dropped.
    pub(super) beta: Vec<f64>,
}

impl Theta {
    /// `share * self`.
    pub(super) fn times(&self, share: f64) -> Self {
        let multiply = |a: &[f64]| a.iter().map(|a| share * a).collect();
        Self { region: multiply(&self.region), beta: multiply(&self.beta) }
    }

    /// `self + share * step`.
    pub(super) fn plus(&self, step: &Self, share: f64) -> Self {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + share * b).collect();
        Self { region: add(&self.region, &step.region), beta: add(&self.beta, &step.beta) }
    }
}

/// The rows of a design with their columns.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// k columns.
    pub(super) columns: Vec<DesignColumn>,
    /// Regions with rows, in the order of their clusters.
    pub(super) parts: Vec<Part>,
    /// For each covariate column of the Grams its column here; none for a reference level.
    pub(super) of_covariate: Vec<Option<usize>>,
    /// k: largest size of a column's values.
    pub(super) reach: Vec<f64>,
}

/// One region.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Position in the Grams.
    pub(super) region: usize,
    /// Position of its cluster among the blocks of the linear model.
    pub(super) block: usize,
    pub(super) slices: Vec<PartSlice>,
}

/// One region in one period: what is not a covariate is constant in it.
#[derive(Debug, Clone)]
pub(super) struct PartSlice {
    /// Position of the period in the Grams.
    pub(super) period: usize,
    pub(super) rows: Range<usize>,
    /// Columns that are not zero here, with their values.
    pub(super) constants: Vec<(usize, f64)>,
}

impl Index {
    /// The rows of `sample` with the columns of `normal`, whose terms are `terms`.
    pub(super) fn new(
        rows: &Rows,
        grams: &Grams,
        normal: &Normal,
        sample: &Sample,
        terms: &[Term],
    ) -> Self {
        let class = normal.outcomes.first().map_or(0, |&outcome| grams.class_of[outcome]);
        let mut filled = vec![false; grams.regions.len() * grams.periods.len()];
        for slice in grams.slices.iter().filter(|slice| slice.classes[class].n > 0) {
            filled[slice.region * grams.periods.len() + slice.period] =
                sample.regions.binary_search(&slice.region).is_ok()
                    && sample.periods.binary_search(&slice.period).is_ok();
        }
        let here = |region: usize, period: usize| filled[region * grams.periods.len() + period];
        let column_of =
            |wanted: &DesignColumn| normal.columns.iter().position(|column| column == wanted);
        let mut parts: Vec<Part> = Vec::new();
        for slice in rows.slices.iter().filter(|slice| here(slice.region, slice.period)) {
            let period = column_of(&DesignColumn::Period(slice.period)).map(|column| (column, 1.0));
            let at = slice.region * grams.periods.len() + slice.period;
            let terms =
                terms.iter().enumerate().map(|(j, t)| (normal.term_column(j), t.values[at]));
            let constants = period.into_iter().chain(terms).filter(|(_, value)| *value != 0.0);
            let slice_here = PartSlice {
                period: slice.period,
                rows: slice.rows.clone(),
                constants: constants.collect(),
            };
            match parts.last_mut().filter(|part| part.region == slice.region) {
                Some(part) => part.slices.push(slice_here),
                None => {
                    let code = &grams.clusters[grams.cluster_of[slice.region]];
                    let block = normal.blocks.iter().position(|block| block.cluster == *code);
                    let (region, slices) = (slice.region, vec![slice_here]);
                    parts.extend(block.map(|block| Part { region, block, slices }));
                }
            }
        }
        parts.sort_by_key(|part| (part.block, part.region));
        let of_covariate: Vec<Option<usize>> =
            (0..rows.columns).map(|c| column_of(&DesignColumn::Covariate(c))).collect();
        let reach = normal.columns.iter().map(|column| match column {
            DesignColumn::Covariate(c) => rows.reach[*c],
            DesignColumn::Period(_) | DesignColumn::Term(_) => 1.0,
        });
        Self { reach: reach.collect(), columns: normal.columns.clone(), parts, of_covariate }
    }

    /// The index without one cluster.
    pub(super) fn without(&self, block: usize) -> Self {
        let parts = self.parts.iter().filter(|part| part.block != block).cloned().collect();
        Self { parts, ..self.clone() }
    }

    /// Coefficients by covariate column of the Grams.
    pub(super) fn coefficients(&self, theta: &Theta) -> Vec<f64> {
        let of = |column: &Option<usize>| column.map_or(0.0, |column| theta.beta[column]);
        self.of_covariate.iter().map(of).collect()
    }

    /// What all rows of a slice have in their index.
    pub(super) fn base(&self, part: usize, slice: &PartSlice, theta: &Theta) -> f64 {
        let constants = slice.constants.iter();
        constants.fold(theta.region[part], |sum, &(column, value)| sum + value * theta.beta[column])
    }
}
