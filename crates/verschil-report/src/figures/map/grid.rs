//! Gives each region a cell of a hexagonal grid, as near as can be to where it lies.

use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;

use crate::chart::hexagon::HALF_WIDTH;

/// Rows stand this far apart, in widths of a cell.
const ROW: f64 = HALF_WIDTH;
/// At most about this many cells per region.
const SPARSE: f64 = 6.0;
/// Distances are compared in thousandths of a cell.
const FINE: f64 = 1000.0;

/// The middles of the cells of `places`, in widths of a cell from the upper left one, in the same
/// order; y grows downwards. The sum of squared distances between places and cells is the least
/// that the grid allows.
pub(super) fn cells(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if places.is_empty() {
        return Vec::new();
    }
    let spacing = spacing(places);
    let (left, top) = corner(places);
    let scaled: Vec<(f64, f64)> =
        places.iter().map(|(x, y)| ((x - left) / spacing, (top - y) / spacing)).collect();
    let grid = grid(&scaled);
    let cost = |(x, y): &(f64, f64), cell: &(f64, f64)| -> i64 {
        let squared = (x - cell.0).powi(2) + (y - cell.1).powi(2);
        // Far below the limits of an i64: a grid has at most thousands of cells in a row.
        (squared * FINE).round() as i64
    };
    let rows = scaled.iter().map(|place| grid.iter().map(|cell| cost(place, cell)).collect());
    let rows: Vec<Vec<i64>> = rows.collect();
    let Ok(weights) = Matrix::from_rows(rows) else {
        return scaled;
    };
    let (_, chosen) = kuhn_munkres_min(&weights);
    let taken: Vec<(f64, f64)> = chosen.into_iter().map(|cell| grid[cell]).collect();
    let least = |of: fn(&(f64, f64)) -> f64| taken.iter().map(of).fold(f64::INFINITY, f64::min);
    let (x0, y0) = (least(|cell| cell.0), least(|cell| cell.1));
    taken.iter().map(|(x, y)| (x - x0, y - y0)).collect()
}

/// West and north end of the places.
fn corner(places: &[(f64, f64)]) -> (f64, f64) {
    places
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(left, top), (x, y)| (left.min(*x), top.max(*y)))
}

/// The width of a cell, such that as many cells as regions cover the area they lie in. Places on
/// or near one line cover next to nothing; a floor keeps their grid small.
fn spacing(places: &[(f64, f64)]) -> f64 {
    let number = f64::from(u32::try_from(places.len()).unwrap_or(u32::MAX));
    let (left, top) = corner(places);
    let (width, height) =
        places.iter().fold((0.0_f64, 0.0_f64), |(w, h), (x, y)| (w.max(x - left), h.max(top - y)));
    let by_area = (hull_area(places) / number / ROW).sqrt();
    let floor = (width * height / number / SPARSE).sqrt().max(width.max(height) / number);
    let spacing = by_area.max(floor);
    if spacing.is_finite() && spacing > 0.0 { spacing } else { 1.0 }
}

