//! Legends of maps: kinds of region, or a scale of values.

use super::{Look, ROLES};
use crate::chart::band::Band;
use crate::chart::hexagon::{Edge, Hexagon};
use crate::chart::linear::Linear;
use crate::chart::point::Point;
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, WIDTH, ink};
use crate::view::View;

const LINE: f64 = 24.0;
const SWATCH: f64 = 11.0;

/// One entry: how it looks and what it is.
pub(super) struct Entry {
    pub(super) look: Look,
    pub(super) words: String,
}

/// Kinds of region that occur, with how many there are.
pub(super) fn kinds(view: &View) -> Vec<Entry> {
    let regions = &view.results.regions;
    let entry = |role: &super::Role| {
        let n = regions.iter().filter(|region| super::role(region).id == role.id).count();
        let name = view.words.text(role.key);
        let arguments = [("name", name.into()), ("n", view.numbers.whole(n as u64).into())];
        (n > 0).then(|| Entry { look: role.look, words: view.words.with("map-kind", &arguments) })
    };
    ROLES.iter().filter_map(entry).collect()
}

/// Where entries stand: x of each, and its line.
fn placed(entries: &[Entry]) -> Vec<(f64, f64)> {
    let (mut x, mut line) = (0.0, 0.0);
    let mut places = Vec::new();
    for entry in entries {
        let wide = SWATCH * 2.0 + 8.0 + width(&entry.words);
        if x > 0.0 && x + wide > WIDTH {
            (x, line) = (0.0, line + 1.0);
        }
        places.push((x, line));
        x += wide + 14.0;
    }
    places
}

/// The height that the entries take.
pub(super) fn height(entries: &[Entry]) -> f64 {
    placed(entries).last().map_or(0.0, |(_, line)| (line + 1.0) * LINE)
}

/// Draws the entries below `top`.
pub(super) fn draw(canvas: &mut Canvas, top: f64, entries: &[Entry]) {
    for (entry, (x, line)) in entries.iter().zip(placed(entries)) {
        let (x, y) = (x + SWATCH + 1.0, top + line * LINE + SWATCH + 1.0);
        let look = &entry.look;
        canvas.add(&Hexagon { x, y, radius: SWATCH, fill: look.fill, edge: look.edge });
        if let Some(sign) = look.sign {
            let (shape, filled, color) = (sign.shape, sign.filled, sign.color);
            canvas.add(&Point { x, y, shape, filled, color });
        }
        let (words, color) = (&entry.words, ink::TEXT);
        let text = (x + SWATCH + 5.0, y + 4.5);
        canvas.add(&Text {
            x: text.0,
            y: text.1,
            words,
            anchor: Anchor::Start,
            color,
            bold: false,
        });
    }
}

/// Height of a scale of values.
pub(super) const SCALE: f64 = 40.0;

/// Boxes from low to high with the values between them.
pub(super) fn scale(
    canvas: &mut Canvas,
    top: f64,
    scale: &Linear,
    fills: &[&'static str],
    label: impl Fn(f64) -> String,
) {
    let ticks = scale.ticks();
    for (pair, fill) in ticks.windows(2).zip(fills) {
        let x = (scale.at(pair[0]), scale.at(pair[1]));
        canvas.add(&Band { x, y: (top, top + 16.0), fill, frame: Some(ink::AXIS) });
    }
    crate::chart::axis::bottom(canvas, scale, top + 16.0, label);
}

/// The edge of a region without a value.
pub(super) const NO_VALUE: Edge = Edge { color: ink::AXIS, width: 1.0, dashed: true };
