//! The maternity study from synthetic registries, small and with fewer years, in every format.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use verschil::run::{Event, Finished};
use verschil::synthesise::{CARD, Failure, Request, synthesise};
use verschil::write::ReportFormat;
use verschil_registry::Memory;
use verschil_registry::synth::{SynthFormat, SynthOptions};
use verschil_study::results::{EstimateRow, LinkageRate, MatchingRow, Results};

use crate::runs::{into, root};

/// The start, the transition, and as many years before as matching and a trend ask for.
const YEARS: (i64, i64) = (2014, 2018);
const CUTS: [(&str, &str); 8] = [
    ("years = [2008, 2021]", "years = [2014, 2018]"),
    ("first = 2008", "first = 2014"),
    ("last = 2021", "last = 2018"),
    ("periods = [2008, 2009, 2010, 2011, 2012, 2013, 2014]", "periods = [2014]"),
    ("window = [2013, 2016]", "window = [2014, 2016]"),
    (
        "methods = [\"cr1\", \"cr2\", \"cr3\", \"wild_wcr\", \"wild_wcr_s\", \"permutation\", \"permutation_matched\", \"ferman_pinto\"]",
        "methods = [\"cr3\", \"permutation_matched\"]\nper_region = false",
    ),
    ("placebo_starts = [2013]", "placebo_starts = [2015]"),
    ("first = [2008, 2011]\nlast = [2020, 2021]", "first = [2014]\nlast = [2018]"),
];
const CSV: &str = "\"]\nseparator = \";\"\ndecimal = \",\"\nencoding = \"windows-1252\"";

fn shipped() -> PathBuf {
    root().join("studies/geboortezorg")
}

fn options(format: SynthFormat) -> SynthOptions {
    SynthOptions { seed: 1, scale: 0.01, format, years: Some(YEARS) }
}

/// The study with its registries in a folder of its own.
pub fn study(format: SynthFormat) -> TempDir {
    let folder = TempDir::new().expect("temporary folder");
    let request = Request {
        study: shipped(),
        out: folder.path().join("registries"),
        options: options(format),
    };
    synthesise(&request, &|_| {}).expect("registries");
    let codelists = folder.path().join("codelists");
    std::fs::create_dir(&codelists).expect("folder");
    for entry in shipped().join("codelists").read_dir().expect("codelists") {
        let entry = entry.expect("entry");
        std::fs::copy(entry.path(), codelists.join(entry.file_name())).expect("copied");
    }
    for name in ["protocol.toml", "protocol_catchment.toml", "outcomes.toml", "regions.csv"] {
        std::fs::copy(shipped().join(name), folder.path().join(name)).expect("copied");
    }
    let text = |name: &str| std::fs::read_to_string(shipped().join(name)).expect(name);
    let (mut design, mut analysis) = (text("design.toml"), text("analysis.toml"));
    for (from, to) in CUTS {
        let holds = if design.contains(from) { &mut design } else { &mut analysis };
        assert!(holds.contains(from), "the study has no {from:?}");
        *holds = holds.replace(from, to);
    }
    let design = match format {
        SynthFormat::Parquet => design,
        SynthFormat::Csv => design.replace(".parquet\"]", &format!(".csv{CSV}")),
        SynthFormat::Sav => design.replace(".parquet\"]", ".sav\"]"),
    };
    std::fs::write(folder.path().join("analysis.toml"), analysis).expect("written");
    std::fs::write(folder.path().join("design.toml"), design).expect("written");
    folder
}

fn run(folder: &Path, protocol: &str) -> Finished {
    into(&folder.join(protocol), &folder.join("out")).expect("runs")
}

fn estimates(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("out/tables/estimates.csv")).expect("estimates")
}

fn controls<'a>(results: &'a Results, comparison: &str) -> BTreeSet<&'a str> {
    let chosen = |row: &&MatchingRow| row.comparison == comparison && row.role == "control";
    results.matching.iter().filter(chosen).map(|row| row.region.as_str()).collect()
}

/// The regions that the parameters make alike.
fn alike() -> BTreeSet<String> {
    let text = std::fs::read_to_string(shipped().join("synth_regions.csv")).expect("regions");
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[1] == "matched").map(|row| row[0].to_owned()).collect()
}

