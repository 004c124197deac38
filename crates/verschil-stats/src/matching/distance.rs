//! Distances between treated units and candidates, and which candidates are acceptable.

use crate::grams::count;
use crate::linalg::{Bread, Matrix, bilinear, multiply};

use super::{Distance, MatchInput, MatchOptions, MatchRefusal, Method, NoCandidate};

/// Distances are compared on a grid of this many steps up to the largest one, so that equal
/// distances stay equal however they were rounded: a step is a million roundings wide.
const STEPS: f64 = (1u64 << 32) as f64;

/// A share of a characteristic's variation below which what lies within the groups is rounding.
const NOTHING: f64 = 1e-10;

/// Whether a candidate is acceptable to a treated unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Acceptable,
    OtherClass,
    BeyondCaliper,
}

/// One treated unit and one candidate.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub distance: f64,
    /// The distance on the grid.
    pub step: i64,
    pub status: Status,
}

/// All treated units against all candidates.
#[derive(Debug)]
pub struct Distances {
    /// Positions in the input, in the order in which they are served.
    pub treated: Vec<usize>,
    /// Positions in the input, sorted by code.
    pub pool: Vec<usize>,
    /// treated x pool, row-major.
    cells: Vec<Cell>,
}

impl Distances {
    pub fn new(input: &MatchInput, options: &MatchOptions) -> Result<Self, Vec<MatchRefusal>> {
        let by_code = |list: &[usize]| {
            let mut sorted = list.to_vec();
            sorted.sort_by(|&a, &b| input.units[a].cmp(&input.units[b]));
            sorted
        };
        let (sorted, pool) = (by_code(&input.treated), by_code(&input.pool));
        let metric = Metric::new(input, &sorted, &pool, options.distance)?;
        let treated = match options.method {
            Method::Optimal => sorted,
            Method::Nearest => input.treated.clone(),
        };
        let mut cells = Vec::with_capacity(treated.len() * pool.len());
        for &t in &treated {
            for &c in &pool {
                let distance = metric.between(row(input, t), row(input, c));
                let same = input.exact.iter().all(|class| class.labels[t] == class.labels[c]);
                let far = options.caliper.is_some_and(|caliper| distance > caliper);
                let status = match (same, far) {
                    (false, _) => Status::OtherClass,
                    (true, true) => Status::BeyondCaliper,
                    (true, false) => Status::Acceptable,
                };
                cells.push(Cell { distance, step: 0, status });
            }
        }
        let largest = cells.iter().map(|cell| cell.distance).fold(0.0, f64::max);
        if largest > 0.0 {
            #[allow(clippy::cast_possible_truncation)]
            cells
                .iter_mut()
                .for_each(|cell| cell.step = (cell.distance / largest * STEPS).round() as i64);
        }
        Ok(Self { treated, pool, cells })
    }

    pub fn cell(&self, treated: usize, control: usize) -> Cell {
        self.cells[treated * self.pool.len() + control]
    }

    /// Acceptable candidates of a treated unit, nearest first, equal ones by code.
    pub fn ranked(&self, treated: usize) -> Vec<usize> {
        let acceptable = |&c: &usize| self.cell(treated, c).status == Status::Acceptable;
        let mut ranked: Vec<usize> = (0..self.pool.len()).filter(acceptable).collect();
        ranked.sort_by_key(|&c| (self.cell(treated, c).step, c));
        ranked
    }

    /// Treated units to which no candidate is acceptable.
    pub fn without_candidate(&self, input: &MatchInput) -> Vec<MatchRefusal> {
        let mut refusals = Vec::new();
        for t in (0..self.treated.len()).filter(|&t| self.ranked(t).is_empty()) {
            let at = self.treated[t];
            let far = |&c: &usize| self.cell(t, c).status == Status::BeyondCaliper;
            let beyond = (0..self.pool.len()).filter(far);
            let nearest = beyond.min_by_key(|&c| (self.cell(t, c).step, c));
            let labels = input.exact.iter().filter_map(|class| class.labels[at].clone());
            let reason = match nearest {
                Some(c) => NoCandidate::Caliper {
                    nearest: input.units[self.pool[c]].clone(),
                    distance: self.cell(t, c).distance,
                },
                None => NoCandidate::Class { labels: labels.collect() },
            };
            let treated = input.units[at].clone();
            refusals.push(MatchRefusal::NoCandidate { treated, reason });
        }
        refusals
    }
}

