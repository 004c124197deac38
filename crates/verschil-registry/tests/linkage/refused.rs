//! Keys and links that cannot be what is meant: one clear problem each, and no value of a row.

use super::*;

const ROWS: &str = "\
R,7001,2010,A,0,,1,w1
R,7002,2010,A,0,,0,w2
R,7003,2011,B,0,,1,w3
";

const VALUES: &[&str] = &["7001", "7002", "7003", "7004", "w1", "w2", "w3"];

fn refused(sources: &str, population: &str, linked: (&str, &str), code: &str) -> Problem {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), linked];
    let study = Births { files: &files, sources, population, region: "", rest: "" };
    study.problem(code, VALUES)
}

fn persons(rows: &str) -> String {
    format!("kind,number,year,income,area\n{rows}")
}

#[test]
fn lost_zeros_are_told_unless_they_may_be_put_back() {
    let rows =
        births("R,7001,2010,A,0,,1,\nR,42,2010,A,0,,0,\nF,43,2010,A,0,,0,\nR,7,2011,B,0,,1,\n");
    let linked = persons("R,0042,2010,1,X\nR,0007,2011,1,X\nR,7001,2010,1,X\n");
    let files = [("births.csv", rows.as_str()), ("persons.csv", linked.as_str())];
    let study =
        Births { files: &files, sources: PERSONS, population: PERSON_LINK, region: "", rest: "" };
    let problem = study.problem("short-keys", &["7001", "42"]);
    assert_eq!(problem.found, "2 rows of source `births`, the first in data row 2");
    let folder = TempDir::new().expect("folder");
    study.write(folder.path());
    let text = study.text().replacen("digits = 4", "digits = 4\npad = true", 1);
    let protocol = Protocol::parse("births.toml", &text).expect("protocol").0;
    let found = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {}).expect("rows");
    assert_eq!((linkage(&found).all, linkage(&found).without_key), (rate(4, 3), 1));
}

#[test]
fn what_is_no_number_is_told_by_row_only() {
    let odd = ["70o1", "70011", "-701", "7 01", "+701"];
    for number in odd {
        let rows = births(&format!("R,7002,2010,A,0,,1,\nR,{number},2010,A,0,,0,\n"));
        let linked = persons("R,7002,2010,1,X\n");
        let files = [("births.csv", rows.as_str()), ("persons.csv", linked.as_str())];
        let (sources, population) = (PERSONS, PERSON_LINK);
        let study = Births { files: &files, sources, population, region: "", rest: "" };
        let problem = study.problem("misshapen-keys", &[number, "7002"]);
        assert_eq!(problem.found, "1 rows of source `births`, the first in data row 2");
    }
}

#[test]
fn keys_of_both_sources_are_told_at_once() {
    let rows = births("R,701,2010,A,0,,1,\n");
    let linked = persons("R,x,2010,1,X\nR,1,2010,1,X\n");
    let files = [("births.csv", rows.as_str()), ("persons.csv", linked.as_str())];
    let (sources, population) = (PERSONS, PERSON_LINK);
    let problems = Births { files: &files, sources, population, region: "", rest: "" }.problems();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["short-keys", "short-keys", "misshapen-keys"]);
}

#[test]
fn several_rows_of_a_key_may_be_refused() {
    let link = format!(
        "{PERSON_LINK}several = \"refuse\"\n[[population.exclude]]\n\
        id = \"poor\"\nlabel = \"p\"\nwhere = \"person.income < 5\"\n"
    );
    let linked = persons(
        "R,7001,2010,1,X\nR,7001,2010,2,X\nR,7002,2010,1,X\nR,7002,2010,,X\n\
        R,7003,2011,1,X\nR,7003,2011,1,Y\n",
    );
    let problem = refused(PERSONS, &link, ("persons.csv", &linked), "conflicting-keys");
    // an income and none differ; the areas of 7003 differ too, but nothing reads them
    assert_eq!(problem.found, "2 keys whose rows differ");
}

