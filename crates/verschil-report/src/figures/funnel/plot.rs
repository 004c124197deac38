//! The drawing: lines of limits, marks of regions, axes.

use verschil_study::results::{FunnelFacts, FunnelLimit, FunnelRegion, OutcomeFacts};

use super::names;
use crate::chart::heading::{Heading, LINE, count};
use crate::chart::line::Line;
use crate::chart::linear::Linear;
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, width, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figures::dots::{BEFORE, Kind, NOW};
use crate::figures::unit_line;
use crate::view::View;

const PLOT: f64 = 250.0;

/// Height of the legend above the plot.
const LEGEND: f64 = 24.0;

/// Regions of which the largest is more than so many times the smallest stand by ratio.
const RATIO: f64 = 20.0;

/// From this ratio on only powers of ten have room.
const CROWDED: f64 = 100.0;

/// Names that are wider stand below the plot.
const LONGEST: f64 = 110.0;

/// How far the plot reaches beyond the marks, as a share of how far these lie from the centre.
const AIR: f64 = 0.6;

/// One line of limits: its name, how it is drawn, where it lies.
struct Limit {
    words: &'static str,
    dashed: bool,
    color: &'static str,
    value: fn(&FunnelLimit) -> f64,
}

const LIMITS: [Limit; 4] = [
    Limit { words: "99.8", dashed: false, color: ink::MUTED, value: |limit| limit.high_998 },
    Limit { words: "95", dashed: true, color: ink::AXIS, value: |limit| limit.high_95 },
    Limit { words: "95", dashed: true, color: ink::AXIS, value: |limit| limit.low_95 },
    Limit { words: "99.8", dashed: false, color: ink::MUTED, value: |limit| limit.low_998 },
];

/// Whether equal distances along the plot are equal ratios of size.
pub(super) fn compressed(funnel: &FunnelFacts) -> bool {
    let ends = funnel.limits.first().zip(funnel.limits.last());
    ends.is_some_and(|(first, last)| last.n > RATIO * first.n)
}

/// Where sizes stand.
struct Sizes {
    scale: Linear,
    compressed: bool,
    ends: (f64, f64),
}

impl Sizes {
    fn new(funnel: &FunnelFacts, from: f64, to: f64) -> Option<Self> {
        let compressed = compressed(funnel);
        let ends = (funnel.limits.first()?.n, funnel.limits.last()?.n);
        let along = |n: f64| if compressed { n.log10() } else { n };
        let scale = Linear::covering(&[along(ends.0), along(ends.1)], 5, from, to);
        Some(Self { scale, compressed, ends })
    }

    fn at(&self, n: f64) -> f64 {
        self.scale.at(if self.compressed { n.log10() } else { n })
    }

    /// Round sizes with their places.
    fn ticks(&self) -> Vec<(f64, f64)> {
        if !self.compressed {
            return self.scale.ticks().into_iter().map(|n| (n, self.at(n))).collect();
        }
        let steps: &[f64] =
            if self.ends.1 > CROWDED * self.ends.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let mut ticks = Vec::new();
        let mut power = 1.0;
        while power <= self.ends.1 {
            let inside = |n: &f64| *n >= self.ends.0 && *n <= self.ends.1;
            let round = steps.iter().map(|step| step * power).filter(inside);
            ticks.extend(round.map(|n| (n, self.at(n))));
            power *= 10.0;
        }
        ticks
    }
}

/// The frame of the drawing.
struct Frame<'v, 'a> {
    view: &'v View<'a>,
    sizes: Sizes,
    scale: Linear,
    factor: f64,
    left: f64,
    right: f64,
}

impl Frame<'_, '_> {
    fn place(&self, n: f64, share: f64) -> (f64, f64) {
        (self.sizes.at(n), self.scale.at(share * self.factor))
    }

    fn write(&self, canvas: &mut Canvas, (x, y): (f64, f64), words: &str, anchor: Anchor) {
        canvas.add(&Text { x, y, words, anchor, color: ink::MUTED, bold: false });
    }
}

