//! Which regions were compared: where they lie, how controls were chosen, and how alike they are.

use verschil_study::results::{ComparisonFacts, MatchingRow};

use crate::document::{Block, Cell, Column, Row, Rows, Table, TableKind, Text};
use crate::figure::Figure;
use crate::figures;
use crate::page::table;
use crate::sentences::matching;
use crate::view::View;
use crate::words::capital;

/// Longer tables of regions stand in the tables of the run alone.
const LONGEST: usize = 200;

/// The section on regions; nothing where neither a map nor a table has anything to show.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
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
    let mut blocks: Vec<Block> = masked(view).into_iter().collect();
    blocks.extend(table::figures(view, maps));
    blocks.extend(main.into_iter().filter(told).flat_map(|c| part(view, c, "matching-main")));
    blocks.extend(others.into_iter().filter(told).flat_map(|c| part(view, c, "matching-other")));
    if !coloured.is_empty() {
        blocks.push(Block::heading(3, view.words.text("matching-maps")));
        blocks.extend(table::figures(view, coloured));
    }
    Some(blocks)
}

/// That regions go by letters and numbers, where they do.
pub(crate) fn masked(view: &View) -> Option<Block> {
    let said = view.results.design.regions_masked;
    said.then(|| Block::paragraph(view.words.text("regions-masked")))
}

/// One comparison; what is not the main one opens on demand.
fn part(view: &View, comparison: &ComparisonFacts, key: &'static str) -> Vec<Block> {
    let label = view.comparison(&comparison.id);
    let title = view.words.with(key, &[("comparison", label.clone().into())]);
    let sentences = matching::sentences(view, &comparison.id);
    let mut drawn: Vec<Figure> = Vec::new();
    drawn.extend(figures::love(view, &comparison.id, "region"));
    drawn.extend(figures::trajectories(view, &comparison.id));
    if comparison.id != view.main.id {
        drawn.extend(figures::love(view, &comparison.id, "row"));
    }
    let open = comparison.id == view.main.id || drawn.is_empty();
    let mut content = if sentences.is_empty() {
        vec![Block::paragraph(view.words.text("matching-listed"))]
    } else {
        table::points(&sentences)
    };
    content.extend(table::figures(view, drawn));
    content.push(regions(view, comparison, &label));
    let mut blocks = vec![Block::heading(3, view.soft(&title))];
    if open {
        blocks.extend(content);
    } else {
        let title = view.words.text("matching-open");
        blocks.push(Block::Folded { title, repeats: false, blocks: content });
    }
    blocks
}

/// Columns of the table of regions that say something in this comparison.
struct Columns {
    matched_to: bool,
    distance: bool,
    order: bool,
}

/// Every region of a comparison, and why it is there.
fn regions(view: &View, comparison: &ComparisonFacts, label: &str) -> Block {
    let all = view.results.matching.iter();
    let mut rows: Vec<&MatchingRow> = all.filter(|row| row.comparison == comparison.id).collect();
    if rows.len() > LONGEST {
        let n = rows.len().into();
        return Block::paragraph(view.words.with("matching-many", &[("n", n)]));
    }
    rows.sort_by_key(|row| (row.role != "treated", row.order.unwrap_or(u64::MAX)));
    let columns = Columns {
        matched_to: rows.iter().any(|row| !row.matched_to.is_empty()),
        distance: rows.iter().any(|row| row.distance.is_some()),
        order: rows.iter().any(|row| row.order.is_some()),
    };
    let title =
        capital(&view.words.with("table-matching", &[("comparison", label.to_owned().into())]));
    let table = Table {
        kind: TableKind::Regions,
        label: title.clone(),
        caption: table::caption(view, ""),
        columns: heads(view, &columns),
        rows: Rows::nameless(rows.iter().map(|row| line(view, row, &columns)).collect()),
    };
    table::folded(&title, table)
}

fn heads(view: &View, columns: &Columns) -> Vec<Column> {
    let units = capital(&view.units());
    let of_units =
        |key: &'static str| view.soft(&view.words.with(key, &[("units", units.clone().into())]));
    let mut heads = vec![
        Column::number(capital(&view.words.text("column-region"))),
        Column::words(view.words.text("column-role")),
        Column::words(view.words.text("column-why")),
    ];
    heads.extend(columns.matched_to.then(|| Column::words(view.words.text("column-matched-to"))));
    heads.extend(columns.distance.then(|| Column::number(view.words.text("column-distance"))));
    heads.extend(columns.order.then(|| Column::number(view.words.text("column-order"))));
    heads.push(Column::number(of_units("column-units-pre")));
    heads.push(Column::number(of_units("column-units-post")));
    heads
}

fn line(view: &View, row: &MatchingRow, columns: &Columns) -> Row {
    let treated = row.role == "treated";
    let role = if treated { "role-treated" } else { "role-control" };
    let (why, rest) = matching::why(view, row);
    let mut why = Text::from(why);
    if let Some(rest) = rest {
        why = why.words(" ").english(rest);
    }
    let dash = || view.words.text("no-number");
    let mut cells = vec![
        Cell::number(view.soft(&view.region(&row.region))),
        Cell::words(view.words.text(role)),
        Cell::words(why),
    ];
    if columns.matched_to {
        let none = row.matched_to.is_empty();
        cells.push(Cell::words(if none {
            dash()
        } else {
            view.soft(&view.region(&row.matched_to))
        }));
    }
    if columns.distance {
        let distance = row.distance.map_or_else(dash, |d| view.numbers.decimal(d, 3));
        cells.push(Cell::number(distance));
    }
    if columns.order {
        cells.push(Cell::number(row.order.map_or_else(dash, |n| view.numbers.whole(n))));
    }
    cells.push(Cell::number(view.numbers.count(row.units_pre)));
    cells.push(Cell::number(view.numbers.count(row.units_post)));
    Row { headline: treated, cells }
}
