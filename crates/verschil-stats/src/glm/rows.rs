//! Cells in the order of their slices, their codes as columns of the design.

use std::ops::Range;

use super::factors::Factors;
use crate::cells::Cells;
use crate::grams::Grams;
use crate::refusal::Refusal;

/// Cells sorted by region and period, ready for every outcome and every design of the Grams that were
/// made from the same rows.
#[derive(Debug)]
pub struct Rows {
    /// Cell of each row.
    order: Vec<u32>,
    /// Sorted by region, then period, by position in the Grams.
    pub(super) slices: Vec<RowSlice>,
    /// n x f: code of each factor.
    pub(super) codes: Vec<u32>,
    /// f factors, which stand for the categorical covariates.
    pub(super) factors: Factors,
    /// n x m: numeric covariates, centred.
    pub(super) numerics: Vec<f64>,
    /// m.
    pub(super) numeric_count: usize,
    /// Covariate columns of the Grams.
    pub(super) columns: usize,
    /// For each covariate column the largest size of its values.
    pub(super) reach: Vec<f64>,
    /// Names of the covariate columns.
    pub(super) names: Vec<String>,
}

/// Rows of one region in one period.
#[derive(Debug)]
pub(super) struct RowSlice {
    pub(super) region: usize,
    pub(super) period: usize,
    pub(super) rows: Range<usize>,
}

/// One outcome in the order of the rows: sums of weights, zero where it is missing, and weighted sums.
#[derive(Debug, Clone)]
pub struct Response {
    pub(super) weight: Vec<f64>,
    pub(super) sum: Vec<f64>,
    /// Which values are among those summed.
    pub(super) reach: Vec<Reach>,
}

/// Where the values of a row lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Below zero or without end, which no model takes.
    pub(super) refused: bool,
    pub(super) above_one: bool,
}

impl Rows {
    /// Sorts cells. `covariates` are the names of all covariates, as in messages.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when the cells and the Grams are not of the same rows.
    pub fn new(cells: &Cells, grams: &Grams, covariates: &[String]) -> Result<Self, Refusal> {
        let apart = || Refusal::NotDefined { why: "cells and sums are of different rows".into() };
        let regions = places(&cells.names.regions, |name| grams.region(name)).ok_or_else(apart)?;
        let periods = places(&cells.names.periods, |&t| grams.period(t)).ok_or_else(apart)?;
        let columns = level_columns(cells, grams).ok_or_else(apart)?;
        let place = |cell: usize| {
            (regions[cells.region.at(cell) as usize], periods[cells.period.at(cell) as usize])
        };
        let mut order: Vec<u32> = (0..u32::try_from(cells.len()).map_err(|_| apart())?).collect();
        order.sort_by_key(|&cell| place(cell as usize));
        let mut slices: Vec<RowSlice> = Vec::new();
        for (row, &cell) in order.iter().enumerate() {
            let (region, period) = place(cell as usize);
            match slices.last_mut().filter(|s| (s.region, s.period) == (region, period)) {
                Some(slice) => slice.rows.end = row + 1,
                None => slices.push(RowSlice { region, period, rows: row..row + 1 }),
            }
        }
        let numeric_count = cells.numerics.len();
        let of_region = cells.len() / grams.regions.len().max(1);
        let factors = Factors::new(&columns, (grams.columns.len(), numeric_count), of_region);
        let codes = order.iter().flat_map(|&cell| {
            factors.codes(move |covariate| cells.codes[covariate].at(cell as usize))
        });
        let first = grams.columns.len() - cells.numerics.len();
        let mut reach = vec![1.0; grams.columns.len()];
        let numerics = centred(cells, &order, &mut reach[first..]);
        let name = |column: &crate::grams::Column| {
            let name = covariates.get(column.covariate).map_or("a covariate", String::as_str);
            column.level.as_ref().map_or(name.to_owned(), |level| format!("{name} = {level}"))
        };
        Ok(Self {
            codes: codes.collect(),
            factors,
            numerics,
            numeric_count,
            columns: grams.columns.len(),
            reach,
            names: grams.columns.iter().map(name).collect(),
            slices,
            order,
        })
    }

    /// An outcome in the order of the rows.
    ///
    /// # Errors
    /// [`Refusal::NoOutcome`] when the cells have no such outcome.
    pub fn response(&self, cells: &Cells, outcome: usize) -> Result<Response, Refusal> {
        if outcome >= cells.outcomes.len() {
            return Err(Refusal::NoOutcome);
        }
        let order = || self.order.iter().map(|&cell| cell as usize);
        let (weight, sum) = order().map(|cell| cells.at(cell, outcome)).unzip();
        let reach = order().map(|cell| cells.range(cell, outcome)).map(|(least, most)| Reach {
            refused: least < 0.0 || most.is_infinite(),
            above_one: most > 1.0,
        });
        Ok(Response { weight, sum, reach: reach.collect() })
    }

    /// Codes of a row.
    #[inline(always)]
    pub(super) fn codes_of(&self, row: usize) -> &[u32] {
        let factors = self.factors.count();
        &self.codes[row * factors..(row + 1) * factors]
    }

    /// Numeric covariates of a row.
    #[inline(always)]
    pub(super) fn numerics_of(&self, row: usize) -> &[f64] {
        &self.numerics[row * self.numeric_count..(row + 1) * self.numeric_count]
    }
}

fn places<T>(names: &[T], place: impl Fn(&T) -> Option<usize>) -> Option<Vec<usize>> {
    names.iter().map(place).collect()
}

/// For each categorical covariate and level its column.
fn level_columns(cells: &Cells, grams: &Grams) -> Option<Vec<Vec<u32>>> {
    let of_levels = |column: &&crate::grams::Column| column.level.is_some();
    let mut covariates: Vec<usize> =
        grams.columns.iter().filter(of_levels).map(|column| column.covariate).collect();
    covariates.dedup();
    let numerics = grams.columns.iter().filter(|column| column.level.is_none()).count();
    // a covariate without any row has no level, and so no column
    let used: Vec<&Vec<String>> = cells.names.levels.iter().filter(|l| !l.is_empty()).collect();
    if used.len() != covariates.len() || numerics != cells.numerics.len() {
        return None;
    }
    let column = |covariate: usize, level: &String| {
        let same = |column: &crate::grams::Column| {
            column.covariate == covariate && column.level.as_ref() == Some(level)
        };
        u32::try_from(grams.columns.iter().position(same)?).ok()
    };
    used.into_iter()
        .zip(covariates)
        .map(|(levels, covariate)| levels.iter().map(|level| column(covariate, level)).collect())
        .collect()
}

/// Numeric covariates in order, minus their means; their largest sizes go to `reach`.
fn centred(cells: &Cells, order: &[u32], reach: &mut [f64]) -> Vec<f64> {
    let rows = crate::grams::count(order.len().max(1) as u64);
    let means: Vec<f64> =
        cells.numerics.iter().map(|values| values.iter().sum::<f64>() / rows).collect();
    for ((values, mean), reach) in cells.numerics.iter().zip(&means).zip(reach) {
        *reach = values.iter().fold(0.0, |most: f64, x| most.max((x - mean).abs()));
    }
    order
        .iter()
        .flat_map(|&cell| {
            let columns = cells.numerics.iter().zip(&means);
            columns.map(move |(values, mean)| values[cell as usize] - mean)
        })
        .collect()
}
