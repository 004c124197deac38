//! How well the answer holds: many outcomes, the size of the study, and other defensible choices.

use verschil_study::results::{
    AdjustedRow, CurveRow, HonestRow, OutcomeFacts, PowerRow, TrendPowerRow,
};

use crate::document::Block;
use crate::page::found;
use crate::page::table::{self, Group};
use crate::view::{Domain, Measure, View};

/// The section; nothing where the run has none of it.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let parts = [curves(view), adjusted(view), power(view), trend_power(view), honest(view)];
    let blocks: Vec<Block> = parts.into_iter().flatten().flatten().collect();
    (!blocks.is_empty()).then_some(blocks)
}

/// One line per outcome, below the name of its domain.
fn by_domain(view: &View, line: impl Fn(&OutcomeFacts) -> Option<Vec<String>>) -> Vec<Group> {
    let group = |domain: Domain| Group {
        name: domain.name.to_owned(),
        rows: domain.outcomes.into_iter().filter_map(&line).collect(),
    };
    view.domains().into_iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

/// A part: heading, what it says, the table and how to read it.
fn part(
    view: &View,
    keys: [&'static str; 3],
    columns: &[&'static str],
    groups: &[Group],
    note: Vec<(&'static str, String)>,
) -> Option<Vec<Block>> {
    if groups.is_empty() {
        return None;
    }
    let [heading, lead, under] = keys;
    // p-values have no unit
    let units = heading != "heading-adjusted";
    let arguments: Vec<_> = note.into_iter().map(|(name, value)| (name, value.into())).collect();
    let title = view.words.text(heading);
    let columns: Vec<String> = columns.iter().map(|key| view.words.text(key)).collect();
    let mut said = view.words.with(under, &arguments);
    if units && let Some(unit) = found::units(view, "units-comparisons") {
        said = format!("{unit} {said}");
    }
    Some(vec![
        Block::heading(3, view.soft(&title)),
        Block::paragraph(view.words.with(lead, &arguments)),
        Block::Table(table::grouped(view, &title, &columns, groups)),
        Block::caption(said),
    ])
}

fn curves(view: &View) -> Option<Vec<Block>> {
    let line = |facts: &OutcomeFacts| {
        let row = view.results.curves.iter().find(|row| row.outcome == facts.id)?;
        Some(curve(view, facts, row))
    };
    let n = view.results.curves.iter().map(|row| row.specifications).max().unwrap_or(0);
    let draws = view.results.curves.iter().map(|row| row.draws).max().unwrap_or(0);
    let fewer = |row: &&CurveRow| row.tested.is_some_and(|tested| tested < row.specifications);
    let tested = view.results.curves.iter().filter(fewer).filter_map(|row| row.tested).max();
    let note = vec![
        ("n", view.numbers.whole(n)),
        ("tested", view.numbers.whole(tested.unwrap_or(n))),
        ("draws", view.numbers.whole(draws)),
        ("alpha", view.alpha()),
    ];
    let columns = [
        "column-outcome",
        "column-combinations",
        "column-median",
        "column-spread",
        "column-same-sign",
        "column-clear",
        "column-p-curve",
    ];
    let under = if tested.is_some() { "curve-note-models" } else { "curve-note" };
    let keys = ["heading-curve", "curve-lead", under];
    part(view, keys, &columns, &by_domain(view, line), note)
}

fn curve(view: &View, facts: &OutcomeFacts, row: &CurveRow) -> Vec<String> {
    let measure = view.measure(facts);
    let spread =
        [("low", measure.bare(row.lowest).into()), ("high", measure.bare(row.highest).into())];
    let share = |value: f64| view.percent(100.0 * value, 0);
    vec![
        name(view, facts, &measure),
        view.numbers.whole(row.specifications),
        measure.bare(row.median),
        view.words.with("spread", &spread),
        share(row.share_same_sign),
        share(row.share_significant),
        row.p_median.map_or_else(|| view.missing(), |p| view.numbers.p_value(p)),
    ]
}

/// The outcome with the unit of its effect, where it is not said for all.
fn name(view: &View, facts: &OutcomeFacts, measure: &Measure) -> String {
    let unit = measure.table_unit();
    let label = view.name(facts);
    if unit.is_empty() { label.to_owned() } else { format!("{label} ({unit})") }
}

fn adjusted(view: &View) -> Option<Vec<Block>> {
    // one outcome leaves nothing to correct for
    if view.results.outcomes.len() < 2 {
        return None;
    }
    let p = |value: f64| view.numbers.p_value(value);
    let line = |facts: &OutcomeFacts| {
        let row: &AdjustedRow = view
            .results
            .adjusted
            .iter()
            .find(|row| row.outcome == facts.id && row.comparison == view.main.id)?;
        Some(vec![
            view.name(facts).to_owned(),
            p(row.p_value),
            p(row.holm),
            row.romano_wolf.map_or_else(|| view.missing(), p),
            p(row.benjamini_hochberg),
        ])
    };
    let columns =
        ["column-outcome", "column-p", "column-holm", "column-romano-wolf", "column-benjamini"];
    let keys = ["heading-adjusted", "adjusted-lead", "adjusted-note"];
    part(view, keys, &columns, &by_domain(view, line), Vec::new())
}

fn power(view: &View) -> Option<Vec<Block>> {
    let rows = || view.results.power.iter().filter(|row| row.comparison == view.main.id);
    // where the protocol names no smallest relevant effect there is nothing to test against
    let relevant = rows().any(|row| row.smallest_relevant_effect.is_some());
    let mut columns = vec!["column-outcome", "column-detectable"];
    if relevant {
        columns.extend(["column-relevant", "column-p-equivalence", "column-equivalent"]);
    }
    let line = |facts: &OutcomeFacts| {
        let row = rows().find(|row| row.outcome == facts.id)?;
        let mut cells = detectable(view, facts, row);
        cells.truncate(columns.len());
        Some(cells)
    };
    let power = rows().next().map_or(0.8, |row| row.power);
    let note = vec![("power", view.percent(100.0 * power, 0)), ("alpha", view.alpha())];
    let under = if relevant { "power-note" } else { "power-note-none" };
    let keys = ["heading-power", "power-lead", under];
    part(view, keys, &columns, &by_domain(view, line), note)
}

fn detectable(view: &View, facts: &OutcomeFacts, row: &PowerRow) -> Vec<String> {
    let measure = view.measure(facts);
    let number =
        |value: Option<f64>| value.map_or_else(|| view.missing(), |value| measure.bare(value));
    let verdict = match row.equivalent {
        Some(true) => view.words.text("equivalence-shown"),
        Some(false) => view.words.text("equivalence-not-shown"),
        None => view.missing(),
    };
    vec![
        name(view, facts, &measure),
        number(row.minimal_detectable_effect),
        number(row.smallest_relevant_effect),
        row.equivalence_p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p)),
        verdict,
    ]
}

fn trend_power(view: &View) -> Option<Vec<Block>> {
    let line = |facts: &OutcomeFacts| {
        let row: &TrendPowerRow = view
            .results
            .trend_power
            .iter()
            .find(|row| row.outcome == facts.id && row.comparison == view.main.id)?;
        let measure = view.measure(facts);
        let number =
            |value: Option<f64>| value.map_or_else(|| view.missing(), |value| measure.finer(value));
        Some(vec![
            name(view, facts, &measure),
            number(row.slope),
            row.slope_p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p)),
            row.rule_size.map_or_else(|| view.missing(), |size| view.percent(100.0 * size, 0)),
            number(row.slope_half),
            number(row.slope_eighty),
            number(row.bias_eighty),
            number(row.bound_max),
        ])
    };
    let columns = [
        "column-outcome",
        "column-slope",
        "column-p",
        "column-rule-size",
        "column-slope-half",
        "column-slope-eighty",
        "column-bias-eighty",
        "column-bound-max",
    ];
    let keys = ["heading-trend-power", "trend-power-lead", "trend-power-note"];
    part(view, keys, &columns, &by_domain(view, line), Vec::new())
}

