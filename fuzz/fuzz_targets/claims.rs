//! Any bytes are answered with claims that every rule can look at, or with problems.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verschil_study::claims::{Claims, audit};

fuzz_target!(|bytes: &[u8]| {
    for file in ["claims.csv", "claims.md"] {
        match Claims::parse(file, bytes) {
            Ok(read) => assert_eq!(audit(&read.claims).claims, read.claims.len()),
            Err(problems) => assert!(problems.iter().any(|problem| problem.is_error())),
        }
    }
});
