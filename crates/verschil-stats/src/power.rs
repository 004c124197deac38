//! What an estimate could have shown: minimal detectable effect, and equivalence.
//!
//! Both take an estimate's standard error with its degrees of freedom, and so hold for every method
//! that has them.

use std::collections::HashMap;

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::beta_reg;
use statrs::function::gamma::ln_gamma;

use crate::refusal::Refusal;

/// Standard deviations of a Poisson distribution, and places, beyond which its weights are nothing.
const SPREAD: f64 = 12.0;

/// Standard errors beyond which power is looked for no longer.
const FARTHEST: f64 = 200.0;

/// Two one-sided tests of whether an effect lies between two bounds (Schuirmann 1987).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// p-value of the hypothesis that the effect is at most the lower bound.
    pub p_above_lower: f64,
    /// p-value of the hypothesis that the effect is at least the upper bound.
    pub p_below_upper: f64,
    /// The larger of the two: that the effect lies outside the bounds.
    pub p_value: f64,
    /// Interval of level 1 - 2 alpha.
    pub interval: (f64, f64),
    /// Whether p is below alpha, which is whether the interval lies within the bounds.
    pub equivalent: bool,
}

/// Power of the two-sided t test of no effect at level `alpha`, when the effect is `effect`:
/// `P(|T| >= t(1 - alpha/2, df))`, T noncentral t with `df` degrees of freedom around
/// `effect / std_error`.
///
/// # Errors
/// [`Refusal::NotDefined`] when a standard error, degrees of freedom or level is out of range.
pub fn power(effect: f64, std_error: f64, df: f64, alpha: f64) -> Result<f64, Refusal> {
    check_std_error(std_error)?;
    let critical = critical(df, alpha)?;
    Ok(rejects(effect.abs() / std_error, df, critical))
}

/// The smallest effect, in the unit of `std_error`, that the two-sided t test at level `alpha`
/// finds with probability `power`: the root of [`power`], not the usual approximation
/// (t(1 - alpha/2) + t(power)) times `std_error`.
///
/// # Errors
/// [`Refusal::NotDefined`] when a standard error, degrees of freedom or level is out of range,
/// `power` not between `alpha` and 1, or the effect beyond reason.
pub fn minimal_detectable_effect(
    std_error: f64,
    df: f64,
    alpha: f64,
    power: f64,
) -> Result<f64, Refusal> {
    Detectable::new(alpha, power).effect(std_error, df)
}

/// [`minimal_detectable_effect`] of many estimates: in standard errors it is the same for all that have
/// the same degrees of freedom, and is looked for once.
#[derive(Debug)]
pub struct Detectable {
    alpha: f64,
    power: f64,
    /// By the bits of the degrees of freedom.
    in_std_errors: HashMap<u64, Result<f64, Refusal>>,
}

impl Detectable {
    /// For tests at level `alpha` that find the effect with probability `power`.
    #[must_use]
    pub fn new(alpha: f64, power: f64) -> Self {
        Self { alpha, power, in_std_errors: HashMap::new() }
    }

    /// The smallest effect that is found.
    ///
    /// # Errors
    /// As [`minimal_detectable_effect`].
    pub fn effect(&mut self, std_error: f64, df: f64) -> Result<f64, Refusal> {
        check_std_error(std_error)?;
        let (alpha, power) = (self.alpha, self.power);
        let known = self.in_std_errors.entry(df.to_bits());
        let effect = known.or_insert_with(|| detectable_in_std_errors(df, alpha, power));
        effect.clone().map(|effect| effect * std_error)
    }
}

fn detectable_in_std_errors(df: f64, alpha: f64, power: f64) -> Result<f64, Refusal> {
    let critical = critical(df, alpha)?;
    if !(power > alpha && power < 1.0) {
        return Err(out_of_range("power", power, "between alpha and 1"));
    }
    let enough = |x: f64| rejects(x, df, critical) >= power;
    let (mut low, mut high) = (0.0, 1.0);
    while !enough(high) {
        (low, high) = (high, 2.0 * high);
        if high > FARTHEST {
            return Err(out_of_range("power", power, "one that some effect reaches"));
        }
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Ok(high);
        }
        if enough(middle) { high = middle } else { low = middle }
    }
}

