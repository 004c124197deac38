//! Rows and cells of a table in CSV or Markdown, each with its line.

use super::printed::Mark;

/// One row of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Line that it starts on, from 1.
    pub(crate) line: usize,
    /// Its cells, trimmed.
    pub(crate) cells: Vec<String>,
}

/// A heading with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) head: Row,
    pub(crate) rows: Vec<Row>,
}

/// The tables of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) tables: Vec<Table>,
    /// The decimal mark that goes with the separator of columns, where one does.
    pub(crate) mark: Option<Mark>,
}

/// The one table of a CSV file. Lines that start with `#` are comments.
pub(crate) fn csv(text: &str) -> Grid {
    let separator = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(separator)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let (mut line, mut byte) = (1, 0);
    let mut rows = Vec::new();
    // a text in UTF-8 with rows of any length has no error
    for record in reader.records().map_while(Result::ok) {
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0));
        let start = first_cell(text, start.min(text.len()).max(byte));
        line += text.as_bytes()[byte..start].iter().filter(|byte| **byte == b'\n').count();
        byte = start;
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { line, cells });
        }
    }
    let mark = Some(if separator == b';' { Mark::Comma } else { Mark::Point });
    let mut rows = rows.into_iter();
    let tables = rows.next().map(|head| Table { head, rows: rows.collect() });
    Grid { tables: tables.into_iter().collect(), mark }
}

/// The reader's place of a record lies before the empty lines and comments that it skips.
fn first_cell(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => at += 1,
            b'#' => at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at),
            _ => break,
        }
    }
    at
}

/// What separates columns: whatever stands most often in the first line that is no comment.
fn separator(text: &str) -> u8 {
    let head = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let count = |mark: char| head.map_or(0, |head| head.matches(mark).count());
    let (semicolons, tabs, commas) = (count(';'), count('\t'), count(','));
    match () {
        () if semicolons > commas && semicolons >= tabs => b';',
        () if tabs > commas => b'\t',
        () => b',',
    }
}

/// Every table between pipes of a Markdown text; what stands around them is not looked at.
pub(crate) fn markdown(text: &str) -> Grid {
    let lines: Vec<&str> = text.lines().collect();
    let mut tables = Vec::new();
    let mut at = 0;
    while at + 1 < lines.len() {
        if !lines[at].contains('|') || !is_rule(lines[at + 1]) {
            at += 1;
            continue;
        }
        let head = Row { line: at + 1, cells: cells(lines[at]) };
        let body = lines[at + 2..].iter().take_while(|line| line.contains('|')).count();
        let row = |index: usize| Row { line: index + 1, cells: cells(lines[index]) };
        let rows = (at + 2..at + 2 + body).map(row).filter(|row| !blank(row)).collect();
        tables.push(Table { head, rows });
        at += 2 + body;
    }
    Grid { tables, mark: None }
}

fn blank(row: &Row) -> bool {
    row.cells.iter().all(String::is_empty)
}

/// The line of dashes under a heading.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-')
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Cells between pipes; `\|` is a pipe within a cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('|')) => {
                letters.next();
                push(&mut cells, '|');
            }
            ('|', None) => break,
            ('|', _) => cells.push(String::new()),
            _ => push(&mut cells, letter),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push(cells: &mut [String], letter: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_csv_know_their_lines() {
        let text = "# why\nid;outcome\n\n# more\na;\"two\nlines\"\n;;\nb;x\n";
        let grid = csv(text);
        let table = &grid.tables[0];
        assert_eq!(grid.mark, Some(Mark::Comma));
        assert_eq!((table.head.line, table.rows[0].line, table.rows[1].line), (2, 5, 8));
        assert_eq!(table.rows[0].cells, ["a", "two\nlines"]);
    }

    #[test]
    fn tables_of_a_markdown_text_are_found() {
        let text = "# Claims\n\n| id | outcome |\n|---|:--|\n| a | x \\| y |\n\ntext\n\nid | outcome\n--|--\nb | z\n";
        let grid = markdown(text);
        assert_eq!(grid.tables.len(), 2);
        assert_eq!(grid.tables[0].rows, [Row { line: 5, cells: vec!["a".into(), "x | y".into()] }]);
        assert_eq!(grid.tables[1].rows[0].line, 11);
    }
}
