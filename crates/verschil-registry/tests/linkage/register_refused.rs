//! Registers that cannot be used, and regions that no register knows.

use super::*;

const ROWS: &str = "R,0001,2010,A,0,,1,\nR,0002,2011,B,0,,0,\n";

const REGISTER: &str =
    "[region.register]\nfile = \"regions.csv\"\ncolumns = { beds = \"integer\" }\n";

fn refused(regions: &str, rows: &str) -> Vec<Problem> {
    let rows = births(rows);
    let files = [("births.csv", rows.as_str()), ("regions.csv", regions)];
    Births { files: &files, sources: "", population: "", region: REGISTER, rest: "" }.problems()
}

#[test]
fn each_fault_of_a_register_is_told_with_its_line() {
    let cases = [
        ("code,beds\nA,1\nB,x\n", "wrong-type", "line 3"),
        ("code,beds,x,y\nA,1,east,2\nB,1,1,2\n", "wrong-type", "line 2"),
        ("code,beds,x,y\nA,1,inf,2\nB,1,1,2\n", "wrong-type", "line 2"),
        ("code,beds,x,y\nA,1,1,\nB,1,1,2\n", "half-centre", "line 2"),
        ("code\nA\nB\n", "no-column", "code"),
        ("code;beds\nA;1\n", "no-column", "code;beds"),
        ("code,beds,beds\nA,1,1\n", "column-twice", ""),
        ("code,beds\n", "no-rows", "regions.csv"),
        ("code,beds\nA,1\n,2\nB,1\n", "no-code", "line 3"),
        ("code,beds,valid_from\nA,1,soon\nB,1,\n", "no-year", "line 2"),
        ("code,beds\nA,1,2\n", "unreadable-register", "regions.csv"),
        (
            "code,valid_from,valid_to,beds\nA,2012,2010,1\nB,,,1\n",
            "register-years",
            "`A` in line 2",
        ),
        (
            "code,valid_from,valid_to,beds\nA,,2010,1\nB,,,1\nA,2010,,1\n",
            "register-years",
            "line 2 and 4",
        ),
        ("code,successor,beds\nA,C,1\nB,,1\n", "register-successor", "`A` in line 2"),
        ("code,successor,beds\nA,A,1\nB,,1\n", "register-successor", "`A` in line 2"),
    ];
    for (regions, code, found) in cases {
        let problems = refused(regions, ROWS);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        assert!(codes.contains(&code), "{regions}: {problems:#?}");
        assert!(
            problems.iter().any(|p| p.code == code && p.found.contains(found)),
            "{problems:#?}"
        );
        assert!(problems.iter().all(|problem| problem.place.is_some()), "{problems:#?}");
        silent(&problems, &["0001", "0002"]);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let regions =
        "code,beds,valid_from,valid_to,successor\nA,x,2012,2010,\nB,1,soon,,Q\nC,1,,,D\nD,1,,,C\n";
    let problems = refused(regions, ROWS);
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
    codes.sort_unstable();
    let successors = "register-successor";
    assert_eq!(
        codes,
        ["no-year", successors, successors, successors, "register-years", "wrong-type"]
    );
}

#[test]
fn what_leads_to_a_lost_successor_is_told_once() {
    let problems = refused("code,successor,beds\nA,B,1\nB,Q,1\n", ROWS);
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "register-successor"));
    assert!(problems[0].found.contains("`B` in line 3"), "{problems:#?}");
}

#[test]
fn a_file_that_is_not_there_or_not_utf_8_is_told() {
    let rows = births(ROWS);
    let files = [("births.csv", rows.as_str())];
    let study = Births { files: &files, sources: "", population: "", region: REGISTER, rest: "" };
    let problem = study.problem("unreadable-file", &["0001"]);
    assert!(problem.found.contains("regions.csv"), "{problem:#?}");
    let folder = TempDir::new().expect("folder");
    study.write(folder.path());
    std::fs::write(folder.path().join("regions.csv"), b"code,beds\n\xff,1\n").expect("written");
    let protocol = study.protocol();
    let problems = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {})
        .map(|found| found.told)
        .expect_err("not UTF-8");
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "unreadable-register"));
}

#[test]
fn regions_and_years_that_the_register_does_not_know_are_told() {
    let regions = "code,valid_to,beds\nA,2010,1\nB,2010,1\n";
    let rows = format!("{ROWS}R,0003,2010,C,0,,0,\nR,0004,2010,,0,,0,\n");
    let problems = refused(regions, &rows);
    assert_eq!((problems.len(), problems[0].code.as_str()), (1, "unregistered-region"));
    assert!(problems[0].found.contains("2 regions: B, C"), "{problems:#?}");
}