#[test]
fn a_link_that_finds_nobody_is_told_with_its_cause() {
    let cases = [
        (
            "R,8001,2010,1,X\n",
            "3 rows of `births` with a key, 1 rows of `persons`",
            "leading zeros",
        ),
        ("F,7001,2010,1,X\nR,,2010,1,X\n", "3 rows of `births` with a key, 0 rows", "without keys"),
        (
            "R,7001,2010,1,X\nR,7001,2010,2,X\n",
            "with a key, 2 rows",
            "1 keys of `persons` have several",
        ),
    ];
    let link = format!(
        "{PERSON_LINK}[[population.exclude]]\nid = \"poor\"\nlabel = \"p\"\n\
        where = \"NOT person.linked OR person.income < 5\"\n"
    );
    for (rows, found, hint) in cases {
        let problem = refused(PERSONS, &link, ("persons.csv", &persons(rows)), "nothing-linked");
        assert!(problem.found.contains(found) && problem.hint.contains(hint), "{problem:#?}");
        assert!(problem.message.contains("`births`") && problem.message.contains("`persons`"));
    }
}

#[test]
fn births_without_any_key_are_told() {
    let rows = births("F,7001,2010,A,0,,1,\nR,,2010,A,0,,1,\n");
    let linked = persons("R,7001,2010,1,X\n");
    let files = [("births.csv", rows.as_str()), ("persons.csv", linked.as_str())];
    let (sources, population) = (PERSONS, PERSON_LINK);
    let study = Births { files: &files, sources, population, region: "", rest: "" };
    let problem = study.problem("nothing-linked", VALUES);
    assert!(problem.hint.contains("no row of `births`"), "{problem:#?}");
}

const CLAIMS: &str = "[sources.claims]\nfiles = [\"claims.csv\"]\nmissing = []\n\
    columns = { visit = \"text\", code = \"text\", cents = \"text\" }\n";

const CLAIM_LINK: &str = "[[population.link]]\nid = \"claims\"\nlabel = \"claims\"\n\
    source = \"claims\"\non = { visit = \"visit\" }\n[population.link.sums]\n";

#[test]
fn claims_without_trajectories_are_told() {
    // blank texts that no rule turns into nothing
    let claims = "visit,code,cents\n,a,1\n  ,a,2\n";
    let link = format!("{CLAIM_LINK}n = \"1\"\n");
    let problem = refused(CLAIMS, &link, ("claims.csv", claims), "nothing-linked");
    assert!(problem.hint.contains("no row of `claims` has `visit`"), "{problem:#?}");
    let link =
        link.replace("[population.link.sums]", "where = \"code = 'b'\"\n[population.link.sums]");
    let problem = refused(CLAIMS, &link, ("claims.csv", claims), "nothing-linked");
    assert!(problem.hint.contains("meets `where`"), "{problem:#?}");
}

#[test]
fn sums_are_of_numbers() {
    let claims = "visit,code,cents\nw1,a,1\n";
    for sum in ["cents", "code = 'a'"] {
        let link = format!("{CLAIM_LINK}n = \"{sum}\"\n");
        refused(CLAIMS, &link, ("claims.csv", claims), "sum-of-no-number");
    }
}

#[test]
fn texts_and_numbers_are_not_compared() {
    let link = PERSON_LINK.replace("year = \"year\"", "year = \"vintage\"");
    let linked = ("persons.csv", "kind,number,year,income,area\nR,7001,2010,1,X\n");
    let problem = refused(PERSONS, &link, linked, "link-types");
    assert!(problem.found.contains("`year` of `persons` is a number"), "{problem:#?}");
    let link = PERSON_LINK.replace("person = \"mother\"", "person = \"year\"");
    refused(PERSONS, &link, linked, "link-types");
}

#[test]
fn a_key_says_its_kind_where_there_are_several() {
    let other = PERSONS.replace("persons", "others").replace("person]", "other]");
    let other = other.replace("kind = \"kind\"\nvalid = [\"R\"]\n", "");
    let sources = format!("{}{other}", PERSONS.replace("[\"R\"]", "[\"R\", \"F\"]"));
    let rows = births(ROWS);
    let linked = persons("R,7001,2010,1,X\n");
    let files = [("births.csv", rows.as_str()), ("persons.csv", &linked), ("others.csv", &linked)];
    let study =
        Births { files: &files, sources: &sources, population: PERSON_LINK, region: "", rest: "" };
    let problem = study.problem("key-without-kind", VALUES);
    assert!(problem.found.contains("`F`, `R`"), "{problem:#?}");
}
