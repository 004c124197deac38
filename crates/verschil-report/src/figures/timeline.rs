//! The comparison over time: which group was treated when.

use verschil_study::results::PeriodFacts;

use crate::chart::band::Band;
use crate::chart::slots::Slots;
use crate::chart::text::{Anchor, Text, width};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figure::{Figure, Told};
use crate::view::View;

const LEFT: f64 = 4.0;
const RIGHT: f64 = WIDTH - 4.0;
const BAR: f64 = 30.0;
const ROW: f64 = 62.0;

/// The figure of the design.
pub(crate) fn draw(view: &View) -> Figure {
    let arms = [
        ("arm-treated", view.regions(view.results.design.treated.len()), ink::TREATED),
        ("arm-control", view.regions(view.controls(view.main)), ink::SHADE),
    ];
    let periods: Vec<&PeriodFacts> = view.results.design.periods.iter().collect();
    let slots = Slots::new(periods.len(), LEFT, RIGHT);
    let bottom = ROW * 2.0;
    let mut canvas = Canvas::new(bottom + 28.0);
    let mut top = 0.0;
    for (arm, count, after) in &arms {
        let name = view.words.text(arm);
        let arguments = [("arm", name.into()), ("count", count.clone().into())];
        let words = view.words.with("design-arm", &arguments);
        canvas.add(&Text {
            x: LEFT,
            y: top + 16.0,
            words: &words,
            anchor: Anchor::Start,
            color: ink::TEXT,
            bold: false,
        });
        bars(&mut canvas, view, &slots, (top + 24.0, after));
        top += ROW;
    }
    let labels: Vec<String> = periods.iter().map(|period| view.period(period.id)).collect();
    axis::slots(&mut canvas, &slots, bottom, &labels);
    finish(view, &canvas, &arms.map(|(arm, count, _)| (arm, count)))
}

/// One bar per phase, with its name where it fits.
fn bars(canvas: &mut Canvas, view: &View, slots: &Slots, (top, after): (f64, &'static str)) {
    let mut begin = 0;
    for run in view.results.design.periods.chunk_by(|a, b| a.phase == b.phase) {
        let x = (slots.edge(begin) + 1.0, slots.edge(begin + run.len()) - 1.0);
        begin += run.len();
        let (key, fill, color) = match run[0].phase.as_str() {
            "pre" => ("design-before", ink::SHADE, ink::TEXT),
            "transition" => ("mark-transition", ink::PAPER, ink::MUTED),
            _ if after == ink::TREATED => ("design-after", after, ink::PAPER),
            _ => ("design-after", after, ink::TEXT),
        };
        canvas.add(&Band { x, y: (top, top + BAR), fill, frame: Some(ink::AXIS) });
        let words = view.words.text(key);
        if width(&words) + 4.0 <= x.1 - x.0 {
            canvas.add(&Text {
                x: f64::midpoint(x.0, x.1),
                y: top + 20.0,
                words: &words,
                anchor: Anchor::Middle,
                color,
                bold: false,
            });
        }
    }
}

fn finish(view: &View, canvas: &Canvas, arms: &[(&'static str, String)]) -> Figure {
    let span = |phase| view.span(phase).unwrap_or_default();
    let transition = if span("transition").is_empty() { "no" } else { "yes" };
    let rows: Vec<Vec<String>> = arms
        .iter()
        .map(|(arm, count)| {
            let spans = ["pre", "transition", "post"].map(span);
            [view.words.text(arm), count.clone()].into_iter().chain(spans).collect()
        })
        .collect();
    let title = view.words.text("figure-design");
    let caption = view.words.with("caption-design", &[("transition", transition.into())]);
    Told {
        name: "design".to_owned(),
        title,
        caption,
        columns: ["column-group", "column-size", "fact-before", "fact-dropped", "fact-after"]
            .iter()
            .map(|key| view.words.text(key))
            .collect(),
        rows,
        table_needed: false,
    }
    .figure(view, canvas)
}
