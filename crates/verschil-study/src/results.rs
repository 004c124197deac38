//! The results: what came out of a study, as plain, versioned data.
//!
//! Everything a report, a table or another tool may show stands here in full precision.
//! Nothing here computes; the facade fills it and the report reads it.

mod clusters;
mod funnel;
mod linkage;
mod lock;
mod mask;
mod population;
mod regions;
mod robust;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use clusters::ClusterRow;
pub use funnel::{FunnelFacts, FunnelLimit, FunnelRegion};
pub use linkage::{
    LinkFacts, LinkageBalance, LinkageKeys, LinkageRate, LinkageRow, LinkageWeightFacts,
    LinkageWeightRow, SubgroupFacts,
};
pub use lock::{AmendmentFacts, ChangeFacts, LockFacts, UnblindingFacts};
pub use mask::masked;
pub use population::{AttritionStep, BalanceRow, DescriptiveRow};
pub use regions::{
    CharacteristicFacts, CharacteristicRow, MatchingFacts, MatchingRow, RegionRow, TrajectoryRow,
};
pub use robust::{
    AdjustedRow, BandRow, CurveRow, HonestRow, PowerRow, SpecificationRow, SyntheticWeight,
    TrendPowerRow,
};

/// Version of the schema of `results.json`; raised when a field changes meaning or goes.
pub const SCHEMA: &str = "verschil-results/1";

/// A text in each language of the study, by language code (`nl`, `en`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// The text in `language`, or in whatever language there is, or empty.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Whether no language has a text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|text| text.trim().is_empty())
    }
}

/// All results of one run; the content of `results.json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Who asked what.
    pub study: StudyFacts,
    /// Which protocol, inputs, program and seed gave these numbers.
    pub provenance: Provenance,
    /// Regions, periods, comparisons and choices of analysis.
    pub design: DesignFacts,
    /// One per outcome, in the order of the protocol.
    pub outcomes: Vec<OutcomeFacts>,
    /// One per (outcome, analysis, comparison, model, method).
    pub estimates: Vec<EstimateRow>,
    /// One per (outcome, comparison).
    pub trend_checks: Vec<TrendCheck>,
    /// p-values of the main effects among the others of their domain.
    #[serde(default)]
    pub adjusted: Vec<AdjustedRow>,
    /// What the study could have found, one per (outcome, comparison).
    #[serde(default)]
    pub power: Vec<PowerRow>,
    /// What the trend checks can see, one per (outcome, comparison).
    #[serde(default)]
    pub trend_power: Vec<TrendPowerRow>,
    /// Simultaneous bands of the event studies, one row per (outcome, comparison, period).
    #[serde(default)]
    pub bands: Vec<BandRow>,
    /// Bounds for trends that are not quite parallel.
    #[serde(default)]
    pub honest: Vec<HonestRow>,
    /// Weights of estimators with weighted controls.
    #[serde(default)]
    pub synthetic_weights: Vec<SyntheticWeight>,
    /// Every combination of defensible choices.
    #[serde(default)]
    pub specifications: Vec<SpecificationRow>,
    /// What these say together, one per outcome.
    #[serde(default)]
    pub curves: Vec<CurveRow>,
    /// How much each effect over all treated regions hangs on each cluster.
    #[serde(default)]
    pub clusters: Vec<ClusterRow>,
    /// How regions lie around their common level, one per (binary outcome, phase) of the main
    /// comparison.
    #[serde(default)]
    pub funnels: Vec<FunnelFacts>,
    /// Observed means by arm and period.
    pub levels: Vec<LevelRow>,
    /// The population, step by step, from the first row read.
    pub attrition: Vec<AttritionStep>,
    /// Rows of each source, and how many found their place in the population.
    #[serde(default)]
    pub linkage: Vec<LinkageRow>,
    /// Links of the population, in the order of the protocol.
    #[serde(default)]
    pub links: Vec<LinkFacts>,
    /// Characteristics by which linkage is reported.
    #[serde(default)]
    pub subgroups: Vec<SubgroupFacts>,
    /// How many units each link found, overall and by period, region and subgroup.
    #[serde(default)]
    pub linkage_rates: Vec<LinkageRate>,
    /// Linked units against those that are not.
    #[serde(default)]
    pub linkage_balance: Vec<LinkageBalance>,
    /// Keys of each link that identify nobody or more than one.
    #[serde(default)]
    pub linkage_keys: Vec<LinkageKeys>,
    /// How the linked were weighted in the sensitivity analysis, if there was one.
    #[serde(default)]
    pub linkage_weight_facts: Option<LinkageWeightFacts>,
    /// The strata of these weights.
    #[serde(default)]
    pub linkage_weights: Vec<LinkageWeightRow>,
    /// Every region of the data, with its place.
    #[serde(default)]
    pub regions: Vec<RegionRow>,
    /// Every region of every comparison.
    #[serde(default)]
    pub matching: Vec<MatchingRow>,
    /// How the controls of each matched comparison were chosen.
    #[serde(default)]
    pub matching_facts: Vec<MatchingFacts>,
    /// Characteristics of regions, averaged over the window of the matching.
    #[serde(default)]
    pub characteristics: Vec<CharacteristicRow>,
    /// Characteristics of regions over time, by comparison and arm.
    #[serde(default)]
    pub trajectories: Vec<TrajectoryRow>,
    /// Mean and spread of covariates by arm and pre/post.
    pub descriptives: Vec<DescriptiveRow>,
    /// Standardised differences between the arms before treatment.
    pub balance: Vec<BalanceRow>,
    /// Rules that must hold in every row, and in how many they were broken.
    #[serde(default)]
    pub identities: Vec<IdentityRow>,
    /// What the reader should know about how sure this is.
    pub findings: Vec<Finding>,
}

