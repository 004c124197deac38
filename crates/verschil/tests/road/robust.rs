//! How an answer is put to the test, from a protocol to its rows.

use std::sync::OnceLock;

use verschil_study::results::{Results, SpecificationRow};

use crate::runs::{results, root, row};
use crate::small::Study;

/// The study of castle-doctrine laws, run once for all tests.
pub fn castle() -> &'static Results {
    static ONCE: OnceLock<Results> = OnceLock::new();
    ONCE.get_or_init(|| results(&root().join("studies/castle/protocol.toml")))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1e-6)
}

#[test]
fn the_curve_holds_every_combination_and_the_main_analysis_is_one_of_them() {
    let results = castle();
    let covariates = u32::try_from(results.design.covariates.len()).expect("few");
    // two control groups, every subset, three first and two last years, two fates of 2006
    let combinations = 2 * 2_usize.pow(covariates) * 3 * 2 * 2;
    for outcome in &results.outcomes {
        let rows: Vec<&SpecificationRow> =
            results.specifications.iter().filter(|row| row.outcome == outcome.id).collect();
        assert_eq!(rows.len(), combinations);
        let main: Vec<_> = rows.iter().filter(|row| row.main).collect();
        let leading = row(results, &outcome.id, "main", "cr3");
        let [only] = main[..] else { panic!("{} are the main analysis", main.len()) };
        assert!(near(only.estimate.expect("effect"), leading.estimate.expect("effect")));
        assert!(near(only.std_error.expect("error"), leading.std_error.expect("error")));
        let curve = results.curves.iter().find(|c| c.outcome == outcome.id).expect("a curve");
        assert_eq!(curve.specifications, combinations as u64);
        let below = rows.iter().filter(|r| r.estimate.is_some_and(|e| e < curve.median)).count();
        assert!(below <= combinations / 2 && curve.lowest <= curve.median);
        assert!(curve.p_median.is_some_and(|p| p > 0.0 && p <= 1.0));
    }
}

#[test]
fn each_region_is_left_out_once_and_agrees_with_the_jackknife() {
    let results = castle();
    let regions = results.design.treated.len() + results.design.comparisons[0].regions.len();
    let main = row(results, "robbery", "main", "cr3");
    let left: Vec<f64> = results
        .estimates
        .iter()
        .filter(|r| r.outcome == "robbery" && r.analysis.starts_with("leave_out:"))
        .map(|r| {
            assert_eq!((r.method.as_str(), r.headline, r.estimand.as_str()), ("cr3", true, "att"));
            r.estimate.expect("effect")
        })
        .collect();
    assert_eq!(left.len(), regions);
    // clusters are regions here, so these are the values that CR3 is made of
    let (g, centre) = (regions as f64, main.estimate.expect("effect"));
    let variance: f64 = left.iter().map(|e| (e - centre).powi(2)).sum::<f64>() * (g - 1.0) / g;
    assert!(near(variance.sqrt(), main.std_error.expect("error")));
}

#[test]
fn a_placebo_looks_at_the_years_before_alone() {
    let results = castle();
    let placebo = row(results, "homicide", "placebo:2003", "cr3");
    assert_eq!(placebo.estimand, "trend_difference");
    assert_eq!((placebo.n_treated_post, placebo.relative), (None, None));
    // 42 states in 2000-2005
    assert_eq!(placebo.n, Some(252.0));
    assert!(placebo.estimate.is_some() && placebo.headline);
}

#[test]
fn p_values_are_adjusted_within_their_domain() {
    let results = castle();
    assert_eq!(results.adjusted.len(), results.outcomes.len());
    for adjusted in &results.adjusted {
        let family = results.adjusted.iter().filter(|a| a.domain == adjusted.domain);
        assert_eq!(adjusted.tests, family.count() as u64);
        let own = row(results, &adjusted.outcome, "main", "cr3").p_value.expect("p");
        assert_eq!(adjusted.p_value, own);
        assert!(adjusted.holm >= own && adjusted.benjamini_hochberg >= own);
        assert!(adjusted.holm >= adjusted.benjamini_hochberg);
        assert!(adjusted.romano_wolf.is_some_and(|p| p > 0.0 && p <= 1.0), "{}", adjusted.note);
    }
}

