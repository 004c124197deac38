//! Protocols with faults, and the messages that they give.

use std::path::Path;

use verschil_study::{Problem, Protocol};

fn show(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

/// A file beside the protocols.
fn file(name: &str) -> std::io::Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    std::fs::read_to_string(folder.join(name))
}

/// The text in which a problem stands.
fn text_of(protocol: &str, problem: &Problem) -> String {
    match problem.file.as_str() {
        "protocol.toml" => protocol.to_owned(),
        other => file(other).unwrap(),
    }
}

fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_fault_is_told_with_its_place_and_a_way_out() {
    let corpus = corpus();
    assert!(corpus.len() >= 95);
    for (name, text) in corpus {
        let Err(problems) = Protocol::parse_with("protocol.toml", &text, &file) else {
            panic!("{name} parses")
        };
        for problem in &problems {
            let place = problem.place.as_ref().unwrap_or_else(|| panic!("{name}: {problem}"));
            let text = text_of(&text, problem);
            let line = text.lines().nth(place.line - 1).unwrap_or_default();
            assert!(place.column <= line.chars().count() + 1, "{name}: {problem}");
            let before = &text[..place.offset];
            assert_eq!(place.line, before.matches('\n').count() + 1, "{name}: {problem}");
            let start = before.rfind('\n').map_or(0, |index| index + 1);
            assert_eq!(place.column, before[start..].chars().count() + 1, "{name}: {problem}");
            assert!(text.is_char_boundary(place.offset + place.length), "{name}: {problem}");
            assert!(
                !problem.hint.is_empty() || !problem.allowed.is_empty(),
                "{name}: no way out in {problem}"
            );
        }
        insta::with_settings!({ snapshot_suffix => name, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("bad", show(&problems));
        });
    }
}

#[test]
fn many_faults_are_told_at_once() {
    let (_, text) = corpus().into_iter().find(|(name, _)| name == "many_faults").unwrap();
    let problems = Protocol::parse("protocol.toml", &text).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
    for code in [
        "bad-id",
        "unknown-source",
        "unknown-column",
        "unknown-choice",
        "wrong-type",
        "unknown-key",
        "missing-key",
        "out-of-range",
        "duplicate-item",
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    assert!(problems.len() >= 11, "{codes:?}");
}
