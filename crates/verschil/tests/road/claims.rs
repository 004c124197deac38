//! `verschil lint` from the shell: what it says, and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn lint(claims: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verschil"))
        .arg("lint")
        .arg(claims)
        .args(more)
        .output()
        .expect("starts")
}

fn table(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a table");
    path
}

#[test]
fn the_worked_example_is_told_for_people_and_for_machines() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../studies/geboortezorg/published_claims.csv");
    let people = lint(&example, &["--language", "nl"]);
    let told = String::from_utf8(people.stdout).expect("text");
    assert_eq!(people.status.code(), Some(7), "{told}");
    assert!(told.contains("fout interval-not-centred") && told.contains("\u{2212}264"), "{told}");
    let machines = lint(&example, &["--json"]);
    let json: serde_json::Value = serde_json::from_slice(&machines.stdout).expect("JSON");
    let findings = json["audit"]["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), told.lines().count() - 2);
    assert!(findings.iter().any(|finding| finding["rule"] == "told-twice"));
}

#[test]
fn claims_that_agree_end_well_and_a_broken_table_ends_with_its_problems() {
    let fine = table("fine.csv", "outcome,estimate,low,high\nx,2.0,1.0,3.0\n");
    assert_eq!(lint(&fine, &[]).status.code(), Some(0));
    let broken = table("broken.csv", "outcome,estimate\n,twelve\n");
    let ended = lint(&broken, &[]);
    let told = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(3), "{told}");
    assert!(told.contains("[number]") && told.contains("[no-outcome]"), "{told}");
    assert_eq!(lint(Path::new("nowhere.csv"), &[]).status.code(), Some(3));
}
