//! p-value and the exact set of effects that are not rejected.
//!
//! Under the hypothesis b - x se a draw is as extreme as the observed statistic where a quartic in
//! x is at most zero. So the set changes only where one of these quartics changes sign, and a sweep
//! over those places finds it whole: ends, holes, and sides without an end.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::TIE;
use super::crossings::{FAR, Quartic, crossings, lone_crossing};
use super::draws::{Lanes, WIDTH};
use super::forms::{Block, Forms};
use crate::grams::count;

/// Chunks whose forms are kept; of more they are made again on every pass.
const KEPT: usize = 256;

/// Chunks that a first guess is made from.
const SAMPLE: usize = 32;

/// Passes that guess where to begin; the next one looks at everything.
const PASSES: usize = 8;

/// A p-value within this share of alpha is alpha: both are ratios of whole numbers, rounded.
const AT_ALPHA: f64 = 1e-12;

/// The bootstrap distribution of one statistic.
pub(super) struct Inversion<'a> {
    forms: Forms<'a>,
    kept: Option<Vec<Vec<Block>>>,
    /// The observed t of a zero effect.
    statistic: f64,
    visited: u64,
    enumerated: bool,
}

/// What one pass over the draws found.
#[derive(Default)]
struct Found {
    /// Draws at least as extreme under the hypothesis of no effect.
    extreme: u64,
    /// Draws that are so under every hypothesis.
    ties: u64,
    sides: [Side; 2],
}

/// Draws that can be extreme farther out than the start of a side, and where they begin (negative)
/// or cease (positive) to be so; all are extreme at 0.
#[derive(Default)]
struct Side {
    draws: u64,
    places: Vec<f64>,
}

/// Accepted stretches of one side, by distance from the estimate.
type Stretches = Vec<(f64, f64)>;

impl<'a> Inversion<'a> {
    pub(super) fn new(forms: Forms<'a>, statistic: f64, visited: usize, enumerated: bool) -> Self {
        let chunks = forms.chunks();
        let keep = || (0..chunks).into_par_iter().map(|chunk| forms.chunk(chunk)).collect();
        let kept = (chunks <= KEPT).then(keep);
        Self { forms, kept, statistic, visited: visited as u64, enumerated }
    }

    /// p-value of no effect, and the distances from the estimate, in standard errors, that are not
    /// rejected: hypotheses below it, and above.
    pub(super) fn solve(&self, alpha: f64) -> (f64, [Stretches; 2]) {
        let needed = needed(alpha, self.visited, self.enumerated);
        let mut start = self.guess(needed);
        let found = self.pass([Some(start[0]), Some(start[1])]);
        let p_value = self.p_value(found.extreme + found.ties);
        let ties = found.ties;
        let mut found = found.sides;
        let accepted = [0, 1].map(|side| {
            for pass in 0.. {
                let stretches = sweep(std::mem::take(&mut found[side]), ties, needed);
                // nothing at all: the guess was too far out
                let first = stretches.first().map_or(0.75 * start[side], |first| first.1);
                if first >= start[side] {
                    return stretches;
                }
                // draws that are extreme nearer by only were left out: begin nearer
                start[side] = if pass < PASSES { first } else { 0.0 };
                let asked = [0, 1].map(|other| (other == side).then_some(start[side]));
                found[side] = std::mem::take(&mut self.pass(asked).sides[side]);
            }
            Stretches::new()
        });
        (p_value, accepted)
    }

    /// Share of draws at least as extreme. Sampled draws are counted with the observed one, so
    /// that the test is valid and never zero (Davison & Hinkley 1997, 4.2).
    fn p_value(&self, extreme: u64) -> f64 {
        p_value(extreme, self.visited, self.enumerated)
    }

    fn with_chunk<R>(&self, chunk: usize, work: impl FnOnce(&[Block]) -> R) -> R {
        match &self.kept {
            Some(kept) => work(&kept[chunk]),
            None => work(&self.forms.chunk(chunk)),
        }
    }

