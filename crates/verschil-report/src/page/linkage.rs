//! How the sources were linked, how many were found, and who was not.

use verschil_study::results::LinkFacts;

use crate::document::{Block, Entry, Link, Parts, Table};
use crate::figure::slug;
use crate::figures;
use crate::page::{table, weights};
use crate::sentences::linkage::sentences;
use crate::view::View;
use crate::words::capital;

/// The id of a link's part of the page.
pub(crate) fn anchor(link: &LinkFacts) -> String {
    format!("link-{}", slug(&link.id))
}

/// The section on linkage; nothing when only one source was read.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let sources = sources(view);
    let links = &view.results.links;
    if sources.is_none() && links.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    if !links.is_empty() {
        let why = view.words.with("linkage-why", &[("units", view.units().into())]);
        blocks.push(Block::paragraph(why));
        blocks.extend(table::captioned(view, keys(view)));
    }
    blocks.extend(links.iter().flat_map(|link| part(view, link)));
    blocks.extend(weights::part(view).into_iter().flatten());
    if let Some(table) = sources {
        blocks.extend(table::captioned(view, table));
        blocks.push(Block::caption(view.words.text("linkage-note")));
    }
    Some(blocks)
}

/// Links, for the contents.
pub(crate) fn parts(view: &View) -> Parts {
    let entry = |to: String, words: String| Entry::To(Link { to, words });
    let links = view.results.links.iter();
    let mut entries: Vec<Entry> =
        links.map(|link| entry(anchor(link), view.soft(view.label(&link.label)))).collect();
    if !entries.is_empty() && view.results.linkage_weight_facts.is_some() {
        let words = view.soft(&view.words.text("heading-weights"));
        entries.push(entry("linkage-weights".to_owned(), words));
    }
    Parts { summary: None, entries }
}

/// How one source was linked.
fn part(view: &View, link: &LinkFacts) -> Vec<Block> {
    let label = view.label(&link.label);
    let text = view.soft(&capital(label)).into();
    let mut blocks = vec![Block::Heading { level: 3, id: Some(anchor(link)), text }];
    blocks.extend(table::points(&sentences(view, link)));
    blocks.extend(figures::linkage(view, &link.id, label).map(|drawn| table::figure(view, drawn)));
    let more: Vec<_> = figures::linkage_love(view, &link.id, label)
        .into_iter()
        .chain(figures::maps_of_linkage(view, &link.id, label))
        .collect();
    if !more.is_empty() {
        let title = view.words.text("linkage-more");
        blocks.push(Block::Folded { title, repeats: false, blocks: table::figures(view, more) });
    }
    blocks
}

/// Units, linked ones and keys of every link.
fn keys(view: &View) -> Table {
    let heads = [
        "column-link",
        "column-units",
        "column-linked",
        "column-share",
        "column-without-key",
        "column-duplicate-keys",
        "column-conflicting-keys",
    ];
    let columns = heads.map(|key| view.words.text(key));
    let whole =
        |count: Option<u64>| count.map_or_else(|| view.missing(), |n| view.numbers.whole(n));
    let rows: Vec<Vec<String>> = view
        .results
        .links
        .iter()
        .map(|link| {
            let rate = view.rates(&link.id).find(|rate| rate.dimension == "all");
            let keys = view.results.linkage_keys.iter().find(|keys| keys.link == link.id);
            let share = rate.and_then(|rate| rate.share);
            vec![
                view.label(&link.label).to_owned(),
                whole(rate.map(|rate| rate.units)),
                whole(rate.map(|rate| rate.linked)),
                share.map_or_else(|| view.missing(), |s| view.percent(s * 100.0, 1)),
                whole(keys.map(|keys| keys.without_key)),
                whole(keys.map(|keys| keys.duplicate_keys)),
                whole(keys.map(|keys| keys.conflicting_keys)),
            ]
        })
        .collect();
    table::plain(view, &view.words.text("table-links"), &columns, &rows)
}

/// What each source brought, where there is more than the base.
fn sources(view: &View) -> Option<Table> {
    let rows = &view.results.linkage;
    if rows.len() < 2 {
        return None;
    }
    let columns = ["column-source", "column-rows", "column-linked", "column-share"]
        .map(|key| view.words.text(key));
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let name = row.source.clone();
            let name = if row.role == "base" {
                view.words.with("linkage-base", &[("source", name.into())])
            } else {
                name
            };
            let share = row.share.map(|share| view.percent(share * 100.0, 1));
            vec![
                name,
                view.numbers.whole(row.rows),
                view.numbers.whole(row.linked),
                share.unwrap_or_else(|| view.missing()),
            ]
        })
        .collect();
    Some(table::plain(view, &view.words.text("table-linkage"), &columns, &body))
}