fn row(input: &MatchInput, unit: usize) -> &[f64] {
    let q = input.names.len();
    &input.characteristics[unit * q..(unit + 1) * q]
}

/// A quadratic form: distance = sqrt(d' M d).
struct Metric(Matrix);

impl Metric {
    /// Sums run by code, so that the bits do not depend on the order of units.
    fn new(
        input: &MatchInput,
        treated: &[usize],
        pool: &[usize],
        distance: Distance,
    ) -> Result<Self, Vec<MatchRefusal>> {
        let (names, units) = (&input.names, [treated, pool].concat());
        let constant: Vec<MatchRefusal> = (0..names.len())
            .filter(|&j| units.iter().all(|&u| row(input, u)[j] == row(input, units[0])[j]))
            .map(|j| MatchRefusal::ZeroVariance { characteristic: names[j].clone() })
            .collect();
        if !constant.is_empty() {
            return Err(constant);
        }
        let total = squares(input, &[&units]);
        let diagonal: Vec<f64> = (0..names.len()).map(|j| total[(j, j)]).collect();
        let n = count(units.len() as u64);
        match distance {
            Distance::Euclidean => Ok(Self(Matrix::from_fn(names.len(), names.len(), |i, j| {
                if i == j { (n - 1.0) / diagonal[j] } else { 0.0 }
            }))),
            Distance::Mahalanobis => {
                let within = squares(input, &[treated, pool]);
                let inverse = invert(&within, &diagonal, names, units.len())?;
                Ok(Self(Matrix::from_fn(names.len(), names.len(), |i, j| {
                    inverse[(i, j)] * (n - 2.0)
                })))
            }
        }
    }

    fn between(&self, a: &[f64], b: &[f64]) -> f64 {
        let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        bilinear(&difference, &self.0, &difference).max(0.0).sqrt()
    }
}

/// Sums of squares and products around the mean of each group: q x q.
fn squares(input: &MatchInput, groups: &[&[usize]]) -> Matrix {
    let q = input.names.len();
    let mut sums = Matrix::zeros(q, q);
    for group in groups {
        let mut mean = vec![0.0; q];
        for &unit in *group {
            mean.iter_mut().zip(row(input, unit)).for_each(|(mean, x)| *mean += x);
        }
        mean.iter_mut().for_each(|mean| *mean /= count(group.len() as u64));
        for &unit in *group {
            let x: Vec<f64> = row(input, unit).iter().zip(&mean).map(|(x, m)| x - m).collect();
            for i in 0..q {
                for j in 0..q {
                    sums[(i, j)] += x[i] * x[j];
                }
            }
        }
    }
    sums
}

/// The inverse of the sums within groups, or the characteristics that stand in its way.
fn invert(
    within: &Matrix,
    total: &[f64],
    names: &[String],
    units: usize,
) -> Result<Matrix, Vec<MatchRefusal>> {
    if units < names.len() + 2 {
        return Err(vec![MatchRefusal::TooFewUnits { units, characteristics: names.len() }]);
    }
    let bread = Bread::new(within, total);
    let refusals: Vec<MatchRefusal> = (0..names.len())
        .filter(|&j| !bread.kept[j])
        .map(|j| {
            let characteristic = names[j].clone();
            if within[(j, j)] <= NOTHING * total[j] {
                return MatchRefusal::ZeroVarianceWithin { characteristic };
            }
            let column: Vec<f64> = within.col(j).iter().copied().collect();
            let shares = multiply(&bread.inverse, &column);
            let leans = |&i: &usize| {
                i != j && shares[i] * shares[i] * within[(i, i)] > NOTHING * within[(j, j)]
            };
            let with = (0..names.len()).filter(leans).map(|i| names[i].clone()).collect();
            MatchRefusal::Collinear { characteristic, with }
        })
        .collect();
    if refusals.is_empty() { Ok(bread.inverse) } else { Err(refusals) }
}
