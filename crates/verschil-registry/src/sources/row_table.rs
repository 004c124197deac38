//! A file that one of our readers decodes, as a table that reads only the columns asked for.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::catalog::{Session, TableProvider};
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use verschil_study::Problem;

use super::Opening;
use super::fault::Fault;
use crate::engine::engine_problem;

/// Batches of a file, in its order.
type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, Problem>> + Send>;

/// Batches up to the last, or the first that fails.
pub(super) fn until_end(
    mut batch: impl FnMut() -> std::result::Result<Option<RecordBatch>, Fault>,
) -> impl Iterator<Item = std::result::Result<RecordBatch, Fault>> {
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let batch = batch().transpose();
        ended = !matches!(batch, Some(Ok(_)));
        batch
    })
}

/// The rows that a decoder of ours gives of a file; `batches` begins to read some columns of this
/// schema, given by position, and its faults become problems of the file.
pub(super) fn decoded<B>(
    opening: Opening<'_>,
    schema: SchemaRef,
    batches: impl Fn(&[usize]) -> std::result::Result<B, Fault> + Send + Sync + 'static,
) -> std::result::Result<DataFrame, Vec<Problem>>
where
    B: Iterator<Item = std::result::Result<RecordBatch, Fault>> + Send + 'static,
{
    let (source, input) = (opening.source.clone(), opening.input.clone());
    let begin = move |chosen: &[usize]| -> std::result::Result<Batches, Problem> {
        let (source, input) = (source.clone(), input.clone());
        let tell = move |fault: Fault| fault.problem(&source, &input);
        let batches = batches(chosen).map_err(&tell)?;
        Ok(Box::new(batches.map(move |batch| batch.map_err(&tell))))
    };
    opening
        .session
        .read_table(Arc::new(RowTable::new(schema, Arc::new(begin))))
        .map_err(|error| vec![engine_problem(&error).at(&opening.source.place)])
}

/// Begins to read some columns of a file, given by position, at least one.
type Begin = Arc<dyn Fn(&[usize]) -> std::result::Result<Batches, Problem> + Send + Sync>;

/// The table.
struct RowTable {
    schema: SchemaRef,
    begin: Begin,
}

impl RowTable {
    /// A table of this schema; `begin` opens its file.
    fn new(schema: SchemaRef, begin: Begin) -> Self {
        Self { schema, begin }
    }
}

impl fmt::Debug for RowTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowTable").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for RowTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let columns = projection.cloned().unwrap_or(all);
        let schema = Arc::new(self.schema.project(&columns)?);
        let rows = Rows { schema: schema.clone(), columns, begin: self.begin.clone() };
        Ok(Arc::new(StreamingTableExec::try_new(
            schema,
            vec![Arc::new(rows)],
            None,
            [],
            false,
            limit,
        )?))
    }
}

/// Some columns of the table.
struct Rows {
    schema: SchemaRef,
    columns: Vec<usize>,
    begin: Begin,
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl PartitionStream for Rows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        // counting rows asks for no column; some column has to be read all the same
        let none = self.columns.is_empty();
        let begun = (self.begin)(if none { &[0] } else { &self.columns });
        let batches = match begun {
            Ok(batches) => batches,
            Err(problem) => Box::new(std::iter::once(Err(problem))),
        };
        let schema = self.schema.clone();
        let batches = batches.map(move |batch| {
            let batch = batch.map_err(|problem| DataFusionError::External(Box::new(problem)))?;
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let columns = if none { Vec::new() } else { batch.columns().to_vec() };
            Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?)
        });
        let rows = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows))
    }
}
