//! Tests of one value of the effect by moment inequalities with free parameters (Andrews, Roth &
//! Pakes 2023), as Rambachan & Roth (2023) use them.

use std::sync::OnceLock;

use crate::distribution::boxes::Uniforms;
use crate::distribution::gaussian::truncated_upper;
use crate::event_study::EventStudy;
use crate::factor::Root;
use crate::grams::count;
use crate::honest::restriction::Restriction;
use crate::honest::vertices::{Vertex, Vertices};
use crate::honest::{Method, Options};
use crate::linalg::{Matrix, dot, multiply};
use crate::refusal::Refusal;

/// The first stage of the hybrid test has this share of the level (Rambachan & Roth's choice).
const FIRST_STAGE: f64 = 0.1;

/// A standard deviation of a scaled moment below which it counts as known.
const KNOWN: f64 = 1e-10;

/// The moments of one polyhedron, each divided by its standard deviation: y - theta g - X d <= 0
/// in expectation for some d.
#[derive(Debug)]
pub(crate) struct Moments {
    /// y without the effect.
    fixed: Vec<f64>,
    /// g: what the effect takes off.
    effect: Vec<f64>,
    correlation: Matrix,
    /// Standard deviations times root: rows of noise.
    noise: Vec<Vec<f64>>,
    /// One where the moment has a standard deviation, zero where it is known.
    scale: Vec<f64>,
    vertices: Option<Vertices>,
}

impl Moments {
    /// `weights` over the periods from the start make the effect.
    pub fn new(study: &EventStudy, restriction: &Restriction, weights: &[f64]) -> Self {
        let post: Vec<usize> = study.post().collect();
        let rows = &restriction.observed;
        let mut covariance = study.covariance_under(rows);
        let largest = (0..rows.len()).map(|i| covariance[(i, i)]).fold(0.0, f64::max);
        let spread = |i: usize| covariance[(i, i)] > 1e-14 * largest;
        let scale: Vec<f64> = (0..rows.len()).map(|i| f64::from(u8::from(spread(i)))).collect();
        let unit = |i: usize| if spread(i) { covariance[(i, i)].sqrt() } else { 1.0 };
        let units: Vec<f64> = (0..rows.len()).map(unit).collect();
        let scaled = |i: usize, j: usize| match scale[i] * scale[j] {
            0.0 => 0.0,
            _ => covariance[(i, j)] / (units[i] * units[j]),
        };
        covariance = Matrix::from_fn(rows.len(), rows.len(), scaled);
        let part = |i: usize, j: usize| rows[i][post[j]] / units[i];
        let pivot = (0..post.len())
            .max_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()))
            .unwrap_or(0);
        let free: Vec<usize> = (0..post.len()).filter(|&j| j != pivot).collect();
        let nuisance: Vec<Vec<f64>> = (0..rows.len())
            .map(|i| {
                let moved =
                    free.iter().map(|&j| part(i, j) - part(i, pivot) * weights[j] / weights[pivot]);
                let unseen = restriction.latent[i].iter().map(|v| -v / units[i]);
                moved.chain(unseen).collect()
            })
            .collect();
        let root = Root::new(study.covariance());
        let noise = |i: usize| -> Vec<f64> {
            let weight = |k: usize| {
                let loads = (k..rows[i].len()).map(|j| rows[i][j] * root.rows[j][k]);
                scale[i] * loads.sum::<f64>() / units[i]
            };
            (0..rows[i].len()).map(weight).collect()
        };
        Self {
            fixed: (0..rows.len())
                .map(|i| (dot(&rows[i], study.values()) - restriction.bound[i]) / units[i])
                .collect(),
            effect: (0..rows.len()).map(|i| part(i, pivot) / weights[pivot]).collect(),
            noise: (0..rows.len()).map(noise).collect(),
            vertices: Vertices::new(&nuisance, &scale),
            correlation: covariance,
            scale,
        }
    }

    /// Whether `theta` is not rejected; `least_favourable` gives the first stage's critical value
    /// of the hybrid test.
    fn accepts(&self, theta: f64, options: &Options, least_favourable: impl Fn() -> f64) -> bool {
        let Some(vertices) = &self.vertices else { return true };
        let y: Vec<f64> = self.fixed.iter().zip(&self.effect).map(|(y, g)| y - theta * g).collect();
        let best = vertices.largest(&y);
        if best.value <= 0.0 {
            return true;
        }
        let alpha = 1.0 - options.level;
        let (size, most) = match options.method {
            Method::Conditional => (alpha, f64::INFINITY),
            Method::Hybrid => {
                let first = FIRST_STAGE * alpha;
                ((alpha - first) / (1.0 - first), least_favourable())
            }
        };
        if best.value > most {
            return false;
        }
        let image = multiply(&self.correlation, &best.weights);
        let spread = dot(&image, &best.weights).max(0.0).sqrt();
        if spread < KNOWN {
            return best.value <= KNOWN;
        }
        let load: Vec<f64> = image.iter().map(|v| v / (spread * spread)).collect();
        let rest: Vec<f64> = y.iter().zip(&load).map(|(y, c)| y - c * best.value).collect();
        let (low, high) = if best.table.is_empty() {
            (end(vertices, &rest, &load, -1.0), end(vertices, &rest, &load, 1.0))
        } else {
            ends_at(&best, &rest, &load)
        };
        let (low, high) = (low.min(best.value), high.min(most).max(best.value));
        truncated_upper(best.value / spread, low / spread, high / spread) >= size
    }

    /// The value that the largest weighted moment stays below with probability 1 - `alpha` when
    /// all moments have mean zero, the least favourable case.
    fn least_favourable(&self, alpha: f64, normals: &[Vec<f64>]) -> f64 {
        let Some(vertices) = &self.vertices else { return f64::INFINITY };
        let mut draws: Vec<(f64, Vec<f64>)> = normals
            .iter()
            .map(|z| {
                let y: Vec<f64> = self.noise.iter().map(|row| dot(row, z)).collect();
                // with all free parameters zero the largest moment bounds the programme
                let noisy = y.iter().zip(&self.scale).filter(|(_, s)| **s > 0.0);
                (noisy.map(|(y, _)| *y).fold(f64::NEG_INFINITY, f64::max), y)
            })
            .collect();
        draws.sort_by(|a, b| b.0.total_cmp(&a.0));
        let below = (1.0 - alpha) * count(draws.len() as u64);
        let kept = (0..draws.len()).filter(|&i| count(i as u64) >= below).count() + 1;
        let mut largest: Vec<f64> = Vec::with_capacity(kept + 1);
        for (bound, y) in &draws {
            if largest.len() == kept && *bound <= largest[kept - 1] {
                break;
            }
            let value = vertices.largest(y).value;
            let at = largest.partition_point(|&v| v >= value);
            largest.insert(at, value);
            largest.truncate(kept);
        }
        largest.last().copied().unwrap_or(f64::INFINITY)
    }
}

