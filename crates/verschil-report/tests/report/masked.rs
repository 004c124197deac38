//! Reports in which regions go by letters and numbers.

use std::collections::BTreeSet;

use verschil_report::{Report, html};
use verschil_study::results::{EstimateRow, Finding, Results, SyntheticWeight, masked};

use crate::fixture::{six_treated, text};
use crate::maps::square_boundaries;
use crate::maternity::maternity;

/// Everything by which a reader could know a region.
fn names(results: &Results) -> BTreeSet<String> {
    let treated = results.design.treated.iter().map(|region| (&region.id, &region.label));
    let listed = results.regions.iter().map(|row| (&row.code, &row.label));
    let mut names = BTreeSet::new();
    for (code, label) in treated.chain(listed) {
        names.insert(code.clone());
        names.extend(label.0.values().filter(|label| !label.is_empty()).cloned());
    }
    names
}

/// The maternity study with regions in every place that a region may stand in.
fn told_everywhere() -> Results {
    let mut results = maternity();
    let row = results.estimates.iter().find(|row| row.analysis == "main").cloned();
    let row = EstimateRow { headline: false, ..row.expect("a main row") };
    results.estimates.push(EstimateRow { analysis: "leave_out:IGO_C".to_owned(), ..row });
    results.synthetic_weights.push(SyntheticWeight {
        outcome: results.outcomes[0].id.clone(),
        analysis: "region:IGO_A".to_owned(),
        kind: "region".to_owned(),
        id: "VSV_05".to_owned(),
        weight: 1.0,
        ..SyntheticWeight::default()
    });
    results.findings.push(Finding {
        id: "refused_jackknife".to_owned(),
        message: "without cluster VSV_12 the effect is not identified; igo B".to_owned(),
        ..Finding::default()
    });
    results
}

#[test]
fn no_name_or_code_of_a_region_is_left() {
    let plain = told_everywhere();
    let names = names(&plain);
    assert!(names.len() > 80, "{}", names.len());
    let whole = serde_json::to_string(&plain).unwrap();
    assert!(names.iter().all(|name| whole.contains(name)));
    let hidden = masked(plain);
    let whole = serde_json::to_string(&hidden).unwrap();
    for name in &names {
        assert!(!whole.contains(name), "{name}");
    }
    for language in ["nl", "en"] {
        let page = html(&hidden, language).unwrap();
        let found: Vec<_> = names.iter().filter(|name| page.contains(*name)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn a_masked_report_says_so_and_has_no_map() {
    let boundaries = square_boundaries();
    let drawn = |results: &Results| {
        let report = Report::new(results, "nl", Some(&boundaries)).unwrap();
        let maps = report.figures().iter().filter(|figure| figure.name.starts_with("map"));
        (maps.count(), report.html().contains("De namen van de"))
    };
    let plain = maternity();
    assert!(matches!(drawn(&plain), (1.., false)));
    assert_eq!(drawn(&masked(plain)), (0, true));
}

#[test]
fn numbers_stay_with_their_region() {
    let plain = maternity();
    let hidden = masked(plain.clone());
    assert_eq!(hidden, masked(plain.clone()), "the same results are masked in the same way");
    let effects = |results: &Results, analysis: &str| -> Vec<Option<f64>> {
        let rows = results.estimates.iter().filter(|row| row.analysis == analysis);
        rows.map(|row| row.estimate).collect()
    };
    let own: Vec<_> = plain.design.treated.iter().map(|region| &region.id).collect();
    let mut before: Vec<_> =
        own.iter().map(|id| format!("{:?}", effects(&plain, &format!("region:{id}")))).collect();
    let letters: Vec<_> = hidden.design.treated.iter().map(|region| region.id.as_str()).collect();
    assert_eq!(letters, ["A", "B", "C", "D", "E", "F"]);
    let mut after: Vec<_> = letters
        .iter()
        .map(|id| format!("{:?}", effects(&hidden, &format!("region:{id}"))))
        .collect();
    assert_ne!(before, after, "the order of letters would tell the regions");
    before.sort();
    after.sort();
    assert_eq!(before, after);
    assert_eq!(effects(&plain, "main"), effects(&hidden, "main"));
}

#[test]
fn codes_that_are_mere_numbers_are_masked_where_they_are_announced() {
    let mut results = six_treated();
    results.design.treated[0].id = "2".to_owned();
    results.design.treated[0].label = text("Noord", "North");
    results.findings.push(Finding {
        message: "2 cells have no rows, first region 2 in period 2; North and Northwest".to_owned(),
        ..Finding::default()
    });
    let hidden = masked(results);
    let told = &hidden.findings.last().expect("a finding").message;
    let letter = told.split_once("region ").and_then(|(_, rest)| rest.chars().next()).unwrap();
    assert!(letter.is_ascii_uppercase(), "{told}");
    let expected =
        format!("2 cells have no rows, first region {letter} in period 2; {letter} and Northwest");
    assert_eq!(*told, expected);
}
