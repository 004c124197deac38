//! The one spelling of a protocol, and its hash.

use sha2::{Digest, Sha256};

use super::Protocol;
use crate::expression::Expression;

impl Protocol {
    /// The protocol as JSON with every default explicit, keys sorted and no places; expressions
    /// stand in their canonical spelling only, codes without the bytes of their file.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        let mut plain = self.clone();
        for expression in plain.expressions_mut() {
            expression.text.clone_from(&expression.sql);
        }
        plain.order();
        serde_json::to_value(plain)
            .map_or_else(|_| String::new(), |value| sorted(value).to_string())
    }

    /// SHA-256 of [`Self::canonical_json`], hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(self.canonical_json().as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Sorts what stands under keys of a table, whose order means nothing, and the codes of a list.
    fn order(&mut self) {
        self.sources.sort_by(|a, b| a.name.cmp(&b.name));
        for source in &mut self.sources {
            source.columns.sort_by(|a, b| a.name.cmp(&b.name));
            source.keys.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.codelists.sort_by(|a, b| a.name.cmp(&b.name));
        for list in &mut self.codelists {
            list.codes.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
            list.sha256.clear();
        }
        for link in &mut self.population.links {
            link.on.sort_by(|a, b| a.0.cmp(&b.0));
            link.sums.sort_by(|a, b| a.0.cmp(&b.0));
        }
        if let Some(register) = &mut self.region.register {
            register.columns.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }

    /// Every expression, whatever part it belongs to.
    #[must_use]
    pub fn expressions(&self) -> Vec<Expression> {
        self.clone().expressions_mut().map(|expression| expression.clone()).collect()
    }

    /// Every expression.
    fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expression> {
        let links = self.population.links.iter_mut().flat_map(|link| {
            let pairs = link.on.iter_mut().chain(&mut link.sums);
            pairs.map(|(_, expression)| expression).chain(&mut link.condition)
        });
        let exclusions = self.population.exclusions.iter_mut().map(|item| &mut item.condition);
        let outcomes = self.outcomes.iter_mut().flat_map(|item| {
            let alternatives = item.alternatives.iter_mut();
            let alternatives = alternatives.flat_map(|a| a.value.iter_mut().chain(&mut a.among));
            std::iter::once(&mut item.value).chain(&mut item.among).chain(alternatives)
        });
        links
            .chain(exclusions)
            .chain([&mut self.region.value, &mut self.period.value])
            .chain(&mut self.region.cluster)
            .chain(&mut self.treatment.condition)
            .chain(self.weights.iter_mut().map(|weights| &mut weights.value))
            .chain(self.covariates.iter_mut().map(|covariate| &mut covariate.value))
            .chain(self.subgroups.iter_mut().map(|subgroup| &mut subgroup.value))
            .chain(self.characteristics.iter_mut().map(|item| &mut item.value))
            .chain(self.identities.iter_mut().map(|identity| &mut identity.holds))
            .chain(outcomes)
    }
}

/// The same value with the keys of every object in order, whatever map the JSON crate keeps.
pub(super) fn sorted(value: serde_json::Value) -> serde_json::Value {
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
