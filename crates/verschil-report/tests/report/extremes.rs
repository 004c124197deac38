//! Studies at their extremes: one outcome, forty regions with long names, domains without a name.

use verschil_report::{Figure, figures, html, key_messages};
use verschil_study::results::{AdjustedRow, ComparisonFacts, Results};

use crate::fixture::{six_treated, text};
use crate::many::many;

const LANGUAGES: [&str; 2] = ["nl", "en"];

/// Forty regions whose names are compound words of more than 60 letters with a number at the end.
fn forty_with_long_names() -> Results {
    let mut results = many();
    for (at, region) in results.design.treated.iter_mut().enumerate() {
        let name = format!(
            "Geboortezorgsamenwerkingsverbandziekenhuisregio Noordoost-Veluwe en de Peelgemeenten {at}"
        );
        region.label = text(&name, &name);
    }
    results
}

/// The first outcome alone.
fn single() -> Results {
    let mut results = six_treated();
    results.outcomes.truncate(1);
    let id = results.outcomes[0].id.clone();
    results.estimates.retain(|row| row.outcome == id);
    results.trend_checks.retain(|row| row.outcome == id);
    results.levels.retain(|row| row.outcome == id);
    results
}

fn height(figure: &Figure) -> f64 {
    let (_, rest) = figure.svg.split_once("viewBox=\"0 0 440 ").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn long_names_of_many_regions_are_shortened_but_stay_apart() {
    for language in LANGUAGES {
        let drawn = figures(&forty_with_long_names(), language).unwrap();
        let figure = drawn.iter().find(|figure| figure.name == "regions_o01_matched").unwrap();
        assert!(height(figure) < 1300.0, "{}", height(figure));
        assert!(figure.svg.contains('\u{2026}'));
        for at in [0, 17, 39] {
            assert!(figure.svg.contains(&format!("gemeenten {at}</text>")), "{at}");
        }
        let said = if language == "nl" { "de namen voluit" } else { "the whole names" };
        assert!(figure.caption.contains(said), "{}", figure.caption);
        assert!(figure.rows.iter().any(|row| row[0].starts_with("Geboortezorgsamenwerkings")));
    }
}

#[test]
fn names_of_many_regions_stand_in_their_own_section_alone() {
    let page = html(&forty_with_long_names(), "nl").unwrap();
    assert!(page.contains("40\u{a0}gebieden; de namen staan onder “Per gebied”"));
    let few = html(&six_treated(), "nl").unwrap();
    assert!(!few.contains("de namen staan onder"));
}

#[test]
fn what_holds_for_every_region_is_said_once() {
    for (language, said) in
        [("nl", "lijken er altijd een paar duidelijk"), ("en", "some look clear by chance alone")]
    {
        let page = html(&forty_with_long_names(), language).unwrap();
        assert_eq!(page.matches(said).count(), 1, "{language}");
    }
}

#[test]
fn a_single_outcome_is_not_told_as_one_of_many() {
    let mut results = single();
    results.adjusted = vec![AdjustedRow {
        outcome: results.outcomes[0].id.clone(),
        comparison: results.design.comparisons[0].id.clone(),
        ..AdjustedRow::default()
    }];
    for (language, many, lead) in [
        ("nl", ["alle uitkomsten", "Veel uitkomsten", "van de 1 "], "Het effect. "),
        ("en", ["all outcomes", "Many outcomes", "of the 1 "], "The effect. "),
    ] {
        let page = html(&results, language).unwrap();
        for words in many {
            assert!(!page.contains(words), "{language}: {words}");
        }
        let messages = key_messages(&results, language).unwrap();
        assert!(messages.iter().any(|message| message.starts_with(lead)), "{messages:?}");
    }
}

#[test]
fn one_open_outcome_is_told_in_a_sentence() {
    let mut results = six_treated();
    for row in results.estimates.iter_mut().filter(|row| row.analysis == "main") {
        row.p_value = Some(0.4);
        row.trend_holds = Some(row.outcome == results.outcomes[0].id);
    }
    let other = ComparisonFacts {
        id: "other".to_owned(),
        main: false,
        ..results.design.comparisons[0].clone()
    };
    results.design.comparisons.push(other);
    for (language, said) in [
        (
            "nl",
            "De onduidelijke uitkomst zou met een andere controlegroep ook niet duidelijk zijn.",
        ),
        ("en", "With another control group the unclear outcome would not be clear either."),
    ] {
        let messages = key_messages(&results, language).unwrap();
        assert!(messages.iter().any(|message| message.contains(said)), "{messages:?}");
    }
}

#[test]
fn a_domain_without_a_name_is_told_in_other_words() {
    for (language, rest) in [("nl", "Andere uitkomsten: "), ("en", "Other outcomes: ")] {
        let mut results = many();
        for outcome in results.outcomes.iter_mut().filter(|outcome| outcome.domain == "use") {
            outcome.domain_label = text("", "");
        }
        let told = |results: &Results| key_messages(results, language).unwrap().join("\n");
        let some = told(&results);
        assert!(some.contains(rest) && !some.contains(". : "), "{some}");
        for outcome in &mut results.outcomes {
            outcome.domain_label = text("", "");
        }
        let none = told(&results);
        assert!(!none.contains(rest) && !none.contains(". : "), "{none}");
    }
}

#[test]
fn long_names_of_domains_stand_inside_their_figure() {
    let mut results = many();
    for outcome in &mut results.outcomes {
        let name = format!(
            "{}: zorggebruiksuitkomstenverzameling die veel langer heet dan wenselijk is",
            outcome.domain
        );
        outcome.domain_label = text(&name, &name);
    }
    let drawn = figures(&results, "nl").unwrap();
    let forest = drawn.iter().find(|figure| figure.name == "forest_matched").unwrap();
    let bold = forest.svg.split("<text ").filter(|piece| piece.contains("font-weight"));
    for piece in bold {
        let words = piece.split('>').nth(1).unwrap().split('<').next().unwrap();
        assert!(words.chars().count() < 60, "{words}");
    }
    assert!(forest.svg.contains("dan wenselijk is</text>"));
}
