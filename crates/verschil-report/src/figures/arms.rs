//! The two arms over time: a solid line with discs and a dashed one with open squares.

use verschil_study::results::PeriodFacts;

use crate::chart::line::Line;
use crate::chart::point::{Point, Shape};
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, ink};
use crate::figures::frame::Frame;
use crate::view::View;

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

/// A plot of `value`, given the arm and the period; nothing where there is no value at all.
pub(crate) fn plot(
    view: &View,
    heading: &str,
    value: impl Fn(&str, i64) -> Option<f64>,
) -> Option<Canvas> {
    let periods: Vec<&PeriodFacts> = view.results.design.periods.iter().collect();
    let of = |arm: &Arm| -> Vec<Option<f64>> {
        periods.iter().map(|period| value(arm.id, period.id)).collect()
    };
    let series = ARMS.each_ref().map(of);
    let values: Vec<f64> = series.iter().flatten().copied().flatten().collect();
    if values.is_empty() {
        return None;
    }
    let frame = Frame::new(view, periods.clone(), &values, heading, 20.0);
    let mut canvas = frame.canvas(view);
    legend(&mut canvas, view, &frame);
    for (arm, values) in ARMS.iter().zip(series) {
        let place = |(period, value): (&&PeriodFacts, Option<f64>)| {
            Some((frame.x(period.id)?, frame.scale.at(value?)))
        };
        let places: Vec<Option<(f64, f64)>> = periods.iter().zip(values).map(place).collect();
        let points: Vec<(f64, f64)> = places.iter().copied().flatten().collect();
        canvas.add(&Line { places, dashed: !arm.filled, color: arm.color });
        for (x, y) in points {
            let (shape, filled, color) = (arm.shape, arm.filled, arm.color);
            canvas.add(&Point { x, y, shape, filled, color });
        }
    }
    Some(canvas)
}

/// The same values as a table: a period, the treated, the controls.
pub(crate) fn table(
    view: &View,
    value: impl Fn(&str, i64) -> Option<f64>,
    write: impl Fn(f64) -> String,
) -> Vec<Vec<String>> {
    let cell = |arm: &str, period: i64| value(arm, period).map_or_else(|| view.missing(), &write);
    let periods = view.results.design.periods.iter();
    periods.map(|p| vec![view.period(p.id), cell("treated", p.id), cell("control", p.id)]).collect()
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
