//! One look at all rows: score and information of every region, one-hot blocks by table look-up.

use std::marker::PhantomData;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::index::{Index, Part, PartSlice, Theta};
use super::link::{ExpectedGammaKernel, GammaKernel, Kernel, LogitKernel, Model, PoissonKernel};
use super::rows::{Response, Rows};
use crate::linalg::{Matrix, dot};

/// Rows whose means are taken together.
const BLOCK: usize = 256;

/// Which information is summed; they differ for Gamma only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Information {
    /// Minus the second derivative: Newton's steps are quadratic with it, and the variance needs it.
    Observed,
    /// Its expectation, which is positive where all outcomes are zero too.
    Expected,
}

/// An outcome under a model on some rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likelihood<'a> {
    pub(super) rows: &'a Rows,
    pub(super) response: &'a Response,
    pub(super) index: &'a Index,
    pub(super) model: Model,
}

/// Score and information of one region, d its own effect and b the k columns.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// Score of d.
    pub(super) score: f64,
    /// k: scores of b.
    pub(super) scores: Vec<f64>,
    /// Information of d.
    pub(super) info: f64,
    /// k: between d and b.
    pub(super) cross: Vec<f64>,
    /// k x k: of b.
    pub(super) square: Matrix,
}

impl Sums {
    fn new(k: usize) -> Self {
        Self {
            score: 0.0,
            scores: vec![0.0; k],
            info: 0.0,
            cross: vec![0.0; k],
            square: Matrix::zeros(k, k),
        }
    }

    /// Score of b when d follows it.
    pub(super) fn absorbed_scores(&self) -> Vec<f64> {
        let share = self.score / self.info;
        self.scores.iter().zip(&self.cross).map(|(score, cross)| score - cross * share).collect()
    }

    /// Adds the information of b when d follows it.
    pub(super) fn add_absorbed_square(&self, to: &mut Matrix) {
        for (j, cross) in self.cross.iter().enumerate() {
            let share = cross / self.info;
            let columns = to.col_mut(j).iter_mut().zip(self.square.col(j).iter());
            for ((to, square), other) in columns.zip(&self.cross) {
                *to += square - other * share;
            }
        }
    }

    /// The scores after a step so small that they are linear in it.
    pub(super) fn moved(&mut self, region: f64, beta: &[f64]) {
        self.score -= self.info * region + dot(&self.cross, beta);
        let through = crate::linalg::multiply(&self.square, beta);
        for ((score, cross), through) in self.scores.iter_mut().zip(&self.cross).zip(through) {
            *score -= cross * region + through;
        }
    }

    /// Adds a slice, in which `constants` are the columns that are not covariates.
    fn add_slice(
        &mut self,
        (index, rows): (&Index, &Rows),
        constants: &[(usize, f64)],
        tally: &Tally,
    ) {
        self.score += tally.score;
        self.info += tally.info;
        for &(j, value) in constants {
            self.scores[j] += value * tally.score;
            self.cross[j] += value * tally.info;
            for &(i, other) in constants {
                self.square[(i, j)] += value * other * tally.info;
            }
        }
        let columns = rows.factors.gathered(&tally.codes, |[score, info], own| {
            *score += own[0];
            *info += own[1];
        });
        for (at, [score, info]) in index.of_covariate.iter().zip(columns) {
            let Some(at) = *at else { continue };
            self.scores[at] += score;
            self.cross[at] += info;
            for &(j, value) in constants {
                self.square[(at, j)] += value * info;
                self.square[(j, at)] = self.square[(at, j)];
            }
        }
    }

