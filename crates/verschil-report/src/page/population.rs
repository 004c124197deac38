//! Who was counted, and how alike the groups were.

use verschil_study::results::{BalanceRow, IdentityRow};

use crate::document::{Block, ListKind, Shown, Table, Text};
use crate::figures;
use crate::page::table::Group;
use crate::page::{descriptives, table};
use crate::view::View;
use crate::words::capital;

/// The flow of the population and its table.
pub(crate) fn attrition(view: &View) -> Option<Vec<Block>> {
    let figure = figures::flow(view)?;
    let units = view.label(&view.results.study.units);
    let why = view.words.with("population-why", &[("units", units.to_owned().into())]);
    let mut blocks = vec![Block::paragraph(why), table::figure_with(view, figure, Shown::Open)];
    blocks.extend(identities(view).into_iter().flatten());
    Some(blocks)
}

/// Balance and descriptives, where there are any.
pub(crate) fn groups(view: &View) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    if let Some(table) = balance(view) {
        let note = view.words.with("balance-note", &[("weights", view.weights().into())]);
        blocks.extend(table::captioned(view, table));
        blocks.push(Block::caption(note));
    }
    let described = descriptives::table(view);
    if blocks.is_empty() && described.is_none() {
        return None;
    }
    blocks
        .extend(figures::love(view, &view.main.id, "row").map(|drawn| table::figure(view, drawn)));
    if let Some(table) = described {
        blocks.extend(table::captioned(view, table));
        blocks.push(Block::caption(view.words.text("descriptives-note")));
    }
    Some(blocks)
}

fn balance(view: &View) -> Option<Table> {
    let rows: Vec<&BalanceRow> =
        view.balance(&view.main.id, "row").filter(|row| view.stage(row) == "after").collect();
    if rows.is_empty() {
        return None;
    }
    let columns = ["column-variable", "arm-treated", "arm-control", "column-smd"]
        .map(|key| view.words.text(key));
    let line = |row: &BalanceRow| {
        let write = |value: Option<f64>| {
            value.map_or_else(|| view.missing(), |v| view.amount(&row.variable, v))
        };
        let smd = row.smd.map_or_else(|| view.missing(), |smd| view.numbers.decimal(smd, 2));
        let name = table::level_or_variable(view, &row.variable, &row.level);
        vec![name, write(row.treated), write(row.control), smd]
    };
    let groups: Vec<Group> = rows
        .chunk_by(|a, b| a.variable == b.variable)
        .map(|run| Group {
            name: table::variable_with_levels(view, &run[0].variable, &run[0].level),
            rows: run.iter().map(|row| line(row)).collect(),
        })
        .collect();
    Some(table::grouped(view, &view.words.text("table-balance"), &columns, &groups))
}

/// What is true of all outcomes by definition, and whether it was.
fn identities(view: &View) -> Option<Vec<Block>> {
    let rows = &view.results.identities;
    if rows.is_empty() {
        return None;
    }
    let sentence = |row: &IdentityRow| {
        let label = view.label(&row.label);
        let label = if label.is_empty() { &row.id } else { label };
        let key = match (row.checked, row.broken) {
            (0, _) => "identity-unchecked",
            (_, 0) => "identity-held",
            _ => "identity-broken",
        };
        let arguments = [
            ("label", capital(label).into()),
            ("checked", view.numbers.whole(row.checked).into()),
            ("broken", view.numbers.whole(row.broken).into()),
        ];
        view.words.with(key, &arguments)
    };
    let items = rows.iter().map(|row| {
        let broken = (row.broken > 0).then_some(false);
        Text::from(sentence(row)).flag(table::caution(view, broken))
    });
    Some(vec![
        Block::heading(3, view.words.text("heading-identities")),
        Block::paragraph(view.words.text("identities-why")),
        Block::List { kind: ListKind::Plain, items: items.collect() },
    ])
}
