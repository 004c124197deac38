//! Ferman & Pinto (2019): the same where clusters of unequal size are unequally noisy.

use super::{Differences, Standing, TIE};
use crate::fit::Fit;
use crate::grams::count;
use crate::refusal::Refusal;

/// Distances from the estimate, in standard deviations of its noise, at which effects are tried.
const TRIED: [f64; 20] = [
    0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 5.0, 7.0, 10.0, 20.0,
    50.0, 100.0, 1000.0,
];

/// Halvings of the step in which an end lies.
const HALVINGS: usize = 16;

/// Steps in which sizes of movements are compared: rounding stays far below one.
const ALIKE: f64 = 1e8;

/// Result of the test.
#[derive(Debug, Clone, PartialEq)]
pub struct FermanPinto {
    /// Two-sided p-value of a zero effect.
    pub p_value: f64,
    /// Hull of the effects tried that are not rejected; infinite where none beyond is rejected.
    pub interval: (f64, f64),
    /// Whether an effect inside the hull is rejected.
    pub disconnected: bool,
    /// Variance of a cluster's W under a zero effect: constant part A.
    pub common: f64,
    /// The part B that falls with the cluster's size.
    pub by_size: f64,
    /// Draws.
    pub draws: usize,
}

/// The bootstrap of one term for the outcome at position `at` of the fit's class.
///
/// # Errors
/// As [`Standing::new`]; [`Refusal::ConstantOutcome`] when no cluster moves.
pub fn ferman_pinto(
    fit: &Fit,
    standing: &Standing,
    (term, at): (usize, usize),
    (draws, seed): (usize, u64),
    level: f64,
) -> Result<FermanPinto, Refusal> {
    let differences = standing.differences(fit, term, at)?;
    let clusters = standing.clusters.len();
    if differences.w.iter().all(|w| *w == 0.0) {
        return Err(Refusal::ConstantOutcome);
    }
    let picks = fit.picks(clusters, clusters, draws, seed);
    let bootstrap = Bootstrap::new(&differences, &picks, draws);
    let (common, by_size) = bootstrap.variance(&bootstrap.under(0.0));
    let alpha = (1.0 - level) * (1.0 + TIE);
    let p_value = bootstrap.p(0.0);
    let (low, low_gap) = bootstrap.end(-1.0, alpha);
    let (high, high_gap) = bootstrap.end(1.0, alpha);
    let (mut low, mut high) = (low, high);
    let inside = low <= 0.0 && 0.0 <= high;
    let kept = p_value > alpha;
    if kept {
        (low, high) = (low.min(0.0), high.max(0.0));
    }
    Ok(FermanPinto {
        p_value,
        interval: (low, high),
        disconnected: low_gap || high_gap || inside != kept,
        common,
        by_size,
        draws,
    })
}

/// Draws of all clusters' W, by the ranks of W: names and order of clusters do not matter.
struct Bootstrap<'a> {
    /// Sorted: treated, then controls, each by size of W.
    w: Vec<f64>,
    own: Vec<f64>,
    weights: Vec<f64>,
    /// 1 / precision.
    noise: Vec<f64>,
    estimate: f64,
    /// [place][draw]: which cluster's W comes there.
    picks: &'a [u16],
    draws: usize,
}

impl<'a> Bootstrap<'a> {
    fn new(differences: &Differences, picks: &'a [u16], draws: usize) -> Self {
        let standing = differences.standing;
        let mut order: Vec<usize> = (0..differences.w.len()).collect();
        let largest = differences.w.iter().fold(0.0, |most: f64, w| most.max(w.abs()));
        // of two treated clusters one moves as much up as the other down: beyond rounding only the
        // direction tells them apart
        let size = |i: usize| (differences.w[i].abs() / largest * ALIKE).round();
        let along = |i: usize| differences.w[i] * differences.estimate.signum();
        order.sort_by(|&a, &b| {
            (a >= standing.treated)
                .cmp(&(b >= standing.treated))
                .then(size(a).total_cmp(&size(b)))
                .then(along(a).total_cmp(&along(b)))
        });
        let sorted = |list: &[f64]| order.iter().map(|&i| list[i]).collect::<Vec<f64>>();
        Self {
            w: sorted(&differences.w),
            own: sorted(&standing.own),
            weights: sorted(&differences.weights),
            noise: sorted(&standing.precision).iter().map(|p| 1.0 / p).collect(),
            estimate: differences.estimate,
            picks,
            draws,
        }
    }

