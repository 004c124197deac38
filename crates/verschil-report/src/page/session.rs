//! Sheets for a meeting with the field: a figure, three sentences, what would explain it, and room
//! for notes.

use verschil_study::results::{OutcomeFacts, RegionFacts};

use crate::document::{Block, ListKind, Parts, Section};
use crate::figure::slug;
use crate::figures;
use crate::page::{found, table, treated};
use crate::sentences;
use crate::view::View;

/// Lines to write on.
const LINES: u8 = 8;

/// One sheet per outcome, then one per treated region.
pub(crate) fn sections(view: &View) -> Vec<Section> {
    let outcomes = view.by_domain().into_iter().map(|facts| of_outcome(view, facts));
    let regions = treated::regions(view);
    let regions = regions.into_iter().map(|region| of_region(view, region));
    outcomes.chain(regions).collect()
}

fn sheet(id: &str, heading: String, mut blocks: Vec<Block>, view: &View) -> Section {
    blocks.push(Block::Notes { title: view.words.text("session-notes"), lines: LINES });
    Section { id: format!("sheet-{}", slug(id)), heading, parts: Parts::default(), blocks }
}

fn of_outcome(view: &View, facts: &OutcomeFacts) -> Section {
    let mut blocks = vec![Block::paragraph(found::verdict(view, facts, false))];
    let drawn = figures::levels(view, facts).or_else(|| figures::event(view, facts));
    blocks.extend(drawn.map(|drawn| table::figure(view, drawn)));
    blocks.push(Block::heading(3, view.words.text("session-explain")));
    blocks.push(table::list(ListKind::Points, &questions(view, facts)));
    sheet(&facts.id, view.soft(view.name(facts)), blocks, view)
}

/// What to ask of this outcome: about the change or its absence, the trend before, the regions.
fn questions(view: &View, facts: &OutcomeFacts) -> Vec<String> {
    let phrase = || view.phrase(facts).to_owned();
    let row = view.main_row(facts).filter(|row| row.estimate.is_some());
    let clear = row.is_some_and(|row| sentences::clear(view, row));
    let first = if clear { "session-ask-change" } else { "session-ask-unknown" };
    let about = [("phrase", phrase().into()), ("intervention", view.intervention().into())];
    let mut asked = vec![view.words.with(first, &about)];
    if row.is_some_and(|row| row.trend_holds == Some(false)) {
        asked.push(view.words.text("session-ask-trend"));
    }
    asked.push(view.words.text("session-ask-else"));
    if treated::regions(view).len() > 1 {
        asked.push(view.words.text("session-ask-regions"));
    }
    asked
}

fn of_region(view: &View, region: &RegionFacts) -> Section {
    let mut blocks: Vec<Block> =
        treated::told(view, region).into_iter().take(3).map(Block::paragraph).collect();
    let drawn = figures::forest_of_region(view, &region.id);
    blocks.extend(drawn.map(|drawn| table::figure(view, drawn)));
    blocks.push(Block::heading(3, view.words.text("session-explain")));
    let name = [("name", view.region(&region.id).into())];
    let asked = ["session-ask-here", "session-ask-recognise", "session-ask-coding"];
    let asked: Vec<String> = asked.iter().map(|key| view.words.with(key, &name)).collect();
    blocks.push(table::list(ListKind::Points, &asked));
    sheet(&format!("region-{}", region.id), view.soft(&view.region(&region.id)), blocks, view)
}
