//! The files of a source: found, hashed, and none of them twice.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use verschil_study::{Place, Problem, Protocol, Source};

mod names;

pub use names::NameParts;
use names::Named;

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
pub(crate) fn inputs(protocol: &Protocol, folder: &Path) -> Result<Vec<Input>, Vec<Problem>> {
    let mut found: Vec<Input> = Vec::new();
    let mut problems = Vec::new();
    for source in &protocol.sources {
        for (path, name) in files(source, folder, &mut problems) {
            match hash(&source.name, &source.place, &path, name) {
                Ok(input) => add(&mut found, input, source, &mut problems),
                Err(problem) => problems.push(problem),
            }
        }
    }
    // the register says what regions became, so its content counts like that of any source
    if let Some(register) = &protocol.region.register {
        match hash(
            REGISTER_INPUT,
            &register.place,
            &folder.join(&register.file),
            NameParts::default(),
        ) {
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

fn files(source: &Source, folder: &Path, problems: &mut Vec<Problem>) -> Vec<Named> {
    let mut all = Vec::new();
    for pattern in &source.files {
        all.extend(names::found(source, pattern, folder, problems));
    }
    problems.extend(names::missing_years(source, &all));
    all
}

fn hash(source: &str, place: &Place, path: &Path, name: NameParts) -> Result<Input, Problem> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unreadable = |error: std::io::Error| {
        Problem::error("unreadable-file", "this file cannot be read")
            .at(place)
            .found(format!("{}: {error}", path.display()))
            .hint("paths are relative to the folder of the protocol")
    };
    let mut reader = File::open(path).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = reader.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        hasher.update(&buffer[..read]);
    }
    if bytes == 0 {
        return Err(Problem::error("empty-file", "this file is empty")
            .at(place)
            .found(file)
            .hint("replace it by the full delivery, or take it from the list of files"));
    }
    let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Input { source: source.to_owned(), path: path.to_path_buf(), file, name, sha256, bytes })
}
