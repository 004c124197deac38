//! An interval whose ends may be unbounded or absent.

use verschil_study::results::EstimateRow;

use crate::note::Note;

/// An interval as it can be told: with two ends, with one, with none, or not there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Range {
    Both(f64, f64),
    NoHigh(f64),
    NoLow(f64),
    Unbounded,
    Missing,
}

impl Range {
    /// The interval of the effect.
    pub(crate) fn effect(row: &EstimateRow) -> Self {
        Self::of(row.ci_low, row.ci_high, row)
    }

    /// The interval of the relative effect.
    pub(crate) fn relative(row: &EstimateRow) -> Self {
        if row.relative.is_none() {
            return Self::Missing;
        }
        Self::of(row.relative_ci_low, row.relative_ci_high, row)
    }

    fn of(low: Option<f64>, high: Option<f64>, row: &EstimateRow) -> Self {
        match (low, high) {
            (Some(low), Some(high)) => Self::Both(low, high),
            (Some(low), None) => Self::NoHigh(low),
            (None, Some(high)) => Self::NoLow(high),
            (None, None) if Note::read(&row.note).has("unbounded") => Self::Unbounded,
            (None, None) => Self::Missing,
        }
    }

    /// The same interval in another unit.
    pub(crate) fn times(self, factor: f64) -> Self {
        match self {
            Self::Both(low, high) => Self::Both(low * factor, high * factor),
            Self::NoHigh(low) => Self::NoHigh(low * factor),
            Self::NoLow(high) => Self::NoLow(high * factor),
            other => other,
        }
    }

    /// The ends that exist.
    pub(crate) fn ends(self) -> Vec<f64> {
        match self {
            Self::Both(low, high) => vec![low, high],
            Self::NoHigh(end) | Self::NoLow(end) => vec![end],
            Self::Unbounded | Self::Missing => Vec::new(),
        }
    }
}
