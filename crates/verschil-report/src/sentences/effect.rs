//! What was found for one outcome.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::methods;
use crate::note::Note;
use crate::range::Range;
use crate::sentences::standing::ruled_out;
use crate::sentences::{base, clear, p_phrase, permutation, refusal};
use crate::view::View;

/// All sentences about one outcome in the main comparison.
pub(crate) fn outcome(view: &View, facts: &OutcomeFacts) -> String {
    let (verdict, rest) = parts(view, facts, true);
    std::iter::once(verdict).chain(rest).collect::<Vec<_>>().join(" ")
}

/// The verdict, and the sentences that bear it out; `source` adds where the numbers come from.
pub(crate) fn parts(view: &View, facts: &OutcomeFacts, source: bool) -> (String, Vec<String>) {
    let Some(row) = view.main_row(facts).filter(|row| row.estimate.is_some()) else {
        return (absent(view, facts), Vec::new());
    };
    let mut sentences = Vec::new();
    sentences.extend(estimate(view, facts, row));
    sentences.extend(bounds(view, facts, row));
    sentences.extend(relative(view, facts, row));
    if source {
        sentences.push(inference(view, row));
        sentences.extend(method(view, facts, row));
    }
    sentences.extend(caution(view, row));
    (verdict(view, facts, row), sentences)
}

/// Where all numbers come from, when that is the same for every outcome.
pub(crate) fn shared_source(view: &View) -> Option<Vec<String>> {
    let told = |facts: &OutcomeFacts| {
        let row = view.main_row(facts).filter(|row| row.estimate.is_some())?;
        let whole = Range::effect(row) != Range::Missing && row.p_value.is_some();
        Some((row.method.as_str(), whole, method(view, facts, row)))
    };
    let mut all = view.results.outcomes.iter().filter_map(told);
    let first = all.next()?;
    let mut others = all.peekable();
    others.peek()?;
    if !first.1 || !others.all(|other| other == first) {
        return None;
    }
    let name = methods::name(view, first.0);
    let mut sentences = vec![view.words.with("found-method", &[("method", name.into())])];
    sentences.extend(first.2);
    Some(sentences)
}

/// That no effect could be estimated, with the reason where it is known.
fn absent(view: &View, facts: &OutcomeFacts) -> String {
    let phrase = view.phrase(facts).to_owned();
    let row = view.main_row(facts);
    match row.and_then(|row| refusal::in_row(view, row)) {
        Some(reason) => {
            let withheld = row.is_some_and(|row| Note::read(&row.note).withheld().is_some());
            let key = if withheld { "effect-withheld" } else { "effect-refused" };
            view.words.with(key, &[("phrase", phrase.into()), ("reason", reason.into())])
        }
        None => view.words.with("effect-absent", &[("phrase", phrase.into())]),
    }
}

