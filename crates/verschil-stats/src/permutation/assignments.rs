//! Which clusters might have been treated: all ways to choose them, or a seeded sample.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Most subsets that are drawn where not all can be visited: at p = 0.05 the Monte Carlo error
/// is then 0.0015.
const SAMPLE: usize = 19_999;

/// All k-subsets of the candidates, or a sample of them.
pub(crate) struct Assignments<'a> {
    candidates: &'a [usize],
    chosen: usize,
    /// Only those with as many of each set as observed.
    sets: Option<Sets>,
    sample: Option<(usize, u64)>,
}

/// Which candidates may take each other's place.
#[derive(Clone)]
struct Sets {
    /// For each candidate its set.
    of: Vec<usize>,
    /// For each set how many are chosen.
    quota: Vec<usize>,
    /// [position][set]: members from that position on.
    rest: Vec<Vec<usize>>,
}

impl Sets {
    /// Numbers sets from zero in order of their first member.
    fn new(candidates: &[usize], sets: &[usize], treated: &[usize]) -> Self {
        let mut names: Vec<usize> = Vec::new();
        let of: Vec<usize> = sets
            .iter()
            .map(|name| {
                names.iter().position(|n| n == name).unwrap_or_else(|| {
                    names.push(*name);
                    names.len() - 1
                })
            })
            .collect();
        let mut quota = vec![0; names.len()];
        let mut rest = vec![vec![0; names.len()]; candidates.len() + 1];
        for i in (0..candidates.len()).rev() {
            quota[of[i]] += usize::from(treated.contains(&candidates[i]));
            rest[i] = rest[i + 1].clone();
            rest[i][of[i]] += 1;
        }
        Self { of, quota, rest }
    }

    fn all(&self) -> Option<usize> {
        let ways = self.rest[0].iter().zip(&self.quota);
        ways.map(|(n, k)| binomial(*n, *k)).try_fold(1usize, |all, ways| all.checked_mul(ways?))
    }

    /// Whether the candidates from a position on can still fill what is left to choose.
    fn can_fill(&self, from: usize, left: &[usize]) -> bool {
        self.rest[from].iter().zip(left).all(|(there, left)| there >= left)
    }

    /// What is left to choose after these positions; nothing when they are too many of a set.
    fn left_after(&self, lead: &[usize]) -> Option<Vec<usize>> {
        let mut left = self.quota.clone();
        for &i in lead {
            left[self.of[i]] = left[self.of[i]].checked_sub(1)?;
        }
        Some(left)
    }
}

/// A share of the work, the same whatever the number of threads.
pub(crate) enum Chunk {
    /// Subsets whose first two members are these positions (one, when a single one is chosen).
    Leading(Vec<usize>),
    /// Sampled subsets by number.
    Sampled(std::ops::Range<usize>),
}

impl<'a> Assignments<'a> {
    pub(crate) fn new(candidates: &'a [usize], chosen: usize, budget: usize, seed: u64) -> Self {
        let all = binomial(candidates.len(), chosen);
        let sample = all.is_none_or(|all| all > budget).then_some((budget.min(SAMPLE), seed));
        Self { candidates, chosen, sets: None, sample }
    }

    /// Those in which each set holds as many treated as observed; `sets` has one per candidate.
    pub(crate) fn within(
        candidates: &'a [usize],
        sets: &[usize],
        treated: &[usize],
        budget: usize,
        seed: u64,
    ) -> Self {
        let sets = Sets::new(candidates, sets, treated);
        let sample =
            sets.all().is_none_or(|all| all > budget).then_some((budget.min(SAMPLE), seed));
        Self { candidates, chosen: treated.len(), sets: Some(sets), sample }
    }

    /// How many there are, where that fits.
    pub(crate) fn all(&self) -> Option<usize> {
        match &self.sets {
            Some(sets) => sets.all(),
            None => binomial(self.candidates.len(), self.chosen),
        }
    }

