//! Runs of protocols in folders of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use verschil::run::{Failure, Finished, Request, run};
use verschil::write::ReportFormat;
use verschil_study::Problem;
use verschil_study::results::{EstimateRow, Results};

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder with reference data and results, where it stands beside the checkout.
pub fn shared() -> Option<PathBuf> {
    let path = root().join("../shared");
    let found = path.join("reference").is_dir();
    if !found {
        println!("skipped: the folder with reference data and results is not beside the checkout");
    }
    found.then_some(path)
}

/// A protocol of this test suite.
pub fn protocol(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/protocols/{name}.toml"))
}

/// Runs a protocol into a new folder.
pub fn results(protocol: &Path) -> Results {
    let folder = TempDir::new().expect("temporary folder");
    match into(protocol, &folder.path().join("out")) {
        Ok(finished) => finished.results,
        Err(failure) => panic!("{}: {failure:#?}", protocol.display()),
    }
}

/// Runs a protocol into a folder, without a cache.
pub fn into(protocol: &Path, out: &Path) -> Result<Finished, Failure> {
    let request = Request {
        protocol: protocol.into(),
        out: out.into(),
        cache: None,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    run(&request, &|_| {})
}

/// The problems of a run that must fail on its data.
pub fn data_problems(failure: Result<Finished, Failure>) -> Vec<Problem> {
    match failure {
        Err(Failure::Data(problems)) => problems,
        other => panic!("the data should have been refused: {other:?}"),
    }
}

/// The one row of an outcome, analysis and method in the main comparison.
pub fn row<'a>(
    results: &'a Results,
    outcome: &str,
    analysis: &str,
    method: &str,
) -> &'a EstimateRow {
    let main = results.design.comparisons.iter().find(|c| c.main).expect("main comparison");
    let mut rows = results.estimates.iter().filter(|row| {
        row.outcome == outcome
            && row.analysis == analysis
            && row.method == method
            && row.comparison == main.id
    });
    let found = rows.next().unwrap_or_else(|| panic!("no row {outcome} {analysis} {method}"));
    assert!(rows.next().is_none(), "two rows {outcome} {analysis} {method}");
    found
}

/// The value of a remark `code: value` in a note.
pub fn remark(row: &EstimateRow, code: &str) -> Option<f64> {
    let prefix = format!("{code}: ");
    row.note.split("; ").find_map(|remark| remark.strip_prefix(&prefix)?.parse().ok())
}

pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in next.read_dir().expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("inside").display().to_string();
                found.insert(name, std::fs::read(&path).expect("file"));
            }
        }
    }
    found
}
