//! The audit of published claims: its table, its rules, its worked example.

mod example;
mod laws;
mod reading;
mod rules;

use verschil_study::claims::{Claim, Claims, Finding, audit};

/// The claims of a table that has no problems.
fn read(text: &str) -> Vec<Claim> {
    match Claims::parse("claims.csv", text.as_bytes()) {
        Ok(claims) => claims.claims,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// What the rules find in a table.
fn found(text: &str) -> Vec<Finding> {
    audit(&read(text)).findings
}

/// Claims and rules of what is found.
fn named(text: &str) -> Vec<(String, &'static str)> {
    found(text).into_iter().map(|finding| (finding.claim, finding.rule)).collect()
}
