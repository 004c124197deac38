//! Peak memory and time of the maternity study at several sizes, with and without a limit.
//!
//! Every run is a process of its own, so that its peak is its own. Registries are made once and
//! kept in the target folder. Figures stand in `docs/performance.md`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use verschil::run::{Event, Request, run};
use verschil::synthesise::{Request as Registries, synthesise};
use verschil::write::ReportFormat;
use verschil_registry::Memory;
use verschil_registry::synth::{SynthFormat, SynthOptions};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Limits that are tried; a dash is none.
const LIMITS: [&str; 3] = ["-", "4GB", "512MiB"];

/// The largest size that is run without a limit.
const FREE: f64 = 1.0;

/// What a child is called with before its protocol, folder and limit.
const CHILD: &str = "--one-run";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, protocol, out, limit] = arguments.as_slice()
        && first == CHILD
    {
        return child(Path::new(protocol), Path::new(out), limit);
    }
    let mut scales: Vec<f64> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    if scales.is_empty() {
        scales.push(FREE);
    }
    println!("| scale | limit | read | whole run | on disk | peak memory |");
    println!("|---|---|---|---|---|---|");
    for scale in scales {
        let study = study(scale);
        for limit in LIMITS.into_iter().filter(|limit| scale <= FREE || *limit != "-") {
            println!("| {scale} | {limit} | {} |", measured(&study, limit));
        }
    }
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies/geboortezorg")
}

/// A folder with the study and its registries at this size.
fn study(scale: f64) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("maternity-{scale}"));
    for part in ["", "codelists"] {
        std::fs::create_dir_all(folder.join(part)).expect("folder");
        for entry in shipped().join(part).read_dir().expect("study").flatten() {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), folder.join(part).join(entry.file_name()))
                    .expect("copied");
            }
        }
    }
    let out = folder.join("registries");
    if !out.exists() {
        let options = SynthOptions { seed: 2, scale, format: SynthFormat::Parquet, years: None };
        synthesise(&Registries { study: shipped(), out, options }, &|_| {}).expect("registries");
    }
    folder
}

/// One run in a process of its own: what it tells.
fn measured(study: &Path, limit: &str) -> String {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program)
        .arg(CHILD)
        .arg(study.join("protocol.toml"))
        .arg(study.join("out"))
        .arg(limit)
        .output()
        .expect("starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn child(protocol: &Path, out: &Path, limit: &str) {
    let scratch = protocol.parent().unwrap_or(Path::new("."));
    let memory = (limit != "-").then(|| Memory::parse(limit, scratch).expect("limit"));
    let request = Request {
        protocol: protocol.into(),
        out: out.into(),
        cache: None,
        memory,
        formats: vec![ReportFormat::Html],
    };
    let (disk, read) = (std::cell::Cell::new(0), std::cell::Cell::new(0.0));
    let begun = Instant::now();
    run(&request, &|event| match event {
        Event::OnDisk(bytes) => disk.set(bytes),
        Event::Stage(verschil::run::Stage::Estimate) => read.set(begun.elapsed().as_secs_f64()),
        _ => {}
    })
    .expect("runs");
    println!(
        "{:.0} s | {:.0} s | {:.1} GB | {}",
        read.get(),
        begun.elapsed().as_secs_f64(),
        gigabytes(disk.get()),
        peak().map_or("unknown".to_owned(), |bytes| format!("{:.2} GB", gigabytes(bytes)))
    );
}

#[allow(clippy::cast_precision_loss)]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

/// The most memory that this process has had resident, in bytes; Linux alone tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}
