//! Rows: keys and their flaws, identities, and sums of claims.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::super::SynthFormat;
use super::{Row, four_errors, make, options, read, share};

/// Tables of one year at a small size.
struct Tables {
    births: Vec<Row>,
    newer: Vec<Row>,
    persons: Vec<Row>,
    trajectories: Vec<Row>,
    claims: Vec<Row>,
    next: Vec<Row>,
}

/// Made and read once for all tests.
fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(made)
}

fn made() -> Tables {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.05, SynthFormat::Csv, (2021, 2021)));
    let table = |stem: &str| read(&out.path().join(format!("{stem}.csv")));
    Tables {
        births: table("births_2000-2021_2021V1"),
        newer: table("births_2021-2022_2021V1"),
        persons: table("persons_2021V1"),
        trajectories: table("trajectories_2021V1"),
        claims: table("claims_2021V1"),
        next: table("births_2021-2022_2022V1"),
    }
}

fn mother(row: &Row) -> Option<&str> {
    let number = row["rinpersoon_moeder"].as_str();
    let known = row["rinpersoons_moeder"] == "R" && number != "000000000" && !number.is_empty();
    known.then_some(number)
}

fn firsts(rows: &[Row]) -> Vec<&Row> {
    rows.iter().filter(|row| row["rangnummer"] == "1").collect()
}

#[test]
fn keys_have_nine_digits_and_their_flaws_are_of_every_kind() {
    let tables = tables();
    let numbers = tables.births.iter().map(|row| &row["rinpersoon_kind"]).filter(|n| !n.is_empty());
    let numbers: Vec<&String> = numbers.collect();
    let different: HashSet<&String> = numbers.iter().copied().collect();
    assert_eq!(different.len(), numbers.len(), "two children have one number");
    let women: HashSet<&String> =
        tables.trajectories.iter().map(|row| &row["rinpersoon"]).collect();
    assert_eq!(women.len(), tables.trajectories.len());
    assert!(women.is_disjoint(&different));
    let nine = |number: &&String| number.len() == 9 && number.bytes().all(|b| b.is_ascii_digit());
    assert!(women.iter().all(nine) && different.iter().all(nine));
    let zero = women.iter().filter(|number| number.starts_with('0')).count() as f64;
    assert!((zero / women.len() as f64 - 0.1).abs() < four_errors(0.1, women.len()));
    let flaw = |kind: &str, number: &str| {
        let fits = |row: &&Row| {
            let found = row["rinpersoon_moeder"].as_str();
            row["rinpersoons_moeder"] == kind
                && (found == number || number == "any" && found.len() == 9)
        };
        tables.births.iter().filter(fits).count()
    };
    assert!(flaw("", "") > flaw("F", "any") && flaw("F", "any") > flaw("R", "000000000"));
    assert!(flaw("R", "000000000") > 0);
}

#[test]
fn births_at_home_and_the_old_delivery_of_the_last_year_link_worse() {
    let tables = tables();
    let known: HashSet<&str> =
        tables.persons.iter().map(|row| row["rinpersoon"].as_str()).collect();
    let linked = |row: &Row| mother(row).is_some_and(|number| known.contains(number));
    let (old, new) = (firsts(&tables.births), firsts(&tables.newer));
    assert_eq!(old.len(), new.len());
    let lost = [share(&old, linked), share(&new, linked)].map(|linked| 1.0 - linked);
    assert!(lost[0] > 0.09 && lost[1] < 0.04, "{lost:?}");
    let (home, elsewhere): (Vec<&Row>, Vec<&Row>) =
        old.into_iter().partition(|row| row["plaats"] == "1");
    assert!(share(&home, linked) < share(&elsewhere, linked) - 0.05);
    // nobody of the incomplete year is in another file
    assert!(tables.next.iter().all(|row| row["jaar"] == "2022" && !linked(row)));
    let next = firsts(&tables.next);
    assert!(
        (share(&next, |row| row["plaats"] == "1") - 0.85).abs() < four_errors(0.85, next.len())
    );
}

#[test]
fn four_to_eight_in_a_hundred_do_not_link_in_other_years() {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.03, SynthFormat::Csv, (2015, 2016)));
    for (births, persons) in [("2015V1", "2015V2"), ("2016V2", "2016V1")] {
        let births = read(&out.path().join(format!("births_2000-2021_{births}.csv")));
        let persons = read(&out.path().join(format!("persons_{persons}.csv")));
        let trajectories =
            read(&out.path().join(format!("trajectories_{}V1.csv", births[0]["jaar"])));
        let of = |rows: &[Row]| rows.iter().map(|row| row["rinpersoon"].clone()).collect();
        let known: [HashSet<String>; 2] = [of(&persons), of(&trajectories)];
        let first = firsts(&births);
        let linked =
            share(&first, |row| mother(row).is_some_and(|n| known.iter().all(|k| k.contains(n))));
        assert!((0.92..=0.96).contains(&linked), "{linked}");
    }
    let fewer = read(&out.path().join("births_2000-2021_2016V1.csv")).len() as f64;
    let all = read(&out.path().join("births_2000-2021_2016V2.csv")).len() as f64;
    assert!((fewer / all - 0.96).abs() < four_errors(0.96, all as usize));
}

#[test]
fn claims_of_the_last_year_stop_at_its_end() {
    let tables = tables();
    let months = tables.claims.iter().map(|row| row["prestatiemaand"].as_str());
    assert_eq!(months.max(), Some("202112"));
}

