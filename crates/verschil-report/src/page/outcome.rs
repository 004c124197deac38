//! One outcome: its figures, how sure we are, and the trend before the start.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::document::{Block, Cell, Entry, Link, Parts, Row, Rows, Table, TableKind, Text, Voice};
use crate::figure::slug;
use crate::figures;
use crate::methods;
use crate::page::{found, table};
use crate::range::Range;
use crate::sentences::{self, remark};
use crate::view::View;

/// Figures that are always open.
const FIRST: usize = 3;

/// The id of an outcome's part of the page.
pub(crate) fn anchor(facts: &OutcomeFacts) -> String {
    format!("outcome-{}", slug(&facts.id))
}

/// All outcomes, one after the other.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let outcomes = &view.results.outcomes;
    if outcomes.is_empty() {
        return None;
    }
    let all = view.by_domain();
    let many = view.many();
    let mut blocks = Vec::new();
    for (at, facts) in all.iter().enumerate() {
        let begins = at == 0 || all[at - 1].domain != facts.domain;
        let domain = view.label(&facts.domain_label);
        if many && begins && !domain.is_empty() {
            let text = view.soft(domain).into();
            blocks.push(Block::Paragraph { voice: Voice::Domain, text });
        }
        blocks.push(Block::Part { id: anchor(facts), blocks: part(view, facts, many) });
        if many {
            let before = at.checked_sub(1).map(|at| all[at]);
            blocks.push(steps(view, facts, [before, all.get(at + 1).copied()]));
        }
    }
    Some(blocks)
}

/// Outcomes below their domains, for the contents.
pub(crate) fn parts(view: &View) -> Parts {
    let mut entries = Vec::new();
    for domain in view.domains() {
        if !domain.name.is_empty() {
            entries.push(Entry::Group { words: domain.name.to_owned() });
        }
        let link = |facts: &&OutcomeFacts| {
            Entry::To(Link { to: anchor(facts), words: view.soft(view.name(facts)) })
        };
        entries.extend(domain.outcomes.iter().map(link));
    }
    let n = view.results.outcomes.len().into();
    let summary = view.many().then(|| view.words.with("outcome-list", &[("n", n)]));
    Parts { summary, entries }
}

/// The way to the outcomes beside this one, and back to the contents.
fn steps(view: &View, here: &OutcomeFacts, [before, after]: [Option<&OutcomeFacts>; 2]) -> Block {
    let link = |key: &'static str, facts: &OutcomeFacts| {
        let words = view.words.with(key, &[("outcome", view.name(facts).to_owned().into())]);
        Link { to: anchor(facts), words: view.soft(&words) }
    };
    let words = view.words.text("outcome-contents");
    Block::Steps {
        label: view.words.with("outcome-steps", &[("outcome", view.name(here).to_owned().into())]),
        before: before.map(|facts| link("outcome-previous", facts)),
        up: Link { to: "contents-heading".to_owned(), words },
        after: after.map(|facts| link("outcome-next", facts)),
    }
}

fn part(view: &View, facts: &OutcomeFacts, many: bool) -> Vec<Block> {
    let mut first = figures::of_outcome(view, facts);
    let explanation = view.label(&facts.explanation);
    let holds = view.main_row(facts).and_then(|row| row.trend_holds);
    let name = Text::from(view.soft(view.name(facts))).flag(table::caution(view, holds));
    let mut blocks = vec![Block::heading(3, name)];
    if !explanation.is_empty() {
        blocks.push(Block::paragraph(explanation));
    }
    if many {
        blocks.push(Block::paragraph(found::verdict(view, facts, true)));
    }
    blocks.push(Block::caption(better(view, facts)));
    if first.is_empty() {
        blocks.push(Block::paragraph(view.words.text("no-figures")));
    }
    if !many || first.is_empty() {
        blocks.extend(table::figures(view, first));
        blocks.extend(sure(view, facts));
        blocks.extend(trend(view, facts));
        return blocks;
    }
    let rest = first.split_off(first.len().min(FIRST));
    blocks.extend(table::figures(view, first));
    blocks.extend(trend(view, facts));
    let mut more = table::figures(view, rest);
    more.extend(sure(view, facts));
    let title = view.words.text("outcome-more");
    blocks.push(Block::Folded { title, repeats: false, blocks: more });
    blocks
}

