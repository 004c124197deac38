//! A specification curve: every defensible design of one question, and a test of all of them
//! together (Simonsohn, Simmons & Nelson 2020).
//!
//! A specification is a [`Setting`]: who are the controls, which periods, which covariate columns
//! are left out. Each is one sum of small matrices away.

mod models;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub use models::points as model_points;

use crate::did::{Analysis, Design, Setting};
use crate::distribution::{student_critical, student_p};
use crate::estimate::{Covariance, Estimate};
use crate::fit::Fit;
use crate::grams::{Grams, count};
use crate::permutation::{Assigned, Exchange, assigned};
use crate::refusal::Refusal;

/// What is asked of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Confidence level of the intervals, and one minus the level of the tests.
    pub level: f64,
    /// Draws of the treated clusters for the test of the whole curve; 0 for none.
    pub permutations: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// The pooled effect on one outcome under one specification.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The effect.
    pub estimate: f64,
    /// CR3 standard error with its t(G-1) interval and p-value, or why there is none.
    pub inference: Result<Certainty, Refusal>,
    /// Units in the model.
    pub n: f64,
}

/// How sure one point is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certainty {
    /// CR3 standard error.
    pub std_error: f64,
    /// Interval from t(G-1).
    pub interval: (f64, f64),
    /// Two-sided p-value of a zero effect.
    pub p_value: f64,
}

/// The curve of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// One per specification, in their order.
    pub points: Vec<Result<Point, Refusal>>,
    /// What the points say together; nothing when there is no point.
    pub summary: Option<Summary>,
}

impl Curve {
    /// The curve with the points of other models: they count in the summary, and not in the test,
    /// which has no statistic for them.
    #[must_use]
    pub fn with(self, more: Vec<Result<Point, Refusal>>, level: f64) -> Self {
        let test = self.summary.and_then(|summary| summary.test);
        let points = [self.points, more].concat();
        let summary = summary(&points, level, test);
        Self { points, summary }
    }
}

/// A curve in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Specifications that have an estimate.
    pub specifications: usize,
    /// Median estimate.
    pub median: f64,
    /// Smallest and largest estimate.
    pub range: (f64, f64),
    /// Share of estimates with the sign of the median.
    pub share_same_sign: f64,
    /// Share that has that sign and a CR3 p-value below one minus the level.
    pub share_significant: f64,
    /// The permutation test, where it was asked for.
    pub test: Option<CurveTest>,
}

/// The test of the whole curve: the same specifications with other clusters treated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveTest {
    /// Specifications that are tested: those of the linear model.
    pub specifications: usize,
    /// Draws beside the observed assignment.
    pub draws: usize,
    /// Share of draws, the observed one among them, whose median is at least as far from zero.
    pub p_median: f64,
    /// Share whose count of |t| above the critical value (CR0, t(G-1)), in the direction of the
    /// median, is at least the observed one's; nothing where a specification has one treated
    /// cluster, whose t says nothing.
    pub p_significant: Option<f64>,
}

/// One specification solved for all outcomes of the class: its points, and for each draw the
/// statistics that the test needs.
struct Solved {
    points: Vec<Result<Point, Refusal>>,
    observed: Option<Assigned>,
    drawn: Vec<Option<Assigned>>,
    critical: f64,
    /// Treated clusters.
    treated: usize,
}

/// The curves of all outcomes of a sample class, in their order.
#[must_use]
pub fn curves(grams: &Grams, class: usize, settings: &[Setting], options: &Options) -> Vec<Curve> {
    let outcomes = grams.class_of.iter().filter(|&&of| of == class).count();
    let orders = orders(grams.clusters.len(), options);
    let solved: Vec<Result<Solved, Refusal>> =
        settings.par_iter().map(|setting| solve(grams, class, setting, options, &orders)).collect();
    (0..outcomes).map(|at| curve(&solved, at, options)).collect()
}

/// Random orders of all clusters. In every specification the first ones of an order that might be
/// treated are, so that a draw means the same in all of them.
fn orders(clusters: usize, options: &Options) -> Vec<Vec<usize>> {
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut order: Vec<usize> = (0..clusters).collect();
    (0..options.permutations)
        .map(|_| {
            order.shuffle(&mut rng);
            order.clone()
        })
        .collect()
}

fn solve(
    grams: &Grams,
    class: usize,
    setting: &Setting,
    options: &Options,
    orders: &[Vec<usize>],
) -> Result<Solved, Refusal> {
    let design = Design::new(grams, class, setting, Analysis::Pooled)?;
    let fit = design.fit();
    let points = (0..fit.normal.outcomes.len()).map(|at| point(&fit, at, options.level)).collect();
    let mut solved = Solved {
        points,
        observed: None,
        drawn: Vec::new(),
        critical: student_critical(options.level, fit.clusters()),
        treated: fit.normal.touched[0].len(),
    };
    if !orders.is_empty() {
        let exchange = design.exchange(0, 1, options.seed)?;
        let mut all = vec![exchange.treated.clone()];
        all.extend(drawn(grams, &exchange, orders));
        let mut answers = assigned(&exchange, &all).into_iter();
        solved.observed = answers.next().flatten();
        solved.drawn = answers.collect();
    }
    Ok(solved)
}

