//! Why each control was chosen, and why every other candidate was not.

use serde::{Deserialize, Serialize};

use super::distance::{Distances, Status};
use super::{Choice, MatchOptions, Matched, Method, Pair};

/// A unit at a distance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position in [`super::MatchInput::units`].
    pub unit: usize,
    /// How unlike the treated unit it is.
    pub distance: f64,
}

/// A nearer candidate that served another treated unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Position in [`super::MatchInput::units`].
    pub unit: usize,
    /// How unlike the treated unit it is.
    pub distance: f64,
    /// The treated unit that it serves.
    pub by: usize,
}

/// What a choice comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// No candidate is nearer, save those that serve this treated unit already.
    Nearest,
    /// Nearer ones are of another class.
    NearestInClass,
    /// Nearer ones serve other treated units.
    NearestFree,
    /// Nearer ones are of another class, or serve other treated units.
    NearestFreeInClass,
}

/// Why a control was chosen for its treated unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// What the choice comes down to.
    pub because: Because,
    /// The acceptable candidate that would have come next: of those still free at that moment, or
    /// with [`Method::Optimal`] of those that serve nobody. None when there was no other.
    pub next: Option<Candidate>,
    /// Whether the next one is equally near, so that the code decided.
    pub tie: bool,
    /// Nearer candidates that serve another treated unit, nearest first.
    pub taken: Vec<Taken>,
    /// Nearer candidates of another class, nearest first.
    pub other_class: Vec<Candidate>,
    /// Candidates of the same class that lie beyond the caliper.
    pub beyond_caliper: usize,
}

/// Why a candidate serves nobody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhyNot {
    /// No treated unit has its class.
    OtherClass,
    /// It lies beyond the caliper from every treated unit of its class.
    BeyondCaliper,
    /// The treated unit nearest to it has nearer controls, as many as were asked for.
    Farther {
        /// How many controls that one has.
        controls: usize,
        /// Distance of the farthest of them; none when it has none.
        farthest: Option<f64>,
    },
    /// It is as near as a control of the treated unit nearest to it, and its code comes later.
    Tie {
        /// Position of that control in [`super::MatchInput::units`].
        with: usize,
    },
}

/// A candidate that serves nobody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unchosen {
    /// Position in [`super::MatchInput::units`].
    pub unit: usize,
    /// The treated unit nearest to it: of those to which it is acceptable, else of its class, else
    /// of all.
    pub nearest: usize,
    /// How unlike they are.
    pub distance: f64,
    /// Why not.
    pub why_not: WhyNot,
}

impl Because {
    /// Stable code, as written in a `note`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::NearestInClass => "nearest_in_class",
            Self::NearestFree => "nearest_free",
            Self::NearestFreeInClass => "nearest_free_in_class",
        }
    }
}

impl Why {
    /// The code and what it rests on, without words: for a `note`. Distances have three digits.
    #[must_use]
    pub fn note(&self, units: &[String]) -> String {
        let mut parts = vec![self.because.code().to_owned()];
        if let Some(next) = &self.next {
            parts.push(format!("next {} {:.3}", units[next.unit], next.distance));
        }
        if self.tie {
            parts.push("tie".into());
        }
        for (what, number) in [
            ("taken", self.taken.len()),
            ("other_class", self.other_class.len()),
            ("beyond_caliper", self.beyond_caliper),
        ] {
            if number > 0 {
                parts.push(format!("{what} {number}"));
            }
        }
        parts.join("; ")
    }
}

impl WhyNot {
    /// Stable code, as written in a `note`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherClass => "other_class",
            Self::BeyondCaliper => "beyond_caliper",
            Self::Farther { .. } => "farther",
            Self::Tie { .. } => "tie",
        }
    }
}

/// Choices, and for each candidate the choice that took it away from the others; with replacement
/// none ever does.
struct Choices<'a> {
    distances: &'a Distances,
    all: &'a [Choice],
    taker: Vec<Option<usize>>,
    /// Whether all choices were made at one moment.
    together: bool,
}

