//! The permutation test by brute force: the regression on rows for every set of treated clusters.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::linalg::Matrix;
use verschil_stats::permutation::{PermutationResult, permute};

use crate::assert_close;
use crate::regression::{Profile, Regression};
use crate::study::{Plan, Study, WEIGHTINGS};

/// A statistic within this share of the observed one is the observed one: rows and Grams round
/// differently, and in continuous data nothing else comes as near.
const TIE: f64 = 1e-9;

/// Who might be treated, who is, in which periods, beside which other terms.
struct Exchange {
    clusters: Vec<String>,
    treated: Vec<String>,
    periods: Vec<Vec<usize>>,
    nuisance: Vec<Profile>,
}

/// Coefficients of one assignment on y and on the observed treatment, and CR0 t of the first.
struct Assignment {
    rows: Regression,
    nuisance: usize,
}

impl Assignment {
    fn new(study: &Study, outcome: usize, exchange: &Exchange, treated: &[String]) -> Option<Self> {
        let profile = |periods: &Vec<usize>| -> Profile {
            let on =
                |r: usize, t: usize| treated.contains(&study.clusters[r]) && periods.contains(&t);
            (0..study.regions.len())
                .map(|r| (0..study.periods.len()).map(|t| f64::from(u8::from(on(r, t)))).collect())
                .collect()
        };
        let profiles = exchange.periods.iter().map(profile);
        let terms: Vec<Profile> = exchange.nuisance.iter().cloned().chain(profiles).collect();
        let rows = Regression::new(study, outcome, &terms, |_| true);
        let nuisance = exchange.nuisance.len();
        (nuisance..terms.len())
            .all(|j| rows.coefficient(&rows.y, j).is_some())
            .then_some(Self { rows, nuisance })
    }

    fn beta(&self, y: &[f64], profile: usize) -> f64 {
        self.rows.coefficient(y, self.nuisance + profile).expect("identified")
    }

    fn t(&self) -> f64 {
        self.beta(&self.rows.y, 0) / self.rows.cr0(&self.rows.y, self.nuisance)
    }
}

struct BruteForce {
    observed: Assignment,
    /// All assignments in which every profile is identified, the observed one among them.
    all: Vec<Assignment>,
}

impl BruteForce {
    fn new(study: &Study, outcome: usize, exchange: &Exchange) -> Self {
        let n = exchange.clusters.len();
        let all = (0u32..1 << n)
            .filter(|set| set.count_ones() as usize == exchange.treated.len())
            .filter_map(|set| {
                let treated: Vec<String> = (0..n)
                    .filter(|i| set >> i & 1 == 1)
                    .map(|i| exchange.clusters[i].clone())
                    .collect();
                Assignment::new(study, outcome, exchange, &treated)
            })
            .collect();
        let observed = Assignment::new(study, outcome, exchange, &exchange.treated);
        Self { observed: observed.expect("identified"), all }
    }

    /// Assignments whose |coefficient| on y - d D is at least the observed one's.
    fn extreme(&self, profile: usize, d: f64) -> u64 {
        let observed = &self.observed;
        let column = &observed.rows.term_columns[observed.nuisance + profile];
        let y: Vec<f64> = observed.rows.y.iter().zip(column).map(|(y, x)| y - d * x).collect();
        let bar = observed.beta(&y, profile).abs() * (1.0 - TIE);
        self.all.iter().filter(|a| a.beta(&y, profile).abs() >= bar).count() as u64
    }

    fn extreme_t(&self) -> u64 {
        let bar = self.observed.t().abs() * (1.0 - TIE);
        self.all.iter().filter(|a| a.t().abs() >= bar).count() as u64
    }

    #[allow(clippy::cast_precision_loss)]
    fn p(&self, d: f64) -> f64 {
        self.extreme(0, d) as f64 / self.all.len() as f64
    }

    fn check(&self, profile: usize, ours: &PermutationResult, what: &str) {
        let rows = &self.observed.rows;
        let beta = self.observed.beta(&rows.y, profile);
        let se = rows.cr0(&rows.y, self.observed.nuisance + profile);
        // estimates agree to the house's 1e-9
        assert_close(ours.estimate, beta, se, 1e-9, what);
        assert!(ours.enumerated, "{what}");
        assert_eq!(ours.assignments, self.all.len() as u64, "{what}");
        assert_eq!(ours.extreme, self.extreme(profile, 0.0), "{what}");
        if let Some(extreme_t) = ours.extreme_t {
            assert_eq!(extreme_t, self.extreme_t(), "{what}");
        }
    }

