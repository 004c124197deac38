//! Are trends before the start shown to be alike? Equivalence tests, each as its smallest bound.

pub mod growing;
pub mod maximum;

use crate::distribution::gaussian;
use crate::distribution::student_critical;
use crate::event_study::{EventStudy, Tails};
use crate::grams::count;
use crate::linalg::dot;
use crate::refusal::Refusal;

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The smallest bounds within which differences before the start are shown to lie.
///
/// Each hypothesis is another one: a bound must be chosen before the data are seen, and so must
/// the hypothesis.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalence {
    /// Per coefficient: two one-sided tests.
    pub each: Vec<f64>,
    /// Largest absolute difference, by intersection-union of folded tests.
    pub maximum: f64,
    /// Absolute mean difference, by a folded test.
    pub mean: f64,
    /// Root mean square difference.
    pub root_mean_square: f64,
}

/// Smallest bounds at level `alpha` for the coefficients at `positions`.
///
/// - each (Schuirmann 1987; Hartman & Hidalgo 2018): |d| + q s, with q the upper alpha quantile.
/// - maximum (Dette & Schumann 2024): the bound b at which every |d_j| is the alpha
///   quantile of |b + s_j T| or less.
/// - mean (the same authors): likewise for the mean, with s^2 = 1'V1 / q^2.
/// - root mean square: (|d| + q s) / sqrt(number), with |d| the Euclidean length and s^2 the
///   largest eigenvalue of V. For every truth m, |d| is at least its part along m, which is normal
///   around |m| with at most that variance: so the test keeps its level whatever V is.
///
/// # Errors
/// [`Refusal::NotDefined`] when no coefficient is asked for or `alpha` is not between 0 and 0.5.
pub fn smallest_bounds(
    study: &EventStudy,
    positions: &[usize],
    alpha: f64,
    tails: Tails,
) -> Result<Equivalence, Refusal> {
    check_level(positions.len(), alpha)?;
    let law = Law::new(tails, study.clusters())?;
    let q = law.one_sided(alpha);
    let se = study.std_errors();
    let n = count(positions.len() as u64);
    let values = study.at(positions);
    let pairs = positions.iter().map(|&j| (study.values()[j].abs(), se[j]));
    let folded = |(d, s): (f64, f64)| law.folded_bound(d, s, alpha);
    let covariance = study.covariance_of(positions, positions);
    let all: f64 = covariance.col_iter().map(|column| column.iter().sum::<f64>()).sum();
    let mean = values.iter().sum::<f64>().abs() / n;
    let length = dot(&values, &values).sqrt();
    Ok(Equivalence {
        each: pairs.clone().map(|(d, s)| d + q * s).collect(),
        maximum: pairs.map(folded).fold(0.0, f64::max),
        mean: folded((mean, all.max(0.0).sqrt() / n)),
        root_mean_square: (length + q * largest_eigenvalue(&covariance)?.sqrt()) / n.sqrt(),
    })
}

fn check_level(coefficients: usize, alpha: f64) -> Result<(), Refusal> {
    if coefficients > 0 && alpha > 0.0 && alpha < 0.5 {
        return Ok(());
    }
    let why = "equivalence needs a coefficient and a level between 0 and 0.5".to_owned();
    Err(Refusal::NotDefined { why })
}

/// p-value of the two one-sided tests that coefficient `at` lies within `bound`.
#[must_use]
pub fn tost_p(study: &EventStudy, at: usize, bound: f64, tails: Tails) -> f64 {
    let t = (bound - study.values()[at].abs()) / study.std_errors()[at];
    match tails {
        Tails::Normal => gaussian::lower(-t),
        Tails::Student => {
            let two_sided = crate::distribution::student_p(t, study.clusters());
            if t > 0.0 { two_sided / 2.0 } else { 1.0 - two_sided / 2.0 }
        }
    }
}

/// The symmetric law of an error divided by its standard error.
enum Law {
    Normal,
    Student(StudentsT, usize),
}

impl Law {
    fn new(tails: Tails, clusters: usize) -> Result<Self, Refusal> {
        let freedom = count(clusters as u64) - 1.0;
        match (tails, StudentsT::new(0.0, 1.0, freedom)) {
            (Tails::Normal, _) => Ok(Self::Normal),
            (Tails::Student, Ok(law)) => Ok(Self::Student(law, clusters)),
            (Tails::Student, Err(_)) => Err(Refusal::TooFewClusters { clusters, tested: 1 }),
        }
    }

    fn lower(&self, x: f64) -> f64 {
        match self {
            Self::Normal => gaussian::lower(x),
            Self::Student(law, _) => law.cdf(x),
        }
    }

    /// The value exceeded with probability `alpha`.
    fn one_sided(&self, alpha: f64) -> f64 {
        match self {
            Self::Normal => -gaussian::quantile(alpha),
            Self::Student(_, clusters) => student_critical(1.0 - 2.0 * alpha, *clusters),
        }
    }

    /// The bound b with P(|b + s T| <= d) = alpha, or zero when already b = 0 has less than that.
    ///
    /// The probability falls in b: bisection between 0 and d + q s, where one tail alone makes it
    /// alpha.
    fn folded_bound(&self, d: f64, s: f64, alpha: f64) -> f64 {
        let within = |b: f64| self.lower((d - b) / s) - self.lower((-d - b) / s);
        if s == 0.0 {
            return d;
        }
        if within(0.0) <= alpha {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, d + self.one_sided(alpha) * s);
        while high - low > 1e-15 * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if within(middle) > alpha { low = middle } else { high = middle }
        }
        high
    }
}

fn largest_eigenvalue(covariance: &crate::linalg::Matrix) -> Result<f64, Refusal> {
    let values = covariance.self_adjoint_eigenvalues(faer::Side::Lower);
    values.ok().and_then(|v| v.last().copied()).ok_or_else(|| Refusal::NotDefined {
        why: "the covariance has no eigenvalues that converge".to_owned(),
    })
}
