//! What is counted beside linkage: characteristics, identities, and regions that exclusions took.

use super::*;

const ROWS: &str = "\
R,0001,2010,A,0,,1,
R,0002,2010,A,0,,0,
R,0003,2010,B,1,,1,
R,0004,2011,B,0,,,
R,0005,2011,B,0,,1,
R,0006,2011,C,1,,1,
R,0001,2011,C,0,,0,
R,0002,,C,0,,0,
";

const PERSON_ROWS: &str = "\
kind,number,year,income,area
R,0001,2010,100,X
R,0002,2010,,X
R,0003,2010,30,X
R,0004,2011,40,X
";

const REST: &str = r#"
[[outcome]]
id = "single"
kind = "continuous"
value = "1 - plural"
better = "neither"
label = "Single"
[[identity]]
id = "small"
label = "i"
holds = "home <= single"
[[identity]]
id = "either"
label = "i"
holds = "home = 1 OR single >= 0"
[[characteristic]]
id = "births"
label = "c"
statistic = "total"
value = "1"
[[characteristic]]
id = "income"
label = "c"
statistic = "mean"
value = "person.income"
[[characteristic]]
id = "multiple"
label = "c"
statistic = "mean"
value = "plural = 1"
"#;

fn study<'a>(files: &'a [(&'a str, &'a str)], population: &'a str, rest: &'a str) -> Births<'a> {
    Births { files, sources: PERSONS, population, region: "", rest }
}

#[test]
fn characteristics_are_summed_by_region_and_period() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("persons.csv", PERSON_ROWS)];
    let found = study(&files, PERSON_LINK, REST).extract();
    type Row<'a> = (&'a str, i64, &'a [(u64, f64)]);
    let portions: Vec<Row> = found
        .told
        .portions
        .iter()
        .map(|p| (p.region.as_str(), p.period, p.sums.as_slice()))
        .collect();
    // the row without a year stands nowhere
    assert_eq!(
        portions,
        [
            ("A", 2010, [(2, 2.0), (1, 100.0), (2, 0.0)].as_slice()),
            ("B", 2010, &[(1, 1.0), (1, 30.0), (1, 1.0)]),
            ("B", 2011, &[(2, 2.0), (1, 40.0), (2, 0.0)]),
            ("C", 2011, &[(2, 2.0), (0, 0.0), (2, 1.0)]),
        ]
    );
}

#[test]
fn identities_are_checked_where_every_outcome_is_known() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("persons.csv", PERSON_ROWS)];
    let found = study(&files, PERSON_LINK, REST).extract();
    let counts: Vec<(u64, u64)> =
        found.told.identities.iter().map(|i| (i.rows, i.broken)).collect();
    // seven rows stay, one of them without `home`; 0003 and 0006 are born at home and not alone
    assert_eq!(counts, [(6, 2), (6, 0)]);
}

#[test]
fn an_identity_is_a_condition() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("persons.csv", PERSON_ROWS)];
    let rest = REST.replace("home <= single", "home - single");
    study(&files, PERSON_LINK, &rest).problem("no-condition", &[]);
}

#[test]
fn a_region_is_gone_by_the_exclusion_that_took_most_of_it() {
    let exclude = |id: &str, condition: &str| {
        format!("[[population.exclude]]\nid = \"{id}\"\nlabel = \"e\"\nwhere = \"{condition}\"\n")
    };
    let population = format!(
        "{PERSON_LINK}{}{}{}",
        exclude("multiple", "plural = 1"),
        exclude("unlinked", "NOT person.linked"),
        exclude("b", "region = 'B'")
    );
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str()), ("persons.csv", PERSON_ROWS)];
    let found = study(&files, &population, "").extract();
    let gone: Vec<(&str, &str, u64)> =
        found.told.gone.iter().map(|g| (g.region.as_str(), g.exclusion.as_str(), g.rows)).collect();
    // each exclusion took one row of B, so the first of them is named; of C two were not linked
    assert_eq!(gone, [("B", "multiple", 3), ("C", "unlinked", 3)]);
    // whoever is not linked is eligible all the same
    assert_eq!(linkage(&found).all, rate(4, 2));
}

/// A weight of two is the row twice, also for what regions are like; a precision is not.
#[test]
fn characteristics_count_a_row_as_often_as_its_frequency_weight() {
    let weighted = |rows: &str, kind: &str| {
        let rows = births(rows);
        let files = [("births.csv", rows.as_str()), ("persons.csv", PERSON_ROWS)];
        let value = "CASE WHEN number = '0003' THEN 3 ELSE 1 END";
        let weights =
            format!("{REST}[weights]\nkind = {kind:?}\nvalue = {value:?}\nlabel = \"w\"\n");
        let rest = if kind.is_empty() { REST } else { weights.as_str() };
        study(&files, PERSON_LINK, rest).extract().told.portions
    };
    let third = ROWS.lines().find(|line| line.starts_with("R,0003")).expect("the row");
    let thrice = format!("{ROWS}{third}\n{third}\n");
    let plain = weighted(ROWS, "");
    assert_eq!(weighted(ROWS, "frequency"), weighted(&thrice, ""));
    assert_ne!(weighted(ROWS, "frequency"), plain);
    assert_eq!(weighted(ROWS, "analytic"), plain);
}
