//! The panel of an outcome, its bands and bounds, the idea of the design, spending and weighted
//! controls.

use verschil_report::{Figure, figures, html};
use verschil_study::results::{
    BandRow, DescriptiveRow, EstimateRow, HonestRow, Results, SyntheticWeight,
};

use crate::fixture::{six_treated, text};
use crate::many::many;
use crate::one_treated::one_treated;
use crate::scrutiny::scrutinised;

fn figure(results: &Results, language: &str, name: &str) -> Figure {
    let drawn = figures(results, language).unwrap();
    drawn.into_iter().find(|figure| figure.name == name).expect(name)
}

fn absent(results: &Results, kind: &str) -> bool {
    figures(results, "en").unwrap().iter().all(|figure| !figure.name.starts_with(kind))
}

/// The made-up results with other models of the first outcome, one of them refused.
fn modelled() -> Results {
    let mut results = six_treated();
    let main = |row: &&EstimateRow| {
        row.outcome == "referral" && row.analysis == "main" && row.comparison == "matched"
    };
    let rows: Vec<EstimateRow> = results.estimates.iter().filter(main).cloned().collect();
    let logit = rows.iter().filter(|row| row.method == "cr1" || row.method == "cr3");
    let logit: Vec<EstimateRow> = logit
        .map(|row| EstimateRow { model: "logit".into(), headline: false, ..row.clone() })
        .collect();
    results.estimates.extend(logit);
    results.estimates.push(EstimateRow {
        outcome: "referral".into(),
        analysis: "main".into(),
        comparison: "matched".into(),
        model: "sdid".into(),
        method: "placebo".into(),
        note: "refused_missing_cells: 3 of 40 cells have no rows".into(),
        ..EstimateRow::default()
    });
    results
}

#[test]
fn the_panel_has_every_part_of_the_effect_and_every_other_choice() {
    let figure = figure(&modelled(), "en", "panel_referral_matched");
    let first: Vec<&str> = figure.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(first[0], "All regions together");
    assert_eq!(first[1..7].len(), 6);
    assert_eq!(first[7..11], ["2018", "2019", "2020", "2021"]);
    let rest = ["Control group: regions chosen by experts", "Logistic model"];
    assert_eq!(first[11..13], rest);
    // the method of the main row, where another model has it
    assert_eq!(figure.rows[12][4], figure.rows[0][4]);
    assert_eq!(figure.rows[12][1], figure.rows[0][1]);
    insta::assert_snapshot!("panel_referral_matched", figure.svg);
}

#[test]
fn what_the_panel_cannot_show_is_named_with_its_reason() {
    for (language, said) in [
        ("en", "Not shown: Synthetic difference-in-differences ("),
        ("nl", "Niet getoond: Synthetische difference-in-differences ("),
    ] {
        let figure = figure(&modelled(), language, "panel_referral_matched");
        assert!(figure.caption.contains(said), "{}", figure.caption);
        assert_eq!(figure.rows.len(), 14);
        assert!(!figure.svg.contains("difference-in-differences</text>"));
    }
}

#[test]
fn trends_that_were_not_alike_are_marked_in_the_whole_panel() {
    let figure = figure(&six_treated(), "en", "panel_outside_hours_matched");
    assert!(figure.rows[0][0].ends_with("(caution)"));
    assert!(figure.caption.contains("An open diamond with a dashed line"));
    assert!(!figure.svg.contains("<circle") && !figure.caption.contains("Squares"));
    let alike = figure_of_spending();
    assert!(alike.svg.contains("<circle") && !alike.caption.contains("diamond"));
}

fn figure_of_spending() -> Figure {
    figure(&six_treated(), "en", "panel_spending_matched")
}

