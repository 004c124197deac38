//! Laws that the effects obey, whatever the data.

use verschil_stats::did::Analysis;
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::glm::{GlmFit, Model};
use verschil_stats::grams::Weighting;

use crate::agree;
use crate::data::{Data, MODELS, study};

const SEEDS: [u64; 3] = [21, 22, 23];

/// Values, CR0 and CR3 of everything that a fit gives.
fn answers(data: &Data, model: usize) -> Vec<f64> {
    let made = data.made().expect("well formed");
    let all = |fit: &GlmFit| {
        let estimates: [Estimate; 3] = [fit.coefficients(&[0]), fit.levels(0), fit.log_ratio(0)]
            .map(|estimate| estimate.expect("identified"));
        let mut numbers = Vec::new();
        for estimate in estimates {
            for (j, value) in estimate.values.iter().enumerate() {
                let cr3 = estimate.std_error(j, Covariance::Cr3).expect("exists");
                numbers.extend([
                    *value,
                    estimate.std_error(j, Covariance::Cr0).expect("exists"),
                    cr3,
                ]);
            }
        }
        numbers
    };
    made.with(Analysis::Pooled, model, MODELS[model], |fit, _, _| all(fit)).expect("fits")
}

#[track_caller]
fn same(before: &[f64], after: &[f64], share: f64, what: &str) {
    assert_eq!(before.len(), after.len());
    before.iter().zip(after).for_each(|(a, b)| agree(*b, *a, share, what));
}

#[test]
fn rows_that_count_twice_are_rows_that_stand_twice() {
    for seed in SEEDS {
        let once = study(seed, Weighting::Frequency, true);
        let mut twice = once.clone();
        twice.units.iter_mut().for_each(|unit| unit.weight = 2.0);
        let mut doubled = once;
        doubled.units.iter_mut().for_each(|unit| unit.weight = 1.0);
        let copy = doubled.units.clone();
        doubled.units.extend(copy);
        for model in 0..3 {
            same(&answers(&twice, model), &answers(&doubled, model), 1e-10, "twice");
        }
    }
}

#[test]
fn the_order_of_rows_and_the_names_of_levels_change_nothing() {
    for seed in SEEDS {
        let data = study(seed, Weighting::Analytic, true);
        let mut other = data.clone();
        other.units.reverse();
        for unit in &mut other.units {
            // another level becomes the reference
            unit.levels[0] = unit.levels[0].replace("age 3", "a");
        }
        for model in 0..3 {
            same(&answers(&data, model), &answers(&other, model), 1e-9, "relabelled");
        }
    }
}

#[test]
fn an_outcome_in_other_units_has_its_effect_in_those_units() {
    for seed in SEEDS {
        let data = study(seed, Weighting::None, true);
        let mut scaled = data.clone();
        scaled.units.iter_mut().for_each(|unit| {
            unit.outcomes[1] *= 8.0;
            unit.outcomes[2] *= 8.0;
        });
        for model in 1..3 {
            let (before, after) = (answers(&data, model), answers(&scaled, model));
            same(&before[..3], &after[..3], 1e-9, "coefficient");
            let levels: Vec<f64> = before[3..9].iter().map(|value| value * 8.0).collect();
            same(&levels, &after[3..9], 1e-9, "levels");
            same(&before[9..], &after[9..], 1e-9, "ratio");
        }
    }
}

#[test]
fn a_level_of_one_region_that_moves_leaves_the_coefficient() {
    // exp(index) times 3 in one region: its own effect takes that up, and nothing else
    for seed in SEEDS {
        let data = study(seed, Weighting::None, true);
        let mut moved = data.clone();
        let here = moved.units.iter_mut().filter(|unit| unit.region == "r1" || unit.region == "r2");
        here.for_each(|unit| unit.outcomes[2] *= 3.0);
        let (before, after) = (answers(&data, 2), answers(&moved, 2));
        // the Gamma score does not know the level
        same(&before[..3], &after[..3], 1e-9, "coefficient");
        same(&before[9..], &after[9..], 1e-9, "ratio");
    }
}

#[test]
fn influences_sum_to_zero_and_conventions_are_what_they_are_called() {
    let data = study(31, Weighting::None, true);
    let made = data.made().expect("well formed");
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let checked = made.with(Analysis::EventStudy, outcome, model, |fit, design, linear| {
            for term in 0..design.effects.len() {
                let att = fit.att(term).expect("identified");
                let [coefficient, levels, ratio] =
                    [fit.coefficients(&[term]), fit.levels(term), fit.log_ratio(term)]
                        .map(|estimate| estimate.expect("identified"));
                for estimate in [&att, &coefficient, &levels, &ratio] {
                    for (j, influence) in estimate.influence.iter().enumerate() {
                        let size = influence.iter().map(|i| i * i).sum::<f64>().sqrt();
                        let sum: f64 = influence.iter().sum();
                        assert!(sum.abs() <= 1e-9 * size, "{sum} of {size}");
                        let cr0 = estimate.std_error(j, Covariance::Cr0).expect("exists");
                        agree(cr0, size, 1e-14, "CR0");
                    }
                }
                let se = |kind| att.std_error(0, kind).expect("exists");
                let (g, n) = (10.0f64, linear.normal.n);
                let k = u32::try_from(linear.k_within()).expect("few");
                let stata = se(Covariance::Cr0) * (g / (g - 1.0)).sqrt();
                agree(se(Covariance::Cr1(SmallSample::Stata)), stata, 1e-14, "stata");
                let fixest = stata * ((n - 1.0) / (n - f64::from(k))).sqrt();
                agree(se(Covariance::Cr1(SmallSample::Fixest)), fixest, 1e-14, "fixest");
            }
        });
        checked.expect("fits");
    }
}

