//! Why controls cannot be chosen.

use serde::{Deserialize, Serialize};

/// A treated unit that got too few controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Short {
    /// Code of the treated unit.
    pub treated: String,
    /// Controls that it got.
    pub found: usize,
    /// Units that were acceptable to it, whoever took them.
    pub candidates: usize,
}

/// Why a treated unit has no acceptable control at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoCandidate {
    /// No unit of the pool has its class.
    Class {
        /// Its labels, in the order of the exact characteristics.
        labels: Vec<String>,
    },
    /// Units of its class lie beyond the caliper.
    Caliper {
        /// Code of the nearest one.
        nearest: String,
        /// How far that one is.
        distance: f64,
    },
}

/// The reason why there is no matching.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum MatchRefusal {
    /// There is no treated unit.
    #[error("there is no treated unit to find controls for")]
    NoTreated,
    /// The pool is empty.
    #[error("there is no unit that may become a control")]
    NoPool,
    /// There is nothing to measure distances by.
    #[error("no characteristic is named to match on")]
    NoCharacteristic,
    /// Zero controls are asked for.
    #[error("no control is asked for")]
    NoControlsAsked,
    /// A caliper has to be a number above zero.
    #[error("the caliper is {caliper}; it has to be above zero")]
    BadCaliper {
        /// What was given.
        caliper: f64,
    },
    /// A unit is named twice among the treated and the pool.
    #[error("{unit} stands more than once among the treated units and the candidates")]
    Twice {
        /// Its code.
        unit: String,
    },
    /// A characteristic of a unit is not known, or not finite.
    #[error("{characteristic} of {unit} is not known")]
    MissingValue {
        /// Code of the unit.
        unit: String,
        /// Name of the characteristic.
        characteristic: String,
    },
    /// A characteristic does not vary, so it cannot be scaled.
    #[error("{characteristic} does not vary among treated units and candidates")]
    ZeroVariance {
        /// Name of the characteristic.
        characteristic: String,
    },
    /// A characteristic only separates treated units from candidates.
    #[error("{characteristic} does not vary within the treated units nor within the candidates")]
    ZeroVarianceWithin {
        /// Name of the characteristic.
        characteristic: String,
    },
    /// The covariance is singular: a characteristic is a combination of others.
    #[error("{characteristic} follows from {}, so no Mahalanobis distance exists", with.join(", "))]
    Collinear {
        /// Name of the characteristic that adds nothing.
        characteristic: String,
        /// Names of those it follows from.
        with: Vec<String>,
    },
    /// The covariance is singular: there are too few units.
    #[error(
        "{units} units in two groups cannot give the covariance of {characteristics} characteristics"
    )]
    TooFewUnits {
        /// Treated units and candidates.
        units: usize,
        /// Characteristics in the distance.
        characteristics: usize,
    },
    /// A treated unit has no acceptable control.
    #[error("no candidate for {treated}: {}", reason_text(reason))]
    NoCandidate {
        /// Code of the treated unit.
        treated: String,
        /// Why.
        reason: NoCandidate,
    },
    /// There are fewer controls than asked for.
    #[error("{found} of {wanted} controls found; too few for {}", short_text(short))]
    NotEnough {
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
        /// The treated units that got fewer than their part: an even share, rounded up.
        short: Vec<Short>,
        /// Whether [`super::Method::Optimal`] finds enough where nearest did not.
        optimal_finds_enough: bool,
    },
}

fn reason_text(reason: &NoCandidate) -> String {
    match reason {
        NoCandidate::Class { labels } => {
            format!("none has the class {}", labels.join(", "))
        }
        NoCandidate::Caliper { nearest, distance } => {
            format!("the nearest, {nearest}, is at {distance}, beyond the caliper")
        }
    }
}

fn short_text(short: &[Short]) -> String {
    let one = |s: &Short| format!("{} ({} of {} candidates)", s.treated, s.found, s.candidates);
    short.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl MatchRefusal {
    /// Stable code of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoTreated => "no_treated",
            Self::NoPool => "no_pool",
            Self::NoCharacteristic => "no_characteristic",
            Self::NoControlsAsked => "no_controls_asked",
            Self::BadCaliper { .. } => "bad_caliper",
            Self::Twice { .. } => "twice",
            Self::MissingValue { .. } => "missing_value",
            Self::ZeroVariance { .. } => "zero_variance",
            Self::ZeroVarianceWithin { .. } => "zero_variance_within",
            Self::Collinear { .. } => "collinear",
            Self::TooFewUnits { .. } => "too_few_units",
            Self::NoCandidate { .. } => "no_candidate",
            Self::NotEnough { .. } => "not_enough",
        }
    }
}
