//! The wild cluster bootstrap as it is defined: new outcomes on rows, the regression run again.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::{
    Draws, Null, Residuals, Wild, WildResult, subcluster_bootstrap, wild_bootstrap,
};

use crate::assert_close;
use crate::dense::Solved;
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Study, WEIGHTINGS};

/// |t| within this share of the observed one is the observed one again (the draws 1 and -1): rows
/// and Grams round differently, and the data are continuous, so nothing else comes as near.
const TIE: f64 = 1e-9;

/// Null and residuals of a bootstrap.
type Kind = (Null, Residuals);

const KINDS: [Kind; 4] = [
    (Null::Imposed, Residuals::Fitted),
    (Null::Free, Residuals::Fitted),
    (Null::Imposed, Residuals::Jackknifed),
    (Null::Free, Residuals::Jackknifed),
];

/// One term of one outcome, on rows.
struct Resampled {
    full: Regression,
    /// The regression without the term.
    rest: Regression,
    term: usize,
    column: Vec<f64>,
    /// For each row the position of its draw in a sign vector.
    drawn: Vec<usize>,
    signs: Vec<Vec<f64>>,
}

impl Resampled {
    fn new(study: &Study, outcome: usize, terms: &[Profile], term: usize) -> Self {
        let others: Vec<Profile> =
            (0..terms.len()).filter(|&j| j != term).map(|j| terms[j].clone()).collect();
        let full = Regression::new(study, outcome, terms, |_| true);
        let clusters = full.names.len();
        let sign = |bits: usize, c: usize| if bits >> c & 1 == 1 { -1.0 } else { 1.0 };
        Self {
            rest: Regression::new(study, outcome, &others, |_| true),
            term,
            column: full.term_columns[term].clone(),
            drawn: full.cluster.clone(),
            signs: (0..1usize << clusters)
                .map(|bits| (0..clusters).map(|c| sign(bits, c)).collect())
                .collect(),
            full,
        }
    }

    fn estimate(&self) -> f64 {
        self.full.coefficient(&self.full.y, self.term).expect("identified")
    }

    fn std_error(&self) -> f64 {
        self.full.cr0(&self.full.y, self.term)
    }

    /// Fitted values of the model that the draws are put upon, the residuals that are drawn for,
    /// and the model's effect.
    fn source(&self, (null, residuals): Kind, r: f64) -> (Vec<f64>, Vec<f64>, f64) {
        let y = &self.full.y;
        let (model, moved, effect) = match null {
            Null::Free => (&self.full, y.clone(), self.estimate()),
            Null::Imposed => {
                let moved = y.iter().zip(&self.column).map(|(y, d)| y - r * d).collect();
                (&self.rest, moved, r)
            }
        };
        let left = model.residuals(&moved);
        let fitted = y.iter().zip(&left).map(|(y, e)| y - e).collect();
        let drawn = match residuals {
            Residuals::Fitted => left,
            Residuals::Jackknifed => jackknifed(model, &moved),
        };
        (fitted, drawn, effect)
    }

    fn p_value(&self, kind: Kind, r: f64) -> f64 {
        let observed = ((self.estimate() - r) / self.std_error()).abs();
        let (fitted, left, effect) = self.source(kind, r);
        let extreme = self.signs.iter().filter(|signs| {
            let y: Vec<f64> =
                (0..left.len()).map(|i| fitted[i] + signs[self.drawn[i]] * left[i]).collect();
            let beta = self.full.coefficient(&y, self.term).expect("identified");
            let t = (beta - effect) / self.full.cr0(&y, self.term);
            t.abs() >= observed * (1.0 - TIE)
        });
        #[allow(clippy::cast_precision_loss)]
        let share = extreme.count() as f64 / self.signs.len() as f64;
        share
    }
}

/// What the model without a cluster leaves of the cluster's own rows, one cluster after the other.
pub fn jackknifed(model: &Regression, y: &[f64]) -> Vec<f64> {
    let mut left = vec![0.0; y.len()];
    for cluster in 0..model.names.len() {
        let other = |row: usize, value: f64| {
            if model.cluster[row] == cluster { 0.0 } else { value }
        };
        let without = |column: &Vec<f64>| -> Vec<f64> {
            column.iter().enumerate().map(|(row, &x)| other(row, x)).collect()
        };
        let columns: Vec<Vec<f64>> = model.design.iter().map(without).collect();
        let beta = Solved::new(&columns).coefficients(&without(&y.to_vec()));
        for row in (0..y.len()).filter(|&row| model.cluster[row] == cluster) {
            let fitted: f64 = beta.iter().zip(&model.design).map(|(b, x)| b * x[row]).sum();
            left[row] = y[row] - fitted;
        }
    }
    left
}

fn settings((null, residuals): Kind) -> Wild {
    Wild { null, residuals, draws: Draws::Rademacher, count: 1 << 14, seed: 1 }
}

fn run(fit: &Fit, term: usize, at: usize, kind: Kind, level: f64) -> WildResult {
    wild_bootstrap(fit, term, at, &settings(kind), level).expect("identified")
}

