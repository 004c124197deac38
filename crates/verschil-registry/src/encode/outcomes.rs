//! Outcomes from columns to rows: flags as bits, numbers as they are.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::compute::{CastOptions, cast_with_options, filter};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::arrow::error::ArrowError;
use verschil_stats::grams::Batch;
use verschil_study::OutcomeKind;

/// Adds the outcomes of the rows that are kept, `rows` in all, to a batch; counts the values that
/// cannot be for each outcome.
pub(super) fn add<'a>(
    batch: &mut Batch,
    columns: impl Iterator<Item = (&'a ArrayRef, OutcomeKind)> + Clone,
    kept: &[usize],
    rows: usize,
    bad: &mut [u64],
) -> Result<(), ArrowError> {
    batch.missing = vec![0; kept.len()];
    batch.ones = vec![0; kept.len()];
    let numbers = columns.clone().filter(|(_, kind)| *kind != OutcomeKind::Binary).count();
    batch.values = vec![0.0; kept.len() * numbers];
    let all = (kept.len() < rows).then(|| mask(kept, rows));
    let mut at = 0;
    for (k, (column, kind)) in columns.enumerate() {
        let column = match &all {
            Some(mask) => filter(column, mask)?,
            None => column.clone(),
        };
        if let Some(nulls) = column.nulls().filter(|nulls| nulls.null_count() > 0) {
            mark(&mut batch.missing, k, (!nulls.inner()).set_indices());
        }
        bad[k] += if kind == OutcomeKind::Binary {
            flags(batch, k, &column)?
        } else {
            at += 1;
            values(batch, k, &column, at - 1, numbers)?
        };
    }
    Ok(())
}

/// As numbers; what is no number is an error, never a missing value.
fn number(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, &DataType::Float64, &strict)
}

fn mask(kept: &[usize], rows: usize) -> BooleanArray {
    let mut mask = vec![false; rows];
    kept.iter().for_each(|&row| mask[row] = true);
    mask.into()
}

fn mark(bits: &mut [u128], k: usize, rows: impl Iterator<Item = usize>) {
    rows.for_each(|row| bits[row] |= 1 << k);
}

/// Marks the ones of a 0/1 outcome; gives the number of values that are neither.
fn flags(batch: &mut Batch, k: usize, column: &ArrayRef) -> Result<u64, ArrowError> {
    if *column.data_type() == DataType::Boolean {
        let column = column.as_boolean();
        match column.nulls().filter(|nulls| nulls.null_count() > 0) {
            Some(nulls) => {
                let ones = column.values() & nulls.inner();
                mark(&mut batch.ones, k, ones.set_indices());
            }
            None => mark(&mut batch.ones, k, column.values().set_indices()),
        }
        return Ok(0);
    }
    let column = number(column)?;
    let mut bad = 0;
    for (row, y) in column.as_primitive::<Float64Type>().iter().enumerate() {
        match y {
            Some(1.0) => batch.ones[row] |= 1 << k,
            Some(0.0) | None => {}
            Some(y) if y.is_nan() => batch.missing[row] |= 1 << k,
            Some(_) => bad += 1,
        }
    }
    Ok(bad)
}

/// Writes a numeric outcome into column `at` of `width`; gives the number of infinite values.
fn values(
    batch: &mut Batch,
    k: usize,
    column: &ArrayRef,
    at: usize,
    width: usize,
) -> Result<u64, ArrowError> {
    let column = number(column)?;
    let column = column.as_primitive::<Float64Type>();
    let mut bad = 0;
    for (row, y) in column.iter().enumerate().filter_map(|(row, y)| Some((row, y?))) {
        bad += u64::from(y.is_infinite());
        batch.missing[row] |= u128::from(y.is_nan()) << k;
        batch.values[row * width + at] = y;
    }
    Ok(bad)
}
