//! Least squares with weights that are not negative and sum to one, solved exactly.

use super::twice::Twice;
use crate::grams::count;

/// How much nearer a further point must bring the mixture, as a share of the largest square, to be
/// taken in: far below what the smallest ridge moves, far above rounding.
const GAIN: f64 = 1e-26;

/// Smallest ridge, as a share of the largest square: keeps equations solvable where the data have
/// little noise from which a ridge could follow.
const LEAST_RIDGE: f64 = 1e-16;

/// From this ridge on, as a share of the largest square, most weights are positive.
const DENSE: f64 = 1e-3;

/// The weights w >= 0 with sum 1 that minimise |sum_j w_j p_j|^2 + ridge |w|^2.
///
/// `points` are n vectors of equal length. The minimum is the point nearest to the origin of a
/// polytope, found in finitely many steps by Wolfe's algorithm (1976) on the n x n cross-products.
/// Those have twice the precision of f64, so a ridge of 1e-12 of the squares still decides which of
/// equally good mixtures it is. Nothing when it does not end, which rounding alone could cause.
pub(super) fn nearest(points: &[Vec<f64>], ridge: f64) -> Option<Vec<f64>> {
    let n = points.len();
    let largest = points.iter().map(|p| crate::linalg::dot(p, p)).fold(0.0, f64::max);
    let scale = largest.max(ridge).sqrt();
    if n == 0 || !points.iter().flatten().all(|x| x.is_finite()) || !scale.is_finite() {
        return None;
    }
    if scale == 0.0 {
        return Some(vec![1.0 / count(n as u64); n]);
    }
    let ridge = (ridge / (scale * scale)).max(LEAST_RIDGE);
    let cross = cross_products(points, scale, ridge);
    let mut walk = Walk::new(&cross, ridge >= DENSE);
    for _ in 0..100 + 50 * n {
        let (aim, inside) = walk.affine()?;
        if inside {
            walk.weights = aim;
            if !walk.enter() {
                return Some(walk.rounded());
            }
        } else {
            walk.go_towards(&aim);
        }
    }
    None
}

/// (p_i / scale)'(p_j / scale), plus the ridge on the diagonal.
fn cross_products(points: &[Vec<f64>], scale: f64, ridge: f64) -> Vec<Vec<Twice>> {
    let scaled: Vec<Vec<f64>> =
        points.iter().map(|p| p.iter().map(|x| x / scale).collect()).collect();
    let one = |i: usize, j: usize| {
        let own = if i == j { Twice::from(ridge) } else { Twice::ZERO };
        scaled[i].iter().zip(&scaled[j]).fold(own, |sum, (a, b)| sum + Twice::product(*a, *b))
    };
    // the same product for both halves, so that they are equal to the last bit
    let row = |i: usize| (0..points.len()).map(|j| one(i.max(j), i.min(j))).collect();
    (0..points.len()).map(row).collect()
}

/// Points that have a weight, on their way to the nearest mixture.
struct Walk<'a> {
    cross: &'a [Vec<Twice>],
    chosen: Vec<usize>,
    /// One per chosen point, positive, with sum 1.
    weights: Vec<Twice>,
}

impl<'a> Walk<'a> {
    /// Begins with all points, or with the shortest.
    fn new(cross: &'a [Vec<Twice>], all: bool) -> Self {
        let n = cross.len();
        if all {
            let share = Twice::ONE / Twice::from(count(n as u64));
            return Self { cross, chosen: (0..n).collect(), weights: vec![share; n] };
        }
        let shorter = |a: usize, b: usize| if cross[b][b] < cross[a][a] { b } else { a };
        let first = (0..n).reduce(shorter).unwrap_or(0);
        Self { cross, chosen: vec![first], weights: vec![Twice::ONE] }
    }

