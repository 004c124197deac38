//! Every outcome, comparison, analysis and method: the rows of `estimates.csv`.

mod clusters;
mod effect;
mod exchange;
pub mod models;
mod synthetic;
mod trend;
mod weighted;

use rayon::prelude::*;
use verschil_stats::did::{Analysis, Design, Setting, Subclusters, Target};
use verschil_stats::estimate::SmallSample;
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::inference::Options;
use verschil_stats::permutation::PermutationResult;
use verschil_stats::placebo::{LeftOut, leave_one_region_out};
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::Draws;
use verschil_study::results::{ClusterRow, EstimateRow, Finding, SyntheticWeight, TrendCheck};
use verschil_study::{Protocol, WildWeights};

use crate::layout::Layout;
use effect::EffectJob;
pub use weighted::LINKAGE_WEIGHTED;

/// What estimation gives.
#[derive(Debug, Clone, Default)]
pub struct Estimates {
    /// Rows in the order of comparison, outcome, analysis, method; those of weighted linked units
    /// come after all others.
    pub rows: Vec<EstimateRow>,
    /// One per outcome and comparison.
    pub trend_checks: Vec<TrendCheck>,
    /// One per outcome, comparison and cluster.
    pub clusters: Vec<ClusterRow>,
    /// Weights of estimators with weighted controls.
    pub synthetic_weights: Vec<SyntheticWeight>,
    /// Collinear columns and refusals.
    pub findings: Vec<Finding>,
}

/// Everything that one comparison's estimation needs.
pub(crate) struct Work<'a> {
    pub(crate) protocol: &'a Protocol,
    pub(crate) grams: &'a Grams,
    pub(crate) layout: &'a Layout,
    pub(crate) options: &'a Options,
    pub(crate) comparison: usize,
    /// Whether the sums are those of weighted linked units: then there is a pooled effect alone.
    pub(crate) weighted: bool,
}

/// A design that is to be solved, and what its rows are called.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) analysis: Analysis,
    pub(crate) setting: Setting,
    /// Name of its only effect, where that is not the design's own.
    pub(crate) label: Option<String>,
    /// Methods of inference.
    pub(crate) methods: Vec<String>,
}

impl Asked {
    /// What its pooled effect is: before the start there is no effect, only a difference in trends.
    pub(crate) fn estimand(&self) -> &'static str {
        let placebo = self.label.as_ref().is_some_and(|label| label.starts_with("placebo:"));
        if placebo { "trend_difference" } else { "att" }
    }
}

/// A design solved for a class, with the permutation test of each effect and outcome.
pub(crate) struct Solved<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) design: Design<'a>,
    pub(crate) fit: Fit,
    /// [effect][outcome of the class].
    pub(crate) permutations: Vec<Vec<Result<PermutationResult, Refusal>>>,
    /// The same within matched sets.
    pub(crate) matched: Vec<Vec<Result<PermutationResult, Refusal>>>,
    /// Its sums by region, for methods that draw for regions.
    pub(crate) within: Result<Subclusters, Refusal>,
}

/// Choices of the protocol that every method needs.
#[must_use]
pub fn options(protocol: &Protocol, seed: u64) -> Options {
    let analysis = &protocol.analysis;
    let many = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Options {
        level: analysis.level,
        small_sample: match analysis.small_sample {
            verschil_study::SmallSample::Fixest => SmallSample::Fixest,
            verschil_study::SmallSample::Stata => SmallSample::Stata,
        },
        wild_draws: match analysis.wild_weights {
            WildWeights::Rademacher => Draws::Rademacher,
            WildWeights::Webb => Draws::Webb,
        },
        wild_count: many(analysis.wild_draws),
        permutation_budget: many(analysis.permutation_budget),
        seed,
    }
}

/// Estimates everything the protocol asks for.
#[must_use]
pub fn estimate(
    protocol: &Protocol,
    grams: &Grams,
    layout: &Layout,
    options: &Options,
) -> Estimates {
    let found: Vec<Estimates> = (0..protocol.comparisons.len())
        .into_par_iter()
        .map(|comparison| {
            Work { protocol, grams, layout, options, comparison, weighted: false }.run()
        })
        .collect();
    let mut all = Estimates::default();
    found.into_iter().for_each(|found| all.extend(found));
    all
}

