//! A blind run shows nothing from the start on, and otherwise what an open run shows.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use tempfile::TempDir;
use verschil::run::{Event, Finished, Request, run, run_blind};
use verschil::write::ReportFormat;
use verschil_study::results::{EstimateRow, Results};

use crate::lock::{LOCK, change, done, refused};
use crate::robust::castle;
use crate::runs::{files, root, row};
use crate::small::Study;

fn blind(protocol: &Path, out: &Path) -> Finished {
    let cache = Some(out.with_file_name("kept"));
    let request = Request {
        protocol: protocol.into(),
        out: out.into(),
        cache,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    run_blind(&request, &|_| {}).unwrap_or_else(|failure| panic!("{failure:#?}"))
}

/// A number to so many digits, whatever it is written with.
fn digits(number: f64, digits: usize) -> String {
    format!("{:.*e}", digits - 1, number.abs())
}

/// Numbers that stand in a text: to nine digits those that are written with as many, to six those
/// that are written with six to eight.
fn numbers(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut whole, mut rounded) = (BTreeSet::new(), BTreeSet::new());
    let inside = |c: char| c.is_ascii_digit() || c == '.';
    for token in text.split(|c| !inside(c)) {
        let token = token.trim_matches('.');
        let count = token.replace('.', "").trim_start_matches('0').len();
        match token.parse::<f64>() {
            Ok(number) if count >= 9 => drop(whole.insert(digits(number, 9))),
            Ok(number) if count >= 6 => drop(rounded.insert(digits(number, 6))),
            _ => {}
        }
    }
    (whole, rounded)
}

fn is_post(row: &EstimateRow, start: i64) -> bool {
    let event = row.analysis.strip_prefix("event:").and_then(|t| t.parse::<i64>().ok());
    let placebo = row.analysis.starts_with("placebo:");
    !placebo && event.is_none_or(|t| t >= start)
}

/// Everything of an open run that a blind one must not tell.
fn secrets(open: &Results) -> Vec<f64> {
    let start = open.design.start;
    let mut found = Vec::new();
    for row in open.estimates.iter().filter(|row| is_post(row, start)) {
        found.extend([row.estimate, row.ci_low, row.ci_high, row.observed, row.counterfactual]);
        found.extend([row.relative, row.relative_ci_low, row.relative_ci_high]);
    }
    let after = open.levels.iter().filter(|row| row.period >= 2006);
    found.extend(after.map(|row| row.mean));
    let post = open.descriptives.iter().filter(|row| row.phase == "post");
    found.extend(post.flat_map(|row| [row.mean, row.sd]));
    found.extend(open.specifications.iter().map(|row| row.estimate));
    found.extend(open.curves.iter().flat_map(|row| [Some(row.median), Some(row.lowest)]));
    found.extend(open.honest.iter().flat_map(|row| [row.ci_low, row.ci_high, row.breakdown]));
    found.extend(open.clusters.iter().flat_map(|row| [Some(row.estimate), row.without]));
    found.extend(open.power.iter().map(|row| row.equivalence_p_value));
    found.into_iter().flatten().filter(|number| *number != 0.0).collect()
}

#[test]
fn no_number_from_the_start_on_is_in_any_file_of_a_blind_run() {
    let open = castle();
    let folder = TempDir::new().expect("temporary folder");
    blind(&root().join("studies/castle/protocol.toml"), &folder.path().join("out"));
    let files = files(folder.path());
    assert!(files.keys().any(|name| name.ends_with("estimates.parquet")));
    assert!(!files.keys().any(|name| name.contains("kept")), "a blind run keeps no sums");
    let secret = secrets(open);
    let to = |count| -> BTreeSet<String> { secret.iter().map(|n| digits(*n, count)).collect() };
    let (nine, six) = (to(9), to(6));
    assert!(nine.len() > 5_000, "{}", nine.len());
    for (name, bytes) in &files {
        let (whole, rounded) = numbers(&String::from_utf8_lossy(bytes));
        let told: Vec<_> = whole.intersection(&nine).chain(rounded.intersection(&six)).collect();
        assert!(told.is_empty(), "{name}: {told:?}");
    }
    // the same search finds them where they are, in full and rounded
    let full = numbers(&serde_json::to_string(open).expect("JSON")).0;
    assert!(nine.iter().filter(|number| !full.contains(*number)).count() < nine.len() / 100);
    let short: Vec<String> = secret.iter().map(|number| format!("{number:.6}")).collect();
    assert!(numbers(&short.join(" ")).1.intersection(&six).count() > 1_000);
}

