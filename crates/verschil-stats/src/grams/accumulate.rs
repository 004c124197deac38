//! From streamed codes to sums: one-hot blocks become table look-ups.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::assemble::Summed;
use super::batch::{Batch, Shape, has};
use super::counts::BitSets;
use super::exact::Steps;
use super::kernel::Kernel;
use super::{Grams, Moments, Part, Triangle, rounded};

/// Rows with weights or numeric covariates that are collected before they are summed: each flush
/// walks every slice's table, so few and large ones pay.
const FLUSH: usize = 400_000;

/// Accumulates [`Grams`] batch by batch. Memory is bounded by slices x p^2, not by rows, and the
/// sums do not depend on the number of threads: each slice is summed by one thread in row order.
#[derive(Debug)]
pub struct GramBuilder {
    shape: Shape,
    outcomes: usize,
    /// Room for levels of each categorical covariate; grows by re-layout.
    room: Vec<usize>,
    slices: Vec<Slice>,
    /// [region][period], or `usize::MAX`.
    slice_at: Vec<Vec<usize>>,
    classes: Classes,
    numeric_shift: Vec<f64>,
    outcome_shift: Vec<f64>,
    started: bool,
    /// Whether no value of the outcome has come by yet.
    unseen: Vec<bool>,
    /// Positions of the outcomes that hold numbers.
    values: Vec<usize>,
    /// Outcomes that are summed in whole steps.
    steps: Steps,
    /// Rows not yet given to their slices.
    waiting: Batch,
}

#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) region: u32,
    pub(super) period: u32,
    pub(super) classes: Vec<Moments>,
    pub(super) xy: Vec<f64>,
    pub(super) yy: Vec<f64>,
    /// K: sum w y_k^2 of outcomes that are summed in whole steps, in steps.
    pub(super) squares: Vec<i128>,
}

impl Sums {
    /// Nothing yet of a region and period, by code.
    pub(super) fn zeros(
        (region, period): (u32, u32),
        (width, outcomes, classes): (usize, usize, usize),
    ) -> Self {
        Self {
            region,
            period,
            classes: vec![Moments { n: 0, xx: Triangle::zeros(width) }; classes],
            xy: vec![0.0; width * outcomes],
            yy: vec![0.0; outcomes],
            squares: vec![0; outcomes],
        }
    }
}

/// Sums of a slice, and its rows that are not counted yet.
#[derive(Debug)]
struct Slice {
    sums: Sums,
    waiting: BitSets,
}

/// Partition of the outcomes by which rows miss them, refined as rows arrive.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    of: Vec<usize>,
    pub(super) members: Vec<u128>,
    seen: FxHashSet<u128>,
}

impl Classes {
    fn new(outcomes: usize) -> Self {
        let all = if outcomes == 128 { u128::MAX } else { (1u128 << outcomes) - 1 };
        Self { of: vec![0; outcomes], members: vec![all], seen: FxHashSet::from_iter([0, all]) }
    }

    /// Splits every class that `mask` cuts; returns the classes cut, in the order in which their
    /// offshoots were appended.
    fn refine(&mut self, mask: u128) -> Vec<usize> {
        let mut split = Vec::new();
        let all_apart = self.members.len() == self.of.len();
        if mask == 0 || all_apart || !self.seen.insert(mask) {
            return split;
        }
        for class in 0..self.members.len() {
            let members = self.members[class];
            let cut = members & mask;
            if cut != 0 && cut != members {
                self.members[class] = members & !mask;
                for (outcome, of) in self.of.iter_mut().enumerate() {
                    if has(cut, outcome) {
                        *of = self.members.len();
                    }
                }
                self.members.push(cut);
                split.push(class);
            }
        }
        split
    }
}

impl GramBuilder {
    /// Most outcomes that one pass can take.
    pub const MAX_OUTCOMES: usize = 128;

