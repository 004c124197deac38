//! A normal variable over its own spread on growing shares of a sample.

use std::f64::consts::PI;

use crate::grams::count;
use crate::linalg::Matrix;
use crate::refusal::Refusal;

/// Nodes on each side of the middle of the integral, and the step between them: by the
/// double-exponential rule of Takahasi & Mori (1974) the outermost count for nothing.
const NODES: i32 = 160;
const STEP: f64 = 0.025;

/// The law of W = B(1) / sqrt(mean over k of (B(l_k)/l_k - B(1))^2), with B a Brownian motion and
/// l_k shares below one (Dette & Schumann 2024).
///
/// B(1) is independent of every B(l)/l - B(1), and those have covariance 1/max(l, m) - 1. So W is a
/// normal variable over the root of an independent weighted sum of chi-squared ones, symmetric,
/// and its tail is one integral: by Craig's form of the normal tail, with m_k the eigenvalues of
/// that covariance over their number,
///
/// P(W < -w) = 1/pi * integral over 0..pi/2 of prod (1 + w^2 m_k / sin^2)^(-1/2).
#[derive(Debug, Clone, PartialEq)]
pub struct SelfNormalised {
    weights: Vec<f64>,
}

impl SelfNormalised {
    /// The law for `shares` of the sample, each above 0 and at most 1.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when no share lies below one, or one does not lie above zero.
    pub fn new(shares: &[f64]) -> Result<Self, Refusal> {
        let refuse = || Refusal::NotDefined {
            why: format!("growing shares need one between 0 and 1: got {shares:?}"),
        };
        let valid = shares.iter().all(|&share| share > 0.0 && share <= 1.0);
        if !valid || !shares.iter().any(|&share| share < 1.0) {
            return Err(refuse());
        }
        let n = shares.len();
        let covariance = Matrix::from_fn(n, n, |i, j| 1.0 / shares[i].max(shares[j]) - 1.0);
        let values = covariance.self_adjoint_eigenvalues(faer::Side::Lower);
        let values = values.map_err(|_| refuse())?;
        let weights = values.iter().map(|m| m.max(0.0) / count(n as u64)).collect();
        Ok(Self { weights })
    }

    /// Probability of a value of at most `w`.
    #[must_use]
    pub fn lower(&self, w: f64) -> f64 {
        let value = |node: i32| {
            let t = f64::from(node) * STEP;
            let spread = PI * t.sinh();
            let (place, rest) = (1.0 / (1.0 + (-spread).exp()), 1.0 / (1.0 + spread.exp()));
            let ratio = w * w / (0.5 * PI * place).sin().powi(2);
            let product: f64 = self.weights.iter().map(|m| 1.0 + ratio * m).product();
            PI * t.cosh() * place * rest / product.sqrt()
        };
        let tail = 0.5 * STEP * (-NODES..=NODES).map(value).sum::<f64>();
        if w > 0.0 { 1.0 - tail } else { tail }
    }

    /// The value below which W lies with probability `alpha`, for `alpha` below one half.
    #[must_use]
    pub fn lower_quantile(&self, alpha: f64) -> f64 {
        let mut low = -1.0;
        while self.lower(low) > alpha {
            low *= 2.0;
        }
        let mut high = 0.0;
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return low;
            }
            if self.lower(middle) > alpha { high = middle } else { low = middle }
        }
    }
}
