//! The little linear algebra that normal equations need, over faer.

use faer::Mat;
use faer::linalg::solvers::{DenseSolveCore, Llt};
use pulp::{Arch, Simd, WithSimd};

/// A dense matrix of f64, column-major.
pub type Matrix = Mat<f64>;

/// A share of a column's own square below which what is left after the columns before it
/// counts as nothing: the column is collinear.
const COLLINEAR: f64 = 1e-10;

/// The inverse of the normal equations on the columns that are not collinear, zero elsewhere.
#[derive(Debug, Clone)]
pub struct Bread {
    /// k x k, symmetric; rows and columns of dropped columns are zero.
    pub inverse: Matrix,
    /// For each column, whether it was kept.
    pub kept: Vec<bool>,
    /// For each column, whether its coefficient means what it says: it was kept, and no dropped
    /// column leans on it.
    pub identified: Vec<bool>,
}

impl Bread {
    /// Inverts `xx`; columns are tried in order, and one that the earlier ones explain is dropped.
    ///
    /// `raw` is the square sum of each column before anything was absorbed: a column that the
    /// absorbed effects explain has next to nothing left of it.
    #[must_use]
    pub fn new(xx: &Matrix, raw: &[f64]) -> Self {
        let scale: Vec<f64> = (0..xx.nrows())
            .map(|i| if xx[(i, i)] > 0.0 { xx[(i, i)].sqrt() } else { 0.0 })
            .collect();
        let kept = independent_columns(xx, raw, &scale);
        let chosen: Vec<usize> = (0..kept.len()).filter(|&i| kept[i]).collect();
        let small = Matrix::from_fn(chosen.len(), chosen.len(), |i, j| {
            xx[(chosen[i], chosen[j])] / (scale[chosen[i]] * scale[chosen[j]])
        });
        let mut inverse = Matrix::zeros(xx.nrows(), xx.nrows());
        if let Some(small) = invert(&small) {
            for (i, &a) in chosen.iter().enumerate() {
                for (j, &b) in chosen.iter().enumerate() {
                    inverse[(a, b)] = small[(i, j)] / (scale[a] * scale[b]);
                }
            }
        }
        let identified = identified_columns(xx, raw, &scale, &inverse, &kept);
        Self { inverse, kept, identified }
    }

    /// Solves `xx * beta = xy` for every column of `xy`, with one step of refinement.
    #[must_use]
    pub fn solve(&self, xx: &Matrix, xy: &Matrix) -> Matrix {
        let beta = multiply_all(&self.inverse, xy);
        let left = xy - multiply_all(xx, &beta);
        beta + multiply_all(&self.inverse, &left)
    }
}

/// Which columns are not explained by those before them (Cholesky in the given order).
fn independent_columns(xx: &Matrix, raw: &[f64], scale: &[f64]) -> Vec<bool> {
    let k = xx.nrows();
    let mut kept = vec![false; k];
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(k);
    for j in 0..k {
        if scale[j] == 0.0 || xx[(j, j)] <= COLLINEAR * raw[j] {
            continue;
        }
        let mut row = Vec::with_capacity(factor.len() + 1);
        let mut own = 1.0;
        for (at, i) in (0..j).filter(|&i| kept[i]).enumerate() {
            let mut value = xx[(i, j)] / (scale[i] * scale[j]);
            for (a, b) in row.iter().zip(&factor[at]) {
                value -= a * b;
            }
            value /= factor[at][at];
            own -= value * value;
            row.push(value);
        }
        if own > COLLINEAR {
            row.push(own.sqrt());
            factor.push(row);
            kept[j] = true;
        }
    }
    kept
}

/// A dropped column is a combination of kept ones. The coefficients of those stand in for a sum of
/// effects: which of them are single effects is a matter of the order of columns only. Columns of
/// which absorption left nothing lean on no other.
fn identified_columns(
    xx: &Matrix,
    raw: &[f64],
    scale: &[f64],
    inverse: &Matrix,
    kept: &[bool],
) -> Vec<bool> {
    let mut identified = kept.to_vec();
    for j in (0..kept.len()).filter(|&j| !kept[j] && xx[(j, j)] > COLLINEAR * raw[j]) {
        let column: Vec<f64> = xx.col(j).iter().copied().collect();
        for (i, share) in multiply(inverse, &column).into_iter().enumerate() {
            // a share whose square counts as nothing is rounding
            identified[i] &= (share * scale[i]).powi(2) <= COLLINEAR * xx[(j, j)];
        }
    }
    identified
}

