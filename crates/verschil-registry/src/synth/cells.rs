//! A region in a year: the chances of every pattern of features.
//!
//! A rate's level is the mean of its cell: the chance of a woman is that level times her pattern's
//! relative rate, divided by the mean of relative rates in the cell. Effects are added to the level,
//! so a linear model of any kind has them as its estimand. Chances of one feature given another are
//! set so that the overall chances stay exactly these.

use super::casemix::{Flag, PATTERNS};
use super::levels::{RATES, Rate};
use super::model::Model;

/// Shares of patterns, and what can happen to each.
pub(super) struct Cell {
    pub(super) shares: Vec<f64>,
    pub(super) chances: Vec<Chances>,
}

/// What can happen to women of one pattern.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Chances {
    /// Overall chances by [`Rate`]; those of the path of care and of tears are conditional.
    pub(super) rates: [f64; RATES.len()],
    /// Birth led by primary care.
    pub(super) primary: f64,
    /// Labour starts under secondary care.
    pub(super) secondary_labour: f64,
    /// Of births led by primary care.
    pub(super) home: f64,
    pub(super) centre: f64,
    pub(super) unknown_primary: f64,
    pub(super) relief_primary: f64,
    pub(super) fluxus_primary: f64,
    /// Of births led by secondary care.
    pub(super) unknown_secondary: f64,
    pub(super) fluxus_secondary: f64,
    pub(super) preterm: f64,
    /// Of labour under secondary care.
    pub(super) planned: f64,
    /// Of those without planned section.
    pub(super) induction: f64,
    /// Of births led by secondary care without planned section.
    pub(super) emergency: f64,
    pub(super) instrumental: f64,
    pub(super) epidural: f64,
    pub(super) relief: f64,
    /// By way of birth.
    pub(super) tear_instrumental: f64,
    pub(super) tear_spontaneous: f64,
    /// Term, preterm.
    pub(super) small: [f64; 2],
    pub(super) apgar: [f64; 2],
}

impl Chances {
    pub(super) fn rate(&self, rate: Rate) -> f64 {
        self.rates[rate as usize]
    }

    /// Outpatient birth: led by primary care, neither at home nor in a birth centre.
    pub(super) fn outpatient(&self) -> f64 {
        self.primary * (1.0 - self.home - self.centre - self.unknown_primary)
    }

    /// Everything that must lie between 0 and 1, with a name for messages.
    pub(super) fn bounded(&self) -> [(&'static str, f64); 24] {
        let outpatient = 1.0 - self.home - self.centre - self.unknown_primary;
        let spontaneous = 1.0 - self.emergency - self.instrumental;
        let own = |rate: Rate| self.rate(rate);
        [
            ("start", own(Rate::Start)),
            ("before and shared", own(Rate::Before) + own(Rate::Shared)),
            ("before", own(Rate::Before)),
            ("during", own(Rate::During)),
            ("after", own(Rate::After)),
            ("home", self.home),
            ("centre", self.centre),
            ("outpatient birth, which is what home and centre leave", outpatient),
            ("unknown", self.unknown_secondary),
            ("relief", self.relief),
            ("relief", self.relief_primary),
            ("fluxus", self.fluxus_secondary),
            ("fluxus", self.fluxus_primary),
            ("preterm", self.preterm),
            ("planned", self.planned),
            ("induction", self.induction),
            ("emergency", self.emergency),
            ("instrumental", self.instrumental),
            ("spontaneous birth, which is what the others leave", spontaneous),
            ("epidural", self.epidural),
            ("tear", self.tear_instrumental),
            ("small or both", self.small[0].min(self.small[1])),
            ("small or both", self.small[0].max(self.small[1])),
            ("apgar", self.apgar[0]),
        ]
    }
}

/// A rate of every pattern, its mean over `weights` the cell's level.
fn spread(model: &Model, rate: Rate, level: f64, weights: &[f64]) -> Vec<f64> {
    let relative = model.relative(rate);
    let total: f64 = weights.iter().sum();
    let mean = weights.iter().zip(relative).map(|(w, r)| w * r).sum::<f64>() / total.max(1e-300);
    relative.iter().map(|relative| level * relative / mean).collect()
}

impl Cell {
    /// The cell of a region and a year, with or without what being an igo does.
    pub(super) fn new(model: &Model, region: usize, year: i64, effects: bool) -> Self {
        let shares = model.parameters.casemix.shares(&model.groups(region, year));
        let level = |rate: Rate| {
            let effect = if effects { model.levels.effect(rate, region, year) } else { 0.0 };
            model.levels.untreated(rate, region, year) + effect
        };
        let mut chances = vec![Chances::default(); PATTERNS];
        let mut fill = |rate: Rate, weights: &[f64]| {
            let of = spread(model, rate, level(rate), weights);
            for (chance, value) in chances.iter_mut().zip(&of) {
                chance.rates[rate as usize] = *value;
            }
            of
        };
        let times = |a: &[f64], b: &dyn Fn(usize) -> f64| -> Vec<f64> {
            a.iter().enumerate().map(|(at, a)| a * b(at)).collect()
        };
        let start = fill(Rate::Start, &shares);
        let starters = times(&shares, &|at| start[at]);
        let before = fill(Rate::Before, &starters);
        let shared = fill(Rate::Shared, &starters);
        let labours = times(&starters, &|at| 1.0 - before[at] - shared[at]);
        let during = fill(Rate::During, &labours);
        fill(Rate::After, &times(&labours, &|at| 1.0 - during[at]));
        for rate in &RATES[Rate::Home as usize..=Rate::Fluxus as usize] {
            fill(*rate, &shares);
        }
        for rate in [Rate::Preterm, Rate::Small, Rate::Both, Rate::Spending, Rate::Apgar] {
            fill(rate, &shares);
        }
        let (planned, emergency) = (fill(Rate::Planned, &shares), fill(Rate::Emergency, &shares));
        fill(Rate::Tear, &times(&shares, &|at| 1.0 - planned[at] - emergency[at]));
        for chance in &mut chances {
            chance.path(model);
            chance.birth(model);
        }
        Self { shares, chances }
    }

