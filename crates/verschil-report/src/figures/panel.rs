//! The panel of an outcome: its effect in all regions together, per region, per period, and under
//! other choices, on one axis.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::chart::point::Shape;
use crate::figure::{Figure, Told};
use crate::figures::ladder::{Ladder, Rung};
use crate::figures::{cells, heads, name, ranges, remarks, source, unit_line};
use crate::methods;
use crate::range::Range;
use crate::sentences::refusal;
use crate::view::View;
use crate::words::capital;

/// With more treated regions than this they stand in a figure of their own.
const MOST_REGIONS: usize = 20;

/// One effect of the panel.
struct Entry<'a> {
    /// Key of the heading of its group; nothing for the main effect.
    group: Option<&'static str>,
    label: String,
    row: &'a EstimateRow,
    shape: Shape,
}

/// The figure; nothing when there is no more to show than the main effect.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let entries = entries(view, outcome);
    let shown: Vec<&Entry> = entries.iter().filter(|e| e.row.estimate.is_some()).collect();
    if shown.len() < 2 {
        return None;
    }
    let heading = unit_line(view, outcome, &view.measure(outcome).effect_unit());
    let mut rungs: Vec<Rung> = Vec::new();
    let mut group = None;
    for entry in &shown {
        let begins = entry.group.filter(|_| entry.group != group);
        group = entry.group;
        rungs.extend(rung(view, outcome, entry, begins));
    }
    let ladder = Ladder { heading: &heading, rungs };
    let caption = caption(view, &entries, &shown) + &ladder.remark(view);
    let mut columns = heads(view, &view.words.text("column-analysis"));
    columns.push(view.words.text("column-method"));
    let title =
        view.words.with("figure-panel", &[("outcome", view.name(outcome).to_owned().into())]);
    Some(
        Told {
            name: name("panel", outcome, view),
            title,
            caption,
            columns,
            rows: entries.iter().map(|entry| line(view, outcome, entry)).collect(),
            table_needed: shown.iter().any(|e| Range::effect(e.row) == Range::Missing),
        }
        .figure(view, &ladder.canvas(view)),
    )
}

/// Parts of the panel that have a figure of their own too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Regions,
    Periods,
}

/// Whether the outcome has a panel with this part.
pub(crate) fn holds(view: &View, outcome: &OutcomeFacts, part: Part) -> bool {
    let key = match part {
        Part::Regions => "panel-regions",
        Part::Periods => "panel-periods",
    };
    let entries = entries(view, outcome);
    let known = entries.iter().filter(|entry| entry.row.estimate.is_some()).count();
    known > 1 && entries.iter().any(|entry| entry.group == Some(key))
}

fn entries<'a>(view: &View<'a>, outcome: &OutcomeFacts) -> Vec<Entry<'a>> {
    let design = &view.results.design;
    let headline = |analysis: &str| view.headline(&outcome.id, analysis, &view.main.id);
    let mut found = Vec::new();
    let mut add = |group, label: String, row: Option<&'a EstimateRow>, shape| {
        found.extend(row.map(|row| Entry { group, label, row, shape }));
    };
    let several = design.treated.len() > 1;
    let all = match design.treated.first() {
        Some(only) if !several => view.region(&only.id),
        _ => view.words.text("all-regions"),
    };
    add(None, all, headline("main"), Shape::Disc);
    if several && design.treated.len() <= MOST_REGIONS {
        for region in &design.treated {
            let row = headline(&format!("region:{}", region.id));
            add(Some("panel-regions"), view.region(&region.id), row, Shape::Square);
        }
    }
    for period in &design.periods {
        let row = headline(&format!("period:{}", period.id));
        add(Some("panel-periods"), view.period(period.id), row, Shape::Disc);
    }
    for other in design.comparisons.iter().filter(|other| other.id != view.main.id) {
        let label = view.comparison(&other.id);
        let label = view.words.with("panel-comparison", &[("comparison", label.into())]);
        add(
            Some("panel-choices"),
            label,
            view.headline(&outcome.id, "main", &other.id),
            Shape::Disc,
        );
    }
    let weighted = headline("linkage_weighted");
    add(Some("panel-choices"), view.words.text("panel-weighted"), weighted, Shape::Disc);
    for row in other_models(view, outcome) {
        let label = capital(&methods::model(view, &row.model));
        add(Some("panel-choices"), label, Some(row), Shape::Disc);
    }
    found
}

/// One row of every other model: by the method of the main row where that gives an interval, else
/// the first that says most.
fn other_models<'a>(view: &View<'a>, outcome: &OutcomeFacts) -> Vec<&'a EstimateRow> {
    let Some(main) = view.main_row(outcome) else { return Vec::new() };
    let rows = view.rows(&outcome.id, "main", &view.main.id);
    let mut models: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.model != main.model) {
        if !models.contains(&row.model.as_str()) {
            models.push(&row.model);
        }
    }
    let says = |row: &EstimateRow| {
        let interval = Range::effect(row) != Range::Missing;
        (interval && row.method == main.method, interval, row.estimate.is_some())
    };
    let best = |model: &str| {
        let of = rows.iter().copied().filter(|row| row.model == model);
        // of equals the first
        of.rev().max_by_key(|row| says(row))
    };
    models.into_iter().filter_map(best).collect()
}

fn rung(
    view: &View,
    outcome: &OutcomeFacts,
    entry: &Entry,
    begins: Option<&'static str>,
) -> Option<Rung> {
    let rung = Rung::effect(view, outcome, entry.row, &label(view, entry))?;
    let rung = rung.marked(entry.shape, entry.row.trend_holds == Some(false));
    let group = begins.map(|key| capital(&view.words.text(key)));
    Some(Rung { group, leading: entry.group.is_none(), ..rung })
}

/// The label, with a caution where the trends of a whole comparison were not alike.
fn label(view: &View, entry: &Entry) -> String {
    let whole = matches!(entry.group, None | Some("panel-choices"));
    view.cautioned(&entry.label, entry.row.trend_holds.filter(|_| whole))
}

fn caption(view: &View, entries: &[Entry], shown: &[&Entry]) -> String {
    let rows: Vec<&EstimateRow> = shown.iter().map(|entry| entry.row).collect();
    let mut told = vec![view.words.text("caption-panel")];
    let square =
        |entry: &&Entry| entry.shape == Shape::Square && entry.row.trend_holds != Some(false);
    if shown.iter().any(square) {
        told.push(view.words.text("caption-panel-regions"));
    }
    if shown.iter().any(|entry| entry.row.trend_holds == Some(false)) {
        told.push(view.words.text("caption-caution"));
    }
    let mut caption = told.join(" ") + &remarks(view, &ranges(&rows));
    if rows.iter().all(|row| row.method == rows[0].method) {
        caption.push_str(&source(view, &rows));
    } else {
        caption.push(' ');
        caption.push_str(&view.words.text("caption-panel-methods"));
    }
    for entry in entries.iter().filter(|entry| entry.row.estimate.is_none()) {
        let reason = refusal::in_row(view, entry.row).unwrap_or_else(|| view.missing());
        let arguments = [("label", entry.label.clone().into()), ("reason", reason.into())];
        caption.push(' ');
        caption.push_str(&view.words.with("caption-panel-refused", &arguments));
    }
    caption
}

fn line(view: &View, outcome: &OutcomeFacts, entry: &Entry) -> Vec<String> {
    let mut line = vec![label(view, entry)];
    line.extend(cells(view, outcome, entry.row));
    line.push(methods::short(view, &entry.row.method));
    line
}
