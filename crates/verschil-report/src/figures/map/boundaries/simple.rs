//! Boundaries as coarse as a figure shows them, and as a file beside results.

use serde_json::json;

use super::plane::{METRES, extent};
use super::{Boundaries, Ring, Shape};

/// Steps over the longer side of the map, at least; a figure is a quarter of it in pixels.
const STEPS: f64 = 2000.0;
/// A ring has at least three corners, and its first place again.
const FEWEST: usize = 4;

impl Boundaries {
    /// The same boundaries on a grid as fine as a figure can show. Neighbours keep a common line,
    /// because each place moves alike in both.
    #[must_use]
    pub fn simplified(&self) -> Self {
        let [west, east, south, north] = extent(&self.shapes);
        let longer = (east - west).max(north - south);
        if !longer.is_finite() || longer <= 0.0 {
            return self.clone();
        }
        let step = 10.0_f64.powf((longer / STEPS).log10().floor());
        let shapes = self
            .shapes
            .iter()
            .map(|shape| Shape { code: shape.code.clone(), rings: simple(&shape.rings, step) });
        Self { shapes: shapes.collect() }
    }

    /// A file that [`Boundaries::read`] reads with the key `code`: places in metres, one polygon
    /// per region, of which everything inside an odd number of rings is inside the region.
    #[must_use]
    pub fn geojson(&self) -> String {
        let features: Vec<_> = self
            .shapes
            .iter()
            .map(|shape| {
                json!({
                    "type": "Feature",
                    "properties": { "code": shape.code },
                    "geometry": { "type": "Polygon", "coordinates": shape.rings },
                })
            })
            .collect();
        let mut text = json!({
            "type": "FeatureCollection",
            "crs": { "type": "name", "properties": { "name": METRES } },
            "features": features,
        })
        .to_string();
        text.push('\n');
        text
    }
}

/// Rings of one region on the grid; what is smaller than a step goes, unless it is all there is.
fn simple(rings: &[Ring], step: f64) -> Vec<Ring> {
    let seen: Vec<Ring> =
        rings.iter().map(|ring| snapped(ring, step)).filter(|ring| ring.len() >= FEWEST).collect();
    if seen.is_empty() { rings.to_vec() } else { seen }
}

fn snapped(ring: &Ring, step: f64) -> Ring {
    let snap = |value: f64| (value / step).round() * step;
    let mut places: Ring = ring.iter().map(|(x, y)| (snap(*x), snap(*y))).collect();
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(code: &str, x: f64, side: f64) -> Shape {
        let ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let ring = ring.map(|(right, up)| (x + right * side, 400_000.0 + up * side)).to_vec();
        Shape { code: code.to_owned(), rings: vec![ring] }
    }

    #[test]
    fn places_move_less_than_a_figure_shows_and_small_regions_stay() {
        let boundaries = Boundaries {
            shapes: vec![square("a", 100_012.3, 250_000.0), square("b", 350_012.3, 3.0)],
        };
        let simple = boundaries.simplified();
        assert_eq!(simple.shapes[0].rings[0][1], (350_000.0, 400_000.0));
        assert_eq!(simple.shapes[1], boundaries.shapes[1], "smaller than a step");
        assert_eq!(simple.simplified(), simple);
    }

    #[test]
    fn what_is_written_is_read_again_even_where_metres_look_like_degrees() {
        let near = Boundaries {
            shapes: vec![Shape {
                code: "a \"b\"".to_owned(),
                rings: vec![vec![(0.1, 0.2), (30.0, 0.0), (30.0, 40.5), (0.1, 0.2)]],
            }],
        };
        for boundaries in [near, Boundaries { shapes: vec![square("a", 1e5, 2e4)] }] {
            let again = Boundaries::read("boundaries.json", &boundaries.geojson(), "code").unwrap();
            assert_eq!(again, boundaries);
        }
    }
}
