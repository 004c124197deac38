//! The public summary, the key messages and the limitations: chosen by rules, in plain words.

use verschil_report::{answer, html, key_messages, limitations, public_summary, sentences};
use verschil_study::results::{
    AdjustedRow, CharacteristicFacts, ClusterRow, LinkFacts, LinkageRate, MatchingFacts, Results,
};

use crate::fixture::{six_treated, text};
use crate::many::many;
use crate::maternity::maternity;
use crate::one_treated::one_treated;
use crate::scrutiny::scrutinised;

const LANGUAGES: [&str; 2] = ["nl", "en"];

/// Words that say that something is not there.
const ABSENCE: [&str; 22] = [
    "geen effect",
    "geen verandering",
    "geen verschil",
    "geen invloed",
    "niets veranderd",
    "niets is veranderd",
    "niets was veranderd",
    "niet veranderd",
    "niet is veranderd",
    "onveranderd",
    "zonder effect",
    "no effect",
    "no change",
    "no difference",
    "no impact",
    "no relevant",
    "nothing changed",
    "nothing had changed",
    "did not change",
    "not changed",
    "unchanged",
    "without effect",
];

fn absence(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace('\u{a0}', " ");
    ABSENCE.into_iter().find(|words| text.contains(words))
}

/// The results with rows of a main effect changed.
fn with_main(
    mut results: Results,
    change: impl Fn(&mut verschil_study::results::EstimateRow),
) -> Results {
    for row in results.estimates.iter_mut().filter(|row| row.analysis == "main") {
        change(row);
    }
    results
}

fn refused() -> Results {
    with_main(six_treated(), |row| {
        (row.estimate, row.ci_low, row.ci_high, row.p_value) = (None, None, None, None);
        row.note = "refused_no_controls: no control region has the outcome".to_owned();
    })
}

fn unclear() -> Results {
    with_main(six_treated(), |row| {
        row.p_value = Some(0.4);
        row.ci_low = row.estimate.map(|estimate| -estimate.abs() * 2.0);
        row.ci_high = row.estimate.map(|estimate| estimate.abs() * 3.0);
    })
}

fn without_bounds(kind: &str) -> Results {
    let mut results = unclear();
    results = with_main(results, |row| {
        if kind != "low" {
            row.ci_high = None;
        }
        if kind != "high" {
            row.ci_low = None;
        }
        row.note = "unbounded: x".to_owned();
    });
    results
}

/// Everything that is told of some results beyond the tables and figures.
fn told(results: &Results, language: &str) -> Vec<String> {
    let mut told = public_summary(results, language).unwrap();
    told.extend(key_messages(results, language).unwrap());
    told.extend(limitations(results, language).unwrap());
    let each = results.outcomes.iter();
    told.extend(each.map(|outcome| sentences(results, language, &outcome.id).unwrap()));
    told
}

fn fixtures() -> Vec<Results> {
    vec![
        six_treated(),
        one_treated(),
        many(),
        maternity(),
        refused(),
        unclear(),
        without_bounds("high"),
        without_bounds("low"),
        without_bounds("both"),
    ]
}

/// What a reader sees of a page, without its style and its figures.
fn seen(page: &str) -> String {
    let body = page.split("<body").nth(1).unwrap();
    let mut text = String::new();
    for piece in body.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
        text.push(' ');
    }
    text.replace('\u{ad}', "")
}

#[test]
fn absence_is_never_said_where_it_is_not_shown() {
    for results in fixtures() {
        assert!(results.power.iter().all(|row| row.equivalent != Some(true)));
        for language in LANGUAGES {
            for text in told(&results, language) {
                assert_eq!(absence(&text), None, "{text}");
            }
            let page = seen(&html(&results, language).unwrap());
            assert_eq!(absence(&page), None, "{}", results.study.id);
        }
    }
}

