//! Funnel limits for ratios of observed to expected counts, around 1.

use statrs::function::gamma::{gamma_lr, gamma_ur};

use super::dispersion::Score;
use super::{ALARM, ALERT, Limits, in_range};
use crate::refusal::Refusal;

/// Counts beyond which an end is looked for no longer.
const FARTHEST: f64 = 1e12;

/// Exact interval of the mean of a Poisson count with the probability `tail` beyond each end:
/// half the quantiles of chi-squared with 2 `count` and 2 (`count` + 1) degrees of freedom, at
/// `tail` and 1 - `tail` (Garwood 1936). For a count of 0 it begins at 0.
///
/// # Errors
/// [`Refusal::NotDefined`] when the count is negative or not finite, or the probability not
/// between 0 and one half; [`Refusal::NoEnd`] when the count is beyond reason.
pub fn mean_of_count(count: f64, tail: f64) -> Result<(f64, f64), Refusal> {
    in_range("count", count, count >= 0.0)?;
    in_range("probability", tail, tail > 0.0 && tail < 0.5)?;
    let low = if count == 0.0 { 0.0 } else { rising(|x| gamma_lr(count, x) >= tail, count)? };
    let high = rising(|x| gamma_ur(count + 1.0, x) <= tail, count + 1.0)?;
    Ok((low, high))
}

/// Limits of observed over expected as confidence limits of a count that equals `expected`,
/// divided by it. Common in monitors, but chance alone passes them less often than their
/// probability says (Manktelow & Seaton 2012); [`limits`] are the ones to judge by.
///
/// # Errors
/// As [`mean_of_count`]; `expected` must lie above 0.
pub fn confidence_limits(expected: f64) -> Result<Limits, Refusal> {
    in_range("expected count", expected, expected > 0.0)?;
    let pair = |tail: f64| {
        let (low, high) = mean_of_count(expected, tail)?;
        Ok::<_, Refusal>((low / expected, high / expected))
    };
    Ok(Limits { alert: pair(ALERT)?, alarm: pair(ALARM)? })
}

/// Limits of observed over expected: a whole number of observed events lies beyond one exactly
/// when the chance of so few or so many, given `expected`, is smaller than the limit's; which is
/// when `expected` lies outside [`mean_of_count`] of the observed. Widened for the variance
/// `tau2` between units beyond chance on the scale of square roots, that of [`score`].
///
/// # Errors
/// [`Refusal::NotDefined`] when `expected` is not above 0, or `tau2` below 0.
pub fn limits(expected: f64, tau2: f64) -> Result<Limits, Refusal> {
    in_range("expected count", expected, expected > 0.0)?;
    in_range("variance", tau2, tau2 >= 0.0)?;
    let widen = (1.0 + 4.0 * expected * tau2).sqrt();
    let place = |observed: f64| {
        let ratio: f64 = observed / expected;
        if tau2 == 0.0 { ratio } else { (1.0 + widen * (ratio.sqrt() - 1.0)).max(0.0).powi(2) }
    };
    let pair = |tail: f64| {
        // no number is so small that it is improbable
        let low = if gamma_ur(1.0, expected) >= tail {
            0.0
        } else {
            rising(|x| gamma_ur(x + 1.0, expected) >= tail, expected)?
        };
        let high = rising(|x| gamma_lr(x, expected) <= tail, expected + 1.0)?;
        Ok::<_, Refusal>((place(low), place(high)))
    };
    Ok(Limits { alert: pair(ALERT)?, alarm: pair(ALARM)? })
}

/// How far `observed` lies from `expected` on the scale of square roots, on which chance is the
/// same for all ratios: z = 2 (sqrt(observed) - sqrt(expected)), with the standard error
/// 1 / (2 sqrt(expected)) of sqrt(observed / expected).
///
/// # Errors
/// [`Refusal::NotDefined`] when `observed` is negative or `expected` not above 0.
pub fn score(observed: f64, expected: f64) -> Result<Score, Refusal> {
    in_range("observed count", observed, observed >= 0.0)?;
    in_range("expected count", expected, expected > 0.0)?;
    let z = 2.0 * (observed.sqrt() - expected.sqrt());
    Ok(Score { z, std_error: 0.5 / expected.sqrt() })
}

/// The smallest x above 0 at which `reached` holds, which it does from there on; looked for from
/// `start`, above 0, to the last bit.
fn rising(reached: impl Fn(f64) -> bool, start: f64) -> Result<f64, Refusal> {
    let (mut low, mut high) = (0.0, start);
    while !reached(high) {
        if high > FARTHEST {
            return Err(Refusal::NoEnd { reach: high });
        }
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Ok(high);
        }
        if reached(middle) { high = middle } else { low = middle }
    }
}