#[test]
fn a_blind_run_tells_of_earlier_periods_what_an_open_one_does() {
    let open = castle();
    let folder = TempDir::new().expect("temporary folder");
    let finished = blind(&root().join("studies/castle/protocol.toml"), &folder.path().join("out"));
    assert!(!finished.refusals, "what is withheld is not refused");
    let results = &finished.results;
    assert!(results.provenance.blind && results.provenance.blocked.is_empty());
    assert_eq!(results.attrition, open.attrition);
    assert_eq!(results.balance, open.balance);
    assert_eq!((&results.regions, &results.matching), (&open.regions, &open.matching));
    assert_eq!((&results.linkage, &results.design), (&open.linkage, &open.design));
    assert_eq!(
        (&results.trend_checks, &results.trend_power),
        (&open.trend_checks, &open.trend_power)
    );
    let earlier = |results: &Results| -> Vec<EstimateRow> {
        let rows = results.estimates.iter().filter(|row| !is_post(row, open.design.start));
        rows.cloned().collect()
    };
    let rows = earlier(results);
    assert_eq!(rows, earlier(open));
    assert!(rows.iter().any(|row| row.analysis == "placebo:2003" && row.estimate.is_some()));
    let mains: Vec<&EstimateRow> =
        results.estimates.iter().filter(|row| is_post(row, open.design.start)).collect();
    // seven outcomes, two comparisons, ten methods
    assert_eq!(mains.len(), 7 * 2 * 10);
    for row in mains {
        assert_eq!((row.analysis.as_str(), row.estimate, row.p_value), ("main", None, None));
        assert!(row.note.starts_with("withheld_blind: "), "{}", row.note);
    }
    let (shown, whole) =
        (row(results, "robbery", "main", "cr3"), row(open, "robbery", "main", "cr3"));
    assert_eq!((shown.std_error, shown.df, shown.n), (whole.std_error, whole.df, whole.n));
    assert!(shown.std_error.is_some() && shown.headline);
    let found: Vec<_> = results.power.iter().map(|row| row.minimal_detectable_effect).collect();
    let wanted: Vec<_> = open.power.iter().map(|row| row.minimal_detectable_effect).collect();
    assert_eq!(found, wanted);
    let levels: Vec<_> = open.levels.iter().filter(|row| row.period < 2006).cloned().collect();
    assert_eq!(results.levels, levels);
    let before: Vec<_> =
        open.descriptives.iter().filter(|row| row.phase == "pre").cloned().collect();
    assert_eq!(results.descriptives, before);
}

/// Numbers of a blind run that come from t tests: those that no effect enters.
fn analytic(results: &Results) -> Vec<f64> {
    let mut found = Vec::new();
    let spending = |outcome: &str| outcome == "spending";
    for row in results.estimates.iter().filter(|row| spending(&row.outcome) && row.df.is_some()) {
        found.extend([row.estimate, row.std_error, row.ci_low, row.p_value]);
    }
    for row in results.power.iter().filter(|row| spending(&row.outcome)) {
        found.push(row.minimal_detectable_effect);
    }
    for row in results.trend_checks.iter().filter(|row| spending(&row.outcome)) {
        found.push(row.joint_statistic);
    }
    for row in results.trend_power.iter().filter(|row| spending(&row.outcome)) {
        found.extend([row.slope, row.slope_std_error, row.bound_max]);
    }
    found.into_iter().flatten().collect()
}

