//! Bell and McCaffrey's CR2: scores adjusted for what the fit took from them, by k-by-k algebra.
//!
//! With M = (X'X)^-1 = R R' the matrix R' `X_g'X_g` R of a cluster has the same positive eigenvalues h as
//! the cluster's block of the hat matrix. So the adjustment (I - H)^-1/2 of the cluster's residuals
//! is, seen from the scores, Q (1-h)^-1/2 Q' in the coordinates of R: no n-by-n block is made. Region
//! effects are orthogonal to the absorbed X and stay out of it.

use rayon::prelude::*;

use faer::Side;
use faer::linalg::solvers::Llt;

use crate::distribution::fisher_p;
use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::{Bread, Matrix, dot, multiply};
use crate::refusal::Refusal;
use crate::trend::Joint;

/// What is left of a direction outside a cluster, as a share, that counts as nothing: the cluster
/// has leverage one there, its residual is zero and no adjustment can restore it.
const NOTHING_LEFT: f64 = 1e-10;

/// The share of a contrast that may lie in such directions by rounding.
const BESIDE: f64 = 1e-9;

/// The leverages of all clusters in all directions of a fitted design.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Columns that were kept, m of them.
    kept: Vec<usize>,
    /// R, m x m, lower triangular.
    root: Matrix,
    clusters: Vec<Directions>,
}

/// One cluster: its block of the hat matrix, seen from the columns.
#[derive(Debug, Clone)]
struct Directions {
    /// m eigenvalues h, 0 to 1.
    leverages: Vec<f64>,
    /// m x m, eigenvectors as columns.
    axes: Matrix,
}

/// What a set of contrasts is under independent errors of equal variance, by cluster.
struct Working {
    /// G of q x q: a_g'a_g, with a_g the adjusted weights of the cluster's residuals.
    own: Vec<Matrix>,
    /// G of m x q: what they share with the fit.
    shared: Vec<Matrix>,
}

impl Adjustment {
    /// Decomposes each cluster's cross-products.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when the normal equations are too ill-conditioned to have a root.
    pub(crate) fn new(fit: &Fit) -> Result<Self, Refusal> {
        let why = || Refusal::NotDefined { why: "the columns are too close to collinear".into() };
        let kept: Vec<usize> = (0..fit.bread.kept.len()).filter(|&i| fit.bread.kept[i]).collect();
        let m = kept.len();
        let inverse = Matrix::from_fn(m, m, |i, j| fit.bread.inverse[(kept[i], kept[j])]);
        let root = Llt::new(inverse.as_ref(), Side::Lower).map_err(|_| why())?.L().to_owned();
        let clusters: Option<Vec<Directions>> = fit
            .normal
            .blocks
            .par_iter()
            .map(|block| {
                let own = Matrix::from_fn(m, m, |i, j| block.xx[(kept[i], kept[j])]);
                Directions::new(&(root.transpose() * (own * &root)))
            })
            .collect();
        Ok(Self { kept, clusters: clusters.ok_or_else(why)?, root })
    }

    /// A combination of terms (one weight per term) in the coordinates of R: m numbers.
    fn contrast(&self, fit: &Fit, weights: &[f64]) -> Vec<f64> {
        let first = fit.normal.columns.len() - weights.len();
        let of = |&column: &usize| if column < first { 0.0 } else { weights[column - first] };
        let kept: Vec<f64> = self.kept.iter().map(of).collect();
        (0..kept.len())
            .map(|j| (j..kept.len()).map(|i| self.root[(i, j)] * kept[i]).sum())
            .collect()
    }

    /// What each cluster's adjusted residuals add to a combination of terms; directions in which a
    /// cluster has leverage one add nothing (the generalised inverse).
    #[must_use]
    pub fn influence(&self, fit: &Fit, weights: &[f64], at: usize) -> Vec<f64> {
        let contrast = self.contrast(fit, weights);
        let one = |(cluster, score): (&Directions, Vec<f64>)| {
            let along = cluster.adjusted(&contrast);
            let weight: Vec<f64> = multiply(&self.root, &along);
            self.kept.iter().zip(weight).map(|(&column, weight)| score[column] * weight).sum()
        };
        self.clusters.iter().zip(fit.scores(at)).map(one).collect()
    }

