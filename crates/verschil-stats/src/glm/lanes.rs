//! The fit without each cluster in turn, many clusters in one look at the rows.
//!
//! The information of each cluster at the full fit is known, so the first step costs no look at all,
//! and the ones after it need scores only: Broyden's method (1965) from that information.

use std::marker::PhantomData;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::index::{Part, Theta};
use super::link::{GammaKernel, Kernel, LogitKernel, Model, PoissonKernel};
use super::newton::{Solved, invert_on, solve};
use super::pass::{Likelihood, Sums};
use super::rows::{Response, Rows};
use crate::fit::Fit;
use crate::linalg::{Bread, Matrix, dot, multiply};
use crate::refusal::Refusal;

/// Clusters left out side by side.
const LANES: usize = 16;
/// Steps before a cluster is left to Newton's method.
const MOST: usize = 12;
/// A step of this share of the first is the last.
const SETTLED: f64 = 1e-9;
/// A step that is rounding.
const ROUNDING: f64 = 1e-12;

type Lane = [f64; LANES];

/// The fit without one cluster.
#[derive(Debug, Clone)]
pub(super) struct Deleted {
    /// As that of the full fit; what only the cluster itself has stays as it was.
    pub(super) theta: Theta,
    /// k: which coefficients are identified without the cluster.
    pub(super) identified: Vec<bool>,
}

/// The full fit with what all deletions share.
pub(super) struct Deletion<'a> {
    likelihood: Likelihood<'a>,
    solved: &'a Solved,
    linear: &'a Fit,
    /// k: information of each column alone.
    squares: Vec<f64>,
}

/// One cluster on its way out.
struct Leaver {
    block: usize,
    theta: Theta,
    free: Vec<bool>,
    identified: Vec<bool>,
    /// Without the cluster, at the full fit.
    inverse: Matrix,
    steps: Vec<Theta>,
    first: f64,
    settled: bool,
}

impl<'a> Deletion<'a> {
    pub(super) fn new(likelihood: Likelihood<'a>, solved: &'a Solved, linear: &'a Fit) -> Self {
        let all = |at: usize| solved.sums.iter().map(|sums| sums.square[(at, at)]).sum();
        let squares = (0..solved.theta.beta.len()).map(all).collect();
        Self { likelihood, solved, linear, squares }
    }

    /// One per block of the linear model, in order.
    pub(super) fn each(&self) -> Vec<Result<Deleted, Refusal>> {
        let blocks: Vec<usize> = (0..self.linear.clusters()).collect();
        blocks.chunks(LANES).flat_map(|blocks| self.some(blocks)).collect()
    }

    fn some(&self, blocks: &[usize]) -> Vec<Result<Deleted, Refusal>> {
        let k = self.solved.theta.beta.len();
        let mut total = Matrix::zeros(k, k);
        self.solved.sums.iter().for_each(|sums| sums.add_absorbed_square(&mut total));
        let mut leavers: Vec<Option<Leaver>> =
            blocks.par_iter().map(|&block| self.leaver(block, &total)).collect();
        let at_full: Vec<(Vec<f64>, Vec<f64>)> =
            leavers.iter().flatten().map(|_| self.scores_at_full()).collect();
        let mut scores = at_full;
        for _ in 0..MOST {
            let present = leavers.iter_mut().flatten();
            for (leaver, (regions, columns)) in present.zip(scores) {
                self.advance(leaver, &regions, columns);
            }
            let present: Vec<&Leaver> = leavers.iter().flatten().collect();
            if present.iter().all(|leaver| leaver.settled) {
                break;
            }
            scores = self.scores(&present);
        }
        let finished = blocks.par_iter().zip(leavers);
        finished.map(|(&block, leaver)| self.finish(block, leaver)).collect()
    }

    fn leaver(&self, block: usize, total: &Matrix) -> Option<Leaver> {
        let linear = self.linear;
        let left = &linear.xx - &linear.normal.blocks[block].xx;
        let bread = Bread::new(&left, &linear.normal.raw);
        let kept = bread.kept.iter().zip(&linear.bread.kept);
        let free: Vec<bool> = kept.map(|(now, before)| *now && *before).collect();
        let mut own = Matrix::zeros(free.len(), free.len());
        for (part, sums) in self.likelihood.index.parts.iter().zip(&self.solved.sums) {
            if part.block == block {
                sums.add_absorbed_square(&mut own);
            }
        }
        Some(Leaver {
            block,
            theta: self.solved.theta.clone(),
            inverse: invert_on(&(total - &own), &free)?,
            free,
            identified: bread.identified,
            steps: Vec::new(),
            first: 0.0,
            settled: false,
        })
    }