    /// For each side a distance at which slightly more draws are extreme than needed, going by
    /// some of the draws.
    fn guess(&self, needed: u64) -> [f64; 2] {
        let chunks = self.forms.chunks();
        let looked_at = chunks.min(SAMPLE);
        let all = looked_at == chunks;
        // scattered, since neighbours of an enumeration share signs
        let scattered = |i: usize| if all { i } else { i.wrapping_mul(0x9E37_79B1) % chunks };
        let sample: Vec<Block> = (0..looked_at)
            .into_par_iter()
            .map(|i| self.with_chunk(scattered(i), <[Block]>::to_vec))
            .collect::<Vec<_>>()
            .concat();
        let share = count(looked_at as u64) / count(chunks.max(1) as u64);
        let wanted = count(needed) * share;
        let least = if all { wanted } else { wanted + 3.0 * wanted.sqrt() };
        let most = 1.05 * least + 2.0 * wanted.sqrt() + 8.0;
        [0, 1].map(|side| nearest(|x| extreme_at(&sample, side, x), least, most))
    }

    /// Looks at all draws; sides without a start are left alone.
    fn pass(&self, starts: [Option<f64>; 2]) -> Found {
        let look = |chunk: usize| {
            let work = |blocks: &[Block]| {
                Arch::new().dispatch(Look { blocks, statistic: self.statistic, starts })
            };
            self.with_chunk(chunk, work)
        };
        let chunks: Vec<Found> = (0..self.forms.chunks()).into_par_iter().map(look).collect();
        let mut all = Found::default();
        for found in chunks {
            all.extreme += found.extreme;
            all.ties += found.ties;
            for (all, found) in all.sides.iter_mut().zip(found.sides) {
                all.draws += found.draws;
                all.places.extend(found.places);
            }
        }
        all
    }
}

/// The fewest extreme draws with which a value is not rejected.
pub(super) fn needed(alpha: f64, visited: u64, enumerated: bool) -> u64 {
    let bar = alpha * (1.0 + AT_ALPHA);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let about = (alpha * count(visited)) as u64;
    let mut needed = about.saturating_sub(2);
    while needed < visited && p_value(needed, visited, enumerated) <= bar {
        needed += 1;
    }
    needed
}

pub(crate) fn p_value(extreme: u64, visited: u64, enumerated: bool) -> f64 {
    let own = u64::from(!enumerated);
    count(extreme + own) / count(visited + own)
}

/// A distance at which between `least` and `most` are extreme, or as near to that as halving gets;
/// never fewer than `least` where that is so at 0.
fn nearest(extreme: impl Fn(f64) -> u64, least: f64, most: f64) -> f64 {
    let enough = |x: f64| count(extreme(x)) >= least;
    let (mut low, mut high) = (0.0, 4.0);
    while high < FAR && enough(high) {
        (low, high) = (high, 4.0 * high);
    }
    if high >= FAR && enough(FAR) {
        return FAR;
    }
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        let extreme = count(extreme(middle));
        if extreme < least {
            high = middle;
        } else {
            low = middle;
            if extreme <= most {
                break;
            }
        }
    }
    low
}

/// Walks outwards over the places where draws begin and cease to be extreme. Places belong to
/// both of their sides, so the stretches are closed.
fn sweep(side: Side, ties: u64, needed: u64) -> Stretches {
    let Side { draws, mut places } = side;
    // at the same place those that begin come first
    places.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()).then(a.total_cmp(b)));
    let mut extreme = draws + ties;
    let mut stretches = Stretches::new();
    let mut from = (extreme >= needed).then_some(0.0);
    for place in places {
        let x = place.abs();
        if place.is_sign_negative() {
            extreme += 1;
            if extreme == needed {
                from = Some(x);
            }
        } else {
            if extreme == needed
                && let Some(from) = from.take()
            {
                stretches.push((from, x));
            }
            extreme -= 1;
        }
    }
    stretches.extend(from.map(|from| (from, f64::INFINITY)));
    stretches
}

/// t*^2 q x^2 - n^2 of each draw as a polynomial in x >= 0, constant last.
#[inline(always)]
fn quartics(block: &Block, side: usize) -> [Lanes; 5] {
    let turn = if side == 0 { 2.0 } else { -2.0 };
    let bar = 1.0 - TIE;
    let ([n0, n1], [q0, q1, q2]) = (&block.n, &block.q);
    let mut quartics = [[0.0; WIDTH]; 5];
    for i in 0..WIDTH {
        quartics[0][i] = bar * q2[i];
        quartics[1][i] = bar * turn * q1[i];
        quartics[2][i] = bar * q0[i] - n1[i] * n1[i];
        quartics[3][i] = -turn * n0[i] * n1[i];
        quartics[4][i] = -n0[i] * n0[i];
    }
    quartics
}

