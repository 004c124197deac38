//! What is wrong with a document, where, and the way out.

use std::fmt;

use serde::Serialize;

/// Where something stands in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The document it stands in, as the reader knows it; empty for the one that was asked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Path of the key: `outcome[0].value`.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Offset in bytes from the start of the document.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// The document can be used, but look at this.
    Warning,
}

impl Severity {
    /// The word for it, as shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// Stable identifier in kebab-case.
    pub code: String,
    /// The document, as the reader knows it.
    pub file: String,
    /// Where in the document, when it stands somewhere.
    pub place: Option<Place>,
    /// What is wrong, one sentence.
    pub message: String,
    /// What was found, or empty.
    pub found: String,
    /// What is allowed there, or empty.
    pub allowed: String,
    /// The way out, or empty.
    pub hint: String,
}

impl Problem {
    /// An error with a stable code and a message.
    #[must_use]
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.to_owned(),
            file: String::new(),
            place: None,
            message: message.into(),
            found: String::new(),
            allowed: String::new(),
            hint: String::new(),
        }
    }

    /// A warning with a stable code and a message.
    #[must_use]
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// With the place, and its file when the place names one.
    #[must_use]
    pub fn at(mut self, place: &Place) -> Self {
        if !place.file.is_empty() {
            place.file.clone_into(&mut self.file);
        }
        self.place = Some(place.clone());
        self
    }

    /// With the place, unless it has one.
    #[must_use]
    pub fn or_at(mut self, place: &Place) -> Self {
        self.place.get_or_insert_with(|| place.clone());
        self
    }

    /// With the file, unless its place stands in another.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        let own =
            self.place.as_ref().map(|place| place.file.as_str()).filter(|own| !own.is_empty());
        self.file = own.unwrap_or(file).to_owned();
        self
    }

    /// With what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }

    /// With what is allowed.
    #[must_use]
    pub fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = allowed.into();
        self
    }

    /// With the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Whether it stops the document from being used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}:", self.file)?;
        }
        if let Some(place) = &self.place {
            write!(f, "{}:{}:", place.line, place.column)?;
        }
        if !self.file.is_empty() || self.place.is_some() {
            f.write_str(" ")?;
        }
        write!(f, "{}[{}]: {}", self.severity.as_str(), self.code, self.message)?;
        for (name, text) in
            [("found", &self.found), ("allowed", &self.allowed), ("hint", &self.hint)]
        {
            if !text.is_empty() {
                write!(f, "\n  {name}: {text}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Names that are compared at most, so that a suggestion never takes long.
const MAX_CANDIDATES: usize = 2_000;

/// The allowed name that is most likely meant by `name`, if any is near enough.
#[must_use]
pub fn nearest<'a>(name: &str, allowed: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.72;
    let wanted = name.to_lowercase();
    let mut best: Option<(f64, &'a str)> = None;
    for candidate in allowed.take(MAX_CANDIDATES) {
        let lower = candidate.to_lowercase();
        let edits = strsim::normalized_damerau_levenshtein(&wanted, &lower);
        let prefix = strsim::jaro_winkler(&wanted, &lower) * 0.9;
        let score = if wanted == lower { 1.0 } else { edits.max(prefix) };
        if score >= NEAR && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The first of many names, comma-separated.
pub(crate) fn some_of<'a>(mut names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 60;
    let mut list = names.by_ref().take(SHOWN).collect::<Vec<_>>().join(", ");
    let rest = names.count();
    if rest > 0 {
        list.push_str(&format!(" and {rest} more"));
    }
    list
}

/// A sentence that proposes the nearest name, or nothing.
pub(crate) fn did_you_mean<'a>(name: &str, allowed: impl Iterator<Item = &'a str>) -> String {
    nearest(name, allowed).map_or_else(String::new, |near| format!("did you mean `{near}`?"))
}
