//! What a diagnostic found, as a title and a sentence in the language of the report.

use verschil_study::results::{Finding, PeriodFacts};

use crate::note::is_code;
use crate::sentences::{refusal, weights};
use crate::view::View;
use crate::words::capital;

/// How the message of a diagnostic is told.
struct Kind {
    id: &'static str,
    title: &'static str,
    detail: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind { id: "collinear", title: "finding-collinear", detail: "finding-collinear-detail" },
    Kind { id: "empty_cell", title: "finding-empty-cell", detail: "finding-empty-cell-detail" },
    Kind {
        id: "alike-regions",
        title: "finding-alike-regions",
        detail: "finding-alike-regions-detail",
    },
    Kind {
        id: "trend-periods",
        title: "finding-trend-periods",
        detail: "finding-trend-periods-detail",
    },
    Kind {
        id: "linkage_weights_nobody",
        title: "finding-weights-nobody",
        detail: "weights-nobody",
    },
    Kind {
        id: "linkage_weights_unlinked",
        title: "finding-weights-unlinked",
        detail: "weights-unlinked",
    },
];

/// Analyses as the messages of refusals name them.
const ANALYSES: [(&str, &str); 4] = [
    ("Pooled", "analysis-pooled"),
    ("PerRegion", "analysis-per-region"),
    ("PerPeriod", "analysis-per-period"),
    ("EventStudy", "analysis-event-study"),
];

/// The title of a finding; an unknown diagnostic is named by its id.
pub(crate) fn title(view: &View, finding: &Finding) -> String {
    if is_refusal(finding) {
        return view.words.text("finding-refused");
    }
    KINDS.iter().find(|kind| kind.id == finding.id).map_or_else(
        || capital(&finding.id.replace(['_', '-'], " ")),
        |kind| view.words.text(kind.title),
    )
}

fn is_refusal(finding: &Finding) -> bool {
    is_code(&finding.id) && finding.id.starts_with("refused")
}

/// What several findings that differ in their subject alone have in common.
#[derive(PartialEq)]
pub(crate) struct Told<'a> {
    /// What the findings are about: regions without data.
    pub(crate) subject: Option<&'a str>,
    /// The rest of the message, as it varies.
    pub(crate) rest: &'a str,
}

/// Splits a message into what it is about and the rest that varies.
pub(crate) fn split(finding: &Finding) -> Told<'_> {
    let message = finding.message.as_str();
    if finding.id == "empty_cell"
        && let Some((region, periods)) = message.split_once(" has no rows in ")
    {
        return Told { subject: Some(region), rest: periods };
    }
    Told { subject: None, rest: message }
}

/// The sentence of findings with the same `rest`; nothing for a diagnostic without words.
pub(crate) fn detail(view: &View, finding: &Finding, subjects: &[&str]) -> Option<String> {
    if is_refusal(finding) {
        return Some(refused(view, finding));
    }
    let kind = KINDS.iter().find(|kind| kind.id == finding.id)?;
    let tail = finding.message.rsplit(": ").next().unwrap_or("");
    let items: Vec<String> = match kind.id {
        "empty_cell" => return empty_cell(view, split(finding).rest, subjects),
        "linkage_weights_nobody" => return weights::nobody(view),
        "linkage_weights_unlinked" => return weights::unlinked(view),
        "collinear" => tail.split(", ").map(|id| view.covariate(id)).collect(),
        "trend-periods" => tail.split(", ").map(|id| period(view, id)).collect(),
        _ => tail
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|code| format!("\u{2018}{code}\u{2019}"))
            .collect(),
    };
    if items.is_empty() {
        return None;
    }
    Some(capital(&view.words.with(kind.detail, &[("list", view.words.list(&items).into())])))
}

fn refused(view: &View, finding: &Finding) -> String {
    let (head, text) = finding.message.split_once(": ").unwrap_or(("", &finding.message));
    let reason = refusal::reason(view, &finding.id, text);
    match ANALYSES.iter().find(|(name, _)| *name == head) {
        Some((_, key)) => {
            let arguments = [("analysis", view.words.text(key).into()), ("reason", reason.into())];
            view.words.with("finding-refused-detail", &arguments)
        }
        None => format!("{}.", capital(&reason)),
    }
}

fn period(view: &View, id: &str) -> String {
    id.parse().map_or_else(|_| id.to_owned(), |id| view.period(id))
}

fn empty_cell(view: &View, periods: &str, subjects: &[&str]) -> Option<String> {
    let ids: Vec<i64> = periods.split(", ").map(str::parse).collect::<Result<_, _>>().ok()?;
    let regions: Vec<String> = subjects.iter().map(|id| view.region(id)).collect();
    let list = view.words.list(&regions);
    let all = &view.results.design.periods;
    if all.iter().all(|period| ids.contains(&period.id)) {
        return Some(view.words.with("finding-empty-cell-all", &[("list", list.into())]));
    }
    let spans = view.words.list(&spans(view, all, &ids));
    let arguments = [("list", list.into()), ("periods", spans.into())];
    Some(view.words.with("finding-empty-cell-detail", &arguments))
}

/// "2000-2003" for periods that follow each other.
fn spans(view: &View, all: &[PeriodFacts], ids: &[i64]) -> Vec<String> {
    let runs = all.chunk_by(|a, b| ids.contains(&a.id) == ids.contains(&b.id));
    let inside = runs.filter(|run| run.iter().all(|period| ids.contains(&period.id)));
    inside
        .filter_map(|run| {
            let (first, last) = (view.period(run.first()?.id), view.period(run.last()?.id));
            Some(if run.len() == 1 { first } else { format!("{first}\u{2013}{last}") })
        })
        .collect()
}
