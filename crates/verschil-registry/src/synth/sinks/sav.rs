//! SPSS system files, compressed byte by byte.
//!
//! The layout follows the published description of the format (PSPP developers' guide, "System File
//! Format"): header, variables, value labels, extension records, then cases.

use std::fs::File;
use std::io::{BufWriter, Error, Result, Seek as _, SeekFrom, Write};

use super::super::columns::{Block, Column, MISSING, Meaning};
use super::digits;

/// Where the header holds the number of cases.
const CASES_AT: u64 = 80;
/// Added to small whole numbers that take one byte.
const BIAS: i32 = 100;
/// A value of eight bytes follows.
const LITERAL: u8 = 253;
/// Eight spaces.
const SPACES: u8 = 254;
/// The missing number.
const SYSTEM_MISSING: u8 = 255;

/// Bytes of a text that needs no continuation.
const LONGEST: usize = 255;

pub(super) struct Writer {
    file: BufWriter<File>,
    columns: Vec<Kind>,
    codes: Vec<u8>,
    literals: Vec<u8>,
}

/// How values of a column are stored.
enum Kind {
    Number,
    Digits,
    Words { words: Vec<Vec<u8>>, width: usize },
}

impl Kind {
    fn of(column: &Column) -> Self {
        match &column.meaning {
            Meaning::Integer(_) => Self::Number,
            Meaning::Digits => Self::Digits,
            Meaning::Words(words) => {
                let longest = words.iter().map(String::len).max().unwrap_or(1).max(1);
                let segments = longest.div_ceil(8);
                let padded = |word: &String| {
                    let mut bytes = word.clone().into_bytes();
                    bytes.resize(8 * segments, b' ');
                    bytes
                };
                Self::Words { words: words.iter().map(padded).collect(), width: longest }
            }
        }
    }

    /// Width in bytes, 0 for numbers.
    fn width(&self) -> usize {
        match self {
            Self::Number => 0,
            Self::Digits => 9,
            Self::Words { width, .. } => *width,
        }
    }

    /// Values of eight bytes that one value takes.
    fn segments(&self) -> usize {
        self.width().div_ceil(8).max(1)
    }
}

impl Writer {
    pub(super) fn new(file: BufWriter<File>, names: &[String], layout: &[Column]) -> Result<Self> {
        let columns: Vec<Kind> = layout.iter().map(Kind::of).collect();
        if columns.iter().any(|column| column.width() > LONGEST) {
            return Err(Error::other("a word is too long for this format"));
        }
        let mut writer = Self { file, columns, codes: Vec::new(), literals: Vec::new() };
        writer.header()?;
        writer.variables()?;
        writer.value_labels(layout)?;
        writer.extensions(names)?;
        Ok(writer)
    }

    fn int(&mut self, value: usize) -> Result<()> {
        self.file.write_all(&(value as i32).to_le_bytes())
    }

