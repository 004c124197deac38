//! Tables of the page.

use maud::{Markup, html};

use crate::document::{Cell, Row, Table, TableKind};
use crate::html::line;

/// A table that scrolls inside its own frame where the screen is narrow.
pub(crate) fn scroll(table: &Table) -> Markup {
    html! { div.scroll role="region" aria-label=(table.label) tabindex="0" { (whole(table)) } }
}

fn whole(table: &Table) -> Markup {
    let class = match table.kind {
        TableKind::Numbers => None,
        TableKind::Effects => Some("effects"),
        TableKind::Words => Some("text"),
        TableKind::Regions => Some("regions"),
    };
    html! {
        table class=[class] {
            @if !table.caption.is_empty() { caption { span { (line(&table.caption)) } } }
            thead {
                tr { @for column in &table.columns { th.words[column.words] scope="col" { (line(&column.head)) } } }
            }
            tbody {
                @for group in &table.rows {
                    @if !group.name.is_empty() {
                        tr.domain { th colspan=(table.columns.len()) scope="colgroup" { span { (group.name) } } }
                    }
                    @for one in &group.rows { (row(table.kind, one)) }
                }
            }
        }
    }
}

fn row(kind: TableKind, row: &Row) -> Markup {
    html! {
        tr.headline[row.headline] {
            @for (at, one) in row.cells.iter().enumerate() {
                @if at == 0 { th scope="row" { (line(&one.text)) } } @else { (cell(kind, one)) }
            }
        }
    }
}

fn cell(kind: TableKind, cell: &Cell) -> Markup {
    if cell.span > 1 {
        return html! { td.absent colspan=(cell.span) { (line(&cell.text)) } };
    }
    // each kind of table marks what is unusual in it
    let class = match (kind == TableKind::Words, cell.words) {
        (true, false) => Some("number"),
        (false, true) => Some("words"),
        _ => None,
    };
    html! { td class=[class] { (line(&cell.text)) } }
}
