//! Weights of linked units: against plain loops and a dense regression, another program, and laws.

#[path = "../../../verschil-stats/tests/twins/dense.rs"]
#[allow(dead_code)] // the twins of the engine use more of it
mod dense;
mod twin;

use std::path::Path;

use tempfile::TempDir;
use verschil::run::{Failure, Finished, Request, run};
use verschil::write::ReportFormat;
use verschil_study::results::{EstimateRow, LinkageWeightFacts, Results};

use crate::ledger::{ESTIMATE, STD_ERROR};
use crate::runs::{data_problems, into, row};

const PROTOCOL: &str = include_str!("../data/linkage_weights/protocol.toml");
const BIRTHS: &str = include_str!("../data/linkage_weights/births.csv");
const PERSONS: &str = include_str!("../data/linkage_weights/persons.csv");
const REFERENCE: &str = include_str!("../data/linkage_weights/reference.json");

/// Weights of the protocol's own.
const OWN: (&str, &str) = (
    "[[covariate]]\nid = \"age\"",
    "[weights]\nkind = \"analytic\"\nvalue = \"w\"\nlabel = \"W\"\n\n[[covariate]]\nid = \"age\"",
);

/// The study with parts of its protocol replaced, each of which must be there.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(PROTOCOL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the protocol has no {from:?}");
        text.replacen(from, to, 1)
    })
}

fn write(folder: &Path, protocol: &str, births: &str, persons: &str) {
    let files = [("protocol.toml", protocol), ("births.csv", births), ("persons.csv", persons)];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("written");
    }
}

fn try_with(protocol: &str, births: &str, persons: &str) -> Result<Finished, Failure> {
    let folder = TempDir::new().expect("temporary folder");
    write(folder.path(), protocol, births, persons);
    into(&folder.path().join("protocol.toml"), &folder.path().join("out"))
}

fn with(protocol: &str, births: &str, persons: &str) -> Results {
    try_with(protocol, births, persons).expect("runs").results
}

fn of(changes: &[(&str, &str)]) -> Results {
    with(&changed(changes), BIRTHS, PERSONS)
}

fn facts(results: &Results) -> &LinkageWeightFacts {
    results.linkage_weight_facts.as_ref().expect("weights")
}

fn weighted<'a>(results: &'a Results, outcome: &str, method: &str) -> &'a EstimateRow {
    row(results, outcome, "linkage_weighted", method)
}

fn close(ours: Option<f64>, theirs: f64, tolerance: f64, case: &str) {
    let ours = ours.unwrap_or_else(|| panic!("{case}: no number"));
    assert!((ours - theirs).abs() <= tolerance * theirs.abs(), "{case}: {ours} for {theirs}");
}

/// All numbers of a row.
fn numbers(row: &EstimateRow) -> [Option<f64>; 12] {
    [
        row.estimate,
        row.std_error,
        row.ci_low,
        row.ci_high,
        row.p_value,
        row.n,
        row.n_treated_post,
        row.observed,
        row.counterfactual,
        row.base,
        row.relative,
        row.relative_ci_low,
    ]
}

