//! Rows of a key added up before they are put into parts, where that changes no bit.

use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::Result;
use datafusion::functions_aggregate::sum::sum;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{SessionConfig, SessionContext, ident};
use tokio::runtime::{Builder, Runtime};
use verschil_study::Link;

use super::split::typed;
use crate::engine::BATCH_ROWS;

/// Batches after which it must be plain that many rows share a key.
const TRIED: usize = 4;

/// Adds up the rows of equal keys within a batch: a link of sums often has its rows together.
///
/// Only for sums of whole numbers, which are the same in any order.
pub(super) struct Condenser {
    schema: SchemaRef,
    keys: usize,
    /// A runtime of its own, because the other thread may be waiting for the caller; and a session
    /// without a limit, because a batch is in memory already.
    engine: Option<(Runtime, SessionContext)>,
    batches: usize,
    read: usize,
    left: usize,
}

impl Condenser {
    pub(super) fn new(link: &Link, schema: &SchemaRef) -> Result<Self> {
        let keys = link.on.len();
        let engine = match !link.sums.is_empty() && whole(schema, keys) {
            true => {
                let config =
                    SessionConfig::new().with_target_partitions(1).with_batch_size(BATCH_ROWS);
                let session = SessionContext::new_with_config(config);
                Some((Builder::new_current_thread().build()?, session))
            }
            false => None,
        };
        Ok(Self { schema: schema.clone(), keys, engine, batches: 0, read: 0, left: 0 })
    }

    pub(super) fn condense(&mut self, batch: RecordBatch) -> Result<RecordBatch> {
        let Some((runtime, session)) = &self.engine else { return Ok(batch) };
        let rows = batch.num_rows();
        let column = |at: usize| ident(self.schema.field(at).name());
        let keys: Vec<Expr> = (0..self.keys).map(column).collect();
        let sums = self.keys..self.schema.fields().len();
        let sums = sums.map(|at| sum(column(at)).alias(self.schema.field(at).name()));
        let condensed = session.read_batch(batch)?.aggregate(keys, sums.collect())?;
        let batches = runtime.block_on(condensed.collect())?;
        let batches = batches.iter().map(|batch| typed(batch, &self.schema));
        let batches = batches.collect::<Result<Vec<_>>>()?;
        let condensed = concat_batches(&self.schema, &batches)?;
        self.batches += 1;
        self.read += rows;
        self.left += condensed.num_rows();
        if self.batches == TRIED && self.left > self.read / 2 {
            self.engine = None;
        }
        Ok(condensed)
    }
}

/// Whether all columns behind the keys are whole numbers.
fn whole(schema: &Schema, keys: usize) -> bool {
    schema.fields()[keys..].iter().all(|field| field.data_type().is_integer())
}
