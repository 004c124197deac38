//! Step-down adjusted p-values from the joint wild bootstrap distribution of all statistics.

use rayon::prelude::*;

use crate::estimate::{Covariance, Estimate, SmallSample};
use crate::fit::Fit;
use crate::refusal::Refusal;
use crate::wild::{Algebra, Block, DrawSet, Forms, TIE, WIDTH, Wild, p_value};

/// One hypothesis of a family: a term of an outcome is zero.
#[derive(Debug, Clone, Copy)]
pub struct Hypothesis<'a> {
    /// The solved design; outcomes of other sample classes have other fits.
    pub fit: &'a Fit,
    /// The term.
    pub term: usize,
    /// Position of the outcome in the fit's class.
    pub at: usize,
}

/// What the step-down says of one hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepDown {
    /// t with the CR1 standard error (`fixest`).
    pub statistic: f64,
    /// p-value of the hypothesis by itself, from the same draws.
    pub p_value: f64,
    /// p-value adjusted for all tested hypotheses of the family, at least the other.
    pub adjusted: f64,
}

/// Romano and Wolf's (2005, 2016) step-down by the wild cluster bootstrap.
///
/// Each hypothesis is bootstrapped as `wild` says and studentised by CR1; the draws of a cluster, by
/// its code, are the same for all. A cluster that an outcome lacks has draws all the same, which do
/// not move that outcome. In a step the largest |t*| of the hypotheses not yet passed is compared
/// with the largest |t| among them; sampled draws are counted with the observed one. Hypotheses
/// that cannot be tested are refused and do not count in the family.
#[must_use]
pub fn romano_wolf(family: &[Hypothesis], wild: &Wild) -> Vec<Result<StepDown, Refusal>> {
    let codes = cluster_codes(family);
    let members: Vec<Result<Member, Refusal>> =
        family.par_iter().map(|hypothesis| Member::new(hypothesis, &codes, wild)).collect();
    let tested: Vec<&Member> = members.iter().flatten().collect();
    let draws = DrawSet::new(codes.len(), wild);
    let steps = Steps::new(&tested, &draws);
    let mut results = steps.results().into_iter();
    let answer = |member: Result<Member, Refusal>| {
        let why = || Refusal::NotDefined { why: "it was not compared".to_owned() };
        member.and_then(|_| results.next().ok_or_else(why))
    };
    members.into_iter().map(answer).collect()
}

/// All clusters of any hypothesis, sorted.
fn cluster_codes<'a>(family: &[Hypothesis<'a>]) -> Vec<&'a str> {
    let blocks = family.iter().flat_map(|hypothesis| &hypothesis.fit.normal.blocks);
    let mut codes: Vec<&str> = blocks.map(|block| block.cluster.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A hypothesis with its bootstrap.
struct Member {
    algebra: Algebra,
    /// Square of the observed t, and what the square of a bootstrap t by CR0 is times, to be by CR1.
    squared: f64,
    factor: f64,
    statistic: f64,
}

impl Member {
    fn new(of: &Hypothesis, codes: &[&str], wild: &Wild) -> Result<Self, Refusal> {
        if !of.fit.varies(of.at) {
            return Err(Refusal::ConstantOutcome);
        }
        let algebra = Algebra::new(of.fit, None, of.term, of.at, wild)?;
        let estimate = Estimate::from_fit(of.fit, &[of.term], of.at)?;
        let std_error = estimate.std_error(0, Covariance::Cr1(SmallSample::Fixest))?;
        let statistic = estimate.values[0] / std_error;
        let blocks = &of.fit.normal.blocks;
        let places: Vec<usize> = blocks
            .iter()
            .filter_map(|block| codes.binary_search(&block.cluster.as_str()).ok())
            .collect();
        Ok(Self {
            squared: statistic * statistic,
            factor: (algebra.std_error / std_error).powi(2),
            statistic,
            algebra: algebra.of_no_effect(&places, codes.len()),
        })
    }

    /// Square of t* in lane `i`. Without any variance nothing is more extreme.
    fn bootstrap(&self, block: &Block, i: usize) -> f64 {
        let (n, q) = (block.n[0][i], block.q[0][i]);
        if q > 0.0 { self.factor * n * n / q } else { f64::INFINITY }
    }
}

/// The comparison of all members, from the largest |t| down.
struct Steps<'a> {
    tested: &'a [&'a Member],
    order: Vec<usize>,
    /// Draws with so large a |t*|: of the member itself, and of any member from it on.
    alone: Vec<u64>,
    together: Vec<u64>,
    visited: u64,
    enumerated: bool,
}

impl<'a> Steps<'a> {
    fn new(tested: &'a [&'a Member], draws: &DrawSet) -> Self {
        let mut order: Vec<usize> = (0..tested.len()).collect();
        order.sort_by(|&a, &b| tested[b].squared.total_cmp(&tested[a].squared));
        let forms: Vec<Forms> =
            order.iter().map(|&at| Forms::new(&tested[at].algebra, draws)).collect();
        let bars: Vec<f64> = order.iter().map(|&at| tested[at].squared * (1.0 - TIE)).collect();
        let chunk = |chunk: usize| {
            let (mut alone, mut together) = (vec![0; order.len()], vec![0; order.len()]);
            let mut largest: Vec<[f64; WIDTH]> = Vec::new();
            for step in (0..order.len()).rev() {
                let blocks = forms[step].chunk(chunk);
                largest.resize(blocks.len(), [0.0; WIDTH]);
                for (block, (blocks, largest)) in blocks.iter().zip(&mut largest).enumerate() {
                    let lanes = draws.lanes(chunk, block);
                    for (i, largest) in largest.iter_mut().enumerate().take(lanes) {
                        let t = tested[order[step]].bootstrap(blocks, i);
                        *largest = largest.max(t);
                        alone[step] += u64::from(t >= bars[step]);
                        together[step] += u64::from(*largest >= bars[step]);
                    }
                }
            }
            (alone, together)
        };
        let counts: Vec<(Vec<u64>, Vec<u64>)> =
            (0..draws.chunks()).into_par_iter().map(chunk).collect();
        let mut sums = (vec![0; order.len()], vec![0; order.len()]);
        for (alone, together) in counts {
            sums.0.iter_mut().zip(alone).for_each(|(sum, more)| *sum += more);
            sums.1.iter_mut().zip(together).for_each(|(sum, more)| *sum += more);
        }
        let (alone, together) = sums;
        let (visited, enumerated) = (draws.visited() as u64, draws.enumerated());
        Self { tested, order, alone, together, visited, enumerated }
    }

    /// In the order of the members; an adjusted p-value is never below that of a larger |t|.
    fn results(&self) -> Vec<StepDown> {
        let share = |extreme: u64| p_value(extreme, self.visited, self.enumerated);
        let none = StepDown { statistic: 0.0, p_value: 1.0, adjusted: 1.0 };
        let mut results = vec![none; self.order.len()];
        let mut most = 0.0f64;
        for (step, &at) in self.order.iter().enumerate() {
            most = most.max(share(self.together[step]));
            let p_value = share(self.alone[step]);
            results[at] =
                StepDown { statistic: self.tested[at].statistic, p_value, adjusted: most };
        }
        results
    }
}
