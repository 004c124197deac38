//! Tables are read whole, or all their problems are told.

use proptest::prelude::*;
use verschil_study::claims::{Claims, Scale};

use crate::read;

fn problems(file: &str, text: &str) -> Vec<(usize, String)> {
    let found = Claims::parse(file, text.as_bytes()).unwrap_err();
    for problem in &found {
        assert_eq!(problem.file, file);
        assert!(!problem.hint.is_empty() || !problem.allowed.is_empty(), "{problem}");
    }
    found.iter().map(|p| (p.place.as_ref().map_or(0, |at| at.line), p.code.clone())).collect()
}

#[test]
fn the_same_claims_come_from_commas_semicolons_and_markdown() {
    let comma =
        read("id,outcome,estimate,low,high,p_value,n\na,x,-16.8,-30.3,-3.2,<0.05,\"1,234\"\n");
    let semicolon =
        read("id;outcome;estimate;low;high;p_value;n\na;x;-16,8;-30,3;-3,2;<0,05;1.234\n");
    let text = "# Claims\n\n| nummer | uitkomst | schatting | ondergrens | bovengrens | p-waarde | n |\n\
                |---|---|---|---|---|---|---|\n| a | x | \u{2212}16,8 | \u{2212}30,3 | \u{2212}3,2 | < 0,05 | 1.234 |\n";
    let mut markdown = Claims::parse("claims.md", text.as_bytes()).unwrap().claims;
    assert_eq!(markdown[0].line, 5);
    markdown[0].line = 2;
    assert_eq!(comma, semicolon);
    assert_eq!(comma, markdown);
    assert_eq!(comma[0].counts.n.unwrap().value, 1234.0);
}

#[test]
fn an_empty_cell_is_not_stated() {
    let claims = read("outcome,estimate,low,scale,text\nx,,,,\n");
    assert_eq!(claims[0].id, "line 2");
    assert_eq!((claims[0].effect.estimate, claims[0].effect.low), (None, None));
    assert_eq!(claims[0].effect.scale, Scale::Unstated);
}

#[test]
fn all_problems_are_told_with_their_lines() {
    let text = "id,outcome,estimate,scale,part_of,confidence\n\
                a,x,twelve,liniar,zz,95\n\
                a,,1.5,linear,,950\n\
                b,y,1.5\n\
                c,z,1.5,,,,,extra\n";
    let wanted = [
        (2, "number"),
        (2, "choice"),
        (3, "no-outcome"),
        (3, "confidence"),
        (4, "cells"),
        (5, "cells"),
        (3, "double-id"),
        (2, "unknown-claim"),
    ];
    let mut found = problems("claims.csv", text);
    let mut wanted: Vec<(usize, String)> =
        wanted.iter().map(|(line, code)| (*line, (*code).to_owned())).collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn headings_that_are_unknown_double_or_missing_are_told() {
    assert_eq!(
        problems("c.csv", "outcom,estimate,schatting\nx,1,2\n"),
        [
            (1, "unknown-column".to_owned()),
            (1, "double-column".to_owned()),
            (1, "no-outcome-column".to_owned())
        ]
    );
    assert_eq!(problems("c.csv", "outcome,estimate\n"), [(1, "no-claims".to_owned())]);
    assert_eq!(problems("c.md", "no table\n"), [(1, "no-claims".to_owned())]);
    let found = Claims::parse("c.csv", b"outcom\nx\n").unwrap_err();
    assert!(found[0].hint.contains("outcome"), "{:?}", found[0]);
}

#[test]
fn numbers_that_may_be_two_things_are_told() {
    let text = "| outcome | estimate |\n|---|---|\n| x | 1.234 |\n";
    assert_eq!(problems("c.md", text), [(3, "ambiguous-number".to_owned())]);
    let shown = "| outcome | estimate |\n|---|---|\n| x | 1.234 |\n| y | 2,5 |\n";
    let claims = Claims::parse("c.md", shown.as_bytes()).unwrap().claims;
    assert_eq!(claims[0].effect.estimate.unwrap().value, 1234.0);
    let mixed = "outcome,estimate\nx,\"1,5\"\ny,2.5\nz,3.5\n";
    assert_eq!(problems("c.csv", mixed), [(2, "number".to_owned())]);
}

#[test]
fn bytes_that_are_no_text_and_endless_tables_are_told() {
    let found = Claims::parse("c.csv", b"outcome\nx\n\xff\n").unwrap_err();
    assert_eq!(
        (found[0].code.as_str(), found[0].place.as_ref().unwrap().line),
        ("claims-encoding", 3)
    );
    let long = "outcome\n".repeat(1 << 20);
    assert_eq!(problems("c.csv", &long)[0].1, "long-claims");
    let many = format!("outcome,estimate\n{}", "x,twelve\n".repeat(5000));
    let found = problems("c.csv", &many);
    assert_eq!(found.len(), 201);
    assert_eq!(found[200].1, "more-problems");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(?s).{0,400}") {
        let _ = Claims::parse("c.csv", text.as_bytes());
        let _ = Claims::parse("c.md", text.as_bytes());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Claims::parse("c.csv", &bytes);
        let _ = Claims::parse("c.md", &bytes);
    }

    /// Cells that look like claims reach the rules, and none of them panics there.
    #[test]
    fn no_cells_make_a_rule_panic(
        rows in prop::collection::vec(
            prop::collection::vec("(-?[0-9]{1,14}(\\.[0-9]{1,3})?)?", 9),
            1..12,
        ),
        words in prop::collection::vec("(no|not|geen|minder|daling|rose|less|significant|x|, |\\. ){0,9}", 12),
        units in prop::collection::vec("(%|pp|OR|euro|)", 12),
        aspects in prop::collection::vec("(share|length|figure|effect|)", 12),
    ) {
        let mut text = String::from(
            "outcome,unit,aspect,text,estimate,low,high,before,after,change,base,n,of\n",
        );
        for (index, row) in rows.iter().enumerate() {
            let words = words[index].replace(',', ";");
            text.push_str(&format!("x,{},{},{words},{}\n", units[index], aspects[index], row.join(",")));
        }
        let claims = read(&text);
        prop_assert_eq!(claims.len(), rows.len());
        let audit = verschil_study::claims::audit(&claims);
        prop_assert!(audit.findings.iter().all(|finding| finding.line > 1));
    }
}
