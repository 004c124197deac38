//! The sections of the report, in order.

mod descriptives;
mod design;
mod findings;
mod found;
mod header;
mod linkage;
mod methods;
mod outcome;
mod population;
mod provenance;
mod public;
mod regions;
mod scrutiny;
mod session;
mod status;
mod table;
mod treated;
mod weights;

use crate::document::{Block, Document, Footer, Layout, Navigation, Parts, Section};
use crate::view::View;

/// The whole report.
pub(crate) fn document(view: &View) -> Document {
    around(view, Layout::Report, view.words.text("kind"), sections(view))
}

/// Sheets for a meeting with the field: one per outcome and per treated region.
pub(crate) fn session(view: &View) -> Document {
    around(view, Layout::Sheets, view.words.text("session-kind"), session::sections(view))
}

fn around(view: &View, layout: Layout, kind: String, sections: Vec<Section>) -> Document {
    let title = header::title(view);
    let invented = view.invented();
    let tab = match invented {
        Some(_) => view.words.with("invented-title", &[("title", title.clone().into())]),
        None => title.clone(),
    };
    Document {
        language: view.language.to_owned(),
        layout,
        kind,
        title: view.soft(&title),
        tab,
        invented,
        running_head: status::running(view),
        notices: header::notices(view),
        sections,
        footer: Footer { text: view.words.text("footer"), paper: view.words.text("footer-print") },
        navigation: Navigation {
            skip: view.words.text("skip"),
            heading: view.words.text("heading-contents"),
            figure_data: view.words.text("figure-data"),
        },
    }
}

/// What makes a section's blocks; nothing where it has nothing to say.
type Make = fn(&View) -> Option<Vec<Block>>;

/// Id, key of the heading and content of every section.
const SECTIONS: [(&str, &str, Make); 16] = [
    ("summary", "heading-summary", public::summary),
    ("messages", "heading-messages", public::messages),
    ("design", "heading-design", design::section),
    ("found", "heading-found", found::section),
    ("comparisons", "heading-comparisons", found::comparisons),
    ("outcomes", "heading-outcomes", outcome::section),
    ("treated", "heading-treated", treated::section),
    ("scrutiny", "heading-scrutiny", scrutiny::section),
    ("linkage", "heading-linkage", linkage::section),
    ("population", "heading-population", population::attrition),
    ("regions", "heading-regions", regions::section),
    ("groups", "heading-groups", population::groups),
    ("findings", "heading-findings", findings::section),
    ("limitations", "heading-limitations", findings::limitations),
    ("methods", "heading-methods", methods::section),
    ("provenance", "heading-provenance", provenance::section),
];

fn sections(view: &View) -> Vec<Section> {
    let made = SECTIONS.iter().filter_map(|&(id, heading, make)| {
        let heading = view.words.text(heading);
        Some(Section { id: id.to_owned(), heading, parts: parts(view, id), blocks: make(view)? })
    });
    made.collect()
}

fn parts(view: &View, section: &str) -> Parts {
    match section {
        "outcomes" => outcome::parts(view),
        "treated" => treated::parts(view),
        "linkage" => linkage::parts(view),
        _ => Parts::default(),
    }
}
