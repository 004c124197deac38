//! Worst bias and spread of an affine estimator under smoothness, and their cheapest mix.

use crate::event_study::EventStudy;
use crate::factor::Root;
use crate::grams::count;
use crate::honest::restriction::Line;
use crate::linalg::{Matrix, dot, invert, multiply};
use crate::refusal::Refusal;

/// Estimators weights'd of the effect that a linear trend does not bias: the given weights from
/// the start, and free ones before it. In whitened directions w, the variance is
/// `least_variance` + w'w, and the weight on the kink at each period is `kinks` + `moves` w: the
/// worst bias is the bound on kinks times the sum of their absolute values.
#[derive(Debug)]
pub(crate) struct Estimators {
    least: Vec<f64>,
    directions: Vec<Vec<f64>>,
    least_variance: f64,
    kinks: Vec<f64>,
    /// One row per kink.
    moves: Vec<Vec<f64>>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Affine {
    /// One weight per coefficient of the study.
    pub weights: Vec<f64>,
    /// Standard deviation.
    pub spread: f64,
    /// Worst bias per unit of the bound.
    pub bias: f64,
}

impl Estimators {
    pub fn new(study: &EventStudy, line: &Line, post_weights: &[f64]) -> Result<Self, Refusal> {
        let n = study.values().len();
        let pre: Vec<usize> = study.pre().collect();
        let mut given = vec![0.0; n];
        given[study.post()].copy_from_slice(post_weights);
        let mut rows = study.unit_weights(&pre);
        rows.push(given.clone());
        study.full_root(&rows)?;
        let distances = study.distances();
        // the least variance without bias from a linear trend: Lagrange with one constraint
        let own = Root::new(&study.covariance_of(&pre, &pre));
        let all: Vec<usize> = (0..n).collect();
        let shared = multiply(&study.covariance_of(&pre, &all), &given);
        let x: Vec<f64> = pre.iter().map(|&j| distances[j]).collect();
        let (to_shared, to_x) = (own.solve(&shared), own.solve(&x));
        let trend = dot(&given, distances) - dot(&to_shared, &x);
        let multiplier = trend / dot(&to_x, &x);
        let mut least = given;
        for (i, &j) in pre.iter().enumerate() {
            least[j] = -to_shared[i] - multiplier * to_x[i];
        }
        let directions = free_directions(&own, &x, n);
        let kink_rows = kink_rows(study, line);
        let least_variance = dot(&least, &multiply(study.covariance(), &least));
        Ok(Self {
            kinks: kink_rows.iter().map(|row| dot(row, &least)).collect(),
            moves: kink_rows
                .iter()
                .map(|row| directions.iter().map(|d| dot(row, d)).collect())
                .collect(),
            least,
            directions,
            least_variance,
        })
    }

    fn at(&self, w: &[f64]) -> Affine {
        let mut weights = self.least.clone();
        for (direction, w) in self.directions.iter().zip(w) {
            for (total, d) in weights.iter_mut().zip(direction) {
                *total += w * d;
            }
        }
        let kinks = self.kinks.iter().zip(&self.moves).map(|(c, row)| (c + dot(row, w)).abs());
        let bias = kinks.sum();
        Affine { weights, spread: (self.least_variance + dot(w, w)).sqrt(), bias }
    }

