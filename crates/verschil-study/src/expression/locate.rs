//! From the line and column of the SQL tokenizer to bytes of the expression.

use sqlparser::tokenizer::{Location, Span};

/// Byte offset of a location; locations count characters and lines from one.
pub(super) fn offset(text: &str, location: Location) -> usize {
    let mut line = 1;
    let mut column = 1;
    for (index, character) in text.char_indices() {
        if (line, column) >= (location.line, location.column) {
            return index;
        }
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    text.len()
}

/// Start and end bytes of a span; the whole text when the span is unknown.
pub(super) fn bytes(text: &str, span: Span) -> (usize, usize) {
    if span.start.line == 0 {
        return (0, text.len());
    }
    let start = offset(text, span.start);
    (start, offset(text, span.end).max(start))
}
