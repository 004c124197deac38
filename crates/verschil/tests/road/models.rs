//! Models beside the linear one, and weighted controls, from a protocol to rows.

use verschil_study::results::{EstimateRow, Results};

use crate::robust::castle;
use crate::small::Study;

fn rows<'a>(results: &'a Results, outcome: &str, model: &str) -> Vec<&'a EstimateRow> {
    let of = |row: &&EstimateRow| row.outcome == outcome && row.model == model;
    results.estimates.iter().filter(of).collect()
}

fn one<'a>(rows: &[&'a EstimateRow], analysis: &str, method: &str) -> &'a EstimateRow {
    rows.iter().find(|row| row.analysis == analysis && row.method == method).expect(method)
}

#[test]
fn logit_and_gamma_stand_beside_the_linear_model_where_they_fit() {
    let study = Study::new()
        .with("wild_draws = 999", "wild_draws = 999\nmodels = [\"linear\", \"logit\", \"gamma\"]");
    let results = study.run().expect("runs").results;
    let (linear, logit) = (rows(&results, "home", "linear"), rows(&results, "home", "logit"));
    assert!(rows(&results, "home", "gamma").is_empty());
    assert!(rows(&results, "spending", "logit").is_empty());
    let (a, b) = (one(&linear, "main", "cr3"), one(&logit, "main", "cr3"));
    let (linear_effect, logit_effect) = (a.estimate.expect("effect"), b.estimate.expect("effect"));
    assert!(linear_effect != logit_effect && linear_effect * logit_effect > 0.0);
    assert!((linear_effect - logit_effect).abs() < 0.1, "{linear_effect} {logit_effect}");
    assert_eq!((a.n, a.clusters, a.observed), (b.n, b.clusters, b.observed));
    assert!(b.relative.is_some() && b.relative_ci_low < b.relative && !b.headline);
    // the score bootstrap stands in the place of the wild ones; its interval is of the whole effect
    let score = one(&logit, "main", "score");
    let ends = score.ci_low.zip(score.ci_high).expect("an interval");
    assert!(ends.0 < logit_effect && logit_effect < ends.1 && score.p_value.is_some());
    assert!(score.relative_ci_low < score.relative && score.relative < score.relative_ci_high);
    let early = one(&logit, "period:2015", "score");
    assert!(early.ci_low.is_none() && early.note.contains("no_interval: "), "{early:?}");
    assert!(!logit.iter().any(|row| row.method.starts_with("wild")));
    assert!(one(&logit, "main", "permutation").p_value.is_some());
    let gamma = rows(&results, "spending", "gamma");
    assert!(one(&gamma, "main", "cr3").std_error.is_some());
    // one region at a time: no cluster-robust number, but a permutation test
    let alone: Vec<_> =
        logit.iter().copied().filter(|row| row.analysis.starts_with("region:")).collect();
    assert!(!alone.is_empty());
    for row in alone {
        let tested = row.method == "permutation";
        assert_eq!(row.p_value.is_some(), tested, "{row:?}");
        assert!(tested || row.note.starts_with("refused_one_treated: "), "{row:?}");
    }
}

#[test]
fn an_event_study_stands_beside_the_linear_one_and_leaves_the_trend_rule_alone() {
    let with = "wild_draws = 999\nmodels = [\"linear\", \"logit\", \"gamma\"]";
    let results = Study::new().with("wild_draws = 999", with).run().expect("runs").results;
    let plain = Study::new().run().expect("runs").results;
    assert_eq!(results.trend_checks, plain.trend_checks);
    for (outcome, model) in [("home", "logit"), ("spending", "gamma")] {
        let (linear, own) = (rows(&results, outcome, "linear"), rows(&results, outcome, model));
        let events = |rows: &[&EstimateRow], method: &str| -> Vec<(String, String, Option<f64>)> {
            rows.iter()
                .filter(|row| row.analysis.starts_with("event:") && row.method == method)
                .filter(|row| row.comparison == "rest")
                .map(|row| (row.analysis.clone(), row.estimand.clone(), row.n_treated_post))
                .collect()
        };
        assert!(!events(&own, "cr3").is_empty());
        assert_eq!(events(&own, "cr3"), events(&linear, "cr3"));
        let mut before = 0;
        for row in own.iter().filter(|row| row.analysis.starts_with("event:")) {
            assert!(row.method.starts_with("cr") && !row.headline, "{row:?}");
            assert!(row.std_error.is_some_and(|error| error > 0.0), "{row:?}");
            assert_eq!(row.relative.is_some(), row.estimand == "att", "{row:?}");
            before += u64::from(row.estimand == "trend_difference");
        }
        assert!(before > 0);
        // each year's effect has a jackknife too, and a permutation test
        for row in own.iter().filter(|row| row.analysis.starts_with("period:")) {
            let tested = row.method.starts_with("permutation") || row.method == "score";
            assert_eq!(row.std_error.is_some(), !tested, "{row:?}");
        }
    }
}

#[test]
fn weighted_controls_give_an_effect_for_all_and_for_each_region_with_their_weights() {
    let results = castle();
    for model in ["sdid", "sc_intercept"] {
        let found = rows(results, "homicide", model);
        // all thirteen states together, and each
        assert_eq!(found.len(), 14);
        for row in &found {
            assert_eq!((row.method.as_str(), row.headline), ("placebo", false));
            assert!(row.std_error.is_some_and(|error| error > 0.0), "{row:?}");
            let weights: Vec<f64> = results
                .synthetic_weights
                .iter()
                .filter(|w| w.outcome == "homicide" && w.model == model)
                .filter(|w| w.analysis == row.analysis && w.kind == "region")
                .map(|w| w.weight)
                .collect();
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{weights:?}");
            assert!(weights.iter().all(|&weight| weight > 0.0) && weights.len() <= 29);
        }
        // one state against 29: the smallest p-value by rank is one in thirty
        assert!(one(&found, "region:Alaska", "placebo").note.contains("permutation_floor: 0.0333"));
    }
    let per_region = results.estimates.iter().filter(|r| r.analysis.starts_with("region:"));
    for row in per_region.filter(|row| row.model == "linear") {
        let by_clusters = row.method.starts_with("cr") || row.method.starts_with("wild");
        assert_eq!(row.std_error.is_none() && row.p_value.is_none(), by_clusters, "{row:?}");
    }
}
