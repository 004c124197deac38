//! The inner loop: one-hot blocks as table look-ups, one slice at a time.

use super::accumulate::{Classes, Sums};
use super::batch::{Batch, Shape, has};
use super::counts::BitSets;
use super::exact::{Steps, whole};

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
    steps: &'a Steps,
    batch: &'a Batch,
}

impl<'a> Kernel<'a> {
    pub(super) fn new(
        shape: &Shape,
        room: &[usize],
        (classes, steps): (&'a Classes, &'a Steps),
        batch: &'a Batch,
    ) -> Self {
        let mut offsets = vec![1];
        for levels in room {
            offsets.push(offsets[offsets.len() - 1] + levels);
        }
        Self {
            categoricals: room.len(),
            numerics: shape.numerics(),
            outcomes: shape.binary.len(),
            flags: shape.flags(),
            values: shape.values(),
            width: offsets[room.len()] + shape.numerics(),
            offsets,
            classes,
            steps,
            batch,
        }
    }

    /// Adds the rows at these positions of the batch to the sums of their slice.
    pub(super) fn add(&self, sums: &mut Sums, rows: &[u32]) {
        let countable = self.batch.weights.is_empty() && self.numerics == 0;
        if countable && rows.len() >= COUNTED {
            self.add_counts(sums, rows);
        } else {
            self.add_rows(sums, rows);
        }
    }

    /// Columns of the design that are 1 in a row, the constant apart.
    fn active(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let codes = &self.batch.codes[row * self.categoricals..(row + 1) * self.categoricals];
        self.offsets.iter().zip(codes).map(|(offset, &code)| offset + code as usize)
    }

    /// Outcomes of a row that hold numbers.
    fn numbers(&self, row: usize) -> &[f64] {
        &self.batch.values[row * self.values.len()..(row + 1) * self.values.len()]
    }

    fn add_counts(&self, sums: &mut Sums, rows: &[u32]) {
        let classes = &self.classes.members;
        let mut sets = BitSets::new(rows.len(), self.width, self.outcomes, classes.len());
        for (at, &row) in rows.iter().enumerate() {
            let row = row as usize;
            sets.column(0, at);
            self.active(row).for_each(|column| sets.column(column, at));
            sets.present(classes, self.batch.missing[row], at);
            sets.ones(self.batch.ones[row], at);
            for (&y, &k) in self.numbers(row).iter().zip(&self.values) {
                sums.xy[k] += y;
                for column in self.active(row) {
                    sums.xy[column * self.outcomes + k] += y;
                }
                self.add_square(sums, k, y, 1.0);
            }
        }
        sets.add_moments(&mut sums.classes, self.width);
        sets.add_xy(&self.flags, &mut sums.xy, &mut sums.yy, self.outcomes);
    }

    fn add_rows(&self, sums: &mut Sums, rows: &[u32]) {
        let mut active = vec![0usize; 1 + self.categoricals];
        let mut y = vec![0.0; self.outcomes];
        for &row in rows {
            let row = row as usize;
            let weight = self.batch.weights.get(row).copied().unwrap_or(1.0);
            if weight == 0.0 {
                continue;
            }
            active[1..].iter_mut().zip(self.active(row)).for_each(|(to, column)| *to = column);
            let numerics = &self.batch.numerics[row * self.numerics..(row + 1) * self.numerics];
            for (class, moments) in sums.classes.iter_mut().enumerate() {
                if self.batch.missing[row] & self.classes.members[class] == 0 {
                    moments.n += 1;
                    self.add_xx(&mut moments.xx, &active, numerics, weight);
                }
            }
            for &k in &self.flags {
                y[k] = f64::from(u8::from(has(self.batch.ones[row], k)));
            }
            self.values.iter().zip(self.numbers(row)).for_each(|(&k, &value)| y[k] = value);
            self.add_xy(sums, &active, numerics, &y, weight);
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

    fn add_square(&self, sums: &mut Sums, k: usize, y: f64, weight: f64) {
        if self.steps.of(k).is_some() {
            sums.squares[k] += whole(weight) * whole(y) * whole(y);
        } else {
            sums.yy[k] += weight * y * y;
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
        for (k, &value) in y.iter().enumerate() {
            self.add_square(sums, k, value, weight);
        }
    }
}