    /// The cluster on which a combination of terms rests alone, with the share that does.
    fn leans_on(&self, fit: &Fit, weights: &[f64]) -> Option<(usize, f64)> {
        let contrast = self.contrast(fit, weights);
        let whole = dot(&contrast, &contrast);
        let alone = |cluster: &Directions| cluster.alone(&contrast) / whole;
        let shares = self.clusters.iter().map(alone).enumerate();
        shares.filter(|(_, share)| *share > BESIDE).max_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// # Errors
    /// [`Refusal::LeverageOne`] when a combination rests on one cluster alone.
    fn exists(&self, fit: &Fit, weights: &[f64]) -> Result<(), Refusal> {
        self.leans_on(fit, weights).map_or(Ok(()), |(cluster, share)| {
            let cluster = fit.normal.blocks[cluster].cluster.clone();
            Err(Refusal::LeverageOne { cluster, share: share.min(1.0) })
        })
    }

    /// Satterthwaite's degrees of freedom of the variance of a combination of terms, directions of
    /// leverage one left out.
    #[must_use]
    pub fn degrees(&self, fit: &Fit, weights: &[f64]) -> f64 {
        let working = self.working(&[self.contrast(fit, weights)]);
        let (mut mean, mut square) = (0.0, 0.0);
        for i in 0..self.clusters.len() {
            mean += working.pair(i, i)[(0, 0)];
            square +=
                (0..self.clusters.len()).map(|j| working.pair(i, j)[(0, 0)].powi(2)).sum::<f64>();
        }
        mean * mean / square
    }

    fn working(&self, contrasts: &[Vec<f64>]) -> Working {
        let q = contrasts.len();
        let own = |cluster: &Directions| {
            let along: Vec<Vec<f64>> = contrasts.iter().map(|c| cluster.along(c)).collect();
            Matrix::from_fn(q, q, |s, t| {
                let parts = along[s].iter().zip(&along[t]).zip(&cluster.leverages);
                parts.map(|((a, b), &h)| a * b * h * restored(h).powi(2)).sum()
            })
        };
        let shared = |cluster: &Directions| {
            let columns: Vec<Vec<f64>> = contrasts
                .iter()
                .map(|contrast| {
                    let parts = cluster.along(contrast).into_iter().zip(&cluster.leverages);
                    let scaled: Vec<f64> = parts.map(|(a, &h)| a * h * restored(h)).collect();
                    multiply(&cluster.axes, &scaled)
                })
                .collect();
            Matrix::from_fn(contrasts[0].len(), q, |i, s| columns[s][i])
        };
        Working {
            own: self.clusters.iter().map(own).collect(),
            shared: self.clusters.iter().map(shared).collect(),
        }
    }
}

impl Directions {
    fn new(own: &Matrix) -> Option<Self> {
        let eigen = own.self_adjoint_eigen(Side::Lower).ok()?;
        // rounding may leave the ends of 0 to 1 by a hair
        let leverages = eigen.S().column_vector().iter().map(|h| h.clamp(0.0, 1.0)).collect();
        Some(Self { leverages, axes: eigen.U().to_owned() })
    }

    /// Coordinates of a vector along the axes.
    fn along(&self, vector: &[f64]) -> Vec<f64> {
        let axis = |j| self.axes.col(j).iter().zip(vector).map(|(a, v)| a * v).sum();
        (0..self.leverages.len()).map(axis).collect()
    }

    /// Q (1-h)^-1/2 Q' times a vector.
    fn adjusted(&self, vector: &[f64]) -> Vec<f64> {
        let along = self.along(vector).into_iter().zip(&self.leverages);
        multiply(&self.axes, &along.map(|(a, &h)| a * restored(h)).collect::<Vec<f64>>())
    }

    /// Square of what a vector has in directions of leverage one.
    fn alone(&self, vector: &[f64]) -> f64 {
        let along = self.along(vector).into_iter().zip(&self.leverages);
        along.filter(|(_, h)| 1.0 - **h < NOTHING_LEFT).map(|(a, _)| a * a).sum()
    }
}

/// (1-h)^-1/2, zero where nothing is left to restore.
fn restored(leverage: f64) -> f64 {
    let left = 1.0 - leverage;
    if left < NOTHING_LEFT { 0.0 } else { left.sqrt().recip() }
}

impl Working {
    /// Covariance of what clusters i and j add to the contrasts, q x q.
    fn pair(&self, i: usize, j: usize) -> Matrix {
        let shared = self.shared[i].transpose() * &self.shared[j];
        if i == j { &self.own[i] - shared } else { -shared }
    }

    /// The same in coordinates in which the contrasts are uncorrelated and of variance one.
    fn standardized(mut self) -> Option<Self> {
        let q = self.own[0].nrows();
        let mut total = Matrix::zeros(q, q);
        for i in 0..self.own.len() {
            total += self.pair(i, i);
        }
        let llt = Llt::new(total.as_ref(), Side::Lower).ok()?;
        let lower = llt.L().to_owned();
        let turn = turn(&lower);
        for own in &mut self.own {
            *own = turn.transpose() * &*own * &turn;
        }
        for shared in &mut self.shared {
            *shared = &*shared * &turn;
        }
        Some(self)
    }

