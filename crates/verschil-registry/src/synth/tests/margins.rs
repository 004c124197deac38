//! Margins against the figures that the parameters come from.

use std::collections::HashMap;

use super::super::SynthFormat;
use super::{Row, four_errors, make, options, read, share};

/// First children of one year, with their mothers.
fn year(year: i64, births: &str, persons: &str) -> (Vec<Row>, HashMap<String, Row>) {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.04, SynthFormat::Csv, (year, year)));
    let births = read(&out.path().join(format!("births_2000-2021_{year}V{births}.csv")));
    let singletons = births.into_iter().filter(|row| {
        row["rangnummer"] == "1" && row["omv"] == "1" && row["amww"].parse::<i32>().unwrap() >= 24
    });
    let persons = read(&out.path().join(format!("persons_{year}V{persons}.csv")));
    let by_number = persons.into_iter().map(|row| (row["rinpersoon"].clone(), row));
    (singletons.collect(), by_number.collect())
}

/// What rounding of weights and regions of different size add to the Monte Carlo error: arms' shifts
/// are centred on sizes of the window, and the largest of them leaves less than this.
const SLACK: f64 = 0.004;

fn close(name: &str, found: f64, published: f64, rows: usize) {
    let error = four_errors(published, rows) + SLACK;
    assert!(
        (found - published).abs() < error,
        "{name}: {found:.4} and not {published} +- {error:.4}"
    );
}

fn one_of(column: &'static str, values: &'static [&'static str]) -> impl Fn(&Row) -> bool {
    move |row| values.contains(&row[column].as_str())
}

#[test]
fn births_of_2011_and_2020_have_the_published_shares() {
    let at_home = one_of("plaats", &["1"]);
    for (when, home, centre, line) in [(2011, 0.147, 0.012, 0.702), (2020, 0.148, 0.024, 0.692)] {
        let (births, _) = year(when, "1", "1");
        let all: Vec<&Row> = births.iter().collect();
        close("home", share(&all, &at_home), home, all.len());
        close("centre", share(&all, one_of("plaats", &["2"])), centre, all.len());
        // 2nd line: parameters are rounded to close all places of birth, one point of slack (D)
        let hospital = share(&all, one_of("plaats", &["4"]));
        assert!((hospital - line).abs() < four_errors(line, all.len()) + 0.02, "{hospital}");
        let unknown = share(&all, one_of("plaats", &["9"]));
        assert!((0.034..0.044).contains(&unknown), "{unknown}");
    }
}

#[test]
fn the_path_of_care_has_the_published_shares() {
    let (births, _) = year(2014, "1", "1");
    let all: Vec<&Row> = births.iter().collect();
    close("nulliparous", share(&all, one_of("par", &["0"])), 0.445, all.len());
    let starts = one_of("start_zorg", &["1"]);
    close("start", share(&all, &starts), 0.87, all.len());
    let labours = one_of("start_baring", &["1"]);
    close("labour", share(&all, &labours), 0.48, all.len());
    let primary: Vec<&Row> = all.iter().copied().filter(|row| labours(row)).collect();
    let moved = one_of("overdracht", &["2"]);
    close("during", share(&primary, &moved), 0.40, primary.len());
    let (first, later): (Vec<&Row>, Vec<&Row>) = primary.iter().partition(|row| row["par"] == "0");
    assert!((0.53..0.62).contains(&share(&first, &moved)));
    assert!((0.22..0.32).contains(&share(&later, &moved)));
}

#[test]
fn interventions_and_health_have_the_published_shares() {
    let (births, _) = year(2019, "1", "1");
    let all: Vec<&Row> = births.iter().collect();
    close("epidural", share(&all, one_of("epiduraal", &["1"])), 0.203, all.len());
    close("relief", share(&all, one_of("pijn_overig", &["1"])), 0.20, all.len());
    close("induction", share(&all, one_of("inleiding", &["1"])), 0.248, all.len());
    close("planned", share(&all, one_of("type_partus", &["200148001"])), 0.0716, all.len());
    close("emergency", share(&all, one_of("type_partus", &["200149009"])), 0.0801, all.len());
    let assisted = one_of("type_partus", &["61586001", "302383004"]);
    close("instrumental", share(&all, assisted), 0.0738, all.len());
    let over = |column: &'static str, limit: i32| {
        move |row: &Row| row[column].parse::<i32>().is_ok_and(|value| value > limit)
    };
    close("fluxus", share(&all, over("bloedverlies", 1000)), 0.061, all.len());
    let live: Vec<&Row> = all.iter().copied().filter(|row| row["sterfte"] != "1").collect();
    close("apgar", 1.0 - share(&live, over("apgar5", 6)), 0.0152, live.len());
    let preterm = |row: &Row| row["amww"].parse::<i32>().is_ok_and(|weeks| weeks < 37);
    let small = |row: &Row| row["hoftiezer"].parse::<i32>().is_ok_and(|percentile| percentile < 10);
    close("preterm", share(&all, preterm), 0.0511, all.len());
    close("small", share(&all, small), 0.0916, all.len());
    close("BIG2", share(&all, |row| preterm(row) || small(row)), 0.133, all.len());
    let light = share(&all, |row| row["geboortegew"].parse::<i32>().is_ok_and(|g| g < 2500));
    assert!((0.03..0.055).contains(&light), "{light}");
}

#[test]
fn women_have_the_published_features() {
    let (births, persons) = year(2017, "1", "1");
    let of = |row: &Row| persons.get(&row["rinpersoon_moeder"]);
    let women: Vec<&Row> = births.iter().filter_map(of).collect();
    let age = |row: &Row| {
        row["jaar"].parse::<i32>().unwrap() - row["geboortejaar"].parse::<i32>().unwrap()
    };
    let between = |from: i32, to: i32| share(&women, |row| (from..=to).contains(&age(row)));
    // social position differs between regions and falls over the years: one point more
    let near = |found: f64, published: f64| (found - published).abs() < 0.012;
    assert!(near(between(0, 24), 0.084) && near(between(25, 29), 0.294), "{}", between(0, 24));
    assert!(near(between(30, 34), 0.398) && near(between(35, 39), 0.188));
    assert!(near(share(&women, one_of("herkomst", &["Nederland"])), 0.731));
    let known: Vec<&Row> =
        women.iter().copied().filter(|row| !row["opleiding"].is_empty()).collect();
    assert!(near(share(&known, one_of("opleiding", &["1"])), 0.12));
    let vulnerable = share(&women, one_of("kwetsbaar", &["1"]));
    assert!((0.06..0.09).contains(&vulnerable), "{vulnerable}");
    for class in ["1", "2", "3", "4", "5"] {
        let found = share(&women, |row| row["stedelijkheid"] == class);
        assert!((0.05..0.60).contains(&found), "class {class}: {found}");
    }
}
