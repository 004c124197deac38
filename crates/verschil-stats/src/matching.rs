//! Choosing control regions that resemble the treated ones, and saying why each was chosen.
//!
//! [`choose`] is the road: check the input, measure distances, assign controls, explain.
//! [`balance`] tells how alike the groups are before and after. The methods and their conventions
//! are described in `docs/methods/matching.md`.

pub mod balance;
mod distance;
mod explain;
mod input;
mod nearest;
mod optimal;
mod refusal;
mod sets;

use serde::{Deserialize, Serialize};

pub use explain::{Because, Candidate, Taken, Unchosen, Why, WhyNot};
pub use refusal::{MatchRefusal, NoCandidate, Short};

use distance::Distances;

/// A characteristic that has to be equal in a treated unit and its controls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExactClass {
    /// Name of the characteristic.
    pub name: String,
    /// n labels, one per unit; none where it is not known.
    pub labels: Vec<Option<String>>,
}

/// Units with their characteristics, and which of them are treated or may become controls.
///
/// Only units in `treated` or `pool` are looked at; others may have unknown values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchInput {
    /// n codes, each once.
    pub units: Vec<String>,
    /// Positions of the treated units, in the order of the protocol.
    pub treated: Vec<usize>,
    /// Positions of the units that may become controls.
    pub pool: Vec<usize>,
    /// q names of the characteristics in the distance.
    pub names: Vec<String>,
    /// n x q, row-major, each in its own unit; NaN where it is not known.
    pub characteristics: Vec<f64>,
    /// Characteristics that must be equal; empty when there are none.
    pub exact: Vec<ExactClass>,
}

/// How unlike two units are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// sqrt((a - b)' S^-1 (a - b)), S the covariance within treated and within pool, pooled.
    Mahalanobis,
    /// Euclidean, each characteristic divided by its standard deviation over treated and pool.
    Euclidean,
}

/// How controls are assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Round by round, each treated unit takes the nearest control that is still free.
    Nearest,
    /// The assignment with the smallest sum of distances.
    Optimal,
}

/// How many controls there shall be. With replacement a control counts as often as it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Controls {
    /// So many in all, spread over the treated units as evenly as can be.
    Total(usize),
    /// So many for each treated unit.
    PerTreated(usize),
}

/// Which treated unit chooses first in a round of [`Method::Nearest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they stand in [`MatchInput::treated`] (MatchIt: `m.order = "data"`).
    Given,
    /// The one whose nearest free control is nearest (MatchIt: `"closest"`).
    Closest,
    /// The one whose nearest free control is farthest (MatchIt: `"farthest"`).
    Farthest,
}

/// Every choice that matching needs; none has a default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MatchOptions {
    /// How unlike two units are.
    pub distance: Distance,
    /// How controls are assigned.
    pub method: Method,
    /// How many there shall be.
    pub controls: Controls,
    /// Whether a control may serve several treated units.
    pub replacement: bool,
    /// Largest distance at which a control is acceptable, in units of `distance`.
    pub caliper: Option<f64>,
    /// Who chooses first; without meaning for [`Method::Optimal`] and with replacement.
    pub order: Order,
}

/// One control serving one treated unit. Units are positions in [`MatchInput::units`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The control.
    pub control: usize,
    /// The treated unit that it serves.
    pub treated: usize,
    /// How unlike they are.
    pub distance: f64,
    /// From 1: whether it is the first, second, ... control of its treated unit. For
    /// [`Method::Optimal`] counted from its nearest control on.
    pub round: usize,
    /// From 1: its place in the sequence of choices. [`Method::Optimal`] chooses all at once, and
    /// counts by round and then by the code of the treated unit.
    pub order: usize,
    /// Why this one.
    pub why: Why,
}

/// The controls, and what became of every other candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    /// Sorted by order.
    pub pairs: Vec<Pair>,
    /// Units of the pool that serve nobody, sorted by code.
    pub unchosen: Vec<Unchosen>,
    /// Sum of the distances of all pairs.
    pub total_distance: f64,
}

impl Matched {
    /// Chosen controls with the number of treated units they serve, sorted by position.
    #[must_use]
    pub fn weights(&self) -> Vec<(usize, f64)> {
        let mut weights = std::collections::BTreeMap::new();
        for pair in &self.pairs {
            *weights.entry(pair.control).or_insert(0.0) += 1.0;
        }
        weights.into_iter().collect()
    }
}

/// A treated unit taking a control; both are positions in [`Distances`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice {
    treated: usize,
    control: usize,
    round: usize,
}

/// Chooses controls for the treated units.
///
/// The answer does not depend on the order of units or pool. Distances that differ by less than
/// 2^-32 of the largest one count as equal, and then the lower code goes first.
///
/// # Errors
/// Everything that stands in the way: first whatever is wrong with the input, then distances that
/// do not exist, then treated units without a candidate, and then too few controls.
///
/// # Panics
/// When a list has not one entry per unit, or a position lies outside the units.
pub fn choose(input: &MatchInput, options: &MatchOptions) -> Result<Matched, Vec<MatchRefusal>> {
    input::check(input, options)?;
    let distances = Distances::new(input, options)?;
    let barren = distances.without_candidate(input);
    if !barren.is_empty() {
        return Err(barren);
    }
    let choices = match options.method {
        Method::Optimal if !options.replacement => optimal::assign(&distances, options.controls),
        Method::Nearest | Method::Optimal => nearest::assign(&distances, options),
    };
    if let Some(refusal) = shortage(&distances, &choices, input, options) {
        return Err(vec![refusal]);
    }
    Ok(explain::explain(&distances, &choices, options))
}

/// How many pairs there have to be.
fn wanted(controls: Controls, treated: usize) -> usize {
    match controls {
        Controls::Total(total) => total,
        Controls::PerTreated(each) => each * treated,
    }
}

fn shortage(
    distances: &Distances,
    choices: &[Choice],
    input: &MatchInput,
    options: &MatchOptions,
) -> Option<MatchRefusal> {
    let treated = distances.treated.len();
    let wanted = wanted(options.controls, treated);
    let least = match options.controls {
        Controls::PerTreated(each) => each,
        // nobody goes without while there is enough for everybody
        Controls::Total(total) => usize::from(total >= treated),
    };
    let count = |t: usize| choices.iter().filter(|choice| choice.treated == t).count();
    if choices.len() == wanted && (0..treated).all(|t| count(t) >= least) {
        return None;
    }
    let part = if choices.len() == wanted { least } else { wanted.div_ceil(treated) };
    let short = (0..treated).filter(|&t| count(t) < part).map(|t| Short {
        treated: input.units[distances.treated[t]].clone(),
        found: count(t),
        candidates: distances.ranked(t).len(),
    });
    let better = !options.replacement && options.method == Method::Nearest && {
        let best = optimal::assign(distances, options.controls);
        let served = |t| best.iter().filter(|choice| choice.treated == t).count() >= least;
        best.len() == wanted && (0..treated).all(served)
    };
    Some(MatchRefusal::NotEnough {
        wanted,
        found: choices.len(),
        short: short.collect(),
        optimal_finds_enough: better,
    })
}
