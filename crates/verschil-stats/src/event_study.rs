//! Event-study coefficients with their covariance and times: all that a check of trends needs.

use std::ops::Range;

use crate::distribution::student_critical;
use crate::estimate::{Covariance, Estimate};
use crate::factor::Root;
use crate::linalg::Matrix;
use crate::refusal::Refusal;

/// The furthest that a period may lie from the reference.
const FURTHEST: i64 = 10_000;

/// The law that a coefficient divided by its standard error is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tails {
    /// Standard normal.
    Normal,
    /// Student's t with G-1 degrees of freedom.
    Student,
}

/// One coefficient per period other than the reference, sorted by period.
#[derive(Debug, Clone)]
pub struct EventStudy {
    periods: Vec<i64>,
    values: Vec<f64>,
    covariance: Matrix,
    reference: i64,
    first_post: usize,
    clusters: usize,
    /// Periods from the reference, negative before it.
    distances: Vec<f64>,
}

impl EventStudy {
    /// The event study of `estimate`, whose effects are about `periods`, in the same order.
    ///
    /// `start` is the first period that counts as treated.
    ///
    /// # Errors
    /// Those of [`Estimate::covariance`] and [`EventStudy::from_parts`].
    pub fn new(
        estimate: &Estimate,
        kind: Covariance,
        periods: &[i64],
        reference: i64,
        start: i64,
    ) -> Result<Self, Refusal> {
        let covariance = estimate.covariance(kind)?;
        let clusters = estimate.clusters();
        Self::from_parts(&estimate.values, &covariance, periods, (reference, start), clusters)
    }

    /// The same from numbers: `times` is the reference and the start.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when lengths differ, a period is named twice or is the reference,
    /// the reference does not lie before the start, a number is not finite, or a variance is not
    /// positive.
    pub fn from_parts(
        values: &[f64],
        covariance: &Matrix,
        periods: &[i64],
        times: (i64, i64),
        clusters: usize,
    ) -> Result<Self, Refusal> {
        let (reference, start) = times;
        check(values, covariance, periods, times)?;
        let mut order: Vec<usize> = (0..periods.len()).collect();
        order.sort_by_key(|&i| periods[i]);
        let sorted: Vec<i64> = order.iter().map(|&i| periods[i]).collect();
        let between = |a: usize, b: usize| {
            let (i, j) = (order[a], order[b]);
            0.5 * (covariance[(i, j)] + covariance[(j, i)])
        };
        let distances: Option<Vec<f64>> = sorted.iter().map(|&t| apart(t, reference)).collect();
        let too_far = || Refusal::NotDefined { why: "a period is out of range".into() };
        Ok(Self {
            values: order.iter().map(|&i| values[i]).collect(),
            covariance: Matrix::from_fn(order.len(), order.len(), between),
            reference,
            first_post: sorted.partition_point(|&t| t < start),
            clusters,
            distances: distances.ok_or_else(too_far)?,
            periods: sorted,
        })
    }

    /// Periods other than the reference, ascending.
    #[must_use]
    pub fn periods(&self) -> &[i64] {
        &self.periods
    }

    /// The period that the others are compared with.
    #[must_use]
    pub fn reference(&self) -> i64 {
        self.reference
    }

    /// Coefficients, by period.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Their covariance.
    #[must_use]
    pub fn covariance(&self) -> &Matrix {
        &self.covariance
    }

