//! The interval of the effect as trends are allowed to differ more and more.

use verschil_study::results::{HonestRow, OutcomeFacts};

use crate::chart::heading::Heading;
use crate::chart::interval::{End, Interval, Run};
use crate::chart::linear::Linear;
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figure::{Figure, Told};
use crate::figures::{name, unit_line};
use crate::range::Range;
use crate::view::{Measure, View};

const PLOT: f64 = 150.0;
/// Room of the interval without any drift, left of those with a bound.
const FIRST: f64 = 64.0;

/// The keys of the words of a restriction: its axis, and what the caption says of it.
struct Restriction {
    id: &'static str,
    axis: &'static str,
    breakdown: &'static str,
    refused: &'static str,
}

const RESTRICTIONS: [Restriction; 2] = [
    Restriction {
        id: "relative_magnitudes",
        axis: "honest-axis-relative",
        breakdown: "caption-honest-relative",
        refused: "caption-honest-no-relative",
    },
    Restriction {
        id: "smoothness",
        axis: "honest-axis-smooth",
        breakdown: "caption-honest-smooth",
        refused: "caption-honest-no-smooth",
    },
];

/// What is known under one restriction.
struct Bounds<'a> {
    restriction: &'static Restriction,
    /// Rows with a bound, in order.
    rows: Vec<(f64, &'a HonestRow)>,
    breakdown: Option<&'a HonestRow>,
}

/// The figure; nothing where no interval was computed.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let all = || {
        let of = |row: &&HonestRow| row.outcome == outcome.id && row.comparison == view.main.id;
        view.results.honest.iter().filter(of)
    };
    let parallel = all().find(|row| row.restriction == "parallel").map_or(Range::Missing, range);
    let found: Vec<Bounds> =
        RESTRICTIONS.iter().map(|restriction| bounds(all(), restriction)).collect();
    let drawn = |bounds: &Bounds| bounds.rows.iter().any(|(_, row)| range(row) != Range::Missing);
    if !found.iter().any(drawn) {
        return None;
    }
    let measure = view.measure(outcome);
    let heading = unit_line(view, outcome, &measure.effect_unit());
    let mut canvas = Canvas::new(0.0);
    let mut top = Some(heading.as_str());
    for bounds in found.iter().filter(|bounds| drawn(bounds)) {
        // said once, above the first
        let heading = top.take().unwrap_or_default();
        canvas.below(&Plot { view, measure: &measure, parallel, bounds }.canvas(heading));
    }
    let title =
        view.words.with("figure-honest", &[("outcome", view.name(outcome).to_owned().into())]);
    Some(
        Told {
            name: name("honest", outcome, view),
            title,
            caption: caption(view, &measure, parallel, &found),
            columns: ["column-drift", "column-bound", "column-range"]
                .map(|key| view.words.text(key))
                .to_vec(),
            rows: table(view, &measure, parallel, &found),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn bounds<'a>(
    rows: impl Iterator<Item = &'a HonestRow>,
    restriction: &'static Restriction,
) -> Bounds<'a> {
    let own = rows.filter(|row| row.restriction == restriction.id);
    let (rest, bounded): (Vec<_>, Vec<_>) = own.partition(|row| row.bound.is_none());
    let mut rows: Vec<(f64, &HonestRow)> =
        bounded.into_iter().filter_map(|row| Some((row.bound?, row))).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    Bounds { restriction, rows, breakdown: rest.into_iter().find(|row| row.breakdown.is_some()) }
}

fn range(row: &HonestRow) -> Range {
    match (row.ci_low, row.ci_high) {
        (Some(low), Some(high)) => Range::Both(low, high),
        _ => Range::Missing,
    }
}

