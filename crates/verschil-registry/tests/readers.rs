//! Files of every format from the outside: the same rows, and damage that is told and not shown.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;
use verschil_registry::{Extract, Wanted, extract};
use verschil_study::{Problem, Protocol};

const PROTOCOL: &str = r#"
[study]
id = "readers"
title = "t"
question = "q"
intervention = "i"
units = "persons"
data = "d"
[sources.persons]
files = ["FILE"]
OPTIONS
[sources.persons.columns]
number = { kind = "text", from = "rinpersoon" }
kind = { kind = "text", from = "RINPERSOONS" }
place = "integer"
age = "number"
cost = "number"
share = "number"
day = "date"
moment = "date"
town = "text"
essay = "text"
year = "integer"
COLUMNS
[population]
source = "persons"
[region]
value = "coalesce(town, 'none')"
label = "town"
[period]
value = "year"
label = "year"
[[covariate]]
id = "place"
kind = "categorical"
value = "place"
missing = "level"
label = "place"
[[covariate]]
id = "month"
kind = "categorical"
value = "coalesce(extract(month FROM day), 0) + extract(month FROM moment)"
label = "month"
[[covariate]]
id = "kind"
kind = "categorical"
value = "kind"
missing = "level"
label = "kind"
[[outcome]]
id = "cost"
kind = "continuous"
value = "cost"
better = "lower"
label = "Cost"
[[outcome]]
id = "words"
kind = "continuous"
value = "length(essay) + share + coalesce(age, 0)"
better = "lower"
label = "Words"
[[outcome]]
id = "odd"
kind = "binary"
value = "right(number, 1) IN ('1', '3', '5', '7', '9')"
better = "lower"
label = "Odd"
[treatment]
start = 2010
regions = ["Fryslân"]
[analysis]
reference_period = 2009
"#;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn protocol(file: &str, options: &str, columns: &str) -> Protocol {
    let text =
        PROTOCOL.replace("FILE", file).replace("OPTIONS", options).replace("COLUMNS", columns);
    let parsed = Protocol::parse("readers.toml", &text);
    parsed.unwrap_or_else(|problems| panic!("{problems:#?}")).0
}

fn read(file: &str, folder: &Path) -> Result<Extract, Vec<Problem>> {
    extract(&protocol(file, "", ""), folder, Wanted { cells: true }, None, &|_| {})
}

#[test]
fn every_format_gives_the_same_encoded_rows() {
    let first = read("rows.sav", &fixtures()).expect("read");
    assert_eq!(first.rows, 60);
    for file in ["plain.sav", "blocks.zsav", "latin.sav", "persons.csv", "persons.parquet"] {
        let other = read(file, &fixtures()).expect(file);
        assert_eq!(other.grams, first.grams, "{file}");
        assert_eq!(other.cells, first.cells, "{file}");
        assert_eq!(other.steps, first.steps, "{file}");
    }
    for version in [14, 15] {
        // these have the essays cut to 240 letters and two codes more that are missing
        let other = read(&format!("stata_{version}.dta"), &fixtures()).expect("read");
        assert_eq!(other.rows, 60);
        assert_eq!(other.grams.regions.len(), first.grams.regions.len() + 1, "Ede is there");
    }
}