    /// W of every cluster from residuals under the hypothesis that the effect is `r`.
    fn under(&self, r: f64) -> Vec<f64> {
        let apart = self.estimate - r;
        self.w.iter().zip(&self.own).map(|(w, own)| w + apart * own).collect()
    }

    /// A and B of Var(W) = A + B / size, neither negative, by least squares on squares of W.
    fn variance(&self, w: &[f64]) -> (f64, f64) {
        let n = count(w.len() as u64);
        let squares: Vec<f64> = w.iter().map(|w| w * w).collect();
        let mean = |list: &[f64]| list.iter().sum::<f64>() / n;
        let (x, y) = (mean(&self.noise), mean(&squares));
        let pairs = || self.noise.iter().zip(&squares);
        let xx: f64 = self.noise.iter().map(|own| (own - x).powi(2)).sum();
        // sizes that differ by rounding tell nothing
        let slope = if xx > 1e-18 * n * x * x {
            pairs().map(|(own, square)| (own - x) * (square - y)).sum::<f64>() / xx
        } else {
            0.0
        };
        if slope <= 0.0 {
            (y, 0.0)
        } else if y - slope * x < 0.0 {
            let through: f64 = pairs().map(|(own, square)| own * square).sum();
            (0.0, through / self.noise.iter().map(|own| own * own).sum::<f64>())
        } else {
            (y - slope * x, slope)
        }
    }

    /// Standard deviation of each cluster's W.
    fn spreads(&self, w: &[f64]) -> Vec<f64> {
        let (common, by_size) = self.variance(w);
        self.noise.iter().map(|noise| (common + by_size * noise).sqrt()).collect()
    }

    /// Share of the draws, and the estimate itself, in which the effect strays from `r` as far.
    fn p(&self, r: f64) -> f64 {
        let w = self.under(r);
        let spreads = self.spreads(&w);
        let scaled: Vec<f64> = w.iter().zip(&spreads).map(|(w, spread)| w / spread).collect();
        let mut effects = vec![0.0; self.draws];
        let places = self.weights.iter().zip(&spreads).zip(self.picks.chunks_exact(self.draws));
        for ((weight, spread), picks) in places {
            let moved: Vec<f64> = scaled.iter().map(|z| weight * spread * z).collect();
            for (effect, &pick) in effects.iter_mut().zip(picks) {
                *effect += moved[usize::from(pick)];
            }
        }
        let bar = (self.estimate - r).abs() * (1.0 - TIE);
        let extreme = effects.iter().filter(|effect| effect.abs() >= bar).count();
        (1.0 + count(extreme as u64)) / (1.0 + count(self.draws as u64))
    }

    /// The end of the accepted effects on one side, and whether one nearer is rejected.
    fn end(&self, side: f64, alpha: f64) -> (f64, bool) {
        let spreads = self.spreads(&self.w);
        let squares = self.weights.iter().zip(&spreads).map(|(w, spread)| (w * spread).powi(2));
        let unit = squares.sum::<f64>().sqrt();
        let at = |steps: f64| self.estimate + side * steps * unit;
        let accepted: Vec<bool> = TRIED.iter().map(|&steps| self.p(at(steps)) > alpha).collect();
        let Some(rejected) = accepted
            .iter()
            .rposition(|kept| *kept)
            .map_or(Some(0), |last| (last + 1 < TRIED.len()).then_some(last + 1))
        else {
            return (side * f64::INFINITY, accepted.contains(&false));
        };
        let gap = accepted[..rejected].contains(&false);
        let mut inside = rejected.checked_sub(1).map_or(0.0, |before| TRIED[before]);
        let mut outside = TRIED[rejected];
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(inside, outside);
            if self.p(at(middle)) > alpha {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        (at(inside), gap)
    }
}
