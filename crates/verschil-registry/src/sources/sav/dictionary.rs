//! The part of an SPSS file before its rows, checked length by length.
//!
//! The library that reads the dictionary trusts lengths inside some records, keeps compressed
//! rows in memory as a whole, and turns dates that it cannot hold into missing ones. So it is
//! given a copy: of records that hold together, with rows declared as not compressed (see
//! `rows.rs`), and, for reading rows, with dates as the numbers that they are in the file.

use std::io::Read;

use encoding_rs::Encoding;

use super::super::fault::Fault;

const HEADER: u64 = 176;
/// Print format F8.2: a plain number.
const NUMBER: [u8; 4] = [2, 8, 5, 0];

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Bytecode,
    Zlib,
}

/// What stands before the rows.
#[derive(Debug, Clone)]
pub(super) struct Dictionary {
    /// Header and records as in the file, for names, formats and labels.
    pub(super) described: Vec<u8>,
    /// The same with every number in a plain format, for reading rows.
    pub(super) plain: Vec<u8>,
    /// Where what follows begins in the file.
    pub(super) end: u64,
    pub(super) compression: Compression,
    /// What is taken from a compressed whole number to get its value.
    pub(super) bias: f64,
    /// Rows, where the file says how many.
    pub(super) rows: Option<u64>,
    /// Values of 8 bytes in a row.
    pub(super) slots: u64,
}

/// Reads and checks the dictionary of a file of this length.
pub(super) fn read(reader: &mut impl Read, length: u64) -> Result<Dictionary, Fault> {
    let mut records = Records { reader, left: length, read: Vec::new(), formats: Vec::new() };
    let (compression, declared, bias) = header(&mut records)?;
    let mut rows = u64::try_from(declared).ok();
    let mut slots = 0;
    let mut continued = 0;
    loop {
        let start = records.read.len();
        match records.int()? {
            2 => {
                variable(&mut records, &mut continued)?;
                slots += 1;
            }
            3 => value_labels(&mut records)?,
            6 => {
                let lines = records.count(80)?;
                records.take(lines * 80)?;
                records.read.truncate(start);
            }
            7 => {
                if let Some(long) = extension(&mut records, start)? {
                    let short = rows.unwrap_or(long);
                    if short != long && i32::try_from(long).is_ok() {
                        return Err(Fault::Broken("two different numbers of rows"));
                    }
                    rows = Some(long);
                }
            }
            999 => {
                records.int()?;
                break;
            }
            _ => return Err(Fault::Broken("a record of no known type")),
        }
    }
    if slots == 0 || continued != 0 {
        return Err(Fault::Broken("its list of columns"));
    }
    let end = length - records.left;
    let Records { read: mut described, formats, .. } = records;
    // the copy's rows are not compressed; their number is a hint for the library's buffers
    described[72..76].copy_from_slice(&0_i32.to_le_bytes());
    let hint = rows.map_or(-1, |rows| i32::try_from(rows).unwrap_or(i32::MAX));
    described[80..84].copy_from_slice(&hint.to_le_bytes());
    let mut plain = described.clone();
    for at in formats {
        plain[at..at + 4].copy_from_slice(&NUMBER);
        plain[at + 4..at + 8].copy_from_slice(&NUMBER);
    }
    Ok(Dictionary { described, plain, end, compression, bias, rows, slots })
}

/// Records read so far, each length checked against what is left of the file.
struct Records<'r, R> {
    reader: &'r mut R,
    left: u64,
    read: Vec<u8>,
    /// Where the formats of numbers stand.
    formats: Vec<usize>,
}

impl<R: Read> Records<'_, R> {
    /// Reads so many bytes and gives where they begin.
    fn take(&mut self, count: u64) -> Result<usize, Fault> {
        let cut = Fault::Truncated("it ends before its rows begin");
        if count > self.left {
            return Err(cut);
        }
        let start = self.read.len();
        let read = self.reader.by_ref().take(count).read_to_end(&mut self.read)?;
        self.left -= read as u64;
        if (read as u64) < count { Err(cut) } else { Ok(start) }
    }

    fn int(&mut self) -> Result<i32, Fault> {
        let start = self.take(4)?;
        Ok(int_at(&self.read, start))
    }

    /// A number of items of at least so many bytes each.
    fn count(&mut self, bytes: u64) -> Result<u64, Fault> {
        let count = u64::try_from(self.int()?).map_err(|_| Fault::Broken("a count below zero"))?;
        if count.saturating_mul(bytes) > self.left {
            return Err(Fault::Truncated("it ends before its rows begin"));
        }
        Ok(count)
    }
}

fn int_at(bytes: &[u8], at: usize) -> i32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, i32::from_le_bytes)
}

fn long_at(bytes: &[u8], at: usize) -> [u8; 8] {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).unwrap_or_default()
}

/// Compression, declared number of rows, and bias.
fn header(records: &mut Records<'_, impl Read>) -> Result<(Compression, i32, f64), Fault> {
    let short = Fault::Truncated("it ends within its header");
    if let Err(fault) = records.take(HEADER) {
        // a file too short for a header may still say what it is
        let rest = records.left.min(HEADER);
        if records.take(rest).is_ok() {
            recognise(&records.read)?;
        }
        return Err(if matches!(fault, Fault::Io(_)) { fault } else { short });
    }
    let head = &records.read;
    recognise(head)?;
    let layout = int_at(head, 64);
    if layout != 2 && layout != 3 {
        return Err(if matches!(layout.swap_bytes(), 2 | 3) {
            Fault::Unsupported("an SPSS file of a machine with its bytes in the other order")
        } else {
            Fault::Broken("its header")
        });
    }
    let compression = match int_at(head, 72) {
        0 => Compression::None,
        1 => Compression::Bytecode,
        2 => Compression::Zlib,
        _ => return Err(Fault::Unsupported("an unknown compression")),
    };
    let bias = f64::from_le_bytes(long_at(head, 84));
    if compression != Compression::None && bias != 100.0 {
        return Err(Fault::Broken("its compression: small whole numbers would be shifted"));
    }
    Ok((compression, int_at(head, 80), bias))
}

