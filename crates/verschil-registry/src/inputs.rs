//! The files of a source: found, hashed, and none of them twice.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use verschil_study::{Place, Problem, Protocol, Source, in_bucket};

mod names;
mod storage;

pub use names::NameParts;
use names::Named;
pub(crate) use storage::{Storage, located};

/// What the register is called among the inputs: no source has a name with a space.
const REGISTER_INPUT: &str = "region register";

/// One file read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Name of the source.
    pub source: String,
    /// Where it is.
    #[serde(skip)]
    pub path: PathBuf,
    /// File name without its folder.
    pub file: String,
    /// What the pattern reads in the name.
    #[serde(skip)]
    pub name: NameParts,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// Finds and hashes the files of every source.
pub(crate) fn inputs(
    protocol: &Protocol,
    storage: Storage<'_>,
) -> Result<Vec<Input>, Vec<Problem>> {
    let mut found: Vec<Input> = Vec::new();
    let mut problems = Vec::new();
    for source in &protocol.sources {
        if let Some(problem) = out_of_reach(source, storage) {
            problems.push(problem);
            continue;
        }
        let files = files(source, storage, &mut problems).into_par_iter();
        let hashed: Vec<Result<Input, Problem>> = files
            .map(|(path, name)| hash(storage, (&source.name, &source.place), &path, name))
            .collect();
        for input in hashed {
            match input {
                Ok(input) => add(&mut found, input, source, &mut problems),
                Err(problem) => problems.push(problem),
            }
        }
    }
    // the register says what regions became, so its content counts like that of any source
    if let Some(register) = &protocol.region.register {
        let (path, of) = (storage.place(&register.file), (REGISTER_INPUT, &register.place));
        match hash(storage, of, &path, NameParts::default()) {
            Ok(input) => found.push(input),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn add(found: &mut Vec<Input>, input: Input, source: &Source, problems: &mut Vec<Problem>) {
    let twin = found.iter().find(|other| other.sha256 == input.sha256);
    if let Some(twin) = twin.filter(|twin| twin.source == input.source) {
        problems.push(
            Problem::error("overlapping-files", "two files of this source have the same content")
                .at(&source.place)
                .found(format!("{} and {}", twin.file, input.file))
                .hint("list each file once: its rows would count twice"),
        );
    }
    found.push(input);
}

fn files(source: &Source, storage: Storage<'_>, problems: &mut Vec<Problem>) -> Vec<Named> {
    let mut all = Vec::new();
    for pattern in &source.files {
        all.extend(names::found(source, pattern, storage, problems));
    }
    problems.extend(names::missing_years(source, &all));
    all
}

/// Files in a bucket are for those who reach it.
fn out_of_reach(source: &Source, storage: Storage<'_>) -> Option<Problem> {
    let file = source.files.iter().find(|file| in_bucket(file) && !storage.reaches_buckets())?;
    Some(
        Problem::error("needs-cluster", "files on object storage are read by a cluster")
            .at(&source.place)
            .found(format!("{file:?}"))
            .allowed("files in folders")
            .hint("run it with verschil-cluster, or copy the files to a folder"),
    )
}

fn hash(
    storage: Storage<'_>,
    (source, place): (&str, &Place),
    path: &Path,
    name: NameParts,
) -> Result<Input, Problem> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unreadable = |error: std::io::Error| {
        Problem::error("unreadable-file", "this file cannot be read")
            .at(place)
            .found(format!("{}: {error}", path.display()))
            .hint(where_files_are(path))
    };
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    let add = |piece: &[u8]| {
        bytes += piece.len() as u64;
        hasher.update(piece);
    };
    storage.read(path, add).map_err(unreadable)?;
    if bytes == 0 {
        return Err(Problem::error("empty-file", "this file is empty")
            .at(place)
            .found(file)
            .hint("replace it by the full delivery, or take it from the list of files"));
    }
    let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Input { source: source.to_owned(), path: path.to_path_buf(), file, name, sha256, bytes })
}

/// What to check when a file is not found.
fn where_files_are(path: &Path) -> &'static str {
    if in_bucket(&path.to_string_lossy()) {
        "check AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the \
         environment, here and on every machine of the cluster"
    } else {
        "paths are relative to the folder of the protocol"
    }
}
