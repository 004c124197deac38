//! Text and numbers cannot disagree.

use verschil_report::{answer, html, sentences};
use verschil_study::results::{EstimateRow, Results};

use crate::fixture::six_treated;
use crate::many::many;
use crate::one_treated::one_treated;

/// `value` as each language writes it, made the slow way.
fn written(value: f64, decimals: usize, language: &str) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let (thousand, point) = if language == "nl" { ('.', ',') } else { (',', '.') };
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(thousand);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    if value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        format!("\u{2212}{text}")
    } else {
        text
    }
}

fn headline<'a>(results: &'a Results, outcome: &str) -> &'a EstimateRow {
    let found = |row: &&EstimateRow| {
        row.outcome == outcome
            && row.analysis == "main"
            && row.headline
            && row.comparison == results.design.comparisons[0].id
    };
    results.estimates.iter().find(found).unwrap()
}

/// All numbers a sentence holds: digits with separators, and a minus sign before them.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit()
            || (c == '\u{2212}' && current.is_empty())
            || (matches!(c, '.' | ',') && !current.is_empty())
        {
            current.push(c);
        } else if !current.is_empty() {
            found.push(current.trim_end_matches(['.', ',']).to_owned());
            current.clear();
        }
    }
    found
}

#[test]
fn every_number_in_prose_is_a_rounded_number_of_the_results() {
    for results in [six_treated(), one_treated()] {
        for language in ["nl", "en"] {
            for outcome in &results.outcomes {
                let row = headline(&results, &outcome.id);
                let (factor, decimals) = (
                    if outcome.kind == "binary" { 100.0 } else { 1.0 },
                    usize::from(outcome.decimals),
                );
                let own = [row.estimate, row.ci_low, row.ci_high, row.base].into_iter().flatten();
                let mut allowed: Vec<String> =
                    own.map(|v| written(v * factor, decimals, language)).collect();
                let relative =
                    [row.relative, row.relative_ci_low, row.relative_ci_high].into_iter().flatten();
                allowed.extend(relative.map(|v| written(v, 1, language)));
                // "a decrease of up to 38 euro"
                let ends = [row.ci_low, row.ci_high].into_iter().flatten();
                allowed.extend(ends.map(|v| written(v.abs() * factor, decimals, language)));
                allowed.push(written(row.p_value.unwrap().max(0.001), 3, language));
                allowed.extend(["95", "3", "27", "2"].map(str::to_owned));
                allowed.extend([written(96.3, 1, language), written(100_000.0, 0, language)]);
                let text = sentences(&results, language, &outcome.id).unwrap();
                for number in numbers(&text) {
                    assert!(allowed.contains(&number), "{number} stands in: {text}");
                }
            }
        }
    }
}

#[test]
fn no_clear_effect_is_never_worded_as_no_effect() {
    let results = six_treated();
    let en = sentences(&results, "en", "spending").unwrap();
    assert!(
        en.starts_with(
            "We cannot tell whether bundled payment led to a change in spending per pregnancy."
        ),
        "{en}"
    );
    let nl = sentences(&results, "nl", "spending").unwrap();
    assert!(
        nl.starts_with("We kunnen niet zeggen of er door integrale bekostiging iets is veranderd"),
        "{nl}"
    );
    for language in ["nl", "en"] {
        let all: String = results
            .outcomes
            .iter()
            .map(|o| sentences(&results, language, &o.id).unwrap())
            .collect();
        for claim in ["no effect", "geen effect", "significant", "unchanged", "onveranderd"] {
            assert!(!all.contains(claim), "{claim}");
        }
    }
}

#[test]
fn no_page_claims_that_nothing_changed_or_calls_significance_importance() {
    for results in [six_treated(), one_treated(), many()] {
        for language in ["nl", "en"] {
            let page = html(&results, language).unwrap().to_lowercase();
            for claim in [
                "there is no effect",
                "had no effect",
                "is geen effect",
                "had geen effect",
                "geen effect op",
                "significan",
                "unchanged",
            ] {
                assert!(!page.contains(claim), "{claim}");
            }
            for claim in ["important", "belangrijk", "onveranderd", "niet veranderd"] {
                assert!(!page.contains(claim), "{claim}");
            }
        }
    }
}

