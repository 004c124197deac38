//! Stata files, from Stata 8 on.

mod decode;
mod lengths;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use dta::stata::dta::characteristic_reader::CharacteristicReader;
use dta::stata::dta::dta_error::{DtaError, FormatErrorKind, Section};
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::record_reader::RecordReader;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::dta::variable::Variable;
use verschil_study::{Problem, Source};

use super::fault::Fault;
use super::row_table::{decoded, until_end};
use super::{Opening, columns};
use crate::engine::BATCH_ROWS;
use crate::inputs::Input;
use decode::{Column, DtaColumn};

type Stream = BufReader<File>;

pub(super) async fn open(opening: Opening<'_>) -> Result<DataFrame, Vec<Problem>> {
    let file = DtaFile::open(opening.source, opening.input)?;
    decoded(opening, schema(&file.columns), move |chosen| file.batches(chosen))
}

fn schema(columns: &[DtaColumn]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(DtaColumn::field).collect::<Vec<Field>>()))
}

/// A file whose description has been read.
struct DtaFile {
    path: PathBuf,
    /// Declared columns that stand in the file.
    columns: Vec<DtaColumn>,
}

impl DtaFile {
    fn open(source: &Source, input: &Input) -> Result<Self, Vec<Problem>> {
        let tell = |fault: Fault| vec![fault.problem(source, input)];
        let described = described(&input.path).map_err(tell)?;
        let variables = described.schema().variables().to_vec();
        let names: Vec<String> = variables.iter().map(|one| one.name().to_owned()).collect();
        let found = columns::find(source, &input.file, &names)?;
        if described.header().observation_count() == 0 {
            return Err(tell(Fault::NoRows));
        }
        let labelled = source.columns.iter().any(|column| column.labels);
        let labels =
            if labelled { labels(described).map_err(tell)? } else { ValueLabelTable::new() };
        let mut columns = Vec::new();
        let mut problems = Vec::new();
        for one in &found {
            let column = &source.columns[one.declared];
            let at = names.iter().position(|name| *name == one.name).unwrap_or_default();
            let labels = column.labels.then(|| of_variable(&labels, &variables[at]));
            match DtaColumn::new(column, at, &variables[at], labels) {
                Ok(column) => columns.push(column),
                Err(fault) => problems.push(fault.problem(source, input).at(&column.place)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { path: input.path.clone(), columns })
    }

    /// Batches of some columns, the rows read as they are asked for.
    fn batches(
        &self,
        chosen: &[usize],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Fault>> + Send + use<>, Fault> {
        let columns: Vec<DtaColumn> = chosen.iter().map(|&at| self.columns[at].clone()).collect();
        let records = records(described(&self.path)?)?;
        let mut reading = Reading { records, schema: schema(&columns), columns, done: 0 };
        Ok(until_end(move || reading.batch()))
    }
}

/// Header and columns of a file whose lengths have been checked.
fn described(path: &Path) -> Result<CharacteristicReader<Stream>, Fault> {
    let head = lengths::head(path)?;
    let header = DtaReader::new().from_file(File::open(path)?).read_header().map_err(fault_of)?;
    head.check_columns(header.header())?;
    let described = header.read_schema().map_err(fault_of)?;
    head.check_rows(described.header(), described.schema())?;
    Ok(described)
}

fn records(mut described: CharacteristicReader<Stream>) -> Result<RecordReader<Stream>, Fault> {
    if described.header().release().is_xml_like() {
        return described.seek_records().map_err(fault_of);
    }
    described.skip_to_end().map_err(fault_of)?;
    described.into_record_reader().map_err(fault_of)
}

fn labels(described: CharacteristicReader<Stream>) -> Result<ValueLabelTable, Fault> {
    let mut table = ValueLabelTable::new();
    let mut reader = if described.header().release().is_xml_like() {
        described.seek_value_labels().map_err(fault_of)?
    } else {
        let records = records(described)?;
        records.seek_value_labels().map_err(fault_of)?
    };
    reader.read_remaining_into(&mut table).map_err(fault_of)?;
    Ok(table)
}

fn of_variable(labels: &ValueLabelTable, variable: &Variable) -> HashMap<i32, String> {
    let set = labels.get(variable.value_label_name());
    let entries = set.map_or(&[][..], |set| set.entries()).iter();
    entries
        .map(|entry| (entry.value(), entry.label().trim().to_owned()))
        .filter(|(_, label)| !label.is_empty())
        .collect()
}

/// An error of the library without its words, which may hold what stands in the file.
fn fault_of(error: DtaError) -> Fault {
    let section = error_section(&error);
    match error {
        DtaError::Io { source, .. } => match Fault::of_io(&source) {
            Fault::Io(std::io::ErrorKind::Other) => Fault::Broken(section),
            fault => fault,
        },
        DtaError::Format(error) => match error.kind() {
            FormatErrorKind::UnsupportedRelease { .. } => {
                Fault::Unsupported("a Stata file of an unknown version")
            }
            FormatErrorKind::InvalidEncoding { .. } => {
                Fault::Broken("text with bytes that its encoding does not have")
            }
            FormatErrorKind::Truncated { .. } => Fault::Truncated(section),
            _ => Fault::Broken(section),
        },
        _ => Fault::Broken(section),
    }
}

fn error_section(error: &DtaError) -> &'static str {
    let section = match error {
        DtaError::Io { section, .. } => *section,
        DtaError::Format(error) => error.section(),
        _ => Section::Schema,
    };
    match section {
        Section::Header => "its header",
        Section::Schema => "its list of columns",
        Section::Characteristics => "its notes",
        Section::Records => "its rows",
        Section::ValueLabels => "its value labels",
        _ => "its long texts",
    }
}

/// Rows on their way.
struct Reading {
    records: RecordReader<Stream>,
    schema: SchemaRef,
    columns: Vec<DtaColumn>,
    /// Rows given so far.
    done: u64,
}

impl Reading {
    fn batch(&mut self) -> Result<Option<RecordBatch>, Fault> {
        let mut columns: Vec<Column> = self.columns.iter().map(DtaColumn::column).collect();
        let mut rows = 0;
        while rows < BATCH_ROWS {
            let Some(record) = self.records.read_lazy_record().map_err(fault_of)? else { break };
            rows += 1;
            for (own, column) in self.columns.iter().zip(&mut columns) {
                let value = record.value(own.at).map_err(fault_of)?;
                own.push(column, &value, self.done + rows as u64)?;
            }
        }
        self.done += rows as u64;
        if rows == 0 {
            return Ok(None);
        }
        let columns = columns.into_iter().map(Column::finish).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns);
        batch.map(Some).map_err(|_| Fault::Broken("its rows"))
    }
}