/// Inverse of a symmetric positive definite matrix, or nothing when it is not one.
#[must_use]
pub fn invert(matrix: &Matrix) -> Option<Matrix> {
    if matrix.nrows() == 0 {
        return Some(Matrix::zeros(0, 0));
    }
    Llt::new(matrix.as_ref(), faer::Side::Lower).ok().map(|llt| llt.inverse())
}

/// `matrix * vector`.
#[must_use]
pub fn multiply(matrix: &Matrix, vector: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; matrix.nrows()];
    for (j, &v) in vector.iter().enumerate() {
        if v != 0.0 {
            for (out, m) in product.iter_mut().zip(matrix.col(j).iter()) {
                *out += m * v;
            }
        }
    }
    product
}

/// `matrix * columns`, each column to the bit as [`multiply`] gives it on every machine.
#[must_use]
pub fn multiply_all(matrix: &Matrix, columns: &Matrix) -> Matrix {
    let mut product = Matrix::zeros(matrix.nrows(), columns.ncols());
    Arch::new().dispatch(MultiplyAll { matrix, columns, product: &mut product });
    product
}

struct MultiplyAll<'a> {
    matrix: &'a Matrix,
    columns: &'a Matrix,
    product: &'a mut Matrix,
}

impl WithSimd for MultiplyAll<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for j in 0..self.matrix.ncols() {
            let column = self.matrix.col_as_slice(j);
            for k in 0..self.columns.ncols() {
                let factor = self.columns[(j, k)];
                let out = self.product.col_as_slice_mut(k);
                for (out, m) in out.iter_mut().zip(column) {
                    *out += m * factor;
                }
            }
        }
    }
}

/// Inner product.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// `a' * matrix * b`.
#[must_use]
pub fn bilinear(a: &[f64], matrix: &Matrix, b: &[f64]) -> f64 {
    dot(a, &multiply(matrix, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_the_earlier_ones_explain_is_dropped() {
        // third column = first + second
        let x = [[1.0, 0.0, 1.0], [1.0, 1.0, 2.0], [0.0, 2.0, 2.0], [3.0, 1.0, 4.0]];
        let xx = Matrix::from_fn(3, 3, |i, j| x.iter().map(|row| row[i] * row[j]).sum());
        let raw: Vec<f64> = (0..3).map(|i| xx[(i, i)]).collect();
        let bread = Bread::new(&xx, &raw);
        assert_eq!(bread.kept, [true, true, false]);
        assert_eq!(bread.identified, [false, false, false]);
        let beta = bread.solve(&xx, &Matrix::from_fn(3, 1, |i, _| [11.0, 6.0, 17.0][i]));
        assert_eq!(beta[(2, 0)], 0.0);
        let fitted = &xx * &beta;
        assert!((fitted[(0, 0)] - 11.0).abs() < 1e-12 && (fitted[(1, 0)] - 6.0).abs() < 1e-12);
    }

    #[test]
    fn all_columns_are_multiplied_as_one_by_one() {
        // 13 rows: no whole number of vectors
        let matrix =
            Matrix::from_fn(13, 5, |i, j| 1.0 / (1.0 + crate::grams::count((i * j) as u64)));
        let columns = Matrix::from_fn(5, 3, |i, j| 0.1 + crate::grams::count((i + 7 * j) as u64));
        let product = multiply_all(&matrix, &columns);
        for k in 0..3 {
            let column: Vec<f64> = columns.col(k).iter().copied().collect();
            assert_eq!(product.col_as_slice(k), multiply(&matrix, &column));
        }
    }

    #[test]
    fn nothing_to_solve_gives_nothing() {
        let bread = Bread::new(&Matrix::zeros(0, 0), &[]);
        assert_eq!(bread.solve(&Matrix::zeros(0, 0), &Matrix::zeros(0, 2)).nrows(), 0);
    }
}
