//! An SPSS file as if it had never been compressed: its dictionary, then its rows, a little at a
//! time.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::bufread::ZlibDecoder;

use super::super::fault::Fault;
use super::dictionary::{Compression, Dictionary};

const SPACES: [u8; 8] = [b' '; 8];
/// The system-missing value: the lowest number there is.
const SYSTEM_MISSING: [u8; 8] = f64::MIN.to_le_bytes();
/// How much more a byte of a compressed block can hold.
const ZLIB_RATIO: u64 = 1_100;

/// What the rows are read from.
pub(super) trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// The file as the library sees it.
pub(super) struct Unpacked {
    dictionary: Arc<[u8]>,
    /// Where the library stands.
    position: u64,
    /// Bytes in all, or more than there can be.
    length: u64,
    rows: Rows,
}

impl Unpacked {
    /// A dictionary without any rows.
    pub(super) fn bare(dictionary: &[u8]) -> Self {
        let length = dictionary.len() as u64;
        let rows =
            Rows { packed: Packed::Plain(Box::new(io::empty())), row: 1, given: 0, wanted: None };
        Self { dictionary: dictionary.into(), position: 0, length, rows }
    }

    /// A dictionary with the rows of its file.
    pub(super) fn whole(
        dictionary: &Dictionary,
        image: Arc<[u8]>,
        file: Box<dyn Bytes>,
        length: u64,
    ) -> Result<Self, Fault> {
        let row = dictionary.slots * 8;
        let packed = packed(dictionary, file, length)?;
        let left = length - dictionary.end;
        let most = match dictionary.compression {
            Compression::None => left,
            // a value takes at least the byte that says how it is written
            Compression::Bytecode => left.saturating_mul(8),
            Compression::Zlib => left.saturating_mul(8).saturating_mul(ZLIB_RATIO),
        };
        let wanted = match dictionary.rows {
            Some(rows) => Some(rows.checked_mul(row).filter(|bytes| *bytes <= most).ok_or(
                Fault::Truncated("it is too small for the number of rows that its header says"),
            )?),
            None => None,
        };
        let length = (image.len() as u64).saturating_add(wanted.unwrap_or(most));
        let rows = Rows { packed, row, given: 0, wanted };
        Ok(Self { dictionary: image, position: 0, length, rows })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let within = usize::try_from(self.position).ok().and_then(|at| self.dictionary.get(at..));
        let read = match within.filter(|rest| !rest.is_empty()) {
            Some(mut rest) => rest.read(buffer)?,
            None => self.rows.read(buffer).map_err(Fault::into_io)?,
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Unpacked {
    /// Only what asking for the length and the position needs: rows are read once.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(0) if self.rows.given == 0 => 0,
            SeekFrom::End(0) if self.rows.given == 0 => self.length,
            SeekFrom::Current(0) => self.position,
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(self.position)
    }
}

/// The rows, counted.
struct Rows {
    packed: Packed,
    /// Bytes of a row.
    row: u64,
    given: u64,
    /// Bytes of all rows, where the file says how many there are.
    wanted: Option<u64>,
}

impl Rows {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let read = self.packed.read(buffer)?;
        self.given += read as u64;
        if read == 0 {
            let complete = self.wanted.is_none_or(|wanted| self.given >= wanted);
            if !complete || !self.given.is_multiple_of(self.row) {
                return Err(Fault::Truncated("fewer rows than its header says"));
            }
        }
        if self.wanted.is_some_and(|wanted| self.given > wanted) {
            return Err(Fault::Broken("more rows than its header says"));
        }
        Ok(read)
    }
}

enum Packed {
    Plain(Box<dyn Read + Send>),
    Bytecode(Bytecode),
}

impl Packed {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        match self {
            Self::Plain(rows) => Ok(rows.read(buffer)?),
            Self::Bytecode(rows) => rows.read(buffer),
        }
    }
}

