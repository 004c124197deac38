//! Numerator and squared denominator of t* for a chunk of draws at once.

use pulp::{Arch, Simd, WithSimd};

use super::algebra::Algebra;
use super::draws::{BLOCKS, CHUNK, DrawSet, Lanes, WIDTH, WITHIN, sign};

/// Clusters whose signs number the draws of a block.
const INNER: usize = WIDTH.trailing_zeros() as usize;

/// So many draws under the hypothesis b - x se: numerator n0 + x n1, squared denominator
/// q0 + 2 x q1 + x^2 q2. A lane that holds no draw has an endless q0, so that it is never extreme.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) n: [Lanes; 2],
    pub(crate) q: [Lanes; 3],
    /// Bit i: draw i ties with the observed statistic at every r.
    pub(crate) ties: u16,
}

/// Makes the forms of any chunk of a set of draws.
pub(crate) struct Forms<'a> {
    algebra: &'a Algebra,
    draws: &'a DrawSet,
    /// For an enumeration: base, and slope where there is one.
    tables: Vec<Tables>,
}

/// Sums of signed columns: any sign vector is the sum of one entry of `inner`, one of `middle` and
/// the other columns. So an entry costs three additions per row, and none depends on another as
/// the steps of a Gray code do.
struct Tables {
    /// Rows: the first columns, for all their signs.
    inner: Vec<Lanes>,
    /// [`BLOCKS`] x rows: the next columns, for all their signs.
    middle: Vec<f64>,
}

impl Tables {
    fn new(matrix: &[f64], columns: usize) -> Self {
        let signed = |row: &[f64], bits: usize, from: usize, to: usize| -> f64 {
            (from..to.min(columns)).map(|g| sign(bits, g - from) * row[g]).sum()
        };
        let rows = || matrix.chunks_exact(columns);
        let lanes = |row| std::array::from_fn(|lane| signed(row, lane, 0, INNER));
        Self {
            inner: rows().map(lanes).collect(),
            middle: (0..BLOCKS)
                .flat_map(|bits| rows().map(move |row| signed(row, bits, INNER, WITHIN)))
                .collect(),
        }
    }
}

impl<'a> Forms<'a> {
    pub(crate) fn new(algebra: &'a Algebra, draws: &'a DrawSet) -> Self {
        let matrices = [Some(&algebra.base), algebra.slope.as_ref()];
        let tables = matrices.into_iter().flatten().filter(|_| draws.enumerated());
        let tables = tables.map(|matrix| Tables::new(matrix, algebra.columns)).collect();
        Self { algebra, draws, tables }
    }

    pub(crate) fn chunks(&self) -> usize {
        self.draws.chunks()
    }

    /// The forms of a chunk's draws.
    pub(crate) fn chunk(&self, at: usize) -> Vec<Block> {
        Arch::new().dispatch(Chunk { forms: self, at })
    }

    #[inline(always)]
    fn sampled(&self, at: usize) -> Vec<Block> {
        let Algebra { columns, base, slope, .. } = self.algebra;
        let draws = self.draws.chunk(at);
        let blocks = draws.chunks_exact(self.draws.clusters()).enumerate();
        let form = |(block, v): (usize, &[Lanes])| {
            let mut sums = Sums::default();
            match slope {
                Some(slope) => {
                    for (m, d) in base.chunks_exact(*columns).zip(slope.chunks_exact(*columns)) {
                        sums.push(&weighted(m, v), &weighted(d, v));
                    }
                }
                None => base
                    .chunks_exact(*columns)
                    .for_each(|m| sums.push(&weighted(m, v), &[0.0; WIDTH])),
            }
            sums.finish(self.draws.lanes(at, block), self.sampled_ties(v))
        };
        blocks.map(form).collect()
    }

