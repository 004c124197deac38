//! What the study asks of the data: outcomes, treatment, comparisons, analysis and report.

use serde::Serialize;

use super::choice::choice;
use super::definitions::Alternative;
use super::regions::Matching;
use super::robust::{Model, SyntheticModel};
use crate::expression::Expression;
use crate::problem::Place;
use crate::results::Text;

/// A heading under which outcomes stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
}

choice! {
    /// What an outcome is.
    OutcomeKind {
        Binary = "binary": "Yes or no; effects are shown in percentage points.",
        Continuous = "continuous": "A number.",
        Count = "count": "A whole number from zero.",
    }
}

choice! {
    /// Which direction of an outcome is an improvement.
    Better {
        Lower = "lower": "Less is better.",
        Higher = "higher": "More is better.",
        Neither = "neither": "Neither direction is better.",
    }
}

/// Something whose change is estimated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Identifier.
    pub id: String,
    /// Domain it is shown under.
    pub domain: String,
    /// What it is.
    pub kind: OutcomeKind,
    /// Its value for a row.
    pub value: Expression,
    /// Rows that count; all when absent.
    pub among: Option<Expression>,
    /// First period in which it is known.
    pub first: Option<i64>,
    /// Last period in which it is known.
    pub last: Option<i64>,
    /// Decimals that its values have; with them sums are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_decimals: Option<u8>,
    /// Smallest effect that matters, in the outcome's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest_relevant_effect: Option<f64>,
    /// Which direction is an improvement.
    pub better: Better,
    /// Label at the head of a table.
    pub label: Text,
    /// The label within a sentence.
    pub phrase: Text,
    /// Explanation in plain language; may be empty.
    pub explanation: Text,
    /// Unit of the effect; may be empty.
    pub unit: Text,
    /// Whether effects are also shown as a percentage of the base.
    pub relative: bool,
    /// Decimals in text and tables.
    pub decimals: u8,
    /// Other definitions, in the order of the protocol.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
    /// The alternative that [`Self::value`] and [`Self::among`] follow; the outcome's own
    /// definition when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// Where and from when the intervention was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Treatment {
    /// First treated period.
    pub start: i64,
    /// Codes of the treated regions; empty when there is a condition.
    pub regions: Vec<String>,
    /// Condition that holds in treated regions and nowhere else.
    pub condition: Option<Expression>,
    /// Periods that are dropped.
    pub transition: Vec<i64>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
    /// Where each region is named.
    #[serde(skip)]
    pub region_places: Vec<Place>,
}

/// A control group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Whether the report leads with it.
    pub main: bool,
    /// Codes of the control regions, or of the candidates when there is matching; every
    /// untreated region when absent.
    pub regions: Option<Vec<String>>,
    /// Codes of regions that are left out.
    pub exclude: Vec<String>,
    /// How controls are chosen among these regions; all of them are when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matching: Option<Matching>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// When trends before treatment count as parallel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendRule {
    /// Periods that are compared with the reference period.
    pub periods: Vec<i64>,
    /// How many of them may differ.
    pub max_significant: u64,
    /// Level of each test.
    pub alpha: f64,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

choice! {
    /// What a relative effect is a percentage of.
    RelativeBase {
        PreMean = "pre_mean": "Mean of the treated before the start.",
        Counterfactual = "counterfactual": "Mean of the treated after the start, less the effect.",
    }
}

choice! {
    /// What the small-sample factor counts.
    SmallSample {
        Fixest = "fixest": "Fixed effects nested in the cluster are not counted.",
        Stata = "stata": "Every column is counted.",
    }
}

choice! {
    /// Distribution of the weights of the wild bootstrap.
    WildWeights {
        Rademacher = "rademacher": "Minus one or one.",
        Webb = "webb": "Six points, for few clusters.",
    }
}

/// How effects are estimated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Period to which the event study compares.
    pub reference_period: i64,
    /// Confidence level, 0 to 1.
    pub level: f64,
    /// Methods of inference, ids of [`super::METHODS`].
    pub methods: Vec<String>,
    /// Method that the report leads with.
    pub headline: String,
    /// What the small-sample factor counts.
    pub small_sample: SmallSample,
    /// What a relative effect is a percentage of.
    pub relative_base: RelativeBase,
    /// Whether there is an effect per treated region.
    pub per_region: bool,
    /// Whether these come from separate models.
    pub separate: bool,
    /// Whether there is an effect per treated period.
    pub per_period: bool,
    /// Whether there is an event study.
    pub event_study: bool,
    /// Draws of the wild bootstrap.
    pub wild_draws: u64,
    /// Distribution of its weights.
    pub wild_weights: WildWeights,
    /// Assignments that are enumerated at most; above it they are drawn.
    pub permutation_budget: u64,
    /// Models of the effect; an outcome gets those that fit its kind.
    #[serde(skip_serializing_if = "is_linear")]
    pub models: Vec<Model>,
    /// Estimators with weighted controls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synthetic: Vec<SyntheticModel>,
    /// Whether the effect is also given without each region in turn.
    #[serde(skip_serializing_if = "is_false")]
    pub leave_one_out: bool,
    /// Periods before the start that are taken for the start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placebo_starts: Vec<i64>,
    /// Whether there are bounds for trends that are not quite parallel.
    #[serde(skip_serializing_if = "is_false")]
    pub honest_bounds: bool,
    /// Power for which the minimal detectable effect is given.
    #[serde(skip_serializing_if = "is_usual_power")]
    pub power: f64,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

// keys that say what happens without them leave the canonical protocol, and its hash, as they are

pub(super) fn is_linear(models: &[Model]) -> bool {
    models == [Model::Linear]
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[allow(clippy::trivially_copy_pass_by_ref, clippy::float_cmp)]
fn is_usual_power(power: &f64) -> bool {
    *power == 0.8
}

/// How the results are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportSpec {
    /// Languages of the report.
    pub languages: Vec<String>,
}
