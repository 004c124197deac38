//! What a test before the start can see, and what passing it leaves behind (Roth 2022).

use crate::distribution::boxes::{Inside, inside};
use crate::distribution::gaussian;
use crate::distribution::noncentral::noncentral_fisher;
use crate::event_study::{EventStudy, Tails};
use crate::factor::Root;
use crate::grams::count;
use crate::linalg::{dot, multiply};
use crate::refusal::Refusal;
use crate::trend::slope::noncentrality;

/// A test of the coefficients before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pretest {
    /// Fails when any single coefficient differs from zero; critical values are normal.
    AnySignificant,
    /// The joint Wald test, F(q, G-1), or chi-squared with [`Tails::Normal`].
    Joint(Tails),
}

/// What passing the test of single coefficients means under a given violation.
#[derive(Debug, Clone, PartialEq)]
pub struct AfterPassing {
    /// Probability that the test fails under the violation.
    pub power: f64,
    /// Probability that it fails though trends are parallel.
    pub size: f64,
    /// Numerical error of `power` and `size`: three standard errors of the integration.
    pub error: f64,
    /// Passing under the violation against passing under parallel trends.
    pub bayes_factor: f64,
    /// Density of the coefficients before the start under the violation against that under
    /// parallel trends.
    pub likelihood_ratio: f64,
    /// Mean of each coefficient given that the test passes, under the violation and no effect:
    /// the expected bias, by period.
    pub mean: Vec<f64>,
}

/// What follows from `violation` (one difference in trends per period of the study) when the
/// coefficients at `positions` are each tested at `alpha` against the normal law.
///
/// The covariance is taken as known. With V of the tested coefficients and C of all with them, the
/// mean given passing is violation + C V^-1 (mean of the tested ones inside the box - their
/// violation).
///
/// # Errors
/// [`Refusal::SingularCovariance`] when V has no inverse; [`Refusal::NotDefined`] when passing has
/// no probability.
pub fn after_passing(
    study: &EventStudy,
    positions: &[usize],
    violation: &[f64],
    alpha: f64,
    seed: u64,
) -> Result<AfterPassing, Refusal> {
    let root = study.full_root(&study.unit_weights(positions))?;
    let centre: Vec<f64> = positions.iter().map(|&j| violation[j]).collect();
    let under = acceptance(study, positions, &root, &centre, alpha, seed);
    let parallel = acceptance(study, positions, &root, &vec![0.0; positions.len()], alpha, seed);
    let Some(passed) = under.mean else {
        let why = "no sample passes the test under this violation".to_owned();
        return Err(Refusal::NotDefined { why });
    };
    let moved: Vec<f64> = passed.iter().zip(&centre).map(|(m, c)| m - c).collect();
    let all: Vec<usize> = (0..study.values().len()).collect();
    let carried = multiply(&study.covariance_of(&all, positions), &root.solve(&moved));
    let exponent = |centre: &[f64]| {
        let values = study.at(positions);
        let apart: Vec<f64> = values.iter().zip(centre).map(|(v, c)| v - c).collect();
        let white = root.whiten(&apart);
        -0.5 * dot(&white, &white)
    };
    Ok(AfterPassing {
        power: 1.0 - under.probability,
        size: 1.0 - parallel.probability,
        error: under.error.max(parallel.error),
        bayes_factor: under.probability / parallel.probability,
        likelihood_ratio: (exponent(&centre) - exponent(&vec![0.0; centre.len()])).exp(),
        mean: violation.iter().zip(carried).map(|(v, c)| v + c).collect(),
    })
}

/// A line through the reference: what each period's coefficient is off by.
#[must_use]
pub fn linear_violation(study: &EventStudy, slope: f64) -> Vec<f64> {
    study.distances().iter().map(|x| slope * x).collect()
}

/// The positive slope of a linear violation that `test` at level `alpha` of the coefficients at
/// `positions` detects with probability `target`.
///
/// Power grows with the slope on either side of zero, so one number stands for both signs.
///
/// # Errors
/// [`Refusal::SingularCovariance`] when the tested coefficients' covariance has no inverse;
/// [`Refusal::NotDefined`] when the test has that power without any violation, or no coefficient
/// is tested.
pub fn slope_for_power(
    study: &EventStudy,
    positions: &[usize],
    test: Pretest,
    (alpha, target): (f64, f64),
    seed: u64,
) -> Result<f64, Refusal> {
    let root = study.full_root(&study.unit_weights(positions))?;
    let se = study.std_errors();
    let smallest = positions.iter().map(|&j| se[j] / study.distances()[j].abs());
    let Some(scale) = smallest.reduce(f64::min) else {
        let why = "no coefficient before the start is tested".to_owned();
        return Err(Refusal::NotDefined { why });
    };
    let q = count(positions.len() as u64);
    let freedom = count(study.clusters() as u64) - 1.0;
    let unit = noncentrality(study, positions, 1.0)?;
    let power = |slope: f64| match test {
        Pretest::AnySignificant => {
            let centre: Vec<f64> =
                positions.iter().map(|&j| slope * study.distances()[j]).collect();
            1.0 - acceptance(study, positions, &root, &centre, alpha, seed).probability
        }
        Pretest::Joint(tails) => {
            let df2 = if tails == Tails::Normal { f64::INFINITY } else { freedom };
            let critical = fisher_critical(alpha, q, df2);
            1.0 - noncentral_fisher(critical, q, df2, slope * slope * unit)
        }
    };
    increasing_root(|slope| power(slope) - target, scale).ok_or_else(|| Refusal::NotDefined {
        why: format!("the test rejects with probability {target} without any violation"),
    })
}

/// Where an increasing function of a positive number crosses zero; nothing when it starts above.
pub(crate) fn increasing_root(f: impl Fn(f64) -> f64, scale: f64) -> Option<f64> {
    let (mut low, mut at_low) = (0.0, f(0.0));
    if at_low >= 0.0 {
        return None;
    }
    let (mut high, mut at_high) = (scale, f(scale));
    while at_high < 0.0 {
        (low, at_low) = (high, at_high);
        high *= 2.0;
        at_high = f(high);
    }
    // regula falsi with the Illinois rule: the end that stays has its value halved
    for _ in 0..200 {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        if !(middle > low && middle < high) || (high - low) <= 1e-11 * high {
            break;
        }
        let value = f(middle);
        if value.abs() < 1e-12 {
            return Some(middle);
        }
        if value < 0.0 {
            (low, at_low) = (middle, value);
            at_high /= 2.0;
        } else {
            (high, at_high) = (middle, value);
            at_low /= 2.0;
        }
    }
    Some(0.5 * (low + high))
}

/// The value that F(df1, df2) exceeds with probability `alpha`.
fn fisher_critical(alpha: f64, df1: f64, df2: f64) -> f64 {
    increasing_root(|f| noncentral_fisher(f, df1, df2, 0.0) - (1.0 - alpha), 1.0).unwrap_or(0.0)
}

fn acceptance(
    study: &EventStudy,
    positions: &[usize],
    root: &Root,
    centre: &[f64],
    alpha: f64,
    seed: u64,
) -> Inside {
    let se = study.std_errors();
    let critical = gaussian::critical(1.0 - alpha);
    let reach: Vec<f64> = positions.iter().map(|&j| critical * se[j]).collect();
    inside(centre, root, &reach, seed)
}
