//! The formats that can be read, each a row in a table.

mod csv;
mod parquet;

use std::path::Path;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;
use tempfile::TempDir;
use verschil_study::{ColumnKind, Format, Problem, Source, SourceColumn, nearest};

use crate::engine::engine_problem;
use crate::inputs::Input;

/// How a format is opened: gives the raw columns, all problems of the files found beforehand.
struct Reader {
    format: Format,
    open: for<'a> fn(Opening<'a>) -> OpenFuture<'a>,
}

type OpenFuture<'a> =
    std::pin::Pin<Box<dyn Future<Output = Result<DataFrame, Vec<Problem>>> + Send + 'a>>;

/// What a reader gets.
#[derive(Clone, Copy)]
struct Opening<'a> {
    session: &'a SessionContext,
    source: &'a Source,
    inputs: &'a [&'a Input],
    scratch: &'a TempDir,
}

const READERS: [Reader; 2] = [
    Reader { format: Format::Csv, open: |opening| Box::pin(csv::open(opening)) },
    Reader { format: Format::Parquet, open: |opening| Box::pin(parquet::open(opening)) },
];

/// Registers a source under its name, with its declared columns and types.
pub(crate) async fn register(
    session: &SessionContext,
    source: &Source,
    inputs: &[Input],
    scratch: &TempDir,
) -> Result<(), Vec<Problem>> {
    let inputs: Vec<&Input> = inputs.iter().filter(|i| i.source == source.name).collect();
    let reader = READERS.iter().find(|reader| reader.format == source.format);
    let Some(reader) = reader else {
        return Err(vec![
            Problem::error("no-reader", "this format cannot be read").at(&source.place),
        ]);
    };
    let opening = Opening { session, source, inputs: &inputs, scratch };
    let frame = (reader.open)(opening).await?;
    let raw = format!("raw {}", source.name);
    let fail = |error| vec![engine_problem(&error).at(&source.place)];
    let columns: Vec<Typed> = source
        .columns
        .iter()
        .filter_map(|column| {
            let field = frame.schema().field_with_unqualified_name(&column.from).ok()?;
            Some(Typed { source, column, physical: field.data_type().clone() })
        })
        .collect();
    let selected: Vec<String> =
        columns.iter().map(|c| format!("{} AS {}", c.value(), quoted(&c.column.name))).collect();
    let sql = format!("SELECT {} FROM {}", selected.join(", "), quoted(&raw));
    session.register_table(TableReference::bare(raw.as_str()), frame.into_view()).map_err(fail)?;
    check_values(session, source, &columns, &raw).await?;
    let view = session.sql(&sql).await.map_err(fail)?;
    session
        .register_table(TableReference::bare(source.name.as_str()), view.into_view())
        .map_err(fail)?;
    Ok(())
}

/// An identifier in SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A declared column over the type that the file has.
struct Typed<'a> {
    source: &'a Source,
    column: &'a SourceColumn,
    physical: DataType,
}

impl Typed<'_> {
    fn is_csv(&self) -> bool {
        self.source.format == Format::Csv
    }

    /// The raw column with what means missing turned into NULL.
    fn present(&self) -> String {
        let raw = quoted(&self.column.from);
        if self.physical.is_floating() {
            return format!("CASE WHEN isnan({raw}) THEN NULL ELSE {raw} END");
        }
        if !self.is_csv() {
            return raw;
        }
        let missing: Vec<String> = self.source.missing.iter().map(|m| literal(m)).collect();
        if missing.is_empty() {
            return format!("trim({raw})");
        }
        format!("CASE WHEN trim({raw}) IN ({}) THEN NULL ELSE trim({raw}) END", missing.join(", "))
    }

    /// The column in its declared type; what does not fit becomes NULL and is found by the check.
    fn value(&self) -> String {
        let value = self.present();
        let number = if self.is_csv() && self.source.decimal == ',' {
            format!("replace(replace({value}, '.', ''), ',', '.')")
        } else {
            value.clone()
        };
        let double = format!("TRY_CAST({number} AS DOUBLE)");
        match self.column.kind {
            ColumnKind::Text if self.is_text() => value,
            ColumnKind::Text => format!("CAST({value} AS VARCHAR)"),
            ColumnKind::Number if self.physical == DataType::Float64 => value,
            ColumnKind::Number if self.is_csv() => {
                format!("CASE WHEN isnan({double}) THEN NULL ELSE {double} END")
            }
            ColumnKind::Number => double,
            ColumnKind::Integer if self.physical.is_integer() => value,
            ColumnKind::Integer => {
                format!(
                    "CASE WHEN {double} = trunc({double}) THEN TRY_CAST({double} AS BIGINT) END"
                )
            }
            ColumnKind::Boolean if self.physical == DataType::Boolean => value,
            ColumnKind::Boolean => format!("TRY_CAST({value} AS BOOLEAN)"),
            ColumnKind::Date => format!("TRY_CAST({value} AS DATE)"),
        }
    }

    fn is_text(&self) -> bool {
        match &self.physical {
            DataType::Dictionary(_, value) => value.is_string(),
            other => other.is_string(),
        }
    }

    /// Whether values of the file might not fit the declared type.
    fn suspect(&self) -> bool {
        match self.column.kind {
            ColumnKind::Text => false,
            ColumnKind::Integer => !self.physical.is_integer(),
            ColumnKind::Number | ColumnKind::Boolean | ColumnKind::Date => self.is_csv(),
        }
    }

    fn misfit(&self) -> String {
        format!("({}) IS NOT NULL AND ({}) IS NULL", self.present(), self.value())
    }
}

