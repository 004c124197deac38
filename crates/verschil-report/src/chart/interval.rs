//! An interval, lying or standing, with an arrow where it has no bound.

use super::{Mark, ink, number};

/// Which way an interval runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    Across,
    Up,
}

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum End {
    /// Ends here, with a small cap.
    At(f64),
    /// Has no bound; the arrow's tip stands here.
    Open(f64),
    /// Ends here without a cap.
    Plain(f64),
}

impl End {
    fn place(self) -> f64 {
        match self {
            Self::At(place) | Self::Open(place) | Self::Plain(place) => place,
        }
    }
}

/// A line between two ends.
pub(crate) struct Interval {
    pub(crate) run: Run,
    /// The fixed coordinate: y of a lying interval, x of a standing one.
    pub(crate) across: f64,
    pub(crate) low: End,
    pub(crate) high: End,
    pub(crate) dashed: bool,
    pub(crate) color: &'static str,
}

impl Mark for Interval {
    fn draw(&self, out: &mut String) {
        let (low, high) = (self.low.place(), self.high.place());
        let dash = if self.dashed {
            format!(" stroke-dasharray=\"{}\"", ink::DASH)
        } else {
            String::new()
        };
        let mut path = self.segment((low, 0.0), (high, 0.0));
        let mut ends = String::new();
        for (end, other) in [(self.low, high), (self.high, low)] {
            let place = end.place();
            let inward = if other >= place { 6.0 } else { -6.0 };
            ends.push_str(&match end {
                End::Plain(_) => String::new(),
                End::At(_) => self.segment((place, -3.5), (place, 3.5)),
                End::Open(_) => {
                    self.segment((place + inward, -4.0), (place, 0.0))
                        + &self.segment((place, 0.0), (place + inward, 4.0))
                }
            });
        }
        path = format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.8\"{dash}/>\
             <path d=\"{ends}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.8\"/>",
            color = self.color
        );
        out.push_str(&path);
    }
}

impl Interval {
    /// A piece of path between two places, each along the interval and beside it.
    fn segment(&self, from: (f64, f64), to: (f64, f64)) -> String {
        let place = |(along, beside): (f64, f64)| match self.run {
            Run::Across => (along, self.across + beside),
            Run::Up => (self.across + beside, along),
        };
        let ((x1, y1), (x2, y2)) = (place(from), place(to));
        format!("M{} {}L{} {}", number(x1), number(y1), number(x2), number(y2))
    }
}