/// The problem that a changed fixture gives.
fn problem(name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Problem {
    let folder = TempDir::new().expect("folder");
    let mut bytes = std::fs::read(fixtures().join(name)).expect("fixture");
    change(&mut bytes);
    std::fs::write(folder.path().join(name), bytes).expect("written");
    let mut problems = read(name, folder.path()).map(drop).expect_err("damaged");
    assert!(!problems.is_empty());
    for problem in &problems {
        assert!(problem.place.is_some(), "{problem:#?}");
        assert!(!problem.hint.is_empty() || !problem.allowed.is_empty(), "{problem:#?}");
    }
    problems.remove(0)
}

#[test]
fn a_file_that_is_cut_off_is_told_as_that() {
    for (name, kept) in [
        ("plain.sav", 100),
        ("plain.sav", 1_000),
        ("plain.sav", 20_000),
        ("rows.sav", 20_000),
        ("blocks.zsav", 5_000),
        ("stata_14.dta", 8),
        ("stata_14.dta", 9_000),
        ("stata_14.dta", 27_000),
        ("stata_10.dta", 15_000),
    ] {
        let problem = problem(name, |bytes| bytes.truncate(kept));
        assert_eq!(problem.code, "truncated-file", "{name} {kept}: {problem:#?}");
    }
    let cut = read("cut.sav", &fixtures()).map(drop).expect_err("cut");
    assert_eq!(cut[0].code, "truncated-file", "{cut:#?}");
}

#[test]
fn files_of_another_kind_are_told_apart() {
    let replace = |with: &'static [u8]| {
        move |bytes: &mut Vec<u8>| {
            bytes.splice(..with.len(), with.iter().copied());
        }
    };
    for (name, begins, code) in [
        ("plain.sav", &b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV"[..], "encrypted-file"),
        ("plain.sav", b"PK\x03\x04", "other-format"),
        ("plain.sav", b"\r\n\t hello", "other-format"),
        ("stata_14.dta", b"$FL2", "other-format"),
        ("stata_10.dta", &[105], "unsupported-file"),
        ("stata_10.dta", &[200], "other-format"),
    ] {
        let problem = problem(name, replace(begins));
        assert_eq!(problem.code, code, "{name}: {problem:#?}");
    }
    let version = problem("stata_14.dta", |bytes| bytes[30..33].copy_from_slice(b"131"));
    assert!(["unsupported-file", "broken-file"].contains(&version.code.as_str()), "{version:#?}");
}

#[test]
fn contradictions_within_a_file_are_told() {
    let header = |bytes: &mut Vec<u8>| bytes[80..84].copy_from_slice(&59_i32.to_le_bytes());
    assert_eq!(problem("plain.sav", header).code, "broken-file");
    let rows = |count: i32| move |bytes: &mut Vec<u8>| declare_rows(bytes, count);
    assert_eq!(problem("plain.sav", rows(0)).code, "no-rows");
    assert_eq!(problem("plain.sav", rows(59)).code, "broken-file");
    assert_eq!(problem("rows.sav", rows(59)).code, "broken-file");
    assert_eq!(problem("blocks.zsav", rows(61)).code, "truncated-file");
    assert_eq!(problem("rows.sav", rows(i32::MAX)).code, "truncated-file");
    // a file that does not say how many rows it has is read to its end
    let folder = TempDir::new().expect("folder");
    for name in ["plain.sav", "rows.sav", "blocks.zsav"] {
        let mut bytes = std::fs::read(fixtures().join(name)).expect("fixture");
        declare_rows(&mut bytes, -1);
        std::fs::write(folder.path().join(name), bytes).expect("written");
        assert_eq!(read(name, folder.path()).expect(name).rows, 60);
    }
}

/// Changes the number of rows in both places where an SPSS file has it.
fn declare_rows(bytes: &mut [u8], count: i32) {
    const EXTENSION: [u8; 16] = [7, 0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0];
    bytes[80..84].copy_from_slice(&count.to_le_bytes());
    let at = bytes.windows(16).position(|window| window == EXTENSION).expect("extension");
    bytes[at + 24..at + 32].copy_from_slice(&i64::from(count).to_le_bytes());
}

#[test]
fn a_value_that_cannot_be_converted_is_not_shown() {
    for value in ["CAST(town AS BIGINT)", "year / (place - 2)", "extract(year FROM to_date(town))"]
    {
        let text = PROTOCOL.replace("value = \"cost\"", &format!("value = \"{value}\""));
        assert_ne!(text, PROTOCOL);
        let text = text.replace("FILE", "rows.sav").replace("OPTIONS", "").replace("COLUMNS", "");
        let protocol = Protocol::parse("readers.toml", &text).expect("parses").0;
        let problems = extract(&protocol, &fixtures(), Wanted::default(), None, &|_| {})
            .err()
            .unwrap_or_else(|| panic!("{value}"));
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, "engine"));
        let shown = problems[0].to_string();
        assert!(WORDS.iter().all(|word| !shown.contains(word)), "{shown}");
    }
}

#[test]
fn labels_that_are_not_there_are_told() {
    let column = "label = { kind = \"text\", from = \"age\", labels = true }";
    for file in ["rows.sav", "stata_14.dta"] {
        let protocol = protocol(file, "", column);
        let problems = extract(&protocol, &fixtures(), Wanted::default(), None, &|_| {})
            .map(drop)
            .expect_err("age has no labels");
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, "no-labels"));
        assert!(problems[0].place.as_ref().is_some_and(|p| p.path.ends_with("label")));
    }
}

/// Words of the rows that no message may show.
const WORDS: [&str; 5] = ["woord", "Frysl", "Cura", "000000", "Ede"];

/// Reads a damaged file: whatever happens, it happens in words about the file.
fn survives(name: &str, bytes: &[u8]) {
    let folder = TempDir::new().expect("folder");
    std::fs::write(folder.path().join(name), bytes).expect("written");
    let label = "label = { kind = \"text\", from = \"place\", labels = true }";
    let protocol = protocol(name, "", label);
    if let Err(problems) = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {}) {
        for problem in problems {
            let shown = problem.to_string();
            assert!(WORDS.iter().all(|word| !shown.contains(word)), "{shown}");
        }
    }
}

/// A fixture, and the parts of it whose bytes mean different things.
const PARTS: [(&str, [usize; 4]); 6] = [
    ("plain.sav", [0, 176, 3_000, usize::MAX]),
    ("rows.sav", [0, 176, 3_000, usize::MAX]),
    ("blocks.zsav", [0, 176, 3_000, usize::MAX]),
    ("stata_8.dta", [0, 109, 3_000, usize::MAX]),
    ("stata_14.dta", [0, 300, 9_000, usize::MAX]),
    ("stata_15.dta", [0, 300, 9_000, usize::MAX]),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(
        file in 0..PARTS.len(),
        part in 0..3_usize,
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (name, parts) = PARTS[file];
        let mut bytes = std::fs::read(fixtures().join(name)).expect("fixture");
        let end = parts[part + 1].min(bytes.len());
        for (place, value) in places {
            bytes[parts[part] + place.index(end - parts[part])] = value;
        }
        survives(name, &bytes);
    }

    #[test]
    fn a_cut_anywhere_never_panics(file in 0..PARTS.len(), kept in any::<prop::sample::Index>()) {
        let (name, _) = PARTS[file];
        let bytes = std::fs::read(fixtures().join(name)).expect("fixture");
        survives(name, &bytes[..kept.index(bytes.len())]);
    }
}
