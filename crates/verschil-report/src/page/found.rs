//! What was found: sentences, the table of effects, the forest and the other comparisons.

use maud::{Markup, html};
use verschil_study::results::{ComparisonFacts, EstimateRow, OutcomeFacts};

use crate::figures;
use crate::page::{outcome, table};
use crate::range::Range;
use crate::sentences;
use crate::view::View;
use crate::words::capital;

/// The section on findings.
pub(crate) fn section(view: &View) -> Markup {
    let caption = view.words.text("table-effects");
    let source = sentences::effect::shared_source(view);
    html! {
        p.reading { (view.words.with("found-read", &[("alpha", view.alpha().into())])) }
        @for paragraph in common(view, source.as_deref()) { p { (paragraph) } }
        @if !view.many() { (in_words(view, source.is_none())) }
        @if let Some(units) = units(view, "units-effects") { p.caption { (units) } }
        (table::scroll(&caption, &effects(view, &caption)))
        p.caption {
            (view.words.with("table-effects-note", &[
                ("level", view.confidence().into()),
                ("base", sentences::base(view).into()),
            ]))
        }
        @if let Some(figure) = figures::forest(view) { div.figures.single { (table::figure(view, &figure)) } }
        @else { p { (view.words.text("forest-absent")) } }
        @if view.many() {
            details.folded.screen {
                summary { (view.words.text("found-in-words")) }
                (in_words(view, source.is_none()))
            }
        }
    }
}

/// The unit of binary outcomes, said once for a table; `key` ends the words for it.
pub(crate) fn units(view: &View, key: &'static str) -> Option<String> {
    let outcomes = &view.results.outcomes;
    let binary = outcomes.iter().filter(|facts| facts.kind == "binary").count();
    let all = if binary == outcomes.len() { "yes" } else { "no" };
    (binary > 0).then(|| view.words.with(key, &[("all", all.into())]))
}

/// What is told about each outcome.
fn in_words(view: &View, sources: bool) -> Markup {
    html! {
        ul.findings {
            @for facts in view.by_domain() {
                li {
                    a.name href={ "#" (outcome::anchor(facts)) } { (view.soft(view.name(facts))) }
                    @if let Some(row) = view.main_row(facts) { (table::caution(view, row.trend_holds)) }
                    @let (verdict, rest) = sentences::effect::parts(view, facts, sources);
                    p { strong { (verdict) } " " (rest.join(" ")) }
                }
            }
        }
    }
}

/// What holds for all outcomes: where the numbers come from, and that there are many.
fn common(view: &View, source: Option<&[String]>) -> Vec<String> {
    let mut paragraphs: Vec<String> = source.map(|told| told.join(" ")).into_iter().collect();
    let n = view.results.outcomes.len();
    if n > 1 {
        paragraphs.push(view.words.with("found-many", &[("n", n.into())]));
    }
    paragraphs
}

/// Columns that not every study needs.
struct Columns {
    base: bool,
    method: bool,
}

impl Columns {
    fn of(view: &View) -> Self {
        let rows: Vec<&EstimateRow> =
            view.results.outcomes.iter().filter_map(|facts| view.main_row(facts)).collect();
        let pre_mean = view.results.design.relative_base != "counterfactual";
        Self {
            base: pre_mean && rows.iter().any(|row| row.base.is_some()),
            method: rows.len() < 2 || rows.iter().any(|row| row.method != rows[0].method),
        }
    }

    fn heads(&self, view: &View) -> Vec<&'static str> {
        let mut heads = vec!["column-outcome"];
        heads.extend(self.base.then_some("column-base"));
        heads.extend(["column-observed", "column-counterfactual", "column-effect-interval"]);
        let counterfactual = view.results.design.relative_base == "counterfactual";
        heads.push(if counterfactual {
            "column-relative-counterfactual"
        } else {
            "column-relative-pre-mean"
        });
        heads.push("column-p");
        heads.extend(self.method.then_some("column-method"));
        heads
    }
}