/// The choices with their reasons.
pub fn explain(distances: &Distances, all: &[Choice], options: &MatchOptions) -> Matched {
    let mut chosen = vec![false; distances.pool.len()];
    let mut taker = vec![None; distances.pool.len()];
    for (at, choice) in all.iter().enumerate() {
        chosen[choice.control] = true;
        taker[choice.control] = (!options.replacement).then_some(at);
    }
    let choices = Choices { distances, all, taker, together: options.method == Method::Optimal };
    let pair = |(at, choice): (usize, &Choice)| Pair {
        control: distances.pool[choice.control],
        treated: distances.treated[choice.treated],
        distance: distances.cell(choice.treated, choice.control).distance,
        round: choice.round,
        order: at + 1,
        why: why(&choices, at),
    };
    let pairs: Vec<Pair> = all.iter().enumerate().map(pair).collect();
    let unchosen = (0..chosen.len()).filter(|&c| !chosen[c]);
    Matched {
        total_distance: pairs.iter().map(|pair| pair.distance).sum(),
        unchosen: unchosen.map(|c| why_not(distances, all, c)).collect(),
        pairs,
    }
}

fn why(choices: &Choices, at: usize) -> Why {
    let Choices { distances, all, .. } = choices;
    let Choice { treated, control, .. } = all[at];
    let cell = |c: usize| distances.cell(treated, c);
    let key = |c: usize| (cell(c).step, c);
    let by = |c: usize| {
        let gone = choices.taker[c].filter(|&when| choices.together || when < at);
        gone.map(|when| all[when].treated)
    };
    let ranked = distances.ranked(treated);
    let later = |&&c: &&usize| key(c) > key(control) && by(c).is_none();
    let next = ranked.iter().find(later).copied();
    let taken: Vec<Taken> = ranked
        .iter()
        .take_while(|&&c| key(c) < key(control))
        .filter_map(|&c| {
            let by = by(c).filter(|&by| by != treated)?;
            let by = distances.treated[by];
            Some(Taken { unit: distances.pool[c], distance: cell(c).distance, by })
        })
        .collect();
    let of = |status: Status| (0..distances.pool.len()).filter(move |&c| cell(c).status == status);
    let mut nearer: Vec<usize> =
        of(Status::OtherClass).filter(|&c| cell(c).step < cell(control).step).collect();
    nearer.sort_by_key(|&c| key(c));
    let candidate = |c: usize| Candidate { unit: distances.pool[c], distance: cell(c).distance };
    Why {
        because: match (taken.is_empty(), nearer.is_empty()) {
            (true, true) => Because::Nearest,
            (true, false) => Because::NearestInClass,
            (false, true) => Because::NearestFree,
            (false, false) => Because::NearestFreeInClass,
        },
        tie: next.is_some_and(|c| cell(c).step == cell(control).step),
        next: next.map(candidate),
        taken,
        other_class: nearer.into_iter().map(candidate).collect(),
        beyond_caliper: of(Status::BeyondCaliper).count(),
    }
}

fn why_not(distances: &Distances, choices: &[Choice], control: usize) -> Unchosen {
    let cell = |t: usize| distances.cell(t, control);
    let nearest = |status: Option<Status>| {
        (0..distances.treated.len())
            .filter(|&t| status.is_none_or(|status| cell(t).status == status))
            .min_by_key(|&t| (cell(t).step, t))
    };
    let told = |t: usize, why_not: WhyNot| Unchosen {
        unit: distances.pool[control],
        nearest: distances.treated[t],
        distance: cell(t).distance,
        why_not,
    };
    if let Some(t) = nearest(Some(Status::Acceptable)) {
        let own: Vec<usize> = choices
            .iter()
            .filter(|choice| choice.treated == t)
            .map(|choice| choice.control)
            .collect();
        let equal = own.iter().find(|&&c| distances.cell(t, c).step == cell(t).step);
        let farthest = own.iter().map(|&c| distances.cell(t, c).distance).reduce(f64::max);
        return told(
            t,
            match equal {
                Some(&with) => WhyNot::Tie { with: distances.pool[with] },
                None => WhyNot::Farther { controls: own.len(), farthest },
            },
        );
    }
    match nearest(Some(Status::BeyondCaliper)) {
        Some(t) => told(t, WhyNot::BeyondCaliper),
        None => told(nearest(None).unwrap_or_default(), WhyNot::OtherClass),
    }
}
