//! From cells to claims, with every problem of a table at once.

use std::collections::BTreeMap;

use super::columns::{self, COLUMNS, Column, Holds};
use super::grid::{self, Grid, Row, Table};
use super::printed::{self, Mark, PValue, Printed};
use super::{About, Claim, Counts, Effect, Levels, Scale, Wording};
use crate::problem::{Place, Problem, did_you_mean};

/// Longest table, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// Most problems that are told.
const MAX_PROBLEMS: usize = 200;

/// Longest piece of a cell that a message repeats, in characters.
const SHOWN: usize = 60;

/// The claims of a file.
pub(super) fn claims(file: &str, bytes: &[u8]) -> Result<Vec<Claim>, Vec<Problem>> {
    let text = text(bytes).map_err(|problem| vec![problem.in_file(file)])?;
    let path = std::path::Path::new(file);
    let markdown = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let grid = if markdown { grid::markdown(text) } else { grid::csv(text) };
    let mut reader = Reader { file, mark: None, problems: Vec::new(), more: 0 };
    let claims = reader.grid(&grid);
    reader.references(&claims);
    if reader.problems.is_empty() { Ok(claims) } else { Err(reader.told()) }
}

fn text(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::error("long-claims", "the table is too long")
            .found(format!("{} bytes", bytes.len()))
            .allowed(format!("at most {MAX_BYTES} bytes"))
            .hint("split it by chapter"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Problem::error("claims-encoding", "the table is not written in UTF-8")
            .at(&Place { line, column: 1, ..Place::default() })
            .allowed("UTF-8")
            .hint("save it again as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

struct Reader<'a> {
    file: &'a str,
    /// The decimal mark; nothing while ambiguous numbers cannot be told apart.
    mark: Option<Mark>,
    problems: Vec<Problem>,
    more: usize,
}

/// The cells of one row by column.
struct Cells<'r> {
    line: usize,
    by_column: BTreeMap<&'static str, &'r str>,
}

impl Cells<'_> {
    fn text(&self, column: &str) -> String {
        self.by_column.get(column).copied().unwrap_or_default().to_owned()
    }
}

