//! A change and the levels that it lies between.

use super::super::{Claim, Printed, Said, Span};
use super::{Answer, Checked, Ledger, Unit, Wrong, compared, is_effect, is_share, plain, unit};

pub(super) fn change(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let estimate = claim.effect.estimate.filter(|_| is_effect(claim))?;
        let wanted = follows(claim, Printed::span)?;
        let exact = follows(claim, |number| Span::exactly(number.value))?;
        let computed =
            Said::Computed { value: exact.low, range: wanted, decimals: estimate.decimals };
        let holds = estimate.span().meets(wanted);
        compared(holds, "estimate", Said::Number(estimate), computed)
    })
}

/// The estimate that the levels give, with each number as `read` takes it.
fn follows(claim: &Claim, read: impl Fn(Printed) -> Span) -> Option<Span> {
    let levels = &claim.levels;
    let span = |number: Option<Printed>| number.map(&read);
    let (before, after) = (span(levels.before), span(levels.after));
    match unit(&claim.effect) {
        Unit::Own => Some(after?.minus(before?)),
        Unit::Ratio => after?.over(before?),
        Unit::Percent => {
            let share = match (span(levels.change), span(levels.base)) {
                (Some(change), Some(base)) => change.over(base)?,
                (Some(change), None) => change.over(before?)?,
                (None, Some(base)) => after?.minus(before?).over(base)?,
                // (after - before) / before, with the rounding of `before` counted once
                (None, None) => after?.over(before?)?.plus(Span::exactly(-1.0)),
            };
            Some(share.times(100.0))
        }
    }
}

pub(super) fn possible(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| -> Answer {
        let levels = &claim.levels;
        let shares = [
            ("estimate", claim.effect.estimate.filter(|_| is_share(claim))),
            ("before", levels.before.filter(|_| in_points(claim))),
            ("after", levels.after.filter(|_| in_points(claim))),
            ("base", levels.base.filter(|_| in_points(claim))),
        ];
        let mut stated = shares.iter().filter_map(|(column, share)| Some((*column, (*share)?)));
        stated.clone().next()?;
        let all = Span { low: 0.0, high: 100.0 };
        let wrong = stated.find(|(_, share)| !share.span().meets(all));
        let agrees = Some(Said::Between { low: Some(all.low), high: Some(all.high) });
        Some(wrong.map(|(column, share)| Wrong { column, found: Said::Number(share), agrees }))
    })
}

/// Whether levels are percentages, because their differences are percentage points.
fn in_points(claim: &Claim) -> bool {
    let unit = plain(&claim.effect.unit);
    is_share(claim)
        || matches!(
            unit.as_str(),
            "pp" | "percentage point" | "percentage points" | "procentpunt" | "procentpunten"
        )
}
