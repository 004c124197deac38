//! What a run may show: everything, what is agreed, or nothing from the start on.
//!
//! A blind run asks for less, so most of what it must not show is never computed; and everything
//! that it writes has gone through [`withhold`], which knows each part of the results.

pub mod withhold;

use std::collections::BTreeSet;

use verschil_study::results::TrendCheck;
use verschil_study::{Model, Problem, Protocol};

use crate::lock::Standing;

/// What a run may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    Open,
    /// Outcomes on which the trend rule has a verdict, and these.
    Gated(Vec<String>),
    /// Nothing from the start on.
    Blind,
}

impl Sight {
    /// What a run of this protocol may show; `asked` is whether the run is asked to be blind.
    #[must_use]
    pub fn new(protocol: &Protocol, standing: &Standing, asked: bool) -> Self {
        match (asked, protocol.study.blind, &standing.lock) {
            (true, _, _) => Self::Blind,
            (false, false, _) => Self::Open,
            (false, true, Some(lock)) if lock.is_unblinded() => Self::Gated(lock.accepted()),
            (false, true, _) => Self::Blind,
        }
    }

    /// What a run is asked to estimate: in a blind one only what it may show, and the pooled model,
    /// whose standard errors say what the study could find.
    #[must_use]
    pub fn asked(&self, protocol: &Protocol) -> Protocol {
        let mut asked = protocol.clone();
        // estimation is told what this run is, not what the study will be
        asked.study.blind = *self == Self::Blind;
        if asked.study.blind {
            let analysis = &mut asked.analysis;
            analysis.per_region = false;
            analysis.per_period = false;
            analysis.leave_one_out = false;
            analysis.honest_bounds = false;
            analysis.synthetic.clear();
            analysis.models = vec![Model::Linear];
            asked.specification_curve = None;
        }
        asked
    }

    /// What stays sealed, given the verdicts of the trend rule.
    #[must_use]
    pub fn sealed(&self, protocol: &Protocol, checks: &[TrendCheck]) -> Sealed {
        let outcomes = match self {
            Self::Open => BTreeSet::new(),
            Self::Gated(accepted) => {
                let without = unjudged(protocol, checks);
                without
                    .filter(|id| !accepted.iter().any(|own| own == id))
                    .map(str::to_owned)
                    .collect()
            }
            Self::Blind => protocol.outcomes.iter().map(|outcome| outcome.id.clone()).collect(),
        };
        Sealed { blind: *self == Self::Blind, outcomes, start: protocol.treatment.start }
    }
}

/// Outcomes on which the trend rule gave no verdict in the main comparison.
pub fn unjudged<'a>(
    protocol: &'a Protocol,
    checks: &[TrendCheck],
) -> impl Iterator<Item = &'a str> {
    let main = &protocol.main_comparison().id;
    let judged = move |id: &str| {
        checks.iter().any(|c| c.outcome == id && c.comparison == *main && c.holds.is_some())
    };
    protocol.outcomes.iter().map(|outcome| outcome.id.as_str()).filter(move |id| !judged(id))
}

/// What must not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Whether the run is blind.
    pub blind: bool,
    /// Outcomes of which nothing from the start on is shown.
    pub outcomes: BTreeSet<String>,
    /// First treated period.
    pub start: i64,
}

impl Sealed {
    /// Whether nothing is sealed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Whether this outcome is sealed.
    #[must_use]
    pub fn holds(&self, outcome: &str) -> bool {
        self.outcomes.contains(outcome)
    }

    /// What stands in the note of a withheld row.
    #[must_use]
    pub fn note(&self) -> &'static str {
        if self.blind {
            "withheld_blind: shown once `verschil unblind` is recorded"
        } else {
            "withheld_gate: the trend rule has no verdict on this outcome"
        }
    }

    /// Outcomes that are blocked in a run that is not blind.
    #[must_use]
    pub fn blocked(&self) -> Vec<String> {
        if self.blind { Vec::new() } else { self.outcomes.iter().cloned().collect() }
    }

    /// A warning to whoever runs a study that is not open yet, or of which something is blocked.
    #[must_use]
    pub fn warning(&self, asked: bool, protocol: &Protocol) -> Option<Problem> {
        if self.blind {
            return (!asked).then(|| {
                Problem::warning(
                    "blind",
                    "the protocol asks for a blind run until results are opened",
                )
                .found("[study] blind = true, and no unblinding in the lock")
                .hint("verschil unblind PROTOCOL --author NAME --reason TEXT opens them")
            });
        }
        let ids: Vec<&str> = self.outcomes.iter().map(String::as_str).collect();
        let why = if protocol.trend_rule.is_some() {
            "the trend rule has no verdict on some outcomes, so their effects are withheld"
        } else {
            "without [trend_rule] no outcome has a verdict, so their effects are withheld"
        };
        (!ids.is_empty()).then(|| {
            Problem::warning("blocked", why).found(ids.join(", ")).hint(
                "verschil unblind PROTOCOL --accept-no-verdict OUTCOME --reason TEXT shows them",
            )
        })
    }
}
