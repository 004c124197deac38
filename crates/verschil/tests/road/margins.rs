//! What a cluster is asked for, asked of the embedded engine: the same extract, bit for bit.

use std::path::Path;

use verschil::run::plan;
use verschil_registry::synth::SynthFormat;
use verschil_registry::{Extract, Wanted, extract, extract_by_margins};
use verschil_study::{CovariateKind, MissingRule, Outcome, OutcomeKind, Protocol};

use crate::maternity::study;

fn asked(folder: &Path, name: &str) -> Protocol {
    plan(&folder.join(name), &|_| {}).expect("a protocol")
}

fn both(protocol: &Protocol, folder: &Path) -> (Extract, Extract) {
    let wanted = Wanted { cells: true };
    let rows = extract(protocol, folder, wanted, None, &|_| {}).expect("rows");
    (rows, extract_by_margins(protocol, folder, wanted).expect("margins"))
}

#[test]
fn counts_and_sums_give_what_rows_give() {
    let folder = study(SynthFormat::Parquet);
    let plain = |name: &str| (name.to_owned(), asked(folder.path(), name));
    let mut by_region = plain("protocol.toml");
    by_region.0.push_str(" by region");
    let weights = by_region.1.linkage_weights.as_mut().expect("weights of the linked");
    weights.by = vec!["region".to_owned(), "place".to_owned()];
    // a level that has the name which missing values get
    let covariate = &mut by_region.1.covariates[0];
    covariate.missing = MissingRule::Level;
    covariate.value.sql =
        "CASE par WHEN 0 THEN '(missing)' WHEN 1 THEN NULL ELSE 'more' END".to_owned();
    let cases = [plain("protocol.toml"), plain("protocol_catchment.toml"), by_region];
    for (name, protocol) in cases {
        let (rows, margins) = both(&protocol, folder.path());
        assert!(rows.rows > 5_000 && rows.grams.slices.len() > 100);
        assert_eq!(rows.told, margins.told, "{name}");
        assert!(rows.grams == margins.grams, "{name}: the Grams differ");
        assert!(rows.cells == margins.cells, "{name}: the cells differ");
        assert!(rows.cells.as_ref().is_some_and(|cells| cells.len() > 1_000), "{name}");
        assert!(rows.reweighted == margins.reweighted, "{name}: the weighted Grams differ");
        assert_eq!(rows.reweighted.is_some(), protocol.linkage_weights.is_some(), "{name}");
        assert!(rows == margins, "{name}: steps, keys or regions differ");
    }
}

#[test]
fn values_that_cannot_be_are_counted_row_by_row() {
    let folder = study(SynthFormat::Parquet);
    let mut protocol = asked(folder.path(), "protocol.toml");
    let binary = |outcome: &&mut Outcome| outcome.kind == OutcomeKind::Binary;
    protocol.outcomes.iter_mut().find(binary).expect("yes or no").value.sql = "par".to_owned();
    let spending = protocol.outcomes.iter_mut().find(|outcome| outcome.value_decimals.is_some());
    spending.expect("an amount").value.sql = "1e14 * par".to_owned();
    let rows = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {});
    let (rows, margins) =
        (rows.expect_err("rows"), extract_by_margins(&protocol, folder.path(), Wanted::default()));
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert!(rows.iter().all(|problem| problem.code == "outcome-values"), "{rows:#?}");
    assert_eq!(rows, margins.expect_err("margins"));
}

#[test]
fn an_identity_that_is_no_condition_is_told_as_rows_tell_it() {
    let folder = study(SynthFormat::Parquet);
    let mut protocol = asked(folder.path(), "protocol.toml");
    protocol.identities[0].holds.sql = "1 + 1".to_owned();
    let rows = extract(&protocol, folder.path(), Wanted::default(), None, &|_| {});
    let (rows, margins) =
        (rows.expect_err("rows"), extract_by_margins(&protocol, folder.path(), Wanted::default()));
    assert!(rows.len() == 1 && rows[0].code == "no-condition", "{rows:#?}");
    assert_eq!(rows, margins.expect_err("margins"));
}

#[test]
fn what_whole_numbers_cannot_answer_is_told_at_once() {
    let folder = study(SynthFormat::Parquet);
    let mut protocol = plan(&folder.path().join("protocol.toml"), &|_| {}).expect("a protocol");
    protocol.covariates[0].kind = CovariateKind::Numeric;
    let spending = protocol.outcomes.iter_mut().find(|outcome| outcome.value_decimals.is_some());
    spending.expect("an amount").value_decimals = None;
    let problems =
        extract_by_margins(&protocol, folder.path(), Wanted::default()).expect_err("refused");
    let found: Vec<&str> = problems.iter().map(|problem| problem.found.as_str()).collect();
    let expected = ["a numeric covariate", "an outcome without value_decimals"];
    assert_eq!(found, expected);
    for problem in &problems {
        assert!(problem.code == "not-by-margins" && problem.place.is_some(), "{problem}");
        assert!(!problem.allowed.is_empty() && !problem.hint.is_empty(), "{problem}");
    }
}