    /// Puts the two-way margins of covariates in their columns.
    fn add_pairs(&mut self, index: &Index, rows: &Rows, pairs: &[f64]) {
        let (p, pairs) = (rows.columns, rows.factors.gathered_pairs(pairs));
        let places: Vec<(usize, usize)> = index
            .of_covariate
            .iter()
            .enumerate()
            .filter_map(|(column, at)| at.map(|at| (column, at)))
            .collect();
        for &(a, i) in &places {
            for &(b, j) in places.iter().filter(|(b, _)| *b >= a) {
                self.square[(i, j)] = pairs[a * p + b];
                self.square[(j, i)] = pairs[a * p + b];
            }
            // the square of an indicator is itself
            if a < p - rows.numeric_count {
                self.square[(i, i)] = self.cross[i];
            }
        }
    }
}

/// Sums over the rows of one slice.
struct Tally {
    score: f64,
    info: f64,
    /// Score and information by code and numeric covariate, side by side so that one instruction
    /// adds to both.
    codes: Vec<[f64; 2]>,
}

impl<'a> Likelihood<'a> {
    /// Sums of every region, in the order of the parts. Each is summed by one thread in the order of
    /// its rows, so the number of threads changes nothing.
    pub(super) fn sums(&self, theta: &Theta, information: Information) -> Vec<Sums> {
        match (self.model, information) {
            (Model::Logit, _) => self.sums_of::<LogitKernel>(theta),
            (Model::Poisson, _) => self.sums_of::<PoissonKernel>(theta),
            (Model::Gamma, Information::Observed) => self.sums_of::<GammaKernel>(theta),
            (Model::Gamma, Information::Expected) => self.sums_of::<ExpectedGammaKernel>(theta),
        }
    }

    fn sums_of<K: Kernel>(&self, theta: &Theta) -> Vec<Sums> {
        let coefficients = self.coefficients(theta);
        let parts = self.index.parts.par_iter().enumerate();
        parts.map(|(at, part)| self.part::<K>(at, part, theta, &coefficients)).collect()
    }

    /// Coefficients by code and numeric covariate.
    pub(super) fn coefficients(&self, theta: &Theta) -> Vec<f64> {
        self.rows.factors.spread(&self.index.coefficients(theta))
    }

    fn part<K: Kernel>(&self, at: usize, part: &Part, theta: &Theta, coefficients: &[f64]) -> Sums {
        let mut sums = Sums::new(self.index.columns.len());
        let (width, codes) = (self.rows.factors.width(), self.rows.factors.first_numeric());
        let mut pairs = vec![0.0; width * width];
        for slice in &part.slices {
            let base = self.index.base(at, slice, theta);
            let tally = self.slice::<K>(slice, base, coefficients, &mut pairs);
            for (code, [_, info]) in tally.codes[..codes].iter().enumerate() {
                pairs[code * width + code] += info;
            }
            sums.add_slice((self.index, self.rows), &slice.constants, &tally);
        }
        sums.add_pairs(self.index, self.rows, &pairs);
        sums
    }

    fn slice<K: Kernel>(
        &self,
        slice: &PartSlice,
        base: f64,
        coefficients: &[f64],
        pairs: &mut [f64],
    ) -> Tally {
        let codes = vec![[0.0; 2]; self.rows.factors.width()];
        let mut tally = Tally { score: 0.0, info: 0.0, codes };
        let (mut score, mut info) = ([0.0; BLOCK], [0.0; BLOCK]);
        for from in slice.rows.clone().step_by(BLOCK) {
            let rows = from..(from + BLOCK).min(slice.rows.end);
            let here = rows.len();
            self.indices(rows.start, base, coefficients, &mut score[..here]);
            let (weight, sum) =
                (&self.response.weight[rows.clone()], &self.response.sum[rows.clone()]);
            let kernel = PhantomData::<K>;
            Arch::new().dispatch(Derivatives {
                score: &mut score[..here],
                info: &mut info[..here],
                weight,
                sum,
                kernel,
            });
            self.scatter(rows.start, &score[..here], &info[..here], &mut tally, pairs);
        }
        tally
    }

