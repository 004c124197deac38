//! The G x G sums from which every assignment's normal equations follow.

use super::lanes::{LANES, Lane, add, add_lanes};
use super::scores::{ScorePrefix, Scores};
use super::{Exchange, nuisance_fit};
use crate::linalg::Matrix;

/// Sums over clusters and profiles. `a`, `b` run over blocks, `l`, `m` over profiles.
pub(super) struct Tables {
    clusters: usize,
    profiles: usize,
    outcomes: usize,
    /// [(a, b)] -> J(J+1)/2, upper triangle by rows: what the residualised profiles of a and b add
    /// to the cross-products of an assignment that holds both, and of a with itself.
    cross: Vec<f64>,
    /// [a] -> J: squares of the profiles before residualising.
    raw: Vec<f64>,
    /// [a] -> J x W: residualised profiles of cluster a with the outcomes, which fill W lanes, the
    /// last with zeros; empty for one profile.
    with_outcome: Vec<Lane>,
    /// What one profile has instead.
    pub(super) scores: Option<Scores>,
}

/// Sums of one assignment, with those of its leading members: assignments come in lexicographic
/// order, so most of what one needs was summed for the one before.
pub(super) struct Leaf {
    /// J(J+1)/2: cross-products.
    pub(super) gram: Vec<f64>,
    /// J x W: with the outcomes; empty for one profile.
    pub(super) beta: Vec<Lane>,
    /// J: squares of the profiles before residualising.
    pub(super) raw: Vec<f64>,
    /// The leading members that the prefixes stand for.
    path: Vec<usize>,
    /// Sums over the first 0, 1, 2, ... members.
    prefixes: Vec<Prefix>,
}

impl Leaf {
    /// Sums over all members but the last.
    #[inline(always)]
    pub(super) fn leading(&self) -> &ScorePrefix {
        &self.prefixes[self.path.len()].scores
    }
}

/// Sums over some members of an assignment.
struct Prefix {
    /// Cross-products among the members.
    gram: Vec<f64>,
    /// [a] -> J(J+1)/2: what every cluster after the last member adds to them beside its own.
    rows: Vec<f64>,
    /// J x W.
    beta: Vec<Lane>,
    /// J: sums of the members' squares before residualising.
    raw: Vec<f64>,
    /// For one profile.
    scores: ScorePrefix,
}

/// For each cluster, its cross-product with the observed assignment (one profile).
pub(super) struct Crossing(Vec<f64>);

impl Crossing {
    /// Coefficient of the observed treatment column on this assignment's.
    #[inline(always)]
    pub(super) fn kappa(&self, treated: &[usize], leaf: &Leaf) -> f64 {
        treated.iter().map(|&a| self.0[a]).sum::<f64>() / leaf.gram[0]
    }
}

impl Tables {
    pub(super) fn new(exchange: &Exchange) -> Self {
        let (fit, profile_blocks) = nuisance_fit(exchange);
        let normal = &exchange.normal;
        let profiles = exchange.profiles;
        let nuisance = normal.columns.len() - profiles;
        // coefficients of each cluster's profiles on the nuisance columns
        let gamma: Vec<Matrix> = profile_blocks.iter().map(|p| &fit.bread.inverse * p).collect();
        let (outcomes, width) = (normal.outcomes.len(), normal.outcomes.len().div_ceil(LANES));
        let mut with_outcome = Vec::new();
        let mut raw = Vec::with_capacity(normal.blocks.len() * profiles);
        for (block, profile) in normal.blocks.iter().zip(&profile_blocks) {
            let mut own = vec![Lane::default(); profiles * width];
            raw.extend((0..profiles).map(|l| block.xx[(nuisance + l, nuisance + l)]));
            let explained = profile.transpose() * &fit.beta;
            for (l, k) in (0..profiles).flat_map(|l| (0..outcomes).map(move |k| (l, k))) {
                own[l * width + k / LANES].0[k % LANES] =
                    block.xy[(nuisance + l, k)] - explained[(l, k)];
            }
            with_outcome.extend(own);
        }
        let mut tables = Self {
            clusters: normal.blocks.len(),
            profiles,
            outcomes,
            cross: cross(exchange, &profile_blocks, &gamma),
            raw,
            with_outcome,
            scores: None,
        };
        if profiles == 1 {
            let own = std::mem::take(&mut tables.with_outcome);
            tables.scores = Some(Scores::new(exchange, &fit.beta, &profile_blocks, &gamma, own));
        }
        tables
    }

    fn pairs(&self) -> usize {
        self.profiles * (self.profiles + 1) / 2
    }

    /// Lanes of `with_outcome` for a cluster.
    fn width(&self) -> usize {
        self.with_outcome.len() / self.clusters
    }

    pub(super) fn empty_leaf(&self) -> Leaf {
        Leaf {
            gram: vec![0.0; self.pairs()],
            beta: vec![Lane::default(); self.width()],
            raw: vec![0.0; self.profiles],
            path: Vec::new(),
            prefixes: vec![self.empty_prefix()],
        }
    }

