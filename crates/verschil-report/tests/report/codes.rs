//! Every code that the engine writes has words in both languages.

use verschil_report::html;
use verschil_study::results::{AttritionStep, Finding, LinkageRow, MatchingRow, Results, Text};

use crate::fixture::six_treated;

const REFUSALS: [(&str, &str, &str); 24] = [
    ("refused_one_treated", "with one treated region", "met één regio in de interventiegroep"),
    ("refused_one_control", "with one region in the control", "met één regio in de controlegroep"),
    ("refused_nothing_treated", "no data from both before", "van zowel vóór als na"),
    ("refused_no_controls", "the control group has no data", "van de controlegroep zijn er geen"),
    ("refused_not_identified", "cannot be told apart from regions", "niet te onderscheiden van"),
    ("refused_jackknife", "without C07 the effect", "zonder C07 is het effect"),
    ("refused_constant_outcome", "the same value everywhere", "overal dezelfde waarde"),
    ("refused_no_outcome", "holds no values of the outcome", "bevat geen waarden"),
    ("refused_mixed_cluster", "cluster C07 holds both", "cluster C07 bevat zowel"),
    ("refused_no_finer_level", "each cluster is one region", "elk cluster is één regio"),
    ("refused_too_few_clusters", "too few clusters", "te weinig clusters"),
    ("refused_leverage_one", "rests on C07 alone", "alleen op C07"),
    ("refused_too_few_degrees", "too few degrees of freedom", "te weinig vrijheidsgraden"),
    ("refused_not_defined", "not defined for this kind", "bestaat niet voor dit soort"),
    ("refused_too_few_units", "too few regions with enough", "te weinig regio’s met genoeg"),
    ("refused_separation", "has no finite answer", "geen eindig antwoord heeft"),
    ("refused_outcome_range", "this model does not take", "die dit model niet aankan"),
    ("refused_no_convergence", "did not come to an end", "kwam niet tot een eind"),
    ("refused_missing_cells", "some regions have no data", "geen gegevens, en deze methode"),
    (
        "refused_too_few_controls",
        "too few regions in the control",
        "om de plaats van de interventiegroep",
    ),
    (
        "refused_singular_covariance",
        "too few clusters for so many",
        "te weinig clusters voor zo veel",
    ),
    (
        "refused_perfect_fit",
        "describes this outcome without any error",
        "beschrijft deze uitkomst zonder",
    ),
    ("refused_not_matched", "not chosen by matching", "niet door matching gekozen"),
    ("refused_no_end", "no end of the interval was found", "een eind van het interval is niet"),
];

fn message(code: &str) -> &'static str {
    match code {
        "refused_jackknife" => "without cluster C07 the effect is not identified, so it fails",
        "refused_leverage_one" => "the effect rests on cluster C07 alone for a share of 0.889",
        "refused_mixed_cluster" => "cluster C07 holds both treated and untreated regions",
        _ => "an English text that readers of Dutch should not meet",
    }
}

/// Results in which a method of the first outcome is refused.
fn refused(code: &str) -> Results {
    let mut results = six_treated();
    let row = results.estimates.iter_mut().find(|row| row.analysis == "main" && !row.headline);
    row.unwrap().note = format!("{code}: {}", message(code));
    results.findings = vec![Finding {
        id: code.to_owned(),
        verdict: "refusal".to_owned(),
        outcome: "referral".to_owned(),
        comparison: "matched".to_owned(),
        statistic: None,
        message: format!("PerRegion: {}", message(code)),
    }];
    results
}

fn check(results: &Results, said: [&str; 2]) {
    for (language, said) in ["en", "nl"].iter().zip(said) {
        let page = html(results, language).unwrap();
        assert!(page.contains(said), "{language}: {said}");
        assert!(!page.contains("an English text"), "{language}: {said}");
    }
}

#[test]
fn refusals() {
    for (code, en, nl) in REFUSALS {
        check(&refused(code), [en, nl]);
        check(&refused(code), ["Effects per region: ", "Effecten per regio: "]);
    }
}

#[test]
fn every_refusal_that_is_documented_has_words() {
    let documented = include_str!("../../../../docs/results.md");
    let codes = documented.split("| `").skip(1).filter_map(|rest| rest.split('`').next());
    let codes: Vec<&str> = codes.filter(|code| code.starts_with("refused_")).collect();
    assert!(codes.len() >= REFUSALS.len(), "{codes:?}");
    for code in codes {
        assert!(REFUSALS.iter().any(|(told, _, _)| *told == code), "{code}");
    }
}

#[test]
fn remarks_beside_a_method() {
    let notes = [
        ("draws: 250001", "250,001 random draws", "250.001 toevalstrekkingen"),
        ("enumerated: 1024", "all 1,024 possible choices", "alle 1.024 mogelijke keuzes"),
        ("p_value_t: 0.0421", "on the scale of its t-value: 0.042", "van de t-waarde: 0,042"),
        ("unbounded: x", "No bound on one side", "Geen grens aan een"),
        ("disconnected: x", "Some values inside the interval", "Ook sommige waarden binnen"),
        (
            "convention: fixest",
            "small-sample factor as in fixest",
            "kleine steekproeven zoals in fixest",
        ),
        (
            "convention: stata",
            "small-sample factor as in Stata",
            "kleine steekproeven zoals in Stata",
        ),
        ("convention: summclust", "as in summclust", "zoals in summclust"),
        ("convention: clubsandwich", "as in clubSandwich", "zoals in clubSandwich"),
        (
            "convention: clubsandwich_inverse_var",
            "as in clubSandwich with variances of one over the weight",
            "zoals in clubSandwich met varianties van één gedeeld door het gewicht",
        ),
        ("no_interval: x", "because effects were estimated together", "omdat effecten samen zijn"),
    ];
    for (note, en, nl) in notes {
        let mut results = six_treated();
        let row = results.estimates.iter_mut().find(|row| row.analysis == "main" && !row.headline);
        row.unwrap().note = note.to_owned();
        let lower = |text: &str| text.to_lowercase();
        for (language, said) in [("en", en), ("nl", nl)] {
            let page = lower(&html(&results, language).unwrap());
            assert!(page.contains(&lower(said)), "{said}");
        }
    }
}