impl Bounds<'_> {
    fn largest(&self) -> f64 {
        self.rows.last().map_or(0.0, |(bound, _)| *bound)
    }

    /// Multiples of earlier changes have no unit; changes of slope have that of the outcome.
    fn shown(&self, measure: &Measure, bound: f64) -> f64 {
        if self.restriction.id == "smoothness" { bound * measure.factor() } else { bound }
    }

    /// Decimals that keep the bounds apart: two digits of the smallest above zero.
    fn decimals(&self, measure: &Measure) -> u8 {
        let mut above = self.rows.iter().map(|(bound, _)| *bound).filter(|bound| *bound > 0.0);
        let Some(smallest) = above.next() else { return 1 };
        let smallest = self.shown(measure, smallest);
        let enough = |decimals: &u8| smallest * 10_f64.powi(i32::from(*decimals)) >= 4.999;
        (0..8).find(enough).unwrap_or(8)
    }

    fn words(&self, view: &View, measure: &Measure, bound: f64) -> String {
        view.numbers.decimal(self.shown(measure, bound), self.decimals(measure))
    }

    /// The breakdown value in words: one digit more than the bounds.
    fn breakdown_words(&self, view: &View, measure: &Measure, value: f64) -> String {
        let decimals = self.decimals(measure).saturating_add(1);
        view.numbers.decimal(self.shown(measure, value), decimals)
    }
}

/// The plot of one restriction.
struct Plot<'v, 'a> {
    view: &'v View<'a>,
    measure: &'v Measure<'v>,
    parallel: Range,
    bounds: &'v Bounds<'v>,
}

impl Plot<'_, '_> {
    fn canvas(&self, heading: &str) -> Canvas {
        let (view, factor) = (self.view, self.measure.factor());
        let heading = Heading::new(heading);
        let top = heading.height() + 22.0;
        let mut values = vec![0.0];
        values.extend(self.parallel.times(factor).ends());
        let rows = &self.bounds.rows;
        values.extend(rows.iter().flat_map(|(_, row)| range(row).times(factor).ends()));
        let scale = Linear::covering(&values, 4, top + PLOT, top);
        let decimals = scale.decimals();
        let label = |tick: f64| view.numbers.decimal(tick, decimals);
        let left = axis::room(&scale, label);
        let mut canvas = Canvas::new(top + PLOT + 22.0);
        heading.draw(&mut canvas);
        axis::left(&mut canvas, &scale, left, label);
        let zero = scale.at(0.0);
        let (from, to) = ((left, zero), (WIDTH - 8.0, zero));
        canvas.add(&Rule { from, to, color: ink::AXIS, dashed: false });
        let along =
            Along { from: left + FIRST + 8.0, to: WIDTH - 30.0, most: self.bounds.largest() };
        self.breakdown(&mut canvas, &along, (top, top + PLOT));
        let first = left + FIRST / 2.0;
        let mut labels = Labels { y: top + PLOT + 17.0, free_from: 0.0 };
        standing(&mut canvas, &scale, first, self.parallel.times(factor));
        if self.parallel != Range::Missing {
            labels.write(&mut canvas, first, &view.words.text("honest-none"));
        }
        for (bound, row) in rows {
            let x = along.at(*bound);
            standing(&mut canvas, &scale, x, range(row).times(factor));
            labels.write(&mut canvas, x, &self.bounds.words(view, self.measure, *bound));
        }
        canvas.below(&Heading::new(&self.axis()).canvas());
        canvas
    }

    fn axis(&self) -> String {
        let unit = self.measure.effect_unit();
        let known = if unit.is_empty() { "no" } else { "yes" };
        let arguments = [("unit", unit.into()), ("known", known.into())];
        self.view.words.with(self.bounds.restriction.axis, &arguments)
    }