    #[inline(always)]
    fn enumerated(&self, at: usize) -> Vec<Block> {
        let algebra = self.algebra;
        let (rows, columns) = (algebra.rows, algebra.columns);
        // the last cluster keeps its sign: with all turned round |t| is the same
        let outer = |matrix: &[f64]| -> Vec<f64> {
            let signed =
                |row: &[f64]| (WITHIN..columns).map(|g| sign(at, g - WITHIN) * row[g]).sum();
            matrix.chunks_exact(columns).map(signed).collect()
        };
        let base = outer(&algebra.base);
        let slope = algebra.slope.as_ref().map(|slope| outer(slope));
        let mut blocks = Vec::with_capacity(BLOCKS);
        for block in 0..BLOCKS {
            let mut sums = Sums::default();
            for row in 0..rows {
                let z = moved(&self.tables[0], block * rows, row, base[row]);
                match &slope {
                    Some(slope) => {
                        let d = moved(&self.tables[1], block * rows, row, slope[row]);
                        sums.push(&z, &d);
                    }
                    None => sums.push(&z, &[0.0; WIDTH]),
                }
            }
            let first = at * CHUNK + block * WIDTH;
            blocks.push(sums.finish(WIDTH, self.enumerated_ties(first)));
        }
        blocks
    }

    #[inline(always)]
    fn sampled_ties(&self, v: &[Lanes]) -> u16 {
        let Some([first, others @ ..]) = self.algebra.carrying.as_deref() else { return 0 };
        let mut apart = [0.0; WIDTH];
        for &other in others {
            for (i, apart) in apart.iter_mut().enumerate() {
                *apart += (v[other][i] - v[*first][i]).abs();
            }
        }
        apart.iter().enumerate().fold(0, |ties, (i, &apart)| ties | u16::from(apart == 0.0) << i)
    }

    fn enumerated_ties(&self, first: usize) -> u16 {
        let Some(carrying) = &self.algebra.carrying else { return 0 };
        let mask = carrying.iter().fold(0usize, |mask, g| mask | 1 << g);
        let tie = |bits: usize| bits & mask == 0 || bits & mask == mask;
        (0..WIDTH).fold(0, |ties, lane| ties | u16::from(tie(first + lane)) << lane)
    }
}

struct Chunk<'a, 'b> {
    forms: &'a Forms<'b>,
    at: usize,
}

impl WithSimd for Chunk<'_, '_> {
    type Output = Vec<Block>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Block> {
        if self.forms.draws.enumerated() {
            self.forms.enumerated(self.at)
        } else {
            self.forms.sampled(self.at)
        }
    }
}

/// A row of the map times each draw of a block.
#[inline(always)]
fn weighted(row: &[f64], draws: &[Lanes]) -> Lanes {
    let mut sum = [0.0; WIDTH];
    for (m, v) in row.iter().zip(draws) {
        for (sum, v) in sum.iter_mut().zip(v) {
            *sum += m * v;
        }
    }
    sum
}

#[inline(always)]
fn moved(tables: &Tables, block: usize, row: usize, outer: f64) -> Lanes {
    let by = outer + tables.middle[block + row];
    let mut sum = tables.inner[row];
    sum.iter_mut().for_each(|sum| *sum += by);
    sum
}

/// Squares of the rows so far; the last row is the numerator.
struct Sums {
    last: [Lanes; 2],
    q: [Lanes; 3],
}

impl Default for Sums {
    #[inline(always)]
    fn default() -> Self {
        Self { last: [[0.0; WIDTH]; 2], q: [[0.0; WIDTH]; 3] }
    }
}

impl Sums {
    #[inline(always)]
    fn push(&mut self, z: &Lanes, d: &Lanes) {
        let [z_last, d_last] = &self.last;
        for i in 0..WIDTH {
            self.q[0][i] += z_last[i] * z_last[i];
            self.q[1][i] += z_last[i] * d_last[i];
            self.q[2][i] += d_last[i] * d_last[i];
        }
        self.last = [*z, *d];
    }

    #[inline(always)]
    fn finish(self, lanes: usize, ties: u16) -> Block {
        let Self { last, mut q } = self;
        q[0][lanes..].fill(f64::INFINITY);
        let there = u16::try_from((1u32 << lanes) - 1).unwrap_or(u16::MAX);
        Block { n: last, q, ties: ties & there }
    }
}
