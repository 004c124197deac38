//! An estimate and its interval.

use super::super::{Claim, Printed, Said, Scale, Span};
use super::{Answer, Checked, Ledger, Unit, Wrong, compared, unit};

/// The ends of the interval, in order beyond rounding.
fn ends(claim: &Claim) -> Option<(Span, Span)> {
    let (low, high) = (claim.effect.low?.span(), claim.effect.high?.span());
    (!low.above(high.high)).then_some((low, high))
}

pub(super) fn reversed(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let (low, high) = (claim.effect.low?, claim.effect.high?);
        let wrong = || Wrong { column: "low", found: Said::Number(low), agrees: None };
        Some(low.span().above(high.span().high).then(wrong))
    })
}

pub(super) fn outside(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let estimate = claim.effect.estimate?;
        let (low, high) = (claim.effect.low, claim.effect.high);
        if low.is_none() && high.is_none()
            || low.is_some() && high.is_some() && ends(claim).is_none()
        {
            return None;
        }
        let value = |end: Option<Printed>| end.map(|end| end.value);
        let between = Said::Between { low: value(low), high: value(high) };
        compared(!is_outside(claim), "estimate", Said::Number(estimate), between)
    })
}

fn is_outside(claim: &Claim) -> bool {
    let Some(estimate) = claim.effect.estimate.map(|estimate| estimate.span()) else {
        return false;
    };
    let below = claim.effect.low.is_some_and(|low| estimate.below(low.span().low));
    let above = claim.effect.high.is_some_and(|high| estimate.above(high.span().high));
    below || above
}

pub(super) fn centred(ledger: &Ledger) -> Checked {
    Checked::each(ledger, centre)
}

fn centre(claim: &Claim) -> Answer {
    let effect = &claim.effect;
    let estimate = effect.estimate?;
    let (low, high) = ends(claim)?;
    if effect.anywhere || is_outside(claim) {
        return None;
    }
    let linear = Some(low.plus(high).times(0.5));
    let percent = unit(effect) == Unit::Percent;
    let ratio = if percent {
        // a percentage that comes from a ratio: 100 (ratio - 1)
        let factor = |end: Span| end.plus(Span::exactly(100.0));
        geometric(factor(low), factor(high)).map(|middle| middle.plus(Span::exactly(-100.0)))
    } else {
        geometric(low, high)
    };
    let (first, second) = match (effect.scale, unit(effect)) {
        (Scale::Linear, _) => (linear, None),
        (Scale::Ratio, _) | (Scale::Unstated, Unit::Ratio) => (ratio, None),
        (Scale::Unstated, _) => (linear, ratio),
    };
    let first = first?;
    let fits = |middle: Span| estimate.span().meets(middle);
    let holds = fits(first) || second.is_some_and(fits);
    let middle = Said::Computed {
        value: 0.5 * (first.low + first.high),
        range: first,
        decimals: estimate.decimals,
    };
    compared(holds, "estimate", Said::Number(estimate), middle)
}

/// The middle on the logarithm; nothing where an end is below zero.
fn geometric(low: Span, high: Span) -> Option<Span> {
    if low.high <= 0.0 || high.high <= 0.0 {
        return None;
    }
    let root = |a: f64, b: f64| (a.max(0.0) * b.max(0.0)).sqrt();
    Some(Span { low: root(low.low, high.low), high: root(low.high, high.high) })
}
