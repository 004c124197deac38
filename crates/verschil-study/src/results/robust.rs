//! How an answer was put to the test.

use serde::{Deserialize, Serialize};

/// A p-value among the others of its domain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AdjustedRow {
    /// Outcome id.
    pub outcome: String,
    /// Domain id: the family of tests.
    pub domain: String,
    /// Comparison id.
    pub comparison: String,
    /// Method of inference that gave the p-value: that of the headline row.
    pub method: String,
    /// Tests in the family.
    pub tests: u64,
    /// The p-value as it stands in `estimates`.
    pub p_value: f64,
    /// Adjusted so that the chance of one false claim in the family is bounded (Holm 1979).
    pub holm: f64,
    /// Adjusted so that the expected share of false claims is bounded (Benjamini & Hochberg 1995).
    pub benjamini_hochberg: f64,
    /// As `holm`, by the wild bootstrap with the same draws for all outcomes (Romano & Wolf 2005).
    pub romano_wolf: Option<f64>,
    /// Why something is absent.
    pub note: String,
}

/// What a study of this size could have found, and whether there is no effect that matters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PowerRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Method whose standard error is used.
    pub method: String,
    /// Level of the test.
    pub alpha: f64,
    /// Power asked for.
    pub power: f64,
    /// Smallest effect found with that power, in the outcome's unit.
    pub minimal_detectable_effect: Option<f64>,
    /// Smallest effect that matters, from the protocol.
    pub smallest_relevant_effect: Option<f64>,
    /// p-value of the claim that the effect lies within it on both sides (two one-sided tests).
    pub equivalence_p_value: Option<f64>,
    /// Whether no effect that matters is shown, at `alpha`.
    pub equivalent: Option<bool>,
    /// Why something is absent.
    pub note: String,
}

fn linear() -> String {
    "linear".to_owned()
}

/// The effect under one combination of defensible choices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SpecificationRow {
    /// Number of the combination, from 1; the same for all outcomes.
    pub specification: u64,
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Covariates in the model, separated by spaces.
    pub covariates: String,
    /// First period.
    pub first: i64,
    /// Last period.
    pub last: i64,
    /// `dropped` or `treated`: what became of the transition periods.
    pub transition: String,
    /// Model of the effect; in older files there are linear ones only.
    #[serde(default = "linear")]
    pub model: String,
    /// Whether these are the choices of the main analysis.
    pub main: bool,
    /// The effect.
    pub estimate: Option<f64>,
    /// CR3 standard error.
    pub std_error: Option<f64>,
    /// Lower end of its interval.
    pub ci_low: Option<f64>,
    /// Upper end.
    pub ci_high: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// Units in the model.
    pub n: Option<f64>,
    /// Why something is absent.
    pub note: String,
}

/// What all combinations of an outcome say together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CurveRow {
    /// Outcome id.
    pub outcome: String,
    /// Combinations with an estimate.
    pub specifications: u64,
    /// Median effect.
    pub median: f64,
    /// Smallest effect.
    pub lowest: f64,
    /// Largest effect.
    pub highest: f64,
    /// Share of effects with the sign of the median.
    pub share_same_sign: f64,
    /// Share that has that sign and is significant.
    pub share_significant: f64,
    /// Combinations that the permutation test is about, those of the linear model; absent where
    /// there is no test, and in older files, in which it is about all.
    #[serde(default)]
    pub tested: Option<u64>,
    /// Draws of the permutation test of the curve; 0 where there is none.
    pub draws: u64,
    /// Its p-value for the median.
    pub p_median: Option<f64>,
    /// Its p-value for the number of significant effects.
    pub p_significant: Option<f64>,
}

/// A weight that an estimator with weighted controls gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SyntheticWeight {
    /// Outcome id.
    pub outcome: String,
    /// `main` or `region:ID`.
    pub analysis: String,
    /// Comparison id.
    pub comparison: String,
    /// `sdid`, `sc` or `sc_intercept`.
    pub model: String,
    /// `region` or `period`.
    pub kind: String,
    /// Code of the region, or the period.
    pub id: String,
    /// The weight; those of one kind add up to 1.
    pub weight: f64,
}

/// Bounds on the effect when trends are allowed to differ.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HonestRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// `relative_magnitudes`: after the start trends differ by at most `bound` times what they
    /// did before; `smoothness`: the slope of the difference changes by at most `bound` a period;
    /// `parallel`: trends do not differ, so that the row has the interval to compare with.
    pub restriction: String,
    /// The bound; nothing for the row that gives the breakdown value, and where trends are parallel.
    pub bound: Option<f64>,
    /// Lower end of the robust interval.
    pub ci_low: Option<f64>,
    /// Upper end.
    pub ci_high: Option<f64>,
    /// Largest bound at which the interval still excludes zero; only in the row without `bound`.
    pub breakdown: Option<f64>,
    /// Why something is absent.
    pub note: String,
}

/// The event study in one period, with an interval that holds together with all the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BandRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Period.
    pub period: i64,
    /// Method whose standard errors and correlations the band rests on.
    pub method: String,
    /// The difference with the reference period, in the outcome's unit.
    pub estimate: f64,
    /// Lower end of the simultaneous interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// How much the trend check of an outcome can see.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendPowerRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Linear trend of the difference before the start, a period.
    pub slope: Option<f64>,
    /// Its standard error.
    pub slope_std_error: Option<f64>,
    /// Its p-value.
    pub slope_p_value: Option<f64>,
    /// How often the rule fails when trends are parallel.
    pub rule_size: Option<f64>,
    /// Slope that the rule finds with a chance of one half.
    pub slope_half: Option<f64>,
    /// Slope that it finds with a chance of 80%.
    pub slope_eighty: Option<f64>,
    /// Bias that the latter leaves in the effect when the rule has passed.
    pub bias_eighty: Option<f64>,
    /// Smallest bound within which every earlier difference is shown to lie.
    pub bound_max: Option<f64>,
    /// The same for their mean.
    pub bound_mean: Option<f64>,
    /// The same for the root of their mean square.
    pub bound_rms: Option<f64>,
    /// Critical value of the simultaneous band of the event study.
    pub band_critical: Option<f64>,
    /// Why something is absent.
    pub note: String,
}