    pub(crate) fn enumerated(&self) -> bool {
        self.sample.is_none()
    }

    /// A sample of `draws` where all are visited and there are at least `from` of them.
    pub(crate) fn pilot(&self, draws: usize, from: usize) -> Option<Self> {
        let all = self.all()?;
        (self.enumerated() && all >= from).then(|| Self {
            sample: Some((draws.min(all), 0)),
            sets: self.sets.clone(),
            ..*self
        })
    }

    pub(crate) fn chunks(&self) -> Vec<Chunk> {
        let n = self.candidates.len();
        match self.sample {
            Some((draws, _)) => (0..draws)
                .step_by(1024)
                .map(|from| Chunk::Sampled(from..(from + 1024).min(draws)))
                .collect(),
            None if self.chosen == 1 => (0..n).map(|i| Chunk::Leading(vec![i])).collect(),
            None => (0..n)
                .flat_map(|i| (i + 1..n).map(move |j| Chunk::Leading(vec![i, j])))
                .filter(|chunk| match chunk {
                    Chunk::Leading(lead) => n - lead[1] > self.chosen - 2,
                    Chunk::Sampled(_) => true,
                })
                .collect(),
        }
    }

    /// Calls `see` with each assignment of a chunk, sorted by position among the candidates.
    pub(crate) fn visit(&self, chunk: &Chunk, mut see: impl FnMut(&[usize])) {
        match chunk {
            Chunk::Leading(lead) => {
                let mut chosen: Vec<usize> = lead.iter().map(|&i| self.candidates[i]).collect();
                let from = lead[lead.len() - 1] + 1;
                let Some(sets) = &self.sets else {
                    return self.extend(from, &mut chosen, &mut see);
                };
                // each candidate that the lead passes over must be dispensable too
                let passed = (0..lead.len()).all(|at| {
                    sets.left_after(&lead[..at]).is_some_and(|left| sets.can_fill(lead[at], &left))
                });
                if let Some(mut left) = sets.left_after(lead).filter(|_| passed) {
                    self.extend_within(sets, from, &mut left, &mut chosen, &mut see);
                }
            }
            Chunk::Sampled(range) => {
                for stream in range.clone() {
                    see(&self.sampled(stream));
                }
            }
        }
    }

    fn extend(&self, from: usize, chosen: &mut Vec<usize>, see: &mut impl FnMut(&[usize])) {
        if chosen.len() == self.chosen {
            see(chosen);
            return;
        }
        let needed = self.chosen - chosen.len();
        for i in from..=self.candidates.len() - needed {
            chosen.push(self.candidates[i]);
            self.extend(i + 1, chosen, see);
            chosen.pop();
        }
    }

    fn extend_within(
        &self,
        sets: &Sets,
        from: usize,
        left: &mut Vec<usize>,
        chosen: &mut Vec<usize>,
        see: &mut impl FnMut(&[usize]),
    ) {
        if chosen.len() == self.chosen {
            see(chosen);
            return;
        }
        for i in from..self.candidates.len() {
            if !sets.can_fill(i, left) {
                return;
            }
            let set = sets.of[i];
            if left[set] > 0 {
                left[set] -= 1;
                chosen.push(self.candidates[i]);
                self.extend_within(sets, i + 1, left, chosen, see);
                chosen.pop();
                left[set] += 1;
            }
        }
    }

    fn sampled(&self, stream: usize) -> Vec<usize> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.sample.map_or(0, |(_, seed)| seed));
        rng.set_stream(stream as u64);
        let mut draw = |mut pool: Vec<usize>, chosen: usize| {
            for i in 0..chosen {
                let left = u64::try_from(pool.len() - i).unwrap_or(u64::MAX);
                let pick = usize::try_from(below(&mut rng, left)).unwrap_or(0);
                pool.swap(i, i + pick);
            }
            pool.truncate(chosen);
            pool
        };
        let mut drawn = match &self.sets {
            None => draw(self.candidates.to_vec(), self.chosen),
            Some(sets) => {
                let members = |set: usize| {
                    let inside = self.candidates.iter().zip(&sets.of).filter(|(_, of)| **of == set);
                    inside.map(|(candidate, _)| *candidate).collect::<Vec<_>>()
                };
                let each = sets.quota.iter().enumerate();
                each.flat_map(|(set, &quota)| draw(members(set), quota)).collect()
            }
        };
        drawn.sort_unstable();
        drawn
    }
}

