//! Whether what was analysed had been fixed before.

use serde::{Deserialize, Serialize};

/// What the lock beside the protocol says of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockFacts {
    /// Who fixed the protocol.
    pub author: String,
    /// When, in UTC.
    pub time: String,
    /// Hash of the last entry of the lock, hexadecimal: it stands for the whole history.
    pub head: String,
    /// Changes that were recorded, in order.
    #[serde(default)]
    pub amendments: Vec<AmendmentFacts>,
    /// Records that the results were opened, in order.
    #[serde(default)]
    pub unblindings: Vec<UnblindingFacts>,
    /// What differs from what was fixed last and is recorded nowhere; the run is then exploratory.
    #[serde(default)]
    pub differences: Vec<ChangeFacts>,
}

/// A recorded change of a protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentFacts {
    /// From 1.
    pub number: u64,
    /// By whom.
    pub author: String,
    /// When, in UTC.
    pub time: String,
    /// Why.
    pub reason: String,
    /// `nothing`, `population` or `results`: what had been seen by then.
    pub seen: String,
    /// What changed.
    pub changes: Vec<ChangeFacts>,
}

/// A place of the protocol that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeFacts {
    /// Key of the protocol; items of lists by their id. Or `file` and its name.
    pub place: String,
    /// Value before; empty when there was none.
    pub old: String,
    /// Value after; empty when there is none.
    pub new: String,
}

/// A record that the results were opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnblindingFacts {
    /// By whom.
    pub author: String,
    /// When, in UTC.
    pub time: String,
    /// Why then.
    pub reason: String,
    /// Outcomes that are shown although the trend rule has no verdict on them.
    #[serde(default)]
    pub accepted: Vec<String>,
}
