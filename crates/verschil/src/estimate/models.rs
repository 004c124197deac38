//! Logit, Poisson and Gamma models beside the linear one: effects on the treated, by the same
//! designs, from cells.

use rayon::prelude::*;
use verschil_stats::cells::Cells;
use verschil_stats::did::{Analysis, Design, EffectCells, Target};
use verschil_stats::estimate::Estimate;
use verschil_stats::fit::Fit;
use verschil_stats::glm::inference::{Question, method};
use verschil_stats::glm::{GlmFit, Model as Glm, Rows};
use verschil_stats::inference::{Inference, Options};
use verschil_stats::permutation::PermutationResult;
use verschil_stats::refusal::Refusal;
use verschil_study::results::EstimateRow;
use verschil_study::{Model, Outcome, Protocol, RelativeBase};

use super::Estimates;
use super::effect::tell;
use super::exchange::{MATCHED, NOT_ASKED, PERMUTATION};
use crate::layout::Layout;

/// The method that rests on fits without one cluster.
const JACKKNIFE: &str = "cr3";

/// The score bootstrap.
const SCORE: &str = "score";

/// A test of each effect.
type Answers = Vec<Result<PermutationResult, Refusal>>;

/// What every model of a run needs.
pub struct Data<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    /// The sums.
    pub grams: &'a verschil_stats::grams::Grams,
    /// The rows as codes.
    pub cells: &'a Cells,
    /// Where everything stands.
    pub layout: &'a Layout,
    /// Choices of the run.
    pub options: &'a Options,
}

/// Models beside the linear one, of those asked for, that fit an outcome.
pub(crate) fn beside_linear<'a>(
    asked: &'a [Model],
    outcome: &'a Outcome,
) -> impl Iterator<Item = Glm> + 'a {
    let fitting = asked.iter().filter(|model| model.fits(outcome.kind));
    fitting.filter_map(|model| match model {
        Model::Linear => None,
        Model::Logit => Some(Glm::Logit),
        Model::Poisson => Some(Glm::Poisson),
        Model::Gamma => Some(Glm::Gamma),
    })
}

/// Whether some outcome has a model that needs cells, in the analysis or in the specification curve.
#[must_use]
pub fn needs_cells(protocol: &Protocol) -> bool {
    let curve = protocol.specification_curve.as_ref();
    let asked = [Some(&protocol.analysis.models), curve.map(|curve| &curve.models)];
    let some = |models: &Vec<Model>| {
        protocol.outcomes.iter().any(|outcome| beside_linear(models, outcome).next().is_some())
    };
    asked.into_iter().flatten().any(some)
}

impl Estimates {
    /// Adds the rows of these models: the pooled effect in every comparison, and effects per region
    /// and period and the event study in the main one.
    pub fn add_models(&mut self, data: &Data) {
        let names: Vec<String> = data.protocol.covariates.iter().map(|c| c.id.clone()).collect();
        let rows = Rows::new(data.cells, data.grams, &names);
        for comparison in 0..data.protocol.comparisons.len() {
            let found: Vec<EstimateRow> = data
                .analyses(comparison)
                .into_par_iter()
                .flat_map(|analysis| data.rows(&rows, comparison, analysis))
                .collect();
            self.rows.extend(found.into_iter().map(|mut row| {
                let check = self
                    .trend_checks
                    .iter()
                    .find(|c| c.outcome == row.outcome && c.comparison == row.comparison);
                row.trend_holds = check.and_then(|check| check.holds);
                row
            }));
        }
    }
}

/// One model of one outcome under one design.
struct Job<'a> {
    data: &'a Data<'a>,
    comparison: usize,
    outcome: usize,
    model: Glm,
    design: &'a Design<'a>,
    linear: &'a Fit,
}

