//! The ground of a map: where each region stands on the sheet, and with what outline.

use verschil_study::results::RegionRow;

use super::boundaries::{Boundaries, Ring, Shape};
use super::{Look, grid};
use crate::chart::area::Area;
use crate::chart::hexagon::{Edge, HALF_WIDTH, Hexagon};
use crate::chart::point::Point;
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, WIDTH, ink};
use crate::view::View;

const EDGE: f64 = 6.0;
/// A hexagon is at most this wide, or few regions would fill a page.
const WIDEST: f64 = 46.0;
/// No place on earth has coordinates beyond this, in metres.
const FARTHEST: f64 = 1e9;
/// Gap between hexagons.
const GAP: f64 = 2.0;
/// Smaller shapes, in square pixels, have no mark written on them.
const NAMED_AREA: f64 = 330.0;
/// Edges of shapes are at most this wide, for many shapes are small.
const SHAPE_EDGE: f64 = 1.0;

/// A region's place on the sheet.
struct Spot {
    x: f64,
    y: f64,
    /// Rings of its outline; none for a hexagon.
    rings: Vec<Ring>,
    /// Whether a mark fits on it.
    roomy: bool,
}

impl Spot {
    /// Whether words of this width stand on the region and not beside it, where they could not be
    /// read.
    fn holds(&self, wide: f64) -> bool {
        let inside = |x: f64| {
            let crossed = self.rings.iter().flat_map(|ring| ring.windows(2)).filter(|pair| {
                let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
                (ay > self.y) != (by > self.y) && x < ax + (self.y - ay) / (by - ay) * (bx - ax)
            });
            crossed.count() % 2 == 1
        };
        let steps = [-0.5, -0.25, 0.0, 0.25, 0.5];
        self.rings.is_empty() || steps.iter().all(|step| inside(self.x + step * wide))
    }
}

/// Where regions stand.
pub(super) struct Ground {
    /// One per region of the results; none for a region without a place.
    spots: Vec<Option<Spot>>,
    /// Shapes that no region has.
    around: Vec<Vec<Ring>>,
    height: f64,
    /// From the middle of a hexagon to a corner, in a grid.
    radius: Option<f64>,
}

impl Ground {
    /// Equal hexagons, for regions with coordinates.
    pub(super) fn hexagons(view: &View) -> Option<Self> {
        let regions = &view.results.regions;
        let placed: Vec<(usize, (f64, f64))> = regions
            .iter()
            .enumerate()
            .filter_map(|(at, region)| Some((at, (region.x?, region.y?))))
            .filter(|(_, (x, y))| x.abs() < FARTHEST && y.abs() < FARTHEST)
            .collect();
        if placed.len() < 2 {
            return None;
        }
        let places: Vec<(f64, f64)> = placed.iter().map(|(_, place)| *place).collect();
        let cells = view.cells.get_or_init(|| grid::cells(&places));
        let far = |of: fn(&(f64, f64)) -> f64| cells.iter().map(of).fold(0.0, f64::max);
        let (columns, rows) = (far(|cell| cell.0) + 1.0, far(|cell| cell.1));
        let cell = ((WIDTH - 2.0 * EDGE) / columns).min(WIDEST);
        let radius = (cell - GAP) / 2.0 / HALF_WIDTH;
        let left = (WIDTH - cell * columns) / 2.0 + cell / 2.0;
        let mut spots: Vec<Option<Spot>> = regions.iter().map(|_| None).collect();
        for ((at, _), (x, y)) in placed.iter().zip(cells) {
            let (x, y) = (left + x * cell, EDGE + radius + y * cell);
            spots[*at] = Some(Spot { x, y, rings: Vec::new(), roomy: true });
        }
        let height = rows * cell + 2.0 * (radius + EDGE);
        Some(Self { spots, around: Vec::new(), height, radius: Some(radius) })
    }

