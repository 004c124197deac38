//! The protocol: what a study shall do, parsed from text with every problem at once.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::Serialize;

use crate::expression::Columns;
use crate::problem::Problem;
use crate::results::Text;

use report::Report;
use texts::{Loader, Texts};
use view::Reading;

mod canonical;
mod choice;
mod codelist;
mod decode;
mod definitions;
mod design;
mod include;
mod input;
mod keys;
mod linkage;
mod lock;
mod node;
mod pattern;
mod quoting;
mod read;
mod reference;
mod regions;
mod report;
mod robust;
mod rules;
mod schema;
mod shape;
mod template;
mod texts;
mod view;

pub use codelist::{Code, Codelist};
pub use definitions::{Alternative, Identity};
pub use design::{
    Analysis, Better, Comparison, Domain, Outcome, OutcomeKind, RelativeBase, ReportSpec,
    SmallSample, Treatment, TrendRule, WildWeights,
};
pub use input::{
    ColumnKind, Covariate, CovariateKind, Exclusion, Format, MissingRule, PeriodSpec, Population,
    RegionSpec, Source, SourceColumn, Study, WeightKind, Weights,
};
pub use linkage::{Link, LinkageWeights, STRATA, Several, SourceKey, Subgroup};
pub use regions::{
    Characteristic, Distance, MatchMethod, Matching, Outlines, REGISTER_COLUMNS, Register,
    Statistic,
};
pub use robust::{CovariateSets, Model, SpecificationCurve, SyntheticModel, TransitionChoice};

pub use lock::{Act, Fixed, LOCK_SCHEMA, Lock, LockEntry, LockedFile, Seen, Signature};
pub use pattern::{PatternPart, Placeholder, has_placeholder, in_bucket, pattern_parts};
pub use reference::reference;
pub use schema::schema;
pub use template::template;

/// Methods of inference: id and one sentence.
pub const METHODS: &[(&str, &str)] = &[
    ("cr0", "Cluster-robust variance without a small-sample factor, shown for comparison."),
    ("cr1", "Cluster-robust variance with the usual small-sample factor."),
    (
        "cr2",
        "Cluster-robust variance adjusted for leverage, with Satterthwaite degrees of freedom.",
    ),
    ("cr3", "Cluster-robust variance by leaving out one cluster at a time (jackknife)."),
    ("wild_wcr", "Wild cluster bootstrap with the null hypothesis imposed."),
    (
        "wild_wcr_s",
        "Wild cluster bootstrap with the null hypothesis imposed and jackknifed residuals.",
    ),
    ("wild_wcu", "Wild cluster bootstrap without the null hypothesis imposed."),
    ("wild_subcluster", "Wild bootstrap that draws for each region within coarser clusters."),
    ("permutation", "Exact test over all ways to choose the treated clusters."),
    (
        "permutation_matched",
        "The same within matched sets, for a comparison whose controls were chosen by matching.",
    ),
    ("conley_taber", "Controls' own movements in the place of the few treated clusters' noise."),
    ("ferman_pinto", "Bootstrap of all clusters' movements, rescaled for unequal sizes."),
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
    /// Lists of codes, in the order of the protocol.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codelists: Vec<Codelist>,
    /// Who is studied.
    pub population: Population,
    /// Characteristics by which linkage is reported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subgroups: Vec<Subgroup>,
    /// Weights of the linked units in a sensitivity analysis, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linkage_weights: Option<LinkageWeights>,
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
    /// What holds between outcomes in every row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Characteristics of regions, for matching and balance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub characteristics: Vec<Characteristic>,
    /// Where and from when the intervention was there.
    pub treatment: Treatment,
    /// Control groups; exactly one is main.
    pub comparisons: Vec<Comparison>,
    /// When trends before treatment count as parallel.
    pub trend_rule: Option<TrendRule>,
    /// How effects are estimated.
    pub analysis: Analysis,
    /// Defensible choices that are crossed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specification_curve: Option<SpecificationCurve>,
    /// How the results are told.
    pub report: ReportSpec,
}

impl Protocol {
    /// Parses the text of a protocol that names no other files; `file` is its name in messages.
    ///
    /// # Errors
    /// All problems of the text, when at least one of them is an error.
    pub fn parse(file: &str, text: &str) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        Self::parse_text(file, text, None)
    }

    /// Parses the text of a protocol; the files that it includes and its lists of codes are read
    /// through `load`, by their names as written, relative to the protocol.
    ///
    /// # Errors
    /// All problems of the text and of these files, when at least one of them is an error. Each
    /// has the name of its file.
    pub fn parse_with(
        file: &str,
        text: &str,
        load: &dyn Fn(&str) -> io::Result<String>,
    ) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        Self::parse_text(file, text, Some(load))
    }

    fn parse_text(
        file: &str,
        text: &str,
        loader: Option<Loader<'_>>,
    ) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let mut report = Report::new(file);
        let mut texts = Texts::new(text);
        let Some(mut root) = read::document(&mut report, "", text) else {
            return Err(report.finish());
        };
        // what is missing cannot be told while a part of the protocol is
        if !include::merge(&mut report, &mut texts, loader, &mut root) {
            return Err(report.finish());
        }
        shape::table(&mut report, "", "", &root);
        let mut reading = Reading {
            report: &mut report,
            texts: &texts,
            loader,
            languages: Vec::new(),
            columns: Columns::default(),
            lists: Arc::default(),
            written: 0,
        };
        let protocol = decode::protocol(&mut reading, &root);
        rules::check(&protocol, &root, &mut report);
        if report.has_errors() { Err(report.finish()) } else { Ok((protocol, report.finish())) }
    }

    /// Labels of levels by code: those given, else the latest descriptions of the list of codes.
    #[must_use]
    pub fn labels_of_levels(
        &self,
        codelist: Option<&str>,
        given: &BTreeMap<String, Text>,
    ) -> BTreeMap<String, Text> {
        let list = self.codelists.iter().find(|list| codelist == Some(list.name.as_str()));
        let mut codes: Vec<&Code> = list.map_or_else(Vec::new, |list| list.codes.iter().collect());
        codes.sort_by_key(|code| code.valid_from);
        let described = codes.into_iter().filter(|code| !code.label.is_empty());
        let mut labels: BTreeMap<String, Text> =
            described.map(|code| (code.code.clone(), code.label.clone())).collect();
        labels.extend(given.iter().map(|(level, label)| (level.clone(), label.clone())));
        labels
    }

    /// The source of the population, where it is declared, as it is in a sound protocol.
    #[must_use]
    pub fn base(&self) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == self.population.source)
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
