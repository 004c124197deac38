//! Placeholders in the names of files: `births_{vintage}_{year}V{version}.sav`.

use super::choice::choice;

choice! {
    /// What a part of a file's name says.
    Placeholder {
        Year = "year": "Four digits: the year of the delivery.",
        Version = "version": "Digits: of one year and vintage only the highest version is read.",
        Vintage = "vintage": "Any text: the delivery as a whole.",
    }
}

impl Placeholder {
    /// The placeholder that this text is, braces included, and nothing else.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::from_id(text.strip_prefix('{')?.strip_suffix('}')?)
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternPart<'a> {
    /// Text that stands in the name as it is, wildcards included.
    Plain(&'a str),
    /// A placeholder.
    Placeholder(Placeholder),
    /// Something between braces that is no placeholder.
    Unknown(&'a str),
}

/// The parts of a pattern, in order; a brace that is not closed is plain text.
pub fn pattern_parts(pattern: &str) -> Vec<PatternPart<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, name, after)) = rest.split_once('{').and_then(|(before, tail)| {
        let (name, after) = tail.split_once('}')?;
        Some((before, name, after))
    }) {
        if !before.is_empty() {
            parts.push(PatternPart::Plain(before));
        }
        parts.push(match Placeholder::from_id(name) {
            Some(placeholder) => PatternPart::Placeholder(placeholder),
            None => PatternPart::Unknown(name),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(PatternPart::Plain(rest));
    }
    parts
}

/// Whether a pattern has this placeholder.
#[must_use]
pub fn has_placeholder(pattern: &str, placeholder: Placeholder) -> bool {
    pattern_parts(pattern).contains(&PatternPart::Placeholder(placeholder))
}

/// Whether a file is named by where it is on a network, not by a path.
#[must_use]
pub fn in_bucket(file: &str) -> bool {
    file.contains("://")
}

#[cfg(test)]
mod tests {
    use super::PatternPart::{Placeholder as Known, Plain, Unknown};
    use super::*;

    #[test]
    fn a_pattern_falls_into_its_parts() {
        assert_eq!(
            pattern_parts("a/b_{vintage}_{year}V{version}.sav"),
            [
                Plain("a/b_"),
                Known(Placeholder::Vintage),
                Plain("_"),
                Known(Placeholder::Year),
                Plain("V"),
                Known(Placeholder::Version),
                Plain(".sav"),
            ]
        );
        assert_eq!(pattern_parts("{Year}{}x{"), [Unknown("Year"), Unknown(""), Plain("x{")]);
        assert!(pattern_parts("").is_empty());
    }

    #[test]
    fn only_a_whole_placeholder_is_one() {
        assert_eq!(Placeholder::of("{year}"), Some(Placeholder::Year));
        for text in ["year", "{year", "{years}", " {year}", "{year}{year}"] {
            assert_eq!(Placeholder::of(text), None, "{text}");
        }
    }
}
