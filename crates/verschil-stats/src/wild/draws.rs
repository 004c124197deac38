//! Draws of the wild bootstrap: all sign vectors, or numbered streams of a seed.

use std::borrow::Cow;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::{Draws, Wild};

/// Draws side by side, so that the same step is done for all of them at once.
pub(crate) const WIDTH: usize = 16;

/// One number for each of so many draws.
pub(crate) type Lanes = [f64; WIDTH];

/// Blocks of [`WIDTH`] draws in a chunk, the unit of work: a fixed one, so that no result depends
/// on the number of threads.
pub(crate) const BLOCKS: usize = 64;

/// Draws in a chunk.
pub(crate) const CHUNK: usize = WIDTH * BLOCKS;

/// Clusters whose signs number the draws of a chunk.
pub(crate) const WITHIN: usize = CHUNK.trailing_zeros() as usize;

/// Numbers that are kept; more are drawn again wherever they are needed.
const KEPT: usize = 1 << 23;

/// Draws for all outcomes and terms on so many clusters.
#[derive(Debug)]
pub struct DrawSet {
    clusters: usize,
    wild: Wild,
    enumerated: bool,
    visited: usize,
    /// Block after block, in a block cluster after cluster; empty where not kept.
    kept: Vec<Lanes>,
}

impl DrawSet {
    /// Draws for `clusters` clusters, enumerated where that is no more than asked for.
    #[must_use]
    pub fn new(clusters: usize, wild: &Wild) -> Self {
        let all = u32::try_from(clusters).ok().and_then(|g| 1usize.checked_shl(g));
        let enumerated = wild.draws == Draws::Rademacher && all.is_some_and(|a| a <= wild.count);
        // a sign vector and its opposite give the same |t|, so one of each pair is visited; too few
        // clusters for a chunk are filled up with clusters that carry nothing
        let visited = if enumerated { 1 << clusters.max(WITHIN + 1) >> 1 } else { wild.count };
        let mut set = Self { clusters, wild: *wild, enumerated, visited, kept: Vec::new() };
        if !enumerated && visited.saturating_mul(clusters) <= KEPT {
            set.kept = (0..set.chunks()).flat_map(|chunk| set.fresh(chunk)).collect();
        }
        set
    }

    /// Whether these are all there are.
    #[must_use]
    pub fn enumerated(&self) -> bool {
        self.enumerated
    }

    /// Number of draws that these stand for.
    #[must_use]
    pub fn used(&self) -> usize {
        if self.enumerated { 1 << self.clusters } else { self.visited }
    }

    /// Number of draws that are looked at: of an enumeration one of each pair of opposites, and
    /// all of them equally often.
    #[must_use]
    pub fn visited(&self) -> usize {
        self.visited
    }

    /// Draw `at` of those visited, one number per cluster.
    #[must_use]
    pub fn draw(&self, at: usize) -> Vec<f64> {
        if self.enumerated {
            return (0..self.clusters).map(|g| sign(at, g)).collect();
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.wild.seed);
        rng.set_stream(at as u64);
        (0..self.clusters).map(|_| one_draw(&mut rng, self.wild.draws)).collect()
    }

    pub(crate) fn clusters(&self) -> usize {
        self.clusters
    }

    pub(crate) fn chunks(&self) -> usize {
        self.visited.div_ceil(CHUNK)
    }

    /// Sampled draws of a chunk, block after block; those beyond the last are zero.
    pub(crate) fn chunk(&self, at: usize) -> Cow<'_, [Lanes]> {
        if self.kept.is_empty() {
            return Cow::Owned(self.fresh(at));
        }
        let length = BLOCKS * self.clusters;
        let end = self.kept.len().min((at + 1) * length);
        Cow::Borrowed(&self.kept[at * length..end])
    }

    /// Number of draws in a block of a chunk.
    pub(crate) fn lanes(&self, chunk: usize, block: usize) -> usize {
        self.visited.saturating_sub(chunk * CHUNK + block * WIDTH).min(WIDTH)
    }

    fn fresh(&self, chunk: usize) -> Vec<Lanes> {
        let draws = (self.visited - chunk * CHUNK).min(CHUNK);
        let mut lanes = vec![[0.0; WIDTH]; draws.div_ceil(WIDTH) * self.clusters];
        for draw in 0..draws {
            let block = &mut lanes[draw / WIDTH * self.clusters..][..self.clusters];
            for (lanes, v) in block.iter_mut().zip(self.draw(chunk * CHUNK + draw)) {
                lanes[draw % WIDTH] = v;
            }
        }
        lanes
    }
}

/// Sign of cluster `g` in the enumerated vector `bits`.
pub(crate) fn sign(bits: usize, g: usize) -> f64 {
    if bits >> g & 1 == 1 { -1.0 } else { 1.0 }
}

fn one_draw(rng: &mut ChaCha8Rng, draws: Draws) -> f64 {
    match draws {
        Draws::Rademacher => {
            if rng.next_u32() & 1 == 1 {
                -1.0
            } else {
                1.0
            }
        }
        Draws::Webb => {
            let points = [1.5f64, 1.0, 0.5];
            // the largest multiple of six below 2^32, so that every point is equally likely
            let limit = u32::MAX - u32::MAX % 6;
            let mut bits = rng.next_u32();
            while bits >= limit {
                bits = rng.next_u32();
            }
            let root = points[(bits % 3) as usize].sqrt();
            if bits % 6 < 3 { root } else { -root }
        }
    }
}
