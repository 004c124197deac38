//! The idea of the comparison, drawn with the study's own data: both groups before and after, and
//! the treated group as it would have been.

use verschil_study::results::OutcomeFacts;

use crate::chart::heading::{Heading, count};
use crate::chart::interval::{End, Interval, Run};
use crate::chart::line::Line;
use crate::chart::linear::Linear;
use crate::chart::point::{Point, Shape};
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, width, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figure::{Figure, Told, slug};
use crate::figures::unit_line;
use crate::view::View;

const PLOT: f64 = 230.0;
/// Where the labels begin.
const LABELS: f64 = 268.0;
/// Height of a line of a label.
const LINE: f64 = 15.5;

/// Means of both groups before and after, and of the treated without the change.
struct Means<'a> {
    outcome: &'a OutcomeFacts,
    estimate: f64,
    treated: (f64, f64),
    control: (f64, f64),
    without: f64,
}

/// The figure, with the first outcome that has all five means and trends that were alike; where
/// none has, with the first that has the means.
pub(crate) fn draw(view: &View) -> Option<Figure> {
    let all = view.by_domain();
    let failed = |outcome: &OutcomeFacts| {
        view.main_row(outcome).is_some_and(|row| row.trend_holds == Some(false))
    };
    let (alike, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|o| !failed(o));
    let means = alike.into_iter().chain(others).find_map(|outcome| means(view, outcome))?;
    let measure = view.measure(means.outcome);
    let holds = view.main_row(means.outcome).and_then(|row| row.trend_holds);
    let name = view.cautioned(view.name(means.outcome), holds);
    let level = |value: f64| measure.level_in_table(value);
    let line = |key: &'static str, (before, after): (f64, f64)| {
        vec![view.words.text(key), level(before), level(after)]
    };
    let arguments = [("outcome", name.clone().into()), ("weights", view.weights().into())];
    Some(
        Told {
            name: slug(&format!("idea_{}", view.main.id)),
            title: view.words.with("figure-idea", &[("outcome", name.into())]),
            caption: view.words.with("caption-idea", &arguments),
            columns: ["column-group", "fact-before", "fact-after"]
                .map(|key| view.words.text(key))
                .to_vec(),
            rows: vec![
                line("arm-treated", means.treated),
                line("idea-without-row", (means.treated.0, means.without)),
                line("arm-control", means.control),
            ],
            table_needed: false,
        }
        .figure(view, &Plot::new(view, &means).canvas()),
    )
}

fn means<'a>(view: &View<'a>, outcome: &'a OutcomeFacts) -> Option<Means<'a>> {
    let mean = |arm: &str, phase: &str| {
        let mut rows = view.results.descriptives.iter();
        rows.find(|row| row.variable == outcome.id && row.arm == arm && row.phase == phase)?.mean
    };
    let both = |arm: &str| Some((mean(arm, "pre")?, mean(arm, "post")?));
    let row = view.main_row(outcome)?;
    let (before, _) = both("treated")?;
    Some(Means {
        outcome,
        estimate: row.estimate?,
        // after the start in the model's own sample, so that the effect is what lies between
        treated: (before, row.observed?),
        control: both("control")?,
        without: row.counterfactual?,
    })
}

/// A label at the right, and the height of what it names.
struct Label {
    at: f64,
    lines: Vec<String>,
    color: &'static str,
    bold: bool,
}

struct Plot<'v, 'a> {
    view: &'v View<'a>,
    means: &'v Means<'a>,
    heading: Heading,
    scale: Linear,
    top: f64,
    left: f64,
}

impl<'v, 'a> Plot<'v, 'a> {
    fn new(view: &'v View<'a>, means: &'v Means<'a>) -> Self {
        let measure = view.measure(means.outcome);
        let heading = Heading::new(&unit_line(view, means.outcome, &measure.level_unit()));
        let top = heading.height() + 14.0;
        let Means { treated, control, without, .. } = means;
        let values = [treated.0, treated.1, control.0, control.1, *without];
        let values = values.map(|value| value * measure.factor());
        let scale = Linear::covering(&values, 5, top + PLOT, top);
        let decimals = scale.decimals();
        let left = axis::room(&scale, |tick| view.numbers.decimal(tick, decimals));
        Self { view, means, heading, scale, top, left }
    }

    fn y(&self, value: f64) -> f64 {
        self.scale.at(value * self.view.measure(self.means.outcome).factor())
    }

    /// Where before and after stand.
    fn x(&self) -> (f64, f64) {
        (self.left + 26.0, LABELS - 62.0)
    }

    fn canvas(&self) -> Canvas {
        let mut canvas = Canvas::new(self.top + PLOT + 28.0);
        self.heading.draw(&mut canvas);
        let decimals = self.scale.decimals();
        for tick in self.scale.ticks() {
            let y = self.scale.at(tick);
            let (from, to) = ((self.left, y), (LABELS - 50.0, y));
            canvas.add(&Rule { from, to, color: ink::GRID, dashed: false });
            let words = self.view.numbers.decimal(tick, decimals);
            self.write(&mut canvas, (self.left - 7.0, y + 4.5), &words, Anchor::End);
        }
        let (before, after) = self.x();
        for (x, key) in [(before, "design-before"), (after, "design-after")] {
            let words = self.view.words.text(key);
            let x = x.max(width(&words) / 2.0);
            self.write(&mut canvas, (x, self.top + PLOT + 19.0), &words, Anchor::Middle);
        }
        self.lines(&mut canvas);
        self.brackets(&mut canvas);
        self.labels(&mut canvas);
        canvas
    }

