//! The answer in short: what was compared, what was found, what remains open.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::note::Note;
use crate::sentences::{clear, effect};
use crate::view::View;

/// More outcomes than this are counted rather than named.
const NAMED: usize = 6;

/// What the outcomes say, each under one head.
#[derive(Default)]
struct Heads {
    changes: Vec<String>,
    untested: Vec<String>,
    open: Vec<String>,
    caution: Vec<String>,
    refused: Vec<String>,
    blind: Vec<String>,
    gated: Vec<String>,
}

/// A few sentences.
pub(crate) fn sentences(view: &View) -> Vec<String> {
    let mut sentences = vec![compared(view)];
    if let [only] = view.results.outcomes.as_slice() {
        sentences.extend(single(view, only));
        return sentences;
    }
    let heads = heads(view);
    let told =
        |key: &'static str, items: &[String]| (!items.is_empty()).then(|| listed(view, key, items));
    sentences.extend(told("answer-changes", &heads.changes));
    sentences.extend(told("answer-untested", &heads.untested));
    let all = heads.open.len() == view.results.outcomes.len();
    let means = view.words.text("answer-open-means");
    let open = told(open_key(all, heads.open.len()), &heads.open);
    sentences.extend(open.map(|open| format!("{open} {means}")));
    let many = heads.caution.len() > NAMED;
    let caution = if many { "answer-caution-many" } else { "answer-caution" };
    sentences.extend(told(caution, &heads.caution));
    sentences.extend(told("answer-refused", &heads.refused));
    sentences.extend(told("answer-withheld-blind", &heads.blind));
    sentences.extend(told("answer-withheld-gate", &heads.gated));
    sentences
}

fn listed(view: &View, key: &'static str, items: &[String]) -> String {
    let arguments = [
        ("list", view.words.list(items).into()),
        ("n", items.len().into()),
        ("intervention", view.intervention().into()),
    ];
    view.words.with(key, &arguments)
}

fn open_key(all: bool, count: usize) -> &'static str {
    match (all, count > NAMED) {
        (true, _) => "answer-open-all",
        (false, true) => "answer-open-many",
        (false, false) => "answer-open",
    }
}

fn heads(view: &View) -> Heads {
    let mut heads = Heads::default();
    for facts in view.by_domain() {
        let phrase = view.phrase(facts).to_owned();
        let main = view.main_row(facts);
        let Some(row) = main.filter(|row| row.estimate.is_some()) else {
            match main.and_then(|row| Note::read(&row.note).withheld()) {
                Some("withheld_gate") => heads.gated.push(phrase),
                Some(_) => heads.blind.push(phrase),
                None => heads.refused.push(phrase),
            }
            continue;
        };
        if row.trend_holds == Some(false) {
            heads.caution.push(phrase);
        } else if let Some(told) = change(view, facts) {
            heads.changes.push(told);
            if row.trend_holds.is_none() {
                heads.untested.push(phrase);
            }
        } else {
            heads.open.push(phrase);
        }
    }
    heads
}

/// What the answer says of an outcome that it names as changed; nothing for the others.
pub(crate) fn change(view: &View, facts: &OutcomeFacts) -> Option<String> {
    let row = view.main_row(facts)?;
    let estimate = row.estimate?;
    let told = row.trend_holds != Some(false) && clear(view, row);
    told.then(|| item(view, facts, row, estimate))
}

/// "a decrease in the homicide rate (-0.3 per 100,000; 95% confidence interval: -0.5 to -0.1)".
fn item(view: &View, facts: &OutcomeFacts, row: &EstimateRow, estimate: f64) -> String {
    let effect = view.measure(facts).effect(estimate);
    let numbers = match effect::inside(view, facts, row) {
        Some(inside) => {
            let arguments = [("effect", effect.into()), ("inside", inside.into())];
            view.words.with("answer-numbers", &arguments)
        }
        None => effect,
    };
    let arguments = [
        ("change", effect::change(view, facts, estimate).into()),
        ("numbers", numbers.into()),
        ("value", effect::value(facts, estimate).into()),
    ];
    view.words.with("answer-item", &arguments)
}

fn single(view: &View, facts: &OutcomeFacts) -> Vec<String> {
    let (verdict, _) = effect::parts(view, facts, false);
    let mut sentences = vec![verdict];
    let Some(row) = view.main_row(facts).filter(|row| row.estimate.is_some()) else {
        return sentences;
    };
    sentences.extend(effect::estimate(view, facts, row));
    if row.trend_holds != Some(true) {
        let failed = row.trend_holds == Some(false);
        sentences.push(view.words.text(if failed { "caution" } else { "caution-untested" }));
    }
    if !clear(view, row) {
        sentences.push(view.words.text("answer-open-means"));
    }
    sentences
}

fn compared(view: &View) -> String {
    let design = &view.results.design;
    view.words.with(
        "answer-compared",
        &[
            ("treated", view.regions(design.treated.len()).into()),
            ("control", view.regions(view.controls(view.main)).into()),
            ("start", view.period(design.start).into()),
        ],
    )
}
