//! Intervals by inversion: only the tails of what the assignments allow are kept.

use super::TIE;
use super::lanes::{LANES, Lane};
use crate::grams::count;

/// Share of 1 within which an assignment counts as the observed one or its complement: there a
/// constant effect moves both coefficients alike.
const SAME: f64 = 1e-9;

/// How far below and above the observed coefficient the effects lie for which assignments are still
/// at least as extreme, for each outcome; those beyond the bars only.
pub(super) struct Tails {
    outcomes: usize,
    /// Below which, and above which, they are kept.
    bars: [Vec<Lane>; 2],
    kept: [Vec<Vec<f64>>; 2],
}

impl Tails {
    /// Tails that keep everything.
    pub(super) fn all(outcomes: usize) -> Self {
        let width = outcomes.div_ceil(LANES);
        let mut bars = [f64::INFINITY, f64::NEG_INFINITY].map(|bar| vec![Lane::all(bar); width]);
        for lane in outcomes..width * LANES {
            // no outcome: nothing lies beyond
            bars[0][lane / LANES].0[lane % LANES] = f64::NEG_INFINITY;
            bars[1][lane / LANES].0[lane % LANES] = f64::INFINITY;
        }
        Self { outcomes, bars, kept: [vec![Vec::new(); outcomes], vec![Vec::new(); outcomes]] }
    }

    /// The same bars, nothing kept.
    pub(super) fn emptied(&self) -> Self {
        Self { bars: self.bars.clone(), ..Self::all(self.outcomes) }
    }

    /// Bars behind which, going by what these tails keep of a sample, more than a share `alpha` of
    /// all assignments lie: half as many again, for chance.
    pub(super) fn beginning(self, alpha: f64) -> Self {
        let mut bars = Self::all(self.outcomes);
        for (side, (bars, kept)) in bars.bars.iter_mut().zip(self.kept).enumerate() {
            for (k, mut kept) in kept.into_iter().enumerate() {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let rank = (1.5 * alpha * count(kept.len() as u64)) as usize + 8;
                if rank < kept.len() {
                    bars[k / LANES].0[k % LANES] = nth(&mut kept, rank, side);
                }
            }
        }
        bars
    }

    /// Adds an assignment: |beta - kappa d| >= |own - d|. With |kappa| < 1 each side has one root.
    #[inline(always)]
    pub(super) fn add(&mut self, own: &[Lane], beta: &[Lane], kappa: f64) {
        let boundless = kappa.abs() >= 1.0 - SAME;
        let bars = self.bars[0].iter().zip(&self.bars[1]);
        let mut beyond = 0;
        for (w, ((own, beta), (low_bar, high_bar))) in own.iter().zip(beta).zip(bars).enumerate() {
            let [low, high] = roots(*own, *beta, kappa);
            let mut outside = 0;
            for lane in 0..LANES {
                outside |= u64::from(low.0[lane] <= low_bar.0[lane]);
                outside |= u64::from(high.0[lane] >= high_bar.0[lane]);
            }
            beyond |= outside << w.min(63);
        }
        if boundless {
            let without = [Lane::all(f64::NEG_INFINITY), Lane::all(f64::INFINITY)];
            (0..own.len()).for_each(|w| self.keep(w, without));
        } else if beyond != 0 {
            for (w, (own, beta)) in own.iter().zip(beta).enumerate() {
                if beyond >> w.min(63) & 1 == 1 {
                    self.keep(w, roots(*own, *beta, kappa));
                }
            }
        }
    }

