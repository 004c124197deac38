//! Collects problems while a protocol is read, and remembers which paths cannot be relied on.

use std::collections::BTreeSet;

use crate::problem::{Place, Problem, Severity};

/// Most errors, and most warnings, that are told; a text that has more is not a protocol.
const MAX_TOLD: usize = 500;

/// Problems found so far.
pub(crate) struct Report {
    file: String,
    /// Other documents, in the order in which they were read.
    others: Vec<String>,
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
    unsound: BTreeSet<String>,
}

impl Report {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            others: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            unsound: BTreeSet::new(),
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Makes known another document, after those that are known already.
    pub(crate) fn also(&mut self, file: &str) {
        self.others.push(file.to_owned());
    }

    /// Adds a problem; an error makes its path unsound.
    pub(crate) fn push(&mut self, problem: Problem) {
        if let (true, Some(place)) = (problem.is_error(), &problem.place) {
            self.mark(&place.path.clone());
        }
        if !self.is_full(problem.severity) {
            let list = match problem.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
            };
            list.push(problem.in_file(&self.file));
        }
    }

    /// Whether more problems of this severity would not be told.
    pub(crate) fn is_full(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors.len() >= MAX_TOLD,
            Severity::Warning => self.warnings.len() >= MAX_TOLD,
        }
    }

    /// Marks a path that cannot be relied on.
    pub(crate) fn mark(&mut self, path: &str) {
        self.unsound.insert(path.to_owned());
    }

    /// Whether a path and everything above it is free of errors.
    pub(crate) fn sound(&self, path: &str) -> bool {
        if self.unsound.contains(path) {
            return false;
        }
        let mut above = path.char_indices().filter(|(_, c)| matches!(c, '.' | '['));
        !above.any(|(index, _)| self.unsound.contains(&path[..index]))
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The problems in the order of the documents, those without a place first.
    pub(crate) fn finish(self) -> Vec<Problem> {
        let document = |file: &str| self.others.iter().position(|other| other == file);
        let offset = |place: &Option<Place>| {
            place.as_ref().map(|place| (document(&place.file), place.offset))
        };
        let mut problems = self.errors;
        problems.extend(self.warnings);
        problems.sort_by_key(|problem| offset(&problem.place));
        let mut seen = BTreeSet::new();
        problems.retain(|problem| seen.insert(problem.to_string()));
        problems
    }
}
