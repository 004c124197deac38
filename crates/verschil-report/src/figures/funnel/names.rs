//! Names beside marks, placed so that they cover neither each other nor a mark.

use crate::chart::heading::LINE;
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, ink};

/// Half the size of a mark, with some air.
const MARK: f64 = 6.0;

/// Half the height of a line, with some air.
const LINED: f64 = 2.0;

/// How far beside a mark its name stands.
const BESIDE: f64 = 9.0;

/// How far above or below its mark a name may stand, nearest first.
const SHIFTS: [f64; 11] = [0.0, -12.0, 12.0, -24.0, 24.0, -38.0, 38.0, -54.0, 54.0, -72.0, 72.0];

/// What it costs to cover, or to leave the plot, for each unit of area.
const COVER: f64 = 4.0;

/// What it costs to stand further away, for each unit of length.
const FAR: f64 = 1.0;

/// From this distance on a line leads from the name to its mark.
const LED: f64 = 20.0;

/// A name and the mark that it belongs to.
pub(super) struct Name {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) words: String,
    pub(super) color: &'static str,
}

/// Where names may stand.
pub(super) struct Area {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

/// What names should not cover.
pub(super) struct Drawn {
    pub(super) marks: Vec<(f64, f64)>,
    /// Pieces of lines.
    pub(super) lines: Vec<[(f64, f64); 2]>,
}

/// A rectangle: from left to right, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    x: (f64, f64),
    y: (f64, f64),
}

impl Place {
    /// How much of this lies under another.
    fn shared(&self, other: &Self) -> f64 {
        let wide = self.x.1.min(other.x.1) - self.x.0.max(other.x.0);
        let tall = self.y.1.min(other.y.1) - self.y.0.max(other.y.0);
        wide.max(0.0) * tall.max(0.0)
    }

    /// How much of this lies within an area.
    fn inside(&self, area: &Area) -> f64 {
        self.shared(&Self { x: area.x, y: area.y })
    }

    fn size(&self) -> f64 {
        (self.x.1 - self.x.0) * (self.y.1 - self.y.0)
    }
}

/// Writes the names, those of the outermost marks first.
pub(super) fn draw(canvas: &mut Canvas, area: &Area, mut names: Vec<Name>, drawn: &Drawn) {
    let middle = f64::midpoint(area.y.0, area.y.1);
    names.sort_by(|a, b| (b.y - middle).abs().total_cmp(&(a.y - middle).abs()));
    let around = |&(x, y): &(f64, f64)| Place { x: (x - MARK, x + MARK), y: (y - MARK, y + MARK) };
    let mut taken: Vec<Place> = drawn.marks.iter().map(around).collect();
    taken.extend(drawn.lines.iter().map(along));
    for name in &names {
        let (place, right) = best(name, area, &taken);
        taken.push(place);
        write(canvas, name, (place, right));
    }
}

/// The room of a piece of a line, from left to right.
fn along([(left, from), (right, to)]: &[(f64, f64); 2]) -> Place {
    Place { x: (*left, *right), y: (from.min(*to) - LINED, from.max(*to) + LINED) }
}

/// The place that covers least, the nearest of those; and whether it is at the right of the mark.
fn best(name: &Name, area: &Area, taken: &[Place]) -> (Place, bool) {
    let (wide, tall) = (width(&name.words), LINE - 3.0);
    let at = |shift: f64, right: bool| {
        let x = if right { name.x + BESIDE } else { name.x - BESIDE - wide };
        let top = name.y + shift - tall / 2.0;
        Place { x: (x, x + wide), y: (top, top + tall) }
    };
    let cost = |place: &Place| {
        let covered: f64 = taken.iter().map(|other| place.shared(other)).sum();
        COVER * (covered + place.size() - place.inside(area))
    };
    let mut found = (at(0.0, true), true);
    let mut least = f64::INFINITY;
    for shift in SHIFTS {
        for right in [true, false] {
            let place = at(shift, right);
            let cost = cost(&place) + FAR * shift.abs();
            if cost < least - 1e-9 {
                (found, least) = ((place, right), cost);
            }
        }
    }
    found
}

fn write(canvas: &mut Canvas, name: &Name, (place, right): (Place, bool)) {
    let middle = f64::midpoint(place.y.0, place.y.1);
    let (x, anchor) = if right { (place.x.0, Anchor::Start) } else { (place.x.1, Anchor::End) };
    if (middle - name.y).abs() >= LED {
        let (from, to) = ((name.x, name.y), (x, middle));
        canvas.add(&Rule { from, to, color: ink::AXIS, dashed: false });
    }
    let (y, words) = (place.y.0 + 11.5, name.words.as_str());
    canvas.add(&Text { x, y, words, anchor, color: name.color, bold: false });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(x: f64, y: f64) -> Name {
        Name { x, y, words: "A region".into(), color: ink::TREATED }
    }

    #[test]
    fn names_of_neighbours_do_not_cover_each_other_or_a_mark() {
        let area = Area { x: (0.0, 300.0), y: (0.0, 200.0) };
        let names: Vec<Name> = (0..6).map(|k| name(150.0 + 3.0 * f64::from(k), 100.0)).collect();
        let around = |n: &Name| Place { x: (n.x - MARK, n.x + MARK), y: (n.y - MARK, n.y + MARK) };
        let mut taken: Vec<Place> = names.iter().map(around).collect();
        for name in &names {
            let (place, _) = best(name, &area, &taken);
            // a hair's breadth of the air around them is less than to stand far away
            let most = place.size() / 50.0;
            assert!(taken.iter().all(|other| place.shared(other) < most), "{place:?}");
            assert!((place.inside(&area) - place.size()).abs() < 1e-9, "{place:?}");
            taken.push(place);
        }
    }

    #[test]
    fn a_name_at_the_edge_stands_on_the_other_side() {
        let area = Area { x: (0.0, 300.0), y: (0.0, 200.0) };
        let (place, right) = best(&name(290.0, 100.0), &area, &[]);
        assert!(!right && place.x.1 < 290.0, "{place:?}");
    }
}