    fn keep(&mut self, w: usize, [low, high]: [Lane; 2]) {
        let outcomes = w * LANES..self.outcomes.min((w + 1) * LANES);
        for (lane, k) in outcomes.enumerate() {
            if low.0[lane] <= self.bars[0][w].0[lane] {
                self.kept[0][k].push(low.0[lane]);
            }
            if high.0[lane] >= self.bars[1][w].0[lane] {
                self.kept[1][k].push(high.0[lane]);
            }
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        for (mine, theirs) in self.kept.iter_mut().flatten().zip(other.kept.into_iter().flatten()) {
            mine.extend(theirs);
        }
    }

    /// Whether so many are kept on each side of each outcome.
    pub(super) fn hold(&self, needed: u64) -> bool {
        self.kept.iter().flatten().all(|kept| kept.len() as u64 >= needed)
    }

    /// For each outcome the ends behind which so many lie; none are without end.
    pub(super) fn ends(self, needed: Option<u64>) -> Vec<(f64, f64)> {
        let Some(needed) = needed.and_then(|needed| usize::try_from(needed).ok()) else {
            return vec![(f64::NEG_INFINITY, f64::INFINITY); self.outcomes];
        };
        let [low, high] = self.kept;
        let end = |(mut low, mut high): (Vec<f64>, Vec<f64>)| {
            (nth(&mut low, needed - 1, 0), nth(&mut high, needed - 1, 1))
        };
        low.into_iter().zip(high).map(end).collect()
    }
}

/// The lower and the upper root.
#[inline(always)]
fn roots(own: Lane, beta: Lane, kappa: f64) -> [Lane; 2] {
    let a = Lane::of(|i| (own.0[i] - beta.0[i]) / (1.0 - kappa));
    let b = Lane::of(|i| (own.0[i] + beta.0[i]) / (1.0 + kappa));
    [
        Lane::of(|i| if a.0[i] < b.0[i] { a.0[i] } else { b.0[i] }),
        Lane::of(|i| if a.0[i] < b.0[i] { b.0[i] } else { a.0[i] }),
    ]
}

/// The value with `rank` before it: from below on side 0, from above on side 1.
fn nth(values: &mut [f64], rank: usize, side: usize) -> f64 {
    let at = if side == 0 { rank } else { values.len() - 1 - rank };
    *values.select_nth_unstable_by(at, f64::total_cmp).1
}

/// How many of the other assignments must lie beyond an end of the interval: it holds the effects
/// at which more than a share `alpha` of `all` are as extreme, and the observed assignment, which
/// stands `own` times among them, is so everywhere. Nothing when that alone is enough.
pub(super) fn needed(all: u64, own: u64, alpha: f64) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let most = (alpha * count(all) * (1.0 + TIE)).floor() as u64;
    (most + 1).checked_sub(own).filter(|&needed| needed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coefficients 1, 2, ..., 100 of other assignments against 0, none of them alike.
    fn add_hundred(tails: &mut Tails) {
        for beta in 1..=100 {
            let beta = Lane::all(f64::from(beta));
            tails.add(&[Lane::default()], &[beta], 0.0);
        }
    }

    #[test]
    fn tails_behind_bars_end_where_all_do() {
        let mut all = Tails::all(3);
        add_hundred(&mut all);
        let mut guess = Tails::all(3);
        add_hundred(&mut guess);
        let mut tails = guess.beginning(0.2);
        add_hundred(&mut tails);
        assert!(tails.hold(20) && !tails.hold(50));
        assert_eq!(all.ends(Some(20)), tails.ends(Some(20)));
    }

    #[test]
    fn the_twentieth_from_outside_is_the_end() {
        let mut tails = Tails::all(1);
        add_hundred(&mut tails);
        assert_eq!(tails.ends(Some(20)), [(-81.0, 81.0)]);
    }

    #[test]
    fn an_assignment_alike_to_the_observed_has_no_end() {
        let mut tails = Tails::all(1);
        add_hundred(&mut tails);
        tails.add(&[Lane::default()], &[Lane::default()], 1.0);
        assert_eq!(tails.ends(Some(1)), [(f64::NEG_INFINITY, f64::INFINITY)]);
    }

    #[test]
    fn needed_leaves_out_the_observed_assignment() {
        assert_eq!(needed(100, 1, 0.05), Some(5));
        assert_eq!(needed(10, 1, 0.05), None);
    }
}
