//! What the data cannot bear is a value with names and numbers.

use verschil_stats::did::Analysis;
use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;
use verschil_stats::refusal::Refusal;

use crate::data::{Data, Unit, study};

fn refused(data: &Data, analysis: Analysis, outcome: usize, model: Model) -> Refusal {
    let found = data.made().expect("well formed").with(analysis, outcome, model, |fit, _, _| {
        format!("{:?}", fit.att(0).map(|estimate| estimate.values))
    });
    found.expect_err("refused")
}

fn with_outcome(outcome: usize, value: impl Fn(&Unit) -> Option<f64>) -> Data {
    let mut data = study(71, Weighting::None, true);
    for unit in &mut data.units {
        if let Some(value) = value(unit) {
            unit.outcomes[outcome] = value;
        }
    }
    data
}

#[test]
fn a_region_period_level_or_treated_cell_without_events_is_named() {
    type Where = fn(&Unit) -> bool;
    let cases: [(&str, Analysis, Where); 5] = [
        ("region r3", Analysis::Pooled, |unit| unit.region == "r3"),
        ("period 2012", Analysis::Pooled, |unit| unit.period == 2012),
        ("x0 = age 0", Analysis::Pooled, |unit| unit.levels[0] == "age 0"),
        ("x1 = sex 1", Analysis::Pooled, |unit| unit.levels[1] == "sex 1"),
        ("event:2011", Analysis::EventStudy, |unit| {
            unit.period == 2011 && ["r1", "r5", "r9"].contains(&unit.region.as_str())
        }),
    ];
    for (name, analysis, here) in cases {
        let none = |unit: &Unit| here(unit).then_some(0.0);
        for (outcome, model) in [(0, Model::Logit), (1, Model::Poisson), (2, Model::Gamma)] {
            match refused(&with_outcome(outcome, none), analysis, outcome, model) {
                Refusal::Separated { columns, what } => {
                    assert_eq!((columns.as_str(), what.as_str()), (name, "every outcome is 0"));
                }
                other => panic!("{name} {model:?}: {other:?}"),
            }
        }
        let all = |unit: &Unit| here(unit).then_some(1.0);
        let refusal = refused(&with_outcome(0, all), analysis, 0, Model::Logit);
        assert!(refusal.note().starts_with("refused_separation: "), "{refusal}");
        assert!(refusal.note().contains("every outcome is 1"), "{refusal}");
    }
}

#[test]
fn separation_by_several_columns_together_is_found_too() {
    // no treated unit had an event before the start: no single column says so
    let treated = |unit: &Unit| ["r1", "r5", "r9"].contains(&unit.region.as_str());
    let before = |unit: &Unit| (treated(unit) && unit.period < 2014).then_some(0.0);
    for (outcome, model) in [(0, Model::Logit), (1, Model::Poisson), (2, Model::Gamma)] {
        let refusal = refused(&with_outcome(outcome, before), Analysis::Pooled, outcome, model);
        let Refusal::Separated { columns, what } = &refusal else { panic!("{model:?}: {refusal}") };
        for name in ["region r1", "region r5", "region r9", "main"] {
            assert!(columns.contains(name), "{columns}");
        }
        assert_eq!(what, "some units' outcome is told without error");
    }
    // a number that tells the outcome
    let told = with_outcome(0, |unit| Some(f64::from(u8::from(unit.numerics[0] > 25.0))));
    match refused(&told, Analysis::Pooled, 0, Model::Logit) {
        Refusal::Separated { columns, .. } => assert!(columns.contains("x2"), "{columns}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn outcomes_that_a_model_does_not_take_are_counted() {
    let two = with_outcome(1, |unit| (unit.region == "r2").then_some(-2.0));
    let there = two.units.iter().filter(|unit| unit.region == "r2").count();
    for model in [Model::Poisson, Model::Gamma] {
        match refused(&two, Analysis::Pooled, 1, model) {
            Refusal::OutcomeRange { cells, range, .. } => {
                assert_eq!((cells, range.as_str()), (there, "0 and above"));
            }
            other => panic!("{other:?}"),
        }
    }
    let visits = study(72, Weighting::None, true);
    let refusal = refused(&visits, Analysis::Pooled, 1, Model::Logit);
    assert_eq!(refusal.code(), "refused_outcome_range");
}

#[test]
fn a_value_below_zero_does_not_hide_among_the_rows_of_its_cell() {
    let mut data = study(74, Weighting::None, false);
    let first = data.units[0].clone();
    let alike = |unit: &Unit| {
        (&unit.region, unit.period, &unit.levels) == (&first.region, first.period, &first.levels)
    };
    let mut sum = 0.0;
    for unit in data.units.iter_mut().filter(|unit| alike(unit)) {
        unit.outcomes[1] = 3.0;
        sum += 3.0;
    }
    data.units[0].outcomes[1] = -1.0;
    assert!(sum > 3.0, "others share its cell");
    match refused(&data, Analysis::Pooled, 1, Model::Poisson) {
        Refusal::OutcomeRange { cells, .. } => assert_eq!(cells, 1),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outcome_that_never_happens_or_never_changes_is_constant() {
    for (outcome, model) in [(0, Model::Logit), (1, Model::Poisson), (2, Model::Gamma)] {
        for value in [0.0, 1.0] {
            let data = with_outcome(outcome, |_| Some(value));
            assert_eq!(refused(&data, Analysis::Pooled, outcome, model), Refusal::ConstantOutcome);
        }
    }
}

#[test]
fn a_level_without_events_outside_one_cluster_refuses_the_jackknife_only() {
    let data =
        with_outcome(0, |unit| (unit.levels[0] == "age 2" && unit.region != "r3").then_some(0.0));
    let fitted =
        data.made().expect("well formed").with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| {
            let att = fit.att(0).expect("identified");
            assert!(att.values[0].is_finite() && att.influence[0].iter().all(|i| i.is_finite()));
            let refusal = Refusal::NotIdentifiedWithout { cluster: "r3".into() };
            assert_eq!(att.deleted, Err(refusal));
        });
    fitted.expect("fits");
}

#[test]
fn a_collinear_covariate_is_dropped_and_a_collinear_effect_refused() {
    let mut data = study(73, Weighting::None, false);
    let plain =
        data.made()
            .expect("well formed")
            .with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| fit.att(0));
    // a covariate that regions explain
    for unit in &mut data.units {
        let odd = unit.region.ends_with(['1', '3', '5', '7', '9']);
        unit.levels.push(if odd { "odd".into() } else { "even".into() });
    }
    let same = data.made().expect("well formed").with(
        Analysis::Pooled,
        0,
        Model::Logit,
        |fit, _, linear| {
            assert_eq!(
                linear
                    .collinear(
                        &data.made().expect("well formed").grams,
                        &["a", "b", "c"].map(String::from)
                    )
                    .len(),
                1
            );
            fit.att(0)
        },
    );
    let (plain, same) = (plain.expect("fits").expect("there"), same.expect("fits").expect("there"));
    crate::agree(same.values[0], plain.values[0], 1e-10, "effect");
    // and one that is the effect
    for unit in &mut data.units {
        let on = unit.period >= 2014 && ["r1", "r5", "r9"].contains(&unit.region.as_str());
        unit.levels[2] = if on { "on".into() } else { "off".into() };
    }
    let refusal =
        data.made().expect("well formed").with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| {
            fit.att(0).map(|estimate| estimate.values).expect_err("refused")
        });
    assert_eq!(refusal.expect("fits"), Refusal::NotIdentified { term: "main".into() });
}
