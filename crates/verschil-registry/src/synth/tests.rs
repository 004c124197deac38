//! What the synthetic registries promise, checked on the study's own parameters.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::model::Model;
use super::{SynthFormat, SynthOptions, SynthSummary, synth};

mod arms;
mod effects;
mod files;
mod margins;
mod refusals;
mod rows;

/// The study whose parameters are tested.
fn study() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies/geboortezorg")
}

fn model(scale: f64) -> Model {
    Model::load(&study(), 1, scale).unwrap()
}

fn options(scale: f64, format: SynthFormat, years: (i64, i64)) -> SynthOptions {
    SynthOptions { seed: 1, scale, format, years: Some(years) }
}

fn make(out: &Path, options: &SynthOptions) -> SynthSummary {
    synth(&study(), out, options, &|_| ()).unwrap()
}

/// A row of a table by column name in small letters.
type Row = BTreeMap<String, String>;

/// Rows of a CSV that the synthetic registries wrote.
fn read(path: &Path) -> Vec<Row> {
    let bytes = std::fs::read(path).unwrap();
    let text = encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_lowercase).collect();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.unwrap();
        names.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

/// Four standard errors of a share, so that a right share fails once in about 16,000 checks.
fn four_errors(share: f64, rows: usize) -> f64 {
    4.0 * (share * (1.0 - share) / rows as f64).sqrt()
}

/// Share of rows for which something holds.
fn share(rows: &[&Row], holds: impl Fn(&Row) -> bool) -> f64 {
    rows.iter().filter(|row| holds(row)).count() as f64 / rows.len() as f64
}