/// The drawing; nothing without lines or marks.
pub(super) fn draw(view: &View, outcome: &OutcomeFacts, funnel: &FunnelFacts) -> Option<Canvas> {
    let measure = view.measure(outcome);
    let centre = funnel.centre?;
    let factor = measure.factor();
    let heading = Heading::new(&unit_line(view, outcome, &measure.level_unit()));
    let top = heading.height() + LEGEND + 14.0;
    let scale = Linear::covering(&reach(funnel, centre, factor), 5, top + PLOT, top);
    let decimals = scale.decimals();
    let tick = |value: f64| view.numbers.decimal(value, decimals);
    let left = axis::room(&scale, tick);
    let all = view.words.with("funnel-all", &[("value", measure.level(centre).into())]);
    let right = WIDTH - width(&all).max(width("99,8%")) - 12.0;
    let sizes = Sizes::new(funnel, left + 8.0, right)?;
    let frame = Frame { view, sizes, scale, factor, left, right };
    let (named, key) = named(view, funnel);
    let mut canvas = Canvas::new(top + PLOT + 48.0 + LINE * count(key.len()));
    heading.draw(&mut canvas);
    legend(&mut canvas, view, heading.height() + 16.0);
    for value in frame.scale.ticks() {
        let y = frame.scale.at(value);
        let (from, to) = ((frame.left, y), (frame.right, y));
        canvas.add(&Rule { from, to, color: ink::GRID, dashed: false });
        frame.write(&mut canvas, (frame.left - 7.0, y + 4.5), &tick(value), Anchor::End);
    }
    bottom(&mut canvas, &frame, top + PLOT, &funnel.phase);
    let y = frame.scale.at(centre * factor);
    let (from, to) = ((frame.left, y), (frame.right, y));
    canvas.add(&Rule { from, to, color: ink::TEXT, dashed: false });
    let ends = lines(&mut canvas, &frame, funnel);
    labels(&mut canvas, &frame, ends, (y, &all));
    let marks = marks(&mut canvas, &frame, funnel);
    let drawn = names::Drawn { marks, lines: courses(&frame, funnel, y) };
    let area = names::Area { x: (frame.left, frame.right), y: (top - 8.0, top + PLOT) };
    let wanted = named.into_iter().filter_map(|(region, words)| {
        let (x, y) = frame.place(region.n, region.share?);
        Some(names::Name { x, y, words, color: kind(region).color })
    });
    names::draw(&mut canvas, &area, wanted.collect(), &drawn);
    for (at, line) in key.iter().enumerate() {
        frame.write(&mut canvas, (4.0, top + PLOT + 58.0 + LINE * count(at)), line, Anchor::Start);
    }
    Some(canvas)
}

