//! The lock of a protocol: what was fixed when and by whom, how it changed since, and when the
//! results were opened.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Protocol;
use super::canonical::sorted;
use super::choice::choice;
use crate::problem::{Problem, did_you_mean};
use crate::results::{AmendmentFacts, ChangeFacts, LockFacts, UnblindingFacts};

mod change;
mod read;
mod text;

/// Version of the schema of a lock; raised when a key changes meaning or goes.
pub const LOCK_SCHEMA: &str = "verschil-lock/1";

choice! {
    /// What its author had seen when a protocol was amended.
    Seen {
        Nothing = "nothing": "No data yet.",
        Population = "population": "Who is studied, balance, and what a blind run tells of earlier periods.",
        Results = "results": "Outcomes from the start on.",
    }
}

/// Who writes an entry, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name.
    pub author: String,
    /// Time in UTC, as `2026-01-31T12:00:00Z`.
    pub time: String,
}

/// A file that belongs to a protocol, and that its hash does not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockedFile {
    /// File, relative to the protocol's folder.
    pub file: String,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
}

impl LockedFile {
    /// A file with this content.
    #[must_use]
    pub fn new(file: &str, content: &[u8]) -> Self {
        Self { file: file.to_owned(), sha256: hex(content) }
    }
}

/// What a lock fixes: the protocol in its canonical spelling, with what it includes and its lists
/// of codes, and the files beside it that describe regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// [`Protocol::canonical_json`].
    pub canonical: String,
    /// Files whose content counts.
    pub files: Vec<LockedFile>,
}

impl Fixed {
    /// What would be fixed of this protocol.
    #[must_use]
    pub fn new(protocol: &Protocol, files: Vec<LockedFile>) -> Self {
        Self { canonical: protocol.canonical_json(), files }
    }

    /// SHA-256 of the canonical protocol, hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(self.canonical.as_bytes())
    }
}

/// What an entry of a lock records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// The protocol was fixed.
    Lock,
    /// The protocol was changed.
    Amendment {
        /// Why.
        reason: String,
        /// What had been seen by then.
        seen: Seen,
        /// What changed.
        changes: Vec<ChangeFacts>,
    },
    /// The results were opened.
    Unblinding {
        /// Why then.
        reason: String,
        /// Outcomes that are shown although the trend rule has no verdict on them.
        accepted: Vec<String>,
    },
}

impl Act {
    fn kind(&self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Amendment { .. } => "amendment",
            Self::Unblinding { .. } => "unblinding",
        }
    }
}

/// One entry; it holds the hash of the one before, so that an edited history shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockEntry {
    /// From 1.
    pub number: u64,
    /// What it records.
    pub act: Act,
    /// When, in UTC.
    pub time: String,
    /// By whom.
    pub author: String,
    /// Hash of the protocol from here on.
    pub protocol_hash: String,
    /// Files beside it.
    pub files: Vec<LockedFile>,
    /// Hash of the entry before; empty in the first.
    pub previous: String,
    /// SHA-256 of everything above, hexadecimal.
    #[serde(skip)]
    pub hash: String,
}

impl LockEntry {
    /// The hash that the entry should have.
    fn digest(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        hex(sorted(value).to_string().as_bytes())
    }
}

/// The lock of a protocol: never empty, its chain checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    entries: Vec<LockEntry>,
    /// The canonical protocol as it was fixed last.
    canonical: String,
}

impl Lock {
    /// A new lock.
    #[must_use]
    pub fn new(fixed: &Fixed, signature: Signature) -> Self {
        let mut lock = Self { entries: Vec::new(), canonical: String::new() };
        lock.push(Act::Lock, fixed, signature);
        lock
    }

