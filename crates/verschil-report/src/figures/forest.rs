//! The forest: relative effects of all outcomes under each other.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::chart::point::Shape;
use crate::figure::{Figure, Told, slug};
use crate::figures::ladder::{Ladder, Rung, with_range};
use crate::figures::remarks;
use crate::range::Range;
use crate::view::View;

/// Outcomes that the forest does not show, by reason.
#[derive(Default)]
struct Left {
    no_base: Vec<String>,
    no_estimate: Vec<String>,
}

/// The forest plot of all treated regions together.
pub(crate) fn draw(view: &View) -> Option<Figure> {
    let outcomes = view.results.outcomes.len();
    let title = view.words.with("figure-forest", &[("outcomes", outcomes.into())]);
    forest(view, "main", &format!("forest_{}", view.main.id), title)
}

/// The forest plot of one treated region.
pub(crate) fn of_region(view: &View, region: &str) -> Option<Figure> {
    let outcomes = view.results.outcomes.len();
    let arguments = [("name", view.region(region).into()), ("outcomes", outcomes.into())];
    let title = view.words.with("figure-forest-region", &arguments);
    let name = format!("forest_{region}_{}", view.main.id);
    forest(view, &format!("region:{region}"), &name, title)
}

fn forest(view: &View, analysis: &str, name: &str, title: String) -> Option<Figure> {
    let mut shown: Vec<(&OutcomeFacts, &EstimateRow, f64)> = Vec::new();
    let mut left = Left::default();
    for outcome in view.by_domain() {
        let row = view.headline(&outcome.id, analysis, &view.main.id);
        let row = row.filter(|row| row.estimate.is_some());
        let name = || view.name(outcome).to_owned();
        match row.map(|row| (row, row.relative)) {
            Some((row, Some(relative))) => shown.push((outcome, row, relative)),
            Some((_, None)) => left.no_base.push(name()),
            None => left.no_estimate.push(name()),
        }
    }
    if shown.is_empty() {
        return None;
    }
    let mut domain = "";
    let mut rungs = Vec::new();
    for (outcome, row, relative) in &shown {
        let begins = outcome.domain != domain;
        domain = &outcome.domain;
        rungs.push(rung(view, outcome, row, *relative, begins));
    }
    let heading = view.words.text("forest-heading");
    let ladder = Ladder { heading: &heading, rungs };
    let canvas = ladder.canvas(view);
    let table = table(view, &shown);
    let name = slug(name);
    let caption = caption(view, &shown, &left) + &ladder.remark(view);
    Some(
        Told {
            name,
            title,
            caption,
            columns: [
                "column-outcome",
                "column-relative",
                "column-range",
                "column-p",
                "column-trend",
            ]
            .iter()
            .map(|key| view.words.text(key))
            .collect(),
            rows: table,
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn rung(
    view: &View,
    outcome: &OutcomeFacts,
    row: &EstimateRow,
    relative: f64,
    begins: bool,
) -> Rung {
    let caution = row.trend_holds == Some(false);
    let range = Range::relative(row);
    Rung {
        group: begins
            .then(|| view.soft(view.label(&outcome.domain_label)))
            .filter(|label| !label.is_empty()),
        label: view.soft(&view.cautioned(view.name(outcome), row.trend_holds)),
        value: with_range(view, relative, range, |value| view.numbers.decimal(value, 1)),
        estimate: relative,
        range,
        shape: if caution { Shape::Diamond } else { Shape::Disc },
        filled: !caution,
        leading: false,
    }
}

fn caption(view: &View, shown: &[(&OutcomeFacts, &EstimateRow, f64)], left: &Left) -> String {
    let base = crate::sentences::base(view);
    let mut caption = view.words.with("caption-forest", &[("base", base.into())]);
    if shown.iter().any(|(_, row, _)| row.trend_holds == Some(false)) {
        caption.push(' ');
        caption.push_str(&view.words.text("caption-caution"));
    }
    let ranges: Vec<Range> = shown.iter().map(|(_, row, _)| Range::relative(row)).collect();
    caption.push_str(&remarks(view, &ranges));
    let lists = [("caption-excluded", &left.no_base), ("caption-not-estimated", &left.no_estimate)];
    for (key, names) in lists {
        if !names.is_empty() {
            let list = view.words.list(names);
            caption.push(' ');
            caption.push_str(&view.words.with(key, &[("outcomes", list.into())]));
        }
    }
    caption
}

fn table(view: &View, shown: &[(&OutcomeFacts, &EstimateRow, f64)]) -> Vec<Vec<String>> {
    shown
        .iter()
        .map(|(outcome, row, relative)| {
            vec![
                view.name(outcome).to_owned(),
                view.relative(*relative),
                view.range(Range::relative(row), |end| view.relative(end)),
                row.p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p)),
                crate::sentences::trend_word(view, row.trend_holds),
            ]
        })
        .collect()
}
