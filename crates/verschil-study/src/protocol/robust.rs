//! How an answer is put to the test: further models, placebos, and every defensible choice crossed.

use serde::Serialize;

use super::OutcomeKind;
use super::choice::choice;
use crate::problem::Place;

choice! {
    /// Model of an effect.
    Model {
        Linear = "linear": "A difference in means.",
        Logit = "logit": "A logistic index, for yes or no; the effect is in percentage points.",
        Poisson = "poisson": "A logarithmic index, for counts.",
        Gamma = "gamma": "A logarithmic index, for amounts such as spending; zeros may occur.",
    }
}

impl Model {
    /// Whether outcomes of this kind can have it.
    #[must_use]
    pub fn fits(self, kind: OutcomeKind) -> bool {
        match self {
            Self::Linear => true,
            Self::Logit => kind == OutcomeKind::Binary,
            Self::Poisson => kind == OutcomeKind::Count,
            Self::Gamma => kind == OutcomeKind::Continuous,
        }
    }
}

choice! {
    /// Estimator with weighted controls.
    SyntheticModel {
        Sdid = "sdid": "Synthetic difference-in-differences: weighted controls and weighted years before.",
        Sc = "sc": "Synthetic control: weighted controls that lie at the same level.",
        ScIntercept = "sc_intercept": "Synthetic control that may lie at another level.",
    }
}

choice! {
    /// Sets of covariates in a specification curve.
    CovariateSets {
        All = "all": "Every covariate.",
        None = "none": "No covariate.",
        EachLeftOut = "each_left_out": "Every covariate but one, for each in turn.",
        Subsets = "subsets": "Every subset of the covariates.",
    }
}

choice! {
    /// What becomes of the transition periods in a specification curve.
    TransitionChoice {
        Dropped = "dropped": "They are left out.",
        Treated = "treated": "They count as treated.",
    }
}

/// Defensible choices that are crossed, each combination estimated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpecificationCurve {
    /// Control groups, by id; every comparison when empty.
    pub comparisons: Vec<String>,
    /// Sets of covariates.
    pub covariates: Vec<CovariateSets>,
    /// First periods of the window; the window's own when empty.
    pub first: Vec<i64>,
    /// Last periods of the window; the window's own when empty.
    pub last: Vec<i64>,
    /// What becomes of the transition periods.
    pub transition: Vec<TransitionChoice>,
    /// Models; the linear one is among them.
    #[serde(skip_serializing_if = "super::design::is_linear")]
    pub models: Vec<Model>,
    /// Draws of the treated regions for the test of the whole curve.
    pub permutations: u64,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}
