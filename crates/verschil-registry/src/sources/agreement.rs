//! Our readers against the values that an independent program reads in the same files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::AsArray;
use tempfile::TempDir;
use verschil_study::{Problem, Protocol};

use crate::engine::session;
use crate::inputs::{Storage, inputs};

/// A table as text: values by column, nothing where there is none.
type Table = HashMap<String, Vec<Option<String>>>;

const COLUMNS: &str = r#"
rinpersoons = "text"
rinpersoon = "text"
place = "integer"
age = "integer"
cost = "number"
share = "number"
day = "date"
moment = "text"
town = "text"
essay = "text"
year = "integer"
"#;

const LABELS: &str = r#"
place_label = { kind = "text", from = "place", labels = true }
"#;

const REST: &str = r#"
[population]
source = "persons"
[region]
value = "rinpersoons"
label = "r"
[period]
value = "year"
label = "year"
[[outcome]]
id = "cost"
kind = "continuous"
value = "year"
better = "lower"
label = "Cost"
[treatment]
start = 2010
regions = ["R"]
[analysis]
reference_period = 2009
"#;

fn protocol(files: &str, columns: &str) -> Protocol {
    let text = format!(
        "[study]\nid = \"s\"\ntitle = \"t\"\nquestion = \"q\"\nintervention = \"i\"\nunits = \"u\"\n\
         data = \"d\"\n[sources.persons]\nfiles = {files}\n[sources.persons.columns]\n{columns}\n{REST}"
    );
    Protocol::parse("protocol.toml", &text).unwrap_or_else(|problems| panic!("{problems:#?}")).0
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The source of a protocol, every column as text.
fn read(protocol: &Protocol, folder: &Path) -> Result<Table, Vec<Problem>> {
    let inputs = inputs(protocol, Storage::here(folder))?;
    let scratch = TempDir::new().expect("scratch");
    let session = session(None).expect("session");
    let source = &protocol.sources[0];
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(async {
        super::register(&session, source, &inputs, &scratch).await?;
        let mut table = Table::new();
        for column in &source.columns {
            let sql = format!("SELECT CAST({0} AS VARCHAR) AS {0} FROM persons", column.name);
            let batches = session.sql(&sql).await.expect("sql").collect().await.expect("rows");
            let values = table.entry(column.name.clone()).or_default();
            for batch in batches {
                let texts = batch.column(0).as_string::<i32>();
                values.extend(texts.iter().map(|text| text.map(str::to_owned)));
            }
        }
        Ok(table)
    })
}

/// What the other program reads.
fn theirs(name: &str) -> Table {
    let mut reader = csv::Reader::from_path(fixtures().join(name)).expect("values");
    let names: Vec<String> = reader.headers().expect("header").iter().map(str::to_owned).collect();
    let mut table = Table::new();
    for record in reader.records() {
        for (name, value) in names.iter().zip(record.expect("row").iter()) {
            let value = (!value.is_empty()).then(|| value.to_owned());
            table.entry(name.clone()).or_default().push(value);
        }
    }
    table
}

/// Compares column by column; gives how many values were there to compare.
fn agree(name: &str, columns: &str) -> usize {
    let ours = read(&protocol(&format!("[{name:?}]"), columns), &fixtures()).expect("read");
    let theirs = theirs(&format!("{name}.csv"));
    let mut compared = 0;
    for (column, values) in &ours {
        let expected = &theirs[column];
        assert_eq!((values.len(), expected.len()), (60, 60), "{name} {column}");
        for (row, (value, expected)) in values.iter().zip(expected).enumerate() {
            let number =
                |text: &Option<String>| text.as_ref().map(|t| t.parse::<f64>().expect("number"));
            let same = match column.as_str() {
                "cost" | "share" => number(value) == number(expected),
                "moment" => value.as_ref().map(|text| text.replace('T', " ")) == *expected,
                _ => value == expected,
            };
            assert!(same, "{name} {column} {row}: {value:?}, expected {expected:?}");
            compared += usize::from(expected.is_some());
        }
    }
    compared
}

#[test]
fn spss_files_hold_what_the_other_program_reads() {
    let columns = format!(
        "{COLUMNS}{LABELS}kind_label = {{ kind = \"text\", from = \"rinpersoons\", labels = true }}\n\
         short = {{ kind = \"integer\", from = \"A_NAME_of_more_than_eight_letters\" }}"
    );
    let columns = columns.replace("short", "a_name_of_more_than_eight_letters");
    for name in ["plain.sav", "rows.sav", "blocks.zsav", "latin.sav"] {
        assert!(agree(name, &columns) > 600, "{name}");
    }
}

#[test]
fn stata_files_hold_what_the_other_program_reads() {
    for version in [8, 10, 12, 13, 14, 15] {
        let columns = format!("{COLUMNS}{LABELS}a_name_of_more = \"integer\"");
        assert!(agree(&format!("stata_{version}.dta"), &columns) > 550, "{version}");
    }
}

#[test]
fn missing_codes_are_nothing_and_codes_without_label_stay() {
    let columns = format!("{COLUMNS}{LABELS}");
    let table = read(&protocol("[\"rows.sav\"]", &columns), &fixtures()).expect("read");
    let count = |column: &str, wanted: Option<&str>| {
        table[column].iter().filter(|value| value.as_deref() == wanted).count()
    };
    assert_eq!(count("town", Some("Ede")), 0);
    assert_eq!(count("town", None), 30);
    assert_eq!((count("place", Some("9")), count("place_label", Some("unknown"))), (0, 0));
    assert!(count("place_label", Some("5")) > 0 && count("place", Some("5")) > 0);
    assert!((97..=99).all(|age: i32| count("age", Some(&age.to_string())) == 0));
}

#[test]
fn a_text_that_one_year_holds_as_numbers_is_written_without_decimals() {
    let files = "[\"labels.sav\", \"typed.sav\"]";
    let columns =
        "code = \"text\"\nyear = \"integer\"\nrinpersoons = { kind = \"text\", from = \"code\" }";
    let table = read(&protocol(files, columns), &fixtures()).expect("read");
    let codes: Vec<&str> = table["code"].iter().flatten().map(String::as_str).collect();
    assert_eq!(codes, ["01", "02", "1", "2"]);
    let columns = columns.replace("code = \"text\"", "code = \"integer\"");
    let problems = read(&protocol(files, &columns), &fixtures()).expect_err("a text is no number");
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "type-changes"), "{problems:#?}");
    assert!(
        problems[0].found.contains("labels.sav") && problems[0].found.contains("typed.sav"),
        "{problems:#?}"
    );
}

