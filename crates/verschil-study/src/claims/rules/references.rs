//! Periods, and rows that others point at.

use super::super::{Claim, Said, Span};
use super::{Checked, Ledger, compared, plain};

pub(super) fn length(ledger: &Ledger) -> Checked {
    Checked::each(ledger, |claim| {
        let years = claim.effect.estimate.filter(|_| plain(&claim.about.aspect) == "length")?;
        if !matches!(plain(&claim.effect.unit).as_str(), "" | "year" | "years" | "jaar" | "jaren") {
            return None;
        }
        let wanted = Span::exactly(spanned(&claim.about.period)?);
        let computed = Said::Computed { value: wanted.low, range: wanted, decimals: 0 };
        let holds = years.span().meets(wanted);
        compared(holds, "estimate", Said::Number(years), computed)
    })
}

/// Years from the first to the last of "2018-2021", both included.
fn spanned(period: &str) -> Option<f64> {
    let plain = plain(period);
    let (first, last) = plain.split_once('-')?;
    let year = |text: &str| text.parse::<u16>().ok().filter(|year| (1000..3000).contains(year));
    let (first, last) = (year(first)?, year(last)?);
    (first <= last).then(|| f64::from(last - first) + 1.0)
}

pub(super) fn cited(ledger: &Ledger) -> Checked {
    let mut checked = Checked::default();
    for (index, claim) in ledger.claims.iter().enumerate() {
        let Some(&other) = ledger.by_id.get(claim.wording.cites.as_str()) else { continue };
        let shows = subjects(&ledger.claims[other]);
        let holds = shows.iter().any(|subject| plain(subject) == plain(&claim.about.outcome));
        let found = Said::Text(claim.about.outcome.clone());
        let answer = compared(holds, "cites", found, Said::Text(shows.join("; ")));
        checked.answer(index, Some(other), answer);
    }
    checked
}

/// What a row is about; a figure shows what it lists.
fn subjects(claim: &Claim) -> Vec<String> {
    if plain(&claim.about.aspect) != "figure" {
        return vec![claim.about.outcome.clone()];
    }
    let shown = claim.wording.stated.split(';').map(|subject| subject.trim().to_owned());
    shown.filter(|subject| !subject.is_empty()).collect()
}
