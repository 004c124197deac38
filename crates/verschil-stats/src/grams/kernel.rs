//! The inner loop: one-hot blocks as table look-ups, one slice at a time.

use super::accumulate::{Classes, Sums};
use super::batch::{Batch, Shape, has};
use super::counts::{BitSets, Sizes};
use super::diagonal;
use super::exact::{Steps, whole};

/// Rows that wait in a slice before they are counted: each count walks its tables once.
const COUNTED: usize = 512;

/// The inner loop over the rows of one slice.
pub(super) struct Kernel<'a> {
    numerics: usize,
    outcomes: usize,
    /// Outcomes that hold 0 and 1 only, and the others.
    flags: Vec<usize>,
    values: Vec<usize>,
    width: usize,
    offsets: Vec<usize>,
    classes: &'a Classes,
    steps: &'a Steps,
}

impl<'a> Kernel<'a> {
    pub(super) fn new(
        shape: &Shape,
        room: &[usize],
        (classes, steps): (&'a Classes, &'a Steps),
    ) -> Self {
        let mut offsets = vec![1];
        for levels in room {
            offsets.push(offsets[offsets.len() - 1] + levels);
        }
        Self {
            numerics: shape.numerics(),
            outcomes: shape.binary.len(),
            flags: shape.flags(),
            values: shape.values(),
            width: offsets[room.len()] + shape.numerics(),
            offsets,
            classes,
            steps,
        }
    }

    /// Adds the rows at these positions of the batch to their slice.
    pub(super) fn add(&self, sums: &mut Sums, waiting: &mut BitSets, batch: &Batch, rows: &[u32]) {
        if batch.counts() {
            self.add_near(sums, waiting, batch, rows);
            if waiting.rows() >= COUNTED {
                self.count(sums, waiting);
            }
        } else {
            self.add_rows(sums, batch, rows);
        }
    }

    /// Counts the rows that wait.
    pub(super) fn count(&self, sums: &mut Sums, waiting: &mut BitSets) {
        if waiting.rows() == 0 {
            return;
        }
        waiting.add_moments(&mut sums.classes, &self.offsets);
        waiting.add_xy(&self.flags, &mut sums.xy, &mut sums.yy, self.outcomes);
        waiting.clear();
    }

    /// For each categorical covariate the column of the design that is 1 in each row.
    fn columns<'b>(
        &'b self,
        batch: &'b Batch,
    ) -> impl Iterator<Item = impl Iterator<Item = usize> + 'b> + 'b {
        let covariates = self.offsets.iter().zip(&batch.codes);
        covariates.map(|(offset, codes)| codes.iter().map(move |&code| offset + usize::from(code)))
    }

    /// Outcomes of a row that hold numbers.
    fn numbers<'b>(&self, batch: &'b Batch, row: usize) -> &'b [f64] {
        &batch.values[row * self.values.len()..(row + 1) * self.values.len()]
    }

    /// Keeps rows as bits until they are counted, and adds their numbers.
    fn add_near(&self, sums: &mut Sums, waiting: &mut BitSets, batch: &Batch, rows: &[u32]) {
        let sizes = Sizes {
            columns: self.width,
            outcomes: self.outcomes,
            classes: self.classes.members.len(),
        };
        let mut near = Batch::default();
        let mut rest = rows;
        while !rest.is_empty() {
            let mut block = waiting.block(sizes);
            let (now, later) = rest.split_at(rest.len().min(block.free()));
            near.gather(batch, self.values.len(), now);
            block.all(now.len());
            self.columns(&near).for_each(|columns| block.columns(columns));
            block.present(&self.classes.members, &near.missing);
            block.ones(&near.ones);
            block.end(now.len());
            self.add_numbers(sums, &near);
            rest = later;
        }
    }

    /// Adds the outcomes that hold numbers; they do not wait.
    fn add_numbers(&self, sums: &mut Sums, batch: &Batch) {
        for (at, &k) in self.values.iter().enumerate() {
            let values = || batch.values.iter().skip(at).step_by(self.values.len());
            for &y in values() {
                sums.xy[k] += y;
                self.add_square(sums, k, y, 1.0);
            }
            for columns in self.columns(batch) {
                for (column, y) in columns.zip(values()) {
                    sums.xy[column * self.outcomes + k] += y;
                }
            }
        }
    }

    fn add_rows(&self, sums: &mut Sums, batch: &Batch, rows: &[u32]) {
        let mut active = vec![0usize; 1 + batch.codes.len()];
        let mut y = vec![0.0; self.outcomes];
        for &row in rows {
            let row = row as usize;
            let weight = batch.weights.get(row).copied().unwrap_or(1.0);
            if weight == 0.0 {
                continue;
            }
            let covariates = self.offsets.iter().zip(&batch.codes);
            for (to, (offset, codes)) in active[1..].iter_mut().zip(covariates) {
                *to = offset + usize::from(codes[row]);
            }
            let numerics = &batch.numerics[row * self.numerics..(row + 1) * self.numerics];
            for (class, moments) in sums.classes.iter_mut().enumerate() {
                if batch.missing[row] & self.classes.members[class] == 0 {
                    moments.n += 1;
                    self.add_xx(moments.xx.numbers_mut(), &active, numerics, weight);
                }
            }
            for &k in &self.flags {
                y[k] = f64::from(u8::from(has(batch.ones[row], k)));
            }
            self.values.iter().zip(self.numbers(batch, row)).for_each(|(&k, &value)| y[k] = value);
            self.add_xy(sums, &active, numerics, &y, weight);
        }
    }

    fn add_xx(&self, xx: &mut [f64], active: &[usize], numerics: &[f64], weight: f64) {
        let first = self.width - self.numerics;
        for (i, &a) in active.iter().enumerate() {
            let line = &mut xx[diagonal(self.width, a)..diagonal(self.width, a + 1)];
            for &b in &active[i..] {
                line[b - a] += weight;
            }
            for (slot, &x) in line[first - a..].iter_mut().zip(numerics) {
                *slot += weight * x;
            }
        }
        for (i, &x) in numerics.iter().enumerate() {
            let line = &mut xx[diagonal(self.width, first + i)..];
            for (slot, &z) in line.iter_mut().zip(&numerics[i..]) {
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
