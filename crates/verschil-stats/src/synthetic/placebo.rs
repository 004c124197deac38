//! How large an effect controls seem to have that had none (Arkhangelsky et al. 2021, algorithm 4).

use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use super::{Panel, Synthetic, estimate_with};
use crate::grams::count;
use crate::permutation::Assignments;
use crate::refusal::Refusal;

/// Relative tolerance within which a placebo is as extreme as the estimate.
const TIE: f64 = 1e-12;

/// How many placebos.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceboOptions {
    /// All ways to choose as many controls as are treated are visited when they are no more than
    /// this; otherwise so many are drawn (19,999 at most).
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Confidence level, 0 to 1.
    pub level: f64,
}

/// Effects of controls that were treated by invention.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebo {
    /// One per choice of controls; with one treated region and all visited, one per control in
    /// the panel's order.
    pub estimates: Vec<f64>,
    /// Whether every choice was visited.
    pub enumerated: bool,
    /// Standard deviation of the placebos (divisor: their number).
    pub std_error: f64,
    /// Estimate plus and minus the normal critical value times the standard error.
    pub interval: (f64, f64),
    /// Two-sided, from the normal distribution: what the interval says.
    pub p_value: f64,
    /// Share of the placebos and the estimate itself that are at least as far from zero as the
    /// estimate: needs no normal distribution.
    pub rank_p_value: f64,
    /// The smallest `rank_p_value` that so many placebos allow.
    pub floor: f64,
}

/// Estimates the model for controls in place of the treated; the treated take no part, and the
/// ridge is that of the estimate.
///
/// # Errors
/// [`Refusal::TooFewControls`] without more controls than treated regions, or with a single
/// placebo.
pub fn placebo(
    panel: &Panel,
    of: &Synthetic,
    options: &PlaceboOptions,
) -> Result<Placebo, Refusal> {
    let (controls, treated) = (panel.controls.len(), panel.treated.len());
    let refusal = Refusal::TooFewControls { controls, treated };
    if controls <= treated {
        return Err(refusal);
    }
    let candidates: Vec<usize> = (0..controls).collect();
    let assignments = Assignments::new(&candidates, treated, options.draws, options.seed);
    let mut choices = Vec::new();
    for chunk in assignments.chunks() {
        assignments.visit(&chunk, |chosen| choices.push(chosen.to_vec()));
    }
    let one = |chosen: &Vec<usize>| {
        let rest: Vec<usize> = candidates.iter().filter(|i| !chosen.contains(i)).copied().collect();
        estimate_with(&panel.rearranged(&rest, chosen), of.model, of.ridge).map(|s| s.estimate)
    };
    let estimates: Vec<Result<f64, Refusal>> = choices.par_iter().map(one).collect();
    let estimates = estimates.into_iter().collect::<Result<Vec<f64>, Refusal>>()?;
    if estimates.len() < 2 {
        return Err(refusal);
    }
    let n = count(estimates.len() as u64);
    let mean = estimates.iter().sum::<f64>() / n;
    let variance = estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n;
    if variance == 0.0 {
        return Err(Refusal::ConstantOutcome);
    }
    let std_error = variance.sqrt();
    let bar = of.estimate.abs() * (1.0 - TIE);
    let extreme = estimates.iter().filter(|e| e.abs() >= bar).count();
    let normal = Normal::standard();
    let reach = std_error * normal.inverse_cdf(0.5 + options.level / 2.0);
    Ok(Placebo {
        enumerated: assignments.enumerated(),
        std_error,
        interval: (of.estimate - reach, of.estimate + reach),
        p_value: 2.0 * normal.cdf(-(of.estimate / std_error).abs()),
        rank_p_value: (1.0 + count(extreme as u64)) / (1.0 + n),
        floor: 1.0 / (1.0 + n),
        estimates,
    })
}
