//! How much units differ beyond chance (Spiegelhalter 2005, *Statistics in Medicine* 24, 1185).

use crate::grams::count;
use crate::refusal::Refusal;

/// With fewer units their spread is not measured.
pub const FEWEST: usize = 5;

/// How far one unit lies from the common level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Distance in standard errors.
    pub z: f64,
    /// Standard error by chance alone, in the scale of the plot or its transform.
    pub std_error: f64,
}

/// What is found beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// Mean square of the winsorised scores; 1 by chance alone.
    pub phi: f64,
    /// Variance between units beyond chance, square of the unit of the standard errors.
    pub tau2: f64,
    /// Scores to which those further out were drawn in.
    pub bounds: (f64, f64),
}

/// Overdispersion of `scores`, of which the share `winsorised` at each end is drawn in to the
/// quantile there (linear between order statistics), so that a few units far out do not hide
/// themselves:
///
/// phi = sum z^2 / n, and where n phi > n - 1,
/// tau^2 = (n phi - (n - 1)) / (sum w - sum w^2 / sum w) with w = 1 / `std_error`^2; else 0.
///
/// # Errors
/// [`Refusal::TooFewUnits`] with fewer than [`FEWEST`], [`Refusal::NotDefined`] when a score or
/// the share is out of range.
pub fn dispersion(scores: &[Score], winsorised: f64) -> Result<Dispersion, Refusal> {
    if scores.len() < FEWEST {
        return Err(Refusal::TooFewUnits { compared: scores.len(), needed: FEWEST });
    }
    if !(0.0..0.5).contains(&winsorised) {
        let why = format!("a share of {winsorised} to be winsorised is not from 0 to below 0.5");
        return Err(Refusal::NotDefined { why });
    }
    let usable = |s: &Score| s.z.is_finite() && s.std_error > 0.0 && s.std_error.is_finite();
    if !scores.iter().all(usable) {
        let why = "a score or its standard error is not a finite number".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    let mut sorted: Vec<f64> = scores.iter().map(|score| score.z).collect();
    sorted.sort_by(f64::total_cmp);
    let bounds = (quantile(&sorted, winsorised), quantile(&sorted, 1.0 - winsorised));
    let n = count(scores.len() as u64);
    // in order of size, so that the order of the units does not change a bit
    let squares: f64 = sorted.iter().map(|z| z.clamp(bounds.0, bounds.1).powi(2)).sum();
    let mut weights: Vec<f64> = scores.iter().map(|score| score.std_error.powi(-2)).collect();
    weights.sort_by(f64::total_cmp);
    let total: f64 = weights.iter().sum();
    let square: f64 = weights.iter().map(|w| w * w).sum();
    let tau2 = ((squares - (n - 1.0)) / (total - square / total)).max(0.0);
    Ok(Dispersion { phi: squares / n, tau2, bounds })
}

/// The quantile of sorted values, linear between them.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p * count(sorted.len() as u64 - 1);
    let low = (place.floor() as usize).min(sorted.len() - 1);
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (place - place.floor()) * (sorted[high] - sorted[low])
}
