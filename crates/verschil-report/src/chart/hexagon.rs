//! A hexagon that stands on a corner.

use super::{Mark, ink, number};

/// Half of the square root of three: the distance from the middle to a side, for a hexagon whose
/// corners are one away.
pub(crate) const HALF_WIDTH: f64 = 0.866_025_403_784_438_6;

/// A hexagon around a place.
pub(crate) struct Hexagon {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// From the middle to a corner.
    pub(crate) radius: f64,
    pub(crate) fill: &'static str,
    pub(crate) edge: Edge,
}

/// The line around an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    pub(crate) color: &'static str,
    pub(crate) width: f64,
    pub(crate) dashed: bool,
}

impl Edge {
    /// The line as attributes of an element.
    pub(crate) fn attributes(self) -> String {
        let dash = if self.dashed {
            format!(" stroke-dasharray=\"{}\"", ink::DOTS)
        } else {
            String::new()
        };
        format!(
            "stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dash}",
            self.color,
            number(self.width)
        )
    }
}

impl Mark for Hexagon {
    fn draw(&self, out: &mut String) {
        let (r, half) = (self.radius, self.radius * HALF_WIDTH);
        let corners = [
            (0.0, -r),
            (half, -r / 2.0),
            (half, r / 2.0),
            (0.0, r),
            (-half, r / 2.0),
            (-half, -r / 2.0),
        ];
        let mut path = String::new();
        for (at, (x, y)) in corners.into_iter().enumerate() {
            path.push(if at == 0 { 'M' } else { 'L' });
            path.push_str(&format!("{} {}", number(self.x + x), number(self.y + y)));
        }
        let edge = self.edge.attributes();
        out.push_str(&format!("<path d=\"{path}z\" fill=\"{}\" {edge}/>", self.fill));
    }
}
