//! How the sources were linked, how many were found, and who was not.

use maud::{Markup, html};
use verschil_study::results::LinkFacts;

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
pub(crate) fn section(view: &View) -> Option<Markup> {
    let sources = sources(view);
    let links = &view.results.links;
    if sources.is_none() && links.is_empty() {
        return None;
    }
    Some(html! {
        @if !links.is_empty() {
            p { (view.words.with("linkage-why", &[("units", view.units().into())])) }
            (keys(view))
        }
        @for link in links {
            @let label = view.label(&link.label);
            h3 id=(anchor(link)) { (view.soft(&capital(label))) }
            (table::points(&sentences(view, link)))
            @if let Some(figure) = figures::linkage(view, &link.id, label) {
                div.figures.single { (table::figure(view, &figure)) }
            }
            @let more: Vec<_> = figures::linkage_love(view, &link.id, label)
                .into_iter()
                .chain(figures::maps_of_linkage(view, &link.id, label))
                .collect();
            @if !more.is_empty() {
                details.folded {
                    summary { (view.words.text("linkage-more")) }
                    (table::figures(view, &more))
                }
            }
        }
        @if let Some(part) = weights::part(view) { (part) }
        @if let Some(table) = sources { (table) p.caption { (view.words.text("linkage-note")) } }
    })
}

/// Units, linked ones and keys of every link.
fn keys(view: &View) -> Markup {
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
    table::captioned(view, "table-links", &table::plain(view, &columns, &rows))
}

/// What each source brought, where there is more than the base.
fn sources(view: &View) -> Option<Markup> {
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
    Some(table::captioned(view, "table-linkage", &table::plain(view, &columns, &body)))
}