#[test]
fn absence_is_said_where_it_is_shown_and_of_that_outcome_alone() {
    let results = scrutinised();
    for (language, bound) in [("nl", "250\u{a0}euro"), ("en", "250\u{a0}euro")] {
        for outcome in &results.outcomes {
            let text = sentences(&results, language, &outcome.id).unwrap();
            let shown = outcome.id == "spending";
            assert_eq!(absence(&text).is_some(), shown, "{text}");
            assert_eq!(text.contains(bound), shown, "{text}");
        }
        let summary = public_summary(&results, language).unwrap();
        let spoken: Vec<&String> = summary.iter().filter(|t| absence(t).is_some()).collect();
        assert_eq!(spoken.len(), 2, "the count and the outcome itself: {spoken:?}");
        assert!(spoken[1].contains(bound), "{spoken:?}");
    }
}

#[test]
fn a_failed_trend_check_shows_no_absence() {
    let mut results = scrutinised();
    for row in results.estimates.iter_mut().filter(|row| row.outcome == "spending") {
        row.trend_holds = Some(false);
    }
    for language in LANGUAGES {
        for text in told(&results, language) {
            assert_eq!(absence(&text), None, "{text}");
        }
    }
}

#[test]
fn an_unclear_effect_tells_what_cannot_be_excluded() {
    let said = [
        (
            "en",
            unclear(),
            "A decrease of up to 123 euro and an increase of up to 184 euro cannot be excluded.",
        ),
        (
            "nl",
            unclear(),
            "Een daling tot 123 euro en een stijging tot 184 euro zijn niet uitgesloten.",
        ),
        (
            "en",
            without_bounds("low"),
            "An increase of up to 184 euro cannot be excluded, and a decrease has no bound.",
        ),
        (
            "nl",
            without_bounds("high"),
            "Een daling tot 123 euro is niet uitgesloten, en een stijging heeft geen grens.",
        ),
        ("en", without_bounds("both"), "Neither a decrease nor an increase has a bound."),
    ];
    for (language, results, said) in said {
        let text = sentences(&results, language, "spending").unwrap().replace('\u{a0}', " ");
        assert!(text.contains(said), "{text}");
    }
}

fn squeezed(lines: &[String]) -> String {
    lines.join("\n").replace('\u{a0}', " ")
}

#[test]
fn shares_are_told_as_natural_frequencies_and_euros_as_euros() {
    let en = squeezed(&public_summary(&six_treated(), "en").unwrap());
    for said in [
        "Lower than expected. That is for the better. An estimated 21 fewer per 1,000 pregnancies (2.1 percentage points).",
        "It could be between 7 and 36 fewer. Before the start it was 342 per 1,000.",
        "We do not know whether anything changed. It could be between 38 euro lower and 161 euro higher.",
    ] {
        assert!(en.contains(said), "{said} in {en}");
    }
    let nl = squeezed(&public_summary(&six_treated(), "nl").unwrap());
    assert!(nl.contains("21 minder per 1.000 zwangerschappen (2,1 procentpunt)"), "{nl}");
}

#[test]
fn a_rare_outcome_is_told_per_as_many_as_it_takes_to_show() {
    let rare = |factor: f64| {
        let results = with_main(six_treated(), |row| {
            if row.outcome == "referral" {
                for value in [&mut row.estimate, &mut row.ci_low, &mut row.ci_high, &mut row.base] {
                    *value = value.map(|value| value * factor);
                }
            }
        });
        squeezed(&public_summary(&results, "en").unwrap())
    };
    // 21.4 in 1,000, and its interval from 6.8 to 36.0
    let said = rare(0.01);
    assert!(said.contains("An estimated 2 fewer per 10,000 pregnancies"), "{said}");
    let said = rare(0.001);
    assert!(said.contains("An estimated 2 fewer per 100,000 pregnancies"), "{said}");
    let said = rare(0.05);
    assert!(said.contains("An estimated 1.1 fewer per 1,000 pregnancies"), "{said}");
    assert!(said.contains("between 0.3 and 1.8 fewer"), "{said}");
}

#[test]
fn the_base_of_a_plain_number_is_named() {
    let mut results = six_treated();
    results.design.relative_base = "counterfactual".to_owned();
    let said = squeezed(&public_summary(&results, "en").unwrap());
    assert!(said.contains("Expected were 342 per 1,000."), "{said}");
    let results = with_main(six_treated(), |row| row.base = None);
    let said = squeezed(&public_summary(&results, "en").unwrap());
    assert!(!said.contains("Before the start it was"), "{said}");
}

