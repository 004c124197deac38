//! Reads bytes as a file of a source.

use tempfile::TempDir;
use verschil_registry::{Wanted, extract};
use verschil_study::Protocol;

/// The columns of the readers' fixtures, which are the seeds.
const PROTOCOL: &str = r#"
[study]
id = "fuzz"
title = "t"
question = "q"
intervention = "i"
units = "u"
data = "d"
[sources.persons]
files = ["file"]
format = "FORMAT"
[sources.persons.columns]
number = { kind = "text", from = "rinpersoon" }
place = "integer"
PLACE_LABEL
cost = "number"
day = "date"
town = "text"
year = "integer"
[population]
source = "persons"
[region]
value = "town"
label = "town"
[period]
value = "year"
label = "year"
[[covariate]]
id = "number"
kind = "categorical"
value = "number"
missing = "level"
label = "number"
[[outcome]]
id = "cost"
kind = "continuous"
value = "cost + place + extract(month FROM day)"
better = "lower"
label = "Cost"
[treatment]
start = 2010
regions = ["a"]
[analysis]
reference_period = 2009
"#;

/// Whatever the bytes are, the answer is rows, or problems with a place.
pub fn answers(format: &str, bytes: &[u8]) {
    let labels = "label = { kind = \"text\", from = \"place\", labels = true }";
    let labels = if matches!(format, "sav" | "dta") { labels } else { "" };
    let text = PROTOCOL.replace("FORMAT", format).replace("PLACE_LABEL", labels);
    let (protocol, _) = Protocol::parse("fuzz.toml", &text).expect("the protocol is right");
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("file"), bytes).expect("written");
    if let Err(problems) = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {}) {
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| problem.place.is_some()));
    }
}
