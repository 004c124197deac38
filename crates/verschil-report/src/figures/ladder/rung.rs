//! One rung of the ladder: group, name, numbers, interval and point.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::chart::band::Band;
use crate::chart::heading::{LINE, count};
use crate::chart::interval::{End, Interval, Run};
use crate::chart::linear::Linear;
use crate::chart::point::{Point, Shape};
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, BOLD, Text, shortened, width, wrap};
use crate::chart::{Canvas, WIDTH, ink};
use crate::figures::ladder::NAMES;
use crate::range::Range;
use crate::view::View;

/// One line of the ladder.
pub(crate) struct Rung {
    /// Heading above this rung, where a group begins.
    pub(crate) group: Option<String>,
    pub(crate) label: String,
    /// The numbers in words, at the right.
    pub(crate) value: String,
    pub(crate) estimate: f64,
    pub(crate) range: Range,
    pub(crate) shape: Shape,
    pub(crate) filled: bool,
    /// Stands out: shaded behind, bold name.
    pub(crate) leading: bool,
}

impl Rung {
    /// The effect of a row in the unit of its outcome; nothing where there is none.
    pub(crate) fn effect(
        view: &View,
        outcome: &OutcomeFacts,
        row: &EstimateRow,
        label: &str,
    ) -> Option<Self> {
        let measure = view.measure(outcome);
        let estimate = row.estimate?;
        let range = Range::effect(row);
        Some(Self {
            group: None,
            label: view.soft(label),
            value: with_range(view, estimate, range, |value| measure.bare(value)),
            estimate: estimate * measure.factor(),
            range: range.times(measure.factor()),
            shape: Shape::Disc,
            filled: true,
            leading: false,
        })
    }

    /// The same with this mark, or with that of caution: an open diamond.
    pub(crate) fn marked(self, shape: Shape, caution: bool) -> Self {
        let shape = if caution { Shape::Diamond } else { shape };
        Self { shape, filled: !caution, ..self }
    }
}

/// A number with its interval in brackets, where there is one.
pub(crate) fn with_range(
    view: &View,
    value: f64,
    range: Range,
    write: impl Fn(f64) -> String,
) -> String {
    match range {
        Range::Missing => write(value),
        _ => format!("{} ({})", write(value), view.range(range, write)),
    }
}

/// Where the names of rungs stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    AboveWithNumbers,
    /// Over the whole width, numbers in the table alone.
    Above,
    /// The same on one line, their middle left out where they are longer.
    Shortened,
    /// Left of the intervals, numbers in the table alone.
    Beside,
}

/// How rungs are laid out.
pub(super) struct Layout {
    pub(super) scale: Linear,
    pub(super) names: Names,
}

impl Layout {
    pub(super) fn height(&self, rung: &Rung) -> f64 {
        let lines = LINE * count(self.lines(rung).len().max(1));
        group_height(rung)
            + match self.names {
                Names::Beside => lines + 4.0,
                Names::Shortened => lines + 11.0,
                Names::AboveWithNumbers | Names::Above => lines + 22.0,
            }
    }

    fn beside(&self) -> bool {
        self.names == Names::Beside
    }

    fn lines(&self, rung: &Rung) -> Vec<String> {
        let room = match self.names {
            Names::AboveWithNumbers => (WIDTH - width(&rung.value) - 24.0).max(140.0),
            Names::Above => WIDTH - 8.0,
            Names::Shortened => return vec![shortened(&rung.label, WIDTH - 8.0)],
            Names::Beside => NAMES - 4.0,
        };
        wrap(&rung.label, room)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, rung: &Rung, top: f64) {
        if let Some(group) = &rung.group {
            let y = (top + 3.0, top + group_height(rung) - 3.0);
            canvas.add(&Band { x: (0.0, WIDTH), y, fill: ink::TINT, frame: None });
            for (index, line) in group_lines(group).iter().enumerate() {
                write(canvas, (4.0, top + 18.0 + LINE * count(index)), line, true);
            }
        }
        let first = top + group_height(rung) + 15.0;
        let lines = self.lines(rung);
        for (index, line) in lines.iter().enumerate() {
            write(canvas, (4.0, first + LINE * count(index)), line, rung.leading);
        }
        let below = first + LINE * count(lines.len().max(1));
        if self.names == Names::AboveWithNumbers {
            canvas.add(&Text {
                x: WIDTH - 4.0,
                y: first,
                words: &rung.value,
                anchor: Anchor::End,
                color: ink::MUTED,
                bold: false,
            });
        }
        let (middle, half) = if self.beside() {
            (f64::midpoint(first, below - LINE) - 4.0, (below - first + 4.0) / 2.0)
        } else if self.names == Names::Shortened {
            (below - 8.0, 5.0)
        } else {
            (below - 4.0, 9.0)
        };
        self.lane(canvas, middle, half);
        self.interval(canvas, rung, middle);
        canvas.add(&Point {
            x: self.scale.at(rung.estimate),
            y: middle,
            shape: rung.shape,
            filled: rung.filled,
            color: ink::TREATED,
        });
    }

    /// Grid and zero line beside the interval only, so that they never cross a word.
    fn lane(&self, canvas: &mut Canvas, middle: f64, half: f64) {
        for tick in self.scale.ticks() {
            let x = self.scale.at(tick);
            let color = if tick == 0.0 { ink::AXIS } else { ink::LANE };
            canvas.add(&Rule {
                from: (x, middle - half),
                to: (x, middle + half),
                color,
                dashed: false,
            });
        }
    }

    fn interval(&self, canvas: &mut Canvas, rung: &Rung, y: f64) {
        let at = |value: f64| End::At(self.scale.at(value));
        let edge = if self.beside() { NAMES + 2.0 } else { 2.0 };
        let (left, right) = (End::Open(edge), End::Open(WIDTH - 2.0));
        let (low, high) = match rung.range {
            Range::Both(low, high) => (at(low), at(high)),
            Range::NoHigh(low) => (at(low), right),
            Range::NoLow(high) => (left, at(high)),
            Range::Unbounded => (left, right),
            Range::Missing => return,
        };
        canvas.add(&Interval {
            run: Run::Across,
            across: y,
            low,
            high,
            dashed: !rung.filled,
            color: ink::TREATED,
        });
    }
}

fn group_height(rung: &Rung) -> f64 {
    rung.group.as_ref().map_or(0.0, |group| 9.0 + LINE * count(group_lines(group).len()))
}

fn group_lines(group: &str) -> Vec<String> {
    wrap(group, BOLD * (WIDTH - 8.0))
}

fn write(canvas: &mut Canvas, (x, y): (f64, f64), words: &str, bold: bool) {
    canvas.add(&Text { x, y, words, anchor: Anchor::Start, color: ink::TEXT, bold });
}