#[test]
fn some_persons_stand_twice_and_a_few_of_them_differ() {
    let tables = tables();
    let mut rows: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in &tables.persons {
        rows.entry(&row["rinpersoon"]).or_default().push(row);
    }
    let twice: Vec<&Vec<&Row>> = rows.values().filter(|rows| rows.len() > 1).collect();
    let conflicting = twice.iter().filter(|rows| rows[0] != rows[1]).count();
    assert!(conflicting > 0 && conflicting < twice.len() - conflicting);
    assert!(twice.iter().all(|rows| rows.len() == 2));
}

#[test]
fn every_row_of_births_makes_sense() {
    let tables = tables();
    for row in tables.births.iter().chain(&tables.newer).chain(&tables.next) {
        let is = |column: &str, values: &[&str]| values.contains(&row[column].as_str());
        assert!(
            is("plaats", &["1", "2", "3", "4", "9"]) && is("overdracht", &["0", "1", "2", "3"])
        );
        let section = is("type_partus", &["200148001", "200149009"]);
        let assisted = is("type_partus", &["61586001", "302383004"]);
        assert!(section || assisted || is("type_partus", &["48782003"]));
        if is("plaats", &["1", "2", "3"]) {
            assert!(is("start_zorg", &["1"]) && is("start_baring", &["1"]));
            assert!(is("overdracht", &["0", "3"]) && !section && !assisted);
            assert!(is("epiduraal", &["0"]) && is("inleiding", &["0"]) && is("omv", &["1"]));
            assert!(row["amww"].parse::<i32>().unwrap() >= 37);
        }
        if is("overdracht", &["1"]) {
            assert!(is("start_zorg", &["1"]) && is("start_baring", &["2"]));
        }
        if is("overdracht", &["2", "3"]) {
            assert!(is("start_baring", &["1"]));
        }
        if section {
            assert!(is("ruptuur", &["0"]));
        }
        assert_eq!(row["apgar5"].is_empty(), is("sterfte", &["1"]));
        let weeks: i32 = row["amww"].parse().unwrap();
        assert!((16..=42).contains(&weeks));
    }
    let rank = |rank: &str, of: &str| {
        tables.births.iter().filter(|row| row["rangnummer"] == rank && row["omv"] == of).count()
    };
    assert_eq!(rank("1", "2"), rank("2", "2"));
    assert_eq!(rank("2", "1"), 0);
}

#[test]
fn the_files_hold_the_study_population_that_was_asked_for() {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.02, SynthFormat::Csv, (2013, 2016)));
    let mut counts = [0_u64; 2];
    let model = super::model(0.02);
    for name in ["2013V1", "2014V1", "2015V1", "2016V2"] {
        for row in read(&out.path().join(format!("births_2000-2021_{name}.csv"))) {
            let early = row["amww"].parse::<i32>().unwrap() < 24;
            if row["rangnummer"] != "1" || row["omv"] != "1" || early {
                continue;
            }
            let region = model.regions.iter().find(|region| region.code == row["vsv"]).unwrap();
            match region.arm {
                super::super::register::Arm::Treated => counts[0] += 1,
                super::super::register::Arm::Matched => counts[1] += 1,
                super::super::register::Arm::Other => {}
            }
        }
    }
    assert_eq!(counts, [991, 3183]);
}

#[test]
fn claims_belong_to_trajectories_and_their_sums_are_skewed_to_the_right() {
    let out = tempfile::tempdir().unwrap();
    make(out.path(), &options(0.03, SynthFormat::Csv, (2019, 2019)));
    let claims = read(&out.path().join("claims_2019V1.csv"));
    let trajectories = read(&out.path().join("trajectories_2019V1.csv"));
    let mut sums: HashMap<(&str, &str), i64> = HashMap::new();
    for row in &trajectories {
        sums.insert((&row["rinpersoon"], &row["trajectid"]), 0);
    }
    let mut stray = 0;
    for row in &claims {
        let cents: i64 = row["bedrag_cents"].parse().unwrap();
        assert!(cents > 0);
        if row["trajectid"].is_empty() {
            stray += 1;
        } else {
            *sums.get_mut(&(row["rinpersoon"].as_str(), row["trajectid"].as_str())).unwrap() +=
                cents;
        }
    }
    assert!(stray > 0);
    let per_trajectory = claims.len() as f64 / trajectories.len() as f64;
    assert!((11.0..13.0).contains(&per_trajectory), "{per_trajectory}");
    let sums: Vec<f64> = sums.into_values().map(|cents| cents as f64 / 100.0).collect();
    let n = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / n;
    let moment = |k: i32| sums.iter().map(|sum| (sum - mean).powi(k)).sum::<f64>() / n;
    let spread = moment(2).sqrt() / mean;
    assert!((0.32..0.40).contains(&spread), "coefficient of variation {spread}");
    assert!(moment(3) / moment(2).powf(1.5) > 0.7);
    assert!((mean / 6750.0 - 1.0).abs() < 4.0 * spread / n.sqrt() + 0.01, "{mean}");
    let correction =
        claims.iter().filter(|row| row["ib_indeling"] == "tariefcorrectie verloskunde");
    let correction: Vec<&Row> = correction.collect();
    assert!(correction.iter().all(|row| row["bedrag_cents"] == "2700"));
    assert!((correction.len() as f64 / n - 0.87).abs() < 0.03);
}
