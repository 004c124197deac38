//! Names beside marks, placed so that they cover neither each other nor a mark.

use crate::chart::heading::{LINE, count};
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, width, wrap};
use crate::chart::{Canvas, ink};

/// A name that is wider breaks into lines.
const WIDEST: f64 = 150.0;

/// Half the size of a mark, with some air.
const MARK: f64 = 6.0;

/// How far beside a mark its name stands.
const BESIDE: f64 = 9.0;

/// How far above or below its mark a name may stand, nearest first.
const SHIFTS: [f64; 11] = [0.0, -12.0, 12.0, -24.0, 24.0, -38.0, 38.0, -54.0, 54.0, -72.0, 72.0];

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

/// A rectangle: left, top, right, bottom.
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
pub(super) fn draw(canvas: &mut Canvas, area: &Area, mut names: Vec<Name>, marks: &[(f64, f64)]) {
    let middle = f64::midpoint(area.y.0, area.y.1);
    names.sort_by(|a, b| (b.y - middle).abs().total_cmp(&(a.y - middle).abs()));
    let around = |&(x, y): &(f64, f64)| Place { x: (x - MARK, x + MARK), y: (y - MARK, y + MARK) };
    let mut taken: Vec<Place> = marks.iter().map(around).collect();
    for name in &names {
        let lines = wrap(&name.words, WIDEST);
        let (place, right) = best(name, &lines, area, &taken);
        taken.push(place);
        write(canvas, name, &lines, (place, right));
    }
}

/// The place that covers least, the nearest of those; and whether it is at the right of the mark.
fn best(name: &Name, lines: &[String], area: &Area, taken: &[Place]) -> (Place, bool) {
    let wide = lines.iter().map(|line| width(line)).fold(0.0, f64::max);
    let tall = LINE * count(lines.len()) - 3.0;
    let at = |shift: f64, right: bool| {
        let x = if right { name.x + BESIDE } else { name.x - BESIDE - wide };
        let top = name.y + shift - tall / 2.0;
        Place { x: (x, x + wide), y: (top, top + tall) }
    };
    let cost = |place: &Place| {
        let covered: f64 = taken.iter().map(|other| place.shared(other)).sum();
        covered + 4.0 * (place.size() - place.inside(area))
    };
    let mut found = (at(0.0, true), true);
    let mut least = f64::INFINITY;
    for shift in SHIFTS {
        for right in [true, false] {
            let place = at(shift, right);
            let cost = cost(&place);
            if cost < least - 1e-9 {
                (found, least) = ((place, right), cost);
            }
        }
    }
    found
}

fn write(canvas: &mut Canvas, name: &Name, lines: &[String], (place, right): (Place, bool)) {
    let middle = f64::midpoint(place.y.0, place.y.1);
    let (x, anchor) = if right { (place.x.0, Anchor::Start) } else { (place.x.1, Anchor::End) };
    if (middle - name.y).abs() >= LED {
        let (from, to) = ((name.x, name.y), (x, middle));
        canvas.add(&Rule { from, to, color: ink::AXIS, dashed: false });
    }
    for (at, words) in lines.iter().enumerate() {
        let y = place.y.0 + 11.5 + LINE * count(at);
        canvas.add(&Text { x, y, words, anchor, color: name.color, bold: false });
    }
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
            let (place, _) = best(name, &[name.words.clone()], &area, &taken);
            assert!(taken.iter().all(|other| place.shared(other) == 0.0), "{place:?}");
            assert!((place.inside(&area) - place.size()).abs() < 1e-9, "{place:?}");
            taken.push(place);
        }
    }

    #[test]
    fn a_name_at_the_edge_stands_on_the_other_side() {
        let area = Area { x: (0.0, 300.0), y: (0.0, 200.0) };
        let (place, right) = best(&name(290.0, 100.0), &["A region".into()], &area, &[]);
        assert!(!right && place.x.1 < 290.0, "{place:?}");
    }
}
