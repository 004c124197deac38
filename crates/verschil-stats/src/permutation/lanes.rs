//! Eight numbers side by side, so that the same step is done for eight at once.

use super::TIE;

/// How many.
pub(super) const LANES: usize = 8;

/// Eight counts.
pub(super) type Counts = [u64; LANES];

/// Eight numbers in one cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Lane(pub(super) [f64; LANES]);

impl Lane {
    /// The same number eight times.
    pub(super) fn all(value: f64) -> Self {
        Self([value; LANES])
    }

    /// For each lane what `one` makes of its number.
    #[inline(always)]
    pub(super) fn of(one: impl Fn(usize) -> f64) -> Self {
        let mut lane = Self::default();
        for (at, x) in lane.0.iter_mut().enumerate() {
            *x = one(at);
        }
        lane
    }

    /// Plus `other`.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self::of(|i| self.0[i] + other.0[i])
    }

    /// Times `by`.
    #[inline(always)]
    pub(super) fn times(self, by: Self) -> Self {
        Self::of(|i| self.0[i] * by.0[i])
    }

    /// Minus `a` times `b`; not fused, so that every machine gives the same bits.
    #[inline(always)]
    pub(super) fn minus_product(self, a: Self, b: Self) -> Self {
        Self::of(|i| self.0[i] - a.0[i] * b.0[i])
    }

    /// Counts each lane whose number is at least `bar` in size.
    #[inline(always)]
    pub(super) fn count_extreme(self, bar: Self, counts: &mut Counts) {
        let mut sums = *counts;
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum += u64::from(self.0[at].abs() >= bar.0[at]);
        }
        *counts = sums;
    }
}

/// `count` numbers in whole lanes, the rest zero.
pub(super) fn lanes(count: usize) -> Vec<Lane> {
    vec![Lane::default(); count.div_ceil(LANES)]
}

/// What counts as no less extreme than these.
pub(super) fn bars(observed: &[Lane]) -> Vec<Lane> {
    observed.iter().map(|lane| Lane::of(|i| lane.0[i].abs() * (1.0 - TIE))).collect()
}

/// Cuts a row of `width` lanes into blocks of at most three, the most whose sums stay in registers:
/// where each begins, and how many lanes it has.
pub(super) fn blocks(width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..width).step_by(3).map(move |from| (from, (width - from).min(3)))
}

/// The N lanes from `from` on.
#[inline(always)]
pub(super) fn block<const N: usize>(lanes: &[Lane], from: usize) -> [Lane; N] {
    let mut block = [Lane::default(); N];
    block.copy_from_slice(&lanes[from..from + N]);
    block
}

/// Each of `to` plus the same of `from`.
#[inline(always)]
pub(super) fn add_lanes(to: &mut [Lane], a: &[Lane], b: &[Lane]) {
    for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
        *to = a.plus(*b);
    }
}

/// `to` = `a` + `b`.
#[inline(always)]
pub(super) fn add(to: &mut [f64], a: &[f64], b: &[f64]) {
    for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
        *to = a + b;
    }
}
