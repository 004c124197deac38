//! Effects on the treated in models with a curved link, by hand in tables of two by two.

use std::collections::BTreeMap;

use verschil_stats::did::Analysis;
use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;

use crate::close;
use crate::data::{Data, MODELS, Unit, study};

/// Two regions, the second treated, two periods; each cell has these outcomes.
fn table(cells: [[Vec<f64>; 2]; 2], binary: bool) -> Data {
    let mut units = Vec::new();
    for (region, periods) in cells.iter().enumerate() {
        for (period, outcomes) in (2000..).zip(periods) {
            units.extend(outcomes.iter().map(|&y| Unit {
                region: format!("r{region}"),
                period,
                levels: Vec::new(),
                numerics: Vec::new(),
                outcomes: vec![y],
                weight: 1.0,
            }));
        }
    }
    Data {
        units,
        clusters: BTreeMap::new(),
        treated: vec!["r1".into()],
        start: 2001,
        weighting: Weighting::None,
        binary: vec![binary],
    }
}

/// So many of a hundred.
fn share(events: usize) -> Vec<f64> {
    (0..100).map(|i| f64::from(u8::from(i < events))).collect()
}

/// Puhani (2012) against Ai and Norton (2003): the odds of the treated rise by more than those of the
/// controls, their share by less.
#[test]
fn the_effect_has_the_sign_of_its_coefficient_where_the_cross_difference_has_not() {
    let data = table([[share(20), share(30)], [share(85), share(93)]], true);
    let made = data.made().expect("made");
    let seen = made.with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| {
        let coefficient = fit.coefficients(&[0]).expect("identified").values[0];
        (coefficient, fit.att(0).expect("identified").values[0])
    });
    let (coefficient, effect) = seen.expect("fits");
    let odds = |share: f64| share / (1.0 - share);
    let without = odds(0.85) * odds(0.3) / odds(0.2);
    close(effect, 0.93 - without / (1.0 + without), 1e-8, "effect");
    let cross = (0.93 - 0.85) - (0.3 - 0.2);
    assert!(coefficient > 0.0 && effect > 0.0 && cross < 0.0, "{coefficient} {effect} {cross}");
    for seed in 1..6 {
        let made = study(seed, Weighting::None, true).made().expect("made");
        for (outcome, model) in MODELS.into_iter().enumerate() {
            let signs = made.with(Analysis::PerPeriod, outcome, model, |fit, design, _| {
                for term in 0..design.effects.len() {
                    let coefficient = fit.coefficients(&[term]).expect("identified").values[0];
                    let effect = fit.att(term).expect("identified").values[0];
                    assert_eq!(coefficient > 0.0, effect > 0.0, "{model:?} {term}");
                }
            });
            signs.expect("fits");
        }
    }
}

/// With units of unlike means the mean of their ratios is another number.
#[test]
fn a_relative_effect_is_a_ratio_of_means() {
    let made = study(9, Weighting::None, true).made().expect("made");
    let seen = made.with(Analysis::Pooled, 0, Model::Logit, |fit, _, _| {
        let levels = fit.levels(0).expect("identified").values;
        let coefficient = fit.coefficients(&[0]).expect("identified").values[0];
        (levels[0] / levels[1], fit.log_ratio(0).expect("identified").values[0].exp(), coefficient)
    });
    let (of_means, ours, coefficient) = seen.expect("fits");
    close(ours, of_means, 1e-12, "ratio of means");
    // nor is it the odds ratio
    assert!((ours - coefficient.exp()).abs() > 0.01, "{ours} and {}", coefficient.exp());
}

/// The Gamma density has no zeros; its score has, and the mean counts them.
#[test]
fn zeros_count_in_a_gamma_mean() {
    let cells =
        [[vec![0.0, 4.0, 5.0], vec![0.0, 0.0, 18.0]], [vec![2.0, 10.0, 0.0], vec![0.0, 15.0, 6.0]]];
    let made = table(cells, false).made().expect("made");
    for model in [Model::Gamma, Model::Poisson] {
        let seen = made.with(Analysis::Pooled, 0, model, |fit, _, _| {
            fit.att(0).expect("identified").values[0]
        });
        // 7 observed; 4 times 6 / 3 without the reform
        close(seen.expect("fits"), 7.0 - 8.0, 1e-8, "effect");
    }
}
