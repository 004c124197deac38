//! The check with weights of linked units, as the page tells it.

use verschil_report::html;
use verschil_study::results::{EstimateRow, Finding, Results};

use crate::fixture::six_treated;
use crate::maternity::maternity;

fn says(results: &Results, language: &str, all: &[&str]) {
    let page = html(results, language).unwrap().replace('\u{ad}', "");
    for said in all {
        assert!(page.contains(said), "{language}: {said}");
    }
}

fn weighted<'a>(
    results: &'a mut Results,
    outcome: &str,
) -> impl Iterator<Item = &'a mut EstimateRow> {
    let of =
        move |row: &&mut EstimateRow| row.analysis == "linkage_weighted" && row.outcome == outcome;
    results.estimates.iter_mut().filter(of)
}

#[test]
fn the_weights_are_told_by_their_numbers() {
    says(
        &maternity(),
        "en",
        &[
            "A check: what if everybody had been linked?",
            "Of the 2,390,674 pregnancies that could have been linked, 2,328,516 were",
            "Groups are made by year and parity.",
            "fewer than 50 pregnancies",
            "41 groups, 2 of them put together from smaller ones.",
            "2,301,004 pregnancies have a weight, from 1.00 to 1.09; half of them weigh 1.02 or less.",
            "They tell as much as 2,299,871 pregnancies of equal weight would.",
            "For all 22 outcomes compared, the weights do not change the conclusion.",
            "Seaman, S. R.",
        ],
    );
    says(
        &maternity(),
        "nl",
        &[
            "Een controle: wat als iedereen was gekoppeld?",
            "De groepen zijn gemaakt naar jaar en pariteit.",
            "2.301.004 zwangerschappen hebben een gewicht, van 1,00 tot 1,09; de helft weegt 1,02 of minder.",
            "Bij alle 22 vergeleken uitkomsten veranderen de gewichten de conclusie niet.",
        ],
    );
}

#[test]
fn outcomes_whose_conclusion_changes_are_named() {
    let mut results = maternity();
    let name = |language: &str| results.outcomes[0].label.get(language).to_owned();
    let (en, nl, id) = (name("en"), name("nl"), results.outcomes[0].id.clone());
    let clear = results.estimates.iter().find(|row| {
        row.outcome == id && row.analysis == "main" && row.comparison == "matched" && row.headline
    });
    let clear = clear.unwrap().p_value.unwrap() < 0.05;
    weighted(&mut results, &id).for_each(|row| row.p_value = Some(if clear { 0.4 } else { 0.01 }));
    let said = format!(
        "For 21 of the 22 outcomes compared, the weights do not change the conclusion. They do for {en}."
    );
    says(&results, "en", &[&said]);
    says(
        &results,
        "nl",
        &["Bij 21 van de 22 vergeleken uitkomsten", &format!("Dat doen zij wel bij {nl}.")],
    );
    // clear both times, but the other way
    weighted(&mut results, &id).for_each(|row| {
        row.p_value = Some(0.001);
        row.estimate = row.estimate.map(|effect| -effect);
    });
    let rows = results.estimates.iter_mut();
    let main = rows.filter(|row| row.outcome == id && row.analysis == "main");
    main.for_each(|row| row.p_value = Some(0.001));
    says(&results, "en", &[&format!("They do for {en}.")]);
}

#[test]
fn what_weights_cannot_do_is_told() {
    let mut results = maternity();
    let facts = results.linkage_weight_facts.as_mut().unwrap();
    (facts.unrepresented, facts.unrepresented_units) = (1, 1_312);
    (facts.max_weight, facts.trimmed, facts.trimmed_units) = (Some(1.05), 3, 20_411);
    facts.unlinked = 217;
    for (id, n) in [("linkage_weights_nobody", 1_312.0), ("linkage_weights_unlinked", 217.0)] {
        results.findings.push(Finding {
            id: id.to_owned(),
            verdict: "caution".to_owned(),
            statistic: Some(n),
            message: "in English".to_owned(),
            ..Finding::default()
        });
    }
    says(
        &results,
        "en",
        &[
            "In one group nobody was linked. Nobody can stand for the 1,312 pregnancies in it",
            "No weight is more than 1.05. In 3 groups, with 20,411 pregnancies, it would have been.",
            "217 pregnancies of the population were not linked all the same",
            "Nobody was linked in a part of the population",
            "Some of the population were not linked",
        ],
    );
    says(
        &results,
        "nl",
        &[
            "In één groep is niemand gekoppeld. Voor de 1.312 zwangerschappen daarin kan niemand staan.",
            "Geen gewicht is groter dan 1,05. In 3 groepen, met 20.411 zwangerschappen, zou het groter zijn geweest.",
            "In een deel van de onderzochte groep is niemand gekoppeld",
        ],
    );
    assert!(!html(&results, "nl").unwrap().contains("in English"));
}

#[test]
fn a_study_without_weights_does_not_speak_of_them() {
    let page = html(&six_treated(), "en").unwrap();
    assert!(!page.contains("what if everybody") && !page.contains("Seaman"));
}

#[test]
fn an_effect_that_was_refused_is_not_compared() {
    let mut results = maternity();
    let id = results.outcomes[0].id.clone();
    weighted(&mut results, &id).for_each(|row| row.estimate = None);
    says(
        &results,
        "en",
        &["For all 21 outcomes compared, the weights do not change the conclusion."],
    );
    results.estimates.retain(|row| row.analysis != "linkage_weighted");
    assert!(!html(&results, "en").unwrap().contains("do not change the conclusion"));
}