/// Files of one source that differ in case and order of columns, in year, vintage and version.
fn deliveries(folder: &Path) {
    for (name, text) in [
        ("p_old_2008V1.csv", "year,Place\n2008,9\n"),
        ("p_old_2008V2.csv", "year,Place\n2008,1\n2008,2\n"),
        ("P_OLD_2009V10.CSV", "PLACE,YEAR\n3,2009\n"),
        ("p_old_2009v9.csv", "PLACE,YEAR\n8,2009\n"),
        ("p_new_2009V1.csv", "place,x,year\n4,,2009\n"),
        ("p_new_2009Vx.csv", "place,x,year\n7,,2009\n"),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

const DELIVERED: &str = "place = \"integer\"\nyear = \"integer\"\n\
    named = { kind = \"integer\", from = \"{year}\" }\n\
    version = { kind = \"text\", from = \"{version}\" }\n\
    rinpersoons = { kind = \"text\", from = \"{vintage}\" }";

#[test]
fn the_highest_version_of_each_year_and_vintage_is_read_in_order() {
    let folder = TempDir::new().expect("folder");
    deliveries(folder.path());
    let protocol = protocol("[\"p_{vintage}_{year}V{version}.csv\"]", DELIVERED);
    let table = read(&protocol, folder.path()).expect("read");
    let column = |name: &str| -> Vec<&str> {
        table[name].iter().map(|value| value.as_deref().unwrap_or_default()).collect()
    };
    assert_eq!(column("place"), ["1", "2", "3", "4"]);
    assert_eq!(column("named"), ["2008", "2008", "2009", "2009"]);
    assert_eq!(column("version"), ["2", "2", "10", "1"]);
    assert_eq!(column("rinpersoons"), ["old", "old", "OLD", "new"]);
}

#[test]
fn years_without_a_file_are_told() {
    let folder = TempDir::new().expect("folder");
    deliveries(folder.path());
    let files = "[\"p_{vintage}_{year}V{version}.csv\"]\nyears = [2007, 2011]";
    let problems = read(&protocol(files, DELIVERED), folder.path()).expect_err("years are missing");
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "missing-years"));
    assert!(problems[0].found.contains("2007, 2010, 2011"), "{problems:#?}");
}

#[test]
fn the_same_version_twice_and_a_column_in_two_cases_are_told() {
    let folder = TempDir::new().expect("folder");
    deliveries(folder.path());
    std::fs::write(folder.path().join("P_old_2008V02.csv"), "PLACE,place,year\n1,1,2008\n")
        .expect("written");
    let pattern = protocol("[\"p_{vintage}_{year}V{version}.csv\"]", DELIVERED);
    let problems = read(&pattern, folder.path()).expect_err("two files are one");
    assert_eq!(problems[0].code, "same-version", "{problems:#?}");
    let columns = "Place = \"integer\"\nyear = \"integer\"\n\
        rinpersoons = { kind = \"text\", from = \"year\" }";
    let problems = read(&protocol("[\"P_old_2008V02.csv\"]", columns), folder.path())
        .expect_err("which of the two is meant");
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "column-twice"), "{problems:#?}");
}
