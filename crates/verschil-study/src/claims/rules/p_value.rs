//! A p-value by itself, and against its interval.

use super::super::{Said, Verdict};
use super::{Checked, Ledger, alpha, compared, interval_verdict, p_verdict};

pub(super) fn interval(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let p = claim.effect.p_value?;
        let (interval, tested) = (interval_verdict(&claim.effect)?, p_verdict(&claim.effect)?);
        let alpha = alpha(&claim.effect);
        let (low, high) = match interval {
            Verdict::Clear => (0.0, alpha),
            _ => (alpha, 1.0),
        };
        compared(
            interval == tested,
            "p_value",
            Said::Number(p.printed()),
            Said::Between { low: Some(low), high: Some(high) },
        )
    })
}

pub(super) fn possible(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let p = claim.effect.p_value?.printed();
        let holds = (0.0..=1.0).contains(&p.value);
        let all = Said::Between { low: Some(0.0), high: Some(1.0) };
        compared(holds, "p_value", Said::Number(p), all)
    })
}
