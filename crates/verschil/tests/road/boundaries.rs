//! Outlines of regions: from the file that a protocol names to maps in the report.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use verschil::run::{Event, Failure, Request, run};
use verschil::write::ReportFormat;
use verschil_study::Problem;

use crate::runs::{protocol, shared};
use crate::small::Study;

/// Squares in metres beside each other, one per code.
fn squares(codes: &[&str]) -> String {
    let mut features = String::new();
    for (at, code) in codes.iter().enumerate() {
        let (x, e) = (100_000 + at * 10_000, 110_000 + at * 10_000);
        let comma = if at == 0 { "" } else { "," };
        write!(
            features,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\"}},\"geometry\":{{\
             \"type\":\"Polygon\",\"coordinates\":[[[{x},0],[{e},0],[{e},9000],[{x},9000],[{x},0]]]}}}}"
        )
        .expect("written");
    }
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}")
}

const DECLARED: &str =
    "[region.boundaries]\nfile = \"regions.geojson\"\nkey = \"code\"\n\n[period]";
const ALL: [&str; 8] = ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7"];

/// A study that names boundaries.
fn bounded(text: &str) -> Study {
    let study = Study::new().with("[period]", DECLARED);
    study.write("regions.geojson", text.as_bytes());
    study
}

fn warnings(study: &Study) -> Vec<Problem> {
    let warned = RefCell::new(Vec::new());
    let (protocol, out) = (study.protocol(), study.folder().join("out"));
    let listen = |event| {
        if let Event::Warning(problem) = event {
            warned.borrow_mut().push(*problem);
        }
    };
    run(
        &Request { protocol, out, cache: None, memory: None, formats: vec![ReportFormat::Html] },
        &listen,
    )
    .expect("runs");
    warned.into_inner()
}

fn verschil(arguments: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verschil"));
    command.args(arguments).output().expect("starts")
}

fn same(left: &Path, right: &Path, name: &str) {
    let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).expect(name);
    assert!(read(left) == read(right), "{name} differs");
}

#[test]
fn a_report_written_again_has_the_same_maps() {
    let study = bounded(&squares(&ALL));
    assert_eq!(warnings(&study), []);
    let (out, again) = (study.folder().join("out"), study.folder().join("again"));
    let done = verschil(&[Path::new("report"), &out, Path::new("--to"), &again]);
    assert!(done.status.success(), "{done:?}");
    for language in ["nl", "en"] {
        same(&out, &again, &format!("report.{language}.html"));
        same(&out, &again, &format!("figures/map_shapes.{language}.svg"));
    }
    let page = std::fs::read_to_string(again.join("report.nl.html")).expect("page");
    assert!(page.contains("figure-map_shapes"));
    let masked = study.folder().join("masked");
    let done = verschil(&[
        Path::new("report"),
        &out,
        Path::new("--to"),
        &masked,
        Path::new("--mask-regions"),
        Path::new("--report=html"),
    ]);
    assert!(done.status.success(), "{done:?}");
    let hidden = std::fs::read_to_string(masked.join("report.nl.html")).expect("page");
    for code in ALL {
        let shown = |page: &str| page.contains(&format!(">{code}<"));
        assert!(shown(&page) && !shown(&hidden), "{code}");
    }
    assert!(!masked.join("figures/map_shapes.nl.svg").exists());
    std::fs::write(out.join("boundaries.json"), "{").expect("written");
    let broken = verschil(&[Path::new("report"), &out, Path::new("--to"), &again]);
    assert_eq!(broken.status.code(), Some(3), "{broken:?}");
}

#[test]
fn regions_without_an_outline_are_listed_in_a_warning() {
    let study = bounded(&squares(&["R0", "R1", "R2", "R3", "R4", "R5"]));
    let warned = warnings(&study);
    let [problem] = &warned[..] else { panic!("{warned:#?}") };
    assert_eq!(problem.code, "regions-without-boundaries");
    assert_eq!(problem.found, "2 of 8: R6, R7");
    assert!(problem.file.ends_with("protocol.toml") && problem.place.is_some(), "{problem}");
    let map = study.folder().join("out/figures/map_shapes.en.svg");
    assert!(std::fs::read_to_string(map).expect("map").contains("evenodd"));
    let problem = warnings(&bounded(&squares(&["X", "Y"]))).remove(0);
    assert!(problem.hint.contains("right `key`"), "{problem}");
    assert_eq!(problem.allowed, "codes under `code`: X, Y");
}

#[test]
fn boundaries_that_cannot_be_read_stop_the_check_at_their_place() {
    let point = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    let cases = [
        ("no json".to_owned(), "boundaries-json"),
        ("{\"type\":\"Feature\"}".to_owned(), "boundaries-kind"),
        (point.to_owned(), "boundaries-empty"),
        (squares(&ALL).replace("\"code\"", "\"cod\""), "boundaries-code"),
        (String::new(), "unreadable-boundaries"),
    ];
    for (text, code) in cases {
        let study = bounded(&text);
        if text.is_empty() {
            std::fs::remove_file(study.folder().join("regions.geojson")).expect("removed");
        }
        let Err(Failure::Protocol(problems)) = study.run() else { panic!("{code}: runs") };
        let [problem] = &problems[..] else { panic!("{problems:#?}") };
        assert_eq!(problem.code, code);
        let place = problem.place.as_ref().expect("place");
        assert!(place.path == "region.boundaries" && place.line > 1, "{problem}");
        assert!(problem.found.starts_with("regions.geojson: "), "{problem}");
        assert!(!problem.allowed.is_empty() && !problem.hint.is_empty(), "{problem}");
        assert!(!study.folder().join("out").exists(), "nothing may be written");
        let check = verschil(&[Path::new("check"), &study.protocol()]);
        assert_eq!(check.status.code(), Some(2), "{check:?}");
    }
}

/// Real provinces in degrees and real births; the invented treatment is in three of them.
#[test]
fn provinces_of_a_real_study_are_drawn_as_they_lie() {
    let Some(shared) = shared() else { return };
    let shared = shared.canonicalize().expect("folder").display().to_string();
    let text = std::fs::read_to_string(protocol("nl_province")).expect("protocol");
    let file = format!("{shared}/data/nl_regions_2015_topojson/Provincie_2015_layer_q1e3.json");
    let declared =
        format!("[region.boundaries]\nfile = \"{file}\"\nkey = \"statcode\"\n\n[period]");
    let text = text.replace("../../../../../shared", &shared).replacen("[period]", &declared, 1);
    let folder = TempDir::new().expect("temporary folder");
    let protocol = folder.path().join("protocol.toml");
    std::fs::write(&protocol, text).expect("written");
    let out = folder.path().join("out");
    let warned = RefCell::new(Vec::new());
    let request = Request {
        protocol,
        out: out.clone(),
        cache: None,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    let finished = run(&request, &|event| {
        if let Event::Warning(problem) = event {
            warned.borrow_mut().push(problem.code);
        }
    });
    assert!(!finished.expect("runs").results.regions.is_empty());
    assert!(!warned.borrow().iter().any(|code| code.contains("boundaries")), "{warned:?}");
    let map = std::fs::read_to_string(out.join("figures/map_shapes.en.svg")).expect("map");
    assert_eq!(map.matches("evenodd").count(), 12, "one outline per province");
    let kept = std::fs::metadata(out.join("boundaries.json")).expect("outlines").len();
    assert!(kept < 200_000, "{kept}");
}
