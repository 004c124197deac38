//! The trend rule, what it found and what that means.

use verschil_study::results::TrendCheck;

use crate::methods;
use crate::note::Note;
use crate::sentences::{p_phrase, refusal};
use crate::view::View;

/// Rule, findings, verdict and joint test.
pub(crate) fn sentences(view: &View, check: &TrendCheck) -> Vec<String> {
    let mut sentences = Vec::new();
    if !check.periods.is_empty() {
        sentences.push(rule(view, check));
        let method = methods::name(view, &check.method);
        sentences.push(view.words.with("trend-tested-with", &[("method", method.into())]));
    }
    match check.holds {
        Some(holds) => {
            sentences.push(found(view, check));
            sentences.push(view.words.text(if holds { "trend-holds" } else { "trend-fails" }));
        }
        None => sentences.push(unknown(view, check)),
    }
    sentences.extend(joint(view, check));
    sentences
}

fn level(view: &View, check: &TrendCheck) -> String {
    let alpha = check.alpha * 100.0;
    view.percent(alpha, u8::from((alpha - alpha.round()).abs() > 1e-9))
}

fn rule(view: &View, check: &TrendCheck) -> String {
    let reference = view.period(view.results.design.reference_period);
    let arguments = [
        ("max", check.max_significant.into()),
        ("k", check.periods.len().into()),
        ("reference", reference.into()),
        ("alpha", level(view, check).into()),
    ];
    view.words.with("trend-rule", &arguments)
}

fn found(view: &View, check: &TrendCheck) -> String {
    let labels: Vec<String> = check.significant.iter().map(|period| view.period(*period)).collect();
    let arguments = [("n", labels.len().into()), ("list", view.words.list(&labels).into())];
    view.words.with("trend-found", &arguments)
}

/// Why the rule could not be applied.
fn unknown(view: &View, check: &TrendCheck) -> String {
    let note = Note::read(&check.note);
    if note.has("floor_above_alpha") {
        return floor(view, check);
    }
    if note.has("no_event_study") {
        return view.words.text("trend-unknown-no-event");
    }
    if let Some((code, text)) = note.refusal() {
        let reason = refusal::reason(view, code, text);
        return view.words.with("trend-unknown-refused", &[("reason", reason.into())]);
    }
    view.words.text(if note.has("not_tested") { "trend-unknown-untested" } else { "trend-unknown" })
}

fn floor(view: &View, check: &TrendCheck) -> String {
    let first = check.periods.first();
    let row = first.and_then(|period| {
        view.headline(&check.outcome, &format!("event:{period}"), &check.comparison)
    });
    let floor = row.and_then(|row| Note::read(&row.note).permutation_floor());
    let p = floor.map_or_else(String::new, |floor| view.numbers.p_value(floor));
    let arguments = [
        ("known", if p.is_empty() { "no" } else { "yes" }.into()),
        ("p", p.into()),
        ("alpha", level(view, check).into()),
    ];
    view.words.with("trend-unknown-floor", &arguments)
}

fn joint(view: &View, check: &TrendCheck) -> Vec<String> {
    let wald = (check.joint_statistic, check.joint_df, check.joint_p_value);
    let (Some(sentence), Some(p)) = (f_test(view, "trend-joint", wald), check.joint_p_value) else {
        return no_joint(view, check).into_iter().collect();
    };
    let mut sentences = vec![sentence];
    let htz = (check.htz_statistic, check.htz_df, check.htz_p_value);
    sentences.extend(f_test(view, "trend-htz", htz));
    if check.holds == Some(true) && p < check.alpha {
        sentences.push(view.words.text("trend-joint-against"));
    }
    sentences
}

/// An F test in words, where it is there.
fn f_test(
    view: &View,
    key: &'static str,
    (statistic, df, p): (Option<f64>, Option<(f64, f64)>, Option<f64>),
) -> Option<String> {
    let (statistic, (df1, df2), p) = (statistic?, df?, p?);
    let df =
        |value: f64| view.numbers.decimal(value, u8::from((value - value.round()).abs() > 1e-9));
    let arguments = [
        ("df1", df(df1).into()),
        ("df2", df(df2).into()),
        ("f", view.numbers.decimal(statistic, 2).into()),
        ("p", p_phrase(view, p).into()),
    ];
    Some(view.words.with(key, &arguments))
}

/// Why there is no joint test, unless that has just been said of the rule itself.
fn no_joint(view: &View, check: &TrendCheck) -> Option<String> {
    let note = Note::read(&check.note);
    let (code, text) = note.refusal()?;
    if check.holds.is_none() && !note.has("floor_above_alpha") {
        return None;
    }
    let reason = refusal::reason(view, code, text);
    Some(view.words.with("trend-no-joint", &[("reason", reason.into())]))
}
