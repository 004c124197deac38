//! Links within a limit of memory: both sides in parts by their keys, joined part by part.
//!
//! The rows of a link become parts with one row per key; what the base asks becomes parts of
//! positions and keys. What a part of the base finds is put beside the base again by position. The
//! result is the table that [`super::joined`] gives, row for row, so that sums are the same bits.

mod attached;
mod condense;
mod parts;
mod queries;
mod split;

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{AsArray, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::TableReference;
use datafusion::error::{DataFusionError, Result};
use datafusion::prelude::SessionContext;
use tokio::runtime::Runtime;
use verschil_study::{Link, Problem, Protocol};

use super::{LinkKeys, check, inner};
use crate::engine::{engine_problem, exhausted, stream};
use crate::extract::Progress;
use crate::memory::Memory;
use crate::sources::quoted;
use attached::Attached;
use condense::Condenser;
use parts::{Part, Parts, Store};
use queries::{compared, found, listed, reduced, stored, wanted};
use split::{LEVELS, WAYS, fitted, plain, split, typed};

/// Rows of a part that are written and read at once.
const ROWS: usize = 16_384;

/// The same for what was found: all its parts are read side by side.
const FOUND_ROWS: usize = 2_048;

/// What linking reads with.
pub(crate) struct Engine<'a> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) session: &'a SessionContext,
    pub(crate) memory: &'a Memory,
    /// Folder for what does not fit in memory.
    pub(crate) scratch: &'a Path,
    pub(crate) tell: &'a dyn Fn(Progress),
}

