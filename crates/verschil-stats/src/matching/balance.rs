//! How alike treated units and controls are, before and after matching.

use serde::{Deserialize, Serialize};

use crate::grams::count;

/// Which standard deviation a difference in means is divided by. It is always taken over all
/// candidates, before matching: otherwise a difference could shrink because the spread grew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// That of the treated units (MatchIt, and cobalt for the effect on the treated).
    Treated,
    /// Root of the mean of the variances of both groups (cobalt: `s.d.denom = "pooled"`).
    Pooled,
}

/// Units with weights: a group as it is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Values of one characteristic, all finite.
    pub values: Vec<f64>,
    /// As many weights, not negative, not all zero.
    pub weights: Vec<f64>,
}

impl Group {
    /// Every unit counts once.
    #[must_use]
    pub fn of(values: Vec<f64>) -> Self {
        Self { weights: vec![1.0; values.len()], values }
    }

    fn mean(&self) -> Option<f64> {
        let total: f64 = self.weights.iter().sum();
        let sum: f64 = self.values.iter().zip(&self.weights).map(|(x, w)| w * x).sum();
        (total > 0.0).then(|| sum / total)
    }

    /// With weights scaled to one: sum w (x - mean)^2 / (1 - sum w^2), which is the usual sample
    /// variance when weights are equal; p (1 - p) for a characteristic that is 0 or 1.
    fn variance(&self, binary: bool) -> Option<f64> {
        let mean = self.mean()?;
        if binary {
            return Some(mean * (1.0 - mean));
        }
        let total: f64 = self.weights.iter().sum();
        let (mut squares, mut concentration) = (0.0, 0.0);
        for (x, w) in self.values.iter().zip(&self.weights) {
            squares += w / total * (x - mean) * (x - mean);
            concentration += w / total * (w / total);
        }
        // one unit alone has no variance; the shares of equal weights may miss 1 by rounding
        let units = self.weights.iter().filter(|&&w| w > 0.0).count();
        (units > 1).then(|| squares / (1.0 - concentration))
    }

    /// Share of the weight at or below `x`.
    fn cumulative(&self, x: f64) -> f64 {
        let total: f64 = self.weights.iter().sum();
        let below = self.values.iter().zip(&self.weights).filter(|(value, _)| **value <= x);
        below.map(|(_, w)| w).sum::<f64>() / total
    }
}

/// How alike two groups are in one characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// Weighted mean of the treated units.
    pub treated: Option<f64>,
    /// Weighted mean of the controls.
    pub control: Option<f64>,
    /// Standardised mean difference; none when the standard deviation is zero or not known.
    pub smd: Option<f64>,
    /// Variance of the treated units over that of the controls; none for a characteristic that is
    /// 0 or 1, where means say all, and where a variance is zero or not known.
    pub variance_ratio: Option<f64>,
    /// Mean absolute difference of the cumulative distributions, over the values that occur among
    /// all units before matching.
    pub ecdf_mean: Option<f64>,
    /// Largest absolute difference of the cumulative distributions (Kolmogorov-Smirnov).
    pub ecdf_max: Option<f64>,
}

/// Compares treated units and controls before (`all`) and after (`matched`) matching; both are
/// (treated, controls). The answers are (before, after).
#[must_use]
pub fn compare(
    all: (&Group, &Group),
    matched: (&Group, &Group),
    standard: Standard,
) -> (Balance, Balance) {
    let mut values: Vec<f64> = all.0.values.iter().chain(&all.1.values).copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let binary = values.iter().all(|&x| x == 0.0 || x == 1.0);
    let sd = standard_deviation(all, standard, binary);
    let told = |groups: (&Group, &Group)| balance(groups, sd, &values, binary);
    (told(all), told(matched))
}

fn standard_deviation(all: (&Group, &Group), standard: Standard, binary: bool) -> Option<f64> {
    let treated = all.0.variance(binary);
    let variance = match standard {
        Standard::Treated => treated,
        Standard::Pooled => treated.zip(all.1.variance(binary)).map(|(a, b)| f64::midpoint(a, b)),
    };
    variance.map(f64::sqrt).filter(|sd| *sd > 0.0)
}

fn balance(
    (treated, control): (&Group, &Group),
    sd: Option<f64>,
    values: &[f64],
    binary: bool,
) -> Balance {
    let means = treated.mean().zip(control.mean());
    let variances = treated.variance(binary).zip(control.variance(binary));
    let gaps: Vec<f64> =
        values.iter().map(|&x| (treated.cumulative(x) - control.cumulative(x)).abs()).collect();
    // of a characteristic that is 0 or 1 the one gap is the difference in shares
    let places = if binary { 1.0 } else { count(values.len() as u64) };
    Balance {
        treated: treated.mean(),
        control: control.mean(),
        smd: means.zip(sd).map(|((a, b), sd)| (a - b) / sd),
        variance_ratio: variances
            .filter(|&(a, b)| !binary && a > 0.0 && b > 0.0)
            .map(|(a, b)| a / b),
        ecdf_mean: means.map(|_| gaps.iter().sum::<f64>() / places),
        ecdf_max: means.map(|_| gaps.iter().copied().fold(0.0, f64::max)),
    }
}

/// Mean absolute difference within pairs (treated value, control value), over the standard
/// deviation of [`compare`] on all units.
#[must_use]
pub fn pair_distance(
    pairs: &[(f64, f64)],
    all: (&Group, &Group),
    standard: Standard,
) -> Option<f64> {
    let binary = all.0.values.iter().chain(&all.1.values).all(|&x| x == 0.0 || x == 1.0);
    let sd = standard_deviation(all, standard, binary)?;
    let sum: f64 = pairs.iter().map(|(a, b)| (a - b).abs()).sum();
    (!pairs.is_empty()).then(|| sum / count(pairs.len() as u64) / sd)
}
