//! Tables and figures as they stand in the document.

use verschil_study::results::OutcomeFacts;

use crate::document::{
    Block, Cell, Column, ListKind, Placed, Row, Rows, Shown, Table, TableKind, Text,
};
use crate::figure::Figure;
use crate::view::{Domain, View};
use crate::words::capital;

/// The caption of a table, which says so when the data are invented. An empty caption, of a table
/// below its own title, is left out otherwise.
pub(crate) fn caption(view: &View, words: &str) -> Text {
    let text = Text::from(words);
    match view.invented() {
        Some(mark) if text.is_empty() => text.invented(mark),
        Some(mark) => text.words(" ").invented(mark),
        None => text,
    }
}

/// Rows of a table that belong together, below their name.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A plain table below its own title: the first column names the row, the others hold numbers.
pub(crate) fn plain(view: &View, title: &str, columns: &[String], rows: &[Vec<String>]) -> Table {
    let rows = rows.iter().map(|cells| row(view, cells)).collect();
    numbers(view, title, columns, Rows::nameless(rows))
}

/// A plain table in groups.
pub(crate) fn grouped(view: &View, title: &str, columns: &[String], groups: &[Group]) -> Table {
    let rows = groups.iter().map(|group| Rows {
        name: view.soft(&group.name),
        rows: group.rows.iter().map(|cells| row(view, cells)).collect(),
    });
    numbers(view, title, columns, rows.collect())
}

fn numbers(view: &View, title: &str, columns: &[String], rows: Vec<Rows>) -> Table {
    Table {
        kind: TableKind::Numbers,
        label: title.to_owned(),
        caption: caption(view, ""),
        columns: columns.iter().map(|head| Column::number(head.as_str())).collect(),
        rows,
    }
}

fn row(view: &View, cells: &[String]) -> Row {
    let name = |(at, cell): (usize, &String)| {
        if at == 0 { Cell::number(view.soft(cell)) } else { Cell::number(cell.as_str()) }
    };
    Row::of(cells.iter().enumerate().map(name).collect())
}

/// Rows of outcomes below the names of their domains.
pub(crate) fn by_domain(view: &View, row: impl Fn(&OutcomeFacts) -> Row) -> Vec<Rows> {
    let group = |domain: Domain| Rows {
        name: view.soft(domain.name),
        rows: domain.outcomes.into_iter().map(&row).collect(),
    };
    view.domains().into_iter().map(group).collect()
}

/// A table whose cells hold words, below these heads; an empty caption is left out.
pub(crate) fn of_words(
    view: &View,
    label: String,
    caption: &str,
    heads: &[&'static str],
    rows: impl Iterator<Item = Row>,
) -> Table {
    Table {
        kind: TableKind::Words,
        label,
        caption: self::caption(view, caption),
        columns: self::heads(view, heads, heads),
        rows: Rows::nameless(rows.collect()),
    }
}

/// Columns with these heads; those named in `words` hold words.
pub(crate) fn heads(view: &View, keys: &[&'static str], words: &[&'static str]) -> Vec<Column> {
    keys.iter()
        .map(|key| Column { head: view.words.text(key).into(), words: words.contains(key) })
        .collect()
}

/// A figure with its caption and the same data as a table.
pub(crate) fn figure(view: &View, figure: Figure) -> Block {
    figure_with(view, figure, Shown::Folded)
}

/// Figures side by side where there is room; nothing where there are none.
pub(crate) fn figures(view: &View, figures: Vec<Figure>) -> Vec<Block> {
    if figures.is_empty() {
        return Vec::new();
    }
    let figures = figures.into_iter().map(|figure| placed(view, figure, Shown::Folded)).collect();
    vec![Block::Figures { figures }]
}

/// A figure whose data stand elsewhere, or open beneath it.
pub(crate) fn figure_with(view: &View, figure: Figure, data: Shown) -> Block {
    Block::Figures { figures: vec![placed(view, figure, data)] }
}

fn placed(view: &View, figure: Figure, data: Shown) -> Placed {
    let table = plain(view, &figure.title, &figure.columns, &figure.rows);
    let on_paper = match data {
        Shown::Elsewhere => false,
        Shown::Folded => figure.table_needed,
        Shown::Open => true,
    };
    Placed { figure: Figure { title: view.soft(&figure.title), ..figure }, data, on_paper, table }
}

/// A table that opens on demand; on paper it is there.
pub(crate) fn folded(title: &str, table: Table) -> Block {
    Block::Folded { title: title.to_owned(), repeats: false, blocks: vec![Block::Table(table)] }
}

/// A small mark that a row needs caution.
pub(crate) fn caution(view: &View, holds: Option<bool>) -> Option<String> {
    (holds == Some(false)).then(|| view.words.text("flag-caution"))
}

/// A table below its title.
pub(crate) fn captioned(view: &View, table: Table) -> [Block; 2] {
    [Block::heading(3, view.soft(&table.label)), Block::Table(table)]
}

/// Sentences one below the other: the first one leads, the others are points.
pub(crate) fn points(sentences: &[String]) -> Vec<Block> {
    let Some((first, rest)) = sentences.split_first() else {
        return Vec::new();
    };
    let mut blocks = vec![Block::paragraph(first.as_str())];
    if !rest.is_empty() {
        blocks.push(list(ListKind::Points, rest));
    }
    blocks
}

pub(crate) fn list(kind: ListKind, items: &[String]) -> Block {
    Block::List { kind, items: items.iter().map(|item| item.as_str().into()).collect() }
}

/// The name above the levels of a variable; nothing for a variable without levels.
pub(crate) fn variable_with_levels(view: &View, variable: &str, level: &str) -> String {
    if level.is_empty() { String::new() } else { capital(&view.variable(variable, "")) }
}

/// The level below its variable, or the variable itself.
pub(crate) fn level_or_variable(view: &View, variable: &str, level: &str) -> String {
    if level.is_empty() { view.variable(variable, "") } else { view.level(variable, level) }
}
