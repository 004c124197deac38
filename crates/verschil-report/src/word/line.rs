//! Words in a line, as runs.

use maud::{Markup, html};

use crate::document::{Inline, Text};
use crate::hyphens::SOFT;
use crate::word::letters::held;

/// A hyphen at which a line does not break; Word has an element of its own for it.
const FIRM: char = '\u{2011}';

/// Words with their marks; long words may break at their soft hyphens.
pub(crate) fn line(text: &Text) -> Markup {
    html! { @for inline in &text.0 { (run(inline)) } }
}

/// The same in a heading, whose words stay whole in the contents and the navigation.
pub(crate) fn heading(text: &Text) -> Markup {
    let whole = text.0.iter().map(|inline| match inline {
        Inline::Words { words } => Inline::Words { words: words.replace(SOFT, "") },
        other => other.clone(),
    });
    line(&Text(whole.collect()))
}

fn run(inline: &Inline) -> Markup {
    match inline {
        Inline::Words { words } => plain(words),
        Inline::Strong { words } => styled("Strong", words),
        // spaces that do not break are the padding of its frame
        Inline::Flag { words } => flag(words),
        Inline::Invented { words } => styled("CautionWords", words),
        Inline::Small { words } => styled("SmallWords", words),
        Inline::Code { words } => styled("Code", words),
        Inline::English { words } => styled("English", words),
        Inline::Break => html! { w:r { w:br {} } },
    }
}

/// A mark that asks for caution, in a frame.
pub(crate) fn flag(words: &str) -> Markup {
    styled("Flag", &format!("\u{a0}{words}\u{a0}"))
}

pub(crate) fn plain(words: &str) -> Markup {
    html! { w:r { (letters(words)) } }
}

/// A run in a style of characters.
pub(crate) fn styled(style: &str, words: &str) -> Markup {
    html! { w:r { w:rPr { w:rStyle w:val=(style) {} } (letters(words)) } }
}

/// The text of a run.
pub(crate) fn letters(words: &str) -> Markup {
    let words = held(words);
    let pieces = words.split_inclusive([SOFT, FIRM]);
    html! {
        @for piece in pieces {
            @let text = piece.trim_end_matches([SOFT, FIRM]);
            @if !text.is_empty() { w:t xml:space="preserve" { (text) } }
            @if piece.ends_with(SOFT) { w:softHyphen {} }
            @if piece.ends_with(FIRM) { w:noBreakHyphen {} }
        }
    }
}
