//! Intervals of the score bootstrap against a dense bootstrap of every sign vector, and their laws.

use verschil_stats::did::Analysis;
use verschil_stats::estimate::Covariance;
use verschil_stats::glm::{Model, ScoreInterval};
use verschil_stats::grams::Weighting;
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::{Draws, Null, Residuals, Wild};

use crate::agree;
use crate::data::{Data, MODELS, study};
use crate::twin::{Dense, clusters};

const LEVEL: f64 = 0.9;

/// All 1,024 sign vectors of ten regions.
const WILD: Wild = Wild {
    null: Null::Imposed,
    residuals: Residuals::Fitted,
    draws: Draws::Rademacher,
    count: 1 << 10,
    seed: 3,
};

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| product(row, vector)).collect()
}

/// The fit with the effect held at a value, from the whole fit.
fn held(dense: &Dense, effect: usize, value: f64) -> Vec<f64> {
    let mut beta = dense.fit();
    for _ in 0..300 {
        let (information, slope) = (dense.information(&beta, true), dense.slope(&beta, effect));
        let score = dense.score(&beta, None);
        let (along, across) =
            (dense.solve(&information, &score), dense.solve(&information, &slope));
        let short = value - dense.att(&beta, effect);
        let pull = (product(&slope, &along) - short) / product(&slope, &across);
        let step = along.iter().zip(&across).map(|(a, b)| a - pull * b);
        beta.iter_mut().zip(step).for_each(|(beta, step)| *beta += step);
    }
    // the first-order conditions of the constrained maximum, whatever led there
    let (score, slope) = (dense.score(&beta, None), dense.slope(&beta, effect));
    let multiplier = product(&score, &slope) / product(&slope, &slope);
    let largest = slope.iter().fold(0.0, |most: f64, s| most.max((s * multiplier).abs()));
    for (score, slope) in score.iter().zip(&slope) {
        assert!((score - multiplier * slope).abs() <= 1e-7 * largest.max(1.0), "{score} {slope}");
    }
    agree(dense.att(&beta, effect), value, 1e-9, "held");
    beta
}

/// p-value of the hypothesis that the effect is `value`, each sign vector by itself.
fn p_value(dense: &Dense, names: &[String], effect: usize, value: f64) -> f64 {
    let beta = held(dense, effect, value);
    let information = dense.information(&beta, true);
    let row = dense.solve(&information, &dense.slope(&beta, effect));
    let scores: Vec<Vec<f64>> = names.iter().map(|name| dense.score(&beta, Some(name))).collect();
    let own: Vec<Vec<Vec<f64>>> = names
        .iter()
        .map(|name| {
            let rest = dense.without(name).information(&beta, true);
            let apart = |(all, rest): (&Vec<f64>, &Vec<f64>)| -> Vec<f64> {
                all.iter().zip(rest).map(|(all, rest)| all - rest).collect()
            };
            information.iter().zip(&rest).map(apart).collect()
        })
        .collect();
    let t = |signs: &dyn Fn(usize) -> f64| -> f64 {
        let mut sum = vec![0.0; beta.len()];
        for (g, score) in scores.iter().enumerate() {
            sum.iter_mut().zip(score).for_each(|(sum, score)| *sum += signs(g) * score);
        }
        let step = dense.solve(&information, &sum);
        let square: f64 = (0..names.len())
            .map(|g| {
                let fitted = times(&own[g], &step);
                (signs(g) * product(&row, &scores[g]) - product(&row, &fitted)).powi(2)
            })
            .sum();
        product(&row, &sum) / square.sqrt()
    };
    let observed = t(&|_| 1.0).abs() * (1.0 - 1e-8);
    let vectors = 1usize << names.len();
    let sign = |bits: usize, g: usize| if bits >> g & 1 == 1 { -1.0 } else { 1.0 };
    let extreme = (0..vectors).filter(|&bits| t(&|g| sign(bits, g)).abs() >= observed).count();
    extreme as f64 / vectors as f64
}

