//! From several sources to one table: person keys made comparable, linked rows beside the base.
//!
//! The table has every column of the base under its own name, and those of a link under
//! [`beside`] names. A link never adds a row of the base and never drops one. Rows without a match
//! come after the others of their batch; batches are of one size, so the order is always the same.

mod check;
mod keys;
mod names;
mod within;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use verschil_study::{ColumnKind, Expression, Link, Protocol, SourceKey};

use crate::sources::quoted;

pub(crate) use check::{check_links, count_keys, nothing_linked};
pub(crate) use keys::check_keys;
pub(crate) use names::{beside, flat, inner};
pub(crate) use within::{Engine, joined_within};

/// Keys of one link that could not be told apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkKeys {
    /// Keys with several rows that agree in all that is used.
    pub duplicate: u64,
    /// Keys with several rows that do not.
    pub conflicting: u64,
}

/// The base with all its links, as a query in brackets.
pub(crate) fn joined(protocol: &Protocol) -> String {
    joined_with(protocol, protocol.population.links.len())
}

/// The base with its first links.
fn joined_with(protocol: &Protocol, links: usize) -> String {
    let base = keyed(protocol, &protocol.population.source);
    let links = protocol.population.links.iter().take(links);
    links.fold(base, |base, link| join(protocol, link, &base))
}

/// Keys that a source declares.
fn keys_of<'a>(protocol: &'a Protocol, source: &str) -> &'a [SourceKey] {
    let source = protocol.sources.iter().find(|known| known.name == source);
    source.map(|source| source.keys.as_slice()).unwrap_or_default()
}

/// A source with its person keys as further columns: as text, and as whole numbers.
fn keyed(protocol: &Protocol, source: &str) -> String {
    let kinds = keys::kinds(protocol);
    let columns = keys_of(protocol, source).iter().map(|key| {
        let whole = keys::whole(key, &kinds)
            .map(|whole| format!(", {whole} AS {}", quoted(&inner("", &key.name))));
        let text = format!(", {} AS {}", keys::text(key, &kinds), quoted(&key.name));
        text + &whole.unwrap_or_default()
    });
    format!("(SELECT *{} FROM {})", columns.collect::<String>(), quoted(source))
}

/// One equality of a link: what a row of the linked source has, and what a row of the base asks.
struct Equality {
    /// SQL over the linked source.
    own: String,
    /// Condition on the linked source for having a value.
    present: String,
    /// SQL over the base and earlier links; NULL where nothing is asked.
    asked: String,
}

fn equalities(protocol: &Protocol, link: &Link) -> Vec<Equality> {
    link.on.iter().map(|(column, asked)| equality(protocol, link, column, asked)).collect()
}

fn equality(protocol: &Protocol, link: &Link, column: &str, asked: &Expression) -> Equality {
    let kinds = keys::kinds(protocol);
    let whole = |key: &&SourceKey| keys::whole(key, &kinds).is_some();
    let own = keys_of(protocol, &link.source).iter().find(|key| key.name == column);
    let theirs = keys_of(protocol, &protocol.population.source)
        .iter()
        .find(|key| asked.sql == quoted(&key.name));
    if let (Some(own), Some(theirs)) = (own.filter(whole), theirs.filter(whole)) {
        let own = quoted(&inner("", &own.name));
        let present = format!("{own} IS NOT NULL");
        return Equality { own, present, asked: quoted(&inner("", &theirs.name)) };
    }
    let (name, asked) = (quoted(column), flat(&asked.sql));
    let written = protocol.sources.iter().filter(|source| source.name == link.source).any(|s| {
        s.columns.iter().any(|known| known.name == column && known.kind == ColumnKind::Text)
    });
    if !written {
        return Equality { present: format!("{name} IS NOT NULL"), own: name, asked };
    }
    // some formats have blank texts where others have nothing, and a blank says of nobody who it is
    Equality {
        present: format!("trim(CAST({name} AS VARCHAR)) <> ''"),
        own: name,
        asked: format!("CASE WHEN trim(CAST({asked} AS VARCHAR)) <> '' THEN {asked} END"),
    }
}

/// Name of the value of an equality, in the base and in the link.
fn side(link: &Link, at: usize) -> String {
    quoted(&inner(&link.id, &at.to_string()))
}

fn sides(link: &Link) -> Vec<String> {
    (0..link.on.len()).map(|at| side(link, at)).collect()
}

fn conflict_of(link: &Link) -> String {
    quoted(&inner(&link.id, "conflict"))
}

/// Name of the flag whether a row has what a link asks for.
pub(crate) fn has_key(link: &Link) -> String {
    quoted(&inner(&link.id, "key"))
}

/// What a row asks of a link: SQL over the base and earlier links, and the name of its value.
fn asked(protocol: &Protocol, link: &Link) -> Vec<(String, String)> {
    let asked = equalities(protocol, link).into_iter().map(|equality| equality.asked);
    asked.zip(sides(link)).collect()
}

