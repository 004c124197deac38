//! The claims of the founding study: what is found, and what is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use verschil_study::claims::{Claims, RULES, audit};

fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// Names between backticks in a cell.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Claims and rules of each of the 14 inconsistencies, from the page that describes them.
fn described() -> BTreeMap<usize, (Vec<String>, Vec<String>)> {
    let page = file("docs/claims.md");
    let (_, example) = page.split_once("## Worked example").unwrap();
    let rows = example.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let number = cells.get(1)?.parse().ok()?;
        Some((number, (names(cells[3]), names(cells[4]))))
    });
    rows.collect()
}

#[test]
fn what_is_found_is_exactly_what_the_page_says() {
    let text = file("studies/geboortezorg/published_claims.csv");
    let claims = Claims::parse("published_claims.csv", text.as_bytes()).unwrap().claims;
    let found: BTreeSet<(String, String)> = audit(&claims)
        .findings
        .into_iter()
        .map(|finding| (finding.claim, finding.rule.to_owned()))
        .collect();
    let mut wanted = BTreeSet::new();
    for (claims, rules) in described().into_values() {
        assert!(rules.len() <= 1, "{rules:?}");
        for rule in rules {
            wanted.extend(claims.iter().map(|claim| (claim.clone(), rule.clone())));
        }
    }
    assert_eq!(found, wanted);
    assert!(claims.len() >= 90 && wanted.len() == 18, "{} {}", claims.len(), wanted.len());
}

#[test]
fn thirteen_of_the_fourteen_are_found_and_one_needs_knowledge_of_the_field() {
    let described = described();
    assert_eq!(described.keys().copied().collect::<Vec<_>>(), (1..=14).collect::<Vec<_>>());
    let missed: Vec<usize> =
        described.iter().filter(|(_, (claims, _))| claims.is_empty()).map(|(n, _)| *n).collect();
    assert_eq!(missed, [11]);
}

#[test]
fn most_rules_have_something_to_look_at() {
    let text = file("studies/geboortezorg/published_claims.csv");
    let claims = Claims::parse("published_claims.csv", text.as_bytes()).unwrap().claims;
    let audit = audit(&claims);
    assert_eq!(audit.applied.len(), RULES.len());
    let idle: Vec<&str> =
        audit.applied.iter().filter(|rule| rule.checked == 0).map(|rule| rule.rule).collect();
    // the report states no p-values and no share with its counts, and none of its intervals stands beside
    // words on evidence
    let absent = [
        "words-against-evidence",
        "absence-of-evidence",
        "p-against-interval",
        "p-impossible",
        "share-against-counts",
    ];
    assert_eq!(idle, absent);
}

#[test]
fn every_claim_has_its_place_and_no_inconsistency_is_found_without_its_claim() {
    let text = file("studies/geboortezorg/published_claims.csv");
    let claims = Claims::parse("published_claims.csv", text.as_bytes()).unwrap().claims;
    assert!(claims.iter().all(|claim| !claim.wording.source.is_empty()));
    // without the claim at fault, each finding goes
    let faults: BTreeSet<String> =
        audit(&claims).findings.into_iter().map(|finding| finding.claim).collect();
    let fine: Vec<_> = claims.iter().filter(|claim| !faults.contains(&claim.id)).cloned().collect();
    // what summaries say of these effects has lost its numbers
    let rest = audit(&fine).findings.into_iter().filter(|f| f.rule != "words-without-numbers");
    let rest: Vec<_> = rest.map(|f| (f.claim, f.rule)).collect();
    assert!(rest.is_empty(), "{rest:?}");
}
