//! The same fact, told more than once.

use std::collections::BTreeMap;

use super::super::{Claim, PValue, Printed, Said, Span};
use super::{Checked, Ledger, Wrong, is_effect, plain};

/// What makes two claims be about the same fact, but for the denominator.
fn key(claim: &Claim) -> Vec<String> {
    let about = &claim.about;
    let aspect = if is_effect(claim) { "effect".to_owned() } else { plain(&about.aspect) };
    let unit = plain(&claim.effect.unit);
    let rest = [&about.outcome, &about.analysis, &about.population, &about.period];
    rest.iter().map(|text| plain(text)).chain([aspect, unit]).collect()
}

/// Indices of the claims about each fact, in order.
fn facts<'c>(
    ledger: &Ledger<'c>,
    key: impl Fn(&Claim) -> Vec<String>,
) -> Vec<Vec<(usize, &'c Claim)>> {
    let mut groups: BTreeMap<Vec<String>, Vec<(usize, &Claim)>> = BTreeMap::new();
    for (index, claim) in ledger.claims.iter().enumerate() {
        groups.entry(key(claim)).or_default().push((index, claim));
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// A column with a number that is compared, where it stands, and whether it is counted rather
/// than rounded.
struct Number {
    column: &'static str,
    of: fn(&Claim) -> Option<Printed>,
    counted: bool,
}

const fn rounded(column: &'static str, of: fn(&Claim) -> Option<Printed>) -> Number {
    Number { column, of, counted: false }
}

const NUMBERS: [Number; 10] = [
    rounded("estimate", |claim| claim.effect.estimate),
    rounded("low", |claim| claim.effect.low),
    rounded("high", |claim| claim.effect.high),
    // "<0.05" and 0.03 are no contradiction, so bounds are left out
    rounded("p_value", |claim| match claim.effect.p_value {
        Some(PValue::Equal(p)) => Some(p),
        _ => None,
    }),
    rounded("before", |claim| claim.levels.before),
    rounded("after", |claim| claim.levels.after),
    rounded("change", |claim| claim.levels.change),
    rounded("base", |claim| claim.levels.base),
    Number { column: "n", of: |claim| claim.counts.n, counted: true },
    Number { column: "of", of: |claim| claim.counts.of, counted: true },
];

impl Number {
    fn same(&self, a: Printed, b: Printed) -> bool {
        let span = |n: Printed| if self.counted { Span::exactly(n.value) } else { n.span() };
        span(a).meets(span(b))
    }
}

/// What was said first about one fact, by column; intervals by their confidence level.
#[derive(Default)]
struct First {
    numbers: BTreeMap<(&'static str, Option<u64>), (usize, Printed)>,
    stated: Option<(usize, String)>,
}

impl First {
    /// The first claim that says the same thing otherwise, or one that agrees, or nothing.
    fn against(&mut self, index: usize, claim: &Claim) -> Option<(usize, Option<Wrong>)> {
        let mut agreed = None;
        let mut wrong = None;
        for number in &NUMBERS {
            let Some(own) = (number.of)(claim) else { continue };
            let end = matches!(number.column, "low" | "high");
            let level = claim.effect.confidence.filter(|_| end);
            let key = (number.column, level.map(|level| level.value.to_bits()));
            let (other, first) = *self.numbers.entry(key).or_insert((index, own));
            if other == index {
                continue;
            }
            agreed = agreed.or(Some((other, None)));
            if wrong.is_none() && !number.same(own, first) {
                let agrees = Some(Said::Number(first));
                let column = number.column;
                wrong = Some((other, Some(Wrong { column, found: Said::Number(own), agrees })));
            }
        }
        let stated = self.stated(index, claim);
        let differs = |found: &(usize, Option<Wrong>)| found.1.is_some();
        wrong.or(if agreed.is_some() { stated.filter(differs).or(agreed) } else { stated })
    }

    /// The same for what is no number.
    fn stated(&mut self, index: usize, claim: &Claim) -> Option<(usize, Option<Wrong>)> {
        let own = &claim.wording.stated;
        if own.is_empty() {
            return None;
        }
        let (other, first) = self.stated.get_or_insert_with(|| (index, own.clone()));
        let wrong = || Wrong {
            column: "stated",
            found: Said::Text(own.clone()),
            agrees: Some(Said::Text(first.clone())),
        };
        let differs = plain(first) != plain(own);
        (*other != index).then(|| (*other, differs.then(wrong)))
    }
}

pub(super) fn twice(ledger: &Ledger) -> Checked {
    let mut checked = Checked::default();
    // percentages of different groups are different facts; the next rule tells them apart
    let full = |claim: &Claim| {
        let mut key = key(claim);
        key.push(plain(&claim.about.denominator));
        key
    };
    for group in facts(ledger, full) {
        let mut first = First::default();
        for (index, claim) in group {
            if let Some((other, wrong)) = first.against(index, claim) {
                checked.answer(index, Some(other), Some(wrong));
            }
        }
    }
    checked
}

pub(super) fn denominators(ledger: &Ledger) -> Checked {
    let mut checked = Checked::default();
    for group in facts(ledger, key) {
        let of = |claim: &Claim| plain(&claim.about.denominator);
        let mut named = group.iter().filter(|(_, claim)| !of(claim).is_empty());
        let Some((first, other)) = named.next() else { continue };
        for (index, claim) in named {
            let wrong = (of(claim) != of(other)).then(|| Wrong {
                column: "denominator",
                found: Said::Text(claim.about.denominator.clone()),
                agrees: Some(Said::Text(other.about.denominator.clone())),
            });
            checked.answer(*index, Some(*first), Some(wrong));
        }
    }
    checked
}
