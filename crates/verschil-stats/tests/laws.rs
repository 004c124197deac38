//! Laws that every row of the table of methods obeys, whatever the data.

#[path = "twins/study.rs"]
mod study;

use study::{Plan, Random, Row, Study, WEIGHTINGS};
use verschil_stats::did::{Analysis, Design, EffectCells};
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::grams::{Grams, Weighting};
use verschil_stats::inference::{Inference, METHODS, Options, Question};
use verschil_stats::permutation::{PermutationResults, permute};
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::Draws;

const ANALYSES: [Analysis; 3] = [Analysis::Pooled, Analysis::PerPeriod, Analysis::EventStudy];

/// Up to eight clusters are enumerated by both resampling methods, so their p-values are counts.
const OPTIONS: Options = Options {
    level: 0.9,
    small_sample: SmallSample::Fixest,
    wild_draws: Draws::Rademacher,
    wild_count: 256,
    permutation_budget: 1000,
    seed: 11,
};

/// Sums rounded otherwise agree to the house's 1e-8 (METHODS.md 10) of one standard error; ends of
/// wild intervals are bisected to far less.
const AGREE: f64 = 1e-8;

#[derive(Debug, Clone)]
struct Answer {
    effect: String,
    method: &'static str,
    estimate: f64,
    /// CR0, the scale on which differences are judged.
    scale: f64,
    result: Result<Inference, Refusal>,
}

fn answers_from(grams: &Grams, study: &Study, outcome: usize, analysis: Analysis) -> Vec<Answer> {
    let setting = study.setting(grams);
    let class = grams.class_of[outcome];
    let Ok(design) = Design::new(grams, class, &setting, analysis) else { return Vec::new() };
    let fit = design.fit();
    let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
    let exchange = || design.exchange(0, OPTIONS.permutation_budget, OPTIONS.seed);
    let permuted = exchange().and_then(|e| permute(&e, OPTIONS.level));
    let in_one_set = exchange().and_then(|e| permute(&e.within(|_| Some(0)), OPTIONS.level));
    let within = design.subclusters(&fit);
    let mut answers = Vec::new();
    for (term, effect) in design.effects.iter().enumerate() {
        let Ok(estimate) = Estimate::from_fit(&fit, &[term], at) else { continue };
        let of = |all: &Result<PermutationResults, Refusal>| {
            all.as_ref().map_err(Clone::clone).map(|results| results[term][at].clone())
        };
        let (permutation, matched) = (&of(&permuted), &of(&in_one_set));
        let (fit, estimate, options, within) = (&fit, &estimate, &OPTIONS, &within);
        let question = Question { fit, term, at, estimate, permutation, matched, within, options };
        for method in &METHODS {
            answers.push(Answer {
                effect: design.name(&effect.target),
                method: method.id,
                estimate: estimate.values[0],
                scale: estimate.influence[0].iter().map(|i| i * i).sum::<f64>().sqrt(),
                result: (method.infer)(&question),
            });
        }
    }
    answers
}

fn answers(study: &Study, outcome: usize, analysis: Analysis) -> Vec<Answer> {
    answers_from(&study.grams(), study, outcome, analysis)
}

fn studies() -> impl Iterator<Item = Study> {
    (0..9).map(|seed| {
        let at = usize::try_from(seed).expect("small");
        let (regions, treated) = (6 + at % 3, 2 + at % 2);
        let plan = Plan { seed: 60 + seed, regions, treated, weighting: WEIGHTINGS[at % 3] };
        let study = Study::random(plan);
        if at == 8 { study.paired() } else { study }
    })
}

/// What happens to an effect: times `factor`, plus `shift` where the shift is asked of it.
#[derive(Clone, Copy)]
struct Change {
    factor: f64,
    shift: f64,
    keeps_p: bool,
}

const NONE: Change = Change { factor: 1.0, shift: 0.0, keeps_p: true };

#[track_caller]
fn close(ours: f64, expected: f64, scale: f64, what: &str) {
    let same = ours == expected || (ours - expected).abs() <= AGREE * scale.max(expected.abs());
    assert!(same, "{what}: {ours} for {expected}");
}