impl Data<'_> {
    fn analyses(&self, comparison: usize) -> Vec<Analysis> {
        let asked = &self.protocol.analysis;
        let main = self.protocol.comparisons[comparison].main;
        let mut list = vec![Analysis::Pooled];
        list.extend((main && asked.per_region).then_some(Analysis::PerRegion));
        list.extend((main && asked.per_period).then_some(Analysis::PerPeriod));
        list.extend((main && asked.event_study).then_some(Analysis::EventStudy));
        list
    }

    fn rows(
        &self,
        rows: &Result<Rows, Refusal>,
        comparison: usize,
        analysis: Analysis,
    ) -> Vec<EstimateRow> {
        let setting = self.layout.setting(comparison);
        let classes = self.grams.class_count();
        let designs: Vec<Option<(Design, Fit)>> = (0..classes)
            .map(|class| {
                // what the linear model refuses, it has told
                let design = Design::new(self.grams, class, &setting, analysis).ok()?;
                let fit = design.fit();
                Some((design, fit))
            })
            .collect();
        self.protocol
            .outcomes
            .par_iter()
            .enumerate()
            .flat_map_iter(|(outcome, spec)| {
                let solved = designs[self.grams.class_of[outcome]].as_ref();
                let jobs = solved.into_iter().flat_map(|(design, linear)| {
                    beside_linear(&self.protocol.analysis.models, spec).map(move |model| Job {
                        data: self,
                        comparison,
                        outcome,
                        model,
                        design,
                        linear,
                    })
                });
                jobs.flat_map(|job| job.rows(rows)).collect::<Vec<_>>()
            })
            .collect()
    }
}

