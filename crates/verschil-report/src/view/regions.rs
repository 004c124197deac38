//! Look-ups about regions, their characteristics, balance and linkage.

use std::collections::BTreeMap;

use verschil_study::results::{BalanceRow, CharacteristicFacts, LinkageRate, MatchingFacts, Text};

use crate::hyphens;
use crate::steps;
use crate::view::View;

/// The level of rows without a value.
const UNKNOWN: &str = "(missing)";

impl<'a> View<'a> {
    /// The mark of invented data, when they are.
    pub(crate) fn invented(&self) -> Option<String> {
        self.results.study.synthetic.then(|| self.words.text("invented"))
    }

    /// `text` with places where its long words may break.
    pub(crate) fn soft(&self, text: &str) -> String {
        hyphens::soft(self.language, text)
    }

    /// What is counted, in plural.
    pub(crate) fn units(&self) -> String {
        let label = self.label(&self.results.study.units);
        if label.is_empty() { self.words.text("units-fallback") } else { label.to_owned() }
    }

    /// The label of a comparison, or its id.
    pub(crate) fn comparison(&self, id: &str) -> String {
        let found = self.results.design.comparisons.iter().find(|found| found.id == id);
        let label = found.map(|found| self.label(&found.label));
        label.filter(|label| !label.is_empty()).unwrap_or(id).to_owned()
    }

    /// The label of a region, or its code.
    pub(crate) fn region(&self, id: &str) -> String {
        let treated = self.results.design.treated.iter().find(|region| region.id == id);
        let listed = self.results.regions.iter().find(|region| region.code == id);
        let labels = [treated.map(|found| &found.label), listed.map(|found| &found.label)];
        let mut labels = labels.into_iter().flatten().map(|label| self.label(label));
        labels.find(|label| !label.is_empty()).unwrap_or(id).to_owned()
    }

    /// Why a region was excluded: the label of the step, or nothing.
    pub(crate) fn reason(&self, id: &str) -> String {
        let step = self.results.attrition.iter().find(|step| step.id == id);
        step.map_or_else(|| id.to_owned(), |step| steps::label(self, step))
    }

