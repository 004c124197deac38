//! The same tables in other formats give the same bits, and what is kept is found again only
//! while nothing that shaped it has changed.

use std::cell::Cell;
use std::fmt::Write as _;

use verschil_registry::{ParquetColumn, Progress, write_parquet};

use super::*;

const REGISTER: &str =
    "[region.register]\nfile = \"regions.csv\"\ncolumns = { beds = \"integer\" }\n";

const REGIONS: &str = "code,successor,beds\nA,,1\nB,,2\nC,B,3\n";

const REST: &str = r#"
[[covariate]]
id = "area"
kind = "categorical"
value = "person.area"
missing = "level"
label = "Area"
[[outcome]]
id = "income"
kind = "continuous"
value = "person.income / 3.0"
better = "higher"
label = "Income"
[[identity]]
id = "i"
label = "i"
holds = "home <= income"
"#;

/// Kinds, numbers, years, regions, home of births; one in three is not linked.
fn rows() -> Vec<(&'static str, String, i64, &'static str, i64)> {
    let row = |n: usize| {
        let kind = ["R", "R", "F"][n % 3];
        let region = ["A", "B", "C", "A"][n % 4];
        (
            kind,
            format!("{:04}", n % 97 + 1),
            2010 + i64::from(n % 5 > 1),
            region,
            i64::from(n % 7 > 2),
        )
    };
    (0..500).map(row).collect()
}

fn csv() -> (String, String) {
    let mut births = births("");
    for (kind, number, year, region, home) in rows() {
        writeln!(births, "{kind},{number},{year},{region},0,,{home},").expect("text");
    }
    let mut persons = "kind,number,year,income,area\n".to_owned();
    for (number, year, income, area) in persons_rows() {
        writeln!(persons, "R,{number},{year},{income},{area}").expect("text");
    }
    (births, persons)
}

fn persons_rows() -> Vec<(String, i64, i64, &'static str)> {
    let row = |n: i64| {
        (
            format!("{:04}", n % 90 + 1),
            2010 + n / 90,
            n * n % 1_013,
            ["X", "Y", "Z"][(n % 3) as usize],
        )
    };
    (0..180).map(row).collect()
}

fn study<'a>(files: &'a [(&'a str, &'a str)]) -> Births<'a> {
    Births { files, sources: PERSONS, population: PERSON_LINK, region: REGISTER, rest: REST }
}

fn parquet(folder: &Path) {
    use ParquetColumn::{Codes, Integer, Text};
    let rows = rows();
    let texts = |of: fn(&(&'static str, String, i64, &'static str, i64)) -> String| {
        Text(rows.iter().map(of).collect())
    };
    let kinds = rows.iter().map(|row| i32::from(row.0 == "F")).collect();
    let blank = || Text(vec!["  ".into(); rows.len()]);
    let births = vec![
        ("KIND", Codes(vec!["R".into(), "F".into()], kinds)),
        ("number", texts(|row| row.1.clone())),
        ("year", Integer(rows.iter().map(|row| row.2).collect())),
        ("region", texts(|row| row.3.into())),
        ("plural", Integer(vec![0; rows.len()])),
        ("vintage", blank()),
        ("home", Integer(rows.iter().map(|row| row.4).collect())),
        ("visit", blank()),
    ];
    write_parquet(&folder.join("births.parquet"), births).expect("births");
    let rows = persons_rows();
    let areas = rows.iter().map(|row| ["X", "Y", "Z"].iter().position(|a| *a == row.3));
    let areas = areas.map(|at| i32::try_from(at.expect("area")).expect("code")).collect();
    let persons = vec![
        ("kind", Text(vec!["R".into(); rows.len()])),
        ("number", Text(rows.iter().map(|row| row.0.clone()).collect())),
        ("year", Integer(rows.iter().map(|row| row.1).collect())),
        ("income", Integer(rows.iter().map(|row| row.2).collect())),
        ("area", Codes(vec!["X".into(), "Y".into(), "Z".into()], areas)),
    ];
    write_parquet(&folder.join("persons.parquet"), persons).expect("persons");
}

#[test]
fn formats_give_the_same_bits() {
    let (births, persons) = csv();
    let files =
        [("births.csv", births.as_str()), ("persons.csv", &persons), ("regions.csv", REGIONS)];
    let study = study(&files);
    let text = study.extract();
    let folder = TempDir::new().expect("folder");
    std::fs::write(folder.path().join("regions.csv"), REGIONS).expect("written");
    parquet(folder.path());
    let protocol = study.text().replace(".csv\"]", ".parquet\"]");
    let protocol = Protocol::parse("births.toml", &protocol).expect("protocol").0;
    let binary = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {});
    let binary = binary.unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!((&text.grams, &text.told, &text.keys), (&binary.grams, &binary.told, &binary.keys));
    assert!(text.told.linkage[0].all.linked > 100 && text.told.identities[0].rows > 100);
}

/// Whether a run found what an earlier one kept.
fn cached(protocol: &str, folder: &Path) -> bool {
    let protocol = Protocol::parse("births.toml", protocol).expect("protocol").0;
    let cached = Cell::new(false);
    let kept = folder.join("kept");
    extract(&protocol, folder, Wanted::default(), Some(&kept), &|progress| {
        cached.set(cached.get() || progress == Progress::Cached);
    })
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    cached.get()
}

#[test]
fn what_shapes_the_sums_is_read_again_when_it_changes() {
    let (births, persons) = csv();
    let files =
        [("births.csv", births.as_str()), ("persons.csv", &persons), ("regions.csv", REGIONS)];
    let study = study(&files);
    let folder = TempDir::new().expect("folder");
    let folder = folder.path();
    study.write(folder);
    let text = study.text();
    assert!(!cached(&text, folder) && cached(&text, folder));
    let swapped = text
        .replace("id = \"home\"", "id = \"was\"")
        .replace("id = \"income\"", "id = \"home\"")
        .replace("id = \"was\"", "id = \"income\"");
    let changes = [
        swapped,
        text.replace("holds = \"home <=", "holds = \"home <"),
        text.replace("beds = \"integer\"", "beds = \"number\""),
        text.replace(
            "id = \"i\"",
            "id = \"i\"\nlabel = \"i\"\nholds = \"home = 1\"\n[[identity]]\nid = \"j\"",
        ),
        text.replace("label = \"persons\"", "label = \"persons\"\nwhere = \"income > 1\""),
        text.replace("label = \"persons\"", "label = \"persons\"\nseveral = \"refuse\""),
        text.replace("value = \"person.area\"", "value = \"person.income\""),
        text.replacen("valid = [\"R\"]", "valid = [\"R\", \"F\"]", 1),
    ];
    for changed in changes {
        assert_ne!(changed, text);
        assert!(!cached(&changed, folder) && cached(&changed, folder), "{changed}");
    }
    for (file, content) in [
        ("regions.csv", "code,successor,beds\nA,,1\nB,,2\nC,A,3\n"),
        ("persons.csv", &persons.replacen(",4,Z", ",5,Z", 1)),
    ] {
        std::fs::write(folder.join(file), content).expect("written");
        assert!(!cached(&text, folder) && cached(&text, folder), "{file}");
    }
    // what only names things is not read again
    assert!(cached(&text.replace("question = \"q\"", "question = \"p\""), folder));
}
