//! What other tools may rely on.

use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;
use verschil_study::results::FunnelRegion;

use crate::runs::{files, into, root};
use crate::small::Study;

const FILES: [&str; 14] = [
    "results.json",
    "manifest.json",
    "report.nl.html",
    "report.en.html",
    "tables/estimates.csv",
    "tables/estimates.parquet",
    "tables/attrition.csv",
    "tables/clusters.csv",
    "tables/funnel.csv",
    "tables/linkage.csv",
    "tables/descriptives.csv",
    "tables/balance.csv",
    "tables/matching.csv",
    "tables/trend_checks.csv",
];

#[test]
fn a_run_writes_the_whole_contract() {
    let folder = TempDir::new().expect("temporary folder");
    let out = folder.path().join("od");
    into(&root().join("studies/organ_donations/protocol.toml"), &out).expect("runs");
    let written = files(&out);
    for name in FILES {
        assert!(written.get(name).is_some_and(|bytes| !bytes.is_empty()), "{name}");
    }
    assert!(written.keys().any(|name| name.starts_with("figures/") && name.ends_with(".svg")));
    let text = String::from_utf8(written["tables/estimates.csv"].clone()).expect("UTF-8");
    let header: Vec<&str> = text.lines().next().expect("header").split(',').collect();
    let promised = "outcome,domain,analysis,comparison,model,estimand,method,estimate,std_error,ci_low,\
        ci_high,p_value,n,n_treated_post,clusters,clusters_treated,observed,counterfactual,relative,\
        relative_ci_low,relative_ci_high,trend_holds,note,headline";
    assert_eq!(header[..24], promised.split(',').collect::<Vec<_>>());
}

#[test]
fn one_headline_per_effect_and_no_row_twice() {
    let study = Study::new();
    let results = study.run().expect("runs").results;
    let mut keys = BTreeSet::new();
    let mut headlines: BTreeMap<_, usize> = BTreeMap::new();
    for row in &results.estimates {
        let effect = (&row.outcome, &row.analysis, &row.comparison, &row.model);
        assert!(keys.insert((effect, &row.method)), "twice: {effect:?} {}", row.method);
        *headlines.entry(effect).or_default() += usize::from(row.headline);
    }
    assert!(headlines.values().all(|&count| count == 1), "{headlines:?}");
}

#[test]
fn funnels_count_what_levels_count() {
    let results = Study::new().run().expect("runs").results;
    let told: Vec<_> = results.funnels.iter().map(|f| (&*f.outcome, &*f.phase)).collect();
    assert_eq!(told, [("home", "pre"), ("home", "post")], "binary outcomes alone");
    for funnel in &results.funnels {
        assert_eq!((&*funnel.comparison, funnel.compared, &*funnel.note), ("rest", 8, ""));
        for arm in ["treated", "control"] {
            let periods = results.design.periods.iter().filter(|p| p.phase == funnel.phase);
            let periods: Vec<i64> = periods.map(|period| period.id).collect();
            let levels = results.levels.iter().filter(|level| {
                (&*level.outcome, &*level.comparison, &*level.arm) == ("home", "rest", arm)
                    && periods.contains(&level.period)
            });
            let (n, events) = levels.fold((0.0, 0.0), |(n, events), level| {
                (n + level.n, events + level.n * level.mean.expect("a mean"))
            });
            let regions = || funnel.regions.iter().filter(|region| region.role == arm);
            assert_eq!(n, regions().map(|region| region.n).sum::<f64>());
            let counted: f64 = regions().map(|region| region.events.expect("events")).sum();
            assert!((events - counted).abs() < 1e-6, "{events} {counted}");
        }
        let all = |get: fn(&FunnelRegion) -> f64| funnel.regions.iter().map(get).sum::<f64>();
        let centre = all(|region| region.events.expect("events")) / all(|region| region.n);
        assert!((funnel.centre.expect("a centre") - centre).abs() < 1e-12);
        for region in &funnel.regions {
            let (share, limits) = (region.share.expect("a share"), region.limits.expect("limits"));
            assert_eq!(share, region.events.expect("events") / region.n);
            let inside = limits.low_95 <= share && share <= limits.high_95;
            assert_eq!(region.class == "within", inside, "{region:?}");
        }
        assert!(funnel.limits.len() > 20 && funnel.limits.is_sorted_by_key(|limit| limit.n));
    }
}