/// p(r) from the crate's own Grams of y - r d, where its p-value is that of a zero effect.
fn p_on_moved_outcome(
    study: &Study,
    outcome: usize,
    design_term: &Profile,
    kind: Kind,
    r: f64,
) -> f64 {
    let mut moved = study.clone();
    for row in &mut moved.rows {
        row.outcomes[outcome] -= r * design_term[row.region][row.period];
    }
    let grams = moved.grams();
    let setting = moved.setting(&grams);
    let class = grams.class_of[outcome];
    let fit = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design").fit();
    let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
    run(&fit, 0, at, kind, 0.95).p_value
}

fn check_interval(rows: &Resampled, kind: Kind, result: &WildResult, alpha: f64, what: &str) {
    let (estimate, se) = (rows.estimate(), rows.std_error());
    // nearer than two jumps of p(r); farther than what the two tolerances for ties move a jump,
    // also where t* and t drift apart by as little as 1e-4 of themselves per standard error
    let step = 1e-5 * se;
    let ends = result.accepted.iter().flat_map(|&(low, high)| [(low, -1.0), (high, 1.0)]);
    for (end, side) in ends {
        if end.is_infinite() {
            let far = rows.p_value(kind, estimate + side * 1e4 * se);
            assert!(end == side * f64::INFINITY && far > alpha, "{what}: p is {far} far away");
            continue;
        }
        let inside = rows.p_value(kind, end - side * step);
        let outside = rows.p_value(kind, end + side * step);
        assert!(inside > alpha, "{what}: p is {inside} just inside {end}");
        assert!(outside <= alpha, "{what}: p is {outside} just outside {end}");
    }
    let hull = (result.accepted[0].0, result.accepted[result.accepted.len() - 1].1);
    assert_eq!(hull, result.interval, "{what}");
}

fn studies() -> impl Iterator<Item = Study> {
    (0..8).map(|seed| {
        let at = usize::try_from(seed).expect("small");
        let (regions, treated) = (6 + at % 3, 2 + at % 2);
        let plan = Plan { seed: 700 + seed, regions, treated, weighting: WEIGHTINGS[at % 3] };
        let study = Study::random(plan);
        if at == 7 { study.paired() } else { study }
    })
}

#[test]
fn resampling_rows_gives_the_same_p_at_every_hypothesis() {
    for (number, study) in studies().enumerate() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for outcome in [0, 1] {
            let class = grams.class_of[outcome];
            let design = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design");
            let (fit, term) = (design.fit(), indicator(&study, &study.treated, &study.post));
            let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
            let rows = Resampled::new(&study, outcome, std::slice::from_ref(&term), 0);
            let what = format!("study {number}, outcome {outcome}");
            for kind in KINDS {
                let what = format!("{what}, {kind:?}");
                let result = run(&fit, 0, at, kind, 0.75);
                assert!(result.enumerated && result.used == rows.signs.len(), "{what}");
                // p-values are counts, hence exact
                assert_close(result.p_value, rows.p_value(kind, 0.0), 0.0, 0.0, &what);
                let t = rows.estimate() / rows.std_error();
                // estimates and CR0 agree to the house's 1e-9
                assert_close(result.statistic, t, 1.0, 1e-9, &what);
                check_interval(&rows, kind, &result, 0.25, &what);
                check_interval(&rows, kind, &run(&fit, 0, at, kind, 0.95), 0.05, &what);
            }
            for steps in [-3.0, -0.7, 0.4, 1.9] {
                let r = rows.estimate() + steps * rows.std_error();
                for kind in [KINDS[0], KINDS[2]] {
                    let ours = p_on_moved_outcome(&study, outcome, &term, kind, r);
                    assert_close(ours, rows.p_value(kind, r), 0.0, 0.0, &what);
                }
            }
        }
    }
}

#[test]
fn one_of_several_terms_leaves_the_others_free() {
    for (number, study) in studies().take(3).enumerate() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::EventStudy)
            .expect("a design");
        let fit = design.fit();
        let terms: Vec<Profile> =
            design.effects.iter().map(|e| indicator(&study, &e.regions, &e.periods)).collect();
        for term in 0..terms.len() {
            let rows = Resampled::new(&study, 0, &terms, term);
            if rows.full.coefficient(&rows.full.y, term).is_none() {
                continue;
            }
            let what = format!("study {number}, term {term}");
            for kind in KINDS {
                if kind.1 == Residuals::Jackknifed && fit.deleted(term, 0).is_err() {
                    let refused = wild_bootstrap(&fit, term, 0, &settings(kind), 0.75);
                    assert!(matches!(refused, Err(Refusal::NotIdentifiedWithout { .. })), "{what}");
                    continue;
                }
                let result = run(&fit, term, 0, kind, 0.75);
                assert_close(result.p_value, rows.p_value(kind, 0.0), 0.0, 0.0, &what);
                check_interval(&rows, kind, &result, 0.25, &what);
            }
        }
    }
}

