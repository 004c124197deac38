//! One look at the microdata: sources in, Grams and attrition out.

use std::path::Path;

use datafusion::arrow::datatypes::DataType;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use verschil_stats::cells::{CellBuilder, Cells};
use verschil_stats::grams::{Batch, GramBuilder, Grams, Shape, Weighting};
use verschil_study::{CovariateKind, OutcomeKind, Problem, Protocol, WeightKind};

use crate::encode::{Encoder, Told};
use crate::engine::{engine_problem, runtime, session, stream};
use crate::inputs::{Input, Storage, inputs};
use crate::link::{
    Engine, LinkKeys, check_keys, check_links, count_keys, joined, joined_within, nothing_linked,
};
use crate::memory::Memory;
use crate::query::Layout;
use crate::register::{Regions, RegisteredRegion};
use crate::reweigh::{Reweigher, Reweighted};
use crate::{cache, margins, query, sources};

/// Rows left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// An exclusion's id, or `missing_region`, `missing_period`, `outside_window`,
    /// `missing_weight`, `missing_covariate:ID`.
    pub id: String,
    /// Rows left out here.
    pub excluded: u64,
}

/// Everything that leaves the registries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extract {
    /// Sufficient statistics.
    pub grams: Grams,
    /// Regions that the protocol's condition finds to be treated, sorted; none without one.
    pub treated: Option<Vec<String>>,
    /// Rows read.
    pub rows: u64,
    /// Rows left out, in order; steps that left nothing out stand only when the protocol names
    /// them.
    pub steps: Vec<Step>,
    /// What was counted beside the sums.
    pub told: Told,
    /// For each link its keys that stand more than once.
    pub keys: Vec<LinkKeys>,
    /// The same sums with the linked rows weighted, where the protocol asks for it.
    pub reweighted: Option<Reweighted>,
    /// Regions of today, as the register has them.
    pub register: Vec<RegisteredRegion>,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Rows as codes, when they were asked for.
    #[serde(skip)]
    pub cells: Option<Cells>,
}

/// What an extract should hold beside the Grams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Rows as codes: only models that are not linear need them, and they grow with the rows.
    pub cells: bool,
}

/// What happens, for progress bars and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The files were read before with the same protocol; no row is read.
    Cached,
    /// So many rows have been prepared for linking within a limit of memory.
    Linking(u64),
    /// So many bytes of them did not fit in memory and went to disk for a while.
    OnDisk(u64),
    /// So many rows will be read, where the files tell.
    Total(u64),
    /// So many rows have been read.
    Rows(u64),
}

/// Reads the sources of a protocol that stands in `folder`.
///
/// # Errors
/// All problems of the data that could be found, each with its place in the protocol.
pub fn extract(
    protocol: &Protocol,
    folder: &Path,
    wanted: Wanted,
    kept: Option<&Path>,
    tell: &dyn Fn(Progress),
) -> Result<Extract, Vec<Problem>> {
    extract_within(protocol, folder, wanted, kept, None, tell)
}

/// [`extract`] within a limit of memory, which changes no bit of what it gives; none takes what it
/// needs.
///
/// # Errors
/// As [`extract`], and when the limit or the disk is too small.
pub fn extract_within(
    protocol: &Protocol,
    folder: &Path,
    wanted: Wanted,
    kept: Option<&Path>,
    memory: Option<&Memory>,
    tell: &dyn Fn(Progress),
) -> Result<Extract, Vec<Problem>> {
    let reading = Reading { protocol, folder, wanted, kept, tell };
    known(&reading, Storage::here(folder), |inputs| read(&reading, inputs, memory))
}

/// What is to be read of the microdata.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    /// Its folder.
    pub folder: &'a Path,
    /// What the extract should hold.
    pub wanted: Wanted,
    /// The folder of kept sums; none keeps nothing.
    pub kept: Option<&'a Path>,
    /// Listens to the progress.
    pub tell: &'a dyn Fn(Progress),
}

