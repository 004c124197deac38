//! The specification curve: the protocol's choices crossed, each combination a setting of the
//! design, solved from the sums that are there.

use std::collections::BTreeSet;

use verschil_stats::cells::Cells;
use verschil_stats::curve::{self, Curve, Options, Point};
use verschil_stats::did::Setting;
use verschil_stats::glm::{Model as Glm, Rows};
use verschil_stats::grams::Grams;
use verschil_stats::refusal::Refusal;
use verschil_study::results::{CurveRow, SpecificationRow};
use verschil_study::{
    CovariateSets, Model, Outcome, Protocol, SpecificationCurve, TransitionChoice,
};

use crate::estimate::models::beside_linear;
use crate::layout::Layout;

/// One combination of choices.
struct Combination {
    comparison: usize,
    /// Positions of the covariates in the model.
    covariates: Vec<usize>,
    first: i64,
    last: i64,
    transition: TransitionChoice,
    setting: Setting,
}

/// Every combination for every outcome, and what they say together; nothing when the protocol asks
/// for no curve.
#[must_use]
pub fn curves(
    protocol: &Protocol,
    (grams, cells): (&Grams, Option<&Cells>),
    layout: &Layout,
    seed: u64,
) -> (Vec<SpecificationRow>, Vec<CurveRow>) {
    let Some(asked) = &protocol.specification_curve else {
        return (Vec::new(), Vec::new());
    };
    let combinations = combinations(protocol, asked, grams, layout);
    let settings: Vec<Setting> = combinations.iter().map(|c| c.setting.clone()).collect();
    let options = Options {
        level: protocol.analysis.level,
        permutations: usize::try_from(asked.permutations).unwrap_or(usize::MAX),
        seed,
    };
    let mut by_outcome: Vec<Option<Curve>> = vec![None; grams.outcome_count()];
    for class in 0..grams.class_count() {
        let outcomes = grams.outcomes_of(class);
        for (outcome, found) in outcomes.zip(curve::curves(grams, class, &settings, &options)) {
            by_outcome[outcome] = Some(found);
        }
    }
    let other = Other::new(protocol, asked, (grams, cells));
    let mut rows = Vec::new();
    let mut told = Vec::new();
    for (outcome, curve) in by_outcome.into_iter().enumerate() {
        let Some(mut curve) = curve else { continue };
        let spec = &protocol.outcomes[outcome];
        let mut models = vec![("linear", 0, curve.points.clone())];
        for (at, model) in other.fitting(spec) {
            let points = other.points(&settings, (outcome, model), options.level);
            curve = curve.with(points.clone(), options.level);
            models.push((model.id(), at, points));
        }
        for (model, at, points) in models {
            for (combination, (number, point)) in combinations.iter().zip((1..).zip(&points)) {
                let mut row = combination.row(protocol, layout, grams);
                row.specification = (number + at * combinations.len()) as u64;
                row.outcome.clone_from(&spec.id);
                row.main &= model == "linear";
                model.clone_into(&mut row.model);
                fill(&mut row, point);
                rows.push(row);
            }
        }
        told.extend(summary(&spec.id, &curve));
    }
    (rows, told)
}

/// Models beside the linear one, which need cells.
struct Other<'a> {
    asked: Vec<Model>,
    grams: &'a Grams,
    cells: Option<(&'a Cells, Result<Rows, Refusal>)>,
}

impl<'a> Other<'a> {
    fn new(
        protocol: &Protocol,
        asked: &SpecificationCurve,
        (grams, cells): (&'a Grams, Option<&'a Cells>),
    ) -> Self {
        let names: Vec<String> = protocol.covariates.iter().map(|c| c.id.clone()).collect();
        let beside = asked.models.iter().copied().filter(|model| *model != Model::Linear);
        let asked: Vec<Model> = beside.collect();
        let cells = cells.filter(|_| !asked.is_empty());
        let cells = cells.map(|cells| (cells, Rows::new(cells, grams, &names)));
        Self { asked, grams, cells }
    }

    /// Those that fit an outcome, with their places among all: combinations have the same numbers
    /// whatever the outcome.
    fn fitting(&self, outcome: &Outcome) -> Vec<(usize, Glm)> {
        let of = |at: usize| beside_linear(&self.asked[at..=at], outcome).map(move |m| (1 + at, m));
        (0..self.asked.len()).flat_map(of).collect()
    }

    fn points(
        &self,
        settings: &[Setting],
        of: (usize, Glm),
        level: f64,
    ) -> Vec<Result<Point, Refusal>> {
        let refused = |why: Refusal| vec![Err(why); settings.len()];
        match &self.cells {
            Some((cells, Ok(rows))) => {
                curve::model_points(self.grams, (rows, cells), settings, of, level)
            }
            Some((_, Err(why))) => refused(why.clone()),
            None => refused(Refusal::NotDefined { why: "there are no cells".to_owned() }),
        }
    }
}

/// Said of every combination that the test of the whole curve does not look at.
const NOT_TESTED: &str = "not_tested: the permutation test of the curve is of linear models";

fn fill(row: &mut SpecificationRow, point: &Result<Point, Refusal>) {
    if row.model != "linear" {
        row.note = NOT_TESTED.to_owned();
    }
    match point {
        Err(refusal) => row.note = refusal.note(),
        Ok(point) => {
            row.estimate = Some(point.estimate);
            row.n = Some(point.n);
            match &point.inference {
                Err(refusal) if row.note.is_empty() => row.note = refusal.note(),
                Err(refusal) => row.note = format!("{}; {}", refusal.note(), row.note),
                Ok(sure) => {
                    row.std_error = Some(sure.std_error);
                    row.ci_low = Some(sure.interval.0);
                    row.ci_high = Some(sure.interval.1);
                    row.p_value = Some(sure.p_value);
                }
            }
        }
    }
}

