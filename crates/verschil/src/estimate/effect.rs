//! One effect of one outcome: its rows, one per method of inference.

use verschil_stats::did::Target;
use verschil_stats::distribution::student_critical_at;
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::inference::{Inference, Question, method};
use verschil_stats::refusal::Refusal;
use verschil_study::RelativeBase;
use verschil_study::results::EstimateRow;

use super::{Solved, Work};

/// What one effect needs.
pub(super) struct EffectJob<'a> {
    pub(super) work: &'a Work<'a>,
    pub(super) solved: &'a Solved<'a>,
    pub(super) effect: usize,
    pub(super) outcome: usize,
    pub(super) at: usize,
}

/// Facts of an effect that do not depend on the method.
struct Facts {
    estimate: Result<Estimate, Refusal>,
    observed: Option<Estimate>,
    base: Option<Estimate>,
}

/// Writes a method's answer about an effect; the row says already what was observed.
pub(super) fn tell(row: &mut EstimateRow, value: f64, inference: &Inference) {
    row.estimate = Some(value);
    row.std_error = inference.std_error;
    row.statistic = inference.statistic;
    row.df = inference.df;
    row.p_value = inference.p_value;
    row.ci_low = inference.interval.map(|ends| ends.0).filter(|end| end.is_finite());
    row.ci_high = inference.interval.map(|ends| ends.1).filter(|end| end.is_finite());
    row.counterfactual = row.observed.map(|observed| observed - value);
    row.note = inference.remarks.join("; ");
}

