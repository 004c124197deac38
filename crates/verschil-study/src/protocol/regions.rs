//! What is known of regions, and how control regions are chosen by it.

use serde::Serialize;

use super::ColumnKind;
use super::choice::choice;
use crate::expression::Expression;
use crate::problem::Place;
use crate::results::Text;

/// A dated list of regions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Register {
    /// File, relative to the protocol's folder.
    pub file: String,
    /// Attributes, known to expressions as `register.NAME`.
    pub columns: Vec<(String, ColumnKind)>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// Outlines of regions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlines {
    /// File, relative to the protocol's folder.
    pub file: String,
    /// Property of a shape that holds the code of its region.
    pub key: String,
    /// Where they are declared.
    #[serde(skip)]
    pub place: Place,
}

/// Columns of a register that have a meaning of their own and so cannot be attributes.
pub const REGISTER_COLUMNS: &[&str] =
    &["code", "name", "name_nl", "name_en", "valid_from", "valid_to", "successor", "x", "y"];

choice! {
    /// What a characteristic says of a region.
    Statistic {
        Total = "total": "The sum of the value per period, averaged over the periods.",
        Mean = "mean": "The mean of the value over rows.",
    }
}

/// A characteristic of regions, for matching and balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Characteristic {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// What it says of a region.
    pub statistic: Statistic,
    /// The value of a row.
    pub value: Expression,
    /// Decimals in text and tables.
    pub decimals: u8,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

choice! {
    /// How far two regions are apart.
    Distance {
        Mahalanobis = "mahalanobis": "In the inverse of the pooled covariance.",
        Euclidean = "euclidean": "Each characteristic divided by its standard deviation over treated and candidates.",
    }
}

choice! {
    /// How controls are assigned.
    MatchMethod {
        Nearest = "nearest": "Treated regions take their nearest control in turn.",
        Optimal = "optimal": "The assignment with the smallest total distance.",
    }
}

/// How the controls of a comparison are chosen among its candidates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matching {
    /// Characteristics that the distance is made of.
    pub on: Vec<String>,
    /// Characteristics that must be equal.
    pub exact: Vec<String>,
    /// First and last period over which characteristics are taken.
    pub window: (i64, i64),
    /// Controls in all.
    pub controls: Option<u64>,
    /// Controls for each treated region.
    pub per_treated: Option<u64>,
    /// How far two regions are apart.
    pub distance: Distance,
    /// How controls are assigned.
    pub method: MatchMethod,
    /// Whether one region may be the control of several.
    pub replacement: bool,
    /// Largest distance of a control; any when absent.
    pub caliper: Option<f64>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}