/// Whether the data point to a change, and whether that is for the better; that there is none of
/// relevant size only where the results show it.
pub(crate) fn verdict(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> String {
    match row.estimate.filter(|_| clear(view, row)) {
        Some(effect) => {
            let arguments = [
                ("change", change(view, facts, effect).into()),
                ("value", value(facts, effect).into()),
            ];
            view.words.with("verdict-change", &arguments)
        }
        None => {
            let mut arguments = vec![
                ("phrase", view.phrase(facts).to_owned().into()),
                ("intervention", view.intervention().into()),
            ];
            let Some(bound) = ruled_out(view, facts) else {
                return view.words.with("verdict-unknown", &arguments);
            };
            arguments.push(("bound", view.measure(facts).effect(bound).into()));
            view.words.with("verdict-equivalent", &arguments)
        }
    }
}

/// What the interval leaves open: how far the effect may go where it is not clear, and whether a
/// clear one is too small to be relevant.
pub(crate) fn bounds(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Option<String> {
    let measure = view.measure(facts);
    if clear(view, row) {
        let bound = measure.effect(ruled_out(view, facts)?);
        return Some(view.words.with("effect-small", &[("bound", bound.into())]));
    }
    if ruled_out(view, facts).is_some() {
        return None;
    }
    let end = |key, end: f64| view.words.with(key, &[("end", measure.effect(end.abs()).into())]);
    match Range::effect(row) {
        Range::Both(low, high) if low < 0.0 && high > 0.0 => {
            let ends =
                [("low", measure.effect(-low).into()), ("high", measure.effect(high).into())];
            Some(view.words.with("not-excluded", &ends))
        }
        Range::NoHigh(low) if low < 0.0 => Some(end("not-excluded-no-high", low)),
        Range::NoLow(high) if high > 0.0 => Some(end("not-excluded-no-low", high)),
        Range::Unbounded => Some(view.words.text("not-excluded-any")),
        _ => None,
    }
}

/// "a decrease in the homicide rate".
pub(crate) fn change(view: &View, facts: &OutcomeFacts, effect: f64) -> String {
    let key = if effect < 0.0 { "change-decrease" } else { "change-increase" };
    view.words.with(key, &[("phrase", view.phrase(facts).to_owned().into())])
}

/// `better`, `worse` or `neither`, as the words expect it.
pub(crate) fn value(facts: &OutcomeFacts, effect: f64) -> &'static str {
    match (facts.better.as_str(), effect < 0.0) {
        ("lower", true) | ("higher", false) => "better",
        ("lower", false) | ("higher", true) => "worse",
        _ => "neither",
    }
}

/// The effect with its interval and p-value.
pub(crate) fn estimate(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Option<String> {
    let effect = view.measure(facts).effect(row.estimate?);
    Some(match inside(view, facts, row) {
        Some(inside) => {
            let arguments = [("effect", effect.into()), ("inside", inside.into())];
            view.words.with("effect-with", &arguments)
        }
        None => view.words.with("effect-alone", &[("effect", effect.into())]),
    })
}

/// "95% confidence interval: 1 to 2; p = 0.012", as far as there is one.
pub(crate) fn inside(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Option<String> {
    let measure = view.measure(facts);
    let p = row.p_value.map(|p| p_phrase(view, p));
    let range = match Range::effect(row) {
        Range::Missing => return p,
        range => view.range(range, |end| measure.bare(end)),
    };
    let interval = [("level", view.confidence().into()), ("range", range.into())];
    let interval = view.words.with("interval", &interval);
    Some(p.map_or(interval.clone(), |p| format!("{interval}; {p}")))
}

fn relative(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Option<String> {
    let relative = view.relative(row.relative?);
    let level = view.measure(facts).level(row.base?);
    let mut arguments =
        vec![("base", base(view).into()), ("level", level.into()), ("relative", relative.into())];
    let range = Range::relative(row);
    if range == Range::Missing {
        return Some(view.words.with("relative-alone", &arguments));
    }
    let range = view.range(range, |end| view.relative(end));
    arguments.push(("range", range.into()));
    Some(view.words.with("relative-with", &arguments))
}

fn inference(view: &View, row: &EstimateRow) -> String {
    let method = methods::name(view, &row.method);
    let key = match (Range::effect(row), row.p_value) {
        (Range::Missing, None) => "inference-none",
        (Range::Missing, Some(_)) => "inference-p",
        (_, None) => "inference-interval",
        (_, Some(_)) => "inference-both",
    };
    view.words.with(key, &[("method", method.into())])
}

/// Why this method leads, why there is no interval, and what few assignments mean.
fn method(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Vec<String> {
    let mut sentences: Vec<String> = lead_refused(view, facts, row).into_iter().collect();
    if sentences.is_empty() && Range::effect(row) == Range::Missing {
        let reason = refusal::in_row(view, row);
        let told =
            |reason: String| view.words.with("interval-refused", &[("reason", reason.into())]);
        sentences.extend(reason.map(told));
    }
    sentences.extend(permutation::sentences(view, row));
    sentences
}

/// Why the method that leads the study does not lead here.
fn lead_refused(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Option<String> {
    let lead = &view.results.design.headline_method;
    if row.method == *lead {
        return None;
    }
    let rows = view.rows(&facts.id, &row.analysis, &row.comparison);
    let refused = rows.iter().find(|other| other.method == *lead)?;
    let reason = refusal::in_row(view, refused)?;
    let arguments = [("method", methods::name(view, lead).into()), ("reason", reason.into())];
    Some(view.words.with("lead-refused", &arguments))
}

fn caution(view: &View, row: &EstimateRow) -> Option<String> {
    match row.trend_holds {
        Some(true) => None,
        Some(false) => Some(view.words.text("caution")),
        None => Some(view.words.text("caution-untested")),
    }
}
