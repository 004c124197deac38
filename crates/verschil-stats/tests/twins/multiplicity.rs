//! Adjusted p-values against statsmodels and against their definitions, slowly.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::multiplicity::{Hypothesis, benjamini_hochberg, by_domain, holm, romano_wolf};
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

use crate::assert_close;
use crate::regression::{Regression, indicator};
use crate::study::{Plan, Random, Study, WEIGHTINGS};

/// Equal as far as the rounding of one product goes.
const ROUNDING: f64 = 1e-15;

const P: [f64; 10] = [0.012, 0.0004, 0.2, 0.049, 0.049, 0.73, 0.031, 0.9999, 0.0051, 0.02];

/// statsmodels 0.15.0: `multipletests(p, method='holm'|'fdr_bh')`.
const HOLM: [f64; 10] = [0.096, 0.004, 0.6, 0.245, 0.245, 1.0, 0.186, 1.0, 0.0459, 0.14];
const BENJAMINI_HOCHBERG: [f64; 10] = [
    0.04,
    0.004,
    0.25,
    0.07,
    0.07,
    0.811_111_111_111_111_1,
    0.062,
    0.9999,
    0.025_500_000_000_000_002,
    0.05,
];

#[test]
fn adjusted_p_values_are_those_of_statsmodels() {
    for (ours, theirs) in [(holm(&P), HOLM), (benjamini_hochberg(&P), BENJAMINI_HOCHBERG)] {
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_close(*ours, theirs, 0.0, ROUNDING, "adjusted");
        }
    }
    assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
}

/// Rejected at a level by the step-by-step rules as the papers put them.
fn rejected(p: &[f64], level: f64, holms: bool) -> Vec<bool> {
    let mut sorted = p.to_vec();
    sorted.sort_by(f64::total_cmp);
    let m = f64::from(u32::try_from(p.len()).expect("few"));
    let mut passed = 0;
    let mut rank = 0.0;
    for (at, &value) in sorted.iter().enumerate() {
        if holms && value * (m - rank) > level {
            break;
        }
        rank += 1.0;
        if holms || value * m / rank <= level {
            passed = at + 1;
        }
    }
    let bar = if passed == 0 { f64::NEG_INFINITY } else { sorted[passed - 1] };
    p.iter().map(|&value| value <= bar).collect()
}

#[test]
fn an_adjusted_p_value_is_the_level_at_which_its_hypothesis_falls() {
    let mut random = Random::new(77);
    for family in 1..40 {
        let p: Vec<f64> = (0..family).map(|_| random.uniform().powi(3)).collect();
        for holms in [true, false] {
            let adjusted = if holms { holm(&p) } else { benjamini_hochberg(&p) };
            for level in [0.01, 0.05, 0.1, 0.3, 0.7] {
                let ours: Vec<bool> = adjusted.iter().map(|&p| p <= level).collect();
                assert_eq!(ours, rejected(&p, level, holms), "{p:?} at {level}");
            }
            assert!(adjusted.iter().zip(&p).all(|(adjusted, p)| adjusted >= p && *adjusted <= 1.0));
        }
    }
}

#[test]
fn each_domain_is_a_family_and_untested_hypotheses_do_not_count() {
    let p = [Some(0.01), Some(0.04), None, Some(0.02), Some(0.3), None];
    let domains = ["care", "health", "care", "care", "health", "spending"];
    let adjusted = by_domain(&p, &domains, holm);
    assert_eq!(adjusted, [Some(0.02), Some(0.08), None, Some(0.02), Some(0.3), None]);
}

/// Enumerated where `count` allows.
fn wild(count: usize) -> Wild {
    let (null, residuals) = (Null::Imposed, Residuals::Fitted);
    Wild { null, residuals, draws: Draws::Rademacher, count, seed: 5 }
}

/// A study of six regions, of which the last control lacks outcome 3, with a fit for each outcome.
fn study_with_fits() -> (Study, Vec<(Fit, usize)>) {
    let plan = Plan { seed: 905, regions: 7, treated: 3, weighting: WEIGHTINGS[2] };
    let mut study = Study::random(plan);
    let lacking = *study.controls.last().expect("controls");
    for row in study.rows.iter_mut().filter(|row| row.region == lacking) {
        row.outcomes[3] = f64::NAN;
    }
    let grams = study.grams();
    let setting = study.setting(&grams);
    let fits = (0..study.outcomes())
        .map(|outcome| {
            let class = grams.class_of[outcome];
            let design = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design");
            let fit = design.fit();
            let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
            (fit, at)
        })
        .collect();
    (study, fits)
}

fn family(fits: &[(Fit, usize)]) -> Vec<Hypothesis<'_>> {
    fits.iter().map(|(fit, at)| Hypothesis { fit, term: 0, at: *at }).collect()
}