/// Whether every row of weighted units says what the main one does.
fn same_as_main(results: &Results, tolerance: f64) {
    let main = results.estimates.iter().filter(|row| row.analysis == "main");
    let mut rows = 0;
    for plain in main {
        let weighted = weighted(results, &plain.outcome, &plain.method);
        assert_eq!((plain.headline, plain.trend_holds), (weighted.headline, weighted.trend_holds));
        for (a, b) in numbers(plain).into_iter().zip(numbers(weighted)) {
            match (a, b) {
                (Some(a), Some(b)) => {
                    assert!(
                        (a - b).abs() <= tolerance * a.abs().max(1e-3),
                        "{plain:?} {weighted:?}"
                    );
                }
                (a, b) => assert_eq!(a, b, "{plain:?} {weighted:?}"),
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 20, "two outcomes by ten methods");
}

#[test]
fn every_outcome_and_method_has_a_row_beside_the_main_one() {
    let results = of(&[]);
    let rows = |analysis: &str| -> Vec<(&str, &str, &str)> {
        let of = results.estimates.iter().filter(|row| row.analysis == analysis);
        of.map(|row| (row.outcome.as_str(), row.comparison.as_str(), row.method.as_str())).collect()
    };
    assert_eq!(rows("linkage_weighted"), rows("main"));
    assert_eq!(rows("main").len(), 20);
    for outcome in ["home", "cost"] {
        let (plain, other) =
            (row(&results, outcome, "main", "cr3"), weighted(&results, outcome, "cr3"));
        assert_eq!((plain.n, plain.clusters), (other.n, other.clusters), "N stays");
        assert_eq!(plain.trend_holds, other.trend_holds);
        assert_ne!(plain.estimate, other.estimate);
    }
    let checks: Vec<&str> = results.trend_checks.iter().map(|c| c.outcome.as_str()).collect();
    assert_eq!(checks, ["home", "cost"], "trends are not checked again");
}

#[test]
fn a_study_that_does_not_ask_is_as_it_was() {
    let plain = of(&[(
        "[linkage_weights]\nlinks = [\"person\"]\nby = [\"period\", \"place\"]\nmin_stratum = 10\n",
        "",
    )]);
    let asked = of(&[]);
    assert!(plain.linkage_weights.is_empty() && plain.linkage_weight_facts.is_none());
    let others: Vec<_> =
        asked.estimates.iter().filter(|row| row.analysis != "linkage_weighted").collect();
    // another protocol has another seed, so that what is drawn differs
    let drawn = |row: &EstimateRow| row.method.starts_with("wild") || row.method == "ferman_pinto";
    for (a, b) in plain.estimates.iter().zip(&others) {
        assert!(drawn(a) || a == *b, "{a:?} {b:?}");
    }
    assert_eq!(plain.estimates.len(), others.len());
}

#[test]
fn weights_and_estimates_are_those_of_plain_loops() {
    for own in [false, true] {
        let results = if own { of(&[OWN]) } else { of(&[]) };
        let study = twin::Study::new(BIRTHS, PERSONS, 10);
        let strata: Vec<(u64, u64, u64)> =
            results.linkage_weights.iter().map(|s| (s.eligible, s.linked, s.units)).collect();
        let mut theirs = study.strata();
        let mut ours = strata.clone();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
        let spread = study.spread();
        let facts = facts(&results);
        let found = [facts.smallest, facts.median, facts.largest, facts.effective];
        for (ours, theirs) in found.into_iter().zip(spread) {
            close(ours, theirs, 1e-12, "spread");
        }
        for outcome in ["home", "cost"] {
            let (estimate, std_error, n) = study.effect(outcome, own);
            let ours = weighted(&results, outcome, "cr0");
            close(ours.estimate, estimate, ESTIMATE, outcome);
            close(ours.std_error, std_error, STD_ERROR, outcome);
            assert_eq!(ours.n, Some(n), "{outcome}");
        }
    }
}

#[test]
fn another_program_finds_the_same() {
    let reference: serde_json::Value = serde_json::from_str(REFERENCE).expect("reference");
    let cases = reference["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let own = case["own_weights"].as_bool().expect("flag");
        let results = if own { of(&[OWN]) } else { of(&[]) };
        let outcome = case["outcome"].as_str().expect("outcome");
        let number = |name: &str| case[name].as_f64().expect("number");
        let ours = weighted(&results, outcome, "cr1");
        close(ours.estimate, number("estimate"), ESTIMATE, outcome);
        close(ours.estimate, number("estimate_pyfixest"), ESTIMATE, outcome);
        close(ours.std_error, number("cr1_fixest"), STD_ERROR, outcome);
        close(weighted(&results, outcome, "cr0").std_error, number("cr0"), STD_ERROR, outcome);
        assert_eq!(ours.n, Some(number("n")));
    }
}

#[test]
fn where_everybody_is_linked_the_weights_are_one_and_change_nothing() {
    let ages = (1..=1160).map(|n| format!("{n:04},{}.5\n", 20 + n % 17));
    let persons = format!("number,age\n{}", ages.collect::<String>());
    let results = with(&changed(&[]), BIRTHS, &persons);
    assert!(results.linkage_weights.iter().all(|s| s.weight == Some(1.0) && s.rate == Some(1.0)));
    let facts = facts(&results);
    assert_eq!((facts.smallest, facts.largest), (Some(1.0), Some(1.0)));
    assert_eq!(facts.effective, Some(facts.units as f64));
    same_as_main(&results, 1e-12);
}

#[test]
fn where_all_rates_are_equal_nothing_changes() {
    let one = of(&[("min_stratum = 10", "min_stratum = 100000")]);
    assert_eq!(one.linkage_weights.len(), 1);
    assert_eq!(one.linkage_weights[0].stratum, ["all"]);
    assert!(facts(&one).smallest.is_some_and(|weight| weight > 1.05));
    let (units, effective) = (facts(&one).units as f64, facts(&one).effective);
    close(effective, units, 1e-12, "as many as there are");
    // the wild bootstrap visits every assignment of signs of eight clusters: nothing is drawn
    same_as_main(&one, 1e-9);
    for outcome in ["home", "cost"] {
        for method in ["cr0", "cr1", "cr3"] {
            let (plain, ours) =
                (row(&one, outcome, "main", method), weighted(&one, outcome, method));
            close(ours.estimate, plain.estimate.expect("number"), ESTIMATE, outcome);
            close(ours.std_error, plain.std_error.expect("number"), STD_ERROR, outcome);
        }
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_number_of_threads_matters() {
    let plain = of(&[]);
    let (head, rows) = BIRTHS.split_once('\n').expect("header");
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let turned = with(&changed(&[]), &format!("{head}\n{}\n", rows.join("\n")), PERSONS);
    assert_eq!(plain.linkage_weights, turned.linkage_weights);
    for outcome in ["home", "cost"] {
        let ours = weighted(&turned, outcome, "cr1");
        let theirs = weighted(&plain, outcome, "cr1");
        close(ours.estimate, theirs.estimate.expect("number"), ESTIMATE, outcome);
        close(ours.std_error, theirs.std_error.expect("number"), STD_ERROR, outcome);
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("threads");
    assert_eq!(one.install(|| of(&[])), plain);
}

#[test]
fn nobody_stands_for_a_stratum_without_links_and_that_is_told() {
    let results = of(&[]);
    let nobody: Vec<_> = results.linkage_weights.iter().filter(|s| s.weight.is_none()).collect();
    assert_eq!(nobody.len(), 1);
    assert_eq!(nobody[0].stratum, ["period=2011", "place=other"]);
    assert_eq!((nobody[0].linked, nobody[0].units, nobody[0].rate), (0, 0, Some(0.0)));
    let all = results.linkage_weights.iter().find(|s| s.stratum == ["period=2012", "place=home"]);
    let all = all.expect("stratum");
    assert_eq!((all.weight, all.eligible), (Some(1.0), all.linked), "everybody is found there");
    let facts = facts(&results);
    assert_eq!((facts.unrepresented, facts.unrepresented_units), (1, nobody[0].eligible));
    let finding = results.findings.iter().find(|f| f.id == "linkage_weights_nobody").expect("told");
    assert_eq!(finding.statistic, Some(nobody[0].eligible as f64));
    assert!(finding.message.contains(&nobody[0].eligible.to_string()), "{finding:?}");
}

#[test]
fn small_strata_are_shown_merged_only() {
    let results = of(&[]);
    let merged: Vec<_> =
        results.linkage_weights.iter().filter(|s| !s.merged_from.is_empty()).collect();
    assert_eq!(merged.len() as u64, facts(&results).merged);
    assert!(!merged.is_empty());
    assert!(merged.iter().all(|s| s.merged_from.len() > 1 && s.eligible >= 10), "{merged:?}");
    assert!(results.linkage_weights.iter().all(|s| s.eligible >= 10));
}

#[test]
fn weights_above_the_largest_are_trimmed_and_counted() {
    let plain = of(&[]);
    let above = |s: &&verschil_study::results::LinkageWeightRow| s.weight > Some(1.25);
    let strata = plain.linkage_weights.iter().filter(above).count() as u64;
    let units: u64 = plain.linkage_weights.iter().filter(above).map(|s| s.units).sum();
    assert!(strata > 0);
    let trimmed = of(&[("min_stratum = 10", "min_stratum = 10\nmax_weight = 1.25")]);
    let facts = facts(&trimmed);
    assert_eq!((facts.trimmed, facts.trimmed_units, facts.largest), (strata, units, Some(1.25)));
}

#[test]
fn units_of_the_population_without_a_link_are_left_out_and_counted() {
    // without the exclusion and the covariate those who were not found stay
    let not_found = "[[population.exclude]]\nid = \"not_in_persons\"\nlabel = \"Not found\"\nwhere = \"NOT person.linked\"\n";
    let age = "[[covariate]]\nid = \"age\"\nkind = \"numeric\"\nvalue = \"person.age\"\nlabel = \"Age\"\n";
    let results = of(&[(not_found, ""), (age, "")]);
    let population = results.attrition.last().expect("step").after;
    let facts = facts(&results);
    assert!(facts.unlinked > 0);
    assert_eq!(facts.units + facts.unlinked, population);
    let (plain, other) = (row(&results, "home", "main", "cr3"), weighted(&results, "home", "cr3"));
    assert_eq!((plain.n, other.n), (Some(population as f64), Some(facts.units as f64)));
    let finding = results.findings.iter().find(|f| f.id == "linkage_weights_unlinked");
    assert_eq!(finding.expect("told").statistic, Some(facts.unlinked as f64));
}

#[test]
fn the_cache_keeps_the_weighted_sums() {
    let folder = TempDir::new().expect("temporary folder");
    write(folder.path(), PROTOCOL, BIRTHS, PERSONS);
    let once = |protocol: &str| {
        std::fs::write(folder.path().join("protocol.toml"), protocol).expect("written");
        let request = Request {
            protocol: folder.path().join("protocol.toml"),
            out: folder.path().join("out"),
            cache: Some(folder.path().join("cache")),
            memory: None,
            formats: vec![ReportFormat::Html],
        };
        let cached = std::cell::Cell::new(false);
        let listen = |event| cached.set(cached.get() || event == verschil::run::Event::Cached);
        let results = run(&request, &listen).expect("runs").results;
        (results, cached.get())
    };
    let (first, was) = once(PROTOCOL);
    assert!(!was);
    let (again, was) = once(PROTOCOL);
    assert!(was && again == first);
    let (other, was) = once(&changed(&[("min_stratum = 10", "min_stratum = 60")]));
    assert!(!was && other.linkage_weights != first.linkage_weights);
}

#[test]
fn with_nobody_linked_the_run_stops_as_before() {
    let problems = data_problems(try_with(PROTOCOL, BIRTHS, "number,age\n9999,30.5\n"));
    assert!(problems.iter().any(|problem| problem.code == "nothing-linked"), "{problems:#?}");
}
