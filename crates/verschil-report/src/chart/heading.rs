//! The heading of a drawing: what its axis shows, in as many lines as that takes.

use super::text::{Anchor, Text, wrap};
use super::{Canvas, WIDTH, ink};

/// Height of a line of text.
pub(crate) const LINE: f64 = 17.0;

/// A heading in lines that fit the drawing.
pub(crate) struct Heading {
    lines: Vec<String>,
}

impl Heading {
    pub(crate) fn new(words: &str) -> Self {
        Self { lines: wrap(words, WIDTH - 16.0) }
    }

    pub(crate) fn height(&self) -> f64 {
        LINE * count(self.lines.len())
    }

    /// The lines alone, to be put below a drawing.
    pub(crate) fn canvas(&self) -> Canvas {
        let mut canvas = Canvas::new(self.height() + 12.0);
        self.draw(&mut canvas);
        canvas
    }

    /// Writes the lines at the top of the canvas.
    pub(crate) fn draw(&self, canvas: &mut Canvas) {
        for (index, line) in self.lines.iter().enumerate() {
            canvas.add(&Text {
                x: 4.0,
                y: 15.0 + LINE * count(index),
                words: line,
                anchor: Anchor::Start,
                color: ink::MUTED,
                bold: false,
            });
        }
    }
}

/// A number of things as a factor of lengths.
pub(crate) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