/// A larger effect on everybody treated changes nothing that a blind run tells by t tests: no
/// estimate and no standard error that it shows holds the effect.
#[test]
fn what_a_blind_run_tells_does_not_depend_on_the_effect() {
    let study = Study::new();
    let run = |out: &str| blind(&study.protocol(), &study.folder().join(out)).results;
    let first = run("first");
    study.change_data(|text| {
        let larger = |line: &str| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            let treated = ["R0", "R1", "R2"].contains(&cells[0].as_str());
            let after = cells[1].parse::<i64>().is_ok_and(|year| year >= 2015);
            if let (true, Ok(spending)) = (treated && after, cells[5].parse::<f64>()) {
                cells[5] = format!("{:.2}", spending + 750.0);
            }
            cells.join(",") + "\n"
        };
        text.lines().map(larger).collect()
    });
    let second = run("second");
    let (first, second) = (analytic(&first), analytic(&second));
    assert_eq!(first.len(), second.len());
    assert!(first.len() > 60, "{}", first.len());
    for (a, b) in first.iter().zip(&second) {
        // spending is some thousands of euros, so sums of squares lose as many digits
        assert!((a - b).abs() <= 1e-7 * a.abs().max(1e-3), "{a} {b}");
    }
}

/// A run, and the warnings that it gives.
fn warned(study: &Study) -> (Results, Vec<String>) {
    let told = RefCell::new(Vec::new());
    let cache = Some(study.folder().join("kept"));
    let out = study.folder().join("out");
    let request = Request {
        protocol: study.protocol(),
        out,
        cache,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    let listen = |event| {
        if let Event::Warning(problem) = event {
            told.borrow_mut().push(problem.to_string());
        }
    };
    let results = run(&request, &listen).expect("runs").results;
    (results, told.into_inner())
}

fn opened(study: &Study, more: &[&str]) -> String {
    let asked = ["unblind", "protocol.toml", "--author", "B. de Vries", "--reason", "agreed"];
    done(study, &asked.iter().chain(more).copied().collect::<Vec<_>>())
}

fn has_effect(results: &Results, outcome: &str) -> bool {
    results
        .estimates
        .iter()
        .any(|r| r.outcome == outcome && r.analysis == "main" && r.estimate.is_some())
}

/// A study that asks to be blind, in which the trend rule can say nothing of spending.
fn agreed() -> Study {
    Study::new()
        .with("id = \"small\"", "id = \"small\"\nblind = true")
        .with("better = \"lower\"", "better = \"lower\"\nfirst = 2013")
}

#[test]
fn a_study_that_asks_for_it_is_blind_until_its_results_are_opened() {
    let study = agreed();
    let (results, warnings) = warned(&study);
    assert!(results.provenance.blind && !has_effect(&results, "home"));
    assert!(!study.folder().join("kept").exists(), "a blind run keeps no sums");
    assert!(
        warnings.iter().any(|w| w.contains("warning[blind]") && w.contains("verschil unblind"))
    );
    let asked = ["unblind", "protocol.toml", "--author", "B", "--reason", "agreed"];
    refused(&study, &asked, 2, &["no-lock"]);
    done(&study, &LOCK);
    assert!(warned(&study).0.provenance.blind, "a lock opens nothing");
    let nobody = ["unblind", "protocol.toml", "--reason", "agreed"];
    refused(&study, &nobody, 2, &["no-author"]);
    let empty = ["unblind", "protocol.toml", "--author", "B", "--reason", " "];
    refused(&study, &empty, 2, &["no-reason"]);
    change(&study, "alpha = 0.05", "alpha = 0.1");
    refused(&study, &asked, 2, &["lock-differs"]);
    change(&study, "alpha = 0.1", "alpha = 0.05");
    assert!(opened(&study, &[]).contains("recorded that the results are opened"));
    assert!(opened(&study, &[]).contains("nothing is recorded"));
    let (results, _) = warned(&study);
    assert!(!results.provenance.blind && has_effect(&results, "home"));
    let lock = results.provenance.lock.as_ref().expect("a lock");
    assert_eq!((lock.unblindings.len(), lock.unblindings[0].author.as_str()), (1, "B. de Vries"));
    // who is asked to be blind is, whatever was opened
    let again = blind(&study.protocol(), &study.folder().join("again")).results;
    assert!(again.provenance.blind && !has_effect(&again, "home"));
    change(&study, "alpha = 0.05", "alpha = 0.1");
    let late =
        ["lock", "protocol.toml", "--author", "A", "--amend", "--reason", "r", "--seen", "nothing"];
    let told = refused(&study, &late, 2, &["seen-before"]);
    assert!(told.contains("--seen results"), "{told}");
}

#[test]
fn an_outcome_without_a_verdict_stays_blocked_until_that_is_accepted() {
    let study = agreed();
    done(&study, &LOCK);
    let out = study.folder().join("blind");
    blind(&study.protocol(), &out);
    let told = crate::lock::verschil(
        &study,
        &["unblind", "protocol.toml", "--author", "B", "--reason", "agreed", "--results", "blind"],
    );
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("warning[blocked]") && told.contains("found: spending"), "{told}");
    let (results, warnings) = warned(&study);
    assert_eq!(results.provenance.blocked, ["spending"]);
    assert!(has_effect(&results, "home") && !has_effect(&results, "spending"));
    assert!(warnings.iter().any(|w| w.contains("warning[blocked]") && w.contains("spending")));
    let headline = row(&results, "spending", "main", "cr3");
    assert!(headline.note.starts_with("withheld_gate: ") && headline.observed.is_none());
    let hidden = |outcome: &str| outcome == "spending";
    assert!(!results.levels.iter().any(|r| hidden(&r.outcome) && r.period >= 2014));
    assert!(!results.descriptives.iter().any(|r| hidden(&r.variable) && r.phase == "post"));
    assert!(results.descriptives.iter().any(|r| r.variable == "age" && r.phase == "post"));
    assert!(!results.clusters.iter().any(|r| hidden(&r.outcome)));
    assert!(!results.adjusted.iter().any(|r| hidden(&r.outcome)));
    assert!(
        results
            .estimates
            .iter()
            .all(|r| !hidden(&r.outcome) || r.estimate.is_none() || !is_post(r, 2015))
    );
    let asked =
        ["unblind", "protocol.toml", "--author", "B", "--reason", "few", "--accept-no-verdict"];
    let with = |id| asked.iter().copied().chain([id]).collect::<Vec<_>>();
    let told = refused(&study, &with("spendings"), 2, &["unknown-outcome"]);
    assert!(told.contains("did you mean `spending`?"), "{told}");
    done(&study, &with("spending"));
    let (results, warnings) = warned(&study);
    assert!(has_effect(&results, "spending") && results.provenance.blocked.is_empty());
    assert!(warnings.iter().all(|w| !w.contains("blocked")), "{warnings:?}");
    let lock = results.provenance.lock.as_ref().expect("a lock");
    assert_eq!(lock.unblindings[1].accepted, ["spending"]);
}