/// Refuses what is no SPSS system file.
fn recognise(head: &[u8]) -> Result<(), Fault> {
    let begins = |text: &[u8]| head.starts_with(text);
    if begins(b"$FL2") || begins(b"$FL3") {
        return Ok(());
    }
    if head.windows(9).take(32).any(|window| window == b"ENCRYPTED") {
        return Err(Fault::Encrypted);
    }
    Err(if begins(b"PK") {
        Fault::OtherFormat("a zip archive")
    } else if begins(b"PAR1") {
        Fault::OtherFormat("a Parquet file")
    } else if head.windows(14).any(|window| window == b"ASCII SPSS POR") {
        Fault::OtherFormat("an SPSS portable file (.por)")
    } else {
        Fault::OtherFormat("a file that does not begin as an SPSS file does")
    })
}

/// A column, or the continuation of a wide text.
fn variable(records: &mut Records<'_, impl Read>, continued: &mut u64) -> Result<(), Fault> {
    let start = records.take(28)?;
    let width = int_at(&records.read, start);
    match width {
        -1 if *continued > 0 => *continued -= 1,
        0 if *continued == 0 => records.formats.push(start + 12),
        1..=255 if *continued == 0 => *continued = (width as u64).div_ceil(8) - 1,
        _ => return Err(Fault::Broken("its list of columns")),
    }
    let (labelled, missing) = (int_at(&records.read, start + 4), int_at(&records.read, start + 8));
    match labelled {
        0 => {}
        1 => {
            let length = records.count(1)?;
            records.take(length.next_multiple_of(4))?;
        }
        _ => return Err(Fault::Broken("the label of a column")),
    }
    if !(-3..=3).contains(&missing) || missing == -1 {
        return Err(Fault::Broken("the missing values of a column"));
    }
    records.take(8 * u64::from(missing.unsigned_abs()))?;
    Ok(())
}

/// Labels of values, and the columns that they belong to.
fn value_labels(records: &mut Records<'_, impl Read>) -> Result<(), Fault> {
    let count = records.count(16)?;
    for _ in 0..count {
        let start = records.take(9)?;
        let length = u64::from(records.read[start + 8]);
        records.take((length + 1).next_multiple_of(8) - 1)?;
    }
    if records.int()? != 4 {
        return Err(Fault::Broken("value labels that belong to no column"));
    }
    let columns = records.count(4)?;
    for _ in 0..columns {
        if records.int()? < 1 {
            return Err(Fault::Broken("value labels that belong to no column"));
        }
    }
    if columns == 0 { Err(Fault::Broken("value labels that belong to no column")) } else { Ok(()) }
}

/// An extension; those that reading does not need are dropped. Gives the number of rows where
/// the extension says it.
fn extension(records: &mut Records<'_, impl Read>, start: usize) -> Result<Option<u64>, Fault> {
    let kind = records.int()?;
    let size = records.count(0)?;
    let count = records.count(size)?;
    let body = records.take(size * count)?;
    let bytes = &records.read[body..];
    let sound = match kind {
        3 => size == 4 && count == 8,
        13 | 14 => true,
        20 => Encoding::for_label(trimmed(bytes)).is_some(),
        21 => texts(bytes, labels_of_text).is_some(),
        22 => texts(bytes, missing_texts).is_some(),
        16 => {
            let rows = i64::from_le_bytes(long_at(bytes, 8));
            let known = (size == 8 && count == 2).then_some(rows);
            records.read.truncate(start);
            return Ok(known.and_then(|rows| u64::try_from(rows).ok()));
        }
        _ => {
            records.read.truncate(start);
            true
        }
    };
    match (sound, kind) {
        (true, _) => Ok(None),
        (false, 20) => Err(Fault::Unsupported("a character encoding that is not known")),
        (false, _) => Err(Fault::Broken("one of its extensions")),
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    bytes[..end].trim_ascii()
}

/// Walks through entries that each begin with the name of a column; nothing when they overrun.
fn texts(bytes: &[u8], entry: fn(&mut &[u8]) -> Option<()>) -> Option<()> {
    let mut rest = bytes;
    while rest.len() >= 4 {
        piece(&mut rest)?;
        entry(&mut rest)?;
    }
    Some(())
}

/// A length and so many bytes.
fn piece(rest: &mut &[u8]) -> Option<()> {
    let length = usize::try_from(i32::from_le_bytes(front(rest)?)).ok()?;
    *rest = rest.get(length..)?;
    Some(())
}

fn front(rest: &mut &[u8]) -> Option<[u8; 4]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*bytes)
}

fn labels_of_text(rest: &mut &[u8]) -> Option<()> {
    front(rest)?;
    for _ in 0..u32::try_from(i32::from_le_bytes(front(rest)?)).ok()? {
        piece(rest)?;
        piece(rest)?;
    }
    Some(())
}

fn missing_texts(rest: &mut &[u8]) -> Option<()> {
    let (count, after) = rest.split_first()?;
    *rest = after;
    let length = usize::try_from(i32::from_le_bytes(front(rest)?)).ok()?;
    *rest = rest.get(length.checked_mul(usize::from(*count))?..)?;
    Some(())
}