#[test]
fn the_page_does_not_repeat_what_the_panel_shows() {
    let results = six_treated();
    let page = html(&results, "en").unwrap();
    assert!(page.contains("figure-panel_spending_matched"));
    for kind in ["regions", "periods"] {
        assert!(!page.contains(&format!("figure-{kind}_spending_matched")), "{kind}");
        assert!(!absent(&results, &format!("{kind}_spending")), "{kind}");
    }
    // forty regions have a figure of their own
    let page = html(&many(), "en").unwrap();
    assert!(
        page.contains("figure-panel_o01_matched") && page.contains("figure-regions_o01_matched")
    );
}

#[test]
fn one_treated_region_is_named_in_its_panel() {
    let figure = figure(&one_treated(), "nl", "panel_rate_all");
    assert!(figure.rows.len() > 1 && !figure.rows[0][0].contains("samen"), "{:?}", figure.rows);
}

/// Bands of the first outcome, a given number of times as wide as its intervals.
fn banded(times: f64) -> Results {
    let mut results = six_treated();
    let events = results.estimates.iter().filter(|row| {
        let own = row.outcome == "outside_hours" && row.comparison == "matched";
        own && row.headline && row.analysis.starts_with("event:")
    });
    results.bands = events
        .map(|row| {
            let (estimate, half) = (row.estimate.unwrap(), times * 2.0 * row.std_error.unwrap());
            BandRow {
                outcome: row.outcome.clone(),
                comparison: row.comparison.clone(),
                period: row.analysis["event:".len()..].parse().unwrap(),
                method: "cr3".into(),
                estimate,
                low: estimate - half,
                high: estimate + half,
            }
        })
        .collect();
    results
}

#[test]
fn bands_are_drawn_behind_the_intervals_and_stand_in_the_table() {
    let plain = figure(&six_treated(), "en", "event_outside_hours_matched");
    let figure = figure(&banded(1.5), "en", "event_outside_hours_matched");
    assert_eq!(figure.columns.len(), plain.columns.len() + 1);
    assert_eq!(figure.svg.matches("#6b99b4").count(), banded(1.5).bands.len());
    assert_eq!(plain.svg.matches("#6b99b4").count(), 0);
    assert!(figure.caption.contains("hold for all points at once"));
    assert!(!plain.caption.contains("at once"));
    insta::assert_snapshot!("event_with_bands", figure.svg);
}

#[test]
fn bounds_are_drawn_with_the_interval_without_drift_first() {
    let mut results = scrutinised();
    results.honest.push(HonestRow {
        outcome: "referral".into(),
        comparison: "matched".into(),
        restriction: "parallel".into(),
        ci_low: Some(-0.036),
        ci_high: Some(-0.007),
        ..HonestRow::default()
    });
    let drawn = figure(&results, "en", "honest_referral_matched");
    assert_eq!(drawn.rows[0], ["none", "", "\u{2212}3.6 to \u{2212}0.7"]);
    assert_eq!(drawn.rows[1][1..], ["0.5", "\u{2212}4.5 to 0.1"]);
    assert!(drawn.svg.contains("zero within from 0.37"), "{}", drawn.caption);
    assert!(drawn.caption.contains("from a drift of 0.37 times"), "{}", drawn.caption);
    assert!(drawn.caption.contains("For a slope that may change no interval could be computed."));
    insta::assert_snapshot!("honest_referral_matched", drawn.svg);
    let without = figure(&scrutinised(), "en", "honest_referral_matched");
    assert!(without.caption.contains("not among these results"));
    assert!(absent(&six_treated(), "honest"));
}

#[test]
fn a_breakdown_beyond_what_was_tried_is_not_called_a_value() {
    let mut results = scrutinised();
    for row in results.honest.iter_mut().filter(|row| row.breakdown.is_some()) {
        row.note = "beyond: the interval excludes zero up to the largest bound tried".into();
        row.breakdown = Some(64.0);
    }
    let drawn = figure(&results, "nl", "honest_referral_matched");
    assert!(drawn.caption.contains("het meeste dat is geprobeerd"), "{}", drawn.caption);
    assert!(!drawn.svg.contains("nul erin vanaf"));
    // a bound that the data reject has no interval
    results.honest[0].ci_low = None;
    results.honest[0].ci_high = None;
    let drawn = figure(&results, "nl", "honest_referral_matched");
    assert!(drawn.caption.contains("Waar een lijn ontbreekt"), "{}", drawn.caption);
}

