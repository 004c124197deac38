//! The dated register of regions: which codes there are, when, what became of them, and what is
//! known of each.

mod file;
mod years;

use std::collections::BTreeSet;
use std::path::Path;

use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use verschil_study::results::Text;
use verschil_study::{ColumnKind, Problem, Protocol, Register};

use crate::engine::engine_problem;
use crate::link::{beside, inner};
use crate::sources::{literal, quoted};
use file::{boolean, day, number};

/// Name of the register's table in the session.
const TABLE: &str = "region register";

/// What stands before its attributes.
const REGISTER: &str = "register";

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

/// One entry of the file.
struct Entry {
    line: u64,
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
    /// For each entry the code that it has become.
    current: Vec<String>,
}

impl Regions {
    /// Reads the register of a protocol that stands in `folder`.
    pub(crate) fn read(register: &Register, folder: &Path) -> Result<Self, Vec<Problem>> {
        let (entries, mut problems) = file::read(register, folder)?;
        problems.extend(years::overlaps(register, &entries));
        let current = years::current(register, &entries, &mut problems);
        if problems.is_empty() { Ok(Self { entries, current }) } else { Err(problems) }
    }

    /// Regions that have not become another.
    pub(crate) fn regions(&self) -> Vec<RegisteredRegion> {
        let today: BTreeSet<&String> = self.current.iter().collect();
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
        runtime: &Runtime,
        session: &SessionContext,
        register: &Register,
    ) -> Result<(), Problem> {
        let fail = |error| engine_problem(&error).or_at(&register.place);
        let planned = runtime.block_on(session.sql(&self.rows(register)));
        let frame = planned.map_err(fail)?;
        session.register_table(TABLE, frame.into_view()).map_err(fail)?;
        Ok(())
    }

    /// The entries as a query: an engine elsewhere has no table of ours.
    fn rows(&self, register: &Register) -> String {
        let mut columns = vec![
            (inner(REGISTER, "code"), ColumnKind::Text),
            (inner(REGISTER, "current"), ColumnKind::Text),
            (inner(REGISTER, "from"), ColumnKind::Integer),
            (inner(REGISTER, "to"), ColumnKind::Integer),
        ];
        let attributes = register.columns.iter();
        columns.extend(attributes.map(|(name, kind)| (beside(REGISTER, name), *kind)));
        let row = |(entry, current): (&Entry, &String)| {
            let first = [&entry.code, current].map(|code| Some(literal(code)));
            let years = [entry.from, entry.to].map(|year| Some(literal(&year.to_string())));
            let kinds = register.columns.iter().map(|(_, kind)| *kind);
            let attributes = entry.attributes.iter().zip(kinds);
            let attributes = attributes.map(|(value, kind)| value_of(kind, value.as_deref()?));
            let values = first.into_iter().chain(years).chain(attributes);
            let values: Vec<String> =
                values.map(|value| value.unwrap_or_else(|| "NULL".into())).collect();
            format!("({})", values.join(", "))
        };
        let rows: Vec<String> = self.entries.iter().zip(&self.current).map(row).collect();
        let typed = |(at, (name, kind)): (usize, &(String, ColumnKind))| {
            format!("CAST(column{} AS {}) AS {}", at + 1, sql_type(*kind), quoted(name))
        };
        let typed: Vec<String> = columns.iter().enumerate().map(typed).collect();
        format!("SELECT {} FROM (VALUES {})", typed.join(", "), rows.join(", "))
    }
}

/// The table of the base and its links with what the register says of each row's region.
pub(crate) fn joined(protocol: &Protocol, base: &str) -> String {
    if protocol.region.register.is_none() {
        return base.to_owned();
    }
    let column = |name: &str| quoted(&inner(REGISTER, name));
    format!(
        "(SELECT b.*, r.*, (r.{code} IS NOT NULL) AS {known} \
         FROM {table} r RIGHT JOIN (SELECT *, {code_of_row} AS {asked}, \
         CAST({period} AS BIGINT) AS {when} FROM {base}) b \
         ON r.{code} = b.{asked} AND b.{when} >= r.{from} AND b.{when} <= r.{to})",
        code = column("code"),
        known = known(),
        table = quoted(TABLE),
        code_of_row = code_of_row(&crate::link::flat(&protocol.region.value.sql)),
        asked = column("asked"),
        period = crate::link::flat(&protocol.period.value.sql),
        when = column("when"),
        from = column("from"),
        to = column("to"),
    )
}

/// SQL of a region's code as text: a whole number is written without decimals, however it is
/// stored, as the codes of the population are.
fn code_of_row(region: &str) -> String {
    let text = format!("CAST({region} AS VARCHAR)");
    format!(
        "CASE WHEN starts_with(arrow_typeof({region}), 'Float') AND ends_with({text}, '.0') \
         THEN substr({text}, 1, length({text}) - 2) ELSE {text} END"
    )
}

/// Name of the flag whether the register knows a row's region in its period.
pub(crate) fn known() -> String {
    quoted(&inner(REGISTER, "known"))
}

/// SQL of a row's region: what its code has become, where there is a register.
pub(crate) fn region(protocol: &Protocol) -> String {
    let own = crate::link::flat(&protocol.region.value.sql);
    if protocol.region.register.is_none() {
        return own;
    }
    let (current, asked) = (inner(REGISTER, "current"), inner(REGISTER, "asked"));
    format!("coalesce({}, {})", quoted(&current), quoted(&asked))
}

/// A value that has been checked against its kind, as a text in SQL that its type can be read from.
fn value_of(kind: ColumnKind, value: &str) -> Option<String> {
    match kind {
        ColumnKind::Integer => value.parse::<i64>().ok().map(|whole| whole.to_string()),
        ColumnKind::Number => number(value).map(|number| number.to_string()),
        ColumnKind::Boolean => boolean(value).map(|truth| truth.to_string()),
        ColumnKind::Date => day(value).map(|_| value.to_owned()),
        ColumnKind::Text => Some(value.to_owned()),
    }
    .map(|text| literal(&text))
}

fn sql_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "VARCHAR",
        ColumnKind::Integer => "BIGINT",
        ColumnKind::Number => "DOUBLE",
        ColumnKind::Boolean => "BOOLEAN",
        ColumnKind::Date => "DATE",
    }
}
