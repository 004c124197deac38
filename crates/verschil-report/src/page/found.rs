//! What was found: sentences, the table of effects, the forest and the other comparisons.

use verschil_study::results::{ComparisonFacts, EstimateRow, OutcomeFacts};

use crate::document::{Block, Cell, Column, Link, Row, Rows, Table, TableKind, Text, Told, Voice};
use crate::figures;
use crate::page::{outcome, table};
use crate::range::Range;
use crate::sentences;
use crate::view::View;
use crate::words::capital;

/// The section on findings.
pub(crate) fn section(view: &View) -> Option<Vec<Block>> {
    let source = sentences::effect::shared_source(view);
    let read = view.words.with("found-read", &[("alpha", view.alpha().into())]);
    let mut blocks = vec![Block::Paragraph { voice: Voice::Reading, text: read.into() }];
    blocks.extend(common(view, source.as_deref()).into_iter().map(Block::paragraph));
    if !view.many() {
        blocks.push(in_words(view, source.is_none()));
    }
    blocks.extend(units(view, "units-effects").map(Block::caption));
    blocks.push(Block::Table(effects(view)));
    let note = [("level", view.confidence().into()), ("base", sentences::base(view).into())];
    blocks.push(Block::caption(view.words.with("table-effects-note", &note)));
    blocks.push(figures::forest(view).map_or_else(
        || Block::paragraph(view.words.text("forest-absent")),
        |drawn| table::figure(view, drawn),
    ));
    blocks.extend(table::figures(view, figures::spending(view)));
    if view.many() {
        let title = view.words.text("found-in-words");
        let told = vec![in_words(view, source.is_none())];
        blocks.push(Block::Folded { title, repeats: true, blocks: told });
    }
    Some(blocks)
}

/// The unit of binary outcomes, said once for a table; `key` ends the words for it.
pub(crate) fn units(view: &View, key: &'static str) -> Option<String> {
    let outcomes = &view.results.outcomes;
    let binary = outcomes.iter().filter(|facts| facts.kind == "binary").count();
    let all = if binary == outcomes.len() { "yes" } else { "no" };
    (binary > 0).then(|| view.words.with(key, &[("all", all.into())]))
}

/// What is told about each outcome.
fn in_words(view: &View, sources: bool) -> Block {
    let told = |facts: &OutcomeFacts| {
        let row = view.main_row(facts);
        Told {
            link: Link { to: outcome::anchor(facts), words: view.soft(view.name(facts)) },
            flag: table::caution(view, row.and_then(|row| row.trend_holds)),
            text: verdict(view, facts, sources),
        }
    };
    Block::Findings { items: view.by_domain().into_iter().map(told).collect() }
}

/// The sentences of an outcome, the verdict first.
pub(crate) fn verdict(view: &View, facts: &OutcomeFacts, sources: bool) -> Text {
    let (verdict, rest) = sentences::effect::parts(view, facts, sources);
    Text::default().strong(verdict).words(" ").words(rest.join(" "))
}

/// What holds for all outcomes: where the numbers come from, and that there are many.
fn common(view: &View, source: Option<&[String]>) -> Vec<String> {
    let mut paragraphs: Vec<String> = source.map(|told| told.join(" ")).into_iter().collect();
    let n = view.results.outcomes.len();
    if n > 1 {
        paragraphs.push(view.words.with("found-many", &[("n", n.into())]));
    }
    paragraphs
}

/// Columns that not every study needs.
struct Columns {
    base: bool,
    method: bool,
}

impl Columns {
    fn of(view: &View) -> Self {
        let rows: Vec<&EstimateRow> =
            view.results.outcomes.iter().filter_map(|facts| view.main_row(facts)).collect();
        let pre_mean = view.results.design.relative_base != "counterfactual";
        Self {
            base: pre_mean && rows.iter().any(|row| row.base.is_some()),
            method: rows.len() < 2 || rows.iter().any(|row| row.method != rows[0].method),
        }
    }

    fn heads(&self, view: &View) -> Vec<&'static str> {
        let mut heads = vec!["column-outcome"];
        heads.extend(self.base.then_some("column-base"));
        heads.extend(["column-observed", "column-counterfactual", "column-effect-interval"]);
        let counterfactual = view.results.design.relative_base == "counterfactual";
        heads.push(if counterfactual {
            "column-relative-counterfactual"
        } else {
            "column-relative-pre-mean"
        });
        heads.push("column-p");
        heads.extend(self.method.then_some("column-method"));
        heads
    }
}

