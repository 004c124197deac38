//! Synthetic difference-in-differences, synthetic control and their kin on region x period means.
//!
//! Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021): an effect is a difference-in-differences
//! in which controls and periods before the start have weights that make both groups alike before
//! the start, and both phases alike among the controls. Regions count equally, whatever their size.

mod jackknife;
mod panel;
mod placebo;
mod simplex;
mod twice;

pub use jackknife::{Jackknife, jackknife};
pub use panel::{Panel, panels};
pub use placebo::{Placebo, PlaceboOptions, placebo};

use serde::{Deserialize, Serialize};

use crate::grams::count;
use crate::linalg::dot;
use crate::refusal::Refusal;

/// Which weights are chosen, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Synthetic difference-in-differences: weights on controls (with intercept and ridge) and on
    /// periods before the start.
    Sdid,
    /// Synthetic control: weights on controls that match the levels before the start, no weights
    /// on periods (Abadie, Diamond & Hainmueller 2010, on all outcomes before the start).
    Sc,
    /// The same with an intercept, that is on differences from the mean before the start
    /// (Doudchenko & Imbens 2016; Ferman & Pinto 2021).
    ScIntercept,
    /// Difference-in-differences of unweighted regions.
    Did,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sdid, Self::Sc, Self::ScIntercept, Self::Did];

    /// Stable id, as in the column `model`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Sdid => "sdid",
            Self::Sc => "sc",
            Self::ScIntercept => "sc_intercept",
            Self::Did => "did",
        }
    }

    fn has_intercept(self) -> bool {
        self != Self::Sc
    }
}

/// How strongly even weights are preferred: zeta of the paper, in units of the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ridge {
    /// For weights on controls: the noise times (treated x periods from the start)^(1/4) for
    /// [`Model::Sdid`], times 1e-6 for synthetic control.
    pub unit: f64,
    /// For weights on periods: the noise times 1e-6.
    pub time: f64,
}

/// What makes the weights on controls and periods unique without moving them.
const TINY: f64 = 1e-6;

impl Ridge {
    /// The ridge of a model, from the noise: the standard deviation of the controls' first
    /// differences before the start (paper, section I.A; divisor n - 1 as in R synthdid).
    #[must_use]
    pub fn new(panel: &Panel, model: Model) -> Self {
        let noise = noise(panel);
        let cells = count((panel.treated.len() * panel.post.len()) as u64);
        let unit = if model == Model::Sdid { cells.powf(0.25) } else { TINY };
        Self { unit: unit * noise, time: TINY * noise }
    }
}

/// Zero where there are not two differences.
fn noise(panel: &Panel) -> f64 {
    let differences: Vec<f64> = (0..panel.controls.len())
        .flat_map(|i| panel.row(i)[..panel.pre.len()].windows(2).map(|w| w[1] - w[0]))
        .collect();
    if differences.len() < 2 {
        return 0.0;
    }
    let n = count(differences.len() as u64);
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
    (squares / (n - 1.0)).sqrt()
}

/// An effect with the weights behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Synthetic {
    /// Which weights.
    pub model: Model,
    /// Average effect on the treated regions over the periods from the start, in units of the
    /// outcome.
    pub estimate: f64,
    /// One per control of the panel, not negative, with sum 1.
    pub unit_weights: Vec<f64>,
    /// One per period before the start, not negative, with sum 1; all zero for [`Model::Sc`],
    /// which compares levels.
    pub time_weights: Vec<f64>,
    /// How strongly even weights were preferred.
    pub ridge: Ridge,
    /// How far the treated mean lies above the weighted controls before the start (mean over
    /// periods); zero for [`Model::Sc`], which has none.
    pub intercept: f64,
    /// Root mean square over the periods before the start of what weighted controls plus intercept
    /// leave of the treated mean, in units of the outcome.
    pub pre_rmse: f64,
    /// Treated mean, one per period of the panel, before the start and from it.
    pub treated: Vec<f64>,
    /// Weighted controls, one per period.
    pub synthetic: Vec<f64>,
    /// Effect in each period from the start; their mean is the estimate.
    pub effects: Vec<f64>,
}

