//! One design solved for all outcomes of a sample class, with what every inference needs.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use crate::cr2::Adjustment;
use crate::few::Standing;
use crate::grams::Grams;
use crate::linalg::{Bread, Matrix, dot, multiply_all};
use crate::normal::{Block, DesignColumn, Normal};
use crate::permutation::below;
use crate::refusal::Refusal;
use crate::wild::{DrawSet, Null, Residuals, Wild};

/// A share of the sum of squares below which what is left after absorption is rounding: adding up
/// ten thousand equal rows of a slice loses this much.
const CONSTANT: f64 = 1e-12;

/// A solved design.
#[derive(Debug)]
pub struct Fit {
    /// The normal equations it solves.
    pub normal: Normal,
    /// Sum over clusters of x'x.
    pub xx: Matrix,
    /// Sum over clusters of x'y.
    pub xy: Matrix,
    /// Inverse of `xx` on the kept columns.
    pub bread: Bread,
    /// k x K': coefficients, zero where a column was dropped.
    pub beta: Matrix,
    /// For each cluster k x K': scores.
    scores: OnceLock<Vec<Matrix>>,
    deleted: OnceLock<Vec<Deleted>>,
    adjustment: OnceLock<Result<Adjustment, Refusal>>,
    draws: Mutex<Vec<(Wild, Arc<DrawSet>)>>,
    standing: OnceLock<Vec<Result<Standing, Refusal>>>,
    picks: Mutex<Vec<(Picked, Arc<Vec<u16>>)>>,
}

/// Clusters, places, draws and seed of a resampling of clusters.
type Picked = (usize, usize, usize, u64);

/// The design without one cluster.
#[derive(Debug, Clone)]
pub struct Deleted {
    /// k x k: inverse of the normal equations on the columns kept, zero elsewhere.
    pub inverse: Matrix,
    /// k x K': coefficients.
    pub beta: Matrix,
    /// Which coefficients are identified without the cluster.
    pub identified: Vec<bool>,
}

impl Fit {
    /// Solves the normal equations.
    #[must_use]
    pub fn new(normal: Normal) -> Self {
        let (xx, xy) = (normal.total_xx(), normal.total_xy());
        let bread = Bread::new(&xx, &normal.raw);
        let beta = bread.solve(&xx, &xy);
        Self {
            normal,
            xx,
            xy,
            bread,
            beta,
            scores: OnceLock::new(),
            deleted: OnceLock::new(),
            adjustment: OnceLock::new(),
            draws: Mutex::default(),
            standing: OnceLock::new(),
            picks: Mutex::default(),
        }
    }

    /// How a term stands in each cluster, made once for all outcomes.
    ///
    /// # Errors
    /// As [`Standing::new`].
    pub fn standing(&self, term: usize) -> Result<&Standing, Refusal> {
        let terms = 0..self.normal.terms.len();
        let all = self.standing.get_or_init(|| terms.map(|j| Standing::new(self, j)).collect());
        all[term].as_ref().map_err(Clone::clone)
    }