impl Reader<'_> {
    fn push(&mut self, line: usize, column: &str, problem: Problem) {
        if self.problems.len() >= MAX_PROBLEMS {
            self.more += 1;
            return;
        }
        let place = Place { line, column: 1, path: column.to_owned(), ..Place::default() };
        self.problems.push(problem.at(&place).in_file(self.file));
    }

    fn told(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let problem = Problem::error("more-problems", "there are more problems than these")
                .found(format!("{} more", self.more))
                .hint("put these right first");
            self.problems.push(problem.in_file(self.file));
        }
        self.problems
    }

    fn grid(&mut self, grid: &Grid) -> Vec<Claim> {
        if grid.tables.iter().all(|table| table.rows.is_empty()) {
            let problem = Problem::error("no-claims", "the file holds no claims")
                .allowed("a heading with `outcome`, and a row for each claim")
                .hint("a name that ends in .md is read as Markdown, any other as CSV");
            self.push(1, "", problem);
        }
        self.mark = mark(grid);
        let mut claims = Vec::new();
        for table in &grid.tables {
            if let Some(heads) = self.heads(&table.head) {
                claims.extend(self.table(table, &heads));
            }
        }
        claims
    }

    /// The column of each heading; nothing when rows under them would have no meaning.
    fn heads(&mut self, head: &Row) -> Option<Vec<Option<&'static Column>>> {
        let mut heads: Vec<Option<&'static Column>> = Vec::new();
        for (index, cell) in head.cells.iter().enumerate() {
            let found = columns::find(cell);
            let twice = found.filter(|f| heads.iter().flatten().any(|other| other.id == f.id));
            let names = || COLUMNS.iter().map(|column| column.id);
            if let Some(column) = twice {
                let problem = Problem::error("double-column", "a column stands twice")
                    .found(shown(cell))
                    .hint("join the two columns");
                self.push(head.line, column.id, problem);
            } else if found.is_none() {
                let problem = Problem::error("unknown-column", "a heading is not known")
                    .found(format!("column {}: {}", index + 1, shown(cell)))
                    .allowed(names().collect::<Vec<_>>().join(", "))
                    .hint(did_you_mean(cell, names()));
                self.push(head.line, "", problem);
            }
            heads.push(found.filter(|_| twice.is_none()));
        }
        let outcome = heads.iter().flatten().any(|column| column.id == "outcome");
        if !outcome {
            let problem = Problem::error("no-outcome-column", "there is no column `outcome`")
                .found(shown(&head.cells.join(", ")))
                .hint("name the column that says what each claim is about `outcome`");
            self.push(head.line, "outcome", problem);
        }
        outcome.then_some(heads)
    }

    fn table(&mut self, table: &Table, heads: &[Option<&'static Column>]) -> Vec<Claim> {
        let mut claims = Vec::new();
        for row in &table.rows {
            let filled = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |i| i + 1);
            if filled > heads.len() || row.cells.len() < heads.len() {
                let problem = Problem::error("cells", "a row has another number of cells")
                    .found(format!("{} cells", row.cells.len()))
                    .allowed(format!("{}, as the heading has", heads.len()))
                    .hint("quote a cell that holds the separator");
                self.push(row.line, "", problem);
                continue;
            }
            let named = heads.iter().zip(&row.cells);
            let by_column = named.filter_map(|(head, cell)| Some(((*head)?.id, cell.as_str())));
            let cells = Cells { line: row.line, by_column: by_column.collect() };
            claims.push(self.claim(&cells));
        }
        claims
    }

    fn claim(&mut self, cells: &Cells) -> Claim {
        let id = match cells.text("id") {
            id if id.is_empty() => format!("line {}", cells.line),
            id => id,
        };
        if cells.text("outcome").is_empty() {
            let problem = Problem::error("no-outcome", "a claim does not say what it is about")
                .hint("fill in `outcome`");
            self.push(cells.line, "outcome", problem);
        }
        Claim {
            id,
            line: cells.line,
            about: About {
                outcome: cells.text("outcome"),
                label: cells.text("label"),
                aspect: cells.text("aspect"),
                analysis: cells.text("analysis"),
                population: cells.text("population"),
                period: cells.text("period"),
                denominator: cells.text("denominator"),
            },
            effect: self.effect(cells),
            levels: Levels {
                before: self.number(cells, "before"),
                after: self.number(cells, "after"),
                change: self.number(cells, "change"),
                base: self.number(cells, "base"),
            },
            counts: Counts {
                n: self.number(cells, "n"),
                of: self.number(cells, "of"),
                part_of: cells.text("part_of"),
            },
            wording: Wording {
                text: cells.text("text"),
                language: self.choice(cells, "language"),
                stated: cells.text("stated"),
                cites: cells.text("cites"),
                source: cells.text("source"),
            },
        }
    }

    fn effect(&mut self, cells: &Cells) -> Effect {
        let scale = match self.choice(cells, "scale").as_str() {
            "linear" => Scale::Linear,
            "ratio" => Scale::Ratio,
            _ => Scale::Unstated,
        };
        let confidence = self.number(cells, "confidence");
        if let Some(level) = confidence.filter(|level| !(level.value > 0.0 && level.value < 100.0))
        {
            let problem = Problem::error("confidence", "this is no confidence level")
                .found(level.value.to_string())
                .allowed("a percentage between 0 and 100, such as 95");
            self.push(cells.line, "confidence", problem);
        }
        Effect {
            estimate: self.number(cells, "estimate"),
            low: self.number(cells, "low"),
            high: self.number(cells, "high"),
            unit: cells.text("unit"),
            scale,
            anywhere: self.choice(cells, "interval") == "anywhere",
            confidence,
            p_value: self.p_value(cells),
        }
    }

    fn number(&mut self, cells: &Cells, column: &str) -> Option<Printed> {
        let cell = cells.text(column);
        if cell.is_empty() {
            return None;
        }
        match self.mark {
            Some(mark) => {
                let found = Printed::read(&cell, mark);
                if found.is_none() {
                    self.push(cells.line, column, not_a_number(&cell, mark));
                }
                found
            }
            None if printed::shown_mark(&cell).is_err() => {
                self.push(cells.line, column, ambiguous(&cell));
                None
            }
            None => {
                let found = Printed::read(&cell, Mark::Point);
                if found.is_none() {
                    self.push(cells.line, column, not_a_number(&cell, Mark::Point));
                }
                found
            }
        }
    }

    fn p_value(&mut self, cells: &Cells) -> Option<PValue> {
        let cell = cells.text("p_value");
        let (_, number) = printed::sign_of(&cell);
        if cell.is_empty() {
            return None;
        }
        let mark = self.mark.unwrap_or(Mark::Point);
        if self.mark.is_none() && printed::shown_mark(number).is_err() {
            self.push(cells.line, "p_value", ambiguous(&cell));
            return None;
        }
        let found = PValue::read(&cell, mark);
        if found.is_none() {
            self.push(cells.line, "p_value", not_a_number(&cell, mark));
        }
        found
    }

    fn choice(&mut self, cells: &Cells, column: &str) -> String {
        let cell = cells.text(column).to_lowercase();
        let Some(Holds::Choice(words)) = columns::find(column).map(|column| column.holds) else {
            return cell;
        };
        if cell.is_empty() || words.contains(&cell.as_str()) {
            return cell;
        }
        let problem = Problem::error("choice", "this word is not one of those that fit here")
            .found(shown(&cell))
            .allowed(words.join(", "))
            .hint(did_you_mean(&cell, words.iter().copied()));
        self.push(cells.line, column, problem);
        String::new()
    }

    /// Ids that stand twice, and rows that are pointed at and are not there.
    fn references(&mut self, claims: &[Claim]) {
        let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
        for claim in claims {
            if let Some(first) = lines.insert(&claim.id, claim.line) {
                let problem = Problem::error("double-id", "two claims have one id")
                    .found(format!("{}, also in line {first}", shown(&claim.id)))
                    .hint("give each claim an id of its own");
                self.push(claim.line, "id", problem);
            }
        }
        for claim in claims {
            let pointed = [("part_of", &claim.counts.part_of), ("cites", &claim.wording.cites)];
            for (column, id) in pointed.into_iter().filter(|(_, id)| !id.is_empty()) {
                if lines.contains_key(id.as_str()) && *id != claim.id {
                    continue;
                }
                let problem = Problem::error("unknown-claim", "there is no other claim of this id")
                    .found(shown(id))
                    .allowed("the `id` of another row")
                    .hint(did_you_mean(id, lines.keys().copied()));
                self.push(claim.line, column, problem);
            }
        }
    }
}