/// Tests whether an effect lies within `bounds`, its smallest relevant values, at level `alpha`.
///
/// # Errors
/// [`Refusal::NotDefined`] when a standard error, degrees of freedom or level is out of range, or
/// the lower bound is not below the upper.
pub fn equivalence(
    estimate: f64,
    std_error: f64,
    df: f64,
    (lower, upper): (f64, f64),
    alpha: f64,
) -> Result<Equivalence, Refusal> {
    // at alpha of a one-sided test, which is the two-sided one at twice that
    check_std_error(std_error)?;
    let critical = critical(df, 2.0 * alpha)?;
    if lower.is_nan() || upper.is_nan() || lower >= upper {
        return Err(out_of_range("lower bound", lower, "below the upper bound"));
    }
    let t = StudentsT::new(0.0, 1.0, df).map_err(|_| out_of_range("df", df, "above 0"))?;
    let p_above_lower = t.sf((estimate - lower) / std_error);
    let p_below_upper = t.cdf((estimate - upper) / std_error);
    let p_value = p_above_lower.max(p_below_upper);
    let reach = critical * std_error;
    Ok(Equivalence {
        p_above_lower,
        p_below_upper,
        p_value,
        interval: (estimate - reach, estimate + reach),
        equivalent: p_value < alpha,
    })
}

fn check_std_error(std_error: f64) -> Result<(), Refusal> {
    if std_error > 0.0 && std_error.is_finite() {
        Ok(())
    } else {
        Err(out_of_range("standard error", std_error, "above 0"))
    }
}

/// The two-sided critical value, arguments checked.
fn critical(df: f64, alpha: f64) -> Result<f64, Refusal> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return Err(out_of_range("alpha", alpha, "between 0 and 1"));
    }
    let t = StudentsT::new(0.0, 1.0, df).ok().filter(|_| df > 0.0 && df.is_finite());
    let t = t.ok_or_else(|| out_of_range("degrees of freedom", df, "above 0"))?;
    Ok(t.inverse_cdf(1.0 - alpha / 2.0))
}

fn out_of_range(what: &str, value: f64, allowed: &str) -> Refusal {
    Refusal::NotDefined { why: format!("{what} {value} is not {allowed}") }
}

/// Probability that |T| is at least `critical`.
fn rejects(noncentrality: f64, df: f64, critical: f64) -> f64 {
    let above = 1.0 - noncentral_t(critical, df, noncentrality);
    let below = noncentral_t(-critical, df, noncentrality);
    (above + below).clamp(0.0, 1.0)
}

/// P(T <= t) for T = (Z + `noncentrality`) / sqrt(chi2(df) / df), by the series in incomplete beta
/// functions (Guenther 1978; Lenth 1989), summed where its weights are.
#[must_use]
pub fn noncentral_t(t: f64, df: f64, noncentrality: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - noncentral_t(-t, df, -noncentrality);
    }
    let below_zero = Normal::standard().cdf(-noncentrality);
    let half = noncentrality * noncentrality / 2.0;
    let x = t * t / (df + t * t);
    let reach = SPREAD * half.sqrt() + SPREAD;
    let mut j = (half - reach).floor().max(0.0);
    // weight at j of the Poisson distribution with mean `half`, and its neighbour at j + 1/2
    let power = if j == 0.0 { 0.0 } else { j * half.ln() };
    let mut p = 0.5 * (power - half - ln_gamma(j + 1.0)).exp();
    let mut q = 0.5 * noncentrality / 2f64.sqrt() * (power - half - ln_gamma(j + 1.5)).exp();
    let mut sum = 0.0;
    while j <= half + reach {
        sum += p * beta_reg(j + 0.5, df / 2.0, x) + q * beta_reg(j + 1.0, df / 2.0, x);
        p *= half / (j + 1.0);
        q *= half / (j + 1.5);
        j += 1.0;
    }
    (below_zero + sum).clamp(0.0, 1.0)
}
