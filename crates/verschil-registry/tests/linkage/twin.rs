//! Random tables against joins written out row by row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A number, perhaps of nobody, and its kind.
type Key = (u8, bool);

#[derive(Debug, Clone)]
struct Birth {
    key: Key,
    year: i64,
    region: u8,
    plural: bool,
    visit: u8,
}

#[derive(Debug, Clone)]
struct Person {
    key: Key,
    year: i64,
    income: Option<i8>,
}

#[derive(Debug, Clone)]
struct Claim {
    visit: u8,
    counts: bool,
    cents: Option<i16>,
}

fn key() -> impl Strategy<Value = Key> {
    (0..12u8, prop::bool::weighted(0.9))
}

fn tables() -> impl Strategy<Value = (Vec<Birth>, Vec<Person>, Vec<Claim>)> {
    let birth = (key(), 2010..2013i64, 0..3u8, prop::bool::weighted(0.2), 0..8u8)
        .prop_map(|(key, year, region, plural, visit)| Birth { key, year, region, plural, visit });
    let income = prop::option::weighted(0.8, 0..3i8);
    let person =
        (key(), 2010..2013i64, income).prop_map(|(key, year, income)| Person { key, year, income });
    let claim = (0..8u8, prop::bool::ANY, prop::option::weighted(0.8, -50..500i16))
        .prop_map(|(visit, counts, cents)| Claim { visit, counts, cents });
    (vec(birth, 1..60), vec(person, 1..60), vec(claim, 1..60))
}

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
where = "counts = 1"
[population.link.sums]
cents = "cents"
[[population.exclude]]
id = "multiple"
label = "m"
where = "plural = 1"
[[population.exclude]]
id = "poor"
label = "p"
where = "person.income < 1"
"#;

const CLAIMS: &str = r#"
[sources.claims]
files = ["claims.csv"]
columns = { visit = "text", counts = "integer", cents = "integer" }
"#;

const OUTCOMES: &str = r#"
[[outcome]]
id = "income"
kind = "continuous"
value = "person.income"
better = "neither"
label = "Income"
[[outcome]]
id = "cents"
kind = "continuous"
value = "claims.cents"
better = "neither"
label = "Cents"
"#;

/// Number 0 is blank or zeros, as others are kinds that identify nobody.
fn written(key: Key) -> String {
    let kind = if key.1 { "R" } else { "F" };
    format!("{kind},{}", if key.0 == 0 { String::new() } else { format!("{:04}", key.0) })
}

fn visit(visit: u8) -> String {
    if visit == 0 { String::new() } else { format!("v{visit}") }
}

