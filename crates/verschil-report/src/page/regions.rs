//! Which regions were compared: where they lie, how controls were chosen, and how alike they are.

use maud::{Markup, html};
use verschil_study::results::{ComparisonFacts, MatchingRow};

use crate::figure::Figure;
use crate::figures;
use crate::page::table;
use crate::sentences::matching;
use crate::view::View;
use crate::words::capital;

/// Longer tables of regions stand in the tables of the run alone.
const LONGEST: usize = 200;

/// The section on regions; nothing where neither a map nor a table has anything to show.
pub(crate) fn section(view: &View) -> Option<Markup> {
    let results = view.results;
    if results.regions.is_empty() && results.matching.is_empty() {
        return None;
    }
    let maps = figures::maps(view);
    let coloured = figures::maps_of_characteristics(view);
    let (main, others): (Vec<_>, Vec<_>) =
        results.design.comparisons.iter().partition(|c| c.id == view.main.id);
    let told = |comparison: &&ComparisonFacts| {
        results.matching.iter().any(|row| row.comparison == comparison.id)
    };
    Some(html! {
        (table::figures(view, &maps))
        @for comparison in main.into_iter().filter(told) { (part(view, comparison, "matching-main")) }
        @for comparison in others.into_iter().filter(told) { (part(view, comparison, "matching-other")) }
        @if !coloured.is_empty() {
            h3 { (view.words.text("matching-maps")) }
            (table::figures(view, &coloured))
        }
    })
}

/// One comparison; what is not the main one opens on demand.
fn part(view: &View, comparison: &ComparisonFacts, key: &'static str) -> Markup {
    let label = view.comparison(&comparison.id);
    let title = view.words.with(key, &[("comparison", label.clone().into())]);
    let sentences = matching::sentences(view, &comparison.id);
    let mut drawn: Vec<Figure> = Vec::new();
    drawn.extend(figures::love(view, &comparison.id, "region"));
    drawn.extend(figures::trajectories(view, &comparison.id));
    if comparison.id != view.main.id {
        drawn.extend(figures::love(view, &comparison.id, "row"));
    }
    let content = html! {
        @if sentences.is_empty() { p { (view.words.text("matching-listed")) } }
        @else { (table::points(&sentences)) }
        (table::figures(view, &drawn))
        (regions(view, comparison, &label))
    };
    html! {
        h3 { (view.soft(&title)) }
        @if comparison.id == view.main.id || drawn.is_empty() { (content) }
        @else { details.folded { summary { (view.words.text("matching-open")) } (content) } }
    }
}

/// Columns of the table of regions that say something in this comparison.
struct Columns {
    matched_to: bool,
    distance: bool,
    order: bool,
}

/// Every region of a comparison, and why it is there.
fn regions(view: &View, comparison: &ComparisonFacts, label: &str) -> Markup {
    let all = view.results.matching.iter();
    let mut rows: Vec<&MatchingRow> = all.filter(|row| row.comparison == comparison.id).collect();
    if rows.len() > LONGEST {
        let n = rows.len().into();
        return html! { p { (view.words.with("matching-many", &[("n", n)])) } };
    }
    rows.sort_by_key(|row| (row.role != "treated", row.order.unwrap_or(u64::MAX)));
    let columns = Columns {
        matched_to: rows.iter().any(|row| !row.matched_to.is_empty()),
        distance: rows.iter().any(|row| row.distance.is_some()),
        order: rows.iter().any(|row| row.order.is_some()),
    };
    let title =
        capital(&view.words.with("table-matching", &[("comparison", label.to_owned().into())]));
    let body = html! {
        table.regions {
            (table::caption(view, ""))
            thead { (heads(view, &columns)) }
            tbody { @for row in &rows { (line(view, row, &columns)) } }
        }
    };
    table::folded(&title, &body)
}

fn heads(view: &View, columns: &Columns) -> Markup {
    let units = capital(&view.units());
    let of_units = |key: &'static str| view.words.with(key, &[("units", units.clone().into())]);
    html! {
        tr {
            th scope="col" { (capital(&view.words.text("column-region"))) }
            th.words scope="col" { (view.words.text("column-role")) }
            th.words scope="col" { (view.words.text("column-why")) }
            @if columns.matched_to { th.words scope="col" { (view.words.text("column-matched-to")) } }
            @if columns.distance { th scope="col" { (view.words.text("column-distance")) } }
            @if columns.order { th scope="col" { (view.words.text("column-order")) } }
            th scope="col" { (of_units("column-units-pre")) }
            th scope="col" { (of_units("column-units-post")) }
        }
    }
}

fn line(view: &View, row: &MatchingRow, columns: &Columns) -> Markup {
    let role = if row.role == "treated" { "role-treated" } else { "role-control" };
    let (why, rest) = matching::why(view, row);
    let dash = || view.words.text("no-number");
    html! {
        tr.headline[row.role == "treated"] {
            th scope="row" { (view.soft(&view.region(&row.region))) }
            td.words { (view.words.text(role)) }
            td.words { (why) @if let Some(rest) = rest { " " span lang="en" { (rest) } } }
            @if columns.matched_to {
                td.words { @if row.matched_to.is_empty() { (dash()) } @else { (view.region(&row.matched_to)) } }
            }
            @if columns.distance { td { (row.distance.map_or_else(dash, |d| view.numbers.decimal(d, 3))) } }
            @if columns.order { td { (row.order.map_or_else(dash, |n| view.numbers.whole(n))) } }
            td { (view.numbers.count(row.units_pre)) }
            td { (view.numbers.count(row.units_post)) }
        }
    }
}