    /// The index of the rows from `start`.
    pub(super) fn indices(&self, start: usize, base: f64, coefficients: &[f64], out: &mut [f64]) {
        let first = self.rows.factors.first_numeric();
        for (row, out) in (start..).zip(out) {
            let codes = self.rows.codes_of(row).iter();
            let own = codes.fold(base, |sum, &code| sum + coefficients[code as usize]);
            *out = own + dot(self.rows.numerics_of(row), &coefficients[first..]);
        }
    }

    fn scatter(
        &self,
        start: usize,
        score: &[f64],
        info: &[f64],
        tally: &mut Tally,
        pairs: &mut [f64],
    ) {
        // a number that is known when compiling unrolls the loops over codes
        match self.rows.factors.count() {
            1 => self.scatter_codes(1, start, (score, info), tally, pairs),
            2 => self.scatter_codes(2, start, (score, info), tally, pairs),
            3 => self.scatter_codes(3, start, (score, info), tally, pairs),
            4 => self.scatter_codes(4, start, (score, info), tally, pairs),
            5 => self.scatter_codes(5, start, (score, info), tally, pairs),
            6 => self.scatter_codes(6, start, (score, info), tally, pairs),
            7 => self.scatter_codes(7, start, (score, info), tally, pairs),
            8 => self.scatter_codes(8, start, (score, info), tally, pairs),
            other => self.scatter_codes(other, start, (score, info), tally, pairs),
        }
        if self.rows.numeric_count > 0 {
            self.scatter_numerics(start, score, info, tally, pairs);
        }
    }

    #[inline(always)]
    fn scatter_codes(
        &self,
        factors: usize,
        start: usize,
        (score, info): (&[f64], &[f64]),
        tally: &mut Tally,
        pairs: &mut [f64],
    ) {
        let width = self.rows.factors.width();
        let codes = &self.rows.codes[start * factors..(start + score.len()) * factors];
        for (row, (&score, &info)) in score.iter().zip(info).enumerate() {
            tally.score += score;
            tally.info += info;
            let codes = &codes[row * factors..(row + 1) * factors];
            for at in 0..factors {
                let code = codes[at] as usize;
                let [scores, infos] = &mut tally.codes[code];
                *scores += score;
                *infos += info;
                let pairs = &mut pairs[code * width..(code + 1) * width];
                for other in at + 1..factors {
                    pairs[codes[other] as usize] += info;
                }
            }
        }
    }

    fn scatter_numerics(
        &self,
        start: usize,
        score: &[f64],
        info: &[f64],
        tally: &mut Tally,
        pairs: &mut [f64],
    ) {
        let (width, first) = (self.rows.factors.width(), self.rows.factors.first_numeric());
        for ((row, &score), &info) in (start..).zip(score).zip(info) {
            let numerics = self.rows.numerics_of(row);
            for &code in self.rows.codes_of(row) {
                let pairs = &mut pairs[code as usize * width + first..(code as usize + 1) * width];
                for (slot, x) in pairs.iter_mut().zip(numerics) {
                    *slot += info * x;
                }
            }
            for (at, x) in numerics.iter().enumerate() {
                let column = first + at;
                let [scores, infos] = &mut tally.codes[column];
                *scores += score * x;
                *infos += info * x;
                let pairs = &mut pairs[column * width + column..(column + 1) * width];
                for (slot, other) in pairs.iter_mut().zip(&numerics[at..]) {
                    *slot += info * x * other;
                }
            }
        }
    }
}

/// Turns indices in `score` into scores, and fills `info`.
struct Derivatives<'a, K> {
    score: &'a mut [f64],
    info: &'a mut [f64],
    weight: &'a [f64],
    sum: &'a [f64],
    kernel: PhantomData<K>,
}

impl<K: Kernel> WithSimd for Derivatives<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { score, info, weight, sum, .. } = self;
        for (((score, info), weight), sum) in score.iter_mut().zip(info).zip(weight).zip(sum) {
            (*score, *info) = K::both(*score, *weight, *sum);
        }
    }
}
