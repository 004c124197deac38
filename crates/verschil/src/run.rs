//! The road: protocol, cells, design, estimates, results, report.

use std::path::{Path, PathBuf};
use std::time::Instant;

use verschil_registry::{Extract, Memory, Progress, Reading, Wanted, extract_within};
use verschil_report::Boundaries;
use verschil_stats::inference::Options;
use verschil_study::results::{EstimateRow, Results, SCHEMA};
use verschil_study::{Problem, Protocol};

use crate::blind::{Sealed, Sight, withhold};
use crate::estimate::{Estimates, models};
use crate::facts::{linkage, places, weights};
use crate::layout::Layout;
use crate::lock::{Standing, status};
use crate::robust::Tests;
use crate::write::{Manifest, ReportFormat, Telling, Timing, Told, write};
use crate::{boundaries, estimate, facts};

/// What to run.
#[derive(Debug, Clone)]
pub struct Request {
    /// The protocol's file.
    pub protocol: PathBuf,
    /// The folder of the results.
    pub out: PathBuf,
    /// The folder of kept sums; none keeps nothing.
    pub cache: Option<PathBuf>,
    /// The limit of memory; none takes what it needs. The results do not depend on it.
    pub memory: Option<Memory>,
    /// What the report is written as.
    pub formats: Vec<ReportFormat>,
}

/// What happens on the way; progress bars and logs listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A warning about the protocol or the data.
    Warning(Box<Problem>),
    /// The sums were kept from an earlier run.
    Cached,
    /// So many rows have been prepared for linking within the limit of memory.
    Linking(u64),
    /// So many bytes did not fit in memory and went to disk for a while.
    OnDisk(u64),
    /// So many rows will be read, where the files tell.
    Total(u64),
    /// So many rows have been read.
    Rows(u64),
    /// A stage has begun.
    Stage(Stage),
}

/// The stages of the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The protocol is read and checked.
    Plan,
    /// The sources become cells.
    Read,
    /// Effects are estimated.
    Estimate,
    /// Results and report are written.
    Write,
}

impl Stage {
    /// Stable name, as in the manifest.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Read => "read",
            Self::Estimate => "estimate",
            Self::Write => "write",
        }
    }
}

/// Why a run did not end in results.
#[derive(Debug)]
pub enum Failure {
    /// The protocol has problems.
    Protocol(Vec<Problem>),
    /// The data have problems.
    Data(Vec<Problem>),
    /// The results could not be written; earlier ones are untouched.
    Unwritten(Box<Problem>),
}

/// What a finished run gives.
#[derive(Debug)]
pub struct Finished {
    /// The results, as written.
    pub results: Results,
    /// Whether something that the protocol asks for was refused.
    pub refusals: bool,
}

/// Reads and checks a protocol with the files that it includes, its lists of codes and its
/// boundaries, which stand relative to its folder.
///
/// # Errors
/// All its problems; an unreadable file is one.
pub fn plan(path: &Path, listen: &dyn Fn(Event)) -> Result<Protocol, Vec<Problem>> {
    planned(path, listen).map(|(protocol, _)| protocol)
}

fn planned(
    path: &Path,
    listen: &dyn Fn(Event),
) -> Result<(Protocol, Option<Boundaries>), Vec<Problem>> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|error| {
        vec![
            Problem::error("unreadable-protocol", "the protocol cannot be read")
                .found(format!("{name}: {error}")),
        ]
    })?;
    let text = String::from_utf8(text).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|&&b| b == b'\n')
            .count();
        vec![
            Problem::error("not-utf8", "the protocol is not UTF-8 text")
                .found(format!("{name}: bytes in line {line}"))
                .hint("save the file as UTF-8"),
        ]
    })?;
    let folder = folder_of(path);
    let load = |file: &str| std::fs::read_to_string(folder.join(file));
    let (protocol, warnings) = Protocol::parse_with(&name, &text, &load)?;
    warnings.into_iter().for_each(|warning| listen(Event::Warning(Box::new(warning))));
    let boundaries =
        boundaries::planned(&protocol, folder).map_err(|problems| -> Vec<Problem> {
            problems.into_iter().map(|problem| problem.in_file(&name)).collect()
        })?;
    Ok((protocol, boundaries))
}

/// The folder of a file; a bare name stands in the current one.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Runs a study from protocol to report.
///
/// # Errors
/// A [`Failure`]; whatever stood in the folder of the results is then untouched.
pub fn run(request: &Request, listen: &dyn Fn(Event)) -> Result<Finished, Failure> {
    run_on(request, false, &|reading| embedded(request, reading), listen)
}

