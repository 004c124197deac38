//! The slow twin: every effect a dummy, Fisher scoring on a full matrix, derivatives by differences.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::Covariance;
use verschil_stats::fit::Fit;
use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;

use crate::agree;
use verschil_stats::validate::rows::Made;

use crate::data::{Data, MODELS, Unit, study};

const ANALYSES: [Analysis; 4] =
    [Analysis::Pooled, Analysis::PerRegion, Analysis::PerPeriod, Analysis::EventStudy];

/// A full matrix with its outcome.
pub struct Dense {
    model: Model,
    pub x: Vec<Vec<f64>>,
    y: Vec<f64>,
    weight: Vec<f64>,
    pub cluster: Vec<String>,
    /// Columns of regions, which stand first.
    regions: usize,
    /// Columns of the effects.
    pub effects: Vec<usize>,
}

fn mean(model: Model, index: f64) -> f64 {
    match model {
        Model::Logit => 1.0 / (1.0 + (-index).exp()),
        Model::Poisson | Model::Gamma => index.exp(),
    }
}

impl Dense {
    pub fn new(data: &Data, made: &Made, design: &Design, outcome: usize, model: Model) -> Self {
        let units: Vec<&Unit> =
            data.units.iter().filter(|u| !u.outcomes[outcome].is_nan() && u.weight > 0.0).collect();
        let grams = &made.grams;
        let at = |unit: &Unit| (grams.region(&unit.region), grams.period(unit.period));
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let mut push = |value: &dyn Fn(&Unit) -> bool| {
            columns.push(units.iter().map(|u| f64::from(u8::from(value(u)))).collect());
        };
        for region in &grams.regions {
            push(&|u| u.region == *region);
        }
        for &period in &grams.periods[1..] {
            push(&|u| u.period == period);
        }
        for (c, column) in grams.columns.iter().enumerate() {
            if let Some(level) = &column.level
                && !made.setting.references.contains(&c)
            {
                push(&|u| u.levels[column.covariate] == *level);
            }
        }
        for effect in &design.effects {
            push(&|u| {
                let (region, period) = at(u);
                region.is_some_and(|r| effect.regions.contains(&r))
                    && period.is_some_and(|t| effect.periods.contains(&t))
            });
        }
        let all = columns.len();
        let effects = (all - design.effects.len()..all).collect();
        for numeric in 0..units[0].numerics.len() {
            columns.push(units.iter().map(|u| u.numerics[numeric] - 25.0).collect());
        }
        Self {
            model,
            x: (0..units.len()).map(|i| columns.iter().map(|column| column[i]).collect()).collect(),
            y: units.iter().map(|u| u.outcomes[outcome]).collect(),
            weight: units.iter().map(|u| u.weight).collect(),
            cluster: units
                .iter()
                .map(|u| data.clusters.get(&u.region).unwrap_or(&u.region).clone())
                .collect(),
            regions: grams.regions.len(),
            effects,
        }
    }

    pub fn without(&self, cluster: &str) -> Self {
        let stay: Vec<usize> = (0..self.y.len()).filter(|&i| self.cluster[i] != cluster).collect();
        Self {
            model: self.model,
            x: stay.iter().map(|&i| self.x[i].clone()).collect(),
            y: stay.iter().map(|&i| self.y[i]).collect(),
            weight: stay.iter().map(|&i| self.weight[i]).collect(),
            cluster: stay.iter().map(|&i| self.cluster[i].clone()).collect(),
            regions: self.regions,
            effects: self.effects.clone(),
        }
    }

    /// Score of a row on its index, and expected information.
    fn row(&self, i: usize, index: f64) -> (f64, f64) {
        let mu = mean(self.model, index);
        match self.model {
            Model::Logit => (self.weight[i] * (self.y[i] - mu), self.weight[i] * mu * (1.0 - mu)),
            Model::Poisson => (self.weight[i] * (self.y[i] - mu), self.weight[i] * mu),
            Model::Gamma => (self.weight[i] * (self.y[i] - mu) / mu, self.weight[i]),
        }
    }

    fn index(&self, i: usize, beta: &[f64]) -> f64 {
        self.x[i].iter().zip(beta).map(|(x, b)| x * b).sum()
    }

    /// Expected or, where it is another, observed.
    pub fn information(&self, beta: &[f64], observed: bool) -> Vec<Vec<f64>> {
        let k = beta.len();
        let mut sum = vec![vec![0.0; k]; k];
        for (i, x) in self.x.iter().enumerate() {
            let (score, expected) = self.row(i, self.index(i, beta));
            let as_observed = observed && self.model == Model::Gamma;
            let info = if as_observed { score + self.weight[i] } else { expected };
            for (a, row) in sum.iter_mut().enumerate() {
                row.iter_mut().zip(x).for_each(|(s, other)| *s += info * x[a] * other);
            }
        }
        sum
    }

    pub fn score(&self, beta: &[f64], cluster: Option<&str>) -> Vec<f64> {
        let mut sum = vec![0.0; beta.len()];
        for (i, x) in self.x.iter().enumerate() {
            if cluster.is_none_or(|cluster| self.cluster[i] == cluster) {
                let score = self.row(i, self.index(i, beta)).0;
                sum.iter_mut().zip(x).for_each(|(s, x)| *s += score * x);
            }
        }
        sum
    }

    /// Fisher scoring, every region from the index of the overall mean.
    pub fn fit(&self) -> Vec<f64> {
        let total: f64 = self.weight.iter().sum();
        let average = self.y.iter().zip(&self.weight).map(|(y, w)| y * w).sum::<f64>() / total;
        let start = match self.model {
            Model::Logit => (average / (1.0 - average)).ln(),
            Model::Poisson | Model::Gamma => average.ln(),
        };
        let mut beta = vec![0.0; self.x[0].len()];
        beta[..self.regions].fill(start);
        for _ in 0..2000 {
            let step = self.solve(&self.information(&beta, false), &self.score(&beta, None));
            beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
            if step.iter().all(|s| s.abs() < 1e-12) {
                return beta;
            }
        }
        panic!("the twin does not converge");
    }

