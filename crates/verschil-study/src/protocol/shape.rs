//! Checks the document against the table of keys: names, presence and types.

use std::collections::BTreeMap;

use crate::problem::{Problem, Severity, did_you_mean};

use super::choice::Options;
use super::keys::{self, Item, Key, Kind, Naming, Presence};
use super::node::{Node, Value, join};
use super::report::Report;

mod scalar;

/// Checks a table whose keys stand in the table of keys under `pattern`.
pub(crate) fn table(report: &mut Report, pattern: &str, path: &str, node: &Node) {
    for (name, child) in node.table() {
        match keys::find(pattern, name) {
            Some(key) => value(report, key, child),
            None => unknown_key(report, pattern, name, child),
        }
    }
    for key in keys::under(pattern).filter(|key| key.presence == Presence::Required) {
        if node.child(key.name()).is_none() {
            missing_key(report, key, &join(path, key.name()), node);
        }
    }
}

fn unknown_key(report: &mut Report, pattern: &str, name: &str, child: &Node) {
    if report.is_full(Severity::Error) {
        return;
    }
    let known: Vec<&str> = keys::under(pattern).map(Key::name).collect();
    let hint = match did_you_mean(name, known.iter().copied()) {
        near if !near.is_empty() => near,
        _ => elsewhere(name),
    };
    report.push(
        Problem::error("unknown-key", format!("`{name}` is not a key here"))
            .at(child.key.as_ref().unwrap_or(&child.place))
            .found(format!("`{name}`"))
            .allowed(known.join(", "))
            .hint(hint),
    );
}

/// Where a key of this name does belong.
fn elsewhere(name: &str) -> String {
    keys::KEYS.iter().find(|key| key.name() == name).map_or_else(
        || "remove it, or put `#` before the line".to_owned(),
        |key| format!("`{name}` belongs elsewhere: {}", key.path.replace('*', "NAME")),
    )
}

fn missing_key(report: &mut Report, key: &Key, path: &str, node: &Node) {
    let name = key.name();
    let line = match key.kind {
        Kind::Table => format!("[{path}]"),
        Kind::Tables => format!("[[{path}]]"),
        Kind::Named(_) => format!("[{path}.NAME]"),
        _ => format!("{name} = {}", key.example),
    };
    let mut place = node.key.clone().filter(|_| is_inline(node)).unwrap_or(node.place.clone());
    path.clone_into(&mut place.path);
    report.push(
        Problem::error("missing-key", format!("`{path}` is missing"))
            .at(&place)
            .allowed(key.doc)
            .hint(format!("add `{line}`")),
    );
}

/// Whether a table stands as `key = { ... }`, of which the key is the best place to point at.
fn is_inline(node: &Node) -> bool {
    node.key.as_ref().is_some_and(|key| key.offset < node.place.offset)
}

/// Checks the value of a key.
fn value(report: &mut Report, key: &Key, node: &Node) {
    match (key.kind, &node.value) {
        (Kind::Table | Kind::ChoiceOrTable(_), Value::Table(_)) => {
            table(report, key.path, &node.place.path.clone(), node);
        }
        (Kind::Tables, Value::List(items)) => tables(report, key, node, items),
        (Kind::Named(naming), Value::Table(entries)) => named(report, key, naming, node, entries),
        (Kind::Text, Value::Table(entries)) => scalar::languages(report, node, entries),
        (Kind::List(item, least), Value::List(items)) => {
            list(report, key, node, item, least, items);
        }
        (Kind::ChoiceOrTable(options) | Kind::Choice(options), Value::Text(text)) => {
            scalar::choice(report, node, options, text);
        }
        _ => scalar::check(report, key, node),
    }
}

fn tables(report: &mut Report, key: &Key, node: &Node, items: &[Node]) {
    if items.is_empty() && key.presence == Presence::Required {
        empty_list(report, key, node, 1);
    }
    for item in items {
        match item.value {
            Value::Table(_) => table(report, key.path, &item.place.path.clone(), item),
            _ => scalar::wrong_type(report, item, "a table", "write each as `[[...]]`"),
        }
    }
}

fn named(report: &mut Report, key: &Key, naming: Naming, node: &Node, entries: &[(String, Node)]) {
    if entries.is_empty() && key.presence == Presence::Required {
        report.push(
            Problem::error("empty-table", format!("`{}` is empty", node.place.path))
                .at(&node.place)
                .allowed(key.doc)
                .hint("add at least one"),
        );
    }
    for (name, child) in entries {
        let place = child.key.as_ref().unwrap_or(&child.place);
        let problem = match naming {
            Naming::Id if !is_id(name) => Some(bad_id(name)),
            Naming::Any if name.trim().is_empty() || name.chars().any(char::is_control) => Some(
                Problem::error("bad-name", "this cannot be a name")
                    .found(format!("{name:?}"))
                    .allowed("a text that is not empty and has no control characters"),
            ),
            Naming::Integer if name.parse::<i64>().is_err() => Some(
                Problem::error("bad-name", format!("`{name}` is not a period"))
                    .found(format!("`{name}`"))
                    .allowed("whole numbers")
                    .hint("write the number as a key: 2006 = \"...\""),
            ),
            _ => None,
        };
        if let Some(problem) = problem {
            report.push(problem.at(place));
        } else if let Some(inner) = keys::find(key.path, name) {
            value(report, inner, child);
        }
    }
}

fn list(report: &mut Report, key: &Key, node: &Node, item: Item, least: usize, items: &[Node]) {
    if items.len() < least {
        empty_list(report, key, node, least);
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for entry in items {
        if !scalar::item(report, entry, item) {
            continue;
        }
        let shown = scalar::shown(entry);
        let full = entry.text().map_or_else(|| shown.clone(), str::to_owned);
        let first = *seen.entry(full).or_insert(entry.place.offset);
        if first != entry.place.offset {
            let message = format!("{shown} stands in this list twice");
            report.push(
                Problem::error("duplicate-item", message)
                    .at(&entry.place)
                    .found(shown)
                    .hint("remove one of the two"),
            );
        }
    }
}

fn empty_list(report: &mut Report, key: &Key, node: &Node, least: usize) {
    report.push(
        Problem::error("empty-list", format!("`{}` is empty", node.place.path))
            .at(&node.place)
            .found("no items")
            .allowed(format!("at least {least}: {}", key.doc))
            .hint(format!("for example {}", key.example)),
    );
}

/// Whether a text is a small name.
pub(crate) fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A small name that resembles a text.
pub(crate) fn to_id(text: &str) -> String {
    let small = |c: char| {
        if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }
    };
    let mut id: String = text.chars().map(small).collect();
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        id.insert_str(0, "x_");
    }
    id
}

fn bad_id(text: &str) -> Problem {
    Problem::error("bad-id", format!("`{text}` cannot be an identifier"))
        .found(format!("`{text}`"))
        .allowed("a small letter, then small letters, digits and underscores")
        .hint(format!("for example `{}`", to_id(text)))
}

/// Ids of a closed list, comma-separated.
fn ids(options: Options) -> String {
    options.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_and_default_fits_its_key() {
        for key in keys::KEYS {
            let default = match key.presence {
                Presence::Default(literal) => literal,
                _ => "",
            };
            for literal in [key.example, default].into_iter().filter(|text| !text.is_empty()) {
                let node = Node::literal(literal).unwrap_or_else(|| panic!("{}", key.path));
                let mut report = Report::new("");
                value(&mut report, key, &node);
                assert!(!report.has_errors(), "{}: {:?}", key.path, report.finish());
            }
        }
    }
}