    /// An empty builder.
    ///
    /// # Panics
    /// With more than [`Self::MAX_OUTCOMES`] outcomes.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let outcomes = shape.binary.len();
        assert!(outcomes <= Self::MAX_OUTCOMES, "at most 128 outcomes in one pass");
        Self {
            room: vec![0; shape.categoricals()],
            classes: Classes::new(outcomes),
            outcomes,
            slices: Vec::new(),
            slice_at: Vec::new(),
            numeric_shift: vec![0.0; shape.numerics()],
            outcome_shift: vec![0.0; outcomes],
            started: false,
            unseen: vec![true; outcomes],
            values: shape.values(),
            steps: Steps::default(),
            waiting: Batch::default(),
            shape,
        }
    }

    /// The same builder, with outcomes summed in whole steps: for each how many of them make a unit
    /// (100 for euros in cents), none for one that is summed as it is. Values are whole numbers of
    /// steps. Without numeric covariates and analytic weights these sums are exact as long as they
    /// hold fewer than 2^53 steps, and the order of rows does not change a bit of them.
    #[must_use]
    pub fn in_steps(mut self, per_unit: &[Option<f64>]) -> Self {
        self.steps = Steps::new(per_unit, &self.shape);
        self
    }

    /// Adds rows and leaves the batch empty; `levels` is the present size of each categorical
    /// covariate's dictionary.
    pub fn push(&mut self, batch: &mut Batch, levels: &[usize]) {
        self.make_room(levels);
        if batch.counts() {
            self.add(batch);
        } else {
            self.waiting.append(batch);
            if self.waiting.len() >= FLUSH {
                self.flush();
            }
        }
        batch.clear();
    }

    /// Sums the rows that wait for their slices.
    fn flush(&mut self) {
        let mut batch = std::mem::take(&mut self.waiting);
        self.add(&mut batch);
        batch.clear();
        self.waiting = batch;
    }

    /// Gives rows to their slices, each slice by one thread.
    fn add(&mut self, batch: &mut Batch) {
        if batch.is_empty() {
            return;
        }
        self.start(batch);
        self.centre(batch);
        self.refine(&batch.missing);
        let (order, ends) = self.sort_by_slice(batch);
        let kernel = Kernel::new(&self.shape, &self.room, (&self.classes, &self.steps));
        self.slices.par_iter_mut().enumerate().for_each(|(at, Slice { sums, waiting })| {
            let start = if at == 0 { 0 } else { ends[at - 1] };
            kernel.add(sums, waiting, batch, &order[start..ends[at]]);
        });
    }

    /// Counts the rows that wait in their slices.
    fn settle(&mut self) {
        let kernel = Kernel::new(&self.shape, &self.room, (&self.classes, &self.steps));
        self.slices.par_iter_mut().for_each(|Slice { sums, waiting }| kernel.count(sums, waiting));
    }

    /// Centres on a rounded first value: sums of squares keep their digits, and no person's
    /// value is stored. An outcome that begins later is centred there, so that the size of batches
    /// changes nothing.
    fn start(&mut self, batch: &Batch) {
        if !self.started {
            self.started = true;
            for (shift, &first) in self.numeric_shift.iter_mut().zip(&batch.numerics) {
                *shift = rounded(first);
            }
        }
        for (at, &k) in self.values.iter().enumerate() {
            if self.unseen[k]
                && self.steps.of(k).is_none()
                && let Some(row) = batch.missing.iter().position(|&missing| !has(missing, k))
            {
                self.outcome_shift[k] = rounded(batch.values[row * self.values.len() + at]);
                self.unseen[k] = false;
            }
        }
    }

    /// Subtracts the centres; missing values become zeros, which add nothing.
    fn centre(&self, batch: &mut Batch) {
        if !self.numeric_shift.is_empty() {
            for row in batch.numerics.chunks_exact_mut(self.numeric_shift.len()) {
                row.iter_mut().zip(&self.numeric_shift).for_each(|(x, shift)| *x -= shift);
            }
        }
        if !self.values.is_empty() {
            let rows = batch.values.chunks_exact_mut(self.values.len());
            for (row, &missing) in rows.zip(&batch.missing) {
                for (y, &k) in row.iter_mut().zip(&self.values) {
                    *y = match self.steps.of(k) {
                        _ if has(missing, k) => 0.0,
                        Some(per_unit) => (*y * per_unit).round(),
                        None => *y - self.outcome_shift[k],
                    };
                }
            }
        }
    }

    fn refine(&mut self, masks: &[u128]) {
        let mut last = 0;
        for &mask in masks {
            if mask == last {
                continue;
            }
            last = mask;
            let split = self.classes.refine(mask);
            if !split.is_empty() {
                self.settle();
            }
            for class in split {
                for Slice { sums, .. } in &mut self.slices {
                    let copy = sums.classes[class].clone();
                    sums.classes.push(copy);
                }
            }
        }
    }

    /// Rows in the order of their slices, within a slice in their own order, and where each slice
    /// ends.
    #[allow(clippy::cast_possible_truncation)]
    fn sort_by_slice(&mut self, batch: &Batch) -> (Vec<u32>, Vec<usize>) {
        let slice_of: Vec<u32> = batch
            .region
            .iter()
            .zip(&batch.period)
            .map(|(&r, &t)| self.slice(r, t) as u32)
            .collect();
        let mut ends = vec![0; self.slices.len()];
        slice_of.iter().for_each(|&slice| ends[slice as usize] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total - *end;
        }
        let mut order = vec![0; batch.len()];
        for (row, &slice) in slice_of.iter().enumerate() {
            let end = &mut ends[slice as usize];
            order[*end] = row as u32;
            *end += 1;
        }
        (order, ends)
    }

    fn slice(&mut self, region: u32, period: u32) -> usize {
        let (r, t) = (region as usize, period as usize);
        if self.slice_at.len() <= r {
            self.slice_at.resize(r + 1, Vec::new());
        }
        if self.slice_at[r].len() <= t {
            self.slice_at[r].resize(t + 1, usize::MAX);
        }
        if self.slice_at[r][t] == usize::MAX {
            self.slice_at[r][t] = self.slices.len();
            let sizes = (self.width(), self.outcomes, self.classes.members.len());
            let sums = Sums::zeros((region, period), sizes);
            self.slices.push(Slice { sums, waiting: BitSets::default() });
        }
        self.slice_at[r][t]
    }

    fn width(&self) -> usize {
        1 + self.room.iter().sum::<usize>() + self.numeric_shift.len()
    }

    fn make_room(&mut self, levels: &[usize]) {
        if levels.iter().zip(&self.room).all(|(needed, have)| needed <= have) {
            return;
        }
        self.settle();
        let old_room = self.room.clone();
        for (have, &needed) in self.room.iter_mut().zip(levels) {
            *have = (*have).max(needed);
        }
        let from = origins(&old_room, &self.room, self.numeric_shift.len());
        let outcomes = self.outcomes;
        for Slice { sums, .. } in &mut self.slices {
            for moments in &mut sums.classes {
                moments.xx = moments.xx.arranged(&from);
            }
            let mut xy = vec![0.0; from.len() * outcomes];
            for (to, from) in from.iter().enumerate().filter_map(|(to, from)| Some((to, (*from)?)))
            {
                xy[to * outcomes..(to + 1) * outcomes]
                    .copy_from_slice(&sums.xy[from * outcomes..(from + 1) * outcomes]);
            }
            sums.xy = xy;
        }
    }

    /// Closes the accumulation. The dictionaries say what the codes meant: region codes to names
    /// with their clusters, period codes to periods, and the levels of each categorical covariate.
    #[must_use]
    pub fn finish(self, names: &Dictionaries) -> Grams {
        self.summed().grams(names)
    }

    /// [`Self::finish`] where the region codes of rows were those of `parts`; the dictionaries are
    /// those of the regions.
    ///
    /// # Panics
    /// When a code is that of no part.
    #[must_use]
    pub fn finish_weighted(self, parts: &[Part], names: &Dictionaries) -> Grams {
        self.summed().weighted(parts, names)
    }

    fn summed(mut self) -> Summed {
        self.flush();
        self.settle();
        Summed {
            shape: self.shape,
            room: self.room,
            slices: self.slices.into_iter().map(|slice| slice.sums).collect(),
            class_of: self.classes.of,
            numeric_shift: self.numeric_shift,
            outcome_shift: self.outcome_shift,
            steps: self.steps,
        }
    }
}

/// What the codes of all batches meant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dictionaries {
    /// Region code to name.
    pub regions: Vec<String>,
    /// Region code to name of its cluster.
    pub clusters: Vec<String>,
    /// Period code to period.
    pub periods: Vec<i64>,
    /// For each categorical covariate, level code to level.
    pub levels: Vec<Vec<String>>,
}

/// For each column where it stood before dictionaries grew; none for a new level.
fn origins(old: &[usize], new: &[usize], numerics: usize) -> Vec<Option<usize>> {
    let mut before = 0..;
    let mut from: Vec<Option<usize>> = before.by_ref().take(1).map(Some).collect();
    for (&had, &has) in old.iter().zip(new) {
        from.extend(before.by_ref().take(had).map(Some));
        from.resize(from.len() + has - had, None);
    }
    from.extend(before.take(numerics).map(Some));
    from
}