fn boxes_add_up(results: &Results) {
    let named: Vec<&str> = results.attrition.iter().map(|step| step.id.as_str()).collect();
    let ends = ["multiples", "early", "academic", "not_in_persons", "not_in_claims"];
    assert!(named.ends_with(&ends), "{named:?}");
    for pair in results.attrition.windows(2) {
        assert_eq!(pair[0].after, pair[1].before, "{}", pair[1].id);
        assert_eq!(pair[1].before - pair[1].excluded, pair[1].after, "{}", pair[1].id);
    }
    for id in ends.iter().chain(&["later_children"]) {
        let step = results.attrition.iter().find(|step| step.id == *id).expect("step");
        assert!(step.excluded > 0, "{id} leaves nobody out");
    }
}

fn linkage_is_told(results: &Results) {
    for link in ["person", "trajectory", "claims"] {
        let rates = || results.linkage_rates.iter().filter(move |rate| rate.link == link);
        let all = rates().find(|rate| rate.dimension == "all").expect("a rate of all");
        assert!(all.share.is_some_and(|share| share > 0.9 && share < 0.98), "{link}: {all:?}");
        for group in ["region_type", "place", "parity", "period"] {
            let units: u64 = rates().filter(|r| r.dimension == group).map(|r| r.units).sum();
            assert_eq!(units, all.units, "{link} by {group}");
        }
    }
    // the years of this test are of one delivery, which needs no comparing
    assert!(!results.linkage_rates.iter().any(|rate| rate.dimension.starts_with("delivery")));
    let place = results.subgroups.iter().find(|group| group.id == "place").expect("subgroup");
    assert_eq!(place.levels["4"].get("nl"), "ziekenhuis");
    let named = |rate: &&LinkageRate| rate.dimension == "place";
    for rate in results.linkage_rates.iter().filter(named) {
        assert!(place.levels.contains_key(&rate.level), "{rate:?}");
    }
    for covariate in ["background", "income", "education", "household", "urbanisation"] {
        let levels =
            &results.design.covariates.iter().find(|c| c.id == covariate).expect("it").levels;
        let rows = results.balance.iter().filter(|row| row.unit == "row");
        for row in rows.filter(|row| row.variable == covariate && row.level != "(missing)") {
            assert!(levels.contains_key(&row.level), "{row:?}");
        }
    }
    let persons = results.linkage_keys.iter().find(|keys| keys.link == "person").expect("keys");
    assert!(persons.duplicate_keys > 0 && persons.without_key > 0, "{persons:?}");
}

#[test]
fn the_study_runs_the_same_from_every_format() {
    let of = |format: SynthFormat| {
        let study = study(format);
        let finished = run(study.path(), "protocol.toml");
        (estimates(study.path()), finished, study)
    };
    let (parquet, csv, sav) = std::thread::scope(|scope| {
        let others =
            [SynthFormat::Csv, SynthFormat::Sav].map(|format| scope.spawn(move || of(format)));
        let parquet = of(SynthFormat::Parquet);
        let [csv, sav] = others.map(|other| other.join().expect("runs"));
        (parquet, csv, sav)
    });
    same_lines(&parquet.0, &csv.0, "text");
    same_lines(&parquet.0, &sav.0, ".sav");
    let Finished { results, refusals } = parquet.1;
    assert!(results.study.synthetic && !refusals);
    assert_eq!(results.outcomes.len(), 22);
    boxes_add_up(&results);
    linkage_is_told(&results);
    linked_stand_for_all(&results);
    identities_hold(&results);
    let alike = alike();
    let alike: BTreeSet<&str> = alike.iter().map(String::as_str).collect();
    assert_eq!(controls(&results, "matched"), alike);
    assert_eq!(controls(&results, "experts").len(), 7);
    assert_eq!(controls(&results, "vulnerable").len(), 20);
    within_matched_sets(&results);
    by_residence(parquet.2.path(), &results);
    within_a_limit(parquet.2.path(), &parquet.0);
}

/// Twenty controls for six treated regions: sets of four and five, in 4^4 * 5^2 ways.
fn within_matched_sets(results: &Results) {
    let of = |comparison: &str| -> Vec<&EstimateRow> {
        let here = |row: &&EstimateRow| {
            row.method == "permutation_matched"
                && (row.analysis.as_str(), row.model.as_str()) == ("main", "linear")
                && row.comparison == comparison
        };
        results.estimates.iter().filter(here).collect()
    };
    assert_eq!((of("matched").len(), of("experts").len()), (22, 22));
    let exact = |row: &&EstimateRow| row.note.contains("enumerated: 6400");
    assert_eq!(of("matched").iter().filter(|row| exact(row)).count(), 22);
    let refused = |row: &&EstimateRow| row.note.starts_with("refused_not_matched: ");
    assert_eq!(of("experts").iter().filter(|row| refused(row)).count(), 22);
}

