//! Which protocol, program, seed and inputs gave these numbers.

use maud::{Markup, html};

use crate::page::{status, table};
use crate::view::View;

/// The section on provenance.
pub(crate) fn section(view: &View) -> Markup {
    let provenance = &view.results.provenance;
    let caption = view.words.text("table-inputs");
    html! {
        p { (view.words.text("provenance-why")) }
        dl.facts {
            div { dt { (view.words.text("fact-protocol")) } dd { code { (provenance.protocol_hash) } } }
            div { dt { (view.words.text("fact-version")) } dd { "verschil " (provenance.version) } }
            div { dt { (view.words.text("fact-seed")) } dd { code { (provenance.seed) } } }
            div { dt { (view.words.text("fact-schema")) } dd { code { (view.results.schema) } } }
        }
        (status::history(view))
        @if !provenance.inputs.is_empty() { (table::scroll(&caption, &inputs(view, &caption))) }
    }
}

fn inputs(view: &View, caption: &str) -> Markup {
    let heads = ["column-source", "column-file", "column-bytes", "column-hash"];
    html! {
        table.text {
            (table::caption(view, caption))
            (table::head(view, &heads, &[]))
            tbody {
                @for input in &view.results.provenance.inputs {
                    tr {
                        th scope="row" { (input.source) }
                        td { (input.file) }
                        td.number { (view.numbers.whole(input.bytes)) }
                        td { code { (input.sha256) } }
                    }
                }
            }
        }
    }
}
