//! Declared columns over the types that files have.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::SessionContext;
use verschil_study::{ColumnKind, Format, Placeholder, Problem, Source, SourceColumn};

use super::quoted;
use crate::engine::first_row;
use crate::inputs::Input;

/// A file whose raw columns can be asked for in SQL.
pub(super) struct RawFile<'a> {
    /// The file.
    input: &'a Input,
    /// Name of the table with its raw columns.
    table: String,
    /// Its columns, one for each that is declared.
    columns: Vec<Typed<'a>>,
}

impl<'a> RawFile<'a> {
    /// Registers the raw columns of a file.
    pub(super) fn new(
        source: &'a Source,
        input: &'a Input,
        number: usize,
        frame: &DataFrame,
        session: &SessionContext,
    ) -> Result<Self, DataFusionError> {
        session.register_udf(plain_text());
        let table = format!("raw {} {number}", source.name);
        let mut columns = Vec::new();
        for column in &source.columns {
            let origin = match Placeholder::of(&column.from) {
                Some(part) => Origin::FileName(input.name.get(part).unwrap_or_default().to_owned()),
                None => Origin::File(
                    frame.schema().field_with_unqualified_name(&column.name)?.data_type().clone(),
                ),
            };
            columns.push(Typed { source, column, origin });
        }
        session.register_table(TableReference::bare(table.as_str()), frame.clone().into_view())?;
        Ok(Self { input, table, columns })
    }

    /// Whether a column can only be read with our own function, which an engine elsewhere lacks.
    pub(super) fn needs_us(&self) -> bool {
        self.columns.iter().any(Typed::needs_us)
    }

    /// SQL that gives the declared columns in their declared types.
    pub(super) fn select(&self, source: &Source) -> String {
        let columns = self.columns.iter().zip(&source.columns);
        let selected: Vec<String> = columns
            .map(|(c, column)| format!("{} AS {}", c.value(), quoted(&column.name)))
            .collect();
        format!("SELECT {} FROM {}", selected.join(", "), quoted(&self.table))
    }
}

/// Where a column comes from.
enum Origin {
    /// A column of the file, of this type.
    File(DataType),
    /// A part of the file's name.
    FileName(String),
}

/// A declared column over the type that a file has.
struct Typed<'a> {
    source: &'a Source,
    column: &'a SourceColumn,
    origin: Origin,
}

/// Kinds of types between which values cannot go without the author's word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    Number,
    Boolean,
    Date,
    Other,
}

impl Class {
    fn of(physical: &DataType) -> Self {
        match physical {
            DataType::Dictionary(_, value) => Self::of(value),
            DataType::Boolean => Self::Boolean,
            DataType::Null => Self::Text,
            other if other.is_string() => Self::Text,
            other if other.is_numeric() => Self::Number,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) => Self::Date,
            _ => Self::Other,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "numbers",
            Self::Boolean => "true and false",
            Self::Date => "dates",
            Self::Other => "values of another kind",
        }
    }

    /// Whether values of this class can all be of the declared kind.
    fn fits(self, kind: ColumnKind) -> bool {
        match kind {
            ColumnKind::Text => self != Self::Other,
            ColumnKind::Integer | ColumnKind::Number | ColumnKind::Boolean => {
                matches!(self, Self::Number | Self::Boolean)
            }
            ColumnKind::Date => self == Self::Date,
        }
    }
}

