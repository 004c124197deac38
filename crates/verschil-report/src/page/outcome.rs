//! One outcome: its figures, how sure we are, and the trend before the start.

use maud::{Markup, html};
use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::figure::{Figure, slug};
use crate::figures;
use crate::methods;
use crate::page::table;
use crate::range::Range;
use crate::sentences::{self, remark};
use crate::view::View;

/// Figures that are always open.
const FIRST: usize = 2;

/// The id of an outcome's part of the page.
pub(crate) fn anchor(facts: &OutcomeFacts) -> String {
    format!("outcome-{}", slug(&facts.id))
}

/// All outcomes, one after the other.
pub(crate) fn section(view: &View) -> Option<Markup> {
    let outcomes = &view.results.outcomes;
    if outcomes.is_empty() {
        return None;
    }
    let all = view.by_domain();
    let many = view.many();
    Some(html! {
        @for (at, facts) in all.iter().enumerate() {
            @let begins = at == 0 || all[at - 1].domain != facts.domain;
            @let domain = view.label(&facts.domain_label);
            @if many && begins && !domain.is_empty() { p.domain { (domain) } }
            (part(view, facts, many))
            @if many { (steps(view, at.checked_sub(1).map(|at| all[at]), all.get(at + 1).copied())) }
        }
    })
}

/// The way to the outcomes beside this one, and back to the contents.
fn steps(view: &View, before: Option<&OutcomeFacts>, after: Option<&OutcomeFacts>) -> Markup {
    let link = |key: &'static str, facts: &OutcomeFacts| {
        let words = view.words.with(key, &[("outcome", view.name(facts).to_owned().into())]);
        html! { a href={ "#" (anchor(facts)) } { (view.soft(&words)) } }
    };
    html! {
        nav.steps aria-label=(view.words.text("heading-contents")) {
            span { @if let Some(facts) = before { (link("outcome-previous", facts)) } }
            a href="#contents-heading" { (view.words.text("outcome-contents")) }
            span { @if let Some(facts) = after { (link("outcome-next", facts)) } }
        }
    }
}

fn part(view: &View, facts: &OutcomeFacts, many: bool) -> Markup {
    let drawn: Vec<Figure> =
        figures::OF_OUTCOME.iter().filter_map(|draw| draw(view, facts)).collect();
    let explanation = view.label(&facts.explanation);
    let holds = view.main_row(facts).and_then(|row| row.trend_holds);
    html! {
        article.outcome id=(anchor(facts)) {
            h3 { (view.soft(view.name(facts))) (table::caution(view, holds)) }
            @if !explanation.is_empty() { p { (explanation) } }
            @if many {
                @let (verdict, rest) = sentences::effect::parts(view, facts, true);
                p { strong { (verdict) } " " (rest.join(" ")) }
            }
            p.better { (better(view, facts)) }
            @if drawn.is_empty() { p { (view.words.text("no-figures")) } }
            @else if many {
                @let (first, rest) = drawn.split_at(drawn.len().min(FIRST));
                (table::figures(view, first))
                (trend(view, facts))
                details.folded {
                    summary { (view.words.text("outcome-more")) }
                    (table::figures(view, rest))
                    (sure(view, facts))
                }
            }
            @else { (table::figures(view, &drawn)) }
            @if !many || drawn.is_empty() { (sure(view, facts)) (trend(view, facts)) }
        }
    }
}

fn better(view: &View, facts: &OutcomeFacts) -> String {
    view.words.text(match facts.better.as_str() {
        "lower" => "better-lower",
        "higher" => "better-higher",
        _ => "better-neither",
    })
}

/// All methods side by side.
fn sure(view: &View, facts: &OutcomeFacts) -> Markup {
    let rows = view.rows(&facts.id, "main", &view.main.id);
    let heads = [
        "column-method",
        "column-effect",
        "column-se",
        "column-interval",
        "column-p",
        "column-remark",
    ];
    let unit = view.measure(facts).effect_unit();
    let caption = view.words.with("table-sure", &[("outcome", view.name(facts).to_owned().into())]);
    let titled = if unit.is_empty() { caption.clone() } else { format!("{caption}, {unit}") };
    let models = rows.iter().any(|row| row.model != rows[0].model);
    html! {
        h4 { (view.words.text("heading-sure")) }
        @let hangs = sentences::influence::sentences(view, facts);
        @if !hangs.is_empty() { p { (hangs.join(" ")) } }
        p { (view.words.text("sure-why")) @if let Some(told) = disagree(view, rows) { " " (told) } }
        (table::scroll(&caption, &html! {
            table {
                (table::caption(view, &titled))
                (table::head(view, &heads, &["column-remark"]))
                tbody { @for row in rows { (method(view, facts, row, models)) } }
            }
        }))
    }
}

fn method(view: &View, facts: &OutcomeFacts, row: &EstimateRow, models: bool) -> Markup {
    let measure = view.measure(facts);
    let number =
        |value: Option<f64>| value.map_or_else(|| view.missing(), |value| measure.bare(value));
    html! {
        tr.headline[row.headline] {
            th scope="row" {
                (methods::short(view, &row.method))
                @if models { br; span.unit { (methods::model(view, &row.model)) } }
            }
            @if row.estimate.is_none() && row.p_value.is_none() {
                td.absent colspan="4" { (view.missing()) }
            } @else {
                td { (number(row.estimate)) }
                td { (row.std_error.map_or_else(|| view.words.text("no-number"), |value| measure.finer(value))) }
                td { (view.range(Range::effect(row), |end| measure.bare(end))) }
                td { (row.p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p))) }
            }
            td.words { (remark::of_row(view, row)) }
        }
    }
}

/// Which methods put the p-value below the level of the study, when they do not agree.
fn disagree(view: &View, rows: &[&EstimateRow]) -> Option<String> {
    let alpha = 1.0 - view.results.design.level - 1e-12;
    // other models answer another question
    let same = |row: &&&EstimateRow| row.model == rows[0].model;
    let tested = || rows.iter().filter(same).filter_map(|row| Some((row, row.p_value?)));
    let names = |low: bool| -> Vec<String> {
        let chosen = tested().filter(|(_, p)| (*p < alpha) == low);
        chosen.map(|(row, _)| methods::mention(view, &row.method)).collect()
    };
    let (below, above) = (names(true), names(false));
    if below.is_empty() || above.is_empty() {
        return None;
    }
    let arguments = [
        ("alpha", view.alpha().into()),
        ("below", view.words.list(&below).into()),
        ("above", view.words.list(&above).into()),
    ];
    Some(view.words.with("sure-disagree", &arguments))
}

fn trend(view: &View, facts: &OutcomeFacts) -> Markup {
    let check = view.trend(&facts.id, &view.main.id);
    html! {
        h4 { (view.words.text("heading-trend")) }
        @match check {
            Some(check) => p { (sentences::trend::sentences(view, check).join(" ")) },
            None => p { (view.words.text("trend-absent")) },
        }
    }
}
