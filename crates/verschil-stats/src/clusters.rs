//! How much an effect hangs on each cluster.

use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::{Matrix, bilinear};
use crate::refusal::Refusal;

/// What each cluster is to one effect of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliance {
    /// One per cluster of the fit, in its order.
    pub clusters: Vec<Share>,
    /// Effective number of clusters, 1 to G (Carter, Schnepel & Steigerwald 2017).
    pub effective: f64,
}

/// One cluster's part in an effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Code of the cluster.
    pub cluster: String,
    /// Whether the effect's column is anywhere not zero in it.
    pub treated: bool,
    /// Trace of the cluster's block of the hat matrix, region effects absorbed; sums to the number
    /// of kept columns (MacKinnon, Nielsen & Webb 2023).
    pub leverage: f64,
    /// The cluster's share of the squares of the effect's column that the others leave; sums to one.
    pub partial_leverage: f64,
    /// The effect without the cluster; nothing where it is then not identified.
    pub deleted: Option<f64>,
}

/// Leverage of each cluster: G traces.
#[must_use]
pub fn leverages(fit: &Fit) -> Vec<f64> {
    let inverse = &fit.bread.inverse;
    let trace = |xx: &Matrix| {
        (0..xx.ncols())
            .map(|j| inverse.col(j).iter().zip(xx.col(j).iter()).map(|(m, x)| m * x).sum::<f64>())
            .sum()
    };
    fit.normal.blocks.iter().map(|block| trace(&block.xx)).collect()
}

/// Each cluster's part in a term for the outcome at position `at` of the fit's class.
///
/// The effective number is G / (1 + variance of the clusters' parts in units of their squared
/// mean). Absorbed region effects make the weights of each region's rows sum to zero, so a common
/// error of a cluster's rows (rho) scales all parts alike: the number is the same for every rho
/// below one, and there is none for rho = 1.
///
/// # Errors
/// [`Refusal::NotIdentified`] when the term is.
pub fn reliance(fit: &Fit, term: usize, at: usize) -> Result<Reliance, Refusal> {
    fit.coefficient(term, at)?;
    let column = fit.normal.term_column(term);
    let row: Vec<f64> = fit.bread.inverse.col(column).iter().copied().collect();
    let parts: Vec<f64> =
        fit.normal.blocks.iter().map(|block| bilinear(&row, &block.xx, &row)).collect();
    let (g, whole) = (count(parts.len() as u64), parts.iter().sum::<f64>());
    let spread: f64 = parts.iter().map(|part| (part * g / whole - 1.0).powi(2)).sum();
    let deleted = fit.deleted_where_identified(term, at);
    let shares = leverages(fit).into_iter().zip(&parts).zip(deleted).enumerate();
    let share = |(at, ((leverage, part), deleted)): (usize, ((f64, &f64), Option<f64>))| Share {
        cluster: fit.normal.blocks[at].cluster.clone(),
        treated: fit.normal.touched[term].contains(&at),
        leverage,
        partial_leverage: part / whole,
        deleted,
    };
    Ok(Reliance { clusters: shares.map(share).collect(), effective: g / (1.0 + spread / g) })
}
