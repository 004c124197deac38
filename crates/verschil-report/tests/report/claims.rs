//! The report passes the audit that published claims get, and a wrong sentence would not.

use verschil_report::{claims, html, told};
use verschil_study::claims::{Audit, Claim, Claims, audit};
use verschil_study::results::Results;

use crate::fixture::six_treated;
use crate::many::many;
use crate::maternity::maternity;
use crate::one_treated::one_treated;

/// Results as made up elsewhere, with what was made up apart put together: the p-value is below
/// the level exactly when the interval excludes zero, and the observed mean less the effect is
/// what was expected without it.
fn settled(mut results: Results) -> Results {
    let alpha = 1.0 - results.design.level;
    for row in &mut results.estimates {
        let Some(estimate) = row.estimate else { continue };
        row.counterfactual = row.observed.map(|observed| observed - estimate);
        if let (Some(low), Some(high), Some(_)) = (row.ci_low, row.ci_high, row.p_value) {
            let reach = 2.0 * estimate.abs() / (high - low);
            row.p_value = Some(alpha.powf(reach * reach));
        }
    }
    results
}

fn all() -> [Results; 4] {
    [settled(six_treated()), one_treated(), settled(many()), settled(maternity())]
}

fn rules(claims: &[Claim]) -> Vec<(String, &'static str)> {
    audit(claims).findings.into_iter().map(|finding| (finding.claim, finding.rule)).collect()
}

#[test]
fn the_report_passes_its_own_audit_in_both_languages() {
    for results in all() {
        for language in ["nl", "en"] {
            let found = rules(&claims(&results, language).unwrap());
            assert!(found.is_empty(), "{language}: {found:?}");
        }
    }
}

#[test]
fn what_was_made_up_apart_is_found() {
    let found = |results: &Results| {
        let found = rules(&claims(results, "en").unwrap());
        found.into_iter().map(|(_, rule)| rule).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(found(&six_treated()).contains("p-against-interval"));
    assert!(found(&many()).contains("change-against-levels"));
}

#[test]
fn the_rules_that_fit_a_report_have_something_to_look_at() {
    let audits: Vec<Audit> =
        all().iter().map(|results| audit(&claims(results, "nl").unwrap())).collect();
    for rule in [
        "interval-reversed",
        "estimate-outside-interval",
        "interval-not-centred",
        "direction-against-sign",
        "number-against-sign",
        "words-against-evidence",
        "p-against-interval",
        "p-impossible",
        "change-against-levels",
        "percentage-impossible",
        "count-impossible",
        "parts-against-whole",
        "told-twice",
    ] {
        let applied = audits.iter().flat_map(|audit| &audit.applied);
        let checked: usize = applied.filter(|a| a.rule == rule).map(|a| a.checked).sum();
        assert!(checked > 0, "{rule}");
    }
}

/// A number as a claim has it, the way a page in English writes it.
fn written(value: f64, decimals: u8) -> String {
    let digits = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text = format!("{text}.{fraction}");
    }
    let zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value < 0.0 && !zero { format!("\u{2212}{text}") } else { text }
}

#[test]
fn the_claims_hold_the_numbers_of_the_page() {
    for results in [six_treated(), one_treated()] {
        let page = html(&results, "en").unwrap();
        let main: Vec<Claim> = claims(&results, "en")
            .unwrap()
            .into_iter()
            .filter(|claim| !claim.wording.text.is_empty())
            .collect();
        assert!(main.len() >= results.outcomes.len());
        for claim in main {
            let (effect, levels) = (&claim.effect, &claim.levels);
            let numbers = [effect.estimate, effect.low, effect.high, levels.before, levels.after];
            for number in numbers.into_iter().chain([levels.change, levels.base]).flatten() {
                let text = written(number.value, number.decimals);
                assert!(page.contains(&text), "{text} of {} is not on the page", claim.id);
            }
            assert!(claim.effect.estimate.is_some());
        }
    }
}

