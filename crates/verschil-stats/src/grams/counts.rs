//! Unweighted rows as bit sets: cross-products of one-hot columns and 0/1 outcomes are then counts
//! of common bits, and each table is walked once per slice instead of once per row.

use pulp::{Arch, Simd, WithSimd};

use super::{Moments, diagonal, size};

/// Bit sets over rows of one slice that wait, 64 rows to a block: for each block one word per
/// categorical column (the constant first), per outcome and per sample class.
#[derive(Debug, Clone, Default)]
pub(super) struct BitSets {
    rows: usize,
    columns: Sets,
    ones: Sets,
    present: Sets,
}

/// Turns a square of bits round its diagonal: quarters change places, then quarters of quarters
/// (Warren 2013, Hacker's Delight, section 7-3).
pub fn transpose(square: &mut [u64; 64]) {
    let mut side = 32;
    let mut low = u64::from(u32::MAX);
    while side > 0 {
        for upper in (0..64).filter(|line| line & side == 0) {
            let moved = ((square[upper] >> side) ^ square[upper | side]) & low;
            square[upper] ^= moved << side;
            square[upper | side] ^= moved;
        }
        side /= 2;
        low ^= low << side;
    }
}

/// How many sets there are of each sort.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) columns: usize,
    pub(super) outcomes: usize,
    pub(super) classes: usize,
}

/// `count` sets, word by word.
#[derive(Debug, Clone, Default)]
struct Sets {
    count: usize,
    words: Vec<u64>,
}

impl Sets {
    /// One more word for each of `count` sets.
    fn grow(&mut self, count: usize) {
        self.count = count;
        self.words.resize(self.words.len() + count, 0);
    }

    fn last(&mut self) -> &mut [u64] {
        let start = self.words.len() - self.count;
        &mut self.words[start..]
    }

    /// The words of one set.
    fn of(&self, which: usize) -> impl Iterator<Item = u64> + '_ {
        self.words.iter().skip(which).step_by(self.count).copied()
    }
}

/// The last 64 rows, as far as they are there.
pub(super) struct Block<'a> {
    rows: &'a mut usize,
    at: usize,
    columns: &'a mut [u64],
    ones: &'a mut [u64],
    present: &'a mut [u64],
}

impl Block<'_> {
    /// Rows that it still takes.
    pub(super) fn free(&self) -> usize {
        64 - self.at
    }

    /// The next rows have the constant.
    pub(super) fn all(&mut self, rows: usize) {
        self.columns[0] |= (u64::MAX >> (64 - rows)) << self.at;
    }

    /// The next rows have these columns, one each.
    pub(super) fn columns(&mut self, columns: impl Iterator<Item = usize>) {
        columns.zip(self.at..).for_each(|(column, at)| self.columns[column] |= 1 << at);
    }

    /// The next rows have the value 1 in the outcomes of these bits.
    pub(super) fn ones(&mut self, rows: &[u128]) {
        for (first, ones) in (0..).step_by(64).zip(self.ones.chunks_mut(64)) {
            let mut square = [0; 64];
            #[allow(clippy::cast_possible_truncation)]
            square.iter_mut().zip(rows).for_each(|(line, bits)| *line = (bits >> first) as u64);
            transpose(&mut square);
            ones.iter_mut().zip(square).for_each(|(ones, of_rows)| *ones |= of_rows << self.at);
        }
    }

    /// The next rows, which miss the outcomes of these bits, belong to the classes that miss none.
    pub(super) fn present(&mut self, classes: &[u128], missing: &[u128]) {
        for (present, members) in self.present.iter_mut().zip(classes) {
            for (missing, at) in missing.iter().zip(self.at..) {
                *present |= u64::from(members & missing == 0) << at;
            }
        }
    }

    /// So many rows were added.
    pub(super) fn end(self, rows: usize) {
        *self.rows += rows;
    }
}

