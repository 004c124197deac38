//! Where files are: in folders here, or in buckets that a session reaches.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::error::DataFusionError;
use datafusion::object_store::path::Path as Key;
use datafusion::object_store::{Error as StoreError, ObjectStore, ObjectStoreExt};
use datafusion::prelude::SessionContext;
use futures::{StreamExt, TryStreamExt};
use glob::{MatchOptions, Pattern, glob_with};
use tokio::runtime::Runtime;
use verschil_study::in_bucket;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// Where the files of a protocol are.
#[derive(Clone, Copy)]
pub(crate) struct Storage<'a> {
    folder: &'a Path,
    buckets: Option<(&'a Runtime, &'a SessionContext)>,
}

impl<'a> Storage<'a> {
    /// The folder of the protocol, and no bucket.
    pub(crate) fn here(folder: &'a Path) -> Self {
        Self { folder, buckets: None }
    }

    /// The folder, and the buckets that a session reaches.
    pub(crate) fn with_buckets(
        folder: &'a Path,
        runtime: &'a Runtime,
        session: &'a SessionContext,
    ) -> Self {
        Self { folder, buckets: Some((runtime, session)) }
    }

    /// Whether a file in a bucket can be read.
    pub(super) fn reaches_buckets(&self) -> bool {
        self.buckets.is_some()
    }

    /// The place of a file that the protocol names.
    pub(super) fn place(&self, file: &str) -> PathBuf {
        if in_bucket(file) { PathBuf::from(file) } else { self.folder.join(file) }
    }

    /// Files whose names fit a pattern of the file system.
    pub(super) fn fitting(
        &self,
        pattern: &str,
        options: MatchOptions,
    ) -> Result<Vec<PathBuf>, Error> {
        if in_bucket(pattern) {
            return self.objects(pattern, options);
        }
        let full = format!("{}/{pattern}", Pattern::escape(&self.folder.to_string_lossy()));
        Ok(glob_with(&full, options).into_iter().flatten().flatten().collect())
    }

    fn objects(&self, pattern: &str, options: MatchOptions) -> Result<Vec<PathBuf>, Error> {
        let options = MatchOptions { require_literal_separator: true, ..options };
        let fits = Pattern::new(pattern).map_err(|error| Error::other(error.msg))?;
        // whole folders are listed, down to the first wildcard
        let plain = &pattern[..pattern.find(['*', '?', '[']).unwrap_or(pattern.len())];
        let parent = plain.rsplit_once('/').map_or(plain, |(parent, _)| parent);
        let (runtime, session) = self.buckets.ok_or(ErrorKind::Unsupported)?;
        let (store, prefix) = located(session, parent)?;
        let (bucket, _) = parted(parent);
        let list = store.list(Some(&prefix)).map_ok(|object| object.location);
        let keys: Vec<Key> = runtime.block_on(list.try_collect()).map_err(told)?;
        let paths = keys.into_iter().map(|key| format!("{bucket}/{key}"));
        Ok(paths.filter(|path| fits.matches_with(path, options)).map(PathBuf::from).collect())
    }

    /// Shows the content of a file, piece by piece.
    pub(super) fn read(&self, path: &Path, mut see: impl FnMut(&[u8])) -> Result<(), Error> {
        let file = path.to_string_lossy();
        if in_bucket(&file) {
            let (runtime, session) = self.buckets.ok_or(ErrorKind::Unsupported)?;
            let (store, key) = located(session, &file)?;
            return runtime.block_on(async {
                let mut pieces = store.get(&key).await.map_err(told)?.into_stream();
                while let Some(piece) = pieces.next().await {
                    see(&piece.map_err(told)?);
                }
                Ok(())
            });
        }
        let mut reader = File::open(path)?;
        let mut buffer = vec![0; CHUNK];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(()),
                read => see(&buffer[..read]),
            }
        }
    }
}

/// The store of a file in a bucket, and its key there.
pub(crate) fn located(
    session: &SessionContext,
    file: &str,
) -> Result<(Arc<dyn ObjectStore>, Key), Error> {
    let invalid = |error: DataFusionError| Error::new(ErrorKind::InvalidInput, short(&error));
    let (bucket, key) = parted(file);
    let url = ObjectStoreUrl::parse(bucket).map_err(invalid)?;
    let store = session.runtime_env().object_store(&url).map_err(invalid)?;
    let key = Key::parse(key.trim_matches('/'));
    let key = key.map_err(|error| Error::new(ErrorKind::InvalidInput, error.to_string()))?;
    Ok((store, key))
}

/// A bucket with its scheme, and what follows.
fn parted(file: &str) -> (&str, &str) {
    let start = file.find("://").map_or(0, |at| at + 3);
    let slash = file[start..].find('/').map_or(file.len(), |at| start + at);
    file.split_at(slash)
}

fn short(error: &DataFusionError) -> String {
    error.strip_backtrace().lines().next().unwrap_or_default().to_owned()
}

/// An error of object storage without the words of its server, which may be pages long.
fn told(error: StoreError) -> Error {
    match error {
        StoreError::NotFound { .. } => Error::new(ErrorKind::NotFound, "no such object"),
        StoreError::PermissionDenied { .. } | StoreError::Unauthenticated { .. } => {
            Error::new(ErrorKind::PermissionDenied, "the storage refuses access")
        }
        other => {
            let text = other.to_string();
            let first: String = text.lines().next().unwrap_or_default().chars().take(200).collect();
            Error::other(first)
        }
    }
}