/// |t| by CR1 of an outcome: observed, and under each sign vector over all of the study's clusters.
fn statistics(study: &Study, outcome: usize) -> (f64, Vec<f64>) {
    let term = indicator(study, &study.treated, &study.post);
    let full = Regression::new(study, outcome, std::slice::from_ref(&term), |_| true);
    let rest = Regression::new(study, outcome, &[], |_| true);
    let mut codes = study.clusters.clone();
    codes.sort();
    codes.dedup();
    let place = |cluster: usize| codes.iter().position(|c| *c == full.names[cluster]);
    let places: Vec<usize> =
        full.cluster.iter().map(|&cluster| place(cluster).expect("listed")).collect();
    #[allow(clippy::cast_precision_loss)]
    let (g, k) = (full.names.len() as f64, full.k_nested() as f64);
    let factor = g / (g - 1.0) * (full.n - 1.0) / (full.n - k);
    let t = |y: &[f64]| {
        let beta = full.coefficient(y, 0).expect("identified");
        (beta / (full.cr0(y, 0) * factor.sqrt())).abs()
    };
    let left = rest.residuals(&full.y);
    let sign = |bits: usize, g: usize| if bits >> g & 1 == 1 { -1.0 } else { 1.0 };
    let drawn = |bits: usize| -> Vec<f64> {
        (0..left.len()).map(|i| full.y[i] - left[i] + sign(bits, places[i]) * left[i]).collect()
    };
    (t(&full.y), (0..1usize << codes.len()).map(|bits| t(&drawn(bits))).collect())
}

#[test]
fn the_step_down_is_its_definition_over_all_sign_vectors() {
    let (study, fits) = study_with_fits();
    assert!(fits[3].0.clusters() < fits[0].0.clusters());
    let ours = romano_wolf(&family(&fits), &wild(1 << 10));
    let theirs: Vec<(f64, Vec<f64>)> =
        (0..study.outcomes()).map(|outcome| statistics(&study, outcome)).collect();
    let mut left: Vec<usize> = (0..theirs.len()).collect();
    left.sort_by(|&a, &b| theirs[b].0.total_cmp(&theirs[a].0));
    let mut most = 0.0f64;
    while let Some(&largest) = left.first() {
        // rows and Grams round otherwise, and a vector of one sign ties
        let bar = theirs[largest].0 * (1.0 - 1e-9);
        let vectors = 0..theirs[0].1.len();
        let extreme = vectors
            .clone()
            .filter(|&v| left.iter().any(|&outcome| theirs[outcome].1[v] >= bar))
            .count();
        let alone = vectors.clone().filter(|&v| theirs[largest].1[v] >= bar).count();
        #[allow(clippy::cast_precision_loss)]
        let share = |count: usize| count as f64 / vectors.len() as f64;
        most = most.max(share(extreme));
        let what = format!("outcome {largest}");
        let ours = ours[largest].as_ref().expect("an answer");
        assert_close(ours.statistic.abs(), theirs[largest].0, 0.0, 1e-9, &what);
        // counts over counts
        assert_close(ours.p_value, share(alone), 0.0, 0.0, &what);
        assert_close(ours.adjusted, most, 0.0, 0.0, &what);
        left.remove(0);
    }
}

#[test]
fn sampled_step_downs_obey_their_laws() {
    let (_, fits) = study_with_fits();
    let family = family(&fits);
    for kind in [Draws::Webb, Draws::Rademacher] {
        let wild =
            Wild { draws: kind, count: if kind == Draws::Webb { 1999 } else { 99 }, ..wild(0) };
        let all = romano_wolf(&family, &wild);
        for (hypothesis, answer) in family.iter().zip(&all) {
            let answer = answer.as_ref().expect("an answer");
            assert!(answer.p_value <= answer.adjusted && answer.adjusted <= 1.0);
            // by itself it is the test that it is
            let alone = romano_wolf(&[*hypothesis], &wild);
            let alone = alone[0].as_ref().expect("an answer");
            assert_eq!(alone.p_value, alone.adjusted);
            let single = wild_bootstrap(hypothesis.fit, 0, hypothesis.at, &wild, 0.95);
            assert_eq!(single.expect("an answer").p_value, alone.p_value);
        }
        // in another order the same
        let reversed: Vec<Hypothesis> = family.iter().rev().copied().collect();
        let mut turned = romano_wolf(&reversed, &wild);
        turned.reverse();
        assert_eq!(all, turned);
        // and twice the same hypothesis is no second chance
        let twice: Vec<Hypothesis> = family.iter().chain(&family).copied().collect();
        assert_eq!(romano_wolf(&twice, &wild)[..family.len()], all[..]);
    }
}

#[test]
fn threads_change_no_bit_of_a_step_down() {
    let (_, fits) = study_with_fits();
    let wild = Wild { draws: Draws::Webb, ..wild(4999) };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let run = |threads| {
        let pool = pool(threads).expect("a pool");
        pool.install(|| format!("{:?}", romano_wolf(&family(&fits), &wild)))
    };
    let one = run(1);
    assert!([2, 3].into_iter().all(|threads| run(threads) == one));
}

#[test]
fn what_cannot_be_tested_is_refused_and_the_others_go_on() {
    let (mut study, fits) = study_with_fits();
    study.rows.iter_mut().for_each(|row| row.outcomes[0] = 2.0);
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
    let constant = design.expect("a design").fit();
    let others = &family(&fits)[1..];
    let mut with = vec![Hypothesis { fit: &constant, term: 0, at: 0 }];
    with.extend(others);
    let answers = romano_wolf(&with, &wild(1 << 10));
    assert_eq!(answers[0], Err(Refusal::ConstantOutcome));
    assert_eq!(answers[1..], romano_wolf(others, &wild(1 << 10))[..]);
    assert!(romano_wolf(&[], &wild(99)).is_empty());
}