    /// Gauss elimination; columns without anything in them get nothing.
    pub fn solve(&self, matrix: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
        let k = right.len();
        let used: Vec<usize> = (0..k).filter(|&j| matrix[j][j] > 0.0).collect();
        let mut rows: Vec<Vec<f64>> = used
            .iter()
            .map(|&i| used.iter().map(|&j| matrix[i][j]).chain([right[i]]).collect())
            .collect();
        let m = used.len();
        for pivot in 0..m {
            let best =
                (pivot..m).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
            rows.swap(pivot, best.expect("a row"));
            let lead = rows[pivot].clone();
            for row in &mut rows[pivot + 1..] {
                let share = row[pivot] / lead[pivot];
                row.iter_mut().zip(&lead).for_each(|(value, lead)| *value -= share * lead);
            }
        }
        let mut solved = vec![0.0; m];
        for i in (0..m).rev() {
            let known: f64 = (i + 1..m).map(|j| rows[i][j] * solved[j]).sum();
            solved[i] = (rows[i][m] - known) / rows[i][i];
        }
        let mut all = vec![0.0; k];
        used.into_iter().zip(solved).for_each(|(at, value)| all[at] = value);
        all
    }

    pub fn att(&self, beta: &[f64], effect: usize) -> f64 {
        let (mut weight, mut sum) = (0.0, 0.0);
        for i in (0..self.y.len()).filter(|&i| self.x[i][effect] != 0.0) {
            let index = self.index(i, beta);
            let apart = mean(self.model, index) - mean(self.model, index - beta[effect]);
            weight += self.weight[i];
            sum += self.weight[i] * apart;
        }
        sum / weight
    }

    /// Derivatives by differences of the fourth order: with this step their error is about 1e-12.
    pub fn slope(&self, beta: &[f64], effect: usize) -> Vec<f64> {
        let at = |j: usize, by: f64| {
            let mut moved = beta.to_vec();
            moved[j] += by;
            self.att(&moved, effect)
        };
        let h = 2e-3;
        (0..beta.len())
            .map(|j| {
                (8.0 * (at(j, h) - at(j, -h)) - (at(j, 2.0 * h) - at(j, -2.0 * h))) / (12.0 * h)
            })
            .collect()
    }

    fn cr0(&self, beta: &[f64], slope: &[f64], clusters: &[String]) -> f64 {
        let row = self.solve(&self.information(beta, true), slope);
        let own = |cluster: &String| {
            let score = self.score(beta, Some(cluster));
            row.iter().zip(&score).map(|(a, b)| a * b).sum::<f64>()
        };
        clusters.iter().map(|cluster| own(cluster).powi(2)).sum::<f64>().sqrt()
    }
}

pub fn clusters(linear: &Fit) -> Vec<String> {
    linear.normal.blocks.iter().map(|block| block.cluster.clone()).collect()
}

fn check(data: &Data, analysis: Analysis, what: &str) {
    let made = data.made().expect("well formed");
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let what = format!("{what} {analysis:?} {}", model.id());
        let checked = made.with(analysis, outcome, model, |fit, design, linear| {
            let dense = Dense::new(data, &made, design, outcome, model);
            let beta = dense.fit();
            let clusters = clusters(linear);
            let without: Vec<Dense> = clusters.iter().map(|c| dense.without(c)).collect();
            let refits: Vec<Vec<f64>> = without.iter().map(|dense| dense.fit()).collect();
            for (term, &effect) in dense.effects.iter().enumerate() {
                let coefficient = fit.coefficients(&[term]).expect("identified");
                agree(coefficient.values[0], beta[effect], 1e-9, &what);
                let att = fit.att(term).expect("identified");
                agree(att.values[0], dense.att(&beta, effect), 1e-9, &what);
                assert_eq!(att.values[0] > 0.0, beta[effect] > 0.0, "{what}: sign");
                let slope = dense.slope(&beta, effect);
                let se = att.std_error(0, Covariance::Cr0).expect("exists");
                agree(se, dense.cr0(&beta, &slope, &clusters), 1e-8, &what);
                let Ok(deleted) = &att.deleted else {
                    assert_eq!(analysis, Analysis::PerRegion, "{what}");
                    continue;
                };
                for ((ours, dense), beta) in deleted[0].iter().zip(&without).zip(&refits) {
                    agree(*ours, dense.att(beta, effect), 1e-9, &what);
                }
            }
        });
        checked.unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
    }
}

#[test]
fn every_analysis_agrees_with_dummies_and_differences() {
    for analysis in ANALYSES {
        check(&study(7, Weighting::None, true), analysis, "unweighted");
    }
}

#[test]
fn weights_agree_with_dummies_and_differences() {
    check(&study(8, Weighting::Frequency, true), Analysis::Pooled, "frequency");
    check(&study(9, Weighting::Analytic, true), Analysis::Pooled, "analytic");
}

#[test]
fn merged_cells_and_coarser_clusters_agree_with_dummies_and_differences() {
    let mut data = study(10, Weighting::Frequency, false);
    for region in 0..10 {
        data.clusters.insert(format!("r{region}"), format!("c{}", region % 4 + 4 * (region / 8)));
    }
    let cells = data.made().expect("well formed").cells.len();
    assert!(cells < data.units.len(), "{cells} cells");
    check(&data, Analysis::Pooled, "merged");
    check(&data, Analysis::EventStudy, "merged");
}