    /// How the controls of a comparison were chosen, where they were matched.
    pub(crate) fn matched(&self, comparison: &str) -> Option<&'a MatchingFacts> {
        self.results.matching_facts.iter().find(|facts| facts.comparison == comparison)
    }

    /// Characteristics of regions, each once, with their labels where a matching has them.
    pub(crate) fn characteristics(&self) -> Vec<CharacteristicFacts> {
        let mut found: Vec<CharacteristicFacts> = Vec::new();
        let results = self.results;
        let told = results.matching_facts.iter().flat_map(|facts| facts.characteristics.clone());
        let bare = results.characteristics.iter().map(|row| &row.characteristic);
        let bare =
            bare.chain(results.trajectories.iter().map(|row| &row.characteristic)).map(|id| {
                CharacteristicFacts {
                    id: id.clone(),
                    decimals: 2,
                    ..CharacteristicFacts::default()
                }
            });
        for facts in told.chain(bare) {
            if !found.iter().any(|known| known.id == facts.id) {
                found.push(facts);
            }
        }
        found
    }

    /// Rows of balance of one comparison, about `region`s or about `row`s.
    pub(crate) fn balance(
        &self,
        comparison: &str,
        unit: &'static str,
    ) -> impl Iterator<Item = &'a BalanceRow> {
        let here = move |row: &&BalanceRow| match row.unit.as_str() {
            "" => unit == "row",
            found => found == unit,
        };
        let comparison = comparison.to_owned();
        self.results.balance.iter().filter(move |row| row.comparison == comparison).filter(here)
    }

    /// `before` or `after`.
    pub(crate) fn stage<'r>(&self, row: &'r BalanceRow) -> &'r str {
        if row.stage.is_empty() { "after" } else { &row.stage }
    }

    /// The rates of one link, in the order of the results.
    pub(crate) fn rates(&self, link: &str) -> impl Iterator<Item = &'a LinkageRate> {
        let link = link.to_owned();
        self.results.linkage_rates.iter().filter(move |rate| rate.link == link)
    }

    /// The label of an outcome or covariate, with its level.
    pub(crate) fn variable(&self, id: &str, level: &str) -> String {
        let label = self.outcome(id).map(|facts| self.name(facts).to_owned());
        let label = label.unwrap_or_else(|| self.named(id));
        if level.is_empty() { label } else { format!("{label}: {}", self.level(id, level)) }
    }

    /// The label of a covariate's level, or the level as it is.
    pub(crate) fn level(&self, covariate: &str, level: &str) -> String {
        let found = self.results.design.covariates.iter().find(|found| found.id == covariate);
        self.level_among(found.map(|found| &found.levels), level)
    }

    /// The label of a subgroup, which may share its id with a covariate.
    pub(crate) fn subgroup(&self, id: &str) -> String {
        let found = self.results.subgroups.iter().find(|found| found.id == id);
        let label = found.map(|found| self.label(&found.label)).filter(|label| !label.is_empty());
        label.map_or_else(|| self.named(id), str::to_owned)
    }

    /// The label of a subgroup's level, or the level as it is.
    pub(crate) fn subgroup_level(&self, subgroup: &str, level: &str) -> String {
        let found = self.results.subgroups.iter().find(|found| found.id == subgroup);
        self.level_among(found.map(|found| &found.levels), level)
    }

    fn level_among(&self, labels: Option<&'a BTreeMap<String, Text>>, level: &str) -> String {
        let label = labels.and_then(|labels| labels.get(level)).map(|label| self.label(label));
        match (label, level) {
            (Some(label), _) if !label.is_empty() => label.to_owned(),
            (_, "" | UNKNOWN) => self.words.text("level-unknown"),
            (_, level) => level.to_owned(),
        }
    }

    /// The label of a region's characteristic, which may share its id with a covariate.
    pub(crate) fn characteristic(&self, id: &str) -> String {
        let all = self.results.matching_facts.iter().flat_map(|facts| &facts.characteristics);
        let mut labels = all.filter(|c| c.id == id).map(|c| self.label(&c.label));
        labels.find(|label| !label.is_empty()).map_or_else(|| self.named(id), str::to_owned)
    }

    /// A value of a region's characteristic.
    pub(crate) fn characteristic_value(&self, id: &str, value: f64) -> String {
        let all = self.characteristics();
        let decimals = all.iter().find(|facts| facts.id == id).map(|facts| facts.decimals);
        self.numbers.decimal(value, decimals.unwrap_or(2))
    }

    fn named(&self, id: &str) -> String {
        let results = self.results;
        let covariates = results.design.covariates.iter().map(|c| (&c.id, &c.label));
        let subgroups = results.subgroups.iter().map(|s| (&s.id, &s.label));
        let mut all = covariates.chain(subgroups);
        let found = all.find(|(known, label)| *known == id && !label.is_empty());
        found.map_or(id, |(_, label)| self.label(label)).to_owned()
    }

    /// A value of an outcome or covariate, as tables have it.
    pub(crate) fn amount(&self, variable: &str, value: f64) -> String {
        if let Some(outcome) = self.outcome(variable) {
            return self.measure(outcome).level_in_table(value);
        }
        if self.is_share(variable) {
            return self.percent(value * 100.0, 1);
        }
        self.numbers.decimal(value, 2)
    }

    /// Whether a variable is a share, shown in per cent and without a spread.
    pub(crate) fn is_share(&self, variable: &str) -> bool {
        let covariate =
            self.results.design.covariates.iter().find(|covariate| covariate.id == variable);
        let outcome = self.outcome(variable).is_some_and(|outcome| outcome.kind == "binary");
        outcome || covariate.is_some_and(|covariate| covariate.kind == "categorical")
    }
}
