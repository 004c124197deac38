//! Every page says whether what was analysed had been fixed before, and what is withheld.

use verschil_report::{answer, html};
use verschil_study::results::{
    AmendmentFacts, ChangeFacts, EstimateRow, LockFacts, Results, UnblindingFacts,
};

use crate::fixture::six_treated;

fn change(place: &str) -> ChangeFacts {
    ChangeFacts { place: place.into(), old: "1".into(), new: "2".into() }
}

fn lock() -> LockFacts {
    LockFacts {
        author: "A. Jansen".into(),
        time: "2026-03-01T09:30:00Z".into(),
        head: "f00d".into(),
        ..LockFacts::default()
    }
}

fn amendment(seen: &str) -> AmendmentFacts {
    AmendmentFacts {
        number: 1,
        author: "B. de Vries".into(),
        time: "2026-04-02T10:00:00Z".into(),
        reason: "the year of 2016 is incomplete".into(),
        seen: seen.into(),
        changes: vec![change("treatment.transition"), change("outcome[referral].last")],
    }
}

fn with(status: &str, lock: Option<LockFacts>) -> Results {
    let mut results = six_treated();
    results.provenance.locked = status != "exploratory";
    results.provenance.status = status.into();
    results.provenance.lock = lock;
    results
}

/// What every printed page says, as the style sheet has it.
fn running(page: &str) -> &str {
    let rule = page.split("@top-right").nth(1).expect("a running head");
    rule.split('"').nth(1).expect("its words")
}

fn says(results: &Results, language: &str, head: &str, on_each: &str) -> String {
    let page = html(results, language).unwrap();
    assert!(page.contains(&format!("<strong>{head}</strong>")), "{head}");
    assert_eq!(running(&page), on_each);
    page
}

#[test]
fn each_status_stands_at_the_head_and_on_every_page() {
    says(&with("locked", Some(lock())), "en", "Preregistered.", "Preregistered");
    says(&with("locked", Some(lock())), "nl", "Vooraf vastgelegd.", "Vooraf vastgelegd");
    let amended = LockFacts { amendments: vec![amendment("population")], ..lock() };
    let amended = with("amended", Some(amended));
    says(
        &amended,
        "en",
        "Preregistered, with 1 recorded change.",
        "Preregistered, 1 recorded change",
    );
    says(&amended, "nl", "Vooraf vastgelegd, met 1 wijziging.", "Vooraf vastgelegd, 1 wijziging");
    let head = "Exploratory: the protocol was not locked before the run.";
    let none = with("exploratory", None);
    says(&none, "en", head, "Exploratory: protocol not locked before the run");
    let differs = LockFacts { differences: vec![change("analysis.level")], ..lock() };
    let page = says(
        &with("exploratory", Some(differs)),
        "en",
        "Exploratory: the protocol is not the one that was fixed.",
        "Exploratory: protocol differs from the one that was fixed",
    );
    assert!(page.contains("<code>analysis.level</code>"));
}

#[test]
fn results_of_an_earlier_version_keep_their_status() {
    let mut results = with("", None);
    results.provenance.locked = false;
    says(
        &results,
        "en",
        "Exploratory: the protocol was not locked before the run.",
        "Exploratory: protocol not locked before the run",
    );
    results.provenance.locked = true;
    says(&results, "en", "Preregistered.", "Preregistered");
}

#[test]
fn amendments_and_the_opening_of_results_are_listed() {
    let opened = UnblindingFacts {
        author: "C. Smit".into(),
        time: "2026-05-03T11:00:00Z".into(),
        reason: "balance is agreed".into(),
        accepted: vec!["referral".into()],
    };
    let amendments =
        vec![amendment("nothing"), AmendmentFacts { number: 2, ..amendment("results") }];
    let lock = LockFacts { amendments, unblindings: vec![opened], ..lock() };
    let results = with("amended", Some(lock));
    let name = results.outcomes.iter().find(|o| o.id == "referral").unwrap().label.get("en");
    let page = html(&results, "en").unwrap();
    for said in [
        "A. Jansen, 2026-03-01 09:30 UTC",
        "<code>f00d</code>",
        "B. de Vries, 2026-04-02 10:00 UTC",
        "the year of 2016 is incomplete",
        "no data yet",
        "<td>results</td>",
        "<code>treatment.transition</code>, <code>outcome[referral].last</code>",
        "C. Smit, 2026-05-03 11:00 UTC: balance is agreed",
        &format!("Shown without a verdict of the rule for trends: {name}."),
        "<strong>Changed after results had been seen (2 recorded changes in all).</strong>",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(running(&page), "Protocol changed after results had been seen");
    let page = html(&results, "nl").unwrap();
    assert!(page.contains("nog geen gegevens") && page.contains("Uitkomsten geopend"));
}

/// The results with the main effects of these outcomes withheld.
fn withheld(code: &str, which: impl Fn(&EstimateRow) -> bool) -> Results {
    let mut results = with("locked", Some(lock()));
    results.estimates.retain(|row| row.analysis == "main" || !which(row));
    for row in results.estimates.iter_mut().filter(|row| which(row)) {
        *row = EstimateRow {
            estimate: None,
            std_error: row.std_error,
            note: format!("{code}: an English text"),
            ci_low: None,
            ci_high: None,
            p_value: None,
            observed: None,
            counterfactual: None,
            relative: None,
            relative_ci_low: None,
            relative_ci_high: None,
            base: None,
            ..row.clone()
        };
    }
    results
}

#[test]
fn what_is_withheld_is_not_called_refused() {
    let mut blind = withheld("withheld_blind", |_| true);
    blind.provenance.blind = true;
    let page = html(&blind, "en").unwrap();
    assert_eq!(running(&page), "Preregistered | Blind run");
    assert!(page.contains("<strong>Blind run.</strong>"));
    assert!(page.contains("the run is blind, and the results have not been opened yet"));
    assert!(!page.contains("could be estimated") && !page.contains("an English text"));
    assert!(answer(&blind, "en").unwrap().contains("the results have not been opened"));
    assert!(answer(&blind, "nl").unwrap().contains("de resultaten zijn nog niet geopend"));
    let mut gated = withheld("withheld_gate", |row| row.outcome == "referral");
    gated.provenance.blocked = vec!["referral".into()];
    let page = html(&gated, "en").unwrap();
    assert!(page.contains("<strong>Not everything is shown.</strong>"));
    assert!(page.contains("Its effects are not shown until"), "one outcome");
    assert!(page.contains("is not shown: the rule for trends before the start gives no verdict"));
    assert!(answer(&gated, "nl").unwrap().contains("Eén uitkomst is nog niet te zien"));
    assert!(html(&gated, "nl").unwrap().contains("Niet alles is zichtbaar."));
}
