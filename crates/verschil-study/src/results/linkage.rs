//! How the sources were linked: rates, keys, the linked against the others, and their weights.

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

/// How the linked units were weighted to stand for all eligible ones; a sensitivity analysis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkageWeightFacts {
    /// Ids of the links that a unit must have.
    pub links: Vec<String>,
    /// What strata are made of, the most important first: `period`, `region`, ids of subgroups.
    pub by: Vec<String>,
    /// Eligible units that a stratum has at least.
    pub min_stratum: u64,
    /// Largest weight that the protocol allows, if it says so.
    pub max_weight: Option<f64>,
    /// Strata.
    pub strata: u64,
    /// Strata that were merged from smaller ones.
    pub merged: u64,
    /// Eligible units: in the window, with a region, and met by no exclusion but those that ask for
    /// a link.
    pub eligible: u64,
    /// Those of them that have all the links.
    pub linked: u64,
    /// Units of the population, all of them linked, that have a weight.
    pub units: u64,
    /// Smallest weight of a unit of the population.
    pub smallest: Option<f64>,
    /// Weight of the unit in the middle.
    pub median: Option<f64>,
    /// Largest weight.
    pub largest: Option<f64>,
    /// Kish's effective sample size, (sum of weights)^2 / sum of squared weights.
    pub effective: Option<f64>,
    /// Strata whose weight was set to the largest that is allowed.
    pub trimmed: u64,
    /// Units of the population in them.
    pub trimmed_units: u64,
    /// Strata in which nobody is linked.
    pub unrepresented: u64,
    /// Eligible units in them, for whom nobody can stand.
    pub unrepresented_units: u64,
    /// Units of the population without one of the links, which are left out of the analysis.
    pub unlinked: u64,
}

/// One stratum of the weights of the linked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkageWeightRow {
    /// Its levels, as `dimension=level` in the order of the dimensions, `(missing)` for none; those
    /// that it has dropped are absent, and a stratum without any is `all`.
    pub stratum: Vec<String>,
    /// Crossings of all dimensions that it was merged from, in the same spelling; empty for one that
    /// was not.
    pub merged_from: Vec<Vec<String>>,
    /// Eligible units.
    pub eligible: u64,
    /// Those that are linked.
    pub linked: u64,
    /// linked / eligible.
    pub rate: Option<f64>,
    /// eligible / linked, or the largest weight allowed; absent where nobody is linked.
    pub weight: Option<f64>,
    /// Whether the weight was set to the largest allowed.
    pub trimmed: bool,
    /// Units of the population.
    pub units: u64,
}
