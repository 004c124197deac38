//! The effect in each period after the start.

use verschil_study::results::{EstimateRow, OutcomeFacts, PeriodFacts};

use crate::chart::Canvas;
use crate::figure::{Figure, Told};
use crate::figures::effects::Effects;
use crate::figures::{bare, cells, heads, name, remarks_on};
use crate::view::View;

/// The figure of effects per period.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let row = |id: i64| view.headline(&outcome.id, &format!("period:{id}"), &view.main.id);
    let all = &view.results.design.periods;
    let periods: Vec<&PeriodFacts> = all.iter().filter(|p| row(p.id).is_some()).collect();
    let rows: Vec<(i64, &EstimateRow)> =
        periods.iter().filter_map(|p| row(p.id).map(|row| (p.id, row))).collect();
    if rows.iter().all(|(_, row)| row.estimate.is_none()) {
        return None;
    }
    let average = view.main_row(outcome).and_then(|row| row.estimate);
    let (_, canvas) = Effects { outcome, periods, rows: &rows, average, bands: &[] }.draw(view);
    Some(finish(view, outcome, &rows, &canvas))
}

fn finish(
    view: &View,
    outcome: &OutcomeFacts,
    found: &[(i64, &EstimateRow)],
    canvas: &Canvas,
) -> Figure {
    let rows: Vec<&EstimateRow> = found.iter().map(|(_, row)| *row).collect();
    let caption = view.words.text("caption-periods") + &remarks_on(view, &rows);
    let table = table(view, outcome, found);
    let table_needed = bare(&rows);
    let name = name("periods", outcome, view);
    let title =
        view.words.with("figure-periods", &[("outcome", view.name(outcome).to_owned().into())]);
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

fn table(view: &View, outcome: &OutcomeFacts, found: &[(i64, &EstimateRow)]) -> Vec<Vec<String>> {
    found
        .iter()
        .map(|(period, row)| {
            let [effect, range, p] = cells(view, outcome, row);
            vec![view.period(*period), effect, range, p]
        })
        .collect()
}
