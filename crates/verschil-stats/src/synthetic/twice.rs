//! Numbers of twice the precision, for weights that a tiny ridge alone makes unique.
//!
//! A number is the unevaluated sum of two f64, about 31 digits (Dekker 1971; Knuth, The Art of
//! Computer Programming, vol. 2). No fused operations, so that every machine gives the same bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// The sum of a number and what rounding left of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub(super) struct Twice {
    high: f64,
    low: f64,
}

/// Splits an f64 into halves of 26 bits: 2^27 + 1.
const SPLIT: f64 = 134_217_729.0;

impl Twice {
    pub(super) const ZERO: Self = Self { high: 0.0, low: 0.0 };
    pub(super) const ONE: Self = Self { high: 1.0, low: 0.0 };

    /// The nearest f64.
    pub(super) fn round(self) -> f64 {
        self.high
    }

    /// The exact product of two f64; neither is near the ends of their range.
    pub(super) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
        Self { high, low: ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2 }
    }

    /// Square root of a number that is not negative.
    pub(super) fn sqrt(self) -> Self {
        if self.high <= 0.0 {
            return Self::ZERO;
        }
        let near = Self::from(self.high.sqrt());
        // one step of Newton doubles the digits
        near + (self - near * near) / (near + near)
    }
}

fn halves(a: f64) -> (f64, f64) {
    let c = SPLIT * a;
    let high = c - (c - a);
    (high, a - high)
}

/// Sum with its rounding error.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// The same where a is the larger.
fn quick_sum(a: f64, b: f64) -> Twice {
    let high = a + b;
    Twice { high, low: b - (high - a) }
}

impl From<f64> for Twice {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl Add for Twice {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (high, rest) = two_sum(self.high, other.high);
        let (low, last) = two_sum(self.low, other.low);
        let sum = quick_sum(high, rest + low);
        quick_sum(sum.high, sum.low + last)
    }
}

impl Neg for Twice {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Sub for Twice {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Twice {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        quick_sum(product.high, product.low + cross)
    }
}

impl Div for Twice {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self - other * Self::from(first);
        let second = rest.high / other.high;
        let rest = rest - other * Self::from(second);
        quick_sum(first, second) + Self::from(rest.high / other.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_digits_survive_what_sixteen_do_not() {
        let tiny = Twice::from(1e-25);
        let sum = Twice::ONE + tiny;
        assert_eq!((sum - Twice::ONE).round(), 1e-25);
        let third = Twice::ONE / Twice::from(3.0);
        let left = Twice::ONE - third * Twice::from(3.0);
        assert!(left.round().abs() < 1e-30, "{left:?}");
        let root = Twice::from(2.0).sqrt();
        let left = Twice::from(2.0) - root * root;
        assert!(left.round().abs() < 1e-30, "{left:?}");
        // (1 + 2^-30)^2 = 1 + 2^-29 + 2^-60
        let factor = 1.0 + f64::powi(2.0, -30);
        let square = Twice::product(factor, factor);
        let left = square - Twice::ONE - Twice::from(f64::powi(2.0, -29));
        assert_eq!(left.round(), f64::powi(2.0, -60));
    }
}
