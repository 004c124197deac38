//! Synthetic registries: invented women, births and claims with known true effects.
//!
//! Every parameter stands in the study's folder with its source. A region-year has its own numbered
//! stream of the seed, so that the files have the same bytes on any number of threads.

use std::path::Path;

use rayon::prelude::*;
use verschil_study::Problem;

mod allocation;
mod casemix;
mod cells;
mod claims;
mod columns;
mod deliveries;
mod draws;
mod keys;
mod levels;
mod model;
mod parameters;
mod persons;
mod pregnancies;
mod register;
mod sinks;
mod truth;

pub use sinks::SynthFormat;

use deliveries::{Delivery, deliveries};
use model::Model;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SynthOptions {
    /// Seed of all draws of persons; the regions' own levels are part of the study.
    pub seed: u64,
    /// Size as a share of the study's own, 0.01 to 50.
    pub scale: f64,
    /// Format of the registries.
    pub format: SynthFormat,
    /// First and last year to write; the other years' draws do not change.
    pub years: Option<(i64, i64)>,
}

/// A file is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthProgress {
    /// Its name.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Files ready, this one included.
    pub done: usize,
    /// Files in all.
    pub files: usize,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SynthSummary {
    /// Files and their rows, by name.
    pub files: Vec<(String, u64)>,
    /// Pregnancies of the years written.
    pub pregnancies: u64,
    /// Rows of claims.
    pub claims: u64,
}

/// Smallest and largest size.
pub const SCALES: (f64, f64) = (0.01, 50.0);

/// Writes the registries of `folder`'s parameters and `truth.csv` into `out`. Files appear under
/// their names only when all are whole.
///
/// # Errors
/// Everything wrong with the options, with `synth.toml`, `synth_regions.csv` and `regions.csv`, and
/// files that cannot be written.
pub fn synth(
    folder: &Path,
    out: &Path,
    options: &SynthOptions,
    tell: &dyn Fn(SynthProgress),
) -> Result<SynthSummary, Vec<Problem>> {
    synth_on(0, folder, out, options, tell)
}

/// As [`synth`], on a number of threads; 0 for one per core.
fn synth_on(
    threads: usize,
    folder: &Path,
    out: &Path,
    options: &SynthOptions,
    tell: &dyn Fn(SynthProgress),
) -> Result<SynthSummary, Vec<Problem>> {
    let model = Model::load(folder, options.seed, options.scale)?;
    let years = years_asked(&model, options)?;
    let job = Job { model: &model, format: options.format, threads };
    write(&job, out, years, tell).map_err(|error| {
        vec![
            Problem::error("unwritable-folder", "the registries cannot be written")
                .found(format!("{}: {error}", out.display()))
                .hint("give a folder that can be written to, with enough space"),
        ]
    })
}

fn years_asked(model: &Model, options: &SynthOptions) -> Result<(i64, i64), Vec<Problem>> {
    let (first, last) = model.years();
    let asked = options.years.unwrap_or((first, last));
    if first <= asked.0 && asked.0 <= asked.1 && asked.1 <= last {
        return Ok(asked);
    }
    Err(vec![
        Problem::error("synth-years", "these years are not in the parameters")
            .found(format!("{} to {}", asked.0, asked.1))
            .allowed(format!("{first} to {last}"))
            .hint("leave the years out to write all of them"),
    ])
}

/// What all files have in common.
struct Job<'a> {
    model: &'a Model,
    format: SynthFormat,
    threads: usize,
}

fn write(
    job: &Job<'_>,
    out: &Path,
    years: (i64, i64),
    tell: &dyn Fn(SynthProgress),
) -> std::io::Result<SynthSummary> {
    std::fs::create_dir_all(out)?;
    let rough = tempfile::tempdir_in(out)?;
    let model = job.model;
    let mut made = run(job, &deliveries(model, years), rough.path(), tell)?;
    made.sort();
    let truth = truth::truth(model);
    truth::write(&truth, &rough.path().join(truth::FILE))?;
    made.push((truth::FILE.to_owned(), truth.len() as u64));
    for (name, _) in &made {
        std::fs::rename(rough.path().join(name), out.join(name))?;
    }
    let claims = made.iter().filter(|(name, _)| name.starts_with("claims_")).map(|(_, n)| n).sum();
    let pregnancies = (years.0..=years.1).map(|year| model.pregnancies_of_year(year)).sum();
    Ok(SynthSummary { files: made, pregnancies, claims })
}

/// Writes the deliveries on all threads and tells, on this one, what gets ready.
fn run(
    job: &Job<'_>,
    plan: &[Delivery],
    folder: &Path,
    tell: &dyn Fn(SynthProgress),
) -> std::io::Result<Vec<(String, u64)>> {
    let files = plan.iter().map(Delivery::file_count).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(job.threads).build();
    let pool = pool.map_err(std::io::Error::other)?;
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            pool.install(|| {
                plan.par_iter().try_for_each_with(send, |send, delivery| {
                    for ready in delivery.write(job.model, job.format, folder)? {
                        send.send(ready).map_err(std::io::Error::other)?;
                    }
                    Ok::<(), std::io::Error>(())
                })
            })
        });
        let mut made: Vec<(String, u64)> = Vec::new();
        for (file, rows) in receive {
            made.push((file.clone(), rows));
            tell(SynthProgress { file, rows, done: made.len(), files });
        }
        worker.join().map_err(|_| std::io::Error::other("a thread stopped"))??;
        Ok(made)
    })
}

#[cfg(test)]
mod tests;
