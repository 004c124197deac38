//! A finished figure: drawing, words and the data it shows.

/// One figure, ready to be placed in a page or written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// File stem: `forest_never`, `event_l_homicide_never`.
    pub name: String,
    /// What the figure shows, one line.
    pub title: String,
    /// The drawing: a standalone SVG that may also stand inside a page.
    pub svg: String,
    /// How to read it.
    pub caption: String,
    /// Heads of the columns of the data shown.
    pub columns: Vec<String>,
    /// The data shown, formatted, one row per mark.
    pub rows: Vec<Vec<String>>,
    /// Whether the drawing leaves out numbers that stand in the table alone.
    pub(crate) table_needed: bool,
}

/// A part of a name that is safe in a file name and as an id in a page.
pub(crate) fn slug(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect()
}