fn not_a_number(cell: &str, mark: Mark) -> Problem {
    let (allowed, other) = match mark {
        Mark::Point => ("1234.5 or 1,234.5, with a minus sign or a percent sign", "points"),
        Mark::Comma => ("1234,5 or 1.234,5, with a minus sign or a percent sign", "commas"),
    };
    Problem::error("number", "this is no number").found(shown(cell)).allowed(allowed).hint(format!(
        "this table writes decimals with {other}; leave a cell empty for what is not stated"
    ))
}

fn ambiguous(cell: &str) -> Problem {
    Problem::error("ambiguous-number", "this number can be read in two ways")
        .found(shown(cell))
        .allowed("1234 for a thousand and more, 1.23 or 1.2340 for a decimal")
        .hint("leave thousands unseparated")
}

/// The decimal mark of a file: what its unambiguous numbers show most often, or what goes with
/// the separator of its columns.
fn mark(grid: &Grid) -> Option<Mark> {
    let (mut points, mut commas) = (0_usize, 0_usize);
    for table in &grid.tables {
        let heads: Vec<_> = table.head.cells.iter().map(|cell| columns::find(cell)).collect();
        for (head, cell) in table.rows.iter().flat_map(|row| heads.iter().zip(&row.cells)) {
            let numbers = |c: &&Column| matches!(c.holds, Holds::Number | Holds::PValue);
            if head.filter(|column| numbers(column)).is_none() {
                continue;
            }
            match printed::shown_mark(printed::sign_of(cell).1) {
                Ok(Some(Mark::Point)) => points += 1,
                Ok(Some(Mark::Comma)) => commas += 1,
                Ok(None) | Err(()) => {}
            }
        }
    }
    match points.cmp(&commas) {
        std::cmp::Ordering::Greater => Some(Mark::Point),
        std::cmp::Ordering::Less => Some(Mark::Comma),
        std::cmp::Ordering::Equal => grid.mark,
    }
}

/// A cell as a message repeats it: claims are published, but a message stays short.
fn shown(cell: &str) -> String {
    let mut short: String = cell.chars().take(SHOWN).collect();
    if short.len() < cell.len() {
        short.push('\u{2026}');
    }
    format!("`{short}`")
}
