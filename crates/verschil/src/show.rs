//! What the command line shows: progress on a terminal, problems, and a table at the end.

pub(crate) mod validation;

use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{HumanCount, HumanDuration, HumanFloatCount, ProgressBar, ProgressStyle};
use verschil_registry::synth::{SynthProgress, SynthSummary};
use verschil_stats::validate::Outcome;
use verschil_study::results::{EstimateRow, LockFacts, Results};
use verschil_study::{Problem, Protocol};

use crate::lint::Linted;
use crate::lock::{Standing, status};
use crate::run::{Event, Stage};
use crate::validate::{self, Tally};

/// Where messages go.
pub struct Screen {
    json: bool,
    bar: Option<ProgressBar>,
    missing: Mutex<Vec<String>>,
}

impl Screen {
    /// A screen for people, or for machines.
    #[must_use]
    pub fn new(json: bool) -> Self {
        let bar = (!json && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { json, bar, missing: Mutex::default() }
    }

    /// Listens to a run.
    pub fn hear(&self, event: &Event) {
        match event {
            Event::Warning(problem) => self.problem(problem),
            Event::Cached => self.progress("the sums of an earlier run are used"),
            Event::Linking(rows) => self.progress(&format!("{rows} rows prepared for linking")),
            Event::OnDisk(bytes) => {
                let megabytes = bytes.div_ceil(1_000_000);
                self.note(&format!(
                    "linking did not fit in memory: {megabytes} MB went to disk for a while"
                ));
            }
            Event::Total(rows) => self.expect(*rows),
            Event::Rows(rows) => self.count(*rows),
            Event::Stage(stage) => self.progress(match stage {
                Stage::Plan => "checking the protocol",
                Stage::Read => "reading the sources",
                Stage::Estimate => "estimating",
                Stage::Write => "writing results and report",
            }),
        }
    }

    /// A file of registries is ready.
    pub fn made(&self, progress: &SynthProgress) {
        let SynthProgress { file, done, files, .. } = progress;
        self.progress(&format!("{done} of {files} files: {file}"));
    }

    /// The end of making registries.
    pub fn registries(&self, summary: &SynthSummary, out: &Path) {
        if self.json {
            let files: Vec<serde_json::Value> = summary
                .files
                .iter()
                .map(|(name, rows)| serde_json::json!({ "name": name, "rows": rows }))
                .collect();
            let made = serde_json::json!({
                "registries": out,
                "pregnancies": summary.pregnancies,
                "claims": summary.claims,
                "files": files,
            });
            self.out(&made.to_string());
        } else {
            self.out(&format!(
                "{}: {} files with {} pregnancies and {} rows of claims, all invented; the true \
                 effects stand in truth.csv",
                out.display(),
                summary.files.len(),
                summary.pregnancies,
                summary.claims
            ));
        }
    }

    /// Listens to a validation; `all` shows every number.
    pub fn validating(&self, event: &validate::Event, all: bool) {
        match event {
            validate::Event::Begins(case, at, of) => {
                if *at == 1 && !self.json {
                    self.say(&validation::head());
                }
                self.progress(&format!("case {at} of {of}: {}", case.id));
            }
            validate::Event::Ended(case, outcome) => {
                self.pause(|| {
                    if self.json {
                        self.out(&validation::as_json(case, outcome).to_string());
                    } else {
                        self.out(&validation::line(case, outcome));
                        let below = validation::below(case, outcome, all);
                        if !below.is_empty() {
                            self.out(below.trim_end());
                        }
                    }
                    if let Outcome::Broken(fault) = outcome {
                        self.problem(&validate::problem(case, fault));
                    }
                });
                if let Outcome::NotRun(paths) = outcome {
                    let mut missing =
                        self.missing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    missing.extend(paths.iter().cloned());
                    missing.sort();
                    missing.dedup();
                }
            }
        }
    }

    /// The end of a validation.
    pub fn validated(&self, tally: &Tally, all: bool) {
        if self.json {
            self.out(&validation::tally_json(tally).to_string());
            return;
        }
        if all {
            self.out(&format!("\n{}", validation::not_compared().trim_end()));
        }
        let missing = self.missing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.out(&format!("\n{}", validation::closing(tally, &missing)));
    }

    /// Does something with the progress out of its way.
    fn pause(&self, show: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(show),
            None => show(),
        }
    }

    fn progress(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
            bar.tick();
        }
    }

    /// Rows will be read from now on, so many.
    fn expect(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(rows);
            bar.reset_eta();
        }
    }

    fn count(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(rows);
            let left = bar.length().map(|_| bar.eta());
            self.progress(&reading(rows, bar.length(), bar.per_sec(), left));
        }
    }

    /// Takes the progress away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// One problem, on standard error, or as a line of JSON on standard output.
    pub fn problem(&self, problem: &Problem) {
        if self.json {
            self.out(&serde_json::json!({ "problem": problem }).to_string());
        } else {
            self.note(&problem.to_string());
        }
    }

    /// A line about the work itself, on standard error.
    pub fn note(&self, line: &str) {
        if !self.json {
            // a closed standard error leaves nobody to tell
            drop(writeln!(std::io::stderr(), "{line}"));
        }
    }

    /// A line of output.
    pub fn say(&self, line: &str) {
        if self.json {
            self.out(&serde_json::json!({ "message": line }).to_string());
        } else {
            self.out(line);
        }
    }

    /// The resolved protocol, and how it stands to its lock.
    pub fn plan(&self, protocol: &Protocol, standing: &Standing) {
        let plain: serde_json::Value =
            serde_json::from_str(&protocol.canonical_json()).unwrap_or_default();
        let hash = protocol.hash();
        let (files, facts) = (&standing.fixed.files, standing.facts());
        let status = status(facts.as_ref());
        if self.json {
            let planned = serde_json::json!({
                "hash": hash, "protocol": plain, "files": files, "status": status, "lock": facts,
            });
            self.out(&planned.to_string());
            return;
        }
        self.out(&serde_json::to_string_pretty(&plain).unwrap_or_default());
        self.out(&format!("hash {hash}"));
        for file in files {
            self.out(&format!("file {} sha256 {}", file.file, file.sha256));
        }
        self.out(&format!("status {}", told(status, facts.as_ref())));
    }

    /// What the rules say about claims.
    pub fn audit(&self, linted: &Linted) {
        if self.json {
            let told = serde_json::json!({ "audit": linted.audit, "told": linted.lines });
            self.out(&told.to_string());
        } else {
            linted.lines.iter().for_each(|line| self.out(line));
        }
    }

    /// The end of a run.
    pub fn result(&self, table: &str, out: &Path) {
        if self.json {
            self.out(&serde_json::json!({ "results": out.join("results.json") }).to_string());
        } else {
            self.out(table);
        }
    }

    fn out(&self, text: &str) {
        // a reader that has seen enough closes the pipe
        drop(writeln!(std::io::stdout(), "{text}"));
    }
}

