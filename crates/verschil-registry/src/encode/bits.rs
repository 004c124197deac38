//! Columns of bits turned into rows of bits, 64 rows at a time.

use datafusion::arrow::buffer::BooleanBuffer;
use verschil_stats::grams::transpose;

/// Sets bit k of each row whose bit in column k is set.
pub(super) fn spread(columns: &[(usize, BooleanBuffer)], rows: &mut [u128]) {
    for half in [0, 64] {
        let columns: Vec<(usize, Vec<u64>)> = columns
            .iter()
            .filter(|(k, _)| (half..half + 64).contains(k))
            .map(|(k, bits)| (k - half, bits.bit_chunks().iter_padded().collect()))
            .collect();
        if columns.is_empty() {
            continue;
        }
        for (block, rows) in rows.chunks_mut(64).enumerate() {
            let mut square = [0; 64];
            columns.iter().for_each(|(k, words)| square[*k] = words[block]);
            transpose(&mut square);
            rows.iter_mut().zip(square).for_each(|(row, bits)| *row |= u128::from(bits) << half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_bits_that_the_columns_have() {
        let value = |row: usize, k: usize| (row * 31 + k * k * 7) % 5 < 2;
        for (rows, offset) in [(1, 0), (63, 0), (64, 3), (200, 5)] {
            let columns: Vec<(usize, BooleanBuffer)> = [0, 5, 63, 64, 90, 127]
                .map(|k| {
                    let whole = BooleanBuffer::collect_bool(rows + offset, |at| {
                        at >= offset && value(at - offset, k)
                    });
                    (k, whole.slice(offset, rows))
                })
                .to_vec();
            let mut found = vec![1 << 7; rows];
            spread(&columns, &mut found);
            for (row, bits) in found.into_iter().enumerate() {
                let expected = columns.iter().map(|(k, _)| u128::from(value(row, *k)) << k);
                assert_eq!(bits, (1 << 7) | expected.sum::<u128>(), "{row} of {rows}");
            }
        }
    }
}
