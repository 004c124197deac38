//! An area inside rings: the outline of a region.

use super::hexagon::Edge;
use super::{Mark, number};

/// Places of a ring that are nearer to each other than this look the same.
const NEAR: f64 = 0.9;

/// What lies inside an odd number of rings.
pub(crate) struct Area {
    /// Closed rings of places.
    pub(crate) rings: Vec<Vec<(f64, f64)>>,
    pub(crate) fill: &'static str,
    pub(crate) edge: Edge,
}

impl Mark for Area {
    fn draw(&self, out: &mut String) {
        let mut path = String::new();
        for ring in &self.rings {
            let seen = thinned(ring);
            if seen.len() < 3 {
                continue;
            }
            for (at, (x, y)) in seen.iter().enumerate() {
                path.push(if at == 0 { 'M' } else { 'L' });
                path.push_str(&format!("{} {}", number(*x), number(*y)));
            }
            path.push('z');
        }
        let edge = self.edge.attributes();
        out.push_str(&format!(
            "<path d=\"{path}\" fill=\"{}\" fill-rule=\"evenodd\" {edge}/>",
            self.fill
        ));
    }
}

/// The places that can be told apart at the size of the drawing.
fn thinned(ring: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut seen: Vec<(f64, f64)> = Vec::new();
    for (x, y) in ring {
        let far = |last: &(f64, f64)| (last.0 - x).abs().max((last.1 - y).abs()) >= NEAR;
        if seen.last().is_none_or(far) {
            seen.push((*x, *y));
        }
    }
    seen
}
