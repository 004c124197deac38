//! The optimal fixed-length interval under smoothness (Armstrong & Kolesar 2018; Rambachan & Roth
//! 2023).

use crate::distribution::gaussian::{folded_critical, folded_slope};
use crate::event_study::EventStudy;
use crate::honest::bias::Estimators;
use crate::linalg::dot;
use crate::trend::power::increasing_root;

/// An interval around an affine estimator, as long whatever the data are.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedLength {
    /// Bound on the change of slope.
    pub bound: f64,
    /// The interval.
    pub interval: (f64, f64),
    /// The affine estimate in its middle.
    pub estimate: f64,
    /// Standard deviation of the affine estimate.
    pub std_error: f64,
    /// Its worst bias under the bound.
    pub worst_bias: f64,
    /// One weight per coefficient of the study.
    pub weights: Vec<f64>,
}

/// The shortest interval estimate +- cv(bias / s) s, with cv the critical value of |N(b, 1)|.
///
/// The length is convex in the weights, so its optimum has the least s^2/2 + price * bias at the
/// price where price = s * bound * (d length/d bias) / (d length/d s); that difference changes
/// sign once.
pub(crate) fn shortest(
    study: &EventStudy,
    estimators: &Estimators,
    bound: f64,
    level: f64,
) -> FixedLength {
    let least = estimators.cheapest(0.0);
    let excess = |price: f64| {
        let affine = estimators.cheapest(price);
        let shift = bound * affine.bias / affine.spread;
        let cv = folded_critical(level, shift);
        let slope = folded_slope(shift, cv);
        price - affine.spread * bound * slope / (cv - shift * slope)
    };
    // in units of its own: the root is found to a share, not to an amount
    let unit = least.spread * bound;
    let price = if unit > 0.0 { increasing_root(|p| excess(p * unit) / unit, 1.0) } else { None };
    let best = price.map_or(least, |price| estimators.cheapest(price * unit));
    let worst_bias = bound * best.bias;
    let reach = best.spread * folded_critical(level, worst_bias / best.spread);
    let estimate = dot(&best.weights, study.values());
    FixedLength {
        bound,
        interval: (estimate - reach, estimate + reach),
        estimate,
        std_error: best.spread,
        worst_bias,
        weights: best.weights,
    }
}
