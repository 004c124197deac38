//! Data that cannot bear the protocol: a problem with its place and the way out, or a refusal.

use std::cell::RefCell;

use verschil::run::{Event, plan};
use verschil_study::Problem;

use crate::runs::data_problems;
use crate::small::Study;

/// The one problem of a study whose data are refused.
fn only(study: &Study) -> Problem {
    let mut problems = data_problems(study.run());
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let problem = problems.remove(0);
    assert!(problem.place.as_ref().is_some_and(|place| place.line > 0), "{problem}");
    assert!(problem.file.ends_with("protocol.toml"), "{problem}");
    assert!(!study.folder().join("out").exists(), "nothing may be written");
    problem
}

#[test]
fn an_empty_file() {
    let study = Study::new();
    study.write("persons.csv", b"");
    assert_eq!(only(&study).code, "empty-file");
}

#[test]
fn a_header_without_rows() {
    let study = Study::new();
    study.write("persons.csv", b"region,year,age,parity,home,spending,multiple\n");
    assert_eq!(only(&study).code, "no-rows");
}

#[test]
fn a_missing_file() {
    let study = Study::new();
    std::fs::remove_file(study.folder().join("persons.csv")).expect("removed");
    assert_eq!(only(&study).code, "unreadable-file");
}

#[test]
fn a_misspelt_column() {
    let study = Study::new();
    study.change_data(|text| text.replacen("spending", "spendings", 1));
    let problem = only(&study);
    assert_eq!(problem.code, "no-column");
    assert!(problem.hint.contains("`spendings`"), "{problem}");
}

#[test]
fn a_value_of_another_type_is_placed_and_not_shown() {
    let study = Study::new();
    study.change_data(|text| text.replacen("R0,2010,", "R0,secret,", 1));
    let problem = only(&study);
    assert_eq!(problem.code, "wrong-type");
    assert!(
        problem.found.contains("1 values") && problem.found.contains("data row 1"),
        "{problem}"
    );
    assert!(!problem.to_string().contains("secret"), "a person's value is shown: {problem}");
}

#[test]
fn bytes_that_are_not_utf8() {
    let study = Study::new();
    study.write(
        "persons.csv",
        b"region,year,age,parity,home,spending,multiple\nFrysl\xe2n,2010,30,first,1,2,0\n",
    );
    let problem = only(&study);
    assert_eq!(problem.code, "not-encoded");
    assert!(problem.found.contains("line 2"), "{problem}");
}

#[test]
fn a_declared_encoding_and_a_decimal_comma_are_read() {
    let study = Study::new();
    let plain = study.run().expect("runs").results;
    let text = std::fs::read_to_string(study.folder().join("persons.csv")).expect("data");
    let comma = text.replace(',', ";").replace('.', ",").replace("R0;", "Fryslân;");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&comma);
    let study = study
        .with("files = [\"persons.csv\"]", "files = [\"persons.csv\"]\nseparator = \";\"\ndecimal = \",\"\nencoding = \"windows-1252\"")
        .with("regions = [\"R0\"", "regions = [\"Fryslân\"");
    study.write("persons.csv", &bytes);
    let other = study.run().expect("runs").results;
    let effect = |results: &verschil_study::results::Results| {
        crate::runs::row(results, "spending", "main", "cr0").estimate.expect("estimate")
    };
    // another order of regions, so another order of sums
    assert!((effect(&plain) / effect(&other) - 1.0).abs() < 1e-12);
}

#[test]
fn the_same_file_twice() {
    let study =
        Study::new().with("files = [\"persons.csv\"]", "files = [\"persons.csv\", \"copy.csv\"]");
    std::fs::copy(study.folder().join("persons.csv"), study.folder().join("copy.csv"))
        .expect("copied");
    assert_eq!(only(&study).code, "overlapping-files");
}

#[test]
fn an_unknown_region() {
    let problem = only(&Study::new().with("\"R0\", \"R1\"", "\"R0\", \"R1x\""));
    assert_eq!(problem.code, "unknown-region");
    assert!(problem.hint.contains("`R1`"), "{problem}");
}

#[test]
fn a_start_outside_the_data() {
    let study = Study::new().with("start = 2015\ntransition = [2014]", "start = 2031");
    assert_eq!(only(&study).code, "start-outside");
}

#[test]
fn all_regions_treated() {
    let study = Study::new()
        .with("regions = [\"R0\", \"R1\", \"R2\"]", "where = \"year > 0\"")
        .with("regions = [\"R3\", \"R4\", \"R5\"]", "");
    let problems = data_problems(study.run());
    assert!(
        problems.len() == 2 && problems.iter().all(|p| p.code == "no-controls"),
        "{problems:#?}"
    );
}

#[test]
fn a_condition_that_splits_a_region() {
    let study = Study::new().with("regions = [\"R0\", \"R1\", \"R2\"]", "where = \"age > 30\"");
    assert_eq!(only(&study).code, "partly-treated");
}

