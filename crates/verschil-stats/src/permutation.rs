//! Exact permutation test over which clusters are treated, from G-sized matrices.
//!
//! Each cluster's treatment profile is residualised once; an assignment's coefficient is then a
//! ratio of sums over a G x G matrix, and its CR0 t a ratio of sums over G of them
//! (MacKinnon & Webb 2020).

mod assignments;
mod tables;

use rayon::prelude::*;

use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::Matrix;
use crate::normal::Normal;
use crate::refusal::Refusal;

use assignments::{Assignments, Chunk};
use tables::{Crossing, Leaf, Tables};

/// Relative tolerance within which an assignment ties with the observed one.
const TIE: f64 = 1e-12;

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
    /// Most assignments enumerated; above it 19,999 are drawn, or as many as the budget.
    pub budget: usize,
    /// Seed of the sample.
    pub seed: u64,
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
    let mut observed = tables.empty_leaf();
    if !tables.fill(&exchange.treated, &mut observed) {
        return Err(Refusal::NotIdentified { term: exchange.normal.terms.join(", ") });
    }
    let contest = Contest {
        observed,
        treated: &exchange.treated,
        crossing: (exchange.profiles == 1).then(|| tables.crossing(&exchange.treated)),
        tables: &tables,
    };
    let assignments = Assignments::new(
        &exchange.candidates,
        exchange.treated.len(),
        exchange.budget,
        exchange.seed,
    );
    let tallies: Vec<Tally> = assignments
        .chunks()
        .into_par_iter()
        .map(|chunk| contest.count(&assignments, &chunk))
        .collect();
    let tally = tallies.into_iter().fold(Tally::new(&contest.observed), Tally::merge);
    Ok(contest.summarise(&tally, assignments.enumerated(), level))
}

/// The observed assignment against the others.
struct Contest<'a> {
    observed: Leaf,
    treated: &'a [usize],
    crossing: Option<Crossing>,
    tables: &'a Tables,
}

/// Counts and interval thresholds so far, profiles x outcomes.
struct Tally {
    visited: u64,
    /// How often the observed assignment came by; a sample may draw it more than once.
    observed: u64,
    extreme: Vec<u64>,
    extreme_t: Vec<u64>,
    /// For each other assignment its coefficients and kappa, K + 1 numbers, where intervals are
    /// wanted.
    others: Vec<f64>,
}

impl Tally {
    fn new(observed: &Leaf) -> Self {
        Self {
            visited: 0,
            observed: 0,
            extreme: vec![0; observed.beta.len()],
            extreme_t: vec![0; observed.t.len()],
            others: Vec::new(),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.visited += other.visited;
        self.observed += other.observed;
        self.extreme.iter_mut().zip(other.extreme).for_each(|(mine, theirs)| *mine += theirs);
        self.extreme_t.iter_mut().zip(other.extreme_t).for_each(|(mine, theirs)| *mine += theirs);
        self.others.extend(other.others);
        self
    }
}

impl Contest<'_> {
    fn count(&self, assignments: &Assignments, chunk: &Chunk) -> Tally {
        let mut tally = Tally::new(&self.observed);
        let mut leaf = self.tables.empty_leaf();
        assignments.visit(chunk, |treated| {
            if self.tables.fill(treated, &mut leaf) {
                self.add(&mut tally, &leaf, treated);
            }
        });
        tally
    }

    fn add(&self, tally: &mut Tally, leaf: &Leaf, treated: &[usize]) {
        let at_least = |value: f64, own: f64| u64::from(value.abs() >= own.abs() * (1.0 - TIE));
        tally.visited += 1;
        for ((count, &beta), &own) in
            tally.extreme.iter_mut().zip(&leaf.beta).zip(&self.observed.beta)
        {
            *count += at_least(beta, own);
        }
        for ((count, &t), &own) in tally.extreme_t.iter_mut().zip(&leaf.t).zip(&self.observed.t) {
            *count += at_least(t, own);
        }
        if treated == self.treated {
            tally.observed += 1;
        } else if let Some(crossing) = &self.crossing {
            tally.others.extend_from_slice(&leaf.beta);
            tally.others.push(crossing.kappa(treated, leaf));
        }
    }

