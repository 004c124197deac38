//! How well the answer holds: the section and the specification curve.

use verschil_report::{figures, html};
use verschil_study::results::{
    AdjustedRow, CurveRow, HonestRow, PowerRow, Results, SpecificationRow, TrendPowerRow,
};

use crate::fixture::{noise, six_treated};

/// Twelve combinations for the first outcome: two control groups, with and without covariates,
/// three windows.
pub fn specifications(results: &Results) -> Vec<SpecificationRow> {
    let design = &results.design;
    let all: Vec<&str> = design.covariates.iter().map(|c| c.id.as_str()).collect();
    let (first, last) = (design.periods[0].id, design.periods[design.periods.len() - 1].id);
    let mut rows = Vec::new();
    for comparison in &design.comparisons {
        for covariates in [all.join(" "), String::new()] {
            for from in first..first + 3 {
                let specification = 1 + rows.len() as u64;
                let estimate = -0.02 + 0.006 * noise(specification, 9);
                rows.push(SpecificationRow {
                    specification,
                    outcome: "referral".into(),
                    comparison: comparison.id.clone(),
                    main: comparison.main && !covariates.is_empty() && from == first,
                    covariates: covariates.clone(),
                    first: from,
                    last,
                    transition: "dropped".into(),
                    model: "linear".into(),
                    estimate: Some(estimate),
                    std_error: Some(0.007),
                    ci_low: Some(estimate - 0.0144),
                    ci_high: Some(estimate + 0.0144),
                    p_value: Some(0.012),
                    n: Some(12_000.0),
                    note: String::new(),
                });
            }
        }
    }
    rows
}

/// The made-up results with everything that the section shows for its first outcome.
pub fn scrutinised() -> Results {
    let mut results = six_treated();
    results.specifications = specifications(&results);
    results.curves = vec![CurveRow {
        outcome: "referral".into(),
        specifications: 12,
        median: -0.0203,
        lowest: -0.0258,
        highest: -0.0146,
        share_same_sign: 1.0,
        share_significant: 0.75,
        tested: Some(12),
        draws: 499,
        p_median: Some(0.014),
        p_significant: Some(0.02),
    }];
    let comparison = results.design.comparisons.iter().find(|c| c.main).unwrap().id.clone();
    let of = |outcome: &str| (outcome.to_owned(), comparison.clone());
    let (outcome, comparison_id) = of("referral");
    results.adjusted = vec![AdjustedRow {
        outcome,
        comparison: comparison_id,
        tests: 4,
        p_value: 0.0061,
        holm: 0.0244,
        benjamini_hochberg: 0.0243,
        romano_wolf: Some(0.0212),
        ..AdjustedRow::default()
    }];
    results.power = ["referral", "spending"]
        .iter()
        .map(|outcome| PowerRow {
            outcome: (*outcome).to_owned(),
            comparison: comparison.clone(),
            power: 0.8,
            alpha: 0.05,
            minimal_detectable_effect: Some(if *outcome == "referral" { 0.0205 } else { 139.2 }),
            smallest_relevant_effect: (*outcome == "spending").then_some(250.0),
            equivalence_p_value: (*outcome == "spending").then_some(0.0004),
            equivalent: (*outcome == "spending").then_some(true),
            ..PowerRow::default()
        })
        .collect();
    trends(&mut results, &comparison);
    results
}

fn trends(results: &mut Results, comparison: &str) {
    results.trend_power = vec![TrendPowerRow {
        outcome: "referral".into(),
        comparison: comparison.to_owned(),
        slope: Some(0.0011),
        slope_p_value: Some(0.31),
        rule_size: Some(0.04),
        slope_half: Some(0.0032),
        slope_eighty: Some(0.0047),
        bias_eighty: Some(0.0151),
        bound_max: Some(0.021),
        ..TrendPowerRow::default()
    }];
    let row = |restriction: &str, bound: Option<f64>, breakdown: Option<f64>| HonestRow {
        outcome: "referral".into(),
        comparison: comparison.to_owned(),
        restriction: restriction.into(),
        bound,
        ci_low: bound.map(|bound| -0.04 - 0.01 * bound),
        ci_high: bound.map(|bound| -0.004 + 0.01 * bound),
        breakdown,
        note: String::new(),
    };
    results.honest = vec![
        row("relative_magnitudes", Some(0.5), None),
        row("relative_magnitudes", Some(1.0), None),
        row("relative_magnitudes", None, Some(0.37)),
        row("smoothness", None, Some(0.0012)),
    ];
}