    /// The regions' own shapes; nothing when not one region has one.
    pub(super) fn shapes(regions: &[RegionRow], boundaries: &Boundaries) -> Option<Self> {
        let all = || boundaries.shapes.iter().flat_map(|shape| shape.rings.iter().flatten());
        let (low, high) = all().fold(
            ((f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY)),
            |(low, high), (x, y)| {
                ((low.0.min(*x), low.1.min(*y)), (high.0.max(*x), high.1.max(*y)))
            },
        );
        let scale = (WIDTH - 2.0 * EDGE) / (high.0 - low.0).max((high.1 - low.1) / 1.4);
        if !scale.is_finite() || scale <= 0.0 {
            return None;
        }
        let left = (WIDTH - scale * (high.0 - low.0)) / 2.0;
        let put = |(x, y): &(f64, f64)| (left + (x - low.0) * scale, EDGE + (high.1 - y) * scale);
        let rings = |shape: &Shape| -> Vec<Ring> {
            shape.rings.iter().map(|ring| ring.iter().map(put).collect()).collect()
        };
        let spot = |region: &RegionRow| {
            let shape = boundaries.shapes.iter().find(|shape| shape.code == region.code)?;
            let rings = rings(shape);
            let (area, (x, y)) = middle(&rings)?;
            Some(Spot { x, y, rings, roomy: area > NAMED_AREA })
        };
        let spots: Vec<Option<Spot>> = regions.iter().map(spot).collect();
        let known = |shape: &&Shape| regions.iter().any(|region| region.code == shape.code);
        let around = boundaries.shapes.iter().filter(|shape| !known(shape)).map(rings).collect();
        let height = (high.1 - low.1) * scale + 2.0 * EDGE;
        spots.iter().any(Option::is_some).then_some(Self { spots, around, height, radius: None })
    }

    pub(super) fn is_grid(&self) -> bool {
        self.radius.is_some()
    }

    pub(super) fn height(&self) -> f64 {
        self.height
    }

    /// Positions of regions without a place.
    pub(super) fn without(&self) -> impl Iterator<Item = usize> {
        self.spots.iter().enumerate().filter(|(_, spot)| spot.is_none()).map(|(at, _)| at)
    }

    /// Draws every region as it looks, with its mark.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: f64, looks: &[Look], marks: &[String]) {
        let down = |rings: &[Ring]| -> Vec<Ring> {
            rings.iter().map(|ring| ring.iter().map(|(x, y)| (*x, y + top)).collect()).collect()
        };
        let edge = Edge { color: ink::LANE, width: 0.6, dashed: false };
        for rings in &self.around {
            canvas.add(&Area { rings: down(rings), fill: ink::SHADE, edge });
        }
        let drawn = || self.spots.iter().zip(looks).zip(marks);
        for ((spot, look), _) in drawn() {
            let Some(spot) = spot else { continue };
            let (fill, edge) = (look.fill, look.edge);
            match self.radius {
                Some(radius) => {
                    canvas.add(&Hexagon { x: spot.x, y: spot.y + top, radius, fill, edge });
                }
                None => {
                    let edge = Edge { width: edge.width.min(SHAPE_EDGE), ..edge };
                    canvas.add(&Area { rings: down(&spot.rings), fill, edge });
                }
            }
        }
        let room = self.radius.map_or(WIDEST, |radius| 2.0 * radius * HALF_WIDTH);
        let fit = marks.iter().all(|mark| width(mark) <= room);
        for ((spot, look), mark) in drawn() {
            let Some(spot) = spot else { continue };
            let written = fit && spot.roomy && spot.holds(width(mark));
            label(canvas, (spot.x, spot.y + top), look, if written { mark } else { "" });
        }
    }
}

/// The mark of a region and under it the sign of its kind.
fn label(canvas: &mut Canvas, (x, y): (f64, f64), look: &Look, mark: &str) {
    let written = !mark.is_empty();
    if written {
        let up = if look.sign.is_some() { -1.0 } else { 4.5 };
        canvas.add(&Text {
            x,
            y: y + up,
            words: mark,
            anchor: Anchor::Middle,
            color: look.words,
            bold: look.words == ink::PAPER,
        });
    }
    if let Some(sign) = look.sign {
        canvas.add(&Point {
            x,
            y: if written { y + 9.0 } else { y },
            shape: sign.shape,
            filled: sign.filled,
            color: sign.color,
        });
    }
}

/// Area and centre of the largest ring.
fn middle(rings: &[Ring]) -> Option<(f64, (f64, f64))> {
    let measured = rings.iter().filter_map(centre);
    measured.max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Area and centre of gravity of a ring.
fn centre(ring: &Ring) -> Option<(f64, (f64, f64))> {
    let first = *ring.first()?;
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for pair in ring.windows(2) {
        let (a, b) = (
            (pair[0].0 - first.0, pair[0].1 - first.1),
            (pair[1].0 - first.0, pair[1].1 - first.1),
        );
        let cross = a.0 * b.1 - b.0 * a.1;
        area += cross / 2.0;
        x += (a.0 + b.0) * cross / 6.0;
        y += (a.1 + b.1) * cross / 6.0;
    }
    (area != 0.0).then(|| (area.abs(), (first.0 + x / area, first.1 + y / area)))
}
