//! Tables: heads that repeat on each page, rows that stay whole, columns as wide as their words.

use maud::{Markup, html};

use crate::document::{Cell, Inline, Row, Rows, Table, Text};
use crate::hyphens::SOFT;
use crate::word::WIDTH;
use crate::word::line::{line, plain};

/// From this many columns on, letters are small.
const MANY: usize = 9;

/// The width of a wide letter, usual and small, and of the room beside the words of a cell, in
/// twentieths of a point.
const LETTER: f64 = 88.0;
const LETTER_SMALL: f64 = 77.0;
const SIDES: f64 = 130.0;
/// Letters of a word in a head that stay together, so that it does not break at every syllable.
const PIECE: usize = 9;
/// How much wider the bold letters of a head are.
const BOLD: f64 = 1.12;

/// How large the letters of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Usual,
    /// For the data of a figure.
    Small,
}

/// The table below its caption.
pub(crate) fn table(table: &Table, size: Size) -> Markup {
    let size = if table.columns.len() >= MANY { Size::Small } else { size };
    let widths = widths(table, size);
    html! {
        @if !table.caption.is_empty() {
            w:p { w:pPr { w:pStyle w:val="TableCaption" {} } (line(&table.caption)) }
        }
        w:tbl {
            w:tblPr {
                w:tblStyle w:val="ReportTable" {}
                w:tblW w:w=(WIDTH) w:type="dxa" {}
                w:tblLayout w:type="fixed" {}
                w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1" {}
                w:tblCaption w:val=(crate::word::letters::plain(&table.label)) {}
            }
            w:tblGrid { @for width in &widths { w:gridCol w:w=(width) {} } }
            (heads(table, &widths, size))
            @for group in &table.rows { (rows(group, &widths, size)) }
        }
        (room())
    }
}

/// Room below a table, which also keeps it apart from a next one.
pub(crate) fn room() -> Markup {
    html! { w:p { w:pPr { w:pStyle w:val="Room" {} } } }
}

fn heads(table: &Table, widths: &[u32], size: Size) -> Markup {
    html! {
        w:tr {
            w:trPr { w:cantSplit {} w:tblHeader {} }
            @for (at, (column, width)) in table.columns.iter().zip(widths).enumerate() {
                @let words = at == 0 || column.words;
                w:tc {
                    w:tcPr { w:tcW w:w=(width) w:type="dxa" {} w:vAlign w:val="bottom" {} }
                    (paragraph(style("TableHead", words, size), line(&column.head)))
                }
            }
        }
    }
}

fn rows(group: &Rows, widths: &[u32], size: Size) -> Markup {
    html! {
        @if !group.name.is_empty() {
            w:tr {
                w:trPr { w:cantSplit {} }
                w:tc {
                    w:tcPr {
                        w:tcW w:w=(WIDTH) w:type="dxa" {}
                        w:gridSpan w:val=(widths.len()) {}
                        w:shd w:val="clear" w:color="auto" w:fill="E3EEF5" {}
                    }
                    (paragraph(style("TableGroup", true, size), plain(&group.name)))
                }
            }
        }
        @for one in &group.rows { (row(one, widths, size)) }
    }
}

fn row(row: &Row, widths: &[u32], size: Size) -> Markup {
    let name = if row.headline { "TableStrong" } else { "TableText" };
    let mut at = 0;
    let mut cells = Vec::new();
    for cell in &row.cells {
        let until = (at + cell.span).min(widths.len());
        let width: u32 = widths[at.min(until)..until].iter().sum();
        let words = at == 0 || cell.words;
        cells.push(html! {
            w:tc {
                w:tcPr {
                    w:tcW w:w=(width) w:type="dxa" {}
                    @if cell.span > 1 { w:gridSpan w:val=(cell.span) {} }
                    @if row.headline { w:shd w:val="clear" w:color="auto" w:fill="F4F6F8" {} }
                }
                (paragraph(style(name, words, size), line(&cell.text)))
            }
        });
        at = until;
    }
    html! { w:tr { w:trPr { w:cantSplit {} } @for cell in cells { (cell) } } }
}

/// The style of a cell: what it is, whether it holds words, and how large it is.
fn style(name: &str, words: bool, size: Size) -> String {
    let side = if words { "" } else { "Number" };
    let small = if size == Size::Small { "Small" } else { "" };
    format!("{name}{side}{small}")
}

fn paragraph(style: String, runs: Markup) -> Markup {
    html! { w:p { w:pPr { w:pStyle w:val=(style) {} } (runs) } }
}

/// The widths of the columns, in twentieths of a point. Each has room for its longest word; what is
/// left goes to longer lines, and to all when every line has room.
fn widths(table: &Table, size: Size) -> Vec<u32> {
    let needs: Vec<Need> = (0..table.columns.len()).map(|at| Need::of(table, at, size)).collect();
    let least: f64 = needs.iter().map(|need| need.least).sum();
    let whole: f64 = needs.iter().map(|need| need.whole).sum();
    let width = f64::from(WIDTH);
    let mut until = 0.0;
    let mut before = 0;
    let fitted = needs.iter().map(|need| {
        until += if least >= width {
            need.least * width / least
        } else if whole <= width {
            need.whole * width / whole
        } else {
            need.least + (width - least) * (need.whole - need.least) / (whole - least)
        };
        let end = until.round() as u32;
        let own = end - before;
        before = end;
        own
    });
    fitted.collect()
}

/// What a column needs, in twentieths of a point.
struct Need {
    /// Room for the longest word.
    least: f64,
    /// Room for the longest line, within limits.
    whole: f64,
}

impl Need {
    fn of(table: &Table, at: usize, size: Size) -> Self {
        let column = &table.columns[at];
        let cells = table.rows.iter().flat_map(|group| &group.rows);
        let cells = cells.filter_map(|row| row.cells.get(at)).filter(|cell| cell.span == 1);
        let (mut word, mut line) = (0, 4);
        for text in cells.map(|cell: &Cell| words(&cell.text)) {
            word = word.max(longest(&text, |c| matches!(c, ' ' | '\n' | SOFT)));
            line = line.max(longest(&text, |c| c == '\n'));
        }
        let head = words(&column.head);
        let unbroken = longest(&head, |c| matches!(c, ' ' | '\n')).min(PIECE);
        let head = longest(&head, |c| matches!(c, ' ' | '\n' | SOFT)).max(unbroken);
        let most = match (at, column.words) {
            (0, _) => 34,
            (_, true) => 70,
            (_, false) => 20,
        };
        let letter = if size == Size::Small { LETTER_SMALL } else { LETTER };
        let room = |letters: usize| letters as f64 * letter + SIDES;
        let least = room(word.min(most / 2)).max(room(head) * BOLD);
        Self { least, whole: room(line.min(most)).max(least) }
    }
}

/// The words of a cell, a line each.
fn words(text: &Text) -> String {
    let words = text.0.iter().map(|inline| match inline {
        Inline::Break => "\n",
        Inline::Words { words }
        | Inline::Strong { words }
        | Inline::Flag { words }
        | Inline::Invented { words }
        | Inline::Small { words }
        | Inline::Code { words }
        | Inline::English { words } => words,
    });
    words.collect()
}

fn longest(words: &str, ends: impl Fn(char) -> bool) -> usize {
    words.split(ends).map(|part| part.chars().filter(|&c| c != SOFT).count()).max().unwrap_or(0)
}
