//! Which part a row belongs to: rows with equal keys always to the same.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, UInt32Array};
use datafusion::arrow::compute::{cast, take_record_batch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use datafusion::error::Result;

/// Parts that rows are split into at once.
pub(super) const WAYS: usize = 32;

/// Bits of a hash that tell the part.
const BITS: u32 = WAYS.trailing_zeros();

/// How often a part can be split again.
pub(super) const LEVELS: u32 = 4;

/// Unlike the engine's own, so that the keys of a part spread well in its tables.
const SEED: u64 = 0x7665_7273_6368_696c;

/// The rows of a batch by part, in a part in their own order, and where each part ends. Rows
/// without one of the keys, which are columns by position, are in none.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn split(
    batch: &RecordBatch,
    keys: &[usize],
    level: u32,
) -> Result<(RecordBatch, Vec<usize>)> {
    let rows = batch.num_rows();
    let keys: Vec<ArrayRef> = keys.iter().map(|&at| batch.column(at).clone()).collect();
    let mut hashes = vec![0; rows];
    create_hashes(&keys, &RandomState::with_seed(SEED), &mut hashes)?;
    let nulls: Vec<_> = keys.iter().filter_map(|key| key.logical_nulls()).collect();
    let whole = |row: usize| nulls.iter().all(|nulls| nulls.is_valid(row));
    let parts: Vec<Option<u8>> =
        (0..rows).map(|row| whole(row).then(|| part(hashes[row], level))).collect();
    let mut ends = vec![0; WAYS];
    parts.iter().flatten().for_each(|&part| ends[usize::from(part)] += 1);
    let mut total = 0;
    for end in &mut ends {
        total += *end;
        *end = total - *end;
    }
    let mut order = vec![0u32; total];
    for (row, part) in parts.iter().enumerate() {
        if let Some(part) = part {
            let end = &mut ends[usize::from(*part)];
            order[*end] = row as u32;
            *end += 1;
        }
    }
    Ok((take_record_batch(batch, &UInt32Array::from(order))?, ends))
}

/// Other bits of the hash at each level.
#[allow(clippy::cast_possible_truncation)]
fn part(hash: u64, level: u32) -> u8 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> (u64::BITS - BITS * (level + 1))) & (WAYS as u64 - 1)) as u8
}

/// A schema whose columns hold their values themselves: dictionaries of many batches cannot be
/// written as one.
pub(super) fn plain(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| {
        let plain = match field.data_type() {
            DataType::Dictionary(_, value) => value.as_ref().clone(),
            other => other.clone(),
        };
        Field::new(field.name(), plain, true)
    });
    Schema::new(fields.collect::<Vec<_>>())
}

/// A batch in the types of a schema, and with its names.
pub(super) fn typed(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
        if column.data_type() == field.data_type() {
            return Ok(Arc::clone(column));
        }
        cast(column, field.data_type())
    });
    let columns = columns.collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// A batch that holds no more than its rows: those of the engine may be stretches of larger ones.
pub(super) fn fitted(batch: &RecordBatch) -> Result<RecordBatch> {
    let rows =
        UInt32Array::from_iter_values(0..u32::try_from(batch.num_rows()).unwrap_or(u32::MAX));
    Ok(take_record_batch(batch, &rows)?)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{AsArray, Int64Array, StringArray};
    use datafusion::arrow::datatypes::Int64Type;

    use super::*;

    fn batch(rows: i64) -> RecordBatch {
        let number = |n: i64| (n % 11 > 0).then_some(n % 997);
        let numbers: Int64Array = (0..rows).map(number).collect();
        let texts: StringArray = (0..rows).map(|n| Some(format!("{}", n % 3))).collect();
        let order: Int64Array = (0..rows).map(Some).collect();
        let columns: [(&str, ArrayRef); 3] =
            [("n", Arc::new(numbers)), ("t", Arc::new(texts)), ("row", Arc::new(order))];
        RecordBatch::try_from_iter(columns).expect("batch")
    }

    /// Keys and part of every row that is in one.
    fn placed(rows: i64, level: u32) -> Vec<((i64, String), usize)> {
        let (sorted, ends) = split(&batch(rows), &[0, 1], level).expect("split");
        assert_eq!(ends.last(), Some(&sorted.num_rows()));
        let numbers = sorted.column(0).as_primitive::<Int64Type>();
        let texts = sorted.column(1).as_string::<i32>();
        let order = sorted.column(2).as_primitive::<Int64Type>();
        let part = |row: usize| ends.iter().position(|&end| row < end).expect("part");
        for row in 1..sorted.num_rows() {
            assert!(part(row) > part(row - 1) || order.value(row) > order.value(row - 1));
        }
        let key = |row: usize| (numbers.value(row), texts.value(row).to_owned());
        (0..sorted.num_rows()).map(|row| (key(row), part(row))).collect()
    }

    #[test]
    fn equal_keys_are_in_one_part_and_parts_are_even() {
        let rows = 60_000;
        for level in 0..=LEVELS {
            let placed = placed(rows, level);
            assert_eq!(placed.len(), (0..rows).filter(|n| n % 11 > 0).count());
            let mut of = std::collections::BTreeMap::new();
            let mut sizes = [0; WAYS];
            for (key, part) in placed {
                sizes[part] += 1;
                assert_eq!(*of.entry(key).or_insert(part), part);
            }
            // 2,991 keys over 32 parts: 93 each, with a standard deviation of 10
            assert!(sizes.iter().all(|&size| (800..3_000).contains(&size)), "{level}: {sizes:?}");
        }
    }

    #[test]
    fn levels_split_each_other() {
        let (first, second) = (placed(60_000, 0), placed(60_000, 1));
        let second: std::collections::BTreeMap<_, _> = second.into_iter().collect();
        let own = |part: usize| -> std::collections::BTreeSet<usize> {
            first.iter().filter(|(_, own)| *own == part).map(|(key, _)| second[key]).collect()
        };
        assert!((0..WAYS).all(|part| own(part).len() > WAYS / 2));
    }
}