#[test]
fn a_run_without_scrutiny_has_no_section() {
    for language in ["nl", "en"] {
        assert!(!html(&six_treated(), language).unwrap().contains("id=\"scrutiny\""));
    }
}

#[test]
fn every_number_of_the_section_is_written_in_the_unit_of_its_outcome() {
    let page = html(&scrutinised(), "en").unwrap();
    let section = page.split("id=\"scrutiny\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    for said in [
        "<td>12</td><td>\u{2212}2.0</td>",
        "100%",
        "75%",
        "0.014",
        "0.024",
        "0.021",
        "<td>2.1</td>",
        "<td>139</td><td>250</td>",
        "shown",
        "0.37",
        "\u{2212}4.5 to 0.1",
    ] {
        assert!(section.contains(said), "{said} in {section}");
    }
    let dutch = html(&scrutinised(), "nl").unwrap();
    assert!(dutch.contains("Hoe stevig is het antwoord?") && dutch.contains("aangetoond"));
}

#[test]
fn the_curve_draws_each_combination_and_marks_the_main_one() {
    let drawn = figures(&scrutinised(), "en").unwrap();
    let figure = drawn.iter().find(|figure| figure.name.starts_with("curve_referral")).unwrap();
    assert!(!figure.caption.contains("are drawn"));
    // all, two control groups, each covariate, three first periods
    let covariates = six_treated().design.covariates.len();
    assert_eq!(figure.rows.len(), 1 + 2 + covariates + 3);
    assert_eq!(figure.rows[0][1], "12");
    insta::assert_snapshot!("curve_referral", figure.svg);
}

#[test]
fn a_curve_of_many_combinations_is_thinned_and_says_so() {
    let mut results = scrutinised();
    let once = results.specifications.clone();
    for round in 1..40_u64 {
        results.specifications.extend(once.iter().cloned().map(|mut row| {
            row.specification += 12 * round;
            row.main = false;
            row.estimate = row.estimate.map(|e| e + 1e-4 * noise(round, row.specification));
            row
        }));
    }
    let drawn = figures(&results, "nl").unwrap();
    let figure = drawn.iter().find(|figure| figure.name.starts_with("curve_referral")).unwrap();
    assert!(figure.caption.contains("Van 480 combinaties"), "{}", figure.caption);
    assert!(figure.svg.len() < 60_000);
}

#[test]
fn combinations_with_another_model_are_shown_and_said_not_to_be_tested() {
    let plain = html(&scrutinised(), "en").unwrap();
    let mut results = scrutinised();
    let logit = results.specifications.clone().into_iter().map(|mut row| {
        row.specification += 12;
        row.model = "logit".into();
        row.main = false;
        row.note = "not_tested: the permutation test of the curve is of linear models".into();
        row
    });
    results.specifications.extend(logit.collect::<Vec<_>>());
    results.curves[0].specifications = 24;
    let drawn = figures(&results, "en").unwrap();
    let figure = drawn.iter().find(|figure| figure.name.starts_with("curve_referral")).unwrap();
    let of = |model: &str| figure.rows.iter().find(|row| row[0] == model).map(|row| &row[1][..]);
    assert_eq!((of("Linear model"), of("Logistic model")), (Some("12"), Some("12")));
    let page = html(&results, "en").unwrap();
    let said = "The p-value is of the linear ones alone, 12 for an outcome at most";
    let plainly = |page: &str| page.replace(['\u{ad}', '\u{2060}'], "");
    assert!(plainly(&page).contains(said) && !plainly(&plain).contains(said));
}
