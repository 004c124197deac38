//! What the groups were like, by arm and phase or period.

use verschil_study::results::DescriptiveRow;

use crate::document::Table;
use crate::page::table::{self, Group};
use crate::view::View;

/// The four columns that every study has, and the heads of them.
const USUAL: [(&str, &str, &str); 4] = [
    ("treated", "pre", "column-treated-pre"),
    ("treated", "post", "column-treated-post"),
    ("control", "pre", "column-control-pre"),
    ("control", "post", "column-control-post"),
];

/// The table, where there is anything to describe.
pub(crate) fn table(view: &View) -> Option<Table> {
    let rows = &view.results.descriptives;
    if rows.is_empty() {
        return None;
    }
    let cells = cells(rows);
    let mut columns = vec![view.words.text("column-variable")];
    columns.extend(cells.iter().map(|cell| head(view, cell)));
    let groups = groups(view, &cells);
    Some(table::grouped(view, &view.words.text("table-descriptives"), &columns, &groups))
}

/// Arms with their phases, before the phases there may be periods.
fn cells(rows: &[DescriptiveRow]) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if !found.contains(&(&row.arm, &row.phase)) {
            found.push((&row.arm, &row.phase));
        }
    }
    found.sort_by_key(|(arm, phase)| (*arm != "treated", usual(arm, phase).is_none()));
    found
}

fn usual(arm: &str, phase: &str) -> Option<&'static str> {
    USUAL.iter().find(|(a, p, _)| (*a, *p) == (arm, phase)).map(|(_, _, key)| *key)
}

fn head(view: &View, (arm, phase): &(&str, &str)) -> String {
    if let Some(key) = usual(arm, phase) {
        return view.words.text(key);
    }
    let arm = view.words.text(if *arm == "treated" { "arm-treated" } else { "arm-control" });
    let period = phase.parse().map_or_else(|_| (*phase).to_owned(), |id| view.period(id));
    format!("{arm}, {period}")
}

/// How many there are, then characteristics, each above its levels, then outcomes.
fn groups(view: &View, cells: &[(&str, &str)]) -> Vec<Group> {
    let rows = &view.results.descriptives;
    let mut groups = vec![Group { name: String::new(), rows: vec![numbers(view, cells)] }];
    let mut outcomes = Group { name: view.words.text("group-outcomes"), rows: Vec::new() };
    let mut names: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        let name = (row.variable.as_str(), row.level.as_str());
        if names.contains(&name) {
            continue;
        }
        let begins = names.last().is_none_or(|last| last.0 != name.0);
        names.push(name);
        let mut line = vec![table::level_or_variable(view, name.0, name.1)];
        line.extend(cells.iter().map(|(arm, phase)| {
            let found = |row: &&DescriptiveRow| {
                (row.variable.as_str(), row.level.as_str()) == name
                    && row.arm == *arm
                    && row.phase == *phase
            };
            rows.iter().find(found).map_or_else(|| view.missing(), |row| mean(view, row))
        }));
        if view.outcome(name.0).is_some() {
            outcomes.rows.push(line);
            continue;
        }
        if begins && !name.1.is_empty() {
            let name = table::variable_with_levels(view, name.0, name.1);
            groups.push(Group { name, rows: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(line);
        }
    }
    groups.extend((!outcomes.rows.is_empty()).then_some(outcomes));
    groups
}

/// Units with a value: one number, or from the fewest to the most where variables differ.
fn numbers(view: &View, cells: &[(&str, &str)]) -> Vec<String> {
    let mut line = vec![view.words.text("column-n")];
    for (arm, phase) in cells {
        let here = view.results.descriptives.iter();
        let here = here.filter(|row| row.arm == *arm && row.phase == *phase).map(|row| row.n);
        let (low, high) =
            here.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), n| (l.min(n), h.max(n)));
        let (low, high) = (view.numbers.count(low), view.numbers.count(high));
        line.push(if low == high { high } else { format!("{low}\u{2013}{high}") });
    }
    line
}

fn mean(view: &View, row: &DescriptiveRow) -> String {
    let Some(mean) = row.mean else {
        return view.missing();
    };
    let mean = view.amount(&row.variable, mean);
    match row.sd.filter(|_| !view.is_share(&row.variable)) {
        Some(sd) => format!("{mean} ({})", view.amount(&row.variable, sd)),
        None => mean,
    }
}