/// Runs a study and withholds everything from the start on.
///
/// # Errors
/// As [`run`].
pub fn run_blind(request: &Request, listen: &dyn Fn(Event)) -> Result<Finished, Failure> {
    run_on(request, true, &|reading| embedded(request, reading), listen)
}

/// Reads the microdata.
pub type Read<'a> = &'a dyn Fn(&Reading<'_>) -> Result<Extract, Vec<Problem>>;

fn embedded(request: &Request, reading: &Reading<'_>) -> Result<Extract, Vec<Problem>> {
    let Reading { protocol, folder, wanted, kept, tell } = *reading;
    extract_within(protocol, folder, wanted, kept, request.memory.as_ref(), tell)
}

/// [`run`], or [`run_blind`], with the microdata read elsewhere.
///
/// # Errors
/// As [`run`].
pub fn run_on(
    request: &Request,
    blind: bool,
    read: Read<'_>,
    listen: &dyn Fn(Event),
) -> Result<Finished, Failure> {
    let mut clock = Clock::start(listen);
    let (protocol, boundaries) = planned(&request.protocol, listen).map_err(Failure::Protocol)?;
    let standing = Standing::new(&protocol, &request.protocol).map_err(Failure::Protocol)?;
    let sight = Sight::new(&protocol, &standing, blind);
    let asked = sight.asked(&protocol);
    let name = request.protocol.display().to_string();
    let in_file = |problems: Vec<Problem>| {
        Failure::Data(problems.into_iter().map(|problem| problem.in_file(&name)).collect())
    };
    clock.stage(Stage::Read);
    let folder = folder_of(&request.protocol);
    let wanted = Wanted { cells: models::needs_cells(&asked) };
    // kept sums hold what a blind run withholds
    let kept = request.cache.as_deref().filter(|_| sight != Sight::Blind);
    let tell = |progress| {
        listen(match progress {
            Progress::Cached => Event::Cached,
            Progress::Linking(rows) => Event::Linking(rows),
            Progress::OnDisk(bytes) => Event::OnDisk(bytes),
            Progress::Total(rows) => Event::Total(rows),
            Progress::Rows(rows) => Event::Rows(rows),
        });
    };
    let reading = Reading { protocol: &protocol, folder, wanted, kept, tell: &tell };
    let extract = read(&reading).map_err(in_file)?;
    let layout = Layout::new(&protocol, &extract).map_err(in_file)?;
    for warning in &layout.warnings {
        listen(Event::Warning(Box::new(warning.clone().in_file(&name))));
    }
    clock.stage(Stage::Estimate);
    let options = estimate::options(&protocol, facts::seed(&protocol));
    let estimates = estimated(&asked, &extract, &layout, &options, sight == Sight::Blind);
    let sealed = sight.sealed(&protocol, &estimates.trend_checks);
    if let Some(warning) = sealed.warning(blind, &protocol) {
        listen(Event::Warning(Box::new(warning.in_file(&name))));
    }
    let study =
        Ready { protocol: &protocol, asked, extract: &extract, layout: &layout, options: &options };
    let results = study.results(estimates, &standing, &sealed);
    let lacking = boundaries.as_ref();
    let lacking = lacking.and_then(|b| boundaries::without(&protocol, b, &results.regions));
    if let Some(warning) = lacking {
        listen(Event::Warning(Box::new(warning.in_file(&name))));
    }
    clock.stage(Stage::Write);
    let manifest = Manifest::new(&results, extract.rows, clock.timings());
    let told = Told { results: &results, boundaries: boundaries.as_ref() };
    let telling = Telling { languages: &protocol.report.languages, formats: &request.formats };
    let warnings = write(told, telling, &manifest, &request.out)
        .map_err(|problem| Failure::Unwritten(Box::new(problem)))?;
    warnings.into_iter().for_each(|warning| listen(Event::Warning(Box::new(warning))));
    let refused = |row: &EstimateRow| {
        row.headline && row.estimate.is_none() && !row.note.starts_with("withheld")
    };
    let refusals = results.estimates.iter().any(refused);
    Ok(Finished { results, refusals })
}

/// Everything that is asked for; a blind run leaves out all that is about the time from the start
/// on alone.
fn estimated(
    asked: &Protocol,
    extract: &Extract,
    layout: &Layout,
    options: &Options,
    blind: bool,
) -> Estimates {
    let grams = &extract.grams;
    let mut estimates = estimate::estimate(asked, grams, layout, options);
    if let Some(reweighted) = extract.reweighted.as_ref().filter(|_| !blind) {
        estimates.add_linkage_weighted(asked, &reweighted.grams, layout, options);
    }
    if let Some(cells) = extract.cells.as_ref().filter(|_| !blind) {
        estimates.add_models(&models::Data { protocol: asked, grams, cells, layout, options });
    }
    estimates.add_synthetic(asked, grams, layout, options);
    estimates
}

/// A study that has been read and laid out.
struct Ready<'a> {
    protocol: &'a Protocol,
    /// The protocol as far as this run may ask it.
    asked: Protocol,
    extract: &'a Extract,
    layout: &'a Layout,
    options: &'a Options,
}

