//! Where an outcome stands, by rules on the results alone.

use verschil_study::results::{EstimateRow, OutcomeFacts, PowerRow};

use crate::note::Note;
use crate::sentences::clear;
use crate::view::View;

/// What may be said of an outcome in the main comparison. The first that applies holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is not shown yet: the run is blind, or its trends have no verdict.
    Withheld,
    /// There is no estimate.
    Refused,
    /// The trend rule failed, so nothing is concluded, whatever the estimate.
    Doubtful,
    /// The data point in one direction at the level of the study.
    Clear,
    /// An effect of the size that the protocol calls relevant is ruled out.
    Equivalent,
    /// None of these: neither a change nor its absence is shown.
    Open,
}

impl Standing {
    pub(crate) fn of(view: &View, facts: &OutcomeFacts) -> Self {
        let main = view.main_row(facts);
        let Some(row) = main.filter(|row| row.estimate.is_some()) else {
            let withheld = main.is_some_and(|row| Note::read(&row.note).withheld().is_some());
            return if withheld { Self::Withheld } else { Self::Refused };
        };
        if row.trend_holds == Some(false) {
            Self::Doubtful
        } else if clear(view, row) {
            Self::Clear
        } else if ruled_out(view, facts).is_some() {
            Self::Equivalent
        } else {
            Self::Open
        }
    }
}

/// What the study could have found of an outcome in the main comparison.
pub(crate) fn power<'a>(view: &View<'a>, facts: &OutcomeFacts) -> Option<&'a PowerRow> {
    let mut rows = view.results.power.iter();
    rows.find(|row| row.outcome == facts.id && row.comparison == view.main.id)
}

/// The smallest relevant effect, where the results show that the effect is smaller than that in
/// both directions. A comparison that failed its trend rule shows nothing.
pub(crate) fn ruled_out(view: &View, facts: &OutcomeFacts) -> Option<f64> {
    let row = view.main_row(facts).filter(|row| row.estimate.is_some())?;
    if row.trend_holds == Some(false) {
        return None;
    }
    let power = power(view, facts).filter(|power| power.equivalent == Some(true))?;
    power.smallest_relevant_effect
}

/// Outcomes with one standing, those of a domain together.
pub(crate) fn standing<'a>(view: &View<'a>, which: Standing) -> Vec<&'a OutcomeFacts> {
    let all = view.by_domain().into_iter();
    all.filter(|facts| Standing::of(view, facts) == which).collect()
}

/// An outcome with the row and the estimate that the report leads with.
pub(crate) type Estimated<'a> = (&'a OutcomeFacts, &'a EstimateRow, f64);

/// Outcomes whose effect is clear.
pub(crate) fn clear_effects<'a>(view: &View<'a>) -> Vec<Estimated<'a>> {
    let all = standing(view, Standing::Clear).into_iter();
    all.filter_map(|facts| {
        let row = view.main_row(facts)?;
        Some((facts, row, row.estimate?))
    })
    .collect()
}

/// Whether an effect stays clear among the others of its domain (Holm); nothing where there is no
/// other test or no such number.
pub(crate) fn corrected(view: &View, facts: &OutcomeFacts) -> Option<bool> {
    let alpha = 1.0 - view.results.design.level - 1e-12;
    let mut rows = view.results.adjusted.iter();
    let row = rows.find(|row| row.outcome == facts.id && row.comparison == view.main.id)?;
    (row.tests > 1).then_some(row.holm < alpha)
}
