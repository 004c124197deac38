//! The command that reproduces numbers of other programs.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn verschil(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verschil"))
        .arg("validate")
        .args(arguments)
        .output()
        .expect("starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).expect("a line of JSON");
    text(&output.stdout).lines().map(parse).collect()
}

/// A folder whose only reference is this text.
fn folder(reference: &str, content: &str) -> TempDir {
    let folder = TempDir::new().expect("temporary folder");
    let path = folder.path().join(reference);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("folder");
    std::fs::write(path, content).expect("file");
    folder
}

#[test]
fn what_comes_with_the_program_agrees() {
    let output = verschil(&[]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", text(&output.stderr));
    assert!(output.stderr.is_empty(), "quiet in a pipe");
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    assert!(shown.contains("30 of 37 cases agree, 7 not run; "), "{shown}");
    assert!(shown.contains("\n  data/mpdta/mpdta.csv"));
    let again = verschil(&["--threads", "1", "--all"]);
    assert_eq!(again.status.code(), Some(0));
    let again = text(&again.stdout);
    assert!(again.contains("Not compared:") && again.lines().count() > 1_400);
    // the line of a case is the same on one thread as on many
    for line in shown.lines().filter(|line| line.ends_with("agrees")) {
        assert!(again.contains(line), "{line}");
    }
}

#[test]
fn one_case_is_written_for_machines() {
    let output = verschil(&["--case", "castle_twfe_cr1", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let lines = lines(&output);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["verdict"], "agrees");
    let comparisons = lines[0]["comparisons"].as_array().expect("a list");
    assert_eq!(lines[1]["validated"]["comparisons"], comparisons.len());
    for comparison in comparisons {
        let number = |key: &str| comparison[key].as_f64().expect("a number");
        assert!(number("difference") <= number("tolerance"));
        assert!((number("ours") - number("theirs")).abs() < 1e-8);
    }
}

#[test]
fn a_number_that_differs_is_shown_and_ends_with_seven() {
    let path = "reference/castle_twfe_cr1.json";
    let reference = verschil_stats::validate::shipped(path).expect("shipped");
    let other = reference.replace("0.059444149643280736", "0.0594442");
    assert_ne!(other, reference);
    let folder = folder(path, &other);
    let data = folder.path().display().to_string();
    let output = verschil(&["--case", "castle_twfe_cr1", "--data", &data]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(8), "{shown}");
    assert!(shown.contains("weighted estimate") && shown.contains("0 of 1 case agree, 1 differ;"));
    assert!(!shown.contains("unweighted estimate"), "what agrees is not listed: {shown}");
}

#[test]
fn broken_files_are_problems_and_the_other_cases_go_on() {
    let folder = folder("reference/kielmc_did.json", "{ \"results\": ");
    let data = folder.path().display().to_string();
    let output = verschil(&["--data", &data]);
    assert_eq!(output.status.code(), Some(3));
    let told = text(&output.stderr);
    assert!(told.contains("broken-reference") && told.contains("kielmc_did.json"), "{told}");
    assert!(text(&output.stdout).contains("29 of 37 cases agree, 1 cannot be worked out"));
}

#[test]
fn a_missing_folder_and_an_unknown_case_are_told_at_once() {
    let output = verschil(&["--data", "nowhere", "--case", "castle", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let lines = lines(&output);
    let codes: Vec<&str> =
        lines.iter().filter_map(|line| line["problem"]["code"].as_str()).collect();
    assert_eq!(codes, ["no-data-folder", "unknown-case"]);
    let allowed = lines[1]["problem"]["allowed"].as_str().expect("a text");
    assert!(allowed.contains("castle_twfe_cr1, "));
}
