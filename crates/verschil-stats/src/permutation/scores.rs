//! Coefficient and CR0 t of one profile: sums over G for each outcome, outcomes side by side.

use super::lanes::{LANES, Lane, add, add_lanes, block, blocks, lanes};
use super::tables::{Leaf, side_by_side};
use super::{EXPLAINED, Exchange};
use crate::linalg::Matrix;

/// What the t statistic needs. Outcomes fill W lanes, the last with zeros.
pub(super) struct Scores {
    clusters: usize,
    /// W.
    width: usize,
    /// [a] -> W: residualised profile of cluster a with the outcomes.
    with_outcome: Vec<Lane>,
    /// [(a, c)] -> W: score of cluster c on the residualised profile of cluster a, at zero effect.
    own: Vec<Lane>,
    /// [(a, b, c)]: cross-product within cluster c of the residualised profiles of a and b.
    square: Vec<f64>,
}

/// Sums over the leading members of an assignment.
#[derive(Default)]
pub(super) struct ScorePrefix {
    /// W: with the outcomes.
    beta: Vec<Lane>,
    /// [c] -> W: scores of each cluster.
    own: Vec<Lane>,
    /// [c]: squares within each cluster.
    squares: Vec<f64>,
    /// [(a, c)]: cross-products within cluster c of cluster a with the members.
    square_rows: Vec<f64>,
}

/// The statistics of one assignment, W each.
pub(super) struct Statistics {
    pub(super) beta: Vec<Lane>,
    pub(super) t: Vec<Lane>,
    /// [c]: squares within each cluster.
    squares: Vec<f64>,
}

impl Scores {
    pub(super) fn new(
        exchange: &Exchange,
        beta: &Matrix,
        profile: &[Matrix],
        gamma: &[Matrix],
        with_outcome: Vec<Lane>,
    ) -> Self {
        let normal = &exchange.normal;
        let (clusters, outcomes) = (normal.blocks.len(), normal.outcomes.len());
        let nuisance = normal.columns.len() - 1;
        let width = outcomes.div_ceil(LANES);
        let gamma = side_by_side(gamma);
        let mut tables = Self {
            clusters,
            width,
            with_outcome,
            own: vec![Lane::default(); clusters * clusters * width],
            square: vec![0.0; clusters * clusters * clusters],
        };
        for (c, block) in normal.blocks.iter().enumerate() {
            let xx = block.xx.submatrix(0, 0, nuisance, nuisance);
            let left = block.xy.submatrix(0, 0, nuisance, outcomes) - xx * beta;
            let through = gamma.transpose() * left;
            let fitted = profile[c].transpose() * beta;
            for (a, k) in (0..clusters).flat_map(|a| (0..outcomes).map(move |k| (a, k))) {
                let own = if a == c { block.xy[(nuisance, k)] - fitted[(0, k)] } else { 0.0 };
                let cell = &mut tables.own[(a * clusters + c) * width + k / LANES];
                cell.0[k % LANES] = own - through[(a, k)];
            }
            let squares = gamma.transpose() * (xx * &gamma);
            let on_profile = profile[c].transpose() * &gamma;
            for (a, b) in (0..clusters).flat_map(|a| (0..clusters).map(move |b| (a, b))) {
                let mut value = squares[(a, b)];
                if a == c {
                    value -= on_profile[(0, b)];
                }
                if b == c {
                    value -= on_profile[(0, a)];
                }
                if a == c && b == c {
                    value += block.xx[(nuisance, nuisance)];
                }
                tables.square[(a * clusters + b) * clusters + c] = value;
            }
        }
        tables
    }

    pub(super) fn empty_prefix(&self) -> ScorePrefix {
        ScorePrefix {
            beta: vec![Lane::default(); self.width],
            own: vec![Lane::default(); self.clusters * self.width],
            squares: vec![0.0; self.clusters],
            square_rows: vec![0.0; self.clusters * self.clusters],
        }
    }

    pub(super) fn empty_statistics(&self) -> Statistics {
        let empty = lanes(self.width * LANES);
        Statistics { beta: empty.clone(), t: empty, squares: vec![0.0; self.clusters] }
    }

    /// Sums of the scores and squares with cluster `next`.
    #[inline(always)]
    pub(super) fn extend(&self, from: &ScorePrefix, to: &mut ScorePrefix, next: usize) {
        let clusters = self.clusters;
        let with_outcome = &self.with_outcome[next * self.width..(next + 1) * self.width];
        add_lanes(&mut to.beta, &from.beta, with_outcome);
        let width = clusters * self.width;
        add_lanes(&mut to.own, &from.own, &self.own[next * width..(next + 1) * width]);
        let table = &self.square[next * clusters * clusters..(next + 1) * clusters * clusters];
        let later = (next + 1) * clusters..;
        add(&mut to.square_rows[later.clone()], &from.square_rows[later.clone()], &table[later]);
        self.add_squares(&mut to.squares, from, next);
    }

    /// `squares` = those of `from` and cluster `next`.
    #[inline(always)]
    fn add_squares(&self, squares: &mut [f64], from: &ScorePrefix, next: usize) {
        let clusters = self.clusters;
        let row = &from.square_rows[next * clusters..][..clusters];
        let own = &self.square[(next * clusters + next) * clusters..][..clusters];
        for (((square, before), row), own) in
            squares.iter_mut().zip(&from.squares).zip(row).zip(own)
        {
            *square = before + 2.0 * row + own;
        }
    }

    /// Coefficient and t of every outcome for the assignment that `leaf` sums up, whose last member
    /// is `last`; false when its treatment column is explained by the rest.
    #[inline(always)]
    pub(super) fn fill(&self, last: usize, leaf: &Leaf, found: &mut Statistics) -> bool {
        if leaf.gram[0] <= EXPLAINED * leaf.raw[0] {
            return false;
        }
        let before = leaf.leading();
        let gram = leaf.gram[0];
        self.add_squares(&mut found.squares, before, last);
        for (from, lanes) in blocks(self.width) {
            match lanes {
                1 => self.fill_block::<1>(from, last, before, gram, found),
                2 => self.fill_block::<2>(from, last, before, gram, found),
                _ => self.fill_block::<3>(from, last, before, gram, found),
            }
        }
        true
    }

    /// The same for the N lanes of outcomes from `from` on.
    #[inline(always)]
    fn fill_block<const N: usize>(
        &self,
        from: usize,
        last: usize,
        before: &ScorePrefix,
        gram: f64,
        found: &mut Statistics,
    ) {
        let width = self.width;
        let mut beta = block::<N>(&before.beta, from);
        for (beta, own) in beta.iter_mut().zip(block::<N>(&self.with_outcome, last * width + from))
        {
            let sum = beta.plus(own);
            *beta = Lane::of(|i| sum.0[i] / gram);
        }
        let own = &self.own[last * self.clusters * width..][..self.clusters * width];
        let mut sums = [Lane::default(); N];
        for (c, square) in found.squares.iter().enumerate() {
            let (own, before) =
                (&own[c * width + from..][..N], &before.own[c * width + from..][..N]);
            for v in 0..N {
                let score = own[v].plus(before[v]).minus_product(beta[v], Lane::all(*square));
                sums[v] = sums[v].plus(score.times(score));
            }
        }
        for v in 0..N {
            found.t[from + v] = Lane::of(|i| beta[v].0[i] * gram / sums[v].0[i].sqrt());
            found.beta[from + v] = beta[v];
        }
    }
}