fn effects(view: &View) -> Table {
    let columns = Columns::of(view);
    let heads = columns.heads(view);
    let outcomes = view.results.outcomes.len();
    let label = view.words.with("table-effects", &[("outcomes", outcomes.into())]);
    Table {
        kind: TableKind::Effects,
        caption: table::caption(view, &label),
        label,
        columns: table::heads(view, &heads, &["column-method"]),
        rows: table::by_domain(view, |facts| effect(view, facts, &columns, heads.len() - 1)),
    }
}

fn effect(view: &View, facts: &OutcomeFacts, columns: &Columns, width: usize) -> Row {
    let Some(row) = view.main_row(facts).filter(|row| row.estimate.is_some()) else {
        return Row::of(vec![Cell::number(view.name(facts)), Cell::absent(view.missing(), width)]);
    };
    let measure = view.measure(facts);
    let level = |value: Option<f64>| {
        Cell::number(value.map_or_else(|| view.missing(), |value| measure.level_in_table(value)))
    };
    let without = || view.words.text("no-base");
    let name = Text::from(view.soft(view.name(facts)))
        .flag(table::caution(view, row.trend_holds))
        .unit(measure.table_unit());
    let mut cells = vec![Cell::number(name)];
    if columns.base {
        let base = row.base.map_or_else(without, |base| measure.level_in_table(base));
        cells.push(Cell::number(base));
    }
    cells.extend([level(row.observed), level(row.counterfactual)]);
    cells.push(Cell::number(with_interval(view, facts, Some(row))));
    cells.push(Cell::number(if row.relative.is_none() {
        without().into()
    } else {
        pair(view, row.relative, Range::relative(row), |end| view.relative(end))
    }));
    let p = row.p_value.map_or_else(|| view.missing(), |p| view.numbers.p_value(p));
    cells.push(Cell::number(p));
    if columns.method {
        cells.push(Cell::words(crate::methods::short(view, &row.method)));
    }
    Row::of(cells)
}

/// The effect of a row with its interval beneath; that it is not there, where there is no row.
pub(crate) fn with_interval(view: &View, facts: &OutcomeFacts, row: Option<&EstimateRow>) -> Text {
    let measure = view.measure(facts);
    row.map_or_else(
        || view.missing().into(),
        |row| pair(view, row.estimate, Range::effect(row), |end| measure.bare(end)),
    )
}

/// An estimate with its interval beneath.
fn pair(view: &View, value: Option<f64>, range: Range, end: impl Fn(f64) -> String) -> Text {
    let Some(value) = value else {
        return view.missing().into();
    };
    let text = Text::default().strong(end(value));
    text.below(if range == Range::Missing {
        view.words.text("interval-not-available")
    } else {
        view.range(range, end)
    })
}

/// The same outcomes against the other control groups.
pub(crate) fn comparisons(view: &View) -> Option<Vec<Block>> {
    let all = &view.results.design.comparisons;
    if all.len() < 2 {
        return None;
    }
    let label = view.words.text("table-comparisons");
    let mut columns = vec![Column::number(view.words.text("column-outcome"))];
    columns.extend(all.iter().map(|comparison| Column::number(head(view, comparison))));
    let row = |facts: &&OutcomeFacts| {
        let unit = view.measure(facts).table_unit();
        let mut cells = vec![Cell::number(Text::from(view.soft(view.name(facts))).unit(unit))];
        cells.extend(all.iter().map(|comparison| {
            Cell::number(cell(view, facts, view.headline(&facts.id, "main", &comparison.id)))
        }));
        Row::of(cells)
    };
    let table = Table {
        kind: TableKind::Numbers,
        caption: table::caption(view, &label),
        label,
        columns,
        rows: Rows::nameless(view.by_domain().iter().map(row).collect()),
    };
    let mut blocks = vec![Block::paragraph(view.words.text("comparisons-why"))];
    blocks.extend(units(view, "units-comparisons").map(Block::caption));
    blocks.push(Block::Table(table));
    let note = view.words.with("comparisons-note", &[("level", view.confidence().into())]);
    blocks.push(Block::caption(note));
    Some(blocks)
}

fn head(view: &View, comparison: &ComparisonFacts) -> Text {
    let mut regions = view.regions(view.controls(comparison));
    if comparison.id == view.main.id {
        regions = format!("{regions}, {}", view.words.text("comparison-main"));
    }
    Text::from(capital(view.label(&comparison.label))).below(regions)
}

fn cell(view: &View, facts: &OutcomeFacts, row: Option<&EstimateRow>) -> Text {
    with_interval(view, facts, row).flag(table::caution(view, row.and_then(|row| row.trend_holds)))
}
