//! The words of the report: each in both languages, each said somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::File;

const WORDS: &str = "crates/verschil-report/words/";
const SOURCE: &str = "crates/verschil-report/src/";

/// Keys that are missing in a language, written twice, or said nowhere.
pub(crate) fn keys(files: &[File]) -> Vec<String> {
    let source: String = files
        .iter()
        .filter(|f| f.path.starts_with(SOURCE) && f.is("rs"))
        .map(|f| f.text.as_str())
        .collect();
    let mut violations = Vec::new();
    let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with(WORDS) && file.is("ftl")) {
        let language = file.path[WORDS.len()..].split('/').next().unwrap_or_default();
        let known = languages.entry(language).or_default();
        for key in file_keys(&file.text) {
            if !known.insert(key) {
                violations.push(format!("{language}: `{key}` is written twice"));
            }
        }
    }
    let all: BTreeSet<&str> = languages.values().flatten().copied().collect();
    for key in &all {
        let without = languages.iter().filter(|(_, known)| !known.contains(key));
        violations.extend(without.map(|(language, _)| format!("{language}: `{key}` is missing")));
        if !source.contains(&format!("\"{key}\"")) {
            violations.push(format!("`{key}` is said nowhere in {SOURCE}"));
        }
    }
    violations
}

/// Keys at the start of a line, before ` = `.
fn file_keys(text: &str) -> impl Iterator<Item = &str> {
    let opens = |key: &&str| key.starts_with(|c: char| c.is_ascii_lowercase());
    text.lines().filter_map(|line| Some(line.split_once(" =")?.0)).filter(opens)
}

#[test]
fn dead_double_and_missing_words_are_found() {
    let files = [
        File::new(
            "crates/verschil-report/words/en/a.ftl",
            "said = Said\n    or = not a key\ndead = Dead\n",
        ),
        File::new("crates/verschil-report/words/nl/a.ftl", "said = Gezegd\nsaid = Twee keer\n"),
        File::new("crates/verschil-report/src/a.rs", "words.text(\"said\")"),
    ];
    let found = keys(&files);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().any(|v| v == "nl: `said` is written twice"));
    assert!(found.iter().any(|v| v == "nl: `dead` is missing"));
    assert!(found.iter().any(|v| v.starts_with("`dead` is said nowhere")));
}
