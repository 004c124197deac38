//! The specification curve: the effect under every combination of choices, smallest first, and
//! below each the choices that it stands for.

use verschil_study::results::{OutcomeFacts, SpecificationRow};

use crate::chart::heading::{Heading, count};
use crate::chart::interval::{End, Interval, Run};
use crate::chart::linear::Linear;
use crate::chart::point::{Point, Shape};
use crate::chart::rule::Rule;
use crate::chart::text::{Anchor, Text, wrap};
use crate::chart::{Canvas, WIDTH, axis, ink};
use crate::figure::{Figure, Told};
use crate::figures::name;
use crate::methods;
use crate::view::{Measure, View};
use crate::words::capital;

/// Most combinations that are drawn; more would run into each other.
const DRAWN: usize = 90;
const PLOT: f64 = 170.0;
/// Where the plot begins: the names of choices stand left of it.
const LEFT: f64 = 152.0;
/// Height of a line of a choice's name.
const LINE: f64 = 15.0;

/// A choice, and the combinations that made it.
struct Choice {
    label: String,
    made: Box<dyn Fn(&SpecificationRow) -> bool>,
}

/// The figure; nothing when fewer than two combinations have an effect.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let mut rows: Vec<&SpecificationRow> = view
        .results
        .specifications
        .iter()
        .filter(|row| row.outcome == outcome.id && row.estimate.is_some())
        .collect();
    if rows.len() < 2 {
        return None;
    }
    rows.sort_by(|a, b| {
        let value = |row: &SpecificationRow| row.estimate.unwrap_or_default();
        value(a).total_cmp(&value(b)).then(a.specification.cmp(&b.specification))
    });
    let choices = choices(view, &rows);
    let shown = thinned(&rows);
    let canvas = canvas(view, outcome, &shown, &choices);
    let label = view.name(outcome).to_owned();
    let level = view.confidence();
    let mut caption = view.words.with("caption-curve", &[("level", level.into())]);
    if shown.len() < rows.len() {
        let arguments = [("n", rows.len().into()), ("shown", shown.len().into())];
        caption = format!("{caption} {}", view.words.with("caption-curve-thinned", &arguments));
    }
    Some(
        Told {
            name: name("curve", outcome, view),
            title: view.words.with("figure-curve", &[("outcome", label.into())]),
            caption,
            columns: ["column-choice", "column-combinations", "column-median", "column-spread"]
                .map(|key| view.words.text(key))
                .to_vec(),
            rows: table(view, outcome, &rows, &choices),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

/// Evenly many of the combinations, and always those of the main analysis.
fn thinned<'a>(rows: &[&'a SpecificationRow]) -> Vec<&'a SpecificationRow> {
    let step = rows.len().div_ceil(DRAWN).max(1);
    let keep = |at: usize, row: &SpecificationRow| at.is_multiple_of(step) || row.main;
    rows.iter().enumerate().filter(|(at, row)| keep(*at, row)).map(|(_, row)| *row).collect()
}

/// The choices about which the combinations differ.
fn choices(view: &View, rows: &[&SpecificationRow]) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    let mut add = |label: String, made: Box<dyn Fn(&SpecificationRow) -> bool>| {
        let some = rows.iter().any(|row| made(row));
        if some && !rows.iter().all(|row| made(row)) {
            found.push(Choice { label, made });
        }
    };
    for comparison in &view.results.design.comparisons {
        let id = comparison.id.clone();
        add(view.comparison(&comparison.id), Box::new(move |row| row.comparison == id));
    }
    for covariate in &view.results.design.covariates {
        let id = covariate.id.clone();
        let label = view.covariate(&covariate.id);
        let label = view.words.with("choice-covariate", &[("covariate", label.into())]);
        add(label, Box::new(move |row| row.covariates.split(' ').any(|one| one == id)));
    }
    let mut periods: Vec<i64> = rows.iter().map(|row| row.first).collect();
    periods.sort_unstable();
    periods.dedup();
    for first in periods {
        let label = view.words.with("choice-first", &[("at", view.period(first).into())]);
        add(label, Box::new(move |row| row.first == first));
    }
    let mut periods: Vec<i64> = rows.iter().map(|row| row.last).collect();
    periods.sort_unstable();
    periods.dedup();
    for last in periods {
        let label = view.words.with("choice-last", &[("at", view.period(last).into())]);
        add(label, Box::new(move |row| row.last == last));
    }
    let mut models: Vec<&str> = rows.iter().map(|row| row.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    for model in models.into_iter().map(str::to_owned) {
        add(methods::model(view, &model), Box::new(move |row| row.model == model));
    }
    add(view.words.text("choice-transition"), Box::new(|row| row.transition == "treated"));
    found
}