    /// Clusters drawn with replacement, [place][draw], made once for all terms and outcomes with as
    /// many.
    pub(crate) fn picks(
        &self,
        clusters: usize,
        places: usize,
        draws: usize,
        seed: u64,
    ) -> Arc<Vec<u16>> {
        let key = (clusters, places, draws, seed);
        let mut made = self.picks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, picks)) = made.iter().find(|(other, _)| *other == key) {
            return Arc::clone(picks);
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let pick = |_| u16::try_from(below(&mut rng, clusters as u64)).unwrap_or(0);
        let picks = Arc::new((0..places * draws).map(pick).collect());
        made.push((key, Arc::clone(&picks)));
        picks
    }

    /// The wild draws for this fit's clusters, made once for all its terms and outcomes.
    #[must_use]
    pub fn wild_draws(&self, wild: &Wild) -> Arc<DrawSet> {
        // what the draws are put upon does not change them
        let key = Wild { null: Null::Imposed, residuals: Residuals::Fitted, ..*wild };
        let mut made = self.draws.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, draws)) = made.iter().find(|(wild, _)| *wild == key) {
            return Arc::clone(draws);
        }
        let draws = Arc::new(DrawSet::new(self.clusters(), wild));
        made.push((key, Arc::clone(&draws)));
        draws
    }

    /// Number of clusters with rows.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.normal.blocks.len()
    }

    /// Coefficient of a term for the outcome at position `at` of the class.
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`] when the other columns, those after it too, explain the term.
    pub fn coefficient(&self, term: usize, at: usize) -> Result<f64, Refusal> {
        let column = self.normal.term_column(term);
        if self.bread.identified[column] {
            Ok(self.beta[(column, at)])
        } else {
            Err(Refusal::NotIdentified { term: self.normal.terms[term].clone() })
        }
    }

    /// Score of each cluster for an outcome: x_c'(y_c - x_c b), a vector of length k.
    #[must_use]
    pub fn scores(&self, at: usize) -> Vec<Vec<f64>> {
        self.all_scores().iter().map(|scores| scores.col(at).iter().copied().collect()).collect()
    }

    fn all_scores(&self) -> &[Matrix] {
        let of_block = |block: &Block| &block.xy - multiply_all(&block.xx, &self.beta);
        self.scores.get_or_init(|| self.normal.blocks.iter().map(of_block).collect())
    }

    /// Influence of each cluster on the coefficient of a term: row of (X'X)^-1 times the score.
    /// Their squares sum to the CR0 variance (Liang & Zeger 1986).
    #[must_use]
    pub fn influence(&self, term: usize, at: usize) -> Vec<f64> {
        let column = self.normal.term_column(term);
        let row = self.bread.inverse.col(column);
        let product =
            |scores: &Matrix| row.iter().zip(scores.col(at).iter()).map(|(r, s)| r * s).sum();
        self.all_scores().iter().map(product).collect()
    }

    /// The coefficient without each cluster in turn (MacKinnon, Nielsen & Webb 2023, eq. 8).
    ///
    /// # Errors
    /// [`Refusal::NotIdentifiedWithout`] when a deletion leaves the term unidentified.
    pub fn deleted(&self, term: usize, at: usize) -> Result<Vec<f64>, Refusal> {
        self.deleted_where_identified(term, at)
            .into_iter()
            .zip(&self.normal.blocks)
            .map(|(beta, block)| {
                beta.ok_or(Refusal::NotIdentifiedWithout { cluster: block.cluster.clone() })
            })
            .collect()
    }

    /// The design without each cluster in turn.
    #[must_use]
    pub fn deletions(&self) -> &[Deleted] {
        // one after the other: a thread that waits for others in here could be handed work that
        // asks for the same deletions, and would wait for itself
        self.deleted.get_or_init(|| self.normal.blocks.iter().map(|b| self.without(b)).collect())
    }

    fn without(&self, block: &Block) -> Deleted {
        let xx = &self.xx - &block.xx;
        let xy = &self.xy - &block.xy;
        let bread = Bread::new(&xx, &self.normal.raw);
        let beta = bread.solve(&xx, &xy);
        Deleted { inverse: bread.inverse, beta, identified: bread.identified }
    }

    /// The coefficient without each cluster in turn; nothing where it is then not identified.
    #[must_use]
    pub fn deleted_where_identified(&self, term: usize, at: usize) -> Vec<Option<f64>> {
        let column = self.normal.term_column(term);
        let of = |fit: &Deleted| fit.identified[column].then(|| fit.beta[(column, at)]);
        self.deletions().iter().map(of).collect()
    }

    /// The leverages behind CR2, made once for all terms and outcomes.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] when the normal equations are too ill-conditioned.
    pub fn adjustment(&self) -> Result<&Adjustment, Refusal> {
        if let Some(made) = self.adjustment.get() {
            return made.as_ref().map_err(Clone::clone);
        }
        // made outside the cell, for the same reason as the deletions are made one after the other
        let made = Adjustment::new(self);
        self.adjustment.get_or_init(|| made).as_ref().map_err(Clone::clone)
    }

    /// Columns that were dropped although they vary, in words.
    #[must_use]
    pub fn collinear(&self, grams: &Grams, covariates: &[String]) -> Vec<String> {
        (0..self.normal.columns.len())
            .filter(|&i| !self.bread.kept[i] && self.normal.raw[i] > 0.0)
            .map(|i| match &self.normal.columns[i] {
                DesignColumn::Period(t) => format!("period {}", grams.periods[*t]),
                DesignColumn::Covariate(c) => {
                    let column = &grams.columns[*c];
                    let name = &covariates[column.covariate];
                    column.level.as_ref().map_or(name.clone(), |level| format!("{name} = {level}"))
                }
                DesignColumn::Term(j) => self.normal.terms[*j].clone(),
            })
            .collect()
    }

    /// Columns counted by the small-sample factor when region effects, nested in clusters, are not
    /// (`fixest`): all period effects and the kept covariates and terms.
    #[must_use]
    pub fn k_within(&self) -> usize {
        1 + self.bread.kept.iter().filter(|&&kept| kept).count()
    }

    /// Columns of the same regression with all effects as dummies (`stata`).
    #[must_use]
    pub fn k_all(&self) -> usize {
        self.k_within() + self.normal.regions - 1
    }

    /// What rounding may leave of a term's coefficient or of its error: a share of the sums that
    /// both are differences of.
    pub(crate) fn rounding(&self, term: usize, at: usize) -> f64 {
        let row = self.bread.inverse.col(self.normal.term_column(term));
        let size_of = |(i, weight): (usize, &f64)| {
            let observed = (self.normal.raw[i] * self.normal.raw_yy[at]).sqrt();
            let fitted = (0..self.normal.columns.len())
                .map(|j| (self.xx[(i, j)] * self.beta[(j, at)]).abs())
                .sum::<f64>();
            weight.abs() * (observed + fitted)
        };
        CONSTANT * row.iter().enumerate().map(size_of).sum::<f64>()
    }

    /// Refuses a term whose clusters' influences are rounding of the sums that they come from: the
    /// model then tells the outcome's part in them without error.
    ///
    /// # Errors
    /// [`Refusal::PerfectFit`]; [`Refusal::NotIdentified`] for a term without a coefficient.
    pub(crate) fn bears_error(&self, term: usize, at: usize) -> Result<(), Refusal> {
        self.coefficient(term, at)?;
        let influence = self.influence(term, at);
        let std_error = dot(&influence, &influence).sqrt();
        let rounding = self.rounding(term, at);
        if std_error <= rounding {
            return Err(Refusal::PerfectFit { std_error, rounding });
        }
        Ok(())
    }

    /// Whether the outcome varies within regions by more than rounding of its sums.
    #[must_use]
    pub fn varies(&self, at: usize) -> bool {
        self.normal.total_yy(at) > CONSTANT * self.normal.raw_yy[at]
    }
}
