//! Results on disk: all of them, or the earlier ones untouched.

mod tables;

use std::path::Path;

use clap::ValueEnum;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use verschil_report::{Boundaries, Figure, Report};
use verschil_study::Problem;
use verschil_study::results::{InputFacts, Results};

use crate::boundaries;
use crate::replace::{Purpose, Replacement};

/// What ran, on what, and how long it took: the one file that differs between equal runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `verschil-manifest/1`.
    pub schema: String,
    /// Study id.
    pub study: String,
    /// Hash of the canonical protocol.
    pub protocol_hash: String,
    /// `locked`, `amended` or `exploratory`.
    pub status: String,
    /// Hash of the last entry of the lock; empty without one.
    pub lock: String,
    /// Whether the run was blind.
    pub blind: bool,
    /// Version of verschil.
    pub version: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Files read.
    pub inputs: Vec<InputFacts>,
    /// Rows read.
    pub rows_read: u64,
    /// Rows in the population.
    pub rows_in_population: u64,
    /// Rows of `estimates.csv`.
    pub estimates: usize,
    /// Seconds per stage.
    pub timings: Vec<Timing>,
}

/// How long a stage took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Stage.
    pub stage: String,
    /// Wall time.
    pub seconds: f64,
}

impl Manifest {
    /// The manifest of a run.
    #[must_use]
    pub fn new(results: &Results, rows_read: u64, timings: Vec<Timing>) -> Self {
        let lock = results.provenance.lock.as_ref();
        Self {
            schema: "verschil-manifest/1".into(),
            study: results.study.id.clone(),
            protocol_hash: results.provenance.protocol_hash.clone(),
            status: results.provenance.status.clone(),
            lock: lock.map(|lock| lock.head.clone()).unwrap_or_default(),
            blind: results.provenance.blind,
            version: results.provenance.version.clone(),
            seed: results.provenance.seed,
            inputs: results.provenance.inputs.clone(),
            rows_read,
            rows_in_population: results.attrition.last().map_or(rows_read, |step| step.after),
            estimates: results.estimates.len(),
            timings,
        }
    }
}

/// What a report can be written as; drawings are always written beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum ReportFormat {
    /// One self-contained page.
    Html,
    /// Pages of A4, tagged for those who hear them.
    Pdf,
    /// A Word document.
    Docx,
    /// Every figure as a picture.
    Png,
    /// Sheets for a meeting with the field, as PDF: one page per outcome and per treated region.
    Session,
}

/// In which languages and formats a report is written.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Languages, by their codes.
    pub languages: &'a [String],
    /// Formats.
    pub formats: &'a [ReportFormat],
}

/// What a report is written from.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The results.
    pub results: &'a Results,
    /// Outlines of regions, where there are.
    pub boundaries: Option<&'a Boundaries>,
}

const RESULTS: Purpose = Purpose {
    holds: "results",
    foreign: |folder| {
        let whole = folder.join("manifest.json").is_file();
        (!whole).then(|| "it has no manifest.json".to_owned())
    },
};

/// Writes everything beside `out`, then puts it in its place in one step; gives warnings.
///
/// # Errors
/// A problem that says what could not be written; `out` is then as it was.
pub fn write(
    told: Told<'_>,
    telling: Telling<'_>,
    manifest: &Manifest,
    out: &Path,
) -> Result<Vec<Problem>, Problem> {
    let unwritten = |error: std::io::Error| {
        Problem::error("unwritten", "the results could not be written")
            .found(format!("{}: {error}", out.display()))
            .hint(
                "earlier results in this folder are untouched; free space or choose another --out",
            )
    };
    let replacement = Replacement::new(out, &RESULTS)?;
    let warnings = fill(replacement.path(), told, telling, manifest).map_err(unwritten)?;
    replacement.commit().map_err(unwritten)?;
    Ok(warnings)
}

fn fill(
    folder: &Path,
    told: Told<'_>,
    telling: Telling<'_>,
    manifest: &Manifest,
) -> std::io::Result<Vec<Problem>> {
    std::fs::write(folder.join("results.json"), json(told.results)?)?;
    if let Some(boundaries) = told.boundaries {
        std::fs::write(folder.join(boundaries::FILE), boundaries.geojson())?;
    }
    tables::write(&folder.join("tables"), told.results)?;
    let warnings = write_report(folder, told, telling)?;
    // last, so that a folder with a manifest is a whole one
    std::fs::write(folder.join("manifest.json"), json(manifest)?)?;
    Ok(warnings)
}

/// Reports and figures of a result; languages side by side, since pages of paper take seconds.
/// Gives a warning for each language that lacks a text.
///
/// # Errors
/// When a file cannot be written.
pub fn write_report(
    folder: &Path,
    told: Told<'_>,
    telling: Telling<'_>,
) -> std::io::Result<Vec<Problem>> {
    std::fs::create_dir_all(folder.join("figures"))?;
    let write = |language: &String| write_in(folder, told, language, telling.formats);
    let written: Vec<_> = telling.languages.par_iter().map(write).collect();
    let warnings = written.into_iter().collect::<std::io::Result<Vec<_>>>()?;
    Ok(warnings.into_iter().flatten().collect())
}

fn write_in(
    folder: &Path,
    told: Told<'_>,
    language: &str,
    formats: &[ReportFormat],
) -> std::io::Result<Option<Problem>> {
    let report = Report::new(told.results, language, told.boundaries);
    let report = report.map_err(std::io::Error::other)?;
    for figure in report.figures() {
        let file = format!("figures/{}.{language}.svg", figure.name);
        std::fs::write(folder.join(file), &figure.svg)?;
    }
    let file = |extension: &str| folder.join(format!("report.{language}.{extension}"));
    for format in formats {
        match format {
            ReportFormat::Html => std::fs::write(file("html"), report.html())?,
            ReportFormat::Pdf => {
                std::fs::write(file("pdf"), report.pdf().map_err(std::io::Error::other)?)?;
            }
            ReportFormat::Docx => {
                std::fs::write(file("docx"), report.docx().map_err(std::io::Error::other)?)?;
            }
            ReportFormat::Png => pictures(folder, &report, language)?,
            ReportFormat::Session => {
                let sheets = report.session().map_err(std::io::Error::other)?;
                std::fs::write(folder.join(format!("session.{language}.pdf")), sheets)?;
            }
        }
    }
    Ok(in_english(language, &report.untranslated()))
}

fn in_english(language: &str, keys: &[&str]) -> Option<Problem> {
    (!keys.is_empty()).then(|| {
        Problem::warning("untranslated", "the report says some texts in English")
            .found(format!("{language}: {}", keys.join(", ")))
            .allowed("a text for every key of the report's words")
            .hint(
                "the report is whole; this is a fault of verschil that its makers like to hear of",
            )
    })
}

/// Dots for each unit of a drawing: sharp on paper at its usual width.
const DOTS: f32 = 2.0;

fn pictures(folder: &Path, report: &Report, language: &str) -> std::io::Result<()> {
    let write = |figure: &Figure| {
        let picture = verschil_report::png(figure, DOTS).map_err(std::io::Error::other)?;
        std::fs::write(folder.join(format!("figures/{}.{language}.png", figure.name)), picture)
    };
    let written: Vec<_> = report.figures().par_iter().map(write).collect();
    written.into_iter().collect()
}

fn json(value: &impl Serialize) -> std::io::Result<String> {
    let mut text = serde_json::to_string_pretty(value).map_err(std::io::Error::other)?;
    text.push('\n');
    Ok(text)
}