    /// Patterns that occur, with their share and chances.
    pub(super) fn occurring(&self) -> impl Iterator<Item = (f64, &Chances)> {
        let all = self.shares.iter().copied().zip(&self.chances);
        all.filter(|(share, _)| *share > 0.0)
    }
}

impl Chances {
    /// Who leads, and where the birth is.
    fn path(&mut self, model: &Model) {
        let course = &model.parameters.course;
        let start = self.rate(Rate::Start);
        let labour = start * (1.0 - self.rate(Rate::Before) - self.rate(Rate::Shared));
        self.secondary_labour = 1.0 - labour;
        self.primary = labour * (1.0 - self.rate(Rate::During));
        let (primary, secondary) = (self.primary, 1.0 - self.primary);
        self.home = self.rate(Rate::Home) / primary;
        self.centre = self.rate(Rate::Centre) / primary;
        self.unknown_primary = *course.unknown_primary;
        self.unknown_secondary =
            (self.rate(Rate::Unknown) - self.unknown_primary * primary) / secondary;
    }

    /// How the child is born.
    fn birth(&mut self, model: &Model) {
        let course = &model.parameters.course;
        let (primary, secondary) = (self.primary, 1.0 - self.primary);
        let planned = self.rate(Rate::Planned);
        self.planned = planned / self.secondary_labour;
        self.induction = self.rate(Rate::Induction) / (self.secondary_labour - planned);
        let rest = secondary - planned;
        self.emergency = self.rate(Rate::Emergency) / rest;
        self.instrumental = self.rate(Rate::Instrumental) / rest;
        self.epidural = self.rate(Rate::Epidural) / rest;
        let relief = self.rate(Rate::Relief);
        self.relief_primary = *course.relief_primary * relief;
        self.relief = (relief - primary * self.relief_primary) / rest;
        let fluxus = self.rate(Rate::Fluxus);
        self.fluxus_primary = *course.fluxus_primary * fluxus;
        self.fluxus_secondary = (fluxus - primary * self.fluxus_primary) / secondary;
        let vaginal = 1.0 - planned - self.rate(Rate::Emergency);
        let instrumental = self.rate(Rate::Instrumental) / vaginal;
        let tear = self.rate(Rate::Tear);
        self.tear_spontaneous =
            tear / (1.0 - instrumental + *course.tear_instrumental * instrumental);
        self.tear_instrumental = *course.tear_instrumental * self.tear_spontaneous;
        let preterm = self.rate(Rate::Preterm);
        self.preterm = preterm / secondary;
        let both = self.rate(Rate::Both);
        self.small = [(self.rate(Rate::Small) - both) / (1.0 - preterm), both / preterm];
        let live =
            [(1.0 - preterm) * (1.0 - course.stillborn[0]), preterm * (1.0 - course.stillborn[1])];
        let apgar = self.rate(Rate::Apgar);
        let low = *course.apgar_preterm;
        self.apgar = [(apgar * (live[0] + live[1]) - low * live[1]) / live[0], low];
    }
}

/// Relative rate of every pattern.
pub(super) fn relative_rates(of: &[(Flag, f64)]) -> Vec<f64> {
    (0..PATTERNS)
        .map(|pattern| {
            let holding = of.iter().filter(|(flag, _)| pattern & flag.bit() != 0);
            holding.map(|(_, relative)| relative).product()
        })
        .collect()
}