#[test]
fn trend_checks_that_could_not_be_made() {
    let notes = [
        (
            "floor_above_alpha: x; refused_one_treated: y",
            "The rule cannot be applied: the smallest p-value that this test can give",
            "De regel kan niet worden toegepast: de kleinste p-waarde",
        ),
        (
            "not_tested: x",
            "none of the periods that it names",
            "geen van de perioden die zij noemt",
        ),
        ("no_event_study: x", "asks for no event study", "niet om een event study vraagt"),
        (
            "not_tested: x; refused_no_outcome: y",
            "The rule could not be applied: this comparison holds no values",
            "De regel kon niet worden toegepast: deze vergelijking bevat geen waarden",
        ),
    ];
    for (note, en, nl) in notes {
        let mut results = six_treated();
        for check in &mut results.trend_checks {
            check.holds = None;
            check.significant.clear();
            check.joint_statistic = None;
            check.note = note.to_owned();
        }
        check(&results, [en, nl]);
        assert!(!html(&results, "en").unwrap().contains("No period differed"), "{note}");
    }
}

#[test]
fn a_joint_test_that_speaks_against_the_rule_is_told() {
    let mut results = six_treated();
    for check in &mut results.trend_checks {
        check.joint_p_value = Some(0.039);
    }
    check(
        &results,
        ["these periods do differ, although the rule holds", "wel af, hoewel aan de regel is"],
    );
}

#[test]
fn findings_are_told_in_the_language_of_the_report() {
    let mut results = six_treated();
    check(
        &results,
        ["No data in 2008–2009 and 2012: C03 and Noordkust.", "Geen gegevens in 2008–2009 en 2012"],
    );
    check(&results, ["already explain it: parity.", "verklaren het al: pariteit."]);
    check(&results, ["Not tested: 2007.", "Niet getoetst: 2007."]);
    check(&results, ["‘C07’ and ‘c07’", "‘C07’ en ‘c07’"]);
    let all: Vec<String> = results.design.periods.iter().map(|p| p.id.to_string()).collect();
    results.findings[1].message = format!("C03 has no rows in {}", all.join(", "));
    check(&results, ["No data in any period: C03.", "In geen enkele periode gegevens: C03."]);
    let nl = html(&results, "nl").unwrap();
    for english in ["has no rows", "left out because", "the trend rule", "two region codes"] {
        assert!(!nl.contains(english), "{english}");
    }
}

#[test]
fn steps_without_a_label_are_named_by_their_id() {
    let ids = [
        ("read", 0, "read from the sources", "gelezen uit de bronnen"),
        ("missing_region", 5, "region not known", "regio onbekend"),
        ("missing_period", 5, "year not known", "jaar onbekend"),
        ("outside_window", 5, "outside the periods", "buiten de perioden"),
        ("missing_weight", 0, "no weight known", "geen gewicht bekend"),
        ("missing_covariate:age", 5, "not known: age", "niet bekend: leeftijd"),
    ];
    let mut results = six_treated();
    let mut before = 1000;
    results.attrition.clear();
    for (id, excluded, _, _) in ids {
        let label = Text::default();
        let after = before - excluded;
        results.attrition.push(AttritionStep { id: id.to_owned(), label, before, excluded, after });
        before = after;
    }
    for (_, _, en, nl) in ids {
        check(&results, [en, nl]);
    }
}

#[test]
fn linked_sources_stand_under_each_other() {
    let mut results = six_treated();
    let source = |source: &str, role: &str, linked: u64| LinkageRow {
        source: source.to_owned(),
        role: role.to_owned(),
        files: 1,
        rows: 2_000,
        linked,
        share: Some(linked as f64 / 2_000.0),
    };
    results.linkage = vec![source("births", "base", 2_000)];
    assert!(!html(&results, "en").unwrap().contains("How the sources were linked"));
    results.linkage.push(source("claims", "", 1_950));
    check(&results, ["births (base)", "births (basis)"]);
    check(&results, ["97.5%", "97,5%"]);
}

#[test]
fn regions_without_data_are_not_counted_as_controls() {
    let mut results = six_treated();
    let row = |region: &str, units: f64| MatchingRow {
        comparison: "matched".to_owned(),
        region: region.to_owned(),
        role: "control".to_owned(),
        units_pre: units,
        ..MatchingRow::default()
    };
    let regions = results.design.comparisons[0].regions.clone();
    results.matching = regions
        .iter()
        .enumerate()
        .map(|(at, id)| row(id, if at < 17 { 9.0 } else { 0.0 }))
        .collect();
    check(
        &results,
        [
            "(17\u{a0}regions with data; 3 more are named in the protocol but without data)",
            "(17\u{a0}regio’s met gegevens; nog 3 staan in het protocol, maar zonder gegevens)",
        ],
    );
    check(&results, ["In 17\u{a0}regions it was not.", "In 17\u{a0}regio’s gebeurde dat niet."]);
}
