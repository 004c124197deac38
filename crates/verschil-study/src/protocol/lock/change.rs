//! What differs between two protocols in their canonical spelling, as places with old and new value.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::LockedFile;
use crate::protocol::node::join;
use crate::results::ChangeFacts;

/// Names of the canonical spelling, and what an author writes for them.
const WRITTEN: [(&str, &str); 10] = [
    ("outcomes", "outcome"),
    ("covariates", "covariate"),
    ("comparisons", "comparison"),
    ("domains", "domain"),
    ("identities", "identity"),
    ("characteristics", "characteristic"),
    ("subgroups", "subgroup"),
    ("exclusions", "exclude"),
    ("links", "link"),
    ("condition", "where"),
];

/// Keys that name an item of a list, the first that all items have.
const NAMES: [&str; 3] = ["id", "name", "code"];

/// A canonical protocol with the files beside it.
type Whole<'a> = (&'a str, &'a [LockedFile]);

/// Every place at which two protocols differ.
pub(super) fn changes(old: Whole<'_>, new: Whole<'_>) -> Vec<ChangeFacts> {
    let mut found = Vec::new();
    if old.0 != new.0 {
        // both were written by us, so both are JSON
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        compare("", Some(&read(old.0)), Some(&read(new.0)), &mut found);
    }
    let names: BTreeSet<&str> = old.1.iter().chain(new.1).map(|file| file.file.as_str()).collect();
    for name in names {
        let of = |files: &[LockedFile]| {
            let file = files.iter().find(|file| file.file == name);
            file.map_or_else(String::new, |file| format!("sha256 {}", file.sha256))
        };
        let (old, new) = (of(old.1), of(new.1));
        if old != new {
            found.push(ChangeFacts { place: format!("file {name}"), old, new });
        }
    }
    found
}

fn compare(place: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<ChangeFacts>) {
    if old == new {
        return;
    }
    match (old.map(plain), new.map(plain)) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => objects(place, &old, &new, found),
        (Some(Value::Array(a)), Some(Value::Array(b)))
            if named(&a).is_some() && named(&a) == named(&b) =>
        {
            lists(place, &a, &b, found);
        }
        (old, new) => {
            let told = |value: Option<Value>| value.map_or_else(String::new, |value| shown(&value));
            found.push(ChangeFacts { place: place.to_owned(), old: told(old), new: told(new) });
        }
    }
}

/// An expression is its SQL; what columns it reads follows from it.
fn plain(value: &Value) -> Value {
    match (value.get("sql"), value.get("text"), value.get("columns")) {
        (Some(sql), Some(_), Some(_)) => sql.clone(),
        _ => value.clone(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn objects(
    place: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    found: &mut Vec<ChangeFacts>,
) {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let written = WRITTEN.iter().find(|(canonical, _)| canonical == key);
        let name = written.map_or(key.as_str(), |(_, written)| written);
        compare(&join(place, name), old.get(key), new.get(key), found);
    }
}

/// The key by which the items of a list are told apart; an empty list has any.
fn named(items: &[Value]) -> Option<&'static str> {
    NAMES.into_iter().find(|name| {
        let mut seen = BTreeSet::new();
        let own = |item: &Value| item.get(name).and_then(Value::as_str).map(str::to_owned);
        !items.is_empty() && items.iter().all(|item| own(item).is_some_and(|own| seen.insert(own)))
    })
}

/// Lists of things with names: each by its name, then their order.
fn lists(place: &str, old: &[Value], new: &[Value], found: &mut Vec<ChangeFacts>) {
    let Some(key) = named(old) else { return };
    let names = |items: &[Value]| -> Vec<String> {
        items.iter().filter_map(|item| Some(item.get(key)?.as_str()?.to_owned())).collect()
    };
    let (before, after) = (names(old), names(new));
    let all = before.iter().chain(after.iter().filter(|name| !before.contains(name)));
    for name in all {
        let of = |names: &[String], items: &[Value]| {
            names.iter().position(|known| known == name).map(|at| items[at].clone())
        };
        let (a, b) = (of(&before, old), of(&after, new));
        compare(&format!("{place}[{name}]"), a.as_ref(), b.as_ref(), found);
    }
    let kept = |names: &[String], others: &[String]| -> Vec<String> {
        names.iter().filter(|name| others.contains(name)).cloned().collect()
    };
    let (before, after) = (kept(&before, &after), kept(&after, &before));
    if before != after {
        found.push(ChangeFacts {
            place: format!("{place} (order)"),
            old: before.join(", "),
            new: after.join(", "),
        });
    }
}