/// The claims with one text changed.
fn reworded(results: &Results, language: &str, change: impl Fn(&str) -> String) -> Vec<Claim> {
    let mut claims = claims(results, language).unwrap();
    for claim in &mut claims {
        claim.wording.text = change(&claim.wording.text);
    }
    claims
}

#[test]
fn a_sentence_with_its_direction_turned_is_found() {
    for (language, from, to) in
        [("nl", "een daling", "een stijging"), ("en", "a decrease", "an increase")]
    {
        let found =
            rules(&reworded(&settled(six_treated()), language, |text| text.replace(from, to)));
        let turned = |(claim, rule): &&(String, &str)| {
            claim.starts_with("referral main") && *rule == "direction-against-sign"
        };
        assert_eq!(found.len(), found.iter().filter(turned).count(), "{found:?}");
        assert!(found.len() >= 2, "{found:?}");
    }
}

#[test]
fn a_number_with_its_sign_turned_is_found() {
    // spending rises by 61 euro, and its sentence names no direction: nothing is clear
    let mut wrong = settled(six_treated());
    for language in ["nl", "en"] {
        let found =
            rules(&reworded(&wrong, language, |text| text.replace("is 61", "is \u{2212}61")));
        assert!(
            found.iter().any(|(claim, rule)| {
                claim.starts_with("spending main") && *rule == "number-against-sign"
            }),
            "{found:?}"
        );
    }
    // and the other way around: numbers that go against the levels beside them
    for row in &mut wrong.estimates {
        if row.outcome == "referral" && row.analysis == "main" && row.headline {
            row.estimate = row.estimate.map(|estimate| -estimate);
        }
    }
    let found: Vec<&str> =
        rules(&claims(&wrong, "en").unwrap()).into_iter().map(|(_, rule)| rule).collect();
    for rule in ["estimate-outside-interval", "change-against-levels"] {
        assert!(found.contains(&rule), "{found:?}");
    }
}

#[test]
fn a_verdict_that_the_numbers_do_not_bear_is_found() {
    for (language, sure) in
        [("nl", "Het verschil is significant."), ("en", "The difference is significant.")]
    {
        let found =
            rules(&reworded(&settled(six_treated()), language, |text| format!("{sure} {text}")));
        assert!(
            found.iter().any(|(claim, rule)| {
                claim.starts_with("spending main") && *rule == "words-against-evidence"
            }),
            "{found:?}"
        );
    }
}

fn example() -> Audit {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../studies/geboortezorg/published_claims.csv");
    let text = std::fs::read(path).unwrap();
    audit(&Claims::parse("published_claims.csv", &text).unwrap().claims)
}

#[test]
fn findings_are_told_in_both_languages() {
    let audit = example();
    for language in ["nl", "en"] {
        let lines = told(&audit, language).unwrap();
        assert_eq!(lines.len(), audit.findings.len() + 2);
        insta::assert_snapshot!(format!("claims_{language}"), lines.join("\n"));
    }
    assert!(told(&audit, "de").is_err());
}

#[test]
fn every_rule_is_told_with_its_values() {
    let table = "id,outcome,aspect,estimate,low,high,unit,p_value,before,after,n,of,part_of,stated,denominator,cites,text\n\
        a,x,,1.0,2.0,1.0,,1.5,,,7,6,,,,,\n\
        b,y,,5,,4,,0.01,,,,,,,,,\n\
        c,z,,1.0,-1.0,3.0,,0.01,,,,,,,,,geen verschil\n\
        d,q,share,104.0,,,%,,,,6,20,,,,,\n\
        e,r,,2.1,1.1,3.1,,,,,,,,,,,not significant: -2.1\n";
    let audit = audit(&Claims::parse("c.csv", table.as_bytes()).unwrap().claims);
    assert!(audit.findings.len() >= 7, "{:?}", audit.findings);
    for language in ["nl", "en"] {
        for line in told(&audit, language).unwrap() {
            assert!(
                !line.contains("claim-") && !line.contains('{') && !line.contains("  "),
                "{line}"
            );
        }
    }
}
