//! A characteristic of regions over time, in the treated and in the chosen controls.

use verschil_study::results::{CharacteristicFacts, TrajectoryRow};

use crate::figure::{Figure, Told, slug};
use crate::figures::arms;
use crate::view::View;
use crate::words::capital;

/// The figures of one comparison, one per characteristic.
pub(crate) fn draw(view: &View, comparison: &str) -> Vec<Figure> {
    let facts = view.characteristics();
    facts.iter().filter_map(|facts| one(view, comparison, facts)).collect()
}

fn one(view: &View, comparison: &str, facts: &CharacteristicFacts) -> Option<Figure> {
    let all = view.results.trajectories.iter();
    let rows: Vec<&TrajectoryRow> =
        all.filter(|row| row.comparison == comparison && row.characteristic == facts.id).collect();
    let mean = |arm: &str, period: i64| {
        rows.iter().find(|row| row.arm == arm && row.period == period)?.mean
    };
    let label = view.characteristic(&facts.id);
    let canvas = arms::plot(view, &capital(&label), mean)?;
    let arguments =
        [("value", capital(&label).into()), ("comparison", view.comparison(comparison).into())];
    Some(
        Told {
            name: slug(&format!("trajectory_{}_{comparison}", facts.id)),
            title: view.words.with("figure-trajectory", &arguments),
            caption: view.words.text("caption-trajectory"),
            columns: vec![
                capital(&view.words.text("period-label")),
                view.words.text("arm-treated"),
                view.words.text("arm-control"),
            ],
            rows: arms::table(view, mean, |value| view.numbers.decimal(value, facts.decimals)),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}
