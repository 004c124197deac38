//! Tests from the fit in which the null holds: score bootstrap and permutation.
//!
//! At that fit the scores and informations of the clusters make a linear model of one step, whose
//! residual scores are the scores themselves. The wild bootstrap of that model perturbs them (Kline
//! & Santos 2012), and its permutation test is one of score tests.

use super::index::Index;
use super::newton::{Solved, solve};
use super::pass::Likelihood;
use super::{GlmFit, Theta};
use crate::fit::Fit;
use crate::linalg::{Bread, Matrix};
use crate::normal::{Block, Normal};
use crate::permutation::{Exchange, PermutationResult, permute};
use crate::refusal::Refusal;
use crate::wild::{Null, Wild, wild_bootstrap};

/// Result of a score bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreResult {
    /// Two-sided symmetric p-value of a zero effect.
    pub p_value: f64,
    /// t statistic (CR0) of one step from the null.
    pub statistic: f64,
    /// Whether every sign vector was visited, so that the p-value is exact.
    pub enumerated: bool,
    /// Number of draws used.
    pub used: usize,
}

impl GlmFit<'_> {
    /// Score bootstrap of a zero effect: the clusters' scores at the fit without the term are
    /// perturbed, and studentised after one step, so that for a linear model it is the restricted
    /// wild bootstrap to the bit.
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`], and [`Refusal::NoConvergence`] of the fit without the term.
    pub fn score_bootstrap(&self, term: usize, wild: &Wild) -> Result<ScoreResult, Refusal> {
        self.identified(&[term])?;
        let column = self.linear.normal.term_column(term);
        let mut free = self.linear.bread.kept.clone();
        free[column] = false;
        let mut start = self.solved.theta.clone();
        start.beta[column] = 0.0;
        let working = self.working(&self.index, &self.linear.normal, &free, start)?;
        let wild = Wild { null: Null::Imposed, ..*wild };
        let result = wild_bootstrap(&Fit::new(working), term, 0, &wild, 0.95)?;
        Ok(ScoreResult {
            p_value: result.p_value,
            statistic: result.statistic,
            enumerated: result.enumerated,
            used: result.used,
        })
    }

    /// Permutation test of score statistics over which clusters are treated: one fit without any
    /// effect serves every assignment, since under the sharp null the outcomes are those observed.
    /// Estimates are one step from that fit, in units of the index; there is no interval. For effects
    /// per region `of` is the one tested, otherwise all are tested together and each is a profile.
    ///
    /// # Errors
    /// As [`Design::exchange`](crate::did::Design::exchange) and
    /// [`permute`](crate::permutation::permute), and [`Refusal::NoConvergence`].
    pub fn permutation(
        &self,
        of: usize,
        budget: usize,
        seed: u64,
    ) -> Result<Vec<PermutationResult>, Refusal> {
        self.permuted(of, self.design.exchange(of, budget, seed)?)
    }

    /// The same with clusters exchanged within matched sets only; `set_of` as in
    /// [`Exchange::within`].
    ///
    /// # Errors
    /// As [`GlmFit::permutation`].
    pub fn permutation_within(
        &self,
        of: usize,
        set_of: impl Fn(&str) -> Option<usize>,
        budget: usize,
        seed: u64,
    ) -> Result<Vec<PermutationResult>, Refusal> {
        self.permuted(of, self.design.exchange(of, budget, seed)?.within(set_of))
    }

    fn permuted(&self, of: usize, exchange: Exchange) -> Result<Vec<PermutationResult>, Refusal> {
        let (nuisance, profiles, _) = self.design.exchange_terms(of);
        let terms: Vec<_> = nuisance.into_iter().chain(profiles).collect();
        let (design, normal) = (self.design, &exchange.normal);
        let index = Index::new(self.rows, design.grams, normal, &design.sample, &terms);
        let mut free = Bread::new(&normal.total_xx(), &normal.raw).kept;
        let first = free.len() - exchange.profiles;
        free[first..].fill(false);
        let likelihood = Likelihood { index: &index, ..self.likelihood() };
        let start = likelihood.start_from(&self.index, &self.solved.theta);
        let normal = self.working(&index, normal, &free, start)?;
        let results = permute(&Exchange { normal, ..exchange }, 0.95)?;
        let tested = |mut of_outcomes: Vec<PermutationResult>| {
            let result = of_outcomes.swap_remove(0);
            PermutationResult { interval: None, ..result }
        };
        Ok(results.into_iter().map(tested).collect())
    }

    /// Normal equations of one step from the fit of the free columns.
    fn working(
        &self,
        index: &Index,
        normal: &Normal,
        free: &[bool],
        start: Theta,
    ) -> Result<Normal, Refusal> {
        let likelihood = Likelihood { index, ..self.likelihood() };
        let Solved { sums, .. } = solve(&likelihood, free, start).map_err(|stuck| {
            Refusal::NoConvergence { iterations: stuck.iterations, step: stuck.size }
        })?;
        let k = free.len();
        let mut blocks: Vec<Block> = normal
            .blocks
            .iter()
            .map(|block| Block {
                cluster: block.cluster.clone(),
                xx: Matrix::zeros(k, k),
                xy: Matrix::zeros(k, 1),
                yy: vec![1.0],
            })
            .collect();
        let mut raw = vec![0.0; k];
        for (part, sums) in index.parts.iter().zip(&sums) {
            let block = &mut blocks[part.block];
            sums.add_absorbed_square(&mut block.xx);
            for (column, score) in sums.absorbed_scores().into_iter().enumerate() {
                block.xy[(column, 0)] += score;
                raw[column] += sums.square[(column, column)];
            }
        }
        Ok(Normal {
            columns: normal.columns.clone(),
            terms: normal.terms.clone(),
            outcomes: vec![self.linear.normal.outcomes[self.at]],
            blocks,
            raw,
            raw_yy: vec![1.0],
            touched: normal.touched.clone(),
            weighting: normal.weighting,
            profiles: normal.profiles.clone(),
            n: normal.n,
            regions: normal.regions,
        })
    }
}
