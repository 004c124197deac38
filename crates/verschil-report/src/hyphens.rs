//! Soft hyphens in long words, for readers whose browser has no dictionary of the language.

use hypher::{Lang, hyphenate};

/// The place in a word where it may break.
pub(crate) const SOFT: char = '\u{ad}';

/// Words shorter than this are left whole.
const LONG: usize = 13;

/// The same text with soft hyphens in its long words.
pub(crate) fn soft(language: &str, text: &str) -> String {
    let lang = if language == "nl" { Lang::Dutch } else { Lang::English };
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphabetic() {
            word.push(c);
        } else {
            finish(&mut out, &mut word, lang);
            out.push(c);
        }
    }
    finish(&mut out, &mut word, lang);
    out
}

fn finish(out: &mut String, word: &mut String, lang: Lang) {
    if word.chars().count() < LONG {
        out.push_str(word);
    } else {
        let syllables: Vec<&str> = hyphenate(word, lang).collect();
        out.push_str(&syllables.join(&SOFT.to_string()));
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_may_break_between_syllables() {
        let soft = |text: &str| soft("nl", text).replace(SOFT, "|");
        let broken = soft("de zwangerschapsuitkomsten van 2021");
        assert_eq!(broken.replace('|', ""), "de zwangerschapsuitkomsten van 2021");
        assert!(broken.contains("zwan|ger|schaps"), "{broken}");
        assert_eq!(soft("korte woorden"), "korte woorden");
    }
}
