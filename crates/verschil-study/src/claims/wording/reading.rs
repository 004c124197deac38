//! What a text says: a direction, no change, clear or unclear.

use super::tokens::Token;
use super::{Kind, Phrase, Verdict, Vocabulary};

/// Words that a negation reaches over at most.
const REACH: usize = 4;
/// Words between a quantity and the direction that it changes ("less strong an increase").
const BESIDE: usize = 3;
/// Words between a verb and the quantity behind it ("rose somewhat less").
const BEHIND: usize = 8;

/// What the words of a claim say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Increase or decrease; nothing when the text names neither, or both.
    pub(crate) direction: Option<Verdict>,
    /// Whether both were named.
    pub(crate) mixed: bool,
    /// Whether it calls the effect significant, or says that it is not.
    pub(crate) significant: Option<bool>,
    /// Whether it says that nothing changed.
    pub(crate) no_change: bool,
    /// Whether it says that this cannot be told.
    pub(crate) unclear: bool,
}

/// A phrase where it stands.
#[derive(Debug, Clone, Copy)]
struct Term {
    kind: Kind,
    start: usize,
    end: usize,
    negated: bool,
    /// Turned by a quantity beside it.
    turned: bool,
    used: bool,
}

/// Reads a text.
pub(super) fn read(tokens: &[Token], vocabulary: &Vocabulary) -> Reading {
    let mut whole = Reading::default();
    let (mut up, mut down) = (false, false);
    let mut significance = Vec::new();
    for sentence in tokens.split(|token| *token == Token::Stop) {
        let mut said = Sentence { terms: terms(sentence, vocabulary), tokens: sentence };
        if said.terms.iter().any(|term| term.kind == Kind::Unclear) {
            whole.unclear = true;
            continue;
        }
        said.negate();
        said.quantify();
        let insignificant = said.has(|term| term.kind == Kind::Significant && term.negated);
        significance.extend(insignificant.then_some(false));
        significance.extend(
            said.has(|term| term.kind == Kind::Significant && !term.negated).then_some(true),
        );
        if insignificant {
            continue;
        }
        let (rises, falls) = (said.goes(true), said.goes(false));
        let same = said.has(|t| t.kind == Kind::Unchanged || (t.kind == Kind::Change && t.negated));
        whole.no_change |= same && !rises && !falls;
        (up, down) = (up || rises, down || falls);
    }
    whole.mixed = up && down;
    whole.direction = (up != down).then(|| super::direction(up));
    significance.dedup();
    whole.significant = if let [one] = significance.as_slice() { Some(*one) } else { None };
    whole
}

/// The phrases of a sentence, the longest that fits at each place.
fn terms(sentence: &[Token], vocabulary: &Vocabulary) -> Vec<Term> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        let fits = |phrase: &Phrase| Some((phrase.kind, end_of(sentence, at, &phrase.words)?));
        let barrier = (sentence[at] == Token::Pause).then_some((Kind::Break, at + 1));
        let known = || of(vocabulary, &sentence[at]).iter().find_map(fits);
        let Some((kind, end)) = barrier.or_else(known) else {
            at += 1;
            continue;
        };
        let negates = |token: &Token| {
            let mut phrases = of(vocabulary, token).iter();
            phrases.any(|phrase| phrase.kind == Kind::Negation && phrase.words.len() == 1)
        };
        let inside = sentence[at + 1..end].iter().any(negates);
        let negated = inside && matches!(kind, Kind::Increase | Kind::Decrease);
        found.push(Term { kind, start: at, end, negated, turned: false, used: false });
        at = end;
    }
    found
}

/// The phrases that begin with this word.
fn of<'v>(vocabulary: &'v Vocabulary, token: &Token) -> &'v [Phrase] {
    let Token::Word(word) = token else { return &[] };
    vocabulary.0.get(word).map_or(&[], Vec::as_slice)
}

/// Where a phrase ends that begins at `at`.
fn end_of(sentence: &[Token], at: usize, words: &[String]) -> Option<usize> {
    let is =
        |place: usize, word: &str| matches!(sentence.get(place), Some(Token::Word(w)) if w == word);
    if let [first, gap, last] = words
        && gap == ".."
    {
        let reach = (at + 1..sentence.len()).take(BEHIND);
        let clause = reach.take_while(|place| sentence[*place] != Token::Pause);
        return is(at, first)
            .then(|| clause.into_iter().find(|place| is(*place, last)))?
            .map(|place| place + 1);
    }
    let fits = words.iter().enumerate().all(|(offset, word)| is(at + offset, word));
    fits.then_some(at + words.len())
}

