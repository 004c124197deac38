//! Linkage of two deliveries of the same births, before and after one of them is chosen.

use std::collections::BTreeMap;

use super::*;

const OLD: &str = "\
R,0001,2010,A,0,1,
R,0002,2010,B,1,0,
R,9999,2011,A,0,1,
R,9998,2011,B,0,0,
R,0003,2011,B,0,0,
";
const NEW: &str = "\
R,0004,2011,A,0,1,
R,9998,2011,B,0,0,
R,0003,2011,B,0,0,
R,0003,2012,B,0,0,
";
const PERSON_ROWS: &str = "\
kind,number,year,income,area
R,0001,2010,1,X
R,0002,2010,1,X
R,0003,2011,1,X
R,0004,2011,1,X
R,0003,2012,1,X
";
const CHOICE: &str = "[[population.exclude]]\nid = \"other\"\nlabel = \"o\"\n\
    where = \"year = 2011 AND vintage = 'old'\"\n";
const LATER: &str =
    "[[population.exclude]]\nid = \"later\"\nlabel = \"l\"\nwhere = \"year > 2011\"\n";
const UNLINKED: &str =
    "[[population.exclude]]\nid = \"none\"\nlabel = \"n\"\nwhere = \"NOT person.linked\"\n";

/// What was counted, with the delivery as a column of the file's name or of the file.
fn counted(from: &str, exclusions: &str) -> Linkage {
    let header = "kind,number,year,region,plural,home,visit\n";
    let population = format!("{PERSON_LINK}{exclusions}");
    let study =
        Births { files: &[], sources: PERSONS, population: &population, region: "", rest: "" };
    let text = study.text().replacen("[\"births.csv\"]", "[\"births_{vintage}.csv\"]", 1).replacen(
        "vintage = \"text\"",
        &format!("vintage = {{ kind = \"text\", from = {from:?} }}"),
        1,
    );
    let protocol = Protocol::parse("births.toml", &text).expect("parses").0;
    let folder = TempDir::new().expect("folder");
    for (name, rows) in [("births_old.csv", OLD), ("births_new.csv", NEW)] {
        std::fs::write(folder.path().join(name), format!("{header}{rows}")).expect("written");
    }
    std::fs::write(folder.path().join("persons.csv"), PERSON_ROWS).expect("written");
    let found = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {});
    linkage(&found.unwrap_or_else(|problems| panic!("{problems:#?}"))).clone()
}

type Deliveries = BTreeMap<String, BTreeMap<i64, Rate>>;

fn deliveries(rows: &[(&str, &[(i64, Rate)])]) -> Deliveries {
    rows.iter()
        .map(|(name, periods)| ((*name).to_owned(), periods.iter().copied().collect()))
        .collect()
}

#[test]
fn deliveries_are_counted_before_one_is_chosen() {
    let found = counted("{vintage}", &format!("{CHOICE}{LATER}{UNLINKED}"));
    // births of 2011 count once for the rest, and in both deliveries here; 2012 counts nowhere
    let wanted = deliveries(&[
        ("new", &[(2011, rate(3, 2))]),
        ("old", &[(2010, rate(2, 2)), (2011, rate(3, 1))]),
    ]);
    assert_eq!(found.deliveries, wanted);
    assert_eq!(found.all, rate(5, 4));
    assert_eq!(found.periods, [(2010, rate(2, 2)), (2011, rate(3, 2))].into());
}

#[test]
fn without_a_choice_deliveries_add_up_to_all() {
    let found = counted("{vintage}", LATER);
    let sum = |of: fn(&Rate) -> u64| -> u64 {
        found.deliveries.values().flat_map(BTreeMap::values).map(of).sum()
    };
    assert_eq!(rate(sum(|r| r.units), sum(|r| r.linked)), found.all);
    assert_eq!(found.all, rate(8, 5));
}

#[test]
fn a_column_of_the_file_is_no_delivery() {
    // whatever it is called: here it is read from the column of regions
    assert_eq!(counted("region", LATER).deliveries, BTreeMap::new());
}
