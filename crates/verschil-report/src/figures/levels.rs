//! Observed means of both arms over time.

use verschil_study::results::{LevelRow, OutcomeFacts, PeriodFacts};

use crate::chart::line::Line;
use crate::chart::point::{Point, Shape};
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, ink};
use crate::figure::{Figure, Told};
use crate::figures::frame::Frame;
use crate::figures::{name, unit_line};
use crate::view::View;
use crate::words::capital;

/// How an arm is drawn.
struct Arm {
    id: &'static str,
    key: &'static str,
    shape: Shape,
    filled: bool,
    color: &'static str,
}

const ARMS: [Arm; 2] = [
    Arm {
        id: "treated",
        key: "arm-treated",
        shape: Shape::Disc,
        filled: true,
        color: ink::TREATED,
    },
    Arm {
        id: "control",
        key: "arm-control",
        shape: Shape::Square,
        filled: false,
        color: ink::CONTROL,
    },
];

/// The figure of observed levels.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let rows: Vec<&LevelRow> = view
        .results
        .levels
        .iter()
        .filter(|row| row.outcome == outcome.id && row.comparison == view.main.id)
        .collect();
    let measure = view.measure(outcome);
    let values: Vec<f64> =
        rows.iter().filter_map(|row| row.mean).map(|mean| mean * measure.factor()).collect();
    if values.is_empty() {
        return None;
    }
    let periods: Vec<&PeriodFacts> = view.results.design.periods.iter().collect();
    let heading = unit_line(view, outcome, &measure.level_unit());
    let frame = Frame::new(view, periods.clone(), &values, &heading, 20.0);
    let mut canvas = frame.canvas(view);
    legend(&mut canvas, view, &frame);
    for arm in &ARMS {
        series(&mut canvas, &frame, arm, &rows, &periods, measure.factor());
    }
    let table = table(view, outcome, &rows, &periods);
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
            rows: table,
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn mean(rows: &[&LevelRow], arm: &str, period: i64) -> Option<f64> {
    rows.iter().find(|row| row.arm == arm && row.period == period)?.mean
}

fn series(
    canvas: &mut Canvas,
    frame: &Frame,
    arm: &Arm,
    rows: &[&LevelRow],
    periods: &[&PeriodFacts],
    factor: f64,
) {
    let place = |period: &&PeriodFacts| {
        let value = mean(rows, arm.id, period.id)? * factor;
        Some((frame.x(period.id)?, frame.scale.at(value)))
    };
    let places: Vec<Option<(f64, f64)>> = periods.iter().map(place).collect();
    let points: Vec<(f64, f64)> = places.iter().copied().flatten().collect();
    canvas.add(&Line { places, dashed: !arm.filled, color: arm.color });
    for (x, y) in points {
        canvas.add(&Point { x, y, shape: arm.shape, filled: arm.filled, color: arm.color });
    }
}

fn legend(canvas: &mut Canvas, view: &View, frame: &Frame) {
    let y = frame.scale.to() - 30.0;
    let mut x = 4.0;
    for arm in &ARMS {
        canvas.add(&Line {
            places: vec![Some((x, y)), Some((x + 28.0, y))],
            dashed: !arm.filled,
            color: arm.color,
        });
        canvas.add(&Point {
            x: x + 14.0,
            y,
            shape: arm.shape,
            filled: arm.filled,
            color: arm.color,
        });
        let words = view.words.text(arm.key);
        canvas.add(&Text {
            x: x + 34.0,
            y: y + 4.5,
            words: &words,
            anchor: Anchor::Start,
            color: ink::TEXT,
            bold: false,
        });
        x += 34.0 + width(&words) + 18.0;
    }
}

fn table(
    view: &View,
    outcome: &OutcomeFacts,
    rows: &[&LevelRow],
    periods: &[&PeriodFacts],
) -> Vec<Vec<String>> {
    let measure = view.measure(outcome);
    let cell = |arm: &str, period: i64| {
        mean(rows, arm, period).map_or_else(|| view.missing(), |value| measure.bare(value))
    };
    periods
        .iter()
        .map(|p| vec![view.period(p.id), cell("treated", p.id), cell("control", p.id)])
        .collect()
}
