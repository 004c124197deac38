//! Apache Parquet.

use std::fs::File;
use std::io::{BufWriter, Error, Result};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::super::columns::{Block, Column, MISSING, Meaning};
use super::digits;

/// Rows of a row group: bounds the memory of a file being written.
const GROUP: usize = 1 << 18;

pub(super) struct Writer {
    inner: ArrowWriter<BufWriter<File>>,
    schema: Arc<Schema>,
    words: Vec<Option<Arc<StringArray>>>,
}

impl Writer {
    pub(super) fn new(file: BufWriter<File>, names: &[String], layout: &[Column]) -> Result<Self> {
        let fields: Vec<Field> = names
            .iter()
            .zip(layout)
            .map(|(name, column)| Field::new(name, kind(&column.meaning), true))
            .collect();
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(Error::other)?))
            .set_max_row_group_row_count(Some(GROUP));
        for (name, column) in names.iter().zip(layout) {
            // every number is another, so a dictionary would only be thrown away
            let shared = !matches!(column.meaning, Meaning::Digits);
            properties =
                properties.set_column_dictionary_enabled(ColumnPath::from(name.as_str()), shared);
        }
        let schema = Arc::new(Schema::new(fields));
        // readers see plain text, not our dictionaries
        let options = ArrowWriterOptions::new()
            .with_properties(properties.build())
            .with_skip_arrow_metadata(true);
        let inner = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options)
            .map_err(Error::other)?;
        let words = layout.iter().map(|column| match &column.meaning {
            Meaning::Words(words) => Some(Arc::new(StringArray::from(words.clone()))),
            _ => None,
        });
        Ok(Self { inner, schema, words: words.collect() })
    }

    pub(super) fn write(&mut self, block: &Block, layout: &[Column]) -> Result<()> {
        let arrays: Result<Vec<ArrayRef>> = block
            .columns()
            .iter()
            .zip(layout)
            .zip(&self.words)
            .map(|((values, column), words)| array(values, &column.meaning, words.as_ref()))
            .collect();
        let batch =
            RecordBatch::try_new(Arc::clone(&self.schema), arrays?).map_err(Error::other)?;
        self.inner.write(&batch).map_err(Error::other)
    }

    pub(super) fn finish(self) -> Result<()> {
        self.inner.close().map_err(Error::other)?;
        Ok(())
    }
}

fn kind(meaning: &Meaning) -> DataType {
    match meaning {
        Meaning::Integer(_) => DataType::Int32,
        Meaning::Digits => DataType::Utf8,
        Meaning::Words(_) => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
    }
}

fn array(values: &[i32], meaning: &Meaning, words: Option<&Arc<StringArray>>) -> Result<ArrayRef> {
    let present = |value: &i32| (*value != MISSING).then_some(*value);
    Ok(match (meaning, words) {
        (Meaning::Digits, _) => {
            let mut text = StringBuilder::with_capacity(values.len(), 9 * values.len());
            for value in values {
                if *value == MISSING {
                    text.append_value("");
                } else {
                    let number = digits(*value);
                    text.append_value(std::str::from_utf8(&number).map_err(Error::other)?);
                }
            }
            Arc::new(text.finish())
        }
        (Meaning::Words(_), Some(words)) => {
            let codes: Int32Array = values.iter().map(present).collect();
            let words: ArrayRef = Arc::clone(words) as ArrayRef;
            Arc::new(DictionaryArray::try_new(codes, words).map_err(Error::other)?)
        }
        _ => Arc::new(values.iter().map(present).collect::<Int32Array>()),
    })
}
