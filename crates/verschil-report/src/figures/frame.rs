//! The frame of a plot over time: value axis, periods, transition and start.

use verschil_study::results::PeriodFacts;

use crate::chart::band::Band;
use crate::chart::heading::Heading;
use crate::chart::interval::{End, Interval, Run};
use crate::chart::linear::Linear;
use crate::chart::rule::Rule;
use crate::chart::slots::Slots;
use crate::chart::text::{Anchor, Text};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::range::Range;
use crate::view::View;

const PLOT: f64 = 200.0;

/// A plot with periods from left to right.
pub(crate) struct Frame<'a> {
    periods: Vec<&'a PeriodFacts>,
    heading: Heading,
    pub(crate) scale: Linear,
    pub(crate) slots: Slots,
    decimals: u8,
    top: f64,
    left: f64,
}

impl<'a> Frame<'a> {
    /// A frame that holds `values` (as shown), below a heading and `extra` pixels for a legend.
    pub(crate) fn new(
        view: &View,
        periods: Vec<&'a PeriodFacts>,
        values: &[f64],
        heading: &str,
        extra: f64,
    ) -> Self {
        let heading = Heading::new(heading);
        let top = heading.height() + extra + 26.0;
        let scale = Linear::covering(values, 5, top + PLOT, top);
        let decimals = scale.decimals();
        let left = axis::room(&scale, |tick| view.numbers.decimal(tick, decimals));
        let slots = Slots::new(periods.len(), left, WIDTH - 8.0);
        Self { periods, heading, scale, slots, decimals, top, left }
    }

    /// The canvas with everything but the data.
    pub(crate) fn canvas(&self, view: &View) -> Canvas {
        let bottom = self.top + PLOT;
        let mut canvas = Canvas::new(bottom + 28.0);
        self.heading.draw(&mut canvas);
        self.transition(&mut canvas, view);
        axis::left(&mut canvas, &self.scale, self.left, |tick| {
            view.numbers.decimal(tick, self.decimals)
        });
        let labels: Vec<String> =
            self.periods.iter().map(|period| view.period(period.id)).collect();
        axis::slots(&mut canvas, &self.slots, bottom, &labels);
        self.start(&mut canvas, view);
        canvas
    }

    fn transition(&self, canvas: &mut Canvas, view: &View) {
        let inside: Vec<usize> = self
            .periods
            .iter()
            .enumerate()
            .filter(|(_, p)| p.phase == "transition")
            .map(|(i, _)| i)
            .collect();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
            return;
        };
        let right = self.slots.edge(last + 1);
        canvas.add(&Band {
            x: (self.slots.edge(*first), right),
            y: (self.top, self.top + PLOT),
            fill: ink::SHADE,
            frame: None,
        });
        let words = view.words.text("mark-transition");
        canvas.add(&Text {
            x: right - 4.0,
            y: self.top - 6.0,
            words: &words,
            anchor: Anchor::End,
            color: ink::MUTED,
            bold: false,
        });
    }

    fn start(&self, canvas: &mut Canvas, view: &View) {
        let start = view.results.design.start;
        let Some(index) =
            self.periods.iter().position(|period| period.id == start).filter(|index| *index > 0)
        else {
            return;
        };
        let x = self.slots.edge(index);
        canvas.add(&Rule {
            from: (x, self.top - 16.0),
            to: (x, self.top + PLOT),
            color: ink::AXIS,
            dashed: true,
        });
        let words = view.words.text("mark-start");
        canvas.add(&Text {
            x: x + 4.0,
            y: self.top - 6.0,
            words: &words,
            anchor: Anchor::Start,
            color: ink::MUTED,
            bold: false,
        });
    }

    /// Where a period stands.
    pub(crate) fn x(&self, period: i64) -> Option<f64> {
        self.periods
            .iter()
            .position(|found| found.id == period)
            .map(|index| self.slots.middle(index))
    }

    /// A level line over the whole plot.
    pub(crate) fn level(&self, canvas: &mut Canvas, value: f64, color: &'static str, dashed: bool) {
        let y = self.scale.at(value);
        canvas.add(&Rule { from: (self.left, y), to: (WIDTH - 8.0, y), color, dashed });
    }

    /// A standing interval; ends without a bound run to the edge of the plot.
    pub(crate) fn interval(&self, canvas: &mut Canvas, x: f64, range: Range, dashed: bool) {
        let (floor, roof) = (End::Open(self.scale.from()), End::Open(self.scale.to()));
        let at = |value: f64| End::At(self.scale.at(value));
        let (low, high) = match range {
            Range::Both(low, high) => (at(low), at(high)),
            Range::NoHigh(low) => (at(low), roof),
            Range::NoLow(high) => (floor, at(high)),
            Range::Unbounded => (floor, roof),
            Range::Missing => return,
        };
        canvas.add(&Interval { run: Run::Up, across: x, low, high, dashed, color: ink::TREATED });
    }
}
