//! Rows as codes: merged where they are alike, with the sums of the Grams, kept with these.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;
use verschil_registry::{Extract, Wanted, extract};
use verschil_stats::cells::Cells;
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

/// Every outcome's rows and sum over all cells are those of the Grams.
fn check_sums(extract: &Extract, cells: &Cells) {
    let grams = &extract.grams;
    for k in 0..cells.outcomes.len() {
        let own = (0..cells.len()).map(|cell| cells.at(cell, k));
        let (rows, sum) = own.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let totals = grams.slices.iter().map(|slice| grams.weighted_sum(slice, k));
        let expected = totals.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(rows, expected.0);
        // the Grams are centred on a rounded value, which costs the last digits
        assert!((sum / expected.1 - 1.0).abs() < 1e-12, "{sum} against {}", expected.1);
    }
}

#[test]
fn with_a_number_among_the_covariates_every_row_is_a_cell() {
    let folder = TempDir::new().expect("folder");
    let protocol = study(NUMERIC, folder.path());
    let extract = read(&protocol, folder.path());
    let cells = extract.cells.as_ref().expect("cells");
    assert_eq!((cells.len(), cells.numerics[0].len()), (600, 600));
    check_sums(&extract, cells);
}

#[test]
fn rows_that_are_alike_are_merged() {
    let folder = TempDir::new().expect("folder");
    let protocol = study("", folder.path());
    let extract = read(&protocol, folder.path());
    let cells = extract.cells.as_ref().expect("cells");
    assert_eq!(cells.len(), 5 * 4 * 2);
    check_sums(&extract, cells);
}

#[test]
fn cells_are_kept_with_the_grams() {
    let folder = TempDir::new().expect("folder");
    for numeric in [NUMERIC, ""] {
        let protocol = study(numeric, folder.path());
        let fresh = read(&protocol, folder.path());
        let kept = read(&protocol, folder.path());
        assert!(fresh.cells.is_some() && fresh.grams == kept.grams, "{numeric}");
        // as text, since what is missing is not equal to itself
        assert_eq!(format!("{:?}", fresh.cells), format!("{:?}", kept.cells), "{numeric}");
    }
}
