//! Outcomes in money, per domain: what was spent, what would have been, and the difference.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::chart::band::Band;
use crate::chart::heading::{Heading, LINE, count};
use crate::chart::linear::Linear;
use crate::chart::point::Shape;
use crate::chart::text::{Anchor, BOLD, Text, width, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figure::{Figure, Told, slug};
use crate::figures::ladder::{Ladder, Rung};
use crate::figures::{cells, ranges, remarks, source};
use crate::view::View;

/// Words of a unit that make it money, in either language.
const MONEY: [&str; 14] = [
    "euro", "euros", "eur", "\u{20ac}", "dollar", "dollars", "usd", "$", "pound", "pounds", "gbp",
    "\u{a3}", "gulden", "guilders",
];

const LEFT: f64 = 4.0;
const BAR: f64 = 13.0;
/// Height of a bar and the space below it.
const STEP: f64 = 18.0;

/// An outcome with what was spent and what would have been.
struct Spent<'a> {
    outcome: &'a OutcomeFacts,
    row: &'a EstimateRow,
    observed: f64,
    without: f64,
}

/// Whether the values of an outcome are money; a share has no unit of its own.
fn money(outcome: &OutcomeFacts) -> bool {
    let known = |word: &str| MONEY.contains(&word.to_lowercase().as_str());
    outcome.kind != "binary"
        && outcome
            .unit
            .0
            .values()
            .any(|unit| unit.split(|c: char| c.is_whitespace() || c == '/').any(known))
}

/// One figure for every domain and unit that is about money.
pub(crate) fn draw(view: &View) -> Vec<Figure> {
    let all: Vec<&OutcomeFacts> =
        view.by_domain().into_iter().filter(|outcome| money(outcome)).collect();
    let alike = |a: &&OutcomeFacts, b: &&OutcomeFacts| a.domain == b.domain && a.unit == b.unit;
    let groups = all.chunk_by(alike).enumerate();
    groups.filter_map(|(at, outcomes)| one(view, at, outcomes)).collect()
}

fn one<'a>(view: &View<'a>, at: usize, outcomes: &[&'a OutcomeFacts]) -> Option<Figure> {
    let (mut spent, mut left) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match spent_on(view, outcome) {
            Some(found) => spent.push(found),
            None => left.push(view.name(outcome).to_owned()),
        }
    }
    let first = spent.first()?.outcome;
    let unit = view.label(&first.unit).to_owned();
    let mut canvas = bars(view, &spent, &unit);
    let heading = view.words.with("spending-difference", &[("unit", unit.clone().into())]);
    let rungs = spent.iter().filter_map(|spent| rung(view, spent)).collect();
    canvas.below(&Ladder { heading: &heading, rungs }.canvas(view));
    let domain = view.label(&first.domain_label);
    let title =
        if domain.is_empty() { view.words.text("spending-fallback") } else { domain.to_owned() };
    Some(
        Told {
            name: slug(&format!("spending_{}_{at}_{}", first.domain, view.main.id)),
            title: view
                .words
                .with("figure-spending", &[("domain", title.into()), ("unit", unit.into())]),
            caption: caption(view, &spent, left),
            columns: [
                "column-outcome",
                "column-observed",
                "column-counterfactual",
                "column-effect",
                "column-range",
                "column-p",
            ]
            .map(|key| view.words.text(key))
            .to_vec(),
            rows: spent.iter().map(|spent| line(view, spent)).collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn spent_on<'a>(view: &View<'a>, outcome: &'a OutcomeFacts) -> Option<Spent<'a>> {
    let row = view.main_row(outcome)?;
    row.estimate?;
    Some(Spent { outcome, row, observed: row.observed?, without: row.counterfactual? })
}

/// Two bars from zero per outcome: filled for what was, open for what would have been.
fn bars(view: &View, spent: &[Spent], unit: &str) -> Canvas {
    let heading = view.words.with("spending-heading", &[("unit", unit.to_owned().into())]);
    let heading = Heading::new(&heading);
    let bars = |spent: &Spent| {
        let measure = view.measure(spent.outcome);
        let said = |key: &'static str, value: f64| {
            view.words.with(key, &[("value", measure.bare(value).into())])
        };
        [
            (spent.observed, true, said("spending-observed", spent.observed)),
            (spent.without, false, said("spending-without", spent.without)),
        ]
    };
    let all: Vec<_> = spent.iter().map(bars).collect();
    let words = all.iter().flatten().map(|(_, _, words)| width(words)).fold(0.0, f64::max);
    let right = (WIDTH - words - 14.0).max(120.0);
    let mut values: Vec<f64> = all.iter().flatten().map(|bar| bar.0).collect();
    values.push(0.0);
    let scale = Linear::covering(&values, 5, LEFT, right);
    let names: Vec<Vec<String>> = spent
        .iter()
        .map(|s| wrap(&view.soft(view.name(s.outcome)), BOLD * (WIDTH - 8.0)))
        .collect();
    let lines: usize = names.iter().map(Vec::len).sum();
    let top = heading.height() + 8.0;
    let bottom = top + LINE * count(lines) + count(spent.len()) * (2.0 * STEP + 10.0);
    let mut canvas = Canvas::new(bottom + 32.0);
    heading.draw(&mut canvas);
    let mut y = top;
    for (names, bars) in names.iter().zip(&all) {
        for name in names {
            write(&mut canvas, (LEFT, y + 13.0), name, true);
            y += LINE;
        }
        for (value, observed, words) in bars {
            let fill = if *observed { ink::TREATED } else { ink::PAPER };
            let x = (scale.at(0.0), scale.at(*value));
            canvas.add(&Band { x, y: (y + 3.0, y + 3.0 + BAR), fill, frame: Some(ink::TREATED) });
            write(&mut canvas, (x.0.max(x.1) + 6.0, y + 14.0), words, false);
            y += STEP;
        }
        y += 10.0;
    }
    let decimals = scale.decimals();
    axis::bottom(&mut canvas, &scale, bottom, |tick| view.numbers.decimal(tick, decimals));
    canvas
}

fn write(canvas: &mut Canvas, (x, y): (f64, f64), words: &str, bold: bool) {
    canvas.add(&Text { x, y, words, anchor: Anchor::Start, color: ink::TEXT, bold });
}

fn rung(view: &View, spent: &Spent) -> Option<Rung> {
    let holds = spent.row.trend_holds;
    let label = view.cautioned(view.name(spent.outcome), holds);
    let rung = Rung::effect(view, spent.outcome, spent.row, &label)?;
    Some(rung.marked(Shape::Disc, holds == Some(false)))
}

fn caption(view: &View, spent: &[Spent], left: Vec<String>) -> String {
    let rows: Vec<&EstimateRow> = spent.iter().map(|spent| spent.row).collect();
    let mut caption = view.words.text("caption-spending");
    if rows.iter().any(|row| row.trend_holds == Some(false)) {
        caption.push(' ');
        caption.push_str(&view.words.text("caption-caution"));
    }
    caption.push_str(&remarks(view, &ranges(&rows)));
    caption.push_str(&source(view, &rows));
    if !left.is_empty() {
        let list = view.words.list(&left);
        caption.push(' ');
        caption.push_str(&view.words.with("caption-not-estimated", &[("outcomes", list.into())]));
    }
    caption
}

fn line(view: &View, spent: &Spent) -> Vec<String> {
    let measure = view.measure(spent.outcome);
    let mut line = vec![view.name(spent.outcome).to_owned()];
    line.extend([spent.observed, spent.without].map(|value| measure.level_in_table(value)));
    line.extend(cells(view, spent.outcome, spent.row));
    line
}
