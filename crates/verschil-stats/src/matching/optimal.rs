//! The assignment with the smallest sum of distances, by shortest augmenting paths.
//!
//! A minimum-cost flow from treated units to candidates in which a path may take a control from
//! one treated unit for another. Costs are whole steps of the grid of distances, so comparisons
//! are exact and no cycle of rounding errors can arise. Candidates that are not chosen matter to
//! a path only through the nearest of them, so the graph searched has treated units alone.

use super::distance::{Distances, Status};
use super::{Choice, Controls, wanted};

/// Cost of a pair: the grid step, and far below it the rank of the code, so that of equally good
/// sets of controls the one with the lower codes wins.
type Cost = i128;

/// Room for the sum of ranks below one grid step.
const STEP: Cost = 1 << 64;

/// Who serves whom while paths are being added.
struct Flow<'a> {
    distances: &'a Distances,
    /// For each candidate, the treated unit it serves.
    owner: Vec<Option<usize>>,
    /// For each treated unit, how many controls it has.
    held: Vec<usize>,
}

/// The shortest path to each treated unit along which it gives up a control.
struct Paths {
    cost: Vec<Option<Cost>>,
    /// The treated unit that takes a control from this one, and which.
    from: Vec<Option<(usize, usize)>>,
}

/// Rounds as in [`super::nearest`]: in each every treated unit gets one control more, as far as
/// there are any, with the smallest total there is for these numbers.
///
/// Adding shortest paths keeps a flow optimal among flows of its value (Ahuja, Magnanti & Orlin
/// 1993, 9.7). No path takes the last control from a treated unit without giving it another, so
/// what a round has given stays given, and the next round starts from the optimum for it.
pub fn assign(distances: &Distances, controls: Controls) -> Vec<Choice> {
    let treated = distances.treated.len();
    let limit = wanted(controls, treated);
    let rounds = match controls {
        Controls::PerTreated(each) => each,
        Controls::Total(total) => total.min(distances.pool.len()),
    };
    let mut flow =
        Flow { distances, owner: vec![None; distances.pool.len()], held: vec![0; treated] };
    let mut size = 0;
    for round in 1..=rounds {
        while size < limit && flow.augment(round) {
            size += 1;
        }
    }
    flow.choices()
}

impl Flow<'_> {
    /// What it costs treated unit `t` to hold candidate `c`; nothing when not acceptable.
    fn cost(&self, t: usize, c: usize) -> Option<Cost> {
        let cell = self.distances.cell(t, c);
        let rank = Cost::try_from(c).ok()?;
        (cell.status == Status::Acceptable).then(|| Cost::from(cell.step) * STEP + rank)
    }

    /// Gives one more control to a treated unit with fewer than `cap`; false if none can get one.
    fn augment(&mut self, cap: usize) -> bool {
        let paths = self.paths(cap);
        let mut best: Option<(Cost, usize, usize)> = None;
        for (t, to) in paths.cost.iter().enumerate() {
            let Some(to) = to else { continue };
            for c in (0..self.owner.len()).filter(|&c| self.owner[c].is_none()) {
                let Some(last) = self.cost(t, c) else { continue };
                if best.is_none_or(|(cost, _, _)| to + last < cost) {
                    best = Some((to + last, t, c));
                }
            }
        }
        let Some((_, mut t, mut c)) = best else { return false };
        self.owner[c] = Some(t);
        while let Some((taker, taken)) = paths.from[t] {
            (t, c) = (taker, taken);
            self.owner[c] = Some(t);
        }
        self.held[t] += 1;
        true
    }

    /// Shortest paths from treated units with room (Bellman-Ford; costs of taking may be negative,
    /// cycles cannot be).
    fn paths(&self, cap: usize) -> Paths {
        let n = self.held.len();
        let takes = self.takes();
        let room = |t: usize| (self.held[t] < cap).then_some(0);
        let mut paths = Paths { cost: (0..n).map(room).collect(), from: vec![None; n] };
        for _ in 0..n {
            let mut settled = true;
            for t in 0..n {
                let Some(cost) = paths.cost[t] else { continue };
                for other in 0..n {
                    let Some((take, c)) = takes[t * n + other] else { continue };
                    if paths.cost[other].is_none_or(|old| cost + take < old) {
                        paths.cost[other] = Some(cost + take);
                        paths.from[other] = Some((t, c));
                        settled = false;
                    }
                }
            }
            if settled {
                break;
            }
        }
        paths
    }

    /// n x n: the cheapest control for the first treated unit to take from the second.
    fn takes(&self) -> Vec<Option<(Cost, usize)>> {
        let n = self.held.len();
        let mut takes: Vec<Option<(Cost, usize)>> = vec![None; n * n];
        for (c, owner) in self.owner.iter().enumerate() {
            let Some(owner) = *owner else { continue };
            let Some(saved) = self.cost(owner, c) else { continue };
            for t in (0..n).filter(|&t| t != owner) {
                let Some(cost) = self.cost(t, c) else { continue };
                let take = &mut takes[t * n + owner];
                if take.is_none_or(|(old, _)| cost - saved < old) {
                    *take = Some((cost - saved, c));
                }
            }
        }
        takes
    }

    /// Sorted by round and then treated unit; a treated unit's nearest control is its first.
    fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for treated in 0..self.held.len() {
            let ranked = self.distances.ranked(treated);
            let own = ranked.into_iter().filter(|&c| self.owner[c] == Some(treated));
            choices.extend(own.zip(1..).map(|(control, round)| Choice { treated, control, round }));
        }
        choices.sort_by_key(|choice| (choice.round, choice.treated));
        choices
    }
}
