//! Whether what was analysed had been fixed before: at the head, on every page, and in full.

use verschil_study::results::{AmendmentFacts, LockFacts};

use crate::document::{Block, Cell, Notice, NoticeKind, Row, Table, Term, TermsKind, Text};
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

    /// Head, text and what every page says.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::Locked => ["status-locked", "status-locked-text", "status-running-locked"],
            Self::Amended { late: false } => {
                ["status-amended", "status-amended-text", "status-running-amended"]
            }
            Self::Amended { late: true } => {
                ["status-amended-late", "status-amended-late-text", "status-running-amended-late"]
            }
            Self::Exploratory => {
                ["status-exploratory", "status-exploratory-text", "status-running-head"]
            }
            Self::Differs => ["status-differs", "status-differs-text", "status-running-differs"],
        }
    }
}

impl Status {
    fn kind(self) -> NoticeKind {
        match self {
            Self::Locked | Self::Amended { late: false } => NoticeKind::Locked,
            _ => NoticeKind::Exploratory,
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
pub(crate) fn notices(view: &View) -> Vec<Notice> {
    let status = Status::of(view);
    let [head, text, _] = status.words();
    let head = view.words.with(head, &[("n", amendments(view).into())]);
    let mut notices = vec![Notice { kind: status.kind(), head, text: view.words.text(text) }];
    let caution = |head: &'static str, text: String| Notice {
        kind: NoticeKind::Exploratory,
        head: view.words.text(head),
        text,
    };
    let provenance = &view.results.provenance;
    if provenance.blind {
        notices.push(caution("status-blind", view.words.text("status-blind-text")));
    }
    if !provenance.blocked.is_empty() {
        notices.push(caution("status-blocked", blocked(view)));
    }
    notices
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
    let [_, _, running] = Status::of(view).words();
    let status = view.words.with(running, &[("n", amendments(view).into())]);
    if view.results.provenance.blind {
        format!("{status} | {}", view.words.text("status-running-blind"))
    } else {
        status
    }
}

/// The whole history, for the part on provenance; nothing without a lock.
pub(crate) fn history(view: &View) -> Vec<Block> {
    let Some(lock) = &view.results.provenance.lock else { return Vec::new() };
    let mut blocks = vec![Block::Terms { kind: TermsKind::Facts, items: facts(view, lock) }];
    if !lock.amendments.is_empty() {
        blocks.push(Block::Table(amended(view, lock)));
    }
    blocks.push(Block::paragraph(view.words.text("lock-means")));
    blocks
}

fn facts(view: &View, lock: &LockFacts) -> Vec<Term> {
    let term =
        |key: &'static str, text: Text| Term { name: view.words.text(key), text: Some(text) };
    let mut facts = vec![
        term("fact-locked", signed(view, &lock.author, &lock.time).into()),
        term("fact-lock-hash", Text::default().code(lock.head.as_str())),
    ];
    for opened in &lock.unblindings {
        let mut said = format!("{}: {}", signed(view, &opened.author, &opened.time), opened.reason);
        if !opened.accepted.is_empty() {
            said = format!("{said} {}", accepted(view, &opened.accepted));
        }
        facts.push(term("fact-unblinded", said.into()));
    }
    if !lock.differences.is_empty() {
        let all = lock.differences.iter().map(|change| change.place.as_str());
        facts.push(term("fact-differences", places(all)));
    }
    facts
}

fn accepted(view: &View, ids: &[String]) -> String {
    let names: Vec<String> = ids
        .iter()
        .map(|id| view.outcome(id).map_or_else(|| id.clone(), |o| view.name(o).to_owned()))
        .collect();
    view.words.with("lock-accepted", &[("list", view.words.list(&names).into())])
}

fn amended(view: &View, lock: &LockFacts) -> Table {
    let heads = [
        "column-amendment",
        "column-signed",
        "column-seen",
        "column-amendment-reason",
        "column-changed",
    ];
    let rows = lock.amendments.iter().map(|amendment| {
        Row::of(vec![
            Cell::words(amendment.number.to_string()),
            Cell::words(signed(view, &amendment.author, &amendment.time)),
            Cell::words(view.words.text(seen(&amendment.seen))),
            Cell::words(amendment.reason.as_str()),
            Cell::words(places(amendment.changes.iter().map(|change| change.place.as_str()))),
        ])
    });
    let label = view.words.text("table-amendments");
    table::of_words(view, label.clone(), &label, &heads, rows)
}

/// Keys of the protocol, each as it is written.
fn places<'a>(all: impl Iterator<Item = &'a str>) -> Text {
    let add = |(text, at): (Text, usize), place: &str| {
        let text = if at > 0 { text.words(", ") } else { text };
        (text.code(place), at + 1)
    };
    all.fold((Text::default(), 0), add).0
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
