//! How well a study on synthetic registries finds the effects that were put into them.
//!
//! usage: recovery STUDY_FOLDER SEEDS SCALE
//!
//! For each seed the registries are made anew and the study runs. Per outcome the table says how far
//! the pooled estimates lie from the truth on average, how much they spread, and how often the 95%
//! interval of each method holds the truth, with the Monte Carlo error of such a share.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use verschil::run::{Request, run};
use verschil::write::ReportFormat;
use verschil_registry::synth::{SynthFormat, SynthOptions, synth};
use verschil_study::results::{EstimateRow, Results};

/// Estimates of one outcome over all seeds.
#[derive(Default)]
struct Record {
    truth: f64,
    errors: Vec<f64>,
    /// For each method how often its interval held the truth, of how many.
    covered: BTreeMap<String, (u32, u32)>,
    holds: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(seeds), Some(scale)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: recovery STUDY_FOLDER SEEDS SCALE".into());
    };
    let (folder, seeds, scale) = (PathBuf::from(folder), seeds.parse::<u64>()?, scale.parse()?);
    let mut records = BTreeMap::new();
    for seed in 1..=seeds {
        let results = one(&folder, seed, scale, &mut records)?;
        eprintln!("seed {seed} of {seeds}: {} estimates", results.estimates.len());
    }
    print!("{}", table(&records));
    Ok(())
}

/// Makes the registries of one seed, runs the study and notes what it found.
fn one(
    study: &Path,
    seed: u64,
    scale: f64,
    records: &mut BTreeMap<String, Record>,
) -> Result<Results, Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    copy(study, scratch.path())?;
    let registries = scratch.path().join("registries");
    let options = SynthOptions { seed, scale, format: SynthFormat::Parquet, years: None };
    synth(study, &registries, &options, &|_| {}).map_err(|problems| format!("{problems:?}"))?;
    let request = Request {
        protocol: scratch.path().join("protocol.toml"),
        out: scratch.path().join("out"),
        cache: None,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    let results = run(&request, &|_| {}).map_err(|failure| format!("{failure:?}"))?.results;
    let truth = truth(&registries.join("truth.csv"), &results)?;
    let main = results.design.comparisons.iter().find(|c| c.main).map(|c| c.id.clone());
    for row in &results.estimates {
        if row.analysis == "main" && Some(&row.comparison) == main.as_ref() {
            note(records, row, &truth);
        }
    }
    Ok(results)
}

/// The files of a study beside its registries.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_file() {
            std::fs::copy(path, target)?;
        } else if entry.file_name() == "codelists" {
            std::fs::create_dir_all(&target)?;
            copy(&path, &target)?;
        }
    }
    Ok(())
}

/// The pooled truth of each outcome: the mean effect over treated regions and periods in which the
/// outcome is known, regions weighed by their units after the start.
fn truth(path: &Path, results: &Results) -> Result<BTreeMap<String, f64>, Box<dyn Error>> {
    let weight: BTreeMap<&str, f64> = results
        .matching
        .iter()
        .filter(|row| row.role == "treated")
        .map(|row| (row.region.as_str(), row.units_post))
        .collect();
    let post: Vec<i64> =
        results.design.periods.iter().filter(|p| p.phase == "post").map(|p| p.id).collect();
    let known = |outcome: &str, year: i64| {
        results.levels.iter().any(|row| row.outcome == outcome && row.period == year && row.n > 0.0)
    };
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let at = |name: &str| {
        header.iter().position(|h| h == name).ok_or_else(|| format!("truth.csv has no {name}"))
    };
    let (outcome, region, year, effect) =
        (at("outcome")?, at("region")?, at("year")?, at("effect")?);
    for record in reader.records() {
        let record = record?;
        let year: i64 = record[year].parse()?;
        let Some(weight) = weight.get(&record[region]) else { continue };
        if post.contains(&year) && known(&record[outcome], year) {
            let sum = sums.entry(record[outcome].to_owned()).or_default();
            sum.0 += weight * record[effect].parse::<f64>()?;
            sum.1 += weight;
        }
    }
    Ok(sums.into_iter().map(|(outcome, (sum, weight))| (outcome, sum / weight)).collect())
}

fn note(records: &mut BTreeMap<String, Record>, row: &EstimateRow, truth: &BTreeMap<String, f64>) {
    let (Some(estimate), Some(&truth)) = (row.estimate, truth.get(&row.outcome)) else { return };
    let record = records.entry(row.outcome.clone()).or_default();
    record.truth = truth;
    if row.headline {
        record.errors.push(estimate - truth);
        record.holds += u32::from(row.trend_holds == Some(true));
    }
    if let (Some(low), Some(high)) = (row.ci_low, row.ci_high) {
        let covered = record.covered.entry(row.method.clone()).or_default();
        covered.0 += u32::from(low <= truth && truth <= high);
        covered.1 += 1;
    }
}

#[allow(clippy::cast_precision_loss)]
fn table(records: &BTreeMap<String, Record>) -> String {
    use std::fmt::Write as _;
    let methods: Vec<&String> = records
        .values()
        .flat_map(|record| record.covered.keys())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let names: String = methods.iter().map(|method| format!(" {method} |")).collect();
    let mut text =
        format!("| outcome | truth | bias | bias's error | spread | trend rule holds |{names}\n");
    text.push_str(&"|---".repeat(6 + methods.len()));
    text.push_str("|\n");
    for (outcome, record) in records {
        let n = record.errors.len() as f64;
        let bias = record.errors.iter().sum::<f64>() / n;
        let variance = record.errors.iter().map(|e| (e - bias).powi(2)).sum::<f64>() / (n - 1.0);
        let spread = variance.sqrt();
        write!(
            text,
            "| {outcome} | {:.4} | {bias:.4} | {:.4} | {spread:.4} | {:.0}% |",
            record.truth,
            spread / n.sqrt(),
            100.0 * f64::from(record.holds) / n,
        )
        .expect("a string takes all");
        for method in &methods {
            match record.covered.get(*method) {
                Some((inside, of)) => {
                    let share = f64::from(*inside) / f64::from(*of);
                    let error = (share * (1.0 - share) / f64::from(*of)).sqrt();
                    write!(text, " {:.0}% ± {:.0} |", 100.0 * share, 100.0 * error)
                        .expect("a string takes all");
                }
                None => text.push_str(" - |"),
            }
        }
        text.push('\n');
    }
    text
}
