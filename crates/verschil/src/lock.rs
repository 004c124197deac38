//! The lock beside a protocol: found, compared, written whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use verschil_study::results::LockFacts;
use verschil_study::{Fixed, Lock, LockedFile, Place, Problem, Protocol, Seen, Signature};

/// What stands in the place of `toml` in the name of a protocol's lock.
const EXTENSION: &str = "lock.toml";

/// Where the lock of a protocol stands: `protocol.lock.toml` beside `protocol.toml`.
#[must_use]
pub fn path_of(protocol: &Path) -> PathBuf {
    protocol.with_extension(EXTENSION)
}

/// A protocol beside its lock.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What a lock of now would fix.
    pub fixed: Fixed,
    /// The lock, where there is one.
    pub lock: Option<Lock>,
}

impl Standing {
    /// Reads what a protocol's lock says; `path` is the protocol's file.
    ///
    /// # Errors
    /// All problems of the lock, or files that cannot be read.
    pub fn new(protocol: &Protocol, path: &Path) -> Result<Self, Vec<Problem>> {
        let lock = read(&path_of(path));
        match (fixed(protocol, path), lock) {
            (Ok(fixed), Ok(lock)) => Ok(Self { fixed, lock }),
            (fixed, lock) => {
                let problems = [fixed.err(), lock.err()];
                Err(problems.into_iter().flatten().flatten().collect())
            }
        }
    }

    /// What the results say of the lock.
    #[must_use]
    pub fn facts(&self) -> Option<LockFacts> {
        self.lock.as_ref().map(|lock| lock.facts(&self.fixed))
    }

    /// Whether it is recorded that the results were opened.
    #[must_use]
    pub fn is_unblinded(&self) -> bool {
        self.lock.as_ref().is_some_and(Lock::is_unblinded)
    }
}

/// `locked`, `amended` or `exploratory`.
#[must_use]
pub fn status(facts: Option<&LockFacts>) -> &'static str {
    match facts {
        Some(lock) if !lock.differences.is_empty() => "exploratory",
        Some(lock) if lock.amendments.is_empty() => "locked",
        Some(_) => "amended",
        None => "exploratory",
    }
}

/// What a lock fixes of a protocol: its hash does not read the register and the outlines of
/// regions, so their content is hashed beside it.
fn fixed(protocol: &Protocol, path: &Path) -> Result<Fixed, Vec<Problem>> {
    let folder = crate::run::folder_of(path);
    let region = &protocol.region;
    let register = region.register.as_ref().map(|register| (&register.file, &register.place));
    let outlines = region.boundaries.as_ref().map(|outlines| (&outlines.file, &outlines.place));
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for (file, place) in register.into_iter().chain(outlines) {
        match std::fs::read(folder.join(file)) {
            Ok(content) => files.push(LockedFile::new(file, &content)),
            Err(error) => problems.push(unreadable(file, place, &error).in_file(&shown(path))),
        }
    }
    if problems.is_empty() { Ok(Fixed::new(protocol, files)) } else { Err(problems) }
}

fn unreadable(file: &str, place: &Place, error: &std::io::Error) -> Problem {
    Problem::error("unreadable-file", "a file that the protocol names cannot be read")
        .at(place)
        .found(format!("{file}: {error}"))
        .hint("it is looked for beside the protocol")
}

fn read(path: &Path) -> Result<Option<Lock>, Vec<Problem>> {
    let name = shown(path);
    match std::fs::read_to_string(path) {
        Ok(text) => Lock::parse(&name, &text).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(vec![
            Problem::error("unreadable-lock", "the lock beside the protocol cannot be read")
                .found(format!("{name}: {error}"))
                .allowed("a file in UTF-8 that `verschil lock` wrote")
                .hint("restore it from version control or a copy"),
        ]),
    }
}

/// What a command did to a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The protocol is fixed.
    Locked,
    /// It was fixed already, and has not changed since.
    Unchanged,
    /// A change is recorded.
    Amended {
        /// Number of the amendment, from 1.
        number: usize,
        /// Places that changed.
        changes: usize,
    },
    /// The results are opened.
    Unblinded,
    /// They had been opened before.
    UnblindedBefore,
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum Failure {
    /// The protocol, its lock or the command has problems.
    Protocol(Vec<Problem>),
    /// The lock could not be written; the earlier one is untouched.
    Unwritten(Box<Problem>),
}

/// What an amendment says of itself.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// Why.
    pub reason: String,
    /// What had been seen.
    pub seen: Seen,
}

/// Problems of a lock, each with the file in which it stands.
fn told(problems: Vec<Problem>, lock: &Path) -> Failure {
    let name = shown(lock);
    Failure::Protocol(problems.into_iter().map(|problem| problem.in_file(&name)).collect())
}

