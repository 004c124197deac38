//! Eight small systems of equations at a time: those of eight assignments, factored side by side;
//! then each is solved with its outcomes side by side.

use pulp::{Arch, Simd, WithSimd};

use super::EXPLAINED;
use super::lanes::{Counts, LANES, Lane, block, blocks};

/// Normal equations of up to eight assignments for J profiles and K outcomes, which fill W lanes.
pub(super) struct Systems {
    profiles: usize,
    filled: usize,
    /// J(J+1)/2, an assignment per lane: upper triangle by rows; after solving, of the Cholesky
    /// factor with the reciprocals of its diagonal.
    gram: Vec<Lane>,
    /// For each assignment J x W: right-hand sides; after solving, coefficients.
    beta: [Vec<Lane>; LANES],
    /// J, an assignment per lane: squares of the profiles before residualising.
    raw: Vec<Lane>,
    /// Where an assignment stands whose profiles are not explained by the rest.
    sound: [bool; LANES],
}

/// Counts over assignments.
pub(super) struct Tally {
    pub(super) visited: u64,
    /// J x W.
    pub(super) extreme: Vec<Counts>,
}

impl Tally {
    pub(super) fn new(width: usize) -> Self {
        Self { visited: 0, extreme: vec![[0; LANES]; width] }
    }
}

impl Systems {
    pub(super) fn new(profiles: usize, outcomes: usize) -> Self {
        let beta = vec![Lane::default(); profiles * outcomes.div_ceil(LANES)];
        Self {
            profiles,
            filled: 0,
            gram: vec![Lane::default(); profiles * (profiles + 1) / 2],
            beta: std::array::from_fn(|_| beta.clone()),
            raw: vec![Lane::default(); profiles],
            sound: [false; LANES],
        }
    }

    /// Adds a system, whose right-hand sides change places with those of an old one; true when
    /// there is no room for another.
    #[inline(always)]
    pub(super) fn push(&mut self, gram: &[f64], beta: &mut Vec<Lane>, raw: &[f64]) -> bool {
        let lane = self.filled;
        for (to, from) in [(&mut self.gram, gram), (&mut self.raw, raw)] {
            for (to, from) in to.iter_mut().zip(from) {
                to.0[lane] = *from;
            }
        }
        std::mem::swap(&mut self.beta[lane], beta);
        self.sound[lane] = true;
        self.filled += 1;
        self.filled == LANES
    }

    /// Solves the systems and counts the coefficients at least as large as `bars` (J x W), then
    /// forgets them; the coefficients stay until the next is added.
    pub(super) fn count(&mut self, arch: Arch, bars: &[Lane], tally: &mut Tally) {
        arch.dispatch(Solve { systems: self, bars, tally });
        self.filled = 0;
        self.sound = [false; LANES];
    }

    /// Coefficients of the first system, J x W.
    pub(super) fn first(&self) -> &[Lane] {
        &self.beta[0]
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
                self.sound[lane] &= own > EXPLAINED * raw.0[lane];
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
    bars: &'a [Lane],
    tally: &'a mut Tally,
}

impl WithSimd for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { systems, bars, tally } = self;
        systems.factor();
        let width = systems.beta[0].len() / systems.profiles;
        for lane in (0..LANES).filter(|&lane| systems.sound[lane]) {
            tally.visited += 1;
            let factor = Factor { lanes: &systems.gram, lane, size: systems.profiles };
            let mut target = Target { width, x: &mut systems.beta[lane], bars, tally };
            for (from, lanes) in blocks(width) {
                match lanes {
                    1 => factor.solve::<1>(from, &mut target),
                    2 => factor.solve::<2>(from, &mut target),
                    _ => factor.solve::<3>(from, &mut target),
                }
            }
        }
    }
}

/// What one assignment's systems are solved into; `x` and `bars` are J x W.
struct Target<'a> {
    width: usize,
    x: &'a mut [Lane],
    bars: &'a [Lane],
    tally: &'a mut Tally,
}

/// U of one assignment, by rows with the reciprocals of its diagonal.
struct Factor<'a> {
    lanes: &'a [Lane],
    lane: usize,
    size: usize,
}

