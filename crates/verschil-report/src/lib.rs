//! Results in, figures, pages and words out; computes nothing.
//!
//! A [`Report`] writes itself as one self-contained page, as a tagged PDF and for Word, and gives
//! its figures as standalone SVG; [`png`] makes pictures of them. Every number comes from the
//! results and is only rounded here, so text, tables and figures cannot disagree.
//!
//! - `view` looks things up and formats them in one language; `note`, `range`, `numbers`,
//!   `nouns` and `words` are what it reads with.
//! - `sentences` makes prose: the answer, each outcome, the trend rule, refusals and findings.
//! - `chart` is a small grammar of marks; `figures` draws with it, each beside its data.
//! - `page` puts sections in order in one `document`, a tree that each format writes in its own
//!   way: `html` for screens and browsers' print, `paper` as PDF.
//!
//! All words stand in `words/`, one folder per language with the same keys. A code that the
//! engine writes has a line in the table of the module that tells it, and words in both.

mod chart;
mod claims;
mod document;
mod figure;
mod figures;
mod html;
mod hyphens;
mod methods;
mod note;
mod nouns;
mod numbers;
mod page;
mod paper;
mod picture;
mod range;
mod sentences;
mod steps;
mod view;
mod word;
mod words;

use std::cell::OnceCell;

use document::Document;
pub use figure::Figure;
pub use figures::Boundaries;
use sentences::public::Said;
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
    /// The report could not be set on paper.
    #[error("the report could not be set on paper: {0}")]
    Paper(String),
    /// A figure could not be drawn as a picture of dots.
    #[error("a figure could not be drawn as a picture: {0}")]
    Picture(String),
    /// The report could not be written for Word.
    #[error("the report could not be written for Word: {0}")]
    Word(String),
}

/// A report in one language, which can be written in several formats.
pub struct Report<'a> {
    view: View<'a>,
    document: OnceCell<Document>,
    figures: OnceCell<Vec<Figure>>,
}

impl<'a> Report<'a> {
    /// The report in `language` (`nl` or `en`); maps show the regions' own shapes where
    /// `boundaries` are given. Nothing is drawn before a format asks for it.
    ///
    /// # Errors
    /// When the language is unknown, the schema is another one or there is no comparison.
    pub fn new(
        results: &'a Results,
        language: &'a str,
        boundaries: Option<&'a Boundaries>,
    ) -> Result<Self, ReportError> {
        let view = View::new(results, language)?.bounded(boundaries);
        Ok(Self { view, document: OnceCell::new(), figures: OnceCell::new() })
    }

    fn document(&self) -> &Document {
        self.document.get_or_init(|| page::document(&self.view))
    }

    /// One self-contained HTML file.
    #[must_use]
    pub fn html(&self) -> String {
        html::page(self.document()).into_string()
    }

    /// A tagged PDF (PDF/UA-1) with its fonts.
    ///
    /// # Errors
    /// When the pages cannot be set.
    pub fn pdf(&self) -> Result<Vec<u8>, ReportError> {
        paper::pdf(self.document())
    }

    /// A Word document (.docx) with the figures as pictures; the same results give the same bytes.
    ///
    /// # Errors
    /// When a figure cannot be drawn or the parts cannot be packed.
    pub fn docx(&self) -> Result<Vec<u8>, ReportError> {
        word::docx(self.document())
    }

    /// Sheets for a meeting with the field as PDF: one page per outcome and per treated region.
    ///
    /// # Errors
    /// As [`Report::pdf`].
    pub fn session(&self) -> Result<Vec<u8>, ReportError> {
        paper::pdf(&page::session(&self.view))
    }

    /// Keys of texts, of what was written so far, that the language lacks: they stand in English.
    #[must_use]
    pub fn untranslated(&self) -> Vec<&'static str> {
        self.view.words.untranslated()
    }

    /// Every figure, a standalone SVG with its caption and data.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        self.figures.get_or_init(|| figures::all(&self.view))
    }
}

/// The report in `language` as one self-contained HTML file, without boundaries.
///
/// # Errors
/// As [`Report::new`].
pub fn html(results: &Results, language: &str) -> Result<String, ReportError> {
    Ok(Report::new(results, language, None)?.html())
}

/// The figures of the report in `language`, without boundaries.
///
/// # Errors
/// As [`Report::new`].
pub fn figures(results: &Results, language: &str) -> Result<Vec<Figure>, ReportError> {
    Ok(Report::new(results, language, None)?.figures().to_vec())
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

/// The answer in short, as it stands in the public summary.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn answer(results: &Results, language: &str) -> Result<String, ReportError> {
    let view = View::new(results, language)?;
    Ok(sentences::answer::sentences(&view).join(" "))
}

/// A figure as a PNG with `scale` dots for each unit of its drawing, which is 440 units wide; 2 is
/// enough for paper. Letters come from the fonts of the report, so every machine draws the same.
///
/// # Errors
/// [`ReportError::Picture`] when the picture would have no dots or more than 16,384 along a side.
pub fn png(figure: &Figure, scale: f32) -> Result<Vec<u8>, ReportError> {
    Ok(picture::png(&figure.svg, scale)?.png)
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

/// The public summary as text: headings, paragraphs and points, each on a line of its own.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn public_summary(results: &Results, language: &str) -> Result<Vec<String>, ReportError> {
    let view = View::new(results, language)?;
    Ok(sentences::public::summary(&view).iter().flat_map(Said::lines).collect())
}

/// The key messages for those who decide, three to seven, each with the words that lead it.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn key_messages(results: &Results, language: &str) -> Result<Vec<String>, ReportError> {
    let view = View::new(results, language)?;
    let told = sentences::message::messages(&view).into_iter();
    Ok(told.map(|message| format!("{}. {}", message.lead, message.text)).collect())
}

/// The limitations that follow from the results, one sentence each.
///
/// # Errors
/// When the language is unknown, the schema is another one or there is no comparison.
pub fn limitations(results: &Results, language: &str) -> Result<Vec<String>, ReportError> {
    let view = View::new(results, language)?;
    Ok(sentences::limitation::sentences(&view))
}
