//! Wild cluster bootstrap by cluster-score algebra (Roodman, MacKinnon, Nielsen & Webb 2019).
//!
//! Numerator and squared denominator of the bootstrap t are a linear and a quadratic form in the
//! draws, both polynomial in the hypothesised value r: p-value and inverted interval cost G-sized
//! algebra, never a regression.

mod algebra;
mod critical;
mod crossings;
mod draws;
mod forms;
mod inversion;

use std::sync::Arc;

use rayon::prelude::*;

use crate::did::Subclusters;
use crate::fit::Fit;
use crate::refusal::Refusal;

pub(crate) use algebra::Algebra;
pub(crate) use critical::Critical;
pub use draws::DrawSet;
pub(crate) use draws::WIDTH;
pub(crate) use forms::{Block, Forms};
use inversion::Inversion;
pub(crate) use inversion::p_value;

/// Distribution of the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draws {
    /// -1 or 1; all 2^G enumerated when they are no more than the number of draws.
    Rademacher,
    /// Six points, for fewer than about a dozen clusters (Webb 2023).
    Webb,
}

/// Whether the residuals obey the null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// WCR: restricted residuals.
    Imposed,
    /// WCU: unrestricted residuals.
    Free,
}

/// Which fit the residuals of a cluster come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residuals {
    /// The fit of all clusters.
    Fitted,
    /// The fit without the cluster itself: WCR-S and WCU-S of MacKinnon, Nielsen & Webb (2023).
    Jackknifed,
}

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wild {
    /// Whether residuals obey the null.
    pub null: Null,
    /// Which fit they come from.
    pub residuals: Residuals,
    /// Distribution of the draws.
    pub draws: Draws,
    /// Number of draws, or the most that are enumerated.
    pub count: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// Result of a wild cluster bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct WildResult {
    /// Two-sided symmetric p-value of a zero effect.
    pub p_value: f64,
    /// t statistic (CR0) of the estimate.
    pub statistic: f64,
    /// Hull of the values that are not rejected; an end is infinite where the set is unbounded.
    pub interval: (f64, f64),
    /// The set itself: closed intervals in order, with nothing accepted between them. An end
    /// farther than ten million standard errors is infinite.
    pub accepted: Vec<(f64, f64)>,
    /// Whether every sign vector was visited, so that the p-value is exact.
    pub enumerated: bool,
    /// Number of draws used.
    pub used: usize,
}

impl WildResult {
    /// Whether values inside the hull are rejected too.
    #[must_use]
    pub fn disconnected(&self) -> bool {
        self.accepted.len() > 1
    }
}

/// Relative tolerance within which a squared bootstrap statistic ties with the observed one.
pub(crate) const TIE: f64 = 1e-10;

/// Runs the bootstrap for one term of the outcome at position `at` of the fit's class.
///
/// # Errors
/// When the term is not identified, nothing is left of the residuals, or a jackknife is asked for
/// and the term is not identified without some cluster.
pub fn wild_bootstrap(
    fit: &Fit,
    term: usize,
    at: usize,
    wild: &Wild,
    level: f64,
) -> Result<WildResult, Refusal> {
    let algebra = Algebra::new(fit, None, term, at, wild)?;
    Ok(run(&algebra, &fit.wild_draws(wild), level))
}

/// The same for every outcome of the fit's class, with the same draws.
#[must_use]
pub fn wild_bootstraps(
    fit: &Fit,
    term: usize,
    wild: &Wild,
    level: f64,
) -> Vec<Result<WildResult, Refusal>> {
    let draws: Arc<DrawSet> = fit.wild_draws(wild);
    let run = |at| Ok(run(&Algebra::new(fit, None, term, at, wild)?, &draws, level));
    (0..fit.normal.outcomes.len()).into_par_iter().map(run).collect()
}

/// The bootstrap with one draw for each region, and the variance still by cluster, for few
/// clusters of several regions (MacKinnon & Webb 2018).
///
/// # Errors
/// As [`wild_bootstrap`]; [`Refusal::NotDefined`] for jackknifed residuals.
pub fn subcluster_bootstrap(
    fit: &Fit,
    within: &Subclusters,
    term: usize,
    at: usize,
    wild: &Wild,
    level: f64,
) -> Result<WildResult, Refusal> {
    if wild.residuals == Residuals::Jackknifed {
        let why = "residuals of subclusters are not jackknifed".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    let algebra = Algebra::new(fit, Some(within), term, at, wild)?;
    Ok(run(&algebra, &DrawSet::new(algebra.columns, wild), level))
}

fn run(algebra: &Algebra, draws: &DrawSet, level: f64) -> WildResult {
    let (visited, enumerated) = (draws.visited(), draws.enumerated());
    let statistic = algebra.statistic();
    let inversion = Inversion::new(Forms::new(algebra, draws), statistic, visited, enumerated);
    let (p_value, [below, above]) = inversion.solve(1.0 - level);
    let accepted = on_the_line(algebra, &below, &above);
    let ends = |(low, high), &(from, to): &(f64, f64)| (f64::min(low, from), f64::max(high, to));
    let interval = accepted.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    WildResult { p_value, statistic, interval, accepted, enumerated, used: draws.used() }
}

/// Stretches below and above the estimate, by distance from it, as intervals in order; the first
/// two meet in the estimate.
fn on_the_line(algebra: &Algebra, below: &[(f64, f64)], above: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let place = |x: f64| algebra.estimate + x * algebra.std_error;
    let middle = |side: &[(f64, f64)]| side.first().map_or(0.0, |first| first.1);
    let mut accepted: Vec<(f64, f64)> =
        below.iter().skip(1).rev().map(|&(from, to)| (place(-to), place(-from))).collect();
    accepted.push((place(-middle(below)), place(middle(above))));
    accepted.extend(above.iter().skip(1).map(|&(from, to)| (place(from), place(to))));
    accepted
}
