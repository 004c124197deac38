//! Unweighted rows as bit sets: cross-products of one-hot columns and 0/1 outcomes are then counts
//! of common bits, and each table is walked once per slice instead of once per row.

use pulp::{Arch, Simd, WithSimd};

use super::Moments;

/// Bit sets over the rows of one slice, 64 rows to a word: for each word one entry per categorical
/// column (the constant first), per 0/1 outcome and per sample class.
pub(super) struct BitSets {
    columns: Sets,
    ones: Sets,
    present: Sets,
}

/// `count` sets, word by word.
struct Sets {
    count: usize,
    words: Vec<u64>,
}

impl Sets {
    fn new(rows: usize, count: usize) -> Self {
        Self { count, words: vec![0; count * rows.div_ceil(64)] }
    }

    fn set(&mut self, which: usize, at: usize) {
        self.words[at / 64 * self.count + which] |= 1 << (at % 64);
    }

    /// The words of one set.
    fn of(&self, which: usize) -> impl Iterator<Item = u64> + '_ {
        self.words.iter().skip(which).step_by(self.count).copied()
    }
}

impl BitSets {
    pub(super) fn new(rows: usize, columns: usize, outcomes: usize, classes: usize) -> Self {
        Self {
            columns: Sets::new(rows, columns),
            ones: Sets::new(rows, outcomes),
            present: Sets::new(rows, classes),
        }
    }

    /// Row `at` has this column.
    pub(super) fn column(&mut self, column: usize, at: usize) {
        self.columns.set(column, at);
    }

    /// Row `at` has the value 1 in the outcomes of these bits.
    pub(super) fn ones(&mut self, mut bits: u128, at: usize) {
        while bits != 0 {
            self.ones.set(bits.trailing_zeros() as usize, at);
            bits &= bits - 1;
        }
    }

    /// Row `at`, which misses the outcomes of these bits, belongs to the classes that miss none.
    pub(super) fn present(&mut self, classes: &[u128], missing: u128, at: usize) {
        for (class, members) in classes.iter().enumerate() {
            if members & missing == 0 {
                self.present.set(class, at);
            }
        }
    }

    /// Adds rows and cross-products of every class; classes that hold the same rows of this slice
    /// are counted once.
    pub(super) fn add_moments(&self, classes: &mut [Moments], width: usize) {
        let mut counts = vec![0; self.columns.count * width];
        for class in 0..classes.len() {
            let alike = |other: &usize| self.present.of(*other).eq(self.present.of(class));
            let rows: u64 = self.present.of(class).map(|word| u64::from(word.count_ones())).sum();
            if rows == 0 || (0..class).any(|other| alike(&other)) {
                continue;
            }
            counts.fill(0);
            let present: Vec<u64> = self.present.of(class).collect();
            count_pairs(&self.columns.words, self.columns.count, &present, &mut counts);
            for same in (class..classes.len()).filter(alike) {
                classes[same].n += rows;
                add_triangle(&mut classes[same].xx, &counts, width);
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

/// Adds the upper triangle of `counts` to `xx`, both width x width.
fn add_triangle(xx: &mut [f64], counts: &[u32], width: usize) {
    for a in 0..width {
        let line = a * width + a..(a + 1) * width;
        for (slot, &count) in xx[line.clone()].iter_mut().zip(&counts[line]) {
            *slot += f64::from(count);
        }
    }
}

/// Counts of common rows of each pair of `width` columns among the rows that are present, upper
/// triangle (width x width).
fn count_pairs(columns: &[u64], width: usize, present: &[u64], counts: &mut [u32]) {
    Arch::new().dispatch(Pairs { columns, width, present, counts });
}

struct Pairs<'a> {
    columns: &'a [u64],
    width: usize,
    present: &'a [u64],
    counts: &'a mut [u32],
}

impl WithSimd for Pairs<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (columns, present) in self.columns.chunks_exact(self.width).zip(self.present) {
            for (a, column) in columns.iter().enumerate() {
                let line = a * self.width + a..(a + 1) * self.width;
                add_common(&mut self.counts[line], column & present, &columns[a..]);
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