fn optional(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn files(births: &[Birth], persons: &[Person], claims: &[Claim]) -> [String; 3] {
    let mut tables =
        [super::births(""), "kind,number,year,income,area\n".into(), "visit,counts,cents\n".into()];
    for b in births {
        let (key, region, plural) =
            (written(b.key), ["A", "B", "C"][usize::from(b.region)], u8::from(b.plural));
        writeln!(tables[0], "{key},{},{region},{plural},,1,{}", b.year, visit(b.visit))
            .expect("text");
    }
    for p in persons {
        writeln!(tables[1], "{},{},{},", written(p.key), p.year, optional(p.income)).expect("text");
    }
    for c in claims {
        writeln!(tables[2], "{},{},{}", visit(c.visit), u8::from(c.counts), optional(c.cents))
            .expect("text");
    }
    tables
}

fn identifies(key: Key) -> bool {
    key.1 && key.0 > 0
}

/// The income of the linked person, in a link.
fn person(birth: &Birth, persons: &[Person]) -> Option<Option<i8>> {
    let same = |p: &&Person| identifies(birth.key) && p.key == birth.key && p.year == birth.year;
    let mut found = persons.iter().filter(same).map(|p| p.income);
    let first = found.next()?;
    found.all(|income| income == first).then_some(first)
}

fn spending(birth: &Birth, claims: &[Claim]) -> Option<Option<i64>> {
    let found: Vec<_> =
        claims.iter().filter(|c| birth.visit > 0 && c.counts && c.visit == birth.visit).collect();
    let amounts: Vec<i64> = found.iter().filter_map(|c| Some(c.cents?.into())).collect();
    (!found.is_empty()).then(|| (!amounts.is_empty()).then(|| amounts.iter().sum()))
}

/// Keys with several rows: those whose rows agree, and those whose rows do not.
fn several(persons: &[Person]) -> (u64, u64) {
    let mut keys: BTreeMap<(u8, i64), Vec<Option<i8>>> = BTreeMap::new();
    for p in persons.iter().filter(|p| identifies(p.key)) {
        keys.entry((p.key.0, p.year)).or_default().push(p.income);
    }
    let agree = |rows: &&Vec<Option<i8>>| rows.iter().all(|row| *row == rows[0]);
    let several: Vec<_> = keys.values().filter(|rows| rows.len() > 1).collect();
    let duplicate = several.iter().copied().filter(agree).count();
    (duplicate as u64, (several.len() - duplicate) as u64)
}

/// Rows and linked rows, and those without a key, by year.
fn rates(
    eligible: &[&Birth],
    has: impl Fn(&Birth) -> bool,
    linked: impl Fn(&Birth) -> bool,
) -> (BTreeMap<i64, Rate>, u64) {
    let mut rates = BTreeMap::new();
    for birth in eligible {
        let rate: &mut Rate = rates.entry(birth.year).or_default();
        rate.units += 1;
        rate.linked += u64::from(linked(birth));
    }
    (rates, eligible.iter().filter(|birth| !has(birth)).count() as u64)
}

fn check(births: &[Birth], persons: &[Person], claims: &[Claim]) -> Result<(), TestCaseError> {
    let [first, second, third] = files(births, persons, claims);
    let files = [("births.csv", first.as_str()), ("persons.csv", &second), ("claims.csv", &third)];
    let sources = format!("{PERSONS}{CLAIMS}");
    let study = Births {
        files: &files,
        sources: &sources,
        population: POPULATION,
        region: "",
        rest: OUTCOMES,
    };
    let eligible: Vec<&Birth> = births.iter().filter(|b| !b.plural).collect();
    let by_person = rates(&eligible, |b| identifies(b.key), |b| person(b, persons).is_some());
    let by_claims = rates(&eligible, |b| b.visit > 0, |b| spending(b, claims).is_some());
    let idle = [&by_person, &by_claims]
        .iter()
        .filter(|(rates, _)| !rates.is_empty() && rates.values().all(|rate| rate.linked == 0))
        .count();
    let found = match study.run() {
        Ok(found) => found,
        Err(problems) => {
            prop_assert!(idle > 0 && problems.len() == idle, "{problems:#?}");
            prop_assert!(problems.iter().all(|problem| problem.code == "nothing-linked"));
            return Ok(());
        }
    };
    prop_assert_eq!(idle, 0);
    for ((rates, without), told) in [by_person, by_claims].into_iter().zip(&found.told.linkage) {
        prop_assert_eq!((&rates, without), (&told.periods, told.without_key));
    }
    prop_assert_eq!(several(persons), (found.keys[0].duplicate, found.keys[0].conflicting));
    let kept: Vec<&&Birth> =
        eligible.iter().filter(|b| !matches!(person(b, persons), Some(Some(..1)))).collect();
    let excluded: Vec<u64> = found.steps.iter().map(|step| step.excluded).collect();
    let all = [births.len() - eligible.len(), eligible.len() - kept.len()].map(|n| n as u64);
    prop_assert_eq!(excluded, all);
    totals(&found, &kept, persons, claims)
}

/// Sums of both linked outcomes by region and year.
fn totals(
    found: &Extract,
    kept: &[&&Birth],
    persons: &[Person],
    claims: &[Claim],
) -> Result<(), TestCaseError> {
    let mut sums: BTreeMap<(u8, i64), [(f64, f64); 2]> = BTreeMap::new();
    for birth in kept {
        let values = [
            person(birth, persons).flatten().map(f64::from),
            spending(birth, claims).flatten().map(|cents| cents as f64),
        ];
        let sums = sums.entry((birth.region, birth.year)).or_default();
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = value.map_or(*sum, |value| (sum.0 + 1.0, sum.1 + value));
        }
    }
    for ((region, year), sums) in sums {
        for (outcome, (rows, total)) in sums.into_iter().enumerate() {
            let (weight, value) =
                sum(found, ["A", "B", "C"][usize::from(region)], year, outcome + 1);
            prop_assert_eq!(weight, rows);
            // the Grams are centred on a rounded value, which costs the last digits
            prop_assert!((value - total).abs() < 1e-6, "{} {}", value, total);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn random_tables_are_joined_as_a_loop_would((births, persons, claims) in tables()) {
        check(&births, &persons, &claims)?;
    }
}
