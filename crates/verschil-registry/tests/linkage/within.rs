//! Linking within limits of memory that the tables of links do not fit in.

use std::cell::Cell;
use std::fmt::Write as _;

use verschil_registry::{LinkKeys, Progress};

use super::*;

const SOURCES: &str = r#"
[sources.claims]
files = ["claims.csv"]
columns = { visit = "text", cents = "number", part = "integer" }
"#;

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
on = { visit = "CASE WHEN person.linked THEN visit END" }
[population.link.sums]
cents = "cents"
parts = "part"
[[population.link]]
id = "whole"
label = "whole numbers"
source = "claims"
on = { visit = "visit" }
[population.link.sums]
parts = "part"
"#;

const REST: &str = r#"
[[subgroup]]
id = "vintage"
label = "vintage"
value = "vintage"
[[covariate]]
id = "area"
kind = "categorical"
value = "person.area"
missing = "level"
label = "Area"
[[outcome]]
id = "income"
kind = "continuous"
value = "person.income / 3.0"
better = "higher"
label = "Income"
[[outcome]]
id = "cents"
kind = "continuous"
value = "claims.cents"
better = "neither"
label = "Cents"
[[outcome]]
id = "parts"
kind = "continuous"
value = "claims.parts + 1000 * whole.parts"
better = "neither"
label = "Parts"
"#;

const ROWS: usize = 1_500;

/// Births, of which a tenth is not linked, persons, some twice, and four claims for each visit:
/// fractions whose sum depends on their order.
fn files() -> [String; 3] {
    let mut births = births("");
    let mut persons = "kind,number,year,income,area\n".to_owned();
    let mut claims = "visit,cents,part\n".to_owned();
    for n in 0..ROWS {
        let (kind, region) = (if n % 10 == 0 { "F" } else { "R" }, ["A", "B", "C"][n % 3]);
        let (year, vintage) = (2010 + n / 2 % 2, if n % 5 == 0 { "old" } else { "new" });
        writeln!(births, "{kind},{:04},{year},{region},0,{vintage},{},v{n}", n + 1, n % 2)
            .expect("text");
    }
    for n in (0..ROWS).rev().chain((0..ROWS).step_by(7)) {
        let (income, area) = (n * n % 1_013 + n / 1_450, ["X", "Y", "Z"][n % 3]);
        writeln!(persons, "R,{:04},{},{income},{area}", n + 1, 2010 + n / 2 % 2).expect("text");
    }
    for n in 0..4 * ROWS {
        let (visit, cents) = (n * 7 % ROWS, n * n % 9_973);
        writeln!(claims, "v{visit},{}.{},{}", cents, n % 97, n % 11).expect("text");
    }
    [births, persons, claims]
}

/// Looks at the study of these files.
fn with_study(look: impl FnOnce(&Births<'_>)) {
    let [births, persons, claims] = files();
    let files =
        [("births.csv", births.as_str()), ("persons.csv", &persons), ("claims.csv", &claims)];
    let sources = format!("{PERSONS}{SOURCES}");
    let population = POPULATION;
    look(&Births { files: &files, sources: &sources, population, region: "", rest: REST });
}

/// What a run within a limit gives, and the bytes that went to disk.
fn within(
    study: &Births<'_>,
    folder: &Path,
    memory: Option<&Memory>,
) -> (Result<Extract, Vec<Problem>>, u64) {
    let disk = Cell::new(0);
    let protocol = study.protocol();
    let found =
        extract_within(&protocol, folder, Wanted { cells: true }, None, memory, &|progress| {
            if let Progress::OnDisk(bytes) = progress {
                disk.set(bytes);
            }
        });
    (found, disk.get())
}

#[test]
fn what_goes_to_disk_gives_the_same_bits_and_leaves_nothing_behind() {
    with_study(|study| {
        let folder = TempDir::new().expect("folder");
        study.write(folder.path());
        let (free, none) = within(study, folder.path(), None);
        let free = free.unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(none, 0);
        let linked: Vec<u64> = free.told.linkage.iter().map(|link| link.all.linked).collect();
        assert_eq!(linked, [1_350, 1_350, 1_500]);
        assert_eq!(free.keys[0], LinkKeys { duplicate: 215, conflicting: 0 });
        let scratch = folder.path().join("scratch");
        for (limit, least) in [(64 << 20, 0), (1 << 20, 100_000)] {
            let memory = Memory::new(limit, &scratch);
            let (found, disk) = within(study, folder.path(), Some(&memory));
            assert_eq!(found.as_ref(), Ok(&free), "within {limit} bytes");
            assert!(disk >= least && (disk == 0) == (least == 0), "{limit}: {disk} bytes on disk");
            assert_eq!(scratch.read_dir().expect("folder").count(), 0, "something is left behind");
        }
    });
}

#[test]
fn a_limit_that_no_part_fits_in_is_told_and_leaves_nothing_behind() {
    with_study(|study| {
        let folder = TempDir::new().expect("folder");
        study.write(folder.path());
        let scratch = folder.path().join("scratch");
        let memory = Memory::new(0, &scratch);
        let problems = within(study, folder.path(), Some(&memory)).0.expect_err("too small");
        assert_eq!(problems.len(), 3, "{problems:#?}");
        for problem in &problems {
            assert_eq!(problem.code, "memory-limit");
            assert!(problem.found.contains("0 bytes") && problem.hint.contains("--memory"));
            assert!(problem.place.is_some());
        }
        silent(&problems, &["v12", "0012"]);
        assert_eq!(scratch.read_dir().expect("folder").count(), 0, "something is left behind");
        std::fs::remove_dir(&scratch).expect("removed");
        std::fs::write(&scratch, "a file").expect("written");
        let problems = within(study, folder.path(), Some(&memory)).0.expect_err("no folder");
        assert_eq!((problems.len(), problems[0].code.as_str()), (1, "no-scratch"));
        assert!(problems[0].hint.contains("--scratch"), "{problems:#?}");
    });
}

/// Names the folder of the study to the process that may write little.
const STUDY: &str = "VERSCHIL_TEST_STUDY";

/// A process whose files may not grow meets what a full disk gives: a write that fails on the way.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_no_more_is_told_and_leaves_nothing_behind() {
    with_study(|study| {
        let Some(folder) = std::env::var_os(STUDY) else {
            let folder = TempDir::new().expect("folder");
            study.write(folder.path());
            let name = "within::a_disk_that_takes_no_more_is_told_and_leaves_nothing_behind";
            let limited = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
            let ended = std::process::Command::new("sh")
                .args(["-c", limited])
                .arg(std::env::current_exe().expect("this program"))
                .args(["--exact", name, "--nocapture"])
                .env(STUDY, folder.path())
                .output()
                .expect("started");
            let told = String::from_utf8_lossy(&ended.stdout);
            assert!(ended.status.success() && told.contains("1 passed"), "{told}");
            return;
        };
        let folder = Path::new(&folder);
        let scratch = folder.join("scratch");
        let memory = Memory::new(1 << 20, &scratch);
        let problems = within(study, folder, Some(&memory)).0.expect_err("no room");
        assert!(!problems.is_empty());
        for problem in &problems {
            assert_eq!(problem.code, "no-scratch", "{problems:#?}");
            assert!(
                problem.hint.contains("--scratch") && !problem.found.is_empty(),
                "{problems:#?}"
            );
        }
        silent(&problems, &["v12", "0012"]);
        assert_eq!(scratch.read_dir().expect("folder").count(), 0, "something is left behind");
    });
}
