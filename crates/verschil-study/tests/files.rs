//! File names with placeholders, years, value labels and the formats of statistical programs.

use verschil_study::{Format, Placeholder, Protocol, Source};

const CASTLE: &str = include_str!("good/castle.toml");

fn source(files: &str, rest: &str) -> Source {
    let text = CASTLE.replacen("files = [\"castle.csv\"]", &format!("files = {files}\n{rest}"), 1);
    assert_ne!(text, CASTLE);
    let parsed = Protocol::parse("protocol.toml", &text);
    parsed.unwrap_or_else(|problems| panic!("{problems:#?}")).0.sources[0].clone()
}

#[test]
fn the_extension_tells_the_format_in_any_case() {
    for (file, format) in [
        ("a.sav", Format::Sav),
        ("a.SAV", Format::Sav),
        ("b/a.zsav", Format::Sav),
        ("a_{year}.dta", Format::Dta),
        ("a.pq", Format::Parquet),
    ] {
        assert_eq!(source(&format!("[{file:?}]"), "").format, format, "{file}");
    }
}

#[test]
fn years_are_the_first_and_the_last() {
    assert_eq!(source("[\"a_{year}.csv\"]", "years = [2008, 2021]").years, Some((2008, 2021)));
    assert_eq!(source("[\"a_{year}.csv\"]", "years = [2021]").years, Some((2021, 2021)));
    assert_eq!(source("[\"a_{year}.csv\"]", "").years, None);
}

#[test]
fn columns_may_hold_labels_or_a_part_of_the_name() {
    let columns = "state = { kind = \"text\", from = \"{vintage}\" }, year = { kind = \"text\", labels = true }";
    let text = CASTLE
        .replacen("files = [\"castle.csv\"]", "files = [\"castle_{vintage}.sav\"]", 1)
        .replacen("state = \"text\", year = \"integer\"", columns, 1);
    let (protocol, _) = Protocol::parse("protocol.toml", &text).expect("parses");
    let column =
        |name: &str| protocol.sources[0].columns.iter().find(|c| c.name == name).expect("column");
    assert_eq!(Placeholder::of(&column("state").from), Some(Placeholder::Vintage));
    assert!(column("year").labels && !column("state").labels);
}
