//! Files in one of three formats.

use std::fs::File;
use std::io::{BufWriter, Result};
use std::path::Path;

use super::columns::{Block, Column};

mod csv;
mod parquet;
mod sav;

/// Format of the registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SynthFormat {
    /// Apache Parquet.
    Parquet,
    /// Semicolons, Windows-1252.
    Csv,
    /// SPSS, compressed.
    Sav,
}

impl SynthFormat {
    /// Ending of file names.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Sav => "sav",
        }
    }
}

/// A file being written.
pub(super) struct Sink {
    name: String,
    rows: u64,
    layout: Vec<Column>,
    writer: Writer,
}

enum Writer {
    Parquet(parquet::Writer),
    Csv(csv::Writer),
    Sav(sav::Writer),
}

impl Sink {
    /// Opens a file of a year, whose columns are named as in that year.
    pub(super) fn new(
        format: SynthFormat,
        folder: &Path,
        stem: &str,
        year: i64,
        layout: Vec<Column>,
    ) -> Result<Self> {
        let name = format!("{stem}.{}", format.extension());
        let file = BufWriter::with_capacity(1 << 18, File::create(folder.join(&name))?);
        let names: Vec<String> = layout.iter().map(|column| column.name_in(year)).collect();
        let writer = match format {
            SynthFormat::Parquet => Writer::Parquet(parquet::Writer::new(file, &names, &layout)?),
            SynthFormat::Csv => Writer::Csv(csv::Writer::new(file, &names)?),
            SynthFormat::Sav => Writer::Sav(sav::Writer::new(file, &names, &layout)?),
        };
        Ok(Self { name, rows: 0, layout, writer })
    }

    pub(super) fn write(&mut self, block: &Block) -> Result<()> {
        self.rows += block.rows() as u64;
        match &mut self.writer {
            Writer::Parquet(writer) => writer.write(block, &self.layout),
            Writer::Csv(writer) => writer.write(block, &self.layout),
            Writer::Sav(writer) => writer.write(block),
        }
    }

    /// Closes the file; its name and rows.
    pub(super) fn finish(self) -> Result<(String, u64)> {
        match self.writer {
            Writer::Parquet(writer) => writer.finish()?,
            Writer::Csv(writer) => writer.finish()?,
            Writer::Sav(writer) => writer.finish(self.rows)?,
        }
        Ok((self.name, self.rows))
    }
}

/// Nine digits with leading zeros.
fn digits(number: i32) -> [u8; 9] {
    let mut text = [b'0'; 9];
    let mut left = number;
    for place in text.iter_mut().rev() {
        *place = b'0' + (left % 10) as u8;
        left /= 10;
    }
    text
}
