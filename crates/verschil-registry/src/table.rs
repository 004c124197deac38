//! Small tables written as Parquet.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray,
};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum ParquetColumn {
    /// Words.
    Text(Vec<String>),
    /// Numbers, some absent.
    Number(Vec<Option<f64>>),
    /// Truths, some absent.
    Flag(Vec<Option<bool>>),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Positions in a short list of words.
    Codes(Vec<String>, Vec<i32>),
}

/// Writes columns of equal length.
///
/// # Errors
/// When the file cannot be written or the lengths differ.
pub fn write_parquet(path: &Path, columns: Vec<(&str, ParquetColumn)>) -> std::io::Result<()> {
    let arrays = columns.into_iter().map(|(name, column)| {
        let array: ArrayRef = match column {
            ParquetColumn::Text(values) => Arc::new(StringArray::from(values)),
            ParquetColumn::Number(values) => Arc::new(Float64Array::from(values)),
            ParquetColumn::Flag(values) => Arc::new(BooleanArray::from(values)),
            ParquetColumn::Integer(values) => Arc::new(Int64Array::from(values)),
            ParquetColumn::Codes(names, codes) => Arc::new(DictionaryArray::new(
                Int32Array::from(codes),
                Arc::new(StringArray::from(names)),
            )),
        };
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).map_err(std::io::Error::other)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))
        .map_err(std::io::Error::other)?;
    writer.write(&batch).map_err(std::io::Error::other)?;
    writer.close().map_err(std::io::Error::other)?;
    Ok(())
}
