//! How the counting rule itself behaves: how often it fails, and what it lets through.

use crate::event_study::{EventStudy, Tails};
use crate::factor::Root;
use crate::grams::count;
use crate::linalg::dot;
use crate::refusal::Refusal;
use crate::trend::bands::{Draws, Noise};
use crate::trend::power::{increasing_root, linear_violation};
use crate::trend::{Rule, RulePower, RuleSlope};

/// The rule on simulated studies: the same draws for every slope, so that the share that fails
/// changes with the slope alone.
pub(crate) struct Simulation<'a> {
    study: &'a EventStudy,
    positions: &'a [usize],
    rule: Rule,
    critical: f64,
    root: Root,
    /// Per draw: normal numbers of the tested coefficients.
    draws: Vec<Vec<f64>>,
    /// Per draw: noise of the tested coefficients, in standard errors, and the common scale.
    noise: Vec<(Vec<f64>, f64)>,
}

impl<'a> Simulation<'a> {
    pub(crate) fn new(
        study: &'a EventStudy,
        positions: &'a [usize],
        rule: Rule,
        tails: Tails,
        draws: Draws,
    ) -> Result<Self, Refusal> {
        if positions.is_empty() || draws.count == 0 || rule.max_significant >= positions.len() {
            let why = format!(
                "a rule that allows {} of {} periods cannot fail",
                rule.max_significant,
                positions.len()
            );
            return Err(Refusal::NotDefined { why });
        }
        // tested coefficients first: the rest of the root then says what they carry along
        let others = (0..study.values().len()).filter(|j| !positions.contains(j));
        let order: Vec<usize> = positions.iter().copied().chain(others).collect();
        let root = Root::new(&study.covariance_of(&order, &order));
        let se = study.std_errors();
        let mut source = Noise::new(positions.len(), study.clusters(), tails, draws.seed);
        let (mut normals, mut noise) = (Vec::new(), Vec::new());
        for _ in 0..draws.count {
            let (z, scale) = source.draw();
            let own = root.rows[..positions.len()].iter().zip(positions);
            let standard =
                own.map(|(row, &j)| row.iter().zip(&z).map(|(l, z)| l * z).sum::<f64>() / se[j]);
            noise.push((standard.collect(), scale));
            normals.push(z);
        }
        let critical = study.critical(tails, rule.alpha);
        Ok(Self { study, positions, rule, critical, root, draws: normals, noise })
    }

    /// Draws that pass under a line with this slope.
    fn passing(&self, slope: f64) -> impl Iterator<Item = usize> {
        let se = self.study.std_errors();
        let shift: Vec<f64> =
            self.positions.iter().map(|&j| slope * self.study.distances()[j] / se[j]).collect();
        (0..self.noise.len()).filter(move |&draw| {
            let (noise, scale) = &self.noise[draw];
            let far = |(e, s): &(&f64, &f64)| (*e + *s).abs() > self.critical * scale;
            noise.iter().zip(&shift).filter(far).count() <= self.rule.max_significant
        })
    }

    /// Share of draws that fail.
    pub(crate) fn failing(&self, slope: f64) -> f64 {
        1.0 - count(self.passing(slope).count() as u64) / count(self.noise.len() as u64)
    }

    /// Mean of each coefficient over the draws that pass, by period; nothing when none does.
    fn mean_passing(&self, slope: f64) -> Option<Vec<f64>> {
        let mut sums = vec![0.0; self.positions.len()];
        let mut passed = 0u64;
        for draw in self.passing(slope) {
            passed += 1;
            for (sum, z) in sums.iter_mut().zip(&self.draws[draw]) {
                *sum += z;
            }
        }
        let means: Vec<f64> = sums.iter().map(|sum| sum / count(passed)).collect();
        let others = (0..self.study.values().len()).filter(|j| !self.positions.contains(j));
        let order = self.positions.iter().copied().chain(others);
        let mut mean = linear_violation(self.study, slope);
        for (row, j) in self.root.rows.iter().zip(order) {
            mean[j] += row.iter().zip(&means).map(|(l, m)| l * m).sum::<f64>();
        }
        (passed > 0).then_some(mean)
    }

    /// Everything about the slope that the rule detects with probability `target`.
    fn slope(&self, target: f64, weights: &[f64]) -> Result<RuleSlope, Refusal> {
        let se = self.study.std_errors();
        let ratios = self.positions.iter().map(|&j| se[j] / self.study.distances()[j].abs());
        let scale = ratios.fold(f64::INFINITY, f64::min);
        let slope = increasing_root(|slope| self.failing(slope) - target, scale);
        let Some(slope) = slope else {
            let why = format!("the rule fails with probability {target} without any violation");
            return Err(Refusal::NotDefined { why });
        };
        let post = self.study.post();
        let bias = dot(&linear_violation(self.study, slope)[post.clone()], weights);
        let Some(mean) = self.mean_passing(slope) else {
            let why = "no draw passes the rule under this slope".to_owned();
            return Err(Refusal::NotDefined { why });
        };
        Ok(RuleSlope { target, slope, bias, bias_after_passing: dot(&mean[post], weights) })
    }

    pub(crate) fn power(&self, targets: &[f64], weights: &[f64]) -> RulePower {
        let size = self.failing(0.0);
        let draws = count(self.noise.len() as u64);
        RulePower {
            size,
            size_error: (size * (1.0 - size) / draws).sqrt(),
            slopes: targets.iter().map(|&target| self.slope(target, weights)).collect(),
        }
    }
}
