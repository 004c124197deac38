//! Linkage, the register of regions and what is counted of them, on tables that can be checked by
//! hand and against joins written out row by row.

mod counted;
mod deliveries;
mod drawn;
mod refused;
mod register;
mod register_refused;
mod same;
mod twin;
mod weights;
mod within;

use std::path::Path;

use tempfile::TempDir;
use verschil_registry::{Extract, Linkage, Memory, Rate, Wanted, extract, extract_within};
use verschil_study::{Problem, Protocol};

/// A study of births: the files beside its protocol, and the parts of the protocol that differ.
struct Births<'a> {
    files: &'a [(&'a str, &'a str)],
    /// Sources beside the births, and `[[population.link]]` and exclusions behind the population.
    sources: &'a str,
    population: &'a str,
    /// Keys of `[region]`.
    region: &'a str,
    rest: &'a str,
}

/// Columns of `births.csv`.
const BIRTHS: &str = "kind,number,year,region,plural,vintage,home,visit";

const PERSONS: &str = r#"
[sources.persons]
files = ["persons.csv"]
columns = { kind = "text", number = "text", year = "integer", income = "integer", area = "text" }
[sources.persons.keys.person]
kind = "kind"
valid = ["R"]
number = "number"
digits = 4
"#;

const PERSON_LINK: &str = r#"
[[population.link]]
id = "person"
label = "persons"
source = "persons"
on = { person = "mother", year = "year" }
"#;

impl Births<'_> {
    fn text(&self) -> String {
        let Births { sources, population, region, rest, .. } = self;
        format!(
            r#"
[study]
id = "births"
title = "t"
question = "q"
intervention = "i"
units = "births"
data = "d"
[sources.births]
files = ["births.csv"]
[sources.births.columns]
kind = "text"
number = "text"
year = "integer"
region = "text"
plural = "integer"
vintage = "text"
home = "integer"
visit = "text"
[sources.births.keys.mother]
kind = "kind"
valid = ["R"]
number = "number"
digits = 4
{sources}
[population]
source = "births"
{population}
[region]
value = "region"
label = "region"
{region}
[period]
value = "year"
label = "year"
[[outcome]]
id = "home"
kind = "binary"
value = "home"
better = "neither"
label = "Home"
{rest}
[treatment]
start = 2011
regions = ["A"]
[analysis]
reference_period = 2010
"#
        )
    }

    fn protocol(&self) -> Protocol {
        Protocol::parse("births.toml", &self.text())
            .unwrap_or_else(|problems| panic!("{problems:#?}\n{}", self.text()))
            .0
    }

    fn write(&self, folder: &Path) {
        for (name, text) in self.files {
            std::fs::write(folder.join(name), text).expect("written");
        }
    }

    fn run(&self) -> Result<Extract, Vec<Problem>> {
        let folder = TempDir::new().expect("folder");
        self.write(folder.path());
        let (protocol, folder) = (self.protocol(), folder.path());
        let free = extract(&protocol, folder, Wanted::default(), None, &|_| {});
        let memory = Memory::new(Memory::LEAST, folder);
        let limit = Some(&memory);
        let limited = extract_within(&protocol, folder, Wanted::default(), None, limit, &|_| {});
        assert_eq!(limited, free, "a limit of memory changes what comes out");
        free
    }

    fn extract(&self) -> Extract {
        self.run().unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    fn problems(&self) -> Vec<Problem> {
        self.run().map(|extract| extract.told).expect_err("problems")
    }

    /// The only problem, which must have this code and none of these texts of rows.
    fn problem(&self, code: &str, values: &[&str]) -> Problem {
        let mut problems = self.problems();
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, code), "{problems:#?}");
        assert!(problems[0].place.is_some(), "{problems:#?}");
        silent(&problems, values);
        problems.remove(0)
    }
}

/// No message shows a value of a row.
fn silent(problems: &[Problem], values: &[&str]) {
    for problem in problems {
        let told = format!("{problem} {problem:?}");
        for value in values {
            assert!(!told.contains(value), "{value} in {told}");
        }
    }
}

/// A table of births from its rows.
fn births(rows: &str) -> String {
    format!("{BIRTHS}\n{rows}")
}

fn rate(units: u64, linked: u64) -> Rate {
    Rate { units, linked }
}

fn linkage(extract: &Extract) -> &Linkage {
    &extract.told.linkage[0]
}

/// Rows, and sum of an outcome, of one region and period.
fn sum(extract: &Extract, region: &str, period: i64, outcome: usize) -> (f64, f64) {
    let grams = &extract.grams;
    let (region, period) =
        (grams.region(region).expect("region"), grams.period(period).expect("period"));
    let slices =
        grams.slices.iter().filter(|slice| (slice.region, slice.period) == (region, period));
    slices
        .map(|slice| grams.weighted_sum(slice, outcome))
        .fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1))
}
