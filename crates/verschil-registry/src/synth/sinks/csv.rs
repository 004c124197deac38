//! Text with semicolons in Windows-1252, as spreadsheets of the house write it.

use std::fs::File;
use std::io::{BufWriter, Error, Result};

use super::super::columns::{Block, Column, MISSING, Meaning};
use super::digits;

pub(super) struct Writer {
    inner: csv::Writer<BufWriter<File>>,
}

impl Writer {
    pub(super) fn new(file: BufWriter<File>, names: &[String]) -> Result<Self> {
        let mut inner = csv::WriterBuilder::new().delimiter(b';').from_writer(file);
        inner.write_record(names).map_err(Error::other)?;
        Ok(Self { inner })
    }

    pub(super) fn write(&mut self, block: &Block, layout: &[Column]) -> Result<()> {
        let words: Vec<Vec<Vec<u8>>> = layout.iter().map(encoded).collect();
        for row in 0..block.rows() {
            for ((values, column), words) in block.columns().iter().zip(layout).zip(&words) {
                let value = values[row];
                let written = match &column.meaning {
                    _ if value == MISSING => self.inner.write_field(b""),
                    Meaning::Integer(_) => self.inner.write_field(value.to_string()),
                    Meaning::Digits => self.inner.write_field(digits(value)),
                    Meaning::Words(_) => self.inner.write_field(&words[value as usize]),
                };
                written.map_err(Error::other)?;
            }
            self.inner.write_record(None::<&[u8]>).map_err(Error::other)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.inner.flush()
    }
}

fn encoded(column: &Column) -> Vec<Vec<u8>> {
    let Meaning::Words(words) = &column.meaning else { return Vec::new() };
    words.iter().map(|word| encoding_rs::WINDOWS_1252.encode(word).0.into_owned()).collect()
}