    fn empty_prefix(&self) -> Prefix {
        Prefix {
            gram: vec![0.0; self.pairs()],
            rows: vec![0.0; self.clusters * self.pairs()],
            beta: vec![Lane::default(); self.width()],
            raw: vec![0.0; self.profiles],
            scores: self.scores.as_ref().map(Scores::empty_prefix).unwrap_or_default(),
        }
    }

    pub(super) fn outcomes(&self) -> usize {
        self.outcomes
    }

    pub(super) fn profiles(&self) -> usize {
        self.profiles
    }

    /// Cross-products of every cluster with the observed assignment.
    pub(super) fn crossing(&self, observed: &[usize]) -> Crossing {
        let one = |a: usize| {
            // two clusters add each cross-product twice
            let share = |b: usize| if a == b { 1.0 } else { 0.5 };
            observed.iter().map(|&b| share(b) * self.cross[a * self.clusters + b]).sum()
        };
        Crossing((0..self.clusters).map(one).collect())
    }

    /// Makes `leaf` the sums of an assignment (not empty, sorted).
    #[inline(always)]
    pub(super) fn sum(&self, treated: &[usize], leaf: &mut Leaf) {
        let Some((&last, leading)) = treated.split_last() else { return };
        self.walk_to(leading, leaf);
        let prefix = &leaf.prefixes[leading.len()];
        self.add_gram(&mut leaf.gram, prefix, last);
        let width = leaf.beta.len();
        add_lanes(
            &mut leaf.beta,
            &prefix.beta,
            &self.with_outcome[last * width..(last + 1) * width],
        );
        add(&mut leaf.raw, &prefix.raw, self.raw_of(last));
    }

    #[inline(always)]
    fn raw_of(&self, cluster: usize) -> &[f64] {
        &self.raw[cluster * self.profiles..(cluster + 1) * self.profiles]
    }

    /// Makes the prefixes of `leaf` those of `leading`, keeping what they share.
    #[inline(always)]
    fn walk_to(&self, leading: &[usize], leaf: &mut Leaf) {
        let shared = leaf.path.iter().zip(leading).take_while(|(a, b)| a == b).count();
        leaf.path.truncate(shared);
        for &next in &leading[shared..] {
            let depth = leaf.path.len();
            if leaf.prefixes.len() == depth + 1 {
                leaf.prefixes.push(self.empty_prefix());
            }
            let (done, open) = leaf.prefixes.split_at_mut(depth + 1);
            self.extend(&done[depth], &mut open[0], next);
            leaf.path.push(next);
        }
    }

    /// `to` = the sums of `from` and cluster `next`.
    #[inline(always)]
    fn extend(&self, from: &Prefix, to: &mut Prefix, next: usize) {
        self.add_gram(&mut to.gram, from, next);
        let width = to.beta.len();
        add_lanes(&mut to.beta, &from.beta, &self.with_outcome[next * width..(next + 1) * width]);
        add(&mut to.raw, &from.raw, self.raw_of(next));
        // members come in rising order, so only later clusters are still to be added
        let pairs = to.gram.len();
        let later = (next + 1) * pairs..;
        let cross = &self.cross[next * self.clusters * pairs..(next + 1) * self.clusters * pairs];
        add(&mut to.rows[later.clone()], &from.rows[later.clone()], &cross[later]);
        if let Some(scores) = &self.scores {
            scores.extend(&from.scores, &mut to.scores, next);
        }
    }

    /// `gram` = the cross-products among the members of `from` and cluster `next`.
    #[inline(always)]
    fn add_gram(&self, gram: &mut [f64], from: &Prefix, next: usize) {
        let pairs = gram.len();
        let own = &self.cross[(next * self.clusters + next) * pairs..][..pairs];
        let row = &from.rows[next * pairs..][..pairs];
        for (((gram, before), row), own) in gram.iter_mut().zip(&from.gram).zip(row).zip(own) {
            *gram = before + (row + own);
        }
    }
}

/// The cross-products of residualised profiles, as [`Tables::cross`] has them.
fn cross(exchange: &Exchange, profile: &[Matrix], gamma: &[Matrix]) -> Vec<f64> {
    let profiles = exchange.profiles;
    let nuisance = exchange.normal.columns.len() - profiles;
    let mut cross = Vec::with_capacity(profile.len().pow(2) * profiles * (profiles + 1) / 2);
    let gamma = side_by_side(gamma);
    for (a, (block, profile)) in exchange.normal.blocks.iter().zip(profile).enumerate() {
        let shared = profile.transpose() * &gamma;
        for b in 0..gamma.ncols() / profiles {
            let shared = shared.submatrix(0, b * profiles, profiles, profiles);
            for l in 0..profiles {
                cross.extend((l..profiles).map(|m| {
                    if a == b {
                        block.xx[(nuisance + l, nuisance + m)] - shared[(l, m)]
                    } else {
                        -shared[(l, m)] - shared[(m, l)]
                    }
                }));
            }
        }
    }
    cross
}

/// Matrices with the same number of rows as one.
pub(super) fn side_by_side(matrices: &[Matrix]) -> Matrix {
    let width = matrices.first().map_or(0, Matrix::ncols);
    let rows = matrices.first().map_or(0, Matrix::nrows);
    Matrix::from_fn(rows, width * matrices.len(), |i, j| matrices[j / width][(i, j % width)])
}