fn better(view: &View, facts: &OutcomeFacts) -> String {
    view.words.text(match facts.better.as_str() {
        "lower" => "better-lower",
        "higher" => "better-higher",
        _ => "better-neither",
    })
}

/// All methods side by side.
fn sure(view: &View, facts: &OutcomeFacts) -> Vec<Block> {
    let rows = view.rows(&facts.id, "main", &view.main.id);
    let mut blocks = vec![Block::heading(4, view.words.text("heading-sure"))];
    let hangs = sentences::influence::sentences(view, facts);
    if !hangs.is_empty() {
        blocks.push(Block::paragraph(hangs.join(" ")));
    }
    let mut why = view.words.text("sure-why");
    if let Some(told) = disagree(view, rows) {
        why = format!("{why} {told}");
    }
    blocks.push(Block::paragraph(why));
    blocks.push(Block::Table(every_method(view, facts, rows)));
    blocks
}

fn every_method(view: &View, facts: &OutcomeFacts, rows: &[&EstimateRow]) -> Table {
    let heads = [
        "column-method",
        "column-effect",
        "column-se",
        "column-interval",
        "column-p",
        "column-remark",
    ];
    let unit = view.measure(facts).effect_unit();
    let label = view.words.with("table-sure", &[("outcome", view.name(facts).to_owned().into())]);
    let titled = if unit.is_empty() { label.clone() } else { format!("{label}, {unit}") };
    let models = rows.iter().any(|row| row.model != rows[0].model);
    Table {
        kind: TableKind::Numbers,
        label,
        caption: table::caption(view, &titled),
        columns: table::heads(view, &heads, &["column-remark"]),
        rows: Rows::nameless(rows.iter().map(|row| method(view, facts, row, models)).collect()),
    }
}

fn method(view: &View, facts: &OutcomeFacts, row: &EstimateRow, models: bool) -> Row {
    let measure = view.measure(facts);
    let mut name = Text::from(methods::short(view, &row.method));
    if models {
        name = name.below(methods::model(view, &row.model));
    }
    let mut cells = vec![Cell::number(name)];
    if row.estimate.is_none() && row.p_value.is_none() {
        cells.push(Cell::absent(view.missing(), 4));
    } else {
        let or = |written: Option<String>, other: &'static str| {
            Cell::number(written.unwrap_or_else(|| view.words.text(other)))
        };
        cells.extend([
            or(row.estimate.map(|value| measure.bare(value)), "not-available"),
            or(row.std_error.map(|value| measure.finer(value)), "no-number"),
            Cell::number(view.range(Range::effect(row), |end| measure.bare(end))),
            or(row.p_value.map(|p| view.numbers.p_value(p)), "not-available"),
        ]);
    }
    cells.push(Cell::words(remark::of_row(view, row)));
    Row { headline: row.headline, cells }
}

/// Which methods put the p-value below the level of the study, when they do not agree.
fn disagree(view: &View, rows: &[&EstimateRow]) -> Option<String> {
    let alpha = 1.0 - view.results.design.level - 1e-12;
    // other models answer another question
    let same = |row: &&&EstimateRow| row.model == rows[0].model;
    let tested = || rows.iter().filter(same).filter_map(|row| Some((row, row.p_value?)));
    let names = |low: bool| -> Vec<String> {
        let chosen = tested().filter(|(_, p)| (*p < alpha) == low);
        chosen.map(|(row, _)| methods::mention(view, &row.method)).collect()
    };
    let (below, above) = (names(true), names(false));
    if below.is_empty() || above.is_empty() {
        return None;
    }
    let arguments = [
        ("alpha", view.alpha().into()),
        ("below", view.words.list(&below).into()),
        ("above", view.words.list(&above).into()),
    ];
    Some(view.words.with("sure-disagree", &arguments))
}

fn trend(view: &View, facts: &OutcomeFacts) -> [Block; 2] {
    let told = view.trend(&facts.id, &view.main.id).map_or_else(
        || view.words.text("trend-absent"),
        |check| sentences::trend::sentences(view, check).join(" "),
    );
    [Block::heading(4, view.words.text("heading-trend")), Block::paragraph(told)]
}
