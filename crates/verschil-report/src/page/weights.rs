//! The effects once more, with linked units weighted to stand for all.

use maud::{Markup, html};
use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::page::{found, table};
use crate::range::Range;
use crate::sentences::weights::{compared, row, sentences};
use crate::view::View;

/// The part of the section on linkage; nothing where the protocol asks for no weights.
pub(crate) fn part(view: &View) -> Option<Markup> {
    let facts = view.results.linkage_weight_facts.as_ref()?;
    let title = view.words.text("table-weights");
    // folded, it stands below its title
    let table = effects(view, if view.many() { "" } else { &title });
    Some(html! {
        h3 #linkage-weights { (view.soft(&view.words.text("heading-weights"))) }
        p { (view.words.with("weights-why", &[("noun", view.units().into())])) }
        @if let Some(compared) = compared(view) { p { strong { (compared) } } }
        ul.points { @for sentence in sentences(view, facts) { li { (sentence) } } }
        @if view.many() { (table::folded(&title, &table)) } @else { (table::scroll(&title, &table)) }
        p.caption { (view.words.with("comparisons-note", &[("level", view.confidence().into())])) }
    })
}

fn effects(view: &View, caption: &str) -> Markup {
    let heads = ["column-outcome", "column-unweighted", "column-weighted"];
    html! {
        table {
            (table::caption(view, caption))
            (table::head(view, &heads, &[]))
            tbody { @for facts in view.by_domain() { (effect(view, facts)) } }
        }
    }
}

fn effect(view: &View, facts: &OutcomeFacts) -> Markup {
    let measure = view.measure(facts);
    let unit = measure.effect_unit();
    let (plain, weighted) = (view.main_row(facts), row(view, facts));
    let cell = |row: Option<&EstimateRow>| match row {
        Some(row) => found::pair(view, row.estimate, Range::effect(row), |end| measure.bare(end)),
        None => html! { (view.missing()) },
    };
    html! {
        tr {
            // once, or on a narrow screen the second effect would not be seen beside the first
            th scope="row" {
                (view.soft(view.name(facts)))
                (table::caution(view, plain.and_then(|row| row.trend_holds)))
                @if !unit.is_empty() { br; span.unit { (unit) } }
            }
            td { (cell(plain)) }
            td { (cell(weighted)) }
        }
    }
}
