//! What was found in each treated region.

use verschil_study::results::{EstimateRow, OutcomeFacts, RegionFacts};

use crate::document::{Block, Cell, Entry, Link, Parts, Row, Table, TableKind, Text};
use crate::figure::slug;
use crate::figures;
use crate::page::regions::masked;
use crate::page::{found, table};
use crate::sentences;
use crate::view::View;

/// An outcome with the row of its effect in one region.
type Effect<'a> = (&'a OutcomeFacts, &'a EstimateRow);

/// The id of a region's part of the page.
fn anchor(region: &RegionFacts) -> String {
    format!("region-{}", slug(&region.id))
}

/// Treated regions that have an effect of their own.
pub(crate) fn regions<'a>(view: &View<'a>) -> Vec<&'a RegionFacts> {
    let treated = view.results.design.treated.iter();
    let told = |region: &&RegionFacts| {
        view.results.outcomes.iter().any(|facts| estimated(view, facts, region).is_some())
    };
    let found: Vec<_> = treated.filter(told).collect();
    // one region is the whole treated group
    if view.results.design.treated.len() > 1 { found } else { Vec::new() }
}

fn estimated<'a>(
    view: &View<'a>,
    facts: &OutcomeFacts,
    region: &RegionFacts,
) -> Option<&'a EstimateRow> {
    let row = view.headline(&facts.id, &format!("region:{}", region.id), &view.main.id);
    row.filter(|row| row.estimate.is_some())
}

/// One part per region; nothing where the run has no effects per region.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let regions = regions(view);
    if regions.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::paragraph(view.words.text("treated-why"))];
    blocks.extend(masked(view));
    let shared = shared(view, &regions);
    blocks.extend(shared.iter().flatten().map(|words| Block::paragraph(words.as_str())));
    for region in regions {
        let blocks_of = part(view, region, shared.is_some());
        blocks.push(Block::Part { id: anchor(region), blocks: blocks_of });
    }
    Some(blocks)
}

/// Regions, for the contents.
pub(crate) fn parts(view: &View) -> Parts {
    let entry = |region: &&RegionFacts| {
        Entry::To(Link { to: anchor(region), words: view.region(&region.id) })
    };
    let regions = regions(view);
    let n = regions.len();
    let summary = (n > 8).then(|| view.words.with("treated-list", &[("n", n.into())]));
    Parts { summary, entries: regions.iter().map(entry).collect() }
}

/// What holds for the numbers of every region, so that it is said once.
fn shared(view: &View, regions: &[&RegionFacts]) -> Option<Vec<String>> {
    let of = |region: &&RegionFacts| bearing(view, &effects_of(view, region));
    let first = of(regions.first()?);
    (regions.len() > 1 && regions.iter().all(|region| of(region) == first)).then_some(first)
}

fn part(view: &View, region: &RegionFacts, shared: bool) -> Vec<Block> {
    let name = view.region(&region.id);
    let mut blocks = vec![Block::heading(3, view.soft(&name))];
    let rows = effects_of(view, region);
    blocks.push(Block::paragraph(counts(view, region, &rows)));
    if !shared {
        blocks.extend(bearing(view, &rows).into_iter().map(Block::paragraph));
    }
    if let Some(drawn) = figures::forest_of_region(view, &region.id) {
        blocks.push(table::figure(view, drawn));
    }
    let outcomes = view.results.outcomes.len();
    let title =
        view.words.with("table-treated", &[("name", name.into()), ("outcomes", outcomes.into())]);
    blocks.push(table::folded(&title, effects(view, region, &title)));
    blocks
}

/// How many outcomes changed clearly here, which ones, and what few regions can show.
pub(crate) fn told(view: &View, region: &RegionFacts) -> Vec<String> {
    let rows = effects_of(view, region);
    std::iter::once(counts(view, region, &rows)).chain(bearing(view, &rows)).collect()
}

/// Outcomes with an effect of this region, domains in order.
fn effects_of<'a>(view: &View<'a>, region: &RegionFacts) -> Vec<Effect<'a>> {
    let all = view.by_domain().into_iter();
    all.filter_map(|facts| Some((facts, estimated(view, facts, region)?))).collect()
}

fn counts(view: &View, region: &RegionFacts, rows: &[Effect]) -> String {
    let clear: Vec<String> = rows
        .iter()
        .filter(|(_, row)| sentences::clear(view, row))
        .filter_map(|(facts, row)| Some(sentences::effect::change(view, facts, row.estimate?)))
        .collect();
    let counts = [
        ("name", view.region(&region.id).into()),
        ("n", rows.len().into()),
        ("clear", clear.len().into()),
        ("list", view.words.list(&clear).into()),
    ];
    view.words.with("treated-counts", &counts)
}

/// What these numbers can bear: few regions and many outcomes show little.
fn bearing(view: &View, rows: &[Effect]) -> Vec<String> {
    let first = rows.iter().take(1);
    let mut told: Vec<String> =
        first.flat_map(|(_, row)| sentences::permutation::sentences(view, row)).collect();
    if rows.len() > 1 {
        told.push(view.words.with("treated-many", &[("n", rows.len().into())]));
    }
    told
}

fn effects(view: &View, region: &RegionFacts, label: &str) -> Table {
    let heads = ["column-outcome", "column-here", "column-p", "column-together"];
    Table {
        kind: TableKind::Numbers,
        label: label.to_owned(),
        caption: table::caption(view, ""),
        columns: table::heads(view, &heads, &[]),
        rows: table::by_domain(view, |facts| effect(view, facts, region)),
    }
}

fn effect(view: &View, facts: &OutcomeFacts, region: &RegionFacts) -> Row {
    let measure = view.measure(facts);
    let pair = |row| Cell::number(found::with_interval(view, facts, row));
    let here = estimated(view, facts, region);
    let p = here.and_then(|row| row.p_value);
    let together = view.main_row(facts);
    let name = Text::from(view.soft(view.name(facts)))
        .flag(table::caution(view, together.and_then(|row| row.trend_holds)))
        .unit(measure.effect_unit());
    Row::of(vec![
        Cell::number(name),
        pair(here),
        Cell::number(p.map_or_else(|| view.missing(), |p| view.numbers.p_value(p))),
        pair(together),
    ])
}
