//! What the text says, against the numbers beside it.

use super::super::wording;
use super::super::{Claim, Said, Verdict};
use super::{
    Answer, Checked, Ledger, Wrong, compared, interval_verdict, is_effect, null, p_verdict, plain,
};

fn text(claim: &Claim) -> Said {
    Said::Text(claim.wording.text.clone())
}

/// Which way the numbers go, whatever rounding did.
fn sign(claim: &Claim) -> Option<Verdict> {
    let (moved, from) = match (claim.effect.estimate, claim.levels.before, claim.levels.after) {
        (Some(estimate), _, _) if is_effect(claim) => (estimate.span(), null(&claim.effect)),
        (None, Some(before), Some(after)) => (after.span().minus(before.span()), 0.0),
        _ => return None,
    };
    match () {
        () if moved.above(from) => Some(Verdict::Increase),
        () if moved.below(from) => Some(Verdict::Decrease),
        () => None,
    }
}

pub(super) fn direction(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let (sign, said) = (sign(claim)?, wording::read(claim).direction?);
        compared(sign == said, "text", text(claim), Said::Verdict(sign))
    })
}

pub(super) fn number(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let estimate = claim.effect.estimate.filter(|_| is_effect(claim))?;
        let sign = sign(claim)?;
        if null(&claim.effect) != 0.0 {
            return None;
        }
        let size = estimate.value.abs();
        let same = |signed: &wording::Signed| {
            signed.size.decimals == estimate.decimals
                && (signed.size.value - size).abs() < 1e-12 * size
        };
        let found: Vec<_> = wording::numbers(claim).into_iter().filter(same).collect();
        let reading = wording::read(claim);
        // "a decrease of 9 percent" has its sign in words
        let in_words = reading.direction.is_some() || reading.mixed;
        let right = |signed: &wording::Signed| {
            let negative = sign == Verdict::Decrease;
            signed.negative == negative || (negative && in_words)
        };
        if found.is_empty() {
            return None;
        }
        compared(found.iter().any(right), "text", text(claim), Said::Number(estimate))
    })
}

/// What interval and p-value say together; nothing where they do not say the same.
fn evidence_of(claim: &Claim) -> Option<Verdict> {
    match (interval_verdict(&claim.effect), p_verdict(&claim.effect)) {
        (Some(interval), Some(p)) => (interval == p).then_some(interval),
        (one, other) => one.or(other),
    }
}

pub(super) fn evidence(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let (evidence, reading) = (evidence_of(claim)?, wording::read(claim));
        let said = match (reading.significant, reading.no_change || reading.unclear) {
            (Some(true), _) => Verdict::Clear,
            (Some(false), _) => Verdict::Unclear,
            // "no effect" beside an interval that is open is for the next rule
            (None, true) => Verdict::Unclear,
            (None, false) => return None,
        };
        compared(said == evidence, "text", text(claim), Said::Verdict(evidence))
    })
}

pub(super) fn absence(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let (evidence, reading) = (evidence_of(claim)?, wording::read(claim));
        if !reading.no_change {
            return None;
        }
        let open = evidence == Verdict::Unclear && reading.significant.is_none();
        compared(!open || reading.unclear, "text", text(claim), Said::Verdict(Verdict::Unclear))
    })
}

/// Whether a row has a number or points at one.
fn shows(claim: &Claim) -> bool {
    let (effect, levels) = (&claim.effect, &claim.levels);
    let numbers = [effect.estimate, effect.low, effect.high, levels.change, claim.counts.n];
    numbers.iter().any(Option::is_some)
        || (levels.before.is_some() && levels.after.is_some())
        || !claim.wording.cites.is_empty()
}

pub(super) fn numbers(ledger: &Ledger) -> Checked {
    let about = |claim: &Claim| {
        let about = &claim.about;
        [&about.outcome, &about.analysis, &about.population].map(|text| plain(text))
    };
    let shown: std::collections::BTreeSet<_> =
        ledger.claims.iter().filter(|claim| shows(claim) && is_effect(claim)).map(about).collect();
    Checked::each(ledger, |claim| -> Answer {
        wording::read(claim).direction.filter(|_| is_effect(claim))?;
        let wrong = Wrong { column: "text", found: text(claim), agrees: None };
        Some((!shows(claim) && !shown.contains(&about(claim))).then_some(wrong))
    })
}