    /// Scores of the regions and the columns, at the full fit.
    fn scores_at_full(&self) -> (Vec<f64>, Vec<f64>) {
        let sums = &self.solved.sums;
        (sums.iter().map(|sums| sums.score).collect(), Vec::new())
    }

    /// One step of a cluster; `columns` are empty at the full fit, where they are summed by region.
    fn advance(&self, leaver: &mut Leaver, regions: &[f64], mut columns: Vec<f64>) {
        if leaver.settled {
            return;
        }
        let parts = &self.likelihood.index.parts;
        let here = |part: &Part| part.block != leaver.block;
        let at_full = columns.is_empty();
        columns.resize(leaver.free.len(), 0.0);
        for ((part, sums), score) in parts.iter().zip(&self.solved.sums).zip(regions) {
            if !here(part) {
                continue;
            }
            for (at, column) in columns.iter_mut().enumerate() {
                let own = if at_full { sums.scores[at] } else { 0.0 };
                *column += own - sums.cross[at] * score / sums.info;
            }
        }
        let beta = multiply(&leaver.inverse, &columns);
        let region = |((part, sums), score): ((&Part, &Sums), &f64)| {
            if here(part) { (score - dot(&sums.cross, &beta)) / sums.info } else { 0.0 }
        };
        let all = parts.iter().zip(&self.solved.sums).zip(regions);
        let chord = Theta { region: all.map(region).collect(), beta };
        let step = self.secant(chord, &leaver.steps);
        let size = step.region.iter().chain(&step.beta).fold(0.0, |m: f64, x| m.max(x.abs()));
        leaver.theta = leaver.theta.plus(&step, 1.0);
        leaver.first = leaver.first.max(size);
        leaver.settled = size <= (SETTLED * leaver.first).max(ROUNDING);
        leaver.steps.push(step);
    }

    /// Corrects a step of the first information by what the steps before it have shown (Kelley 1995,
    /// 7.3).
    fn secant(&self, mut step: Theta, before: &[Theta]) -> Theta {
        let Some(last) = before.last() else { return step };
        for pair in before.windows(2) {
            let share = self.product(&pair[0], &step) / self.product(&pair[0], &pair[0]);
            step = step.plus(&pair[1], share);
        }
        let left = 1.0 - self.product(last, &step) / self.product(last, last);
        // a sign or size that no smooth problem near its solution gives
        if left > 0.1 { step.plus(&step, 1.0 / left - 1.0) } else { step }
    }

    /// Inner product in units of information.
    fn product(&self, a: &Theta, b: &Theta) -> f64 {
        let regions = a.region.iter().zip(&b.region).zip(&self.solved.sums);
        let regions: f64 = regions.map(|((a, b), sums)| a * b * sums.info).sum();
        let columns = a.beta.iter().zip(&b.beta).zip(&self.squares);
        regions + columns.map(|((a, b), square)| a * b * square).sum::<f64>()
    }

    fn finish(&self, block: usize, leaver: Option<Leaver>) -> Result<Deleted, Refusal> {
        let cluster = self.linear.normal.blocks[block].cluster.clone();
        let refused = || Refusal::NotIdentifiedWithout { cluster };
        let leaver = leaver.ok_or_else(refused.clone())?;
        let finite = leaver.theta.beta.iter().all(|beta| beta.is_finite());
        if leaver.settled && finite {
            return Ok(Deleted { theta: leaver.theta, identified: leaver.identified });
        }
        let index = self.likelihood.index.without(block);
        let likelihood = Likelihood { index: &index, ..self.likelihood };
        let parts = &self.likelihood.index.parts;
        let stays = |at: &usize| parts[*at].block != block;
        let stay: Vec<usize> = (0..parts.len()).filter(stays).collect();
        let region = stay.iter().map(|&at| self.solved.theta.region[at]).collect();
        let start = Theta { region, beta: self.solved.theta.beta.clone() };
        let solved = solve(&likelihood, &leaver.free, start).map_err(|_| refused())?;
        let mut theta = Theta { beta: solved.theta.beta, ..self.solved.theta.clone() };
        for (at, region) in stay.into_iter().zip(solved.theta.region) {
            theta.region[at] = region;
        }
        Ok(Deleted { theta, identified: leaver.identified })
    }

