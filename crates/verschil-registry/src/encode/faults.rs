//! What is wrong with the values of a population, by count only.

use verschil_study::{Covariate, CovariateKind, OutcomeKind, Problem, WeightKind};

use super::Encoder;

/// Most levels of a categorical covariate.
pub(crate) const MAX_LEVELS: usize = 2_000;

impl Encoder<'_> {
    /// What was wrong with the values, by count only.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = self.outcome_problems();
        problems.extend(self.weight_problem());
        problems.extend(self.cluster_problem());
        problems.extend(self.treatment_problem());
        problems.extend(self.level_problems());
        problems.extend(self.register_problem());
        problems
    }

    fn register_problem(&self) -> Option<Problem> {
        let register = self.protocol.region.register.as_ref()?;
        let unknown: Vec<&str> = self.tally.unknown(&self.regions).collect();
        (!unknown.is_empty()).then(|| {
            let more = if unknown.len() > 5 { ", ..." } else { "" };
            let shown = unknown.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            Problem::error("unregistered-region", "the register does not know some regions")
                .at(&register.place)
                .found(format!("{} regions: {shown}{more}", unknown.len()))
                .allowed("regions with an entry that is valid in the row's period")
                .hint("add an entry, or a predecessor with its successor, or exclude these rows")
        })
    }

    fn outcome_problems(&self) -> Vec<Problem> {
        let bad =
            self.bad_outcomes.iter().zip(&self.protocol.outcomes).filter(|(bad, _)| **bad > 0);
        bad.map(|(bad, outcome)| {
            let allowed = match (outcome.kind, outcome.value_decimals) {
                (OutcomeKind::Binary, _) => "0 and 1".to_owned(),
                (_, None) => "finite numbers".to_owned(),
                (_, Some(n)) => format!("numbers below 10^{} in size", 15 - n),
            };
            Problem::error("outcome-values", format!("outcome `{}` has other values", outcome.id))
                .at(&outcome.value.place)
                .found(format!("{bad} rows"))
                .allowed(allowed)
                .hint("declare another kind, or write the value as a condition")
        })
        .collect()
    }

    fn weight_problem(&self) -> Option<Problem> {
        let weights = self.protocol.weights.as_ref().filter(|_| self.attrition.bad_weights > 0)?;
        let allowed = match weights.kind {
            WeightKind::Frequency => "whole numbers from 0",
            WeightKind::Analytic => "numbers from 0",
        };
        Some(
            Problem::error("weight-values", "some weights cannot be weights")
                .at(&weights.value.place)
                .found(format!("{} rows", self.attrition.bad_weights))
                .allowed(allowed),
        )
    }

    fn cluster_problem(&self) -> Option<Problem> {
        let split = self.split_regions.len();
        let cluster = self.protocol.region.cluster.as_ref().filter(|_| split > 0)?;
        Some(
            Problem::error("split-region", "a region lies in more than one cluster")
                .at(&cluster.place)
                .found(format!("{split} regions"))
                .allowed("one cluster for all rows of a region")
                .hint("choose a coarser cluster, or make the region the combination of both"),
        )
    }

    fn treatment_problem(&self) -> Option<Problem> {
        let partly = self.treated.iter().filter(|seen| seen[0] && seen[1]).count();
        let condition = self.protocol.treatment.condition.as_ref().filter(|_| partly > 0)?;
        Some(
            Problem::error("partly-treated", "the condition holds in some rows of a region only")
                .at(&condition.place)
                .found(format!("{partly} regions"))
                .allowed("the same answer for all rows of a region, before and after the start")
                .hint("use a property of the region, not of the row or the period"),
        )
    }

    fn level_problems(&self) -> Vec<Problem> {
        let categorical = |c: &&Covariate| c.kind == CovariateKind::Categorical;
        let covariates = self.protocol.covariates.iter().filter(categorical);
        let over =
            self.levels.iter().zip(covariates).filter(|(coder, _)| coder.kept() > MAX_LEVELS);
        over.map(|(_, covariate)| too_many_levels(covariate)).collect()
    }
}

/// A covariate that is no category.
pub(crate) fn too_many_levels(covariate: &Covariate) -> Problem {
    let message = format!("covariate `{}` has too many levels", covariate.id);
    Problem::error("too-many-levels", message)
        .at(&covariate.value.place)
        .allowed(format!("at most {MAX_LEVELS}"))
        .hint("is it numeric, or a key? declare kind = \"numeric\" or group its values")
}