impl Ready<'_> {
    /// What is written: nothing that is sealed.
    fn results(&self, estimates: Estimates, standing: &Standing, sealed: &Sealed) -> Results {
        let rows = withhold::estimates(estimates.rows, sealed);
        let mut results = self.collect(Estimates { rows, ..estimates });
        let lock = standing.facts();
        let provenance = &mut results.provenance;
        status(lock.as_ref()).clone_into(&mut provenance.status);
        provenance.locked = provenance.status != "exploratory";
        provenance.lock = lock;
        provenance.blind = sealed.blind;
        provenance.blocked = sealed.blocked();
        withhold::results(results, sealed)
    }

    fn collect(&self, estimates: Estimates) -> Results {
        let Self { protocol, extract, layout, options, .. } = *self;
        let (grams, seed) = (&extract.grams, options.seed);
        let mut balance = places::region_balance(protocol, extract, layout);
        balance.extend(facts::balance(protocol, grams, layout));
        let mut findings = facts::findings(protocol, grams, layout);
        findings.extend(estimates.findings);
        findings.extend(weights::findings(protocol, extract));
        let sums = (grams, extract.cells.as_ref());
        let tests = Tests::new(&self.asked, sums, layout, options, &estimates.rows);
        Results {
            schema: SCHEMA.to_owned(),
            study: facts::study(protocol),
            provenance: facts::provenance(protocol, seed, extract),
            design: facts::design(protocol, extract, layout),
            outcomes: facts::outcomes(protocol),
            levels: facts::levels(protocol, grams, layout),
            funnels: facts::funnels(protocol, grams, layout),
            attrition: facts::attrition(protocol, extract),
            linkage: linkage::sources(protocol, extract),
            matching: places::matching(protocol, grams, layout),
            descriptives: facts::descriptives(protocol, grams, layout),
            balance,
            estimates: estimates.rows,
            trend_checks: estimates.trend_checks,
            clusters: estimates.clusters,
            findings,
            links: linkage::links(protocol),
            subgroups: linkage::subgroups(protocol),
            linkage_rates: linkage::rates(protocol, extract),
            linkage_balance: linkage::balance(protocol, extract),
            linkage_keys: linkage::keys(protocol, extract),
            linkage_weight_facts: weights::facts(protocol, extract),
            linkage_weights: weights::strata(protocol, extract),
            identities: linkage::identities(protocol, extract),
            regions: places::regions(protocol, extract, layout),
            matching_facts: places::matching_facts(protocol, layout),
            specifications: tests.specifications,
            curves: tests.curves,
            characteristics: places::characteristics(protocol, extract, layout),
            trajectories: places::trajectories(protocol, extract, layout),
            adjusted: tests.adjusted,
            power: tests.power,
            trend_power: tests.trend_power,
            bands: tests.bands,
            honest: tests.honest,
            synthetic_weights: estimates.synthetic_weights,
        }
    }
}

/// Tells the stages and times them.
struct Clock<'a> {
    listen: &'a dyn Fn(Event),
    began: Vec<(Stage, Instant)>,
}

impl<'a> Clock<'a> {
    fn start(listen: &'a dyn Fn(Event)) -> Self {
        let mut clock = Self { listen, began: Vec::new() };
        clock.stage(Stage::Plan);
        clock
    }

    fn stage(&mut self, stage: Stage) {
        (self.listen)(Event::Stage(stage));
        self.began.push((stage, Instant::now()));
    }

    fn timings(&self) -> Vec<Timing> {
        self.began
            .windows(2)
            .map(|pair| Timing {
                stage: pair[0].0.id().to_owned(),
                seconds: pair[1].1.duration_since(pair[0].1).as_secs_f64(),
            })
            .collect()
    }
}
