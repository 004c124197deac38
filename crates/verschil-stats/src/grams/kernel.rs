//! The inner loop: one-hot blocks as table look-ups, one slice at a time.

use std::ops::Range;

use super::accumulate::{Batch, Classes, Shape, Sums};
use super::counts::BitSets;

/// Rows of a slice from which on counting common bits is cheaper than adding row by row.
const COUNTED: usize = 24;

/// The inner loop over the rows of one slice.
pub(super) struct Kernel<'a> {
    categoricals: usize,
    numerics: usize,
    outcomes: usize,
    /// Outcomes that hold 0 and 1 only, and the others.
    flags: Vec<usize>,
    values: Vec<usize>,
    width: usize,
    offsets: Vec<usize>,
    classes: &'a Classes,
    batch: &'a Batch,
    masks: &'a [u128],
}

impl<'a> Kernel<'a> {
    pub(super) fn new(
        shape: &Shape,
        room: &[usize],
        classes: &'a Classes,
        batch: &'a Batch,
        masks: &'a [u128],
    ) -> Self {
        let mut offsets = vec![1];
        for levels in room {
            offsets.push(offsets[offsets.len() - 1] + levels);
        }
        Self {
            categoricals: room.len(),
            numerics: shape.numerics(),
            outcomes: shape.centre.len(),
            flags: (0..shape.centre.len()).filter(|&k| !shape.centre[k]).collect(),
            values: (0..shape.centre.len()).filter(|&k| shape.centre[k]).collect(),
            width: offsets[room.len()] + shape.numerics(),
            offsets,
            classes,
            batch,
            masks,
        }
    }

    /// Adds the rows to the sums of their slice.
    pub(super) fn add(&self, sums: &mut Sums, rows: Range<usize>) {
        let countable = self.batch.weights.is_empty() && self.numerics == 0;
        let sets =
            (countable && rows.len() >= COUNTED).then(|| self.bit_sets(rows.clone())).flatten();
        match sets {
            Some(sets) => self.add_counts(sums, &sets, rows),
            None => self.add_rows(sums, rows),
        }
    }

    /// The rows as bit sets; nothing when an outcome that should be 0 or 1 is neither.
    fn bit_sets(&self, rows: Range<usize>) -> Option<BitSets> {
        let classes = &self.classes.members;
        let mut sets = BitSets::new(rows.len(), self.width, self.outcomes, classes.len());
        for (at, row) in rows.enumerate() {
            sets.column(0, at);
            let codes = &self.batch.codes[row * self.categoricals..(row + 1) * self.categoricals];
            for (offset, &code) in self.offsets.iter().zip(codes) {
                sets.column(offset + code as usize, at);
            }
            for (class, members) in classes.iter().enumerate() {
                if self.masks[row] & members == 0 {
                    sets.present(class, at);
                }
            }
            let y = &self.batch.outcomes[row * self.outcomes..(row + 1) * self.outcomes];
            for &k in &self.flags {
                if y[k] == 1.0 {
                    sets.one(k, at);
                } else if y[k] != 0.0 {
                    return None;
                }
            }
        }
        Some(sets)
    }

    fn add_counts(&self, sums: &mut Sums, sets: &BitSets, rows: Range<usize>) {
        sets.add_moments(&mut sums.classes, self.width);
        sets.add_xy(&self.flags, &mut sums.xy, &mut sums.yy, self.outcomes);
        for row in rows {
            let codes = &self.batch.codes[row * self.categoricals..(row + 1) * self.categoricals];
            let y = &self.batch.outcomes[row * self.outcomes..(row + 1) * self.outcomes];
            for &k in &self.values {
                sums.xy[k] += y[k];
                for (offset, &code) in self.offsets.iter().zip(codes) {
                    sums.xy[(offset + code as usize) * self.outcomes + k] += y[k];
                }
                sums.yy[k] += y[k] * y[k];
            }
        }
    }

    fn add_rows(&self, sums: &mut Sums, rows: Range<usize>) {
        let mut active = vec![0usize; 1 + self.categoricals];
        for row in rows {
            let weight = self.batch.weights.get(row).copied().unwrap_or(1.0);
            if weight == 0.0 {
                continue;
            }
            let codes = &self.batch.codes[row * self.categoricals..(row + 1) * self.categoricals];
            for (j, &code) in codes.iter().enumerate() {
                active[1 + j] = self.offsets[j] + code as usize;
            }
            let numerics = &self.batch.numerics[row * self.numerics..(row + 1) * self.numerics];
            for (class, moments) in sums.classes.iter_mut().enumerate() {
                let members = self.classes.members[class];
                if self.masks[row] & members == 0 {
                    moments.n += 1;
                    self.add_xx(&mut moments.xx, &active, numerics, weight);
                }
            }
            let y = &self.batch.outcomes[row * self.outcomes..(row + 1) * self.outcomes];
            self.add_xy(sums, &active, numerics, y, weight);
        }
    }

    fn add_xx(&self, xx: &mut [f64], active: &[usize], numerics: &[f64], weight: f64) {
        for (i, &a) in active.iter().enumerate() {
            let line = &mut xx[a * self.width..(a + 1) * self.width];
            for &b in &active[i..] {
                line[b] += weight;
            }
            for (slot, &x) in line[self.width - self.numerics..].iter_mut().zip(numerics) {
                *slot += weight * x;
            }
        }
        let first = self.width - self.numerics;
        for (i, &x) in numerics.iter().enumerate() {
            let line = &mut xx[(first + i) * self.width + first..(first + i + 1) * self.width];
            for (slot, &z) in line.iter_mut().zip(numerics).skip(i) {
                *slot += weight * x * z;
            }
        }
    }

    fn add_xy(&self, sums: &mut Sums, active: &[usize], numerics: &[f64], y: &[f64], weight: f64) {
        let k = self.outcomes;
        for &a in active {
            for (slot, &value) in sums.xy[a * k..(a + 1) * k].iter_mut().zip(y) {
                *slot += weight * value;
            }
        }
        let first = self.width - self.numerics;
        for (i, &x) in numerics.iter().enumerate() {
            let line = &mut sums.xy[(first + i) * k..(first + i + 1) * k];
            for (slot, &value) in line.iter_mut().zip(y) {
                *slot += weight * x * value;
            }
        }
        for (slot, &value) in sums.yy.iter_mut().zip(y) {
            *slot += weight * value * value;
        }
    }
}
