//! Tables and figures as they stand in the page.

use maud::{Markup, PreEscaped, html};

use crate::figure::Figure;
use crate::view::View;

/// A table that scrolls inside its own frame where the screen is narrow.
pub(crate) fn scroll(label: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(label) tabindex="0" { (table) } }
}

/// A plain table: the first column names the row, the others hold numbers.
pub(crate) fn plain(columns: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        table {
            thead { tr { @for column in columns { th scope="col" { (column) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (index, cell) in row.iter().enumerate() {
                            @if index == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// Heads of columns; those named in `words` stand above text.
pub(crate) fn head(view: &View, keys: &[&'static str], words: &[&'static str]) -> Markup {
    html! {
        thead {
            tr { @for key in keys { th.words[words.contains(key)] scope="col" { (view.words.text(key)) } } }
        }
    }
}

/// A figure with its caption and the same data as a table.
pub(crate) fn figure(view: &View, figure: &Figure) -> Markup {
    let data = html! {
        details.needed[figure.table_needed] {
            summary { (view.words.text("figure-data")) }
            (scroll(&figure.title, &plain(&figure.columns, &figure.rows)))
        }
    };
    drawing(figure, &data)
}

/// A figure whose data stand in the text around it.
pub(crate) fn drawn_only(figure: &Figure) -> Markup {
    drawing(figure, &html! {})
}

/// A figure whose data are open beneath it.
pub(crate) fn open_figure(figure: &Figure) -> Markup {
    drawing(figure, &scroll(&figure.title, &plain(&figure.columns, &figure.rows)))
}

fn drawing(figure: &Figure, data: &Markup) -> Markup {
    html! {
        figure id={ "figure-" (figure.name) } {
            figcaption { strong { (figure.title) } }
            (PreEscaped(&figure.svg))
            p.caption { (figure.caption) }
            (data)
        }
    }
}

/// A small mark that a row needs caution.
pub(crate) fn caution(view: &View, holds: Option<bool>) -> Markup {
    html! { @if holds == Some(false) { " " span.flag { (view.words.text("flag-caution")) } } }
}
