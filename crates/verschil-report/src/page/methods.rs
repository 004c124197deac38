//! How the numbers were made, with the literature.

use crate::document::{Block, ListKind, Term, TermsKind};
use crate::methods;
use crate::page::table;
use crate::view::View;
use crate::words::capital;

/// The section on methods.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let mut blocks = vec![
        Block::paragraph(model(view)),
        Block::paragraph(relative(view)),
        Block::paragraph(view.words.text("methods-trend")),
    ];
    if view.results.linkage_weight_facts.is_some() {
        blocks.push(Block::paragraph(view.words.text("methods-weights-linkage")));
    }
    if !view.results.design.methods.is_empty() {
        blocks.push(Block::paragraph(inference(view)));
        blocks.push(Block::Terms { kind: TermsKind::Methods, items: terms(view) });
    }
    blocks.push(Block::heading(3, view.words.text("heading-literature")));
    blocks.push(table::list(ListKind::Literature, &methods::citations(view)));
    let references = &view.results.study.references;
    if !references.is_empty() {
        blocks.push(Block::heading(3, view.words.text("heading-references")));
        blocks.push(table::list(ListKind::Literature, references));
    }
    Some(blocks)
}

/// Every method of inference with its sentence.
fn terms(view: &View) -> Vec<Term> {
    let term = |id: &String| Term {
        name: capital(&methods::name(view, id)),
        text: methods::sentence(view, id).map(Into::into),
    };
    view.results.design.methods.iter().map(term).collect()
}

fn model(view: &View) -> String {
    let design = &view.results.design;
    let mut sentences = vec![view.words.text("methods-did")];
    sentences.push(if design.cluster_is_region {
        view.words.text("methods-cluster-region")
    } else {
        let label = view.label(&design.cluster_label);
        let label =
            if label.is_empty() { view.words.text("clusters-fallback") } else { label.into() };
        view.words.with("methods-cluster-other", &[("clusters", label.into())])
    });
    let weights = [("weights", view.weights().into())];
    match design.weights.as_str() {
        "frequency" => sentences.push(view.words.with("methods-weights-frequency", &weights)),
        "analytic" => sentences.push(view.words.with("methods-weights-analytic", &weights)),
        _ => {}
    }
    if view.results.outcomes.len() > 1 {
        sentences.push(view.words.text("methods-many"));
    }
    sentences.join(" ")
}

fn relative(view: &View) -> String {
    let key = if view.results.design.relative_base == "counterfactual" {
        "methods-relative-counterfactual"
    } else {
        "methods-relative-pre-mean"
    };
    view.words.text(key)
}

fn inference(view: &View) -> String {
    let design = &view.results.design;
    let convention =
        if design.small_sample == "stata" { "methods-small-stata" } else { "methods-small-fixest" };
    let headline = methods::name(view, &design.headline_method);
    let draws = view.numbers.whole(design.draws);
    let arguments = [("level", view.confidence().into()), ("method", headline.into())];
    let lead = if design.headline_method == "permutation" {
        view.words.text("methods-headline-permutation")
    } else {
        view.words.with("methods-headline", &arguments)
    };
    let mut sentences = vec![lead, view.words.text(convention)];
    if design.draws > 0 && design.methods.iter().any(|id| id.starts_with("wild")) {
        sentences.push(view.words.with("methods-draws", &[("draws", draws.into())]));
    }
    sentences.join(" ")
}
