//! A line through points, broken where a value is absent.

use super::{Mark, ink, number};

/// A line through places.
pub(crate) struct Line {
    /// Places in order; `None` breaks the line.
    pub(crate) places: Vec<Option<(f64, f64)>>,
    pub(crate) dashed: bool,
    pub(crate) color: &'static str,
}

impl Mark for Line {
    fn draw(&self, out: &mut String) {
        let mut path = String::new();
        let mut pen_down = false;
        for place in &self.places {
            if let Some((x, y)) = place {
                path.push(if pen_down { 'L' } else { 'M' });
                path.push_str(&format!("{} {}", number(*x), number(*y)));
            }
            pen_down = place.is_some();
        }
        let dash = if self.dashed {
            format!(" stroke-dasharray=\"{}\"", ink::DASH)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{dash}/>",
            self.color
        ));
    }
}
