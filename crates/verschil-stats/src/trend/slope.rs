//! The linear trend before the start.

use crate::distribution::{student_critical, student_p};
use crate::event_study::EventStudy;
use crate::linalg::{dot, multiply};
use crate::refusal::Refusal;

/// A straight line through the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearTrend {
    /// Difference between the groups that one period adds.
    pub slope: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Slope divided by standard error.
    pub t: f64,
    /// Two-sided, from t(G-1).
    pub p_value: f64,
    /// Interval at the level asked for.
    pub interval: (f64, f64),
}

/// Least squares of the coefficients at `positions` on their distance to the reference, without a
/// constant, since the reference is zero by construction: slope = x'd / x'x, variance
/// x'Vx / (x'x)^2.
///
/// Not generalised least squares: with few clusters V is too poorly known to be inverted, and the
/// standard error that comes of it is too small.
///
/// # Errors
/// [`Refusal::TooFewClusters`] when nothing is tested or there is one cluster.
pub fn linear_trend(
    study: &EventStudy,
    positions: &[usize],
    level: f64,
) -> Result<LinearTrend, Refusal> {
    let (tested, clusters) = (positions.len(), study.clusters());
    if tested == 0 || clusters < 2 {
        return Err(Refusal::TooFewClusters { clusters, tested });
    }
    let x: Vec<f64> = positions.iter().map(|&j| study.distances()[j]).collect();
    let square = dot(&x, &x);
    let slope = dot(&x, &study.at(positions)) / square;
    let covariance = study.covariance_of(positions, positions);
    let std_error = dot(&x, &multiply(&covariance, &x)).sqrt() / square;
    let reach = student_critical(level, clusters) * std_error;
    Ok(LinearTrend {
        slope,
        std_error,
        t: slope / std_error,
        p_value: student_p(slope / std_error, clusters),
        interval: (slope - reach, slope + reach),
    })
}

/// Noncentrality of the joint test when the truth is a line with `slope`: slope^2 x'V^-1 x.
///
/// # Errors
/// [`Refusal::SingularCovariance`] when V has no inverse.
pub(crate) fn noncentrality(
    study: &EventStudy,
    positions: &[usize],
    slope: f64,
) -> Result<f64, Refusal> {
    let root = study.full_root(&study.unit_weights(positions))?;
    let x: Vec<f64> = positions.iter().map(|&j| study.distances()[j]).collect();
    let white = root.whiten(&x);
    Ok(slope * slope * dot(&white, &white))
}