fn interval(data: &Data, outcome: usize, model: Model) -> (f64, f64, ScoreInterval) {
    let found = data.made().expect("made").with(Analysis::Pooled, outcome, model, |fit, _, _| {
        let att = fit.att(0).expect("identified");
        let unit = att.std_error(0, Covariance::Cr0).expect("exists");
        (att.values[0], unit, fit.score_interval(0, &att, &WILD, LEVEL).expect("an interval"))
    });
    found.expect("fits")
}

#[test]
fn ends_are_where_a_dense_bootstrap_begins_to_reject() {
    let data = study(31, Weighting::None, false);
    let made = data.made().expect("made");
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let (estimate, unit, found) = interval(&data, outcome, model);
        let checked = made.with(Analysis::Pooled, outcome, model, |_, design, linear| {
            let dense = Dense::new(&data, &made, design, outcome, model);
            let p = |value| p_value(&dense, &clusters(linear), dense.effects[0], value);
            for (end, out) in [(found.ends.0, -1.0), (found.ends.1, 1.0)] {
                assert!(out * (end - estimate) > 0.5 * unit && end.is_finite(), "{found:?}");
                let by = 1e-4 * unit * out;
                assert!(p(end - by) > 1.0 - LEVEL, "{} inside {end}", model.id());
                assert!(p(end + by) <= 1.0 - LEVEL, "{} outside {end}", model.id());
            }
        });
        checked.expect("fits");
    }
}

#[test]
fn the_interval_leaves_out_zero_exactly_when_the_test_rejects_it() {
    let (mut out, mut inside) = (0, 0);
    for seed in 60..72 {
        let data = study(seed, Weighting::Frequency, true);
        for (outcome, model) in MODELS.into_iter().enumerate() {
            let (estimate, _, found) = interval(&data, outcome, model);
            assert!(found.ends.0 < estimate && estimate < found.ends.1, "{found:?} {estimate}");
            let p =
                data.made().expect("made").with(Analysis::Pooled, outcome, model, |fit, _, _| {
                    fit.score_bootstrap(0, &WILD).expect("a test").p_value
                });
            if found.disconnected {
                continue;
            }
            let rejected = p.expect("fits") <= 1.0 - LEVEL;
            assert_eq!(found.ends.0 > 0.0 || found.ends.1 < 0.0, rejected, "{found:?}");
            *if rejected { &mut out } else { &mut inside } += 1;
        }
    }
    assert!(out > 2 && inside > 2, "{out} leave out zero, {inside} hold it");
}

#[test]
fn the_other_answer_turns_the_interval_and_another_unit_stretches_it() {
    let data = study(33, Weighting::Analytic, true);
    let changed = |outcome: usize, change: fn(f64) -> f64| {
        let mut data = study(33, Weighting::Analytic, true);
        for unit in &mut data.units {
            unit.outcomes[outcome] = change(unit.outcomes[outcome]);
        }
        data
    };
    let (_, unit, own) = interval(&data, 0, Model::Logit);
    let (_, _, turned) = interval(&changed(0, |y| 1.0 - y), 0, Model::Logit);
    // ends are found to a millionth of a standard error
    let near = |a: f64, b: f64, unit: f64| assert!((a - b).abs() <= 1e-5 * unit, "{a} {b}");
    near(turned.ends.0, -own.ends.1, unit);
    near(turned.ends.1, -own.ends.0, unit);
    for (outcome, model) in [(1, Model::Poisson), (2, Model::Gamma)] {
        let (_, unit, own) = interval(&data, outcome, model);
        let (_, _, stretched) = interval(&changed(outcome, |y| 7.0 * y), outcome, model);
        near(stretched.ends.0, 7.0 * own.ends.0, 7.0 * unit);
        near(stretched.ends.1, 7.0 * own.ends.1, 7.0 * unit);
    }
}

#[test]
fn threads_do_not_change_a_bit_and_effects_fitted_together_are_not_inverted() {
    let data = study(34, Weighting::None, true);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| interval(&data, 2, Model::Gamma))
    };
    assert_eq!(on(1), on(3));
    let refused =
        data.made().expect("made").with(Analysis::PerPeriod, 0, Model::Logit, |fit, _, _| {
            let att = fit.att(0).expect("identified");
            fit.score_interval(0, &att, &WILD, LEVEL)
        });
    assert!(matches!(refused, Ok(Err(Refusal::NotDefined { .. }))));
}