#[test]
fn attrition_boxes_add_up() {
    let results = Study::new().run().expect("runs").results;
    let mut before = None;
    for step in &results.attrition {
        assert_eq!(step.before - step.excluded, step.after, "{}", step.id);
        assert!(before.is_none_or(|after| after == step.before), "{}", step.id);
        before = Some(step.after);
    }
    assert!(results.attrition.iter().any(|step| step.excluded > 0));
}

#[test]
fn one_and_two_threads_write_the_same_bytes() {
    let study = Study::new();
    let mut seen: Option<BTreeMap<String, Vec<u8>>> = None;
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
        let out = study.folder().join(format!("out{threads}"));
        pool.install(|| into(&study.protocol(), &out)).expect("runs");
        let mut written = files(&out);
        // the manifest holds the timings, and nothing else may differ
        written.remove("manifest.json").expect("manifest");
        match &seen {
            None => seen = Some(written),
            Some(first) => {
                assert_eq!(first.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
                for (name, bytes) in &written {
                    assert!(first[name] == *bytes, "{name} differs between 1 and 2 threads");
                }
            }
        }
    }
}

/// Whole numbers add up to the same, whatever comes first: levels, regions and amounts in cents.
#[test]
fn the_order_of_rows_changes_no_byte_of_the_estimates() {
    let study = Study::new()
        .with(
            "kind = \"numeric\"\nvalue = \"age\"",
            "kind = \"categorical\"\nvalue = \"floor(age / 5)\"",
        )
        .with("value = \"spending\"", "value = \"spending\"\nvalue_decimals = 2");
    let tables = |out: &str| {
        let out = study.folder().join(out);
        into(&study.protocol(), &out).expect("runs");
        let mut tables = files(&out.join("tables"));
        tables.retain(|name, _| name.ends_with(".csv"));
        tables
    };
    let first = tables("first");
    assert!(first.len() > 10 && first.contains_key("estimates.csv"));
    study.change_data(|text| {
        let (head, rows) = text.split_once('\n').expect("a head");
        let mut rows: Vec<&str> = rows.lines().collect();
        // far apart what was side by side
        rows.sort_by_key(|row| row.bytes().fold(7u64, |h, b| (h ^ u64::from(b)).wrapping_mul(31)));
        format!("{head}\n{}\n", rows.join("\n"))
    });
    for (name, bytes) in tables("second") {
        assert!(first[&name] == bytes, "{name} differs");
    }
}

#[test]
fn a_second_run_takes_the_kept_sums_and_gives_the_same_results() {
    use std::cell::Cell;
    use verschil::run::{Event, Request, run};
    let study = Study::new();
    let request = |out: &str| Request {
        protocol: study.protocol(),
        out: study.folder().join(out),
        cache: Some(study.folder().join("kept")),
        memory: None,
        formats: vec![verschil::write::ReportFormat::Html],
    };
    let fresh = run(&request("first"), &|_| {}).expect("runs").results;
    let cached = Cell::new(false);
    let again =
        run(&request("second"), &|event| cached.set(cached.get() || event == Event::Cached));
    assert!(cached.get());
    assert_eq!(fresh, again.expect("runs").results);
    // other data, other sums
    study.change_data(|text| text.replacen(",1,", ",0,", 1));
    let other = run(&request("third"), &|_| {}).expect("runs").results;
    assert_ne!(fresh.estimates, other.estimates);
}
