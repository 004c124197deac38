//! The event study: the difference with the reference period, period by period.

use verschil_study::results::{EstimateRow, OutcomeFacts, PeriodFacts};

use crate::chart::point::{Point, Shape};
use crate::chart::{Canvas, ink};
use crate::figure::{Figure, Told};
use crate::figures::effects::Effects;
use crate::figures::{bare, cells, heads, name, remarks_on};
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
    let (frame, mut canvas) = Effects { outcome, periods, rows: &rows, average: None }.draw(view);
    if let Some(x) = frame.x(design.reference_period) {
        let y = frame.scale.at(0.0);
        canvas.add(&Point { x, y, shape: Shape::Diamond, filled: false, color: ink::TREATED });
    }
    Some(finish(view, outcome, &rows, &canvas))
}

fn finish(
    view: &View,
    outcome: &OutcomeFacts,
    rows: &[(i64, &EstimateRow)],
    canvas: &Canvas,
) -> Figure {
    let reference = view.period(view.results.design.reference_period);
    let plain: Vec<&EstimateRow> = rows.iter().map(|(_, row)| *row).collect();
    let caption = view.words.with("caption-event", &[("reference", reference.into())]);
    let caption = caption + &remarks_on(view, &plain);
    let table = table(view, outcome, rows);
    let table_needed = bare(&plain);
    let name = name("event", outcome, view);
    let title =
        view.words.with("figure-event", &[("outcome", view.name(outcome).to_owned().into())]);
    Told {
        name,
        title,
        caption,
        columns: heads(view, &view.words.text("period-label")),
        rows: table,
        table_needed,
    }
    .figure(view, canvas)
}

fn table(view: &View, outcome: &OutcomeFacts, rows: &[(i64, &EstimateRow)]) -> Vec<Vec<String>> {
    let mut table = Vec::new();
    for period in &view.results.design.periods {
        if period.id == view.results.design.reference_period {
            let reference = view.words.text("reference-period");
            table.push(vec![view.period(period.id), reference, String::new(), String::new()]);
        } else if let Some((_, row)) = rows.iter().find(|(id, _)| *id == period.id) {
            let [effect, range, p] = cells(view, outcome, row);
            table.push(vec![view.period(period.id), effect, range, p]);
        } else if period.phase == "transition" {
            let dropped = view.words.text("mark-transition");
            table.push(vec![view.period(period.id), dropped, String::new(), String::new()]);
        }
    }
    table
}
