//! What the study reads: sources, population, regions, periods, weights and covariates.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choice::choice;
use super::linkage::{Link, SourceKey};
use super::regions::{Outlines, Register};
use crate::expression::Expression;
use crate::problem::Place;
use crate::results::Text;

/// Who asks what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Study {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Text,
    /// The question the study asks.
    pub question: Text,
    /// What was changed, a noun phrase in running text.
    pub intervention: Text,
    /// What one counted unit is, in plural.
    pub units: Text,
    /// Where the data come from.
    pub data: Text,
    /// Limitations that the authors state themselves; may be empty.
    pub limitations: Text,
    /// Sources and literature.
    pub references: Vec<String>,
    /// Whether the data are made up, which every table, figure and page then says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
    /// Whether nothing from the start on is shown until the lock records that results are opened.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blind: bool,
}

choice! {
    /// How a file is written.
    Format {
        Csv = "csv": "Text with a separator between values and a header line.",
        Parquet = "parquet": "Apache Parquet.",
        Sav = "sav": "SPSS, plain or compressed (.sav and .zsav).",
        Dta = "dta": "Stata 8 or later.",
    }
}

choice! {
    /// What a column holds.
    ColumnKind {
        Integer = "integer": "Whole numbers.",
        Number = "number": "Numbers with decimals.",
        Text = "text": "Words and codes.",
        Boolean = "boolean": "True or false.",
        Date = "date": "Days.",
    }
}

/// A column of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceColumn {
    /// Name in expressions.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Name in the file, or a placeholder of the file's name in braces.
    pub from: String,
    /// Whether it holds the value labels instead of the codes (SPSS and Stata).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub labels: bool,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// A set of files with the same columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Name in the protocol.
    pub name: String,
    /// Files or patterns of them, relative to the protocol's folder.
    pub files: Vec<String>,
    /// First and last year of which there must be a file, when the patterns name the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<(i64, i64)>,
    /// How the files are written.
    pub format: Format,
    /// Separator between values (CSV).
    pub separator: char,
    /// Decimal mark (CSV).
    pub decimal: char,
    /// Character encoding, a WHATWG label (CSV).
    pub encoding: String,
    /// Texts that mean a missing value (CSV).
    pub missing: Vec<String>,
    /// Columns, in the order of the protocol.
    pub columns: Vec<SourceColumn>,
    /// Keys of persons, in the order of the protocol.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<SourceKey>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// A step that leaves rows out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// Rows for which this holds are left out.
    pub condition: Expression,
}

/// Who is studied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Population {
    /// Name of the source that has one row per unit.
    pub source: String,
    /// Links to other sources, in order; a later one may use columns of an earlier one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Exclusions, in the order in which they are applied.
    pub exclusions: Vec<Exclusion>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// What a region is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionSpec {
    /// The region of a row.
    pub value: Expression,
    /// The cluster of a row; the region when absent.
    pub cluster: Option<Expression>,
    /// What a region is, in singular.
    pub label: Text,
    /// What regions are, in plural.
    pub plural: Text,
    /// What clusters are, in plural.
    pub cluster_plural: Text,
    /// Labels of regions by code.
    pub names: BTreeMap<String, Text>,
    /// Dated list of regions, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Register>,
    /// Outlines of regions, if there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundaries: Option<Outlines>,
}

/// What a period is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodSpec {
    /// The period of a row, a whole number.
    pub value: Expression,
    /// What a period is, in singular.
    pub label: Text,
    /// First period of the window; the first in the data when absent.
    pub first: Option<i64>,
    /// Last period of the window; the last in the data when absent.
    pub last: Option<i64>,
    /// Labels of periods by number.
    pub names: BTreeMap<i64, Text>,
}

choice! {
    /// What a weight means.
    WeightKind {
        Frequency = "frequency": "The row stands for this many equal units.",
        Analytic = "analytic": "The row is a mean whose precision is proportional to this.",
    }
}

/// Weights of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weights {
    /// What a weight means.
    pub kind: WeightKind,
    /// The weight of a row.
    pub value: Expression,
    /// What the weights are.
    pub label: Text,
}

choice! {
    /// How a covariate enters the model.
    CovariateKind {
        Numeric = "numeric": "One slope.",
        Categorical = "categorical": "One effect per level.",
    }
}

choice! {
    /// What happens to a row whose covariate is missing.
    MissingRule {
        Drop = "drop": "The row is left out.",
        Level = "level": "Missing is a level of its own (categorical covariates only).",
    }
}

/// A covariate of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covariate {
    /// Identifier.
    pub id: String,
    /// How it enters the model.
    pub kind: CovariateKind,
    /// Its value for a row.
    pub value: Expression,
    /// Reference level; the first in order when absent.
    pub reference: Option<String>,
    /// What happens when it is missing.
    pub missing: MissingRule,
    /// Label for people.
    pub label: Text,
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