/// The base with all its links as a query in brackets, and for each link its keys that stand more
/// than once.
pub(crate) fn joined_within(
    engine: &Engine<'_>,
    protocol: &Protocol,
) -> std::result::Result<(String, Vec<LinkKeys>), Vec<Problem>> {
    let links = &protocol.population.links;
    // half of the pool is for the engine's own tables; at most so many sets of parts live at once
    let room = engine.memory.pool() / 2 / (2 * links.len() + 1);
    let pool = engine.session.runtime_env().memory_pool.clone();
    let store = Store::new(pool, room, engine.scratch);
    let linking = Linking { engine, protocol, store, rows: Cell::new(0) };
    let mut problems = Vec::new();
    let mut tables = Vec::new();
    let mut keys = Vec::new();
    for (at, link) in links.iter().enumerate() {
        match linking.unique(link, at) {
            Ok((table, counted)) => {
                problems.extend(check::refused(link, &counted));
                tables.push(table);
                keys.push(counted);
            }
            Err(error) => problems.push(engine_problem(&error).or_at(&link.place)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut base = super::keyed(protocol, &protocol.population.source);
    for (link, table) in links.iter().zip(tables) {
        let attached = linking.attached(link, table, &base);
        base = attached.map_err(|error| vec![engine_problem(&error).or_at(&link.place)])?;
    }
    let written = linking.store.written();
    if written > 0 {
        (engine.tell)(Progress::OnDisk(written));
    }
    Ok((base, keys))
}

/// The rows of a link, one per key, by part.
struct Table {
    parts: Arc<Parts>,
    /// Types in which keys are compared.
    types: Vec<DataType>,
    /// How many parts there are: one where all rows fitted in memory.
    ways: usize,
}

struct Linking<'a> {
    engine: &'a Engine<'a>,
    protocol: &'a Protocol,
    store: Store,
    /// Rows that were put into parts.
    rows: Cell<u64>,
}

impl Linking<'_> {
    fn told(&self, batch: &RecordBatch) {
        self.rows.set(self.rows.get() + batch.num_rows() as u64);
        (self.engine.tell)(Progress::Linking(self.rows.get()));
    }

    fn schema_of(&self, sql: &str) -> Result<Schema> {
        let frame = self.engine.runtime.block_on(self.engine.session.sql(sql))?;
        Ok(plain(frame.schema().as_arrow()))
    }

    /// Reads a link's source: one row per key, and how many keys stand more than once.
    fn unique(&self, link: &Link, at: usize) -> Result<(Table, LinkKeys)> {
        let sql = wanted(self.protocol, link);
        let own = self.schema_of(&sql)?;
        let asked: Vec<String> =
            super::asked(self.protocol, link).into_iter().map(|(sql, _)| sql).collect();
        let base = super::joined_with(self.protocol, at);
        let asked = self.schema_of(&format!("SELECT {} FROM {base}", listed(&asked)))?;
        let types = compared(link, &own, &asked)?;
        let schema = Arc::new(stored(link, &own, &types));
        let rows = self.rows(link, &sql, &schema)?;
        let mut reduction = Reduction {
            linking: self,
            link,
            keys: (0..types.len()).collect(),
            sql: reduced(self.protocol, link),
            table: None,
            counted: LinkKeys::default(),
        };
        let ways = rows.len().clamp(1, WAYS);
        for number in 0..ways {
            reduction.add(&rows, number, number, level(ways))?;
        }
        let table = match reduction.table.take() {
            Some(table) => table,
            None => self.store.parts(reduction.schema(&rows)?, ROWS),
        };
        Ok((Table { parts: table.end()?, types, ways }, reduction.counted))
    }

    /// The rows of a link: one part while they fit in memory.
    fn rows(&self, link: &Link, sql: &str, schema: &SchemaRef) -> Result<Arc<Parts>> {
        let keys: Vec<usize> = (0..link.on.len()).collect();
        let mut rows = self.store.parts(schema.clone(), ROWS);
        let mut whole = true;
        let mut condenser = Condenser::new(link, schema)?;
        let frame = self.engine.runtime.block_on(self.engine.session.sql(sql))?;
        for batch in stream(self.engine.runtime, frame) {
            let batch = batch?;
            self.told(&batch);
            let batch = condenser.condense(typed(&batch, schema)?)?;
            if whole {
                let batch = fitted(&batch)?;
                if rows.fits(&batch) {
                    rows.push(0, &batch)?;
                    continue;
                }
                whole = false;
                rows = self.split(link, &rows.end()?, 0, &keys, 0)?;
            }
            let (batch, ends) = split(&batch, &keys, 0)?;
            rows.push_all(&batch, &ends)?;
        }
        rows.end()
    }

    /// Puts what a link finds beside the base; gives a query in brackets.
    fn attached(&self, link: &Link, table: Table, base: &str) -> Result<String> {
        let asked = super::asked(self.protocol, link);
        let columns = asked.iter().map(|(sql, name)| format!("{sql} AS {name}"));
        let asking = format!("SELECT *, {} FROM {base}", columns.collect::<Vec<_>>().join(", "));
        let questions = self.questions(link, &table, &asking)?;
        let mut lookup = LookUp {
            linking: self,
            link,
            keys: table.types.len(),
            sql: found(self.protocol, link),
            found: None,
        };
        for number in 0..table.ways {
            lookup.add(&table.parts, &questions, number, level(table.ways))?;
        }
        let found = match lookup.found.take() {
            Some(found) => found,
            None => self.store.parts(lookup.schema(&table.parts, &questions)?, FOUND_ROWS),
        };
        let frame = self.engine.runtime.block_on(self.engine.session.sql(&asking))?;
        let attached = Attached::new(frame.into_unoptimized_plan(), found.end()?);
        let name = inner(&link.id, "attached");
        let reference = TableReference::bare(name.as_str());
        self.engine.session.register_table(reference, Arc::new(attached))?;
        let known = asked.iter().map(|(_, name)| format!("{name} IS NOT NULL"));
        let known: Vec<String> = known.collect();
        Ok(format!(
            "(SELECT *, ({}) AS {} FROM {})",
            known.join(" AND "),
            super::has_key(link),
            quoted(&name)
        ))
    }

    /// What rows of the base ask of a link, by part, behind their positions.
    fn questions(&self, link: &Link, table: &Table, asking: &str) -> Result<Arc<Parts>> {
        let (sides, types) = (super::sides(link).join(", "), &table.types);
        let mut fields = vec![Field::new("row", DataType::UInt64, true)];
        let names = (0..types.len()).map(|at| inner(&link.id, &at.to_string()));
        fields.extend(names.zip(types).map(|(name, own)| Field::new(name, own.clone(), true)));
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let keys: Vec<usize> = (1..=types.len()).collect();
        let mut parts = self.store.parts(schema.clone(), ROWS);
        let sql = format!("SELECT {sides} FROM ({asking})");
        let frame = self.engine.runtime.block_on(self.engine.session.sql(&sql))?;
        let mut start = 0;
        for batch in stream(self.engine.runtime, frame) {
            let batch = batch?;
            self.told(&batch);
            let end = start + batch.num_rows() as u64;
            let mut columns = vec![Arc::new(UInt64Array::from_iter_values(start..end)) as _];
            start = end;
            let own = Schema::new(
                schema.fields()[1..].iter().map(|field| field.as_ref().clone()).collect::<Vec<_>>(),
            );
            columns.extend(typed(&batch, &Arc::new(own))?.columns().iter().cloned());
            let batch = RecordBatch::try_new(schema.clone(), columns)?;
            if table.ways == 1 {
                parts.push(0, &batch)?;
            } else {
                let (batch, ends) = split(&batch, &keys, 0)?;
                parts.push_all(&batch, &ends)?;
            }
        }
        parts.end()
    }

    /// Makes parts known to the engine under names of the link while it runs a query.
    fn run(
        &self,
        link: &Link,
        tables: &[(&str, &Arc<Parts>, usize)],
        sql: &str,
        take: &mut dyn FnMut(RecordBatch) -> Result<()>,
    ) -> Result<Ran> {
        let session = self.engine.session;
        for (name, parts, number) in tables {
            let part = Part { parts: Arc::clone(parts), number: *number };
            let table = StreamingTable::try_new(parts.schema().clone(), vec![Arc::new(part)])?;
            session.register_table(TableReference::bare(inner(&link.id, name)), Arc::new(table))?;
        }
        let mut ran = Ran { schema: None, fits: true };
        let result = self.batches(sql, take, &mut ran);
        for (name, ..) in tables {
            session.deregister_table(TableReference::bare(inner(&link.id, name)))?;
        }
        result.map(|()| ran)
    }

    fn batches(
        &self,
        sql: &str,
        take: &mut dyn FnMut(RecordBatch) -> Result<()>,
        ran: &mut Ran,
    ) -> Result<()> {
        let frame = self.engine.runtime.block_on(self.engine.session.sql(sql))?;
        ran.schema = Some(Arc::new(plain(frame.schema().as_arrow())));
        let mut taken = false;
        // the stream ends after an error, when it has given its memory back
        for batch in stream(self.engine.runtime, frame) {
            match batch {
                Ok(batch) => {
                    taken = true;
                    take(batch)?;
                }
                Err(error) if exhausted(&error) && !taken => ran.fits = false,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A part, split by the next bits of its keys.
    fn split(
        &self,
        link: &Link,
        parts: &Arc<Parts>,
        number: usize,
        keys: &[usize],
        level: u32,
    ) -> Result<Parts> {
        if level > LEVELS {
            return Err(DataFusionError::External(Box::new(self.too_small(link))));
        }
        let mut smaller = self.store.parts(parts.schema().clone(), ROWS);
        for batch in parts.read(number) {
            let (batch, ends) = split(&batch?, keys, level)?;
            smaller.push_all(&batch, &ends)?;
        }
        Ok(smaller)
    }

    fn too_small(&self, link: &Link) -> Problem {
        Problem::error("memory-limit", format!("link `{}` does not fit in memory", link.id))
            .at(&link.place)
            .found(format!("a limit of {}", self.engine.memory.shown()))
            .allowed("enough for the tables of a small part of its keys")
            .hint("allow more with --memory")
    }
}

/// How a query over parts went.
struct Ran {
    schema: Option<SchemaRef>,
    /// Whether its tables fitted in memory; otherwise it gave nothing.
    fits: bool,
}

/// The level at which so many parts would be split.
fn level(ways: usize) -> u32 {
    u32::from(ways > 1)
}

/// From the rows of a link to one row per key.
struct Reduction<'a> {
    linking: &'a Linking<'a>,
    link: &'a Link,
    keys: Vec<usize>,
    sql: String,
    table: Option<Parts>,
    counted: LinkKeys,
}

impl Reduction<'_> {
    fn schema(&self, rows: &Arc<Parts>) -> Result<SchemaRef> {
        let ran = self.linking.run(self.link, &[("rows", rows, 0)], &self.sql, &mut |_| Ok(()))?;
        Ok(without_count(&ran.schema.unwrap_or_else(|| rows.schema().clone())))
    }

    /// Adds the keys of a part of the rows to a part of the table; `level` is the one to split it at.
    fn add(&mut self, rows: &Arc<Parts>, number: usize, to: usize, level: u32) -> Result<()> {
        if rows.is_empty(number) {
            return Ok(());
        }
        let (linking, link) = (self.linking, self.link);
        let Self { table, counted, sql, .. } = self;
        let ran = linking.run(link, &[("rows", rows, number)], sql, &mut |batch| {
            let schema = Arc::new(plain(&batch.schema()));
            let batch = typed(&batch, &schema)?;
            if link.sums.is_empty() {
                count(&batch, counted);
            }
            let schema = without_count(&schema);
            let table = table.get_or_insert_with(|| linking.store.parts(schema.clone(), ROWS));
            let columns = batch.columns()[..schema.fields().len()].to_vec();
            table.push(to, &fitted(&RecordBatch::try_new(schema, columns)?)?)
        })?;
        if !ran.fits {
            let smaller = linking.split(link, rows, number, &self.keys, level)?.end()?;
            for number in 0..WAYS {
                self.add(&smaller, number, to, level + 1)?;
            }
        }
        Ok(())
    }
}

fn without_count(schema: &SchemaRef) -> SchemaRef {
    let fields = schema.fields();
    Arc::new(Schema::new(fields[..fields.len() - 1].to_vec()))
}

/// Counts keys with several rows; the last columns are whether these differ, and how many they are.
fn count(batch: &RecordBatch, counted: &mut LinkKeys) {
    let columns = batch.num_columns();
    let conflicts = batch.column(columns - 2).as_boolean();
    let rows = batch.column(columns - 1).as_primitive::<Int64Type>();
    for (conflict, rows) in conflicts.iter().zip(rows) {
        if conflict == Some(true) {
            counted.conflicting += 1;
        } else {
            counted.duplicate += u64::from(rows > Some(1));
        }
    }
}

/// From what the base asks to what is found, in order of position.
struct LookUp<'a> {
    linking: &'a Linking<'a>,
    link: &'a Link,
    /// Number of keys.
    keys: usize,
    sql: String,
    found: Option<Parts>,
}

impl LookUp<'_> {
    fn schema(&self, table: &Arc<Parts>, questions: &Arc<Parts>) -> Result<SchemaRef> {
        let tables = [("unique", table, 0), ("asked", questions, 0)];
        let ran = self.linking.run(self.link, &tables, &self.sql, &mut |_| Ok(()))?;
        Ok(ran.schema.unwrap_or_else(|| table.schema().clone()))
    }

    /// Looks up the questions of a part; what it finds becomes a part of its own. `level` is the one
    /// to split it at.
    fn add(
        &mut self,
        table: &Arc<Parts>,
        questions: &Arc<Parts>,
        number: usize,
        level: u32,
    ) -> Result<()> {
        if table.is_empty(number) || questions.is_empty(number) {
            return Ok(());
        }
        let (linking, link) = (self.linking, self.link);
        let Self { found, sql, .. } = self;
        let tables = [("unique", table, number), ("asked", questions, number)];
        let own = found.as_ref().map_or(0, Parts::len);
        let ran = linking.run(link, &tables, sql, &mut |batch| {
            let schema = Arc::new(plain(&batch.schema()));
            let found =
                found.get_or_insert_with(|| linking.store.parts(schema.clone(), FOUND_ROWS));
            found.push(own, &fitted(&typed(&batch, &schema)?)?)
        })?;
        if !ran.fits {
            let keys: Vec<usize> = (0..self.keys).collect();
            let table = linking.split(link, table, number, &keys, level)?.end()?;
            let keys: Vec<usize> = (1..=self.keys).collect();
            let questions = linking.split(link, questions, number, &keys, level)?.end()?;
            for number in 0..WAYS {
                self.add(&table, &questions, number, level + 1)?;
            }
        }
        Ok(())
    }
}
