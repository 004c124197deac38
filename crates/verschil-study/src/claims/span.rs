//! Where a number lies that was rounded before it was printed.

use serde::Serialize;

/// Slack for decimal digits in binary: 0.1 + 0.2 lies beside 0.3 by less than this part of it.
const BINARY: f64 = 1e-9;

/// From one number to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Span {
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
}

impl Span {
    /// The span that holds both, in either order.
    #[must_use]
    pub fn new(a: f64, b: f64) -> Self {
        Self { low: a.min(b), high: a.max(b) }
    }

    /// A single number.
    #[must_use]
    pub fn exactly(value: f64) -> Self {
        Self { low: value, high: value }
    }

    fn slack(self, other: f64) -> f64 {
        BINARY * self.low.abs().max(self.high.abs()).max(other.abs())
    }

    /// Whether all of it lies above `value`.
    #[must_use]
    pub fn above(self, value: f64) -> bool {
        self.low > value + self.slack(value)
    }

    /// Whether all of it lies below `value`.
    #[must_use]
    pub fn below(self, value: f64) -> bool {
        self.high < value - self.slack(value)
    }

    /// Whether some number lies in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        !self.above(other.high) && !self.below(other.low)
    }

    /// Sums of a number of each.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    /// Differences of a number of each.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self { low: self.low - other.high, high: self.high - other.low }
    }

    /// All of it times `factor`.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self::new(self.low * factor, self.high * factor)
    }

    /// Quotients of a number of each; nothing where the divisor may be zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        if !other.above(0.0) && !other.below(0.0) {
            return None;
        }
        let ends = [
            self.low / other.low,
            self.low / other.high,
            self.high / other.low,
            self.high / other.high,
        ];
        let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some(Self { low, high })
    }

    /// The same span under a function that never falls.
    #[must_use]
    pub fn through(self, rising: impl Fn(f64) -> f64) -> Self {
        Self { low: rising(self.low), high: rising(self.high) }
    }
}
