//! Files read one after the other as one table, in batches of one size.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::compute::BatchCoalescer;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::catalog::{Session, TableProvider};
use datafusion::dataframe::DataFrame;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::{cast, ident};
use futures::{Stream, StreamExt, TryStreamExt};
use verschil_study::{ColumnKind, Source};

use crate::engine::BATCH_ROWS;

/// The files of a source. A union would mix their rows as they happen to arrive.
#[derive(Debug)]
pub(super) struct InOrder {
    schema: SchemaRef,
    files: Vec<LogicalPlan>,
}

impl InOrder {
    /// Frames with the declared columns of a source, in the order in which they are read.
    pub(super) fn new(source: &Source, frames: Vec<DataFrame>) -> Result<Self> {
        let fields: Vec<Field> = source
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let types: Vec<&DataType> =
                    frames.iter().map(|frame| frame.schema().field(at).data_type()).collect();
                Field::new(&column.name, one_type(&types, column.kind), true)
            })
            .collect();
        let mut files = Vec::new();
        for frame in frames {
            let columns = fields.iter().zip(frame.schema().fields()).map(|(field, own)| {
                let column = ident(field.name());
                if own.data_type() == field.data_type() {
                    return column;
                }
                cast(column, field.data_type().clone()).alias(field.name())
            });
            let columns: Vec<Expr> = columns.collect();
            files.push(frame.select(columns)?.into_unoptimized_plan());
        }
        Ok(Self { schema: Arc::new(Schema::new(fields)), files })
    }
}

/// The type that a column has in all files, or one that all of its types go into.
fn one_type(types: &[&DataType], kind: ColumnKind) -> DataType {
    let plain = |one: &DataType| !matches!(one, DataType::Utf8View | DataType::LargeUtf8);
    match types {
        [first, rest @ ..] if plain(first) && rest.iter().all(|one| one == first) => {
            (*first).clone()
        }
        _ => match kind {
            ColumnKind::Text => DataType::Utf8,
            ColumnKind::Integer => DataType::Int64,
            ColumnKind::Number => DataType::Float64,
            ColumnKind::Boolean => DataType::Boolean,
            ColumnKind::Date => DataType::Date32,
        },
    }
}

#[async_trait]
impl TableProvider for InOrder {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let chosen = projection.unwrap_or(&all);
        let schema = Arc::new(self.schema.project(chosen)?);
        let mut files = Vec::new();
        for file in &self.files {
            let columns = schema.fields().iter().map(|field| ident(field.name()));
            let plan = LogicalPlanBuilder::from(file.clone()).project(columns)?.build()?;
            files.push(state.create_physical_plan(&plan).await?);
        }
        let chain = Arc::new(Chain { schema: schema.clone(), files });
        Ok(Arc::new(StreamingTableExec::try_new(schema, vec![chain], None, [], false, limit)?))
    }
}

/// Plans that run one after the other.
#[derive(Debug)]
struct Chain {
    schema: SchemaRef,
    files: Vec<Arc<dyn ExecutionPlan>>,
}

impl PartitionStream for Chain {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let files = self.files.clone().into_iter();
        let rows =
            futures::stream::iter(files.map(move |file| execute_stream(file, context.clone())))
                .try_flatten();
        let schema = self.schema.clone();
        let rows = rows.and_then(move |batch| {
            let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let columns = batch.columns().to_vec();
            let one = RecordBatch::try_new_with_options(schema.clone(), columns, &options);
            std::future::ready(one.map_err(Into::into))
        });
        // without columns there is nothing whose order could matter
        if self.schema.fields().is_empty() {
            return Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows));
        }
        let sized = sized(self.schema.clone(), rows);
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), sized))
    }
}

/// The same rows in batches of one size, so that sums per batch are the same bits whatever the
/// format and the sizes of its own batches.
fn sized(
    schema: SchemaRef,
    rows: impl Stream<Item = Result<RecordBatch>> + Send,
) -> impl Stream<Item = Result<RecordBatch>> + Send {
    let state = (Box::pin(rows), BatchCoalescer::new(schema, BATCH_ROWS), false);
    futures::stream::try_unfold(state, |(mut rows, mut buffer, mut ended)| async move {
        loop {
            if let Some(batch) = buffer.next_completed_batch() {
                return Ok(Some((batch, (rows, buffer, ended))));
            }
            if ended {
                return Ok(None);
            }
            match rows.next().await.transpose()? {
                Some(batch) => buffer.push_batch(batch)?,
                None => {
                    ended = true;
                    buffer.finish_buffered_batch()?;
                }
            }
        }
    })
}
