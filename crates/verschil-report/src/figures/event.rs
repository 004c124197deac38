//! The event study: the difference with the reference period, period by period.

use verschil_study::results::{BandRow, EstimateRow, OutcomeFacts, PeriodFacts};

use crate::chart::point::{Point, Shape};
use crate::chart::{Canvas, ink};
use crate::figure::{Figure, Told};
use crate::figures::effects::Effects;
use crate::figures::{bare, cells, heads, name, remarks_on};
use crate::methods;
use crate::range::Range;
use crate::view::View;

/// The event-study figure.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let design = &view.results.design;
    let periods: Vec<&PeriodFacts> = design.periods.iter().collect();
    let row = |id: i64| view.headline(&outcome.id, &format!("event:{id}"), &view.main.id);
    let rows: Vec<(i64, &EstimateRow)> =
        periods.iter().filter_map(|p| row(p.id).map(|row| (p.id, row))).collect();
    if rows.iter().all(|(_, row)| row.estimate.is_none()) {
        return None;
    }
    let bands: Vec<&BandRow> = view
        .results
        .bands
        .iter()
        .filter(|row| row.outcome == outcome.id && row.comparison == view.main.id)
        .collect();
    let effects = Effects { outcome, periods, rows: &rows, average: None, bands: &bands };
    let (frame, mut canvas) = effects.draw(view);
    if let Some(x) = frame.x(design.reference_period) {
        let y = frame.scale.at(0.0);
        canvas.add(&Point { x, y, shape: Shape::Cross, filled: false, color: ink::TREATED });
    }
    Some(finish(view, outcome, (&rows, &bands), &canvas))
}

fn finish(
    view: &View,
    outcome: &OutcomeFacts,
    (rows, bands): (&[(i64, &EstimateRow)], &[&BandRow]),
    canvas: &Canvas,
) -> Figure {
    let reference = view.period(view.results.design.reference_period);
    let plain: Vec<&EstimateRow> = rows.iter().map(|(_, row)| *row).collect();
    let caption = view.words.with("caption-event", &[("reference", reference.into())]);
    let mut caption = caption + &remarks_on(view, &plain);
    let mut columns = heads(view, &view.words.text("period-label"));
    if let Some(band) = bands.first() {
        let method = methods::name(view, &band.method);
        caption.push(' ');
        // said once where the other intervals come from the same one
        let same = if plain.iter().all(|row| row.method == band.method) { "yes" } else { "no" };
        let arguments = [("method", method.into()), ("same", same.into())];
        caption.push_str(&view.words.with("caption-band", &arguments));
        columns.push(view.words.text("column-band"));
    }
    let table = table(view, outcome, rows, bands);
    let table_needed = bare(&plain);
    let name = name("event", outcome, view);
    let title =
        view.words.with("figure-event", &[("outcome", view.name(outcome).to_owned().into())]);
    Told { name, title, caption, columns, rows: table, table_needed }.figure(view, canvas)
}

fn table(
    view: &View,
    outcome: &OutcomeFacts,
    rows: &[(i64, &EstimateRow)],
    bands: &[&BandRow],
) -> Vec<Vec<String>> {
    let measure = view.measure(outcome);
    let said = |key: &'static str| [view.words.text(key), String::new(), String::new()];
    let mut table = Vec::new();
    for period in &view.results.design.periods {
        let cells = if period.id == view.results.design.reference_period {
            said("reference-period")
        } else if let Some((_, row)) = rows.iter().find(|(id, _)| *id == period.id) {
            cells(view, outcome, row)
        } else if period.phase == "transition" {
            said("mark-transition")
        } else {
            continue;
        };
        let mut line = vec![view.period(period.id)];
        line.extend(cells);
        if !bands.is_empty() {
            let band = bands.iter().find(|band| band.period == period.id);
            let range = band.map(|band| Range::Both(band.low, band.high));
            line.push(
                range.map_or_else(String::new, |range| view.range(range, |end| measure.bare(end))),
            );
        }
        table.push(line);
    }
    table
}