/// What was kept of the same files and protocol, or what is read now and then kept.
fn known(
    reading: &Reading<'_>,
    storage: Storage<'_>,
    read: impl FnOnce(Vec<Input>) -> Result<Extract, Vec<Problem>>,
) -> Result<Extract, Vec<Problem>> {
    let Reading { protocol, wanted, kept, tell, .. } = *reading;
    let inputs = inputs(protocol, storage)?;
    let key = cache::key(protocol, &inputs);
    if let Some(mut found) = kept.and_then(|kept| cache::load(kept, &key, wanted)) {
        tell(Progress::Cached);
        found.inputs = inputs;
        return Ok(found);
    }
    let extract = read(inputs)?;
    if let Some(kept) = kept {
        // a cache that cannot be written costs time later, never a result now
        if let Err(error) = cache::store(kept, &key, &extract) {
            tracing::warn!(%error, "the sums could not be kept for the next run");
        }
    }
    Ok(extract)
}

/// [`extract`] from counts and sums alone, as an engine elsewhere is asked for them: the same bits.
///
/// # Errors
/// As [`extract`], and where the protocol asks what cannot be had from whole numbers.
pub fn extract_by_margins(
    protocol: &Protocol,
    folder: &Path,
    wanted: Wanted,
) -> Result<Extract, Vec<Problem>> {
    accepted(margins::problems(protocol))?;
    let inputs = inputs(protocol, Storage::here(folder))?;
    let runtime = runtime(1).map_err(|problem| vec![problem])?;
    let session = session(None).map_err(|problem| vec![problem])?;
    let host = Host { runtime: &runtime, session: &session, shared: false };
    summed(&host, (protocol, wanted), folder, inputs)
}

/// [`extract`] by an engine elsewhere that the session speaks to, with the same bits. Its machines
/// see the files of the sources, Parquet all of them, under the paths that they have here, or in
/// buckets.
///
/// # Errors
/// As [`extract_by_margins`], and when the engine cannot be reached or fails.
pub fn extract_on(
    (runtime, session): (&Runtime, &SessionContext),
    reading: &Reading<'_>,
) -> Result<Extract, Vec<Problem>> {
    let Reading { protocol, wanted, tell, .. } = *reading;
    let foreign = protocol.sources.iter().filter_map(sources::foreign);
    accepted(margins::problems(protocol).into_iter().chain(foreign).collect())?;
    let folder = std::path::absolute(reading.folder).unwrap_or_else(|_| reading.folder.to_owned());
    let host = Host { runtime, session, shared: true };
    let storage = Storage::with_buckets(&folder, runtime, session);
    known(&Reading { folder: &folder, ..*reading }, storage, |inputs| {
        let extract = summed(&host, (protocol, wanted), &folder, inputs)?;
        tell(Progress::Rows(extract.rows));
        Ok(extract)
    })
}

fn accepted(problems: Vec<Problem>) -> Result<(), Vec<Problem>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// An engine, here or elsewhere.
struct Host<'a> {
    runtime: &'a Runtime,
    session: &'a SessionContext,
    /// Whether its tables are queries over files that other machines see.
    shared: bool,
}

fn summed(
    host: &Host<'_>,
    (protocol, wanted): (&Protocol, Wanted),
    folder: &Path,
    inputs: Vec<Input>,
) -> Result<Extract, Vec<Problem>> {
    let Host { runtime, session, .. } = *host;
    let scratch = scratch(None)?;
    let regions = register_all(host, protocol, folder, &inputs, &scratch)?;
    runtime.block_on(check_links(session, protocol))?;
    let keys = runtime.block_on(count_keys(session, protocol))?;
    let (pass, layout, _) = planned(runtime, session, protocol, &joined(protocol))?;
    let asked = margins::Asked { protocol, wanted, pass: &pass, layout: &layout };
    let extract = margins::read((runtime, session), asked, inputs, keys)?;
    Ok(Extract { register: regions.map_or_else(Vec::new, |r| r.regions()), ..extract })
}

