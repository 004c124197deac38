//! Rules about person keys, links and the register.

use std::collections::BTreeSet;

use super::Facts;
use crate::expression::Columns;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::decode::linkage::{LINKED, names, on_places};
use crate::protocol::decode::regions::REGISTER;
use crate::protocol::node::Node;
use crate::protocol::{Code, ColumnKind, Link, REGISTER_COLUMNS, Several, Source, SourceKey};

pub(super) fn source_keys(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        let columns = Columns::new(source.columns.iter().map(|column| column.name.clone()));
        for key in &source.keys {
            let path = format!("sources.{}.keys.{}", source.name, key.name);
            key_name(facts, &path, &columns, key);
            kinds(facts, &path, key);
            let kind = key.kind.as_ref().map(|kind| ("kind", kind));
            for (name, column) in kind.into_iter().chain([("number", &key.number)]) {
                key_column(facts, &format!("{path}.{name}"), source, column, key.pad);
            }
        }
    }
}

/// A key does not hide a column.
fn key_name(facts: &mut Facts<'_>, path: &str, columns: &Columns, key: &SourceKey) {
    if let Some(column) = columns.find(&key.name).filter(|_| facts.report.sound(path)) {
        let problem = Problem::error("key-is-column", "a key has the name of a column")
            .at(&key.place)
            .found(format!("`{}` and the column `{column}`", key.name))
            .allowed("a name that no column of the source has, in any case")
            .hint("give the key another name");
        facts.report.push(problem);
    }
}

