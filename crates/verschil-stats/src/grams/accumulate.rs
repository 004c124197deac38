//! From streamed codes to sums: one-hot blocks become table look-ups.

use std::collections::HashSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::kernel::Kernel;
use super::{Column, Grams, Moments, Slice, Weighting};

/// What does not change while rows stream in.
#[derive(Debug, Clone)]
pub struct Shape {
    /// For each covariate, whether it is categorical; numeric ones are streamed as values.
    pub categorical: Vec<bool>,
    /// For each outcome, whether sums of it should be centred (anything but 0/1 values).
    pub centre: Vec<bool>,
    /// How rows count.
    pub weighting: Weighting,
}

impl Shape {
    pub(super) fn categoricals(&self) -> usize {
        self.categorical.iter().filter(|&&c| c).count()
    }

    pub(super) fn numerics(&self) -> usize {
        self.categorical.len() - self.categoricals()
    }
}

/// Rows to add, as plain columns laid out row by row. All codes are dictionary positions.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// n: region codes.
    pub region: Vec<u32>,
    /// n: period codes.
    pub period: Vec<u32>,
    /// n x categoricals, row-major.
    pub codes: Vec<u32>,
    /// n x numerics, row-major, all finite.
    pub numerics: Vec<f64>,
    /// n x K, row-major; NaN where the outcome is missing.
    pub outcomes: Vec<f64>,
    /// n, finite and not negative, a weight of zero making a row none; empty when rows are not
    /// weighted.
    pub weights: Vec<f64>,
}

impl Batch {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.region.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.region.is_empty()
    }
}

/// Accumulates [`Grams`] batch by batch. Memory is bounded by slices x p^2, not by rows, and the
/// sums do not depend on the number of threads: each slice is summed by one thread in row order.
#[derive(Debug)]
pub struct GramBuilder {
    shape: Shape,
    outcomes: usize,
    /// Room for levels of each categorical covariate; grows by re-layout.
    room: Vec<usize>,
    slices: Vec<Sums>,
    /// [region][period], or `usize::MAX`.
    slice_at: Vec<Vec<usize>>,
    classes: Classes,
    numeric_shift: Vec<f64>,
    outcome_shift: Vec<f64>,
    started: bool,
    /// Whether no value of the outcome has come by yet.
    unseen: Vec<bool>,
}

#[derive(Debug, Clone)]
pub(super) struct Sums {
    region: u32,
    period: u32,
    pub(super) classes: Vec<Moments>,
    pub(super) xy: Vec<f64>,
    pub(super) yy: Vec<f64>,
}

/// Partition of the outcomes by which rows miss them, refined as rows arrive.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    of: Vec<usize>,
    pub(super) members: Vec<u128>,
    seen: HashSet<u128>,
}

impl Classes {
    fn new(outcomes: usize) -> Self {
        let all = if outcomes == 128 { u128::MAX } else { (1u128 << outcomes) - 1 };
        Self { of: vec![0; outcomes], members: vec![all], seen: HashSet::from([0, all]) }
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
                    if cut >> outcome & 1 == 1 {
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
        let outcomes = shape.centre.len();
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
            shape,
        }
    }

    /// Adds rows; `levels` is the present size of each categorical covariate's dictionary.
    pub fn push(&mut self, mut batch: Batch, levels: &[usize]) {
        if batch.is_empty() {
            return;
        }
        self.make_room(levels);
        self.start(&batch);
        self.centre(&mut batch);
        let masks = self.missing_masks(&mut batch);
        for &mask in &masks {
            for class in self.classes.refine(mask) {
                for sums in &mut self.slices {
                    let copy = sums.classes[class].clone();
                    sums.classes.push(copy);
                }
            }
        }
        let (batch, masks, ranges) = self.sort_by_slice(&batch, &masks);
        let (shape, room, classes) = (&self.shape, &self.room, &self.classes);
        self.slices.par_iter_mut().zip(ranges.par_iter()).for_each(|(sums, rows)| {
            if !rows.is_empty() {
                Kernel::new(shape, room, classes, &batch, &masks).add(sums, rows.clone());
            }
        });
    }

