//! Who is studied: how the population was selected, and what it is like.

use serde::{Deserialize, Serialize};

use super::Text;

/// One box of the flow diagram. `before - excluded == after`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttritionStep {
    /// Identifier of the step.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Rows before.
    pub before: u64,
    /// Rows left out at this step.
    pub excluded: u64,
    /// Rows after.
    pub after: u64,
}

/// Mean and spread of a covariate or outcome in an arm and phase of the main comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DescriptiveRow {
    /// Covariate or outcome id.
    pub variable: String,
    /// Level, for a categorical covariate.
    pub level: String,
    /// `treated` or `control`.
    pub arm: String,
    /// `pre` or `post`.
    pub phase: String,
    /// Units with a value.
    pub n: f64,
    /// Mean, or share of the level.
    pub mean: Option<f64>,
    /// Standard deviation.
    pub sd: Option<f64>,
}

/// Difference between the arms before treatment, of a covariate or of a region's characteristic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// Comparison id.
    pub comparison: String,
    /// Id of the covariate or characteristic.
    pub variable: String,
    /// Level, for a categorical covariate.
    pub level: String,
    /// Mean of the treated before the start.
    pub treated: Option<f64>,
    /// Mean of the controls.
    pub control: Option<f64>,
    /// (treated - control) / pooled standard deviation.
    pub smd: Option<f64>,
    /// What is averaged: `row`, or `region` for characteristics of regions; empty means `row`.
    #[serde(default)]
    pub unit: String,
    /// `before` with all candidates as controls, `after` with the chosen ones; empty means
    /// `after`.
    #[serde(default)]
    pub stage: String,
}