#[test]
fn sampled_draws_count_the_observed_one_among_them() {
    let study = studies().next().expect("one");
    let grams = study.grams();
    let setting = study.setting(&grams);
    let class = grams.class_of[0];
    let fit = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design").fit();
    for draws in [Draws::Rademacher, Draws::Webb] {
        let wild = Wild { draws, count: 39, seed: 3, ..settings(KINDS[0]) };
        let result = wild_bootstrap(&fit, 0, 0, &wild, 0.95).expect("identified");
        let extreme = result.p_value * 40.0 - 1.0;
        assert!(!result.enumerated && result.used == 39);
        // (1 + c) / (1 + B) with a whole c, up to one rounding of the division
        assert!((extreme - extreme.round()).abs() < 1e-12 && extreme > -0.5);
    }
}

/// Thirteen clusters are more than one chunk of sign vectors; levels from loose to strict, for
/// which the sets end at other places.
#[test]
fn many_chunks_of_sign_vectors_are_as_one() {
    let plan = Plan { seed: 41, regions: 13, treated: 3, weighting: WEIGHTINGS[0] };
    let study = Study::random(plan);
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
    let fit = design.expect("a design").fit();
    let term = indicator(&study, &study.treated, &study.post);
    let rows = Resampled::new(&study, 0, &[term], 0);
    let result = run(&fit, 0, 0, KINDS[2], 0.95);
    assert!(result.enumerated && result.used == 1 << 13);
    assert_close(result.p_value, rows.p_value(KINDS[2], 0.0), 0.0, 0.0, "WCR-S");
    check_interval(&rows, KINDS[2], &result, 0.05, "WCR-S");
}

#[test]
fn draws_for_regions_keep_the_variance_by_cluster() {
    for seed in 0..4 {
        let plan = Plan { seed: 80 + seed, regions: 10, treated: 4, weighting: WEIGHTINGS[0] };
        let study = Study::random(plan).paired();
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design =
            Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled).expect("a design");
        let fit = design.fit();
        let within = design.subclusters(&fit).expect("pairs");
        let term = indicator(&study, &study.treated, &study.post);
        let mut rows = Resampled::new(&study, 0, &[term], 0);
        let regions: Vec<usize> = (0..study.rows.len())
            .filter(|&i| !study.rows[i].outcomes[0].is_nan())
            .map(|i| study.rows[i].region)
            .collect();
        let sign = |bits: usize, r: usize| if bits >> r & 1 == 1 { -1.0 } else { 1.0 };
        rows.signs = (0..1usize << study.regions.len())
            .map(|bits| (0..study.regions.len()).map(|r| sign(bits, r)).collect())
            .collect();
        rows.drawn = regions;
        for kind in &KINDS[..2] {
            let what = format!("study {seed}, {kind:?}");
            let result = subcluster_bootstrap(&fit, &within, 0, 0, &settings(*kind), 0.9);
            let result = result.expect("an answer");
            assert_eq!(result.used, rows.signs.len(), "{what}");
            assert_close(result.p_value, rows.p_value(*kind, 0.0), 0.0, 0.0, &what);
            check_interval(&rows, *kind, &result, 0.1, &what);
        }
        let jackknifed = subcluster_bootstrap(&fit, &within, 0, 0, &settings(KINDS[2]), 0.9);
        assert!(matches!(jackknifed, Err(Refusal::NotDefined { .. })));
    }
}

#[test]
fn clusters_of_one_region_have_no_finer_level() {
    let study = studies().next().expect("one");
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design =
        Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled).expect("a design");
    let refused = design.subclusters(&design.fit()).expect_err("refused");
    assert_eq!(refused, Refusal::NoFinerLevel { clusters: study.regions.len() });
}

#[test]
fn sets_with_holes_and_without_ends_are_found_whole() {
    let (mut holes, mut endless) = (0, 0);
    for seed in 0..40 {
        let plan = Plan { seed: 1200 + seed, regions: 6, treated: 2, weighting: WEIGHTINGS[0] };
        let study = Study::random(plan);
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
        let fit = design.expect("a design").fit();
        let mut rows = None;
        for kind in [KINDS[0], KINDS[2]] {
            for level in [0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98] {
                let Ok(result) = wild_bootstrap(&fit, 0, 0, &settings(kind), level) else {
                    continue;
                };
                endless += usize::from(result.interval.1.is_infinite());
                if !result.disconnected() {
                    continue;
                }
                holes += 1;
                let term = indicator(&study, &study.treated, &study.post);
                let rows = rows.get_or_insert_with(|| Resampled::new(&study, 0, &[term], 0));
                let what = format!("study {seed}, {kind:?}, {level}: {:?}", result.accepted);
                check_interval(rows, kind, &result, 1.0 - level, &what);
                for pair in result.accepted.windows(2) {
                    let between = f64::midpoint(pair[0].1, pair[1].0);
                    assert!(rows.p_value(kind, between) <= 1.0 - level, "{what}: at {between}");
                }
            }
        }
    }
    assert!(holes > 2 && endless > 2, "{holes} with holes, {endless} without an end");
}
