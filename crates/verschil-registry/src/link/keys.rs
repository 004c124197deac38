//! Person keys: a kind and a number in two columns, made one value that can be compared.

use datafusion::prelude::SessionContext;
use verschil_study::{Problem, Protocol, Source, SourceKey};

use crate::engine::first_row;
use crate::sources::quoted;

/// Most digits that are compared as a whole number, which is several times faster than text.
const WHOLE_DIGITS: u8 = 17;

/// Where the kinds begin above the largest number.
const KIND: i64 = 100_000_000_000_000_000;

/// Most kinds that leave room above the numbers.
const WHOLE_KINDS: usize = 90;

/// All kinds that identify a person somewhere in the protocol, sorted: one scale for all sources.
pub(super) fn kinds(protocol: &Protocol) -> Vec<String> {
    let keys = protocol.sources.iter().flat_map(|source| &source.keys);
    let mut kinds: Vec<String> = keys.flat_map(|key| &key.valid).map(|k| folded(k)).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn folded(kind: &str) -> String {
    kind.trim().to_uppercase()
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The number as text without spaces.
fn number(key: &SourceKey) -> String {
    format!("trim(CAST({} AS VARCHAR))", quoted(&key.number))
}

/// The position of the row's kind among all kinds; NULL for one that identifies nobody. Where no
/// column says the kind, it is the only one.
fn kind(key: &SourceKey, kinds: &[String]) -> String {
    let Some(column) = &key.kind else { return "0".into() };
    let column = format!("upper(trim(CAST({} AS VARCHAR)))", quoted(column));
    let cases: Vec<String> = key
        .valid
        .iter()
        .map(|valid| folded(valid))
        .filter_map(|valid| Some((kinds.binary_search(&valid).ok()?, valid)))
        .map(|(at, valid)| format!("WHEN {column} = {} THEN {at}", literal(&valid)))
        .collect();
    format!("CASE {} END", cases.join(" "))
}

/// SQL of a key as text, the number with all its zeros, behind its kind where there are several:
/// NULL where the number is blank or zero, or the kind identifies nobody.
pub(super) fn text(key: &SourceKey, kinds: &[String]) -> String {
    let (own, number) = (kind(key, kinds), number(key));
    let padded = format!("lpad({number}, {}, '0')", key.digits);
    let value = match kinds {
        [] | [_] => padded,
        _ => {
            let names = kinds.iter().enumerate();
            let names: Vec<String> =
                names.map(|(at, name)| format!("WHEN {at} THEN {}", literal(name))).collect();
            format!("concat(CASE {own} {} END, ' ', {padded})", names.join(" "))
        }
    };
    format!("CASE WHEN ltrim({number}, '0') <> '' AND ({own}) IS NOT NULL THEN {value} END")
}

/// SQL of the same key as a whole number, where it fits into one.
pub(super) fn whole(key: &SourceKey, kinds: &[String]) -> Option<String> {
    if key.digits > WHOLE_DIGITS || kinds.len() > WHOLE_KINDS {
        return None;
    }
    let (kind, whole) = (kind(key, kinds), format!("TRY_CAST({} AS BIGINT)", number(key)));
    Some(format!("CASE WHEN {whole} > 0 THEN ({kind}) * {KIND} + {whole} END"))
}

/// Conditions under which a number is not what the protocol says: it lost leading zeros, or it is
/// no number of so many digits.
fn misshapen(key: &SourceKey, kinds: &[String]) -> [String; 2] {
    let (kind, number) = (kind(key, kinds), number(key));
    let digits = key.digits;
    let meant = format!("({kind}) IS NOT NULL AND {number} <> '' AND ltrim({number}, '0') <> ''");
    let plain = format!("translate({number}, '0123456789', '') = ''");
    let short = format!("{meant} AND {plain} AND length({number}) < {digits}");
    let odd = format!("{meant} AND (NOT ({plain}) OR length({number}) > {digits})");
    [if key.pad { "false".into() } else { short }, odd]
}

/// Checks the numbers of every key of a source, by count and row, never by value.
pub(crate) async fn check_keys(
    session: &SessionContext,
    protocol: &Protocol,
    source: &Source,
) -> Vec<Problem> {
    let kinds = kinds(protocol);
    let mut problems: Vec<Problem> = source
        .keys
        .iter()
        .filter(|key| key.kind.is_none() && kinds.len() > 1)
        .map(|key| kindless(key, &kinds))
        .collect();
    let conditions: Vec<(&SourceKey, bool, String)> = source
        .keys
        .iter()
        .flat_map(|key| {
            let [short, odd] = misshapen(key, &kinds);
            [(key, true, short), (key, false, odd)]
        })
        .collect();
    if conditions.is_empty() {
        return problems;
    }
    let counts: Vec<String> = conditions
        .iter()
        .map(|(_, _, condition)| format!("sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"))
        .collect();
    let sql = format!("SELECT {} FROM {}", counts.join(", "), quoted(&source.name));
    match first_row(session, &sql).await {
        Ok(counts) => {
            let found = counts.into_iter().zip(&conditions).filter(|(count, _)| *count > 0);
            for (count, (key, short, condition)) in found {
                let row = first(session, source, condition).await;
                problems.push(wrong(source, key, *short, count, row));
            }
        }
        Err(problem) => problems.push(problem.or_at(&source.place)),
    }
    problems
}

/// Without its kind a number of one kind would be taken for the same number of another.
fn kindless(key: &SourceKey, kinds: &[String]) -> Problem {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
    Problem::error("key-without-kind", format!("key `{}` does not say its kind", key.name))
        .at(&key.place)
        .found(format!("no `kind`, while keys of this protocol are of kinds {}", kinds.join(", ")))
        .allowed("`kind` and `valid` for every key, or one kind in all of the protocol")
        .hint("name the column with the kind of number; a file of one kind needs it written in")
}

/// Where the first row stands for which a condition holds.
async fn first(session: &SessionContext, source: &Source, condition: &str) -> String {
    let sql = format!(
        "SELECT min(row) FROM (SELECT row_number() OVER () AS row, ({condition}) AS here FROM {}) WHERE here",
        quoted(&source.name)
    );
    match first_row(session, &sql).await {
        Ok(row) => row.first().map(ToString::to_string).unwrap_or_default(),
        Err(problem) => format!("that cannot be told ({})", problem.found),
    }
}

fn wrong(source: &Source, key: &SourceKey, short: bool, count: i64, row: String) -> Problem {
    let found = format!("{count} rows of source `{}`, the first in data row {row}", source.name);
    let digits = key.digits;
    if short {
        return Problem::error(
            "short-keys",
            format!("numbers of key `{}` have lost their leading zeros", key.name),
        )
        .at(&key.place)
        .found(found)
        .allowed(format!("{digits} digits"))
        .hint("read the column as text, or write pad = true if zeros may be put back");
    }
    Problem::error("misshapen-keys", format!("key `{}` holds what is no number", key.name))
        .at(&key.place)
        .found(found)
        .allowed(format!("{digits} digits, or blank where nobody is meant"))
        .hint("is `number` the right column, and `digits` the right length?")
}
