//! Unweighted rows as bit sets: cross-products of one-hot columns and 0/1 outcomes are then counts
//! of common bits, and each table is walked once per slice instead of once per row.

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

    fn by_word(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.count)
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

    /// Row `at` has the value 1 in this outcome.
    pub(super) fn one(&mut self, outcome: usize, at: usize) {
        self.ones.set(outcome, at);
    }

    /// Row `at` belongs to this class.
    pub(super) fn present(&mut self, class: usize, at: usize) {
        self.present.set(class, at);
    }

    /// Adds rows and cross-products of every class; classes that hold the same rows of this slice
    /// are counted once.
    pub(super) fn add_moments(&self, classes: &mut [Moments], width: usize) {
        let mut counts = vec![0; self.columns.count * width];
        for class in 0..classes.len() {
            let alike = |other: &usize| self.present.of(*other).eq(self.present.of(class));
            if (0..class).any(|other| alike(&other)) {
                continue;
            }
            self.count_pairs(class, &mut counts, width);
            let rows: u64 = self.present.of(class).map(|word| u64::from(word.count_ones())).sum();
            for same in (class..classes.len()).filter(alike) {
                classes[same].n += rows;
                for (slot, &count) in classes[same].xx.iter_mut().zip(&counts) {
                    *slot += f64::from(count);
                }
            }
        }
    }

    /// Counts of common rows of each pair of columns, upper triangle.
    fn count_pairs(&self, class: usize, counts: &mut [u32], width: usize) {
        counts.fill(0);
        for (columns, present) in self.columns.by_word().zip(self.present.of(class)) {
            for (a, column) in columns.iter().enumerate() {
                let here = column & present;
                if here != 0 {
                    add_common(&mut counts[a * width + a..], here, &columns[a..]);
                }
            }
        }
    }

    /// Adds the sums of the 0/1 outcomes in `which` over the rows of each column to `xy`
    /// (columns x `outcomes`, row-major), and their squares to `yy`.
    pub(super) fn add_xy(&self, which: &[usize], xy: &mut [f64], yy: &mut [f64], outcomes: usize) {
        let mut counts = vec![0; self.columns.count * outcomes];
        for (columns, ones) in self.columns.by_word().zip(self.ones.by_word()) {
            for (a, &column) in columns.iter().enumerate() {
                if column != 0 {
                    add_common(&mut counts[a * outcomes..], column, ones);
                }
            }
        }
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

/// Adds the number of bits that `here` shares with each of `others`.
fn add_common(counts: &mut [u32], here: u64, others: &[u64]) {
    for (count, other) in counts.iter_mut().zip(others) {
        *count += (here & other).count_ones();
    }
}
