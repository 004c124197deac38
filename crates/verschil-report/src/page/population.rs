//! Who was counted, and how alike the groups were.

use maud::{Markup, html};
use verschil_study::results::{BalanceRow, DescriptiveRow};

use crate::figures;
use crate::page::table;
use crate::view::View;

/// The flow of the population and its table.
pub(crate) fn attrition(view: &View) -> Option<Markup> {
    let figure = figures::flow(view)?;
    let units = view.label(&view.results.study.units);
    let why = view.words.with("population-why", &[("units", units.to_owned().into())]);
    Some(html! {
        p { (why) }
        div.figures.single { (table::open_figure(&figure)) }
        @if let Some(table) = linkage(view) { (table) p.caption { (view.words.text("linkage-note")) } }
    })
}

/// What each source brought, where there is more than the base.
fn linkage(view: &View) -> Option<Markup> {
    let rows = &view.results.linkage;
    if rows.len() < 2 {
        return None;
    }
    let columns = ["column-source", "column-rows", "column-linked", "column-share"]
        .map(|key| view.words.text(key));
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let name = row.source.clone();
            let name = if row.role == "base" {
                view.words.with("linkage-base", &[("source", name.into())])
            } else {
                name
            };
            let share = row.share.map(|share| view.percent(share * 100.0, 1));
            vec![
                name,
                view.numbers.whole(row.rows),
                view.numbers.whole(row.linked),
                share.unwrap_or_else(|| view.missing()),
            ]
        })
        .collect();
    Some(captioned(view, "table-linkage", &columns, &body))
}

/// Balance and descriptives, where there are any.
pub(crate) fn groups(view: &View) -> Option<Markup> {
    let (balance, descriptives) = (balance(view), descriptives(view));
    if balance.is_none() && descriptives.is_none() {
        return None;
    }
    Some(html! {
        @if let Some(table) = balance { (table) p.caption { (view.words.with("balance-note", &[("weights", view.weights().into())])) } }
        @if let Some(table) = descriptives { (table) p.caption { (view.words.text("descriptives-note")) } }
    })
}

fn balance(view: &View) -> Option<Markup> {
    let rows: Vec<&BalanceRow> =
        view.results.balance.iter().filter(|row| row.comparison == view.main.id).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = ["column-variable", "arm-treated", "arm-control", "column-smd"]
        .map(|key| view.words.text(key));
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let write = |value: Option<f64>| {
                value.map_or_else(|| view.missing(), |v| amount(view, &row.variable, v))
            };
            let smd = row.smd.map_or_else(|| view.missing(), |smd| view.numbers.decimal(smd, 2));
            vec![
                variable(view, &row.variable, &row.level),
                write(row.treated),
                write(row.control),
                smd,
            ]
        })
        .collect();
    Some(captioned(view, "table-balance", &columns, &body))
}

fn captioned(view: &View, key: &'static str, columns: &[String], rows: &[Vec<String>]) -> Markup {
    let caption = view.words.text(key);
    html! { h3 { (caption) } (table::scroll(&caption, &table::plain(columns, rows))) }
}

const CELLS: [(&str, &str); 4] =
    [("treated", "pre"), ("treated", "post"), ("control", "pre"), ("control", "post")];

fn descriptives(view: &View) -> Option<Markup> {
    let rows = &view.results.descriptives;
    let mut names: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if !names.contains(&(&row.variable, &row.level)) {
            names.push((&row.variable, &row.level));
        }
    }
    if names.is_empty() {
        return None;
    }
    let heads = [
        "column-variable",
        "column-treated-pre",
        "column-treated-post",
        "column-control-pre",
        "column-control-post",
    ];
    let columns = heads.map(|key| view.words.text(key));
    let body: Vec<Vec<String>> = names
        .iter()
        .map(|(name, level)| {
            let of = |arm: &str, phase: &str| {
                let found = |row: &&DescriptiveRow| {
                    row.variable == *name
                        && row.level == *level
                        && row.arm == arm
                        && row.phase == phase
                };
                rows.iter().find(found).map_or_else(|| view.missing(), |row| mean(view, row))
            };
            let cells = CELLS.map(|(arm, phase)| of(arm, phase));
            std::iter::once(variable(view, name, level)).chain(cells).collect()
        })
        .collect();
    Some(captioned(view, "table-descriptives", &columns, &body))
}

fn mean(view: &View, row: &DescriptiveRow) -> String {
    let Some(mean) = row.mean else {
        return view.missing();
    };
    let mean = amount(view, &row.variable, mean);
    match row.sd.filter(|_| !share(view, &row.variable)) {
        Some(sd) => format!("{mean} ({})", amount(view, &row.variable, sd)),
        None => mean,
    }
}

/// Whether a variable is a share, shown in per cent and without a spread.
fn share(view: &View, variable: &str) -> bool {
    let covariate =
        view.results.design.covariates.iter().find(|covariate| covariate.id == variable);
    let outcome = view.outcome(variable).is_some_and(|outcome| outcome.kind == "binary");
    outcome || covariate.is_some_and(|covariate| covariate.kind == "categorical")
}

fn amount(view: &View, variable: &str, value: f64) -> String {
    if let Some(outcome) = view.outcome(variable) {
        return view.measure(outcome).level_in_table(value);
    }
    if share(view, variable) {
        view.percent(value * 100.0, 1)
    } else {
        view.numbers.decimal(value, 2)
    }
}

fn variable(view: &View, id: &str, level: &str) -> String {
    let label =
        view.outcome(id).map_or_else(|| view.covariate(id), |facts| view.name(facts).to_owned());
    if level.is_empty() { label } else { format!("{label}: {level}") }
}
