//! How the sources were linked: rates, keys, and the linked against the others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Text;

/// One source: how many of its rows stand in the population's base.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkageRow {
    /// Name of the source.
    pub source: String,
    /// `base` for the source with one row per unit.
    pub role: String,
    /// Files read.
    pub files: u64,
    /// Rows read.
    pub rows: u64,
    /// Rows that belong to a unit of the base; all of them for the base itself.
    pub linked: u64,
    /// linked / rows.
    pub share: Option<f64>,
}

/// One link of the population to another source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkFacts {
    /// Identifier, as in expressions.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Name of the linked source in the protocol.
    pub source: String,
}

/// A characteristic by which linkage is reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubgroupFacts {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Labels of levels, by level; a level without one is shown as it is.
    #[serde(default)]
    pub levels: BTreeMap<String, Text>,
}

/// How many units of one part of the population a link found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkageRate {
    /// Id of the link.
    pub link: String,
    /// `all`, `period`, `region`, `delivery`, `delivery:P` for one period, or the id of a subgroup.
    pub dimension: String,
    /// Level of the dimension: a period, a region's code or a value; empty for `all`.
    pub level: String,
    /// Units in this part.
    pub units: u64,
    /// Those that were linked.
    pub linked: u64,
    /// linked / units.
    pub share: Option<f64>,
}

/// One characteristic among the linked and among the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkageBalance {
    /// Id of the link.
    pub link: String,
    /// Id of the subgroup.
    pub variable: String,
    /// Level of the subgroup.
    pub level: String,
    /// Share of the level among the linked, 0 to 1.
    pub linked: Option<f64>,
    /// Share among those that are not linked.
    pub unlinked: Option<f64>,
    /// (linked - unlinked) / pooled standard deviation.
    pub smd: Option<f64>,
}

/// Keys of one link, by count and never by value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkageKeys {
    /// Id of the link.
    pub link: String,
    /// Units without a key that identifies somebody.
    pub without_key: u64,
    /// Keys with several rows that say the same.
    pub duplicate_keys: u64,
    /// Keys with several rows that contradict each other.
    pub conflicting_keys: u64,
}