/// The rows behind a dictionary, the file standing anywhere.
fn packed(dictionary: &Dictionary, mut file: Box<dyn Bytes>, length: u64) -> Result<Packed, Fault> {
    file.seek(SeekFrom::Start(dictionary.end))?;
    let codes: Box<dyn Read + Send> = match dictionary.compression {
        Compression::None => {
            return Ok(Packed::Plain(Box::new(BufReader::with_capacity(1 << 18, file))));
        }
        Compression::Bytecode => Box::new(BufReader::with_capacity(1 << 18, file)),
        Compression::Zlib => {
            Box::new(BufReader::with_capacity(1 << 18, Blocks::new(file, dictionary.end, length)?))
        }
    };
    Ok(Packed::Bytecode(Bytecode {
        codes,
        block: [0; 8],
        at: 8,
        bias: dictionary.bias,
        ended: false,
    }))
}

/// Values written as one byte each that says how.
struct Bytecode {
    codes: Box<dyn Read + Send>,
    /// The bytes that say how the next values are written.
    block: [u8; 8],
    at: usize,
    bias: f64,
    ended: bool,
}

impl Bytecode {
    /// Whole values, as many as fit.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let mut written = 0;
        for value in buffer.chunks_exact_mut(8) {
            match self.next()? {
                Some(bytes) => value.copy_from_slice(&bytes),
                None => break,
            }
            written += 8;
        }
        Ok(written)
    }

    fn next(&mut self) -> Result<Option<[u8; 8]>, Fault> {
        while !self.ended {
            if self.at == 8 {
                match filled(&mut self.codes, &mut self.block)? {
                    0 => {
                        self.ended = true;
                        break;
                    }
                    8 => self.at = 0,
                    _ => return Err(Fault::Truncated("it ends within a row")),
                }
            }
            let code = self.block[self.at];
            self.at += 1;
            match code {
                0 => {}
                252 => self.ended = true,
                253 => {
                    let mut value = [0; 8];
                    return match filled(&mut self.codes, &mut value)? {
                        8 => Ok(Some(value)),
                        _ => Err(Fault::Truncated("it ends within a row")),
                    };
                }
                254 => return Ok(Some(SPACES)),
                255 => return Ok(Some(SYSTEM_MISSING)),
                small => return Ok(Some((f64::from(small) - self.bias).to_le_bytes())),
            }
        }
        Ok(None)
    }
}

/// Reads until the buffer is full or there is no more.
fn filled(reader: &mut impl Read, buffer: &mut [u8; 8]) -> Result<usize, Fault> {
    let mut read = 0;
    while read < 8 {
        match reader.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Fault::of_io(&error)),
        }
    }
    Ok(read)
}

/// The part of a file that holds compressed blocks.
type Section = BufReader<io::Take<Box<dyn Bytes>>>;

/// Compressed blocks, one behind the other.
struct Blocks {
    block: Option<ZlibDecoder<Section>>,
}

impl Blocks {
    fn new(mut file: Box<dyn Bytes>, start: u64, length: u64) -> Result<Self, Fault> {
        let mut head = [0; 24];
        file.read_exact(&mut head)?;
        let number = |at: usize| {
            let bytes = head[at..at + 8].try_into().unwrap_or_default();
            u64::try_from(i64::from_le_bytes(bytes)).unwrap_or(u64::MAX)
        };
        let (own, trailer, trailer_length) = (number(0), number(8), number(16));
        if own != start || trailer < start + 24 {
            return Err(Fault::Broken("its compressed rows"));
        }
        if trailer.checked_add(trailer_length).is_none_or(|end| end > length) {
            return Err(Fault::Truncated("it ends before its compressed rows do"));
        }
        let blocks = BufReader::with_capacity(1 << 16, file.take(trailer - start - 24));
        Ok(Self { block: Some(ZlibDecoder::new(blocks)) })
    }
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(block) = &mut self.block else { return Ok(0) };
            let read = block.read(buffer).map_err(|error| match error.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    Fault::Broken("its compressed rows").into_io()
                }
                _ => error,
            })?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let mut rest = match self.block.take() {
                Some(block) => block.into_inner(),
                None => return Ok(0),
            };
            if !rest.fill_buf()?.is_empty() {
                self.block = Some(ZlibDecoder::new(rest));
            }
        }
    }
}
