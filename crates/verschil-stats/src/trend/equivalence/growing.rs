//! The root mean square of differences before the start, against its own spread on growing shares
//! of the clusters (Dette & Schumann 2024, section 4.2.3).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use crate::distribution::self_normalised::SelfNormalised;
use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::{Bread, Matrix};
use crate::permutation::below;
use crate::refusal::Refusal;
use crate::trend::equivalence::check_level;

/// How the sample grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growing {
    /// Number of shares, the whole sample last; the authors take five.
    pub shares: usize,
    /// Seed of the order in which clusters enter.
    pub seed: u64,
}

/// What the shares say.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfNormalisedBound {
    /// Root mean square of the coefficients, in the outcome's unit.
    pub root_mean_square: f64,
    /// Smallest bound within which it is shown to lie.
    pub bound: f64,
    /// Root mean square difference between the mean square on a share and on all clusters.
    pub spread: f64,
    /// Quantile of the law of (mean square - truth) / spread at the level asked for; negative.
    pub critical: f64,
    /// Clusters of each share, by position in the fit's blocks, ascending.
    pub clusters: Vec<Vec<usize>>,
    /// How much of the sample's information each share holds if clusters are alike.
    pub shares: Vec<f64>,
}

/// Smallest bound at level `alpha` for the root mean square of the coefficients of `terms`:
/// sqrt(M + |critical| spread), with M their mean square.
///
/// Clusters enter in one drawn order, treated and other clusters apart, so that each share has both
/// and contains the one before it: the law is that of a Brownian motion at the shares. Share k of a
/// group of m holds the first max(1, floor(k m / shares)). The law is taken at the shares of
/// information v / v_k, with v_k = 1 / treated + 1 / others: rounding of few clusters is in it.
///
/// # Errors
/// [`Refusal::NotDefined`] for no term, fewer than two shares or a level not between 0 and 0.5,
/// [`Refusal::NoControls`] or [`Refusal::NothingTreated`] when a group is empty,
/// [`Refusal::NotIdentified`] when a share does not identify a coefficient,
/// [`Refusal::PerfectFit`] when a coefficient has no error.
pub fn self_normalised_bound(
    fit: &Fit,
    terms: &[usize],
    at: usize,
    alpha: f64,
    growing: Growing,
) -> Result<SelfNormalisedBound, Refusal> {
    check_level(terms.len(), alpha)?;
    if growing.shares < 2 {
        let why = format!("{} shares of the clusters cannot grow", growing.shares);
        return Err(Refusal::NotDefined { why });
    }
    for &term in terms {
        fit.bears_error(term, at)?;
    }
    let (clusters, shares) = nested(fit, terms, growing)?;
    let before = &shares[..growing.shares - 1];
    let critical = SelfNormalised::new(before)?.lower_quantile(alpha);
    let squares: Vec<f64> = clusters
        .iter()
        .map(|these| mean_square(fit, terms, at, these))
        .collect::<Result<_, _>>()?;
    let whole = squares[growing.shares - 1];
    let apart = squares[..growing.shares - 1].iter().map(|square| (square - whole).powi(2));
    let spread = (apart.sum::<f64>() / count(before.len() as u64)).sqrt();
    Ok(SelfNormalisedBound {
        root_mean_square: whole.sqrt(),
        bound: (whole - critical * spread).sqrt(),
        spread,
        critical,
        clusters,
        shares,
    })
}

/// Clusters of each share, and its part of the information.
fn nested(
    fit: &Fit,
    terms: &[usize],
    growing: Growing,
) -> Result<(Vec<Vec<usize>>, Vec<f64>), Refusal> {
    let touches = |c: &usize| terms.iter().any(|&term| fit.normal.touched[term].contains(c));
    let (mut treated, mut others): (Vec<usize>, Vec<usize>) =
        (0..fit.clusters()).partition(touches);
    if treated.is_empty() {
        return Err(Refusal::NothingTreated);
    }
    if others.is_empty() {
        return Err(Refusal::NoControls);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(growing.seed);
    for list in [&mut treated, &mut others] {
        for i in (1..list.len()).rev() {
            let j = usize::try_from(below(&mut rng, i as u64 + 1)).unwrap_or(i);
            list.swap(i, j);
        }
    }
    let sizes = |k: usize| [&treated, &others].map(|list| (k * list.len() / growing.shares).max(1));
    let information = |[m, n]: [usize; 2]| {
        let (m, n) = (count(m as u64), count(n as u64));
        m * n / (m + n)
    };
    let whole = information(sizes(growing.shares));
    let one = |k: usize| {
        let [m, n] = sizes(k);
        let mut these: Vec<usize> = treated[..m].iter().chain(&others[..n]).copied().collect();
        these.sort_unstable();
        (these, information([m, n]) / whole)
    };
    Ok((1..=growing.shares).map(one).unzip())
}

/// Mean square of the coefficients of `terms` on some clusters.
fn mean_square(fit: &Fit, terms: &[usize], at: usize, clusters: &[usize]) -> Result<f64, Refusal> {
    let k = fit.normal.columns.len();
    let (mut xx, mut xy) = (Matrix::zeros(k, k), Matrix::zeros(k, 1));
    for &cluster in clusters {
        let block = &fit.normal.blocks[cluster];
        xx += &block.xx;
        xy += Matrix::from_fn(k, 1, |i, _| block.xy[(i, at)]);
    }
    let bread = Bread::new(&xx, &fit.normal.raw);
    let beta = bread.solve(&xx, &xy);
    let square = |&term: &usize| {
        let column = fit.normal.term_column(term);
        let found = bread.identified[column].then(|| beta[(column, 0)].powi(2));
        found.ok_or_else(|| Refusal::NotIdentified { term: fit.normal.terms[term].clone() })
    };
    let squares: Vec<f64> = terms.iter().map(square).collect::<Result<_, _>>()?;
    Ok(squares.iter().sum::<f64>() / count(terms.len() as u64))
}
