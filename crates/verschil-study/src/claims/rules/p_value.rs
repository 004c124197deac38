//! A p-value by itself, and against its interval.

use super::super::{Said, Span, Verdict};
use super::{Checked, Ledger, alpha, compared, interval_verdict, p_verdict};

pub(super) fn interval(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let p = claim.effect.p_value?;
        let (interval, tested) = (interval_verdict(&claim.effect)?, p_verdict(&claim.effect)?);
        let alpha = alpha(&claim.effect);
        let wanted = match interval {
            Verdict::Clear => Span { low: 0.0, high: alpha },
            _ => Span { low: alpha, high: 1.0 },
        };
        compared(interval == tested, "p_value", Said::Number(p.printed()), Said::Between(wanted))
    })
}

pub(super) fn possible(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let p = claim.effect.p_value?.printed();
        let holds = (0.0..=1.0).contains(&p.value);
        let all = Span { low: 0.0, high: 1.0 };
        compared(holds, "p_value", Said::Number(p), Said::Between(all))
    })
}
