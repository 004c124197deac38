//! Apache Parquet.

use std::fs::File;
use std::path::Path;

use datafusion::dataframe::DataFrame;
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::prelude::ParquetReadOptions;
use verschil_study::Problem;

use super::{Opening, columns, no_rows, path_text, renamed};
use crate::engine::engine_problem;

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
    if rows(&input.path) == Some(0) {
        return Err(vec![no_rows(source, input)]);
    }
    let names: Vec<String> = frame.schema().fields().iter().map(|f| f.name().clone()).collect();
    let found = columns::find(source, &input.file, &names)?;
    renamed(source, frame, &found)
}

/// Rows of a file, by its footer.
pub(super) fn rows(path: &Path) -> Option<u64> {
    let file = SerializedFileReader::new(File::open(path).ok()?).ok()?;
    u64::try_from(file.metadata().file_metadata().num_rows()).ok()
}
