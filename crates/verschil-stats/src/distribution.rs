//! Tails and quantiles of the reference distributions.

pub mod boxes;
pub mod gaussian;
pub mod noncentral;
pub mod self_normalised;

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

use crate::grams::count;

/// Two-sided p-value of `t` against Student's t with G-1 degrees of freedom.
#[must_use]
pub fn student_p(t: f64, clusters: usize) -> f64 {
    student_p_at(t, count(clusters as u64) - 1.0)
}

/// Critical value of a two-sided interval at `level` from t(G-1).
#[must_use]
pub fn student_critical(level: f64, clusters: usize) -> f64 {
    student_critical_at(level, count(clusters as u64) - 1.0)
}

/// Two-sided p-value of `t` against Student's t with any positive degrees of freedom.
#[must_use]
pub fn student_p_at(t: f64, degrees: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |d| 2.0 * d.cdf(-t.abs()))
}

/// Critical value of a two-sided interval at `level` from t with any positive degrees of freedom.
#[must_use]
pub fn student_critical_at(level: f64, degrees: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |d| d.inverse_cdf(0.5 + level / 2.0))
}

/// Upper tail of F.
#[must_use]
pub fn fisher_p(f: f64, df1: f64, df2: f64) -> f64 {
    FisherSnedecor::new(df1, df2).map_or(f64::NAN, |d| d.sf(f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_tables() {
        // t(9) quantile at 0.975 and F(3, 20) tail at 3.098391212 (5%), to the digits printed
        assert!((student_critical(0.95, 10) - 2.262_157_162_740_992).abs() < 1e-9);
        assert!((student_p(2.262_157_162_740_992, 10) - 0.05).abs() < 1e-9);
        assert!((fisher_p(3.098_391_212, 3.0, 20.0) - 0.05).abs() < 1e-8);
    }
}
