//! Lists of codes, read from files beside the protocol.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::report::Report;
use crate::problem::{Place, Problem, Severity, did_you_mean};
use crate::results::Text;

/// Columns of the file of a list of codes; only the first must be there.
const COLUMNS: &[&str] = &["code", "nl", "en", "valid_from", "valid_to"];

/// One code of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code, as in the data.
    pub code: String,
    /// What it means; may be empty.
    pub label: Text,
    /// First year in which it is valid; open when absent.
    pub valid_from: Option<i64>,
    /// Last year in which it is valid; open when absent.
    pub valid_to: Option<i64>,
}

/// A named list of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Codelist {
    /// Name in expressions.
    pub name: String,
    /// File, relative to the protocol's folder.
    pub file: String,
    /// Codes, in the order of the file.
    pub codes: Vec<Code>,
    /// SHA-256 of the file, hexadecimal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Where it is declared.
    #[serde(skip)]
    pub place: Place,
}

/// A file of codes while it is read.
struct Reader<'a> {
    report: &'a mut Report,
    /// Name of the file in messages.
    file: &'a str,
    text: &'a str,
    path: String,
    /// First byte of the line that was read last, and its number.
    at: (usize, usize),
    rows: usize,
    /// Validities of each code by their first year: the last year, and the line.
    seen: BTreeMap<String, BTreeMap<i64, (i64, usize)>>,
}

/// Reads the codes of a list; problems stand in the lines of its file.
pub(crate) fn codes(report: &mut Report, name: &str, file: &str, text: &str) -> Vec<Code> {
    report.also(file);
    let path = format!("codelists.{name}.file");
    let mut reader =
        Reader { report, file, text, path, at: (0, 1), rows: 0, seen: BTreeMap::new() };
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let header = rows.headers().cloned().unwrap_or_default();
    if !reader.header(&header) {
        return Vec::new();
    }
    let mut codes = Vec::new();
    for row in rows.records() {
        // a text in UTF-8 with rows of any length has no other error
        let Ok(row) = row else { continue };
        codes.extend(reader.row(&header, &row));
    }
    if reader.rows == 0 {
        let problem = Problem::error("empty-codelist", "the list has no codes")
            .hint("write a line for each code under the header");
        reader.push(1, problem);
    }
    codes
}