    fn text(&mut self, text: &str, width: usize) -> Result<()> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(width, b' ');
        self.file.write_all(&bytes)
    }

    fn header(&mut self) -> Result<()> {
        self.file.write_all(b"$FL2")?;
        self.text("@(#) SPSS DATA FILE verschil, synthetic data", 60)?;
        self.int(2)?;
        let segments = self.columns.iter().map(Kind::segments).sum();
        self.int(segments)?;
        self.int(1)?;
        self.int(0)?;
        // the number of cases is put in when it is known
        self.file.write_all(&(-1_i32).to_le_bytes())?;
        self.file.write_all(&f64::from(BIAS).to_le_bytes())?;
        // a fixed date, so that the same seed gives the same bytes
        self.text("01 Jan 00", 9)?;
        self.text("00:00:00", 8)?;
        self.text("synthetic: invented persons, no real data", 64)?;
        self.file.write_all(&[0; 3])
    }

    fn variables(&mut self) -> Result<()> {
        for at in 0..self.columns.len() {
            let (width, segments) = (self.columns[at].width(), self.columns[at].segments());
            // print and write format: F8.0 for numbers, A for text
            let format = if width == 0 { 5 << 16 | 8 << 8 } else { 1 << 16 | width << 8 };
            for segment in 0..segments {
                let first = segment == 0;
                self.int(2)?;
                self.file.write_all(&if first { width as i32 } else { -1 }.to_le_bytes())?;
                self.int(0)?;
                self.int(0)?;
                self.int(if first { format } else { 0 })?;
                self.int(if first { format } else { 0 })?;
                let name = if first { short_name(at) } else { String::new() };
                self.text(&name, 8)?;
            }
        }
        Ok(())
    }

    fn value_labels(&mut self, layout: &[Column]) -> Result<()> {
        let mut position = 1;
        for (at, column) in layout.iter().enumerate() {
            if let Meaning::Integer(labels) = &column.meaning
                && !labels.is_empty()
            {
                self.int(3)?;
                self.int(labels.len())?;
                for (value, label) in *labels {
                    self.file.write_all(&f64::from(*value).to_le_bytes())?;
                    self.file.write_all(&[label.len() as u8])?;
                    // length byte and label fill whole groups of eight
                    self.text(label, (label.len() + 1).div_ceil(8) * 8 - 1)?;
                }
                self.int(4)?;
                self.int(1)?;
                self.int(position)?;
            }
            position += self.columns[at].segments();
        }
        Ok(())
    }

    fn extension(&mut self, subtype: usize, size: usize, bytes: &[u8]) -> Result<()> {
        self.int(7)?;
        self.int(subtype)?;
        self.int(size)?;
        self.int(bytes.len() / size)?;
        self.file.write_all(bytes)
    }

    fn extensions(&mut self, names: &[String]) -> Result<()> {
        let integers = [27, 0, 0, -1, 1, 1, 2, 65001_i32];
        let integers: Vec<u8> = integers.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.extension(3, 4, &integers)?;
        let floats = [-f64::MAX, f64::MAX, (-f64::MAX).next_up()];
        let floats: Vec<u8> = floats.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.extension(4, 8, &floats)?;
        let long: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(at, name)| format!("{}={name}", short_name(at)))
            .collect();
        self.extension(13, 1, long.join("\t").as_bytes())?;
        self.extension(20, 1, b"UTF-8")?;
        self.int(999)?;
        self.int(0)
    }

    fn put(&mut self, code: u8) -> Result<()> {
        self.codes.push(code);
        if self.codes.len() == 8 { self.pour() } else { Ok(()) }
    }

    fn literal(&mut self, bytes: &[u8; 8]) -> Result<()> {
        self.literals.extend_from_slice(bytes);
        self.put(LITERAL)
    }

    /// Eight codes, then the values that they announce.
    fn pour(&mut self) -> Result<()> {
        self.file.write_all(&self.codes)?;
        self.file.write_all(&self.literals)?;
        self.codes.clear();
        self.literals.clear();
        Ok(())
    }

    fn number(&mut self, value: i32) -> Result<()> {
        match value {
            MISSING => self.put(SYSTEM_MISSING),
            -99..=151 => self.put((value + BIAS) as u8),
            _ => self.literal(&f64::from(value).to_le_bytes()),
        }
    }

    fn segment(&mut self, bytes: [u8; 8]) -> Result<()> {
        if bytes == *b"        " { self.put(SPACES) } else { self.literal(&bytes) }
    }

    fn nine(&mut self, value: i32) -> Result<()> {
        let text = if value == MISSING { *b"         " } else { digits(value) };
        let [first @ .., last] = text;
        self.segment(first)?;
        self.segment([last, b' ', b' ', b' ', b' ', b' ', b' ', b' '])
    }

    fn word(&mut self, column: usize, value: i32) -> Result<()> {
        for segment in 0..self.columns[column].segments() {
            let mut bytes = *b"        ";
            if let (Kind::Words { words, .. }, true) = (&self.columns[column], value != MISSING) {
                bytes.copy_from_slice(&words[value as usize][8 * segment..8 * segment + 8]);
            }
            self.segment(bytes)?;
        }
        Ok(())
    }

    pub(super) fn write(&mut self, block: &Block) -> Result<()> {
        for row in 0..block.rows() {
            for (column, values) in block.columns().iter().enumerate() {
                match self.columns[column] {
                    Kind::Number => self.number(values[row])?,
                    Kind::Digits => self.nine(values[row])?,
                    Kind::Words { .. } => self.word(column, values[row])?,
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self, rows: u64) -> Result<()> {
        if !self.codes.is_empty() {
            // zero codes are skipped by readers
            self.codes.resize(8, 0);
            self.pour()?;
        }
        self.file.seek(SeekFrom::Start(CASES_AT))?;
        let rows = i32::try_from(rows).map_err(std::io::Error::other)?;
        self.file.write_all(&rows.to_le_bytes())?;
        self.file.flush()
    }
}

/// Name of at most eight bytes, which the long names replace.
fn short_name(at: usize) -> String {
    format!("V{at}")
}
