//! Letters that XML can hold, and the frame around each part.

use maud::Markup;

use crate::hyphens::SOFT;

/// The namespace of paragraphs, runs and tables.
pub(crate) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A part of the package as text.
pub(crate) fn xml(part: Markup) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{}", part.into_string())
}

/// What XML 1.0 can hold: it has no place for control characters, not even written as numbers.
/// White space is a space, as it is on a page.
pub(crate) fn held(text: &str) -> String {
    let shown = text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c });
    shown.filter(|&c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

/// The same without marks of where a word may break.
pub(crate) fn plain(text: &str) -> String {
    held(text).replace(SOFT, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(held("a\u{0}b\u{7}c\u{85}\u{fffe}\nd ]]> 😀"), "abc d ]]> 😀");
        assert_eq!(plain("a\u{ad}b\tc"), "ab c");
    }
}
