//! The effect in each treated region.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::chart::point::Shape;
use crate::figure::{Figure, Told};
use crate::figures::ladder::{Ladder, Rung};
use crate::figures::{bare, cells, heads, name, ranges, remarks, source, unit_line};
use crate::range::Range;
use crate::view::View;

/// The figure of effects per region; with one treated region it would repeat the main effect.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    if view.results.design.treated.len() < 2 {
        return None;
    }
    let row = |id: &str| view.headline(&outcome.id, &format!("region:{id}"), &view.main.id);
    let found: Vec<(String, &EstimateRow)> = view
        .results
        .design
        .treated
        .iter()
        .filter_map(|r| row(&r.id).map(|row| (view.region(&r.id), row)))
        .collect();
    if found.iter().all(|(_, row)| row.estimate.is_none()) {
        return None;
    }
    let mut rungs = Vec::new();
    if let Some(main) = view.main_row(outcome) {
        let all = Rung::effect(view, outcome, main, &view.words.text("all-regions"));
        rungs.extend(all.map(|rung| Rung { leading: true, ..rung }));
    }
    let each = found.iter().filter_map(|(label, row)| Rung::effect(view, outcome, row, label));
    rungs.extend(each.map(|rung| Rung { shape: Shape::Square, ..rung }));
    let heading = unit_line(view, outcome, &view.measure(outcome).effect_unit());
    let ladder = Ladder { heading: &heading, rungs };
    let rows: Vec<&EstimateRow> = found.iter().map(|(_, row)| *row).collect();
    let mut shown = ranges(&rows);
    shown.extend(view.main_row(outcome).map(Range::effect));
    let mut caption = view.words.text("caption-regions") + &remarks(view, &shown);
    caption.push_str(&source(view, &rows));
    caption.push_str(&ladder.remark(view));
    let table_needed = bare(&rows);
    let canvas = ladder.canvas(view);
    let table: Vec<Vec<String>> = found
        .iter()
        .map(|(label, row)| {
            let [effect, range, p] = cells(view, outcome, row);
            vec![label.clone(), effect, range, p]
        })
        .collect();
    let name = name("regions", outcome, view);
    let title =
        view.words.with("figure-regions", &[("outcome", view.name(outcome).to_owned().into())]);
    Some(
        Told {
            name,
            title,
            caption,
            columns: heads(view, &view.words.text("region-label")),
            rows: table,
            table_needed,
        }
        .figure(view, &canvas),
    )
}