#[test]
fn without_a_trend_rule_no_outcome_of_a_blind_study_has_a_verdict() {
    let rule = "[trend_rule]\nperiods = [2010, 2011, 2012]\nmax_significant = 1\nalpha = 0.05\n";
    let study = agreed().with(rule, "");
    done(&study, &LOCK);
    opened(&study, &["--accept-no-verdict", "home"]);
    let (results, warnings) = warned(&study);
    assert_eq!(results.provenance.blocked, ["spending"]);
    assert!(has_effect(&results, "home") && !has_effect(&results, "spending"));
    assert!(warnings.iter().any(|w| w.contains("without [trend_rule]")), "{warnings:?}");
}

#[test]
fn results_of_another_protocol_open_nothing() {
    let study = agreed();
    done(&study, &LOCK);
    blind(&study.protocol(), &study.folder().join("blind"));
    change(&study, "alpha = 0.05", "alpha = 0.1");
    let asked = ["unblind", "protocol.toml", "--author", "B", "--reason", "r", "--results"];
    let with = |folder| asked.iter().copied().chain([folder]).collect::<Vec<_>>();
    refused(&study, &with("blind"), 2, &["other-protocol"]);
    refused(&study, &with("nowhere"), 3, &["unreadable-results"]);
}

#[test]
fn the_command_line_says_what_is_withheld() {
    let study = Study::new();
    let told = done(&study, &["run", "protocol.toml", "--out", "out", "--blind"]);
    assert!(
        told.contains("exploratory: there is no lock; blind: nothing from the start on is shown")
    );
    assert!(!study.folder().join(".verschil-cache").exists());
    let manifest =
        std::fs::read_to_string(study.folder().join("out/manifest.json")).expect("manifest");
    assert!(manifest.contains("\"blind\": true"));
    let again = done(&study, &["report", "out", "--to", "again"]);
    assert!(again.contains("again"));
    let page =
        std::fs::read_to_string(study.folder().join("again/report.en.html")).expect("report");
    assert!(page.contains("Blind run.") && page.contains("is not shown: the run is blind"));
}
