//! Observed means of both arms over time.

use verschil_study::results::{LevelRow, OutcomeFacts};

use crate::figure::{Figure, Told};
use crate::figures::{arms, name, unit_line};
use crate::view::View;
use crate::words::capital;

/// The figure of observed levels.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let all = view.results.levels.iter();
    let rows: Vec<&LevelRow> =
        all.filter(|row| row.outcome == outcome.id && row.comparison == view.main.id).collect();
    let measure = view.measure(outcome);
    let mean = |arm: &str, period: i64| {
        rows.iter().find(|row| row.arm == arm && row.period == period)?.mean
    };
    let heading = unit_line(view, outcome, &measure.level_unit());
    let factor = measure.factor();
    let canvas = arms::plot(view, &heading, |arm, period| Some(mean(arm, period)? * factor))?;
    let name = name("levels", outcome, view);
    let title =
        view.words.with("figure-levels", &[("outcome", view.name(outcome).to_owned().into())]);
    let caption = view.words.with("caption-levels", &[("weights", view.weights().into())]);
    Some(
        Told {
            name,
            title,
            caption,
            columns: vec![
                capital(&view.words.text("period-label")),
                view.words.text("arm-treated"),
                view.words.text("arm-control"),
            ],
            rows: arms::table(view, mean, |value| measure.bare(value)),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}
