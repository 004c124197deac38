//! What is told about the weights of linked units, and about the effects with and without them.

use verschil_study::results::{EstimateRow, LinkageWeightFacts, OutcomeFacts};

use crate::figures::dimension;
use crate::sentences::clear;
use crate::view::View;

/// The analysis with weighted units.
const ANALYSIS: &str = "linkage_weighted";

/// The row of the main comparison with weighted units.
pub(crate) fn row<'a>(view: &View<'a>, outcome: &OutcomeFacts) -> Option<&'a EstimateRow> {
    view.headline(&outcome.id, ANALYSIS, &view.main.id)
}

/// All sentences on the weights.
pub(crate) fn sentences(view: &View, facts: &LinkageWeightFacts) -> Vec<String> {
    let eligible = [
        ("eligible", view.numbers.whole(facts.eligible).into()),
        ("linked", view.numbers.whole(facts.linked).into()),
        ("noun", view.units().into()),
    ];
    let mut told = vec![view.words.with("weights-eligible", &eligible), made(view, facts)];
    told.extend(spread(view, facts));
    if let Some(limit) = facts.max_weight.filter(|_| facts.trimmed > 0) {
        let arguments = [
            ("max", view.numbers.decimal(limit, 2).into()),
            ("k", facts.trimmed.into()),
            ("n", view.numbers.whole(facts.trimmed_units).into()),
            ("noun", view.units().into()),
        ];
        told.push(view.words.with("weights-trimmed", &arguments));
    }
    told.extend(nobody(view));
    told.extend(unlinked(view));
    told.push(view.words.with("weights-assume", &[("noun", view.units().into())]));
    told
}

fn made(view: &View, facts: &LinkageWeightFacts) -> String {
    let by: Vec<String> = facts.by.iter().map(|id| dimension(view, id).to_lowercase()).collect();
    let arguments = [
        ("by", view.words.list(&by).into()),
        ("n", facts.strata.into()),
        ("min", view.numbers.whole(facts.min_stratum).into()),
        ("merged", facts.merged.into()),
        ("noun", view.units().into()),
    ];
    view.words.with("weights-made", &arguments)
}

fn spread(view: &View, facts: &LinkageWeightFacts) -> Option<String> {
    let two = |value: f64| view.numbers.decimal(value, 2);
    let arguments = [
        ("n", view.numbers.whole(facts.units).into()),
        ("noun", view.units().into()),
        ("smallest", two(facts.smallest?).into()),
        ("median", two(facts.median?).into()),
        ("largest", two(facts.largest?).into()),
        ("effective", view.numbers.decimal(facts.effective?, 0).into()),
    ];
    Some(view.words.with("weights-spread", &arguments))
}

/// Units of groups in which nobody was linked.
pub(crate) fn nobody(view: &View) -> Option<String> {
    let facts = view.results.linkage_weight_facts.as_ref()?;
    let arguments = [
        ("k", facts.unrepresented.into()),
        ("n", view.numbers.whole(facts.unrepresented_units).into()),
        ("noun", view.units().into()),
    ];
    (facts.unrepresented > 0).then(|| view.words.with("weights-nobody", &arguments))
}

/// Units of the population without a link.
pub(crate) fn unlinked(view: &View) -> Option<String> {
    let facts = view.results.linkage_weight_facts.as_ref()?;
    let arguments = [
        ("k", facts.unlinked.into()),
        ("n", view.numbers.whole(facts.unlinked).into()),
        ("noun", view.units().into()),
    ];
    (facts.unlinked > 0).then(|| view.words.with("weights-unlinked", &arguments))
}

/// For how many outcomes the weights change whether the data point to a change, and which way.
pub(crate) fn compared(view: &View) -> Option<String> {
    let both: Vec<(&OutcomeFacts, bool)> = view
        .by_domain()
        .into_iter()
        .filter_map(|outcome| {
            let (plain, weighted) = (view.main_row(outcome)?, row(view, outcome)?);
            Some((outcome, alike(view, plain, weighted)?))
        })
        .collect();
    let others: Vec<String> =
        both.iter().filter(|(_, alike)| !alike).map(|(o, _)| view.name(o).to_owned()).collect();
    let n = both.len();
    if n == 0 {
        return None;
    }
    let arguments = [
        ("n", n.into()),
        ("k", (n - others.len()).into()),
        ("others", others.len().into()),
        ("list", view.words.list(&others).into()),
    ];
    let key = if others.is_empty() { "weights-same" } else { "weights-differ" };
    Some(view.words.with(key, &arguments))
}

fn alike(view: &View, plain: &EstimateRow, weighted: &EstimateRow) -> Option<bool> {
    let (one, other) = (plain.estimate?, weighted.estimate?);
    Some(match (clear(view, plain), clear(view, weighted)) {
        (true, true) => (one < 0.0) == (other < 0.0),
        (one, other) => one == other,
    })
}
