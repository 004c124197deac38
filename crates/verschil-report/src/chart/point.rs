//! A point: disc, square, diamond or cross, filled or open.

use super::{Mark, ink, number};

/// The form of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Disc,
    Square,
    Diamond,
    Cross,
}

/// A point at a place.
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) shape: Shape,
    pub(crate) filled: bool,
    pub(crate) color: &'static str,
}

impl Mark for Point {
    fn draw(&self, out: &mut String) {
        let fill = if self.filled { self.color } else { ink::PAPER };
        let style = format!("fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.6\"", self.color);
        let (x, y) = (self.x, self.y);
        let mark = match self.shape {
            Shape::Disc => {
                format!("<circle cx=\"{}\" cy=\"{}\" r=\"4\" {style}/>", number(x), number(y))
            }
            Shape::Square => {
                format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"7\" height=\"7\" {style}/>",
                    number(x - 3.5),
                    number(y - 3.5)
                )
            }
            Shape::Diamond => {
                format!("<path d=\"M{} {}l5 5l-5 5l-5 -5z\" {style}/>", number(x), number(y - 5.0))
            }
            Shape::Cross => {
                format!(
                    "<path d=\"M{} {}l7 7m0 -7l-7 7\" {style}/>",
                    number(x - 3.5),
                    number(y - 3.5)
                )
            }
        };
        out.push_str(&mark);
    }
}
