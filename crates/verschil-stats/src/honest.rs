//! Intervals that hold though trends are not parallel, within stated limits (Rambachan & Roth
//! 2023), and how much is needed to lose the conclusion.
//!
//! Covariances are taken as known and critical values are normal, as in the paper: with few
//! clusters the intervals are too short.

mod bias;
mod flci;
mod moments;
mod restriction;
mod search;
mod vertices;

pub use flci::FixedLength;

use rayon::prelude::*;

use crate::event_study::{EventStudy, Tails};
use crate::linalg::{dot, multiply};
use crate::refusal::Refusal;
use crate::trend::bands::Draws;
use bias::Estimators;
use moments::{Moments, Union, normals};
use restriction::{Line, relative, smooth, steps_by_phase};
use search::Range;

/// The largest multiple of what happened before the start that a breakdown value is sought at.
const MOST_RELATIVE: f64 = 64.0;
/// Doublings of the bound on kinks, from a thousandth of a standard error.
const KINK_DOUBLINGS: i32 = 40;

/// Halvings between the rung that holds zero and the one before it.
const BREAKDOWN_HALVINGS: usize = 18;

/// How a value of the effect is tested against moment inequalities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Conditional on which moment is the largest (Andrews, Roth & Pakes 2023).
    Conditional,
    /// The same after a least favourable first stage with a tenth of the level (C-LF).
    Hybrid,
}

/// Choices of a sensitivity analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Confidence level, 0 to 1.
    pub level: f64,
    /// The test.
    pub method: Method,
    /// Draws of the hybrid's first stage.
    pub draws: Draws,
}

/// The values of the effect that are not rejected under a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Robust {
    /// The bound: Mbar, or M.
    pub bound: f64,
    /// Smallest and largest value not rejected; nothing when all are, so that the data reject the
    /// bound itself.
    pub interval: Option<(f64, f64)>,
}

/// How large a violation must be for the interval to hold zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Breakdown {
    /// From this bound on; zero when the interval holds zero already with a bound of zero.
    At(f64),
    /// Not even at this bound, the largest that was tried.
    Beyond(f64),
}

/// The interval of the effect when trends are taken to be parallel: what the others are compared
/// with. Its critical value is normal, as theirs is.
///
/// # Errors
/// [`Refusal::NotDefined`] with weights that do not fit.
pub fn parallel(study: &EventStudy, weights: &[f64], level: f64) -> Result<(f64, f64), Refusal> {
    check(study, weights, &[])?;
    let effect = range(study, weights, 0.0);
    let reach = study.critical(Tails::Normal, 1.0 - level) * effect.std_error;
    Ok((effect.centre - reach, effect.centre + reach))
}

/// Relative magnitudes: from the start on, trends change per period at most `bound` times as much
/// as they did at most before it. Steps are per period of the calendar, so a gap counts as long
/// as it is.
///
/// `weights` over the periods from the start make the effect. One result per bound.
///
/// # Errors
/// [`Refusal::NotDefined`] without a coefficient before and from the start, with weights that do
/// not fit or bounds below zero; [`Refusal::SingularCovariance`] when the steps from the start
/// with one before it have no covariance of full rank; [`Refusal::NoEnd`] when a set does not end.
pub fn relative_magnitudes(
    study: &EventStudy,
    weights: &[f64],
    bounds: &[f64],
    options: &Options,
) -> Result<Vec<Robust>, Refusal> {
    check(study, weights, bounds)?;
    let relative = Relative::new(study, weights, options)?;
    let found: Vec<_> = bounds.par_iter().map(|&bound| relative.interval(bound)).collect();
    found.into_iter().collect()
}

/// The relative magnitude from which on the interval holds zero.
///
/// # Errors
/// As [`relative_magnitudes`].
pub fn relative_breakdown(
    study: &EventStudy,
    weights: &[f64],
    options: &Options,
) -> Result<Breakdown, Refusal> {
    check(study, weights, &[])?;
    let relative = Relative::new(study, weights, options)?;
    let ladder = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, MOST_RELATIVE];
    breakdown(&ladder, |bound| {
        let (union, range) = relative.at(bound)?;
        let accepts = |theta: f64| union.accepts(theta);
        Ok(range.closed(&accepts)?.holds_zero(&accepts))
    })
}

/// Smoothness: the slope of the difference in trends changes by at most `bound` from one period of
/// the calendar to the next. One optimal fixed-length interval per bound.
///
/// # Errors
/// As [`relative_magnitudes`]; the covariance of the coefficients before the start and of the
/// effect must have full rank.
pub fn smoothness(
    study: &EventStudy,
    weights: &[f64],
    bounds: &[f64],
    level: f64,
) -> Result<Vec<FixedLength>, Refusal> {
    check(study, weights, bounds)?;
    steps_by_phase(study)?;
    let estimators = Estimators::new(study, &Line::new(study)?, weights)?;
    Ok(bounds.iter().map(|&bound| flci::shortest(study, &estimators, bound, level)).collect())
}

/// The bound on the change of slope from which on the fixed-length interval holds zero.
///
/// # Errors
/// As [`smoothness`].
pub fn smoothness_breakdown(
    study: &EventStudy,
    weights: &[f64],
    level: f64,
) -> Result<Breakdown, Refusal> {
    check(study, weights, &[])?;
    steps_by_phase(study)?;
    let estimators = Estimators::new(study, &Line::new(study)?, weights)?;
    let unit = 1e-3 * range(study, weights, 0.0).std_error;
    let mut ladder = vec![0.0];
    ladder.extend((0..KINK_DOUBLINGS).map(|doubling| unit * 2.0f64.powi(doubling)));
    breakdown(&ladder, |bound| {
        let (low, high) = flci::shortest(study, &estimators, bound, level).interval;
        Ok(low <= 0.0 && high >= 0.0)
    })
}

