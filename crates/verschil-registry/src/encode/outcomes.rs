//! Outcomes from columns to rows: flags as bits, numbers as they are.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::{CastOptions, cast_with_options, filter};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::arrow::error::ArrowError;
use verschil_stats::grams::Batch;

use super::bits::spread;

/// What the column of an outcome holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Yes or no.
    Flag,
    /// A number; in whole steps, so many to a unit, where there are any.
    Number(Option<f64>),
}

/// Steps beyond which sums of values would not be whole any more.
pub(crate) const MOST_STEPS: f64 = 1e15;

/// Adds the outcomes of the rows that are kept, `rows` in all, to a batch; counts the values that
/// cannot be for each outcome. A row that is kept may stand for several.
pub(super) fn add<'a>(
    batch: &mut Batch,
    columns: impl Iterator<Item = (&'a ArrayRef, Kind)> + Clone,
    kept: &[(usize, u64)],
    rows: usize,
    bad: &mut [u64],
) -> Result<(), ArrowError> {
    batch.missing.resize(kept.len(), 0);
    batch.ones.resize(kept.len(), 0);
    let numbers = columns.clone().filter(|(_, kind)| *kind != Kind::Flag).count();
    batch.values.resize(kept.len() * numbers, 0.0);
    let all = (kept.len() < rows).then(|| mask(kept, rows));
    let (mut missing, mut ones, mut at) = (Vec::new(), Vec::new(), 0);
    for (k, (column, kind)) in columns.enumerate() {
        let column = match &all {
            Some(mask) => filter(column, mask)?,
            None => column.clone(),
        };
        if let Some(nulls) = column.nulls().filter(|nulls| nulls.null_count() > 0) {
            missing.push((k, !nulls.inner()));
        }
        bad[k] += match kind {
            Kind::Flag if *column.data_type() == DataType::Boolean => {
                ones.push((k, known_and_true(column.as_boolean())));
                0
            }
            Kind::Flag => flags(batch, k, &column, kept)?,
            Kind::Number(steps) => {
                at += 1;
                values(batch, k, (at - 1, numbers), &Numbers { column: &column, kept, steps })?
            }
        };
    }
    spread(&missing, &mut batch.missing);
    spread(&ones, &mut batch.ones);
    Ok(())
}

fn known_and_true(column: &BooleanArray) -> BooleanBuffer {
    match column.nulls().filter(|nulls| nulls.null_count() > 0) {
        Some(nulls) => column.values() & nulls.inner(),
        None => column.values().clone(),
    }
}

/// As numbers; what is no number is an error, never a missing value.
fn number(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, &DataType::Float64, &strict)
}

fn mask(kept: &[(usize, u64)], rows: usize) -> BooleanArray {
    let mut mask = vec![false; rows];
    kept.iter().for_each(|&(row, _)| mask[row] = true);
    mask.into()
}

/// Marks the ones of a 0/1 outcome that is stored as numbers; gives the number of values that are
/// neither.
fn flags(
    batch: &mut Batch,
    k: usize,
    column: &ArrayRef,
    kept: &[(usize, u64)],
) -> Result<u64, ArrowError> {
    let column = number(column)?;
    let mut bad = 0;
    for (row, y) in column.as_primitive::<Float64Type>().iter().enumerate() {
        match y {
            Some(1.0) => batch.ones[row] |= 1 << k,
            Some(0.0) | None => {}
            Some(y) if y.is_nan() => batch.missing[row] |= 1 << k,
            Some(_) => bad += kept[row].1,
        }
    }
    Ok(bad)
}

/// A numeric outcome of the rows that are kept.
struct Numbers<'a> {
    column: &'a ArrayRef,
    kept: &'a [(usize, u64)],
    steps: Option<f64>,
}

/// Writes a numeric outcome into column `at` of `width`, rounded to whole steps where there are
/// any; gives the number of values that are too large to be summed.
fn values(
    batch: &mut Batch,
    k: usize,
    (at, width): (usize, usize),
    &Numbers { column, kept, steps }: &Numbers<'_>,
) -> Result<u64, ArrowError> {
    let most = steps.map_or(f64::MAX, |steps| MOST_STEPS / steps);
    let column = number(column)?;
    let column = column.as_primitive::<Float64Type>();
    let mut bad = 0;
    for (row, y) in column.iter().enumerate().filter_map(|(row, y)| Some((row, y?))) {
        bad += u64::from(y.abs() > most) * kept[row].1;
        batch.missing[row] |= u128::from(y.is_nan()) << k;
        batch.values[row * width + at] = steps.map_or(y, |steps| (y * steps).round() / steps);
    }
    Ok(bad)
}
