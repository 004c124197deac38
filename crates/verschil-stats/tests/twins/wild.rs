//! The wild cluster bootstrap as it is defined: new outcomes on rows, the regression run again.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::wild::{Draws, Null, Wild, WildResult, wild_bootstrap};

use crate::assert_close;
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Study, WEIGHTINGS};

/// |t| within this share of the observed one is the observed one again (the draws 1 and -1): rows
/// and Grams round differently, and the data are continuous, so nothing else comes as near.
const TIE: f64 = 1e-8;

/// One term of one outcome, on rows.
struct Resampled {
    full: Regression,
    /// The regression without the term.
    rest: Regression,
    term: usize,
    column: Vec<f64>,
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

    /// Fitted values and residuals of the model that the draws are put upon, and its effect.
    fn source(&self, null: Null, r: f64) -> (Vec<f64>, Vec<f64>, f64) {
        let y = &self.full.y;
        let (left, effect) = match null {
            Null::Free => (self.full.residuals(y), self.estimate()),
            Null::Imposed => {
                let moved: Vec<f64> = y.iter().zip(&self.column).map(|(y, d)| y - r * d).collect();
                (self.rest.residuals(&moved), r)
            }
        };
        (y.iter().zip(&left).map(|(y, e)| y - e).collect(), left, effect)
    }

    fn p_value(&self, null: Null, r: f64) -> f64 {
        let observed = ((self.estimate() - r) / self.std_error()).abs();
        let (fitted, left, effect) = self.source(null, r);
        let extreme = self.signs.iter().filter(|signs| {
            let y: Vec<f64> = (0..left.len())
                .map(|i| fitted[i] + signs[self.full.cluster[i]] * left[i])
                .collect();
            let beta = self.full.coefficient(&y, self.term).expect("identified");
            let t = (beta - effect) / self.full.cr0(&y, self.term);
            t.abs() >= observed * (1.0 - TIE)
        });
        #[allow(clippy::cast_precision_loss)]
        let share = extreme.count() as f64 / self.signs.len() as f64;
        share
    }
}

fn settings(null: Null) -> Wild {
    Wild { null, draws: Draws::Rademacher, count: 256, seed: 1 }
}

fn run(fit: &Fit, term: usize, at: usize, null: Null, level: f64) -> WildResult {
    wild_bootstrap(fit, term, at, &settings(null), level).expect("identified")
}

/// p(r) from the crate's own Grams of y - r d, where its p-value is that of a zero effect.
fn p_on_moved_outcome(study: &Study, outcome: usize, design_term: &Profile, r: f64) -> f64 {
    let mut moved = study.clone();
    for row in &mut moved.rows {
        row.outcomes[outcome] -= r * design_term[row.region][row.period];
    }
    let grams = moved.grams();
    let setting = moved.setting(&grams);
    let class = grams.class_of[outcome];
    let fit = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design").fit();
    let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
    run(&fit, 0, at, Null::Imposed, 0.95).p_value
}

fn check_interval(rows: &Resampled, null: Null, result: &WildResult, alpha: f64, what: &str) {
    let (estimate, se) = (rows.estimate(), rows.std_error());
    // far nearer than two jumps of p(r), far farther than rounding
    let step = 1e-6 * se;
    for (end, side) in [(result.interval.0, -1.0), (result.interval.1, 1.0)] {
        if end.is_infinite() {
            let far = rows.p_value(null, estimate + side * 1e4 * se);
            assert!(end == side * f64::INFINITY && far > alpha, "{what}: p is {far} far away");
            continue;
        }
        let inside = rows.p_value(null, end - side * step);
        let outside = rows.p_value(null, end + side * step);
        assert!(inside > alpha, "{what}: p is {inside} just inside {end}");
        assert!(outside <= alpha, "{what}: p is {outside} just outside {end}");
    }
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
            for null in [Null::Imposed, Null::Free] {
                let result = run(&fit, 0, at, null, 0.75);
                assert!(result.enumerated && result.used == rows.signs.len(), "{what}");
                // p-values are counts, hence exact
                assert_close(result.p_value, rows.p_value(null, 0.0), 0.0, 0.0, &what);
                let t = rows.estimate() / rows.std_error();
                // estimates and CR0 agree to the house's 1e-9
                assert_close(result.statistic, t, 1.0, 1e-9, &what);
                check_interval(&rows, null, &result, 0.25, &what);
                check_interval(&rows, null, &run(&fit, 0, at, null, 0.95), 0.05, &what);
            }
            for steps in [-3.0, -0.7, 0.4, 1.9] {
                let r = rows.estimate() + steps * rows.std_error();
                let ours = p_on_moved_outcome(&study, outcome, &term, r);
                assert_close(ours, rows.p_value(Null::Imposed, r), 0.0, 0.0, &what);
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
            for null in [Null::Imposed, Null::Free] {
                let result = run(&fit, term, 0, null, 0.75);
                assert_close(result.p_value, rows.p_value(null, 0.0), 0.0, 0.0, &what);
                check_interval(&rows, null, &result, 0.25, &what);
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
        let wild = Wild { null: Null::Imposed, draws, count: 39, seed: 3 };
        let result = wild_bootstrap(&fit, 0, 0, &wild, 0.95).expect("identified");
        let extreme = result.p_value * 40.0 - 1.0;
        assert!(!result.enumerated && result.used == 39);
        // (1 + c) / (1 + B) with a whole c, up to one rounding of the division
        assert!((extreme - extreme.round()).abs() < 1e-12 && extreme > -0.5);
    }
}