fn summary(outcome: &str, curve: &Curve) -> Option<CurveRow> {
    let summary = curve.summary?;
    Some(CurveRow {
        outcome: outcome.to_owned(),
        specifications: summary.specifications as u64,
        median: summary.median,
        lowest: summary.range.0,
        highest: summary.range.1,
        share_same_sign: summary.share_same_sign,
        share_significant: summary.share_significant,
        tested: summary.test.map(|test| test.specifications as u64),
        draws: summary.test.map_or(0, |test| test.draws as u64),
        p_median: summary.test.map(|test| test.p_median),
        p_significant: summary.test.and_then(|test| test.p_significant),
    })
}

impl Combination {
    fn row(&self, protocol: &Protocol, layout: &Layout, grams: &Grams) -> SpecificationRow {
        let comparison = &protocol.comparisons[self.comparison];
        let ids: Vec<&str> =
            self.covariates.iter().map(|&c| protocol.covariates[c].id.as_str()).collect();
        let (first, last) = ends(grams, &layout.setting(self.comparison));
        let main = comparison.main
            && ids.len() == protocol.covariates.len()
            && (self.first, self.last) == (first, last)
            && self.transition == TransitionChoice::Dropped;
        SpecificationRow {
            comparison: comparison.id.clone(),
            covariates: ids.join(" "),
            first: self.first,
            last: self.last,
            transition: self.transition.as_str().to_owned(),
            main,
            ..SpecificationRow::default()
        }
    }
}

/// First and last period of a setting.
fn ends(grams: &Grams, setting: &Setting) -> (i64, i64) {
    let periods = || setting.pre.iter().chain(&setting.post).map(|&t| grams.periods[t]);
    (periods().min().unwrap_or_default(), periods().max().unwrap_or_default())
}

/// Every combination that differs from those before it: a window that starts before the data is
/// the same as one that starts with them.
fn combinations(
    protocol: &Protocol,
    asked: &SpecificationCurve,
    grams: &Grams,
    layout: &Layout,
) -> Vec<Combination> {
    let wanted = |c: &usize| {
        asked.comparisons.is_empty() || asked.comparisons.contains(&protocol.comparisons[*c].id)
    };
    let sets = covariate_sets(&asked.covariates, protocol.covariates.len());
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for comparison in (0..protocol.comparisons.len()).filter(wanted) {
        let whole = ends(grams, &layout.setting(comparison));
        for window in windows(asked, whole) {
            for &transition in &asked.transition {
                let base = windowed(grams, layout, comparison, window, transition);
                let (first, last) = ends(grams, &base);
                for covariates in &sets {
                    let setting = without_others(grams, base.clone(), covariates);
                    let periods = [setting.pre.clone(), setting.post.clone()];
                    if seen.insert((comparison, periods, covariates.clone())) {
                        let covariates = covariates.clone();
                        found.push(Combination {
                            comparison,
                            covariates,
                            first,
                            last,
                            transition,
                            setting,
                        });
                    }
                }
            }
        }
    }
    found
}

/// Pairs of first and last period.
fn windows(asked: &SpecificationCurve, whole: (i64, i64)) -> Vec<(i64, i64)> {
    let first = or_one(&asked.first, &whole.0);
    let last = or_one(&asked.last, &whole.1);
    first.iter().flat_map(|&first| last.iter().map(move |&last| (first, last))).collect()
}

fn or_one<'a>(named: &'a [i64], otherwise: &'a i64) -> &'a [i64] {
    if named.is_empty() { std::slice::from_ref(otherwise) } else { named }
}

/// Sets of covariates, by position, each once.
fn covariate_sets(asked: &[CovariateSets], covariates: usize) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..covariates).collect();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for kind in asked {
        match kind {
            CovariateSets::All => sets.push(all.clone()),
            CovariateSets::None => sets.push(Vec::new()),
            CovariateSets::EachLeftOut => sets.extend(
                all.iter().map(|out| all.iter().copied().filter(|c| c != out).collect::<Vec<_>>()),
            ),
            CovariateSets::Subsets => sets.extend((0..1_u64 << covariates).map(|bits| {
                all.iter().copied().filter(|c| bits >> c & 1 == 1).collect::<Vec<_>>()
            })),
        }
    }
    let mut seen = BTreeSet::new();
    sets.retain(|set| seen.insert(set.clone()));
    sets
}

/// The setting of a comparison within a window.
fn windowed(
    grams: &Grams,
    layout: &Layout,
    comparison: usize,
    (first, last): (i64, i64),
    transition: TransitionChoice,
) -> Setting {
    let mut setting = layout.setting(comparison);
    let inside = |t: &usize| (first..=last).contains(&grams.periods[*t]);
    setting.pre.retain(inside);
    setting.post.retain(inside);
    if transition == TransitionChoice::Treated {
        setting.post.extend(layout.transition.iter().copied().filter(inside));
        setting.post.sort_unstable();
    }
    setting
}

/// The setting with the columns of these covariates alone.
fn without_others(grams: &Grams, mut setting: Setting, covariates: &[usize]) -> Setting {
    let out =
        (0..grams.columns.len()).filter(|&at| !covariates.contains(&grams.columns[at].covariate));
    setting.references.extend(out);
    setting.references.sort_unstable();
    setting.references.dedup();
    setting
}
