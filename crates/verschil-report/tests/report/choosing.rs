//! How regions were chosen and sources linked, as the page tells it.

use verschil_report::{figures, html};
use verschil_study::results::{AttritionStep, Results};

use crate::fixture::{six_treated, text};
use crate::maternity::maternity;

fn says(results: &Results, language: &str, all: &[&str]) {
    let page = html(results, language).unwrap().replace('\u{ad}', "");
    for said in all {
        assert!(page.contains(said), "{language}: {said}");
    }
}

#[test]
fn linkage_is_told_by_its_numbers() {
    says(
        &maternity(),
        "en",
        &[
            "Of the 2,390,674 pregnancies, 97.4% (2,328,516) were linked to the person registry.",
            "By year, the share ran from 94.7% (2021) to 98.0% (2015).",
            "Without a key that identifies somebody: 21,804.",
            "87 keys stood in several rows that contradict each other, and were not linked.",
            "1 key stood in several rows that contradict each other, and was not linked.",
            "Every one of the pregnancies had a key that identifies somebody.",
            "differ by more than 0.1 standard deviation; most on",
        ],
    );
    says(
        &maternity(),
        "nl",
        &[
            "Van de 2.390.674 zwangerschappen is 97,4% (2.328.516) gekoppeld aan de persoonsregistratie.",
            "1 sleutel stond in meer rijen die elkaar tegenspreken, en is niet gekoppeld.",
        ],
    );
}

#[test]
fn the_linked_and_the_others_may_be_alike() {
    let mut results = maternity();
    for row in &mut results.linkage_balance {
        row.smd = Some(-0.02);
    }
    says(
        &results,
        "en",
        &[
            "On the 11 levels compared, those who were linked and those who were not differ by at most 0.1",
        ],
    );
    says(&results, "nl", &["hoogstens 0,1 standaarddeviatie"]);
}

#[test]
fn every_region_has_its_reason() {
    let results = maternity();
    says(
        &results,
        "en",
        &[
            "chosen from 67 candidates, because they resemble the treated regions in mean urbanisation class and pregnancies per year, averaged over 2013–2016",
            "the Mahalanobis distance",
            "each time the nearest candidate",
            "nearest to igo A when it was chosen",
            "the next best was vsv 44 (0.41)",
            "as near as vsv 61; the first code was taken; chosen 2 times",
            "<span lang=\"en\">something that only the program says</span>",
            "The largest standardised difference was −0.62 among all candidates (mean urbanisation class), and is −0.07 with the chosen controls",
            "Nothing was calculated to choose these controls",
        ],
    );
    let page = html(&results, "en").unwrap();
    let tables: Vec<&str> = page.split("<table class=\"regions\">").skip(1).collect();
    let rows =
        |table: &str| table.split("</table>").next().unwrap().matches("scope=\"row\"").count();
    assert_eq!(tables.iter().map(|table| rows(table)).collect::<Vec<_>>(), [26, 13, 26]);
}

#[test]
fn other_ways_of_matching_have_their_own_words() {
    let mut results = maternity();
    let facts = &mut results.matching_facts[0];
    facts.distance = "euclidean".to_owned();
    facts.method = "optimal".to_owned();
    facts.replacement = true;
    facts.caliper = Some(2.5);
    facts.exact = vec!["urbanisation".to_owned()];
    says(
        &results,
        "en",
        &[
            "the Euclidean distance",
            "the sum of all distances is as small as it can be",
            "paired with igo A in the best assignment",
            "A candidate could be chosen more than once.",
            "Pairs further apart than 2.50 were not allowed.",
            "Equal had to be: mean urbanisation class.",
        ],
    );
    says(
        &results,
        "nl",
        &["Gelijk moest zijn: gemiddelde stedelijkheidsklasse.", "verder dan 2,50 uit elkaar"],
    );
}

#[test]
fn a_characteristic_is_no_covariate_of_the_same_name() {
    let drawn = figures(&maternity(), "en").unwrap();
    let region = drawn.iter().find(|figure| figure.name == "love_region_matched").unwrap();
    assert_eq!(region.rows[0][..2], ["Mean urbanisation class", "2.90"]);
    let row = drawn.iter().find(|figure| figure.name == "love_row_matched").unwrap();
    assert!(row.rows.iter().any(|cells| cells[0] == "urbanisation class: 1"));
}

#[test]
fn rules_between_outcomes_are_reported_with_their_counts() {
    says(
        &maternity(),
        "en",
        &["checked in 1,884,975 rows, and true in all of them", "and not true in 12."],
    );
    let mut results = maternity();
    results.identities[0].checked = 0;
    says(
        &results,
        "nl",
        &["niet nagegaan, omdat in geen enkele rij alle uitkomsten ervan bekend zijn"],
    );
    assert!(!html(&six_treated(), "en").unwrap().contains("Rules that tie outcomes together"));
}

#[test]
fn a_long_flow_adds_up_and_fits_on_a_page() {
    let mut results = maternity();
    let mut before = results.attrition.last().unwrap().after;
    for n in 0..8_u64 {
        let label = text(
            &format!(
                "uitsluiting {n} met een omschrijving die twee regels nodig heeft in de figuur"
            ),
            &format!("exclusion {n} with a description that needs two lines in the figure"),
        );
        let after = before - 100 * n;
        let id = format!("more_{n}");
        results.attrition.push(AttritionStep { id, label, before, excluded: 100 * n, after });
        before = after;
    }
    let drawn = figures(&results, "en").unwrap();
    let flow = drawn.iter().find(|figure| figure.name == "attrition").unwrap();
    let (_, rest) = flow.svg.split_once("viewBox=\"0 0 440 ").unwrap();
    let height: f64 = rest.split('"').next().unwrap().parse().unwrap();
    assert!(height < 1400.0, "{height}");
    let number = |text: &str| -> u64 { text.replace(',', "").parse().unwrap() };
    for (step, next) in flow.rows.iter().zip(&flow.rows[1..]) {
        assert_eq!(number(&step[1]) - number(&step[2]), number(&step[3]));
        assert_eq!(step[3], next[1]);
    }
    for row in &flow.rows[1..] {
        assert!(
            flow.svg.contains(&format!("{} remain", row[1])) || row == &flow.rows[1],
            "{row:?}"
        );
    }
}

#[test]
fn many_outcomes_are_reached_through_their_domains() {
    let page = html(&maternity(), "en").unwrap();
    assert_eq!(
        page.matches("class=\"domain\"").count() - page.matches("tr class=\"domain\"").count(),
        3
    );
    assert_eq!(page.matches("<nav class=\"steps\"").count(), 22);
    assert!(page.contains("All 22 outcomes"));
    let few = html(&six_treated(), "en").unwrap();
    assert!(!few.contains("<nav class=\"steps\"") && !few.contains("class=\"folded screen\""));
}

#[test]
fn figures_of_linkage_and_balance_stay_as_they_were_approved() {
    let drawn = figures(&maternity(), "en").unwrap();
    for name in [
        "linkage_person",
        "linkage_balance_person",
        "love_region_matched",
        "love_row_matched",
        "trajectory_pregnancies_matched",
    ] {
        let figure = drawn.iter().find(|figure| figure.name == name).expect(name);
        insta::assert_snapshot!(name, figure.svg);
    }
}