/// The terms of one sentence.
struct Sentence<'t> {
    terms: Vec<Term>,
    tokens: &'t [Token],
}

impl Sentence<'_> {
    fn has(&self, which: impl Fn(&Term) -> bool) -> bool {
        self.terms.iter().any(which)
    }

    /// The next term of these kinds after `index`, within `reach` words and no break between.
    fn next(&self, index: usize, reach: usize, kinds: &[Kind]) -> Option<usize> {
        let from = self.terms[index].end;
        let near = self.terms.iter().enumerate().skip(index + 1);
        let mut near = near.take_while(|(_, term)| term.kind != Kind::Break);
        near.find(|(_, term)| kinds.contains(&term.kind))
            .filter(|(_, term)| term.start < from + reach)
            .map(|(place, _)| place)
    }

    /// The last one before it.
    fn last(&self, index: usize, reach: usize, kinds: &[Kind]) -> Option<usize> {
        let until = self.terms[index].start;
        let near = self.terms[..index].iter().enumerate().rev();
        let mut near = near.take_while(|(_, term)| term.kind != Kind::Break);
        near.find(|(_, term)| kinds.contains(&term.kind))
            .filter(|(_, term)| term.end + reach > until)
            .map(|(place, _)| place)
    }

    /// Whether a clause ends here, or goes on with a preposition.
    fn closes(&self, index: usize) -> bool {
        let end = self.terms[index].end;
        let next = self.terms.get(index + 1).filter(|term| term.start == end);
        end >= self.tokens.len()
            || next.is_some_and(|term| matches!(term.kind, Kind::Break | Kind::After | Kind::Than))
    }

    fn negate(&mut self) {
        const TARGETS: [Kind; 6] = [
            Kind::Increase,
            Kind::Decrease,
            Kind::More,
            Kind::Less,
            Kind::Change,
            Kind::Significant,
        ];
        const BEFORE: [Kind; 3] = [Kind::Increase, Kind::Decrease, Kind::Change];
        for index in 0..self.terms.len() {
            if self.terms[index].kind != Kind::Negation {
                continue;
            }
            let target = self.next(index, REACH, &TARGETS);
            let target =
                target.or_else(|| self.last(index, REACH, &BEFORE).filter(|_| self.closes(index)));
            if let Some(target) = target {
                self.terms[target].negated = true;
            }
        }
    }

    /// Lets "less" turn the direction that it stands beside.
    fn quantify(&mut self) {
        const DIRECTIONS: [Kind; 2] = [Kind::Increase, Kind::Decrease];
        for index in 0..self.terms.len() {
            let term = self.terms[index];
            let weakens = matches!(term.kind, Kind::Less | Kind::Dampen);
            if term.negated || !(weakens || matches!(term.kind, Kind::More | Kind::Amplify)) {
                continue;
            }
            let beside = self.next(index, BESIDE, &DIRECTIONS);
            let target = beside
                .or_else(|| self.last(index, BEHIND, &DIRECTIONS).filter(|_| self.closes(index)));
            if let Some(target) = target {
                self.terms[target].turned ^= weakens;
                self.terms[index].used = true;
            } else if self.counts(index) {
                self.terms[index].used = true;
            }
        }
    }

    /// Whether "more" belongs to a number: "more than 90".
    fn counts(&self, index: usize) -> bool {
        let next = self.terms.get(index + 1);
        next.is_some_and(|than| {
            than.kind == Kind::Than
                && than.start == self.terms[index].end
                && matches!(self.tokens.get(than.end), Some(Token::Number { .. }))
        })
    }

    /// Whether something goes up, or down.
    fn goes(&self, up: bool) -> bool {
        self.has(|term| {
            let points = match term.kind {
                Kind::Increase => up != term.turned,
                Kind::Decrease => up == term.turned,
                Kind::More => up && !term.used,
                Kind::Less => !up && !term.used,
                _ => false,
            };
            points && !term.negated
        })
    }
}
