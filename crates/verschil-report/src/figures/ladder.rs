//! The ladder: one rung per outcome or region, its name above or, where there are many, beside.

mod rung;

use crate::chart::band::Band;
use crate::chart::linear::Linear;
use crate::chart::text::{Anchor, Text, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::view::View;

pub(crate) use rung::Rung;
use rung::{Layout, Names};

const EDGE: f64 = 14.0;
const LINE: f64 = 17.0;
/// Up to this many rungs there is room for names and numbers above each interval.
const ROOMY: usize = 16;
/// Room for names beside the intervals of a compact ladder.
const NAMES: f64 = 176.0;

/// All rungs and the axis under them.
pub(crate) struct Ladder<'a> {
    pub(crate) heading: &'a str,
    pub(crate) rungs: Vec<Rung>,
}

impl Ladder<'_> {
    /// Whether there are so many rungs that their numbers stand in the table alone.
    pub(crate) fn compact(&self) -> bool {
        self.rungs.len() > ROOMY
    }

    /// Draws everything.
    pub(crate) fn canvas(&self, view: &View) -> Canvas {
        let heading = wrap(self.heading, WIDTH - 16.0);
        let top = LINE * count(heading.len()) + 8.0;
        let layout = self.layout();
        let bottom = top + self.height(&layout) + 6.0;
        let mut canvas = Canvas::new(bottom + 26.0);
        for (index, line) in heading.iter().enumerate() {
            let y = 15.0 + LINE * count(index);
            canvas.add(&Text {
                x: 4.0,
                y,
                words: line,
                anchor: Anchor::Start,
                color: ink::MUTED,
                bold: false,
            });
        }
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
        if self.height(&above) < self.height(&beside) { above } else { beside }
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

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
