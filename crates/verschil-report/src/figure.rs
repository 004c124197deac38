//! A finished figure: drawing, words and the data it shows.

use crate::chart::Canvas;
use crate::view::View;

/// One figure, ready to be placed in a page or written to a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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

impl Figure {
    /// How to read it and its data, for those who hear it.
    pub(crate) fn spoken(&self) -> String {
        spoken(&self.caption, &self.rows)
    }
}

/// A part of a name that is safe in a file name and as an id in a page.
pub(crate) fn slug(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect()
}

/// What is told around a drawing.
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) caption: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) table_needed: bool,
}

impl Told {
    /// The figure: drawn, described for those who hear it, and marked when its data are invented.
    pub(crate) fn figure(self, view: &View, canvas: &Canvas) -> Figure {
        let Self { name, title, caption, columns, rows, table_needed } = self;
        let invented = view.invented();
        let mut description = spoken(&caption, &rows);
        if let Some(mark) = &invented {
            description = format!("{mark}. {description}");
        }
        let svg = canvas.finish(&name, &title, &description, invented.as_deref());
        Figure { name, title, svg, caption, columns, rows, table_needed }
    }
}

/// Data as running text, for those who hear the figure.
fn spoken(caption: &str, rows: &[Vec<String>]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(", ")).collect();
    format!("{caption} {}.", rows.join("; "))
}