fn extreme_at(blocks: &[Block], side: usize, x: f64) -> u64 {
    Arch::new().dispatch(ExtremeAt { blocks, side, x })
}

struct ExtremeAt<'a> {
    blocks: &'a [Block],
    side: usize,
    x: f64,
}

impl WithSimd for ExtremeAt<'_> {
    type Output = u64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> u64 {
        let mut counts = [0u64; WIDTH];
        for block in self.blocks {
            let [a, b, c, d, e] = quartics(block, self.side);
            for (i, count) in counts.iter_mut().enumerate() {
                let x = self.x;
                let value = (((a[i] * x + b[i]) * x + c[i]) * x + d[i]) * x + e[i];
                *count += u64::from(value <= 0.0);
            }
        }
        counts.iter().sum()
    }
}

struct Look<'a> {
    blocks: &'a [Block],
    statistic: f64,
    starts: [Option<f64>; 2],
}

impl WithSimd for Look<'_> {
    type Output = Found;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Found {
        let mut found = Found::default();
        for block in self.blocks {
            let extreme = extreme(block, self.statistic);
            let extreme = extreme.iter().enumerate().fold(0u16, |bits, (i, e)| bits | e << i);
            found.extreme += u64::from((extreme & !block.ties).count_ones());
            found.ties += u64::from(block.ties.count_ones());
            for (side, start) in self.starts.iter().enumerate() {
                if let Some(start) = start {
                    look_out(block, side, *start, &mut found.sides[side]);
                }
            }
        }
        found
    }
}

/// Which draws are extreme under the hypothesis of no effect.
#[inline(always)]
fn extreme(block: &Block, t: f64) -> [u16; WIDTH] {
    let bar = t * t * (1.0 - TIE);
    let ([n0, n1], [q0, q1, q2]) = (&block.n, &block.q);
    let mut extreme = [0; WIDTH];
    for (i, extreme) in extreme.iter_mut().enumerate() {
        let n = n0[i] + t * n1[i];
        let q = q0[i] + t * (2.0 * q1[i] + t * q2[i]);
        *extreme = u16::from(n * n >= bar * q.max(0.0));
    }
    extreme
}

/// Adds the draws that are extreme at `start` or might be so farther out. Where the polynomial
/// around `start` has no negative coefficient it stays above zero.
#[inline(always)]
fn look_out(block: &Block, side: usize, start: f64, found: &mut Side) {
    let [a, b, c, d, e] = quartics(block, side);
    let mut never = [0u16; WIDTH];
    for (i, never) in never.iter_mut().enumerate() {
        let x = start;
        let value = (((a[i] * x + b[i]) * x + c[i]) * x + d[i]) * x + e[i];
        let slope = ((4.0 * a[i] * x + 3.0 * b[i]) * x + 2.0 * c[i]) * x + d[i];
        let bend = (6.0 * a[i] * x + 3.0 * b[i]) * x + c[i];
        let third = 4.0 * a[i] * x + b[i];
        *never = u16::from((value > 0.0) & (slope >= 0.0) & (bend >= 0.0) & (third >= 0.0));
    }
    let never = never.iter().enumerate().fold(block.ties, |bits, (i, n)| bits | n << i);
    let mut left = !never;
    while left != 0 {
        let i = left.trailing_zeros() as usize;
        left &= left - 1;
        if block.q[0][i].is_finite() {
            follow(&[e[i], d[i], c[i], b[i], a[i]], start, found);
        }
    }
}

/// Adds a draw with all places where it ceases and begins to be extreme.
#[inline(never)]
fn follow(quartic: &Quartic, start: f64, found: &mut Side) {
    found.draws += 1;
    let places = lone_crossing(quartic, start).unwrap_or_else(|| crossings(quartic));
    for (i, x) in places.as_slice().iter().enumerate() {
        found.places.push(if i % 2 == 0 { *x } else { -x });
    }
}
