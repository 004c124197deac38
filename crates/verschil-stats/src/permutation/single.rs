//! One profile: coefficient, t and interval of every outcome in one walk.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::assignments::Assignments;
use super::lanes::{Counts, LANES, Lane, bars};
use super::scores::{Scores, Statistics};
use super::tables::{Crossing, Leaf, Tables};
use super::tails::{Tails, needed};
use super::{PermutationResult, PermutationResults};

/// Draws from which it is guessed where the tails begin.
const PILOT: usize = 2048;
/// With fewer assignments than this all are kept.
const WITHOUT_PILOT: usize = 1 << 15;

/// The observed assignment against the others; nothing when it is not identified.
pub(super) fn compare(
    tables: &Tables,
    scores: &Scores,
    assignments: &Assignments,
    treated: &[usize],
    level: f64,
) -> Option<PermutationResults> {
    let mut leaf = tables.empty_leaf();
    let mut observed = scores.empty_statistics();
    tables.sum(treated, &mut leaf);
    if !scores.fill(*treated.last()?, &leaf, &mut observed) {
        return None;
    }
    let crossing = tables.crossing(treated);
    let contest = Contest { observed, treated, crossing, tables, scores, arch: Arch::new() };
    let alpha = 1.0 - level;
    let outcomes = tables.outcomes();
    let mut tails = Tails::all(outcomes);
    if let Some(pilot) = assignments.pilot(PILOT, WITHOUT_PILOT) {
        tails = contest.run(&pilot, &tails).tails.beginning(alpha);
    }
    let mut tally = contest.run(assignments, &tails);
    // beside a sample the observed assignment is always counted: only then is the test valid
    let extra = u64::from(!assignments.enumerated());
    let (all, own) = (tally.visited + extra, tally.observed + extra);
    let needed = needed(all, own, alpha).filter(|&needed| needed <= all - own);
    if needed.is_some_and(|needed| !tally.tails.hold(needed)) {
        tally = contest.run(assignments, &Tails::all(outcomes));
    }
    let Tally { tails, extreme, extreme_t, .. } = tally;
    let one = |(k, ends): (usize, (f64, f64))| PermutationResult {
        estimate: contest.observed.beta[k / LANES].0[k % LANES],
        assignments: all,
        extreme: extreme[k / LANES][k % LANES] + extra,
        extreme_t: Some(extreme_t[k / LANES][k % LANES] + extra),
        interval: Some(ends),
        enumerated: assignments.enumerated(),
    };
    Some(vec![tails.ends(needed).into_iter().enumerate().map(one).collect()])
}

/// The observed assignment with what the others are held against.
struct Contest<'a> {
    observed: Statistics,
    treated: &'a [usize],
    crossing: Crossing,
    tables: &'a Tables,
    scores: &'a Scores,
    arch: Arch,
}

/// Counts and tails so far.
struct Tally {
    visited: u64,
    /// How often the observed assignment came by; a sample may draw it more than once.
    observed: u64,
    extreme: Vec<Counts>,
    extreme_t: Vec<Counts>,
    tails: Tails,
}

impl Tally {
    fn merge(mut self, other: Self) -> Self {
        self.visited += other.visited;
        self.observed += other.observed;
        let pairs = [(&mut self.extreme, other.extreme), (&mut self.extreme_t, other.extreme_t)];
        for (mine, theirs) in pairs {
            for (mine, theirs) in mine.iter_mut().flatten().zip(theirs.into_iter().flatten()) {
                *mine += theirs;
            }
        }
        self.tails.append(other.tails);
        self
    }
}

impl Contest<'_> {
    /// Visits assignments, and keeps those that lie in `tails`.
    fn run(&self, assignments: &Assignments, tails: &Tails) -> Tally {
        let (beta, t) = (bars(&self.observed.beta), bars(&self.observed.t));
        let empty = || Tally {
            visited: 0,
            observed: 0,
            extreme: vec![[0; LANES]; beta.len()],
            extreme_t: vec![[0; LANES]; t.len()],
            tails: tails.emptied(),
        };
        let tallies: Vec<Tally> = assignments
            .chunks()
            .into_par_iter()
            .map(|chunk| {
                let mut tally = empty();
                let mut leaf = self.tables.empty_leaf();
                let mut found = self.scores.empty_statistics();
                assignments.visit(&chunk, |treated| {
                    let (leaf, found, tally) = (&mut leaf, &mut found, &mut tally);
                    let visit =
                        Visit { contest: self, treated, leaf, found, tally, bars: [&beta, &t] };
                    self.arch.dispatch(visit);
                });
                tally
            })
            .collect();
        tallies.into_iter().fold(empty(), Tally::merge)
    }
}

/// One assignment.
struct Visit<'a> {
    contest: &'a Contest<'a>,
    treated: &'a [usize],
    leaf: &'a mut Leaf,
    found: &'a mut Statistics,
    tally: &'a mut Tally,
    bars: [&'a [Lane]; 2],
}

impl WithSimd for Visit<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { contest, treated, leaf, found, tally, bars } = self;
        let Some(&last) = treated.last() else { return };
        contest.tables.sum(treated, leaf);
        if !contest.scores.fill(last, leaf, found) {
            return;
        }
        tally.visited += 1;
        count_extreme(&found.beta, bars[0], &mut tally.extreme);
        count_extreme(&found.t, bars[1], &mut tally.extreme_t);
        if treated == contest.treated {
            tally.observed += 1;
        } else {
            let kappa = contest.crossing.kappa(treated, leaf);
            tally.tails.add(&contest.observed.beta, &found.beta, kappa);
        }
    }
}

#[inline(always)]
fn count_extreme(values: &[Lane], bars: &[Lane], counts: &mut [Counts]) {
    for ((values, bars), counts) in values.iter().zip(bars).zip(counts) {
        values.count_extreme(*bars, counts);
    }
}