fn honest(view: &View) -> Option<Vec<Block>> {
    let rows = |facts: &OutcomeFacts| {
        let id = facts.id.clone();
        view.results
            .honest
            .iter()
            .filter(move |row| row.outcome == id && row.comparison == view.main.id)
    };
    let line = |facts: &OutcomeFacts| {
        rows(facts).next()?;
        let measure = view.measure(facts);
        let breakdown = |restriction: &str| {
            rows(facts).find(|row| row.restriction == restriction && row.bound.is_none())
        };
        let at = |bound: f64| {
            let found = rows(facts).find(|row| {
                row.restriction == "relative_magnitudes"
                    && row.bound.is_some_and(|b| (b - bound).abs() < 1e-9)
            });
            interval(view, &measure, found)
        };
        let relative = breakdown("relative_magnitudes").and_then(|row| row.breakdown);
        let smooth = breakdown("smoothness").and_then(|row| row.breakdown);
        Some(vec![
            name(view, facts, &measure),
            at(0.5),
            at(1.0),
            relative.map_or_else(|| view.missing(), |value| view.numbers.decimal(value, 2)),
            smooth.map_or_else(|| view.missing(), |value| measure.finer(value)),
        ])
    };
    let columns = [
        "column-outcome",
        "column-honest-half",
        "column-honest-one",
        "column-breakdown-relative",
        "column-breakdown-smooth",
    ];
    let keys = ["heading-honest", "honest-lead", "honest-note"];
    part(view, keys, &columns, &by_domain(view, line), vec![("level", view.confidence())])
}

fn interval(view: &View, measure: &Measure, row: Option<&HonestRow>) -> String {
    let ends = row.and_then(|row| row.ci_low.zip(row.ci_high));
    ends.map_or_else(
        || view.missing(),
        |(low, high)| {
            let arguments =
                [("low", measure.bare(low).into()), ("high", measure.bare(high).into())];
            view.words.with("spread", &arguments)
        },
    )
}
