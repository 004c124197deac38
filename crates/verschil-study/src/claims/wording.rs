//! Which way the words of a claim point, and which signed numbers stand in them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::printed::{Mark, Printed};
use super::{Claim, Verdict};

mod reading;
mod tokens;

use tokens::{Token, tokens};

pub(super) use reading::Reading;

/// What a word does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Increase,
    Decrease,
    More,
    Less,
    Amplify,
    Dampen,
    Than,
    Negation,
    Change,
    Unchanged,
    Significant,
    Unclear,
    Break,
    After,
}

/// The word lists of one language, as their file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    increase: Vec<String>,
    decrease: Vec<String>,
    more: Vec<String>,
    less: Vec<String>,
    amplify: Vec<String>,
    dampen: Vec<String>,
    than: Vec<String>,
    negation: Vec<String>,
    change: Vec<String>,
    unchanged: Vec<String>,
    significant: Vec<String>,
    unclear: Vec<String>,
    breaks: Vec<String>,
    after: Vec<String>,
}

/// A word or several, and what they do; `..` among them is a gap.
struct Phrase {
    kind: Kind,
    words: Vec<String>,
}

/// The phrases of one language or of both, by their first word, the longest first.
struct Vocabulary(HashMap<String, Vec<Phrase>>);

static DUTCH: LazyLock<Vocabulary> = LazyLock::new(|| vocabulary(&[NL]));
static ENGLISH: LazyLock<Vocabulary> = LazyLock::new(|| vocabulary(&[EN]));
static BOTH: LazyLock<Vocabulary> = LazyLock::new(|| vocabulary(&[NL, EN]));

const NL: &str = include_str!("../../words/nl.toml");
const EN: &str = include_str!("../../words/en.toml");

fn vocabulary(files: &[&str]) -> Vocabulary {
    let mut phrases: HashMap<String, Vec<Phrase>> = HashMap::new();
    for file in files {
        let lists: Lists = toml::from_str(file).expect("the tests read both files of words");
        let kinds = [
            (Kind::Increase, lists.increase),
            (Kind::Decrease, lists.decrease),
            (Kind::More, lists.more),
            (Kind::Less, lists.less),
            (Kind::Amplify, lists.amplify),
            (Kind::Dampen, lists.dampen),
            (Kind::Than, lists.than),
            (Kind::Negation, lists.negation),
            (Kind::Change, lists.change),
            (Kind::Unchanged, lists.unchanged),
            (Kind::Significant, lists.significant),
            (Kind::Unclear, lists.unclear),
            (Kind::Break, lists.breaks),
            (Kind::After, lists.after),
        ];
        for (kind, words) in kinds {
            for text in &words {
                let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
                phrases.entry(words[0].clone()).or_default().push(Phrase { kind, words });
            }
        }
    }
    // the longest phrase that fits is meant
    for phrases in phrases.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    Vocabulary(phrases)
}

/// What the text of a claim says.
pub(super) fn read(claim: &Claim) -> Reading {
    let vocabulary = match claim.wording.language.as_str() {
        "nl" => &*DUTCH,
        "en" => &*ENGLISH,
        _ => &*BOTH,
    };
    reading::read(&tokens(&unnamed(claim)), vocabulary)
}

/// The text in lower case without the outcome's names: their words say nothing about direction.
fn unnamed(claim: &Claim) -> String {
    let mut text = claim.wording.text.to_lowercase();
    let about = &claim.about;
    let mut names: Vec<String> =
        about.label.split(';').map(|name| name.trim().to_lowercase()).collect();
    names.push(about.outcome.trim().to_lowercase());
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names.iter().filter(|name| !name.is_empty()) {
        text = text.replace(name.as_str(), " \u{2026} ");
    }
    text
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Signed {
    /// Whether a minus sign stands before it.
    pub(super) negative: bool,
    /// Its size, as printed.
    pub(super) size: Printed,
}

/// The numbers in the text of a claim, under each reading of their marks.
pub(super) fn numbers(claim: &Claim) -> Vec<Signed> {
    let mut found = Vec::new();
    for token in tokens(&claim.wording.text.to_lowercase()) {
        let Token::Number { negative, digits } = token else { continue };
        for mark in [Mark::Point, Mark::Comma] {
            let signed = Printed::read(&digits, mark).map(|size| Signed { negative, size });
            found.extend(signed.filter(|signed| !found.contains(signed)));
        }
    }
    found
}

/// The direction that a sign is.
pub(super) fn direction(positive: bool) -> Verdict {
    if positive { Verdict::Increase } else { Verdict::Decrease }
}

#[cfg(test)]
mod tests;
