//! The study-shaped workload: 2.4 million rows, 22 outcomes, from Parquet to results.
//!
//! The table is made once and kept in the target folder. Figures stand in `docs/performance.md`.

use std::path::{Path, PathBuf};

use verschil::estimate::{estimate, options};
use verschil::layout::Layout;
use verschil::run::{Request, run};
use verschil::write::ReportFormat;
use verschil_registry::{ParquetColumn, Wanted, extract, write_parquet};
use verschil_stats::validate::rows::Numbers;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: usize = 2_400_000;
const REGIONS: u64 = 90;
const YEARS: u64 = 14;
const LEVELS: [(&str, u64); 7] = [
    ("age", 31),
    ("parity", 3),
    ("background", 5),
    ("income", 10),
    ("education", 4),
    ("urbanisation", 5),
    ("household", 4),
];
const OUTCOMES: usize = 22;

fn main() {
    divan::main();
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workload");
    std::fs::create_dir_all(&folder).expect("folder");
    if !folder.join("table.parquet").exists() {
        table(&folder.join("fresh.parquet"));
        std::fs::rename(folder.join("fresh.parquet"), folder.join("table.parquet"))
            .expect("rename");
    }
    for kind in ["", "other", "pooled"] {
        std::fs::write(folder.join(format!("w1{kind}.toml")), protocol(kind)).expect("protocol");
    }
    folder
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_precision_loss)]
fn table(path: &Path) {
    let mut numbers = Numbers(2024);
    let mut region = Vec::with_capacity(ROWS);
    let mut year = Vec::with_capacity(ROWS);
    let mut codes: Vec<Vec<i32>> = LEVELS.iter().map(|_| Vec::with_capacity(ROWS)).collect();
    let mut flags: Vec<Vec<Option<bool>>> =
        (1..OUTCOMES).map(|_| Vec::with_capacity(ROWS)).collect();
    let mut spending = Vec::with_capacity(ROWS);
    for _ in 0..ROWS {
        // regions differ in size by a factor of ten
        let r = numbers.below(REGIONS).min(numbers.below(REGIONS));
        let t = numbers.below(YEARS);
        region.push(r as i32);
        year.push(2008 + t as i64);
        let mut risk = 0.0;
        for ((_, levels), column) in LEVELS.iter().zip(&mut codes) {
            let level = numbers.below(*levels);
            risk += level as f64 / *levels as f64 - 0.5;
            column.push(level as i32);
        }
        let treated = r < 6 && t >= 10;
        for (k, column) in flags.iter_mut().enumerate() {
            let chance = 0.05 + 0.03 * k as f64 + 0.02 * risk - if treated { 0.01 } else { 0.0 };
            let value = numbers.share() < chance;
            // two outcomes have denominators of their own
            column.push((!(k == 2 && r.is_multiple_of(3) || k == 16 && value)).then_some(value));
        }
        let cost = 5_000.0 + 800.0 * risk + 3_000.0 * numbers.share();
        spending.push((t < 13).then_some(cost));
    }
    let names = |prefix: &str, n: u64| (0..n).map(|i| format!("{prefix}{i:02}")).collect();
    let mut columns = vec![
        ("region".to_owned(), ParquetColumn::Codes(names("R", REGIONS), region)),
        ("year".to_owned(), ParquetColumn::Integer(year)),
    ];
    for ((name, levels), column) in LEVELS.iter().zip(codes) {
        columns.push(((*name).to_owned(), ParquetColumn::Codes(names(name, *levels), column)));
    }
    for (k, column) in flags.into_iter().enumerate() {
        columns.push((format!("y{:02}", k + 1), ParquetColumn::Flag(column)));
    }
    columns.push(("y22".to_owned(), ParquetColumn::Number(spending)));
    let borrowed = columns.iter().map(|(name, column)| (name.as_str(), column.clone())).collect();
    write_parquet(path, borrowed).expect("written");
}