fn read(
    reading: &Reading<'_>,
    inputs: Vec<Input>,
    memory: Option<&Memory>,
) -> Result<Extract, Vec<Problem>> {
    let Reading { protocol, folder, wanted, tell, .. } = *reading;
    let runtime = runtime(1).map_err(|problem| vec![problem])?;
    // only links ask for tables that grow with the rows
    let memory = memory.filter(|_| !protocol.population.links.is_empty());
    let scratch = scratch(memory)?;
    let session = session(memory).map_err(|problem| vec![problem])?;
    let host = Host { runtime: &runtime, session: &session, shared: false };
    let regions = register_all(&host, protocol, folder, &inputs, &scratch)?;
    runtime.block_on(check_links(&session, protocol))?;
    let (base, keys) = match memory {
        None => (joined(protocol), runtime.block_on(count_keys(&session, protocol))?),
        Some(memory) => {
            let (runtime, session, scratch) = (&runtime, &session, scratch.path());
            joined_within(&Engine { runtime, session, memory, scratch, tell }, protocol)?
        }
    };
    let (_, layout, frame) = planned(&runtime, &session, protocol, &base)?;
    if let Some(total) = protocol.base().and_then(|source| sources::rows(source, &inputs)) {
        tell(Progress::Total(total));
    }
    let batches = stream(&runtime, frame);
    let mut encoder = Encoder::new(protocol, layout);
    let (shape, steps_per_unit) = (shape(protocol), steps_per_unit(protocol));
    let cells = CellBuilder::new(&shape).in_steps(&steps_per_unit, &shape);
    let mut cells = wanted.cells.then_some(cells);
    let mut builder = GramBuilder::new(shape).in_steps(&steps_per_unit);
    let mut reweigher = Reweigher::new(protocol);
    let mut encoded = Batch::default();
    for batch in batches {
        let batch =
            batch.map_err(|e| vec![engine_problem(&e).or_at(&protocol.population.place)])?;
        encoder
            .encode(&batch, &mut encoded)
            .map_err(|e| vec![engine_problem(&e.into()).or_at(&protocol.population.place)])?;
        tell(Progress::Rows(encoder.rows));
        if encoder.overflow() {
            break;
        }
        if let Some(cells) = &mut cells {
            cells.push(&encoded);
        }
        reweigher.push(&encoded, &mut encoder);
        builder.push(&mut encoded, &encoder.level_counts());
    }
    let mut problems = encoder.problems();
    let told = encoder.told();
    if !encoder.overflow() {
        problems.extend(runtime.block_on(nothing_linked(&session, protocol, &told.linkage, &keys)));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (rows, steps, treated) =
        (encoder.rows, steps(protocol, &encoder), encoder.treated_regions());
    let weighing = encoder.weighing();
    let names = encoder.dictionaries();
    let cells = cells.map(|cells| cells.finish(&names));
    let (grams, register) =
        (builder.finish(&names), regions.map_or_else(Vec::new, |r| r.regions()));
    let reweighted = reweigher.finish(weighing, &names);
    Ok(Extract { grams, treated, rows, steps, told, keys, reweighted, register, inputs, cells })
}

/// A folder that goes again, whatever happens.
fn scratch(memory: Option<&Memory>) -> Result<TempDir, Vec<Problem>> {
    let made = match memory {
        None => TempDir::new(),
        Some(memory) => std::fs::create_dir_all(memory.folder()).and_then(|()| {
            tempfile::Builder::new().prefix(".verschil-parts-").tempdir_in(memory.folder())
        }),
    };
    made.map_err(|error| {
        vec![
            Problem::error("no-scratch", "the folder for temporary files cannot be made")
                .found(error.to_string())
                .hint("name another with --scratch"),
        ]
    })
}

/// Makes every source and the register known to the session; all their problems at once.
fn register_all(
    host: &Host<'_>,
    protocol: &Protocol,
    folder: &Path,
    inputs: &[Input],
    scratch: &TempDir,
) -> Result<Option<Regions>, Vec<Problem>> {
    let Host { runtime, session, shared } = *host;
    let mut problems = Vec::new();
    for source in &protocol.sources {
        let registered = if shared {
            runtime.block_on(sources::register_shared(session, source, inputs, scratch))
        } else {
            runtime.block_on(sources::register(session, source, inputs, scratch))
        };
        match registered {
            Ok(()) => problems.extend(runtime.block_on(check_keys(session, protocol, source))),
            Err(found) => problems.extend(found),
        }
    }
    let register = protocol.region.register.as_ref();
    let regions = register.map(|register| {
        let regions = Regions::read(register, folder)?;
        regions.register(runtime, session, register).map_err(|problem| vec![problem])?;
        Ok(regions)
    });
    match regions.transpose() {
        Ok(regions) if problems.is_empty() => Ok(regions),
        Ok(_) => Err(problems),
        Err(found) => Err(problems.into_iter().chain::<Vec<Problem>>(found).collect()),
    }
}

/// The pass over the population with its links: its SQL, where its columns stand, and its plan.
fn planned(
    runtime: &Runtime,
    session: &SessionContext,
    protocol: &Protocol,
    base: &str,
) -> Result<(String, Layout, DataFrame), Vec<Problem>> {
    let (sql, layout) = query::pass(protocol, base);
    let frame = plan(runtime, session, sql.clone())
        .map_err(|e| vec![engine_problem(&e).or_at(&protocol.population.place)])?;
    no_conditions(protocol, &layout, &frame)?;
    Ok((sql, layout, frame))
}

/// Identities that are neither true nor false.
fn no_conditions(
    protocol: &Protocol,
    layout: &Layout,
    frame: &DataFrame,
) -> Result<(), Vec<Problem>> {
    let identities = layout.identities.clone().zip(&protocol.identities);
    let problems: Vec<Problem> = identities
        .filter(|(at, _)| *frame.schema().field(*at).data_type() != DataType::Boolean)
        .map(|(_, identity)| {
            let message = format!("identity `{}` is no condition", identity.id);
            Problem::error("no-condition", message)
                .at(&identity.holds.place)
                .found("a value that is neither true nor false")
                .allowed("a condition over outcomes")
                .hint("write what must be equal: a = b + c")
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Plans on the runtime's thread: expressions may be nested deeper than the caller's stack allows.
pub(crate) fn plan(
    runtime: &Runtime,
    session: &SessionContext,
    sql: String,
) -> Result<DataFrame, DataFusionError> {
    let session = session.clone();
    let planned = runtime.spawn(async move { session.sql(&sql).await });
    runtime.block_on(planned).map_err(|error| DataFusionError::External(Box::new(error)))?
}

/// The shape of the rows that a protocol asks for.
#[must_use]
pub fn shape(protocol: &Protocol) -> Shape {
    Shape {
        categorical: protocol
            .covariates
            .iter()
            .map(|covariate| covariate.kind == CovariateKind::Categorical)
            .collect(),
        binary: protocol.outcomes.iter().map(|o| o.kind == OutcomeKind::Binary).collect(),
        weighting: match protocol.weights.as_ref().map(|weights| weights.kind) {
            None => Weighting::None,
            Some(WeightKind::Frequency) => Weighting::Frequency,
            Some(WeightKind::Analytic) => Weighting::Analytic,
        },
    }
}

/// For each outcome how many of its smallest steps make a unit, where the protocol says what
/// decimals its values have.
pub(crate) fn steps_per_unit(protocol: &Protocol) -> Vec<Option<f64>> {
    let decimals = protocol.outcomes.iter().map(|outcome| outcome.value_decimals);
    decimals.map(|decimals| decimals.map(|n| 10f64.powi(i32::from(n)))).collect()
}

pub(crate) fn steps(protocol: &Protocol, encoder: &Encoder) -> Vec<Step> {
    let named = protocol
        .population
        .exclusions
        .iter()
        .zip(&encoder.attrition.excluded)
        .map(|(exclusion, &excluded)| Step { id: exclusion.id.clone(), excluded });
    let reasons = ["missing_region", "missing_period", "outside_window", "missing_weight"];
    let incomplete = reasons
        .iter()
        .zip(encoder.attrition.incomplete)
        .map(|(id, excluded)| Step { id: (*id).to_owned(), excluded });
    let covariates = protocol
        .covariates
        .iter()
        .zip(&encoder.attrition.without_covariate)
        .map(|(c, &excluded)| Step { id: format!("missing_covariate:{}", c.id), excluded });
    let silent = incomplete.chain(covariates).filter(|step| step.excluded > 0);
    named.chain(silent).collect()
}