    /// Whether the ends are where p crosses alpha.
    fn check_interval(&self, (low, high): (f64, f64), alpha: f64, what: &str) {
        let rows = &self.observed.rows;
        let (beta, se) =
            (self.observed.beta(&rows.y, 0), rows.cr0(&rows.y, self.observed.nuisance));
        // 1 - level is not alpha to the last bit, and p is a ratio of whole numbers
        let alpha = alpha * (1.0 + 1e-12);
        // far nearer than two jumps of p, far farther than rounding
        let step = 1e-6 * se;
        for (end, side) in [(low, -1.0), (high, 1.0)] {
            if end.is_infinite() {
                let p = self.p(beta + side * 1e5 * se);
                assert!(p > alpha, "{what}: unbounded, but p is {p} far away");
                continue;
            }
            let (inside, outside) = (self.p(end - side * step), self.p(end + side * step));
            assert!(inside > alpha, "{what}: p is {inside} just inside {end}");
            assert!(outside <= alpha, "{what}: p is {outside} just outside {end}");
        }
    }
}

fn names(study: &Study, regions: &[usize]) -> Vec<String> {
    let mut names: Vec<String> = regions.iter().map(|&r| study.clusters[r].clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn studies(count: u64) -> impl Iterator<Item = Study> {
    (0..count).map(|seed| {
        let at = usize::try_from(seed).expect("small");
        let (regions, treated) = (6 + at % 3, 2 + at % 2);
        let plan = Plan { seed: 300 + seed, regions, treated, weighting: WEIGHTINGS[at % 3] };
        let mut study = Study::random(plan);
        if at % 3 == 2 {
            // one region outweighs all others
            let large = if at % 2 == 0 { study.controls[0] } else { study.treated[0] };
            let rows = study.rows.iter_mut().filter(|row| row.region == large);
            rows.for_each(|row| row.weight *= 30.0);
        }
        if at % 5 == 4 { study.paired() } else { study }
    })
}

/// Effects of a design as an exchange of the same name.
fn exchange(study: &Study, design: &Design, analysis: Analysis, of: usize) -> Exchange {
    let only = |r: usize, t: &[usize]| crate::regression::indicator(study, &[r], t);
    let alone = analysis == Analysis::PerRegion;
    let regions = if alone { &design.effects[of].regions } else { &study.treated };
    let others = design.effects.iter().enumerate().filter(|(j, _)| alone && *j != of);
    let treated = names(study, regions);
    let clusters = treated.iter().cloned().chain(names(study, &study.controls)).collect();
    Exchange {
        clusters,
        treated,
        periods: design
            .effects
            .iter()
            .enumerate()
            .filter(|(j, _)| !alone || *j == of)
            .map(|(_, effect)| effect.periods.clone())
            .collect(),
        nuisance: others.map(|(_, effect)| only(effect.regions[0], &effect.periods)).collect(),
    }
}

fn check(study: &Study, outcome: usize, analysis: Analysis, what: &str) {
    let grams = study.grams();
    let setting = study.setting(&grams);
    let class = grams.class_of[outcome];
    let Ok(design) = Design::new(&grams, class, &setting, analysis) else { return };
    let at = design.fit().normal.outcomes.iter().position(|&k| k == outcome).expect("there");
    let runs = if design.exchanged_together() { 1 } else { design.effects.len() };
    for of in 0..runs {
        let Ok(ours) = design.exchange(of, 1000, 1) else { continue };
        let Ok(results) = permute(&ours, 0.75) else { continue };
        let brute = BruteForce::new(study, outcome, &exchange(study, &design, analysis, of));
        let what = format!("{what}, outcome {outcome}, {analysis:?} {of}");
        for (profile, results) in results.iter().enumerate() {
            brute.check(profile, &results[at], &what);
        }
        for level in [0.75, 0.9] {
            let again = permute(&ours, level).expect("as before");
            if let Some(interval) = again[0][at].interval {
                brute.check_interval(interval, 1.0 - level, &format!("{what}, level {level}"));
            }
        }
    }
}

#[test]
fn one_effect_for_all() {
    for (number, study) in studies(15).enumerate() {
        for outcome in 0..study.outcomes() {
            check(&study, outcome, Analysis::Pooled, &format!("study {number}"));
        }
    }
}

#[test]
fn one_region_beside_the_others() {
    for (number, study) in studies(9).enumerate() {
        for outcome in [0, 3] {
            check(&study, outcome, Analysis::PerRegion, &format!("study {number}"));
        }
    }
}

#[test]
fn several_profiles_together() {
    for (number, study) in studies(9).enumerate() {
        for analysis in [Analysis::PerPeriod, Analysis::EventStudy] {
            check(&study, 0, analysis, &format!("study {number}"));
        }
    }
}

/// Clusters are dealt into three sets by the length of the list; each keeps its number of treated.
#[test]
fn within_matched_sets() {
    let mut refused = 0;
    for (number, study) in studies(15).enumerate() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        let Ok(design) = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled) else {
            continue;
        };
        let all = exchange(&study, &design, Analysis::Pooled, 0);
        let set = |cluster: &str| all.clusters.iter().position(|c| c == cluster).map(|i| i % 3);
        let Ok(ours) = design.exchange(0, 1000, 1) else { continue };
        let held = |chosen: &[String]| -> Vec<usize> {
            let of = |s: usize| chosen.iter().filter(|c| set(c) == Some(s)).count();
            (0..3).map(of).collect()
        };
        let subsets: Vec<Vec<String>> = (0u32..1 << all.clusters.len())
            .map(|bits| {
                let inside = |(i, c): (usize, &String)| (bits >> i & 1 == 1).then(|| c.clone());
                all.clusters.iter().enumerate().filter_map(inside).collect::<Vec<String>>()
            })
            .filter(|chosen| held(chosen) == held(&all.treated))
            .collect();
        let Ok(results) = permute(&ours.within(set), 0.75) else {
            assert_eq!(subsets.len(), 1);
            refused += 1;
            continue;
        };
        let assignment = |treated: &Vec<String>| Assignment::new(&study, 0, &all, treated);
        let brute = BruteForce {
            observed: assignment(&all.treated).expect("identified"),
            all: subsets.iter().filter_map(assignment).collect(),
        };
        brute.check(0, &results[0][0], &format!("study {number}"));
        let interval = results[0][0].interval.expect("one effect");
        brute.check_interval(interval, 0.25, &format!("study {number}"));
    }
    assert!(refused < 8, "{refused}");
}