fn protocol(other: &str) -> String {
    use std::fmt::Write as _;
    let mut columns = vec!["region = \"text\"".to_owned(), "year = \"integer\"".to_owned()];
    columns.extend(LEVELS.iter().map(|(name, _)| format!("{name} = \"text\"")));
    columns.extend((1..OUTCOMES).map(|k| format!("y{k:02} = \"boolean\"")));
    columns.push("y22 = \"number\"".to_owned());
    let mut text = format!(
        "[study]\nid = \"w1\"\ntitle = \"W1\"\nquestion = \"How fast?\"\nintervention = \"it\"\n\
         units = \"rows\"\ndata = \"made up\"\n[sources.rows]\nfiles = [\"table.parquet\"]\n\
         columns = {{ {} }}\n[population]\nsource = \"rows\"\n[region]\nvalue = \"region\"\n\
         label = \"region\"\nplural = \"regions\"\n[period]\nvalue = \"year\"\nlabel = \"year\"\n",
        columns.join(", ")
    );
    for (name, _) in LEVELS {
        write!(text, "[[covariate]]\nid = \"{name}\"\nkind = \"categorical\"\nvalue = \"{name}\"\nlabel = \"{name}\"\n")
            .expect("a string takes all");
    }
    for k in 1..=OUTCOMES {
        let kind = if k == OUTCOMES { "continuous" } else { "binary" };
        write!(text, "[[outcome]]\nid = \"y{k:02}\"\nkind = \"{kind}\"\nvalue = \"y{k:02}\"\nbetter = \"lower\"\nlabel = \"y{k:02}\"\n")
            .expect("a string takes all");
    }
    let regions = |from: usize, to: usize| -> String {
        (from..to).map(|r| format!("\"R{r:02}\"")).collect::<Vec<_>>().join(", ")
    };
    let main = if other.is_empty() { regions(6, 26) } else { regions(60, 80) };
    write!(
        text,
        "[treatment]\nstart = 2018\ntransition = [2017]\nregions = [{}]\n\
         [[comparison]]\nid = \"matched\"\nlabel = \"matched\"\nmain = true\nregions = [{main}]\n\
         [[comparison]]\nid = \"expert\"\nlabel = \"expert\"\nregions = [{}]\n\
         [[comparison]]\nid = \"vulnerable\"\nlabel = \"vulnerable\"\nregions = [{}]\n\
         [trend_rule]\nperiods = [2008, 2009, 2010, 2011, 2012, 2013, 2014]\nmax_significant = 1\nalpha = 0.05\n\
         [analysis]\nreference_period = 2015\nmethods = [\"cr1\", \"cr3\", \"permutation\"]\n",
        regions(0, 6),
        regions(26, 33),
        regions(40, 60),
    )
    .expect("a string takes all");
    if other == "pooled" {
        let start = text.find("[[comparison]]\nid = \"expert\"").expect("comparison");
        let end = text.find("[trend_rule]").expect("rule");
        text.replace_range(start..end, "");
        let start = text.find("[trend_rule]").expect("rule");
        let end = text.find("[analysis]").expect("analysis");
        text.replace_range(start..end, "");
        text = text.replace(", \"permutation\"]", "]");
        text.push_str("per_region = false\nper_period = false\nevent_study = false\n");
    }
    text
}

fn go(folder: &Path, protocol: &str, cache: Option<PathBuf>) {
    let request = Request {
        protocol: folder.join(protocol),
        out: folder.join("out"),
        cache,
        memory: None,
        formats: vec![ReportFormat::Html],
    };
    run(&request, &|_| {}).expect("runs");
}

/// From Parquet to `estimates.csv` and the reports, nothing kept.
#[divan::bench(sample_count = 5)]
fn w1_from_parquet(bencher: divan::Bencher) {
    let folder = folder();
    bencher.bench_local(|| go(&folder, "w1.toml", None));
}

/// The whole workload with another comparison group, from kept sums.
#[divan::bench(sample_count = 5)]
fn w1_from_kept_sums(bencher: divan::Bencher) {
    let folder = folder();
    go(&folder, "w1.toml", Some(folder.join("kept")));
    bencher.bench_local(|| go(&folder, "w1other.toml", Some(folder.join("kept"))));
}

/// The pooled effect on all outcomes against another comparison group, CR1 and CR3, from sums in
/// memory: what a change of specification costs.
#[divan::bench(sample_count = 20)]
fn respecified_in_memory(bencher: divan::Bencher) {
    let folder = folder();
    let path = folder.join("w1pooled.toml");
    let protocol = verschil::run::plan(&path, &|_| {}).expect("protocol");
    let kept = folder.join("kept");
    let extract =
        extract(&protocol, &folder, Wanted::default(), Some(&kept), &|_| {}).expect("read");
    bencher.bench_local(|| {
        let layout = Layout::new(&protocol, &extract).expect("layout");
        estimate(&protocol, &extract.grams, &layout, &options(&protocol, 1)).rows.len()
    });
}
