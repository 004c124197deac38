//! Files: the same bytes every time, in every format, and nothing half-written.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::super::{SynthFormat, synth};
use super::{make, options, read, study};

/// Hash of every file of a folder, by name.
fn hashes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, Sha256::digest(std::fs::read(path).unwrap()).to_vec())
        })
        .collect()
}

fn on_threads(threads: usize, format: SynthFormat, seed: u64) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let mut options = options(0.01, format, (2020, 2021));
    options.seed = seed;
    super::super::synth_on(threads, &study(), out.path(), &options, &|_| ()).unwrap();
    hashes(out.path())
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    for format in [SynthFormat::Parquet, SynthFormat::Csv, SynthFormat::Sav] {
        assert_eq!(on_threads(1, format, 7), on_threads(2, format, 7));
    }
}

#[test]
fn another_seed_gives_other_persons_and_the_same_truth() {
    let (one, other) = [7, 8].map(|seed| on_threads(2, SynthFormat::Csv, seed)).into();
    assert!(one.keys().eq(other.keys()));
    for (name, hash) in one.iter().filter(|(name, _)| *name != "truth.csv") {
        assert_ne!(Some(hash), other.get(name), "{name} does not depend on the seed");
    }
    assert_eq!(one["truth.csv"], other["truth.csv"]);
}

#[test]
fn years_asked_for_are_the_same_as_among_all_years() {
    let (some, all) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(some.path(), &options(0.01, SynthFormat::Csv, (2012, 2013)));
    make(all.path(), &options(0.01, SynthFormat::Csv, (2008, 2021)));
    let (some, all) = (hashes(some.path()), hashes(all.path()));
    assert_eq!(some.len(), 10);
    for (name, hash) in &some {
        assert_eq!(Some(hash), all.get(name), "{name}");
    }
    // 14 years of four tables, three second versions, two new deliveries, the truth
    assert_eq!(all.len(), 14 * 4 + 3 + 2 + 1);
}

#[test]
fn every_file_is_told_once_and_nothing_else_is_left_in_the_folder() {
    let out = tempfile::tempdir().unwrap();
    let told = std::cell::RefCell::new(Vec::new());
    let tell = |progress: super::super::SynthProgress| told.borrow_mut().push(progress);
    let options = options(0.01, SynthFormat::Sav, (2021, 2021));
    let summary = synth(&study(), out.path(), &options, &tell).unwrap();
    let told = told.into_inner();
    let mut names: Vec<&str> = told.iter().map(|progress| progress.file.as_str()).collect();
    names.sort_unstable();
    let births = ["births_2000-2021_2021V1", "births_2021-2022_2021V1", "births_2021-2022_2022V1"];
    let others = ["claims_2021V1", "persons_2021V1", "trajectories_2021V1"];
    let expected: Vec<String> =
        births.iter().chain(&others).map(|stem| format!("{stem}.sav")).collect();
    assert_eq!(names, expected);
    assert!(told.iter().all(|progress| progress.files == 6 && progress.rows > 0));
    assert_eq!(told.last().map(|progress| progress.done), Some(6));
    let written = hashes(out.path());
    assert_eq!(written.len(), 7);
    assert_eq!(summary.files.len(), 7);
}

#[test]
fn names_are_capitals_in_even_years_and_text_is_windows_1252() {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.01, SynthFormat::Csv, (2012, 2013)));
    let head = |name: &str| {
        let bytes = std::fs::read(out.path().join(name)).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        String::from_utf8(bytes[..end].to_vec()).unwrap()
    };
    assert!(
        head("births_2000-2021_2012V2.csv").starts_with("RINPERSOONS_MOEDER;RINPERSOON_MOEDER;")
    );
    assert!(head("persons_2013V1.csv").starts_with("rinpersoons;rinpersoon;jaar;"));
    let persons = read(&out.path().join("persons_2013V1.csv"));
    assert!(persons.iter().any(|row| row["huishouden"] == "éénouder"));
    let bytes = std::fs::read(out.path().join("persons_2013V1.csv")).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
}

/// Values of an SPSS file, row by row: decoded here by the format's description, apart from the
/// writer. Numbers as text without decimals, absent as nothing.
fn decoded(bytes: &[u8], kinds: &[usize]) -> Vec<Vec<String>> {
    let int = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let end = [7_i32.to_le_bytes(), 20_i32.to_le_bytes()].concat();
    let encoding = bytes.windows(8).position(|window| window == end).unwrap();
    let mut at = encoding + 16 + int(encoding + 12) as usize;
    assert_eq!((int(at), int(at + 4)), (999, 0));
    at += 8;
    let mut values: Vec<Option<[u8; 8]>> = Vec::new();
    while at < bytes.len() {
        let codes = &bytes[at..at + 8];
        at += 8;
        for code in codes {
            match code {
                0 => {}
                253 => {
                    values.push(Some(bytes[at..at + 8].try_into().unwrap()));
                    at += 8;
                }
                254 => values.push(Some(*b"        ")),
                255 => values.push(None),
                code => values.push(Some((f64::from(*code) - 100.0).to_le_bytes())),
            }
        }
    }
    let segments: usize = kinds.iter().map(|width| width.div_ceil(8).max(1)).sum();
    assert_eq!(values.len(), segments * int(80) as usize);
    let row = |row: &[Option<[u8; 8]>]| {
        let mut at = 0;
        kinds
            .iter()
            .map(|width| {
                let taken = &row[at..at + width.div_ceil(8).max(1)];
                at += taken.len();
                if *width == 0 {
                    return taken[0]
                        .map(f64::from_le_bytes)
                        .map_or(String::new(), |v| v.to_string());
                }
                let text: Vec<u8> = taken.iter().flat_map(|segment| segment.unwrap()).collect();
                String::from_utf8(text).unwrap().trim_end().to_owned()
            })
            .collect()
    };
    values.chunks(segments).map(row).collect()
}

#[test]
fn an_spss_file_holds_what_the_text_file_holds() {
    let out = tempfile::tempdir().unwrap();
    for format in [SynthFormat::Csv, SynthFormat::Sav] {
        make(out.path(), &options(0.01, format, (2013, 2013)));
    }
    for (stem, kinds) in [
        ("persons_2013V1", vec![1, 9, 0, 0, 20, 0, 0, 14, 0, 6, 0]),
        ("claims_2013V1", vec![1, 9, 9, 0, 29, 0, 0]),
    ] {
        let bytes = std::fs::read(out.path().join(format!("{stem}.sav"))).unwrap();
        let ours = decoded(&bytes, &kinds);
        let text = std::fs::read(out.path().join(format!("{stem}.csv"))).unwrap();
        let text = encoding_rs::WINDOWS_1252.decode(&text).0.into_owned();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(ours.len(), theirs.len());
        assert!(ours == theirs, "{stem} differs");
    }
}
