//! The generated schema and reference page are fresh, and agree with the parser.

use std::path::{Path, PathBuf};

use serde_json::Value;
use verschil_study::{Protocol, reference, schema, template};

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn fresh(name: &str, wanted: &str) {
    let path = docs(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/{name} is stale; run the tests with UPDATE_DOCS=1");
}

#[test]
fn the_schema_is_fresh() {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap();
    text.push('\n');
    fresh("protocol.schema.json", &text);
}

#[test]
fn the_reference_is_fresh() {
    fresh("protocol.md", &reference());
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

#[test]
fn the_schema_accepts_what_parses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    jsonschema::meta::validate(&schema()).unwrap();
    for text in [
        template("my_study"),
        include_str!("good/castle.toml").to_owned(),
        include_str!("good/maternity.toml").to_owned(),
    ] {
        let document = as_json(&text);
        let errors: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn what_the_schema_refuses_does_not_parse() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut refused = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let Ok(table) = toml::from_str::<toml::Table>(&text) else {
            continue;
        };
        let document = serde_json::to_value(table).unwrap();
        if !validator.is_valid(&document) {
            refused += 1;
            assert!(Protocol::parse("protocol.toml", &text).is_err());
        }
    }
    assert!(refused > 12, "{refused}");
}

#[test]
fn the_page_about_claims_is_fresh() {
    fresh("claims.md", &verschil_study::claims::guide());
}
