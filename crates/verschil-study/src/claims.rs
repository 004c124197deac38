//! Published claims: a table of what was said, and whether it agrees with itself.
//!
//! [`Claims::parse`] reads a table (CSV or Markdown) with all its problems at once, [`audit`] puts
//! every rule of [`RULES`] to it. Findings are values; the report makes sentences of them.

mod columns;
mod grid;
mod guide;
mod printed;
mod read;
mod rules;
mod span;
mod wording;

use serde::Serialize;

use crate::problem::{Problem, Severity};

pub use columns::{COLUMNS, Column, Holds};
pub use guide::guide;
pub use printed::{Mark, PValue, Printed};
pub use rules::{RULES, Rule};
pub use span::Span;

/// What scale an interval is made on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Not stated.
    #[default]
    Unstated,
    /// Differences: an interval has its estimate halfway.
    Linear,
    /// Ratios: it has its estimate halfway on the logarithm.
    Ratio,
}

/// What a claim is about; texts are empty where nothing is stated.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct About {
    /// The outcome, or another subject.
    pub outcome: String,
    /// The outcome's name as the claim's text has it, whose words say nothing about direction.
    pub label: String,
    /// What of the outcome: empty or `effect`, `share`, `level`, `length`, `figure`, or any other.
    pub aspect: String,
    /// Which analysis.
    pub analysis: String,
    /// Which regions or persons.
    pub population: String,
    /// Which period.
    pub period: String,
    /// What a share or a percentage is of.
    pub denominator: String,
}

/// The number that is claimed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Effect {
    /// The estimate, with its sign.
    pub estimate: Option<Printed>,
    /// Lower end of its interval.
    pub low: Option<Printed>,
    /// Upper end of its interval.
    pub high: Option<Printed>,
    /// Unit of these three.
    pub unit: String,
    /// Scale of the interval.
    pub scale: Scale,
    /// Whether the method of the interval puts the estimate anywhere inside (a bootstrap, a test
    /// turned around).
    pub anywhere: bool,
    /// Confidence level in percent; 95 where nothing is stated.
    pub confidence: Option<Printed>,
    /// The p-value.
    pub p_value: Option<PValue>,
}

/// Levels beside an effect, in one unit of their own.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Levels {
    /// Level that the change starts from: before, or expected without the change.
    pub before: Option<Printed>,
    /// Level that it ends at.
    pub after: Option<Printed>,
    /// The change in units of the levels, where the estimate is a percentage.
    pub change: Option<Printed>,
    /// What the percentage is of; `before` where nothing is stated.
    pub base: Option<Printed>,
}

/// Counts beside a claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Counts {
    /// How many.
    pub n: Option<Printed>,
    /// Out of how many.
    pub of: Option<Printed>,
    /// Id of the claim about the whole that this is a part of; all parts are in the table.
    pub part_of: String,
}

/// The words of a claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Wording {
    /// What is said.
    pub text: String,
    /// `nl` or `en`; empty when not stated.
    pub language: String,
    /// What is said where it is no number: a range of years, a list, a verdict.
    pub stated: String,
    /// Id of the claim or figure that is pointed at.
    pub cites: String,
    /// Where it stands in the publication.
    pub source: String,
}

/// One claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Claim {
    /// Identifier, unique in its table.
    pub id: String,
    /// Line in the table, from 1; 0 for a claim that was made rather than read.
    pub line: usize,
    /// What it is about.
    pub about: About,
    /// Its number.
    pub effect: Effect,
    /// Levels beside it.
    pub levels: Levels,
    /// Counts beside it.
    pub counts: Counts,
    /// Its words.
    pub wording: Wording,
}

/// A table of claims, as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// The claims, in order.
    pub claims: Vec<Claim>,
}

impl Claims {
    /// Reads a table of claims from the bytes of a file named `file`: a Markdown table when the
    /// name ends in `.md`, otherwise CSV with commas, semicolons or tabs.
    ///
    /// # Errors
    /// All problems at once, each with its line.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        read::claims(file, bytes).map(|claims| Self { claims })
    }
}

/// What a word of a claim says, or what the numbers say instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something went up.
    Increase,
    /// Something went down.
    Decrease,
    /// Nothing changed.
    NoChange,
    /// The data tell the effect from none.
    Clear,
    /// They do not.
    Unclear,
}

/// A value in a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A number as printed.
    Number(Printed),
    /// Any number from here to there; an absent end is open.
    Between {
        /// The smallest.
        low: Option<f64>,
        /// The largest.
        high: Option<f64>,
    },
    /// A number that follows from others, and where rounding can put it; shown with `decimals`.
    Computed {
        /// The number.
        value: f64,
        /// What rounding allows.
        range: Span,
        /// Decimals of the number that it is compared with.
        decimals: u8,
    },
    /// A text of the table.
    Text(String),
    /// A verdict.
    Verdict(Verdict),
}

/// Another claim that takes part in a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Other {
    /// Its id.
    pub id: String,
    /// Its line.
    pub line: usize,
}

/// A claim that does not agree with itself or with another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Id of the rule, in [`RULES`].
    pub rule: &'static str,
    /// Error where both cannot be true, warning where a reader should look.
    pub severity: Severity,
    /// Id of the claim.
    pub claim: String,
    /// Its line.
    pub line: usize,
    /// Its place in the publication, where stated.
    pub source: String,
    /// The column whose cell does not agree.
    pub column: &'static str,
    /// What was found there.
    pub found: Said,
    /// What would agree; absent where no value would.
    pub agrees: Option<Said>,
    /// The other claim, where there is one.
    pub other: Option<Other>,
}

/// How often a rule found what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Id of the rule.
    pub rule: &'static str,
    /// Claims (or pairs, or wholes) that state enough for it.
    pub checked: usize,
}

/// What the rules say about a table of claims.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// Claims read.
    pub claims: usize,
    /// In order of line, then of rule.
    pub findings: Vec<Finding>,
    /// One per rule, in their order: a rule that never had enough to look at shows as 0.
    pub applied: Vec<Applied>,
}

/// Puts every rule to the claims.
#[must_use]
pub fn audit(claims: &[Claim]) -> Audit {
    rules::audit(claims)
}
