//! Every function that a protocol may name gives, in the engine, the value that is known beforehand.

use std::path::Path;

use verschil_study::expression::{FUNCTIONS, IN_LIST};

use crate::runs::into;

const PROTOCOL: &str = include_str!("../data/functions/protocol.toml");

#[test]
fn no_row_is_excluded_by_a_function_that_gives_another_value() {
    let folder = tempfile::TempDir::new().expect("temporary folder");
    let protocol = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/functions/protocol.toml");
    let results = into(&protocol, &folder.path().join("out")).expect("runs").results;
    let steps = &results.attrition;
    assert!(steps.len() > FUNCTIONS.len() && steps[0].after > 0);
    for step in steps {
        assert_eq!(step.excluded, 0, "{} excludes rows", step.id);
    }
}

#[test]
fn every_function_and_its_other_names_have_a_known_value() {
    for function in FUNCTIONS.iter().chain([&IN_LIST]) {
        let own = format!("id = \"{}\"", function.name);
        assert!(PROTOCOL.contains(&own), "no step for {}", function.name);
        for name in function.aliases.iter().chain([&function.name]) {
            let called = |before: char| PROTOCOL.contains(&format!("{before}{name}("));
            assert!(called(' ') || called('('), "{name} is never called");
        }
    }
}