#[test]
fn a_binary_outcome_with_other_values() {
    let problem = only(
        &Study::new()
            .with("kind = \"binary\"\nvalue = \"home\"", "kind = \"binary\"\nvalue = \"home * 2\""),
    );
    assert_eq!(problem.code, "outcome-values");
}

#[test]
fn a_reference_period_without_rows() {
    let study = Study::new();
    study.change_data(|text| {
        text.lines()
            .filter(|line| !line.contains(",2013,"))
            .map(|line| format!("{line}\n"))
            .collect()
    });
    assert_eq!(only(&study).code, "no-reference-period");
}

#[test]
fn every_problem_of_the_data_is_told_at_once() {
    let study = Study::new();
    study.change_data(|text| text.replacen("spending", "costs", 1).replacen("parity", "par", 1));
    assert_eq!(data_problems(study.run()).len(), 2);
}

#[test]
fn a_constant_outcome_is_refused_and_the_others_go_on() {
    let study = Study::new()
        .with("kind = \"binary\"\nvalue = \"home\"", "kind = \"binary\"\nvalue = \"0\"");
    let finished = study.run().expect("runs");
    assert!(finished.refusals);
    let refused = crate::runs::row(&finished.results, "home", "main", "permutation");
    assert!(refused.estimate.is_none() && refused.note.starts_with("refused_constant_outcome"));
    assert!(crate::runs::row(&finished.results, "spending", "main", "cr3").estimate.is_some());
}

#[test]
fn an_outcome_that_is_always_missing_is_refused_and_the_others_go_on() {
    let study = Study::new().with("value = \"spending\"", "value = \"NULL\"");
    let finished = study.run().expect("runs");
    assert!(finished.refusals);
    let refused = crate::runs::row(&finished.results, "spending", "main", "cr3");
    assert!(refused.note.starts_with("refused_"), "{}", refused.note);
    assert!(crate::runs::row(&finished.results, "home", "main", "cr3").estimate.is_some());
}

#[test]
fn a_region_without_rows_in_a_period_is_told() {
    let study = Study::new();
    study.change_data(|text| {
        text.lines()
            .filter(|line| !line.starts_with("R4,2011,"))
            .map(|line| format!("{line}\n"))
            .collect()
    });
    let results = study.run().expect("runs").results;
    let finding = results.findings.iter().find(|finding| finding.id == "empty_cell");
    assert!(finding.is_some_and(|f| f.message.contains("R4") && f.message.contains("2011")));
}

#[test]
fn regions_that_differ_in_case_only_are_told() {
    let study = Study::new();
    study.change_data(|text| text.replacen("R4,", "r4,", 3));
    let results = study.run().expect("runs").results;
    assert!(results.findings.iter().any(|finding| finding.id == "alike-regions"));
}

#[test]
fn a_named_region_that_an_exclusion_took_away_is_told_so() {
    let exclusion = "where = \"multiple = 1\"";
    let gone = format!(
        "{exclusion}\n\n[[population.exclude]]\nid = \"closed\"\nlabel = \"Closed\"\nwhere = \"region = 'R4'\""
    );
    let rest = "label = \"The other regions\"";
    let study = Study::new()
        .with(exclusion, &gone)
        .with(rest, &format!("{rest}\nexclude = [\"R4\"]"))
        .with("regions = [\"R3\", \"R4\", \"R5\"]", "regions = [\"R3\", \"R5\"]");
    let problem = only(&study);
    assert_eq!(problem.code, "excluded-region");
    assert!(
        problem.found.starts_with("R4: ") && problem.found.ends_with("by `closed`"),
        "{problem}"
    );
    assert!(!problem.hint.is_empty() && !problem.allowed.is_empty(), "{problem}");
    let nobody = Study::new().with(rest, &format!("{rest}\nexclude = [\"R44\"]"));
    assert_eq!(only(&nobody).code, "unknown-region");
}

#[test]
fn effects_per_region_without_a_method_for_them_are_told_before_the_run() {
    let told = |methods: &str| {
        let reference = "reference_period = 2013";
        let study = Study::new().with(reference, &format!("{reference}\n{methods}"));
        let warned = RefCell::new(Vec::new());
        let listen = |event| {
            if let Event::Warning(problem) = event {
                warned.borrow_mut().push(*problem);
            }
        };
        plan(&study.protocol(), &listen).expect("no errors");
        let refused = study.run().expect("runs").refusals;
        (warned.into_inner().into_iter().any(|p| p.code == "refused-per-region"), refused)
    };
    assert_eq!(told("methods = [\"cr3\"]"), (true, true));
    assert_eq!(told("methods = [\"cr3\"]\nper_region = false"), (false, false));
    assert_eq!(told("methods = [\"cr3\", \"permutation\"]"), (false, false));
}
