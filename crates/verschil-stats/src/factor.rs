//! A square root of a covariance that may lack rank.

use crate::linalg::Matrix;

/// A share of a variance below which what the earlier rows leave of it counts as nothing.
const EXPLAINED: f64 = 1e-10;

/// Lower-triangular L with L L' = V.
#[derive(Debug, Clone)]
pub struct Root {
    /// Row i holds i + 1 numbers; the last is zero where the earlier rows explain the row.
    pub rows: Vec<Vec<f64>>,
    /// Rows that the earlier ones do not explain.
    pub rank: usize,
}

impl Root {
    /// Cholesky in the given order; a row that the earlier ones explain gets a zero pivot.
    #[must_use]
    pub fn new(covariance: &Matrix) -> Self {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(covariance.nrows());
        for i in 0..covariance.nrows() {
            let mut row = Vec::with_capacity(i + 1);
            let mut own = covariance[(i, i)];
            for (j, earlier) in rows.iter().enumerate() {
                let pivot: f64 = earlier[j];
                let shared: f64 = row.iter().zip(earlier).map(|(a, b)| a * b).sum();
                let value = if pivot > 0.0 { (covariance[(i, j)] - shared) / pivot } else { 0.0 };
                own -= value * value;
                row.push(value);
            }
            row.push(if own > EXPLAINED * covariance[(i, i)] { own.sqrt() } else { 0.0 });
            rows.push(row);
        }
        let rank = rows.iter().enumerate().filter(|(i, row)| row[*i] > 0.0).count();
        Self { rows, rank }
    }

    /// Whether no row is explained by the others.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.rank == self.rows.len()
    }

    /// `L z`.
    #[must_use]
    pub fn times(&self, z: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| row.iter().zip(z).map(|(l, z)| l * z).sum()).collect()
    }

    /// `V^-1 b` by two triangular solves; for a full root.
    #[must_use]
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.whiten(b);
        for i in (0..x.len()).rev() {
            let later: f64 = (i + 1..x.len()).map(|j| self.rows[j][i] * x[j]).sum();
            x[i] = (x[i] - later) / self.rows[i][i];
        }
        x
    }

    /// `L^-1 b`; for a full root.
    #[must_use]
    pub fn whiten(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (i, row) in self.rows.iter().enumerate() {
            let earlier: f64 = row.iter().zip(&x).map(|(l, x)| l * x).sum();
            x.push((b[i] - earlier) / row[i]);
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_squares_to_its_covariance_with_and_without_full_rank() {
        // third variable = first + second; the fourth stands alone
        let x = [[1.0, 0.0, 1.0, 0.2], [1.0, 2.0, 3.0, 0.0], [0.5, -1.0, -0.5, 3.0]];
        let v = Matrix::from_fn(4, 4, |i, j| x.iter().map(|r| r[i] * r[j]).sum());
        let root = Root::new(&v);
        assert_eq!((root.rank, root.is_full()), (3, false));
        for i in 0..4 {
            for j in 0..=i {
                let product: f64 = root.rows[i].iter().zip(&root.rows[j]).map(|(a, b)| a * b).sum();
                assert!((product - v[(i, j)]).abs() < 1e-12, "{i} {j}");
            }
        }
        let full = Matrix::from_fn(2, 2, |i, j| v[(i, j)]);
        let root = Root::new(&full);
        let solved = root.solve(&[1.0, 2.0]);
        for (i, b) in [1.0, 2.0].iter().enumerate() {
            assert!((full[(i, 0)] * solved[0] + full[(i, 1)] * solved[1] - b).abs() < 1e-12);
        }
    }
}
