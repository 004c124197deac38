//! The effect without one cluster at a time.

use verschil_study::results::{ClusterRow, OutcomeFacts};

use crate::figure::{Figure, Told};
use crate::figures::dots::{BEFORE, Dots, Kind, Lane, NOW};
use crate::figures::{name, unit_line};
use crate::sentences::influence;
use crate::view::View;
use crate::words::capital;

/// Clusters that are drawn at most: those that move the effect most.
const MOST: usize = 12;

/// With fewer clusters that can be left out there is nothing to compare.
const FEWEST: usize = 3;

/// The figure of one outcome.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let found = influence::ordered(view, outcome);
    if found.len() < FEWEST {
        return None;
    }
    let mut shown = found.clone();
    let moved = |(row, without): &(&ClusterRow, f64)| (without - row.estimate).abs();
    shown.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    shown.truncate(MOST);
    let measure = view.measure(outcome);
    let factor = measure.factor();
    let lanes = shown.iter().map(|(row, without)| lane(view, outcome, row, *without)).collect();
    let heading = unit_line(view, outcome, &measure.effect_unit());
    let legend = [("treated", "arm-treated"), ("control", "arm-control")]
        .into_iter()
        .filter(|(role, _)| shown.iter().any(|(row, _)| row.role == *role))
        .map(|(role, words)| (kind(role), view.words.text(words)))
        .collect();
    let lines = vec![0.0, shown[0].0.estimate * factor];
    let canvas = Dots { heading: &heading, legend, lanes, lines }.canvas(view);
    let arguments = [
        ("effect", measure.effect(shown[0].0.estimate).into()),
        ("shown", shown.len().into()),
        ("count", found.len().into()),
        ("part", if shown.len() < found.len() { "some" } else { "all" }.into()),
    ];
    let columns = ["cluster-head", "column-group", "column-effect-without", "column-information"];
    Some(
        Told {
            name: name("influence", outcome, view),
            title: view
                .words
                .with("figure-influence", &[("outcome", view.name(outcome).to_owned().into())]),
            caption: view.words.with("caption-influence", &arguments),
            columns: columns.map(|key| capital(&view.words.text(key))).to_vec(),
            rows: shown.iter().map(|(row, without)| cells(view, outcome, row, *without)).collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn kind(role: &str) -> Kind {
    if role == "treated" { NOW } else { BEFORE }
}

fn lane(view: &View, outcome: &OutcomeFacts, row: &ClusterRow, without: f64) -> Lane {
    let measure = view.measure(outcome);
    Lane {
        group: None,
        label: influence::name(view, &row.cluster),
        value: measure.finer(without),
        dots: vec![(without * measure.factor(), kind(&row.role))],
    }
}

fn cells(view: &View, outcome: &OutcomeFacts, row: &ClusterRow, without: f64) -> Vec<String> {
    let arm = if row.role == "treated" { "arm-treated" } else { "arm-control" };
    vec![
        influence::name(view, &row.cluster),
        view.words.text(arm),
        view.measure(outcome).finer(without),
        view.percent(row.partial_leverage * 100.0, 1),
    ]
}