/// Means of the first outcome by group, before and after.
fn described(results: &mut Results, outcome: &str) {
    for (arm, phase, mean) in [
        ("treated", "pre", 0.342),
        ("treated", "post", 0.32),
        ("control", "pre", 0.331),
        ("control", "post", 0.335),
    ] {
        results.descriptives.push(DescriptiveRow {
            variable: outcome.into(),
            arm: arm.into(),
            phase: phase.into(),
            mean: Some(mean),
            ..DescriptiveRow::default()
        });
    }
}

#[test]
fn the_idea_is_drawn_with_an_outcome_whose_trends_were_alike() {
    let mut results = six_treated();
    results.descriptives.retain(|row| !results.outcomes.iter().any(|o| o.id == row.variable));
    assert!(absent(&results, "idea"));
    described(&mut results, "outside_hours");
    assert!(figure(&results, "en", "idea_matched").title.ends_with("(caution)"));
    described(&mut results, "referral");
    let drawn = figure(&results, "en", "idea_matched");
    assert!(drawn.title.ends_with("Referral during birth"), "{}", drawn.title);
    let row = results.estimates.iter().find(|row| row.headline).unwrap();
    assert_eq!(drawn.rows[0][2], format!("{:.1}%", 100.0 * row.observed.unwrap()));
    assert_eq!(drawn.rows[1][2], format!("{:.1}%", 100.0 * row.counterfactual.unwrap()));
    insta::assert_snapshot!("idea_matched", drawn.svg);
}

#[test]
fn outcomes_in_money_are_shown_together_and_others_are_not() {
    let results = six_treated();
    let drawn = figure(&results, "en", "spending_use_0_matched");
    assert_eq!(drawn.rows.len(), 1);
    assert_eq!(drawn.rows[0][0], "Spending per pregnancy");
    insta::assert_snapshot!("spending_use_0_matched", drawn.svg);
    for (unit, money) in [("euro per pregnancy", true), ("\u{20ac}", true), ("per 100,000", false)]
    {
        let mut results = six_treated();
        for outcome in &mut results.outcomes {
            outcome.unit = text(unit, unit);
        }
        assert_eq!(!absent(&results, "spending_"), money, "{unit}");
    }
    let mut refused = six_treated();
    for row in &mut refused.estimates {
        row.estimate = None;
    }
    assert!(absent(&refused, "spending_") && absent(&refused, "panel_"));
}

#[test]
fn weighted_controls_are_drawn_largest_first_and_the_rest_is_counted() {
    let mut results = six_treated();
    for (at, model) in ["sdid", "sc"].into_iter().enumerate() {
        for region in 0..20_u8 {
            results.synthetic_weights.push(SyntheticWeight {
                outcome: "referral".into(),
                analysis: "main".into(),
                comparison: "matched".into(),
                model: model.into(),
                kind: "region".into(),
                id: format!("C{:02}", 1 + region),
                weight: f64::from(1 + (region * 7) % 20 + u8::from(at == 1)) / 210.0,
            });
        }
    }
    results.synthetic_weights.retain(|row| row.model == "sdid" || row.id != "C20");
    let drawn = figure(&results, "en", "controls_referral_matched");
    assert!(drawn.caption.contains("the 15 regions with the largest weights"), "{}", drawn.caption);
    assert_eq!(drawn.rows.len(), 20);
    let last = drawn.rows.iter().find(|row| row[0] == "C20").unwrap();
    assert_eq!(last[2], "0.0%");
    let largest = |row: &Vec<String>| -> f64 { row[2].trim_end_matches('%').parse().unwrap() };
    assert!(largest(&drawn.rows[0]) >= largest(&drawn.rows[10]));
    insta::assert_snapshot!("controls_referral_matched", drawn.svg);
    assert!(absent(&six_treated(), "controls"));
}
