//! Decodes person keys, links and subgroups, and makes their columns known to expressions.

use std::sync::Arc;

use crate::expression::{CodeList, Columns, Expression, Validity};
use crate::problem::Place;
use crate::protocol::codelist::{self, Codelist};
use crate::protocol::node::Node;
use crate::protocol::texts::{beside, load};
use crate::protocol::view::{Reading, View};
use crate::protocol::{Link, LinkageWeights, STRATA, Several, Source, SourceKey, Subgroup};

/// The column that every link has.
pub(crate) const LINKED: &str = "linked";

/// Keys of persons of a source.
pub(super) fn source_keys(view: &View<'_>) -> Vec<SourceKey> {
    let declared = Columns::new(view.named("columns").iter().map(|(name, _)| name.clone()));
    let column = |name: String| declared.find(&name).map_or(name.clone(), str::to_owned);
    view.named("keys")
        .iter()
        .map(|(name, node)| {
            let view = View::new("sources.*.keys.*", Some(node));
            SourceKey {
                name: name.clone(),
                kind: view.maybe_word("kind").map(column),
                valid: view.words("valid"),
                number: column(view.word("number")),
                digits: u8::try_from(view.integer("digits")).unwrap_or_default(),
                pad: view.flag("pad"),
                place: node.key.clone().unwrap_or_else(|| node.place.clone()),
            }
        })
        .collect()
}

/// Names that expressions over a source may use: its columns and its keys.
pub(crate) fn names(source: &Source) -> impl Iterator<Item = String> + '_ {
    let columns = source.columns.iter().map(|column| column.name.clone());
    columns.chain(source.keys.iter().map(|key| key.name.clone()))
}

/// Lists of codes, each read from its file.
pub(super) fn codelists(reading: &mut Reading<'_>, top: &View<'_>) -> Vec<Codelist> {
    let mut lists = Vec::new();
    for (name, node) in top.named("codelists") {
        let view = View::new("codelists.*", Some(node));
        let mut list = Codelist {
            name: name.clone(),
            file: view.word("file"),
            codes: Vec::new(),
            sha256: String::new(),
            place: node.place.clone(),
        };
        let place = node.child("file").map(|file| &file.place);
        let sound = place.filter(|place| reading.report.sound(&place.path));
        let text = sound.and_then(|place| load(reading.report, reading.loader, place, &list.file));
        if let Some(text) = text {
            let file = beside(reading.report.file(), &list.file);
            list.sha256 = codelist::sha256(&text);
            list.codes = codelist::codes(reading.report, name, &file, &text);
        }
        lists.push(list);
    }
    lists
}

/// The lists as expressions need them.
pub(super) fn code_lists(lists: &[Codelist]) -> Arc<Vec<CodeList>> {
    let window = |code: &codelist::Code| (code.valid_from, code.valid_to);
    let codes = |list: &Codelist| -> Vec<(String, Validity)> {
        list.codes.iter().map(|code| (code.code.clone(), window(code))).collect()
    };
    // nothing can be said of a list that could not be read, and its problem is told already
    let read = lists.iter().map(|list| CodeList::new(&list.name, &codes(list)));
    Arc::new(read.collect())
}

/// Links in order; each makes its columns known to what is read after it.
pub(super) fn links(
    reading: &mut Reading<'_>,
    population: View<'_>,
    sources: &[Source],
) -> Vec<Link> {
    let lists = Arc::clone(&reading.lists);
    let known = sources.iter().map(|source| {
        (source.name.as_str(), Columns::new(names(source)).with_lists(Arc::clone(&lists)))
    });
    let known: Vec<(&str, Columns)> = known.collect();
    population
        .tables("population.link", "link")
        .into_iter()
        .map(|view| {
            let source = view.word("source");
            let own = known.iter().find(|(name, _)| *name == source).map(|(_, columns)| columns);
            link(reading, view, source, own)
        })
        .collect()
}

fn link(reading: &mut Reading<'_>, view: View<'_>, source: String, own: Option<&Columns>) -> Link {
    let spelling =
        |name: String| own.and_then(|own| own.find(&name)).map(str::to_owned).unwrap_or(name);
    let on = view.expressions(reading, "on");
    let on = on.into_iter().map(|(name, value)| (spelling(name), value)).collect();
    let inner = own.cloned().unwrap_or_default();
    let (condition, sums) = reading.within(inner, |reading| {
        (view.maybe_expression(reading, "where"), view.expressions(reading, "sums"))
    });
    let id = view.word("id");
    add_table(reading, &id, own, &sums);
    Link {
        label: view.text(reading, "label"),
        several: view.choice("several", Several::from_id, Several::Unlinked),
        place: view.place(),
        id,
        source,
        on,
        condition,
        sums,
    }
}

/// Makes the columns of a link known: its sums if it has any, else those of its source.
fn add_table(
    reading: &mut Reading<'_>,
    id: &str,
    own: Option<&Columns>,
    sums: &[(String, Expression)],
) {
    let linked = std::iter::once(LINKED.to_owned());
    if !sums.is_empty() {
        let names = sums.iter().map(|(name, _)| name.clone());
        let columns = Columns::new(names.chain(linked));
        let advice = "this link has many rows per key; declare what is needed under its `sums`";
        reading.columns.add_table(id, Some(&columns), advice);
    } else if let Some(own) = own {
        let columns = Columns::new(own.names().map(str::to_owned).chain(linked));
        let advice = "declare it under the link's source";
        reading.columns.add_table(id, Some(&columns), advice);
    } else {
        reading.columns.add_table(id, None, "");
    }
}

/// Subgroups; `base` is what is known of a row whether it is linked or not.
pub(super) fn subgroups(reading: &mut Reading<'_>, top: &View<'_>, base: Columns) -> Vec<Subgroup> {
    let advice = "a subgroup is known whether a row is linked or not: \
                  it uses the population's source and `register`";
    let base = base.called("a declared column", advice);
    reading.within(base, |reading| super::each(reading, top, "subgroup", subgroup))
}

fn subgroup(reading: &mut Reading<'_>, view: View<'_>) -> Subgroup {
    Subgroup {
        id: view.word("id"),
        label: view.text(reading, "label"),
        value: view.expression(reading, "value"),
        codelist: view.maybe_word("codelist"),
        levels: super::texts(reading, &view, "levels"),
        place: view.place(),
    }
}

/// Weights of the linked; without a list, strata are by period and every subgroup.
pub(super) fn weights(view: View<'_>, subgroups: &[Subgroup]) -> Option<LinkageWeights> {
    let every = || {
        let groups = subgroups.iter().map(|group| group.id.clone());
        std::iter::once(STRATA[0].to_owned()).chain(groups).collect()
    };
    view.exists().then(|| LinkageWeights {
        links: view.words("links"),
        by: if view.has("by") { view.words("by") } else { every() },
        min_stratum: view.count("min_stratum"),
        max_weight: view.maybe_number("max_weight"),
        place: view.place(),
    })
}

/// Where the name of a key under `on` stands, by the name as written.
pub(crate) fn on_places(link: &Node) -> Vec<(String, Place)> {
    let on = link.child("on").map_or(&[][..], Node::table);
    on.iter()
        .map(|(name, node)| (name.clone(), node.key.clone().unwrap_or(node.place.clone())))
        .collect()
}
