//! Estimators with weighted controls: their rows, by placebo, and the weights.

use rayon::prelude::*;
use verschil_stats::grams::Grams;
use verschil_stats::inference::Options;
use verschil_stats::refusal::Refusal;
use verschil_stats::synthetic::{Model, Synthetic, estimate};
use verschil_stats::synthetic::{Panel, panels};
use verschil_stats::synthetic::{Placebo, PlaceboOptions, placebo};
use verschil_study::results::{EstimateRow, SyntheticWeight};
use verschil_study::{Protocol, SyntheticModel};

use super::Estimates;
use crate::layout::Layout;

/// Placebos that are drawn where there are too many to try all.
const PLACEBOS: usize = 2_000;

/// What every row needs.
struct Job<'a> {
    protocol: &'a Protocol,
    grams: &'a Grams,
    layout: &'a Layout,
    options: &'a Options,
    comparison: usize,
    outcome: usize,
}

impl Estimates {
    /// Adds the effects by weighted controls that the protocol asks for: of all treated regions
    /// together, and of each, in the main comparison.
    pub fn add_synthetic(
        &mut self,
        protocol: &Protocol,
        grams: &Grams,
        layout: &Layout,
        options: &Options,
    ) {
        let main = protocol.comparisons.iter().position(|comparison| comparison.main);
        let Some(comparison) = main.filter(|_| !protocol.analysis.synthetic.is_empty()) else {
            return;
        };
        let setting = layout.setting(comparison);
        let adjust = !grams.columns.is_empty();
        let classes = grams.class_count();
        let by_class: Vec<Result<Vec<Panel>, Refusal>> = (0..classes)
            .into_par_iter()
            .map(|class| panels(grams, class, &setting, adjust))
            .collect();
        let found: Vec<(Vec<EstimateRow>, Vec<SyntheticWeight>)> = (0..grams.outcome_count())
            .into_par_iter()
            .map(|outcome| {
                let class = grams.class_of[outcome];
                let at = (0..outcome).filter(|&k| grams.class_of[k] == class).count();
                let job = Job { protocol, grams, layout, options, comparison, outcome };
                let panel = by_class[class].as_ref().map(|panels| &panels[at]);
                job.rows(panel.map_err(Clone::clone))
            })
            .collect();
        for (rows, weights) in found {
            self.rows.extend(rows);
            self.synthetic_weights.extend(weights);
        }
    }
}

fn model(asked: SyntheticModel) -> Model {
    match asked {
        SyntheticModel::Sdid => Model::Sdid,
        SyntheticModel::Sc => Model::Sc,
        SyntheticModel::ScIntercept => Model::ScIntercept,
    }
}

impl Job<'_> {
    fn rows(&self, panel: Result<&Panel, Refusal>) -> (Vec<EstimateRow>, Vec<SyntheticWeight>) {
        let mut targets = vec![("main".to_owned(), self.layout.treated.clone())];
        if self.protocol.analysis.per_region {
            let name = |&r: &usize| (format!("region:{}", self.grams.regions[r]), vec![r]);
            targets.extend(self.layout.treated.iter().map(name));
        }
        let (mut rows, mut weights) = (Vec::new(), Vec::new());
        for (analysis, regions) in &targets {
            for &asked in &self.protocol.analysis.synthetic {
                let mut row = self.blank(analysis, asked);
                let found = panel.clone().and_then(|panel| self.solve(panel, regions, asked));
                match found {
                    Ok((panel, synthetic, placebo)) => {
                        self.fill(&mut row, &synthetic, &placebo);
                        weights.extend(self.weights(&row, &panel, &synthetic));
                    }
                    Err(refusal) => row.note = refusal.note(),
                }
                rows.push(row);
            }
        }
        (rows, weights)
    }

    fn solve(
        &self,
        panel: &Panel,
        regions: &[usize],
        asked: SyntheticModel,
    ) -> Result<(Panel, Synthetic, Placebo), Refusal> {
        let panel = panel.only(regions).ok_or(Refusal::NothingTreated)?;
        let synthetic = estimate(&panel, model(asked))?;
        let options =
            PlaceboOptions { draws: PLACEBOS, seed: self.options.seed, level: self.options.level };
        let placebo = placebo(&panel, &synthetic, &options)?;
        Ok((panel, synthetic, placebo))
    }

    fn blank(&self, analysis: &str, asked: SyntheticModel) -> EstimateRow {
        let spec = &self.protocol.outcomes[self.outcome];
        EstimateRow {
            outcome: spec.id.clone(),
            domain: spec.domain.clone(),
            analysis: analysis.to_owned(),
            comparison: self.protocol.comparisons[self.comparison].id.clone(),
            model: asked.as_str().to_owned(),
            estimand: "att".into(),
            method: "placebo".into(),
            ..EstimateRow::default()
        }
    }

    fn fill(&self, row: &mut EstimateRow, synthetic: &Synthetic, placebo: &Placebo) {
        row.estimate = Some(synthetic.estimate);
        row.std_error = Some(placebo.std_error);
        row.ci_low = Some(placebo.interval.0);
        row.ci_high = Some(placebo.interval.1);
        row.p_value = Some(placebo.p_value);
        let kind = if placebo.enumerated { "enumerated" } else { "draws" };
        let notes = [
            format!("{kind}: {}", placebo.estimates.len()),
            format!("rank_p_value: {}", placebo.rank_p_value),
            format!("permutation_floor: {}", placebo.floor),
            format!("pre_rmse: {}", synthetic.pre_rmse),
            format!("effective_controls: {}", synthetic.effective_controls()),
        ];
        row.note = notes.join("; ");
    }

    /// Weights above zero.
    fn weights(
        &self,
        row: &EstimateRow,
        panel: &Panel,
        synthetic: &Synthetic,
    ) -> Vec<SyntheticWeight> {
        let one = |kind: &str, id: String, weight: f64| SyntheticWeight {
            outcome: row.outcome.clone(),
            analysis: row.analysis.clone(),
            comparison: row.comparison.clone(),
            model: row.model.clone(),
            kind: kind.to_owned(),
            id,
            weight,
        };
        let regions = panel.controls.iter().zip(&synthetic.unit_weights);
        let periods = panel.pre.iter().zip(&synthetic.time_weights);
        regions
            .map(|(&r, &weight)| one("region", self.grams.regions[r].clone(), weight))
            .chain(periods.map(|(&t, &w)| one("period", self.grams.periods[t].to_string(), w)))
            .filter(|row| row.weight > 0.0)
            .collect()
    }
}
