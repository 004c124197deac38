//! Least squares on a full matrix by orthogonalisation, column by column.

/// A share of a column's length below which what the columns before it leave is rounding.
const NOTHING_LEFT: f64 = 1e-7;

/// X = QR on the columns that the earlier ones do not explain.
pub struct Solved {
    q: Vec<Vec<f64>>,
    /// Column j of R for the j-th kept column, its diagonal last.
    r: Vec<Vec<f64>>,
    kept: Vec<usize>,
    columns: usize,
}

impl Solved {
    pub fn new(columns: &[Vec<f64>]) -> Self {
        let mut solved =
            Self { q: Vec::new(), r: Vec::new(), kept: Vec::new(), columns: columns.len() };
        for (j, column) in columns.iter().enumerate() {
            let mut left = column.clone();
            let mut r = vec![0.0; solved.q.len()];
            // a second pass removes what rounding of the first left behind
            for _ in 0..2 {
                for (slot, q) in r.iter_mut().zip(&solved.q) {
                    let along = dot(q, &left);
                    *slot += along;
                    left.iter_mut().zip(q).for_each(|(l, q)| *l -= along * q);
                }
            }
            let length = dot(&left, &left).sqrt();
            if length > NOTHING_LEFT * dot(column, column).sqrt() {
                left.iter_mut().for_each(|l| *l /= length);
                r.push(length);
                solved.q.push(left);
                solved.r.push(r);
                solved.kept.push(j);
            }
        }
        solved
    }

    pub fn basis(&self) -> &[Vec<f64>] {
        &self.q
    }

    pub fn rank(&self) -> usize {
        self.kept.len()
    }

    /// Coefficients of all columns, zero for those that were dropped.
    pub fn coefficients(&self, y: &[f64]) -> Vec<f64> {
        let mut beta: Vec<f64> = self.q.iter().map(|q| dot(q, y)).collect();
        for j in (0..beta.len()).rev() {
            beta[j] /= self.r[j][j];
            for i in 0..j {
                beta[i] -= beta[j] * self.r[j][i];
            }
        }
        let mut all = vec![0.0; self.columns];
        for (value, &at) in beta.iter().zip(&self.kept) {
            all[at] = *value;
        }
        all
    }

    pub fn residuals(&self, y: &[f64]) -> Vec<f64> {
        let mut left = y.to_vec();
        for _ in 0..2 {
            for q in &self.q {
                let along = dot(q, &left);
                left.iter_mut().zip(q).for_each(|(l, q)| *l -= along * q);
            }
        }
        left
    }

    /// Row of (X'X)^-1 X' that gives the coefficient of a column; nothing when it was dropped.
    pub fn coefficient_row(&self, column: usize) -> Option<Vec<f64>> {
        let at = self.kept.iter().position(|&k| k == column)?;
        // u'R = e_at', forwards
        let mut u = vec![0.0; self.q.len()];
        for j in at..u.len() {
            let known: f64 = (at..j).map(|i| u[i] * self.r[j][i]).sum();
            u[j] = (f64::from(u8::from(j == at)) - known) / self.r[j][j];
        }
        let rows = self.q.first().map_or(0, Vec::len);
        Some((0..rows).map(|i| self.q.iter().zip(&u).map(|(q, u)| q[i] * u).sum()).collect())
    }
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