/// Smoothness by moment inequalities instead of a fixed length: the values of the effect that the
/// test does not reject.
///
/// # Errors
/// As [`relative_magnitudes`].
pub fn smoothness_moments(
    study: &EventStudy,
    weights: &[f64],
    bounds: &[f64],
    options: &Options,
) -> Result<Vec<Robust>, Refusal> {
    check(study, weights, bounds)?;
    let (pre, post) = steps_by_phase(study)?;
    let (line, normals) = (Line::new(study)?, normals(study, options));
    let distinct = smooth(study, &line, 0.0);
    if distinct.latent.iter().all(|row| row.iter().all(|&v| v == 0.0)) {
        study.full_root(&distinct.observed[..distinct.observed.len() / 2])?;
    } else {
        study.full_root(&post)?;
    }
    let steepest = largest_step(study, &pre);
    let curve: f64 = spans(study, weights).map(|span| span * span).sum();
    let straight: f64 = spans(study, weights).sum();
    let interval = |&bound: &f64| {
        let moments = Moments::new(study, &smooth(study, &line, bound), weights);
        let union = Union::new(vec![vec![moments]], &normals, options)?;
        hull(&union, range(study, weights, steepest * straight + bound * curve), bound)
    };
    let found: Vec<_> = bounds.par_iter().map(interval).collect();
    found.into_iter().collect()
}

struct Relative<'a> {
    study: &'a EventStudy,
    weights: &'a [f64],
    options: &'a Options,
    pre: Vec<Vec<f64>>,
    post: Vec<Vec<f64>>,
    normals: Vec<Vec<f64>>,
}

impl<'a> Relative<'a> {
    fn new(
        study: &'a EventStudy,
        weights: &'a [f64],
        options: &'a Options,
    ) -> Result<Self, Refusal> {
        let (pre, post) = steps_by_phase(study)?;
        for step in &pre {
            let mut used = post.clone();
            used.push(step.clone());
            study.full_root(&used)?;
        }
        Ok(Self { study, weights, options, pre, post, normals: normals(study, options) })
    }

    fn at(&self, bound: f64) -> Result<(Union<'_>, Range), Refusal> {
        let moments = |step: usize, sign: f64| {
            let restriction = relative((&self.pre, &self.post), step, sign, bound);
            Moments::new(self.study, &restriction, self.weights)
        };
        // the two signs mirror each other, so their first stages have one law
        let both = |step: usize| vec![moments(step, 1.0), moments(step, -1.0)];
        let alike = (0..self.pre.len()).map(both).collect();
        let union = Union::new(alike, &self.normals, self.options)?;
        let drift: f64 = spans(self.study, self.weights).sum();
        let extra = bound * drift * largest_step(self.study, &self.pre);
        Ok((union, range(self.study, self.weights, extra)))
    }

    fn interval(&self, bound: f64) -> Result<Robust, Refusal> {
        let (union, range) = self.at(bound)?;
        hull(&union, range, bound)
    }
}

fn hull(union: &Union, range: Range, bound: f64) -> Result<Robust, Refusal> {
    let accepts = |theta: f64| union.accepts(theta);
    let range = range.closed(&accepts)?;
    let interval = range.end(-1.0, &accepts).zip(range.end(1.0, &accepts));
    Ok(Robust { bound, interval })
}

/// The first rung of the ladder that holds zero, refined towards the rung before it.
fn breakdown(
    ladder: &[f64],
    holds_zero: impl Fn(f64) -> Result<bool, Refusal>,
) -> Result<Breakdown, Refusal> {
    let mut before = None;
    for &bound in ladder {
        if holds_zero(bound)? {
            let Some(mut fails) = before else { return Ok(Breakdown::At(bound)) };
            let mut holds = bound;
            for _ in 0..BREAKDOWN_HALVINGS {
                let middle = 0.5 * (holds + fails);
                if holds_zero(middle)? { holds = middle } else { fails = middle }
            }
            return Ok(Breakdown::At(holds));
        }
        before = Some(bound);
    }
    Ok(Breakdown::Beyond(before.unwrap_or(0.0)))
}

fn check(study: &EventStudy, weights: &[f64], bounds: &[f64]) -> Result<(), Refusal> {
    study.check_weights(weights)?;
    match bounds.iter().find(|bound| !(bound.is_finite() && **bound >= 0.0)) {
        Some(bound) => Err(Refusal::NotDefined { why: format!("the bound {bound} is below zero") }),
        None => Ok(()),
    }
}

/// Where the effect's interval may lie: four standard errors around the estimate, and `extra`.
fn range(study: &EventStudy, weights: &[f64], extra: f64) -> Range {
    let mut all = vec![0.0; study.values().len()];
    all[study.post()].copy_from_slice(weights);
    let std_error = dot(&all, &multiply(study.covariance(), &all)).max(0.0).sqrt();
    Range { centre: dot(&all, study.values()), std_error, reach: 4.0 * std_error + extra }
}

/// Size of each weight times how far its period lies from the last one before the start.
fn spans<'a>(study: &'a EventStudy, weights: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let last = study.distances()[study.pre()].iter().fold(0.0, |most: f64, d| most.max(*d));
    study.distances()[study.post()].iter().zip(weights).map(move |(d, w)| w.abs() * (d - last))
}

fn largest_step(study: &EventStudy, pre: &[Vec<f64>]) -> f64 {
    pre.iter().map(|row| dot(row, study.values()).abs()).fold(0.0, f64::max)
}
