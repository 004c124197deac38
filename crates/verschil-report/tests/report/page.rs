//! The page as a file: well-formed, self-contained, the same structure in both languages.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use verschil_report::{ReportError, figures, html};
use verschil_study::results::Results;

use crate::fixture::six_treated;
use crate::maternity::maternity;
use crate::one_treated::one_treated;

const VOID: [&str; 6] = ["meta", "br", "link", "img", "hr", "input"];

/// Names of the tags in order, closing ones with a slash; self-closing ones are left out.
fn tags(page: &str) -> Vec<(String, String)> {
    let start = page.find("</style>").map_or(0, |at| at + "</style>".len());
    let mut tags = Vec::new();
    let mut rest = &page[start..];
    while let Some(open) = rest.find('<') {
        let end = rest[open..].find('>').expect("every tag ends") + open;
        let inside = &rest[open + 1..end];
        let name = inside.split([' ', '\n']).next().unwrap().to_owned();
        if !inside.ends_with('/') && !name.starts_with('!') && !VOID.contains(&name.as_str()) {
            tags.push((name, inside.to_owned()));
        }
        rest = &rest[end + 1..];
    }
    tags
}

fn assert_balanced(page: &str) {
    let mut open: Vec<String> =
        if page.starts_with("<!DOCTYPE") { vec!["html".into(), "head".into()] } else { Vec::new() };
    for (name, _) in tags(page) {
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed)),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

fn ids(page: &str) -> Vec<String> {
    page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn each(check: impl Fn(&Results, &str)) {
    for results in [six_treated(), one_treated(), maternity()] {
        for language in ["nl", "en"] {
            check(&results, language);
        }
    }
}

#[test]
fn every_page_and_figure_is_well_formed() {
    each(|results, language| {
        assert_balanced(&html(results, language).unwrap());
        for figure in figures(results, language).unwrap() {
            assert_balanced(&figure.svg);
            assert!(
                figure.svg.contains("<title id=") && figure.svg.contains("role=\"img\""),
                "{}",
                figure.name
            );
            assert!(
                figure.rows.iter().all(|row| row.len() == figure.columns.len()),
                "{}",
                figure.name
            );
        }
    });
}

#[test]
fn ids_are_unique_and_every_link_leads_somewhere() {
    each(|results, language| {
        let page = html(results, language).unwrap();
        let ids = ids(&page);
        let unique: HashSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
        for link in page.split("href=\"#").skip(1) {
            let target = link.split('"').next().unwrap().to_owned();
            assert!(unique.contains(&target), "no place for #{target}");
        }
        for labelled in page.split("aria-labelledby=\"").skip(1) {
            for target in labelled.split('"').next().unwrap().split(' ') {
                assert!(unique.contains(&target.to_owned()), "no label {target}");
            }
        }
    });
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    each(|results, language| {
        let page = html(results, language).unwrap();
        for load in ["src=", "href=\"http", "url(", "@import", "<link", "<script", "<iframe"] {
            assert!(!page.contains(load), "{load}");
        }
        assert_eq!(
            page.matches("http").count(),
            page.matches("http://www.w3.org/2000/svg").count()
        );
    });
}

#[test]
fn both_languages_have_the_same_structure() {
    for results in [six_treated(), one_treated(), maternity()] {
        let shape = |language: &str| -> Vec<String> {
            let page = html(&results, language).unwrap();
            // Lines of wrapped text in drawings differ with the length of words.
            let tags = tags(&page).into_iter().map(|(name, _)| name);
            tags.filter(|name| !name.contains("text") && !name.contains("path")).collect()
        };
        assert_eq!(shape("nl"), shape("en"));
        assert_eq!(ids(&html(&results, "nl").unwrap()), ids(&html(&results, "en").unwrap()));
    }
}

#[test]
fn a_missing_number_never_reaches_the_page_as_code() {
    each(|results, language| {
        let page = html(results, language).unwrap();
        for leak in ["NaN", "None", "Some(", "inf ", "refused_", "permutation_floor", "{ $", "{$"] {
            assert!(!page.contains(leak), "{leak}");
        }
    });
}

#[test]
fn text_of_a_study_cannot_break_the_page() {
    let mut results = six_treated();
    results.study.title =
        crate::fixture::text("<script>alert(1)</script>", "<script>alert(1)</script>");
    results.outcomes[0].label = crate::fixture::text("a < b & \"c\"", "a < b & \"c\"");
    let page = html(&results, "en").unwrap();
    assert!(!page.contains("<script"));
    assert_balanced(&page);
}

#[test]
fn a_run_says_whether_it_was_locked() {
    assert!(
        html(&six_treated(), "en")
            .unwrap()
            .contains("Exploratory: the protocol was not locked before the run.")
    );
    assert!(html(&one_treated(), "en").unwrap().contains("Preregistered."));
}

#[test]
fn what_cannot_be_shown_is_an_error() {
    let mut results = six_treated();
    assert!(matches!(html(&results, "de"), Err(ReportError::Language(_))));
    results.design.comparisons.clear();
    assert!(matches!(html(&results, "nl"), Err(ReportError::NoComparison)));
    results.schema = "verschil-results/0".to_owned();
    assert!(matches!(figures(&results, "nl"), Err(ReportError::Schema(_))));
}

#[test]
fn results_without_estimates_still_give_a_page() {
    let mut results = six_treated();
    results.estimates.clear();
    results.levels.clear();
    results.trend_checks.clear();
    for language in ["nl", "en"] {
        assert_balanced(&html(&results, language).unwrap());
    }
}

#[test]
fn the_fixtures_survive_their_file_format() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, results) in [
        ("six_treated.json", six_treated()),
        ("one_treated.json", one_treated()),
        ("maternity.json", maternity()),
    ] {
        let path = folder.join(name);
        fs::write(&path, serde_json::to_string_pretty(&results).unwrap()).unwrap();
        let read: Results = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(read, results);
    }
}