#[test]
fn a_saturated_table_has_the_effect_of_its_odds_by_hand() {
    // without covariates, two regions, two periods: the counterfactual odds of the treated are their
    // odds before, times the change of the controls' odds
    let mut data = study(41, Weighting::None, false);
    data.units.retain(|unit| ["r1", "r2"].contains(&unit.region.as_str()));
    data.treated = vec!["r1".into()];
    data.units.iter_mut().for_each(|unit| {
        unit.period = 2013 + i64::from(unit.period >= 2014);
        unit.levels.clear();
    });
    let share = |region: &str, period: i64| {
        let here: Vec<f64> = data
            .units
            .iter()
            .filter(|unit| unit.region == region && unit.period == period)
            .map(|unit| unit.outcomes[0])
            .collect();
        here.iter().sum::<f64>() / f64::from(u32::try_from(here.len()).expect("few"))
    };
    let odds = |region: &str, period: i64| share(region, period) / (1.0 - share(region, period));
    let without = odds("r1", 2013) * odds("r2", 2014) / odds("r2", 2013);
    let by_hand = share("r1", 2014) - without / (1.0 + without);
    let fitted =
        data.made().expect("well formed").with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| {
            let levels = fit.levels(0).expect("identified");
            agree(levels.values[0], share("r1", 2014), 1e-11, "observed");
            agree(fit.att(0).expect("identified").values[0], by_hand, 1e-10, "effect");
        });
    fitted.expect("fits");
}

#[test]
fn relative_effects_carry_the_uncertainty_of_either_base() {
    let made = study(33, Weighting::None, true).made().expect("well formed");
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let checked = made.with(Analysis::Pooled, outcome, model, |fit, design, linear| {
            let (att, levels) = (fit.att(0).expect("there"), fit.levels(0).expect("there"));
            let treated = &made.setting.treated;
            let base = design.mean(linear, outcome, treated, &made.setting.pre).expect("units");
            let pre_mean = att.clone().join(base.clone()).ratio(0, 1);
            agree(pre_mean.values[0], att.values[0] / base.values[0], 1e-14, "pre_mean");
            let own = |c: usize| {
                let (a, b) = (att.values[0], base.values[0]);
                att.influence[0][c] / b - a / (b * b) * base.influence[0][c]
            };
            (0..10).for_each(|c| agree(pre_mean.influence[0][c], own(c), 1e-10, "influence"));
            let ratio = fit.log_ratio(0).expect("there");
            let by_hand = levels.values[0] / levels.values[1] - 1.0;
            agree(ratio.values[0].exp_m1(), by_hand, 1e-12, "counterfactual");
            // what is observed is what the model has, where scores are of the outcome itself
            let observed =
                design.mean(linear, outcome, treated, &made.setting.post).expect("units");
            let apart = (observed.values[0] - levels.values[0]).abs();
            assert_eq!(apart <= 1e-10 * observed.values[0], model != Model::Gamma, "{apart}");
        });
        checked.expect("fits");
    }
}

#[test]
fn a_fit_from_a_near_one_is_the_same() {
    let made = study(51, Weighting::None, true).made().expect("well formed");
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let compared = made.with(Analysis::Pooled, outcome, model, |near, _, _| {
            let class = made.grams.class_of[outcome];
            let design = verschil_stats::did::Design::new(
                &made.grams,
                class,
                &made.setting,
                Analysis::PerPeriod,
            );
            let design = design.expect("a design");
            let linear = design.fit();
            let fit = |near: Option<&GlmFit>| {
                let both = (&design, &linear);
                GlmFit::new(&made.rows, &made.cells, both, outcome, model, near).expect("fits")
            };
            let (cold, warm) = (fit(None), fit(Some(near)));
            for term in 0..design.effects.len() {
                let [cold, warm] = [&cold, &warm].map(|fit| fit.att(term).expect("identified"));
                agree(warm.values[0], cold.values[0], 1e-11, "effect");
                let [cold, warm] =
                    [cold, warm].map(|e| e.std_error(0, Covariance::Cr3).expect("exists"));
                agree(warm, cold, 1e-8, "standard error");
            }
        });
        compared.expect("fits");
    }
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let data = study(61, Weighting::Analytic, true);
    for model in 0..3 {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
            pool.install(|| answers(&data, model))
        };
        let bits =
            |numbers: Vec<f64>| -> Vec<u64> { numbers.into_iter().map(f64::to_bits).collect() };
        let one = bits(run(1));
        assert_eq!(one, bits(run(2)));
        assert_eq!(one, bits(run(5)));
    }
}
