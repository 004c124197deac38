//! The effect in each period after the start.

use verschil_study::results::{EstimateRow, OutcomeFacts, PeriodFacts};

use crate::chart::point::{Point, Shape};
use crate::chart::{Canvas, ink};
use crate::figure::Figure;
use crate::figures::frame::Frame;
use crate::figures::{bare, cells, heads, name, remarks_on, spoken, unit_line};
use crate::range::Range;
use crate::view::View;

/// The figure of effects per period.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let row = |id: i64| view.headline(&outcome.id, &format!("period:{id}"), &view.main.id);
    let found: Vec<(&PeriodFacts, &EstimateRow)> =
        view.results.design.periods.iter().filter_map(|p| row(p.id).map(|row| (p, row))).collect();
    if found.iter().all(|(_, row)| row.estimate.is_none()) {
        return None;
    }
    let measure = view.measure(outcome);
    let factor = measure.factor();
    let average = view.main_row(outcome).and_then(|row| row.estimate).map(|value| value * factor);
    let mut values = vec![0.0];
    values.extend(average);
    for (_, row) in &found {
        values.extend(row.estimate.map(|value| value * factor));
        values.extend(Range::effect(row).times(factor).ends());
    }
    let periods = found.iter().map(|(period, _)| *period).collect();
    let frame =
        Frame::new(view, periods, &values, &unit_line(view, outcome, &measure.effect_unit()), 0.0);
    let mut canvas = frame.canvas(view);
    frame.level(&mut canvas, 0.0, ink::AXIS, false);
    if let Some(value) = average {
        frame.level(&mut canvas, value, ink::CONTROL, true);
    }
    for (period, row) in &found {
        let (Some(x), Some(value)) = (frame.x(period.id), row.estimate) else {
            continue;
        };
        frame.interval(&mut canvas, x, Range::effect(row).times(factor), false);
        let y = frame.scale.at(value * factor);
        canvas.add(&Point { x, y, shape: Shape::Disc, filled: true, color: ink::TREATED });
    }
    Some(finish(view, outcome, &found, &canvas))
}

fn finish(
    view: &View,
    outcome: &OutcomeFacts,
    found: &[(&PeriodFacts, &EstimateRow)],
    canvas: &Canvas,
) -> Figure {
    let rows: Vec<&EstimateRow> = found.iter().map(|(_, row)| *row).collect();
    let caption = view.words.text("caption-periods") + &remarks_on(view, &rows);
    let table = table(view, outcome, found);
    let table_needed = bare(&rows);
    let name = name("periods", outcome, view);
    let title =
        view.words.with("figure-periods", &[("outcome", view.name(outcome).to_owned().into())]);
    Figure {
        svg: canvas.finish(&name, &title, &spoken(&caption, &table)),
        name,
        title,
        caption,
        columns: heads(view, &view.words.text("period-label")),
        rows: table,
        table_needed,
    }
}

fn table(
    view: &View,
    outcome: &OutcomeFacts,
    found: &[(&PeriodFacts, &EstimateRow)],
) -> Vec<Vec<String>> {
    found
        .iter()
        .map(|(period, row)| {
            let [effect, range, p] = cells(view, outcome, row);
            vec![view.period(period.id), effect, range, p]
        })
        .collect()
}
