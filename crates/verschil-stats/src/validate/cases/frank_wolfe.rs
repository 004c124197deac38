//! Weights as R synthdid 0.0.9 finds them: Frank-Wolfe that stops early, twice.

use crate::synthetic::{Model, Panel, Synthetic};

/// One set of weights: min over the simplex of |A w - b|^2 / rows + zeta^2 |w|^2.
struct Problem {
    a: Vec<Vec<f64>>,
    b: Vec<f64>,
    zeta: f64,
}

/// Weights that have not settled, and what they give.
pub(super) struct FrankWolfe {
    pub unit: Vec<f64>,
    pub time: Vec<f64>,
    pub estimate: f64,
    pub effects: Vec<f64>,
    units: Problem,
}

#[allow(clippy::cast_precision_loss)]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Problem {
    /// Takes column means away where there is an intercept.
    fn new(mut a: Vec<Vec<f64>>, mut b: Vec<f64>, zeta: f64, intercept: bool) -> Self {
        if intercept {
            for j in 0..a.first().map_or(0, Vec::len) {
                let centre = mean(&a.iter().map(|row| row[j]).collect::<Vec<_>>());
                a.iter_mut().for_each(|row| row[j] -= centre);
            }
            let centre = mean(&b);
            b.iter_mut().for_each(|b| *b -= centre);
        }
        Self { a, b, zeta }
    }

    #[allow(clippy::cast_precision_loss)]
    fn rows(&self) -> f64 {
        self.a.len() as f64
    }

    fn left(&self, w: &[f64]) -> Vec<f64> {
        let fitted = |row: &Vec<f64>| row.iter().zip(w).map(|(a, w)| a * w).sum::<f64>();
        self.a.iter().zip(&self.b).map(|(row, b)| fitted(row) - b).collect()
    }

    fn objective(&self, w: &[f64]) -> f64 {
        let squares = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>();
        self.zeta * self.zeta * squares(w) + squares(&self.left(w)) / self.rows()
    }

    /// One step towards the vertex that promises most, as far as it pays.
    fn step(&self, w: &[f64]) -> Vec<f64> {
        let eta = self.rows() * self.zeta * self.zeta;
        let left = self.left(w);
        let slope = |j: usize| {
            self.a.iter().zip(&left).map(|(row, l)| row[j] * l).sum::<f64>() + eta * w[j]
        };
        let half: Vec<f64> = (0..w.len()).map(slope).collect();
        let best = (0..w.len()).reduce(|i, j| if half[j] < half[i] { j } else { i });
        let mut towards: Vec<f64> = w.iter().map(|w| -w).collect();
        let Some(best) = best else { return Vec::new() };
        towards[best] = 1.0 - w[best];
        if towards.iter().all(|d| *d == 0.0) {
            return w.to_vec();
        }
        let change: f64 = self
            .a
            .iter()
            .zip(self.left(w))
            .zip(&self.b)
            .map(|((row, left), b)| (row[best] - (left + b)).powi(2))
            .sum();
        let own: f64 = towards.iter().map(|d| d * d).sum();
        let gain: f64 = -half.iter().zip(&towards).map(|(h, d)| h * d).sum::<f64>();
        let step = (gain / (change + eta * own)).clamp(0.0, 1.0);
        w.iter().zip(&towards).map(|(w, d)| w + step * d).collect()
    }

    fn run(&self, mut w: Vec<f64>, least: f64, most: usize) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::new();
        while values.len() < most
            && (values.len() < 2
                || values[values.len() - 2] - values[values.len() - 1] > least * least)
        {
            w = self.step(&w);
            values.push(self.objective(&w));
        }
        w
    }

    /// A hundred steps from even weights, small weights set to zero, then at most 10,000 more.
    #[allow(clippy::cast_precision_loss)]
    fn solve(&self, least: f64) -> Vec<f64> {
        let n = self.a.first().map_or(0, Vec::len);
        let mut w = self.run(vec![1.0 / n as f64; n], least, 100);
        let bar = w.iter().copied().fold(0.0, f64::max) / 4.0;
        w.iter_mut().for_each(|w| *w = if *w <= bar { 0.0 } else { *w });
        let sum: f64 = w.iter().sum();
        w.iter_mut().for_each(|w| *w /= sum);
        self.run(w, least, 10_000)
    }
}

impl FrankWolfe {
    /// The weights of a model at the ridge of the settled ones.
    pub(super) fn stopped_early(panel: &Panel, settled: &Synthetic) -> Self {
        let (units, pre) = (panel.controls.len(), panel.pre.len());
        let treated = panel.treated_mean();
        let intercept = settled.model != Model::Sc;
        let columns = (0..pre).map(|t| (0..units).map(|i| panel.row(i)[t]).collect()).collect();
        let unit_problem =
            Problem::new(columns, treated[..pre].to_vec(), settled.ridge.unit, intercept);
        // the time ridge is a millionth of the noise, and the smallest gain 1e-5 of it
        let least = 1e-5 * settled.ridge.time / 1e-6;
        let unit = unit_problem.solve(least);
        let rows = (0..units).map(|i| panel.row(i)[..pre].to_vec()).collect();
        let after = (0..units).map(|i| mean(&panel.row(i)[pre..])).collect();
        let time = match settled.model {
            Model::Sc => vec![0.0; pre],
            _ => Problem::new(rows, after, settled.ridge.time, true).solve(least),
        };
        let gap = |t: usize| {
            treated[t] - unit.iter().enumerate().map(|(i, w)| w * panel.row(i)[t]).sum::<f64>()
        };
        let before: f64 = time.iter().enumerate().map(|(t, w)| w * gap(t)).sum();
        let effects: Vec<f64> = (pre..treated.len()).map(|t| gap(t) - before).collect();
        Self { estimate: mean(&effects), effects, unit, time, units: unit_problem }
    }

    /// What is left with these weights on units, ridge included.
    pub(super) fn objective(&self, unit: &[f64]) -> f64 {
        self.units.objective(unit)
    }
}
