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
    sample: Option<(usize, u64)>,
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
        Self { candidates, chosen, sample }
    }

    pub(crate) fn enumerated(&self) -> bool {
        self.sample.is_none()
    }

    /// A sample of `draws` where all are visited and there are at least `from` of them.
    pub(crate) fn pilot(&self, draws: usize, from: usize) -> Option<Self> {
        let all = binomial(self.candidates.len(), self.chosen)?;
        (self.enumerated() && all >= from)
            .then(|| Self { sample: Some((draws.min(all), 0)), ..*self })
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
                self.extend(lead[lead.len() - 1] + 1, &mut chosen, &mut see);
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

    fn sampled(&self, stream: usize) -> Vec<usize> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.sample.map_or(0, |(_, seed)| seed));
        rng.set_stream(stream as u64);
        let mut pool = self.candidates.to_vec();
        for i in 0..self.chosen {
            let left = u64::try_from(pool.len() - i).unwrap_or(u64::MAX);
            let pick = usize::try_from(below(&mut rng, left)).unwrap_or(0);
            pool.swap(i, i + pick);
        }
        pool.truncate(self.chosen);
        pool.sort_unstable();
        pool
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
    fn samples_when_there_are_too_many() {
        let candidates: Vec<usize> = (0..20).collect();
        let seen = all(&candidates, 6, 500);
        assert_eq!(seen.len(), 500);
        assert!(seen.iter().all(|s| s.len() == 6 && s.windows(2).all(|w| w[0] < w[1])));
        assert_eq!(seen, all(&candidates, 6, 500));
    }
}
