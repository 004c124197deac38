//! Invented data say so wherever a reader may look, and real data never do.

use verschil_report::{figures, html};
use verschil_study::results::Text;

use crate::fixture::six_treated;
use crate::maps::{drawn_with, square_boundaries};
use crate::maternity::maternity;

const MARKS: [(&str, &str); 2] = [("nl", "Verzonnen gegevens"), ("en", "Invented data")];

/// What stands between each `start` and the next `end`.
fn pieces<'a>(page: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    page.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn every_table_of_invented_data_says_so_in_its_caption() {
    for (language, mark) in MARKS {
        let page = html(&maternity(), language).unwrap();
        let tables = pieces(&page, "<table", "</table>");
        assert!(tables.len() > 60, "{}", tables.len());
        for table in tables {
            let (_, rest) = table.split_once("<caption>").expect("a table without a caption");
            assert!(rest.split("</caption>").next().unwrap().contains(mark), "{table}");
        }
    }
}

#[test]
fn every_figure_of_invented_data_says_so_in_drawing_and_description() {
    let boundaries = square_boundaries();
    for (language, mark) in MARKS {
        let drawn = drawn_with(&maternity(), language, &boundaries);
        assert!(drawn.len() > 100, "{}", drawn.len());
        for figure in drawn {
            let described = pieces(&figure.svg, "<desc", "</desc>")[0];
            assert!(described.contains(mark), "{}", figure.name);
            let said = pieces(&figure.svg, "<text", "</text>");
            assert!(said.iter().any(|text| text.ends_with(mark)), "{}", figure.name);
        }
    }
}

#[test]
fn the_page_says_it_on_screen_on_paper_and_in_its_title() {
    for (language, mark) in MARKS {
        let page = html(&maternity(), language).unwrap();
        let title = pieces(&page, "<title>", "</title>")[0];
        assert!(title.contains(&mark.to_lowercase()), "{title}");
        assert!(page.contains(&format!("@top-left {{ content: \"{}\"", mark.to_uppercase())));
        assert!(page.contains(&format!(
            "<aside class=\"invented-bar\" aria-label=\"{mark}\">{mark}</aside>"
        )));
        assert!(page.contains("status invented-banner"));
        let answer = pieces(&page, "class=\"answer\"", "</div>")[0];
        assert!(answer.contains(mark), "{answer}");
    }
}

#[test]
fn real_data_are_never_called_invented() {
    let mut results = six_treated();
    // The words of this study itself say that its data are made up.
    results.study.data = Text::default();
    for (language, mark) in MARKS {
        let page = html(&results, language).unwrap();
        assert!(!page.contains(mark) && !page.contains("class=\"invented"));
        for figure in figures(&results, language).unwrap() {
            assert!(!figure.svg.contains(mark), "{}", figure.name);
        }
    }
}
