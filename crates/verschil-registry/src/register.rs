//! The dated register of regions: which codes there are, when, what became of them, and what is
//! known of each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use verschil_study::results::Text;
use verschil_study::{ColumnKind, Place, Problem, Protocol, Register};

use crate::engine::engine_problem;
use crate::link::beside;
use crate::sources::quoted;

/// Name of the register's table in the session.
const TABLE: &str = "region register";

/// A region of today.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisteredRegion {
    /// Code.
    pub code: String,
    /// Name in each language.
    pub name: Text,
    /// Centre, in the plane of the register.
    pub centre: Option<(f64, f64)>,
}

/// One line of the file.
struct Entry {
    line: usize,
    code: String,
    name: Text,
    from: i64,
    to: i64,
    successor: Option<String>,
    centre: Option<(f64, f64)>,
    attributes: Vec<Option<String>>,
}

/// A register that was read and checked.
pub(crate) struct Regions {
    entries: Vec<Entry>,
    /// For each code the one that it has become.
    current: BTreeMap<String, String>,
}

impl Regions {
    /// Reads the register of a protocol that stands in `folder`.
    pub(crate) fn read(register: &Register, folder: &Path) -> Result<Self, Vec<Problem>> {
        let path = folder.join(&register.file);
        let unreadable = |found: String| {
            vec![
                Problem::error("unreadable-register", "the register of regions cannot be read")
                    .at(&register.place)
                    .found(format!("{}: {found}", register.file))
                    .allowed("text with commas in UTF-8, with a column `code`")
                    .hint("the file is looked for beside the protocol"),
            ]
        };
        let mut reader =
            csv::Reader::from_path(&path).map_err(|error| unreadable(error.to_string()))?;
        let header = reader.headers().map_err(|error| unreadable(error.to_string()))?.clone();
        let columns: Vec<String> =
            header.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
        let mut problems = missing_columns(register, &columns);
        let mut entries = Vec::new();
        for (at, record) in reader.records().enumerate() {
            let record = record.map_err(|error| unreadable(error.to_string()))?;
            let line = Line { register, columns: &columns, record: &record, number: at + 2 };
            entries.extend(line.entry(&mut problems));
        }
        problems.extend(overlaps(register, &entries));
        let current = current(register, &entries, &mut problems);
        if problems.is_empty() { Ok(Self { entries, current }) } else { Err(problems) }
    }

    /// Regions that have not become another.
    pub(crate) fn regions(&self) -> Vec<RegisteredRegion> {
        let today: BTreeSet<&String> = self.current.values().collect();
        let last = |code: &String| {
            let entries = self.entries.iter().filter(|entry| entry.code == *code);
            entries.max_by_key(|entry| entry.to)
        };
        today
            .into_iter()
            .filter_map(last)
            .map(|entry| RegisteredRegion {
                code: entry.code.clone(),
                name: entry.name.clone(),
                centre: entry.centre,
            })
            .collect()
    }

    /// Makes the register known to the session.
    pub(crate) fn register(
        &self,
        session: &SessionContext,
        register: &Register,
    ) -> Result<(), Problem> {
        let fail = |error| engine_problem(&error).or_at(&register.place);
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("code".into(), text(self.entries.iter().map(|e| Some(e.code.as_str())))),
            ("current".into(), text(self.entries.iter().map(|e| Some(self.becomes(&e.code))))),
            ("from".into(), whole(self.entries.iter().map(|e| Some(e.from)))),
            ("to".into(), whole(self.entries.iter().map(|e| Some(e.to)))),
        ];
        for (at, (name, kind)) in register.columns.iter().enumerate() {
            let values = self.entries.iter().map(|entry| entry.attributes[at].as_deref());
            columns.push((name.clone(), attribute(*kind, values)));
        }
        let named = columns.into_iter().map(|(name, column)| (beside("register", &name), column));
        let batch = RecordBatch::try_from_iter(named).map_err(|error| fail(error.into()))?;
        let frame = session.read_batch(batch).map_err(fail)?;
        session.register_table(TABLE, frame.into_view()).map_err(fail)?;
        Ok(())
    }

    fn becomes<'a>(&'a self, code: &'a str) -> &'a str {
        self.current.get(code).map_or(code, String::as_str)
    }
}

/// The table of the base and its links with what the register says of each row's region.
pub(crate) fn joined(protocol: &Protocol, base: &str) -> String {
    if protocol.region.register.is_none() {
        return base.to_owned();
    }
    let column = |name: &str| quoted(&beside("register", name));
    format!(
        "(SELECT b.*, r.*, (r.{code} IS NOT NULL) AS {known} \
         FROM {table} r RIGHT JOIN (SELECT *, CAST({region} AS VARCHAR) AS {asked}, \
         CAST({period} AS BIGINT) AS {when} FROM {base}) b \
         ON r.{code} = b.{asked} AND b.{when} >= r.{from} AND b.{when} <= r.{to})",
        code = column("code"),
        known = column("known"),
        table = quoted(TABLE),
        region = crate::link::flat(&protocol.region.value.sql),
        asked = column("asked"),
        period = crate::link::flat(&protocol.period.value.sql),
        when = column("when"),
        from = column("from"),
        to = column("to"),
    )
}

/// SQL of a row's region: what its code has become, where there is a register.
pub(crate) fn region(protocol: &Protocol) -> String {
    let own = crate::link::flat(&protocol.region.value.sql);
    if protocol.region.register.is_none() {
        return own;
    }
    let (current, asked) = (beside("register", "current"), beside("register", "asked"));
    format!("coalesce({}, {})", quoted(&current), quoted(&asked))
}

