//! A table of the report.

use serde::Serialize;

use crate::document::Text;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Table {
    pub(crate) kind: TableKind,
    /// What the table is called by those who hear it.
    pub(crate) label: String,
    /// What stands above it; empty below a title of its own.
    pub(crate) caption: Text,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Rows>,
}

/// Tables differ in what their cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableKind {
    Numbers,
    /// The table of effects, whose first column needs room.
    Effects,
    /// Cells hold words.
    Words,
    /// Regions and why they are there.
    Regions,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Column {
    pub(crate) head: Text,
    /// Whether it stands above words.
    pub(crate) words: bool,
}

/// Rows that belong together, below their name; most tables have one nameless group.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Rows {
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
}

/// A row: the first cell names it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// Whether the report leads with it.
    pub(crate) headline: bool,
    pub(crate) cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: Text,
    pub(crate) words: bool,
    /// Columns that it takes, because there is nothing in them.
    pub(crate) span: usize,
}

impl Cell {
    /// A number, or the name of a row.
    pub(crate) fn number(text: impl Into<Text>) -> Self {
        Self { text: text.into(), words: false, span: 1 }
    }

    pub(crate) fn words(text: impl Into<Text>) -> Self {
        Self { text: text.into(), words: true, span: 1 }
    }

    /// Nothing, in so many columns.
    pub(crate) fn absent(text: impl Into<Text>, span: usize) -> Self {
        Self { text: text.into(), words: true, span }
    }
}

impl Row {
    pub(crate) fn of(cells: Vec<Cell>) -> Self {
        Self { headline: false, cells }
    }
}

impl Rows {
    pub(crate) fn nameless(rows: Vec<Row>) -> Vec<Self> {
        vec![Self { name: String::new(), rows }]
    }
}

impl Column {
    pub(crate) fn number(head: impl Into<Text>) -> Self {
        Self { head: head.into(), words: false }
    }

    pub(crate) fn words(head: impl Into<Text>) -> Self {
        Self { head: head.into(), words: true }
    }
}