    /// Sum of the variances of all elements of the standardised covariance estimate.
    fn variance(&self) -> f64 {
        let (g, q) = (self.own.len(), self.own[0].nrows());
        let mut sum = 0.0;
        for i in 0..g {
            for j in 0..g {
                let pair = self.pair(i, j);
                for s in 0..q {
                    for t in 0..q {
                        sum += pair[(s, s)] * pair[(t, t)] + pair[(s, t)] * pair[(t, s)];
                    }
                }
            }
        }
        sum
    }
}

/// Inverse transpose of a lower triangular matrix.
fn turn(lower: &Matrix) -> Matrix {
    let q = lower.nrows();
    let mut inverse = Matrix::zeros(q, q);
    for j in 0..q {
        for i in j..q {
            let known: f64 = (j..i).map(|k| lower[(i, k)] * inverse[(k, j)]).sum();
            inverse[(i, j)] = (f64::from(u8::from(i == j)) - known) / lower[(i, i)];
        }
    }
    inverse.transpose().to_owned()
}

/// Weights that pick one term of a fit.
fn only(fit: &Fit, term: usize) -> Vec<f64> {
    (0..fit.normal.terms.len()).map(|j| f64::from(u8::from(j == term))).collect()
}

/// What each cluster's adjusted residuals add to the coefficient of a term; their squares sum to
/// the CR2 variance.
///
/// # Errors
/// [`Refusal::LeverageOne`] when the term rests on one cluster alone.
pub fn adjusted_influence(fit: &Fit, term: usize, at: usize) -> Result<Vec<f64>, Refusal> {
    let (adjustment, weights) = (fit.adjustment()?, only(fit, term));
    adjustment.exists(fit, &weights)?;
    Ok(adjustment.influence(fit, &weights, at))
}

/// Satterthwaite's degrees of freedom (Pustejovsky & Tipton 2018, section 3.1) of the CR2 variance of
/// a combination of terms, `weights` one per term of the fit.
///
/// # Errors
/// [`Refusal::LeverageOne`] when the combination rests on one cluster alone.
pub fn satterthwaite(fit: &Fit, weights: &[f64]) -> Result<f64, Refusal> {
    let adjustment = fit.adjustment()?;
    adjustment.exists(fit, weights)?;
    Ok(adjustment.degrees(fit, weights))
}

/// Satterthwaite's degrees of freedom for one term.
///
/// # Errors
/// As [`satterthwaite`].
pub fn satterthwaite_term(fit: &Fit, term: usize) -> Result<f64, Refusal> {
    satterthwaite(fit, &only(fit, term))
}

/// Approximate Hotelling test that all of `terms` are zero, on the CR2 covariance: `HTZ` of
/// clubSandwich, AHT of Pustejovsky & Tipton (2018, section 3.2).
///
/// # Errors
/// [`Refusal::TooFewClusters`] with no more clusters than terms or a covariance of lower rank,
/// [`Refusal::TooFewDegrees`] when the approximation has no degrees of freedom left, and as
/// [`satterthwaite`] for each term.
pub fn joint_htz(fit: &Fit, terms: &[usize], at: usize) -> Result<Joint, Refusal> {
    let (tested, clusters) = (terms.len(), fit.clusters());
    let too_few = Refusal::TooFewClusters { clusters, tested };
    if clusters <= tested || tested == 0 {
        return Err(too_few);
    }
    let adjustment = fit.adjustment()?;
    let values: Result<Vec<f64>, Refusal> = terms.iter().map(|&j| fit.coefficient(j, at)).collect();
    let values = values?;
    let influence: Result<Vec<Vec<f64>>, Refusal> =
        terms.iter().map(|&j| adjusted_influence(fit, j, at)).collect();
    let influence = influence?;
    let covariance = Matrix::from_fn(tested, tested, |a, b| dot(&influence[a], &influence[b]));
    let own: Vec<f64> = (0..tested).map(|j| covariance[(j, j)]).collect();
    let bread = Bread::new(&covariance, &own);
    if !bread.kept.iter().all(|&kept| kept) {
        return Err(too_few);
    }
    let contrasts: Vec<Vec<f64>> =
        terms.iter().map(|&j| adjustment.contrast(fit, &only(fit, j))).collect();
    let working = adjustment.working(&contrasts).standardized().ok_or(too_few)?;
    let q = count(tested as u64);
    let degrees = q * (q + 1.0) / working.variance();
    let rest = degrees - q + 1.0;
    if rest <= 0.0 {
        return Err(Refusal::TooFewDegrees { degrees, tested });
    }
    let wald = dot(&values, &multiply(&bread.inverse, &values));
    let f = rest / (degrees * q) * wald;
    Ok(Joint { f, df: (q, rest), p_value: fisher_p(f, q, rest) })
}
