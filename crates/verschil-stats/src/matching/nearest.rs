//! Nearest neighbours in rounds.

use super::distance::Distances;
use super::{Choice, Controls, MatchOptions, Order, wanted};

/// The candidates of one treated unit, with a finger at the first that may still be free.
struct Queue {
    ranked: Vec<usize>,
    at: usize,
}

impl Queue {
    fn best(&mut self, used: &[bool]) -> Option<usize> {
        while self.ranked.get(self.at).is_some_and(|&c| used[c]) {
            self.at += 1;
        }
        self.ranked.get(self.at).copied()
    }
}

/// In each round every treated unit takes one control. A round that cannot serve all for lack of
/// controls still to be chosen serves the nearest pairs. Ends early when nothing is left to take.
pub fn assign(distances: &Distances, options: &MatchOptions) -> Vec<Choice> {
    let treated = distances.treated.len();
    let limit = wanted(options.controls, treated);
    let rounds = match options.controls {
        Controls::PerTreated(each) => each,
        Controls::Total(total) => total,
    };
    let mut queues: Vec<Queue> =
        (0..treated).map(|t| Queue { ranked: distances.ranked(t), at: 0 }).collect();
    let mut used = vec![false; distances.pool.len()];
    let mut choices: Vec<Choice> = Vec::new();
    for round in 1..=rounds {
        let mut waiting: Vec<usize> = (0..treated).collect();
        waiting.retain(|&t| queues[t].best(&used).is_some());
        if waiting.is_empty() || choices.len() == limit {
            break;
        }
        let last = limit - choices.len() < waiting.len();
        let order = if last { Order::Closest } else { options.order };
        while choices.len() < limit {
            waiting.retain(|&t| queues[t].best(&used).is_some());
            let Some(at) = next(distances, &mut queues, &waiting, &used, order) else { break };
            let t = waiting.remove(at);
            let Some(control) = queues[t].best(&used) else { break };
            if options.replacement {
                queues[t].at += 1;
            } else {
                used[control] = true;
            }
            choices.push(Choice { treated: t, control, round });
        }
    }
    choices
}

/// Who of those waiting chooses now; of equal ones the first in the list.
fn next(
    distances: &Distances,
    queues: &mut [Queue],
    waiting: &[usize],
    used: &[bool],
    order: Order,
) -> Option<usize> {
    let step = |at: &usize, queues: &mut [Queue]| {
        let t = waiting[*at];
        queues[t].best(used).map(|c| (distances.cell(t, c).step, c))
    };
    match order {
        Order::Given => (!waiting.is_empty()).then_some(0),
        Order::Closest => (0..waiting.len()).min_by_key(|at| step(at, queues)),
        Order::Farthest => {
            (0..waiting.len()).rev().max_by_key(|at| step(at, queues).map(|(step, _)| step))
        }
    }
}