fn same_lines(parquet: &str, other: &str, format: &str) {
    for (a, b) in parquet.lines().zip(other.lines()) {
        assert_eq!(a, b, "the estimates of {format} differ");
    }
    assert_eq!(parquet.lines().count(), other.lines().count());
}

/// The same estimates when the links do not fit in memory.
fn within_a_limit(folder: &Path, estimates: &str) {
    let memory = Memory::new(8 << 20, folder);
    let out = folder.join("limited");
    let request = verschil::run::Request {
        protocol: folder.join("protocol.toml"),
        out: out.clone(),
        cache: None,
        memory: Some(memory),
        formats: vec![ReportFormat::Html],
    };
    let disk = Cell::new(0);
    let listen = |event| {
        if let Event::OnDisk(bytes) = event {
            disk.set(bytes);
        }
    };
    verschil::run::run(&request, &listen).expect("runs");
    assert!(disk.get() > 100_000, "{} bytes went to disk", disk.get());
    let limited = std::fs::read_to_string(out.join("tables/estimates.csv")).expect("estimates");
    assert!(limited == estimates, "a limit of memory changes the estimates");
}

fn linked_stand_for_all(results: &Results) {
    let facts = results.linkage_weight_facts.as_ref().expect("weights");
    assert!(facts.linked < facts.eligible && facts.largest > Some(1.0), "{facts:?}");
    let population = results.attrition.last().expect("a step").after;
    assert_eq!((facts.units, facts.unlinked), (population, 0));
    let rows = |analysis: &str| {
        let of = |row: &&EstimateRow| {
            (row.comparison.as_str(), row.method.as_str()) == ("matched", "cr3")
                && (row.analysis.as_str(), row.model.as_str()) == (analysis, "linear")
        };
        results.estimates.iter().filter(of).count()
    };
    assert_eq!((rows("main"), rows("linkage_weighted")), (22, 22));
}

fn identities_hold(results: &Results) {
    assert_eq!(results.identities.len(), 6);
    for identity in &results.identities {
        assert!(identity.checked > 0 && identity.broken == 0, "{identity:?}");
    }
}

/// The same women, counted where they live.
fn by_residence(folder: &Path, given: &Results) {
    let lived = run(folder, "protocol_catchment.toml").results;
    assert_eq!(given.attrition[0].after, lived.attrition[0].after);
    let units = |results: &Results, region: &str| {
        let row = |row: &&MatchingRow| row.comparison == "matched" && row.region == region;
        results.matching.iter().find(row).expect("region").units_pre
    };
    let regions = ["IGO_A", "IGO_B", "IGO_C", "IGO_D", "IGO_E", "IGO_F"];
    assert!(regions.iter().any(|region| units(given, region) != units(&lived, region)));
    identities_hold(&lived);
}

#[test]
fn registries_replace_their_own_kind_only() {
    let folder = TempDir::new().expect("temporary folder");
    let out = folder.path().join("registries");
    let make = |format, years| {
        let options = SynthOptions { years: Some(years), ..options(format) };
        synthesise(&Request { study: shipped(), out: out.clone(), options }, &|_| {})
    };
    let names = || {
        let entries = out.read_dir().expect("folder").flatten();
        entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect::<BTreeSet<_>>()
    };
    make(SynthFormat::Parquet, (2013, 2014)).expect("made");
    let made = make(SynthFormat::Csv, (2014, 2014)).expect("made again");
    let mut expected: BTreeSet<String> = made.files.into_iter().map(|(name, _)| name).collect();
    expected.insert(CARD.to_owned());
    assert_eq!(names(), expected, "nothing is left of the earlier years and format");
    std::fs::write(out.join("thesis.txt"), "years of work").expect("file");
    let Err(Failure::Unwritten(problems)) = make(SynthFormat::Csv, (2014, 2014)) else {
        panic!("should be refused");
    };
    assert_eq!(problems[0].code, "not-ours");
    assert!(problems[0].found.contains("thesis.txt"), "{}", problems[0].found);
    std::fs::remove_file(out.join("thesis.txt")).expect("removed");
    let Err(Failure::Parameters(problems)) = make(SynthFormat::Csv, (1999, 2014)) else {
        panic!("should be refused");
    };
    assert_eq!(problems[0].code, "synth-years");
    assert_eq!(names(), expected, "the earlier registries stay");
    std::fs::remove_file(out.join(CARD)).expect("removed");
    let refused = make(SynthFormat::Csv, (2014, 2014));
    assert!(matches!(refused, Err(Failure::Unwritten(_))));
}
