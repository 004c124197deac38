//! How controls were chosen, in words: distance, window, method, and why each one.

use verschil_study::results::{BalanceRow, MatchingFacts, MatchingRow};

use crate::note::Note;
use crate::view::View;

/// How the controls of a comparison were chosen.
pub(crate) fn sentences(view: &View, comparison: &str) -> Vec<String> {
    let Some(facts) = view.matched(comparison) else {
        return Vec::new();
    };
    let mut told = vec![how(view, facts)];
    told.push(view.words.text(if facts.distance == "euclidean" {
        "matching-euclidean"
    } else {
        "matching-mahalanobis"
    }));
    if !facts.exact.is_empty() {
        let list: Vec<String> = facts.exact.iter().map(|id| view.characteristic(id)).collect();
        let list = view.words.list(&list);
        told.push(view.words.with("matching-exact", &[("list", list.into())]));
    }
    let optimal = facts.method == "optimal";
    told.push(view.words.text(if optimal { "matching-optimal" } else { "matching-nearest" }));
    told.push(view.words.text(if facts.replacement { "matching-again" } else { "matching-once" }));
    if let Some(caliper) = facts.caliper {
        let caliper = view.numbers.decimal(caliper, 2);
        told.push(view.words.with("matching-caliper", &[("caliper", caliper.into())]));
    }
    told.extend(better(view, comparison));
    told
}

fn how(view: &View, facts: &MatchingFacts) -> String {
    let list: Vec<String> =
        facts.characteristics.iter().map(|found| view.characteristic(&found.id)).collect();
    let (from, to) = (view.period(facts.window.0), view.period(facts.window.1));
    let window = if from == to { from } else { format!("{from}\u{2013}{to}") };
    let arguments = [
        ("n", view.numbers.whole(facts.controls).into()),
        ("candidates", view.numbers.whole(facts.candidates).into()),
        ("list", view.words.list(&list).into()),
        ("window", window.into()),
    ];
    view.words.with("matching-how", &arguments)
}

/// The largest difference among all candidates, and with the chosen controls.
fn better(view: &View, comparison: &str) -> Option<String> {
    let largest = |stage: &str| -> Option<(&BalanceRow, f64)> {
        view.balance(comparison, "region")
            .filter(|row| view.stage(row) == stage)
            .filter_map(|row| Some((row, row.smd?)))
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
    };
    let (before, after) = (largest("before")?, largest("after")?);
    let name = |row: &BalanceRow| view.characteristic(&row.variable);
    let number = |smd: f64| view.numbers.decimal(smd, 2);
    let arguments = [
        ("before", number(before.1).into()),
        ("before-name", name(before.0).into()),
        ("after", number(after.1).into()),
        ("after-name", name(after.0).into()),
    ];
    Some(view.words.with("matching-better", &arguments))
}

/// Why one region stands in a comparison; text that has no words of ours is given apart.
pub(crate) fn why(view: &View, row: &MatchingRow) -> (String, Option<String>) {
    let mut reasons = vec![match row.rule.as_str() {
        "listed" => view.words.text("rule-listed"),
        "condition" => view.words.text("rule-condition"),
        "matched" => paired(view, row),
        _ => view.words.text("rule-untreated"),
    }];
    let note = Note::read(&row.note);
    if let Some(text) = note.told("next") {
        let (code, distance) = text.rsplit_once(' ').unwrap_or((text, ""));
        let number = distance.parse().map_or(String::new(), |d| view.numbers.decimal(d, 2));
        let arguments = [("region-name", view.region(code).into()), ("distance", number.into())];
        reasons.push(view.words.with("why-next", &arguments));
    }
    if let Some(code) = note.told("tie") {
        let arguments = [("region-name", view.region(code).into())];
        reasons.push(view.words.with("why-tie", &arguments));
    }
    for (code, key) in
        [("class", "why-class"), ("caliper", "why-caliper"), ("weight", "why-weight")]
    {
        if let Some(n) = note.told(code).and_then(|n| n.parse::<u64>().ok()) {
            reasons.push(view.words.with(key, &[("n", n.into())]));
        }
    }
    let known = ["next", "tie", "class", "caliper", "weight"];
    (reasons.join("; "), note.rest(&known))
}

/// To which treated region a control was matched, and in what sense it was the best.
fn paired(view: &View, row: &MatchingRow) -> String {
    if row.matched_to.is_empty() {
        return view.words.text("rule-matched");
    }
    let optimal = view.matched(&row.comparison).is_some_and(|facts| facts.method == "optimal");
    let key = if optimal { "rule-optimal" } else { "rule-nearest" };
    view.words.with(key, &[("region-name", view.region(&row.matched_to).into())])
}