#[test]
fn an_assignment_that_leaves_a_period_without_controls_is_none() {
    for (number, mut study) in studies(12).enumerate() {
        let last = study.periods.len() - 1;
        let here = [study.treated[0], study.controls[0]];
        study.rows.retain(|row| row.period != last || here.contains(&row.region));
        for analysis in [Analysis::PerPeriod, Analysis::EventStudy] {
            check(&study, 0, analysis, &format!("study {number}"));
        }
    }
}

/// Two groups of the same size: an assignment and its opposite have the same |coefficient|.
#[test]
fn opposite_assignments_tie() {
    for seed in 0..40 {
        let weighting = WEIGHTINGS[usize::try_from(seed).expect("small") % 3];
        let mut study = Study::random(Plan { seed, regions: 8, treated: 4, weighting });
        // far from zero, where sums that cancel lose most
        study.rows.iter_mut().for_each(|row| row.outcomes[2] += 1e7);
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, grams.class_of[2], &setting, Analysis::Pooled);
        let exchange = design.expect("a design").exchange(0, 1000, 1).expect("exchangeable");
        for result in &permute(&exchange, 0.9).expect("identified")[0] {
            assert_eq!(result.extreme % 2, 0, "seed {seed}: {result:?}");
            assert_eq!(result.extreme_t.map(|t| t % 2), Some(0), "seed {seed}: {result:?}");
        }
    }
}

