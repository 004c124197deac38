//! The list of figures, in the order of the report.

mod arms;
mod controls;
mod curve;
mod dots;
mod effects;
mod event;
mod flow;
mod forest;
mod frame;
mod funnel;
mod honest;
mod idea;
mod influence;
mod ladder;
mod levels;
mod linkage;
mod love;
mod map;
mod panel;
mod periods;
mod regions;
mod spending;
mod timeline;
mod trajectory;

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::figure::{Figure, slug};
use crate::methods;
use crate::note::Note;
use crate::range::Range;
use crate::sentences::permutation;
use crate::view::View;
use crate::words::capital;

pub(crate) use controls::draw as controls;
pub(crate) use curve::draw as curve;
pub(crate) use event::draw as event;
pub(crate) use flow::draw as flow;
pub(crate) use forest::{draw as forest, of_region as forest_of_region};
pub(crate) use funnel::draw as funnel;
pub(crate) use honest::draw as honest;
pub(crate) use idea::draw as idea;
pub(crate) use influence::draw as influence;
pub(crate) use levels::draw as levels;
pub(crate) use linkage::{dimension, draw as linkage, level};
pub(crate) use love::{ALIKE, balance as love, linkage as linkage_love};
pub use map::boundaries::Boundaries;
pub(crate) use map::roles as maps;
pub(crate) use map::{characteristics as maps_of_characteristics, linked as maps_of_linkage};
pub(crate) use panel::draw as panel;
pub(crate) use periods::draw as periods;
pub(crate) use regions::draw as regions;
pub(crate) use spending::draw as spending;
pub(crate) use timeline::draw as timeline;
pub(crate) use trajectory::draw as trajectories;

/// A figure of one outcome in the main comparison; nothing when there is nothing to draw.
type Draw = fn(&View, &OutcomeFacts) -> Option<Figure>;

/// Figures that each outcome has, in order, and the part of its panel that tells the same.
const OF_OUTCOME: [(Draw, Option<panel::Part>); 10] = [
    (panel, None),
    (levels, None),
    (event, None),
    (regions, Some(panel::Part::Regions)),
    (periods, Some(panel::Part::Periods)),
    (honest, None),
    (influence, None),
    (curve, None),
    (controls, None),
    (funnel, None),
];

/// The figures of an outcome in the report; what its panel shows is left to the folder of figures.
pub(crate) fn of_outcome(view: &View, outcome: &OutcomeFacts) -> Vec<Figure> {
    let repeats = |part: Option<panel::Part>| part.is_some_and(|p| panel::holds(view, outcome, p));
    let told = OF_OUTCOME.iter().filter(|(_, part)| !repeats(*part));
    told.filter_map(|(draw, _)| draw(view, outcome)).collect()
}

/// All figures.
pub(crate) fn all(view: &View) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(idea(view));
    figures.push(timeline(view));
    figures.extend(forest(view));
    let treated = view.results.design.treated.iter();
    figures.extend(treated.filter_map(|region| forest_of_region(view, &region.id)));
    figures.extend(spending(view));
    for outcome in &view.results.outcomes {
        figures.extend(OF_OUTCOME.iter().filter_map(|(draw, _)| draw(view, outcome)));
    }
    figures.extend(flow(view));
    for link in &view.results.links {
        let label = view.label(&link.label);
        figures.extend(linkage(view, &link.id, label));
        figures.extend(maps_of_linkage(view, &link.id, label));
        figures.extend(linkage_love(view, &link.id, label));
    }
    figures.extend(maps(view));
    figures.extend(maps_of_characteristics(view));
    for comparison in &view.results.design.comparisons {
        figures.extend(love(view, &comparison.id, "region"));
        figures.extend(trajectories(view, &comparison.id));
    }
    for comparison in &view.results.design.comparisons {
        figures.extend(love(view, &comparison.id, "row"));
    }
    figures
}

/// `event_l_homicide_never`.
fn name(kind: &str, outcome: &OutcomeFacts, view: &View) -> String {
    slug(&format!("{kind}_{}_{}", outcome.id, view.main.id))
}

/// Sentences that a caption needs about its intervals: there, absent, or without a bound.
fn remarks(view: &View, ranges: &[Range]) -> String {
    let unbounded =
        |range: &Range| matches!(range, Range::NoHigh(_) | Range::NoLow(_) | Range::Unbounded);
    let missing = |range: &Range| *range == Range::Missing;
    let mut sentences = Vec::new();
    if !ranges.iter().all(missing) {
        let level = view.confidence();
        sentences.push(view.words.with("caption-intervals", &[("level", level.into())]));
    }
    if ranges.iter().any(missing) {
        sentences.push(view.words.text("caption-no-interval"));
    }
    if ranges.iter().any(unbounded) {
        sentences.push(view.words.text("caption-unbounded"));
    }
    sentences.iter().map(|sentence| format!(" {sentence}")).collect()
}

/// Remarks on the intervals of rows, and where they come from.
fn remarks_on(view: &View, rows: &[&EstimateRow]) -> String {
    remarks(view, &ranges(rows)) + &source(view, rows)
}

/// The intervals of the effects of rows.
fn ranges(rows: &[&EstimateRow]) -> Vec<Range> {
    rows.iter().map(|row| Range::effect(row)).collect()
}

/// The method of rows, where they share one.
fn source(view: &View, rows: &[&EstimateRow]) -> String {
    let mut text = String::new();
    let mut add = |sentence: String| {
        text.push(' ');
        text.push_str(&sentence);
    };
    let Some(first) = rows.first().filter(|row| rows.iter().all(|r| r.method == row.method)) else {
        return text;
    };
    let all_missing = rows.iter().all(|row| Range::effect(row) == Range::Missing);
    let key = if all_missing { "caption-method-p" } else { "caption-method" };
    add(view.words.with(key, &[("method", methods::name(view, &first.method).into())]));
    if rows.iter().any(|row| Note::read(&row.note).has("no_interval")) {
        add(view.words.text("caption-no-interval-together"));
    }
    if let Some(found) = permutation::attained(view, first) {
        let level = view.percent(found.level * 100.0, 1);
        let n = view.numbers.whole(found.n);
        add(view.words.with("caption-choices", &[("n", n.into()), ("level", level.into())]));
    }
    text
}

/// Whether a figure leaves p-values to its table, because an interval is absent.
fn bare(rows: &[&EstimateRow]) -> bool {
    rows.iter().any(|row| Range::effect(row) == Range::Missing)
}

/// Effect, interval and p-value of a row, written for a table.
fn cells(view: &View, outcome: &OutcomeFacts, row: &EstimateRow) -> [String; 3] {
    let measure = view.measure(outcome);
    [
        row.estimate.map_or_else(|| view.missing(), |value| measure.bare(value)),
        view.range(Range::effect(row), |end| measure.bare(end)),
        row.p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p)),
    ]
}

/// Heads of [`cells`].
fn heads(view: &View, first: &str) -> Vec<String> {
    let rest = ["column-effect", "column-range", "column-p"].map(|key| view.words.text(key));
    std::iter::once(capital(first)).chain(rest).collect()
}

/// "The name of the outcome (unit)"; a name that ends in brackets takes a comma.
fn unit_line(view: &View, outcome: &OutcomeFacts, unit: &str) -> String {
    let name = view.name(outcome);
    match (unit, name.ends_with(')')) {
        ("", _) => name.to_owned(),
        (unit, true) => format!("{name}, {unit}"),
        (unit, false) => format!("{name} ({unit})"),
    }
}
