//! Logit, Poisson and Gamma models on cells, with the index of the linear model.
//!
//! The mean is a function of region and period effects, covariates and the effect; the effect on the
//! treated is the mean difference, over the treated units, between the mean as it is and without the
//! effect (Puhani 2012), in the outcome's own unit.

mod contrast;
mod factors;
mod index;
pub mod inference;
mod interval;
mod lanes;
mod link;
mod newton;
mod null;
mod pass;
mod rows;
mod separation;

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::cells::Cells;
use crate::did::Design;
use crate::estimate::Estimate;
use crate::fit::Fit;
use crate::linalg::{dot, multiply};
use crate::normal::{DesignColumn, Term};
use crate::refusal::Refusal;

use contrast::Level;
use index::{Index, Theta};
pub use interval::ScoreInterval;
use lanes::{Deleted, Deletion};
pub use link::Model;
use newton::{Solved, solve};
use pass::Likelihood;
pub use rows::{Response, Rows};
use separation::{Names, check_margins, check_range, explain};

/// A model fitted to one outcome of a design.
#[derive(Debug)]
pub struct GlmFit<'a> {
    design: &'a Design<'a>,
    linear: &'a Fit,
    rows: &'a Rows,
    response: Response,
    index: Index,
    model: Model,
    /// Position of the outcome in the linear fit's class.
    at: usize,
    solved: Solved,
    deleted: OnceLock<Vec<Result<Deleted, Refusal>>>,
}