    /// Its entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[LockEntry] {
        &self.entries
    }

    /// What differs between what was fixed last and a protocol of now; nothing when it is the same.
    #[must_use]
    pub fn differences(&self, fixed: &Fixed) -> Vec<ChangeFacts> {
        let files = self.entries.last().map_or(&[][..], |entry| &entry.files);
        change::changes((&self.canonical, files), (&fixed.canonical, &fixed.files))
    }

    /// Records a change of the protocol.
    ///
    /// # Errors
    /// When nothing changed, when there is no reason, or when more had been seen than is said.
    pub fn amend(
        &mut self,
        fixed: &Fixed,
        signature: Signature,
        reason: &str,
        seen: Seen,
    ) -> Result<(), Vec<Problem>> {
        let mut problems: Vec<Problem> = no_reason(reason).into_iter().collect();
        let changes = self.differences(fixed);
        if changes.is_empty() {
            problems.push(
                Problem::error("nothing-to-amend", "the protocol is as it was fixed last")
                    .hint("an amendment records a change; leave --amend out to see the lock"),
            );
        }
        let opened = self.entries.iter().find(|entry| matches!(entry.act, Act::Unblinding { .. }));
        if let Some(opened) = opened.filter(|_| seen != Seen::Results) {
            problems.push(
                Problem::error("seen-before", "the results had been opened before this amendment")
                    .found(format!(
                        "--seen {}; entry {} opens the results at {}",
                        seen.as_str(),
                        opened.number,
                        opened.time
                    ))
                    .allowed("--seen results")
                    .hint("an amendment says what had been seen by anyone who shaped it"),
            );
        }
        if problems.is_empty() {
            let act = Act::Amendment { reason: reason.trim().to_owned(), seen, changes };
            self.push(act, fixed, signature);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Records that the results are opened; `accepted` are outcomes that may be shown without a
    /// verdict of the trend rule. Whether anything was new.
    ///
    /// # Errors
    /// When the protocol differs from what was fixed, when there is no reason, or when an outcome is
    /// unknown.
    pub fn unblind(
        &mut self,
        protocol: &Protocol,
        fixed: &Fixed,
        signature: Signature,
        reason: &str,
        accepted: &[String],
    ) -> Result<bool, Vec<Problem>> {
        let mut problems: Vec<Problem> = no_reason(reason).into_iter().collect();
        let differences = self.differences(fixed);
        if !differences.is_empty() {
            let places: Vec<&str> =
                differences.iter().map(|change| change.place.as_str()).collect();
            problems.push(
                Problem::error("lock-differs", "the protocol is not what was fixed last")
                    .found(format!("changed: {}", crate::problem::some_of(places.into_iter())))
                    .hint("record the change first: verschil lock PROTOCOL --amend --reason ... --seen ..."),
            );
        }
        let ids = || protocol.outcomes.iter().map(|outcome| outcome.id.as_str());
        for id in accepted.iter().filter(|id| !ids().any(|known| known == *id)) {
            problems.push(
                Problem::error("unknown-outcome", "the protocol has no such outcome")
                    .found(id.clone())
                    .allowed(crate::problem::some_of(ids()))
                    .hint(did_you_mean(id, ids())),
            );
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let known = self.accepted();
        let mut more: Vec<String> =
            accepted.iter().filter(|id| !known.contains(id)).cloned().collect();
        more.sort();
        more.dedup();
        if self.is_unblinded() && more.is_empty() {
            return Ok(false);
        }
        let act = Act::Unblinding { reason: reason.trim().to_owned(), accepted: more };
        self.push(act, fixed, signature);
        Ok(true)
    }

    /// Whether it is recorded that the results were opened.
    #[must_use]
    pub fn is_unblinded(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.act, Act::Unblinding { .. }))
    }

    /// Outcomes that may be shown without a verdict of the trend rule.
    #[must_use]
    pub fn accepted(&self) -> Vec<String> {
        let of = |entry: &'_ LockEntry| match &entry.act {
            Act::Unblinding { accepted, .. } => accepted.clone(),
            _ => Vec::new(),
        };
        self.entries.iter().flat_map(of).collect()
    }

    /// What the results say of the lock, beside a protocol of now.
    #[must_use]
    pub fn facts(&self, fixed: &Fixed) -> LockFacts {
        let first = &self.entries[0];
        let mut facts = LockFacts {
            author: first.author.clone(),
            time: first.time.clone(),
            head: self.entries.last().map(|entry| entry.hash.clone()).unwrap_or_default(),
            differences: self.differences(fixed),
            ..LockFacts::default()
        };
        for entry in &self.entries {
            match &entry.act {
                Act::Lock => {}
                Act::Amendment { reason, seen, changes } => facts.amendments.push(AmendmentFacts {
                    number: facts.amendments.len() as u64 + 1,
                    author: entry.author.clone(),
                    time: entry.time.clone(),
                    reason: reason.clone(),
                    seen: seen.as_str().to_owned(),
                    changes: changes.clone(),
                }),
                Act::Unblinding { reason, accepted } => facts.unblindings.push(UnblindingFacts {
                    author: entry.author.clone(),
                    time: entry.time.clone(),
                    reason: reason.clone(),
                    accepted: accepted.clone(),
                }),
            }
        }
        facts
    }

    fn push(&mut self, act: Act, fixed: &Fixed, signature: Signature) {
        let mut entry = LockEntry {
            number: self.entries.len() as u64 + 1,
            act,
            time: signature.time,
            author: signature.author,
            protocol_hash: fixed.hash(),
            files: fixed.files.clone(),
            previous: self.entries.last().map(|entry| entry.hash.clone()).unwrap_or_default(),
            hash: String::new(),
        };
        entry.hash = entry.digest();
        self.entries.push(entry);
        self.canonical.clone_from(&fixed.canonical);
    }
}

fn no_reason(reason: &str) -> Option<Problem> {
    reason.trim().is_empty().then(|| {
        Problem::error("no-reason", "the reason is empty")
            .allowed("a sentence that says why")
            .hint("write it after --reason, between quotes")
    })
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
