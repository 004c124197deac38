//! The linear programme of the moment inequality tests: the largest weighted moment.
//!
//! max g'y over g >= 0 with X'g = 0 and s'g = 1, the dual of the smallest e with y - X d <= s e.
//! The constraints stay and y changes, so every solution starts from one feasible vertex.

/// A reduced cost or weight below this share counts as zero.
const ZERO: f64 = 1e-11;

/// Constraints in canonical form at a feasible vertex.
#[derive(Debug, Clone)]
pub(crate) struct Vertices {
    /// One row per independent constraint, one column per moment, and the right-hand side last.
    table: Vec<Vec<f64>>,
    /// The moment that each row solves for.
    basis: Vec<usize>,
}

/// A vertex at which the largest value is reached.
#[derive(Debug, Clone)]
pub(crate) struct Vertex {
    /// Weighted moment.
    pub value: f64,
    /// One weight per moment.
    pub weights: Vec<f64>,
    /// For a vertex without zero among its basic weights: the rows of the table there, and the
    /// basis. Empty otherwise.
    pub table: Vec<Vec<f64>>,
    /// Moments that the rows solve for.
    pub basis: Vec<usize>,
}

impl Vertices {
    /// `nuisance` holds one row per moment, `scale` is s. Nothing when no vertex exists: then the
    /// nuisance parameters satisfy every set of moments.
    pub fn new(nuisance: &[Vec<f64>], scale: &[f64]) -> Option<Self> {
        let moments = scale.len();
        let mut table: Vec<Vec<f64>> = (0..nuisance.first().map_or(0, Vec::len))
            .map(|j| nuisance.iter().map(|row| row[j]).chain([0.0]).collect())
            .collect();
        for row in &mut table {
            let size = row.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
            if size > 0.0 {
                row.iter_mut().for_each(|v| *v /= size);
            }
        }
        table.push(scale.iter().copied().chain([1.0]).collect());
        // artificial weights stand behind the moments, one per row
        let rows = table.len();
        for (i, row) in table.iter_mut().enumerate() {
            let right = row.pop().unwrap_or(0.0);
            row.extend((0..rows).map(|k| f64::from(u8::from(k == i))));
            row.push(right);
        }
        let mut phase = Self { table, basis: (moments..moments + rows).collect() };
        let mut cost = vec![0.0; moments];
        cost.extend(vec![-1.0; rows]);
        if phase.climb(&cost, moments + rows) < -ZERO {
            return None;
        }
        phase.drop_artificial(moments);
        Some(phase)
    }

    /// Pivots artificial weights out, or drops their rows when nothing is left in them.
    fn drop_artificial(&mut self, moments: usize) {
        let mut row = 0;
        while row < self.basis.len() {
            if self.basis[row] >= moments {
                let own = &self.table[row];
                match (0..moments).find(|&j| own[j].abs() > 1e-9) {
                    Some(column) => self.pivot(row, column),
                    None => {
                        self.table.remove(row);
                        self.basis.remove(row);
                        continue;
                    }
                }
            }
            row += 1;
        }
        for row in &mut self.table {
            let right = row.pop().unwrap_or(0.0);
            row.truncate(moments);
            row.push(right);
        }
    }

    /// The largest g'y.
    pub fn largest(&self, y: &[f64]) -> Vertex {
        let mut at = self.clone();
        let value = at.climb(y, y.len());
        let mut weights = vec![0.0; y.len()];
        let right = |row: &Vec<f64>| row[row.len() - 1].max(0.0);
        for (row, &column) in at.table.iter().zip(&at.basis) {
            weights[column] = right(row);
        }
        let degenerate = at.table.iter().any(|row| right(row) <= ZERO);
        let table = if degenerate { Vec::new() } else { at.table };
        Vertex { value, weights, table, basis: at.basis }
    }

    /// Simplex steps until no column improves; the value there. The steepest column first, and
    /// after many steps the first one (Bland), which cannot cycle.
    fn climb(&mut self, cost: &[f64], columns: usize) -> f64 {
        let patience = 10 * (columns + self.basis.len());
        let size = cost.iter().fold(0.0, |most: f64, c| most.max(c.abs()));
        for round in 0.. {
            let priced: Vec<f64> = self.basis.iter().map(|&b| cost[b]).collect();
            let reduced = |j: usize| {
                let paid: f64 = priced.iter().zip(&self.table).map(|(c, row)| c * row[j]).sum();
                cost[j] - paid
            };
            let mut best = (ZERO * size, None);
            for j in 0..columns {
                let gain = reduced(j);
                if gain > best.0 {
                    best = (gain, Some(j));
                    if round > patience {
                        break;
                    }
                }
            }
            let Some(column) = best.1 else { break };
            let Some(row) = self.leaving(column) else { break };
            self.pivot(row, column);
        }
        let right = self.table.iter().map(|row| row[row.len() - 1]);
        self.basis.iter().zip(right).map(|(&b, r)| cost[b] * r).sum()
    }

