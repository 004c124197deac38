//! The dated register of regions: which codes there are, when, what became of them, and what is
//! known of each.

mod file;
mod years;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use verschil_study::results::Text;
use verschil_study::{ColumnKind, Problem, Protocol, Register};

use crate::engine::engine_problem;
use crate::link::{beside, inner};
use crate::sources::quoted;
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
        session: &SessionContext,
        register: &Register,
    ) -> Result<(), Problem> {
        let fail = |error| engine_problem(&error).or_at(&register.place);
        let mut columns: Vec<(String, ArrayRef)> = vec![
            (inner(REGISTER, "code"), text(self.entries.iter().map(|e| Some(e.code.as_str())))),
            (inner(REGISTER, "current"), text(self.current.iter().map(|code| Some(code.as_str())))),
            (inner(REGISTER, "from"), whole(self.entries.iter().map(|e| Some(e.from)))),
            (inner(REGISTER, "to"), whole(self.entries.iter().map(|e| Some(e.to)))),
        ];
        for (at, (name, kind)) in register.columns.iter().enumerate() {
            let values = self.entries.iter().map(|entry| entry.attributes[at].as_deref());
            columns.push((beside(REGISTER, name), attribute(*kind, values)));
        }
        let columns = columns.into_iter().map(|(name, column)| (name, column, true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns)
            .map_err(|error| fail(error.into()))?;
        let frame = session.read_batch(batch).map_err(fail)?;
        session.register_table(TABLE, frame.into_view()).map_err(fail)?;
        Ok(())
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
            Arc::new(values.map(|value| number(value?)).collect::<Float64Array>())
        }
        ColumnKind::Boolean => {
            Arc::new(values.map(|value| boolean(value?)).collect::<BooleanArray>())
        }
        ColumnKind::Date => Arc::new(values.map(|value| day(value?)).collect::<Date32Array>()),
        ColumnKind::Text => text(values),
    }
}
