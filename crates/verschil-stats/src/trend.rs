//! Is the comparison fair before the start? The study's counting rule, and the joint Wald test.

pub mod bands;
pub mod equivalence;
pub mod power;
mod rule_power;
pub mod slope;

use crate::distribution::fisher_p;
use crate::estimate::{Covariance, Estimate};
use crate::event_study::{EventStudy, Tails};
use crate::grams::count;
use crate::linalg::{Bread, dot, multiply};
use crate::refusal::Refusal;
use bands::Draws;

/// At most so many of the named periods may differ from the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Most periods that may differ.
    pub max_significant: usize,
    /// Level of each test.
    pub alpha: f64,
}

/// The rule's own operating characteristics, with the covariance taken as known.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePower {
    /// Probability that the rule fails though trends are parallel.
    pub size: f64,
    /// Its Monte Carlo error: one standard deviation.
    pub size_error: f64,
    /// One per probability asked for, or why there is none.
    pub slopes: Vec<Result<RuleSlope, Refusal>>,
}

/// A linear violation that the rule detects with a given probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleSlope {
    /// Probability of detection.
    pub target: f64,
    /// Difference between the groups that one period adds; stands for both signs.
    pub slope: f64,
    /// What it leaves in the effect: the line's value over the periods from the start.
    pub bias: f64,
    /// The same in studies that pass the rule.
    pub bias_after_passing: f64,
}

impl Rule {
    /// Which of `p_values` (one per named period) are below alpha, and whether the rule holds.
    #[must_use]
    pub fn apply(&self, p_values: &[f64]) -> (Vec<usize>, bool) {
        let significant: Vec<usize> =
            (0..p_values.len()).filter(|&i| p_values[i] < self.alpha).collect();
        let holds = significant.len() <= self.max_significant;
        (significant, holds)
    }

    /// The rule's size, and the slopes that it detects with the probabilities `targets` when it
    /// tests the coefficients at `positions`; `weights` over the periods from the start make the
    /// effect whose bias is told. By simulation from the estimated covariance (Roth 2022).
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when the rule cannot fail or nothing is drawn.
    pub fn power(
        &self,
        study: &EventStudy,
        positions: &[usize],
        (targets, weights): (&[f64], &[f64]),
        tails: Tails,
        draws: Draws,
    ) -> Result<RulePower, Refusal> {
        study.check_weights(weights)?;
        let simulation = rule_power::Simulation::new(study, positions, *self, tails, draws)?;
        Ok(simulation.power(targets, weights))
    }
}

/// A joint test that all effects are zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// Wald statistic divided by the number of effects.
    pub f: f64,
    /// Number of effects, and G-1.
    pub df: (f64, f64),
    /// Upper tail of F.
    pub p_value: f64,
}

/// Wald test of all effects of an estimate, F(q, G-1).
///
/// # Errors
/// With fewer clusters than the covariance needs for full rank, or when it is singular.
pub fn joint_wald(estimate: &Estimate, kind: Covariance) -> Result<Joint, Refusal> {
    let (tested, clusters) = (estimate.values.len(), estimate.clusters());
    let too_few = Refusal::TooFewClusters { clusters, tested };
    if clusters <= tested || tested == 0 {
        return Err(too_few);
    }
    let covariance = estimate.covariance(kind)?;
    let own: Vec<f64> = (0..tested).map(|j| covariance[(j, j)]).collect();
    // a covariance of lower rank than the test has a Cholesky factor all the same when rounding
    // leaves positive pivots, and F is then rounding upside down
    let bread = Bread::new(&covariance, &own);
    if !bread.kept.iter().all(|&kept| kept) {
        return Err(too_few);
    }
    let q = count(tested as u64);
    let f = dot(&estimate.values, &multiply(&bread.inverse, &estimate.values)) / q;
    let df2 = count(clusters as u64) - 1.0;
    Ok(Joint { f, df: (q, df2), p_value: fisher_p(f, q, df2) })
}
