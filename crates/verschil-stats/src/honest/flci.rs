//! The optimal fixed-length interval under smoothness (Armstrong & Kolesar 2018; Rambachan & Roth
//! 2023).

use crate::distribution::gaussian::{folded_critical, folded_slope};
use crate::event_study::EventStudy;
use crate::honest::bias::{Affine, Estimators};
use crate::linalg::dot;

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
    let best = if bound == 0.0 { least } else { estimators.cheapest(price(excess, &least, bound)) };
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

/// The price at which `excess` crosses zero.
fn price(excess: impl Fn(f64) -> f64, least: &Affine, bound: f64) -> f64 {
    let (mut low, mut high) = (0.0, least.spread * bound);
    let mut at_high = excess(high);
    while at_high < 0.0 {
        low = high;
        high *= 2.0;
        at_high = excess(high);
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if excess(middle) < 0.0 {
            low = middle
        } else {
            high = middle
        }
        if high - low <= 1e-14 * high {
            break;
        }
    }
    high
}
