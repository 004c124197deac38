//! What the diagnostics found, what was refused, and the limits the authors state.

use verschil_study::results::Finding;

use crate::document::{Block, Cell, ListKind, Row, Text};
use crate::page::table;
use crate::sentences::{finding, limitation};
use crate::view::View;

/// Findings that are told in one line: they differ in region, outcome or comparison alone.
struct Line<'a> {
    first: &'a Finding,
    subjects: Vec<&'a str>,
    outcomes: Vec<&'a str>,
    comparisons: Vec<&'a str>,
}

/// Findings, the most serious first.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let lines = lines(view);
    if lines.is_empty() {
        return None;
    }
    let heads = ["column-verdict", "column-finding", "column-outcome", "column-detail"];
    let rows = lines.iter().map(|line| row(view, line));
    let table = table::of_words(view, view.words.text("table-findings"), "", &heads, rows);
    Some(vec![Block::paragraph(view.words.text("findings-why")), Block::Table(table)])
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

fn row(view: &View, line: &Line) -> Row {
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
    let verdict = view.words.text(verdict);
    let verdict = if line.first.verdict == "info" {
        verdict.into()
    } else {
        Text::default().flag(Some(verdict))
    };
    let about = if all { view.words.text("all-outcomes") } else { view.words.list(&outcomes) };
    let about = comparisons.into_iter().fold(Text::from(about), Text::below);
    let detail = finding::detail(view, line.first, &line.subjects)
        .map_or_else(|| Text::default().english(line.first.message.as_str()), Text::from);
    Row::of(vec![
        Cell::words(verdict),
        Cell::words(finding::title(view, line.first)),
        Cell::words(about),
        Cell::words(detail),
    ])
}

/// Limitations in the words of the authors, then those that follow from the results.
pub(crate) fn limitations(view: &View) -> Option<Vec<Block>> {
    let own = &view.results.study.limitations;
    let mut blocks = Vec::new();
    if !own.is_empty() {
        blocks.push(Block::paragraph(view.label(own)));
    }
    let items: Vec<Text> = limitation::sentences(view).into_iter().map(Text::from).collect();
    if !items.is_empty() {
        blocks.push(Block::paragraph(view.words.text("limitations-follow")));
        blocks.push(Block::List { kind: ListKind::Points, items });
    }
    (!blocks.is_empty()).then_some(blocks)
}
