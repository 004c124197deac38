//! The effects once more, with linked units weighted to stand for all.

use verschil_study::results::OutcomeFacts;

use crate::document::{Block, Cell, ListKind, Row, Rows, Table, TableKind, Text};
use crate::page::{found, table};
use crate::sentences::weights::{compared, row, sentences};
use crate::view::View;

/// The part of the section on linkage; nothing where the protocol asks for no weights.
pub(crate) fn part(view: &View) -> Option<Vec<Block>> {
    let facts = view.results.linkage_weight_facts.as_ref()?;
    let title = view.words.text("table-weights");
    let text = view.soft(&view.words.text("heading-weights")).into();
    let why = view.words.with("weights-why", &[("noun", view.units().into())]);
    let mut blocks = vec![
        Block::Heading { level: 3, id: Some("linkage-weights".to_owned()), text },
        Block::paragraph(why),
    ];
    blocks.extend(compared(view).map(|told| Block::paragraph(Text::default().strong(told))));
    blocks.push(table::list(ListKind::Points, &sentences(view, facts)));
    blocks.push(if view.many() {
        // folded, it stands below its title
        table::folded(&title, effects(view, &title, ""))
    } else {
        Block::Table(effects(view, &title, &title))
    });
    let note = view.words.with("comparisons-note", &[("level", view.confidence().into())]);
    blocks.push(Block::caption(note));
    Some(blocks)
}

fn effects(view: &View, label: &str, caption: &str) -> Table {
    let heads = ["column-outcome", "column-unweighted", "column-weighted"];
    Table {
        kind: TableKind::Numbers,
        label: label.to_owned(),
        caption: table::caption(view, caption),
        columns: table::heads(view, &heads, &[]),
        rows: Rows::nameless(view.by_domain().iter().map(|facts| effect(view, facts)).collect()),
    }
}

fn effect(view: &View, facts: &OutcomeFacts) -> Row {
    let measure = view.measure(facts);
    let (plain, weighted) = (view.main_row(facts), row(view, facts));
    let cell = |row| Cell::number(found::with_interval(view, facts, row));
    // once, or on a narrow screen the second effect would not be seen beside the first
    let name = Text::from(view.soft(view.name(facts)))
        .flag(table::caution(view, plain.and_then(|row| row.trend_holds)))
        .unit(measure.effect_unit());
    Row::of(vec![Cell::number(name), cell(plain), cell(weighted)])
}
