//! What each cluster by itself says about an effect: for few treated clusters, the controls' own
//! movements show how far an effect of zero would stray.
//!
//! For a cluster c with score s_c = x_c'(y_c - x_c b) and the term's profile a over the periods
//! (a column of post-start periods, say), W_c = a's_c / a'x_c'x_c a is the difference between the
//! phases that residuals leave in the cluster. A treated cluster's noise is such a W; so is a
//! control's (Conley & Taber 2011; Ferman & Pinto 2019). All from cluster-level sums.

mod conley_taber;
mod ferman_pinto;

pub use conley_taber::{ConleyTaber, conley_taber};
pub use ferman_pinto::{FermanPinto, ferman_pinto};

use crate::fit::Fit;
use crate::linalg::{Bread, Matrix, dot, multiply};
use crate::refusal::Refusal;

/// Precision of a cluster below which, as a share of the largest, its difference is rounding.
const NOTHING: f64 = 1e-9;

/// Share of a treated cluster's square by which its column may differ from the profile.
const SAME: f64 = 1e-9;

/// Relative tolerance within which a draw is as extreme as the estimate.
const TIE: f64 = 1e-12;

/// How one term stands in each cluster, whatever the outcome.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Treated clusters first, then controls, by position in the fit's blocks.
    pub clusters: Vec<usize>,
    /// How many of them are treated.
    pub treated: usize,
    /// Control clusters without rows in every phase that the effect compares: they say nothing.
    pub left_out: usize,
    /// For each cluster what makes W of its score.
    rows: Vec<Vec<f64>>,
    /// 1 / variance of W for units of variance one: n_pre n_post / (n_pre + n_post) for one phase
    /// against another.
    precision: Vec<f64>,
    /// W of the treatment itself when the other columns are taken out: what a hypothesised effect
    /// of one adds to residuals under it.
    own: Vec<f64>,
}

/// The same for one outcome.
#[derive(Debug, Clone)]
pub(crate) struct Differences<'a> {
    standing: &'a Standing,
    /// W of each cluster from residuals of the whole model.
    w: Vec<f64>,
    /// Weight of each cluster in the effect: its precision's share among the treated, or minus
    /// its share among the controls.
    weights: Vec<f64>,
    estimate: f64,
}

impl Standing {
    /// The standing of a term of a fit.
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`] for a collinear term; [`Refusal::MixedCluster`] when a treated
    /// cluster holds rows that the term leaves out; [`Refusal::NothingTreated`] and
    /// [`Refusal::OneControlCluster`] when fewer clusters than one treated and two controls speak.
    pub fn new(fit: &Fit, term: usize) -> Result<Self, Refusal> {
        fit.coefficient(term, 0)?;
        let touched = &fit.normal.touched;
        let shares = |l: &usize| touched[*l].iter().any(|c| touched[term].contains(c));
        let together: Vec<usize> = (0..touched.len()).filter(shares).collect();
        let profiles = profiles(fit, &together)?;
        let at = together.iter().position(|&l| l == term).unwrap_or(0);
        let untouched = |c: &usize| !touched.iter().flatten().any(|t| t == c);
        let controls: Vec<usize> = (0..fit.clusters()).filter(untouched).collect();
        let column = fit.normal.term_column(term);
        let inverse = fit.bread.inverse.col_as_slice(column);
        let one = |cluster: usize| -> Option<(Vec<f64>, f64, f64)> {
            let xx = &fit.normal.blocks[cluster].xx;
            let squares = profiles.transpose() * (xx * &profiles);
            let raw: Vec<f64> = (0..together.len()).map(|l| squares[(l, l)]).collect();
            let bread = Bread::new(&squares, &raw);
            let row = multiply(&profiles, bread.inverse.col_as_slice(at));
            let own = dot(&row, &multiply(xx, inverse)) / inverse[column];
            bread.identified[at].then(|| (row, 1.0 / bread.inverse[(at, at)], own))
        };
        let speak = |list: &[usize]| {
            let all: Vec<_> = list.iter().filter_map(|&c| Some((c, one(c)?))).collect();
            let most = all.iter().map(|(_, found)| found.1).fold(0.0, f64::max);
            all.into_iter().filter(|(_, found)| found.1 > NOTHING * most).collect::<Vec<_>>()
        };
        let (treated, others) = (speak(&touched[term]), speak(&controls));
        match (treated.len(), others.len()) {
            (0, _) => return Err(Refusal::NothingTreated),
            (_, 0) => return Err(Refusal::NoControls),
            (_, 1) => return Err(Refusal::OneControlCluster),
            _ => {}
        }
        let mut standing = Self {
            clusters: Vec::new(),
            treated: treated.len(),
            left_out: controls.len() - others.len(),
            rows: Vec::new(),
            precision: Vec::new(),
            own: Vec::new(),
        };
        for (cluster, (row, precision, own)) in treated.into_iter().chain(others) {
            standing.clusters.push(cluster);
            standing.rows.push(row);
            standing.precision.push(precision);
            standing.own.push(own);
        }
        Ok(standing)
    }

    /// W of every cluster for the outcome at position `at` of the fit's class.
    pub(crate) fn differences(
        &self,
        fit: &Fit,
        term: usize,
        at: usize,
    ) -> Result<Differences<'_>, Refusal> {
        let scores = fit.scores(at);
        let w =
            self.clusters.iter().zip(&self.rows).map(|(&c, row)| dot(row, &scores[c])).collect();
        let (treated, controls) = self.precision.split_at(self.treated);
        let (all_treated, all_controls) =
            (treated.iter().sum::<f64>(), controls.iter().sum::<f64>());
        let weights = treated
            .iter()
            .map(|p| p / all_treated)
            .chain(controls.iter().map(|p| -p / all_controls))
            .collect();
        Ok(Differences { standing: self, w, weights, estimate: fit.coefficient(term, at)? })
    }
}

/// The terms' profiles over the design's columns, k x J; each must be what the term is in its
/// clusters.
fn profiles(fit: &Fit, together: &[usize]) -> Result<Matrix, Refusal> {
    let normal = &fit.normal;
    let mut all = Matrix::zeros(normal.columns.len(), together.len());
    for (at, &term) in together.iter().enumerate() {
        let column = normal.term_column(term);
        let mixed = |cluster: usize| Refusal::MixedCluster {
            cluster: normal.blocks[cluster].cluster.clone(),
        };
        let first = normal.touched[term].first().copied().unwrap_or(0);
        let profile = normal.profiles[term].as_ref().ok_or_else(|| mixed(first))?;
        for &cluster in &normal.touched[term] {
            let xx = &normal.blocks[cluster].xx;
            let (own, square) = (xx[(column, column)], dot(profile, &multiply(xx, profile)));
            if (own - square).abs() > SAME * own.max(square) {
                return Err(mixed(cluster));
            }
        }
        all.col_as_slice_mut(at).copy_from_slice(profile);
    }
    Ok(all)
}
