//! Whether links can do what they are for: equal things compared, keys told apart, rows found.

use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::SessionContext;
use verschil_study::{ColumnKind, Link, Problem, Protocol, Several};

use super::{LinkKeys, conflict, considered, joined_with, keys_of, sides, used};
use crate::encode::Linkage;
use crate::engine::{engine_problem, first_row};

/// Checks of every link that what it compares is of one type and what it sums is a number: an
/// engine that converts one of them would take different keys for the same.
pub(crate) async fn check_links(
    session: &SessionContext,
    protocol: &Protocol,
) -> Result<(), Vec<Problem>> {
    for (at, link) in protocol.population.links.iter().enumerate() {
        let mut problems = Vec::new();
        let asked: Vec<&str> = link.on.iter().map(|(_, asked)| asked.sql.as_str()).collect();
        let base = joined_with(protocol, at);
        match types(session, &asked, &base).await {
            Ok(types) => problems.extend(unlike(protocol, link, &types)),
            Err(problem) => problems.push(problem.or_at(&link.place)),
        }
        let sums: Vec<&str> = link.sums.iter().map(|(_, sum)| sum.sql.as_str()).collect();
        match types(session, &sums, &considered(protocol, link)).await {
            Ok(types) => problems.extend(no_numbers(link, &types)),
            Err(problem) => problems.push(problem.or_at(&link.place)),
        }
        // a later link may stand on this one
        if !problems.is_empty() {
            return Err(problems);
        }
    }
    Ok(())
}

/// Types of expressions over a query in brackets, which is planned and not run.
async fn types(
    session: &SessionContext,
    expressions: &[&str],
    from: &str,
) -> Result<Vec<DataType>, Problem> {
    let columns: Vec<String> = expressions
        .iter()
        .enumerate()
        .map(|(at, sql)| format!(", {} AS \"#{at}\"", super::flat(sql)))
        .collect();
    let sql = format!("SELECT 1 AS \"#\"{} FROM {from}", columns.concat());
    let frame = session.sql(&sql).await.map_err(|error| engine_problem(&error))?;
    Ok(frame.schema().fields().iter().skip(1).map(|field| field.data_type().clone()).collect())
}

/// What a type is called by those who compare its values.
fn word(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Dictionary(_, value) => word(value),
        DataType::Boolean => "true or false",
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) => "a date",
        other if other.is_numeric() => "a number",
        _ => "text",
    }
}

fn declared(protocol: &Protocol, link: &Link, column: &str) -> &'static str {
    if keys_of(protocol, &link.source).iter().any(|key| key.name == column) {
        return "text";
    }
    let source = protocol.sources.iter().find(|source| source.name == link.source);
    let kind = source
        .and_then(|source| source.columns.iter().find(|known| known.name == column))
        .map(|column| column.kind);
    match kind {
        Some(ColumnKind::Integer | ColumnKind::Number) => "a number",
        Some(ColumnKind::Boolean) => "true or false",
        Some(ColumnKind::Date) => "a date",
        Some(ColumnKind::Text) | None => "text",
    }
}

/// Comparisons between values of different types.
fn unlike(protocol: &Protocol, link: &Link, types: &[DataType]) -> Vec<Problem> {
    let pairs = link.on.iter().zip(types);
    pairs
        .filter(|(_, asked)| **asked != DataType::Null)
        .map(|((column, asked), found)| {
            (column, asked, declared(protocol, link, column), word(found))
        })
        .filter(|(_, _, own, found)| own != found)
        .map(|(column, asked, own, found)| {
            Problem::error("link-types", format!("link `{}` compares unlike things", link.id))
                .at(&asked.place)
                .found(format!(
                    "`{column}` of `{}` is {own}, what it is to be equal to is {found}",
                    link.source
                ))
                .allowed("values of one type")
                .hint(
                    "declare both columns alike, or convert with CAST: `007` and `7` are the same \
                     number and not the same text",
                )
        })
        .collect()
}

fn no_numbers(link: &Link, types: &[DataType]) -> Vec<Problem> {
    let sums = link.sums.iter().zip(types);
    sums.filter(|(_, found)| word(found) != "a number" && **found != DataType::Null)
        .map(|((name, sum), found)| {
            Problem::error("sum-of-no-number", format!("`{name}` of link `{}` is no sum", link.id))
                .at(&sum.place)
                .found(word(found))
                .allowed("a number")
                .hint("to count rows, write CASE WHEN condition THEN 1 ELSE 0 END")
        })
        .collect()
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
        sides(link).join(", "),
    );
    let row = first_row(session, &sql).await?;
    let at = |at: usize| row.get(at).and_then(|&n| u64::try_from(n).ok()).unwrap_or_default();
    Ok(LinkKeys { duplicate: at(0), conflicting: at(1) })
}

pub(super) fn refused(link: &Link, keys: &LinkKeys) -> Option<Problem> {
    let refused = link.several == Several::Refuse && keys.conflicting > 0;
    refused.then(|| {
        Problem::error("conflicting-keys", format!("link `{}` has keys with several rows", link.id))
            .at(&link.place)
            .found(format!("{} keys whose rows differ", keys.conflicting))
            .allowed("one row per key, or rows that agree in all that is used")
            .hint("choose with `where` which row counts, or write several = \"unlinked\"")
    })
}

/// A problem for every link that finds no row for anybody, with what is known of the cause.
pub(crate) async fn nothing_linked(
    session: &SessionContext,
    protocol: &Protocol,
    linkage: &[Linkage],
    keys: &[LinkKeys],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for ((link, found), keys) in protocol.population.links.iter().zip(linkage).zip(keys) {
        if found.all.units == 0 || found.all.linked > 0 {
            continue;
        }
        let sql = format!("SELECT count(*) FROM {}", considered(protocol, link));
        problems.push(match first_row(session, &sql).await {
            Ok(rows) => {
                let rows = rows.first().copied().unwrap_or_default();
                none(protocol, link, found, rows, keys.conflicting)
            }
            Err(problem) => problem.or_at(&link.place),
        });
    }
    problems
}

fn none(
    protocol: &Protocol,
    link: &Link,
    linkage: &Linkage,
    rows: i64,
    conflicting: u64,
) -> Problem {
    let (base, source) = (&protocol.population.source, &link.source);
    let with_key = linkage.all.units.saturating_sub(linkage.without_key);
    let columns: Vec<String> = link.on.iter().map(|(name, _)| format!("`{name}`")).collect();
    let columns = columns.join(" and ");
    let hint = match (with_key, rows) {
        (0, _) => format!(
            "no row of `{base}` has what it asks for: are `on`, and the kinds that identify a \
             person, right?"
        ),
        (_, 0) if link.condition.is_some() => format!(
            "no row of `{source}` has {columns} and meets `where`: was the file delivered without \
             keys, or is `where` too narrow?"
        ),
        (_, 0) => {
            format!("no row of `{source}` has {columns}: was the file delivered without keys?")
        }
        _ if conflicting > 0 => format!(
            "{conflicting} keys of `{source}` have several rows that differ: choose with `where` \
             which one counts"
        ),
        _ => "do both sources write the same numbers, of the same kinds, with their leading \
              zeros, and for the same years?"
            .to_owned(),
    };
    Problem::error("nothing-linked", format!("no row of `{base}` is linked to `{source}`"))
        .at(&link.place)
        .found(format!(
            "{with_key} rows of `{base}` with a key, {rows} rows of `{source}` with one"
        ))
        .allowed("at least one row that is linked")
        .hint(hint)
}
