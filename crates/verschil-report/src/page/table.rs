//! Tables and figures as they stand in the page.

use maud::{Markup, PreEscaped, html};

use crate::figure::Figure;
use crate::view::View;
use crate::words::capital;

/// A table that scrolls inside its own frame where the screen is narrow.
pub(crate) fn scroll(label: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(label) tabindex="0" { (table) } }
}

/// The caption of a table, which says so when the data are invented. An empty caption, of a table
/// below its own title, is left out otherwise.
pub(crate) fn caption(view: &View, words: &str) -> Markup {
    let invented = view.invented();
    html! {
        @if invented.is_some() || !words.is_empty() {
            caption {
                span {
                    (words)
                    @if let Some(mark) = invented {
                        @if !words.is_empty() { " " }
                        strong.invented { (mark) }
                    }
                }
            }
        }
    }
}

/// Rows of a table that belong together, below their name.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A plain table below its own title: the first column names the row, the others hold numbers.
pub(crate) fn plain(view: &View, columns: &[String], rows: &[Vec<String>]) -> Markup {
    let head = html! { tr { @for column in columns { th scope="col" { (column) } } } };
    html! {
        table { (caption(view, "")) thead { (head) } tbody { @for cells in rows { (row(view, cells)) } } }
    }
}

/// A plain table in groups.
pub(crate) fn grouped(view: &View, columns: &[String], groups: &[Group]) -> Markup {
    html! {
        table {
            (caption(view, ""))
            thead { tr { @for column in columns { th scope="col" { (column) } } } }
            tbody {
                @for group in groups {
                    @if !group.name.is_empty() {
                        tr.domain { th colspan=(columns.len()) scope="colgroup" { (group.name) } }
                    }
                    @for cells in &group.rows { (row(view, cells)) }
                }
            }
        }
    }
}

fn row(view: &View, cells: &[String]) -> Markup {
    html! {
        tr {
            @for (index, cell) in cells.iter().enumerate() {
                @if index == 0 { th scope="row" { (view.soft(cell)) } } @else { td { (cell) } }
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
            (scroll(&figure.title, &plain(view, &figure.columns, &figure.rows)))
        }
    };
    drawing(view, figure, &data)
}

/// Figures side by side where there is room.
pub(crate) fn figures(view: &View, figures: &[Figure]) -> Markup {
    html! { @if !figures.is_empty() { div.figures.single[figures.len() == 1] { @for one in figures { (figure(view, one)) } } } }
}

/// A figure whose data stand in the text around it.
pub(crate) fn drawn_only(view: &View, figure: &Figure) -> Markup {
    drawing(view, figure, &html! {})
}

/// A figure whose data are open beneath it.
pub(crate) fn open_figure(view: &View, figure: &Figure) -> Markup {
    let table = plain(view, &figure.columns, &figure.rows);
    drawing(view, figure, &scroll(&figure.title, &table))
}

fn drawing(view: &View, figure: &Figure, data: &Markup) -> Markup {
    html! {
        figure id={ "figure-" (figure.name) } {
            figcaption { strong { (view.soft(&figure.title)) } }
            (PreEscaped(&figure.svg))
            p.caption { (figure.caption) }
            (data)
        }
    }
}

/// A table that opens on demand; on paper it is there.
pub(crate) fn folded(title: &str, table: &Markup) -> Markup {
    html! { details.folded { summary { (title) } (scroll(title, table)) } }
}

/// A small mark that a row needs caution.
pub(crate) fn caution(view: &View, holds: Option<bool>) -> Markup {
    html! { @if holds == Some(false) { " " span.flag { (view.words.text("flag-caution")) } } }
}

/// A table below its title.
pub(crate) fn captioned(view: &View, key: &'static str, table: &Markup) -> Markup {
    let title = view.words.text(key);
    html! { h3 { (view.soft(&title)) } (scroll(&title, table)) }
}

/// Sentences one below the other: the first one leads, the others are points.
pub(crate) fn points(sentences: &[String]) -> Markup {
    html! {
        @if let Some((first, rest)) = sentences.split_first() {
            p { (first) }
            @if !rest.is_empty() { ul.points { @for sentence in rest { li { (sentence) } } } }
        }
    }
}

/// The name above the levels of a variable; nothing for a variable without levels.
pub(crate) fn variable_with_levels(view: &View, variable: &str, level: &str) -> String {
    if level.is_empty() { String::new() } else { capital(&view.variable(variable, "")) }
}

/// The level below its variable, or the variable itself.
pub(crate) fn level_or_variable(view: &View, variable: &str, level: &str) -> String {
    if level.is_empty() { view.variable(variable, "") } else { view.level(variable, level) }
}