impl Estimates {
    fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.trend_checks.extend(other.trend_checks);
        self.clusters.extend(other.clusters);
        self.findings.extend(other.findings);
    }
}

/// Findings about a sample class, and what was found for each of its outcomes.
type OfClass = (Vec<Finding>, Vec<(usize, Estimates)>);

impl Work<'_> {
    pub(crate) fn comparison_id(&self) -> &str {
        &self.protocol.comparisons[self.comparison].id
    }

    fn run(&self) -> Estimates {
        let settings = self.settings();
        let classes = self.grams.class_count();
        let by_class: Vec<OfClass> =
            (0..classes).into_par_iter().map(|class| self.class(class, &settings)).collect();
        let mut all = Estimates::default();
        let mut by_outcome: Vec<Estimates> = vec![Estimates::default(); self.grams.outcome_count()];
        for (findings, found) in by_class {
            all.findings.extend(findings);
            for (outcome, estimates) in found {
                by_outcome[outcome] = estimates;
            }
        }
        by_outcome.into_iter().for_each(|found| all.extend(found));
        all
    }

    /// Findings about a sample class, and what was found for each of its outcomes.
    fn class(&self, class: usize, settings: &[Asked]) -> OfClass {
        let outcomes: Vec<usize> = self.grams.outcomes_of(class).collect();
        let solved: Vec<(&Asked, Result<Solved, Refusal>)> = settings
            .par_iter()
            .map(|asked| {
                let design = Design::new(self.grams, class, &asked.setting, asked.analysis);
                (asked, design.map(|design| self.solve(asked, design, outcomes.len())))
            })
            .collect();
        let findings = match solved.first() {
            Some((_, Ok(pooled))) => self.collinear(pooled, &outcomes),
            _ => Vec::new(),
        };
        let found = outcomes
            .par_iter()
            .enumerate()
            .map(|(at, &outcome)| (outcome, self.outcome(&solved, outcome, at)))
            .collect();
        (findings, found)
    }

    /// The main comparison gets every analysis; the others the pooled effect and the event study
    /// that its trend check reads.
    fn settings(&self) -> Vec<Asked> {
        let spec = &self.protocol.analysis;
        let main = self.protocol.comparisons[self.comparison].main;
        let whole = self.layout.setting(self.comparison);
        let asked = |analysis: Analysis, setting: Setting| Asked {
            analysis,
            setting,
            label: None,
            methods: spec.methods.clone(),
        };
        let mut list = vec![asked(Analysis::Pooled, whole.clone())];
        if self.weighted {
            return list;
        }
        if main && spec.per_region && spec.separate {
            let alone = |&region: &usize| Setting { treated: vec![region], ..whole.clone() };
            list.extend(whole.treated.iter().map(|r| asked(Analysis::PerRegion, alone(r))));
        } else if main && spec.per_region {
            list.push(asked(Analysis::PerRegion, whole.clone()));
        }
        if main && spec.per_period {
            list.push(asked(Analysis::PerPeriod, whole.clone()));
        }
        if main {
            list.extend(self.placebos(&whole));
            list.extend(self.without_each_region(&whole));
        }
        if spec.event_study {
            list.push(asked(Analysis::EventStudy, whole));
        }
        list
    }

    /// The periods before the start, with a start among them that never was.
    fn placebos(&self, whole: &Setting) -> Vec<Asked> {
        let spec = &self.protocol.analysis;
        let one = |&start: &i64| {
            let (post, pre): (Vec<usize>, Vec<usize>) =
                whole.pre.iter().partition(|&&t| self.grams.periods[t] >= start);
            let reference = pre.last().copied().unwrap_or(whole.reference);
            Asked {
                analysis: Analysis::Pooled,
                setting: Setting { pre, post, reference, ..whole.clone() },
                label: Some(format!("placebo:{start}")),
                methods: spec.methods.clone(),
            }
        };
        spec.placebo_starts.iter().map(one).collect()
    }

    /// The main effect without each region in turn, by the method that leads.
    fn without_each_region(&self, whole: &Setting) -> Vec<Asked> {
        if !self.protocol.analysis.leave_one_out {
            return Vec::new();
        }
        let one = |left: LeftOut| {
            // an arm of one region cannot be without it
            let setting = left.setting.ok()?;
            Some(Asked {
                analysis: Analysis::Pooled,
                setting,
                label: Some(format!("leave_out:{}", self.grams.regions[left.region])),
                methods: vec![self.protocol.analysis.headline.clone()],
            })
        };
        leave_one_region_out(whole).into_iter().filter_map(one).collect()
    }

    fn outcome(
        &self,
        solved: &[(&Asked, Result<Solved, Refusal>)],
        outcome: usize,
        at: usize,
    ) -> Estimates {
        let mut found = Estimates::default();
        for (asked, solved) in solved {
            match solved {
                Ok(solved) if solved.fit.varies(at) => {
                    for effect in self.shown(solved) {
                        let job = EffectJob { work: self, solved, effect, outcome, at };
                        found.rows.extend(job.rows());
                    }
                    let pooled = asked.analysis == Analysis::Pooled && asked.label.is_none();
                    if pooled && !self.weighted && !self.protocol.study.blind {
                        found.clusters.extend(self.clusters(solved, outcome, at));
                    }
                }
                Ok(_) => self.refuse(&mut found, asked, outcome, &Refusal::ConstantOutcome),
                Err(refusal) => self.refuse(&mut found, asked, outcome, refusal),
            }
        }
        let check = self.trend_check(solved, outcome, at, &found.rows);
        if let Some(check) = check.filter(|_| !self.weighted) {
            found.rows.iter_mut().for_each(|row| row.trend_holds = check.holds);
            found.trend_checks.push(check);
        }
        found
    }

    /// Effects that get rows: all of them, but in a blind run no period from the start on.
    fn shown<'b>(&'b self, solved: &'b Solved) -> impl Iterator<Item = usize> + 'b {
        let effects = solved.design.effects.iter().enumerate();
        let after =
            |target: &Target| matches!(target, Target::Event(t) if self.layout.post.contains(t));
        let blind = self.protocol.study.blind;
        effects.filter(move |(_, cells)| !blind || !after(&cells.target)).map(|(at, _)| at)
    }

    /// An analysis that the data cannot bear: its rows for the pooled effect, and a finding.
    fn refuse(&self, found: &mut Estimates, asked: &Asked, outcome: usize, why: &Refusal) {
        let spec = &self.protocol.outcomes[outcome];
        let analysis = asked.analysis;
        if analysis == Analysis::Pooled {
            found.rows.extend(asked.methods.iter().map(|method| EstimateRow {
                outcome: spec.id.clone(),
                domain: spec.domain.clone(),
                analysis: self.name(asked.label.clone().unwrap_or_else(|| "main".into())),
                comparison: self.comparison_id().to_owned(),
                model: "linear".into(),
                estimand: asked.estimand().into(),
                method: method.clone(),
                headline: *method == self.protocol.analysis.headline,
                note: why.note(),
                ..EstimateRow::default()
            }));
        }
        found.findings.push(Finding {
            id: why.code().into(),
            verdict: "refusal".into(),
            outcome: spec.id.clone(),
            comparison: self.comparison_id().to_owned(),
            statistic: None,
            message: format!("{analysis:?}: {why}"),
        });
    }

    fn collinear(&self, solved: &Solved, outcomes: &[usize]) -> Vec<Finding> {
        let names: Vec<String> = self.protocol.covariates.iter().map(|c| c.id.clone()).collect();
        let dropped = solved.fit.collinear(self.grams, &names);
        let finding = |&outcome: &usize| Finding {
            id: "collinear".into(),
            verdict: "caution".into(),
            outcome: self.protocol.outcomes[outcome].id.clone(),
            comparison: self.comparison_id().to_owned(),
            statistic: None,
            message: format!(
                "left out because regions, periods and other covariates explain them: {}",
                dropped.join(", ")
            ),
        };
        if dropped.is_empty() { Vec::new() } else { outcomes.iter().map(finding).collect() }
    }
}
