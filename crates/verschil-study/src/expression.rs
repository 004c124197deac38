//! Expressions: one SQL value over declared columns, checked against an allow-list.
//!
//! Three walls stand behind each other: tokens, the syntax tree, and the canonical text, which is
//! printed from what was understood and never copied from what was written.

use serde::Serialize;

use crate::problem::{Place, Problem};

pub mod allowed;
mod codes;
mod columns;
mod locate;
mod term;
mod tokens;
mod walk;

pub use allowed::{FUNCTIONS, Function, IN_LIST, TYPES};
pub use codes::{CodeList, Validity};
pub use columns::Columns;

/// Longest expression, in characters.
pub const MAX_LENGTH: usize = 4_000;

/// Deepest nesting of an expression.
pub const MAX_DEPTH: usize = 64;

/// A checked SQL expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expression {
    /// Canonical SQL; columns are double-quoted in their declared spelling, those of another
    /// table behind its name: `"person"."birth_year"`.
    pub sql: String,
    /// As written.
    pub text: String,
    /// Declared names of the columns it reads, sorted.
    pub columns: Vec<String>,
    /// Columns that it reads of other tables: name of the table and of the column, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub qualified: Vec<(String, String)>,
    /// Where it is written.
    #[serde(skip)]
    pub place: Place,
}

/// Something in an expression that is not allowed; offsets are bytes of the expression's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable identifier in kebab-case.
    pub code: &'static str,
    /// Byte at which it starts.
    pub start: usize,
    /// Length in bytes.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What was found, or empty.
    pub found: String,
    /// What is allowed, or empty.
    pub allowed: String,
    /// The way out, or empty.
    pub hint: String,
}

impl Fault {
    pub(crate) fn new(
        code: &'static str,
        span: (usize, usize),
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            start: span.0,
            length: span.1.saturating_sub(span.0),
            message: message.into(),
            found: String::new(),
            allowed: String::new(),
            hint: String::new(),
        }
    }

    /// The same fault at another place.
    pub(crate) fn over(mut self, span: (usize, usize)) -> Self {
        self.start = span.0;
        self.length = span.1.saturating_sub(span.0);
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = found.into();
        self
    }

    pub(crate) fn allowed(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = allowed.into();
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The fault as a problem at `place`.
    #[must_use]
    pub fn into_problem(self, file: &str, place: &Place) -> Problem {
        Problem::error(self.code, self.message)
            .in_file(file)
            .at(place)
            .found(self.found)
            .allowed(self.allowed)
            .hint(self.hint)
    }
}

impl Expression {
    /// Whether it is the same for every row.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.columns.is_empty() && self.qualified.is_empty()
    }

    /// Checks `text` against the declared `columns`; its place is left empty.
    ///
    /// # Errors
    /// Everything in it that is not allowed.
    pub fn check(text: &str, columns: &Columns) -> Result<Self, Vec<Fault>> {
        let whole = (0, text.len());
        let length = text.chars().count();
        if length > MAX_LENGTH {
            return Err(vec![
                Fault::new("expression-too-long", whole, "the expression is too long")
                    .found(format!("{length} characters"))
                    .allowed(format!("at most {MAX_LENGTH} characters"))
                    .hint("compute part of it in the source and declare that as a column"),
            ]);
        }
        let tree = tokens::parse(text, columns)?;
        let mut walk = walk::Walk::new(text, columns);
        let printed = walk.term(&tree, 0);
        match printed {
            Some(term) if walk.faults.is_empty() => Ok(Self {
                sql: term.sql,
                text: text.to_owned(),
                columns: walk.used.into_iter().collect(),
                qualified: walk.qualified.into_iter().collect(),
                place: Place::default(),
            }),
            _ => Err(walk.faults),
        }
    }
}