    /// For each leaver the scores of regions and of columns over the rows of the other clusters.
    fn scores(&self, leavers: &[&Leaver]) -> Vec<(Vec<f64>, Vec<f64>)> {
        let parts = match self.likelihood.model {
            Model::Logit => self.part_scores::<LogitKernel>(leavers),
            Model::Poisson => self.part_scores::<PoissonKernel>(leavers),
            Model::Gamma => self.part_scores::<GammaKernel>(leavers),
        };
        let k = self.solved.theta.beta.len();
        let of = |(lane, leaver): (usize, &&Leaver)| {
            let mut columns = vec![0.0; k];
            for (part, (_, own)) in self.likelihood.index.parts.iter().zip(&parts) {
                if part.block != leaver.block {
                    columns.iter_mut().zip(own).for_each(|(sum, own)| *sum += own[lane]);
                }
            }
            (parts.iter().map(|(region, _)| region[lane]).collect(), columns)
        };
        leavers.iter().enumerate().map(of).collect()
    }

    /// Scores of each region's own effect and of the columns.
    fn part_scores<K: Kernel>(&self, leavers: &[&Leaver]) -> Vec<(Lane, Vec<Lane>)> {
        let Likelihood { rows, response, index, .. } = self.likelihood;
        let mut table = vec![[0.0; LANES]; rows.factors.width()];
        for (lane, leaver) in leavers.iter().enumerate() {
            let own = self.likelihood.coefficients(&leaver.theta);
            table.iter_mut().zip(own).for_each(|(table, own)| table[lane] = own);
        }
        let one = |(at, part): (usize, &Part)| {
            let mut columns = vec![[0.0; LANES]; index.columns.len()];
            let mut codes = vec![[0.0; LANES]; rows.factors.width()];
            let mut region = [0.0; LANES];
            for slice in &part.slices {
                let mut base = [0.0; LANES];
                for (lane, leaver) in leavers.iter().enumerate() {
                    base[lane] = index.base(at, slice, &leaver.theta);
                }
                let (table, range) = (&table, slice.rows.clone());
                let look = Look { rows, response, table, base, range, codes: &mut codes };
                let own = Arch::new().dispatch(Scoring { look, kernel: PhantomData::<K> });
                add(&mut region, &own, 1.0);
                for &(column, value) in &slice.constants {
                    add(&mut columns[column], &own, value);
                }
            }
            let covariates = rows.factors.gathered(&codes, |sum, own| add(sum, own, 1.0));
            for (at, own) in index.of_covariate.iter().zip(&covariates) {
                if let Some(at) = at {
                    add(&mut columns[*at], own, 1.0);
                }
            }
            (region, columns)
        };
        index.parts.par_iter().enumerate().map(one).collect()
    }
}

#[inline(always)]
fn add(sum: &mut Lane, more: &Lane, share: f64) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += share * more);
}

/// Adds with the processor's own width, which divides the number of lanes; nothing is fused, so the
/// bits are the same on every machine.
#[inline(always)]
fn plus<S: Simd>(simd: S, sum: &mut Lane, more: &Lane) {
    let (sums, more) = (S::as_mut_simd_f64s(sum).0, S::as_simd_f64s(more).0);
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum = simd.add_f64s(*sum, *more);
    }
}

/// The rows of one slice, for all lanes.
struct Look<'a> {
    rows: &'a Rows,
    response: &'a Response,
    table: &'a [Lane],
    base: Lane,
    range: std::ops::Range<usize>,
    /// By code and numeric covariate, to be added to.
    codes: &'a mut [Lane],
}

/// A look with a model: the sum of scores. No closure, since those are not compiled for the processor.
struct Scoring<'a, K> {
    look: Look<'a>,
    kernel: PhantomData<K>,
}

impl<K: Kernel> WithSimd for Scoring<'_, K> {
    type Output = Lane;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Lane {
        self.look.scores::<K, S>(simd)
    }
}

impl Look<'_> {
    #[inline(always)]
    fn scores<K: Kernel, S: Simd>(self, simd: S) -> Lane {
        let (mut own, sums) = ([0.0; LANES], self.codes);
        let first = self.rows.factors.first_numeric();
        for row in self.range.clone() {
            let (weight, sum) = (self.response.weight[row], self.response.sum[row]);
            if weight == 0.0 {
                continue;
            }
            let (codes, numerics) = (self.rows.codes_of(row), self.rows.numerics_of(row));
            let mut lane = self.base;
            for &code in codes {
                plus(simd, &mut lane, &self.table[code as usize]);
            }
            for (table, &x) in self.table[first..].iter().zip(numerics) {
                add(&mut lane, table, x);
            }
            for value in &mut lane {
                *value = K::score(*value, weight, sum);
            }
            plus(simd, &mut own, &lane);
            for &code in codes {
                plus(simd, &mut sums[code as usize], &lane);
            }
            for (sum, &x) in sums[first..].iter_mut().zip(numerics) {
                add(sum, &lane, x);
            }
        }
        own
    }
}
