//! Results in, figures, pages and words out; computes nothing.
//!
//! [`html`] writes one self-contained page for people, [`figures`] gives the same figures as
//! standalone SVG. Every number comes from the results and is only rounded here, so text,
//! tables and figures cannot disagree.
//!
//! - `view` looks things up and formats them in one language; `note`, `range`, `numbers`,
//!   `nouns` and `words` are what it reads with.
//! - `sentences` makes prose: the answer, each outcome, the trend rule, refusals and findings.
//! - `chart` is a small grammar of marks; `figures` draws with it, each beside its data.
//! - `page` puts sections in order; its style also makes the printed page.
//!
//! All words stand in `words/`, one folder per language with the same keys. A code that the
//! engine writes has a line in the table of the module that tells it, and words in both.

mod chart;
mod claims;
mod figure;
mod figures;
mod hyphens;
mod methods;
mod note;
mod nouns;
mod numbers;
mod page;
mod range;
mod sentences;
mod steps;
mod view;
mod words;

pub use figure::Figure;
pub use figures::Boundaries;
use verschil_study::claims::{Audit, Claim};
use verschil_study::results::Results;
use view::View;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// There are no words for this language.
    #[error("no words for language `{0}`; there are `nl` and `en`")]
    Language(String),
    /// The results follow another version of the schema.
    #[error("the results follow schema `{0}`, this report reads `{expected}`", expected = verschil_study::results::SCHEMA)]
    Schema(String),
    /// The results name no control group, so there is nothing to lead with.
    #[error("the results name no comparison")]
    NoComparison,
    /// The number formatter has no data for the language.
    #[error("numbers cannot be formatted: {0}")]
    Format(String),
}

/// The report in `language` (`nl` or `en`) as one self-contained HTML file.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn html(results: &Results, language: &str) -> Result<String, ReportError> {
    html_with(results, language, None)
}

/// The report with maps of the regions' own shapes, where `boundaries` are given.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn html_with(
    results: &Results,
    language: &str,
    boundaries: Option<&Boundaries>,
) -> Result<String, ReportError> {
    let view = View::new(results, language)?.bounded(boundaries);
    Ok(page::document(&view).into_string())
}

/// The figures of the report in `language`, each a standalone SVG with its caption and data.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn figures(results: &Results, language: &str) -> Result<Vec<Figure>, ReportError> {
    figures_with(results, language, None)
}

/// The figures with maps of the regions' own shapes, where `boundaries` are given.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn figures_with(
    results: &Results,
    language: &str,
    boundaries: Option<&Boundaries>,
) -> Result<Vec<Figure>, ReportError> {
    let view = View::new(results, language)?.bounded(boundaries);
    Ok(figures::all(&view))
}

/// The generated sentences of one outcome in the main comparison, as they stand in the report.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn sentences(results: &Results, language: &str, outcome: &str) -> Result<String, ReportError> {
    let view = View::new(results, language)?;
    Ok(view
        .outcome(outcome)
        .map_or_else(String::new, |facts| sentences::effect::outcome(&view, facts)))
}

/// The answer in short, as it stands at the head of the report.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn answer(results: &Results, language: &str) -> Result<String, ReportError> {
    let view = View::new(results, language)?;
    Ok(sentences::answer::sentences(&view).join(" "))
}

/// What the report in `language` claims, for [`verschil_study::claims::audit`]: every effect as its
/// tables print it, and its sentences with the numbers that they are about.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn claims(results: &Results, language: &str) -> Result<Vec<Claim>, ReportError> {
    Ok(claims::all(&View::new(results, language)?))
}

/// An audit of claims in words: a line for each finding, then how much was looked at.
///
/// # Errors
/// When the language is unknown.
pub fn told(audit: &Audit, language: &str) -> Result<Vec<String>, ReportError> {
    let teller = sentences::claim::Teller {
        words: words::Words::new(language)?,
        numbers: numbers::Numbers::new(language)?,
    };
    let mut lines = teller.findings(audit);
    lines.extend(teller.summary(audit));
    Ok(lines)
}
