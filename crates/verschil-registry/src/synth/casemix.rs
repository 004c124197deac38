//! Who the women are: features that go together through social position.

use serde::Deserialize;

use super::draws::Draws;
use super::parameters::CaseMix;
use super::register::Region;

/// A feature on which rates depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Flag {
    /// No earlier birth.
    Nulliparous,
    /// Younger than 25.
    #[serde(rename = "under_25")]
    Under25,
    /// 35 or older.
    #[serde(rename = "age_35")]
    Age35,
    /// Non-Western origin.
    Nonwestern,
    /// Low education.
    LowEducation,
    /// Lowest fifth of incomes.
    LowIncome,
    /// Without partner.
    Single,
    /// Several of these together.
    Vulnerable,
}

/// Flags as bits; [`Flag::Vulnerable`] follows from the others.
pub(super) const PATTERNS: usize = 256;

impl Flag {
    pub(super) fn bit(self) -> usize {
        1 << self as usize
    }
}

/// One woman.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Woman {
    pub(super) age: i32,
    pub(super) parity: i32,
    pub(super) origin: u16,
    /// 1 to 3, 0 when not registered.
    pub(super) education: i32,
    /// 1 to 5, 0 when not registered.
    pub(super) income: i32,
    pub(super) household: u16,
    pub(super) urbanisation: i32,
    pub(super) pattern: usize,
}

impl Woman {
    pub(super) fn is(&self, flag: Flag) -> bool {
        self.pattern & flag.bit() != 0
    }
}

impl CaseMix {
    /// Shares of low, middle and high social position.
    pub(super) fn groups(&self, region: &Region, years_on: f64) -> [f64; 3] {
        let low =
            *self.low + self.low_by_ses.value * region.ses + self.low_by_year.value * years_on;
        let high = *self.high + self.high_by_ses.value * region.ses;
        let (low, high) = (low.clamp(0.02, 0.6), high.clamp(0.05, 0.7));
        [low, (1.0 - low - high).max(0.0), high]
    }

    /// Draws a woman.
    pub(super) fn woman(&self, draws: &mut Draws, groups: &[f64; 3], urbanisation: f64) -> Woman {
        let group = draws.position(groups);
        let class = draws.position(&self.age[group]);
        let age = match class {
            0 => 24 - (draws.below(4) * draws.below(3)) as i32,
            4 => 40 + (draws.below(3) * draws.below(3)) as i32,
            _ => {
                // two draws like the others, so that later draws keep their place
                draws.below(1);
                20 + 5 * class as i32 + draws.below(5) as i32
            }
        };
        let nulliparous = draws.happens(self.nulliparous[class]);
        let parity = 1 + draws.position(&*self.parity) as i32;
        let origin = draws.position(&self.origin[group]);
        let education = draws.position(&self.education[group]);
        let income = draws.position(&self.income[group]);
        let household = draws.position(&self.household[group]);
        let pattern = self.pattern([
            nulliparous,
            class == 0,
            class >= 3,
            !self.western[origin],
            education == 0,
            income == 0,
            self.single[household],
        ]);
        let registered =
            [draws.uniform() >= *self.education_missing, draws.uniform() >= *self.income_missing];
        Woman {
            age,
            parity: if nulliparous { 0 } else { parity },
            origin: origin as u16,
            education: if registered[0] { education as i32 + 1 } else { 0 },
            income: if registered[1] { income as i32 + 1 } else { 0 },
            household: household as u16,
            urbanisation: urban_class(draws, urbanisation),
            pattern,
        }
    }

    /// The bits of seven features and of what follows from them.
    fn pattern(&self, features: [bool; 7]) -> usize {
        let [_, young, _, nonwestern, education, income, single] = features;
        let points = [young, nonwestern, education, income, single];
        let points = points.iter().filter(|holds| **holds).count() as u32;
        let bits = features.iter().enumerate().map(|(at, holds)| usize::from(*holds) << at);
        let vulnerable = usize::from(points >= *self.vulnerable_points) * Flag::Vulnerable.bit();
        bits.sum::<usize>() + vulnerable
    }

    /// Share of each pattern among women, exactly.
    pub(super) fn shares(&self, groups: &[f64; 3]) -> Vec<f64> {
        let mut shares = vec![0.0; PATTERNS];
        for (group, weight) in groups.iter().enumerate() {
            let off = |flags: &[bool], shares: &[f64]| {
                flags.iter().zip(shares).filter(|(flag, _)| **flag).map(|(_, s)| s).sum::<f64>()
            };
            let western = off(&self.western, &self.origin[group]);
            let chances = [
                1.0 - western,
                self.education[group][0],
                self.income[group][0],
                off(&self.single, &self.household[group]),
            ];
            for (class, age) in self.age[group].iter().enumerate() {
                for bits in 0..32_usize {
                    let holds = |at: usize| bits >> at & 1 == 1;
                    let part =
                        |at: usize, chance: f64| if holds(at) { chance } else { 1.0 - chance };
                    let share = part(4, self.nulliparous[class])
                        * (0..4).map(|at| part(at, chances[at])).product::<f64>();
                    let features =
                        [holds(4), class == 0, class >= 3, holds(0), holds(1), holds(2), holds(3)];
                    shares[self.pattern(features)] += weight * age * share;
                }
            }
        }
        shares
    }
}

/// A class whose mean is the region's.
fn urban_class(draws: &mut Draws, mean: f64) -> i32 {
    let whole = mean.floor();
    let class = whole as i32 + i32::from(draws.happens(mean - whole));
    let step = draws.uniform();
    // a step up is as likely as one down, so that the mean stays
    match class {
        2..=4 if step < 0.15 => class - 1,
        2..=4 if step > 0.85 => class + 1,
        _ => class.min(5),
    }
}
