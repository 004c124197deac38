//! What happens to the results when a run cannot end.

use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use verschil::run::Failure;
use verschil_study::results::SCHEMA;

use crate::runs::{into, root};
use crate::small::Study;

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let study = Study::new();
    let out = study.folder().join("out");
    std::fs::create_dir(&out).expect("folder");
    std::fs::write(out.join("thesis.txt"), "years of work").expect("file");
    let Err(Failure::Unwritten(problem)) = study.run() else { panic!("should be refused") };
    assert_eq!(problem.code, "not-ours");
    assert_eq!(std::fs::read_to_string(out.join("thesis.txt")).expect("file"), "years of work");
}

#[test]
fn earlier_results_survive_a_run_that_fails() {
    let study = Study::new();
    study.run().expect("runs");
    let report = study.folder().join("out/report.en.html");
    let before = std::fs::read(&report).expect("report");
    study.change_data(|text| text.replacen("2012", "twenty-twelve", 1));
    assert!(study.run().is_err());
    assert_eq!(std::fs::read(&report).expect("report"), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_earlier_results() {
    use std::os::unix::process::CommandExt;
    let study = Study::new();
    study.run().expect("runs");
    let before = std::fs::read(study.folder().join("out/results.json")).expect("results");
    // a limit on the size of files stands in for a full disk: writes fail half-way
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!(
        "ulimit -f 64; trap '' XFSZ; exec {} run {} --out {} --no-cache",
        env!("CARGO_BIN_EXE_verschil"),
        study.protocol().display(),
        study.folder().join("out").display()
    ));
    let output = command.process_group(0).output().expect("starts");
    assert_eq!(output.status.code(), Some(6), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read(study.folder().join("out/results.json")).expect("results"), before);
    let left = study.folder().read_dir().expect("folder").flatten();
    let left: Vec<_> =
        left.map(|e| e.file_name()).filter(|n| n.to_string_lossy().contains(".new-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Killed at many moments, the folder holds the old results or the new, whole.
#[test]
fn a_killed_run_leaves_old_or_new_results() {
    let folder = TempDir::new().expect("temporary folder");
    let out = folder.path().join("od");
    let protocol = root().join("studies/organ_donations/protocol.toml");
    into(&protocol, &out).expect("runs");
    let report = std::fs::read(out.join("report.en.html")).expect("report");
    for moment in 0..12 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_verschil"))
            .args(["run", &protocol.display().to_string(), "--no-cache", "--out"])
            .arg(&out)
            .stdout(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(25 * moment));
        // it may have ended by itself
        drop(child.kill());
        child.wait().expect("ends");
        assert!(out.join("manifest.json").is_file(), "after {} ms", 25 * moment);
        assert_eq!(std::fs::read(out.join("report.en.html")).expect("report"), report);
    }
    into(&protocol, &out).expect("runs");
    let left = folder.path().read_dir().expect("folder").count();
    assert_eq!(left, 1, "what killed runs left behind is cleared");
}

#[test]
fn a_protocol_named_without_its_folder_finds_its_files() {
    let study = Study::new();
    let run = Command::new(env!("CARGO_BIN_EXE_verschil"))
        .args(["run", "protocol.toml", "--out", "out", "--no-cache"])
        .current_dir(study.folder())
        .output()
        .expect("runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_limit_of_memory_is_a_size_and_changes_nothing() {
    let study = Study::new();
    let run = |more: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_verschil"))
            .args(["run", "protocol.toml", "--out", "out", "--no-cache"])
            .args(more)
            .current_dir(study.folder())
            .output()
            .expect("starts")
    };
    let free = run(&[]);
    assert!(free.status.success(), "{}", String::from_utf8_lossy(&free.stderr));
    let estimates =
        || std::fs::read(study.folder().join("out/tables/estimates.csv")).expect("estimates");
    let before = estimates();
    for limit in ["4XB", "much", "1MB"] {
        let refused = run(&["--memory", limit]);
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{told}");
        assert!(told.contains("[memory-limit]") && told.contains(limit), "{told}");
        assert!(told.contains("allowed: a number") && told.contains("--memory 4GB"), "{told}");
    }
    let limited = run(&["--memory", "64MiB", "--scratch", "elsewhere"]);
    assert!(limited.status.success(), "{}", String::from_utf8_lossy(&limited.stderr));
    assert!(estimates() == before, "a limit of memory changes the estimates");
    let by_default = run(&["--scratch", "elsewhere"]);
    assert!(by_default.status.success(), "{}", String::from_utf8_lossy(&by_default.stderr));
    assert!(estimates() == before, "the folder for what does not fit changes the estimates");
    // without links nothing has to go anywhere
    assert!(!study.folder().join("elsewhere").exists(), "something is left behind");
}

#[test]
fn results_of_another_version_are_refused_with_both_versions_named() {
    let study = Study::new();
    let out = study.folder().join("out");
    into(&study.protocol(), &out).expect("runs");
    let file = out.join("results.json");
    let text = std::fs::read_to_string(&file).expect("results");
    assert!(text.contains(SCHEMA));
    // an older version may lack what this one asks for
    std::fs::write(&file, "{\"schema\": \"verschil-results/0\"}").expect("written");
    let again = Command::new(env!("CARGO_BIN_EXE_verschil"))
        .args(["report", "out", "--to", "again"])
        .current_dir(study.folder())
        .output()
        .expect("starts");
    let told = String::from_utf8_lossy(&again.stderr);
    assert_eq!(again.status.code(), Some(3), "{told}");
    assert!(told.contains("verschil-results/0") && told.contains(SCHEMA), "{told}");
    assert!(!study.folder().join("again").exists());
}
