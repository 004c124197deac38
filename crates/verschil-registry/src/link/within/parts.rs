//! Rows in numbered parts: in memory while they fit, in a file without a name after that.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::CompressionType;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use verschil_study::Problem;

/// Where parts lie: the pool that counts what waits in memory, how much may wait in each set of
/// parts, and the folder of what may not.
pub(super) struct Store {
    pool: Arc<dyn MemoryPool>,
    room: usize,
    folder: PathBuf,
    written: Arc<AtomicU64>,
}

impl Store {
    pub(super) fn new(pool: Arc<dyn MemoryPool>, room: usize, folder: &Path) -> Self {
        Self { pool, room, folder: folder.to_owned(), written: Arc::default() }
    }

    /// Parts without rows; `rows` is how many are written and read at once.
    pub(super) fn parts(&self, schema: SchemaRef, rows: usize) -> Parts {
        Parts {
            schema,
            rows,
            room: self.room,
            folder: self.folder.clone(),
            written: self.written.clone(),
            waiting: Vec::new(),
            held: MemoryConsumer::new("parts of links").register(&self.pool),
            file: None,
            chunks: Vec::new(),
        }
    }

    /// Bytes written to disk so far.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

/// The rows; those of a part keep the order in which they came.
pub(super) struct Parts {
    schema: SchemaRef,
    rows: usize,
    room: usize,
    folder: PathBuf,
    written: Arc<AtomicU64>,
    waiting: Vec<Vec<RecordBatch>>,
    held: MemoryReservation,
    file: Option<Arc<Mutex<File>>>,
    /// For each part what lies in the file, in order.
    chunks: Vec<Vec<Chunk>>,
}

/// A stretch of the file that holds rows of one part.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    at: u64,
    end: u64,
}

impl Parts {
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The number of parts up to the last that has a row.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Adds a batch whose rows stand by part; those of part `p` end before `ends[p]`.
    pub(super) fn push_all(&mut self, batch: &RecordBatch, ends: &[usize]) -> Result<()> {
        let mut start = 0;
        for (part, &end) in ends.iter().enumerate() {
            if end > start {
                self.slot(part).push(batch.slice(start, end - start));
            }
            start = end;
        }
        self.hold(batch)
    }

    /// Adds a batch to one part.
    pub(super) fn push(&mut self, part: usize, batch: &RecordBatch) -> Result<()> {
        self.slot(part).push(batch.clone());
        self.hold(batch)
    }

    /// Whether a batch fits in memory beside what waits.
    pub(super) fn fits(&self, batch: &RecordBatch) -> bool {
        self.held.size() + batch.get_array_memory_size() <= self.room
    }

    fn slot(&mut self, part: usize) -> &mut Vec<RecordBatch> {
        if self.waiting.len() <= part {
            self.waiting.resize(part + 1, Vec::new());
            self.chunks.resize(part + 1, Vec::new());
        }
        &mut self.waiting[part]
    }

    fn hold(&mut self, batch: &RecordBatch) -> Result<()> {
        let bytes = batch.get_array_memory_size();
        if self.held.size() + bytes <= self.room && self.held.try_grow(bytes).is_ok() {
            return Ok(());
        }
        self.write()
    }

    /// Ends the parts: what has outgrown memory lies on disk as a whole.
    pub(super) fn end(mut self) -> Result<Arc<Self>> {
        if self.file.is_some() {
            self.write()?;
        }
        Ok(Arc::new(self))
    }

    fn write(&mut self) -> Result<()> {
        self.try_write().map_err(|error| match error {
            DataFusionError::IoError(error) => {
                DataFusionError::External(Box::new(unwritten(&error)))
            }
            other => other,
        })
    }

    /// Writes all that waits, part by part.
    fn try_write(&mut self) -> Result<()> {
        let file = match &self.file {
            Some(file) => file.clone(),
            None => {
                let file = tempfile::tempfile_in(&self.folder)?;
                self.file.insert(Arc::new(Mutex::new(file))).clone()
            }
        };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = file.seek(SeekFrom::End(0))?;
        for (waiting, chunks) in self.waiting.iter_mut().zip(&mut self.chunks) {
            if waiting.is_empty() {
                continue;
            }
            let rows = concat_batches(&self.schema, waiting.iter())?;
            waiting.clear();
            let bytes = packed(&rows, self.rows)?;
            file.write_all(&bytes)?;
            let end = at + bytes.len() as u64;
            chunks.push(Chunk { at, end });
            self.written.fetch_add(end - at, Ordering::Relaxed);
            at = end;
        }
        self.held.free();
        Ok(())
    }

    /// The rows of a part, in order.
    pub(super) fn read(&self, part: usize) -> Rows {
        let chunks = self.chunks.get(part).cloned().unwrap_or_default();
        let waiting = self.waiting.get(part).cloned().unwrap_or_default();
        Rows {
            file: self.file.clone(),
            chunks: chunks.into_iter(),
            open: None,
            waiting: waiting.into_iter(),
        }
    }

    /// Whether a part has no row.
    pub(super) fn is_empty(&self, part: usize) -> bool {
        let none = |count: Option<usize>| count.is_none_or(|count| count == 0);
        none(self.chunks.get(part).map(Vec::len)) && none(self.waiting.get(part).map(Vec::len))
    }
}