fn join(protocol: &Protocol, link: &Link, base: &str) -> String {
    let sides = sides(link);
    let asked: Vec<String> =
        asked(protocol, link).iter().map(|(sql, name)| format!("{sql} AS {name}")).collect();
    let sums: Vec<String> = link.sums.iter().map(|(_, sum)| sum.sql.clone()).collect();
    let known: Vec<String> = sides.iter().map(|name| format!("b.{name} IS NOT NULL")).collect();
    let equal: Vec<String> = sides.iter().map(|name| format!("l.{name} = b.{name}")).collect();
    let columns: Vec<String> =
        shown(protocol, link).iter().map(|name| format!(", l.{}", quoted(name))).collect();
    // the base streams past a table of the link
    format!(
        "(SELECT b.*{}, ({}) AS {}, (l.{first} IS NOT NULL AND NOT coalesce(l.{}, false)) AS {} \
         FROM {} l RIGHT JOIN (SELECT *, {} FROM {base}) b ON {})",
        columns.concat(),
        known.join(" AND "),
        has_key(link),
        conflict_of(link),
        quoted(&beside(&link.id, "linked")),
        one_row_per_key(protocol, link, &counted(protocol, link), &sums, ""),
        asked.join(", "),
        equal.join(" AND "),
        first = side(link, 0),
    )
}

/// Columns of a link that expressions read, under their names beside the base.
fn shown(protocol: &Protocol, link: &Link) -> Vec<String> {
    let sums = link.sums.iter().map(|(name, _)| beside(&link.id, name));
    sums.chain(used(protocol, link).iter().map(|name| beside(&link.id, name))).collect()
}

/// Columns of a link's source that some expression reads; none for a link of sums.
fn used(protocol: &Protocol, link: &Link) -> BTreeSet<String> {
    if !link.sums.is_empty() {
        return BTreeSet::new();
    }
    protocol
        .expressions()
        .into_iter()
        .flat_map(|expression| expression.qualified)
        .filter(|(table, column)| *table == link.id && column != "linked")
        .map(|(_, column)| column)
        .collect()
}

/// The rows of a link that count and have what is compared, with these values.
fn considered(protocol: &Protocol, link: &Link) -> String {
    let present: Vec<String> =
        equalities(protocol, link).into_iter().map(|equality| equality.present).collect();
    format!("(SELECT * FROM {} WHERE {})", counted(protocol, link), present.join(" AND "))
}

/// The rows of a link that count, with the values that are compared.
fn counted(protocol: &Protocol, link: &Link) -> String {
    let equalities = equalities(protocol, link);
    let values: Vec<String> = equalities
        .iter()
        .zip(sides(link))
        .map(|(equality, name)| format!("{} AS {name}", equality.own))
        .collect();
    let condition = link.condition.as_ref().map(|condition| format!(" WHERE {}", condition.sql));
    format!(
        "(SELECT *, {} FROM {}{})",
        values.join(", "),
        keyed(protocol, &link.source),
        condition.unwrap_or_default()
    )
}

/// Whether the rows of a key disagree in a column that is used.
fn conflict(used: &BTreeSet<String>) -> String {
    let differ = used.iter().map(|name| {
        let column = quoted(name);
        format!(
            "coalesce(min({column}) <> max({column}), false) OR count({column}) NOT IN (0, count(*))"
        )
    });
    let differ: Vec<String> = differ.collect();
    if differ.is_empty() { "false".into() } else { differ.join(" OR ") }
}

/// Rows of a link with one row per key: sums of these values, or what all rows of the key agree on;
/// then whether they disagree, and `further` columns.
///
/// Rows without a key stay: nothing is equal to theirs, and to look for them costs more than to
/// carry them along.
fn one_row_per_key(
    protocol: &Protocol,
    link: &Link,
    rows: &str,
    sums: &[String],
    further: &str,
) -> String {
    let keys = sides(link).join(", ");
    let is_conflict = conflict_of(link);
    if !link.sums.is_empty() {
        let sums: Vec<String> = link
            .sums
            .iter()
            .zip(sums)
            .map(|((name, _), sql)| format!("sum({sql}) AS {}", quoted(&beside(&link.id, name))))
            .collect();
        let sums = sums.join(", ");
        return format!(
            "(SELECT {keys}, {sums}, false AS {is_conflict}{further} FROM {rows} GROUP BY {keys})"
        );
    }
    let used = used(protocol, link);
    let conflict = conflict(&used);
    let columns: Vec<String> = used
        .iter()
        .map(|name| {
            let as_name = quoted(&beside(&link.id, name));
            format!(", CASE WHEN {conflict} THEN NULL ELSE min({}) END AS {as_name}", quoted(name))
        })
        .collect();
    let columns = columns.concat();
    format!(
        "(SELECT {keys}{columns}, ({conflict}) AS {is_conflict}{further} FROM {rows} GROUP BY {keys})"
    )
}