fn point(fit: &Fit, at: usize, level: f64) -> Result<Point, Refusal> {
    if !fit.varies(at) {
        return Err(Refusal::ConstantOutcome);
    }
    let estimate = Estimate::from_fit(fit, &[0], at)?;
    let inference = match fit.normal.touched[0].len() {
        0 | 1 => Err(Refusal::OneTreatedCluster),
        _ => fit.bears_error(0, at).and_then(|()| certainty(&estimate, level)),
    };
    Ok(Point { estimate: estimate.values[0], inference, n: fit.normal.n })
}

/// For each order the blocks that are treated: the first that might be.
fn drawn<'a>(
    grams: &Grams,
    exchange: &'a Exchange,
    orders: &'a [Vec<usize>],
) -> impl Iterator<Item = Vec<usize>> + 'a {
    let mut block_of = vec![None; grams.clusters.len()];
    for &block in &exchange.candidates {
        let code = &exchange.normal.blocks[block].cluster;
        if let Ok(cluster) = grams.clusters.binary_search(code) {
            block_of[cluster] = Some(block);
        }
    }
    orders.iter().map(move |order| {
        let candidates = order.iter().filter_map(|&cluster| block_of[cluster]);
        let mut chosen: Vec<usize> = candidates.take(exchange.treated.len()).collect();
        chosen.sort_unstable();
        chosen
    })
}

fn certainty(estimate: &Estimate, level: f64) -> Result<Certainty, Refusal> {
    let std_error = estimate.std_error(0, Covariance::Cr3)?;
    Ok(Certainty {
        std_error,
        interval: estimate.interval(0, Covariance::Cr3, level)?,
        p_value: student_p(estimate.values[0] / std_error, estimate.clusters()),
    })
}

fn curve(solved: &[Result<Solved, Refusal>], at: usize, options: &Options) -> Curve {
    let points: Vec<Result<Point, Refusal>> = solved
        .iter()
        .map(|solved| solved.as_ref().map_err(Clone::clone).and_then(|s| s.points[at].clone()))
        .collect();
    let test = test(solved, at, options.permutations);
    let summary = summary(&points, options.level, test);
    Curve { points, summary }
}

fn summary(
    points: &[Result<Point, Refusal>],
    level: f64,
    test: Option<CurveTest>,
) -> Option<Summary> {
    let known: Vec<&Point> = points.iter().flatten().collect();
    if known.is_empty() {
        return None;
    }
    let estimates: Vec<f64> = known.iter().map(|point| point.estimate).collect();
    let median = median(&estimates);
    let same = |value: f64| value * median > 0.0;
    let significant = |point: &&&Point| {
        let sure = point.inference.as_ref().is_ok_and(|i| i.p_value < 1.0 - level);
        sure && same(point.estimate)
    };
    let whole = count(known.len() as u64);
    Some(Summary {
        specifications: known.len(),
        median,
        range: (
            estimates.iter().copied().fold(f64::INFINITY, f64::min),
            estimates.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        ),
        share_same_sign: count(estimates.iter().filter(|&&e| same(e)).count() as u64) / whole,
        share_significant: count(known.iter().filter(significant).count() as u64) / whole,
        test,
    })
}

/// Median and number of clear results of one assignment over all specifications that bear it.
fn statistics<'a>(
    of: impl Iterator<Item = (&'a Assigned, f64)>,
    at: usize,
) -> Option<(f64, usize)> {
    let found: Vec<(f64, f64, f64)> =
        of.map(|(assigned, critical)| (assigned.estimate[at], assigned.t[at], critical)).collect();
    if found.is_empty() {
        return None;
    }
    let estimates: Vec<f64> = found.iter().map(|f| f.0).collect();
    let median = median(&estimates);
    let clear = found.iter().filter(|(_, t, critical)| t * median > 0.0 && t.abs() > *critical);
    Some((median.abs(), clear.count()))
}

fn test(solved: &[Result<Solved, Refusal>], at: usize, draws: usize) -> Option<CurveTest> {
    if draws == 0 {
        return None;
    }
    let all = || solved.iter().flatten();
    let observed =
        statistics(all().filter_map(|s| s.observed.as_ref().map(|a| (a, s.critical))), at)?;
    let drawn: Vec<(f64, usize)> = (0..draws)
        .filter_map(|draw| {
            let of = all().filter_map(|s| s.drawn[draw].as_ref().map(|a| (a, s.critical)));
            statistics(of, at)
        })
        .collect();
    // a draw may be the observed assignment; equal up to rounding counts as equal
    let reached = |value: f64| value >= observed.0 * (1.0 - 1e-12);
    let share = |extreme: usize| count(1 + extreme as u64) / count(1 + drawn.len() as u64);
    let tested = |solved: &&Solved| solved.points[at].is_ok();
    Some(CurveTest {
        specifications: all().filter(tested).count(),
        draws: drawn.len(),
        p_median: share(drawn.iter().filter(|d| reached(d.0)).count()),
        p_significant: all()
            .all(|solved| solved.treated > 1)
            .then(|| share(drawn.iter().filter(|d| d.1 >= observed.1).count())),
    })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    } else {
        sorted[middle]
    }
}
