//! Synthetic registries in a folder: all of them, or the earlier ones untouched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use verschil_registry::synth::{SynthOptions, SynthProgress, SynthSummary, synth};
use verschil_study::Problem;

use crate::replace::{Purpose, Replacement};

/// The file that says what a folder of registries is.
pub const CARD: &str = "synth.json";
const SCHEMA: &str = "verschil-synth/1";

/// What to make, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The study's folder, with the parameters.
    pub study: PathBuf,
    /// The folder of the registries.
    pub out: PathBuf,
    /// Size, seed, format and years.
    pub options: SynthOptions,
}

/// Why no registries were made.
#[derive(Debug)]
pub enum Failure {
    /// The options or the parameters have problems.
    Parameters(Vec<Problem>),
    /// The registries could not be written; earlier ones are untouched.
    Unwritten(Vec<Problem>),
}

/// What stands beside the registries: that they are made up, and how to make the same again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Card {
    schema: String,
    synthetic: bool,
    version: String,
    seed: u64,
    scale: f64,
    format: String,
    years: Option<(i64, i64)>,
    files: Vec<CardFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CardFile {
    name: String,
    rows: u64,
}

const REGISTRIES: Purpose = Purpose { holds: "synthetic registries", foreign };

/// A folder is ours when its card can be read and names every file in it.
fn foreign(folder: &Path) -> Option<String> {
    let card: Option<Card> = std::fs::read_to_string(folder.join(CARD))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .filter(|card: &Card| card.schema == SCHEMA);
    let Some(card) = card else { return Some(format!("it has no {CARD} of verschil synth")) };
    let named: BTreeSet<&str> = card.files.iter().map(|file| file.name.as_str()).collect();
    let Ok(entries) = folder.read_dir() else { return Some("it cannot be read".into()) };
    let others: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != CARD && !named.contains(name.as_str()))
        .collect();
    let first = others.iter().min()?;
    Some(format!("{} files in it are not named in its {CARD}, such as {first}", others.len()))
}

/// Makes the registries of a study.
///
/// # Errors
/// A [`Failure`]; whatever stood in the folder of the registries is then untouched.
pub fn synthesise(
    request: &Request,
    tell: &dyn Fn(SynthProgress),
) -> Result<SynthSummary, Failure> {
    let replacement =
        Replacement::new(&request.out, &REGISTRIES).map_err(|p| Failure::Unwritten(vec![p]))?;
    let made = synth(&request.study, replacement.path(), &request.options, tell);
    let summary = made.map_err(|problems| {
        let unwritten = problems.iter().any(|problem| problem.code == "unwritable-folder");
        if unwritten { Failure::Unwritten(problems) } else { Failure::Parameters(problems) }
    })?;
    let unwritten = |error: std::io::Error| {
        let problem = Problem::error("unwritten", "the registries could not be written")
            .found(format!("{}: {error}", request.out.display()))
            .hint("what stood in this folder is untouched; free space or choose another --out");
        Failure::Unwritten(vec![problem])
    };
    let card = card(&request.options, &summary).map_err(unwritten)?;
    std::fs::write(replacement.path().join(CARD), card).map_err(unwritten)?;
    replacement.commit().map_err(unwritten)?;
    Ok(summary)
}

fn card(options: &SynthOptions, summary: &SynthSummary) -> std::io::Result<String> {
    let files =
        summary.files.iter().map(|(name, rows)| CardFile { name: name.clone(), rows: *rows });
    let card = Card {
        schema: SCHEMA.to_owned(),
        synthetic: true,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: options.seed,
        scale: options.scale,
        format: options.format.extension().to_owned(),
        years: options.years,
        files: files.collect(),
    };
    let mut text = serde_json::to_string_pretty(&card).map_err(std::io::Error::other)?;
    text.push('\n');
    Ok(text)
}