fn text<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn whole(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

/// Values that have been checked against their kind.
fn attribute<'a>(kind: ColumnKind, values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    match kind {
        ColumnKind::Integer => whole(values.map(|value| value?.parse().ok())),
        ColumnKind::Number => {
            Arc::new(values.map(|value| value?.parse().ok()).collect::<Float64Array>())
        }
        ColumnKind::Boolean => {
            Arc::new(values.map(|value| boolean(value?)).collect::<BooleanArray>())
        }
        ColumnKind::Text | ColumnKind::Date => text(values),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn fits(kind: ColumnKind, value: &str) -> bool {
    match kind {
        ColumnKind::Integer => value.parse::<i64>().is_ok(),
        ColumnKind::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        ColumnKind::Boolean => boolean(value).is_some(),
        ColumnKind::Text | ColumnKind::Date => true,
    }
}

fn missing_columns(register: &Register, columns: &[String]) -> Vec<Problem> {
    let declared = register.columns.iter().map(|(name, _)| name.as_str());
    std::iter::once("code")
        .chain(declared)
        .filter(|name| !columns.iter().any(|column| column == name))
        .map(|name| {
            Problem::error("no-column", format!("{} has no column `{name}`", register.file))
                .at(&register.place)
                .allowed(columns.join(", "))
        })
        .collect()
}

/// A line of the file while it is read.
struct Line<'a> {
    register: &'a Register,
    columns: &'a [String],
    record: &'a csv::StringRecord,
    number: usize,
}

impl Line<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.columns.iter().position(|column| column == name)?;
        self.record.get(at).map(str::trim).filter(|value| !value.is_empty())
    }

    fn entry(&self, problems: &mut Vec<Problem>) -> Option<Entry> {
        let Some(code) = self.get("code") else {
            problems.push(self.problem("no-code", "a region without a code"));
            return None;
        };
        let mut year = |name: &str, open: i64| match self.get(name).map(str::parse) {
            Some(Ok(year)) => year,
            Some(Err(_)) => {
                problems.push(self.problem("no-year", &format!("`{name}` is no whole number")));
                open
            }
            None => open,
        };
        let (from, to) = (year("valid_from", i64::MIN), year("valid_to", i64::MAX));
        let mut names = BTreeMap::new();
        for language in ["nl", "en"] {
            let name = self.get(&format!("name_{language}")).or_else(|| self.get("name"));
            names.insert(language.to_owned(), name.unwrap_or(code).to_owned());
        }
        let number = |name| self.get(name).and_then(|value: &str| value.parse::<f64>().ok());
        Some(Entry {
            line: self.number,
            code: code.to_owned(),
            name: Text(names),
            from,
            to,
            successor: self.get("successor").map(str::to_owned),
            centre: number("x").zip(number("y")),
            attributes: self.attributes(problems),
        })
    }

    fn attributes(&self, problems: &mut Vec<Problem>) -> Vec<Option<String>> {
        let mut values = Vec::new();
        for (name, kind) in &self.register.columns {
            let value = self.get(name);
            if value.is_some_and(|value| !fits(*kind, value)) {
                let message = format!("`{name}` does not hold {}", kind.as_str());
                problems.push(self.problem("wrong-type", &message).allowed(kind.as_str()));
            }
            values.push(value.map(str::to_owned));
        }
        values
    }

    fn problem(&self, code: &'static str, message: &str) -> Problem {
        Problem::error(code, format!("the register of regions: {message}"))
            .at(&self.register.place)
            .found(format!("line {} of {}", self.number, self.register.file))
    }
}

/// Entries of one code whose years overlap.
fn overlaps(register: &Register, entries: &[Entry]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        if entry.from > entry.to {
            problems.push(bad_lines(
                &register.place,
                "a region that ends before it begins",
                &[entry],
            ));
        }
        let earlier = entries[..at].iter().filter(|other| other.code == entry.code);
        for other in earlier.filter(|other| other.from <= entry.to && entry.from <= other.to) {
            let message = "a region with two entries for the same year";
            problems.push(bad_lines(&register.place, message, &[other, entry]));
        }
    }
    problems
}

fn bad_lines(place: &Place, message: &str, entries: &[&Entry]) -> Problem {
    let lines: Vec<String> = entries.iter().map(|entry| entry.line.to_string()).collect();
    Problem::error("register-years", format!("the register of regions: {message}"))
        .at(place)
        .found(format!("`{}` in line {}", entries[0].code, lines.join(" and ")))
        .hint("`valid_from` and `valid_to` are the first and the last year of an entry")
}

/// What each code has become, following successors to the end.
fn current(
    register: &Register,
    entries: &[Entry],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let next: BTreeMap<&str, &str> = entries
        .iter()
        .filter_map(|entry| Some((entry.code.as_str(), entry.successor.as_deref()?)))
        .collect();
    let codes: BTreeSet<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let mut current = BTreeMap::new();
    for &code in &codes {
        let mut last = code;
        let mut steps = 0;
        while let Some(&successor) = next.get(last) {
            last = successor;
            steps += 1;
            if steps > codes.len() || !codes.contains(last) {
                break;
            }
        }
        if steps > codes.len() || !codes.contains(last) {
            let message = if steps > codes.len() {
                "successors that lead in a circle"
            } else {
                "a successor that has no entry of its own"
            };
            problems.push(
                Problem::error("register-successor", format!("the register of regions: {message}"))
                    .at(&register.place)
                    .found(format!("`{code}` in {}", register.file)),
            );
        }
        current.insert(code.to_owned(), last.to_owned());
    }
    current
}