impl BitSets {
    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The block that takes the next row; all of its rows have the same sizes.
    pub(super) fn block(&mut self, sizes: Sizes) -> Block<'_> {
        let at = self.rows % 64;
        if at == 0 {
            self.columns.grow(sizes.columns);
            self.ones.grow(sizes.outcomes);
            self.present.grow(sizes.classes);
        }
        Block {
            rows: &mut self.rows,
            at,
            columns: self.columns.last(),
            ones: self.ones.last(),
            present: self.present.last(),
        }
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
        for sets in [&mut self.columns, &mut self.ones, &mut self.present] {
            sets.words.clear();
        }
    }

    /// Adds rows and cross-products of every class; classes that hold the same rows of this slice
    /// are counted once. `ends` says where the columns of each covariate end, the constant first.
    pub(super) fn add_moments(&self, classes: &mut [Moments], ends: &[usize]) {
        let width = self.columns.count;
        let mut counts = vec![0; size(width)];
        for class in 0..classes.len() {
            let alike = |other: &usize| self.present.of(*other).eq(self.present.of(class));
            let rows: u64 = self.present.of(class).map(|word| u64::from(word.count_ones())).sum();
            if rows == 0 || (0..class).any(|other| alike(&other)) {
                continue;
            }
            counts.fill(0);
            let present: Vec<u64> = self.present.of(class).collect();
            count_pairs(&self.columns.words, ends, &present, &mut counts);
            for same in (class..classes.len()).filter(alike) {
                classes[same].n += rows;
                classes[same].xx.add_counts(&counts);
            }
        }
    }

    /// Adds the sums of the 0/1 outcomes in `which` over the rows of each column to `xy`
    /// (columns x `outcomes`, row-major), and their squares to `yy`.
    pub(super) fn add_xy(&self, which: &[usize], xy: &mut [f64], yy: &mut [f64], outcomes: usize) {
        let mut counts = vec![0; self.columns.count * outcomes];
        count_ones(&self.columns.words, self.columns.count, &self.ones.words, &mut counts);
        for (line, counts) in xy.chunks_exact_mut(outcomes).zip(counts.chunks_exact(outcomes)) {
            for &k in which {
                line[k] += f64::from(counts[k]);
            }
        }
        for &k in which {
            yy[k] += f64::from(counts[k]);
        }
    }
}

/// Counts of common rows of each pair of columns among the rows that are present, upper triangle
/// by rows. A row has one level of each covariate, so levels of one share no row.
fn count_pairs(columns: &[u64], ends: &[usize], present: &[u64], counts: &mut [u32]) {
    let width = ends.last().copied().unwrap_or_default();
    Arch::new().dispatch(Pairs { columns, ends, present, counts });
    for column in 1..width {
        counts[diagonal(width, column)] = counts[column];
    }
}

struct Pairs<'a> {
    columns: &'a [u64],
    ends: &'a [usize],
    present: &'a [u64],
    counts: &'a mut [u32],
}

impl WithSimd for Pairs<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.ends.last().copied().unwrap_or_default();
        for (columns, present) in self.columns.chunks_exact(width).zip(self.present) {
            add_common(&mut self.counts[..width], *present, columns);
            for covariate in self.ends.windows(2) {
                let (start, end) = (covariate[0], covariate[1]);
                for a in start..end {
                    let line = diagonal(width, a) + end - a..diagonal(width, a + 1);
                    add_common(&mut self.counts[line], columns[a] & present, &columns[end..]);
                }
            }
        }
    }
}

/// Counts of ones of each outcome among the rows of each of `width` columns (width x outcomes).
fn count_ones(columns: &[u64], width: usize, ones: &[u64], counts: &mut [u32]) {
    Arch::new().dispatch(Ones { columns, width, ones, counts });
}

struct Ones<'a> {
    columns: &'a [u64],
    width: usize,
    ones: &'a [u64],
    counts: &'a mut [u32],
}

impl WithSimd for Ones<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let outcomes = self.counts.len() / self.width;
        let words = self.columns.chunks_exact(self.width).zip(self.ones.chunks_exact(outcomes));
        for (columns, ones) in words {
            for (&column, line) in columns.iter().zip(self.counts.chunks_exact_mut(outcomes)) {
                add_common(line, column, ones);
            }
        }
    }
}

/// Adds the number of bits that `here` shares with each of `others`. Inlined into loops that are
/// compiled for the processor at hand, which counts bits several times faster than the oldest one.
#[inline(always)]
fn add_common(counts: &mut [u32], here: u64, others: &[u64]) {
    if here != 0 {
        for (count, other) in counts.iter_mut().zip(others) {
            *count += (here & other).count_ones();
        }
    }
}
