//! Exact permutation test over which clusters are treated, from G-sized matrices.
//!
//! Each cluster's treatment profile is residualised once; an assignment's coefficient is then a
//! ratio of sums over a G x G matrix, and its CR0 t a ratio of sums over G of them
//! (MacKinnon & Webb 2020).

mod assignments;
mod given;
mod lanes;
mod scores;
mod several;
mod single;
mod systems;
mod tables;
mod tails;

use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::Matrix;
use crate::normal::{Block, Normal};
use crate::refusal::Refusal;

pub(crate) use assignments::{Assignments, below};
pub use given::{Assigned, assigned};
use tables::Tables;

/// Relative tolerance within which an assignment ties with the observed one.
const TIE: f64 = 1e-12;

/// A share of a column's square below which what is left of it counts as nothing.
const EXPLAINED: f64 = 1e-10;

/// What to permute: a design in which every cluster carries the profile terms as though treated.
#[derive(Debug)]
pub struct Exchange {
    /// Normal equations whose last `profiles` terms are the treatment profiles of every cluster;
    /// terms before them are nuisance.
    pub normal: Normal,
    /// Number of profile terms J.
    pub profiles: usize,
    /// Clusters (positions in `normal.blocks`) that might be treated.
    pub candidates: Vec<usize>,
    /// Those that are.
    pub treated: Vec<usize>,
    /// One per candidate: clusters are exchanged only within a set, so each keeps its number of
    /// treated ones. Without it all candidates are one set.
    pub sets: Option<Vec<usize>>,
    /// Most assignments enumerated; above it 19,999 are drawn, or as many as the budget.
    pub budget: usize,
    /// Seed of the sample.
    pub seed: u64,
}

impl Exchange {
    /// The same, exchanging clusters only within matched sets; `set_of` gives the set of a cluster's
    /// code, and a cluster without one keeps its place.
    #[must_use]
    pub fn within(mut self, set_of: impl Fn(&str) -> Option<usize>) -> Self {
        let sets: Vec<Option<usize>> =
            self.candidates.iter().map(|&c| set_of(&self.normal.blocks[c].cluster)).collect();
        let free = sets.iter().flatten().max().map_or(0, |last| last + 1);
        let alone = |(at, set): (usize, Option<usize>)| set.unwrap_or(free + at);
        self.sets = Some(sets.into_iter().enumerate().map(alone).collect());
        self
    }
}

/// The permutation distribution of one term for one outcome, summed up.
#[derive(Debug, Clone, PartialEq)]
pub struct PermutationResult {
    /// Coefficient of the observed assignment.
    pub estimate: f64,
    /// Assignments compared, the observed one among them.
    pub assignments: u64,
    /// Those whose |coefficient| is at least the observed one's.
    pub extreme: u64,
    /// The same for the CR0 t statistic, where it was asked for and exists.
    pub extreme_t: Option<u64>,
    /// Hull of the constant effects that the coefficient test does not reject; absent where several
    /// profiles are estimated together, since a shift of one leaves the others' null open.
    pub interval: Option<(f64, f64)>,
    /// Whether all assignments were visited.
    pub enumerated: bool,
}

impl PermutationResult {
    /// Two-sided p-value of the coefficient test.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        count(self.extreme) / count(self.assignments)
    }

    /// Two-sided p-value of the t test.
    #[must_use]
    pub fn p_value_t(&self) -> Option<f64> {
        self.extreme_t.map(|extreme| count(extreme) / count(self.assignments))
    }

    /// The smallest p-value that this many assignments can give.
    #[must_use]
    pub fn floor(&self) -> f64 {
        1.0 / count(self.assignments)
    }
}

/// Results of all profiles and outcomes: `[profile][outcome of the class]`.
pub type PermutationResults = Vec<Vec<PermutationResult>>;

/// Runs the test for every profile and outcome of the class at once.
///
/// # Errors
/// When nothing can be exchanged or the observed assignment is not identified.
pub fn permute(exchange: &Exchange, level: f64) -> Result<PermutationResults, Refusal> {
    if exchange.candidates.len() <= exchange.treated.len() {
        return Err(Refusal::NoControls);
    }
    if exchange.treated.is_empty() {
        return Err(Refusal::NothingTreated);
    }
    let tables = Tables::new(exchange);
    let treated = &exchange.treated;
    let (candidates, budget, seed) = (&exchange.candidates, exchange.budget, exchange.seed);
    let assignments = match &exchange.sets {
        None => Assignments::new(candidates, treated.len(), budget, seed),
        Some(sets) if sets.len() == candidates.len() => {
            Assignments::within(candidates, sets, treated, budget, seed)
        }
        Some(sets) => {
            let why = format!("{} matched sets for {} clusters", sets.len(), candidates.len());
            return Err(Refusal::NotDefined { why });
        }
    };
    if assignments.all() == Some(1) {
        let why = "no matched set holds both treated and control clusters".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    let results = match &tables.scores {
        Some(scores) => single::compare(&tables, scores, &assignments, treated, level),
        None => several::compare(&tables, &assignments, treated),
    };
    results.ok_or_else(|| Refusal::NotIdentified { term: exchange.normal.terms.join(", ") })
}

/// The residualised sums that an [`Exchange`] needs, from the fit of its nuisance columns.
fn nuisance_fit(exchange: &Exchange) -> (Fit, Vec<Matrix>) {
    let normal = &exchange.normal;
    let nuisance = normal.columns.len() - exchange.profiles;
    let terms = normal.terms.len() - exchange.profiles;
    let part = |m: &Matrix, columns: usize| m.submatrix(0, 0, nuisance, columns).to_owned();
    let block = |block: &Block| Block {
        cluster: block.cluster.clone(),
        xx: part(&block.xx, nuisance),
        xy: part(&block.xy, normal.outcomes.len()),
        yy: block.yy.clone(),
    };
    let reduced = Normal {
        columns: normal.columns[..nuisance].to_vec(),
        terms: normal.terms[..terms].to_vec(),
        outcomes: normal.outcomes.clone(),
        blocks: normal.blocks.iter().map(block).collect(),
        raw: normal.raw[..nuisance].to_vec(),
        raw_yy: normal.raw_yy.clone(),
        touched: normal.touched[..terms].to_vec(),
        weighting: normal.weighting,
        profiles: normal.profiles[..terms].to_vec(),
        n: normal.n,
        regions: normal.regions,
    };
    let profile =
        |block: &Block| block.xx.submatrix(0, nuisance, nuisance, exchange.profiles).to_owned();
    let profile_blocks = normal.blocks.iter().map(profile).collect();
    (Fit::new(reduced), profile_blocks)
}