/// Where the vertex stops being the best as its weighted moment x moves and what is independent
/// of it stays, from the reduced costs there.
fn ends_at(best: &Vertex, rest: &[f64], load: &[f64]) -> (f64, f64) {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for j in (0..rest.len()).filter(|j| !best.basis.contains(j)) {
        let (mut level, mut slope) = (rest[j], load[j]);
        for (row, &b) in best.table.iter().zip(&best.basis) {
            level -= row[j] * rest[b];
            slope -= row[j] * load[b];
        }
        if slope > 1e-12 {
            high = high.min(-level / slope);
        } else if slope < -1e-12 {
            low = low.max(-level / slope);
        }
    }
    (low, high)
}

/// The same from the outside: the largest weighted moment is convex in x and at least x, so
/// Newton's method from `side` finds where it begins to equal x.
fn end(vertices: &Vertices, rest: &[f64], load: &[f64], side: f64) -> f64 {
    let far: Vec<f64> = load.iter().map(|c| side * c).collect();
    let mut vertex = vertices.largest(&far);
    let mut at = side * f64::INFINITY;
    for _ in 0..100 {
        let slope = dot(&vertex.weights, load);
        if side * (slope - 1.0) <= 1e-12 {
            return at;
        }
        at = dot(&vertex.weights, rest) / (1.0 - slope);
        let y: Vec<f64> = rest.iter().zip(load).map(|(s, c)| s + c * at).collect();
        vertex = vertices.largest(&y);
        if vertex.value <= at + 1e-11 * at.abs().max(1.0) {
            return at;
        }
    }
    at
}

/// Standard normal vectors for the first stage, shared by all polyhedra of a study.
pub(crate) fn normals(study: &EventStudy, options: &Options) -> Vec<Vec<f64>> {
    let mut source = Uniforms::new(options.draws.seed, 0);
    (0..options.draws.count)
        .map(|_| (0..study.values().len()).map(|_| source.next_normal()).collect())
        .collect()
}

/// A union of polyhedra: a value is accepted when one of them does not reject it.
pub(crate) struct Union<'a> {
    /// Polyhedra whose moments have the same law when their means are zero.
    alike: Vec<(Vec<Moments>, OnceLock<f64>)>,
    normals: &'a [Vec<f64>],
    options: &'a Options,
}

impl<'a> Union<'a> {
    pub fn new(
        alike: Vec<Vec<Moments>>,
        normals: &'a [Vec<f64>],
        options: &'a Options,
    ) -> Result<Self, Refusal> {
        if alike.iter().flatten().any(|moments| moments.vertices.is_none()) {
            let why = "the restriction leaves the effect without any bound".to_owned();
            return Err(Refusal::NotDefined { why });
        }
        let alike = alike.into_iter().map(|group| (group, OnceLock::new())).collect();
        Ok(Self { alike, normals, options })
    }

    pub fn accepts(&self, theta: f64) -> bool {
        let alpha = FIRST_STAGE * (1.0 - self.options.level);
        self.alike.iter().any(|(group, critical)| {
            let value = || *critical.get_or_init(|| group[0].least_favourable(alpha, self.normals));
            group.iter().any(|moments| moments.accepts(theta, self.options, value))
        })
    }
}
