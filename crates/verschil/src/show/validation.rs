//! What `verschil validate` shows: a line for each case, its differences, and a sentence at the end.

use std::fmt::Write as _;

use serde_json::{Value, json};
use verschil_stats::validate::{Case, Comparison, Kind, NOT_COMPARED, Outcome};

use crate::validate::Tally;

/// Longest label that stands on one line with its numbers in 100 columns.
const LABEL: usize = 37;

/// Head of the table.
#[must_use]
pub(crate) fn head() -> String {
    format!("{:<38} {:>7} {:>10} {:>10}  verdict", "case", "numbers", "difference", "allowed")
}

/// A case in one line: how many numbers, and how far the one nearest to its tolerance is off.
#[must_use]
pub(crate) fn line(case: &Case, outcome: &Outcome) -> String {
    let comparisons = outcome.comparisons();
    let nearest = comparisons.iter().max_by(|a, b| strain(a).total_cmp(&strain(b)));
    let (difference, allowed) = nearest.map_or(("-".to_owned(), "-".to_owned()), |nearest| {
        (size(nearest.difference), size(nearest.tolerance))
    });
    let numbers =
        if comparisons.is_empty() { "-".to_owned() } else { comparisons.len().to_string() };
    let verdict = verdict(outcome);
    format!("{:<38} {numbers:>7} {difference:>10} {allowed:>10}  {verdict}", case.id)
}

/// One number that is none is the worst.
fn strain(comparison: &Comparison) -> f64 {
    let share = comparison.share_of_tolerance();
    if share.is_nan() { f64::INFINITY } else { share }
}

fn size(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { format!("{number:.1e}") }
}

/// Twelve digits, as a plain number where that is not longer.
fn digits(number: f64) -> String {
    let size = number.abs();
    if size.fract() == 0.0 && size < 1e12 {
        return format!("{number}");
    }
    match size {
        1e-3..1e7 => {
            let whole = (1..8).find(|power| size < 10f64.powi(*power)).unwrap_or(8);
            format!("{number:.0$}", usize::try_from(12 - whole).unwrap_or(0))
        }
        _ => format!("{number:.11e}"),
    }
}

fn verdict(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Ran(_) if outcome.differs() => "differs",
        Outcome::Ran(_) => "agrees",
        Outcome::NotRun(_) => "not run",
        Outcome::Broken(_) => "broken",
    }
}

/// The comparisons below a case: those that differ, or all of them with what is special.
#[must_use]
pub(crate) fn below(case: &Case, outcome: &Outcome, all: bool) -> String {
    let mut text = String::new();
    if all {
        for line in [case.about, case.source].iter().flat_map(|text| wrapped(text)) {
            add(&mut text, &format!("    {line}"));
        }
    }
    let listed = outcome.comparisons().iter().filter(|comparison| all || !comparison.agrees);
    let mut remark = None;
    for (at, comparison) in listed.enumerate() {
        if at == 0 {
            add(&mut text, &numbers("number", ["ours", "theirs", "difference"], ""));
        }
        let mark = if comparison.agrees { "" } else { " differs" };
        let cells =
            [digits(comparison.ours), digits(comparison.theirs), size(comparison.difference)];
        let cells = [cells[0].as_str(), cells[1].as_str(), cells[2].as_str()];
        add(&mut text, &numbers(&comparison.label, cells, mark));
        if comparison.remark.is_some() && comparison.remark != remark {
            for line in wrapped(comparison.remark.unwrap_or_default()) {
                add(&mut text, &format!("      {line}"));
            }
        }
        remark = comparison.remark;
    }
    text
}

fn numbers(label: &str, [ours, theirs, difference]: [&str; 3], mark: &str) -> String {
    let numbers = format!("{ours:>19} {theirs:>19} {difference:>10}{mark}");
    if label.chars().count() > LABEL {
        format!("    {label}\n    {:LABEL$} {numbers}", "")
    } else {
        format!("    {label:LABEL$} {numbers}")
    }
}

/// A text in lines of at most 90 characters, broken at spaces.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].chars().count() + word.chars().count() > 89 {
            lines.push(word.to_owned());
        } else {
            let space = if lines[last].is_empty() { "" } else { " " };
            lines[last].push_str(space);
            lines[last].push_str(word);
        }
    }
    lines
}

