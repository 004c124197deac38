//! Figures and sentences, kept as they were last approved.

use verschil_report::{answer, figures, sentences};

use crate::fixture::six_treated;
use crate::one_treated::one_treated;

#[test]
fn sentences_of_six_treated_regions() {
    let results = six_treated();
    for language in ["nl", "en"] {
        let mut text = vec![answer(&results, language).unwrap()];
        text.extend(
            results
                .outcomes
                .iter()
                .map(|outcome| sentences(&results, language, &outcome.id).unwrap()),
        );
        insta::assert_snapshot!(format!("sentences_six_{language}"), text.join("\n\n"));
    }
}

#[test]
fn sentences_of_one_treated_region() {
    let results = one_treated();
    for language in ["nl", "en"] {
        let text =
            [answer(&results, language).unwrap(), sentences(&results, language, "rate").unwrap()];
        insta::assert_snapshot!(format!("sentences_one_{language}"), text.join("\n\n"));
    }
}

#[test]
fn one_figure_of_each_kind() {
    let drawn = figures(&six_treated(), "en").unwrap();
    for name in [
        "forest_matched",
        "levels_referral_matched",
        "event_outside_hours_matched",
        "regions_spending_matched",
        "periods_admissions_matched",
        "attrition",
    ] {
        let figure = drawn.iter().find(|figure| figure.name == name).expect(name);
        insta::assert_snapshot!(name, figure.svg);
    }
}

#[test]
fn an_interval_without_a_bound_has_an_arrow() {
    let mut results = six_treated();
    for row in &mut results.estimates {
        if row.outcome == "spending" && row.analysis == "main" {
            row.headline = row.method == "wild_wcu";
        }
    }
    let drawn = figures(&results, "nl").unwrap();
    let figure = drawn.iter().find(|figure| figure.name == "forest_matched").unwrap();
    assert!(figure.caption.contains("geen grens"));
    insta::assert_snapshot!("forest_unbounded", figure.svg);
}

#[test]
fn one_treated_region_draws_points_without_intervals() {
    let drawn = figures(&one_treated(), "nl").unwrap();
    let figure = drawn.iter().find(|figure| figure.name == "event_rate_all").unwrap();
    assert!(figure.caption.contains("p-waarde staat in de tabel"));
    insta::assert_snapshot!("event_rate_all", figure.svg);
}