/// The same seed draws the same assignments whatever the outcome, so the interval of a sampled test
/// can be held against its own p-values on moved outcomes.
#[test]
fn a_sampled_test_and_its_interval_agree() {
    for seed in 0..20 {
        let study = Study::random(Plan { seed, regions: 6, treated: 2, weighting: WEIGHTINGS[0] });
        let term = crate::regression::indicator(&study, &study.treated, &study.post);
        let run = |d: f64| {
            let mut moved = study.clone();
            for row in &mut moved.rows {
                row.outcomes[0] -= d * term[row.region][row.period];
            }
            let grams = moved.grams();
            let setting = moved.setting(&grams);
            let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
            // 14 draws of 15 assignments: the observed one comes by not at all, once or more often
            let exchange = design.expect("a design").exchange(0, 14, seed).expect("exchangeable");
            let results = permute(&exchange, 0.7).expect("identified");
            assert!(!results[0][0].enumerated);
            results[0][0].clone()
        };
        let result = run(0.0);
        let (low, high) = result.interval.expect("one profile");
        for (end, side) in [(low, -1.0), (high, 1.0)] {
            if end.is_finite() {
                // far nearer than two jumps of p, far farther than rounding
                let (inside, outside) = (run(end - side * 1e-6), run(end + side * 1e-6));
                let alpha = 0.3 * (1.0 + 1e-12);
                assert!(inside.p_value() > alpha, "seed {seed}: {inside:?} inside {end}");
                assert!(outside.p_value() <= alpha, "seed {seed}: {outside:?} outside {end}");
            } else {
                let far = run(result.estimate + side * 1e5);
                assert!(far.p_value() > 0.3, "seed {seed}: {far:?} far away");
            }
        }
    }
}

/// With this many assignments only the tails are kept, from where a sample says that they begin;
/// the ends must still be where p crosses alpha.
#[test]
fn an_interval_of_many_assignments_agrees_with_its_own_p_values() {
    for (seed, level) in [(0, 0.95), (1, 0.8), (2, 0.4), (3, 0.999_95)] {
        let study = Study::random(Plan { seed, regions: 18, treated: 8, weighting: WEIGHTINGS[0] });
        let term = crate::regression::indicator(&study, &study.treated, &study.post);
        let run = |d: f64| {
            let mut moved = study.clone();
            for row in &mut moved.rows {
                row.outcomes[0] -= d * term[row.region][row.period];
            }
            let grams = moved.grams();
            let setting = moved.setting(&grams);
            let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
            let exchange = design.expect("a design").exchange(0, 50_000, seed).expect("clusters");
            let results = permute(&exchange, level).expect("identified");
            results[0][0].clone()
        };
        let result = run(0.0);
        assert_eq!((result.enumerated, result.assignments), (true, 43_758));
        let (low, high) = result.interval.expect("one profile");
        // 1 - level is not alpha to the last bit, and p is a ratio of whole numbers
        let alpha = (1.0 - level) * (1.0 + 1e-9);
        for (end, side) in [(low, -1.0), (high, 1.0)] {
            // far nearer than two jumps of p, far farther than rounding
            let (inside, outside) = (run(end - side * 1e-9), run(end + side * 1e-9));
            assert!(inside.p_value() > alpha, "seed {seed}: {inside:?} inside {end}");
            assert!(outside.p_value() <= alpha, "seed {seed}: {outside:?} outside {end}");
        }
    }
}

/// Outcomes are tested side by side in lanes; however many there are, each stands for itself.
#[test]
fn an_outcome_has_the_same_answer_among_many() {
    let study = Study::random(Plan { seed: 9, regions: 9, treated: 3, weighting: WEIGHTINGS[0] });
    let grams = study.grams();
    let setting = study.setting(&grams);
    for analysis in [Analysis::Pooled, Analysis::EventStudy] {
        let design = Design::new(&grams, grams.class_of[0], &setting, analysis).expect("a design");
        let mut exchange = design.exchange(0, 1000, 1).expect("exchangeable");
        let few = permute(&exchange, 0.75).expect("identified");
        let kinds = exchange.normal.outcomes.len();
        for many in [8, 9, 16, 17, 24, 25, 35, 48] {
            let normal = &mut exchange.normal;
            normal.outcomes = (0..many).collect();
            normal.raw_yy = (0..many).map(|k| normal.raw_yy[k % kinds]).collect();
            for block in &mut normal.blocks {
                let xy = block.xy.clone();
                block.xy = Matrix::from_fn(xy.nrows(), many, |i, k| xy[(i, k % kinds)]);
                block.yy = (0..many).map(|k| block.yy[k % kinds]).collect();
            }
            let all = permute(&exchange, 0.75).expect("identified");
            for (all, few) in all.iter().zip(&few) {
                assert_eq!(all.len(), many);
                for (k, one) in all.iter().enumerate() {
                    let alone = &few[k % kinds];
                    assert_close(one.estimate, alone.estimate, 1.0, 1e-9, "among many");
                    let counts = |r: &PermutationResult| (r.assignments, r.extreme, r.extreme_t);
                    assert_eq!(counts(one), counts(alone), "{analysis:?}, {k} of {many}");
                }
            }
        }
    }
}