impl Typed<'_> {
    /// Whether values are words that have to be read as what is declared.
    fn is_written(&self) -> bool {
        self.source.format == Format::Csv || matches!(self.origin, Origin::FileName(_))
    }

    fn physical(&self) -> &DataType {
        match &self.origin {
            Origin::File(physical) => physical,
            Origin::FileName(_) => &DataType::Utf8,
        }
    }

    /// The raw column with what means missing turned into NULL.
    fn present(&self) -> String {
        let raw = match &self.origin {
            Origin::FileName(text) => return literal(text),
            Origin::File(_) => quoted(&self.column.name),
        };
        if self.physical().is_floating() {
            return format!("CASE WHEN isnan({raw}) THEN NULL ELSE {raw} END");
        }
        if !self.is_written() {
            return raw;
        }
        let missing: Vec<String> = self.source.missing.iter().map(|m| literal(m)).collect();
        if missing.is_empty() {
            return format!("trim({raw})");
        }
        format!("CASE WHEN trim({raw}) IN ({}) THEN NULL ELSE trim({raw}) END", missing.join(", "))
    }

    /// Whether numbers with decimals are to be texts.
    fn needs_us(&self) -> bool {
        self.column.kind == ColumnKind::Text && self.physical().is_floating()
    }

    /// The column in its declared type; what does not fit becomes NULL and is found by the check.
    fn value(&self) -> String {
        let value = self.present();
        let physical = self.physical();
        let comma = self.is_written() && self.source.decimal == ',';
        let number = if comma && matches!(self.origin, Origin::File(_)) {
            format!("replace(replace({value}, '.', ''), ',', '.')")
        } else {
            value.clone()
        };
        let double = format!("TRY_CAST({number} AS DOUBLE)");
        match self.column.kind {
            ColumnKind::Text if Class::of(physical) == Class::Text => value,
            ColumnKind::Text if self.needs_us() => {
                format!("plain_text(CAST({value} AS DOUBLE))")
            }
            ColumnKind::Text => format!("CAST({value} AS VARCHAR)"),
            ColumnKind::Number if *physical == DataType::Float64 => value,
            ColumnKind::Number if self.is_written() => {
                format!("CASE WHEN isnan({double}) THEN NULL ELSE {double} END")
            }
            ColumnKind::Number => double,
            ColumnKind::Integer if physical.is_integer() => value,
            ColumnKind::Integer => {
                format!(
                    "CASE WHEN {double} = trunc({double}) THEN TRY_CAST({double} AS BIGINT) END"
                )
            }
            ColumnKind::Boolean if *physical == DataType::Boolean => value,
            ColumnKind::Boolean if self.is_written() => format!("TRY_CAST({value} AS BOOLEAN)"),
            ColumnKind::Boolean => {
                format!("CASE WHEN {value} = 1 THEN TRUE WHEN {value} = 0 THEN FALSE END")
            }
            ColumnKind::Date => format!("TRY_CAST({value} AS DATE)"),
        }
    }

    /// Whether values of the file might not fit the declared type.
    fn suspect(&self) -> bool {
        match self.column.kind {
            ColumnKind::Text => false,
            ColumnKind::Integer => !self.physical().is_integer(),
            ColumnKind::Boolean => *self.physical() != DataType::Boolean,
            ColumnKind::Number | ColumnKind::Date => self.is_written(),
        }
    }

    fn misfit(&self) -> String {
        format!("({}) IS NOT NULL AND ({}) IS NULL", self.present(), self.value())
    }
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Columns whose type in a file can never be the declared one, or changes between files.
pub(super) fn misfits(source: &Source, files: &[RawFile<'_>]) -> Vec<Problem> {
    if source.format == Format::Csv {
        return Vec::new();
    }
    let of_column = |at: usize| {
        files.iter().filter_map(move |file| match &file.columns[at].origin {
            Origin::File(physical) => Some((&file.input.file, Class::of(physical))),
            Origin::FileName(_) => None,
        })
    };
    let columns = source.columns.iter().enumerate();
    let problem = columns.filter_map(|(at, column)| {
        let (file, bad) = of_column(at).find(|(_, class)| !class.fits(column.kind))?;
        let other = of_column(at).find(|(_, class)| *class != bad);
        Some(match other {
            Some((other, class)) => changing(column, (other, class), (file, bad)),
            None => Problem::error(
                "wrong-type",
                format!("column `{}` of {file} has another type", column.from),
            )
            .at(&column.place)
            .found(bad.as_str())
            .allowed(column.kind.as_str())
            .hint("declare the type that the file has, and convert in the expression with CAST"),
        })
    });
    problem.collect()
}

fn changing(column: &SourceColumn, one: (&String, Class), other: (&String, Class)) -> Problem {
    let message = format!("column `{}` changes its type between files", column.from);
    Problem::error("type-changes", message)
        .at(&column.place)
        .found(format!("{} in {}, {} in {}", one.1.as_str(), one.0, other.1.as_str(), other.0))
        .allowed(column.kind.as_str())
        .hint("declare it as text and convert in the expression with CAST, or make two sources")
}

/// Counts the values of each column that are not of its declared type, and says where the first
/// one stands; never what it is.
pub(super) async fn check_values(
    session: &SessionContext,
    source: &Source,
    files: &[RawFile<'_>],
) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    for file in files {
        let suspects: Vec<&Typed> = file.columns.iter().filter(|c| c.suspect()).collect();
        if suspects.is_empty() {
            continue;
        }
        let counts: Vec<String> = suspects
            .iter()
            .map(|column| format!("sum(CASE WHEN {} THEN 1 ELSE 0 END)", column.misfit()))
            .collect();
        let sql = format!("SELECT {} FROM {}", counts.join(", "), quoted(&file.table));
        match first_row(session, &sql).await {
            Ok(counts) => {
                for (typed, count) in suspects.iter().zip(counts).filter(|(_, count)| *count > 0) {
                    problems.push(other_values(session, file, typed, count).await);
                }
            }
            Err(problem) => problems.push(problem.or_at(&source.place)),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

async fn other_values(
    session: &SessionContext,
    file: &RawFile<'_>,
    typed: &Typed<'_>,
    count: i64,
) -> Problem {
    let column = typed.column;
    let sql = format!(
        "SELECT min(row) FROM (SELECT row_number() OVER () AS row, ({}) AS misfit FROM {}) WHERE misfit",
        typed.misfit(),
        quoted(&file.table)
    );
    let row = match first_row(session, &sql).await {
        Ok(row) => row.first().copied().unwrap_or_default(),
        Err(problem) => return problem.or_at(&column.place),
    };
    let message = format!("column `{}` of {} holds other values", column.from, file.input.file);
    Problem::error("wrong-type", message)
        .at(&column.place)
        .found(format!(
            "{count} values that are not {}, the first in data row {row}",
            column.kind.as_str()
        ))
        .allowed(column.kind.as_str())
        .hint("declare another type, the decimal mark, or the texts that mean missing")
}

/// `plain_text(number)`: decimals without an exponent, whole numbers without a decimal mark, so
/// that a code is the same text whether it is stored as 3 or as 3.0.
fn plain_text() -> ScalarUDF {
    let write = |arguments: &[ColumnarValue]| -> Result<ColumnarValue, DataFusionError> {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let numbers = arrays[0].as_primitive::<Float64Type>();
        let texts: StringArray = numbers.iter().map(|n| n.map(|n| n.to_string())).collect();
        Ok(ColumnarValue::Array(Arc::new(texts)))
    };
    create_udf(
        "plain_text",
        vec![DataType::Float64],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(write),
    )
}