    /// The estimator with the least variance/2 + `price` * bias.
    ///
    /// Its dual is a quadratic programme over one number per kink between -price and price:
    /// smallest |moves'u|^2/2 - kinks'u, with w = -moves'u; by a primal-dual interior point
    /// method, whose gap bounds what is left.
    pub fn cheapest(&self, price: f64) -> Affine {
        let k = self.kinks.len();
        if price <= 0.0 || self.directions.is_empty() {
            return self.at(&vec![0.0; self.directions.len()]);
        }
        let product = Matrix::from_fn(k, k, |i, j| dot(&self.moves[i], &self.moves[j]));
        let size = self.kinks.iter().fold(0.0, |most: f64, c| most.max(c.abs()));
        let mut state = Interior {
            u: vec![0.0; k],
            upper: vec![size.max(f64::MIN_POSITIVE); k],
            lower: vec![size.max(f64::MIN_POSITIVE); k],
            price,
        };
        let start = state.gap();
        for _ in 0..100 {
            if state.gap() <= 1e-15 * start {
                break;
            }
            if !state.step(&product, &self.kinks) {
                break;
            }
        }
        let w: Vec<f64> = (0..self.directions.len())
            .map(|d| -self.moves.iter().zip(&state.u).map(|(row, u)| row[d] * u).sum::<f64>())
            .collect();
        self.at(&w)
    }
}

/// Directions of weights before the start along which a linear trend stays without bias, with
/// unit covariance among them and none with the least estimator.
fn free_directions(own: &Root, x: &[f64], n: usize) -> Vec<Vec<f64>> {
    // in whitened weights L'a the constraint is orthogonality to L^-1 x
    let normal = own.whiten(x);
    let mut basis: Vec<Vec<f64>> = vec![scaled(&normal)];
    for j in 0..x.len() {
        let mut candidate: Vec<f64> = (0..x.len()).map(|i| f64::from(u8::from(i == j))).collect();
        // twice: rounding of the first time is taken off by the second
        for _ in 0..2 {
            for b in &basis {
                let along = dot(b, &candidate);
                candidate.iter_mut().zip(b).for_each(|(c, b)| *c -= along * b);
            }
        }
        let left = dot(&candidate, &candidate);
        if basis.len() < x.len() && left > 0.5 / count(x.len() as u64) {
            basis.push(scaled(&candidate));
        }
    }
    let back = |white: &Vec<f64>| {
        let mut a = white.clone();
        for i in (0..a.len()).rev() {
            let later: f64 = (i + 1..a.len()).map(|j| own.rows[j][i] * a[j]).sum();
            a[i] = (a[i] - later) / own.rows[i][i];
        }
        a.resize(n, 0.0);
        a
    };
    basis[1..].iter().map(back).collect()
}

fn scaled(v: &[f64]) -> Vec<f64> {
    let length = dot(v, v).sqrt();
    v.iter().map(|x| x / length).collect()
}

/// For each period between the first and the last: what a unit change of slope there adds to each
/// coefficient. The slope at the reference stays, so kinks before it bend the past.
fn kink_rows(study: &EventStudy, line: &Line) -> Vec<Vec<f64>> {
    (1..line.distance.len() - 1)
        .map(|place| {
            let at = line.distance[place];
            let response = |&d: &f64| {
                if place >= line.reference { (d - at).max(0.0) } else { (at - d).max(0.0) }
            };
            study.distances().iter().map(response).collect()
        })
        .collect()
}

/// A point strictly inside -price <= u <= price with its multipliers.
struct Interior {
    u: Vec<f64>,
    upper: Vec<f64>,
    lower: Vec<f64>,
    price: f64,
}

impl Interior {
    /// Sum of the products of slacks and multipliers.
    fn gap(&self) -> f64 {
        let each = |i: usize| {
            self.upper[i] * (self.price - self.u[i]) + self.lower[i] * (self.price + self.u[i])
        };
        (0..self.u.len()).map(each).sum()
    }

    /// One predictor-corrector step; false when the system cannot be solved any more.
    fn step(&mut self, product: &Matrix, kinks: &[f64]) -> bool {
        let k = self.u.len();
        let slack: Vec<(f64, f64)> =
            self.u.iter().map(|u| (self.price - u, self.price + u)).collect();
        let system = Matrix::from_fn(k, k, |i, j| {
            let own = self.upper[i] / slack[i].0 + self.lower[i] / slack[i].1;
            product[(i, j)] + if i == j { own } else { 0.0 }
        });
        let Some(inverse) = invert(&system) else { return false };
        let image = multiply(product, &self.u);
        let residual: Vec<f64> =
            (0..k).map(|i| image[i] - kinks[i] + self.upper[i] - self.lower[i]).collect();
        // complementarity targets: zero to predict, then centred and with the second-order part
        let direction = |target: &dyn Fn(usize) -> (f64, f64)| {
            let right: Vec<f64> = (0..k)
                .map(|i| {
                    let (up, low) = target(i);
                    -residual[i] - up / slack[i].0 + low / slack[i].1
                })
                .collect();
            let du = multiply(&inverse, &right);
            let up: Vec<f64> =
                (0..k).map(|i| (target(i).0 + self.upper[i] * du[i]) / slack[i].0).collect();
            let low: Vec<f64> =
                (0..k).map(|i| (target(i).1 - self.lower[i] * du[i]) / slack[i].1).collect();
            (du, up, low)
        };
        let plain = |i: usize| (-self.upper[i] * slack[i].0, -self.lower[i] * slack[i].1);
        let (du, up, low) = direction(&plain);
        let mean = self.gap() / (2.0 * count(k as u64));
        let after = self.moved(&du, &up, &low, self.longest(&du, &up, &low)).gap();
        let centre = mean * (after / self.gap()).powi(3);
        let corrected = |i: usize| {
            let (a, b) = plain(i);
            (a + centre + du[i] * up[i], b + centre - du[i] * low[i])
        };
        let (du, up, low) = direction(&corrected);
        *self = self.moved(&du, &up, &low, 0.995 * self.longest(&du, &up, &low));
        true
    }

    /// The longest step, at most one, that keeps everything positive.
    fn longest(&self, du: &[f64], up: &[f64], low: &[f64]) -> f64 {
        let mut step: f64 = 1.0;
        for i in 0..du.len() {
            for (value, change) in [
                (self.price - self.u[i], -du[i]),
                (self.price + self.u[i], du[i]),
                (self.upper[i], up[i]),
                (self.lower[i], low[i]),
            ] {
                if change < 0.0 {
                    step = step.min(-value / change);
                }
            }
        }
        step
    }

    fn moved(&self, du: &[f64], up: &[f64], low: &[f64], step: f64) -> Self {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + step * b).collect();
        Self {
            u: add(&self.u, du),
            upper: add(&self.upper, up),
            lower: add(&self.lower, low),
            price: self.price,
        }
    }
}
