//! Conley & Taber (2011): controls' movements stand in for the treated clusters' noise.

use super::{Differences, Standing, TIE};
use crate::fit::Fit;
use crate::grams::count;
use crate::refusal::Refusal;

/// Combinations that are drawn where not all can be visited.
const SAMPLE: usize = 19_999;

/// Result of the test.
#[derive(Debug, Clone, PartialEq)]
pub struct ConleyTaber {
    /// Two-sided p-value of a zero effect.
    pub p_value: f64,
    /// The effects that are not rejected; infinite where there are too few combinations.
    pub interval: (f64, f64),
    /// Combinations of controls in the treated clusters' places.
    pub combinations: usize,
    /// Whether all were visited.
    pub enumerated: bool,
    /// The smallest p-value that so many allow.
    pub floor: f64,
}

/// The test of one term for the outcome at position `at` of the fit's class.
///
/// # Errors
/// As [`Standing::new`]; [`Refusal::ConstantOutcome`] when no control moves.
pub fn conley_taber(
    fit: &Fit,
    standing: &Standing,
    (term, at): (usize, usize),
    (budget, seed): (usize, u64),
    level: f64,
) -> Result<ConleyTaber, Refusal> {
    let differences = standing.differences(fit, term, at)?;
    let (mut noise, enumerated) = noise(fit, &differences, budget, seed);
    if noise.iter().all(|n| *n == 0.0) {
        return Err(Refusal::ConstantOutcome);
    }
    let n = noise.len();
    let bar = differences.estimate.abs() * (1.0 - TIE);
    let extreme = noise.iter().filter(|n| n.abs() >= bar).count();
    let all = count(n as u64) + 1.0;
    // the observed one is as extreme everywhere, so an end needs that many beside it
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let needed = ((1.0 - level) * all * (1.0 + TIE)).floor() as usize;
    let reach = match needed {
        0 => f64::INFINITY,
        _ => {
            noise.iter_mut().for_each(|n| *n = n.abs());
            *noise.select_nth_unstable_by(n - needed.min(n), f64::total_cmp).1
        }
    };
    Ok(ConleyTaber {
        p_value: (1.0 + count(extreme as u64)) / all,
        interval: (differences.estimate - reach, differences.estimate + reach),
        combinations: n,
        enumerated,
        floor: 1.0 / all,
    })
}

/// Mixtures of controls' W with the treated clusters' weights, every way to put a control in each
/// place, controls more than once too.
///
/// Controls' residuals stray a little less than controls, and the estimate strays by the controls'
/// mean too. Conley & Taber have so many controls that neither counts; here all mixtures are
/// stretched by what it makes for equally noisy clusters.
fn noise(fit: &Fit, differences: &Differences, budget: usize, seed: u64) -> (Vec<f64>, bool) {
    let treated = differences.standing.treated;
    let (weights, others) = differences.weights.split_at(treated);
    // in order of size, so that draws do not hang on names and order of clusters
    let (mut weights, mut controls) = (weights.to_vec(), differences.w[treated..].to_vec());
    let along = differences.estimate.signum();
    weights.sort_by(f64::total_cmp);
    controls.sort_by(|a, b| (a * along).total_cmp(&(b * along)));
    let squares = |list: &[f64]| list.iter().map(|w| w * w).sum::<f64>();
    let n0 = count(controls.len() as u64);
    let (own, theirs) = (squares(&weights), squares(others));
    let stretch = ((own + theirs) / (own * (1.0 - 2.0 / n0 + theirs))).sqrt();
    let places = u32::try_from(treated).unwrap_or(u32::MAX);
    let all = controls.len().checked_pow(places).filter(|all| *all <= budget);
    let of = |pick: &dyn Fn(usize) -> usize| {
        let mixture = weights.iter().enumerate().map(|(a, w)| w * controls[pick(a)]);
        stretch * mixture.sum::<f64>()
    };
    let Some(all) = all else {
        let draws = budget.min(SAMPLE);
        let picks = fit.picks(controls.len(), treated, draws, seed);
        let draw = |i: usize| of(&|a| usize::from(picks[a * draws + i]));
        return ((0..draws).map(draw).collect(), false);
    };
    let nth =
        |i: usize| of(&|a| i / controls.len().pow(u32::try_from(a).unwrap_or(0)) % controls.len());
    ((0..all).map(nth).collect(), true)
}
