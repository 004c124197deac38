//! Rows kept as codes: the same Grams again, merged where that pays, kept with the sums.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;
use verschil_registry::{Extract, Wanted, extract, shape};
use verschil_study::Protocol;

const PROTOCOL: &str = r#"
[study]
id = "cells"
title = "t"
question = "q"
intervention = "i"
units = "persons"
data = "d"
[sources.persons]
files = ["persons.csv"]
columns = { region = "text", year = "integer", sex = "text", age = "number", home = "integer", cost = "number" }
[population]
source = "persons"
[region]
value = "region"
label = "region"
plural = "regions"
[period]
value = "year"
label = "year"
[[covariate]]
id = "sex"
kind = "categorical"
value = "sex"
label = "Sex"
NUMERIC
[[outcome]]
id = "home"
kind = "binary"
value = "home"
better = "neither"
label = "Home"
[[outcome]]
id = "cost"
kind = "continuous"
value = "cost"
better = "lower"
label = "Cost"
[treatment]
start = 2012
regions = ["R0"]
[analysis]
reference_period = 2011
"#;

const NUMERIC: &str =
    "[[covariate]]\nid = \"age\"\nkind = \"numeric\"\nvalue = \"age\"\nlabel = \"Age\"";

fn study(numeric: &str, folder: &Path) -> Protocol {
    let mut text = String::from("region,year,sex,age,home,cost\n");
    for row in 0..600u32 {
        let (region, year, sex) = (row % 5, 2010 + row % 4, ["f", "m"][(row / 7 % 2) as usize]);
        let cost = if row % 11 == 0 { String::new() } else { format!("{}.5", 100 + row * 37 % 91) };
        writeln!(text, "R{region},{year},{sex},{},{},{cost}", 20 + row % 23, row * 13 % 3 / 2)
            .expect("text");
    }
    std::fs::write(folder.join("persons.csv"), text).expect("written");
    Protocol::parse("cells.toml", &PROTOCOL.replace("NUMERIC", numeric)).expect("protocol").0
}

fn read(protocol: &Protocol, folder: &Path) -> Extract {
    let kept = folder.join("kept");
    extract(protocol, folder, Wanted { cells: true }, Some(&kept), &|_| {}).expect("extract")
}

#[test]
fn unmerged_cells_give_the_same_grams_again() {
    let folder = TempDir::new().expect("folder");
    let protocol = study(NUMERIC, folder.path());
    let extract = read(&protocol, folder.path());
    let cells = extract.cells.as_ref().expect("cells");
    assert_eq!((cells.len(), cells.rows, cells.merged()), (600, 600, false));
    assert_eq!(cells.grams(&shape(&protocol), &[0, 1]).as_ref(), Some(&extract.grams));
    // without the numeric covariate they are those of the protocol that lacks it
    let fewer = study("", folder.path());
    let other = extract_without(&fewer, folder.path());
    assert_eq!(cells.grams(&shape(&protocol), &[0]), Some(other.grams));
}

fn extract_without(protocol: &Protocol, folder: &Path) -> Extract {
    extract(protocol, folder, Wanted::default(), None, &|_| {}).expect("extract")
}

#[test]
fn equal_rows_are_merged_and_their_sums_are_those_of_the_grams() {
    let folder = TempDir::new().expect("folder");
    let protocol = study("", folder.path());
    let extract = read(&protocol, folder.path());
    let cells = extract.cells.as_ref().expect("cells");
    assert!(cells.merged() && cells.len() * 2 <= 600, "{}", cells.len());
    assert_eq!(cells.weight.iter().sum::<f64>(), 600.0);
    let grams = &extract.grams;
    for (k, values) in cells.outcomes.iter().enumerate() {
        let verschil_stats::cells::Values::Sums { weight, sum, .. } = values else {
            panic!("sums")
        };
        let totals = grams.slices.iter().map(|slice| grams.weighted_sum(slice, k));
        let (w, s) = totals.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(weight.iter().sum::<f64>(), w);
        // the Grams are centred on a rounded value, which costs the last digits
        assert!((sum.iter().sum::<f64>() / s - 1.0).abs() < 1e-12);
    }
}

#[test]
fn cells_are_kept_with_the_grams() {
    let folder = TempDir::new().expect("folder");
    let protocol = study(NUMERIC, folder.path());
    let fresh = read(&protocol, folder.path());
    let kept = read(&protocol, folder.path());
    assert_eq!(fresh.grams, kept.grams);
    let again = |extract: &Extract| {
        extract.cells.as_ref().and_then(|cells| cells.grams(&shape(&protocol), &[0, 1]))
    };
    assert!(again(&kept).is_some() && again(&fresh) == again(&kept));
}
