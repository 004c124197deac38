//! Is the comparison fair before the start? The study's counting rule, and the joint Wald test.

use crate::distribution::fisher_p;
use crate::estimate::{Covariance, Estimate};
use crate::grams::count;
use crate::linalg::{Bread, dot, multiply};
use crate::refusal::Refusal;

/// At most so many of the named periods may differ from the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Most periods that may differ.
    pub max_significant: usize,
    /// Level of each test.
    pub alpha: f64,
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