    /// The mixture of the chosen points, with weights of any sign, that is nearest to the origin;
    /// and whether all of them are positive. Solves (C + 11') v = 1 and scales v to sum 1.
    fn affine(&self) -> Option<(Vec<Twice>, bool)> {
        let k = self.chosen.len();
        let mut factor: Vec<Vec<Twice>> = Vec::with_capacity(k);
        for i in 0..k {
            let mut row: Vec<Twice> = Vec::with_capacity(i + 1);
            for (j, &with) in self.chosen[..=i].iter().enumerate() {
                let own = self.cross[self.chosen[i]][with] + Twice::ONE;
                let other = if j == i { &row } else { &factor[j] };
                let left = row.iter().zip(other).fold(own, |sum, (a, b)| sum - *a * *b);
                if j < i {
                    row.push(left / factor[j][j]);
                } else if left > Twice::ZERO {
                    row.push(left.sqrt());
                } else {
                    return None;
                }
            }
            factor.push(row);
        }
        let mut v = vec![Twice::ONE; k];
        for i in 0..k {
            let left = (0..i).fold(v[i], |sum, j| sum - factor[i][j] * v[j]);
            v[i] = left / factor[i][i];
        }
        for i in (0..k).rev() {
            let left = (i + 1..k).fold(v[i], |sum, j| sum - factor[j][i] * v[j]);
            v[i] = left / factor[i][i];
        }
        let sum = v.iter().fold(Twice::ZERO, |sum, x| sum + *x);
        v.iter_mut().for_each(|x| *x = *x / sum);
        let inside = v.iter().all(|x| *x > Twice::ZERO);
        Some((v, inside))
    }

    /// Takes in the point that brings the mixture nearest; false when none does.
    fn enter(&mut self) -> bool {
        let slope = |j: usize| {
            let products = self.chosen.iter().zip(&self.weights);
            products.fold(Twice::ZERO, |sum, (&i, w)| sum + self.cross[j][i] * *w)
        };
        let own = self.chosen.iter().zip(&self.weights);
        let own = own.fold(Twice::ZERO, |sum, (&i, w)| sum + *w * slope(i));
        let outside = (0..self.cross.len()).filter(|j| !self.chosen.contains(j));
        let steepest = outside
            .map(|j| (j, slope(j)))
            .reduce(|best, next| if next.1 < best.1 { next } else { best });
        match steepest {
            Some((j, slope)) if slope < own - Twice::from(GAIN) => {
                self.chosen.push(j);
                self.weights.push(Twice::ZERO);
                true
            }
            _ => false,
        }
    }

    /// Goes towards weights of any sign until the first is used up, and drops it.
    fn go_towards(&mut self, aim: &[Twice]) {
        let falling = |i: &usize| aim[*i] <= Twice::ZERO;
        let reach = |i: usize| self.weights[i] / (self.weights[i] - aim[i]);
        let first = (0..aim.len())
            .filter(falling)
            .map(|i| (i, if self.weights[i] > Twice::ZERO { reach(i) } else { Twice::ZERO }))
            .reduce(|best, next| if next.1 < best.1 { next } else { best });
        let Some((gone, step)) = first else { return };
        for (weight, aim) in self.weights.iter_mut().zip(aim) {
            *weight = *weight + step * (*aim - *weight);
        }
        self.chosen.remove(gone);
        self.weights.remove(gone);
    }

    fn rounded(&self) -> Vec<f64> {
        let mut all = vec![0.0; self.cross.len()];
        for (&i, weight) in self.chosen.iter().zip(&self.weights) {
            all[i] = weight.round();
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_of_a_triangle_lies_on_its_edge() {
        let points = [vec![1.0, -1.0], vec![1.0, 3.0], vec![4.0, 0.0]];
        let weights = nearest(&points, 0.0).unwrap();
        assert!((weights[0] - 0.75).abs() < 1e-15 && (weights[1] - 0.25).abs() < 1e-15);
        assert_eq!(weights[2], 0.0);
    }

    #[test]
    fn of_many_exact_mixtures_the_ridge_takes_the_most_even() {
        // the origin lies inside; the most even mixture of a square's corners is their mean
        let points = [vec![1.0, 0.0], vec![0.0, 1.0], vec![-1.0, 0.0], vec![0.0, -1.0]];
        for weight in nearest(&points, 1e-12).unwrap() {
            assert!((weight - 0.25).abs() < 1e-15);
        }
    }

    #[test]
    fn equal_points_share_and_nothing_gives_nothing() {
        let points = vec![vec![2.0, 1.0]; 3];
        for weight in nearest(&points, 0.0).unwrap() {
            assert!((weight - 1.0 / 3.0).abs() < 1e-15);
        }
        assert_eq!(nearest(&[vec![0.0], vec![0.0]], 0.0).unwrap(), [0.5, 0.5]);
        assert!(nearest(&[], 0.0).is_none());
        assert!(nearest(&[vec![f64::NAN]], 0.0).is_none());
    }
}