#[track_caller]
fn follows(before: &[Answer], after: &[Answer], change: impl Fn(&Answer) -> Change) {
    assert_eq!(before.len(), after.len());
    for (a, b) in before.iter().zip(after) {
        let (what, change) = (format!("{} of {}", a.method, a.effect), change(a));
        let moved = |value: f64| change.factor * value + change.shift;
        let scale = a.scale * change.factor.abs();
        close(b.estimate, moved(a.estimate), scale, &what);
        let (a, b) = match (&a.result, &b.result) {
            (Ok(a), Ok(b)) => (a, b),
            (a, b) => {
                assert_eq!(a, b, "{what}");
                continue;
            }
        };
        let se = a.std_error.map(|se| se * change.factor.abs());
        close(b.std_error.unwrap_or(0.0), se.unwrap_or(0.0), 0.0, &what);
        if let (Some(a), Some(b)) = (a.interval, b.interval) {
            let ends = if change.factor < 0.0 { (a.1, a.0) } else { a };
            close(b.0, moved(ends.0), scale, &what);
            close(b.1, moved(ends.1), scale, &what);
        }
        assert_eq!(a.interval.is_some(), b.interval.is_some(), "{what}");
        close(b.df.unwrap_or(0.0), a.df.unwrap_or(0.0), 0.0, &what);
        if change.keeps_p {
            close(b.p_value.expect("p"), a.p_value.expect("p"), 0.0, &what);
        }
    }
}

fn each(mut law: impl FnMut(&Study, usize, Analysis)) {
    for study in studies() {
        for analysis in ANALYSES {
            for outcome in [0, 1] {
                law(&study, outcome, analysis);
            }
        }
    }
}

fn with_rows(study: &Study, change: impl Fn(&mut Row)) -> Study {
    let mut changed = study.clone();
    changed.rows.iter_mut().for_each(change);
    changed
}

#[allow(clippy::cast_precision_loss)]
fn float(n: usize) -> f64 {
    n as f64
}

#[test]
fn region_and_period_constants_change_nothing() {
    each(|study, outcome, analysis| {
        let regions = with_rows(study, |row| row.outcomes[outcome] += 3.7 * float(row.region));
        let periods =
            with_rows(study, |row| row.outcomes[outcome] -= 1.3 * float(row.period * row.period));
        let before = answers(study, outcome, analysis);
        follows(&before, &answers(&regions, outcome, analysis), |_| NONE);
        follows(&before, &answers(&periods, outcome, analysis), |_| NONE);
    });
}

#[test]
fn another_unit_of_measurement_scales_effects() {
    each(|study, outcome, analysis| {
        let before = answers(study, outcome, analysis);
        for factor in [100.0, -0.37] {
            let scaled = with_rows(study, |row| row.outcomes[outcome] *= factor);
            let after = answers(&scaled, outcome, analysis);
            follows(&before, &after, |_| Change { factor, ..NONE });
        }
    });
}

#[test]
fn a_known_effect_moves_estimates_and_intervals_by_itself() {
    each(|study, outcome, analysis| {
        let shift = 0.83;
        let on =
            |row: &Row| study.treated.contains(&row.region) && study.post.contains(&row.period);
        let moved =
            with_rows(study, |row| row.outcomes[outcome] += if on(row) { shift } else { 0.0 });
        let early: Vec<String> =
            study.pre.iter().map(|&t| format!("event:{}", study.periods[t])).collect();
        let before = answers(study, outcome, analysis);
        follows(&before, &answers(&moved, outcome, analysis), |answer| {
            let early = early.contains(&answer.effect);
            let shift = if early { 0.0 } else { shift };
            // other assignments see the effect where they have none, through the covariates in
            // periods before the start too
            Change {
                factor: 1.0,
                shift,
                keeps_p: early && !answer.method.starts_with("permutation"),
            }
        });
    });
}

