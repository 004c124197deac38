//! Words in a figure, and how many of them fit on a line.

use super::{Mark, escape, number};
use crate::hyphens::SOFT;

/// The part of a room that bold words may count on, because they are wider.
pub(crate) const BOLD: f64 = 0.88;

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text; `y` is its baseline.
pub(crate) struct Text<'a> {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) words: &'a str,
    pub(crate) anchor: Anchor,
    pub(crate) color: &'static str,
    pub(crate) bold: bool,
}

impl Mark for Text<'_> {
    fn draw(&self, out: &mut String) {
        let anchor = match self.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if self.bold { " font-weight=\"600\"" } else { "" };
        out.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" fill=\"{}\"{anchor}{weight}>{}</text>",
            number(self.x),
            number(self.y),
            self.color,
            escape(self.words)
        ));
    }
}

/// About how wide `words` are; the fonts of readers differ, so this follows a wide one.
pub(crate) fn width(words: &str) -> f64 {
    let letter = |c: char| match c {
        '\u{2212}' => 11.0,
        'm' | 'w' | 'M' | 'W' | '%' => 12.0,
        'i' | 'l' | 'j' | 't' | 'f' | '.' | ',' | ':' | ';' | ' ' | '\u{a0}' | '\'' => 4.6,
        c if c.is_uppercase() => 9.0,
        _ => 8.0,
    };
    words.chars().map(letter).sum()
}

/// `words` in lines of at most `room` wide. A word that is longer than a line breaks at its
/// hyphens, soft or not; without them it keeps its own line.
pub(crate) fn wrap(words: &str, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace().flat_map(|word| parts(word, room)) {
        let word = word.as_str();
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `words` on one line of at most `room`. Where they are longer their middle is left out, so that
/// what tells similar names apart stays, at the start or at the end.
pub(crate) fn shortened(words: &str, room: f64) -> String {
    let whole = words.replace(SOFT, "");
    if width(&whole) <= room {
        return whole;
    }
    let letters: Vec<char> = whole.chars().collect();
    let keeping = |kept: usize| {
        let tail = kept / 3;
        let head: String = letters[..kept - tail].iter().collect();
        let end: String = letters[letters.len() - tail..].iter().collect();
        format!("{}\u{2026}{}", head.trim_end(), end.trim_start())
    };
    let fits = |line: &String| width(line) <= room;
    (0..letters.len()).rev().map(keeping).find(fits).unwrap_or_default()
}

/// A word in parts that fit on a line, each but the last with a hyphen at its end.
fn parts(word: &str, room: f64) -> Vec<String> {
    let whole = word.replace(SOFT, "");
    if width(&whole) <= room {
        return vec![whole];
    }
    let mut parts: Vec<String> = Vec::new();
    let mut open = String::new();
    for syllable in word.split(SOFT).flat_map(|part| part.split_inclusive('-')) {
        if !open.is_empty() && width(&open) + width(syllable) + width("-") > room {
            let hyphen = if open.ends_with('-') { "" } else { "-" };
            parts.push(std::mem::take(&mut open) + hyphen);
        }
        open.push_str(syllable);
    }
    parts.push(open);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_name_keeps_its_start_and_its_end() {
        assert_eq!(shortened("Peel\u{ad}gemeenten 3", 200.0), "Peelgemeenten 3");
        let long = "Geboortezorgsamenwerkingsverband Noordoost-Brabant 17";
        let short = shortened(long, 200.0);
        assert!(width(&short) <= 200.0 && short.starts_with("Geboorte"), "{short}");
        assert!(short.contains('\u{2026}') && short.ends_with(" 17"), "{short}");
        assert_eq!(shortened(long, 1.0), "");
    }

    #[test]
    fn a_word_breaks_only_where_it_must() {
        let word = "zwanger\u{ad}schaps\u{ad}uitkomsten";
        assert_eq!(wrap(word, 300.0), ["zwangerschapsuitkomsten"]);
        assert_eq!(wrap(word, 130.0), ["zwangerschaps-", "uitkomsten"]);
        assert_eq!(wrap("Noordoost-Veluwe-West", 130.0), ["Noordoost-", "Veluwe-West"]);
        assert_eq!(wrap("a zwangerschapsuitkomsten", 60.0), ["a", "zwangerschapsuitkomsten"]);
    }
}
