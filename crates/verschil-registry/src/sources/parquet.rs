//! Apache Parquet.

use std::fs::File;
use std::path::Path;

use datafusion::dataframe::DataFrame;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::object_store::ObjectStoreExt;
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::prelude::ParquetReadOptions;
use verschil_study::{Problem, in_bucket};

use super::{Opening, columns, no_rows, path_text, renamed};
use crate::engine::engine_problem;
use crate::inputs::located;

pub(super) async fn open(opening: Opening<'_>) -> Result<DataFrame, Vec<Problem>> {
    let (source, input) = (opening.source, opening.input);
    let options = ParquetReadOptions { file_extension: "", ..ParquetReadOptions::default() };
    let broken = |problem: Problem| {
        vec![problem.at(&source.place).hint(format!("{} is not a whole Parquet file", input.file))]
    };
    let frame = opening
        .session
        .read_parquet(path_text(&input.path), options)
        .await
        .map_err(|error| broken(engine_problem(&error)))?;
    if counted(opening).await == Some(0) {
        return Err(vec![no_rows(source, input)]);
    }
    let names: Vec<String> = frame.schema().fields().iter().map(|f| f.name().clone()).collect();
    let found = columns::find(source, &input.file, &names)?;
    renamed(source, frame, &found)
}

/// Rows of a file here or in a bucket, by its footer.
async fn counted(opening: Opening<'_>) -> Option<u64> {
    let file = path_text(&opening.input.path);
    if !in_bucket(&file) {
        return rows(&opening.input.path);
    }
    let (store, key) = located(opening.session, &file).ok()?;
    let object = store.head(&key).await.ok()?;
    let footer = DFParquetMetadata::new(&store, &object).fetch_metadata().await.ok()?;
    u64::try_from(footer.file_metadata().num_rows()).ok()
}

/// Rows of a file here, by its footer.
pub(super) fn rows(path: &Path) -> Option<u64> {
    let file = SerializedFileReader::new(File::open(path).ok()?).ok()?;
    u64::try_from(file.metadata().file_metadata().num_rows()).ok()
}