/// A uniform number below `n`, without modulo bias.
pub(crate) fn below(rng: &mut ChaCha8Rng, n: u64) -> u64 {
    let limit = u64::MAX - u64::MAX % n;
    loop {
        let bits = rng.next_u64();
        if bits < limit {
            return bits % n;
        }
    }
}

/// n over k, or nothing when it does not fit.
fn binomial(n: usize, k: usize) -> Option<usize> {
    (0..k.min(n - k)).try_fold(1usize, |value, i| Some(value.checked_mul(n - i)? / (i + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(candidates: &[usize], chosen: usize, budget: usize) -> Vec<Vec<usize>> {
        let assignments = Assignments::new(candidates, chosen, budget, 7);
        let mut seen = Vec::new();
        for chunk in assignments.chunks() {
            assignments.visit(&chunk, |s| seen.push(s.to_vec()));
        }
        seen
    }

    #[test]
    fn enumerates_every_subset_once() {
        for (n, k, expected) in [(5, 1, 5), (5, 2, 10), (7, 3, 35), (6, 5, 6), (6, 6, 1)] {
            let candidates: Vec<usize> = (10..10 + n).collect();
            let mut seen = all(&candidates, k, 1000);
            assert_eq!(seen.len(), expected, "{n} over {k}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), expected);
        }
        assert_eq!(binomial(26, 6), Some(230_230));
    }

    #[test]
    fn within_sets_each_set_keeps_its_number() {
        let candidates: Vec<usize> = (10..19).collect();
        let sets = [7, 3, 7, 3, 5, 7, 3, 5, 9];
        for treated in [vec![10, 13, 16], vec![11, 14], vec![18], vec![10, 11, 12, 14, 18]] {
            let assignments = Assignments::within(&candidates, &sets, &treated, 1000, 7);
            let mut seen = Vec::new();
            for chunk in assignments.chunks() {
                assignments.visit(&chunk, |s| seen.push(s.to_vec()));
            }
            let per_set = |chosen: &[usize]| -> Vec<usize> {
                let of = |set: &usize| chosen.iter().filter(|c| sets[**c - 10] == *set).count();
                [7, 3, 5, 9].iter().map(of).collect()
            };
            let mut expected: Vec<Vec<usize>> = (0u32..1 << 9)
                .map(|bits| (10..19).filter(|c| bits >> (c - 10) & 1 == 1).collect())
                .filter(|chosen: &Vec<usize>| per_set(chosen) == per_set(&treated))
                .collect();
            assert_eq!(assignments.all(), Some(expected.len()));
            seen.sort();
            expected.sort();
            assert_eq!(seen, expected, "{treated:?}");
        }
        let drawn = Assignments::within(&candidates, &sets, &[10, 13, 16], 5, 7);
        for chunk in drawn.chunks() {
            drawn.visit(&chunk, |s| assert!(s.len() == 3 && s.windows(2).all(|w| w[0] < w[1])));
        }
        assert!(!drawn.enumerated());
    }

    #[test]
    fn samples_when_there_are_too_many() {
        let candidates: Vec<usize> = (0..20).collect();
        let seen = all(&candidates, 6, 500);
        assert_eq!(seen.len(), 500);
        assert!(seen.iter().all(|s| s.len() == 6 && s.windows(2).all(|w| w[0] < w[1])));
        assert_eq!(seen, all(&candidates, 6, 500));
    }
}