/// Titles and texts of the study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StudyFacts {
    /// Identifier, as in the protocol.
    pub id: String,
    /// Whether the data are invented; every page, table and figure then says so.
    #[serde(default)]
    pub synthetic: bool,
    /// Title.
    pub title: Text,
    /// The question the study asks.
    pub question: Text,
    /// What was changed (the reform), a noun phrase in running text.
    pub intervention: Text,
    /// What one counted unit is, in plural ("pregnancies", "state-years").
    pub units: Text,
    /// Where the data come from.
    pub data: Text,
    /// Limitations that the authors wish to state themselves, a paragraph.
    pub limitations: Text,
    /// Sources and literature of the study.
    pub references: Vec<String>,
}

/// Where the numbers come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// SHA-256 of the canonical protocol, hexadecimal.
    pub protocol_hash: String,
    /// Version of verschil.
    pub version: String,
    /// Seed of every random draw, derived from what the protocol asks, whatever files it reads.
    pub seed: u64,
    /// Whether the protocol was locked before the run; without it the run is exploratory.
    pub locked: bool,
    /// `locked`, `amended` (locked, and changed since with a record) or `exploratory`; results of
    /// an earlier version leave it empty.
    #[serde(default)]
    pub status: String,
    /// The lock, where there is one.
    #[serde(default)]
    pub lock: Option<LockFacts>,
    /// Whether the run was blind: what came from the start on is withheld.
    #[serde(default)]
    pub blind: bool,
    /// Outcomes that are withheld because the trend rule has no verdict on them.
    #[serde(default)]
    pub blocked: Vec<String>,
    /// Files read.
    pub inputs: Vec<InputFacts>,
}

/// One file read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InputFacts {
    /// Name of the source in the protocol.
    pub source: String,
    /// File name without its folder.
    pub file: String,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// The design as it was carried out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DesignFacts {
    /// Treated regions, in order of code.
    pub treated: Vec<RegionFacts>,
    /// Control groups; exactly one is main.
    pub comparisons: Vec<ComparisonFacts>,
    /// All periods of the window with their labels, in order, dropped ones too.
    pub periods: Vec<PeriodFacts>,
    /// First treated period.
    pub start: i64,
    /// Reference period of the event study.
    pub reference_period: i64,
    /// Whether clusters are the regions themselves.
    pub cluster_is_region: bool,
    /// What a cluster is, in plural, when it is not the region ("states").
    pub cluster_label: Text,
    /// What a region is, in singular ("state", "region").
    pub region_label: Text,
    /// What a region is, in plural.
    pub regions_label: Text,
    /// Whether regions go by letters and numbers instead of their names and codes ([`masked`]).
    #[serde(default)]
    pub regions_masked: bool,
    /// What a period is, in singular ("year", "quarter").
    pub period_label: Text,
    /// Covariates in the model.
    pub covariates: Vec<CovariateFacts>,
    /// `none`, `frequency` or `analytic`.
    pub weights: String,
    /// What the weights are, when there are.
    pub weights_label: Text,
    /// Confidence level of every interval, 0 to 1.
    pub level: f64,
    /// `pre_mean` or `counterfactual`.
    pub relative_base: String,
    /// Method of the headline rows, an id of the table of methods.
    pub headline_method: String,
    /// Methods of inference used, in order, ids of the table of methods.
    pub methods: Vec<String>,
    /// `fixest` or `stata`: what K counts in CR1.
    pub small_sample: String,
    /// Random draws where a method draws.
    pub draws: u64,
}

/// A region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionFacts {
    /// Code, as it appears in `region:ID`.
    pub id: String,
    /// Label for people.
    pub label: Text,
}

/// A control group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonFacts {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Whether the report leads with it.
    pub main: bool,
    /// Codes of its regions, sorted.
    pub regions: Vec<String>,
}

/// A period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodFacts {
    /// Number, as it appears in `period:P` and `event:P`.
    pub id: i64,
    /// Label for people.
    pub label: Text,
    /// `pre`, `transition` (dropped) or `post`.
    pub phase: String,
}

/// A covariate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CovariateFacts {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// `numeric` or `categorical`.
    pub kind: String,
    /// Labels of levels, by level; a level without one is shown as it is.
    #[serde(default)]
    pub levels: BTreeMap<String, Text>,
}

