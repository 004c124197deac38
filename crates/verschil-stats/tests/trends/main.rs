//! Checks of trends against slow twins, closed forms and laws.

mod bounds;
mod levels;
mod power;
mod refits;
mod threads;
mod violations;

use verschil_stats::event_study::EventStudy;
use verschil_stats::linalg::Matrix;

/// A small generator of its own, so that the cases never change with a dependency.
struct Random(u64);

impl Random {
    #[allow(clippy::cast_precision_loss)]
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Box and Muller: tails matter where coverage is counted.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }
}

/// Coefficients of `periods` around zero, with a covariance of full rank.
fn random_study(seed: u64, periods: &[i64], times: (i64, i64)) -> EventStudy {
    let mut random = Random(seed);
    let n = periods.len();
    let loads: Vec<Vec<f64>> =
        (0..n).map(|_| (0..n + 3).map(|_| random.normal()).collect()).collect();
    let covariance = Matrix::from_fn(n, n, |i, j| {
        0.01 * loads[i].iter().zip(&loads[j]).map(|(a, b)| a * b).sum::<f64>()
    });
    let values: Vec<f64> = (0..n).map(|_| 0.3 * random.normal()).collect();
    EventStudy::from_parts(&values, &covariance, periods, times, 26).expect("well formed")
}

/// The same study with other coefficients.
fn with_values(study: &EventStudy, values: &[f64], start: i64) -> EventStudy {
    let times = (study.reference(), start);
    EventStudy::from_parts(values, study.covariance(), study.periods(), times, study.clusters())
        .expect("well formed")
}

/// Independent coefficients with the same standard error.
fn independent(periods: &[i64], times: (i64, i64), std_error: f64) -> EventStudy {
    let n = periods.len();
    let covariance = Matrix::from_fn(n, n, |i, j| if i == j { std_error * std_error } else { 0.0 });
    EventStudy::from_parts(&vec![0.0; n], &covariance, periods, times, 26).expect("well formed")
}
