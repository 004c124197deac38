//! The standard normal distribution: tails, truncated and folded.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::{erfc, erfc_inv};

/// From here on the tail is taken from its asymptotic series; the error function ends at 38.
const FAR: f64 = 25.0;

/// Density.
#[must_use]
pub fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// Lower tail.
#[must_use]
pub fn lower(x: f64) -> f64 {
    0.5 * erfc(-x / SQRT_2)
}

/// The value with lower tail `p`, 0 to 1; infinite at the ends.
#[must_use]
pub fn quantile(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

/// Critical value of a two-sided interval at `level`.
#[must_use]
pub fn critical(level: f64) -> f64 {
    quantile(0.5 + level / 2.0)
}

/// Logarithm of the upper tail, finite for every finite `x`.
#[must_use]
pub fn log_upper(x: f64) -> f64 {
    if x < FAR {
        return lower(-x).ln();
    }
    // Mills' ratio to the sixth power of 1/x: relative error below 105/x^8, 1e-9 of the tail
    let inverse = 1.0 / (x * x);
    let series = 1.0 - inverse * (1.0 - inverse * (3.0 - 15.0 * inverse));
    -0.5 * x * x - (x * (2.0 * PI).sqrt()).ln() + series.ln()
}

/// Probability that a standard normal between `low` and `high` lies above `x`.
///
/// Meant for `x` above zero, where the logarithms of the tails keep their digits.
#[must_use]
pub fn truncated_upper(x: f64, low: f64, high: f64) -> f64 {
    let beyond = |bound: f64| match bound {
        b if b == f64::INFINITY => 0.0,
        b => (log_upper(b) - log_upper(low)).exp(),
    };
    if low == f64::NEG_INFINITY {
        let above = |b: f64| if b == f64::INFINITY { 0.0 } else { log_upper(b).exp() };
        return (above(x) - above(high)) / (1.0 - above(high));
    }
    (beyond(x) - beyond(high)) / (1.0 - beyond(high))
}

/// The value that |N(shift, 1)| stays below with probability `level`, by Newton's method.
#[must_use]
pub fn folded_critical(level: f64, shift: f64) -> f64 {
    let shift = shift.abs();
    // the folded distribution is stochastically above N(shift, 1) and above |N(0, 1)|
    let mut c = (shift + quantile(level)).max(critical(level));
    for _ in 0..100 {
        let covered = lower(c - shift) - lower(-c - shift);
        let step = (covered - level) / (density(c - shift) + density(c + shift));
        c -= step;
        if step.abs() <= 1e-15 * c.abs() {
            break;
        }
    }
    c
}

/// Slope of [`folded_critical`] in `shift`, at its value `c`.
#[must_use]
pub fn folded_slope(shift: f64, c: f64) -> f64 {
    let (near, far) = (density(c - shift), density(c + shift));
    (near - far) / (near + far)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        // scipy 1.17.1 `norm.logsf` and `norm.ppf`
        for (x, log) in [(1.0, -1.841_021_645_009_263_4), (10.0, -53.231_285_150_512_48)] {
            assert!((log_upper(x) / log - 1.0).abs() < 1e-10, "{x}");
        }
        assert!((log_upper(30.0) + 454.321_243_956_343_3).abs() < 1e-7);
        assert!((log_upper(FAR - 1e-9) - log_upper(FAR + 1e-9)).abs() < 1e-6);
        assert!((critical(0.95) - 1.959_963_984_540_054).abs() < 1e-14);
    }

    #[test]
    fn a_folded_normal_is_covered_as_asked() {
        for shift in [0.0, 0.3, 1.0, 4.0, 40.0] {
            let c = folded_critical(0.95, shift);
            assert!((lower(c - shift) - lower(-c - shift) - 0.95).abs() < 1e-13, "{shift}");
            let next = folded_critical(0.95, shift + 1e-5);
            assert!(((next - c) / 1e-5 - folded_slope(shift, c)).abs() < 1e-4, "{shift}");
        }
        // the error function and its inverse agree to about ten digits
        assert!((folded_critical(0.95, 0.0) - critical(0.95)).abs() < 1e-10);
    }

    #[test]
    fn a_truncated_tail_is_the_ratio_of_areas() {
        let direct = |x: f64, l: f64, h: f64| (lower(-x) - lower(-h)) / (lower(-l) - lower(-h));
        for (x, l, h) in [(0.5, -1.0, 2.0), (2.0, 1.0, 3.0), (1.0, -30.0, 5.0)] {
            assert!((truncated_upper(x, l, h) - direct(x, l, h)).abs() < 1e-12);
        }
        assert!(
            (truncated_upper(1.0, f64::NEG_INFINITY, f64::INFINITY) - lower(-1.0)).abs() < 1e-15
        );
        // far out the truncated tail is exponential: rate 50 over 0.02 is one unit
        let far = truncated_upper(50.02, 50.0, f64::INFINITY);
        assert!((far - (-1.0f64).exp()).abs() < 2e-3, "{far}");
    }
}