#[test]
fn a_smallest_relevant_effect_is_tested_and_without_one_nothing_is_claimed() {
    let results = castle();
    for power in &results.power {
        let leading = row(results, &power.outcome, "main", "cr3");
        let error = leading.std_error.expect("error");
        // a t test at 5% finds about 2.8 to 3 standard errors in four of five studies
        let ratio = power.minimal_detectable_effect.expect("effect") / error;
        assert!(power.comparison != "never" || (2.8..3.1).contains(&ratio), "{ratio}");
        assert_eq!((power.equivalent, power.equivalence_p_value), (None, None));
    }
    let study = Study::new()
        .with("better = \"neither\"", "better = \"neither\"\nsmallest_relevant_effect = 0.9");
    let results = study.run().expect("runs").results;
    let tested: Vec<_> = results.power.iter().filter(|row| row.equivalent.is_some()).collect();
    assert!(tested.iter().all(|row| row.equivalent == Some(true)) && !tested.is_empty());
}

#[test]
fn one_treated_region_has_no_bounds_but_a_reason() {
    let results = results(&root().join("studies/organ_donations/protocol.toml"));
    let [power] = &results.power[..] else { panic!("{:?}", results.power) };
    assert!(power.minimal_detectable_effect.is_none() && power.note.starts_with("no_std_error: "));
    let [trend] = &results.trend_power[..] else { panic!("{:?}", results.trend_power) };
    assert!(trend.slope.is_none() && trend.note.starts_with("refused_one_treated: "));
    assert!(results.adjusted.iter().all(|row| row.romano_wolf.is_none() && !row.note.is_empty()));
}

#[test]
fn a_band_stands_around_the_event_study_and_is_wider_than_each_of_its_intervals() {
    let results = castle();
    for outcome in &results.outcomes {
        let bands: Vec<_> = results.bands.iter().filter(|b| b.outcome == outcome.id).collect();
        let events = results.estimates.iter().filter(|row| {
            let own = row.outcome == outcome.id && row.comparison == "never";
            own && row.headline && row.analysis.starts_with("event:")
        });
        assert_eq!(bands.len(), events.count());
        for band in bands {
            let event = row(results, &outcome.id, &format!("event:{}", band.period), "cr3");
            let (low, high) = (event.ci_low.expect("low"), event.ci_high.expect("high"));
            assert!(band.low < low && high < band.high, "{} {}", outcome.id, band.period);
            let estimate = event.estimate.expect("estimate");
            assert!((band.estimate - estimate).abs() <= 1e-9 * estimate.abs().max(1e-6));
            assert_eq!((band.method.as_str(), band.comparison.as_str()), ("cr3", "never"));
        }
    }
}

#[test]
fn bounds_widen_with_what_they_allow() {
    let study = Study::new().with("wild_draws = 999", "wild_draws = 999\nhonest_bounds = true");
    let results = study.run().expect("runs").results;
    assert!(!results.honest.is_empty());
    for outcome in &results.outcomes {
        let rows: Vec<_> = results
            .honest
            .iter()
            .filter(|row| row.outcome == outcome.id && row.restriction == "relative_magnitudes")
            .filter_map(|row| Some((row.bound?, row.ci_high? - row.ci_low?)))
            .collect();
        assert!(rows.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 <= two[1].1 + 1e-9));
        let parallel: Vec<_> = results
            .honest
            .iter()
            .filter(|row| row.outcome == outcome.id && row.restriction == "parallel")
            .collect();
        assert!(matches!(parallel[..], [row] if row.ci_low < row.ci_high && row.bound.is_none()));
    }
}