    /// The row whose weight reaches zero first; of equal ones that with the first moment.
    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (i, row) in self.table.iter().enumerate() {
            if row[column] <= 1e-10 {
                continue;
            }
            let ratio = row[row.len() - 1].max(0.0) / row[column];
            let earlier = |(most, at): (f64, usize)| {
                ratio < most || (ratio <= most && self.basis[i] < self.basis[at])
            };
            if best.is_none_or(earlier) {
                best = Some((ratio, i));
            }
        }
        best.map(|(_, row)| row)
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let own = self.table[row][column];
        self.table[row].iter_mut().for_each(|v| *v /= own);
        let pivot_row = self.table[row].clone();
        for (i, other) in self.table.iter_mut().enumerate() {
            let factor = other[column];
            if i != row && factor != 0.0 {
                for (v, p) in other.iter_mut().zip(&pivot_row) {
                    *v -= factor * p;
                }
                other[column] = 0.0;
            }
        }
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_nuisance_the_largest_scaled_moment_wins() {
        let vertices = Vertices::new(&[vec![], vec![], vec![]], &[1.0, 2.0, 4.0]).expect("exists");
        let best = vertices.largest(&[1.0, 3.0, 5.0]);
        assert!((best.value - 1.5).abs() < 1e-12);
        assert_eq!(best.weights, [0.0, 0.5, 0.0]);
    }

    /// Every choice of as many moments as constraints, solved by elimination.
    fn slow(nuisance: &[Vec<f64>], y: &[f64]) -> f64 {
        let (moments, rows) = (y.len(), nuisance[0].len() + 1);
        let mut best = f64::NEG_INFINITY;
        for chosen in 0u32..1 << moments {
            let set: Vec<usize> = (0..moments).filter(|j| chosen >> j & 1 == 1).collect();
            if set.len() != rows {
                continue;
            }
            let mut system: Vec<Vec<f64>> = (0..rows)
                .map(|r| {
                    let entry = |&j: &usize| if r + 1 == rows { 1.0 } else { nuisance[j][r] };
                    let right = if r + 1 == rows { 1.0 } else { 0.0 };
                    set.iter().map(entry).chain([right]).collect()
                })
                .collect();
            if let Some(weights) = eliminate(&mut system)
                && weights.iter().all(|&w| w >= -1e-12)
            {
                best = best.max(set.iter().zip(&weights).map(|(&j, w)| w * y[j]).sum());
            }
        }
        best
    }

    fn eliminate(system: &mut [Vec<f64>]) -> Option<Vec<f64>> {
        let n = system.len();
        for c in 0..n {
            let p = (c..n).max_by(|&a, &b| system[a][c].abs().total_cmp(&system[b][c].abs()))?;
            system.swap(c, p);
            if system[c][c].abs() < 1e-9 {
                return None;
            }
            let own = system[c].clone();
            for row in system.iter_mut().enumerate().filter(|(r, _)| *r != c).map(|(_, row)| row) {
                let factor = row[c] / own[c];
                row.iter_mut().zip(&own).for_each(|(v, o)| *v -= factor * o);
            }
        }
        Some((0..n).map(|i| system[i][n] / system[i][i]).collect())
    }

    #[test]
    fn the_programme_finds_the_best_of_all_vertices() {
        let mut numbers = crate::distribution::boxes::Uniforms::new(5, 0);
        for case in 0..200 {
            let (half, free) = (3 + case % 3, 1 + case % 3);
            let mut nuisance: Vec<Vec<f64>> =
                (0..half).map(|_| (0..free).map(|_| numbers.next_normal()).collect()).collect();
            // moments in opposite pairs, as a bound on an absolute value makes them
            let opposite: Vec<Vec<f64>> =
                nuisance.iter().map(|row| row.iter().map(|v| -v).collect()).collect();
            nuisance.extend(opposite);
            let vertices = Vertices::new(&nuisance, &vec![1.0; 2 * half]).expect("exists");
            for _ in 0..5 {
                let y: Vec<f64> = (0..2 * half).map(|_| numbers.next_normal()).collect();
                let best = vertices.largest(&y);
                let twin = slow(&nuisance, &y);
                // pairs that cancel are vertices with fewer moments than constraints
                let pairs = (0..half).map(|j| 0.5 * (y[j] + y[j + half])).fold(twin, f64::max);
                assert!((best.value - pairs).abs() < 1e-9, "{case}: {} {pairs}", best.value);
                let again: f64 = best.weights.iter().zip(&y).map(|(w, y)| w * y).sum();
                assert!((again - best.value).abs() < 1e-9, "{case}");
            }
        }
    }

    #[test]
    fn a_free_parameter_balances_two_moments() {
        // e >= y1 - d, e >= y2 + d: smallest e is the mean
        let vertices = Vertices::new(&[vec![1.0], vec![-1.0]], &[1.0, 1.0]).expect("exists");
        assert!((vertices.largest(&[3.0, 1.0]).value - 2.0).abs() < 1e-12);
        // a second column that repeats the first changes nothing
        let twice = [vec![1.0, 2.0], vec![-1.0, -2.0]];
        let vertices = Vertices::new(&twice, &[1.0, 1.0]).expect("exists");
        assert!((vertices.largest(&[3.0, 1.0]).value - 2.0).abs() < 1e-12);
        // moments that one parameter can all satisfy bound nothing
        assert!(Vertices::new(&[vec![1.0], vec![1.0]], &[1.0, 1.0]).is_none());
    }
}
