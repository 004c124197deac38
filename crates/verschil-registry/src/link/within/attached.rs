//! The base with the rows of a link beside it, in the order that a look-up in memory gives.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use datafusion::arrow::compute::{concat_batches, take, take_record_batch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt64Type};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::ident;
use futures::StreamExt;

use super::parts::{Parts, Rows};

/// Columns of a base, and those of a link: NULL in rows without a match, and a last one that says
/// whether a row is linked.
///
/// Each part of `found` has the positions of rows of the base, ascending, in its first column.
/// Within a batch of the base, rows without a match come last.
#[derive(Clone)]
pub(super) struct Attached {
    schema: SchemaRef,
    base: LogicalPlan,
    /// Columns of the base.
    width: usize,
    found: Arc<Parts>,
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attached").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Attached {
    pub(super) fn new(base: LogicalPlan, found: Arc<Parts>) -> Self {
        let mut fields: Vec<Field> =
            base.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
        let width = fields.len();
        let beside = found.schema().fields().iter().skip(1);
        fields.extend(beside.map(|field| field.as_ref().clone().with_nullable(true)));
        Self { schema: Arc::new(Schema::new(fields)), base, width, found }
    }
}

#[async_trait]
impl TableProvider for Attached {
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
        // the first column is always read: batches of no column would have other sizes
        let mut own: Vec<usize> = chosen.iter().copied().filter(|&at| at < self.width).collect();
        own.push(0);
        own.sort_unstable();
        own.dedup();
        let columns = own.iter().map(|&at| ident(self.schema.field(at).name()));
        let plan = LogicalPlanBuilder::from(self.base.clone()).project(columns)?.build()?;
        let base = state.create_physical_plan(&plan).await?;
        let columns = chosen.iter().map(|&at| match own.binary_search(&at) {
            Ok(at) => Column::Base(at),
            Err(_) => Column::Link(at - self.width + 1),
        });
        let columns = columns.collect();
        let rows = Attaching { schema: schema.clone(), base, columns, found: self.found.clone() };
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

/// Where a column of the result comes from, by position.
#[derive(Debug, Clone, Copy)]
enum Column {
    Base(usize),
    Link(usize),
}

/// Some columns of the table.
struct Attaching {
    schema: SchemaRef,
    base: Arc<dyn ExecutionPlan>,
    columns: Vec<Column>,
    found: Arc<Parts>,
}

impl std::fmt::Debug for Attaching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attaching").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl PartitionStream for Attaching {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let parts = 0..self.found.len();
        let beside = Beside {
            schema: self.schema.clone(),
            columns: self.columns.clone(),
            link: self.found.schema().clone(),
            cursors: parts.map(|part| Cursor::new(self.found.read(part))).collect(),
            start: 0,
        };
        let begun = execute_stream(self.base.clone(), context);
        let rows = futures::stream::once(std::future::ready(begun)).flat_map(|base| match base {
            Ok(base) => base,
            Err(error) => Box::pin(RecordBatchStreamAdapter::new(
                Arc::new(Schema::empty()),
                futures::stream::once(std::future::ready(Err(error))),
            )),
        });
        let state = (Box::pin(rows), beside);
        let rows = futures::stream::try_unfold(state, |(mut rows, mut beside)| async move {
            match rows.next().await.transpose()? {
                Some(batch) => Ok(Some((beside.attach(&batch)?, (rows, beside)))),
                None => beside.end().map(|()| None),
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows))
    }
}

/// What is looked up for the batch of the base that comes next.
struct Beside {
    schema: SchemaRef,
    columns: Vec<Column>,
    link: SchemaRef,
    cursors: Vec<Cursor>,
    /// Rows of the base that have gone by.
    start: u64,
}

impl Beside {
    #[allow(clippy::cast_possible_truncation)]
    fn attach(&mut self, base: &RecordBatch) -> Result<RecordBatch> {
        let end = self.start + base.num_rows() as u64;
        let mut found = Vec::new();
        for cursor in &mut self.cursors {
            cursor.take_before(end, &mut found)?;
        }
        let found = concat_batches(&self.link, found.iter())?;
        let mut place = vec![None; base.num_rows()];
        for (at, &row) in positions(&found).iter().enumerate() {
            let slot = row.checked_sub(self.start).and_then(|row| place.get_mut(row as usize));
            let taken = slot.ok_or_else(disorder)?.replace(at as u32);
            if taken.is_some() {
                return Err(disorder());
            }
        }
        self.start = end;
        let rows = 0..base.num_rows() as u32;
        let (mut order, without): (Vec<u32>, Vec<u32>) =
            rows.partition(|&row| place[row as usize].is_some());
        order.extend(&without);
        let place: UInt32Array = order.iter().map(|&row| place[row as usize]).collect();
        let base = if without.is_empty() {
            base.clone()
        } else {
            take_record_batch(base, &UInt32Array::from(order))?
        };
        self.beside(&base, &found, &place)
    }

    fn beside(
        &self,
        base: &RecordBatch,
        found: &RecordBatch,
        place: &UInt32Array,
    ) -> Result<RecordBatch> {
        let columns = self.columns.iter().map(|column| match *column {
            Column::Base(at) => Ok(base.column(at).clone()),
            Column::Link(at) if at + 1 == found.num_columns() => {
                Ok(flag(&take(found.column(at), place, None)?))
            }
            Column::Link(at) => Ok(take(found.column(at), place, None)?),
        });
        let columns = columns.collect::<Result<Vec<ArrayRef>>>()?;
        let options = datafusion::arrow::record_batch::RecordBatchOptions::new()
            .with_row_count(Some(base.num_rows()));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }

    /// Every row that was found must have been attached.
    fn end(&mut self) -> Result<()> {
        for cursor in &mut self.cursors {
            if cursor.more()? {
                return Err(disorder());
            }
        }
        Ok(())
    }
}

/// A flag that is false where nothing was found.
fn flag(flag: &ArrayRef) -> ArrayRef {
    debug_assert_eq!(*flag.data_type(), DataType::Boolean);
    let flags = flag.as_boolean().iter().map(|flag| Some(flag == Some(true)));
    Arc::new(flags.collect::<BooleanArray>())
}

fn disorder() -> DataFusionError {
    DataFusionError::Internal("linked rows do not stand in the order of the base".to_owned())
}

fn positions(found: &RecordBatch) -> &[u64] {
    found.column(0).as_primitive::<UInt64Type>().values()
}

/// Where one part stands.
struct Cursor {
    rows: Rows,
    batch: Option<RecordBatch>,
}

impl Cursor {
    fn new(rows: Rows) -> Self {
        Self { rows, batch: None }
    }

    /// Whether there is a row left.
    fn more(&mut self) -> Result<bool> {
        while self.batch.as_ref().is_none_or(|batch| batch.num_rows() == 0) {
            match self.rows.next().transpose()? {
                Some(batch) => self.batch = Some(batch),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Takes the rows at positions before `end`.
    fn take_before(&mut self, end: u64, taken: &mut Vec<RecordBatch>) -> Result<()> {
        while self.more()? {
            let Some(batch) = self.batch.take() else { break };
            let rows = positions(&batch).partition_point(|&row| row < end);
            if rows > 0 {
                taken.push(batch.slice(0, rows));
            }
            if rows < batch.num_rows() {
                self.batch = Some(batch.slice(rows, batch.num_rows() - rows));
                break;
            }
        }
        Ok(())
    }
}
