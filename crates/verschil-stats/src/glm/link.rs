//! The three models row by row: score and information of the index, and the mean.

/// Model of the mean given the index; each is fitted by its quasi-likelihood, so only the mean needs
/// to be right, never the distribution (Gourieroux, Monfort & Trognon 1984).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// mean = 1 / (1 + exp(-index)), for outcomes from 0 to 1.
    Logit,
    /// mean = exp(index), variance in proportion to the mean, for outcomes of at least 0.
    Poisson,
    /// mean = exp(index), variance in proportion to its square, for outcomes of at least 0: zeros
    /// are allowed, since only the score is used and not the Gamma density.
    Gamma,
}

impl Model {
    /// Name as in the column `model`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Logit => "logit",
            Self::Poisson => "poisson",
            Self::Gamma => "gamma",
        }
    }

    /// Mean and its derivative at an index.
    #[must_use]
    pub fn mean(self, index: f64) -> (f64, f64) {
        match self {
            Self::Logit => {
                let away = exp(-index);
                let mean = 1.0 / (1.0 + away);
                (mean, mean * (away * mean))
            }
            Self::Poisson | Self::Gamma => {
                let mean = exp(index);
                (mean, mean)
            }
        }
    }

    /// The index at which the mean is this.
    pub(super) fn link(self, mean: f64) -> f64 {
        match self {
            Self::Logit => (mean / (1.0 - mean)).ln(),
            Self::Poisson | Self::Gamma => mean.ln(),
        }
    }
}

/// Derivatives of a quasi-likelihood, for rows of weight `weight` with weighted sum `sum`.
pub(super) trait Kernel {
    /// First derivative with respect to the index.
    fn score(index: f64, weight: f64, sum: f64) -> f64;
    /// First derivative, and minus the second or what is expected of it.
    fn both(index: f64, weight: f64, sum: f64) -> (f64, f64);
}

pub(super) struct LogitKernel;
pub(super) struct PoissonKernel;
/// With the information that was observed.
pub(super) struct GammaKernel;
/// With the information that is expected: the weight itself.
pub(super) struct ExpectedGammaKernel;

impl Kernel for LogitKernel {
    #[inline(always)]
    fn score(index: f64, weight: f64, sum: f64) -> f64 {
        let away = exp(-index);
        // not sum - weight * mean, which loses the digits of a mean near one
        (sum * away - (weight - sum)) / (1.0 + away)
    }

    #[inline(always)]
    fn both(index: f64, weight: f64, sum: f64) -> (f64, f64) {
        let away = exp(-index);
        let mean = 1.0 / (1.0 + away);
        ((sum * away - (weight - sum)) * mean, weight * mean * (away * mean))
    }
}

impl Kernel for PoissonKernel {
    #[inline(always)]
    fn score(index: f64, weight: f64, sum: f64) -> f64 {
        sum - weight * exp(index)
    }

    #[inline(always)]
    fn both(index: f64, weight: f64, sum: f64) -> (f64, f64) {
        let expected = weight * exp(index);
        (sum - expected, expected)
    }
}

impl Kernel for GammaKernel {
    #[inline(always)]
    fn score(index: f64, weight: f64, sum: f64) -> f64 {
        sum * exp(-index) - weight
    }

    #[inline(always)]
    fn both(index: f64, weight: f64, sum: f64) -> (f64, f64) {
        let observed = sum * exp(-index);
        (observed - weight, observed)
    }
}

impl Kernel for ExpectedGammaKernel {
    #[inline(always)]
    fn score(index: f64, weight: f64, sum: f64) -> f64 {
        GammaKernel::score(index, weight, sum)
    }

    #[inline(always)]
    fn both(index: f64, weight: f64, sum: f64) -> (f64, f64) {
        (sum * exp(-index) - weight, weight)
    }
}

/// 1.5 * 2^52: what is added to it is rounded to a whole number, which stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first with trailing zeros so that its whole multiples are exact.
const LN2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// 1/n!: with at most ln(2)/2 in the argument the term after the last is below 5e-18.
const TAYLOR: [f64; 14] = [
    1.0,
    1.0,
    0.5,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];

/// The exponential without branches, so that several are taken in one instruction; to the same bits
/// on every machine. Arguments beyond 700 count as 700.
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = (x - whole * LN2[0]) - whole * LN2[1];
    // in pairs (Estrin), so that few steps wait for each other
    let pair = |n: usize| TAYLOR[n] + TAYLOR[n + 1] * rest;
    let second = rest * rest;
    let fourth = second * second;
    let low = (pair(0) + pair(2) * second) + (pair(4) + pair(6) * second) * fourth;
    let high = (pair(8) + pair(10) * second) + pair(12) * fourth;
    let sum = low + high * (fourth * fourth);
    // the whole number in the place of the exponent
    sum * f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0f64.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_the_standard_library_to_rounding() {
        for step in -6990..=6990 {
            let x = f64::from(step) * 0.1001;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-15, "{x}: {} for {}", exp(x), x.exp());
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!((exp(1e9), exp(-1e9)), (exp(700.0), exp(-700.0)));
    }

    #[test]
    fn a_mean_near_one_keeps_the_digits_of_its_distance() {
        let (score, information) = LogitKernel::both(40.0, 1.0, 1.0);
        let expected = (-40.0f64).exp();
        assert!((score / expected - 1.0).abs() < 1e-14, "{score}");
        assert!((information / expected - 1.0).abs() < 1e-14, "{information}");
        assert!((LogitKernel::score(40.0, 1.0, 1.0) / expected - 1.0).abs() < 1e-14);
    }
}