    fn write(&self, canvas: &mut Canvas, (x, y): (f64, f64), words: &str, anchor: Anchor) {
        canvas.add(&Text { x, y, words, anchor, color: ink::MUTED, bold: false });
    }

    fn lines(&self, canvas: &mut Canvas) {
        let means = self.means;
        let (before, after) = self.x();
        let mut line = |(from, to): (f64, f64), dashed: bool, color| {
            let places = vec![Some((before, self.y(from))), Some((after, self.y(to)))];
            canvas.add(&Line { places, dashed, color });
        };
        line(means.control, true, ink::CONTROL);
        line((means.treated.0, means.without), true, ink::TREATED);
        line(means.treated, false, ink::TREATED);
        let mut point = |x: f64, value: f64, (shape, filled, color)| {
            canvas.add(&Point { x, y: self.y(value), shape, filled, color });
        };
        let control = (Shape::Square, false, ink::CONTROL);
        point(before, means.control.0, control);
        point(after, means.control.1, control);
        point(after, means.without, (Shape::Disc, false, ink::TREATED));
        point(before, means.treated.0, (Shape::Disc, true, ink::TREATED));
        point(after, means.treated.1, (Shape::Disc, true, ink::TREATED));
    }

    /// What would have changed anyway, and the effect, as lengths.
    fn brackets(&self, canvas: &mut Canvas) {
        let means = self.means;
        let (before, after) = self.x();
        let start = self.y(means.treated.0);
        let (from, to) = ((before, start), (after + 14.0, start));
        canvas.add(&Rule { from, to, color: ink::AXIS, dashed: true });
        let (anyway, effect) = self.places();
        for (across, from, to, color) in [
            (anyway, means.treated.0, means.without, ink::MUTED),
            (effect, means.without, means.treated.1, ink::TREATED),
        ] {
            let (low, high) = (End::At(self.y(from)), End::At(self.y(to)));
            canvas.add(&Interval { run: Run::Up, across, low, high, dashed: false, color });
        }
    }

    /// Where the two lengths stand: side by side, as they may overlap.
    fn places(&self) -> (f64, f64) {
        let (_, after) = self.x();
        (after + 14.0, after + 27.0)
    }

    fn labels(&self, canvas: &mut Canvas) {
        let (view, means) = (self.view, self.means);
        let measure = view.measure(means.outcome);
        // bold letters are wider than others
        let said = |key: &'static str, value: String, room: f64| {
            let words = view.words.with(key, &[("value", value.into())]);
            wrap(&words, room * (WIDTH - LABELS - 4.0))
        };
        let plain = |key: &'static str, value: f64| said(key, measure.level_in_table(value), 1.0);
        let y = |value: f64| self.y(value);
        let mid = |a: f64, b: f64| f64::midpoint(y(a), y(b));
        let effect = said("idea-effect", measure.effect(means.estimate), 0.88);
        let mut labels = vec![
            label(y(means.treated.1), plain("idea-treated", means.treated.1), false),
            label(y(means.without), plain("idea-without", means.without), false),
            label(y(means.control.1), plain("idea-control", means.control.1), false),
            label(
                mid(means.treated.0, means.without),
                said("idea-anyway", String::new(), 1.0),
                false,
            ),
            label(mid(means.without, means.treated.1), effect, true),
        ];
        labels[2].color = ink::CONTROL;
        labels[3].color = ink::MUTED;
        let (anyway, effect) = self.places();
        let after = self.x().1;
        let from = [after + 7.0, after + 7.0, after + 7.0, anyway + 2.0, effect + 2.0];
        let tops = spread(&labels, (self.top - 8.0, self.top + PLOT + 8.0));
        for ((label, from), top) in labels.iter().zip(from).zip(tops) {
            let middle = top + LINE * count(label.lines.len()) / 2.0;
            let (from, to) = ((from, label.at), (LABELS - 4.0, middle));
            canvas.add(&Rule { from, to, color: ink::AXIS, dashed: false });
            for (at, words) in label.lines.iter().enumerate() {
                let (x, y) = (LABELS, top + 12.0 + LINE * count(at));
                let (color, bold) = (label.color, label.bold);
                canvas.add(&Text { x, y, words, anchor: Anchor::Start, color, bold });
            }
        }
    }
}

fn label(at: f64, lines: Vec<String>, bold: bool) -> Label {
    Label { at, lines, color: ink::TREATED, bold }
}

/// Tops of the labels, each as near as can be to what it names, none over another one.
fn spread(labels: &[Label], (top, bottom): (f64, f64)) -> Vec<f64> {
    let height = |at: usize| LINE * count(labels[at].lines.len()) + 5.0;
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels[a].at.total_cmp(&labels[b].at));
    let mut tops = vec![0.0; labels.len()];
    let mut free = top;
    for &at in &order {
        tops[at] = (labels[at].at - height(at) / 2.0).max(free);
        free = tops[at] + height(at);
    }
    // what has run over the foot is pushed up again
    let mut foot = bottom;
    for &at in order.iter().rev() {
        tops[at] = tops[at].min(foot - height(at));
        foot = tops[at];
    }
    tops
}