/// Fixes a protocol, or records what changed since.
///
/// # Errors
/// A [`Failure`]: nothing is then recorded.
pub fn lock(
    path: &Path,
    protocol: &Protocol,
    author: &str,
    amendment: Option<&Amendment>,
) -> Result<Done, Failure> {
    let Standing { fixed, lock } = Standing::new(protocol, path).map_err(Failure::Protocol)?;
    let file = path_of(path);
    let told = |problems| told(problems, &file);
    let signature = sign(author).map_err(|problem| Failure::Protocol(vec![problem]))?;
    match (lock, amendment) {
        (None, None) => {
            create(&Lock::new(&fixed, signature), &file)?;
            Ok(Done::Locked)
        }
        (None, Some(_)) => Err(told(vec![
            Problem::error("no-lock", "there is no lock to amend")
                .hint("verschil lock PROTOCOL fixes the protocol as it is now"),
        ])),
        (Some(lock), None) => match lock.differences(&fixed).as_slice() {
            [] => Ok(Done::Unchanged),
            changes => {
                let places: Vec<&str> = changes.iter().map(|c| c.place.as_str()).collect();
                let problem = Problem::error("locked-before", "the protocol differs from its lock")
                    .found(format!("changed: {}", places.join(", ")))
                    .allowed("a change with a record")
                    .hint(
                        "verschil lock PROTOCOL --amend --reason \"...\" --seen nothing, population \
                         or results; or undo the change",
                    );
                Err(told(vec![problem]))
            }
        },
        (Some(mut lock), Some(amendment)) => {
            let Amendment { reason, seen } = amendment;
            let changes = lock.differences(&fixed).len();
            lock.amend(&fixed, signature, reason, *seen).map_err(told)?;
            replace(&lock, &file)?;
            Ok(Done::Amended { number: lock.facts(&fixed).amendments.len(), changes })
        }
    }
}

/// Records that the results are opened.
///
/// # Errors
/// A [`Failure`]: nothing is then recorded.
pub fn unblind(
    path: &Path,
    protocol: &Protocol,
    author: &str,
    reason: &str,
    accepted: &[String],
) -> Result<Done, Failure> {
    let Standing { fixed, lock } = Standing::new(protocol, path).map_err(Failure::Protocol)?;
    let file = path_of(path);
    let told = |problems| told(problems, &file);
    let Some(mut lock) = lock else {
        return Err(told(vec![
            Problem::error("no-lock", "results are opened of a protocol that is locked")
                .found("there is no lock")
                .hint("verschil lock PROTOCOL, then verschil unblind"),
        ]));
    };
    let signature = sign(author).map_err(|problem| Failure::Protocol(vec![problem]))?;
    if lock.unblind(protocol, &fixed, signature, reason, accepted).map_err(told)? {
        replace(&lock, &file)?;
        Ok(Done::Unblinded)
    } else {
        Ok(Done::UnblindedBefore)
    }
}

fn sign(author: &str) -> Result<Signature, Problem> {
    let author = author.trim();
    if author.is_empty() {
        return Err(Problem::error("no-author", "a record needs the name of its author")
            .allowed("a name")
            .hint("--author \"Your name\", or the environment variable VERSCHIL_AUTHOR"));
    }
    let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    Ok(Signature { author: author.to_owned(), time })
}

/// Writes a lock that was not there: one that came in the meantime is left alone.
fn create(lock: &Lock, path: &Path) -> Result<(), Failure> {
    let fresh = beside(lock, path).map_err(|error| unwritten(path, &error))?;
    let linked = std::fs::hard_link(&fresh, path);
    let linked = match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !path.exists() => {
            // a file system without links
            std::fs::rename(&fresh, path)
        }
        other => other,
    };
    // after a rename it is gone already
    drop(std::fs::remove_file(&fresh));
    linked.map_err(|error| unwritten(path, &error))
}

/// Puts a lock in the place of its earlier self.
fn replace(lock: &Lock, path: &Path) -> Result<(), Failure> {
    let written = beside(lock, path).and_then(|fresh| std::fs::rename(fresh, path));
    written.map_err(|error| unwritten(path, &error))
}

/// Writes a lock to a file beside its place.
fn beside(lock: &Lock, path: &Path) -> std::io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.new-{}", std::process::id()));
    let write = || {
        let mut file = std::fs::File::create(&fresh)?;
        file.write_all(lock.to_toml().as_bytes())?;
        file.sync_all()
    };
    match write() {
        Ok(()) => Ok(fresh),
        Err(error) => {
            drop(std::fs::remove_file(&fresh));
            Err(error)
        }
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Unwritten(Box::new(
        Problem::error("unwritten", "the lock could not be written")
            .found(format!("{}: {error}", path.display()))
            .hint("the folder of the protocol must be one that can be written"),
    ))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