#[test]
fn the_order_of_rows_and_the_names_of_regions_change_nothing() {
    each(|study, outcome, analysis| {
        let before = answers(study, outcome, analysis);
        let mut order: Vec<usize> = (0..study.rows.len()).collect();
        Random::new(5).shuffle(&mut order);
        let shuffled = study.grams_in(&order, 13);
        follows(&before, &answers_from(&shuffled, study, outcome, analysis), |_| NONE);
        let mut renamed = study.clone();
        let turn = |name: &String| -> String { name.chars().rev().collect() };
        renamed.regions = study.regions.iter().map(turn).collect();
        renamed.clusters = study.clusters.iter().map(turn).collect();
        follows(&before, &answers(&renamed, outcome, analysis), |_| NONE);
    });
}

#[test]
fn batches_and_threads_change_no_bit() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    each(|study, outcome, analysis| {
        let order: Vec<usize> = (0..study.rows.len()).collect();
        let bits = |batch: usize| {
            let grams = study.grams_in(&order, batch);
            // shortest digits that read back as the same number
            format!("{:?}", answers_from(&grams, study, outcome, analysis))
        };
        let whole = bits(order.len());
        for threads in [1, 2, 4] {
            let batch = 7 * threads;
            let many = pool(threads).expect("a pool").install(|| bits(batch));
            assert!(whole == many, "{threads} threads, batches of {batch}");
        }
    });
}

#[test]
fn a_frequency_weight_is_so_many_rows() {
    for study in studies().filter(|study| study.weighting == Weighting::Frequency) {
        let mut copies = study.clone();
        copies.weighting = Weighting::None;
        copies.rows = study
            .rows
            .iter()
            .flat_map(|row| (0..10).filter(|&i| f64::from(i) < row.weight).map(|_| row.clone()))
            .collect();
        assert!(copies.rows.len() > study.rows.len());
        for analysis in ANALYSES {
            for outcome in [0, 3] {
                let before = answers(&study, outcome, analysis);
                follows(&before, &answers(&copies, outcome, analysis), |_| NONE);
            }
        }
    }
}

#[test]
fn only_ratios_of_analytic_weights_count() {
    each(|study, outcome, analysis| {
        let mut study = study.clone();
        study.weighting = Weighting::Analytic;
        let before = answers(&study, outcome, analysis);
        for factor in [1e-4, 777.0] {
            let scaled = with_rows(&study, |row| row.weight *= factor);
            follows(&before, &answers(&scaled, outcome, analysis), |_| NONE);
        }
    });
}

/// Every cluster once more, under another name.
fn twice(study: &Study) -> Study {
    let (mut double, regions) = (study.clone(), study.regions.len());
    let again = |names: &[String]| names.iter().map(|name| format!("{name}+")).collect::<Vec<_>>();
    double.regions.extend(again(&study.regions));
    double.clusters.extend(again(&study.clusters));
    double.treated.extend(study.treated.iter().map(|r| r + regions));
    double.controls.extend(study.controls.iter().map(|r| r + regions));
    let copies = study.rows.iter().map(|row| Row { region: row.region + regions, ..row.clone() });
    double.rows.extend(copies);
    double
}