/// How far reading is: rows, of how many where that is known, rows a second, and time left.
fn reading(rows: u64, of: Option<u64>, rate: f64, left: Option<Duration>) -> String {
    let mut text = HumanCount(rows).to_string();
    if let Some(all) = of {
        text.push_str(&format!(" of {}", HumanCount(all)));
    }
    text.push_str(" rows read");
    if rate >= 1.0 {
        text.push_str(&format!(", {} a second", HumanFloatCount(rate.round())));
        if let Some(left) = left {
            text.push_str(&format!(", {} left", HumanDuration(left)));
        }
    }
    text
}

/// A status with what it rests on.
fn told(status: &str, lock: Option<&LockFacts>) -> String {
    let Some(lock) = lock else { return format!("{status}: there is no lock") };
    let mut text = format!("{status}: locked by {} at {}", lock.author, lock.time);
    let amendments = lock.amendments.len();
    if amendments > 0 {
        let noun = if amendments == 1 { "amendment" } else { "amendments" };
        text.push_str(&format!(", {amendments} {noun}"));
    }
    if let Some(opened) = lock.unblindings.first() {
        text.push_str(&format!(", results opened by {} at {}", opened.author, opened.time));
    }
    if !lock.differences.is_empty() {
        let places: Vec<&str> = lock.differences.iter().map(|c| c.place.as_str()).collect();
        text.push_str(&format!("; changed since without a record: {}", places.join(", ")));
    }
    text
}

/// The headline of every outcome, and where to read on.
#[must_use]
pub fn summary(results: &Results, out: &Path) -> String {
    let mut text = String::new();
    let mut line = |cells: [&str; 6]| {
        let [outcome, effect, interval, p, method, trend] = cells;
        text.push_str(&format!(
            "{outcome:<24} {effect:>12} {interval:>28} {p:>8}  {method:<12} {trend}\n"
        ));
    };
    let blind = results.provenance.blind;
    let heads = if blind { ["-", "would be found"] } else { ["effect", "interval"] };
    line(["outcome", heads[0], heads[1], "p", "inference", "trend rule"]);
    let leads = |row: &&EstimateRow| row.headline && row.analysis == "main";
    let main = results.design.comparisons.iter().find(|comparison| comparison.main);
    let here = |row: &&EstimateRow| main.is_some_and(|main| main.id == row.comparison);
    for row in results.estimates.iter().filter(leads).filter(here) {
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.4}"));
        let power = results
            .power
            .iter()
            .filter(|_| blind)
            .find(|power| power.outcome == row.outcome && power.comparison == row.comparison);
        let interval = if let Some(power) = power {
            number(power.minimal_detectable_effect)
        } else if row.ci_low.is_none() && row.ci_high.is_none() {
            "-".to_owned()
        } else {
            format!("[{}, {}]", number(row.ci_low), number(row.ci_high))
        };
        let trend = match row.trend_holds {
            Some(true) => "holds",
            Some(false) => "fails: caution",
            None => "-",
        };
        line([
            &row.outcome,
            &number(row.estimate),
            &interval,
            &number(row.p_value),
            &row.method,
            trend,
        ]);
    }
    let provenance = &results.provenance;
    let state = told(&provenance.status, provenance.lock.as_ref());
    let shown = if provenance.blind { "; blind: nothing from the start on is shown" } else { "" };
    let written: Vec<String> = reports(out).iter().map(|file| file.display().to_string()).collect();
    format!("{text}\n{state}{shown}\nreports: {}", written.join("\n         "))
}

/// The reports that stand in a folder, by name.
fn reports(out: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(out).into_iter().flatten().flatten();
    let told = |name: &str| name.starts_with("report.") || name.starts_with("session.");
    let named = entries.filter(|entry| told(&entry.file_name().to_string_lossy()));
    let mut files: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_tells_rate_and_time_left_as_soon_as_they_are_known() {
        assert_eq!(reading(0, None, 0.0, None), "0 rows read");
        assert_eq!(
            reading(131_072, None, 2_500_000.4, None),
            "131,072 rows read, 2,500,000 a second"
        );
        let left = Some(Duration::from_secs(45));
        assert_eq!(
            reading(600_000, Some(2_400_000), 20_000.0, left),
            "600,000 of 2,400,000 rows read, 20,000 a second, 45 seconds left"
        );
        assert_eq!(reading(0, Some(10), 0.0, left), "0 of 10 rows read");
    }
}