fn canvas(
    view: &View,
    outcome: &OutcomeFacts,
    rows: &[&SpecificationRow],
    choices: &[Choice],
) -> Canvas {
    let measure = view.measure(outcome);
    let unit = measure.effect_unit();
    let heading = Heading::new(&match unit.is_empty() {
        true => view.words.text("column-effect"),
        false => view.words.with("curve-heading", &[("unit", unit.into())]),
    });
    let top = heading.height() + 16.0;
    let scale = scale(rows, &measure, top);
    let names: Vec<Vec<String>> =
        choices.iter().map(|choice| wrap(&choice.label, LEFT - 14.0)).collect();
    let lines: usize = names.iter().map(Vec::len).sum();
    let below = top + PLOT + 18.0;
    let mut canvas = Canvas::new(below + count(lines) * LINE + count(choices.len()) * 5.0 + 4.0);
    heading.draw(&mut canvas);
    let decimals = scale.decimals();
    axis::left(&mut canvas, &scale, LEFT, |tick| view.numbers.decimal(tick, decimals));
    let zero = scale.at(0.0);
    canvas.add(&Rule {
        from: (LEFT, zero),
        to: (WIDTH - 8.0, zero),
        color: ink::AXIS,
        dashed: false,
    });
    let place = |at: usize| LEFT + (count(at) + 0.5) * (WIDTH - 8.0 - LEFT) / count(rows.len());
    for (at, row) in rows.iter().enumerate() {
        effect(&mut canvas, &scale, &measure, place(at), row);
    }
    let mut y = below;
    for (choice, names) in choices.iter().zip(&names) {
        for (line, words) in names.iter().enumerate() {
            canvas.add(&Text {
                x: LEFT - 8.0,
                y: y + 4.5 + count(line) * LINE,
                words,
                anchor: Anchor::End,
                color: ink::TEXT,
                bold: false,
            });
        }
        for (at, _) in rows.iter().enumerate().filter(|(_, row)| (choice.made)(row)) {
            let x = place(at);
            canvas.add(&Rule {
                from: (x, y - 4.0),
                to: (x, y + 4.0),
                color: ink::TREATED,
                dashed: false,
            });
        }
        y += count(names.len()) * LINE + 5.0;
    }
    canvas
}

fn scale(rows: &[&SpecificationRow], measure: &Measure, top: f64) -> Linear {
    let mut values = vec![0.0];
    for row in rows {
        let ends = [row.estimate, row.ci_low, row.ci_high];
        values.extend(ends.into_iter().flatten().map(|value| value * measure.factor()));
    }
    Linear::covering(&values, 5, top + PLOT, top)
}

/// One combination: its interval, and a point that is filled where the effect is clear.
fn effect(canvas: &mut Canvas, scale: &Linear, measure: &Measure, x: f64, row: &SpecificationRow) {
    let at = |value: f64| scale.at(value * measure.factor());
    if let (Some(low), Some(high)) = (row.ci_low, row.ci_high) {
        canvas.add(&Interval {
            run: Run::Up,
            across: x,
            low: End::Plain(at(low)),
            high: End::Plain(at(high)),
            dashed: false,
            color: if row.main { ink::TREATED } else { ink::LANE },
        });
    }
    let Some(estimate) = row.estimate else { return };
    let y = at(estimate);
    if row.main {
        canvas.add(&Point { x, y, shape: Shape::Disc, filled: true, color: ink::TREATED });
    } else {
        canvas.add(&Rule { from: (x, y - 2.5), to: (x, y + 2.5), color: ink::TEXT, dashed: false });
    }
}

/// For each choice how many combinations made it, and the effects of these.
fn table(
    view: &View,
    outcome: &OutcomeFacts,
    rows: &[&SpecificationRow],
    choices: &[Choice],
) -> Vec<Vec<String>> {
    let measure = view.measure(outcome);
    let line = |label: String, keep: &dyn Fn(&SpecificationRow) -> bool| {
        // rows stand in order of their effects
        let values: Vec<f64> =
            rows.iter().filter(|row| keep(row)).filter_map(|row| row.estimate).collect();
        let middle = values.get((values.len().max(1) - 1) / 2).copied();
        let ends = values.first().zip(values.last());
        vec![
            label,
            view.numbers.whole(values.len() as u64),
            middle.map_or_else(|| view.missing(), |value| measure.bare(value)),
            ends.map_or_else(
                || view.missing(),
                |(low, high)| {
                    let arguments =
                        [("low", measure.bare(*low).into()), ("high", measure.bare(*high).into())];
                    view.words.with("spread", &arguments)
                },
            ),
        ]
    };
    let mut table = vec![line(view.words.text("choice-all"), &|_| true)];
    table.extend(choices.iter().map(|choice| line(capital(&choice.label), &*choice.made)));
    table
}
