//! Probabilities and means of normal vectors inside boxes (Genz 1992), on a shifted lattice.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::distribution::gaussian::{lower, quantile};
use crate::factor::Root;
use crate::grams::count;

/// Points of the lattice per shift, and shifts, from which the error is told.
const POINTS: u32 = 2039;
const SHIFTS: u32 = 8;

/// A normal vector inside a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Inside {
    /// Probability of the box.
    pub probability: f64,
    /// Three standard errors of `probability`, from the independent shifts.
    pub error: f64,
    /// Mean of the vector given that it lies in the box; absent where the probability is zero.
    pub mean: Option<Vec<f64>>,
}

/// Uniform numbers strictly between 0 and 1 from a numbered stream of a seed.
pub struct Uniforms(ChaCha8Rng);

impl Uniforms {
    /// The stream `stream` of `seed`.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// The next number: the middle of one of 2^53 equal parts.
    pub fn next_uniform(&mut self) -> f64 {
        (count(self.0.next_u64() >> 11) + 0.5) / count(1 << 53)
    }

    /// The next standard normal number.
    pub fn next_normal(&mut self) -> f64 {
        quantile(self.next_uniform())
    }
}

/// Probability that N(centre, L L') lies within `reach` of zero in every coordinate, and its mean
/// there.
///
/// Separation of variables on Richtmyer's sequence with the baker's transformation; the shifts
/// come from `seed`. Points at either end of the sequence weigh less (Sugihara & Murota 1982): the
/// error then falls with the square of their number.
#[must_use]
pub fn inside(centre: &[f64], root: &Root, reach: &[f64], seed: u64) -> Inside {
    let q = centre.len();
    let mut uniforms = Uniforms::new(seed, 0);
    let generators = generators(q);
    let (mut totals, mut sums) = (Vec::new(), vec![0.0; q]);
    let mut z = vec![0.0; q];
    let tapers: f64 = (1..=POINTS).map(taper).sum();
    for _ in 0..SHIFTS {
        let shift: Vec<f64> = (0..q).map(|_| uniforms.next_uniform()).collect();
        let mut total = 0.0;
        for point in 1..=POINTS {
            let at = |j: usize| {
                let u = (f64::from(point) * generators[j] + shift[j]).fract();
                1.0 - (2.0 * u - 1.0).abs()
            };
            let weight = taper(point) * walk(centre, root, reach, at, &mut z);
            total += weight;
            if weight > 0.0 {
                for (sum, z) in sums.iter_mut().zip(&z) {
                    *sum += weight * z;
                }
            }
        }
        totals.push(total / tapers);
    }
    let shifts = f64::from(SHIFTS);
    let probability = totals.iter().sum::<f64>() / shifts;
    let spread: f64 = totals.iter().map(|t| (t - probability).powi(2)).sum();
    let error = 3.0 * (spread / (shifts * (shifts - 1.0))).sqrt();
    let mean = (probability > 0.0).then(|| {
        let all = probability * shifts * tapers;
        let z: Vec<f64> = sums.iter().map(|sum| sum / all).collect();
        root.times(&z).iter().zip(centre).map(|(a, b)| a + b).collect()
    });
    Inside { probability, error, mean }
}

/// Weight of a point of the sequence by its place in it.
fn taper(point: u32) -> f64 {
    let x = f64::from(point) / f64::from(POINTS + 1);
    x * (1.0 - x)
}

/// Draws coordinate after coordinate inside the box; the weight is the product of the shares that
/// the box leaves to each.
fn walk(
    centre: &[f64],
    root: &Root,
    reach: &[f64],
    uniform: impl Fn(usize) -> f64,
    z: &mut [f64],
) -> f64 {
    let mut weight = 1.0;
    for j in 0..centre.len() {
        let row = &root.rows[j];
        let known: f64 = centre[j] + row.iter().zip(&z[..j]).map(|(l, z)| l * z).sum::<f64>();
        if row[j] == 0.0 {
            z[j] = 0.0;
            if known.abs() > reach[j] {
                return 0.0;
            }
            continue;
        }
        let (below, above) =
            (lower((-reach[j] - known) / row[j]), lower((reach[j] - known) / row[j]));
        let share = above - below;
        if share <= 0.0 {
            return 0.0;
        }
        weight *= share;
        z[j] = quantile((below + uniform(j) * share).clamp(1e-300, 1.0 - 1e-16));
    }
    weight
}

/// Square roots of the first primes.
fn generators(q: usize) -> Vec<f64> {
    let is_prime = |n: &u32| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (2u32..).filter(is_prime).take(q).map(|p| f64::from(p).sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::gaussian::{critical, density};
    use crate::linalg::Matrix;

    #[test]
    fn independent_coordinates_multiply_and_their_means_are_known() {
        let centre = [0.4, -1.0, 0.0];
        let sd = [1.0, 2.0, 0.5];
        let v = Matrix::from_fn(3, 3, |i, j| if i == j { sd[i] * sd[i] } else { 0.0 });
        let reach = [1.5, 2.0, 0.8];
        let ours = inside(&centre, &Root::new(&v), &reach, 1);
        let mut product = 1.0;
        for i in 0..3 {
            let (a, b) = ((-reach[i] - centre[i]) / sd[i], (reach[i] - centre[i]) / sd[i]);
            let share = lower(b) - lower(a);
            product *= share;
            let mean = centre[i] + sd[i] * (density(a) - density(b)) / share;
            let found = ours.mean.as_ref().map(|m| m[i]).expect("inside");
            assert!((found - mean).abs() < 1e-5, "{found} {mean}");
        }
        assert!((ours.probability - product).abs() <= 1e-12);
    }

    #[test]
    fn an_orthant_that_is_known_is_found_to_the_stated_error() {
        // P(|z1| < a, |z2| < a) for equicorrelated thirds, a wide: against one dimension by
        // conditioning on the common part, a sum over a fine grid
        let (rho, q, a) = (0.5f64, 5, critical(0.95));
        let v = Matrix::from_fn(q, q, |i, j| if i == j { 1.0 } else { rho });
        let ours = inside(&vec![0.0; q], &Root::new(&v), &vec![a; q], 3);
        let step = 1e-3;
        let direct: f64 = (-8000..8000)
            .map(|i| {
                let common = (f64::from(i) + 0.5) * step;
                let side = (1.0 - rho).sqrt();
                let shift = rho.sqrt() * common;
                let share = lower((a - shift) / side) - lower((-a - shift) / side);
                share.powi(5) * density(common) * step
            })
            .sum();
        assert!((ours.probability - direct).abs() <= ours.error.max(1e-9), "{ours:?} {direct}");
        assert!(ours.error < 2e-4, "{ours:?}");
    }

    #[test]
    fn a_coordinate_without_spread_of_its_own_is_in_or_out() {
        let v = Matrix::from_fn(2, 2, |_, _| 1.0);
        let one = inside(&[0.0], &Root::new(&Matrix::from_fn(1, 1, |_, _| 1.0)), &[1.0], 1);
        let same = inside(&[0.0, 0.0], &Root::new(&v), &[1.0, 1.0], 1);
        assert!((one.probability - same.probability).abs() < 1e-12);
        let out = inside(&[0.0, 9.0], &Root::new(&v), &[1.0, 1.0], 1);
        assert_eq!((out.probability, out.mean), (0.0, None));
    }
}
