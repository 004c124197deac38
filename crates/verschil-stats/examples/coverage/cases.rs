//! Every method asked about studies without an effect, and what is kept of the answers.

use rayon::prelude::*;
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::estimate::{Estimate, SmallSample};
use verschil_stats::grams::{Grams, count};
use verschil_stats::inference::{METHODS, Method, Options, Question};
use verschil_stats::permutation::{PermutationResults, permute};
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::Draws;

/// Level of each test, and one minus the level of each interval.
pub const ALPHA: f64 = 0.05;

/// What one method answered over all draws of a case.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub asked: usize,
    pub refused: usize,
    pub p_values: usize,
    pub rejected: usize,
    pub intervals: usize,
    pub covered: usize,
    pub unbounded: usize,
    /// Lengths of the intervals that have two ends.
    pub lengths: Vec<f64>,
}

/// A case with one tally for each method, in the order of the table.
pub struct Record {
    pub name: String,
    pub tallies: Vec<Tally>,
}

impl Record {
    pub fn new(name: String) -> Self {
        Self { name, tallies: vec![Tally::default(); methods().count()] }
    }

    /// Asks every method about the pooled effect on each outcome; the true effect is zero.
    pub fn ask(&mut self, grams: &Grams, setting: &Setting, seed: u64) {
        let options = Options {
            level: 1.0 - ALPHA,
            small_sample: SmallSample::Fixest,
            wild_draws: Draws::Rademacher,
            wild_count: 999,
            permutation_budget: 250_000,
            seed,
        };
        let design = Design::new(grams, 0, setting, Analysis::Pooled).expect("both arms are there");
        let fit = design.fit();
        let permuted = design
            .exchange(0, options.permutation_budget, seed)
            .and_then(|exchange| permute(&exchange, options.level));
        let answers: Vec<Vec<Tally>> = (0..grams.outcome_count())
            .into_par_iter()
            .map(|at| {
                let estimate = Estimate::from_fit(&fit, &[0], at).expect("identified");
                let permutation = of_outcome(&permuted, at);
                let question = Question {
                    fit: &fit,
                    term: 0,
                    at,
                    estimate: &estimate,
                    permutation: &permutation,
                    matched: &Err(Refusal::NotMatched),
                    within: &Err(Refusal::NoFinerLevel { clusters: fit.clusters() }),
                    options: &options,
                };
                methods().map(|method| answer((method.infer)(&question))).collect()
            })
            .collect();
        for answer in answers.iter().flatten().zip((0..methods().count()).cycle()) {
            self.tallies[answer.1].add(answer.0);
        }
    }
}

fn of_outcome(
    permuted: &Result<PermutationResults, Refusal>,
    at: usize,
) -> Result<verschil_stats::permutation::PermutationResult, Refusal> {
    permuted.as_ref().map(|results| results[0][at].clone()).map_err(Clone::clone)
}

fn answer(given: Result<verschil_stats::inference::Inference, Refusal>) -> Tally {
    let mut tally = Tally { asked: 1, ..Tally::default() };
    let Ok(inference) = given else {
        tally.refused = 1;
        return tally;
    };
    if let Some(p) = inference.p_value {
        tally.p_values = 1;
        tally.rejected = usize::from(p <= ALPHA);
    }
    if let Some((low, high)) = inference.interval {
        tally.intervals = 1;
        tally.covered = usize::from(low <= 0.0 && 0.0 <= high);
        if low.is_finite() && high.is_finite() {
            tally.lengths.push(high - low);
        } else {
            tally.unbounded = 1;
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.refused += other.refused;
        self.p_values += other.p_values;
        self.rejected += other.rejected;
        self.intervals += other.intervals;
        self.covered += other.covered;
        self.unbounded += other.unbounded;
        self.lengths.extend_from_slice(&other.lengths);
    }

    /// Share of tests that claim an effect.
    pub fn rejects(&self) -> Option<f64> {
        share(self.rejected, self.p_values)
    }

    /// Share of intervals that hold the truth.
    pub fn covers(&self) -> Option<f64> {
        share(self.covered, self.intervals)
    }

    /// Median length of the intervals; nothing when half of them have an open end.
    pub fn length(&self) -> Option<f64> {
        let mut lengths = self.lengths.clone();
        lengths.sort_by(f64::total_cmp);
        lengths.get(self.intervals / 2).copied()
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| count(part as u64) / count(whole as u64))
}

/// The methods that these designs bear: nobody was matched, and clusters are regions.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    let bears = |id: &str| !["wild_subcluster", "permutation_matched"].contains(&id);
    METHODS.iter().filter(move |method| bears(method.id))
}
