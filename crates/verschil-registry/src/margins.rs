//! The same extract from counts alone, for an engine that gives rows in no order: what it is asked
//! for are whole numbers, by SQL that every engine of its kind knows.
//!
//! One query counts rows that are alike in all that is told of them beside the sums; their counts
//! go through the encoder as rows that stand for several. Two more ask for the margins that make
//! Grams: how many rows have each pair of levels, and what outcomes add up to at each level. However
//! many rows there are, what travels is a few numbers per region and period. Models that are not
//! linear need a fourth: rows that are alike in all covariates, counted and summed.

mod parts;
mod read;
mod sql;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use tokio::runtime::Runtime;
use verschil_stats::grams::{Batch, classes};
use verschil_study::{CovariateKind, Outcome, OutcomeKind, Place, Problem, Protocol};

use crate::Told;
use crate::encode::Encoder;
use crate::engine::{engine_problem, stream};
use crate::extract::{Extract, Step, Wanted, plan, steps};
use crate::inputs::Input;
use crate::link::{LinkKeys, nothing_linked};
use crate::query::Layout;
use read::{Margins, Summed};
use sql::Sums;

/// What a protocol asks that cannot be had from whole numbers, all of it.
pub(crate) fn problems(protocol: &Protocol) -> Vec<Problem> {
    let mut found = Vec::new();
    let problem = |place: &Place, what: &str, hint: &str| {
        Problem::error("not-by-margins", "a cluster adds up whole numbers only")
            .at(place)
            .found(what)
            .allowed("categorical covariates, and outcomes that are 0 or 1 or have value_decimals")
            .hint(hint)
    };
    for covariate in protocol.covariates.iter().filter(|c| c.kind == CovariateKind::Numeric) {
        let hint = "make classes of it: value = \"floor(age / 5)\", kind = \"categorical\"";
        found.push(problem(&covariate.place, "a numeric covariate", hint));
    }
    let loose = |outcome: &&Outcome| {
        outcome.kind != OutcomeKind::Binary && outcome.value_decimals.is_none()
    };
    for outcome in protocol.outcomes.iter().filter(loose) {
        let hint = "say what decimals its values have: value_decimals = 2 for euros with cents";
        found.push(problem(&outcome.place, "an outcome without value_decimals", hint));
    }
    if let Some(weights) = &protocol.weights {
        found.push(problem(&weights.value.place, "weights", "run it on one machine"));
    }
    found
}

/// What is asked of an engine.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The protocol.
    pub(crate) protocol: &'a Protocol,
    /// What the extract should hold.
    pub(crate) wanted: Wanted,
    /// The query over the population.
    pub(crate) pass: &'a str,
    /// Where its columns stand.
    pub(crate) layout: &'a Layout,
}

/// Reads the tables of a session, in whatever order its engine gives rows.
pub(crate) fn read(
    (runtime, session): (&Runtime, &SessionContext),
    Asked { protocol, wanted, pass, layout }: Asked<'_>,
    inputs: Vec<Input>,
    keys: Vec<LinkKeys>,
) -> Result<Extract, Vec<Problem>> {
    let fail =
        |error: DataFusionError| vec![engine_problem(&error).or_at(&protocol.population.place)];
    let asked = sql::alike(protocol, pass, layout);
    let mut encoder = Encoder::new(protocol, asked.layout);
    let (mut rows, mut missing) = (Batch::default(), BTreeSet::new());
    for batch in collect(runtime, session, asked.sql).map_err(fail)? {
        encoder.encode(&batch, &mut rows).map_err(|error| fail(error.into()))?;
        missing.extend(rows.missing.iter().copied());
    }
    let problems = encoder.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let sums = Sums::new(protocol, pass, layout, classes(protocol.outcomes.len(), &missing));
    let mut told = encoder.told();
    let unlinked = nothing_linked(session, protocol, &told.linkage, &keys);
    let unlinked: Vec<Problem> = runtime.block_on(unlinked).into_iter().collect();
    if !unlinked.is_empty() {
        return Err(unlinked);
    }
    let (rows, left_out, treated) =
        (encoder.rows, steps(protocol, &encoder), encoder.treated_regions());
    let ask = |sql: String| collect(runtime, session, sql).map_err(fail);
    let mut margins =
        Margins::read(&sums, &ask(sums.totals())?).map_err(|error| fail(error.into()))?;
    if wanted.cells {
        let alike = ask(sums.cells())?;
        margins.add_cells(&sums, &alike).map_err(|error| fail(error.into()))?;
    }
    let problems = margins.problems(protocol);
    if !problems.is_empty() {
        return Err(problems);
    }
    told.portions = margins.portions();
    let counts = stream(runtime, plan(runtime, session, sums.counts()).map_err(fail)?);
    let weighing = encoder.weighing();
    let names = encoder.dictionaries();
    let sums = margins.finish((protocol, &sums), &names, weighing, counts).map_err(fail)?;
    Ok(assembled(sums, (rows, left_out, treated), told, keys, inputs))
}

fn assembled(
    Summed { grams, reweighted, cells }: Summed,
    (rows, steps, treated): (u64, Vec<Step>, Option<Vec<String>>),
    told: Told,
    keys: Vec<LinkKeys>,
    inputs: Vec<Input>,
) -> Extract {
    Extract {
        grams,
        treated,
        rows,
        steps,
        told,
        keys,
        reweighted,
        register: Vec::new(),
        inputs,
        cells,
    }
}

/// All rows of a query.
fn collect(
    runtime: &Runtime,
    session: &SessionContext,
    sql: String,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    stream(runtime, plan(runtime, session, sql)?).into_iter().collect()
}
