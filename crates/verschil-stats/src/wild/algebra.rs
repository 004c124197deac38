//! Numerator and score residuals of the bootstrap t as linear maps of the draws.

use super::{Null, Residuals, Wild};
use crate::did::Subclusters;
use crate::fit::Fit;
use crate::linalg::{Matrix, dot, multiply, multiply_all};
use crate::normal::Block;
use crate::refusal::Refusal;

/// A share of the largest entry below which an entry is rounding.
const NOTHING: f64 = 1e-12;

/// The bootstrap of one coefficient b under the hypothesis r = b - x se.
///
/// For draws v (one per column) and M = base + x slope, the last row of M v is the numerator n of
/// t* = n / sqrt(q), and q is the sum of squares of the other rows, one per cluster.
#[derive(Debug, Clone)]
pub(crate) struct Algebra {
    /// G + 1.
    pub(crate) rows: usize,
    /// Number of draws that one vector needs: G, or the number of subclusters.
    pub(crate) columns: usize,
    /// Rows x columns, row-major, for the hypothesis that the effect is the estimate.
    pub(crate) base: Vec<f64>,
    /// Rows x columns: what one standard error adds; absent where the null is not imposed.
    pub(crate) slope: Option<Vec<f64>>,
    /// Where equal draws for all that carry something reproduce the observed t at every r, these
    /// columns: rounding hides that far from the estimate, and with few clusters this tie decides
    /// whether the interval has an end at all.
    pub(crate) carrying: Option<Vec<usize>>,
    pub(crate) estimate: f64,
    /// CR0.
    pub(crate) std_error: f64,
}

impl Algebra {
    pub(crate) fn new(
        fit: &Fit,
        within: Option<&Subclusters>,
        term: usize,
        at: usize,
        wild: &Wild,
    ) -> Result<Self, Refusal> {
        let estimate = fit.coefficient(term, at)?;
        let influence = fit.influence(term, at);
        let std_error = dot(&influence, &influence).sqrt();
        fit.bears_error(term, at)?;
        let maps = Maps::new(fit, within, term);
        let (base, slope) = maps.scores(at, wild)?;
        let base = maps.through(&base);
        let slope = slope.map(|slope| {
            let mut slope = maps.through(&slope);
            slope.iter_mut().for_each(|x| *x *= std_error);
            slope
        });
        let columns = maps.of.len();
        let reproduces = wild.residuals == Residuals::Fitted;
        let carrying =
            slope.as_ref().filter(|_| reproduces).map(|slope| carrying(&base, slope, columns));
        let rows = fit.clusters() + 1;
        Ok(Self { rows, columns, base, slope, carrying, estimate, std_error })
    }

    /// The observed t of a zero effect.
    pub(crate) fn statistic(&self) -> f64 {
        self.estimate / self.std_error
    }

    /// The bootstrap of a zero effect alone, with each column at its place among `columns`.
    pub(crate) fn of_no_effect(&self, places: &[usize], columns: usize) -> Self {
        let x = self.statistic();
        let mut base = vec![0.0; self.rows * columns];
        for row in 0..self.rows {
            for (column, &place) in places.iter().enumerate() {
                let at = row * self.columns + column;
                let moved = self.slope.as_ref().map_or(0.0, |slope| x * slope[at]);
                base[row * columns + place] = self.base[at] + moved;
            }
        }
        Self { columns, base, slope: None, carrying: None, ..self.clone() }
    }
}

/// Columns of which any entry is more than rounding.
fn carrying(base: &[f64], slope: &[f64], columns: usize) -> Vec<usize> {
    let carries = |matrix: &[f64]| -> Vec<bool> {
        let largest = matrix.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        let some = |column: usize| {
            let mut entries = matrix.iter().skip(column).step_by(columns);
            entries.any(|x| x.abs() > NOTHING * largest)
        };
        (0..columns).map(some).collect()
    };
    let (base, slope) = (carries(base), carries(slope));
    (0..columns).filter(|&column| base[column] || slope[column]).collect()
}

/// What turns scores on all columns of the design into the rows of an [`Algebra`].
struct Maps<'a> {
    fit: &'a Fit,
    /// The blocks that are drawn for, each with its cluster.
    drawn: &'a [Block],
    of: Vec<usize>,
    /// Column of the term.
    column: usize,
    /// The term's column less what the others explain of it is X times this.
    residualiser: Vec<f64>,
    /// G x k: how the draws' scores come back as fitted scores of each cluster.
    back: Matrix,
}

/// Scores of each block on all columns.
type BlockScores = Vec<Vec<f64>>;