fn unwritten(error: &std::io::Error) -> Problem {
    Problem::error("no-scratch", "what does not fit in memory cannot be put on disk")
        .found(error.to_string())
        .allowed("a folder with room for the rows of all links, of which a part is packed")
        .hint("make room, name another folder with --scratch, or allow more with --memory")
}

/// Rows as a stream of bytes, in batches of at most `most` rows.
fn packed(rows: &RecordBatch, most: usize) -> Result<Vec<u8>> {
    let options =
        IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &rows.schema(), options)?;
    for start in (0..rows.num_rows()).step_by(most) {
        writer.write(&rows.slice(start, most.min(rows.num_rows() - start)))?;
    }
    Ok(writer.into_inner()?)
}

/// A chunk of the file as a reader with a position of its own.
struct Section {
    file: Arc<Mutex<File>>,
    chunk: Chunk,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.chunk.end - self.chunk.at).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.chunk.at))?;
        let read = file.read(&mut buffer[..most])?;
        self.chunk.at += read as u64;
        Ok(read)
    }
}

/// The batches of a part.
pub(super) struct Rows {
    file: Option<Arc<Mutex<File>>>,
    chunks: std::vec::IntoIter<Chunk>,
    open: Option<StreamReader<BufReader<Section>>>,
    waiting: std::vec::IntoIter<RecordBatch>,
}

impl Rows {
    fn unpacked(&mut self) -> std::result::Result<Option<RecordBatch>, ArrowError> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(batch) = open.next().transpose()? {
                    return Ok(Some(batch));
                }
                self.open = None;
            }
            let (Some(chunk), Some(file)) = (self.chunks.next(), &self.file) else {
                return Ok(None);
            };
            let section = Section { file: file.clone(), chunk };
            self.open = Some(StreamReader::try_new(BufReader::new(section), None)?);
        }
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.unpacked().transpose() {
            Some(batch) => Some(batch.map_err(DataFusionError::from)),
            None => self.waiting.next().map(Ok),
        }
    }
}

/// One part as a table of the engine.
pub(super) struct Part {
    pub(super) parts: Arc<Parts>,
    pub(super) number: usize,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("number", &self.number).finish_non_exhaustive()
    }
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        self.parts.schema()
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = futures::stream::iter(self.parts.read(self.number));
        Box::pin(RecordBatchStreamAdapter::new(self.parts.schema().clone(), rows))
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{AsArray, StringArray, UInt64Array};
    use datafusion::arrow::datatypes::{DataType, Field, Schema, UInt64Type};
    use datafusion::execution::memory_pool::GreedyMemoryPool;
    use tempfile::TempDir;

    use super::*;

    fn batch(from: u64) -> RecordBatch {
        let numbers: Vec<u64> = (from..from + 100).collect();
        let texts: Vec<Option<String>> =
            numbers.iter().map(|n| (n % 7 > 0).then(|| format!("text {n}"))).collect();
        let fields =
            vec![Field::new("n", DataType::UInt64, false), Field::new("t", DataType::Utf8, true)];
        let columns: Vec<Arc<dyn datafusion::arrow::array::Array>> =
            vec![Arc::new(UInt64Array::from(numbers)), Arc::new(StringArray::from(texts))];
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("batch")
    }

    fn rows_of(parts: &Parts, part: usize) -> RecordBatch {
        let batches: Vec<RecordBatch> =
            parts.read(part).map(|batch| batch.expect("read")).collect();
        concat_batches(parts.schema(), batches.iter()).expect("one batch")
    }

    /// 50 batches, the first 30 rows of each in part 0 and the others in part 2.
    fn filled(room: usize, folder: &Path) -> (Arc<Parts>, u64, Arc<dyn MemoryPool>) {
        let pool: Arc<dyn MemoryPool> = Arc::new(GreedyMemoryPool::new(1 << 20));
        let store = Store::new(pool.clone(), room, folder);
        let mut parts = store.parts(batch(0).schema(), 16);
        for at in 0..50 {
            parts.push_all(&batch(at * 100), &[30, 30, 100]).expect("pushed");
        }
        (parts.end().expect("ended"), store.written(), pool)
    }

    #[test]
    fn rows_come_back_in_order_from_memory_and_from_disk() {
        let folder = TempDir::new().expect("folder");
        let (small, none, _pool) = filled(1 << 20, folder.path());
        let (large, written, pool) = filled(10_000, folder.path());
        assert_eq!(none, 0);
        assert!(written > 10_000, "{written} bytes were written");
        assert_eq!(pool.reserved(), 0, "what lies on disk is counted as memory");
        for (part, count) in [(0, 1_500), (1, 0), (2, 3_500)] {
            let rows = rows_of(&large, part);
            assert_eq!(rows, rows_of(&small, part));
            assert_eq!(rows.num_rows(), count);
            assert!(rows.column(0).as_primitive::<UInt64Type>().values().is_sorted());
            assert_eq!(large.is_empty(part), count == 0);
        }
        let files = folder.path().read_dir().expect("folder").count();
        assert_eq!(files, 0, "the file has a name that a crash would leave behind");
    }
}