impl EffectJob<'_> {
    /// One row per method of the protocol, one of them the headline.
    pub(super) fn rows(&self) -> Vec<EstimateRow> {
        let facts = self.facts();
        let methods = &self.solved.asked.methods;
        let mut rows: Vec<EstimateRow> =
            methods.iter().map(|method| self.row(method, &facts)).collect();
        let leads = |method: &str| {
            rows.iter().position(|row| row.method == method && row.estimate.is_some())
        };
        let asked = &self.work.protocol.analysis.headline;
        let headline = leads(asked)
            .or_else(|| leads("permutation"))
            .or_else(|| rows.iter().position(|row| row.method == *asked));
        if let Some(headline) = headline {
            rows[headline].headline = true;
        }
        rows
    }

    fn facts(&self) -> Facts {
        let (solved, cells) = (self.solved, &self.solved.design.effects[self.effect]);
        let mean = |periods: &[usize]| {
            solved.design.mean(&solved.fit, self.outcome, &cells.regions, periods)
        };
        let estimate = Estimate::from_fit(&solved.fit, &[self.effect], self.at);
        let observed = mean(&cells.periods);
        let base = match self.work.protocol.analysis.relative_base {
            RelativeBase::PreMean => mean(&solved.asked.setting.pre),
            RelativeBase::Counterfactual => {
                observed.clone().zip(estimate.as_ref().ok().cloned()).map(|(observed, estimate)| {
                    observed.join(estimate).map(|v| v[0] - v[1], &[1.0, -1.0])
                })
            }
        };
        Facts { estimate, observed, base }
    }

    fn blank(&self, method: &str) -> EstimateRow {
        let solved = self.solved;
        let spec = &self.work.protocol.outcomes[self.outcome];
        let cells = &solved.design.effects[self.effect];
        let before = matches!(cells.target, Target::Event(t) if self.work.layout.pre.contains(&t))
            || solved.asked.estimand() != "att";
        let units = solved.design.units(self.outcome, &cells.regions, &cells.periods);
        EstimateRow {
            outcome: spec.id.clone(),
            domain: spec.domain.clone(),
            analysis: self.work.name(
                solved.asked.label.clone().unwrap_or_else(|| solved.design.name(&cells.target)),
            ),
            comparison: self.work.comparison_id().to_owned(),
            model: "linear".into(),
            estimand: if before { "trend_difference".into() } else { "att".into() },
            method: method.to_owned(),
            n: Some(solved.fit.normal.n),
            n_treated_post: (!before).then_some(units),
            clusters: Some(solved.fit.clusters() as u64),
            clusters_treated: Some(solved.fit.normal.touched[self.effect].len() as u64),
            ..EstimateRow::default()
        }
    }

    fn row(&self, id: &str, facts: &Facts) -> EstimateRow {
        let mut row = self.blank(id);
        row.observed = facts.observed.as_ref().map(|observed| observed.values[0]);
        let answer = facts.estimate.as_ref().map_err(Clone::clone).and_then(|estimate| {
            let question = Question {
                fit: &self.solved.fit,
                term: self.effect,
                at: self.at,
                estimate,
                permutation: &self.solved.permutations[self.effect][self.at],
                matched: &self.solved.matched[self.effect][self.at],
                within: &self.solved.within,
                options: self.work.options,
            };
            let method =
                method(id).ok_or(Refusal::NotDefined { why: format!("no method {id}") })?;
            Ok((estimate, (method.infer)(&question)?))
        });
        match answer {
            Ok((estimate, inference)) => self.fill(&mut row, estimate, &inference, facts),
            Err(refusal) => row.note = refusal.note(),
        }
        row
    }

    fn fill(
        &self,
        row: &mut EstimateRow,
        estimate: &Estimate,
        inference: &Inference,
        facts: &Facts,
    ) {
        tell(row, estimate.values[0], inference);
        let spec = &self.work.protocol.outcomes[self.outcome];
        let positive = facts.base.as_ref().filter(|base| base.values[0] > 0.0);
        if let Some(base) = positive.filter(|_| spec.relative && row.estimand == "att") {
            self.relative(row, estimate, inference, base, facts);
        }
    }

    /// The effect as a percentage of its base, with the uncertainty of both where the method has
    /// a covariance; else the interval's ends over the base, taken as known.
    fn relative(
        &self,
        row: &mut EstimateRow,
        estimate: &Estimate,
        inference: &Inference,
        base: &Estimate,
        facts: &Facts,
    ) {
        let scale = 100.0 / base.values[0];
        let mut estimate = estimate.clone();
        if let Some(adjusted) = &inference.adjusted {
            estimate.influence[0].clone_from(adjusted);
        }
        let level = self.work.options.level;
        let spread = inference
            .covariance
            .zip(inference.df)
            .map(|(kind, df)| (kind, student_critical_at(level, df)));
        row.base = Some(base.values[0]);
        row.relative = Some(scale * estimate.values[0]);
        let ends = match (spread, self.work.protocol.analysis.relative_base) {
            (Some((kind, critical)), RelativeBase::PreMean) => {
                let ratio = estimate.join(base.clone()).ratio(0, 1);
                ratio.std_error(0, kind).ok().map(|se| {
                    let reach = se * critical;
                    (100.0 * (ratio.values[0] - reach), 100.0 * (ratio.values[0] + reach))
                })
            }
            (Some((kind, critical)), RelativeBase::Counterfactual) => facts
                .observed
                .as_ref()
                .and_then(|observed| log_ratio(estimate, observed, kind, critical)),
            (None, _) => inference.interval.map(|(low, high)| (scale * low, scale * high)),
        };
        row.relative_ci_low = ends.map(|ends| ends.0).filter(|end| end.is_finite());
        row.relative_ci_high = ends.map(|ends| ends.1).filter(|end| end.is_finite());
    }
}

/// Interval of observed over counterfactual on the log scale, as a percentage.
fn log_ratio(
    estimate: Estimate,
    observed: &Estimate,
    kind: Covariance,
    critical: f64,
) -> Option<(f64, f64)> {
    let (att, level) = (estimate.values[0], observed.values[0]);
    let without = level - att;
    if level <= 0.0 || without <= 0.0 {
        return None;
    }
    let gradient = [1.0 / without, 1.0 / level - 1.0 / without];
    let ratio = estimate.join(observed.clone()).map(|v| (v[1] / (v[1] - v[0])).ln(), &gradient);
    let reach = ratio.std_error(0, kind).ok()? * critical;
    let percent = |log: f64| 100.0 * (log.exp() - 1.0);
    Some((percent(ratio.values[0] - reach), percent(ratio.values[0] + reach)))
}
