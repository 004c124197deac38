//! Lengths within a Stata file, checked before the library sets memory aside for them.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::header::Header;
use dta::stata::dta::release::Release;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::variable_type::VariableType;

use super::super::fault::Fault;

/// Least bytes that the description of a column takes, in any version read.
const COLUMN: u64 = 160;
/// Most bytes before the map of a file with tags.
const BEFORE_MAP: u64 = 1 << 17;

const SHORT: Fault = Fault::Truncated("it is too small for what its header says");

/// A file that begins as a Stata file does.
pub(super) struct Head {
    file: BufReader<File>,
    length: u64,
}

/// Opens a file and refuses what is no Stata file of a version that is read.
pub(super) fn head(path: &Path) -> Result<Head, Fault> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut file = BufReader::new(file);
    let mut begin = Vec::new();
    file.by_ref().take(11).read_to_end(&mut begin)?;
    match begin[..] {
        [b'<', ..] if begin == b"<stata_dta>" => {}
        [b'<', ..] if b"<stata_dta>".starts_with(&begin) => return Err(SHORT),
        [113..=115, 1 | 2, 1, ..] => {}
        [102..=112, 1 | 2, 1, ..] => {
            return Err(Fault::Unsupported("a file of a Stata older than Stata 8"));
        }
        [b'$', b'F', b'L', ..] => return Err(Fault::OtherFormat("an SPSS file")),
        [b'P', b'K', ..] => return Err(Fault::OtherFormat("a zip archive")),
        _ => {
            return Err(Fault::OtherFormat("a file that does not begin as a Stata file does"));
        }
    }
    Ok(Head { file, length })
}

impl Head {
    /// Whether the file can hold the columns that its header declares.
    pub(super) fn check_columns(&self, header: &Header) -> Result<(), Fault> {
        let least = u64::from(header.variable_count()) * COLUMN;
        if header.variable_count() == 0 {
            return Err(Fault::Broken("its list of columns"));
        }
        if least > self.length { Err(SHORT) } else { Ok(()) }
    }

    /// Whether the file can hold its rows, notes and value labels.
    pub(super) fn check_rows(mut self, header: &Header, schema: &Schema) -> Result<(), Fault> {
        let width: u64 = schema.variables().iter().map(|one| width(one.variable_type())).sum();
        let rows = header.observation_count().checked_mul(width);
        let rows = rows.filter(|bytes| *bytes <= self.length).ok_or(SHORT)?;
        let order = header.byte_order();
        if header.release().is_xml_like() {
            let map = self.map(order)?;
            let [data, labels, end] = [map[9], map[11], map[13]];
            let tags = ("<data>".len() + "</data>".len()) as u64;
            let ended = data.checked_add(rows).and_then(|at| at.checked_add(tags));
            if end > self.length || ended.is_none_or(|at| at > self.length) {
                return Err(SHORT);
            }
            self.file.seek(SeekFrom::Start(labels))?;
            self.expect(b"<value_labels>")?;
            return self.tagged_labels(order, header.release());
        }
        let columns = u64::from(header.variable_count());
        let format = if header.release() == Release::V113 { 12 } else { 49 };
        let mut at = 109 + columns * (1 + 33 + format + 33 + 81) + 2 * (columns + 1);
        self.file.seek(SeekFrom::Start(at))?;
        loop {
            let [kind] = self.bytes()?;
            let length = u64::from(self.number(order)?);
            at += 5 + length;
            if at > self.length {
                return Err(SHORT);
            }
            if kind == 0 && length == 0 {
                break;
            }
            self.file.seek(SeekFrom::Start(at))?;
        }
        let labels = at + rows;
        if labels > self.length {
            return Err(SHORT);
        }
        self.file.seek(SeekFrom::Start(labels))?;
        self.plain_labels(order, labels)
    }

    /// Places of the parts of a file with tags.
    fn map(&mut self, order: ByteOrder) -> Result<[u64; 14], Fault> {
        const TAG: &[u8] = b"</header><map>";
        let mut begin = Vec::new();
        self.file.rewind()?;
        self.file.by_ref().take(BEFORE_MAP).read_to_end(&mut begin)?;
        let broken = Fault::Broken("its map of parts");
        let at = begin.windows(TAG.len()).position(|window| window == TAG).ok_or(broken.clone())?;
        let map = begin.get(at + TAG.len()..at + TAG.len() + 14 * 8).ok_or(broken)?;
        let mut places = [0; 14];
        for (place, bytes) in places.iter_mut().zip(map.chunks_exact(8)) {
            let bytes = bytes.try_into().unwrap_or_default();
            *place = match order {
                ByteOrder::LittleEndian => u64::from_le_bytes(bytes),
                ByteOrder::BigEndian => u64::from_be_bytes(bytes),
            };
        }
        Ok(places)
    }

    fn tagged_labels(&mut self, order: ByteOrder, release: Release) -> Result<(), Fault> {
        let name = if release == Release::V117 { 33 } else { 129 };
        loop {
            match &self.bytes::<5>()? {
                b"<lbl>" => {}
                b"</val" => return Ok(()),
                _ => return Err(Fault::Broken("its value labels")),
            }
            let length = u64::from(self.number(order)?);
            self.skip(name + 3 + length)?;
            self.expect(b"</lbl>")?;
        }
    }

    fn plain_labels(&mut self, order: ByteOrder, mut at: u64) -> Result<(), Fault> {
        while at < self.length {
            let length = u64::from(self.number(order)?);
            self.skip(33 + 3 + length)?;
            at += 4 + 33 + 3 + length;
        }
        Ok(())
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Fault> {
        let at = self.file.stream_position()?;
        if bytes > self.length.saturating_sub(at) {
            return Err(SHORT);
        }
        self.file.seek_relative(i64::try_from(bytes).map_err(|_| SHORT)?)?;
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn number(&mut self, order: ByteOrder) -> Result<u32, Fault> {
        let bytes = self.bytes()?;
        Ok(match order {
            ByteOrder::LittleEndian => u32::from_le_bytes(bytes),
            ByteOrder::BigEndian => u32::from_be_bytes(bytes),
        })
    }

    fn expect(&mut self, tag: &[u8]) -> Result<(), Fault> {
        let mut found = vec![0; tag.len()];
        self.file.read_exact(&mut found)?;
        if found == tag { Ok(()) } else { Err(Fault::Broken("its map of parts")) }
    }
}

/// Bytes of a value in a row.
fn width(kind: VariableType) -> u64 {
    match kind {
        VariableType::Byte => 1,
        VariableType::Int => 2,
        VariableType::Long | VariableType::Float => 4,
        VariableType::Double | VariableType::LongString => 8,
        VariableType::FixedString(length) => u64::from(length),
    }
}
