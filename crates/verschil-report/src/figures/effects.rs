//! Effects over time with their intervals around the zero line, as two figures draw them.

use verschil_study::results::{BandRow, EstimateRow, OutcomeFacts, PeriodFacts};

use crate::chart::point::{Point, Shape};
use crate::chart::rule::Rule;
use crate::chart::{Canvas, ink};
use crate::figures::frame::Frame;
use crate::figures::unit_line;
use crate::range::Range;
use crate::view::View;

/// The effects of one outcome in the periods that they belong to.
pub(crate) struct Effects<'a> {
    pub(crate) outcome: &'a OutcomeFacts,
    /// Periods on the axis.
    pub(crate) periods: Vec<&'a PeriodFacts>,
    pub(crate) rows: &'a [(i64, &'a EstimateRow)],
    /// A level to compare with, drawn as a dashed line.
    pub(crate) average: Option<f64>,
    /// Intervals that hold for all periods at once, drawn as thin lines behind the others.
    pub(crate) bands: &'a [&'a BandRow],
}

impl<'a> Effects<'a> {
    /// The plot, and the frame to add marks to it.
    pub(crate) fn draw(self, view: &View<'a>) -> (Frame<'a>, Canvas) {
        let measure = view.measure(self.outcome);
        let factor = measure.factor();
        let average = self.average.map(|value| value * factor);
        let mut values = vec![0.0];
        values.extend(average);
        for (_, row) in self.rows {
            values.extend(row.estimate.map(|value| value * factor));
            values.extend(Range::effect(row).times(factor).ends());
        }
        values.extend(self.bands.iter().flat_map(|row| [row.low * factor, row.high * factor]));
        let heading = unit_line(view, self.outcome, &measure.effect_unit());
        let frame = Frame::new(view, self.periods, &values, &heading, 0.0);
        let mut canvas = frame.canvas(view);
        frame.level(&mut canvas, 0.0, ink::AXIS, false);
        if let Some(value) = average {
            frame.level(&mut canvas, value, ink::CONTROL, true);
        }
        for row in self.bands {
            let Some(x) = frame.x(row.period) else { continue };
            let (low, high) = (frame.scale.at(row.low * factor), frame.scale.at(row.high * factor));
            canvas.add(&Rule { from: (x, low), to: (x, high), color: ink::BAND, dashed: false });
        }
        for (period, row) in self.rows {
            let (Some(x), Some(value)) = (frame.x(*period), row.estimate) else {
                continue;
            };
            frame.interval(&mut canvas, x, Range::effect(row).times(factor), false);
            let y = frame.scale.at(value * factor);
            canvas.add(&Point { x, y, shape: Shape::Disc, filled: true, color: ink::TREATED });
        }
        (frame, canvas)
    }
}