/// What stands beside marks, and lines below the plot: where names are long, marks have letters
/// and the names stand below.
fn named<'a>(
    view: &View,
    funnel: &'a FunnelFacts,
) -> (Vec<(&'a FunnelRegion, String)>, Vec<String>) {
    let regions = super::named(funnel);
    let name = |region: &FunnelRegion| view.region(&region.region);
    if regions.iter().all(|region| width(&name(region)) <= LONGEST) {
        return (regions.into_iter().map(|region| (region, name(region))).collect(), Vec::new());
    }
    let lettered: Vec<(&FunnelRegion, String)> =
        regions.into_iter().zip('a'..='z').map(|(r, letter)| (r, letter.to_string())).collect();
    let told = |(region, letter): &(&FunnelRegion, String)| {
        wrap(&view.soft(&format!("{letter}: {}", name(region))), WIDTH - 12.0)
    };
    let key = lettered.iter().flat_map(told).collect();
    (lettered, key)
}

/// Values that the plot must hold: every mark, the centre, and lines near the marks.
fn reach(funnel: &FunnelFacts, centre: f64, factor: f64) -> Vec<f64> {
    let shares: Vec<f64> = funnel.regions.iter().filter_map(|region| region.share).collect();
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let above = most(&mut shares.iter().map(|share| share - centre));
    let below = most(&mut shares.iter().map(|share| centre - share));
    let air = AIR * above.max(below);
    // the narrowest part of the funnel is always seen, its widest only as far as marks go
    let narrow = funnel.limits.last();
    let (low, high) = narrow.map_or((centre, centre), |limit| (limit.low_998, limit.high_998));
    let wide = funnel.limits.first();
    let (lowest, highest) = wide.map_or((0.0, 1.0), |limit| (limit.low_998, limit.high_998));
    let bottom = (centre - below - air).max(lowest).min(centre - below).min(low);
    let top = (centre + above + air).min(highest).max(centre + above).max(high);
    vec![bottom * factor, top * factor]
}

fn kind(region: &FunnelRegion) -> Kind {
    if region.role == "treated" { NOW } else { BEFORE }
}

fn legend(canvas: &mut Canvas, view: &View, y: f64) {
    let mut x = 8.0;
    for (kind, key) in [(NOW, "arm-treated"), (BEFORE, "arm-control")] {
        crate::figures::dots::dot(canvas, (x, y), kind);
        let words = view.words.text(key);
        canvas.add(&Text {
            x: x + 10.0,
            y: y + 4.5,
            words: &words,
            anchor: Anchor::Start,
            color: ink::TEXT,
            bold: false,
        });
        x += 10.0 + width(&words) + 20.0;
    }
}

/// Sizes and what they are, below the plot.
fn bottom(canvas: &mut Canvas, frame: &Frame, y: f64, phase: &str) {
    let mut free = f64::NEG_INFINITY;
    for (n, x) in frame.sizes.ticks() {
        let words = frame.view.numbers.count(n);
        let half = width(&words) / 2.0;
        if x - half >= free {
            canvas.add(&Rule { from: (x, y), to: (x, y + 4.0), color: ink::AXIS, dashed: false });
            frame.write(canvas, (x, y + 18.0), &words, Anchor::Middle);
            free = x + half + 8.0;
        }
    }
    let arguments = [("units", frame.view.units().into()), ("phase", phase.to_owned().into())];
    let words = frame.view.words.with("funnel-sizes", &arguments);
    frame.write(canvas, (4.0, y + 38.0), &words, Anchor::Start);
}

/// The four lines; gives where each ends at the right, top to bottom.
fn lines(canvas: &mut Canvas, frame: &Frame, funnel: &FunnelFacts) -> Vec<(f64, &'static Limit)> {
    let mut ends = Vec::new();
    for limit in &LIMITS {
        let value = |at: &FunnelLimit| frame.place(at.n, (limit.value)(at));
        let places: Vec<(f64, f64)> = funnel.limits.iter().map(value).collect();
        if let Some((_, y)) = places.last() {
            ends.push((*y, limit));
        }
        let places = clipped(&places, (frame.scale.to(), frame.scale.from()));
        canvas.add(&Line { places, dashed: limit.dashed, color: limit.color });
    }
    ends
}

/// Pieces of all lines, from place to place.
fn courses(frame: &Frame, funnel: &FunnelFacts, centre: f64) -> Vec<[(f64, f64); 2]> {
    let mut pieces = vec![[(frame.left, centre), (frame.right, centre)]];
    for limit in &LIMITS {
        let value = |at: &FunnelLimit| frame.place(at.n, (limit.value)(at));
        pieces.extend(funnel.limits.windows(2).map(|pair| [value(&pair[0]), value(&pair[1])]));
    }
    pieces
}

/// A line as far as it lies between two heights; where it leaves them it runs up to the edge.
fn clipped(places: &[(f64, f64)], (top, bottom): (f64, f64)) -> Vec<Option<(f64, f64)>> {
    let inside = |y: f64| (top..=bottom).contains(&y);
    let mut kept = Vec::new();
    for (at, &(x, y)) in places.iter().enumerate() {
        if let Some(&(before, from)) = at.checked_sub(1).and_then(|last| places.get(last))
            && inside(from) != inside(y)
        {
            let edge = if from.min(y) < top { top } else { bottom };
            kept.push(Some((before + (edge - from) / (y - from) * (x - before), edge)));
        }
        kept.push(inside(y).then_some((x, y)));
    }
    kept
}

/// What the lines are, beside their ends.
fn labels(
    canvas: &mut Canvas,
    frame: &Frame,
    ends: Vec<(f64, &'static Limit)>,
    (centre, all): (f64, &str),
) {
    let percent = |limit: &Limit| {
        let decimals = u8::from(limit.words.contains('.'));
        frame.view.percent(limit.words.parse().unwrap_or_default(), decimals)
    };
    let mut labels: Vec<(f64, String)> =
        ends.into_iter().map(|(y, limit)| (y, percent(limit))).collect();
    labels.insert(labels.len() / 2, (centre, all.to_owned()));
    let ys: Vec<f64> = labels.iter().map(|label| label.0).collect();
    for ((_, words), y) in labels.iter().zip(apart(&ys)) {
        frame.write(canvas, (frame.right + 6.0, y + 4.5), words, Anchor::Start);
    }
}

/// Heights from top to bottom with room for a line of text between, the middle one unmoved.
fn apart(ys: &[f64]) -> Vec<f64> {
    let middle = ys.len() / 2;
    let step = LINE - 3.0;
    let from = |at: usize| ys[middle] + step * (count(at) - count(middle));
    let place = |(at, &y): (usize, &f64)| match at.cmp(&middle) {
        std::cmp::Ordering::Less => y.min(from(at)),
        std::cmp::Ordering::Equal => y,
        std::cmp::Ordering::Greater => y.max(from(at)),
    };
    let mut spread: Vec<f64> = ys.iter().enumerate().map(place).collect();
    for at in (0..middle.saturating_sub(1)).rev() {
        spread[at] = spread[at].min(spread[at + 1] - step);
    }
    for at in middle + 2..spread.len() {
        spread[at] = spread[at].max(spread[at - 1] + step);
    }
    spread
}

/// The marks, those of treated regions on top; gives their places.
fn marks(canvas: &mut Canvas, frame: &Frame, funnel: &FunnelFacts) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    for treated in [false, true] {
        let regions = funnel.regions.iter().filter(|r| (r.role == "treated") == treated);
        for (region, share) in regions.filter_map(|region| Some((region, region.share?))) {
            let place = frame.place(region.n, share);
            crate::figures::dots::dot(canvas, place, kind(region));
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_leaves_the_plot_ends_at_its_edge() {
        let line = [(0.0, -10.0), (10.0, 10.0), (20.0, 30.0), (30.0, 70.0)];
        let kept = clipped(&line, (0.0, 50.0));
        let wanted = [
            None,
            Some((5.0, 0.0)),
            Some((10.0, 10.0)),
            Some((20.0, 30.0)),
            Some((25.0, 50.0)),
            None,
        ];
        assert_eq!(kept, wanted);
    }

    #[test]
    fn labels_of_lines_stand_apart_around_the_middle_one() {
        let found = apart(&[99.0, 99.5, 100.0, 100.5, 160.0]);
        assert_eq!(found, [72.0, 86.0, 100.0, 114.0, 160.0]);
    }
}