/// The area of the convex hull, by a walk around it.
fn hull_area(places: &[(f64, f64)]) -> f64 {
    let mut sorted = places.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let turn = |o: (f64, f64), a: (f64, f64), b: (f64, f64)| {
        (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
    };
    let half = |order: &mut dyn Iterator<Item = &(f64, f64)>| {
        let mut hull: Vec<(f64, f64)> = Vec::new();
        for place in order {
            while let [.., o, a] = hull[..]
                && turn(o, a, *place) <= 0.0
            {
                hull.pop();
            }
            hull.push(*place);
        }
        hull.pop();
        hull
    };
    let mut hull = half(&mut sorted.iter());
    hull.extend(half(&mut sorted.iter().rev()));
    let next = hull.iter().cycle().skip(1);
    hull.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
}

/// Cells around the places, at least as many as there are places.
fn grid(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let far = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(0.0, f64::max);
    let (width, height) = (far(|place| place.0), far(|place| place.1));
    let mut margin = 2.0;
    loop {
        let mut cells = Vec::new();
        let mut y = -margin;
        let mut odd = false;
        while y <= height + margin {
            let mut x = -margin + if odd { 0.5 } else { 0.0 };
            while x <= width + margin {
                cells.push((x, y));
                x += 1.0;
            }
            y += ROW;
            odd = !odd;
        }
        if cells.len() >= places.len() {
            return cells;
        }
        margin += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distinct(cells: &[(f64, f64)]) -> bool {
        let near = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).hypot(a.1 - b.1) < 1.0 - 1e-9;
        cells.iter().enumerate().all(|(at, a)| cells[at + 1..].iter().all(|b| !near(a, b)))
    }

    #[test]
    fn every_region_has_its_own_cell() {
        let places: Vec<(f64, f64)> =
            (0..84_u32).map(|n| (f64::from(n * 37 % 101), f64::from(n * 53 % 97))).collect();
        let found = cells(&places);
        assert_eq!(found.len(), 84);
        assert!(distinct(&found));
    }

    #[test]
    fn regions_on_one_spot_or_one_line_are_spread() {
        for places in [vec![(5.0, 5.0); 30], (0..30).map(|n| (f64::from(n), 0.0)).collect()] {
            let found = cells(&places);
            assert_eq!(found.len(), 30);
            assert!(distinct(&found));
        }
        assert!(cells(&[]).is_empty());
        assert_eq!(cells(&[(7.0, 9.0)]), [(0.0, 0.0)]);
    }

    #[test]
    fn far_apart_or_nearly_on_a_line_the_grid_stays_small() {
        let line = |n: u32| (f64::from(n) * 1e6, f64::from(n) * 1e6 + f64::from(n % 3) * 1e-6);
        let lone = |n: u32| if n == 0 { (1e12, -1e12) } else { (f64::from(n % 5), f64::from(n)) };
        for places in [(0..40).map(line).collect::<Vec<_>>(), (0..40).map(lone).collect()] {
            let found = cells(&places);
            assert!(distinct(&found));
            assert!(found.iter().all(|(x, y)| *x < 60.0 && *y < 60.0), "{found:?}");
        }
    }

    #[test]
    fn places_on_a_grid_keep_their_neighbours() {
        let mut places = Vec::new();
        for row in 0..5_u32 {
            for column in 0..6_u32 {
                let shift = if row % 2 == 1 { 500.0 } else { 0.0 };
                let north = -f64::from(row) * 1000.0 * ROW;
                places.push((f64::from(column) * 1000.0 + shift, north));
            }
        }
        let found = cells(&places);
        for (at, place) in places.iter().enumerate() {
            for (other, beside) in places.iter().enumerate() {
                let there = (place.0 - beside.0).hypot(place.1 - beside.1);
                let here = (found[at].0 - found[other].0).hypot(found[at].1 - found[other].1);
                if there < 1001.0 {
                    assert!(here < 2.1, "{at} and {other} lie {here} apart");
                }
            }
        }
    }

    #[test]
    fn no_other_assignment_of_three_regions_is_nearer() {
        let places = [(0.0, 0.0), (0.2, 0.1), (2.0, 1.3)];
        let (spacing, (left, top)) = (spacing(&places), corner(&places));
        let scaled: Vec<(f64, f64)> =
            places.iter().map(|(x, y)| ((x - left) / spacing, (top - y) / spacing)).collect();
        let grid = grid(&scaled);
        let far = |p: (f64, f64), c: (f64, f64)| (p.0 - c.0).powi(2) + (p.1 - c.1).powi(2);
        let mut best = f64::INFINITY;
        for a in &grid {
            for b in grid.iter().filter(|b| *b != a) {
                for c in grid.iter().filter(|c| *c != a && *c != b) {
                    best = best.min(far(scaled[0], *a) + far(scaled[1], *b) + far(scaled[2], *c));
                }
            }
        }
        let found = cells(&places);
        // Cells are given from the upper left one, so the whole may be shifted by any cell.
        let shifted = |cell: &(f64, f64)| -> f64 {
            let shift = (cell.0 - found[0].0, cell.1 - found[0].1);
            let moved = found.iter().map(|c| (c.0 + shift.0, c.1 + shift.1));
            scaled.iter().zip(moved).map(|(place, cell)| far(*place, cell)).sum()
        };
        let least = grid.iter().map(shifted).fold(f64::INFINITY, f64::min);
        assert!((least - best).abs() < 0.01, "{least} against {best}");
    }
}
