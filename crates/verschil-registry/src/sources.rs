//! The formats that can be read, each a row in a table, and how their files become one source.

#[cfg(test)]
mod agreement;
mod columns;
mod csv;
mod dta;
mod fault;
mod in_order;
mod parquet;
mod row_table;
mod sav;
mod typed;

use std::path::Path;
use std::sync::Arc;

use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionContext, ident};
use tempfile::TempDir;
use verschil_study::{Format, Problem, Source};

use crate::engine::engine_problem;
use crate::inputs::Input;
use columns::Found;
use in_order::InOrder;
use typed::RawFile;
pub(crate) use typed::literal;

/// How a file of a format is opened: gives the declared columns under their declared names, in
/// the file's own types; all problems of the file found beforehand.
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
    input: &'a Input,
    /// Position of the file among those of the source.
    number: usize,
    scratch: &'a TempDir,
}

const READERS: [Reader; 4] = [
    Reader { format: Format::Csv, open: |opening| Box::pin(csv::open(opening)) },
    Reader { format: Format::Parquet, open: |opening| Box::pin(parquet::open(opening)) },
    Reader { format: Format::Sav, open: |opening| Box::pin(sav::open(opening)) },
    Reader { format: Format::Dta, open: |opening| Box::pin(dta::open(opening)) },
];

/// Registers a source under its name, with its declared columns and types: file after file, in the
/// order of their rows.
pub(crate) async fn register(
    session: &SessionContext,
    source: &Source,
    inputs: &[Input],
    scratch: &TempDir,
) -> Result<(), Vec<Problem>> {
    let fail = |error: DataFusionError| vec![engine_problem(&error).or_at(&source.place)];
    let files = opened(session, source, inputs, scratch).await?;
    let mut frames = Vec::new();
    for file in &files {
        frames.push(session.sql(&file.select(source)).await.map_err(fail)?);
    }
    let table = InOrder::new(source, frames).map_err(fail)?;
    session.register_table(name_of(source), Arc::new(table)).map_err(fail)?;
    Ok(())
}

/// Registers a source for an engine elsewhere: a query over its files, in no order. What is not in
/// the files themselves, and what only our own functions can read, that engine does not have.
pub(crate) async fn register_shared(
    session: &SessionContext,
    source: &Source,
    inputs: &[Input],
    scratch: &TempDir,
) -> Result<(), Vec<Problem>> {
    let files = opened(session, source, inputs, scratch).await?;
    if files.iter().any(RawFile::needs_us) {
        let found = "a text that is stored as numbers with decimals";
        let hint = "store the column as text or as whole numbers";
        return Err(vec![not_shared(source).found(found).allowed("text").hint(hint)]);
    }
    let fail = |error: DataFusionError| vec![engine_problem(&error).or_at(&source.place)];
    let selects: Vec<String> = files.iter().map(|file| file.select(source)).collect();
    let frame = session.sql(&selects.join(" UNION ALL ")).await.map_err(fail)?;
    session.register_table(name_of(source), frame.into_view()).map_err(fail)?;
    Ok(())
}

/// What an engine elsewhere does not read, whatever stands in the files.
pub(crate) fn foreign(source: &Source) -> Option<Problem> {
    (source.format != Format::Parquet).then(|| {
        not_shared(source).found(source.format.as_str()).allowed("parquet").hint(
            "convert it, for instance with DuckDB or Polars, on storage that all executors see",
        )
    })
}

fn not_shared(source: &Source) -> Problem {
    let message = format!("source `{}` cannot be read by a cluster", source.name);
    Problem::error("not-shared", message).at(&source.place)
}

fn name_of(source: &Source) -> TableReference {
    TableReference::bare(source.name.as_str())
}

/// The files of a source, with their types and values checked.
async fn opened<'a>(
    session: &SessionContext,
    source: &'a Source,
    inputs: &'a [Input],
    scratch: &TempDir,
) -> Result<Vec<RawFile<'a>>, Vec<Problem>> {
    let reader = READERS.iter().find(|reader| reader.format == source.format);
    let Some(reader) = reader else {
        return Err(vec![
            Problem::error("no-reader", "this format cannot be read").at(&source.place),
        ]);
    };
    let mut problems = Vec::new();
    let mut files = Vec::new();
    let inputs = inputs.iter().filter(|input| input.source == source.name);
    for (number, input) in inputs.enumerate() {
        let opening = Opening { session, source, input, number, scratch };
        match (reader.open)(opening).await {
            Ok(frame) => files.push(RawFile::new(source, input, number, &frame, session)),
            Err(found) => problems.extend(found),
        }
    }
    let fail = |error: DataFusionError| vec![engine_problem(&error).or_at(&source.place)];
    let files = files.into_iter().collect::<Result<Vec<_>, _>>().map_err(fail)?;
    problems.extend(typed::misfits(source, &files));
    if !problems.is_empty() {
        return Err(problems);
    }
    typed::check_values(session, source, &files).await?;
    Ok(files)
}

/// Rows of a source, where all of its files tell without being read.
pub(crate) fn rows(source: &Source, inputs: &[Input]) -> Option<u64> {
    if source.format != Format::Parquet {
        return None;
    }
    let files = inputs.iter().filter(|input| input.source == source.name);
    files.map(|input| parquet::rows(&input.path)).sum()
}

/// The declared columns of a frame with the file's own columns, under their declared names.
fn renamed(source: &Source, frame: DataFrame, found: &[Found]) -> Result<DataFrame, Vec<Problem>> {
    let columns = found.iter().map(|column| {
        let name = &source.columns[column.declared].name;
        ident(&column.name).alias(name)
    });
    frame
        .select(columns.collect::<Vec<_>>())
        .map_err(|error| vec![engine_problem(&error).at(&source.place)])
}

/// An identifier in SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A file that has its columns and not a single row.
fn no_rows(source: &Source, input: &Input) -> Problem {
    Problem::error("no-rows", format!("{} has no rows", input.file))
        .at(&source.place)
        .found("columns, and no row")
        .hint("replace it by the full delivery, or take it from the list of files")
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