    /// Centres on a rounded first value: sums of squares keep their digits, and no person's
    /// value is stored. An outcome that begins in a later batch is centred there, so that the
    /// size of batches changes nothing.
    fn start(&mut self, batch: &Batch) {
        if !self.started {
            self.started = true;
            for (shift, &first) in self.numeric_shift.iter_mut().zip(&batch.numerics) {
                *shift = rounded(first);
            }
        }
        for k in 0..self.outcomes {
            if self.shape.centre[k] && self.unseen[k] {
                let mut values = batch.outcomes.iter().skip(k).step_by(self.outcomes);
                if let Some(&first) = values.find(|y| !y.is_nan()) {
                    self.outcome_shift[k] = rounded(first);
                    self.unseen[k] = false;
                }
            }
        }
    }

    fn centre(&self, batch: &mut Batch) {
        if !self.numeric_shift.is_empty() {
            for row in batch.numerics.chunks_exact_mut(self.numeric_shift.len()) {
                row.iter_mut().zip(&self.numeric_shift).for_each(|(x, shift)| *x -= shift);
            }
        }
        let shifted = (0..self.outcomes).filter(|&k| self.outcome_shift[k] != 0.0);
        for k in shifted {
            let values = batch.outcomes.iter_mut().skip(k).step_by(self.outcomes);
            values.for_each(|y| *y -= self.outcome_shift[k]);
        }
    }

    /// One bit per missing outcome; the missing values themselves become zeros, which add nothing.
    fn missing_masks(&self, batch: &mut Batch) -> Vec<u128> {
        batch
            .outcomes
            .chunks_exact_mut(self.outcomes)
            .map(|row| {
                let mut mask = 0u128;
                for (k, y) in row.iter_mut().enumerate() {
                    if y.is_nan() {
                        mask |= 1 << k;
                        *y = 0.0;
                    }
                }
                mask
            })
            .collect()
    }

