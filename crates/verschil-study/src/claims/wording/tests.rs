//! Sentences in both languages, and what they say.

use super::*;

fn said(text: &str, language: &str) -> Reading {
    let mut claim = Claim::default();
    claim.wording.text = text.to_owned();
    claim.wording.language = language.to_owned();
    read(&claim)
}

const UP: Option<Verdict> = Some(Verdict::Increase);
const DOWN: Option<Verdict> = Some(Verdict::Decrease);

#[test]
fn directions_are_read_in_both_languages() {
    for (language, text, direction) in [
        ("nl", "een afname van 9,0 procent", DOWN),
        ("nl", "De uitgaven stegen 100 euro minder.", DOWN),
        ("nl", "een minder harde stijging", DOWN),
        ("nl", "de kosten stegen iets minder in deze periode", DOWN),
        ("nl", "beperktere groei van de uitgaven", DOWN),
        ("nl", "minder sterke daling", UP),
        ("nl", "er waren minder thuisbevallingen", DOWN),
        ("nl", "het aandeel nam in deze jaren af", DOWN),
        ("nl", "het aandeel nam niet af", None),
        ("nl", "de uitgaven stegen niet", None),
        ("nl", "geen stijging", None),
        ("nl", "meer dan 90 procent", None),
        ("nl", "hoger dan in de controlegroep", UP),
        ("en", "slower spending growth", DOWN),
        ("en", "spending rose less in 2019", DOWN),
        ("en", "a larger decrease", DOWN),
        ("en", "more than 90 percent", None),
        ("en", "more births at home", UP),
        ("en", "it did not fall, but rose", UP),
        ("en", "no significant increase", None),
        ("en", "We cannot tell whether the increase led to a change.", None),
        ("", "a decrease; een afname", DOWN),
    ] {
        assert_eq!(said(text, language).direction, direction, "{text}");
    }
    assert!(said("a rise here and a fall there", "en").mixed);
}

#[test]
fn no_change_significance_and_doubt_are_told_apart() {
    for (text, no_change, significant, unclear) in [
        ("het percentage is niet veranderd", true, None, false),
        ("geen verschil", true, None, false),
        ("geen significant effect", false, Some(false), false),
        ("een significante afname", false, Some(true), false),
        ("We kunnen niet zeggen of er iets is veranderd", false, None, true),
        ("no difference", true, None, false),
        ("it did not change", true, None, false),
        ("not statistically significant", false, Some(false), false),
        ("the level expected without the change", false, None, false),
    ] {
        let found = said(text, "");
        assert_eq!(
            (found.no_change, found.significant, found.unclear),
            (no_change, significant, unclear),
            "{text}"
        );
    }
}

#[test]
fn names_of_outcomes_say_nothing() {
    let mut claim = Claim::default();
    claim.wording.text = "A decrease in higher-risk births.".to_owned();
    assert!(read(&claim).mixed);
    claim.about.label = "Higher-risk births".to_owned();
    assert_eq!(read(&claim).direction, DOWN);
}

#[test]
fn numbers_keep_their_signs_and_years_have_none() {
    let mut claim = Claim::default();
    claim.wording.text = "\u{2212}2,1 procentpunt in 2018-2021 (-3.0)".to_owned();
    let found: Vec<(bool, f64)> =
        numbers(&claim).iter().map(|signed| (signed.negative, signed.size.value)).collect();
    assert_eq!(found, [(true, 2.1), (false, 2018.0), (false, 2021.0), (true, 3.0)]);
}

#[test]
fn no_word_has_two_meanings_and_all_are_in_lower_case() {
    for file in [NL, EN] {
        let Vocabulary(phrases) = vocabulary(&[file]);
        let mut seen = std::collections::BTreeSet::new();
        for phrase in phrases.values().flatten() {
            let text = phrase.words.join(" ");
            assert_eq!(text, text.to_lowercase());
            assert!(seen.insert(text.clone()), "{text}");
        }
        assert!(seen.len() > 60);
    }
}