impl<'a> GlmFit<'a> {
    /// Fits `model` to an outcome (position in the cells) with the rows, columns and clusters of a
    /// design, whose `linear` fit says which columns are collinear. `near` is a fit of the same
    /// outcome and model by another design, from which fewer iterations are needed.
    ///
    /// # Errors
    /// [`Refusal::OutcomeRange`], [`Refusal::ConstantOutcome`], [`Refusal::Separated`],
    /// [`Refusal::NoConvergence`]; [`Refusal::NoOutcome`] when the outcome is not of the design's
    /// class.
    pub fn new(
        rows: &'a Rows,
        cells: &Cells,
        (design, linear): (&'a Design<'a>, &'a Fit),
        outcome: usize,
        model: Model,
        near: Option<&GlmFit>,
    ) -> Result<Self, Refusal> {
        let normal = &linear.normal;
        let at = normal.outcomes.iter().position(|&k| k == outcome).ok_or(Refusal::NoOutcome)?;
        let response = rows.response(cells, outcome)?;
        let terms: Vec<Term> = design.effects.iter().map(|e| design.term(e, None)).collect();
        let index = Index::new(rows, design.grams, normal, &design.sample, &terms);
        let likelihood = Likelihood { rows, response: &response, index: &index, model };
        let names = Names { grams: design.grams, terms: &normal.terms };
        check_range(&likelihood)?;
        if !linear.varies(at) {
            return Err(Refusal::ConstantOutcome);
        }
        check_margins(&likelihood, names)?;
        let start = likelihood.start(near);
        let free = &linear.bread.kept;
        let solved =
            solve(&likelihood, free, start).map_err(|stuck| explain(&likelihood, &stuck, names))?;
        let deleted = OnceLock::new();
        Ok(Self { design, linear, rows, response, index, model, at, solved, deleted })
    }

    /// The fit without a jackknife, which costs more than the fit itself: estimates then carry
    /// [`Refusal::NotDefined`] in its place.
    #[must_use]
    pub fn without_jackknife(mut self) -> Self {
        let refusal = Refusal::NotDefined { why: "the jackknife was not asked for".into() };
        self.deleted = OnceLock::from(vec![Err(refusal); self.linear.clusters()]);
        self
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> Model {
        self.model
    }

    /// The coefficients of terms, in units of the index (log odds or log mean).
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`] when a term is collinear.
    pub fn coefficients(&self, terms: &[usize]) -> Result<Estimate, Refusal> {
        self.identified(terms)?;
        let columns: Vec<usize> =
            terms.iter().map(|&j| self.linear.normal.term_column(j)).collect();
        let flat = vec![0.0; self.index.parts.len()];
        let influence = |&column: &usize| {
            let mut slope = vec![0.0; self.index.columns.len()];
            slope[column] = 1.0;
            self.influence(&flat, &slope)
        };
        let without = |&column: &usize| -> Result<Vec<f64>, Refusal> {
            (0..self.linear.clusters())
                .map(|block| Ok(self.deleted(block, column)?.theta.beta[column]))
                .collect()
        };
        Ok(self.estimate(
            columns.iter().map(|&column| self.solved.theta.beta[column]).collect(),
            columns.iter().map(influence).collect(),
            columns.iter().map(without).collect(),
        ))
    }

    /// Mean outcome of the units that a term is about, as the model has it with the effect and
    /// without it: two values in the outcome's unit. Covariates count as fixed: the uncertainty is
    /// that of the parameters, region effects included (delta method).
    ///
    /// # Errors
    /// [`Refusal::NotIdentified`] when the term is collinear.
    pub fn levels(&self, term: usize) -> Result<Estimate, Refusal> {
        self.identified(&[term])?;
        let column = self.linear.normal.term_column(term);
        let levels = self.likelihood().levels(&self.solved.theta, column);
        let levels = levels.ok_or(Refusal::NothingTreated)?;
        let influence = |level: &Level| self.influence(&level.region, &level.beta);
        // once, before threads ask for them
        self.deletions();
        let without: Vec<Result<[f64; 2], Refusal>> = (0..self.linear.clusters())
            .into_par_iter()
            .map(|block| {
                let fit = self.deleted(block, column)?;
                let means = self.likelihood().means(&fit.theta, column, |p| p.block != block);
                means.ok_or_else(|| self.not_without(block))
            })
            .collect();
        // of several clusters the first is named, whichever thread was faster
        let without: Result<Vec<[f64; 2]>, Refusal> = without.into_iter().collect();
        let apart = |all: Vec<[f64; 2]>| -> Vec<Vec<f64>> {
            (0..2).map(|which| all.iter().map(|means| means[which]).collect()).collect()
        };
        Ok(self.estimate(
            levels.iter().map(|level| level.value).collect(),
            levels.iter().map(influence).collect(),
            without.map(apart),
        ))
    }

    /// Effect on the treated of a term: mean with it minus mean without it.
    ///
    /// # Errors
    /// As [`GlmFit::levels`].
    pub fn att(&self, term: usize) -> Result<Estimate, Refusal> {
        Ok(self.levels(term)?.map(|v| v[0] - v[1], &[1.0, -1.0]))
    }

    /// Logarithm of the mean with a term over that without it: an interval for it becomes one for the
    /// relative effect by `exp(x) - 1`.
    ///
    /// # Errors
    /// As [`GlmFit::levels`].
    pub fn log_ratio(&self, term: usize) -> Result<Estimate, Refusal> {
        let levels = self.levels(term)?;
        let gradient = [1.0 / levels.values[0], -1.0 / levels.values[1]];
        Ok(levels.map(|v| (v[0] / v[1]).ln(), &gradient))
    }

    fn likelihood(&self) -> Likelihood<'_> {
        let Self { rows, response, index, model, .. } = self;
        Likelihood { rows, response, index, model: *model }
    }

    fn identified(&self, terms: &[usize]) -> Result<(), Refusal> {
        terms.iter().try_for_each(|&term| self.linear.coefficient(term, self.at).map(|_| ()))
    }

    fn not_without(&self, block: usize) -> Refusal {
        let cluster = self.linear.normal.blocks[block].cluster.clone();
        Refusal::NotIdentifiedWithout { cluster }
    }

    /// The fit without a cluster, in which a column must be identified.
    fn deleted(&self, block: usize, column: usize) -> Result<&Deleted, Refusal> {
        let fit = self.deletions()[block].as_ref().map_err(Clone::clone)?;
        if fit.identified[column] { Ok(fit) } else { Err(self.not_without(block)) }
    }

    /// The fit without each cluster in turn.
    fn deletions(&self) -> &[Result<Deleted, Refusal>] {
        if let Some(made) = self.deleted.get() {
            return made;
        }
        // made outside the cell: a thread that waits for others in there could be handed work that
        // asks for the same deletions, and would wait for itself
        let made = Deletion::new(self.likelihood(), &self.solved, self.linear).each();
        self.deleted.get_or_init(|| made)
    }

    /// Influence of each cluster on a function of the parameters with these derivatives: gradient
    /// times inverse information times the cluster's score.
    fn influence(&self, region: &[f64], beta: &[f64]) -> Vec<f64> {
        let Solved { sums, inverse, .. } = &self.solved;
        let mut slope = beta.to_vec();
        for (sums, region) in sums.iter().zip(region) {
            let share = region / sums.info;
            slope.iter_mut().zip(&sums.cross).for_each(|(slope, cross)| *slope -= share * cross);
        }
        let row = multiply(inverse, &slope);
        let mut influence = vec![0.0; self.linear.clusters()];
        for ((part, own), region) in self.index.parts.iter().zip(sums).zip(region) {
            let share = own.score / own.info;
            let through = dot(&row, &own.absorbed_scores());
            influence[part.block] += through + region * share;
        }
        influence
    }

    /// K of the `stata` convention is one: for these models it has no factor (N-1)/(N-K).
    fn estimate(
        &self,
        values: Vec<f64>,
        influence: Vec<Vec<f64>>,
        deleted: Result<Vec<Vec<f64>>, Refusal>,
    ) -> Estimate {
        let (n, k) = (self.linear.normal.n, (self.linear.k_within(), 1));
        Estimate { values, influence, deleted, n, k }
    }
}

impl Likelihood<'_> {
    /// From the nearest fit, or every region at its own mean.
    fn start(&self, near: Option<&GlmFit>) -> Theta {
        if let Some(near) = near {
            return self.start_from(&near.index, &near.solved.theta);
        }
        let region = |part: &index::Part| {
            let rows = part.slices.iter().flat_map(|slice| slice.rows.clone());
            let of = |row: usize| (self.response.weight[row], self.response.sum[row]);
            let (weight, sum) = rows.map(of).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            self.model.link(sum / weight)
        };
        let region = self.index.parts.iter().map(region).collect();
        Theta { region, beta: vec![0.0; self.index.columns.len()] }
    }

    /// Regions, periods and covariates as another fit has them, terms at zero.
    fn start_from(&self, index: &Index, theta: &Theta) -> Theta {
        let fresh = self.start(None);
        let region = self.index.parts.iter().zip(fresh.region).map(|(part, fresh)| {
            let same = index.parts.iter().position(|other| other.region == part.region);
            same.map_or(fresh, |at| theta.region[at])
        });
        let beta = self.index.columns.iter().map(|column| match column {
            DesignColumn::Term(_) => 0.0,
            other => {
                let same = index.columns.iter().position(|column| column == other);
                same.map_or(0.0, |at| theta.beta[at])
            }
        });
        Theta { region: region.collect(), beta: beta.collect() }
    }
}