    /// Number of clusters G.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.clusters
    }

    /// Positions of the periods before the start.
    #[must_use]
    pub fn pre(&self) -> Range<usize> {
        0..self.first_post
    }

    /// Positions of the periods from the start.
    #[must_use]
    pub fn post(&self) -> Range<usize> {
        self.first_post..self.values.len()
    }

    /// Periods between the reference and each period, negative before it.
    #[must_use]
    pub fn distances(&self) -> &[f64] {
        &self.distances
    }

    /// Standard errors, by period.
    #[must_use]
    pub fn std_errors(&self) -> Vec<f64> {
        (0..self.values.len()).map(|j| self.covariance[(j, j)].sqrt()).collect()
    }

    /// Critical value of a two-sided test at `alpha`.
    #[must_use]
    pub fn critical(&self, tails: Tails, alpha: f64) -> f64 {
        match tails {
            Tails::Normal => crate::distribution::gaussian::critical(1.0 - alpha),
            Tails::Student => student_critical(1.0 - alpha, self.clusters),
        }
    }

    /// Coefficients at `positions`.
    #[must_use]
    pub fn at(&self, positions: &[usize]) -> Vec<f64> {
        positions.iter().map(|&j| self.values[j]).collect()
    }

    /// Covariance between the coefficients at `rows` and those at `columns`.
    #[must_use]
    pub fn covariance_of(&self, rows: &[usize], columns: &[usize]) -> Matrix {
        Matrix::from_fn(rows.len(), columns.len(), |i, j| self.covariance[(rows[i], columns[j])])
    }

    /// Covariance of linear combinations, one per row of `weights`.
    #[must_use]
    pub fn covariance_under(&self, weights: &[Vec<f64>]) -> Matrix {
        let images: Vec<Vec<f64>> =
            weights.iter().map(|row| crate::linalg::multiply(&self.covariance, row)).collect();
        Matrix::from_fn(weights.len(), weights.len(), |i, j| {
            crate::linalg::dot(&weights[i], &images[j])
        })
    }

    /// The root of the covariance of linear combinations, when it has full rank.
    ///
    /// # Errors
    /// [`Refusal::SingularCovariance`] otherwise.
    pub fn full_root(&self, weights: &[Vec<f64>]) -> Result<Root, Refusal> {
        let root = Root::new(&self.covariance_under(weights));
        if root.is_full() {
            return Ok(root);
        }
        Err(Refusal::SingularCovariance {
            rank: root.rank,
            effects: weights.len(),
            clusters: self.clusters,
        })
    }

    /// Weights that pick out the coefficients at `positions`, one row each.
    #[must_use]
    pub fn unit_weights(&self, positions: &[usize]) -> Vec<Vec<f64>> {
        let unit = |&at: &usize| {
            (0..self.values.len()).map(|j| f64::from(u8::from(j == at))).collect::<Vec<f64>>()
        };
        positions.iter().map(unit).collect()
    }

    /// Refuses weights that are not one finite number per period from the start, or all zero.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`], with both lengths.
    pub fn check_weights(&self, weights: &[f64]) -> Result<(), Refusal> {
        let fits = weights.len() == self.post().len();
        if fits && weights.iter().all(|w| w.is_finite()) && weights.iter().any(|&w| w != 0.0) {
            return Ok(());
        }
        let why = format!(
            "{} weights, not all zero, are needed for the periods from the start: got {}",
            self.post().len(),
            weights.len()
        );
        Err(Refusal::NotDefined { why })
    }

    /// Weights of the mean of all periods from the start.
    #[must_use]
    pub fn average_post(&self) -> Vec<f64> {
        let n = crate::grams::count(self.post().len() as u64);
        vec![1.0 / n; self.post().len()]
    }

    /// Weights of the first period from the start.
    #[must_use]
    pub fn first_post(&self) -> Vec<f64> {
        (0..self.post().len()).map(|j| f64::from(u8::from(j == 0))).collect()
    }
}

fn apart(period: i64, reference: i64) -> Option<f64> {
    let distance = period.checked_sub(reference).filter(|d| d.abs() <= FURTHEST)?;
    i32::try_from(distance).ok().map(f64::from)
}

fn check(
    values: &[f64],
    covariance: &Matrix,
    periods: &[i64],
    (reference, start): (i64, i64),
) -> Result<(), Refusal> {
    let n = values.len();
    let refuse = |why: String| Err(Refusal::NotDefined { why });
    if n == 0 || periods.len() != n || covariance.nrows() != n || covariance.ncols() != n {
        return refuse(format!(
            "{n} coefficients, {} periods and a covariance of {} by {}",
            periods.len(),
            covariance.nrows(),
            covariance.ncols()
        ));
    }
    let mut sorted = periods.to_vec();
    sorted.sort_unstable();
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return refuse(format!("period {} has two coefficients", twice[0]));
    }
    if sorted.binary_search(&reference).is_ok() {
        return refuse(format!("reference period {reference} has a coefficient"));
    }
    if reference >= start {
        return refuse(format!("reference period {reference} does not lie before start {start}"));
    }
    let finite = values.iter().all(|v| v.is_finite())
        && (0..n).all(|i| (0..n).all(|j| covariance[(i, j)].is_finite()));
    if !finite {
        return refuse("a coefficient or its covariance is not a finite number".into());
    }
    match (0..n).find(|&j| covariance[(j, j)] <= 0.0) {
        Some(j) => refuse(format!("the coefficient of period {} has no variance", periods[j])),
        None => Ok(()),
    }
}
