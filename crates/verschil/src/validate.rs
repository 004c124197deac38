//! Numbers of other programs, reproduced on this machine.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use verschil_stats::validate::{CASES, Case, Fault, Outcome, case, shipped};
use verschil_study::Problem;

/// What to reproduce.
#[derive(Debug, Clone)]
pub struct Request {
    /// A folder with `reference` and `data`; what it lacks comes with the program.
    pub data: Option<PathBuf>,
    /// Id of the only case, all by default.
    pub case: Option<String>,
}

/// How many cases ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases of which every number agrees.
    pub agree: usize,
    /// Cases of which some number differs.
    pub differ: usize,
    /// Cases whose files are not there.
    pub not_run: usize,
    /// Cases whose files are not what they should be.
    pub broken: usize,
    /// Numbers compared.
    pub comparisons: usize,
    /// Numbers that differ.
    pub differences: usize,
}

/// What happened while validating.
#[derive(Debug)]
pub enum Event<'a> {
    /// A case begins: its position from 1, and of how many.
    Begins(&'a Case, usize, usize),
    /// A case ended.
    Ended(&'a Case, &'a Outcome),
}

/// Runs the cases in order.
///
/// # Errors
/// A folder that is none, and a case that is not in the table; all at once.
pub fn validate(request: &Request, hear: &dyn Fn(&Event)) -> Result<Tally, Vec<Problem>> {
    let mut problems = Vec::new();
    if let Some(folder) = request.data.as_deref().filter(|folder| !folder.is_dir()) {
        problems.push(
            Problem::error("no-data-folder", "there is no folder of references and data")
                .found(folder.display().to_string())
                .allowed("a folder that holds `reference` and `data`")
                .hint("leave --data out to run what comes with the program"),
        );
    }
    let chosen: Vec<&Case> = match &request.case {
        None => CASES.iter().collect(),
        Some(id) => case(id).into_iter().collect(),
    };
    if let (Some(id), []) = (&request.case, chosen.as_slice()) {
        let ids: Vec<&str> = CASES.iter().map(|case| case.id).collect();
        problems.push(
            Problem::error("unknown-case", "there is no such case")
                .found(id.clone())
                .allowed(ids.join(", "))
                .hint("leave --case out to run them all"),
        );
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let read = |path: &str| read(request.data.as_deref(), path);
    let mut tally = Tally::default();
    for (at, case) in chosen.iter().enumerate() {
        hear(&Event::Begins(case, at + 1, chosen.len()));
        let outcome = case.run(&read);
        tally.add(&outcome);
        hear(&Event::Ended(case, &outcome));
    }
    Ok(tally)
}

/// From the folder where it has the file, else what comes with the program.
fn read(folder: Option<&Path>, path: &str) -> Result<Option<String>, String> {
    if let Some(folder) = folder {
        match std::fs::read_to_string(folder.join(path)) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(shipped(path).map(str::to_owned))
}

/// A case that could not be worked out, as a problem of its files.
#[must_use]
pub fn problem(case: &Case, fault: &Fault) -> Problem {
    let hint = "these are facts of other programs: fetch the file again, or leave --data out";
    Problem::error("broken-reference", format!("case {} cannot be worked out", case.id))
        .found(fault.to_string())
        .hint(hint)
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        let comparisons = outcome.comparisons();
        self.comparisons += comparisons.len();
        self.differences += comparisons.iter().filter(|comparison| !comparison.agrees).count();
        match outcome {
            Outcome::Ran(_) if outcome.differs() => self.differ += 1,
            Outcome::Ran(_) => self.agree += 1,
            Outcome::NotRun(_) => self.not_run += 1,
            Outcome::Broken(_) => self.broken += 1,
        }
    }
}