#[test]
fn every_outcome_stands_in_the_summary_under_one_head() {
    for results in fixtures() {
        for language in LANGUAGES {
            let summary = public_summary(&results, language).unwrap();
            for outcome in &results.outcomes {
                let label = outcome.label.get(language);
                let named = |line: &&String| {
                    line.as_str() == label || line.starts_with(&format!("{label}: "))
                };
                assert_eq!(summary.iter().filter(named).count(), 1, "{label}");
            }
        }
    }
}

#[test]
fn the_public_meets_no_jargon() {
    for results in fixtures() {
        for language in LANGUAGES {
            let text = squeezed(&public_summary(&results, language).unwrap()).to_lowercase();
            for word in [
                "p-waarde",
                "p-value",
                "p =",
                "p <",
                "interval",
                "significan",
                "statisti",
                "regress",
                "standaardfout",
                "standard error",
                "trend",
                "cluster",
                "jackknife",
                "protocol",
                "null",
                "nulhypothese",
                "refused",
                "important",
                "belangrijk",
            ] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }
}

#[test]
fn nothing_to_answer_with_is_said_as_such() {
    let results = refused();
    let en = squeezed(&public_summary(&results, "en").unwrap());
    assert!(en.contains("For none of the 4 outcomes could anything be worked out."), "{en}");
    assert!(en.contains("With these data the question cannot be answered."), "{en}");
    assert!(!en.contains("We call that"), "{en}");
    let messages = squeezed(&key_messages(&results, "en").unwrap());
    assert!(messages.contains("For none of the 4 outcomes could an effect be estimated."));
    let limits = squeezed(&limitations(&results, "en").unwrap());
    assert!(limits.contains("could not be estimated: the control group has no data."), "{limits}");
}

#[test]
fn a_correction_for_many_outcomes_stands_beside_the_count() {
    let adjusted = |holm: f64| {
        let mut results = scrutinised();
        results.adjusted[0].holm = holm;
        (answer(&results, "nl").unwrap(), squeezed(&key_messages(&results, "nl").unwrap()))
    };
    let (summary, messages) = adjusted(0.3);
    assert!(summary.contains("Dat kan toeval zijn."), "{summary}");
    let mut weak = scrutinised();
    weak.adjusted[0].holm = 0.3;
    let whole = squeezed(&public_summary(&weak, "nl").unwrap());
    assert!(
        whole.contains("Er is geen stevig bewijs dat er door integrale bekostiging"),
        "{whole}"
    );
    assert!(!whole.contains("door toeval alleen te verklaren"), "{whole}");
    assert!(messages.contains("(Holm, per domein) niet meer duidelijk."), "{messages}");
    let (summary, messages) = adjusted(0.01);
    assert!(summary.contains("dan blijft er één over."), "{summary}");
    assert!(messages.contains("(Holm, per domein) nog steeds duidelijk."), "{messages}");
    let mut results = scrutinised();
    results.adjusted = vec![AdjustedRow { tests: 1, ..results.adjusted[0].clone() }];
    assert!(!answer(&results, "nl").unwrap().contains("over."));
}

#[test]
fn three_to_seven_messages_lead_the_report() {
    let mut all = fixtures();
    all.push(scrutinised());
    for results in all {
        for language in LANGUAGES {
            let messages = key_messages(&results, language).unwrap();
            assert!((3..=7).contains(&messages.len()), "{messages:#?}");
            let page = html(&results, language).unwrap();
            let at = |id: &str| page.find(&format!("<section id=\"{id}\"")).expect(id);
            assert!(at("summary") < at("messages") && at("messages") < at("design"));
        }
    }
}

#[test]
fn messages_count_and_test_the_clear_effects() {
    let mut results = scrutinised();
    results.clusters = vec![
        ClusterRow {
            outcome: "referral".into(),
            comparison: "matched".into(),
            cluster: "NOO".into(),
            estimate: -0.0214,
            without: Some(-0.018),
            ..ClusterRow::default()
        };
        2
    ];
    let said = squeezed(&key_messages(&results, "en").unwrap());
    for expected in [
        "There are 4 outcomes: 1 clear, 1 with an effect of relevant size ruled out, 1 unclear, and 1 with caution.",
        "a decrease in the share of referrals during birth (\u{2212}2.1 percentage points; 95% confidence interval: \u{2212}3.6 to \u{2212}0.7; relative \u{2212}6.3%, interval \u{2212}10.5% to \u{2212}2.0%; a change for the better)",
        "on spending per pregnancy (250 euro or more, up or down)",
        "With every other control group the clear effect is clear as well, in the same direction.",
        "as much as they did at most before it, the clear effect is no longer clear.",
        "each region is left out in turn, the clear effect keeps its direction.",
        "2.1 percentage points (the share of referrals during birth) and 139 euro (spending per pregnancy)",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    results.clusters[1].without = Some(0.001);
    let said = squeezed(&key_messages(&results, "en").unwrap());
    assert!(said.contains("the clear effect does not always keep its direction"), "{said}");
}

#[test]
fn limitations_stand_only_where_they_apply() {
    let mut results = six_treated();
    results.findings.clear();
    let limits = |results: &Results| squeezed(&limitations(results, "en").unwrap());
    let said = limits(&results);
    for expected in [
        "The protocol was not locked",
        "only 6 regions",
        "For 1 of the 4 outcomes the trends before the start were not alike: ",
        "4 outcomes were tested, each at a level of 0.05",
        "The protocol does not say from which size on an effect matters",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    for absent in ["invented", "linked", "refused", "partly on", "could not be tested whether"] {
        assert!(!said.contains(absent), "{absent} in {said}");
    }
    results.provenance.locked = true;
    results.study.synthetic = true;
    results.design.treated.extend(results.design.treated.clone());
    results.links = vec![LinkFacts {
        id: "claims".into(),
        label: text("declaraties", "claims"),
        ..LinkFacts::default()
    }];
    results.linkage_rates = vec![LinkageRate {
        link: "claims".into(),
        dimension: "all".into(),
        units: 2_000,
        linked: 1_900,
        share: Some(0.95),
        ..LinkageRate::default()
    }];
    results.matching_facts = vec![MatchingFacts {
        characteristics: vec![CharacteristicFacts {
            id: "referral".into(),
            label: text("verwijzingen", "referrals"),
            decimals: 1,
        }],
        ..MatchingFacts::default()
    }];
    let said = limits(&results);
    for expected in [
        "The data are invented",
        "Of the 2,000 pregnancies, 95.0% were linked to claims; about the 100 others",
        "chosen partly on referrals, which is itself an outcome",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    assert!(!said.contains("not locked") && !said.contains("The treated group is"), "{said}");
    let said = limits(&one_treated());
    assert!(said.contains("The treated group is 1 state: whatever else happened there"), "{said}");
    assert!(!said.contains("outcomes were tested"), "{said}");
}

/// Sentences of running text; headings and names of outcomes are none.
fn running(summary: &[String]) -> Vec<Vec<String>> {
    let lines = summary.iter().filter(|line| line.ends_with(['.', ':', '?']));
    let mut found = vec![Vec::new()];
    for line in lines {
        for word in line.split_whitespace() {
            found.last_mut().unwrap().push(word.to_owned());
            if word.ends_with(['.', ':', '?']) {
                found.push(Vec::new());
            }
        }
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// Level B1 as far as a machine can tell: sentences of at most 10 words on average and 20 at most, and
/// few words of 13 letters and more (one in 25 in Dutch, which joins words, one in 50 in English), the
/// study's own names, units and question included.
#[test]
fn the_public_summary_is_easy_to_read() {
    let mut all = fixtures();
    all.push(scrutinised());
    for results in all {
        for (language, most) in [("nl", 0.04), ("en", 0.02)] {
            let sentences = running(&public_summary(&results, language).unwrap());
            let words: Vec<&String> = sentences.iter().flatten().collect();
            let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
            let long = words.iter().filter(|word| letters(word) >= 13).count();
            let share = long as f64 / words.len() as f64;
            let mean = words.len() as f64 / sentences.len() as f64;
            let longest = sentences.iter().max_by_key(|sentence| sentence.len()).unwrap();
            assert!(mean <= 10.0, "{mean} words a sentence: {sentences:#?}");
            assert!(longest.len() <= 20, "{}", longest.join(" "));
            assert!(share <= most, "{share} long words in {}", results.study.id);
        }
    }
}
