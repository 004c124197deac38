//! Who was counted, and how alike the groups were.

use maud::{Markup, html};
use verschil_study::results::{BalanceRow, IdentityRow};

use crate::figures;
use crate::page::table::Group;
use crate::page::{descriptives, table};
use crate::view::View;
use crate::words::capital;

/// The flow of the population and its table.
pub(crate) fn attrition(view: &View) -> Option<Markup> {
    let figure = figures::flow(view)?;
    let units = view.label(&view.results.study.units);
    let why = view.words.with("population-why", &[("units", units.to_owned().into())]);
    Some(html! {
        p { (why) }
        div.figures.single { (table::open_figure(view, &figure)) }
        @if let Some(checked) = identities(view) { (checked) }
    })
}

/// Balance and descriptives, where there are any.
pub(crate) fn groups(view: &View) -> Option<Markup> {
    let (balance, descriptives) = (balance(view), descriptives::table(view));
    if balance.is_none() && descriptives.is_none() {
        return None;
    }
    Some(html! {
        @if let Some(table) = balance { (table) p.caption { (view.words.with("balance-note", &[("weights", view.weights().into())])) } }
        @if let Some(figure) = figures::love(view, &view.main.id, "row") { div.figures.single { (table::figure(view, &figure)) } }
        @if let Some(table) = descriptives { (table) p.caption { (view.words.text("descriptives-note")) } }
    })
}

fn balance(view: &View) -> Option<Markup> {
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
    Some(table::captioned(view, "table-balance", &table::grouped(view, &columns, &groups)))
}

/// What is true of all outcomes by definition, and whether it was.
fn identities(view: &View) -> Option<Markup> {
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
    Some(html! {
        h3 { (view.words.text("heading-identities")) }
        p { (view.words.text("identities-why")) }
        ul {
            @for row in rows {
                li { (sentence(row)) (table::caution(view, (row.broken > 0).then_some(false))) }
            }
        }
    })
}
