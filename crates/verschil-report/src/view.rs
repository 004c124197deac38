//! The results seen in one language: look-ups and formatting, no arithmetic beyond units.

mod regions;

use std::cell::OnceCell;
use std::collections::HashMap;

use verschil_study::results::{
    ComparisonFacts, EstimateRow, OutcomeFacts, PeriodFacts, Results, SCHEMA, Text, TrendCheck,
};

use crate::ReportError;
use crate::figures::Boundaries;
use crate::nouns;
use crate::numbers::Numbers;
use crate::range::Range;
use crate::words::Words;

/// What rows are found by; no identifier holds a line break.
fn key(outcome: &str, analysis: &str, comparison: &str) -> String {
    [outcome, analysis, comparison].join("\n")
}

/// Outcomes that stand below one heading.
pub(crate) struct Domain<'a> {
    /// The heading; may be empty.
    pub(crate) name: &'a str,
    pub(crate) outcomes: Vec<&'a OutcomeFacts>,
}

/// The results in one language.
pub(crate) struct View<'a> {
    pub(crate) results: &'a Results,
    pub(crate) language: &'a str,
    pub(crate) words: Words,
    pub(crate) numbers: Numbers,
    pub(crate) main: &'a ComparisonFacts,
    pub(crate) boundaries: Option<&'a Boundaries>,
    /// Cells of the regions that have a place; laid out once, when the first map asks for them.
    pub(crate) cells: OnceCell<Vec<(f64, f64)>>,
    rows: HashMap<String, Vec<&'a EstimateRow>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(results: &'a Results, language: &'a str) -> Result<Self, ReportError> {
        if results.schema != SCHEMA {
            return Err(ReportError::Schema(results.schema.clone()));
        }
        let words = nouns::named(Words::new(language)?, &results.design, language);
        let comparisons = &results.design.comparisons;
        let main = comparisons.iter().find(|c| c.main).or_else(|| comparisons.first());
        let main = main.ok_or(ReportError::NoComparison)?;
        let mut rows: HashMap<String, Vec<&'a EstimateRow>> = HashMap::new();
        for row in &results.estimates {
            rows.entry(key(&row.outcome, &row.analysis, &row.comparison)).or_default().push(row);
        }
        let numbers = Numbers::new(language)?;
        Ok(Self {
            results,
            language,
            words,
            numbers,
            main,
            boundaries: None,
            cells: OnceCell::new(),
            rows,
        })
    }

    /// The same view, with boundaries to draw regions by.
    pub(crate) fn bounded(mut self, boundaries: Option<&'a Boundaries>) -> Self {
        // numbers that take the place of codes are no codes of an outline
        self.boundaries = boundaries.filter(|_| !self.results.design.regions_masked);
        self
    }

    pub(crate) fn label(&self, text: &'a Text) -> &'a str {
        text.get(self.language)
    }

    pub(crate) fn outcome(&self, id: &str) -> Option<&'a OutcomeFacts> {
        self.results.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// All rows of an analysis, every model and method.
    pub(crate) fn rows(
        &self,
        outcome: &str,
        analysis: &str,
        comparison: &str,
    ) -> &[&'a EstimateRow] {
        self.rows.get(&key(outcome, analysis, comparison)).map_or(&[], Vec::as_slice)
    }

    /// The row that the report leads with.
    pub(crate) fn headline(
        &self,
        outcome: &str,
        analysis: &str,
        comparison: &str,
    ) -> Option<&'a EstimateRow> {
        self.rows(outcome, analysis, comparison).iter().copied().find(|row| row.headline)
    }

    pub(crate) fn main_row(&self, outcome: &OutcomeFacts) -> Option<&'a EstimateRow> {
        self.headline(&outcome.id, "main", &self.main.id)
    }

    pub(crate) fn trend(&self, outcome: &str, comparison: &str) -> Option<&'a TrendCheck> {
        self.results
            .trend_checks
            .iter()
            .find(|check| check.outcome == outcome && check.comparison == comparison)
    }

    pub(crate) fn period(&self, id: i64) -> String {
        let found = self.results.design.periods.iter().find(|period| period.id == id);
        let label = found.map_or("", |period| self.label(&period.label));
        // "2011 Q3" shall not break over two lines.
        if label.is_empty() { id.to_string() } else { label.replace(' ', "\u{a0}") }
    }

    pub(crate) fn phase(&self, phase: &str) -> Vec<&'a PeriodFacts> {
        self.results.design.periods.iter().filter(|period| period.phase == phase).collect()
    }

    /// "2008-2016", or a single label, or nothing.
    pub(crate) fn span(&self, phase: &str) -> Option<String> {
        let periods = self.phase(phase);
        let (first, last) = (periods.first()?, periods.last()?);
        let (first, last) = (self.period(first.id), self.period(last.id));
        Some(if first == last { first } else { format!("{first}\u{2013}{last}") })
    }

    /// "6 states" or "1 state".
    pub(crate) fn regions(&self, count: usize) -> String {
        format!(
            "{count}\u{a0}{}",
            nouns::regions(&self.words, &self.results.design, self.language, count)
        )
    }

    /// Regions of a control group that have data: a protocol may name more than there are.
    pub(crate) fn controls(&self, comparison: &ComparisonFacts) -> usize {
        let named = comparison.regions.len();
        let listed = self.results.matching.iter();
        let mut listed =
            listed.filter(|r| r.comparison == comparison.id && r.role == "control").peekable();
        if listed.peek().is_some() {
            return listed.filter(|r| r.units_pre + r.units_post > 0.0).count();
        }
        if !self.results.design.cluster_is_region {
            return named;
        }
        let outcomes = self.results.outcomes.iter();
        let rows = outcomes.filter_map(|o| self.headline(&o.id, "main", &comparison.id));
        let found = rows.filter_map(|row| row.clusters?.checked_sub(row.clusters_treated?)).max();
        found.and_then(|n| usize::try_from(n).ok()).map_or(named, |n| n.min(named))
    }

    /// Whether there are so many outcomes that a page shows them only in part until asked.
    pub(crate) fn many(&self) -> bool {
        self.results.outcomes.len() > 8
    }

    /// A name in a figure, with a caution where the trends before the start were not alike.
    pub(crate) fn cautioned(&self, name: &str, holds: Option<bool>) -> String {
        if holds == Some(false) {
            self.words.with("label-caution", &[("label", name.to_owned().into())])
        } else {
            name.to_owned()
        }
    }

    /// Outcomes with those of one domain together, domains in the order of the protocol.
    pub(crate) fn by_domain(&self) -> Vec<&'a OutcomeFacts> {
        let outcomes = &self.results.outcomes;
        let mut sorted: Vec<&OutcomeFacts> = outcomes.iter().collect();
        sorted.sort_by_key(|outcome| outcomes.iter().position(|o| o.domain == outcome.domain));
        sorted
    }

    /// Domains in the order of the protocol, each with its outcomes.
    pub(crate) fn domains(&self) -> Vec<Domain<'a>> {
        let all = self.by_domain();
        let domain = |outcomes: &[&'a OutcomeFacts]| Domain {
            name: self.label(&outcomes[0].domain_label),
            outcomes: outcomes.to_vec(),
        };
        all.chunk_by(|a, b| a.domain == b.domain).map(domain).collect()
    }

    /// The label of a covariate, or its id.
    pub(crate) fn covariate(&self, id: &str) -> String {
        let found = self.results.design.covariates.iter().find(|covariate| covariate.id == id);
        let label = found.map(|covariate| self.label(&covariate.label));
        label.filter(|label| !label.is_empty()).unwrap_or(id).to_owned()
    }

    /// What means and models are weighted by, or `none`.
    pub(crate) fn weights(&self) -> String {
        let design = &self.results.design;
        let label = self.label(&design.weights_label);
        match (design.weights.as_str(), label) {
            ("none" | "", _) => "none".to_owned(),
            (_, "") => self.words.text("weights-fallback"),
            (_, label) => label.to_owned(),
        }
    }

    /// One minus the confidence level.
    pub(crate) fn alpha(&self) -> String {
        let alpha = 1.0 - self.results.design.level;
        let decimals = (2..6).find(|d| {
            let scaled = alpha * 10_f64.powi(i32::from(*d));
            (scaled - scaled.round()).abs() < 1e-6
        });
        self.numbers.decimal(alpha, decimals.unwrap_or(6))
    }

    /// What was changed, as a noun phrase.
    pub(crate) fn intervention(&self) -> String {
        let text = self.label(&self.results.study.intervention);
        if text.is_empty() { self.words.text("intervention-fallback") } else { text.to_owned() }
    }

    /// The outcome within a sentence.
    pub(crate) fn phrase(&self, outcome: &'a OutcomeFacts) -> &'a str {
        let text = self.label(&outcome.phrase);
        if text.is_empty() { self.name(outcome) } else { text }
    }

    /// The outcome at the head of a table.
    pub(crate) fn name(&self, outcome: &'a OutcomeFacts) -> &'a str {
        let text = self.label(&outcome.label);
        if text.is_empty() { &outcome.id } else { text }
    }

    /// `95%`.
    pub(crate) fn confidence(&self) -> String {
        let level = self.results.design.level * 100.0;
        let decimals = u8::from((level - level.round()).abs() > 1e-9);
        self.percent(level, decimals)
    }

    pub(crate) fn percent(&self, value: f64, decimals: u8) -> String {
        self.words.with("percent", &[("value", self.numbers.decimal(value, decimals).into())])
    }

    /// The relative effect, always with one decimal.
    pub(crate) fn relative(&self, value: f64) -> String {
        self.percent(value, 1)
    }

    pub(crate) fn missing(&self) -> String {
        self.words.text("not-available")
    }

    /// An interval in words, its ends written by `end`.
    pub(crate) fn range(&self, range: Range, end: impl Fn(f64) -> String) -> String {
        match range {
            Range::Both(low, high) => self
                .words
                .with("range-both", &[("low", end(low).into()), ("high", end(high).into())]),
            Range::NoHigh(low) => self.words.with("range-no-high", &[("low", end(low).into())]),
            Range::NoLow(high) => self.words.with("range-no-low", &[("high", end(high).into())]),
            Range::Unbounded => self.words.text("range-unbounded"),
            Range::Missing => self.missing(),
        }
    }

    /// The formatter of an outcome's own unit.
    pub(crate) fn measure(&self, outcome: &'a OutcomeFacts) -> Measure<'_> {
        Measure {
            numbers: &self.numbers,
            words: &self.words,
            outcome,
            unit: self.label(&outcome.unit),
        }
    }
}

/// How the values of one outcome are written.
pub(crate) struct Measure<'v> {
    numbers: &'v Numbers,
    words: &'v Words,
    outcome: &'v OutcomeFacts,
    unit: &'v str,
}

impl Measure<'_> {
    fn binary(&self) -> bool {
        self.outcome.kind == "binary"
    }

    /// Factor from the results to what is shown: a share is shown as a percentage.
    pub(crate) fn factor(&self) -> f64 {
        if self.binary() { 100.0 } else { 1.0 }
    }

    /// The number alone.
    pub(crate) fn bare(&self, value: f64) -> String {
        self.numbers.decimal(value * self.factor(), self.outcome.decimals)
    }

    /// A standard error: one decimal more than the effect, or it would hide how methods differ.
    pub(crate) fn finer(&self, value: f64) -> String {
        self.numbers.decimal(value * self.factor(), self.outcome.decimals.saturating_add(1))
    }

    /// A level with its unit.
    pub(crate) fn level(&self, value: f64) -> String {
        if self.binary() {
            return self.words.with("percent", &[("value", self.bare(value).into())]);
        }
        self.in_unit(value)
    }

    /// An effect with its unit.
    pub(crate) fn effect(&self, value: f64) -> String {
        if !self.binary() {
            return self.in_unit(value);
        }
        // Plural forms follow the number as shown: "1.0 percentage points".
        let one = self.outcome.decimals == 0 && (value.abs() * 100.0).round() == 1.0;
        let n: u64 = if one { 1 } else { 2 };
        self.words.with("percentage-points", &[("n", n.into()), ("value", self.bare(value).into())])
    }

    fn in_unit(&self, value: f64) -> String {
        if self.unit.is_empty() {
            self.bare(value)
        } else {
            format!("{}\u{a0}{}", self.bare(value), self.unit)
        }
    }

    /// The unit of effects, for the head of a column or an axis.
    pub(crate) fn effect_unit(&self) -> String {
        if self.binary() { self.words.text("unit-percentage-points") } else { self.unit.to_owned() }
    }

    /// The unit of levels.
    pub(crate) fn level_unit(&self) -> String {
        if self.binary() { self.words.text("unit-percent") } else { self.unit.to_owned() }
    }

    /// A level in a table, whose unit stands beside the outcome; percentages keep their sign.
    pub(crate) fn level_in_table(&self, value: f64) -> String {
        if self.binary() { self.level(value) } else { self.bare(value) }
    }

    /// The unit beside an outcome in a table; that of binary ones is said once, above it.
    pub(crate) fn table_unit(&self) -> String {
        if self.binary() { String::new() } else { self.unit.to_owned() }
    }
}
