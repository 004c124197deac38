//! SPSS system files, plain or compressed.

mod decode;
mod dictionary;
mod rows;

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;

use ambers::error::SpssError;
use ambers::{Scanner, SpssMetadata, scan_sav_from_reader};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use verschil_study::{Problem, Source};

use super::fault::Fault;
use super::row_table::{decoded, until_end};
use super::{Opening, columns};
use crate::engine::BATCH_ROWS;
use crate::inputs::Input;
use decode::SavColumn;
use dictionary::Dictionary;
use rows::Unpacked;

/// Bytes of rows that are held at a time.
const HELD: u64 = 32 << 20;

pub(super) async fn open(opening: Opening<'_>) -> Result<DataFrame, Vec<Problem>> {
    let file = SavFile::open(opening.source, opening.input)?;
    decoded(opening, file.schema(), move |chosen| file.batches(chosen))
}

/// A file whose dictionary has been read.
struct SavFile {
    path: PathBuf,
    length: u64,
    dictionary: Dictionary,
    /// The dictionary as the library sees it when it reads rows.
    image: Arc<[u8]>,
    /// Declared columns that stand in the file.
    columns: Vec<SavColumn>,
}

impl SavFile {
    fn open(source: &Source, input: &Input) -> Result<Self, Vec<Problem>> {
        let tell = |fault: Fault| vec![fault.problem(source, input)];
        let (length, dictionary) = dictionary_of(input).map_err(tell)?;
        let metadata = metadata(&dictionary).map_err(tell)?;
        let found = columns::find(source, &input.file, &metadata.variable_names)?;
        if dictionary.rows == Some(0) {
            return Err(tell(Fault::NoRows));
        }
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for one in &found {
            let column = &source.columns[one.declared];
            match SavColumn::new(column, &one.name, &metadata) {
                Ok(column) => columns.push(column),
                Err(fault) => problems.push(fault.problem(source, input).at(&column.place)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let image = dictionary.plain.as_slice().into();
        Ok(Self { path: input.path.clone(), length, dictionary, image, columns })
    }

    fn schema(&self) -> SchemaRef {
        let fields = self.columns.iter().map(SavColumn::field);
        Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
    }

    /// Batches of some columns, the rows read as they are asked for.
    fn batches(
        &self,
        chosen: &[usize],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Fault>> + Send + use<>, Fault> {
        let file = Box::new(File::open(&self.path)?);
        let unpacked = Unpacked::whole(&self.dictionary, self.image.clone(), file, self.length)?;
        let rows = usize::try_from(HELD / (self.dictionary.slots * 8)).unwrap_or(1);
        let mut scanner =
            scan_sav_from_reader(unpacked, rows.clamp(1, BATCH_ROWS)).map_err(fault_of)?;
        let columns: Vec<SavColumn> = chosen.iter().map(|&at| self.columns[at].clone()).collect();
        let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        scanner.select(&names).map_err(fault_of)?;
        let schema =
            Arc::new(Schema::new(columns.iter().map(SavColumn::field).collect::<Vec<_>>()));
        let mut reading = Reading { scanner, schema, columns, done: 0 };
        Ok(until_end(move || reading.batch()))
    }
}

/// Length and dictionary of a file.
fn dictionary_of(input: &Input) -> Result<(u64, Dictionary), Fault> {
    let file = File::open(&input.path)?;
    let length = file.metadata()?.len();
    let dictionary = dictionary::read(&mut BufReader::new(file), length)?;
    Ok((length, dictionary))
}

/// What the library makes of a dictionary.
fn metadata(dictionary: &Dictionary) -> Result<SpssMetadata, Fault> {
    let scanner =
        scan_sav_from_reader(Unpacked::bare(&dictionary.described), 1).map_err(fault_of)?;
    Ok(scanner.metadata().clone())
}

/// An error of the library without its words, which may hold what stands in the file.
fn fault_of(error: SpssError) -> Fault {
    match error {
        SpssError::Io(error) => Fault::of_io(&error),
        SpssError::TruncatedFile { .. } => Fault::Truncated("it ends before its rows begin"),
        SpssError::UnsupportedCompression(_) => Fault::Unsupported("an unknown compression"),
        _ => Fault::Broken("its list of columns or their labels"),
    }
}

/// Rows on their way.
struct Reading {
    scanner: Scanner<Unpacked>,
    schema: SchemaRef,
    columns: Vec<SavColumn>,
    /// Rows given so far.
    done: u64,
}

impl Reading {
    fn batch(&mut self) -> Result<Option<RecordBatch>, Fault> {
        let Some(batch) = self.scanner.next_batch().map_err(fault_of)? else {
            return if self.done == 0 { Err(Fault::NoRows) } else { Ok(None) };
        };
        let mut columns = Vec::new();
        for column in &self.columns {
            let held = batch.column_by_name(&column.name);
            let held = held.ok_or(Fault::Broken("its list of columns"))?;
            columns.push(column.decode(held.as_ref(), self.done)?);
        }
        self.done += batch.num_rows() as u64;
        let batch = RecordBatch::try_new(self.schema.clone(), columns);
        batch.map(Some).map_err(|_| Fault::Broken("its rows"))
    }
}