impl Factor<'_> {
    #[inline(always)]
    fn at(&self, entry: usize) -> Lane {
        Lane::all(self.lanes[entry].0[self.lane])
    }

    /// Solves U'U x = b in place for the N lanes of outcomes from `from` on, and counts.
    #[inline(always)]
    fn solve<const N: usize>(&self, from: usize, target: &mut Target) {
        let (width, lanes) = (target.width, from..from + N);
        let mut diagonal = 0;
        for j in 0..self.size {
            let (before, row) = target.x.split_at_mut(j * width);
            let mut own = block::<N>(row, from);
            let mut entry = j;
            for (i, row) in before.chunks_exact(width).enumerate() {
                subtract(&mut own, self.at(entry), &row[lanes.clone()]);
                entry += self.size - 1 - i;
            }
            scale(&mut own, self.at(entry));
            row[lanes.clone()].copy_from_slice(&own);
            diagonal = entry;
        }
        for j in (0..self.size).rev() {
            let (row, after) = target.x[j * width..].split_at_mut(width);
            let mut own = block::<N>(row, from);
            for (i, row) in after.chunks_exact(width).enumerate() {
                subtract(&mut own, self.at(diagonal + 1 + i), &row[lanes.clone()]);
            }
            scale(&mut own, self.at(diagonal));
            row[lanes.clone()].copy_from_slice(&own);
            let bars = &target.bars[j * width..][lanes.clone()];
            let counts = &mut target.tally.extreme[j * width..][lanes.clone()];
            for ((own, bar), counts) in own.iter().zip(bars).zip(counts) {
                own.count_extreme(*bar, counts);
            }
            diagonal = diagonal.saturating_sub(self.size + 1 - j);
        }
    }
}

/// `own` times `by`.
#[inline(always)]
fn scale<const N: usize>(own: &mut [Lane; N], by: Lane) {
    for own in own {
        *own = own.times(by);
    }
}

/// `own` minus `by` times `x`.
#[inline(always)]
fn subtract<const N: usize>(own: &mut [Lane; N], by: Lane, x: &[Lane]) {
    for (own, x) in own.iter_mut().zip(x) {
        *own = own.minus_product(by, *x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five lanes: a block of three and one of two.
    const OUTCOMES: usize = 35;
    const WIDTH: usize = 5;

    #[allow(clippy::cast_precision_loss)]
    fn coefficients(outcome: usize) -> [f64; 2] {
        [1.0 + outcome as f64, 2.0 - outcome as f64]
    }

    /// Adds the system of columns (1, 0, 2) and (0, 1, a).
    fn push(systems: &mut Systems, a: f64) -> bool {
        let gram = [5.0, 2.0 * a, 1.0 + a * a];
        let mut beta = vec![Lane::default(); 2 * WIDTH];
        for k in 0..OUTCOMES {
            let [b, c] = coefficients(k);
            beta[k / LANES].0[k % LANES] = gram[0] * b + gram[1] * c;
            beta[WIDTH + k / LANES].0[k % LANES] = gram[1] * b + gram[2] * c;
        }
        systems.push(&gram, &mut beta, &[gram[0], gram[2]])
    }

    #[test]
    fn systems_are_solved_and_unsound_ones_left_out() {
        let mut systems = Systems::new(2, OUTCOMES);
        let mut tally = Tally::new(2 * WIDTH);
        for a in [0.5, 1.0, 3.0] {
            assert!(!push(&mut systems, a));
        }
        // twice the same column
        systems.push(&[4.0, 4.0, 4.0], &mut vec![Lane::all(1.0); 2 * WIDTH], &[4.0, 4.0]);
        systems.count(Arch::new(), &[Lane::all(10.5); 2 * WIDTH], &mut tally);
        assert_eq!(tally.visited, 3);
        for (l, k) in (0..2).flat_map(|l| (0..OUTCOMES).map(move |k| (l, k))) {
            let (at, lane) = (l * WIDTH + k / LANES, k % LANES);
            let expected = coefficients(k)[l];
            assert!((systems.first()[at].0[lane] - expected).abs() < 1e-12);
            assert_eq!(tally.extreme[at][lane], if expected.abs() > 10.5 { 3 } else { 0 });
        }
    }

    #[test]
    fn eight_fill_it_and_counting_empties_it() {
        let mut systems = Systems::new(2, OUTCOMES);
        let mut tally = Tally::new(2 * WIDTH);
        let nothing = [Lane::default(); 2 * WIDTH];
        for round in 1..=2 {
            for at in 1..=LANES {
                assert_eq!(push(&mut systems, 2.0), at == LANES);
            }
            systems.count(Arch::new(), &nothing, &mut tally);
            systems.count(Arch::new(), &nothing, &mut tally);
            assert_eq!(tally.visited, 8 * round);
        }
    }
}
