//! Rules about the weights of linked units.

use super::Facts;
use crate::expression::Expression;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::{STRATA, WeightKind};

pub(super) fn links(facts: &mut Facts<'_>) {
    let Some(weights) = &facts.protocol.linkage_weights else { return };
    let population = &facts.protocol.population;
    let known: Vec<&str> = population.links.iter().map(|link| link.id.as_str()).collect();
    for (index, name) in weights.links.iter().enumerate() {
        let path = format!("linkage_weights.links[{index}]");
        if !facts.sound(&[&path, "population.link"]) {
            continue;
        }
        if !known.contains(&name.as_str()) {
            let near = did_you_mean(name, known.iter().copied());
            let declare = "declare it as a [[population.link]]".to_owned();
            facts.push(
                &path,
                Problem::error("unknown-link", format!("there is no link `{name}`"))
                    .found(format!("`{name}`"))
                    .allowed(some_of(known.iter().copied()))
                    .hint(if near.is_empty() { declare } else { near }),
            );
        } else if let Some(key) = needed_for(facts, name) {
            facts.push(
                &path,
                Problem::error(
                    "link-gives-region",
                    format!("without `{name}` the {key} of a row is not known"),
                )
                .found(format!("`{name}`, whose columns {key}.value names"))
                .allowed("links that neither region.value nor period.value needs")
                .hint("leave it out: no weight can let others stand for units without a region"),
            );
        } else if !asked_for(facts, name) {
            facts.push(
                &path,
                Problem::error("link-not-asked-for", format!("no exclusion asks for `{name}`"))
                    .found(format!("`{name}`"))
                    .allowed("links by which units are left out of the population")
                    .hint(format!(
                        "add a [[population.exclude]] with where = \"NOT {name}.linked\""
                    )),
            );
        }
    }
}

/// What of a row, its region or its period, is a column of the link.
fn needed_for(facts: &Facts<'_>, link: &str) -> Option<&'static str> {
    let protocol = facts.protocol;
    let places = [("region", &protocol.region.value), ("period", &protocol.period.value)];
    let names = |value: &Expression| value.qualified.iter().any(|(table, _)| table == link);
    places.into_iter().find(|(_, value)| names(value)).map(|(key, _)| key)
}

/// Whether some exclusion names a column of the link; one that could not be read may.
fn asked_for(facts: &Facts<'_>, link: &str) -> bool {
    facts.protocol.population.exclusions.iter().enumerate().any(|(index, exclusion)| {
        exclusion.condition.qualified.iter().any(|(table, _)| table == link)
            || !facts.sound(&[&format!("population.exclude[{index}].where")])
    })
}

pub(super) fn dimensions(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(weights) = &protocol.linkage_weights else { return };
    let groups: Vec<&str> = protocol.subgroups.iter().map(|group| group.id.as_str()).collect();
    for (index, group) in groups.iter().enumerate().filter(|(_, group)| STRATA.contains(group)) {
        facts.push(
            &format!("subgroup[{index}].id"),
            Problem::error(
                "reserved-name",
                format!("`{group}` has a meaning of its own in strata"),
            )
            .found(format!("`{group}`"))
            .allowed("any other identifier")
            .hint("linkage_weights.by knows the row's period and region without a subgroup"),
        );
    }
    let known = || STRATA.iter().chain(&groups).copied();
    for (index, name) in weights.by.iter().enumerate() {
        let path = format!("linkage_weights.by[{index}]");
        if known().any(|known| known == name) || !facts.sound(&[&path, "subgroup"]) {
            continue;
        }
        let near = did_you_mean(name, known());
        let declare = "declare it as a [[subgroup]]".to_owned();
        facts.push(
            &path,
            Problem::error("unknown-subgroup", format!("there is no subgroup `{name}`"))
                .found(format!("`{name}`"))
                .allowed(some_of(known()))
                .hint(if near.is_empty() { declare } else { near }),
        );
    }
}

pub(super) fn limit(facts: &mut Facts<'_>) {
    const PATH: &str = "linkage_weights.max_weight";
    let limit = facts.protocol.linkage_weights.as_ref().and_then(|weights| weights.max_weight);
    if let Some(limit) = limit.filter(|limit| *limit <= 1.0 && facts.sound(&[PATH])) {
        facts.push(
            PATH,
            Problem::error(
                "weight-limit",
                "every weight is 1 or more, so this makes all of them equal",
            )
            .found(format!("{limit}"))
            .allowed("a number above 1")
            .hint("remove it to keep every weight as it is"),
        );
    }
}

pub(super) fn frequency(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let kind = protocol.weights.as_ref().map(|weights| weights.kind);
    if protocol.linkage_weights.is_some()
        && kind == Some(WeightKind::Frequency)
        && facts.sound(&["weights.kind"])
    {
        facts.push(
            "linkage_weights",
            Problem::error(
                "weights-of-frequency",
                "linkage rates count rows, not what a row stands for",
            )
            .found("weights.kind = \"frequency\"")
            .allowed("no weights, or analytic ones, which the weights of the linked multiply")
            .hint("write every unit as a row of its own, or remove [linkage_weights]"),
        );
    }
}