/// Kinds and the column that holds them come together.
fn kinds(facts: &mut Facts<'_>, path: &str, key: &SourceKey) {
    let valid = format!("{path}.valid");
    let problem = match (key.kind.is_some(), key.valid.is_empty()) {
        (true, true) => Problem::error("key-without-kinds", "no kind identifies a person")
            .found("`kind` without `valid`")
            .hint(r#"name the kinds that do: valid = ["R"]"#),
        (false, false) => Problem::error("kinds-without-column", "there is no column of kinds")
            .found("`valid` without `kind`")
            .hint("name the column: kind = \"...\""),
        _ => return,
    };
    if facts.sound(&[&valid, &format!("{path}.kind")]) {
        facts.push(&valid, problem.allowed("both `kind` and `valid`, or neither"));
    }
}

/// A column of a key is declared, and as text so that leading zeros are seen.
fn key_column(facts: &mut Facts<'_>, path: &str, source: &Source, name: &str, pad: bool) {
    if name.is_empty() || !facts.sound(&[path, &format!("sources.{}.columns", source.name)]) {
        return;
    }
    let declared = || source.columns.iter().map(|column| column.name.as_str());
    let problem = match source.columns.iter().find(|column| column.name == name) {
        None => {
            let near = did_you_mean(name, declared());
            let hint = if near.is_empty() { "declare it under columns".to_owned() } else { near };
            Problem::error("unknown-column", format!("`{name}` is not a column of this source"))
                .found(format!("`{name}`"))
                .allowed(some_of(declared()))
                .hint(hint)
        }
        Some(column) if column.kind == ColumnKind::Text => return,
        Some(column) if column.kind == ColumnKind::Integer && pad && path.ends_with("number") => {
            return;
        }
        Some(column) => Problem::error("key-not-text", format!("`{name}` is not text"))
            .found(format!("{name} = \"{}\"", column.kind.as_str()))
            .allowed("text, or whole numbers with pad = true")
            .hint(format!("declare {name} = \"text\", which keeps leading zeros")),
    };
    facts.push(path, problem);
}

pub(super) fn link_sources(facts: &mut Facts<'_>) {
    let population = &facts.protocol.population;
    let base = population.source.as_str();
    let names: Vec<&str> = facts.protocol.sources.iter().map(|s| s.name.as_str()).collect();
    for (index, link) in population.links.iter().enumerate() {
        let path = format!("population.link[{index}].source");
        if !facts.sound(&[&path, "sources"]) || link.source.is_empty() {
            continue;
        }
        let others = || names.iter().copied().filter(|name| *name != base);
        let problem = if !names.contains(&link.source.as_str()) {
            let near = did_you_mean(&link.source, others());
            let declare = format!("declare it under [sources.{}]", link.source);
            Problem::error("unknown-source", format!("there is no source `{}`", link.source))
                .hint(if near.is_empty() { declare } else { near })
        } else if link.source == base {
            Problem::error("link-to-base", "the population's source is linked to itself")
                .hint("use its columns directly; they need no link")
        } else {
            continue;
        };
        let allowed = some_of(others());
        facts.push(&path, problem.found(format!("`{}`", link.source)).allowed(allowed));
    }
}

pub(super) fn link_names(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let base = Columns::new(protocol.base().into_iter().flat_map(names));
    for (index, link) in protocol.population.links.iter().enumerate() {
        let path = format!("population.link[{index}].id");
        if !facts.sound(&[&path]) {
            continue;
        }
        if link.id == REGISTER {
            facts.push(
                &path,
                Problem::error("reserved-name", "a link cannot be called `register`")
                    .found("`register`")
                    .allowed("any other identifier")
                    .hint("`register.` stands before attributes of the register of regions"),
            );
        } else if let Some(column) = base.find(&link.id) {
            facts.push(
                &path,
                Problem::error("link-is-column", "a link has the name of a column")
                    .found(format!("`{}` and the column `{column}`", link.id))
                    .allowed("a name that no column of the population's source has, in any case")
                    .hint("give the link another id"),
            );
        }
    }
}

pub(super) fn link_columns(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let population = facts.root.child("population").and_then(|node| node.child("link"));
    let nodes = population.map_or(&[][..], Node::list);
    for ((index, link), node) in protocol.population.links.iter().enumerate().zip(nodes) {
        let path = format!("population.link[{index}]");
        let Some(source) = protocol.sources.iter().find(|source| source.name == link.source) else {
            continue;
        };
        let own = Columns::new(names(source));
        let declared = format!("sources.{}.columns", source.name);
        if facts.sound(&[&declared]) {
            on_columns(facts, node, &own, &source.name);
        }
        linked_column(facts, &path, link, &own);
    }
}

/// What stands under `on` are columns of the linked source, each once.
fn on_columns(facts: &mut Facts<'_>, link: &Node, own: &Columns, source: &str) {
    let mut seen = BTreeSet::new();
    for (name, place) in on_places(link) {
        let problem = match own.find(&name) {
            None => {
                let near = did_you_mean(&name, own.names());
                let message = format!("`{name}` is not a column of `{source}`");
                let declare = format!("declare it under [sources.{source}.columns]");
                Problem::error("unknown-column", message)
                    .found(format!("`{name}`"))
                    .allowed(some_of(own.names()))
                    .hint(if near.is_empty() { declare } else { near })
            }
            Some(column) if !seen.insert(column.to_owned()) => {
                Problem::error("duplicate-item", format!("`{column}` stands here twice"))
                    .found(format!("`{name}`"))
                    .hint("remove one of the two")
            }
            Some(_) => continue,
        };
        facts.report.push(problem.at(&place));
    }
}

/// Nothing else of a link is called `linked`.
fn linked_column(facts: &mut Facts<'_>, path: &str, link: &Link, own: &Columns) {
    let sum = link.sums.iter().any(|(name, _)| name == LINKED);
    let found = match (sum, own.find(LINKED)) {
        (true, _) => "a sum `linked`".to_owned(),
        (false, Some(column)) if link.sums.is_empty() => {
            format!("the column `{column}` of `{}`", link.source)
        }
        _ => return,
    };
    facts.push(
        path,
        Problem::error("reserved-name", "`linked` says whether a row is linked")
            .found(found)
            .allowed("any other name")
            .hint(r#"rename it; a column keeps its name in the file with from = "...""#),
    );
}

pub(super) fn link_meaning(facts: &mut Facts<'_>) {
    let population = facts.root.child("population").and_then(|node| node.child("link"));
    let nodes = population.map_or(&[][..], Node::list);
    for ((index, link), node) in facts.protocol.population.links.iter().enumerate().zip(nodes) {
        let path = format!("population.link[{index}]");
        let several = format!("{path}.several");
        let given = node.child("several").is_some() && facts.sound(&[&several]);
        if given && !link.sums.is_empty() {
            facts.push(
                &several,
                Problem::warning("several-with-sums", "sums take all rows of a key")
                    .found(format!("several = \"{}\"", link.several.as_str()))
                    .allowed(
                        Several::OPTIONS.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", "),
                    )
                    .hint("remove `several`; it is for links without sums"),
            );
        }
        let read = link.on.iter().all(|(_, value)| !value.sql.is_empty());
        if read && !link.on.is_empty() && link.on.iter().all(|(_, value)| value.is_constant()) {
            facts.push(
                &format!("{path}.on"),
                Problem::warning("constant-link", "every row is linked to the same")
                    .hint("name a column of the population's source in one of the values"),
            );
        }
    }
}

pub(super) fn register_columns(facts: &mut Facts<'_>) {
    let Some(register) = &facts.protocol.region.register else {
        return;
    };
    for (name, _) in register.columns.iter().filter(|(name, _)| reserved(name)) {
        facts.push(
            &format!("region.register.columns.{name}"),
            Problem::error("reserved-name", format!("`{name}` has a meaning of its own"))
                .found(format!("`{name}`"))
                .allowed(format!("any name but {}", REGISTER_COLUMNS.join(", ")))
                .hint("this column is always read; remove it here"),
        );
    }
}

fn reserved(name: &str) -> bool {
    REGISTER_COLUMNS.contains(&name)
}

pub(super) fn portable_documents(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let include = facts.root.child("study").and_then(|study| study.child("include"));
    let include = include.map_or(&[][..], Node::list).iter().enumerate();
    let mut files: Vec<(String, String)> = include
        .filter_map(|(index, item)| {
            Some((format!("study.include[{index}]"), item.text()?.to_owned()))
        })
        .collect();
    for list in &protocol.codelists {
        files.push((format!("codelists.{}.file", list.name), list.file.clone()));
    }
    if let Some(register) = &protocol.region.register {
        files.push(("region.register.file".to_owned(), register.file.clone()));
    }
    if let Some(boundaries) = &protocol.region.boundaries {
        files.push(("region.boundaries.file".to_owned(), boundaries.file.clone()));
    }
    for (path, file) in files.iter().filter(|(_, file)| super::input::is_absolute(file)) {
        facts.push(path, super::input::absolute(file));
    }
}

/// What linkage is always reported by.
const DIMENSIONS: [&str; 4] = ["all", "period", "region", "delivery"];

pub(super) fn subgroup_names(facts: &mut Facts<'_>) {
    for (index, subgroup) in facts.protocol.subgroups.iter().enumerate() {
        if DIMENSIONS.contains(&subgroup.id.as_str()) {
            facts.push(
                &format!("subgroup[{index}].id"),
                Problem::error("reserved-name", "linkage is reported by this without asking")
                    .found(format!("`{}`", subgroup.id))
                    .allowed(format!("any identifier but {}", DIMENSIONS.join(", ")))
                    .hint("give the subgroup another id, or remove it"),
            );
        }
    }
}

pub(super) fn described_levels(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let languages = &protocol.report.languages;
    let covariates = protocol.covariates.iter().map(|covariate| covariate.codelist.as_ref());
    let covariates = covariates.enumerate().map(|(at, list)| (format!("covariate[{at}]"), list));
    let subgroups = protocol.subgroups.iter().map(|subgroup| subgroup.codelist.as_ref());
    let subgroups = subgroups.enumerate().map(|(at, list)| (format!("subgroup[{at}]"), list));
    for (path, name) in covariates.chain(subgroups) {
        let (Some(name), path) = (name, format!("{path}.codelist")) else { continue };
        let Some(list) = protocol.codelists.iter().find(|list| list.name == *name) else {
            let known = || protocol.codelists.iter().map(|list| list.name.as_str());
            let near = did_you_mean(name, known());
            let declare = format!("declare it: [codelists.{name}] with file = \"...\"");
            let problem =
                Problem::error("unknown-codelist", format!("there is no list of codes `{name}`"))
                    .found(format!("`{name}`"))
                    .allowed(some_of(known()))
                    .hint(if near.is_empty() { declare } else { near });
            facts.push(&path, problem);
            continue;
        };
        let bare = |code: &&Code| {
            languages.iter().any(|language| !code.label.0.contains_key(language.as_str()))
        };
        let lacking: Vec<&str> = list.codes.iter().filter(bare).map(|c| c.code.as_str()).collect();
        if !lacking.is_empty() {
            let problem = Problem::warning("undescribed-level", "codes without a description")
                .found(some_of(lacking.into_iter()))
                .allowed(format!("a text in each of the columns {}", languages.join(", ")))
                .hint(format!("describe them in {}", list.file));
            facts.push(&path, problem);
        }
    }
}