fn add(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The sentences at the end, with the files that some cases lack.
#[must_use]
pub(crate) fn closing(tally: &Tally, missing: &[String]) -> String {
    let Tally { agree, differ, not_run, broken, comparisons, differences } = *tally;
    let all = agree + differ + not_run + broken;
    let mut text = format!("{agree} of {} agree", many(all, "case", "cases"));
    for (count, what) in [(differ, "differ"), (broken, "cannot be worked out")] {
        if count > 0 {
            write!(text, ", {count} {what}").unwrap_or_default();
        }
    }
    if not_run > 0 {
        write!(text, ", {not_run} not run").unwrap_or_default();
    }
    let compared = many(comparisons, "number is compared", "numbers are compared");
    write!(text, "; {compared}, {differences} of them off by more than allowed.")
        .unwrap_or_default();
    if !missing.is_empty() {
        text.push_str(
            "\nNot run for want of these files; --data DIR names a folder that has them:",
        );
        for path in missing {
            write!(text, "\n  {path}").unwrap_or_default();
        }
    }
    text
}

fn many(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// References that no case compares, and why.
#[must_use]
pub(crate) fn not_compared() -> String {
    let mut text = "Not compared:\n".to_owned();
    for apart in NOT_COMPARED {
        for (at, line) in wrapped(&format!("{}, {}: {}", apart.reference, apart.part, apart.reason))
            .iter()
            .enumerate()
        {
            add(&mut text, &format!("  {}{line}", if at == 0 { "" } else { "  " }));
        }
    }
    text
}

/// A case as a line of JSON.
#[must_use]
pub(crate) fn as_json(case: &Case, outcome: &Outcome) -> Value {
    let comparison = |c: &Comparison| {
        json!({
            "label": c.label,
            "ours": c.ours,
            "theirs": c.theirs,
            "difference": c.difference,
            "tolerance": c.tolerance,
            "kind": match c.kind { Kind::Relative => "relative", Kind::Absolute => "absolute" },
            "agrees": c.agrees,
            "remark": c.remark,
        })
    };
    let comparisons: Vec<Value> = outcome.comparisons().iter().map(comparison).collect();
    let missing = match outcome {
        Outcome::NotRun(missing) => missing.as_slice(),
        Outcome::Ran(_) | Outcome::Broken(_) => &[],
    };
    json!({
        "case": case.id,
        "about": case.about,
        "source": case.source,
        "verdict": verdict(outcome).replace(' ', "_"),
        "missing": missing,
        "comparisons": comparisons,
    })
}

/// The end as a line of JSON.
#[must_use]
pub(crate) fn tally_json(tally: &Tally) -> Value {
    let apart: Vec<Value> = NOT_COMPARED
        .iter()
        .map(|a| json!({ "reference": a.reference, "part": a.part, "reason": a.reason }))
        .collect();
    json!({
        "validated": {
            "agree": tally.agree,
            "differ": tally.differ,
            "not_run": tally.not_run,
            "broken": tally.broken,
            "comparisons": tally.comparisons,
            "differences": tally.differences,
        },
        "not_compared": apart,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits_in_a_hundred_columns() {
        let read = |path: &str| Ok(verschil_stats::validate::shipped(path).map(str::to_owned));
        let fits = |text: &str| text.lines().all(|line| line.chars().count() <= 100);
        for id in ["nl_municipality_matching", "prop99_sdid_sc_did", "mpdta_twfe"] {
            let case = verschil_stats::validate::case(id).expect("a case");
            let outcome = case.run(&read);
            let text = format!("{}\n{}", line(case, &outcome), below(case, &outcome, true));
            assert!(fits(&text), "{text}");
        }
        assert!(fits(&head()) && fits(&not_compared()));
    }

    #[test]
    fn a_number_that_is_none_differs_and_is_the_worst() {
        let mut ledger = verschil_stats::validate::Ledger::default();
        ledger.agree("a", f64::NAN, 1.0, 1e-9);
        ledger.agree("b", 1.1, 1.0, 1e-9);
        let outcome = Outcome::Ran(ledger.into_comparisons());
        let case = verschil_stats::validate::case("mpdta_twfe").expect("a case");
        assert!(outcome.differs() && line(case, &outcome).ends_with("differs"));
        let shown = below(case, &outcome, false);
        assert_eq!(shown.lines().count(), 3, "{shown}");
        assert!(as_json(case, &outcome)["comparisons"][0]["ours"].is_null());
    }

    #[test]
    fn what_is_missing_is_said_at_the_end() {
        let tally = Tally { agree: 1, not_run: 1, comparisons: 1, ..Tally::default() };
        let text = closing(&tally, &["data/x.csv".into()]);
        assert!(text.starts_with("1 of 2 cases agree, 1 not run; 1 number is compared, 0 of them"));
        assert!(text.ends_with("data/x.csv") && text.contains("--data"));
    }
}
