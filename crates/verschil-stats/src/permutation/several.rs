//! Several profiles estimated together: eight assignments are solved at a time.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::assignments::Assignments;
use super::lanes::{LANES, Lane, bars};
use super::systems::{Systems, Tally};
use super::tables::{Leaf, Tables};
use super::{PermutationResult, PermutationResults};

/// The observed assignment against the others; nothing when it is not identified.
pub(super) fn compare(
    tables: &Tables,
    assignments: &Assignments,
    treated: &[usize],
) -> Option<PermutationResults> {
    let arch = Arch::new();
    let (profiles, width) = (tables.profiles(), tables.outcomes().div_ceil(LANES));
    let empty = || Tally::new(profiles * width);
    let mut alone = Walk::new(tables);
    let mut tally = empty();
    alone.add(arch, treated);
    alone.systems.count(arch, &vec![Lane::default(); profiles * width], &mut tally);
    if tally.visited == 0 {
        return None;
    }
    let observed = alone.systems.first();
    let bars = bars(observed);
    let tallies: Vec<Tally> = assignments
        .chunks()
        .into_par_iter()
        .map(|chunk| {
            let mut walk = Walk::new(tables);
            let mut tally = empty();
            assignments.visit(&chunk, |treated| {
                if walk.add(arch, treated) {
                    walk.systems.count(arch, &bars, &mut tally);
                }
            });
            walk.systems.count(arch, &bars, &mut tally);
            tally
        })
        .collect();
    // beside a sample the observed assignment is always counted: only then is the test valid
    let extra = u64::from(!assignments.enumerated());
    let visited: u64 = tallies.iter().map(|tally| tally.visited).sum();
    let one = |at: usize, lane: usize| PermutationResult {
        estimate: observed[at].0[lane],
        assignments: visited + extra,
        extreme: tallies.iter().map(|tally| tally.extreme[at][lane]).sum::<u64>() + extra,
        extreme_t: None,
        interval: None,
        enumerated: assignments.enumerated(),
    };
    let of_profile =
        |l: usize| (0..tables.outcomes()).map(|k| one(l * width + k / LANES, k % LANES)).collect();
    Some((0..profiles).map(of_profile).collect())
}

/// Assignments on their way into systems.
struct Walk<'a> {
    tables: &'a Tables,
    leaf: Leaf,
    systems: Systems,
}

impl<'a> Walk<'a> {
    fn new(tables: &'a Tables) -> Self {
        let systems = Systems::new(tables.profiles(), tables.outcomes());
        Self { tables, leaf: tables.empty_leaf(), systems }
    }

    /// Sums an assignment; true when there is no room for another.
    fn add(&mut self, arch: Arch, treated: &[usize]) -> bool {
        arch.dispatch(Add { walk: self, treated })
    }
}

struct Add<'a, 'b> {
    walk: &'a mut Walk<'b>,
    treated: &'a [usize],
}

impl WithSimd for Add<'_, '_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> bool {
        let Walk { tables, leaf, systems } = self.walk;
        tables.sum(self.treated, leaf);
        systems.push(&leaf.gram, &mut leaf.beta, &leaf.raw)
    }
}
