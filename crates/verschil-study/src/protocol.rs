//! The protocol: what a study shall do, parsed from text with every problem at once.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::expression::{Columns, Expression};
use crate::problem::Problem;

use report::Report;
use view::Reading;

mod choice;
mod decode;
mod design;
mod input;
mod keys;
mod node;
mod pattern;
mod quoting;
mod read;
mod reference;
mod report;
mod rules;
mod schema;
mod shape;
mod template;
mod view;

pub use design::{
    Analysis, Better, Comparison, Domain, Outcome, OutcomeKind, RelativeBase, ReportSpec,
    SmallSample, Treatment, TrendRule, WildWeights,
};
pub use input::{
    ColumnKind, Covariate, CovariateKind, Exclusion, Format, MissingRule, PeriodSpec, Population,
    RegionSpec, Source, SourceColumn, Study, WeightKind, Weights,
};

pub use pattern::{PatternPart, Placeholder, has_placeholder, pattern_parts};
pub use reference::reference;
pub use schema::schema;
pub use template::template;

/// Methods of inference: id and one sentence.
pub const METHODS: &[(&str, &str)] = &[
    ("cr0", "Cluster-robust variance without a small-sample factor, shown for comparison."),
    ("cr1", "Cluster-robust variance with the usual small-sample factor."),
    ("cr3", "Cluster-robust variance by leaving out one cluster at a time (jackknife)."),
    ("wild_wcr", "Wild cluster bootstrap with the null hypothesis imposed."),
    ("wild_wcu", "Wild cluster bootstrap without the null hypothesis imposed."),
    ("permutation", "Exact test over all ways to choose the treated clusters."),
];

/// Languages that a study can have: code and name.
pub const LANGUAGES: &[(&str, &str)] = &[("nl", "Dutch"), ("en", "English")];

/// A parsed and checked protocol, every default filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Protocol {
    /// Who asks what.
    pub study: Study,
    /// Sources, in the order of the protocol.
    pub sources: Vec<Source>,
    /// Who is studied.
    pub population: Population,
    /// What a region is.
    pub region: RegionSpec,
    /// What a period is.
    pub period: PeriodSpec,
    /// Weights, if any.
    pub weights: Option<Weights>,
    /// Covariates of the model.
    pub covariates: Vec<Covariate>,
    /// Headings under which outcomes stand.
    pub domains: Vec<Domain>,
    /// Outcomes, in the order of the protocol.
    pub outcomes: Vec<Outcome>,
    /// Where and from when the intervention was there.
    pub treatment: Treatment,
    /// Control groups; exactly one is main.
    pub comparisons: Vec<Comparison>,
    /// When trends before treatment count as parallel.
    pub trend_rule: Option<TrendRule>,
    /// How effects are estimated.
    pub analysis: Analysis,
    /// How the results are told.
    pub report: ReportSpec,
}

impl Protocol {
    /// Parses the text of a protocol; `file` is its name in messages.
    ///
    /// # Errors
    /// All problems of the text, when at least one of them is an error.
    pub fn parse(file: &str, text: &str) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let mut report = Report::new(file);
        let Some(root) = read::document(&mut report, text) else {
            return Err(report.finish());
        };
        shape::table(&mut report, "", "", &root);
        let mut reading = Reading {
            report: &mut report,
            text,
            languages: Vec::new(),
            columns: Columns::default(),
        };
        let protocol = decode::protocol(&mut reading, &root);
        rules::check(&protocol, &root, &mut report);
        if report.has_errors() { Err(report.finish()) } else { Ok((protocol, report.finish())) }
    }

    /// The protocol as JSON with every default explicit, keys sorted and no places; expressions
    /// stand in their canonical spelling only.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        let mut plain = self.clone();
        for expression in plain.expressions_mut() {
            expression.text.clone_from(&expression.sql);
        }
        // Sources and columns are keys of a table, whose order means nothing.
        plain.sources.sort_by(|a, b| a.name.cmp(&b.name));
        for source in &mut plain.sources {
            source.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        serde_json::to_value(plain)
            .map_or_else(|_| String::new(), |value| sorted(value).to_string())
    }

    fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expression> {
        let exclusions = self.population.exclusions.iter_mut().map(|item| &mut item.condition);
        let outcomes = self.outcomes.iter_mut();
        exclusions
            .chain([&mut self.region.value, &mut self.period.value])
            .chain(&mut self.region.cluster)
            .chain(&mut self.treatment.condition)
            .chain(self.weights.iter_mut().map(|weights| &mut weights.value))
            .chain(self.covariates.iter_mut().map(|covariate| &mut covariate.value))
            .chain(
                outcomes.flat_map(|item| std::iter::once(&mut item.value).chain(&mut item.among)),
            )
    }

    /// SHA-256 of [`Self::canonical_json`], hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(self.canonical_json().as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The comparison that the report leads with.
    ///
    /// # Panics
    /// Only for a protocol built by hand without any comparison.
    #[must_use]
    pub fn main_comparison(&self) -> &Comparison {
        self.comparisons
            .iter()
            .find(|comparison| comparison.main)
            .unwrap_or_else(|| &self.comparisons[0])
    }
}

/// The same value with the keys of every object in order, whatever map the JSON crate keeps.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            serde_json::Value::Object(entries.into_iter().map(|(k, v)| (k, sorted(v))).collect())
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
