//! The flow of the population: boxes that add up.

use verschil_study::results::AttritionStep;

use crate::chart::band::Band;
use crate::chart::heading::{LINE, count};
use crate::chart::interval::{End, Interval, Run};
use crate::chart::text::{Anchor, Text, wrap};
use crate::chart::{Canvas, ink};
use crate::figure::{Figure, Told};
use crate::steps;
use crate::view::View;

const KEPT: (f64, f64) = (2.0, 132.0);
const LEFT_OUT: (f64, f64) = (166.0, 438.0);
const BOX: f64 = 44.0;
/// Height of a box whose number and word share a line.
const LOW: f64 = 25.0;
/// With more steps than this, boxes are low and stand closer.
const ROOMY: usize = 8;

/// The flow diagram.
pub(crate) fn draw(view: &View) -> Option<Figure> {
    if view.results.attrition.is_empty() {
        return None;
    }
    let canvas = boxes(view);
    let table = table(view);
    let (title, caption) = (view.words.text("figure-flow"), view.words.text("caption-flow"));
    Some(
        Told {
            name: "attrition".to_owned(),
            title,
            caption,
            columns: ["column-step", "column-before", "column-excluded", "column-after"]
                .iter()
                .map(|key| view.words.text(key))
                .collect(),
            rows: table,
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn boxes(view: &View) -> Canvas {
    let all = &view.results.attrition;
    let steps: Vec<&AttritionStep> = all.iter().filter(|step| steps::drawn(step)).collect();
    let room = LEFT_OUT.1 - LEFT_OUT.0 - 16.0;
    let labels = steps.iter().map(|step| wrap(&view.soft(&steps::label(view, step)), room));
    let sides: Vec<Vec<String>> = labels.collect();
    let dense = steps.len() > ROOMY;
    let tall = if dense { LOW } else { BOX };
    let gap = |lines: &[String]| LINE * count(lines.len()) + if dense { 27.0 } else { 48.0 };
    let air = if dense { 3.0 } else { 9.0 };
    let total = sides.iter().fold(tall + 4.0, |sum, lines| sum + gap(lines) + tall);
    let mut canvas = Canvas::new(total);
    let mut y = 2.0;
    let middle = f64::midpoint(KEPT.0, KEPT.1);
    for (index, (step, lines)) in steps.iter().zip(&sides).enumerate() {
        if index == 0 {
            kept(&mut canvas, view, (y, tall), (step.before, "flow-start"));
        }
        let (top, next) = (y + tall, y + tall + gap(lines));
        let beside = (top + air, next - air);
        arrow(&mut canvas, Run::Up, middle, (top, next));
        left_out(&mut canvas, view, beside, step.excluded, lines);
        arrow(&mut canvas, Run::Across, f64::midpoint(top, next), (middle, LEFT_OUT.0));
        y = next;
        let last = index + 1 == steps.len();
        let key = if last { "flow-end" } else { "flow-remain" };
        kept(&mut canvas, view, (y, tall), (step.after, key));
    }
    if let (true, Some(last)) = (steps.is_empty(), all.last()) {
        kept(&mut canvas, view, (y, tall), (last.after, "flow-end"));
    }
    canvas
}

/// What remains: the number above its word, or beside it in a low box.
fn kept(canvas: &mut Canvas, view: &View, (y, tall): (f64, f64), told: (u64, &'static str)) {
    canvas.add(&Band { x: KEPT, y: (y, y + tall), fill: ink::TINT, frame: Some(ink::TREATED) });
    let x = f64::midpoint(KEPT.0, KEPT.1);
    let (number, word) = (view.numbers.whole(told.0), view.words.text(told.1));
    let anchor = Anchor::Middle;
    if tall < BOX {
        let both = format!("{number} {word}");
        let (words, color) = (&both, ink::TEXT);
        canvas.add(&Text { x, y: y + 17.0, words, anchor, color, bold: true });
        return;
    }
    let (words, color) = (&number, ink::TEXT);
    canvas.add(&Text { x, y: y + 18.0, words, anchor, color, bold: true });
    let (words, color) = (&word, ink::MUTED);
    canvas.add(&Text { x, y: y + 35.0, words, anchor, color, bold: false });
}

fn left_out(canvas: &mut Canvas, view: &View, span: (f64, f64), left: u64, lines: &[String]) {
    canvas.add(&Band { x: LEFT_OUT, y: span, fill: ink::PAPER, frame: Some(ink::AXIS) });
    let number = view.numbers.whole(left);
    let head = view.words.with("flow-left-out", &[("count", number.into())]);
    let x = LEFT_OUT.0 + 8.0;
    canvas.add(&Text {
        x,
        y: span.0 + 18.0,
        words: &head,
        anchor: Anchor::Start,
        color: ink::TEXT,
        bold: true,
    });
    let mut baseline = span.0 + 18.0;
    for line in lines {
        baseline += LINE;
        canvas.add(&Text {
            x,
            y: baseline,
            words: line,
            anchor: Anchor::Start,
            color: ink::MUTED,
            bold: false,
        });
    }
}

fn arrow(canvas: &mut Canvas, run: Run, across: f64, span: (f64, f64)) {
    canvas.add(&Interval {
        run,
        across,
        low: End::Plain(span.0),
        high: End::Open(span.1),
        dashed: false,
        color: ink::AXIS,
    });
}

fn table(view: &View) -> Vec<Vec<String>> {
    let number = |n: u64| view.numbers.whole(n);
    let row = |step: &AttritionStep| {
        let label = steps::label(view, step);
        vec![label, number(step.before), number(step.excluded), number(step.after)]
    };
    view.results.attrition.iter().map(row).collect()
}