impl Job<'_> {
    /// Methods of these models that the protocol asks for; the score bootstrap stands in the place of
    /// the wild ones. The event study is a fit of many effects, whose resampling costs more than it
    /// tells: it has the cluster-robust methods, and with one treated region the permutation.
    fn methods(&self) -> Vec<&str> {
        let spec = &self.data.protocol.analysis;
        let event_study = self.design.analysis() == Analysis::EventStudy;
        let alone = self.data.layout.treated.len() == 1;
        let bears = |id: &str| {
            let leads = id.starts_with("permutation") && (alone || spec.headline == id);
            !event_study || id.starts_with("cr") || leads
        };
        let asked = || spec.methods.iter().map(String::as_str);
        let known = asked().filter(|id| method(id).is_some() && bears(id));
        let score = asked().any(|id| id.starts_with("wild")) && bears(SCORE);
        known.chain(score.then_some(SCORE)).collect()
    }

    fn rows(&self, rows: &Result<Rows, Refusal>) -> Vec<EstimateRow> {
        let fit = rows.as_ref().map_err(Clone::clone).and_then(|rows| {
            let solved = (self.design, self.linear);
            let fit = GlmFit::new(rows, self.data.cells, solved, self.outcome, self.model, None)?;
            // the jackknife is many fits, and refused where one region is treated
            let alone = self.design.analysis() == Analysis::PerRegion;
            let asked = self.methods().contains(&JACKKNIFE) && !alone;
            Ok(if asked { fit } else { fit.without_jackknife() })
        });
        let tested = [PERMUTATION, MATCHED].map(|id| self.permutations(&fit, id));
        let effects = self.design.effects.iter().enumerate();
        effects.flat_map(|(term, cells)| self.effect(&fit, (term, cells), &tested)).collect()
    }

    fn effect(
        &self,
        fit: &Result<GlmFit, Refusal>,
        (term, cells): (usize, &EffectCells),
        tested: &[Answers; 2],
    ) -> Vec<EstimateRow> {
        let options = self.data.options;
        let att = fit.as_ref().map_err(Clone::clone).and_then(|fit| fit.att(term));
        let [permutation, matched] = tested.each_ref().map(|answers| &answers[term]);
        let blank = self.blank(cells);
        let row = |id: &str| {
            let mut row = EstimateRow { method: id.to_owned(), ..blank.clone() };
            let found = fit.as_ref().map_err(Clone::clone).and_then(|fit| {
                let estimate = att.as_ref().map_err(Clone::clone)?;
                let question = Question { fit, term, estimate, permutation, matched, options };
                let method = method(id);
                let why = || Refusal::NotDefined { why: format!("no method {id}") };
                Ok((estimate, (method.ok_or_else(why)?.infer)(&question)?))
            });
            match found {
                Ok((estimate, inference)) => self.fill(&mut row, estimate, &inference, cells),
                Err(refusal) => row.note = refusal.note(),
            }
            row
        };
        self.methods().into_iter().map(row).collect()
    }

    /// The permutation test of every effect, over all clusters or within matched sets.
    fn permutations(&self, fit: &Result<GlmFit, Refusal>, id: &str) -> Answers {
        let terms = self.design.effects.len();
        let refused = |refusal: Refusal| vec![Err(refusal); terms];
        if !self.methods().contains(&id) {
            return refused(Refusal::NotDefined { why: NOT_ASKED.into() });
        }
        let fit = match fit {
            Ok(fit) => fit,
            Err(refusal) => return refused(refusal.clone()),
        };
        let (data, Options { permutation_budget: budget, seed, .. }) =
            (self.data, *self.data.options);
        let chosen = data.layout.chosen[self.comparison].as_ref();
        let sets = match (id == MATCHED, chosen) {
            (false, _) => None,
            (true, Some(chosen)) => Some(chosen.sets(data.grams)),
            (true, None) => return refused(Refusal::NotMatched),
        };
        let run = |of: usize| match &sets {
            None => fit.permutation(of, budget, seed),
            Some(sets) => {
                fit.permutation_within(of, |cluster| sets.get(cluster).copied(), budget, seed)
            }
        };
        if self.design.exchanged_together() {
            return match run(0) {
                Ok(all) => all.into_iter().map(Ok).collect(),
                Err(refusal) => refused(refusal),
            };
        }
        (0..terms).map(|of| run(of).map(|mut all| all.swap_remove(0))).collect()
    }

    fn blank(&self, cells: &EffectCells) -> EstimateRow {
        let data = self.data;
        let spec = &data.protocol.outcomes[self.outcome];
        let mean = self.design.mean(self.linear, self.outcome, &cells.regions, &cells.periods);
        let units = self.design.units(self.outcome, &cells.regions, &cells.periods);
        let effect = self.design.effects.iter().position(|e| e == cells).unwrap_or_default();
        let before = matches!(cells.target, Target::Event(t) if data.layout.pre.contains(&t));
        EstimateRow {
            outcome: spec.id.clone(),
            domain: spec.domain.clone(),
            analysis: self.design.name(&cells.target),
            comparison: data.protocol.comparisons[self.comparison].id.clone(),
            model: self.model.id().into(),
            estimand: if before { "trend_difference".into() } else { "att".into() },
            n: Some(self.linear.normal.n),
            n_treated_post: (!before).then_some(units),
            clusters: Some(self.linear.clusters() as u64),
            clusters_treated: Some(self.linear.normal.touched[effect].len() as u64),
            observed: mean.map(|mean| mean.values[0]),
            ..EstimateRow::default()
        }
    }

    fn fill(
        &self,
        row: &mut EstimateRow,
        estimate: &Estimate,
        inference: &Inference,
        cells: &EffectCells,
    ) {
        tell(row, estimate.values[0], inference);
        let data = self.data;
        let before = &data.layout.pre;
        let base = match data.protocol.analysis.relative_base {
            RelativeBase::PreMean => {
                self.design.mean(self.linear, self.outcome, &cells.regions, before)
            }
            RelativeBase::Counterfactual => None,
        };
        let relative = data.protocol.outcomes[self.outcome].relative && row.estimand == "att";
        let Some(base) = base.filter(|base| relative && base.values[0] > 0.0) else { return };
        let ratio = estimate.clone().join(base.clone()).ratio(0, 1);
        row.base = Some(base.values[0]);
        row.relative = Some(100.0 * ratio.values[0]);
        // an interval by inversion has no covariance: its ends over the base, taken as known
        let ends = match inference.covariance {
            Some(kind) => ratio.interval(0, kind, data.options.level).ok(),
            None => {
                inference.interval.map(|ends| (ends.0 / base.values[0], ends.1 / base.values[0]))
            }
        };
        row.relative_ci_low = ends.map(|ends| 100.0 * ends.0).filter(|end| end.is_finite());
        row.relative_ci_high = ends.map(|ends| 100.0 * ends.1).filter(|end| end.is_finite());
    }
}
