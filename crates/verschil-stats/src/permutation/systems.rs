//! Eight small systems of equations at a time: those of eight assignments, one per lane.

use pulp::{Arch, Simd, WithSimd};

use super::EXPLAINED;
use super::lanes::{LANES, Lane, Weights};

/// Normal equations of up to eight assignments for J profiles and K outcomes.
pub(super) struct Systems {
    profiles: usize,
    filled: usize,
    /// J(J+1)/2: upper triangle by rows; after solving, of the Cholesky factor with the
    /// reciprocals of its diagonal.
    gram: Vec<Lane>,
    /// K x J: right-hand sides; after solving, coefficients.
    beta: Vec<Lane>,
    /// J: squares of the profiles before residualising.
    raw: Vec<Lane>,
    /// 1 where an assignment stands whose profiles are not explained by the rest.
    sound: Weights,
}

/// Counts over assignments, K x J and one per lane.
pub(super) struct Counts {
    pub(super) visited: Weights,
    pub(super) extreme: Vec<Weights>,
}

impl Counts {
    pub(super) fn new(coefficients: usize) -> Self {
        Self { visited: [0; LANES], extreme: vec![[0; LANES]; coefficients] }
    }
}

impl Systems {
    pub(super) fn new(profiles: usize, outcomes: usize) -> Self {
        Self {
            profiles,
            filled: 0,
            gram: vec![Lane::default(); profiles * (profiles + 1) / 2],
            beta: vec![Lane::default(); profiles * outcomes],
            raw: vec![Lane::default(); profiles],
            sound: [0; LANES],
        }
    }

    /// Adds a system; true when there is no room for another.
    #[inline(always)]
    pub(super) fn push(&mut self, gram: &[f64], beta: &[f64], raw: &[f64]) -> bool {
        let lane = self.filled;
        for (to, from) in [(&mut self.gram, gram), (&mut self.beta, beta), (&mut self.raw, raw)] {
            for (to, from) in to.iter_mut().zip(from) {
                to.0[lane] = *from;
            }
        }
        self.sound[lane] = 1;
        self.filled += 1;
        self.filled == LANES
    }

    /// Solves the systems and counts the coefficients at least as large as `bars` (K x J), then
    /// forgets them; the coefficients stay until the next is added.
    pub(super) fn count(&mut self, arch: Arch, bars: &[f64], counts: &mut Counts) {
        arch.dispatch(Solve { systems: self, bars, counts });
        self.filled = 0;
        self.sound = [0; LANES];
    }

    /// Coefficients of the first system, K x J.
    pub(super) fn first(&self) -> Vec<f64> {
        self.beta.iter().map(|lane| lane.0[0]).collect()
    }

    /// Cholesky U'U by whole rows; a system in which next to nothing of a profile's square is
    /// left after those before it is not sound.
    #[inline(always)]
    fn factor(&mut self) {
        let n = self.profiles;
        let mut rest = self.gram.as_mut_slice();
        for (j, raw) in self.raw.iter().enumerate() {
            let (row, below) = rest.split_at_mut(n - j);
            for lane in 0..LANES {
                let own = row[0].0[lane];
                self.sound[lane] &= u64::from(own > EXPLAINED * raw.0[lane]);
                row[0].0[lane] = 1.0 / own.sqrt();
            }
            let reciprocal = row[0];
            row[1..].iter_mut().for_each(|u| *u = u.times(reciprocal));
            let mut later = &mut *below;
            for i in 1..row.len() {
                let (line, after) = later.split_at_mut(row.len() - i);
                let factor = row[i];
                for (x, u) in line.iter_mut().zip(&row[i..]) {
                    *x = x.minus_product(factor, *u);
                }
                later = after;
            }
            rest = below;
        }
    }
}

struct Solve<'a> {
    systems: &'a mut Systems,
    bars: &'a [f64],
    counts: &'a mut Counts,
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { systems, bars, counts } = self;
        systems.factor();
        let (n, sound) = (systems.profiles, systems.sound);
        for (visited, sound) in counts.visited.iter_mut().zip(sound) {
            *visited += sound;
        }
        let outcomes = systems.beta.chunks_exact_mut(n);
        let counts = counts.extreme.chunks_exact_mut(n);
        for ((beta, bars), counts) in outcomes.zip(bars.chunks_exact(n)).zip(counts) {
            substitute(&systems.gram, beta);
            for ((beta, bar), counts) in beta.iter().zip(bars).zip(counts) {
                beta.count_extreme(Lane::all(*bar), &sound, counts);
            }
        }
    }
}

/// Solves U'U x = b in place, `factor` being U by rows with the reciprocals of its diagonal.
#[inline(always)]
fn substitute(factor: &[Lane], x: &mut [Lane]) {
    let n = x.len();
    let mut start = 0;
    for j in 0..n {
        let row = &factor[start..start + n - j];
        start += n - j;
        let own = x[j].times(row[0]);
        x[j] = own;
        for (x, u) in x[j + 1..].iter_mut().zip(&row[1..]) {
            *x = x.minus_product(own, *u);
        }
    }
    for j in (0..n).rev() {
        start -= n - j;
        let row = &factor[start..start + n - j];
        let mut own = x[j];
        for (x, u) in x[j + 1..].iter().zip(&row[1..]) {
            own = own.minus_product(*x, *u);
        }
        x[j] = own.times(row[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns (1, 0, 2) and (0, 1, a), right-hand sides of b = (1, 2), and no fourth column.
    fn system(a: f64) -> ([f64; 3], [f64; 2]) {
        let gram = [5.0, 2.0 * a, 1.0 + a * a];
        (gram, [gram[0] + 2.0 * gram[1], gram[1] + 2.0 * gram[2]])
    }

    #[test]
    fn systems_are_solved_and_unsound_ones_left_out() {
        let arch = Arch::new();
        let mut systems = Systems::new(2, 1);
        let mut counts = Counts::new(2);
        for a in [0.5, 1.0, 3.0] {
            let (gram, beta) = system(a);
            assert!(!systems.push(&gram, &beta, &[gram[0], gram[2]]));
        }
        // twice the same column
        systems.push(&[4.0, 4.0, 4.0], &[1.0, 1.0], &[4.0, 4.0]);
        systems.count(arch, &[0.5, 2.5], &mut counts);
        let beta = systems.first();
        assert!((beta[0] - 1.0).abs() < 1e-14 && (beta[1] - 2.0).abs() < 1e-14);
        assert_eq!(counts.visited.iter().sum::<u64>(), 3);
        let extreme: Vec<u64> = counts.extreme.iter().map(|lanes| lanes.iter().sum()).collect();
        assert_eq!(extreme, [3, 0]);
    }

    #[test]
    fn eight_fill_it_and_counting_empties_it() {
        let mut systems = Systems::new(2, 1);
        let mut counts = Counts::new(2);
        let (gram, beta) = system(2.0);
        for round in 1..=2 {
            for at in 1..=LANES {
                assert_eq!(systems.push(&gram, &beta, &[gram[0], gram[2]]), at == LANES);
            }
            systems.count(Arch::new(), &[0.0, 0.0], &mut counts);
            systems.count(Arch::new(), &[0.0, 0.0], &mut counts);
            assert_eq!(counts.visited, [round; LANES]);
        }
    }
}
