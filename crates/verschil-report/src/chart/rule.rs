//! A rule: a straight line that marks a value or a moment.

use super::{Mark, ink, number};

/// A straight line from one place to another.
pub(crate) struct Rule {
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
    pub(crate) color: &'static str,
    pub(crate) dashed: bool,
}

impl Mark for Rule {
    fn draw(&self, out: &mut String) {
        let dash = if self.dashed {
            format!(" stroke-dasharray=\"{}\"", ink::DASH)
        } else {
            String::new()
        };
        out.push_str(&format!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"1\"{dash}/>",
            number(self.from.0),
            number(self.from.1),
            number(self.to.0),
            number(self.to.1),
            self.color
        ));
    }
}
