//! Several profiles estimated together: eight assignments are solved at a time.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::assignments::Assignments;
use super::systems::{Counts, Systems};
use super::tables::{Leaf, Tables};
use super::{PermutationResult, PermutationResults, TIE};

/// The observed assignment against the others; nothing when it is not identified.
pub(super) fn compare(
    tables: &Tables,
    assignments: &Assignments,
    treated: &[usize],
) -> Option<PermutationResults> {
    let arch = Arch::new();
    let (profiles, outcomes) = (tables.profiles(), tables.outcomes());
    let mut alone = Walk::new(tables);
    let mut counts = Counts::new(profiles * outcomes);
    let nothing = vec![0.0; profiles * outcomes];
    alone.add(arch, treated);
    alone.systems.count(arch, &nothing, &mut counts);
    if counts.visited[0] == 0 {
        return None;
    }
    let observed = alone.systems.first();
    let bars: Vec<f64> = observed.iter().map(|own| own.abs() * (1.0 - TIE)).collect();
    let tallies: Vec<(u64, Vec<u64>)> = assignments
        .chunks()
        .into_par_iter()
        .map(|chunk| {
            let mut walk = Walk::new(tables);
            let mut counts = Counts::new(bars.len());
            assignments.visit(&chunk, |treated| {
                if walk.add(arch, treated) {
                    walk.systems.count(arch, &bars, &mut counts);
                }
            });
            walk.systems.count(arch, &bars, &mut counts);
            let extreme = counts.extreme.iter().map(|lanes| lanes.iter().sum()).collect();
            (counts.visited.iter().sum(), extreme)
        })
        .collect();
    // beside a sample the observed assignment is always counted: only then is the test valid
    let extra = u64::from(!assignments.enumerated());
    let visited: u64 = tallies.iter().map(|tally| tally.0).sum();
    let one = |at: usize| PermutationResult {
        estimate: observed[at],
        assignments: visited + extra,
        extreme: tallies.iter().map(|tally| tally.1[at]).sum::<u64>() + extra,
        extreme_t: None,
        interval: None,
        enumerated: assignments.enumerated(),
    };
    let of_profile = |l: usize| (0..outcomes).map(|k| one(k * profiles + l)).collect();
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
        systems.push(&leaf.gram, &leaf.beta, &leaf.raw)
    }
}
