//! The control regions of estimators with weighted controls, and how heavily each counts.

use verschil_study::results::{OutcomeFacts, SyntheticWeight};

use crate::chart::ink;
use crate::chart::point::Shape;
use crate::figure::{Figure, Told};
use crate::figures::dots::{Dots, Kind, Lane};
use crate::figures::name;
use crate::methods;
use crate::view::View;
use crate::words::capital;

/// Regions that are drawn at most: those with the largest weights.
const MOST: usize = 15;

/// How the regions of each model are drawn: all are controls, so all have their colour.
const KINDS: [(&str, Kind); 3] = [
    ("sdid", Kind { shape: Shape::Square, filled: true, color: ink::CONTROL }),
    ("sc", Kind { shape: Shape::Square, filled: false, color: ink::CONTROL }),
    ("sc_intercept", Kind { shape: Shape::Cross, filled: false, color: ink::CONTROL }),
];

/// A control region with its weight in each model.
struct Control {
    region: String,
    weights: Vec<Option<f64>>,
}

/// The figure; nothing without such an estimator.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let rows: Vec<&SyntheticWeight> = view
        .results
        .synthetic_weights
        .iter()
        .filter(|row| row.outcome == outcome.id && row.comparison == view.main.id)
        .filter(|row| row.analysis == "main" && row.kind == "region")
        .collect();
    let used = |model: &str| rows.iter().any(|row| row.model == model);
    let models: Vec<(&str, Kind)> = KINDS.into_iter().filter(|(model, _)| used(model)).collect();
    if models.is_empty() {
        return None;
    }
    let controls = controls(&rows, &models);
    let drawn = controls.len().min(MOST);
    let lanes = controls[..drawn].iter().map(|control| lane(view, control, &models)).collect();
    let model = |id: &str| capital(&methods::model(view, id));
    let legend = match models.len() {
        1 => Vec::new(),
        _ => models.iter().map(|(id, kind)| (*kind, model(id))).collect(),
    };
    let heading = view.words.text("controls-heading");
    let canvas = Dots { heading: &heading, legend, lanes, lines: vec![0.0] }.canvas(view);
    let names: Vec<String> = models.iter().map(|(id, _)| methods::model(view, id)).collect();
    let arguments = [
        ("models", view.words.list(&names).into()),
        ("n", controls.len().into()),
        ("shown", drawn.into()),
        ("part", if drawn < controls.len() { "some" } else { "all" }.into()),
    ];
    let mut columns = vec![capital(&view.words.text("region-label"))];
    columns.extend(models.iter().map(|(id, _)| model(id)));
    let title =
        view.words.with("figure-controls", &[("outcome", view.name(outcome).to_owned().into())]);
    Some(
        Told {
            name: name("controls", outcome, view),
            title,
            caption: view.words.with("caption-controls", &arguments),
            columns,
            rows: controls.iter().map(|control| line(view, control)).collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

/// The regions, the largest weight first.
fn controls(rows: &[&SyntheticWeight], models: &[(&str, Kind)]) -> Vec<Control> {
    let mut regions: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    let weight = |region: &str, model: &str| {
        Some(rows.iter().find(|row| row.id == region && row.model == model)?.weight)
    };
    let mut found: Vec<Control> = regions
        .into_iter()
        .map(|region| Control {
            region: region.to_owned(),
            weights: models.iter().map(|(model, _)| weight(region, model)).collect(),
        })
        .collect();
    let largest =
        |control: &Control| control.weights.iter().flatten().fold(0.0, |a: f64, b| a.max(*b));
    found.sort_by(|a, b| largest(b).total_cmp(&largest(a)));
    found
}

fn lane(view: &View, control: &Control, models: &[(&str, Kind)]) -> Lane {
    let kinds = models.iter().map(|(_, kind)| *kind);
    let dots = control.weights.iter().zip(kinds);
    let value = match control.weights[..] {
        [Some(weight)] => view.percent(100.0 * weight, 1),
        _ => String::new(),
    };
    Lane {
        group: None,
        label: view.region(&control.region),
        value,
        dots: dots.filter_map(|(weight, kind)| Some((100.0 * (*weight)?, kind))).collect(),
    }
}

fn line(view: &View, control: &Control) -> Vec<String> {
    // weights of zero are not written down
    let share = |weight: &Option<f64>| view.percent(100.0 * weight.unwrap_or(0.0), 1);
    let mut line = vec![view.region(&control.region)];
    line.extend(control.weights.iter().map(share));
    line
}
