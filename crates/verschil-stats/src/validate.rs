//! Numbers of other programs, reproduced: case, ours, theirs, difference.
//!
//! A [`Case`] is a row of [`CASES`]: files that it needs, and a function that computes our numbers
//! from them and holds them against theirs. Nothing is read here: who runs a case brings a reader,
//! and [`shipped`] has the files whose licence lets them travel with the source.

mod cases;
mod catalogue;
mod faults;
mod files;
mod ledger;
pub mod rows;
mod shipped;
mod tables;

use std::collections::BTreeMap;

pub use catalogue::{Apart, CASES, NOT_COMPARED};
pub use faults::Fault;
pub use files::Files;
pub use ledger::{Comparison, ESTIMATE, Kind, Ledger, STD_ERROR};
pub use shipped::{SHIPPED, shipped};

/// A set of numbers that another program found or a paper prints.
#[derive(Debug)]
pub struct Case {
    /// Short name, as `--case` of the command takes it.
    pub id: &'static str,
    /// One sentence: what is estimated on what.
    pub about: &'static str,
    /// Whose numbers: program and version, or paper.
    pub source: &'static str,
    /// Files, relative to the folder of data and references.
    pub needs: &'static [&'static str],
    /// Computes and compares.
    pub(crate) run: fn(&Files, &mut Ledger) -> Result<(), Fault>,
}

/// A file by its relative path: its text, nothing where there is no such file, or why it cannot
/// be read.
pub type Read<'a> = dyn Fn(&str) -> Result<Option<String>, String> + 'a;

/// What became of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every comparison, in order.
    Ran(Vec<Comparison>),
    /// Files that are not there.
    NotRun(Vec<String>),
    /// A file does not hold what it should, or the engine refuses its data.
    Broken(Fault),
}

impl Outcome {
    /// The comparisons, none where the case did not run.
    #[must_use]
    pub fn comparisons(&self) -> &[Comparison] {
        match self {
            Self::Ran(comparisons) => comparisons,
            Self::NotRun(_) | Self::Broken(_) => &[],
        }
    }

    /// Whether it ran and some number differs.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.comparisons().iter().any(|comparison| !comparison.agrees)
    }
}

/// The case with this id.
#[must_use]
pub fn case(id: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.id == id)
}

impl Case {
    /// Reads what the case needs and compares; nothing in a file makes it panic.
    #[must_use]
    pub fn run(&self, read: &Read) -> Outcome {
        let mut texts = BTreeMap::new();
        let mut missing = Vec::new();
        for &path in self.needs {
            match read(path) {
                Ok(Some(text)) => drop(texts.insert(path, text)),
                Ok(None) => missing.push(path.to_owned()),
                Err(found) => {
                    return Outcome::Broken(Fault::Unreadable { file: path.into(), found });
                }
            }
        }
        if !missing.is_empty() {
            return Outcome::NotRun(missing);
        }
        let mut ledger = Ledger::default();
        match (self.run)(&Files::new(texts), &mut ledger) {
            Ok(()) => Outcome::Ran(ledger.into_comparisons()),
            Err(fault) => Outcome::Broken(fault),
        }
    }
}