    fn summarise(&self, tally: &Tally, enumerated: bool, level: f64) -> PermutationResults {
        // beside a sample the observed assignment is always counted: only then is the test valid
        let extra = u64::from(!enumerated);
        let assignments = tally.visited + extra;
        let outcomes = self.tables.outcomes();
        let one = |at: usize| PermutationResult {
            estimate: self.observed.beta[at],
            assignments,
            extreme: tally.extreme[at] + extra,
            extreme_t: tally.extreme_t.get(at).map(|extreme| extreme + extra),
            interval: self.crossing.as_ref().map(|_| {
                let others = tally.others.chunks_exact(outcomes + 1);
                let own = self.observed.beta[at];
                let mut reach: [Vec<f64>; 2] = others
                    .map(|other| reach(own, other[at], other[outcomes]))
                    .map(|[low, high]| (low, high))
                    .unzip()
                    .into();
                interval(&mut reach, assignments, tally.observed + extra, 1.0 - level)
            }),
            enumerated,
        };
        let all: Vec<PermutationResult> =
            (0..self.observed.beta.len()).into_par_iter().map(one).collect();
        all.chunks_exact(outcomes).map(<[PermutationResult]>::to_vec).collect()
    }
}

/// Share of 1 within which an assignment counts as the observed one or its complement: there a
/// constant effect moves both coefficients alike.
const SAME: f64 = 1e-9;

/// How far below and above `own` a constant effect d can lie for which this assignment is still
/// at least as extreme: |beta - kappa d| >= |own - d|. With |kappa| < 1 each side has one root.
fn reach(own: f64, beta: f64, kappa: f64) -> [f64; 2] {
    if kappa.abs() >= 1.0 - SAME {
        return [f64::NEG_INFINITY, f64::INFINITY];
    }
    let roots = [(own - beta) / (1.0 - kappa), (own + beta) / (1.0 + kappa)];
    [roots[0].min(roots[1]), roots[0].max(roots[1])]
}

/// The effects at which more than alpha of the assignments are as extreme; the observed one, which
/// stands `own` times among them, is so everywhere.
fn interval(reach: &mut [Vec<f64>; 2], assignments: u64, own: u64, alpha: f64) -> (f64, f64) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let most = (alpha * count(assignments) * (1.0 + TIE)).floor() as usize;
    let own = usize::try_from(own).unwrap_or(usize::MAX);
    let Some(needed) = (most + 1).checked_sub(own).filter(|&needed| needed > 0) else {
        return (f64::NEG_INFINITY, f64::INFINITY);
    };
    if needed > reach[0].len() {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let last = reach[1].len() - needed;
    let low = *reach[0].select_nth_unstable_by(needed - 1, f64::total_cmp).1;
    let high = *reach[1].select_nth_unstable_by(last, f64::total_cmp).1;
    (low, high)
}

/// The residualised sums that an [`Exchange`] needs, from the fit of its nuisance columns.
fn nuisance_fit(exchange: &Exchange) -> (Fit, Vec<Matrix>) {
    let normal = &exchange.normal;
    let nuisance = normal.columns.len() - exchange.profiles;
    let mut reduced = normal.clone();
    reduced.columns.truncate(nuisance);
    reduced.terms.truncate(normal.terms.len() - exchange.profiles);
    reduced.raw.truncate(nuisance);
    let mut profile_blocks = Vec::with_capacity(normal.blocks.len());
    for (small, block) in reduced.blocks.iter_mut().zip(&normal.blocks) {
        small.xx = block.xx.submatrix(0, 0, nuisance, nuisance).to_owned();
        small.xy = block.xy.submatrix(0, 0, nuisance, block.xy.ncols()).to_owned();
        profile_blocks
            .push(block.xx.submatrix(0, nuisance, nuisance, exchange.profiles).to_owned());
    }
    (Fit::new(reduced), profile_blocks)
}
