//! Which protocol, program, seed and inputs gave these numbers.

use crate::document::{Block, Cell, Row, Table, Term, TermsKind, Text};
use crate::page::{status, table};
use crate::view::View;

/// The section on provenance.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let mut blocks = vec![
        Block::paragraph(view.words.text("provenance-why")),
        Block::Terms { kind: TermsKind::Facts, items: facts(view) },
    ];
    blocks.extend(status::history(view));
    if !view.results.provenance.inputs.is_empty() {
        blocks.push(Block::Table(inputs(view)));
    }
    Some(blocks)
}

fn facts(view: &View) -> Vec<Term> {
    let provenance = &view.results.provenance;
    let code = |words: &str| Text::default().code(words);
    let items = [
        ("fact-protocol", code(&provenance.protocol_hash)),
        ("fact-version", format!("verschil {}", provenance.version).into()),
        ("fact-seed", code(&provenance.seed.to_string())),
        ("fact-schema", code(&view.results.schema)),
    ];
    let term = |(key, text)| Term { name: view.words.text(key), text: Some(text) };
    items.into_iter().map(term).collect()
}

fn inputs(view: &View) -> Table {
    let heads = ["column-source", "column-file", "column-bytes", "column-hash"];
    let label = view.words.text("table-inputs");
    let rows = view.results.provenance.inputs.iter().map(|input| {
        Row::of(vec![
            Cell::words(input.source.as_str()),
            Cell::words(input.file.as_str()),
            Cell::number(view.numbers.whole(input.bytes)),
            Cell::words(Text::default().code(input.sha256.as_str())),
        ])
    });
    table::of_words(view, label.clone(), &label, &heads, rows)
}
