//! Names of levels, in the language of the page.

use verschil_report::{Figure, figures, html};
use verschil_study::results::{LinkageRate, Results};

use crate::fixture::text;
use crate::maternity::maternity;

/// Invented results whose urbanisation has names, but for one level; the linked have no place.
fn named() -> Results {
    let mut results = maternity();
    let covariates = &mut results.design.covariates;
    let urbanisation = covariates.iter_mut().find(|c| c.id == "urbanisation").unwrap();
    let names = [("1", "zeer sterk", "very strong"), ("2", "sterk", "strong")];
    urbanisation.levels =
        names.iter().map(|(level, nl, en)| ((*level).to_owned(), text(nl, en))).collect();
    for level in results.balance.iter_mut().map(|row| &mut row.level) {
        if level == "5" {
            "(missing)".clone_into(level);
        }
    }
    results
}

fn figure(results: &Results, language: &str, name: &str) -> Figure {
    let drawn = figures(results, language).unwrap();
    drawn.into_iter().find(|figure| figure.name == name).expect(name)
}

#[test]
fn levels_of_covariates_have_names_in_each_language() {
    let results = named();
    for (language, name, unknown) in
        [("nl", "zeer sterk", "onbekend"), ("en", "very strong", "unknown")]
    {
        let page = html(&results, language).unwrap().replace('\u{ad}', "");
        assert!(page.contains(&format!(">{name}<")), "{language}: tables");
        assert!(!page.contains("(missing)"), "{language}");
        let love = figure(&results, language, "love_row_matched");
        assert!(love.svg.contains(&format!(">{name}<")), "{language}: figure");
        let label = if language == "nl" { "stedelijkheidsklasse" } else { "urbanisation class" };
        for level in [name, "3", unknown] {
            let wanted = format!("{label}: {level}");
            assert!(love.rows.iter().any(|row| row[0] == wanted), "{wanted}: {:?}", love.rows);
        }
    }
}

#[test]
fn two_levels_with_one_name_are_both_drawn() {
    let mut results = named();
    let rows = figure(&results, "en", "love_row_matched").rows.len();
    let covariates = &mut results.design.covariates;
    let urbanisation = covariates.iter_mut().find(|c| c.id == "urbanisation").unwrap();
    for level in ["1", "2"] {
        urbanisation.levels.insert(level.to_owned(), text("sterk", "strong"));
    }
    let drawn = figure(&results, "en", "love_row_matched");
    assert_eq!(drawn.rows.len(), rows);
    assert_eq!(drawn.rows.iter().filter(|row| row[0].ends_with(": strong")).count(), 2);
}

#[test]
fn levels_of_subgroups_have_names_of_their_own() {
    let mut results = maternity();
    // a covariate of the same name does not name them
    results.design.covariates[1].id = "start".to_owned();
    results.design.covariates[1].levels.insert("1".to_owned(), text("fout", "wrong"));
    let missing = LinkageRate {
        link: "person".to_owned(),
        dimension: "start".to_owned(),
        level: "(missing)".to_owned(),
        units: 10,
        linked: 5,
        share: Some(0.5),
    };
    let last = results.linkage_rates.iter().rposition(|rate| rate.link == "person").unwrap();
    results.linkage_rates.insert(last + 1, missing);
    for (language, name, unknown) in
        [("nl", "eerste lijn", "onbekend"), ("en", "primary care", "unknown")]
    {
        let drawn = figure(&results, language, "linkage_person");
        for wanted in [name, unknown] {
            assert!(drawn.svg.contains(&format!(">{wanted}<")), "{language}: {wanted}");
            assert!(drawn.rows.iter().any(|row| row[1] == wanted), "{language}: {wanted}");
        }
        assert!(!drawn.svg.contains("(missing)"), "{language}");
        let love = figure(&results, language, "linkage_balance_person");
        assert!(
            love.rows.iter().any(|row| row[0].ends_with(&format!(": {name}"))),
            "{:?}",
            love.rows
        );
    }
}

#[test]
fn deliveries_are_told_with_when_they_were_counted() {
    let mut results = maternity();
    let end = results.linkage_rates.iter().rposition(|rate| rate.link == "person").unwrap() + 1;
    let rate = |dimension: &str, level: &str, linked: u64| LinkageRate {
        link: "person".to_owned(),
        dimension: dimension.to_owned(),
        level: level.to_owned(),
        units: 100,
        linked,
        share: Some(linked as f64 / 100.0),
    };
    let rates = [
        rate("delivery", "2000-2021", 95),
        rate("delivery", "2021-2022", 97),
        rate("delivery:2021", "2000-2021", 91),
        rate("delivery:2021", "2021-2022", 97),
    ];
    results.linkage_rates.splice(end..end, rates);
    for (language, heads, said) in [
        ("nl", ["Levering", "Levering in 2021"], "geteld voordat het onderzoek ertussen koos"),
        ("en", ["Delivery", "Delivery in 2021"], "counted before the study chose between them"),
    ] {
        let drawn = figure(&results, language, "linkage_person");
        for head in heads {
            assert!(drawn.svg.contains(&format!(">{head}<")), "{language}: {head}");
        }
        assert!(drawn.caption.contains(said), "{}", drawn.caption);
        let other = figure(&results, language, "linkage_claims");
        assert!(!other.caption.contains(said), "{}", other.caption);
    }
    let page = html(&results, "en").unwrap().replace('\u{ad}', "");
    assert!(page.contains("By delivery in 2021, the share ran from 91.0% (2000-2021)"));
}

#[test]
fn the_unit_of_shares_is_said_once_for_each_table() {
    for (language, effects, comparisons) in [
        (
            "nl",
            "zijn niveaus in % en effecten in procentpunt.",
            "staat, zijn effecten in procentpunt.",
        ),
        (
            "en",
            "levels are in % and effects in percentage points.",
            "no unit, effects are in percentage points.",
        ),
    ] {
        let page = html(&maternity(), language).unwrap().replace('\u{ad}', "");
        assert_eq!(page.matches(effects).count(), 1, "{language}");
        assert_eq!(page.matches(comparisons).count(), 1, "{language}");
        assert!(page.contains("<span class=\"unit\">euro</span>"), "{language}: other units stand");
    }
    let mut results = maternity();
    results.outcomes.retain(|outcome| outcome.kind == "binary");
    let page = html(&results, "en").unwrap();
    assert!(page.contains("Levels are in %, effects in percentage points."));
    results = maternity();
    results.outcomes.retain(|outcome| outcome.kind != "binary");
    assert!(!html(&results, "en").unwrap().contains("effects in percentage points."));
}