impl<'a> Maps<'a> {
    fn new(fit: &'a Fit, within: Option<&'a Subclusters>, term: usize) -> Self {
        let column = fit.normal.term_column(term);
        let residualiser = residualiser(&fit.bread.inverse, column);
        let blocks = &fit.normal.blocks;
        let back: Vec<Vec<f64>> = blocks
            .iter()
            .map(|b| multiply(&fit.bread.inverse, &multiply(&b.xx, &residualiser)))
            .collect();
        let (drawn, of) = match within {
            Some(within) => (&within.normal.blocks, within.of.clone()),
            None => (blocks, (0..blocks.len()).collect()),
        };
        let back = Matrix::from_fn(back.len(), residualiser.len(), |g, i| back[g][i]);
        Self { fit, drawn, of, column, residualiser, back }
    }

    /// Scores at r = b, and what a unit of b - r adds where the null is imposed.
    fn scores(
        &self,
        at: usize,
        wild: &Wild,
    ) -> Result<(BlockScores, Option<BlockScores>), Refusal> {
        match wild.residuals {
            Residuals::Fitted => Ok(self.fitted(at, wild.null)),
            Residuals::Jackknifed => self.jackknifed(at, wild.null),
        }
    }

    /// With the term's coefficient held at r the others move along the residualiser:
    /// e(r) = e + (b - r) x~, so the scores gain (b - r) x_g' x~_g.
    fn fitted(&self, at: usize, null: Null) -> (BlockScores, Option<BlockScores>) {
        let beta: Vec<f64> = self.fit.beta.col(at).iter().copied().collect();
        let base = self.drawn.iter().map(|block| score(block, &beta, at)).collect();
        let reach = |block: &Block| multiply(&block.xx, &self.residualiser);
        let slope = (null == Null::Imposed).then(|| self.drawn.iter().map(reach).collect());
        (base, slope)
    }

    /// The same with the coefficients of the fit without the cluster itself (MacKinnon, Nielsen &
    /// Webb 2023). Columns that only the cluster has are not identified without it; whatever is
    /// taken for them lies in the span of X, so that t* does not see it.
    fn jackknifed(
        &self,
        at: usize,
        null: Null,
    ) -> Result<(BlockScores, Option<BlockScores>), Refusal> {
        let estimate = self.fit.beta[(self.column, at)];
        let (mut base, mut slope) = (Vec::new(), Vec::new());
        for (block, deleted) in self.drawn.iter().zip(self.fit.deletions()) {
            if !deleted.identified[self.column] {
                return Err(Refusal::NotIdentifiedWithout { cluster: block.cluster.clone() });
            }
            let mut beta: Vec<f64> = deleted.beta.col(at).iter().copied().collect();
            if null == Null::Imposed {
                let along = residualiser(&deleted.inverse, self.column);
                let apart = beta[self.column] - estimate;
                beta.iter_mut().zip(&along).for_each(|(beta, a)| *beta -= a * apart);
                slope.push(multiply(&block.xx, &along));
            }
            base.push(score(block, &beta, at));
        }
        Ok((base, (null == Null::Imposed).then_some(slope)))
    }

    /// Rows x columns, row-major: for cluster g and draw j what is left of x~_g'e_g, and last x~'e.
    fn through(&self, scores: &[Vec<f64>]) -> Vec<f64> {
        let (k, columns) = (self.residualiser.len(), scores.len());
        let own: Vec<f64> = scores.iter().map(|score| dot(&self.residualiser, score)).collect();
        let scores = Matrix::from_fn(k, columns, |i, j| scores[j][i]);
        let back = multiply_all(&self.back, &scores);
        let mut rows = Vec::with_capacity((back.nrows() + 1) * columns);
        for g in 0..back.nrows() {
            let entry = |j: usize| if self.of[j] == g { own[j] } else { 0.0 } - back[(g, j)];
            rows.extend((0..columns).map(entry));
        }
        rows.extend(own);
        rows
    }
}

/// X_g'(y_g - X_g beta).
fn score(block: &Block, beta: &[f64], at: usize) -> Vec<f64> {
    let fitted = multiply(&block.xx, beta);
    block.xy.col(at).iter().zip(fitted).map(|(xy, fitted)| xy - fitted).collect()
}

/// Column of an inverse over its own diagonal entry.
fn residualiser(inverse: &Matrix, column: usize) -> Vec<f64> {
    let scale = inverse[(column, column)];
    inverse.col(column).iter().map(|x| x / scale).collect()
}