fn effects(view: &View, caption: &str) -> Markup {
    let columns = Columns::of(view);
    let heads = columns.heads(view);
    let outcomes = view.by_domain();
    html! {
        table.effects {
            (table::caption(view, caption))
            (table::head(view, &heads, &["column-method"]))
            tbody {
                @for (index, facts) in outcomes.iter().enumerate() {
                    @if index == 0 || outcomes[index - 1].domain != facts.domain {
                        @let label = view.label(&facts.domain_label);
                        @if !label.is_empty() { tr.domain { th colspan=(heads.len()) scope="colgroup" { (label) } } }
                    }
                    (effect(view, facts, &columns, heads.len() - 1))
                }
            }
        }
    }
}

fn effect(view: &View, facts: &OutcomeFacts, columns: &Columns, width: usize) -> Markup {
    let Some(row) = view.main_row(facts).filter(|row| row.estimate.is_some()) else {
        return html! { tr { th scope="row" { (view.name(facts)) } td.absent colspan=(width) { (view.missing()) } } };
    };
    let measure = view.measure(facts);
    let level = |value: Option<f64>| {
        value.map_or_else(|| view.missing(), |value| measure.level_in_table(value))
    };
    let p = row.p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p));
    html! {
        tr {
            th scope="row" {
                (view.soft(view.name(facts))) (table::caution(view, row.trend_holds))
                @let unit = measure.table_unit();
                @if !unit.is_empty() { br; span.unit { (unit) } }
            }
            @if columns.base { td { (row.base.map_or_else(|| view.words.text("no-base"), |base| measure.level_in_table(base))) } }
            td { (level(row.observed)) }
            td { (level(row.counterfactual)) }
            td { (pair(view, row.estimate, Range::effect(row), |end| measure.bare(end))) }
            @if row.relative.is_none() && row.estimate.is_some() { td { (view.words.text("no-base")) } }
            @else { td { (pair(view, row.relative, Range::relative(row), |end| view.relative(end))) } }
            td { (p) }
            @if columns.method { td.words { (crate::methods::short(view, &row.method)) } }
        }
    }
}

/// An estimate with its interval beneath.
pub(crate) fn pair(
    view: &View,
    value: Option<f64>,
    range: Range,
    end: impl Fn(f64) -> String,
) -> Markup {
    let Some(value) = value else {
        return html! { (view.missing()) };
    };
    html! {
        strong { (end(value)) }
        br;
        span.range {
            @if range == Range::Missing { (view.words.text("interval-not-available")) }
            @else { (view.range(range, end)) }
        }
    }
}

/// The same outcomes against the other control groups.
pub(crate) fn comparisons(view: &View) -> Option<Markup> {
    let all = &view.results.design.comparisons;
    if all.len() < 2 {
        return None;
    }
    let caption = view.words.text("table-comparisons");
    let table = html! {
        table {
            (table::caption(view, &caption))
            thead {
                tr {
                    th scope="col" { (view.words.text("column-outcome")) }
                    @for comparison in all { th scope="col" { (head(view, comparison)) } }
                }
            }
            tbody {
                @for facts in view.by_domain() {
                    tr {
                        th scope="row" {
                            (view.soft(view.name(facts)))
                            @let unit = view.measure(facts).table_unit();
                            @if !unit.is_empty() { br; span.unit { (unit) } }
                        }
                        @for comparison in all {
                            td { (cell(view, facts, view.headline(&facts.id, "main", &comparison.id))) }
                        }
                    }
                }
            }
        }
    };
    Some(html! {
        p { (view.words.text("comparisons-why")) }
        @if let Some(units) = units(view, "units-comparisons") { p.caption { (units) } }
        (table::scroll(&caption, &table))
        p.caption { (view.words.with("comparisons-note", &[("level", view.confidence().into())])) }
    })
}

fn head(view: &View, comparison: &ComparisonFacts) -> Markup {
    let regions = view.regions(view.controls(comparison));
    html! {
        (capital(view.label(&comparison.label)))
        br;
        span.unit {
            (regions)
            @if comparison.id == view.main.id { ", " (view.words.text("comparison-main")) }
        }
    }
}

fn cell(view: &View, facts: &OutcomeFacts, row: Option<&EstimateRow>) -> Markup {
    let Some(row) = row else {
        return html! { (view.missing()) };
    };
    let measure = view.measure(facts);
    html! {
        (pair(view, row.estimate, Range::effect(row), |end| measure.bare(end)))
        (table::caution(view, row.trend_holds))
    }
}
