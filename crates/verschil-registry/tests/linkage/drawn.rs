//! Linkage of eleven births, counted by hand.

use super::*;

/// Births: kind F, a blank and zeros identify nobody; `r` is `R`; the eighth is a multiple.
const ROWS: &str = "\
R,0001,2010,A,0,old,1,v1
R,0002,2010,A,0,old,0,v2
F,0003,2010,A,0,old,1,v3
R,,2010,B,0,old,1,
R,0000,2010,B,0,old,0,v5
R,0004,2011,B,0,new,1,v1
r,0005,2011,A,0,new,,v7
R,0006,2011,B,1,new,1,v8
R,0007,2011,A,0,,1,v9
R,0008,2011,B,0,new,0,v10
R,0009,2011,B,0,new,1,v11
";

/// Persons: 0007 has two rows with different incomes, 0008 two equal ones, 0009 none in 2011.
const PERSON_ROWS: &str = "\
kind,number,year,income,area
R,0001,2010,100,X
R,0002,2010,,Y
R,0002,2011,50,Y
F,0003,2010,1,X
R,0003,2010,1,X
R,0004,2011,200,X
R,0005,2011,300,Y
R,0006,2011,1,X
R,0007,2011,10,X
R,0007,2011,20,X
R,0008,2011,7,X
R,0008,2011,7,X
R,0009,2010,5,X
R,,2011,9,X
";

const INCOME: &str = r#"
[[outcome]]
id = "income"
kind = "continuous"
value = "person.income"
better = "higher"
label = "Income"
[[subgroup]]
id = "vintage"
label = "vintage"
value = "vintage"
"#;

const EXCLUSIONS: &str = r#"
[[population.exclude]]
id = "multiple"
label = "multiples"
where = "plural = 1"
[[population.exclude]]
id = "unlinked"
label = "not linked"
where = "NOT person.linked"
[[population.exclude]]
id = "poor"
label = "low income"
where = "person.income < 50"
"#;

#[test]
fn rates_count_the_rows_that_meet_no_exclusion_of_their_own() {
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("persons.csv", PERSON_ROWS)],
        sources: PERSONS,
        population: &format!("{PERSON_LINK}{EXCLUSIONS}"),
        region: "",
        rest: INCOME,
    };
    let found = study.extract();
    let person = linkage(&found);
    assert_eq!((person.all, person.without_key), (rate(10, 5), 3));
    assert_eq!(person.periods, [(2010, rate(5, 2)), (2011, rate(5, 3))].into());
    let regions = [("A".to_owned(), rate(5, 3)), ("B".to_owned(), rate(5, 2))];
    assert_eq!(person.regions, regions.into());
    let level = |name: &str| Some(name.to_owned());
    let levels = [(None, rate(1, 0)), (level("new"), rate(4, 3)), (level("old"), rate(5, 2))];
    assert_eq!(person.subgroups, [levels.into()]);
    assert_eq!((found.keys[0].duplicate, found.keys[0].conflicting), (1, 1));
}

#[test]
fn exclusions_see_linked_values_and_missing_ones_meet_none() {
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("persons.csv", PERSON_ROWS)],
        sources: PERSONS,
        population: &format!("{PERSON_LINK}{EXCLUSIONS}"),
        region: "",
        rest: INCOME,
    };
    let found = study.extract();
    let steps: Vec<(&str, u64)> =
        found.steps.iter().map(|step| (step.id.as_str(), step.excluded)).collect();
    assert_eq!(steps, [("multiple", 1), ("unlinked", 5), ("poor", 1)]);
    assert_eq!(found.rows, 11);
    // 0002 stays: nothing is known of its income, and it counts for the other outcome
    assert_eq!((sum(&found, "A", 2010, 0), sum(&found, "A", 2010, 1)), ((2.0, 1.0), (1.0, 100.0)));
    assert_eq!(
        (sum(&found, "B", 2011, 1), sum(&found, "A", 2011, 1)),
        ((1.0, 200.0), (1.0, 300.0))
    );
}

const CLAIMS: &str = r#"
[sources.claims]
files = ["claims.csv"]
columns = { visit = "text", code = "text", cents = "integer" }
"#;

const CLAIM_LINK: &str = r#"
[[population.link]]
id = "claims"
label = "claims"
source = "claims"
on = { visit = "visit" }
where = "code <> 'x'"
[population.link.sums]
cents = "cents"
rows = "1"
"#;

const CLAIM_ROWS: &str = "\
visit,code,cents
v1,a,10
v1,x,1000
v2,a,
,a,500
v1,a,5
v3,b,7
v9,x,8
v0,a,9
";

const SPENDING: &str = r#"
[[outcome]]
id = "cents"
kind = "continuous"
value = "claims.cents"
better = "lower"
label = "Cents"
[[outcome]]
id = "rows"
kind = "count"
value = "coalesce(claims.rows, 0)"
better = "lower"
label = "Rows"
"#;

