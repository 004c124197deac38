//! A band: a shaded or framed rectangle.

use super::{Mark, number};

/// A rectangle behind or around other marks.
pub(crate) struct Band {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    pub(crate) fill: &'static str,
    /// Colour of the frame, when there is one.
    pub(crate) frame: Option<&'static str>,
}

impl Mark for Band {
    fn draw(&self, out: &mut String) {
        let (left, right) = (self.x.0.min(self.x.1), self.x.0.max(self.x.1));
        let (top, bottom) = (self.y.0.min(self.y.1), self.y.0.max(self.y.1));
        let frame =
            self.frame.map_or_else(String::new, |color| format!(" stroke=\"{color}\" rx=\"3\""));
        out.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{frame}/>",
            number(left),
            number(top),
            number(right - left),
            number(bottom - top),
            self.fill
        ));
    }
}
