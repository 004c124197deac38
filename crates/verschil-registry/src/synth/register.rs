//! The regions of the synthetic study: the dated register and what is invented about each.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use verschil_study::Problem;

/// The dated register, which the study's protocol uses too.
pub(super) const REGISTER: &str = "regions.csv";
/// What only the synthetic registries need.
pub(super) const INVENTED: &str = "synth_regions.csv";

/// Role in the design of the synthetic study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Arm {
    /// One of the six.
    Treated,
    /// Designed to be found by the main matching.
    Matched,
    /// Everything else.
    Other,
}

/// One region.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) code: String,
    pub(super) arm: Arm,
    /// Mean pregnancies of the study population a year in the window, at scale 1.
    pub(super) volume: f64,
    /// Mean of the five classes, 1 very urban to 5 not.
    pub(super) urbanisation: f64,
    /// Social position against the country, in standard deviations.
    pub(super) ses: f64,
    /// First and last year in which the code is used.
    pub(super) valid: (i64, i64),
    /// Position of the region that takes over.
    pub(super) successor: Option<usize>,
    pub(super) place: (f64, f64),
    pub(super) academic: bool,
    /// First and last full year as igo.
    pub(super) igo: Option<(i64, i64)>,
}

impl Region {
    pub(super) fn exists(&self, year: i64) -> bool {
        self.valid.0 <= year && year <= self.valid.1
    }

    pub(super) fn is_igo(&self, year: i64) -> bool {
        self.igo.is_some_and(|(first, last)| first <= year && year <= last)
    }
}

#[derive(Deserialize)]
struct RegisterRow {
    code: String,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    #[serde(default)]
    successor: String,
    x: f64,
    y: f64,
    academic: bool,
    igo_from: Option<i64>,
    igo_to: Option<i64>,
}

#[derive(Deserialize)]
struct InventedRow {
    code: String,
    arm: Arm,
    volume: f64,
    urbanisation: f64,
    ses: f64,
    source: String,
}

/// Reads both files and joins them by code.
pub(super) fn read(folder: &Path) -> Result<Vec<Region>, Vec<Problem>> {
    let register: Vec<RegisterRow> = rows(folder, REGISTER)?;
    let invented: Vec<InventedRow> = rows(folder, INVENTED)?;
    let mut problems = Vec::new();
    for row in &register {
        if register.iter().filter(|other| other.code == row.code).count() > 1 {
            problems.push(region_problem(REGISTER, &row.code, "a code stands twice"));
        }
        if !row.successor.is_empty() && !register.iter().any(|r| r.code == row.successor) {
            problems.push(region_problem(REGISTER, &row.successor, "a successor is not there"));
        }
        if row.successor.is_empty() == row.valid_to.is_some() {
            let text = "a region ends without a successor, or has one without an end";
            problems.push(region_problem(REGISTER, &row.code, text));
        }
    }
    for row in &invented {
        if !register.iter().any(|other| other.code == row.code) {
            problems.push(region_problem(INVENTED, &row.code, "a code is not in regions.csv"));
        }
        if row.volume <= 0.0 || !(1.0..=5.0).contains(&row.urbanisation) || !row.ses.is_finite() {
            let text = "volume is not above 0, or urbanisation not from 1 to 5";
            problems.push(region_problem(INVENTED, &row.code, text));
        }
        if row.source.is_empty() {
            problems.push(region_problem(INVENTED, &row.code, "a row without source"));
        }
    }
    let regions: Vec<Region> = register
        .iter()
        .filter_map(|row| match invented.iter().find(|other| other.code == row.code) {
            Some(found) => Some(region(row, found, &register)),
            None => {
                problems.push(region_problem(INVENTED, &row.code, "a code is missing"));
                None
            }
        })
        .collect();
    if problems.is_empty() { Ok(regions) } else { Err(problems) }
}

fn region(row: &RegisterRow, found: &InventedRow, register: &[RegisterRow]) -> Region {
    Region {
        code: row.code.clone(),
        arm: found.arm,
        volume: found.volume,
        urbanisation: found.urbanisation,
        ses: found.ses,
        valid: (row.valid_from.unwrap_or(i64::MIN), row.valid_to.unwrap_or(i64::MAX)),
        successor: register.iter().position(|other| other.code == row.successor),
        place: (row.x, row.y),
        academic: row.academic,
        // `igo_to` is the year in which it stops, which is no full year
        igo: row.igo_from.map(|first| (first, row.igo_to.map_or(i64::MAX, |to| to - 1))),
    }
}

fn rows<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<Vec<T>, Vec<Problem>> {
    let path = folder.join(file);
    let unreadable = |error: csv::Error| {
        vec![
            Problem::error("synth-regions", "the regions cannot be read")
                .in_file(file)
                .found(error.to_string())
                .hint("the synthetic study of this project shows every column"),
        ]
    };
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    reader.deserialize().collect::<Result<Vec<T>, csv::Error>>().map_err(unreadable)
}

fn region_problem(file: &str, code: &str, text: &str) -> Problem {
    Problem::error("synth-regions", text)
        .in_file(file)
        .found(code)
        .hint("regions.csv and synth_regions.csv hold the same codes, each once")
}