#[test]
fn sums_take_all_rows_of_a_key_that_count() {
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("claims.csv", CLAIM_ROWS)],
        sources: CLAIMS,
        population: CLAIM_LINK,
        region: "",
        rest: SPENDING,
    };
    let found = study.extract();
    let claims = linkage(&found);
    // v1 is asked for twice, v9 has only a row that does not count, v2 has one without an amount
    assert_eq!((claims.all, claims.without_key), (rate(11, 4), 1));
    assert_eq!((found.keys[0].duplicate, found.keys[0].conflicting), (0, 0));
    assert_eq!((sum(&found, "A", 2010, 1), sum(&found, "A", 2010, 2)), ((2.0, 22.0), (3.0, 4.0)));
    assert_eq!((sum(&found, "B", 2010, 1), sum(&found, "B", 2010, 2)), ((0.0, 0.0), (2.0, 0.0)));
    assert_eq!((sum(&found, "B", 2011, 1), sum(&found, "B", 2011, 2)), ((1.0, 15.0), (4.0, 2.0)));
}

const PLACES: &str = r#"
[sources.places]
files = ["places.csv"]
columns = { area = "text", key = "integer", conflict = "integer", l = "integer" }
"#;

/// Two links to one source, and one that stands on another; columns that have names of the joins.
const CHAIN: &str = r#"
[[population.link]]
id = "before"
label = "persons a year before"
source = "persons"
on = { year = "year - 1", person = "mother" }
[[population.link]]
id = "place"
label = "places"
source = "places"
on = { area = "person.area" }
"#;

const URBAN: &str = r#"
[[outcome]]
id = "key"
kind = "continuous"
value = "place.key + place.conflict + place.l"
better = "neither"
label = "Key"
[[outcome]]
id = "before"
kind = "continuous"
value = "before.income"
better = "neither"
label = "Before"
"#;

#[test]
fn a_link_may_stand_on_another_and_two_on_one_source() {
    let study = Births {
        files: &[
            ("births.csv", &births(ROWS)),
            ("persons.csv", PERSON_ROWS),
            ("places.csv", "area,key,conflict,l\nX,1,10,100\nZ,2,2,2\n"),
        ],
        sources: &format!("{PERSONS}{PLACES}"),
        population: &format!("{PERSON_LINK}{CHAIN}"),
        region: "",
        rest: URBAN,
    };
    let found = study.extract();
    let all: Vec<_> = found.told.linkage.iter().map(|l| (l.all, l.without_key)).collect();
    // only the area of a person is used, so the two rows of 0007 agree; 0001, 0004, 0006, 0007 and
    // 0008 live in X
    assert_eq!(all, [(rate(11, 7), 3), (rate(11, 1), 3), (rate(11, 5), 4)]);
    let keys: Vec<_> = found.keys.iter().map(|k| (k.duplicate, k.conflicting)).collect();
    assert_eq!(keys, [(2, 0), (1, 1), (0, 0)]);
    assert_eq!(
        (sum(&found, "A", 2010, 1), sum(&found, "B", 2011, 1)),
        ((1.0, 111.0), (3.0, 333.0))
    );
    assert_eq!(sum(&found, "B", 2011, 2), (1.0, 5.0));
}

#[test]
fn kinds_are_part_of_a_number() {
    let persons = PERSONS.replace("valid = [\"R\"]", "valid = [\"R\", \"F\"]");
    let rows = "kind,number,year,income,area\nR,0003,2010,1,X\nR,0001,2010,2,X\n";
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("persons.csv", rows)],
        sources: &persons,
        population: PERSON_LINK,
        region: "",
        rest: "",
    };
    let both = study.text().replacen("valid = [\"R\"]", "valid = [\"F\", \"R\"]", 1);
    let folder = TempDir::new().expect("folder");
    study.write(folder.path());
    let protocol = Protocol::parse("births.toml", &both).expect("protocol").0;
    let found = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {}).expect("rows");
    // the birth of F 0003 has a key now, and it is not that of R 0003
    assert_eq!((linkage(&found).all, linkage(&found).without_key), (rate(11, 1), 2));
}

#[test]
fn a_key_is_text_to_expressions() {
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("persons.csv", PERSON_ROWS)],
        sources: PERSONS,
        population: &format!(
            "{PERSON_LINK}[[population.exclude]]\nid = \"one\"\nlabel = \"one\"\n\
             where = \"mother = '0001' OR left(person.person, 3) = '000' AND mother IS NULL\"\n"
        ),
        region: "",
        rest: "",
    };
    assert_eq!(study.extract().steps[0].excluded, 1);
}

#[test]
fn a_key_finds_a_plain_number_written_as_text() {
    let plain = "[sources.plain]\nfiles = [\"persons.csv\"]\n\
        columns = { number = \"text\", income = \"integer\" }\n";
    let study = Births {
        files: &[("births.csv", &births(ROWS)), ("persons.csv", PERSON_ROWS)],
        sources: plain,
        population: "[[population.link]]\nid = \"plain\"\nlabel = \"plain\"\n\
            source = \"plain\"\non = { number = \"mother\" }\n",
        region: "",
        rest: "",
    };
    assert_eq!(
        (linkage(&study.extract()).all, linkage(&study.extract()).without_key),
        (rate(11, 8), 3)
    );
}
