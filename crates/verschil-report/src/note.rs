//! Reads the codes that stand in the note of a row.

use std::str::FromStr;

/// How many assignments a test compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assignments {
    /// Every assignment that is possible.
    All(u64),
    /// Random ones.
    Drawn(u64),
}

/// What a note says, as codes with their texts.
pub(crate) struct Note<'a> {
    parts: Vec<(&'a str, &'a str)>,
}

impl<'a> Note<'a> {
    /// Splits at semicolons; what carries no code belongs to the code before it.
    pub(crate) fn read(note: &'a str) -> Self {
        let parts =
            note.split(';').map(str::trim).filter(|part| !part.is_empty()).map(split).collect();
        Self { parts }
    }

    /// Whether the note carries `code`.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.parts.iter().any(|(found, _)| *found == code)
    }

    /// Code and text of a refusal, or of what is withheld.
    pub(crate) fn refusal(&self) -> Option<(&'a str, &'a str)> {
        let absent = |code: &str| code.starts_with("refused") || code.starts_with("withheld");
        self.parts.iter().copied().find(|(code, _)| absent(code))
    }

    /// The code of a number that is there and not shown.
    pub(crate) fn withheld(&self) -> Option<&'a str> {
        self.refusal().map(|(code, _)| code).filter(|code| code.starts_with("withheld"))
    }

    /// Assignments that the test compared: all there are, or as many as were drawn.
    pub(crate) fn assignments(&self) -> Option<Assignments> {
        self.number("enumerated")
            .map(Assignments::All)
            .or_else(|| self.number("draws").map(Assignments::Drawn))
    }

    /// The text after a code.
    pub(crate) fn told(&self, code: &str) -> Option<&'a str> {
        let (_, text) = self.parts.iter().find(|(found, _)| *found == code)?;
        Some(*text)
    }

    /// Whatever stands under none of the codes.
    pub(crate) fn rest(&self, known: &[&str]) -> Option<String> {
        let rest: Vec<&str> = self
            .parts
            .iter()
            .filter(|(code, _)| !known.contains(code))
            .map(|(_, text)| *text)
            .collect();
        (!rest.is_empty()).then(|| rest.join("; "))
    }

    /// The p-value of the permutation test on the scale of the t statistic.
    pub(crate) fn p_value_t(&self) -> Option<f64> {
        self.number("p_value_t")
    }

    /// The smallest p-value that the permutation test can reach.
    pub(crate) fn permutation_floor(&self) -> Option<f64> {
        self.number("permutation_floor")
    }

    /// The number after a code.
    pub(crate) fn number<T: FromStr>(&self, code: &str) -> Option<T> {
        let (_, text) = self.parts.iter().find(|(found, _)| *found == code)?;
        text.split(|c: char| c.is_whitespace() || c == ',').find_map(|word| word.parse().ok())
    }
}

fn split(part: &str) -> (&str, &str) {
    let (head, tail) = part.split_once(':').unwrap_or((part, ""));
    if is_code(head) { (head, tail.trim()) } else { ("", part) }
}

pub(crate) fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_beside_each_other() {
        let note = Note::read("permutation_floor: 0.037037 (1 of 27); unbounded");
        assert_eq!(note.permutation_floor(), Some(0.037_037));
        assert!(note.has("unbounded"));
        assert!(note.refusal().is_none());
        let counted = Note::read("permutation_floor: 0.04; enumerated: 27; p_value_t: 0.185");
        assert_eq!(counted.assignments(), Some(Assignments::All(27)));
        assert_eq!(counted.p_value_t(), Some(0.185));
        let refused = Note::read("refused_one_treated: one treated cluster bears no variance");
        assert_eq!(
            refused.refusal(),
            Some(("refused_one_treated", "one treated cluster bears no variance"))
        );
    }
}
