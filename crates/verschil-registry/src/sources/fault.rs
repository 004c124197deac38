//! What can be wrong with a file of a statistical program, told without any of its values.

use std::fmt;
use std::io::ErrorKind;

use verschil_study::{Problem, Source};

use crate::inputs::Input;

/// A fault of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is a file of something else.
    OtherFormat(&'static str),
    /// It is protected by a password.
    Encrypted,
    /// It is of a kind that is not read.
    Unsupported(&'static str),
    /// It ends too early, or a length in it is damaged.
    Truncated(&'static str),
    /// It contradicts itself.
    Broken(&'static str),
    /// It has columns and no row.
    NoRows,
    /// A column has no value labels, though they are asked for.
    NoLabels(String),
    /// A value cannot be what the file says that it is.
    Value {
        /// Column in the file.
        column: String,
        /// Row, from 1.
        row: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The system cannot read it.
    Io(ErrorKind),
}

impl Fault {
    /// The fault behind an error of reading: our own, or the system's.
    pub(super) fn of_io(error: &std::io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(fault) => fault.clone(),
            None if error.kind() == ErrorKind::UnexpectedEof => Self::Truncated("it ends early"),
            None => Self::Io(error.kind()),
        }
    }

    /// As an error of reading, for libraries that read through us.
    pub(super) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }

    /// The fault as a problem of a source.
    pub(super) fn problem(&self, source: &Source, input: &Input) -> Problem {
        let file = &input.file;
        let complete = "ask for the file again, and compare its size with the sender's";
        let problem = match self {
            Self::OtherFormat(what) => {
                Problem::error("other-format", format!("{file} is not what its source declares"))
                    .found(*what)
                    .allowed(format!("format = \"{}\"", source.format.as_str()))
                    .hint("declare the format that the file has, or export it again")
            }
            Self::Encrypted => {
                Problem::error("encrypted-file", format!("{file} is protected by a password"))
                    .found("an encrypted file")
                    .hint("open it with its password and save it without")
            }
            Self::Unsupported(what) => {
                Problem::error("unsupported-file", format!("{file} is of a kind that is not read"))
                    .found(*what)
                    .hint("save it again with a current version of the program that made it")
            }
            Self::Truncated(what) => {
                Problem::error("truncated-file", format!("{file} is not complete"))
                    .found(*what)
                    .hint(complete)
            }
            Self::Broken(what) => Problem::error("broken-file", format!("{file} is damaged"))
                .found(*what)
                .hint(complete),
            Self::NoRows => return super::no_rows(source, input),
            Self::NoLabels(column) => {
                Problem::error("no-labels", format!("column `{column}` of {file} has no labels"))
                    .found("codes without value labels")
                    .hint("remove `labels = true` and use the codes")
            }
            Self::Value { column, row, what } => {
                Problem::error("wrong-type", format!("column `{column}` of {file} is damaged"))
                    .found(format!("{what}, the first in data row {row}"))
                    .hint("correct the value in the file, or do not declare the column")
            }
            Self::Io(kind) => Problem::error("unreadable-file", format!("{file} cannot be read"))
                .found(kind.to_string())
                .hint("check that the disk is there and the file may be read"),
        };
        problem.at(&source.place)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::of_io(&error)
    }
}