#[test]
fn methods_that_disagree_are_named() {
    let mut results = six_treated();
    for row in &mut results.estimates {
        if row.outcome == "referral" && row.analysis == "main" {
            row.p_value = Some(if row.method == "cr0" { 0.041 } else { 0.062 });
        }
    }
    let page = html(&results, "en").unwrap();
    let said = "the p-value is below 0.05 with CR0, and not with CR1, CR3, WCR, WCU, and the permutation test.";
    assert!(page.contains(said));
}

#[test]
fn the_table_of_effects_names_its_base() {
    let mut results = six_treated();
    let page = html(&results, "en").unwrap();
    assert!(
        page.contains("Mean before the start") && page.contains("% of the mean before the start")
    );
    results.design.relative_base = "counterfactual".to_owned();
    let page = html(&results, "nl").unwrap();
    assert!(page.contains("% van wat werd verwacht") && !page.contains("Gemiddelde vóór de start"));
    for row in &mut results.estimates {
        if row.outcome == "spending" {
            (row.base, row.relative, row.relative_ci_low, row.relative_ci_high) =
                (None, None, None, None);
        }
    }
    assert!(html(&results, "nl").unwrap().contains("geen basis"));
}

#[test]
fn a_failed_trend_rule_is_said_with_the_effect() {
    let results = six_treated();
    assert!(sentences(&results, "en", "outside_hours").unwrap().contains("Interpret with caution"));
    assert!(sentences(&results, "nl", "outside_hours").unwrap().contains("Wees voorzichtig"));
    assert!(!sentences(&results, "en", "referral").unwrap().contains("caution"));
}

#[test]
fn one_treated_region_states_the_smallest_p_value_and_what_its_interval_is() {
    let text = sentences(&one_treated(), "en", "rate").unwrap();
    for said in [
        "with one treated state there is nothing to base a standard error on",
        "all 27 possible choices",
        "the smallest p-value that it can give is 0.037",
        "at least 2 of the 27 choices give a difference at least as large",
        "its level is that of the test, 96.3%, rather than exactly 95%",
        "\u{2212}2.25\u{a0}percentage points",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let text = sentences(&one_treated(), "nl", "rate").unwrap();
    for said in [
        "met één staat in de interventiegroep",
        "minstens 2 van de 27 keuzes",
        "niveau dat van de toets, 96,3%, en niet precies 95%",
        "\u{2212}2,25\u{a0}procentpunt",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn an_interval_of_a_hundred_choices_needs_no_word_on_its_level() {
    let mut results = one_treated();
    for row in &mut results.estimates {
        row.note = row.note.replace("enumerated: 27", "enumerated: 100");
    }
    let text = sentences(&results, "en", "rate").unwrap();
    assert!(text.contains("all 100 possible choices") && !text.contains("turned around"), "{text}");
}

#[test]
fn an_interval_without_a_bound_says_so() {
    let mut results = six_treated();
    for row in &mut results.estimates {
        if row.outcome == "spending" && row.analysis == "main" {
            row.headline = row.method == "wild_wcu";
        }
    }
    assert!(sentences(&results, "en", "spending").unwrap().contains("no upper bound"));
    assert!(sentences(&results, "nl", "spending").unwrap().contains("geen bovengrens"));
}

#[test]
fn better_and_worse_follow_the_outcome() {
    let mut results = one_treated();
    let said = |results: &Results, language: &str| {
        let text = sentences(results, language, "rate").unwrap();
        format!("{} {text}", answer(results, language).unwrap())
    };
    let worse = said(&results, "en");
    assert!(
        worse.contains("for the worse. An") && worse.contains("a change for the worse"),
        "{worse}"
    );
    results.outcomes[0].better = "lower".to_owned();
    let better = said(&results, "en");
    assert!(
        better.contains("That is for the better.") && better.contains("a change for the better")
    );
    results.outcomes[0].better = "neither".to_owned();
    let text = said(&results, "nl");
    assert!(!text.contains("gunstig"), "{text}");
}
