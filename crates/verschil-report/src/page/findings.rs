//! What the diagnostics found, what was refused, and the limits the authors state.

use maud::{Markup, html};
use verschil_study::results::Finding;

use crate::page::table;
use crate::sentences::finding;
use crate::view::View;

/// Findings that are told in one line: they differ in region, outcome or comparison alone.
struct Line<'a> {
    first: &'a Finding,
    subjects: Vec<&'a str>,
    outcomes: Vec<&'a str>,
    comparisons: Vec<&'a str>,
}

/// Findings, the most serious first.
pub(crate) fn section(view: &View) -> Option<Markup> {
    let lines = lines(view);
    if lines.is_empty() {
        return None;
    }
    let heads = ["column-verdict", "column-finding", "column-outcome", "column-detail"];
    let caption = view.words.text("table-findings");
    let table = html! {
        table.text {
            (table::caption(view, ""))
            (table::head(view, &heads, &[]))
            tbody { @for line in &lines { (row(view, line)) } }
        }
    };
    Some(html! { p { (view.words.text("findings-why")) } (table::scroll(&caption, &table)) })
}

fn lines<'a>(view: &View<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    for found in &view.results.findings {
        let told = finding::split(found);
        let same = |line: &&mut Line| {
            line.first.id == found.id
                && line.first.verdict == found.verdict
                && finding::split(line.first).rest == told.rest
        };
        match lines.iter_mut().find(same) {
            Some(line) => {
                add(&mut line.subjects, told.subject.unwrap_or(""));
                add(&mut line.outcomes, &found.outcome);
                add(&mut line.comparisons, &found.comparison);
            }
            None => lines.push(Line {
                first: found,
                subjects: told.subject.into_iter().collect(),
                outcomes: vec![&found.outcome],
                comparisons: vec![&found.comparison],
            }),
        }
    }
    lines.sort_by_key(|line| match line.first.verdict.as_str() {
        "refusal" => 0,
        "caution" => 1,
        _ => 2,
    });
    lines
}

fn add<'a>(items: &mut Vec<&'a str>, item: &'a str) {
    if !item.is_empty() && !items.contains(&item) {
        items.push(item);
    }
}

fn row(view: &View, line: &Line) -> Markup {
    let verdict = match line.first.verdict.as_str() {
        "refusal" => "verdict-refusal",
        "caution" => "verdict-caution",
        _ => "verdict-info",
    };
    let outcomes: Vec<String> = line
        .outcomes
        .iter()
        .filter_map(|id| view.outcome(id))
        .map(|facts| view.name(facts).to_owned())
        .collect();
    let all = outcomes.is_empty() || outcomes.len() == view.results.outcomes.len();
    let comparisons: Vec<String> = view
        .results
        .design
        .comparisons
        .iter()
        .filter(|c| line.comparisons.contains(&c.id.as_str()))
        .map(|c| view.label(&c.label).to_owned())
        .filter(|label| !label.is_empty())
        .collect();
    html! {
        tr {
            th scope="row" {
                span.flag[line.first.verdict != "info"] { (view.words.text(verdict)) }
            }
            td { (finding::title(view, line.first)) }
            td {
                @if all { (view.words.text("all-outcomes")) } @else { (view.words.list(&outcomes)) }
                @for label in &comparisons { br; span.unit { (label) } }
            }
            @match finding::detail(view, line.first, &line.subjects) {
                Some(detail) => td { (detail) },
                None => td lang="en" { (line.first.message) },
            }
        }
    }
}

/// Limitations in the words of the authors.
pub(crate) fn limitations(view: &View) -> Option<Markup> {
    let text = &view.results.study.limitations;
    (!text.is_empty()).then(|| html! { p { (view.label(text)) } })
}
