//! Funnel plots: which units differ from their common level by more than chance allows.
//!
//! [`proportion`] has limits for shares, [`ratio`] for observed over expected counts, and
//! [`dispersion`] how much units differ beyond chance. A unit is never ranked, and one with fewer
//! than a minimum is never compared.

pub mod dispersion;
pub mod proportion;
pub mod ratio;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Probability beyond each limit of the inner pair: 95% lies between, about two standard
/// deviations.
pub const ALERT: f64 = 0.025;
/// The same for the outer pair: 99.8% lies between, about three standard deviations.
pub const ALARM: f64 = 0.001;

/// Share of the scores that is drawn in at each end before dispersion is measured.
pub const WINSORISED: f64 = 0.1;

/// Limits of one unit, in the scale of what is plotted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Lower and upper, 95% between.
    pub alert: (f64, f64),
    /// Lower and upper, 99.8% between.
    pub alarm: (f64, f64),
}

/// Where a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It has too few observations, or no value.
    NotCompared,
    /// Between the 95% limits, ends included.
    Within,
    /// Below the lower 95% limit.
    BelowAlert,
    /// Below the lower 99.8% limit.
    BelowAlarm,
    /// Above the upper 95% limit.
    AboveAlert,
    /// Above the upper 99.8% limit.
    AboveAlarm,
}

impl Class {
    /// Stable name, as in the results.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NotCompared => "not_compared",
            Self::Within => "within",
            Self::BelowAlert => "below_95",
            Self::BelowAlarm => "below_998",
            Self::AboveAlert => "above_95",
            Self::AboveAlarm => "above_998",
        }
    }
}

impl Limits {
    /// Where `value` stands; on a limit it is within it.
    #[must_use]
    pub fn class(&self, value: f64) -> Class {
        if value.is_nan() {
            Class::NotCompared
        } else if value < self.alarm.0 {
            Class::BelowAlarm
        } else if value > self.alarm.1 {
            Class::AboveAlarm
        } else if value < self.alert.0 {
            Class::BelowAlert
        } else if value > self.alert.1 {
            Class::AboveAlert
        } else {
            Class::Within
        }
    }
}

/// Refuses a number that is not finite, or of which the condition does not hold.
fn in_range(what: &str, value: f64, holds: bool) -> Result<(), Refusal> {
    if holds && value.is_finite() {
        return Ok(());
    }
    Err(Refusal::NotDefined { why: format!("{what} {value} is out of range") })
}