/// SHA-256 of a file, hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Reader<'_> {
    fn push(&mut self, line: usize, problem: Problem) {
        // finding the line takes a walk over the text
        if self.report.is_full(Severity::Error) {
            return;
        }
        let start = match line {
            0 | 1 => 0,
            _ => self.text.match_indices('\n').nth(line - 2).map_or(0, |(index, _)| index + 1),
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.lines().next().map_or(0, str::len);
        let place = Place {
            file: self.file.to_owned(),
            path: self.path.clone(),
            line: line.max(1),
            column: 1,
            offset: start,
            length,
        };
        self.report.push(problem.at(&place));
    }

    /// Whether the columns of the file are those of a list of codes.
    fn header(&mut self, header: &csv::StringRecord) -> bool {
        let mut sound = true;
        let mut seen: Vec<&str> = Vec::new();
        for name in header {
            let problem = if !COLUMNS.contains(&name) {
                let hint = if name.contains(';') || name.contains('\t') {
                    "separate values with commas".to_owned()
                } else {
                    did_you_mean(name, COLUMNS.iter().copied())
                };
                Problem::error("codelist-column", format!("{name:?} is not a column of a list"))
                    .hint(hint)
            } else if seen.contains(&name) {
                Problem::error("codelist-column", format!("the column {name:?} stands twice"))
                    .hint("remove one of the two")
            } else {
                seen.push(name);
                continue;
            };
            sound = false;
            self.push(1, problem.found(format!("{name:?}")).allowed(COLUMNS.join(", ")));
        }
        if sound && !seen.contains(&"code") {
            sound = false;
            let problem = Problem::error("codelist-column", "the list has no column `code`")
                .found(seen.join(", "))
                .allowed(COLUMNS.join(", "))
                .hint("begin with a header line such as `code,nl,en,valid_from,valid_to`");
            self.push(1, problem);
        }
        sound
    }

    /// One code, unless something in its line is not right.
    fn row(&mut self, header: &csv::StringRecord, row: &csv::StringRecord) -> Option<Code> {
        let line = self.line(row);
        self.rows += 1;
        if row.len() != header.len() {
            let problem = Problem::error("codelist-row", "this line has not a value per column")
                .found(format!("{} values", row.len()))
                .allowed(format!("{} values, as the header", header.len()))
                .hint("write a text with a comma in it between double quotes");
            self.push(line, problem);
            return None;
        }
        let value = |name: &str| {
            let at = header.iter().position(|column| column == name);
            at.and_then(|at| row.get(at)).unwrap_or_default()
        };
        let code = value("code").to_owned();
        let first = self.period(line, "valid_from", value("valid_from"));
        let last = self.period(line, "valid_to", value("valid_to"));
        if code.is_empty() {
            let problem = Problem::error("codelist-row", "this line has no code")
                .allowed("a code in every line")
                .hint("write the code, or remove the line");
            self.push(line, problem);
            return None;
        }
        let (valid_from, valid_to) = (first?, last?);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && from > to
        {
            let problem = Problem::error("empty-window", "the validity ends before it starts")
                .found(format!("valid_from = {from}, valid_to = {to}"))
                .hint("exchange them");
            self.push(line, problem);
            return None;
        }
        let (start, end) = (valid_from.unwrap_or(i64::MIN), valid_to.unwrap_or(i64::MAX));
        let known = self.seen.entry(code.clone()).or_default();
        // those before do not overlap each other, so only the neighbours can overlap this one
        let before = known.range(..=start).next_back().filter(|(_, (last, _))| *last >= start);
        let after = known.range(start..).next().filter(|(first, _)| **first <= end);
        if let Some((&first, &(last, earlier))) = before.or(after) {
            self.push(line, twice(&code, earlier, (first, last), (start, end)));
            return None;
        }
        known.insert(start, (end, line));
        let labels = ["nl", "en"].map(|language| (language.to_owned(), value(language).to_owned()));
        let label = Text(labels.into_iter().filter(|(_, text)| !text.is_empty()).collect());
        Some(Code { code, label, valid_from, valid_to })
    }

    /// The line in which a row starts; the reader counts an empty line before it as part of it.
    fn line(&mut self, row: &csv::StringRecord) -> usize {
        let bytes = self.text.as_bytes();
        let start = row.position().map_or(0, |position| position.byte());
        let start = usize::try_from(start).unwrap_or_default().clamp(self.at.0, bytes.len());
        let blank = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (from, line) = self.at;
        let to = start + blank;
        let line = line + bytes[from..to].iter().filter(|byte| **byte == b'\n').count();
        self.at = (to, line);
        line
    }

    /// A bound of validity; nothing when it is not a whole number.
    fn period(&mut self, line: usize, column: &str, text: &str) -> Option<Option<i64>> {
        if text.is_empty() {
            return Some(None);
        }
        if let Ok(number) = text.parse() {
            return Some(Some(number));
        }
        let problem = Problem::error("codelist-row", format!("`{column}` is not a whole number"))
            .found(format!("{text:?}"))
            .allowed("a whole number, or nothing when it is open")
            .hint("write the year only, such as 2016");
        self.push(line, problem);
        None
    }
}

/// The problem of a code that is valid twice at the same time.
fn twice(code: &str, line: usize, other: (i64, i64), validity: (i64, i64)) -> Problem {
    let bound = |end: i64| match end {
        i64::MIN | i64::MAX => "open".to_owned(),
        end => end.to_string(),
    };
    let shown = |(from, to)| format!("{} to {}", bound(from), bound(to));
    let problem = if other == validity {
        Problem::error("duplicate-code", format!("the code {code:?} stands in this list twice"))
            .hint(format!("remove it here, or in line {line}"))
    } else {
        Problem::error("overlapping-validity", format!("the code {code:?} is valid twice"))
            .hint(format!("let the validity of one end before the other starts; see line {line}"))
    };
    problem
        .found(format!("{} and {}", shown(other), shown(validity)))
        .allowed("a code once, or several times with validities that do not overlap")
}
