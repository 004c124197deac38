//! Every word in both languages, and none that nobody says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

fn root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn all(folder: &str, extension: &str) -> String {
    files(&root(folder), extension).iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn messages(language: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in all(&format!("words/{language}"), "ftl").lines() {
        match line.split_once(" = ") {
            Some((key, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                found.push((key.into(), text.into()))
            }
            _ => {
                if let Some((_, text)) = found.last_mut() {
                    text.push_str(line);
                }
            }
        }
    }
    found
}

fn keys(language: &str) -> BTreeSet<String> {
    messages(language).into_iter().map(|(key, _)| key).collect()
}

#[test]
fn both_languages_have_the_same_keys_once() {
    assert_eq!(keys("nl"), keys("en"));
    for language in ["nl", "en"] {
        assert_eq!(messages(language).len(), keys(language).len(), "{language}");
    }
}

#[test]
fn both_languages_use_the_same_values() {
    let values = |language: &str| -> Vec<(String, BTreeSet<String>)> {
        let names = |text: &str| {
            text.split('$')
                .skip(1)
                .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned())
                .collect()
        };
        let mut found: Vec<_> =
            messages(language).iter().map(|(key, text)| (key.clone(), names(text))).collect();
        found.sort();
        found
    };
    // A language may select on a count that another one does not need, and every text may use
    // what regions and periods are called.
    let free = ["n", "region", "regions", "period", "cluster"];
    let counts = |set: &BTreeSet<String>| {
        set.iter().filter(|name| !free.contains(&name.as_str())).cloned().collect::<BTreeSet<_>>()
    };
    for ((key, nl), (_, en)) in values("nl").iter().zip(&values("en")) {
        assert_eq!(counts(nl), counts(en), "{key}");
    }
}

#[test]
fn every_key_is_said_somewhere() {
    let source = all("src", "rs");
    let dead: Vec<String> =
        keys("en").into_iter().filter(|key| !source.contains(&format!("\"{key}\""))).collect();
    assert!(dead.is_empty(), "{dead:?}");
}

#[test]
fn every_key_that_is_asked_for_exists() {
    let (source, known) = (all("src", "rs"), keys("en"));
    for call in [".text(\"", ".with(\""] {
        for rest in source.split(call).skip(1) {
            let key = rest.split('"').next().unwrap();
            assert!(known.contains(key), "{key}");
        }
    }
}
