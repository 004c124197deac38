//! Rules about definitions of outcomes.

use std::collections::BTreeMap;

use super::Facts;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::node::Node;

pub(super) fn alternatives(facts: &mut Facts<'_>) {
    for (index, outcome) in facts.protocol.outcomes.iter().enumerate() {
        let mut seen = BTreeMap::new();
        for (position, item) in outcome.alternatives.iter().enumerate() {
            let path = format!("outcome[{index}].alternative[{position}]");
            if item.value.is_none() && item.among.is_none() {
                facts.push(
                    &path,
                    Problem::error("empty-alternative", "this is the outcome's own definition")
                        .found("neither `value` nor `among`")
                        .allowed("`value`, `among` or both")
                        .hint("write what differs, or remove it"),
                );
            }
            if item.id.is_empty() || *seen.entry(&item.id).or_insert(position) == position {
                continue;
            }
            let message = format!("`{}` has two definitions `{}`", outcome.id, item.id);
            facts.push(
                &format!("{path}.id"),
                Problem::error("duplicate-id", message)
                    .found(format!("`{}`", item.id))
                    .hint("give this one another id"),
            );
        }
    }
}

pub(super) fn chosen(facts: &mut Facts<'_>) {
    let outcomes = &facts.protocol.outcomes;
    let entries = facts.root.child("definitions").map_or(&[][..], Node::table);
    for (id, node) in entries {
        let path = format!("definitions.{id}");
        let (Some(name), true) = (node.text(), facts.report.sound(&path)) else {
            continue;
        };
        let Some(outcome) = outcomes.iter().find(|outcome| outcome.id == *id) else {
            let ids = || outcomes.iter().map(|outcome| outcome.id.as_str());
            let near = did_you_mean(id, ids());
            let remove = "write the id of an outcome, or remove the line".to_owned();
            let problem = Problem::error("unknown-outcome", format!("there is no outcome `{id}`"))
                .at(node.key.as_ref().unwrap_or(&node.place))
                .found(format!("`{id}`"))
                .allowed(some_of(ids()))
                .hint(if near.is_empty() { remove } else { near });
            facts.report.push(problem);
            continue;
        };
        let known = || outcome.alternatives.iter().map(|item| item.id.as_str());
        if known().any(|known| known == name) {
            continue;
        }
        let near = did_you_mean(name, known());
        let declare = "declare it as an [[outcome.alternative]] of this outcome".to_owned();
        let message = format!("`{id}` has no definition `{name}`");
        facts.push(
            &path,
            Problem::error("unknown-definition", message)
                .found(format!("`{name}`"))
                .allowed(some_of(known()))
                .hint(if near.is_empty() { declare } else { near }),
        );
    }
}
