//! Dots on lanes under each other, each with its name at the left and its number at the right.

use crate::chart::band::Band;
use crate::chart::heading::{Heading, LINE, count};
use crate::chart::linear::Linear;
use crate::chart::point::{Point, Shape};
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, BOLD, Text, width, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::view::View;

const NAMES: f64 = 172.0;
const GROUP: f64 = 28.0;
/// Height of a row of the legend.
const LEGEND: f64 = 22.0;

/// How a dot looks, and what that means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kind {
    pub(crate) shape: Shape,
    pub(crate) filled: bool,
    pub(crate) color: &'static str,
}

/// What is, or the only thing there is to show.
pub(crate) const NOW: Kind = Kind { shape: Shape::Disc, filled: true, color: ink::TREATED };
/// What was before.
pub(crate) const BEFORE: Kind = Kind { shape: Shape::Square, filled: false, color: ink::CONTROL };
/// One of many on the same lane.
pub(crate) const MANY: Kind = Kind { shape: Shape::Disc, filled: false, color: ink::TREATED };

/// One lane.
pub(crate) struct Lane {
    /// Heading above this lane, where a group begins.
    pub(crate) group: Option<String>,
    pub(crate) label: String,
    /// The number in words.
    pub(crate) value: String,
    pub(crate) dots: Vec<(f64, Kind)>,
}

/// All lanes with the axis under them.
pub(crate) struct Dots<'a> {
    pub(crate) heading: &'a str,
    pub(crate) legend: Vec<(Kind, String)>,
    pub(crate) lanes: Vec<Lane>,
    /// Values that the axis must also cover, each drawn as a line: solid at zero, else dashed.
    pub(crate) lines: Vec<f64>,
}

impl Dots<'_> {
    pub(crate) fn canvas(&self, view: &View) -> Canvas {
        let heading = Heading::new(self.heading);
        let legend = LEGEND * count(self.legend_rows().len());
        let top = heading.height() + legend + 8.0;
        let numbers = self.lanes.iter().map(|lane| width(&lane.value)).fold(0.0, f64::max);
        let right = WIDTH - numbers - 12.0;
        let mut values = self.lines.clone();
        values.extend(self.lanes.iter().flat_map(|lane| lane.dots.iter().map(|dot| dot.0)));
        let scale = Linear::covering(&values, 4, NAMES + 8.0, right);
        let bottom = top + self.lanes.iter().map(|lane| height(view, lane)).sum::<f64>() + 4.0;
        let mut canvas = Canvas::new(bottom + 26.0);
        heading.draw(&mut canvas);
        self.legend(&mut canvas, heading.height() + 10.0);
        let mut y = top;
        for lane in &self.lanes {
            self.lane(&mut canvas, view, &scale, (y, lane));
            y += height(view, lane);
        }
        let decimals = scale.decimals();
        axis::bottom(&mut canvas, &scale, bottom, |tick| view.numbers.decimal(tick, decimals));
        canvas
    }

    /// The legend in rows that fit the drawing.
    fn legend_rows(&self) -> Vec<Vec<&(Kind, String)>> {
        let mut rows: Vec<Vec<&(Kind, String)>> = Vec::new();
        let mut free = 0.0;
        for entry in &self.legend {
            let wide = 10.0 + width(&entry.1) + 20.0;
            match rows.last_mut().filter(|_| wide <= free) {
                Some(row) => row.push(entry),
                None => {
                    rows.push(vec![entry]);
                    free = WIDTH - 8.0;
                }
            }
            free -= wide;
        }
        rows
    }

    fn legend(&self, canvas: &mut Canvas, y: f64) {
        for (at, row) in self.legend_rows().into_iter().enumerate() {
            let y = y + LEGEND * count(at);
            let mut x = 8.0;
            for (kind, words) in row {
                dot(canvas, (x, y), *kind);
                let place = (x + 10.0, y + 4.5);
                write(canvas, place, words, (Anchor::Start, ink::TEXT, false));
                x += 10.0 + width(words) + 20.0;
            }
        }
    }

    fn lane(&self, canvas: &mut Canvas, view: &View, scale: &Linear, (top, lane): (f64, &Lane)) {
        let mut top = top;
        if let Some(group) = &lane.group {
            let lines = group_lines(view, group);
            let tall = GROUP + LINE * count(lines.len() - 1);
            let y = (top + 4.0, top + tall - 4.0);
            canvas.add(&Band { x: (0.0, WIDTH), y, fill: ink::TINT, frame: None });
            for (index, line) in lines.iter().enumerate() {
                let y = top + 18.5 + LINE * count(index);
                write(canvas, (4.0, y), line, (Anchor::Start, ink::TEXT, true));
            }
            top += tall;
        }
        let lines = names(view, lane);
        let tall = LINE * count(lines.len().max(1)) + 4.0;
        for (index, line) in lines.iter().enumerate() {
            let y = top + 14.0 + LINE * count(index);
            write(canvas, (4.0, y), line, (Anchor::Start, ink::TEXT, false));
        }
        let middle = top + tall / 2.0;
        let ends = (scale.from(), scale.to());
        let color = ink::LANE;
        canvas.add(&Rule { from: (ends.0, middle), to: (ends.1, middle), color, dashed: false });
        for line in &self.lines {
            let x = scale.at(*line);
            let (from, to) = ((x, top), (x, top + tall));
            canvas.add(&Rule { from, to, color: ink::AXIS, dashed: *line != 0.0 });
        }
        for (value, kind) in &lane.dots {
            dot(canvas, (scale.at(*value), middle), *kind);
        }
        let place = (WIDTH - 4.0, middle + 4.5);
        write(canvas, place, &lane.value, (Anchor::End, ink::MUTED, false));
    }
}

/// The name of a group in lines, at least one.
fn group_lines(view: &View, group: &str) -> Vec<String> {
    let lines = wrap(&view.soft(group), BOLD * (WIDTH - 8.0));
    if lines.is_empty() { vec![String::new()] } else { lines }
}

fn names(view: &View, lane: &Lane) -> Vec<String> {
    wrap(&view.soft(&lane.label), NAMES - 6.0)
}

fn height(view: &View, lane: &Lane) -> f64 {
    let lines = |group: &String| count(group_lines(view, group).len() - 1);
    let group = lane.group.as_ref().map_or(0.0, |group| GROUP + LINE * lines(group));
    group + LINE * count(names(view, lane).len().max(1)) + 4.0
}

/// One mark.
pub(crate) fn dot(canvas: &mut Canvas, (x, y): (f64, f64), kind: Kind) {
    let Kind { shape, filled, color } = kind;
    canvas.add(&Point { x, y, shape, filled, color });
}

fn write(
    canvas: &mut Canvas,
    (x, y): (f64, f64),
    words: &str,
    (anchor, color, bold): (Anchor, &'static str, bool),
) {
    canvas.add(&Text { x, y, words, anchor, color, bold });
}
