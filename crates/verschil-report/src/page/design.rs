//! What was compared with what, and when.

use verschil_study::results::Text;

use crate::document::{Block, Shown, Term, TermsKind};
use crate::figures;
use crate::page::{table, treated};
use crate::view::View;
use crate::words::capital;

/// More treated regions than this are named in their own section alone.
const NAMED: usize = 15;

/// The section on the design.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let idea = view.words.with("design-idea", &[("intervention", view.intervention().into())]);
    let mut blocks = vec![Block::paragraph(idea)];
    blocks.extend(figures::idea(view).map(|drawn| table::figure(view, drawn)));
    blocks.extend([
        Block::Terms { kind: TermsKind::Facts, items: facts(view) },
        table::figure_with(view, figures::timeline(view), Shown::Elsewhere),
    ]);
    Some(blocks)
}

fn facts(view: &View) -> Vec<Term> {
    let design = &view.results.design;
    let mut facts = Vec::new();
    let mut add = |key: &'static str, text: String| {
        if !text.is_empty() {
            facts.push(Term { name: view.words.text(key), text: Some(text.into()) });
        }
    };
    add("fact-treated", treated_regions(view));
    add("fact-control", control(view));
    add("fact-before", span(view, "pre"));
    add("fact-dropped", span(view, "transition"));
    add("fact-after", span(view, "post"));
    add("fact-reference", view.period(design.reference_period));
    add("fact-units", units(view));
    add("fact-clusters", clusters(view));
    let covariates: Vec<String> =
        design.covariates.iter().map(|c| view.label(&c.label).to_owned()).collect();
    add(
        "fact-covariates",
        if covariates.is_empty() {
            view.words.text("no-covariates")
        } else {
            view.words.list(&covariates)
        },
    );
    add("fact-weights", weights(view));
    add("fact-data", plain(view, &view.results.study.data));
    facts
}

fn plain(view: &View, text: &Text) -> String {
    text.get(view.language).to_owned()
}

/// How many regions were treated and which ones, or where their names stand when they are many.
fn treated_regions(view: &View) -> String {
    let names: Vec<String> =
        view.results.design.treated.iter().map(|region| view.region(&region.id)).collect();
    if names.len() <= NAMED || treated::regions(view).len() < names.len() {
        return named(view, names.len(), &view.words.list(&names));
    }
    let arguments = [
        ("count", view.regions(names.len()).into()),
        ("section", view.words.text("heading-treated").into()),
    ];
    view.words.with("fact-treated-many", &arguments)
}

fn named(view: &View, count: usize, names: &str) -> String {
    let count = view.regions(count);
    if names.is_empty() { count } else { format!("{count}: {names}") }
}

fn span(view: &View, phase: &str) -> String {
    let count = view.phase(phase).len();
    view.span(phase).map_or_else(String::new, |span| {
        view.words.with("fact-span", &[("span", span.into()), ("n", count.into())])
    })
}

/// Units in the models of the headline rows; outcomes may differ in what is missing.
fn units(view: &View) -> String {
    let counts = view.results.outcomes.iter().filter_map(|outcome| view.main_row(outcome)?.n);
    let (low, high) =
        counts.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), n| (l.min(n), h.max(n)));
    if low > high {
        return String::new();
    }
    let label = view.label(&view.results.study.units);
    let label = if label.is_empty() { view.words.text("units-fallback") } else { label.to_owned() };
    let (low_text, high_text) = (view.numbers.count(low), view.numbers.count(high));
    if low_text == high_text {
        return format!("{high_text}\u{a0}{label}");
    }
    view.words.with(
        "fact-units-between",
        &[("low", low_text.into()), ("high", high_text.into()), ("units", label.into())],
    )
}

fn clusters(view: &View) -> String {
    let design = &view.results.design;
    let outcomes = view.results.outcomes.iter();
    let Some(count) = outcomes.filter_map(|outcome| view.main_row(outcome)?.clusters).max() else {
        return String::new();
    };
    if design.cluster_is_region {
        let count = view.regions(usize::try_from(count).unwrap_or(usize::MAX));
        return view.words.with("fact-clusters-region", &[("count", count.into())]);
    }
    let label = view.label(&design.cluster_label);
    let label = if label.is_empty() { view.words.text("clusters-fallback") } else { label.into() };
    let arguments = [("count", view.numbers.whole(count).into()), ("clusters", label.into())];
    view.words.with("fact-clusters-other", &arguments)
}

/// The control group, and how many of its regions have data.
fn control(view: &View) -> String {
    let (found, named) = (view.controls(view.main), view.main.regions.len());
    let label = capital(view.label(&view.main.label));
    if label.is_empty() {
        return view.regions(found);
    }
    let arguments = [
        ("label", label.into()),
        ("count", view.regions(found).into()),
        ("without", named.saturating_sub(found).into()),
    ];
    view.words
        .with(if found < named { "fact-control-without" } else { "fact-control-named" }, &arguments)
}

fn weights(view: &View) -> String {
    let key = match view.results.design.weights.as_str() {
        "frequency" => "fact-weights-frequency",
        "analytic" => "fact-weights-analytic",
        _ => return String::new(),
    };
    view.words.with(key, &[("weights", view.weights().into())])
}