    /// The rows moved so that those of a slice stand together, in their order, and where those of
    /// each slice are: summing then reads memory from front to back.
    fn sort_by_slice(
        &mut self,
        batch: &Batch,
        masks: &[u128],
    ) -> (Batch, Vec<u128>, Vec<std::ops::Range<usize>>) {
        let slice_of: Vec<usize> =
            batch.region.iter().zip(&batch.period).map(|(&r, &t)| self.slice(r, t)).collect();
        let mut ends = vec![0; self.slices.len()];
        slice_of.iter().for_each(|&slice| ends[slice] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total - *end;
        }
        let starts = ends.clone();
        let place: Vec<usize> = slice_of
            .iter()
            .map(|&slice| {
                ends[slice] += 1;
                ends[slice] - 1
            })
            .collect();
        let sorted = Batch {
            codes: moved(&batch.codes, &place),
            numerics: moved(&batch.numerics, &place),
            outcomes: moved(&batch.outcomes, &place),
            weights: moved(&batch.weights, &place),
            ..Batch::default()
        };
        let ranges = starts.into_iter().zip(ends).map(|(start, end)| start..end).collect();
        (sorted, moved(masks, &place), ranges)
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
            self.slices.push(self.empty_sums(region, period));
        }
        self.slice_at[r][t]
    }

    fn width(&self) -> usize {
        1 + self.room.iter().sum::<usize>() + self.numeric_shift.len()
    }

    fn empty_sums(&self, region: u32, period: u32) -> Sums {
        let p = self.width();
        Sums {
            region,
            period,
            classes: vec![Moments { n: 0, xx: vec![0.0; p * p] }; self.classes.members.len()],
            xy: vec![0.0; p * self.outcomes],
            yy: vec![0.0; self.outcomes],
        }
    }

    fn make_room(&mut self, levels: &[usize]) {
        if levels.iter().zip(&self.room).all(|(needed, have)| needed <= have) {
            return;
        }
        let old_room = self.room.clone();
        let old_width = self.width();
        for (have, &needed) in self.room.iter_mut().zip(levels) {
            *have = (*have).max(needed);
        }
        let (p, map) = (self.width(), relocation(&old_room, &self.room, self.numeric_shift.len()));
        let outcomes = self.outcomes;
        for sums in &mut self.slices {
            for moments in &mut sums.classes {
                moments.xx = relocate(&moments.xx, old_width, p, &map);
            }
            let mut xy = vec![0.0; p * outcomes];
            for (from, &to) in map.iter().enumerate() {
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
        let mut columns = Vec::new();
        let mut column_shift = Vec::new();
        let (mut categorical, mut numeric) = (0, 0);
        let mut numeric_columns = Vec::new();
        for (covariate, &is_categorical) in self.shape.categorical.iter().enumerate() {
            if is_categorical {
                for level in 0..self.room[categorical] {
                    let level = Some(names.levels[categorical][level].clone());
                    columns.push(Column { covariate, level });
                    column_shift.push(0.0);
                }
                categorical += 1;
            } else {
                numeric_columns.push(Column { covariate, level: None });
                numeric += 1;
            }
        }
        columns.extend(numeric_columns);
        column_shift.extend_from_slice(&self.numeric_shift[..numeric]);
        let (regions, region_rank) = sorted(&names.regions);
        let (periods, period_rank) = sorted(&names.periods);
        let (clusters, cluster_of) = clusters(&names.clusters, &region_rank);
        let mut slices: Vec<Slice> = self
            .slices
            .into_iter()
            .map(|sums| Slice {
                region: region_rank[sums.region as usize],
                period: period_rank[sums.period as usize],
                classes: sums.classes,
                xy: sums.xy,
                yy: sums.yy,
            })
            .collect();
        slices.sort_by_key(|slice| (slice.region, slice.period));
        Grams {
            regions,
            clusters,
            cluster_of,
            periods,
            columns,
            column_shift,
            outcome_shift: self.outcome_shift,
            class_of: self.classes.of,
            weighting: self.shape.weighting,
            slices,
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

fn sorted<T: Ord + Clone>(names: &[T]) -> (Vec<T>, Vec<usize>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut rank = vec![0; names.len()];
    for (position, &code) in order.iter().enumerate() {
        rank[code] = position;
    }
    (order.into_iter().map(|code| names[code].clone()).collect(), rank)
}

fn clusters(of_code: &[String], region_rank: &[usize]) -> (Vec<String>, Vec<usize>) {
    let mut names = of_code.to_vec();
    names.sort();
    names.dedup();
    let mut cluster_of = vec![0; of_code.len()];
    for (code, name) in of_code.iter().enumerate() {
        cluster_of[region_rank[code]] = names.binary_search(name).unwrap_or(0);
    }
    (names, cluster_of)
}

/// Rows of equal width put where `place` says.
fn moved<T: Copy + Default>(rows: &[T], place: &[usize]) -> Vec<T> {
    let width = rows.len() / place.len();
    let mut sorted = vec![T::default(); rows.len()];
    if width > 0 {
        for (row, &to) in rows.chunks_exact(width).zip(place) {
            sorted[to * width..(to + 1) * width].copy_from_slice(row);
        }
    }
    sorted
}

/// Two significant digits.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let unit = 10f64.powf(value.abs().log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// New position of each column when dictionaries have grown.
fn relocation(old: &[usize], new: &[usize], numerics: usize) -> Vec<usize> {
    let mut map = vec![0];
    let mut start = 1;
    for (&had, &has) in old.iter().zip(new) {
        map.extend(start..start + had);
        start += has;
    }
    map.extend(start..start + numerics);
    map
}

fn relocate(xx: &[f64], old: usize, new: usize, map: &[usize]) -> Vec<f64> {
    let mut moved = vec![0.0; new * new];
    for i in 0..old {
        for j in i..old {
            moved[map[i] * new + map[j]] = xx[i * old + j];
        }
    }
    moved
}
