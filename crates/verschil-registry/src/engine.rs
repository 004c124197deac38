//! The embedded engine: a DataFusion session that reads in one fixed order.

use std::sync::Arc;

use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use verschil_study::Problem;

/// Rows per batch: enough to sort by region and period within it, little enough for the cache.
pub(crate) const BATCH_ROWS: usize = 131_072;

/// A session whose batches arrive in file order, so that sums are the same bits on every run.
pub(crate) fn session() -> Result<SessionContext, Problem> {
    let mut config = SessionConfig::new()
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS)
        .with_information_schema(false);
    let options = config.options_mut();
    options.execution.parquet.schema_force_view_types = false;
    options.sql_parser.map_string_types_to_utf8view = false;
    options.sql_parser.enable_ident_normalization = false;
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_limit(2 << 30, 0.9)
        .build()
        .map_err(|error| engine_problem(&error))?;
    Ok(SessionContext::new_with_config_rt(config, Arc::new(runtime)))
}

/// An error of the engine as a problem, its first line only; the problem itself when one of our
/// readers met it while rows were streaming.
pub(crate) fn engine_problem(error: &DataFusionError) -> Problem {
    if let DataFusionError::External(inner) = error.find_root()
        && let Some(problem) = inner.downcast_ref::<Problem>()
    {
        return problem.clone();
    }
    let text = error.strip_backtrace();
    Problem::error("engine", "the data cannot be read")
        .found(text.lines().next().unwrap_or_default().to_owned())
        .hint("check that the file is complete and of the declared format")
}