/// An outcome.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OutcomeFacts {
    /// Identifier.
    pub id: String,
    /// Domain it is shown under.
    pub domain: String,
    /// Label of the domain.
    pub domain_label: Text,
    /// `binary`, `continuous` or `count`.
    pub kind: String,
    /// `lower`, `higher` or `neither` is better.
    pub better: String,
    /// Label for people, as it stands at the head of a table.
    pub label: Text,
    /// The label within a sentence ("the homicide rate", "het aantal moorden").
    pub phrase: Text,
    /// Explanation in plain language.
    pub explanation: Text,
    /// Unit of the effect ("euro", "per 100,000"); empty for a binary outcome, whose effects
    /// are shown as percentage points.
    pub unit: Text,
    /// Decimals in running text and tables.
    pub decimals: u8,
}

/// One row of `estimates.csv`. Empty numbers mean that they do not exist; `note` says why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EstimateRow {
    /// Outcome id.
    pub outcome: String,
    /// Domain id.
    pub domain: String,
    /// `main`, `region:ID`, `period:P`, `event:P`, `linkage_weighted`, ...
    pub analysis: String,
    /// Comparison id.
    pub comparison: String,
    /// `linear`, ...
    pub model: String,
    /// `att`, or `trend_difference` for an event-study period before treatment.
    pub estimand: String,
    /// Method of inference.
    pub method: String,
    /// The effect, in the outcome's own unit (a share for a binary outcome).
    pub estimate: Option<f64>,
    /// Standard error.
    pub std_error: Option<f64>,
    /// Lower end of the interval; minus infinity is written as an empty field with a note.
    pub ci_low: Option<f64>,
    /// Upper end.
    pub ci_high: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// t or other statistic.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the reference distribution.
    pub df: Option<f64>,
    /// Units in the model (sum of frequency weights).
    pub n: Option<f64>,
    /// Units in treated regions after the start.
    pub n_treated_post: Option<f64>,
    /// Clusters in the model.
    pub clusters: Option<u64>,
    /// Treated clusters.
    pub clusters_treated: Option<u64>,
    /// Mean observed outcome, treated after the start.
    pub observed: Option<f64>,
    /// Observed minus effect.
    pub counterfactual: Option<f64>,
    /// The base of the relative effect.
    pub base: Option<f64>,
    /// 100 * estimate / base.
    pub relative: Option<f64>,
    /// Lower end of its interval.
    pub relative_ci_low: Option<f64>,
    /// Upper end of its interval.
    pub relative_ci_high: Option<f64>,
    /// Whether the trend rule holds for this outcome and comparison.
    pub trend_holds: Option<bool>,
    /// True for the row that the report leads with, one per (outcome, analysis, comparison).
    pub headline: bool,
    /// Reason of a refusal or a remark; machine-readable code before a colon, then English.
    pub note: String,
}

/// The trend check of one outcome in one comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendCheck {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// Method whose p-values the rule reads.
    pub method: String,
    /// Periods that the rule names and that could be tested.
    pub periods: Vec<i64>,
    /// Those that differ from the reference period at `alpha`.
    pub significant: Vec<i64>,
    /// How many may differ.
    pub max_significant: u64,
    /// Level of each test.
    pub alpha: f64,
    /// The rule's verdict; absent when it cannot be applied.
    pub holds: Option<bool>,
    /// Joint Wald F statistic of the named periods.
    pub joint_statistic: Option<f64>,
    /// Numerator and denominator degrees of freedom.
    pub joint_df: Option<(f64, f64)>,
    /// Its p-value.
    pub joint_p_value: Option<f64>,
    /// Small-sample F statistic of the same test on the CR2 covariance (HTZ), when CR2 is asked for.
    #[serde(default)]
    pub htz_statistic: Option<f64>,
    /// Numerator and denominator degrees of freedom.
    #[serde(default)]
    pub htz_df: Option<(f64, f64)>,
    /// Its p-value.
    #[serde(default)]
    pub htz_p_value: Option<f64>,
    /// Why something is absent.
    pub note: String,
}

/// An observed mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LevelRow {
    /// Outcome id.
    pub outcome: String,
    /// Comparison id.
    pub comparison: String,
    /// `treated` or `control`.
    pub arm: String,
    /// Period.
    pub period: i64,
    /// Units (sum of frequency weights).
    pub n: f64,
    /// Mean, weighted as the model is.
    pub mean: Option<f64>,
}

/// A rule that must hold in every row in which all outcomes it names are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRow {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Rows checked.
    pub checked: u64,
    /// Rows in which it does not hold.
    pub broken: u64,
}

/// A diagnostic's answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which diagnostic: `collinear`, `refused`, `empty_cell`, `dropped_missing`, ...
    pub id: String,
    /// `info`, `caution` or `refusal`.
    pub verdict: String,
    /// Outcome concerned, or empty.
    pub outcome: String,
    /// Comparison concerned, or empty.
    pub comparison: String,
    /// The statistic, where there is one.
    pub statistic: Option<f64>,
    /// English sentence for logs and `diagnostics.csv`.
    pub message: String,
}
