//! Love plots: how far apart two groups are on each characteristic, before and after matching.

use verschil_study::results::{BalanceRow, LinkageBalance};

use crate::figure::{Figure, Told, slug};
use crate::figures::dots::{BEFORE, Dots, Lane, NOW};
use crate::view::View;
use crate::words::capital;

/// More than this in either direction is a sign that groups are not alike.
pub(crate) const ALIKE: f64 = 0.1;

/// One characteristic: its differences before and after, and the values of both groups.
struct Line<'a> {
    variable: &'a str,
    level: &'a str,
    /// The variable, where its levels begin.
    group: Option<String>,
    /// The level, or the variable where there are no levels.
    name: String,
    label: String,
    before: Option<&'a BalanceRow>,
    after: Option<&'a BalanceRow>,
}

/// Balance of `unit` (`region` or `row`) in a comparison.
pub(crate) fn balance(view: &View, comparison: &str, unit: &'static str) -> Option<Figure> {
    let rows: Vec<&BalanceRow> =
        view.balance(comparison, unit).filter(|row| row.smd.is_some()).collect();
    let region = unit == "region";
    let mut lines: Vec<Line> = Vec::new();
    let mut variable = "";
    for row in &rows {
        let of = |stage: &str| {
            rows.iter().copied().find(|other| {
                other.variable == row.variable
                    && other.level == row.level
                    && view.stage(other) == stage
            })
        };
        let label = if region {
            capital(&view.characteristic(&row.variable))
        } else {
            view.variable(&row.variable, &row.level)
        };
        if lines.iter().any(|line| (line.variable, line.level) == (&row.variable, &row.level)) {
            continue;
        }
        let levels = !row.level.is_empty();
        let begins = levels && variable != row.variable;
        variable = &row.variable;
        lines.push(Line {
            variable: &row.variable,
            level: &row.level,
            group: begins.then(|| capital(&view.variable(&row.variable, ""))),
            name: if levels { view.level(&row.variable, &row.level) } else { label.clone() },
            label,
            before: of("before"),
            after: of("after"),
        });
    }
    if lines.is_empty() {
        return None;
    }
    let staged = lines.iter().any(|line| line.before.is_some());
    let heading = view.words.text("love-heading");
    let legend = if staged {
        vec![(BEFORE, view.words.text("love-before")), (NOW, view.words.text("love-after"))]
    } else {
        Vec::new()
    };
    let lanes = lines.iter().map(|line| lane(view, line)).collect();
    let canvas =
        Dots { heading: &heading, legend, lanes, lines: vec![-ALIKE, 0.0, ALIKE] }.canvas(view);
    let title = if region { "figure-love-region" } else { "figure-love-row" };
    let (label, units) = (view.comparison(comparison), view.units());
    let title = view.words.with(title, &[("comparison", label.into()), ("units", units.into())]);
    let caption = view.words.text(if staged { "caption-love-staged" } else { "caption-love" });
    Some(
        Told {
            name: slug(&format!("love_{unit}_{comparison}")),
            title,
            caption,
            columns: columns(view, staged),
            rows: lines.iter().map(|line| cells(view, line, (staged, region))).collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn lane(view: &View, line: &Line) -> Lane {
    let smd = |row: Option<&BalanceRow>| row.and_then(|row| row.smd);
    let (before, after) = (smd(line.before), smd(line.after));
    let write = |value: f64| view.numbers.decimal(value, 2);
    let mut dots = Vec::new();
    dots.extend(before.map(|value| (value, BEFORE)));
    dots.extend(after.map(|value| (value, NOW)));
    let numbers: Vec<String> = before.into_iter().chain(after).map(write).collect();
    let value = numbers.join(" \u{2192} ");
    Lane { group: line.group.clone(), label: line.name.clone(), value, dots }
}

fn columns(view: &View, staged: bool) -> Vec<String> {
    let keys: &[&'static str] = if staged {
        &[
            "column-variable",
            "arm-treated",
            "column-control-all",
            "column-control-chosen",
            "column-smd-before",
            "column-smd-after",
        ]
    } else {
        &["column-variable", "arm-treated", "arm-control", "column-smd"]
    };
    keys.iter().map(|key| view.words.text(key)).collect()
}

fn cells(view: &View, line: &Line, (staged, region): (bool, bool)) -> Vec<String> {
    let any = line.after.or(line.before);
    let amount = |value: Option<f64>| {
        let write = |(value, row): (f64, &BalanceRow)| match region {
            true => view.characteristic_value(&row.variable, value),
            false => view.amount(&row.variable, value),
        };
        let written = value.zip(any).map(write);
        written.unwrap_or_else(|| view.missing())
    };
    let smd = |row: Option<&BalanceRow>| {
        let smd = row.and_then(|row| row.smd);
        smd.map_or_else(|| view.missing(), |smd| view.numbers.decimal(smd, 2))
    };
    let control = |row: Option<&BalanceRow>| amount(row.and_then(|row| row.control));
    let mut cells = vec![line.label.clone(), amount(any.and_then(|row| row.treated))];
    if staged {
        cells.extend([control(line.before), control(line.after), smd(line.before)]);
    } else {
        cells.push(control(line.after));
    }
    cells.push(smd(line.after));
    cells
}

/// The linked against the others.
pub(crate) fn linkage(view: &View, link: &str, label: &str) -> Option<Figure> {
    let all = view.results.linkage_balance.iter();
    let rows: Vec<&LinkageBalance> =
        all.filter(|row| row.link == link && row.smd.is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let mut variable = "";
    let mut lanes = Vec::new();
    for row in &rows {
        let begins = row.variable != variable;
        variable = &row.variable;
        lanes.push(Lane {
            group: begins.then(|| capital(&view.subgroup(&row.variable))),
            label: view.subgroup_level(&row.variable, &row.level),
            value: row.smd.map_or_else(String::new, |smd| view.numbers.decimal(smd, 2)),
            dots: row.smd.map(|smd| (smd, NOW)).into_iter().collect(),
        });
    }
    let heading = view.words.text("love-heading-linked");
    let lines = vec![-ALIKE, 0.0, ALIKE];
    let canvas = Dots { heading: &heading, legend: Vec::new(), lanes, lines }.canvas(view);
    let share = |value: Option<f64>| {
        value.map_or_else(|| view.missing(), |value| view.percent(value * 100.0, 1))
    };
    let columns = ["column-variable", "column-linked", "column-unlinked", "column-smd"];
    Some(
        Told {
            name: slug(&format!("linkage_balance_{link}")),
            title: view.words.with("figure-love-linked", &[("link", label.to_owned().into())]),
            caption: view.words.text("caption-love-linked"),
            columns: columns.map(|key| view.words.text(key)).to_vec(),
            rows: rows
                .iter()
                .map(|row| {
                    let smd = row.smd.map_or_else(String::new, |smd| view.numbers.decimal(smd, 2));
                    let level = view.subgroup_level(&row.variable, &row.level);
                    let name = format!("{}: {level}", view.subgroup(&row.variable));
                    vec![name, share(row.linked), share(row.unlinked), smd]
                })
                .collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}
