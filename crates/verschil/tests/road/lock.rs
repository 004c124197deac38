//! Locking a protocol, amending it, and what runs say of it.

use std::path::PathBuf;
use std::process::{Command, Output};

use verschil_study::results::{LockFacts, Results};

use crate::small::Study;

/// Runs the program in the study's folder.
pub fn verschil(study: &Study, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verschil"))
        .args(arguments)
        .env_remove("VERSCHIL_AUTHOR")
        .current_dir(study.folder())
        .output()
        .expect("starts")
}

/// The same, which must do what it is asked; what it says.
pub fn done(study: &Study, arguments: &[&str]) -> String {
    let output = verschil(study, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A call that is refused with this code, and what it says.
pub fn refused(study: &Study, arguments: &[&str], exit: i32, codes: &[&str]) -> String {
    let before = std::fs::read(file(study)).ok();
    let output = verschil(study, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{told}");
    for code in codes {
        assert!(told.contains(&format!("error[{code}]")), "{code}: {told}");
    }
    assert!(told.contains("hint: "), "no way out: {told}");
    assert_eq!(std::fs::read(file(study)).ok(), before, "a refusal leaves no trace");
    told
}

fn file(study: &Study) -> PathBuf {
    study.folder().join("protocol.lock.toml")
}

pub const LOCK: [&str; 4] = ["lock", "protocol.toml", "--author", "A. Jansen"];

fn amend<'a>(reason: &'a str, seen: &'a str) -> Vec<&'a str> {
    let more = ["--amend", "--reason", reason, "--seen", seen];
    LOCK.iter().copied().chain(more).collect()
}

pub fn change(study: &Study, from: &str, to: &str) {
    let text = std::fs::read_to_string(study.protocol()).expect("protocol");
    assert!(text.contains(from), "{from}");
    study.write("protocol.toml", text.replacen(from, to, 1).as_bytes());
}

fn results(study: &Study) -> Results {
    study.run().expect("runs").results
}

fn facts(results: &Results) -> &LockFacts {
    results.provenance.lock.as_ref().expect("a lock")
}

#[test]
fn a_lock_is_written_once_and_a_run_says_that_it_was_there() {
    let study = Study::new();
    let exploratory = results(&study);
    assert_eq!(
        (exploratory.provenance.status.as_str(), exploratory.provenance.locked),
        ("exploratory", false)
    );
    assert!(exploratory.provenance.lock.is_none());
    assert!(
        done(&study, &["plan", "protocol.toml"])
            .ends_with("status exploratory: there is no lock\n")
    );
    let hash = &exploratory.provenance.protocol_hash;
    assert!(done(&study, &LOCK).contains(&format!("protocol {hash} is locked")));
    let text = std::fs::read_to_string(file(&study)).expect("lock");
    assert!(done(&study, &LOCK).contains("nothing has changed"));
    assert_eq!(std::fs::read_to_string(file(&study)).expect("lock"), text);
    assert!(text.contains("author = \"A. Jansen\"") && text.contains(hash.as_str()));
    let locked = results(&study);
    assert_eq!((locked.provenance.status.as_str(), locked.provenance.locked), ("locked", true));
    let lock = facts(&locked);
    assert_eq!(lock.author, "A. Jansen");
    assert!(lock.time.len() == 20 && lock.time.ends_with('Z'), "{}", lock.time);
    // a lock changes what a run says of itself, and nothing that it finds
    assert_eq!(locked.estimates, exploratory.estimates);
    let manifest =
        std::fs::read_to_string(study.folder().join("out/manifest.json")).expect("manifest");
    assert!(manifest.contains("\"status\": \"locked\"") && manifest.contains(&lock.head));
    let page = std::fs::read_to_string(study.folder().join("out/report.en.html")).expect("report");
    assert!(page.contains("Preregistered.") && page.contains(&lock.head));
    let plan = done(&study, &["plan", "protocol.toml"]);
    assert!(plan.contains("status locked: locked by A. Jansen at 2"), "{plan}");
    let left = study.folder().read_dir().expect("folder").flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().contains(".new-"));
    assert_eq!(left.count(), 0, "something is left behind");
}

#[test]
fn a_change_makes_a_run_exploratory_until_it_is_recorded() {
    let study = Study::new();
    done(&study, &LOCK);
    change(&study, "alpha = 0.05", "alpha = 0.1");
    let differs = results(&study);
    assert_eq!(differs.provenance.status, "exploratory");
    assert_eq!(facts(&differs).differences[0].place, "trend_rule.alpha");
    let page = std::fs::read_to_string(study.folder().join("out/report.nl.html")).expect("report");
    assert!(page.contains("Verkennend: het protocol is anders dan wat was vastgelegd."));
    let told = refused(&study, &LOCK, 2, &["locked-before"]);
    assert!(told.contains("trend_rule.alpha") && told.contains("--amend"), "{told}");
    let told = done(&study, &amend("weak tests", "population"));
    assert!(told.contains("amendment 1 records a change in 1 place"), "{told}");
    change(&study, "start = 2015", "start = 2016");
    change(&study, "label = \"Age\"", "label = \"Age in years\"");
    assert!(
        done(&study, &amend("a later law", "nothing"))
            .contains("amendment 2 records a change in 3 places")
    );
    let amended = results(&study);
    assert_eq!((amended.provenance.status.as_str(), amended.provenance.locked), ("amended", true));
    let [first, second] = &facts(&amended).amendments[..] else { panic!("two amendments") };
    let (was, now) = (&first.changes[0].old, &first.changes[0].new);
    assert_eq!((was.as_str(), now.as_str(), first.seen.as_str()), ("0.05", "0.1", "population"));
    let places: Vec<&str> = second.changes.iter().map(|c| c.place.as_str()).collect();
    assert_eq!(places, ["covariate[age].label.en", "covariate[age].label.nl", "treatment.start"]);
    let told = refused(&study, &amend("again", "nothing"), 2, &["nothing-to-amend"]);
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn what_a_protocol_includes_and_what_describes_its_regions_is_fixed_too() {
    let shape = |x: f64| {
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\
             \"properties\":{{\"code\":\"R0\"}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[5.0,52.0],[{x},52.0],[5.5,52.5],[5.0,52.0]]]}}}}]}}"
        )
    };
    let outlines = "[region.boundaries]\nfile = \"regions.geojson\"\nkey = \"code\"\n\n[period]";
    let study = Study::new()
        .with("[period]", outlines)
        .with("id = \"small\"", "id = \"small\"\ninclude = [\"more.toml\"]");
    let more = "[[covariate]]\nid = \"care\"\nkind = \"numeric\"\nvalue = \"age * age\"\nlabel = \"Care\"\n";
    study.write("more.toml", more.as_bytes());
    study.write("regions.geojson", shape(6.0).as_bytes());
    done(&study, &LOCK);
    assert!(done(&study, &["plan", "protocol.toml"]).contains("file regions.geojson sha256 "));
    study.write("regions.geojson", shape(6.5).as_bytes());
    let told = refused(&study, &LOCK, 2, &["locked-before"]);
    assert!(told.contains("changed: file regions.geojson\n"), "{told}");
    study.write("regions.geojson", shape(6.0).as_bytes());
    study.write("more.toml", more.replace("Care", "Cure").as_bytes());
    let told = refused(&study, &LOCK, 2, &["locked-before"]);
    assert!(told.contains("changed: covariate[care].label"), "{told}");
    study.write("more.toml", format!("# the same\n{more}").as_bytes());
    assert!(done(&study, &LOCK).contains("nothing has changed"));
}

#[test]
fn what_a_command_lacks_is_told_before_anything_is_written() {
    let study = Study::new();
    refused(&study, &["lock", "protocol.toml"], 2, &["no-author"]);
    refused(&study, &["lock", "protocol.toml", "--author", "  "], 2, &["no-author"]);
    refused(&study, &amend("too early", "nothing"), 2, &["no-lock"]);
    let told = refused(&study, &amend("why", "popultion"), 2, &["unknown-seen"]);
    assert!(told.contains("did you mean `population`?"), "{told}");
    // the program itself asks for what belongs to an amendment
    for more in [&["--amend"][..], &["--amend", "--reason", "why"], &["--seen", "nothing"]] {
        let asked: Vec<&str> = LOCK.iter().chain(more).copied().collect();
        assert_eq!(verschil(&study, &asked).status.code(), Some(2));
    }
    assert!(!file(&study).exists());
    let author = Command::new(env!("CARGO_BIN_EXE_verschil"))
        .args(["lock", "protocol.toml"])
        .env("VERSCHIL_AUTHOR", "B. de Vries")
        .current_dir(study.folder())
        .output()
        .expect("starts");
    assert!(author.status.success(), "{}", String::from_utf8_lossy(&author.stderr));
    change(&study, "alpha = 0.05", "alpha = 0.1");
    refused(&study, &amend(" ", "results"), 2, &["no-reason"]);
    change(&study, "[study]", "[stud]");
    refused(&study, &amend("why", "results"), 2, &["unknown-key"]);
}

#[test]
fn a_lock_that_was_edited_stops_every_command() {
    let study = Study::new();
    done(&study, &LOCK);
    change(&study, "alpha = 0.05", "alpha = 0.1");
    done(&study, &amend("weak tests", "population"));
    let text = std::fs::read_to_string(file(&study)).expect("lock");
    let edited = text.replacen("weak tests", "an error of spelling", 1);
    std::fs::write(file(&study), edited).expect("written");
    let reason = ["unblind", "protocol.toml", "--author", "A", "--reason", "why"];
    for asked in [
        &LOCK[..],
        &["plan", "protocol.toml"],
        &["run", "protocol.toml", "--out", "out", "--no-cache"],
        &reason,
    ] {
        let told = refused(&study, asked, 2, &["lock-edited"]);
        assert!(told.contains("protocol.lock.toml:"), "no place: {told}");
        assert!(told.contains("version control"), "{told}");
    }
    std::fs::remove_file(file(&study)).expect("removed");
    std::fs::create_dir(file(&study)).expect("folder");
    refused(&study, &LOCK, 2, &["unreadable-lock"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_earlier_lock() {
    let study = Study::new();
    done(&study, &LOCK);
    let before = std::fs::read(file(&study)).expect("lock");
    change(&study, "alpha = 0.05", "alpha = 0.1");
    // a limit on the size of files stands in for a full disk
    let full = |call: &str| {
        let program = env!("CARGO_BIN_EXE_verschil");
        let shell = format!("ulimit -f 2; trap '' XFSZ; exec {program} {call}");
        let output = Command::new("sh").args(["-c", &shell]).current_dir(study.folder()).output();
        let output = output.expect("starts");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(6), "{told}");
        assert!(told.contains("error[unwritten]") && told.contains("hint: "), "{told}");
    };
    full("lock protocol.toml --author A --amend --reason why --seen nothing");
    assert_eq!(std::fs::read(file(&study)).expect("lock"), before);
    std::fs::remove_file(file(&study)).expect("removed");
    full("lock protocol.toml --author A");
    let left = study.folder().read_dir().expect("folder").flatten();
    let left: Vec<_> =
        left.map(|e| e.file_name()).filter(|n| n.to_string_lossy().contains("lock")).collect();
    assert!(left.is_empty(), "{left:?}");
}