/// Counts the values of each column that are not of its declared type, and says where the first
/// one stands; never what it is.
async fn check_values(
    session: &SessionContext,
    source: &Source,
    columns: &[Typed<'_>],
    raw: &str,
) -> Result<(), Vec<Problem>> {
    let suspects: Vec<&Typed> = columns.iter().filter(|column| column.suspect()).collect();
    if suspects.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = suspects
        .iter()
        .map(|column| format!("sum(CASE WHEN {} THEN 1 ELSE 0 END)", column.misfit()))
        .collect();
    let sql = format!("SELECT {} FROM {}", counts.join(", "), quoted(raw));
    let counts = first_row(session, &sql).await.map_err(|p| vec![p.at(&source.place)])?;
    let mut problems = Vec::new();
    for (typed, count) in suspects.iter().zip(counts).filter(|(_, count)| *count > 0) {
        let column = typed.column;
        let sql = format!(
            "SELECT min(row) FROM (SELECT row_number() OVER () AS row, ({}) AS misfit FROM {}) WHERE misfit",
            typed.misfit(),
            quoted(raw)
        );
        let row = first_row(session, &sql).await.map_err(|p| vec![p.at(&column.place)])?;
        problems.push(
            Problem::error("wrong-type", format!("column `{}` holds other values", column.from))
                .at(&column.place)
                .found(format!(
                    "{count} values that are not {}, the first in data row {}",
                    column.kind.as_str(),
                    row[0]
                ))
                .allowed(column.kind.as_str())
                .hint("declare another type, the decimal mark, or the texts that mean missing"),
        );
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The first row of a query of whole numbers; NULL is zero.
async fn first_row(session: &SessionContext, sql: &str) -> Result<Vec<i64>, Problem> {
    use datafusion::arrow::array::{Array, AsArray};
    use datafusion::arrow::compute::cast;
    use datafusion::arrow::datatypes::{DataType, Int64Type};
    let run = async {
        let batches = session.sql(sql).await?.collect().await?;
        let Some(batch) = batches.first().filter(|batch| batch.num_rows() > 0) else {
            return Ok(Vec::new());
        };
        let mut row = Vec::new();
        for column in batch.columns() {
            let column = cast(column, &DataType::Int64)?;
            let column = column.as_primitive::<Int64Type>();
            row.push(if column.is_null(0) { 0 } else { column.value(0) });
        }
        Ok(row)
    };
    run.await.map_err(|error: datafusion::error::DataFusionError| engine_problem(&error))
}

/// Declared columns that a file does not have.
fn missing_columns(source: &Source, file: &str, present: &[String]) -> Vec<Problem> {
    source
        .columns
        .iter()
        .filter(|column| !present.contains(&column.from))
        .map(|column| {
            let near = nearest(&column.from, present.iter().map(String::as_str));
            let problem =
                Problem::error("no-column", format!("{file} has no column `{}`", column.from))
                    .at(&column.place)
                    .found(column.from.clone());
            match near {
                Some(near) => {
                    problem.hint(format!("did you mean `{near}`? write from = \"{near}\""))
                }
                None => problem.allowed(shown(present)),
            }
        })
        .collect()
}

fn shown(columns: &[String]) -> String {
    let mut text = columns.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if columns.len() > 12 {
        text.push_str(", ...");
    }
    text
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