    /// A dashed line where the interval comes to hold zero, with the value above it.
    fn breakdown(&self, canvas: &mut Canvas, along: &Along, (top, bottom): (f64, f64)) {
        let row = self.bounds.breakdown.filter(|row| row.note.is_empty());
        let Some(value) = row.and_then(|row| row.breakdown) else { return };
        if value <= 0.0 || value > along.most {
            return;
        }
        let x = along.at(value);
        let (from, to) = ((x, top - 4.0), (x, bottom));
        canvas.add(&Rule { from, to, color: ink::AXIS, dashed: true });
        let words = self.bounds.breakdown_words(self.view, self.measure, value);
        let words = self.view.words.with("honest-mark", &[("value", words.into())]);
        let half = width(&words) / 2.0;
        canvas.add(&Text {
            x: x.clamp(half, WIDTH - half),
            y: top - 8.0,
            words: &words,
            anchor: Anchor::Middle,
            color: ink::TEXT,
            bold: false,
        });
    }
}

/// Bounds from left to right.
struct Along {
    from: f64,
    to: f64,
    most: f64,
}

impl Along {
    fn at(&self, bound: f64) -> f64 {
        if self.most > 0.0 {
            self.from + bound / self.most * (self.to - self.from)
        } else {
            self.from
        }
    }
}

/// Labels under the intervals; one that would run into the one before it is left out.
struct Labels {
    y: f64,
    free_from: f64,
}

impl Labels {
    fn write(&mut self, canvas: &mut Canvas, x: f64, words: &str) {
        let half = width(words) / 2.0;
        if x - half < self.free_from {
            return;
        }
        let (anchor, color) = (Anchor::Middle, ink::MUTED);
        canvas.add(&Text { x, y: self.y, words, anchor, color, bold: false });
        self.free_from = x + half + 5.0;
    }
}

fn standing(canvas: &mut Canvas, scale: &Linear, across: f64, range: Range) {
    let Range::Both(low, high) = range else { return };
    let (low, high) = (End::At(scale.at(low)), End::At(scale.at(high)));
    canvas.add(&Interval { run: Run::Up, across, low, high, dashed: false, color: ink::TREATED });
}

fn caption(view: &View, measure: &Measure, parallel: Range, found: &[Bounds]) -> String {
    let level = view.confidence();
    let mut told = vec![view.words.with("caption-honest", &[("level", level.into())])];
    if parallel == Range::Missing {
        told.push(view.words.text("caption-honest-no-parallel"));
    }
    for bounds in found {
        let restriction = bounds.restriction;
        let intervals = || bounds.rows.iter().map(|(_, row)| range(row));
        if intervals().all(|range| range == Range::Missing) {
            told.push(view.words.text(restriction.refused));
            continue;
        }
        if intervals().any(|range| range == Range::Missing) {
            told.push(view.words.text("caption-honest-empty"));
        }
        let Some((row, value)) = bounds.breakdown.and_then(|row| Some((row, row.breakdown?)))
        else {
            continue;
        };
        let kind = match (row.note.is_empty(), value > 0.0) {
            (false, _) => "beyond",
            (true, true) => "at",
            (true, false) => "none",
        };
        let value = bounds.breakdown_words(view, measure, value);
        let arguments = [("kind", kind.into()), ("value", value.into())];
        told.push(view.words.with(restriction.breakdown, &arguments));
    }
    told.join(" ")
}

fn table(view: &View, measure: &Measure, parallel: Range, found: &[Bounds]) -> Vec<Vec<String>> {
    let written = |range: Range| view.range(range, |end| measure.bare(end));
    let mut table = vec![vec![view.words.text("honest-none"), String::new(), written(parallel)]];
    for bounds in found {
        let name = view.words.text(match bounds.restriction.id {
            "smoothness" => "honest-name-smooth",
            _ => "honest-name-relative",
        });
        table.extend(bounds.rows.iter().map(|(bound, row)| {
            vec![name.clone(), bounds.words(view, measure, *bound), written(range(row))]
        }));
        let value = bounds.breakdown.and_then(|row| row.breakdown);
        table.extend(value.map(|value| {
            let value = bounds.breakdown_words(view, measure, value);
            vec![name, value, view.words.text("honest-breakdown")]
        }));
    }
    table
}
