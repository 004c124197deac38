//! Other definitions of outcomes, and identities between outcomes.

use serde::Serialize;

use crate::expression::Expression;
use crate::problem::Place;
use crate::results::Text;

/// Another definition of an outcome, chosen by name under `[definitions]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// The outcome's value under it; the outcome's own when absent.
    pub value: Option<Expression>,
    /// Rows that count under it; the outcome's own when absent.
    pub among: Option<Expression>,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// What holds in every row in which all outcomes that it names are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Identifier.
    pub id: String,
    /// Label for people.
    pub label: Text,
    /// The condition, over identifiers of outcomes.
    pub holds: Expression,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}