#[test]
fn twice_the_clusters_halve_the_variance_and_keep_the_estimate() {
    for study in studies().step_by(3) {
        for analysis in ANALYSES {
            let before = answers(&study, 0, analysis);
            let after = answers(&twice(&study), 0, analysis);
            assert_eq!(before.len(), after.len());
            for (a, b) in before.iter().zip(&after) {
                let what = format!("{} of {}", a.method, a.effect);
                close(b.estimate, a.estimate, a.scale, &what);
                close(b.scale, a.scale / 2f64.sqrt(), 0.0, &what);
                let (Ok(a), Ok(b)) = (&a.result, &b.result) else { continue };
                let t = [a, b].map(|answer| answer.statistic.expect("a statistic"));
                match what.split(' ').next() {
                    Some("cr0" | "wild_wcr" | "wild_wcr_s" | "wild_wcu") => {
                        close(t[1], t[0] * 2f64.sqrt(), 1.0, &what)
                    }
                    Some("permutation" | "permutation_matched") => close(t[1], t[0], 1.0, &what),
                    // factors and deletions depend on the number of clusters
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn intervals_hold_the_estimate_and_exclude_zero_exactly_when_p_says_so() {
    let (mut excluded, mut included) = (0, 0);
    let alpha = (1.0 - OPTIONS.level) * (1.0 + 1e-12);
    each(|study, outcome, analysis| {
        for effect in [-2.5, 0.0, 1.0] {
            let on =
                |row: &Row| study.treated.contains(&row.region) && study.post.contains(&row.period);
            let study =
                with_rows(study, |row| row.outcomes[outcome] += if on(row) { effect } else { 0.0 });
            for answer in answers(&study, outcome, analysis) {
                let Ok(inference) = &answer.result else { continue };
                let Some((low, high)) = inference.interval else { continue };
                assert!(low <= answer.estimate && answer.estimate <= high, "{answer:?}");
                let p = inference.p_value.expect("p");
                assert!((0.0..=1.0).contains(&p), "{answer:?}");
                if inference.remarks.iter().any(|remark| remark.starts_with("disconnected")) {
                    continue;
                }
                let outside = low > 0.0 || high < 0.0;
                assert_eq!(outside, p <= alpha, "{answer:?}");
                *if outside { &mut excluded } else { &mut included } += 1;
            }
        }
    });
    assert!(excluded > 100 && included > 100, "{excluded} excluded, {included} included");
}

fn small(seed: u64, regions: usize, treated: usize) -> Study {
    Study::random(Plan { seed, regions, treated, weighting: Weighting::None })
}

/// Methods that need residuals of treated clusters refuse with this; permutation answers, and
/// those that look at controls answer when there are several.
#[track_caller]
fn asymptotics_refuse(study: &Study, outcome: usize, refusal: &Refusal) {
    for analysis in ANALYSES {
        for answer in answers(study, outcome, analysis) {
            if answers_with(answer.method, refusal) {
                let inference = answer.result.expect("an answer");
                assert!(inference.p_value.is_some());
            } else {
                assert_eq!(answer.result.as_ref(), Err(refusal), "{}", answer.method);
            }
        }
    }
}

fn answers_with(method: &str, refusal: &Refusal) -> bool {
    let by_controls = ["conley_taber", "ferman_pinto"].contains(&method);
    method.starts_with("permutation") || by_controls && *refusal == Refusal::OneTreatedCluster
}

#[test]
fn one_treated_or_one_control_cluster_is_refused() {
    for seed in 0..5 {
        asymptotics_refuse(&small(seed, 7, 1), 0, &Refusal::OneTreatedCluster);
        let mut one_control = small(seed, 5, 3);
        let gone = one_control.controls.pop().expect("two");
        one_control.rows.retain(|row| row.region != gone);
        one_control.regions.truncate(5);
        asymptotics_refuse(&one_control, 0, &Refusal::OneControlCluster);
    }
}

#[test]
fn a_cluster_with_rows_on_one_side_only_is_not_counted() {
    for seed in 0..5 {
        let study = small(seed, 8, 2);
        let mut late = study.clone();
        late.rows.retain(|row| row.region != study.treated[1] || study.post.contains(&row.period));
        let pooled = answers(&late, 0, Analysis::Pooled);
        let mut early = study.clone();
        early.rows.retain(|row| {
            !study.controls[1..].contains(&row.region) || study.pre.contains(&row.period)
        });
        let alone = answers(&early, 0, Analysis::Pooled);
        for (answers, refusal) in
            [(pooled, Refusal::OneTreatedCluster), (alone, Refusal::OneControlCluster)]
        {
            assert_eq!(answers.len(), METHODS.len());
            for answer in answers {
                let answered = answers_with(answer.method, &refusal);
                let expected = if answered { answer.result.as_ref() } else { Err(&refusal) };
                assert_eq!(answer.result.as_ref(), expected, "{}", answer.method);
            }
        }
    }
}

#[test]
fn a_constant_outcome_is_refused_by_every_method() {
    for seed in 0..5 {
        let mut study = small(seed, 7, 2);
        study.rows.iter_mut().for_each(|row| row.outcomes[0] = 0.3 + 1.7 * float(row.region));
        let answers = answers(&study, 0, Analysis::Pooled);
        assert_eq!(answers.len(), METHODS.len());
        for answer in answers {
            assert_eq!(answer.result, Err(Refusal::ConstantOutcome), "{}", answer.method);
        }
    }
}

#[test]
fn what_cannot_be_estimated_is_refused_by_name() {
    let study = small(3, 7, 2);
    let refusal = |study: &Study| -> Refusal {
        let grams = study.grams();
        let setting = study.setting(&grams);
        match Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled) {
            Err(refusal) => refusal,
            Ok(design) => design.fit().coefficient(0, 0).expect_err("refused"),
        }
    };
    let keep = |keep: &dyn Fn(&Row) -> bool| {
        let mut changed = study.clone();
        changed.rows.retain(keep);
        refusal(&changed)
    };
    let (treated, controls) = (study.treated.clone(), study.controls.clone());
    let (pre, post) = (study.pre.clone(), study.post.clone());
    let is = |list: &[usize], at: usize| list.contains(&at);
    let never_before = |row: &Row| !is(&treated, row.region) || is(&post, row.period);
    assert_eq!(keep(&never_before), Refusal::NothingTreated);
    let never_after = |row: &Row| !is(&treated, row.region) || is(&pre, row.period);
    assert_eq!(keep(&never_after), Refusal::NothingTreated);
    assert_eq!(keep(&|row| is(&treated, row.region)), Refusal::NoControls);
    // one treated region before, the other after; or controls before the start only
    let apart =
        |row: &Row| !is(&treated, row.region) || (row.region == treated[0]) == is(&pre, row.period);
    let early = |row: &Row| !is(&controls, row.region) || is(&pre, row.period);
    let not_identified = Refusal::NotIdentified { term: "main".into() };
    assert_eq!(keep(&apart), not_identified);
    assert_eq!(keep(&early), not_identified);
}

#[test]
fn a_cluster_of_both_kinds_cannot_be_permuted() {
    let mut study = small(3, 7, 2);
    let (treated, control) = (study.treated[0], study.controls[0]);
    study.clusters[control] = study.clusters[treated].clone();
    let cluster = study.clusters[treated].clone();
    let mixed = Refusal::MixedCluster { cluster };
    for answer in answers(&study, 0, Analysis::Pooled) {
        if answer.method.starts_with("permutation") {
            assert_eq!(answer.result, Err(mixed.clone()));
        }
    }
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
    let cells: Vec<EffectCells> = design.expect("a design").effects;
    assert_eq!((cells.len(), cells[0].regions.len()), (1, 2));
}

#[test]
fn as_many_columns_as_units_leave_no_small_sample_factor() {
    let estimate = Estimate {
        values: vec![1.0],
        influence: vec![vec![0.1, -0.3, 0.2]],
        deleted: Ok(vec![vec![0.9, 1.3, 0.8]]),
        n: 5.0,
        k: (4, 5),
    };
    let cr1 = |kind| estimate.std_error(0, Covariance::Cr1(kind));
    assert!(cr1(SmallSample::Fixest).is_ok_and(f64::is_finite));
    assert!(matches!(cr1(SmallSample::Stata), Err(Refusal::NotDefined { .. })));
}

#[test]
fn exchanging_within_one_set_of_all_is_the_permutation_test() {
    each(|study, outcome, analysis| {
        let all = answers(study, outcome, analysis);
        let of = |id: &'static str| all.iter().filter(move |a| a.method == id).map(|a| &a.result);
        assert!(of("permutation").eq(of("permutation_matched")));
    });
}

#[test]
fn draws_for_regions_need_clusters_of_several_regions() {
    let of = |study: &Study| -> Result<Inference, Refusal> {
        let mut all = answers(study, 0, Analysis::Pooled).into_iter();
        all.find(|a| a.method == "wild_subcluster").expect("a row").result
    };
    for seed in 0..5 {
        let study = small(seed, 8, 4);
        assert_eq!(of(&study), Err(Refusal::NoFinerLevel { clusters: 8 }));
        let found = of(&study.paired()).expect("an answer");
        assert_eq!((&found.remarks[0][..], found.interval.is_some()), ("enumerated: 256", true));
    }
}
