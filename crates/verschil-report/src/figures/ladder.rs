//! The ladder: one rung per outcome or region, its name above or, where there are many, beside.

mod rung;

use crate::chart::band::Band;
use crate::chart::heading::Heading;
use crate::chart::linear::Linear;
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::view::View;

use rung::{Layout, Names};
pub(crate) use rung::{Rung, with_range};

const EDGE: f64 = 14.0;
/// Up to this many rungs there is room for names and numbers above each interval.
const ROOMY: usize = 16;
/// Taller than this, names are shortened: letters become too small where a page holds the drawing.
const TALLEST: f64 = 1200.0;
/// Room for names beside the intervals of a compact ladder.
const NAMES: f64 = 176.0;

/// All rungs and the axis under them.
pub(crate) struct Ladder<'a> {
    pub(crate) heading: &'a str,
    pub(crate) rungs: Vec<Rung>,
}

impl Ladder<'_> {
    /// Whether there are so many rungs that their numbers stand in the table alone.
    fn compact(&self) -> bool {
        self.rungs.len() > ROOMY
    }

    /// What a caption must say of it: that numbers stand in the table alone, and whole names too.
    pub(crate) fn remark(&self, view: &View) -> String {
        let key = match self.layout().names {
            Names::AboveWithNumbers => return String::new(),
            Names::Shortened => "caption-names-in-table",
            Names::Above | Names::Beside => "caption-values-in-table",
        };
        format!(" {}", view.words.text(key))
    }

    /// Draws everything.
    pub(crate) fn canvas(&self, view: &View) -> Canvas {
        let heading = Heading::new(self.heading);
        let top = heading.height() + 8.0;
        let layout = self.layout();
        let bottom = top + self.height(&layout) + 6.0;
        let mut canvas = Canvas::new(bottom + 26.0);
        heading.draw(&mut canvas);
        self.shade(&mut canvas, &layout, top);
        let decimals = layout.scale.decimals();
        axis::bottom(&mut canvas, &layout.scale, bottom, |tick| {
            view.numbers.decimal(tick, decimals)
        });
        let mut y = top;
        for rung in &self.rungs {
            layout.draw(&mut canvas, rung, y);
            y += layout.height(rung);
        }
        canvas
    }

    /// Names above while there is room; where there are many, whatever takes the least height.
    fn layout(&self) -> Layout {
        let with = |names: Names| {
            let left = if names == Names::Beside { NAMES + EDGE } else { EDGE };
            Layout { scale: Linear::covering(&self.values(), 5, left, WIDTH - EDGE), names }
        };
        if !self.compact() {
            return with(Names::AboveWithNumbers);
        }
        let (beside, above) = (with(Names::Beside), with(Names::Above));
        let least = if self.height(&above) < self.height(&beside) { above } else { beside };
        if self.height(&least) > TALLEST { with(Names::Shortened) } else { least }
    }

    fn height(&self, layout: &Layout) -> f64 {
        self.rungs.iter().map(|rung| layout.height(rung)).sum()
    }

    fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0];
        for rung in &self.rungs {
            values.push(rung.estimate);
            values.extend(rung.range.ends());
        }
        values
    }

    fn shade(&self, canvas: &mut Canvas, layout: &Layout, top: f64) {
        let mut y = top;
        for rung in &self.rungs {
            let next = y + layout.height(rung);
            if rung.leading {
                let y = (y + 1.0, next);
                canvas.add(&Band { x: (0.0, WIDTH), y, fill: ink::SHADE, frame: None });
            }
            y = next;
        }
    }
}
