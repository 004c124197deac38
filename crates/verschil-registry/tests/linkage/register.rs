//! Regions by their register: what they have become, and what was known of them in each year.

use super::*;

const ROWS: &str = "\
R,0001,2009,A1,0,,1,
R,0002,2010,A1,0,,0,
R,0003,2010,A2,0,,1,
R,0004,2011,A,0,,1,
R,0005,2012,A,0,,1,
R,0006,2010,B,0,,1,
R,0007,2012,B,0,,0,
R,0008,2010,X,0,,0,
R,0009,2009,W,0,,1,
";

/// A1 and A2 merged into A; B got a ward in 2012; W went into X, which
/// went into B and whose code was given out again.
const REGIONS: &str = "\
code,name,name_en,valid_from,valid_to,successor,academic,since,beds,share,x,y
A1,Alfa een,Alfa one,,2009,,true,,10,0.5,1,2
A1,Alfa een,Alfa one,2010,2010,A,false,2010-01-31,20,,1,2
A2,Alfa twee,,,2010,A,true,,30,,3,4
A,Alfa,,2011,,,false,,50,,2,3
B,Beta,,,2011,,false,,5,,7,8
B,Beta nieuw,Beta new,2012,,,true,,6,,7,9
X,Xi,,2000,2010,B,false,,7,,,
X,Xi twee,,2015,,,false,,7,,,
W,We,,,2009,X,false,,1,,,
";

const REGISTER: &str = r#"
[region.register]
file = "regions.csv"
columns = { academic = "boolean", since = "date", beds = "integer", share = "number" }
"#;

const OUTCOMES: &str = r#"
[[outcome]]
id = "academic"
kind = "binary"
value = "register.academic"
better = "neither"
label = "Academic"
[[outcome]]
id = "beds"
kind = "continuous"
value = "register.beds + coalesce(register.share, 0)"
better = "neither"
label = "Beds"
[[outcome]]
id = "since"
kind = "binary"
value = "register.since >= DATE '2010-01-01'"
better = "neither"
label = "Since"
"#;

fn study<'a>(files: &'a [(&'a str, &'a str)], rest: &'a str) -> Births<'a> {
    Births { files, sources: "", population: "", region: REGISTER, rest }
}

#[test]
fn a_row_is_in_what_its_region_became_with_what_was_known_then() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("regions.csv", REGIONS)];
    let found = study(&files, OUTCOMES).extract();
    assert_eq!(found.grams.regions, ["A", "B"]);
    // academic: A1 until 2009 and A2; B from 2012; X became B in the years in which it was one
    let of = |region, period, outcome| sum(&found, region, period, outcome);
    assert_eq!(
        (of("A", 2009, 1), of("A", 2010, 1), of("A", 2011, 1)),
        ((1.0, 1.0), (2.0, 1.0), (1.0, 0.0))
    );
    assert_eq!((of("B", 2010, 1), of("B", 2012, 1)), ((2.0, 0.0), (1.0, 1.0)));
    assert_eq!(of("B", 2009, 2), (1.0, 1.0));
    assert_eq!((of("A", 2009, 2), of("A", 2010, 2)), ((1.0, 10.5), (2.0, 50.0)));
    assert_eq!((of("B", 2010, 2), of("B", 2012, 2)), ((2.0, 12.0), (1.0, 6.0)));
    assert_eq!((of("A", 2010, 3), of("A", 2009, 3)), ((1.0, 1.0), (0.0, 0.0)));
}

#[test]
fn regions_of_today_have_their_last_name_and_centre() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("regions.csv", REGIONS)];
    let found = study(&files, "").extract();
    let regions: Vec<_> = found
        .register
        .iter()
        .map(|r| (r.code.as_str(), r.name.0["nl"].as_str(), r.name.0["en"].as_str(), r.centre))
        .collect();
    assert_eq!(
        regions,
        [
            ("A", "Alfa", "Alfa", Some((2.0, 3.0))),
            ("B", "Beta nieuw", "Beta new", Some((7.0, 9.0))),
            ("X", "Xi twee", "Xi twee", None),
        ]
    );
}

#[test]
fn attributes_exclude_and_group_and_a_source_may_be_called_register() {
    let rows = births(ROWS);
    let files = [
        ("births.csv", rows.as_str()),
        ("regions.csv", REGIONS),
        ("other.csv", "number,year\n0001,2010\n0004,2010\n"),
    ];
    let study = Births {
        files: &files,
        sources: "[sources.register]\nfiles = [\"other.csv\"]\n\
            columns = { number = \"text\", year = \"integer\" }\n",
        population: "[[population.link]]\nid = \"other\"\nlabel = \"o\"\nsource = \"register\"\n\
            on = { number = \"number\" }\n[[population.exclude]]\nid = \"academic\"\n\
            label = \"academic\"\nwhere = \"register.academic\"\n",
        region: REGISTER,
        rest: "[[subgroup]]\nid = \"beds\"\nlabel = \"beds\"\nvalue = \"register.beds\"\n",
    };
    let found = study.extract();
    assert_eq!(found.steps[0].excluded, 3);
    // the academic ones are not eligible, and 0001 is one of them
    assert_eq!(linkage(&found).all, rate(6, 1));
    let beds: Vec<(Option<&str>, u64)> =
        linkage(&found).subgroups[0].iter().map(|(l, r)| (l.as_deref(), r.units)).collect();
    let levels = [("1", 1), ("20", 1), ("5", 1), ("50", 2), ("7", 1)];
    assert_eq!(beds, levels.map(|(level, rows)| (Some(level), rows)));
}

#[test]
fn rows_that_are_excluded_need_no_entry() {
    let rows = births(&format!("{ROWS}R,0009,2010,Q,1,,0,\n"));
    let files = [("births.csv", rows.as_str()), ("regions.csv", REGIONS)];
    let mut study = study(&files, "");
    study.population =
        "[[population.exclude]]\nid = \"multiple\"\nlabel = \"m\"\nwhere = \"plural = 1\"\n";
    let found = study.extract();
    assert_eq!((found.steps[0].excluded, found.told.gone[0].region.as_str()), (1, "Q"));
}

#[test]
fn a_whole_number_is_one_code_however_it_is_stored() {
    let rows = "R,0001,2010,3.0,0,,1,\nR,0002,2010,3,0,,0,\nR,0003,2010,40.0,0,,1,\nR,0004,2010,1.5,0,,1,\n";
    let (births, regions) = (births(rows), "code,academic\n3,true\n40,false\n1.5,true\n");
    let register =
        "[region.register]\nfile = \"regions.csv\"\ncolumns = { academic = \"boolean\" }\n";
    let rest = OUTCOMES.split("[[outcome]]\nid = \"beds\"").next().expect("the first outcome");
    let study = Births { files: &[], sources: "", population: "", region: register, rest };
    let text = study.text().replacen("region = \"text\"", "region = \"number\"", 1);
    let protocol = Protocol::parse("births.toml", &text).expect("parses").0;
    let folder = TempDir::new().expect("folder");
    for (name, text) in [("births.csv", births.as_str()), ("regions.csv", regions)] {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    let found = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {});
    let found = found.unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(found.grams.regions, ["1.5", "3", "40"]);
    assert_eq!((sum(&found, "3", 2010, 1), sum(&found, "40", 2010, 1)), ((2.0, 2.0), (1.0, 0.0)));
}
