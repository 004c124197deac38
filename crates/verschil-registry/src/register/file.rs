//! The register's file: entries line by line, with every line that cannot be one.

use std::collections::BTreeMap;
use std::path::Path;

use csv::{Reader, StringRecord};
use datafusion::arrow::compute::kernels::cast_utils::Parser;
use datafusion::arrow::datatypes::Date32Type;
use verschil_study::results::Text;
use verschil_study::{ColumnKind, Problem, Register};

use super::Entry;

/// Entries of the register of a protocol that stands in `folder`, and what is wrong with lines;
/// only problems where lines cannot be told apart at all.
pub(super) fn read(
    register: &Register,
    folder: &Path,
) -> Result<(Vec<Entry>, Vec<Problem>), Vec<Problem>> {
    let unreadable = |found: String| {
        vec![
            Problem::error("unreadable-register", "the register of regions cannot be read")
                .at(&register.place)
                .found(format!("{}: {found}", register.file))
                .allowed("text with commas in UTF-8, with a column `code`")
                .hint("the file is looked for beside the protocol"),
        ]
    };
    let path = folder.join(&register.file);
    let mut reader = Reader::from_path(&path).map_err(|error| unreadable(error.to_string()))?;
    let header = reader.headers().map_err(|error| unreadable(error.to_string()))?;
    let columns: Vec<String> =
        header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    let problems = wrong_columns(register, &columns);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        let line = Line { register, columns: &columns, record: &record };
        entries.extend(line.entry(&mut problems));
    }
    if entries.is_empty() && problems.is_empty() {
        return Err(vec![
            Problem::error("no-rows", "the register of regions has no regions")
                .at(&register.place)
                .found(format!("{}: columns, and no row", register.file)),
        ]);
    }
    Ok((entries, problems))
}

/// Columns that are asked for and not there, and those that stand twice.
fn wrong_columns(register: &Register, columns: &[String]) -> Vec<Problem> {
    let declared = register.columns.iter().map(|(name, _)| name.as_str());
    let missing = std::iter::once("code")
        .chain(declared)
        .filter(|name| !columns.iter().any(|column| column == name))
        .map(|name| {
            let problem =
                Problem::error("no-column", format!("{} has no column `{name}`", register.file))
                    .at(&register.place)
                    .found(columns.join(", "));
            match columns {
                [only] if only.contains([';', '\t']) => problem.hint("separate columns by commas"),
                _ => problem.hint("names are matched exactly, also in their case"),
            }
        });
    let twice = columns.iter().enumerate().filter(|(at, name)| columns[..*at].contains(name));
    let twice = twice.map(|(_, name)| {
        Problem::error("column-twice", format!("{} has `{name}` more than once", register.file))
            .at(&register.place)
            .hint("rename or remove one of them in the file")
    });
    missing.chain(twice).collect()
}

/// A line of the file while it is read.
struct Line<'a> {
    register: &'a Register,
    columns: &'a [String],
    record: &'a StringRecord,
}

impl Line<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.columns.iter().position(|column| column == name)?;
        self.record.get(at).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Line of the file, from 1.
    fn number(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn entry(&self, problems: &mut Vec<Problem>) -> Option<Entry> {
        let Some(code) = self.get("code") else {
            problems.push(self.problem("no-code", "a region without a code"));
            return None;
        };
        let mut names = BTreeMap::new();
        for language in ["nl", "en"] {
            let name = self.get(&format!("name_{language}")).or_else(|| self.get("name"));
            names.insert(language.to_owned(), name.unwrap_or(code).to_owned());
        }
        Some(Entry {
            line: self.number(),
            code: code.to_owned(),
            name: Text(names),
            from: self.year("valid_from", problems).unwrap_or(i64::MIN),
            to: self.year("valid_to", problems).unwrap_or(i64::MAX),
            successor: self.get("successor").map(str::to_owned),
            centre: self.centre(problems),
            attributes: self.attributes(problems),
        })
    }

    fn year(&self, name: &str, problems: &mut Vec<Problem>) -> Option<i64> {
        let value = self.get(name)?;
        let year = value.parse().ok();
        if year.is_none() {
            problems.push(self.problem("no-year", &format!("`{name}` is no whole number")));
        }
        year
    }

    fn centre(&self, problems: &mut Vec<Problem>) -> Option<(f64, f64)> {
        let mut of = |name: &str| {
            let value = self.get(name);
            let found = value.and_then(number);
            if value.is_some() && found.is_none() {
                let message = format!("`{name}` does not hold a number");
                problems.push(self.problem("wrong-type", &message).allowed("number"));
            }
            found
        };
        let (x, y) = (of("x"), of("y"));
        if self.get("x").is_some() != self.get("y").is_some() {
            let problem = self.problem("half-centre", "a centre with one of `x` and `y`");
            problems.push(problem.allowed("both, or neither"));
        }
        x.zip(y)
    }

    fn attributes(&self, problems: &mut Vec<Problem>) -> Vec<Option<String>> {
        let mut values = Vec::new();
        for (name, kind) in &self.register.columns {
            let value = self.get(name);
            if value.is_some_and(|value| !fits(*kind, value)) {
                let message = format!("`{name}` does not hold {}", kind.as_str());
                problems.push(self.problem("wrong-type", &message).allowed(kind.as_str()));
            }
            values.push(value.map(str::to_owned));
        }
        values
    }

    fn problem(&self, code: &'static str, message: &str) -> Problem {
        Problem::error(code, format!("the register of regions: {message}"))
            .at(&self.register.place)
            .found(format!("line {} of {}", self.number(), self.register.file))
    }
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Days since 1970 of a date as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Option<i32> {
    Date32Type::parse(text).filter(|_| text.len() == "YYYY-MM-DD".len())
}

fn fits(kind: ColumnKind, value: &str) -> bool {
    match kind {
        ColumnKind::Integer => value.parse::<i64>().is_ok(),
        ColumnKind::Number => number(value).is_some(),
        ColumnKind::Boolean => boolean(value).is_some(),
        ColumnKind::Date => day(value).is_some(),
        ColumnKind::Text => true,
    }
}
