//! Sums in which those who were found in every link stand for all who could have been.

use std::fmt::Write as _;

use super::*;

const CLAIMS: &str = r#"
[sources.claims]
files = ["claims.csv"]
columns = { visit = "text", cents = "integer" }
"#;

const POPULATION: &str = r#"
[[population.link]]
id = "person"
label = "persons"
source = "persons"
on = { person = "mother", year = "year" }
[[population.link]]
id = "claims"
label = "claims"
source = "claims"
on = { visit = "visit" }
[population.link.sums]
cents = "cents"
[[population.exclude]]
id = "multiple"
label = "m"
where = "plural = 1"
[[population.exclude]]
id = "unlinked"
label = "u"
where = "NOT (person.linked AND claims.linked)"
"#;

fn weights(by: &str) -> String {
    format!(
        r#"
[[subgroup]]
id = "vintage"
label = "Vintage"
value = "vintage"
[linkage_weights]
links = ["person", "claims"]
by = [{by}]
min_stratum = 10
"#
    )
}

/// So many births of a region and year, of which some have no key, and some no claims.
struct Group {
    region: &'static str,
    year: i64,
    vintage: &'static str,
    births: usize,
    without_key: usize,
    without_claims: usize,
}

const GROUPS: [Group; 5] = [
    Group {
        region: "A",
        year: 2010,
        vintage: "old",
        births: 12,
        without_key: 3,
        without_claims: 1,
    },
    Group { region: "A", year: 2011, vintage: "", births: 20, without_key: 0, without_claims: 0 },
    Group {
        region: "B",
        year: 2010,
        vintage: "old",
        births: 10,
        without_key: 0,
        without_claims: 5,
    },
    Group {
        region: "B",
        year: 2011,
        vintage: "new",
        births: 16,
        without_key: 12,
        without_claims: 0,
    },
    // no region: in no stratum, and in no population
    Group {
        region: "",
        year: 2010,
        vintage: "old",
        births: 40,
        without_key: 30,
        without_claims: 0,
    },
];

fn extract_by(by: &str) -> Extract {
    let (mut births, mut persons, mut claims) =
        (births(""), "kind,number,year,income,area\n".to_owned(), "visit,cents\n".to_owned());
    let mut number = 0;
    for group in &GROUPS {
        let Group { region, year, vintage, .. } = group;
        for at in 0..group.births + 3 {
            number += 1;
            // three births of each group are multiples, and belong to nothing
            let plural = u8::from(at >= group.births);
            let kind = if at < group.without_key { "F" } else { "R" };
            writeln!(births, "{kind},{number:04},{year},{region},{plural},{vintage},1,v{number}")
                .expect("text");
            writeln!(persons, "R,{number:04},{year},1,").expect("text");
            if !(group.without_key..group.without_key + group.without_claims).contains(&at) {
                writeln!(claims, "v{number},100").expect("text");
            }
        }
    }
    let files =
        [("births.csv", births.as_str()), ("persons.csv", &persons), ("claims.csv", &claims)];
    let sources = format!("{PERSONS}{CLAIMS}");
    let rest = weights(by);
    Births { files: &files, sources: &sources, population: POPULATION, region: "", rest: &rest }
        .extract()
}

#[test]
fn the_linked_of_a_region_and_year_weigh_as_much_as_all_who_could_have_been() {
    let extract = extract_by(r#""region", "period""#);
    let reweighted = extract.reweighted.as_ref().expect("weights");
    assert_eq!((reweighted.strata.len(), reweighted.unlinked), (4, 0));
    for (group, stratum) in GROUPS.iter().zip(&reweighted.strata) {
        let linked = (group.births - group.without_key - group.without_claims) as u64;
        let name = [Some(group.region.to_owned()), Some(group.year.to_string())];
        assert_eq!(stratum.levels, name);
        assert_eq!(stratum.crossings, [name]);
        assert_eq!((stratum.eligible, stratum.linked), (group.births as u64, linked));
        assert_eq!(stratum.rows, linked);
    }
    let (plain, weighted) = (&extract.grams, &reweighted.grams);
    assert_eq!((&plain.regions, &plain.periods), (&weighted.regions, &weighted.periods));
    for (one, other) in plain.slices.iter().zip(&weighted.slices) {
        assert_eq!(one.classes[0].n, other.classes[0].n);
        let (region, period) = (&plain.regions[one.region], plain.periods[one.period]);
        let group = GROUPS.iter().find(|g| g.region == region && g.year == period).expect("group");
        let (weight, sum) = weighted.weighted_sum(other, 0);
        assert!((weight - group.births as f64).abs() < 1e-12, "{region} {period}: {weight}");
        assert!((sum - weight).abs() < 1e-12, "all are at home");
    }
}

#[test]
fn rows_without_a_level_are_a_level_of_their_own() {
    let extract = extract_by(r#""vintage""#);
    let strata = &extract.reweighted.as_ref().expect("weights").strata;
    let told: Vec<(Option<&str>, u64, u64)> =
        strata.iter().map(|s| (s.levels[0].as_deref(), s.eligible, s.linked)).collect();
    assert_eq!(told, [(Some("new"), 16, 4), (Some("old"), 22, 13), (None, 20, 20)]);
}

#[test]
fn a_study_that_asks_for_no_weights_has_no_second_sums() {
    let files = [
        ("births.csv", births("R,0001,2010,A,0,,1,\n")),
        ("persons.csv", "kind,number,year,income,area\nR,0001,2010,1,\n".to_owned()),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let study =
        Births { files: &files, sources: PERSONS, population: PERSON_LINK, region: "", rest: "" };
    assert_eq!(study.extract().reweighted, None);
}
