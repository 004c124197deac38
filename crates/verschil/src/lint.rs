//! Claims that others published, put to the rules of `verschil lint`.

use std::path::Path;

use verschil_report::told;
use verschil_study::Problem;
use verschil_study::claims::{Audit, Claims, audit};

/// An audit, and the same in words.
pub struct Linted {
    /// What was found.
    pub audit: Audit,
    /// A line for each finding, then how much was looked at.
    pub lines: Vec<String>,
}

/// Audits the table of claims at `path`; `language` (`nl` or `en`) is that of the lines.
///
/// # Errors
/// All problems of the file, when it cannot be read as a table of claims.
pub fn lint(path: &Path, language: &str) -> Result<Linted, Vec<Problem>> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = Problem::error("unreadable-claims", "the claims cannot be read")
            .found(format!("{name}: {error}"))
            .hint("name a CSV file or a Markdown file with a table of claims");
        vec![problem]
    })?;
    let audit = audit(&Claims::parse(&name, &bytes)?.claims);
    let lines = told(&audit, language).map_err(|error| {
        vec![Problem::error("lint-language", error.to_string()).allowed("nl, en")]
    })?;
    Ok(Linted { audit, lines })
}
