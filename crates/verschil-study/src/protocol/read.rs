//! From text to a tree, with every error of syntax.

use std::thread;

use toml::de::{DeTable, Error};

use super::node::{Document, Node};
use super::report::Report;
use crate::problem::Problem;

/// Longest protocol, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Most errors of syntax that are shown; the later ones tend to follow from the first.
const MAX_SYNTAX: usize = 10;

/// Stack for reading. The TOML parser bounds how deep values and dotted keys nest, but together
/// they reach thousands of levels, and dropping such a tree takes a frame for each.
const STACK: usize = 64 << 20;

/// The document as a tree, or nothing when it is not TOML; `file` is its name in places, empty
/// for the protocol itself.
pub(crate) fn document(report: &mut Report, file: &str, text: &str) -> Option<Node> {
    let document = Document::new(file, text);
    if text.len() > MAX_BYTES {
        report.push(
            Problem::error("too-long", "the protocol is too long")
                .at(&document.place("", 0, 0))
                .found(format!("{} bytes", text.len()))
                .allowed(format!("at most {MAX_BYTES} bytes")),
        );
        return None;
    }
    let Some((root, errors)) = on_large_stack(&document) else {
        report.push(
            Problem::error("unreadable", "the protocol could not be read").hint(
                "try again with more memory; if it happens again, please report it as an error",
            ),
        );
        return None;
    };
    for error in errors.iter().take(MAX_SYNTAX) {
        syntax(report, &document, error);
    }
    errors.is_empty().then_some(root)
}

/// The tree of a document with its errors of syntax; nothing when there is no memory for it.
pub(crate) fn on_large_stack(document: &Document<'_>) -> Option<(Node, Vec<Error>)> {
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let (table, errors) = DeTable::parse_recoverable(document.text);
            (Node::root(document, &table), errors)
        });
        reader.ok()?.join().ok()
    })
}

/// Tells an error of syntax.
pub(crate) fn syntax(report: &mut Report, document: &Document<'_>, error: &Error) {
    let end = document.text.len();
    let span = error.span().unwrap_or(end..end);
    let place = document.place("", span.start, span.end.max(span.start));
    let message = error.message();
    let hint = match message {
        "duplicate key" => "each key and each [table] stands once; remove one, or write [[table]]",
        _ => "texts stand between quotes, lists between [ ] with commas",
    };
    report.push(
        Problem::error("syntax", format!("this is not TOML: {message}"))
            .at(&place)
            .found(snippet(document.text, place.offset, place.length))
            .hint(hint),
    );
}

/// The start of what stands at a place.
fn snippet(text: &str, offset: usize, length: usize) -> String {
    let found: String =
        text.get(offset..offset + length).unwrap_or_default().chars().take(40).collect();
    if found.trim().is_empty() { String::new() } else { format!("`{}`", found.escape_debug()) }
}
