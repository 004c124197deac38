//! What can be wrong with a file that a case reads.

use crate::refusal::Refusal;

/// Why a case could not be worked out. Values of rows are never shown.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// No text in the form that its name says.
    #[error("{file} cannot be read: {found}")]
    Unreadable {
        /// Relative path.
        file: String,
        /// What the reader said.
        found: String,
    },
    /// A reference lacks something.
    #[error("{place} is {found}, where {wanted} is needed")]
    Unexpected {
        /// File and place in it.
        place: String,
        /// What stands there.
        found: &'static str,
        /// What the case needs.
        wanted: &'static str,
    },
    /// A table lacks a column.
    #[error("{file} has no column `{column}`")]
    NoColumn {
        /// Relative path.
        file: String,
        /// The column.
        column: String,
    },
    /// A cell that must have a number has none.
    #[error("{file}: column `{column}` has no usable number in row {row}")]
    NoNumber {
        /// Relative path.
        file: String,
        /// The column.
        column: String,
        /// Row after the header, from 1.
        row: usize,
    },
    /// A table has no row that the case uses.
    #[error("{file} has none of the rows that are needed: {wanted}")]
    NoRows {
        /// Relative path.
        file: String,
        /// Which rows.
        wanted: &'static str,
    },
    /// The engine does not give the number for these data.
    #[error("these data give no number: {0}")]
    Refused(#[from] Refusal),
    /// The controls cannot be chosen from these data.
    #[error("these data give no matches: {0}")]
    Unmatched(String),
}
