//! Apache Parquet.

use datafusion::arrow::datatypes::DataType;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::ParquetReadOptions;
use verschil_study::{ColumnKind, Problem, SourceColumn};

use super::{Opening, missing_columns, path_text};
use crate::engine::engine_problem;

pub(super) async fn open(opening: Opening<'_>) -> Result<DataFrame, Vec<Problem>> {
    let source = opening.source;
    let options = ParquetReadOptions { file_extension: "", ..ParquetReadOptions::default() };
    let mut problems = Vec::new();
    for input in opening.inputs {
        match opening.session.read_parquet(path_text(&input.path), options.clone()).await {
            Ok(frame) => {
                let fields = frame.schema().fields();
                let names: Vec<String> = fields.iter().map(|f| f.name().clone()).collect();
                problems.extend(missing_columns(source, &input.file, &names));
                for column in &source.columns {
                    let field = fields.iter().find(|f| *f.name() == column.from);
                    problems.extend(field.and_then(|f| misfit(column, &input.file, f.data_type())));
                }
            }
            Err(error) => problems.push(
                engine_problem(&error)
                    .at(&source.place)
                    .hint(format!("{} is not a whole Parquet file", input.file)),
            ),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let paths: Vec<String> = opening.inputs.iter().map(|input| path_text(&input.path)).collect();
    opening
        .session
        .read_parquet(paths, options)
        .await
        .map_err(|error| vec![engine_problem(&error).at(&source.place)])
}

/// A declared type that the file's own type can never hold.
fn misfit(column: &SourceColumn, file: &str, found: &DataType) -> Option<Problem> {
    let inner = match found {
        DataType::Dictionary(_, value) => value.as_ref(),
        other => other,
    };
    let fits = match column.kind {
        ColumnKind::Text => true,
        ColumnKind::Integer | ColumnKind::Number => {
            inner.is_numeric() || *inner == DataType::Boolean
        }
        ColumnKind::Boolean => *inner == DataType::Boolean || inner.is_integer(),
        ColumnKind::Date => inner.is_temporal(),
    };
    (!fits).then(|| {
        Problem::error("wrong-type", format!("column `{}` of {file} has another type", column.from))
            .at(&column.place)
            .found(inner.to_string())
            .allowed(column.kind.as_str())
            .hint("declare the type that the file has, and convert in the expression with CAST")
    })
}
