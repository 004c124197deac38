//! The report on paper: tagged, self-contained and the same every time.

use verschil_report::Report;
use verschil_study::results::Results;

use crate::fixture::{six_treated, text};
use crate::maternity::maternity;
use crate::one_treated::one_treated;

fn pdf(results: &Results, language: &str) -> Vec<u8> {
    Report::new(results, language, None).unwrap().pdf().unwrap()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn the_pdf_is_tagged_says_its_language_and_declares_pdf_ua() {
    for language in ["nl", "en"] {
        let bytes = pdf(&six_treated(), language);
        assert!(bytes.starts_with(b"%PDF-1.7"));
        for mark in ["/StructTreeRoot", "/MarkInfo", "pdfuaid:part", "/FontFile"] {
            assert!(holds(&bytes, mark), "{language}: {mark}");
        }
        assert!(
            holds(&bytes, &format!("/Lang({language})"))
                || holds(&bytes, &format!("<dc:language><rdf:Bag><rdf:li>{language}")),
            "{language}"
        );
    }
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let results = one_treated();
    assert_eq!(pdf(&results, "nl"), pdf(&results, "nl"));
}

#[test]
fn words_of_a_study_are_never_markup() {
    let mut results = one_treated();
    let hostile = "#panic() $x$ *a* _b_ `c` <d> @e \\ ]] // \" ' \u{0} \u{7} \u{202e}x 😀";
    results.study.title = text(hostile, hostile);
    results.study.limitations = text(hostile, hostile);
    results.outcomes[0].label = text(hostile, hostile);
    pdf(&results, "en");
}

/// Pages of a PDF, by what its page objects call themselves.
fn pages(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let kinds = text.split("/Type").skip(1).map(str::trim_start);
    kinds.filter(|kind| kind.starts_with("/Page") && !kind.starts_with("/Pages")).count()
}

#[test]
fn a_meeting_gets_one_sheet_for_each_outcome_and_each_region() {
    for results in [six_treated(), maternity()] {
        let sheets = results.outcomes.len() + results.design.treated.len();
        for language in ["nl", "en"] {
            let session = Report::new(&results, language, None).unwrap().session().unwrap();
            // and one with the contents
            assert_eq!(pages(&session), 1 + sheets, "{}, {language}", results.study.id);
        }
    }
}