/// Estimates one model.
///
/// # Errors
/// [`Refusal::ConstantOutcome`] when all cells are equal; [`Refusal::NotDefined`] when weights are
/// asked of a single period before the start.
pub fn estimate(panel: &Panel, model: Model) -> Result<Synthetic, Refusal> {
    if panel.is_constant() {
        return Err(Refusal::ConstantOutcome);
    }
    if model != Model::Did && panel.pre.len() < 2 {
        let why = "weights need two periods before the start, and there is one".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    estimate_with(panel, model, Ridge::new(panel, model))
}

/// The same with a given ridge, as placebos have it.
fn estimate_with(panel: &Panel, model: Model, ridge: Ridge) -> Result<Synthetic, Refusal> {
    let (units, pre) = (panel.controls.len(), panel.pre.len());
    let even = |n: usize| vec![1.0 / count(n as u64); n];
    let weights = match model {
        Model::Did => Some((even(units), even(pre))),
        Model::Sdid => unit_weights(panel, model, ridge.unit).zip(time_weights(panel, ridge.time)),
        Model::Sc => unit_weights(panel, model, ridge.unit).zip(Some(vec![0.0; pre])),
        Model::ScIntercept => unit_weights(panel, model, ridge.unit).zip(Some(even(pre))),
    };
    let Some((unit, time)) = weights else {
        let why = "the least squares for its weights did not end".to_owned();
        return Err(Refusal::NotDefined { why });
    };
    Ok(Synthetic::new(panel, model, ridge, unit, time))
}

impl Synthetic {
    fn new(panel: &Panel, model: Model, ridge: Ridge, unit: Vec<f64>, time: Vec<f64>) -> Self {
        let (pre, post) = (panel.pre.len(), count(panel.post.len() as u64));
        let treated = panel.treated_mean();
        let periods = 0..treated.len();
        let synthetic: Vec<f64> = periods
            .map(|t| unit.iter().enumerate().map(|(i, w)| w * panel.row(i)[t]).sum())
            .collect();
        let gap: Vec<f64> = treated.iter().zip(&synthetic).map(|(a, b)| a - b).collect();
        let mean = gap[..pre].iter().sum::<f64>() / count(pre as u64);
        let intercept = if model.has_intercept() { mean } else { 0.0 };
        let left: f64 = gap[..pre].iter().map(|g| (g - intercept).powi(2)).sum();
        let before = dot(&gap[..pre], &time);
        let effects: Vec<f64> = gap[pre..].iter().map(|g| g - before).collect();
        Self {
            model,
            estimate: effects.iter().sum::<f64>() / post,
            unit_weights: unit,
            time_weights: time,
            ridge,
            intercept,
            pre_rmse: (left / count(pre as u64)).sqrt(),
            treated,
            synthetic,
            effects,
        }
    }

    /// For how many controls the weights stand: 1 / sum of squares.
    #[must_use]
    pub fn effective_controls(&self) -> f64 {
        1.0 / dot(&self.unit_weights, &self.unit_weights)
    }
}

/// Weights on controls: the treated mean before the start as a mixture of controls (paper, eq. 4).
fn unit_weights(panel: &Panel, model: Model, zeta: f64) -> Option<Vec<f64>> {
    let pre = panel.pre.len();
    let aim = panel.treated_mean();
    let points = (0..panel.controls.len())
        .map(|i| panel.row(i)[..pre].iter().zip(&aim).map(|(y, aim)| y - aim).collect())
        .collect();
    nearest_mixture(points, model.has_intercept(), zeta)
}

/// Weights on periods: the controls' means from the start as a mixture of periods before it
/// (paper, eq. 6).
fn time_weights(panel: &Panel, zeta: f64) -> Option<Vec<f64>> {
    let (pre, units) = (panel.pre.len(), panel.controls.len());
    let post = count(panel.post.len() as u64);
    let aim: Vec<f64> =
        (0..units).map(|i| panel.row(i)[pre..].iter().sum::<f64>() / post).collect();
    let points = (0..pre)
        .map(|t| aim.iter().enumerate().map(|(i, aim)| panel.row(i)[t] - aim).collect())
        .collect();
    nearest_mixture(points, true, zeta)
}

/// min over w of |mixture|^2 / rows + zeta^2 |w|^2; an intercept takes each point's mean away.
fn nearest_mixture(mut points: Vec<Vec<f64>>, intercept: bool, zeta: f64) -> Option<Vec<f64>> {
    let rows = points.first().map_or(0.0, |point| count(point.len() as u64));
    if intercept {
        for point in &mut points {
            let mean = point.iter().sum::<f64>() / rows;
            point.iter_mut().for_each(|x| *x -= mean);
        }
    }
    simplex::nearest(&points, rows * zeta * zeta)
}
