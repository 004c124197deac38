//! How rows of other sources are found: person keys, links, subgroups to report them by, and weights
//! for the rows that were found.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choice::choice;
use crate::expression::Expression;
use crate::problem::Place;
use crate::results::Text;

/// A key of persons, known to expressions as a column of its source: text, missing where the
/// number identifies nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceKey {
    /// Name as a column.
    pub name: String,
    /// Column that says what kind of number it is, if there is one.
    pub kind: Option<String>,
    /// Kinds that identify a person; empty without such a column.
    pub valid: Vec<String>,
    /// Column with the number.
    pub number: String,
    /// Digits of a number.
    pub digits: u8,
    /// Whether a shorter number gets its leading zeros back; else it is a problem.
    pub pad: bool,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

choice! {
    /// What happens to a row whose key has several different rows in the linked source.
    Several {
        Unlinked = "unlinked": "It stays without a link, and is counted.",
        Refuse = "refuse": "It is a problem.",
    }
}

/// Rows of another source, found for each row of the population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Identifier; its columns are written behind it: `person.birth_year`, `person.linked`.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Name of the linked source.
    pub source: String,
    /// Columns of the linked source, each with what it must be equal to.
    pub on: Vec<(String, Expression)>,
    /// Rows of the linked source that count, over its own columns; all when absent.
    pub condition: Option<Expression>,
    /// What happens when a key has several different rows; of no meaning with sums.
    pub several: Several,
    /// Sums over all rows of a key: name, and what is summed, over the linked source's columns.
    pub sums: Vec<(String, Expression)>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// A characteristic by which linkage is reported, known whether a row is linked or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subgroup {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// The level of a row.
    pub value: Expression,
    /// List of codes whose descriptions name the levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codelist: Option<String>,
    /// Labels of levels, before those of the list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, Text>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// The dimensions of strata that need no subgroup: the row's period and its region.
pub const STRATA: &[&str] = &["period", "region"];

/// Weights by which the linked units stand for all eligible ones: a sensitivity analysis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkageWeights {
    /// Links that a unit must have; others do not matter.
    pub links: Vec<String>,
    /// Dimensions whose crossing makes the strata, the most important first: ids of subgroups, and
    /// those of [`STRATA`].
    pub by: Vec<String>,
    /// Eligible units that a stratum has at least; smaller ones are merged.
    pub min_stratum: u64,
    /// Largest weight; larger ones are set to it. None trims nothing.
    pub max_weight: Option<f64>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}
