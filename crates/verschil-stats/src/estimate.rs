//! Effects with their influence by cluster: closed under smooth functions, so ratios, averages
//! and comparisons inherit every variance that is defined here.

use crate::distribution::student_critical;
use crate::fit::Fit;
use crate::linalg::Matrix;
use crate::refusal::Refusal;

/// How a covariance is made from influences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covariance {
    /// Sum over clusters of influence times influence' (Liang & Zeger 1986).
    Cr0,
    /// Cr0 times G/(G-1) * (N-1)/(N-K).
    Cr1(SmallSample),
    /// (G-1)/G times the sum of squared delete-one-cluster differences (CV3 of MacKinnon,
    /// Nielsen & Webb 2023).
    Cr3,
}

/// What K counts in the CR1 factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallSample {
    /// Effects nested in clusters are not counted.
    Fixest,
    /// All columns are counted.
    Stata,
}

/// A vector of effects, each with its influence by cluster.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// J effects.
    pub values: Vec<f64>,
    /// J x G: linear influence of each cluster on each effect.
    pub influence: Vec<Vec<f64>>,
    /// J x G: each effect without each cluster, or why that does not exist.
    pub deleted: Result<Vec<Vec<f64>>, Refusal>,
    /// N of the model.
    pub n: f64,
    /// K when nested effects are not counted, and when they are.
    pub k: (usize, usize),
}

impl Estimate {
    /// The coefficients of `terms` for the outcome at position `at` of the fit's class.
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`] when a term is collinear.
    pub fn from_fit(fit: &Fit, terms: &[usize], at: usize) -> Result<Self, Refusal> {
        let values: Result<_, _> = terms.iter().map(|&j| fit.coefficient(j, at)).collect();
        Ok(Self {
            values: values?,
            influence: terms.iter().map(|&j| fit.influence(j, at)).collect(),
            deleted: terms.iter().map(|&j| fit.deleted(j, at)).collect(),
            n: fit.normal.n,
            k: (fit.k_within(), fit.k_all()),
        })
    }

    /// Number of clusters G.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.influence.first().map_or(0, Vec::len)
    }

    /// Adds effects that live on the same clusters.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.influence.extend(other.influence);
        self.deleted = match (self.deleted, other.deleted) {
            (Ok(mut mine), Ok(theirs)) => {
                mine.extend(theirs);
                Ok(mine)
            }
            (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
        };
        self
    }

    /// A smooth function of the effects: the delta method on the influences, the function itself
    /// on the delete-one values.
    #[must_use]
    pub fn map(&self, value: impl Fn(&[f64]) -> f64, gradient: &[f64]) -> Self {
        let influence = (0..self.clusters())
            .map(|c| self.influence.iter().zip(gradient).map(|(i, g)| i[c] * g).sum())
            .collect();
        let deleted = self.deleted.as_ref().map_err(Clone::clone).map(|deleted| {
            let at = |c: usize| deleted.iter().map(|effect| effect[c]).collect::<Vec<f64>>();
            vec![(0..self.clusters()).map(|c| value(&at(c))).collect()]
        });
        Self {
            values: vec![value(&self.values)],
            influence: vec![influence],
            deleted,
            n: self.n,
            k: self.k,
        }
    }

    /// Linear combinations: one new effect per row of `weights`.
    #[must_use]
    pub fn aggregate(&self, weights: &[Vec<f64>]) -> Option<Self> {
        weights
            .iter()
            .map(|row| self.map(|values| crate::linalg::dot(values, row), row))
            .reduce(Self::join)
    }

    /// Effect `of` as a share of effect `base`, with the uncertainty of both.
    #[must_use]
    pub fn ratio(&self, of: usize, base: usize) -> Self {
        let (a, b) = (self.values[of], self.values[base]);
        let mut gradient = vec![0.0; self.values.len()];
        gradient[of] += 1.0 / b;
        gradient[base] -= a / (b * b);
        self.map(|values| values[of] / values[base], &gradient)
    }

    /// J x J covariance of the effects.
    ///
    /// # Errors
    /// The refusal that stands in `deleted`, for [`Covariance::Cr3`]; [`Refusal::NotDefined`] for
    /// [`Covariance::Cr1`] with no more units than columns.
    pub fn covariance(&self, kind: Covariance) -> Result<Matrix, Refusal> {
        let j = self.values.len();
        let g = crate::grams::count(self.clusters() as u64);
        let outer = |rows: &[Vec<f64>], factor: f64| {
            Matrix::from_fn(j, j, |a, b| factor * crate::linalg::dot(&rows[a], &rows[b]))
        };
        Ok(match kind {
            Covariance::Cr0 => outer(&self.influence, 1.0),
            Covariance::Cr1(convention) => {
                let k = match convention {
                    SmallSample::Fixest => self.k.0,
                    SmallSample::Stata => self.k.1,
                };
                let k = crate::grams::count(k as u64);
                if self.n <= k {
                    let why = format!("{} units leave nothing beside {k} columns", self.n);
                    return Err(Refusal::NotDefined { why });
                }
                outer(&self.influence, g / (g - 1.0) * (self.n - 1.0) / (self.n - k))
            }
            Covariance::Cr3 => {
                let deleted = self.deleted.as_ref().map_err(Clone::clone)?;
                let apart: Vec<Vec<f64>> = deleted
                    .iter()
                    .zip(&self.values)
                    .map(|(row, value)| row.iter().map(|d| d - value).collect())
                    .collect();
                outer(&apart, (g - 1.0) / g)
            }
        })
    }

    /// Standard error of effect `j`.
    ///
    /// # Errors
    /// As [`Estimate::covariance`].
    pub fn std_error(&self, j: usize, kind: Covariance) -> Result<f64, Refusal> {
        let one = Self {
            values: vec![self.values[j]],
            influence: vec![self.influence[j].clone()],
            deleted: self.deleted.as_ref().map_err(Clone::clone).map(|d| vec![d[j].clone()]),
            n: self.n,
            k: self.k,
        };
        Ok(one.covariance(kind)?[(0, 0)].sqrt())
    }

    /// Interval of effect `j` with critical value from t(G-1).
    ///
    /// # Errors
    /// As [`Estimate::covariance`].
    pub fn interval(&self, j: usize, kind: Covariance, level: f64) -> Result<(f64, f64), Refusal> {
        let reach = self.std_error(j, kind)? * student_critical(level, self.clusters());
        Ok((self.values[j] - reach, self.values[j] + reach))
    }
}
