//! The embedded engine: a DataFusion session that reads in one fixed order.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use tokio::runtime::{Builder, Runtime};
use verschil_study::Problem;

use crate::elsewhere;
use crate::memory::Memory;

/// Rows per batch: enough to sort by region and period within it, little enough for the cache.
pub(crate) const BATCH_ROWS: usize = 131_072;

/// Bytes that the engine may take for tables where the user sets no limit.
const POOL: usize = 1_932_735_283;

/// Stack of the threads that plan and read, in bytes.
const STACK: usize = 16 << 20;

/// Batches that wait between reading and what is done with them.
const WAITING: usize = 2;

/// Settings without which the SQL of this crate means something else.
pub(crate) fn dialect(config: SessionConfig) -> SessionConfig {
    let mut config = config.with_information_schema(false);
    let options = config.options_mut();
    options.execution.parquet.schema_force_view_types = false;
    // the base streams past its links, whatever their sizes: its order is that of the sums
    options.optimizer.join_reordering = false;
    options.sql_parser.map_string_types_to_utf8view = false;
    options.sql_parser.enable_ident_normalization = false;
    config
}

/// A session whose batches arrive in file order, so that sums are the same bits on every run.
pub(crate) fn session(memory: Option<&Memory>) -> Result<SessionContext, Problem> {
    let config =
        dialect(SessionConfig::new()).with_target_partitions(1).with_batch_size(BATCH_ROWS);
    let runtime =
        RuntimeEnvBuilder::new().with_memory_limit(memory.map_or(POOL, Memory::pool), 1.0);
    let runtime = match memory {
        None => runtime,
        // what the engine puts on disk it sums up in another order; we put parts there instead
        Some(_) => runtime.with_disk_manager_builder(
            DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled),
        ),
    };
    let runtime = runtime.build().map_err(|error| engine_problem(&error))?;
    Ok(SessionContext::new_with_config_rt(config, Arc::new(runtime)))
}

/// Threads of an engine; the caller's own does the summing. Expressions may be nested deeper than
/// usual stacks allow.
///
/// # Errors
/// A problem when the system gives no threads.
pub fn runtime(threads: usize) -> Result<Runtime, Problem> {
    let built = Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_stack_size(STACK)
        .enable_all()
        .build();
    built.map_err(|error| {
        Problem::error("engine", "the reading engine cannot start").found(error.to_string())
    })
}

/// Reads on the runtime's thread while the caller works on what was read.
pub(crate) fn stream(
    runtime: &Runtime,
    frame: DataFrame,
) -> Receiver<Result<RecordBatch, DataFusionError>> {
    let (sender, receiver) = sync_channel(WAITING);
    runtime.spawn(async move {
        match frame.execute_stream().await {
            Ok(mut stream) => {
                while let Some(batch) = stream.next().await {
                    let last = batch.is_err();
                    // the other end hangs up when it has met a problem
                    if sender.send(batch).is_err() || last {
                        break;
                    }
                }
            }
            Err(error) => drop(sender.send(Err(error))),
        }
    });
    receiver
}

/// Whether tables did not fit into the memory that they may take.
pub(crate) fn exhausted(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}

/// An error of the engine as a problem; the problem itself when one of our readers met it while
/// rows were streaming. The engine's own words are kept only where they speak of the query or of
/// lines: others show the value that could not be converted.
pub(crate) fn engine_problem(error: &DataFusionError) -> Problem {
    let root = error.find_root();
    if let DataFusionError::External(inner) = root
        && let Some(problem) = inner.downcast_ref::<Problem>()
    {
        return problem.clone();
    }
    let (found, hint) = told(root);
    Problem::error("engine", "the data cannot be read").found(found).hint(hint)
}

/// What went wrong, without a value, and the way out.
fn told(root: &DataFusionError) -> (String, &'static str) {
    let complete = "check that the file is complete and of the declared format";
    let value = "write TRY_CAST in the expression, which gives NULL where CAST fails";
    let found = match root {
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::CastError(_) | ArrowError::ParseError(_) => {
                return ("a value that cannot be converted".to_owned(), value);
            }
            ArrowError::DivideByZero => {
                let hint = "divide by NULLIF(x, 0), which gives NULL instead";
                return ("a division by zero".to_owned(), hint);
            }
            ArrowError::ArithmeticOverflow(_) => {
                let hint = "convert to DOUBLE before calculating";
                return ("a whole number that is too large".to_owned(), hint);
            }
            ArrowError::CsvError(text) => text.lines().next().unwrap_or_default().to_owned(),
            _ => "columns that do not hold together".to_owned(),
        },
        DataFusionError::ParquetError(_) => "a file that is not whole Parquet".to_owned(),
        DataFusionError::IoError(error) => error.kind().to_string(),
        DataFusionError::Execution(text) if elsewhere::failed(text) => {
            return elsewhere::told(text);
        }
        DataFusionError::Execution(_) => {
            return ("an expression that cannot be calculated for some row".to_owned(), value);
        }
        DataFusionError::ResourcesExhausted(_) => {
            let hint =
                "give it a limit, for instance --memory 4GB: what does not fit then goes to disk";
            return ("tables of links that do not fit in memory".to_owned(), hint);
        }
        DataFusionError::External(_) | DataFusionError::Internal(_) => {
            "an error within the engine".to_owned()
        }
        _ => root.strip_backtrace().lines().next().unwrap_or_default().to_owned(),
    };
    (found, complete)
}

/// The first row of a query of whole numbers; NULL is zero.
pub(crate) async fn first_row(session: &SessionContext, sql: &str) -> Result<Vec<i64>, Problem> {
    let run = async {
        let batches = session.sql(sql).await?.collect().await?;
        let Some(batch) = batches.first().filter(|batch| batch.num_rows() > 0) else {
            return Ok(Vec::new());
        };
        let mut row = Vec::new();
        for column in batch.columns() {
            let column = cast(column, &DataType::Int64)?;
            let column = column.as_primitive::<Int64Type>();
            row.push(if column.is_null(0) { 0 } else { column.value(0) });
        }
        Ok(row)
    };
    run.await.map_err(|error: DataFusionError| engine_problem(&error))
}
