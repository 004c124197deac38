//! Counts, their totals and their parts.

use std::collections::BTreeMap;

use super::super::{Claim, Printed, Said, Span};
use super::{Answer, Checked, Ledger, Unit, Wrong, compared, is_share, plain, unit};

pub(super) fn share(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let share = claim.effect.estimate.filter(|_| is_share(claim))?;
        let of = claim.counts.of.filter(|of| of.value > 0.0)?;
        let computed = |range: Span| Said::Computed {
            value: 0.5 * (range.low + range.high),
            range,
            decimals: share.decimals,
        };
        let found = Said::Number(share);
        if let Some(n) = claim.counts.n {
            let wanted = Span::exactly(n.value).over(Span::exactly(of.value))?.times(100.0);
            return compared(share.span().meets(wanted), "estimate", found, computed(wanted));
        }
        // the nearest percentage that a whole number of that many can be
        let nearest = (share.value / 100.0 * of.value).round() / of.value * 100.0;
        let wanted = Span::exactly(nearest);
        compared(share.span().meets(wanted), "estimate", found, computed(wanted))
    })
}

pub(super) fn possible(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| -> Answer {
        let (n, of) = (claim.counts.n, claim.counts.of);
        let most = of.map_or(f64::MAX, |of| of.value);
        let whole = |count: Printed| count.value >= 0.0 && count.value.fract() == 0.0;
        let checks = [("n", n, most), ("of", of, f64::MAX)];
        let mut stated =
            checks.iter().filter_map(|(column, count, most)| Some((*column, (*count)?, *most)));
        stated.clone().next()?;
        let wrong = stated.find(|(_, count, most)| !whole(*count) || count.value > *most);
        Some(wrong.map(|(column, count, most)| {
            let high = Some(most).filter(|most| *most < f64::MAX);
            let all = Said::Between { low: Some(0.0), high };
            Wrong { column, found: Said::Number(count), agrees: Some(all) }
        }))
    })
}

pub(super) fn parts(ledger: &Ledger) -> Checked {
    let mut checked = Checked::default();
    let mut parts: BTreeMap<usize, Vec<&Claim>> = BTreeMap::new();
    for part in ledger.claims {
        if let Some(&whole) = ledger.by_id.get(part.counts.part_of.as_str()) {
            parts.entry(whole).or_default().push(part);
        }
    }
    for (whole, parts) in parts {
        checked.answer(whole, None, added(&ledger.claims[whole], &parts));
    }
    checked
}

/// Counts where all state one, estimates of one unit otherwise.
fn added(whole: &Claim, parts: &[&Claim]) -> Answer {
    let all = |number: fn(&Claim) -> Option<Printed>| -> Option<Vec<Printed>> {
        parts.iter().map(|part| number(part)).collect()
    };
    let count = |claim: &Claim| claim.counts.n;
    if let (Some(total), Some(parts)) = (count(whole), all(count)) {
        return sum("n", total, &parts);
    }
    let of_unit = plain(&parts[0].effect.unit);
    let one_unit = parts.iter().all(|part| plain(&part.effect.unit) == of_unit);
    let found = all(|claim| claim.effect.estimate).filter(|_| one_unit)?;
    let percent = unit(&parts[0].effect) == Unit::Percent;
    let hundred = Printed { value: 100.0, decimals: 0 };
    let total = match whole.effect.estimate {
        Some(total) => total,
        None if percent => return percentages(hundred, &found),
        None => return None,
    };
    sum("estimate", total, &found)
}

fn total_of(parts: &[Printed]) -> Span {
    parts.iter().fold(Span::exactly(0.0), |sum, part| sum.plus(part.span()))
}

fn sum(column: &'static str, total: Printed, parts: &[Printed]) -> Answer {
    // counts are whole numbers and not rounded
    let counted = column == "n";
    let exact: f64 = parts.iter().map(|part| part.value).sum();
    let wanted = if counted { Span::exactly(exact) } else { total_of(parts) };
    let holds =
        if counted { Span::exactly(total.value).meets(wanted) } else { total.span().meets(wanted) };
    let computed = Said::Computed { value: exact, range: wanted, decimals: total.decimals };
    compared(holds, column, Said::Number(total), computed)
}

/// All percentages together are a hundred, exactly.
fn percentages(hundred: Printed, parts: &[Printed]) -> Answer {
    let wanted = total_of(parts);
    let exact: f64 = parts.iter().map(|part| part.value).sum();
    let decimals = parts.iter().map(|part| part.decimals).max().unwrap_or(0);
    let computed = Said::Computed { value: exact, range: wanted, decimals };
    compared(Span::exactly(100.0).meets(wanted), "estimate", Said::Number(hundred), computed)
}
