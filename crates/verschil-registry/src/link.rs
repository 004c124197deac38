//! From several sources to one table: person keys made comparable, linked rows beside the base.
//!
//! The table has every column of the base under its own name, and those of a link under
//! [`beside`] names. Its rows are those of the base, one each and in their order: a link never adds
//! or drops one.

mod keys;
mod names;

use std::collections::BTreeSet;

use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use verschil_study::{Link, Problem, Protocol, Several};

use crate::engine::first_row;
use crate::sources::quoted;

pub(crate) use keys::check_keys;
pub(crate) use names::{beside, flat};

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
    let mut sql = keyed(protocol, &protocol.population.source);
    for link in &protocol.population.links {
        sql = join(protocol, link, &sql);
    }
    sql
}

/// A source with its person keys as further columns.
fn keyed(protocol: &Protocol, source: &str) -> String {
    let keys = protocol.sources.iter().find(|s| s.name == source).map(|s| s.keys.as_slice());
    let kinds = keys::kinds(protocol);
    let columns: Vec<String> = keys
        .unwrap_or_default()
        .iter()
        .map(|key| format!(", {} AS {}", keys::value(key, &kinds), quoted(&key.name)))
        .collect();
    format!("(SELECT *{} FROM {})", columns.concat(), quoted(source))
}

/// Name of a column of the base that is compared with a column of a link.
fn asked(link: &Link, at: usize) -> String {
    beside(&link.id, &format!("on {at}"))
}

fn join(protocol: &Protocol, link: &Link, base: &str) -> String {
    let asked: Vec<String> = (0..link.on.len()).map(|at| asked(link, at)).collect();
    let own = |names: &[String]| names.iter().map(|n| quoted(n)).collect::<Vec<_>>();
    let wanted: Vec<String> = link
        .on
        .iter()
        .zip(own(&asked))
        .map(|((_, expression), name)| format!("{} AS {name}", flat(&expression.sql)))
        .collect();
    let known: Vec<String> = own(&asked).iter().map(|n| format!("{n} IS NOT NULL")).collect();
    let equal: Vec<String> = own(&asked)
        .iter()
        .enumerate()
        .map(|(at, name)| format!("l.{} = b.{name}", quoted(&format!("key {at}"))))
        .collect();
    let columns: Vec<String> =
        shown(protocol, link).iter().map(|name| format!("l.{}", quoted(name))).collect();
    let conflict = quoted(&beside(&link.id, "conflict"));
    // the base streams past a table of the link, so its order stays
    format!(
        "(SELECT b.*{}, ({}) AS {}, (l.\"key 0\" IS NOT NULL AND NOT coalesce(l.{conflict}, false)) AS {} \
         FROM {} l RIGHT JOIN (SELECT *, {} FROM {base}) b ON {})",
        columns.iter().map(|column| format!(", {column}")).collect::<String>(),
        known.join(" AND "),
        quoted(&beside(&link.id, "key")),
        quoted(&beside(&link.id, "linked")),
        one_per_key(protocol, link),
        wanted.join(", "),
        equal.join(" AND "),
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

/// The rows of a link that count, with their keys as `key 0`, `key 1`, ...
fn considered(protocol: &Protocol, link: &Link) -> String {
    let keys: Vec<String> = link
        .on
        .iter()
        .enumerate()
        .map(|(at, (column, _))| format!("{} AS {}", quoted(column), quoted(&format!("key {at}"))))
        .collect();
    let mut conditions: Vec<String> =
        link.on.iter().map(|(column, _)| format!("{} IS NOT NULL", quoted(column))).collect();
    conditions.extend(link.condition.as_ref().map(|condition| format!("({})", condition.sql)));
    format!(
        "(SELECT *, {} FROM {} WHERE {})",
        keys.join(", "),
        keyed(protocol, &link.source),
        conditions.join(" AND ")
    )
}

fn key_names(link: &Link) -> String {
    let names: Vec<String> = (0..link.on.len()).map(|at| quoted(&format!("key {at}"))).collect();
    names.join(", ")
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

/// The link's source with one row per key: sums, or what all rows of the key agree on.
fn one_per_key(protocol: &Protocol, link: &Link) -> String {
    let rows = considered(protocol, link);
    let keys = key_names(link);
    if !link.sums.is_empty() {
        let sums: Vec<String> = link
            .sums
            .iter()
            .map(|(name, sum)| format!("sum({}) AS {}", sum.sql, quoted(&beside(&link.id, name))))
            .collect();
        return format!(
            "(SELECT {keys}, {}, false AS {} FROM {rows} GROUP BY {keys})",
            sums.join(", "),
            quoted(&beside(&link.id, "conflict")),
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
    format!(
        "(SELECT {keys}{}, ({conflict}) AS {} FROM {rows} GROUP BY {keys})",
        columns.concat(),
        quoted(&beside(&link.id, "conflict")),
    )
}

/// Counts the keys of each link that stand more than once; where the protocol refuses conflicting
/// ones, they are a problem.
pub(crate) async fn count_keys(
    session: &SessionContext,
    protocol: &Protocol,
) -> Result<Vec<LinkKeys>, Vec<Problem>> {
    let mut counts = Vec::new();
    let mut problems = Vec::new();
    for link in &protocol.population.links {
        match link_keys(session, protocol, link).await {
            Ok(keys) => {
                problems.extend(refused(link, &keys));
                counts.push(keys);
            }
            Err(problem) => problems.push(problem.or_at(&link.place)),
        }
    }
    if problems.is_empty() { Ok(counts) } else { Err(problems) }
}

async fn link_keys(
    session: &SessionContext,
    protocol: &Protocol,
    link: &Link,
) -> Result<LinkKeys, Problem> {
    // many rows of a key are what a sum is for
    if !link.sums.is_empty() {
        return Ok(LinkKeys::default());
    }
    let sql = format!(
        "SELECT sum(CASE WHEN n > 1 AND NOT c THEN 1 ELSE 0 END), sum(CASE WHEN c THEN 1 ELSE 0 END) \
         FROM (SELECT count(*) AS n, ({}) AS c FROM {} GROUP BY {})",
        conflict(&used(protocol, link)),
        considered(protocol, link),
        key_names(link),
    );
    let row = first_row(session, &sql).await?;
    let at = |at: usize| row.get(at).and_then(|&n| u64::try_from(n).ok()).unwrap_or_default();
    Ok(LinkKeys { duplicate: at(0), conflicting: at(1) })
}

fn refused(link: &Link, keys: &LinkKeys) -> Option<Problem> {
    let refused = link.several == Several::Refuse && keys.conflicting > 0;
    refused.then(|| {
        Problem::error("conflicting-keys", format!("link `{}` has keys with several rows", link.id))
            .at(&link.place)
            .found(format!("{} keys whose rows differ", keys.conflicting))
            .allowed("one row per key, or rows that agree in all that is used")
            .hint("choose with `where` which row counts, or write several = \"unlinked\"")
    })
}
