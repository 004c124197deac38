//! Whether what was analysed had been fixed before: at the head, on every page, and in full.

use maud::{Markup, html};
use verschil_study::results::{AmendmentFacts, LockFacts};

use crate::page::table;
use crate::view::View;

/// How a run stands to the lock of its protocol.
#[derive(Clone, Copy)]
enum Status {
    Locked,
    /// Changed since, with a record; whether some change came after results had been seen.
    Amended {
        late: bool,
    },
    Exploratory,
    /// There is a lock, but the protocol is another than the one that was fixed.
    Differs,
}

impl Status {
    fn of(view: &View) -> Self {
        let provenance = &view.results.provenance;
        let lock = provenance.lock.as_ref();
        // results of an earlier version say only whether they were locked
        match (provenance.status.as_str(), provenance.locked) {
            ("amended", _) => {
                Self::Amended { late: lock.is_some_and(|l| l.amendments.iter().any(is_late)) }
            }
            ("locked", _) | ("", true) => Self::Locked,
            _ if lock.is_some_and(|lock| !lock.differences.is_empty()) => Self::Differs,
            _ => Self::Exploratory,
        }
    }

    /// Class, head, text and what every page says.
    fn words(self) -> [&'static str; 4] {
        match self {
            Self::Locked => {
                ["status locked", "status-locked", "status-locked-text", "status-running-locked"]
            }
            Self::Amended { late: false } => {
                ["status locked", "status-amended", "status-amended-text", "status-running-amended"]
            }
            Self::Amended { late: true } => [
                "status exploratory",
                "status-amended-late",
                "status-amended-late-text",
                "status-running-amended-late",
            ],
            Self::Exploratory => [
                "status exploratory",
                "status-exploratory",
                "status-exploratory-text",
                "status-running-head",
            ],
            Self::Differs => [
                "status exploratory",
                "status-differs",
                "status-differs-text",
                "status-running-differs",
            ],
        }
    }
}

fn is_late(amendment: &AmendmentFacts) -> bool {
    amendment.seen == "results"
}

fn amendments(view: &View) -> usize {
    view.results.provenance.lock.as_ref().map_or(0, |lock| lock.amendments.len())
}

/// At the head of the report: the status, and what is withheld.
pub(crate) fn banner(view: &View) -> Markup {
    let [class, head, text, _] = Status::of(view).words();
    let head = view.words.with(head, &[("n", amendments(view).into())]);
    let provenance = &view.results.provenance;
    html! {
        div class=(class) role="note" { strong { (head) } " " (view.words.text(text)) }
        @if provenance.blind {
            div class="status exploratory" role="note" {
                strong { (view.words.text("status-blind")) } " " (view.words.text("status-blind-text"))
            }
        }
        @if !provenance.blocked.is_empty() {
            div class="status exploratory" role="note" {
                strong { (view.words.text("status-blocked")) } " " (blocked(view))
            }
        }
    }
}

fn blocked(view: &View) -> String {
    let ids = view.results.provenance.blocked.iter();
    let names: Vec<String> =
        ids.filter_map(|id| Some(view.phrase(view.outcome(id)?).to_owned())).collect();
    let arguments = [("list", view.words.list(&names).into()), ("n", names.len().into())];
    view.words.with("status-blocked-text", &arguments)
}

/// What stands at the head of every printed page.
pub(crate) fn running(view: &View) -> String {
    let [_, _, _, running] = Status::of(view).words();
    let status = view.words.with(running, &[("n", amendments(view).into())]);
    if view.results.provenance.blind {
        format!("{status} | {}", view.words.text("status-running-blind"))
    } else {
        status
    }
}

/// The whole history, for the part on provenance.
pub(crate) fn history(view: &View) -> Markup {
    let Some(lock) = &view.results.provenance.lock else { return html! {} };
    let fixed = signed(view, &lock.author, &lock.time);
    html! {
        dl.facts {
            div { dt { (view.words.text("fact-locked")) } dd { (fixed) } }
            div { dt { (view.words.text("fact-lock-hash")) } dd { code { (lock.head) } } }
            @for opened in &lock.unblindings {
                div {
                    dt { (view.words.text("fact-unblinded")) }
                    dd {
                        (signed(view, &opened.author, &opened.time)) ": " (opened.reason)
                        @if !opened.accepted.is_empty() { " " (accepted(view, &opened.accepted)) }
                    }
                }
            }
            @if !lock.differences.is_empty() {
                div {
                    dt { (view.words.text("fact-differences")) }
                    dd { (places(lock.differences.iter().map(|change| change.place.as_str()))) }
                }
            }
        }
        @if !lock.amendments.is_empty() {
            @let caption = view.words.text("table-amendments");
            (table::scroll(&caption, &amended(view, &caption, lock)))
        }
        p { (view.words.text("lock-means")) }
    }
}

fn accepted(view: &View, ids: &[String]) -> String {
    let names: Vec<String> = ids
        .iter()
        .map(|id| view.outcome(id).map_or_else(|| id.clone(), |o| view.name(o).to_owned()))
        .collect();
    view.words.with("lock-accepted", &[("list", view.words.list(&names).into())])
}

fn amended(view: &View, caption: &str, lock: &LockFacts) -> Markup {
    let heads = [
        "column-amendment",
        "column-signed",
        "column-seen",
        "column-amendment-reason",
        "column-changed",
    ];
    html! {
        table.text {
            (table::caption(view, caption))
            (table::head(view, &heads, &[]))
            tbody {
                @for amendment in &lock.amendments {
                    tr {
                        th scope="row" { (amendment.number) }
                        td { (signed(view, &amendment.author, &amendment.time)) }
                        td { (view.words.text(seen(&amendment.seen))) }
                        td { (amendment.reason) }
                        td { (places(amendment.changes.iter().map(|change| change.place.as_str()))) }
                    }
                }
            }
        }
    }
}

/// Keys of the protocol, each as it is written.
fn places<'a>(all: impl Iterator<Item = &'a str>) -> Markup {
    html! { @for (at, place) in all.enumerate() { @if at > 0 { ", " } code { (place) } } }
}

fn seen(id: &str) -> &'static str {
    match id {
        "nothing" => "seen-nothing",
        "population" => "seen-population",
        _ => "seen-results",
    }
}

/// "A. Jansen, 2026-01-31 12:00 UTC".
fn signed(view: &View, author: &str, time: &str) -> String {
    let minute = time.get(..16).map_or_else(|| time.to_owned(), |minute| minute.replace('T', " "));
    let arguments = [("author", author.to_owned().into()), ("time", minute.into())];
    view.words.with("lock-signed", &arguments)
}
