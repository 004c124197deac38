//! The critical value of |t*| under one hypothesis.

use rayon::prelude::*;

use super::TIE;
use super::algebra::Algebra;
use super::draws::{DrawSet, WIDTH};
use super::forms::Forms;
use super::inversion::needed;

/// |t*| of all draws that do not tie with the observed one.
pub(crate) struct Critical {
    values: Vec<f64>,
    ties: u64,
    visited: u64,
    enumerated: bool,
}

impl Critical {
    /// For a map without slope, whose observed t is `statistic`.
    pub(crate) fn new(algebra: &Algebra, draws: &DrawSet, statistic: f64) -> Self {
        let forms = Forms::new(algebra, draws);
        let bar = statistic * statistic;
        let chunk = |chunk: usize| {
            let mut values = Vec::new();
            let mut ties = 0;
            for (block, forms) in forms.chunk(chunk).iter().enumerate() {
                for i in 0..draws.lanes(chunk, block).min(WIDTH) {
                    let (n, q) = (forms.n[0][i], forms.q[0][i]);
                    let square = if q > 0.0 { n * n / q } else { f64::INFINITY };
                    if (square - bar).abs() <= TIE * bar {
                        ties += 1;
                    } else {
                        values.push(square.sqrt());
                    }
                }
            }
            (values, ties)
        };
        let chunks: Vec<(Vec<f64>, u64)> = (0..draws.chunks()).into_par_iter().map(chunk).collect();
        let ties = chunks.iter().map(|chunk| chunk.1).sum();
        let values = chunks.into_iter().flat_map(|chunk| chunk.0).collect();
        let (visited, enumerated) = (draws.visited() as u64, draws.enumerated());
        Self { values, ties, visited, enumerated }
    }

    /// The largest |t| that is not rejected; nothing where none is.
    pub(crate) fn value(mut self, alpha: f64) -> Option<f64> {
        let others = needed(alpha, self.visited, self.enumerated).checked_sub(self.ties)?;
        let rank = usize::try_from(others).ok()?.checked_sub(1)?;
        let last = self.values.len().checked_sub(1)?;
        let descending = |a: &f64, b: &f64| b.total_cmp(a);
        Some(*self.values.select_nth_unstable_by(rank.min(last), descending).1)
    }
}
