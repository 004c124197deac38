//! The level of every rate in every region and year.

use serde::Deserialize;

use super::draws::Draws;
use super::parameters::{Parameters, RateSpec};
use super::register::{Arm, Region};

/// What the generator has a rate for, in the order of `synth.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rate {
    /// Care starts in primary care.
    Start,
    /// Transfer before labour, of those.
    Before,
    /// Labour under secondary care without a recorded transfer, of those.
    Shared,
    /// Transfer during birth, of those whose labour starts in primary care.
    During,
    /// Transfer after birth, of births in primary care.
    After,
    /// Place of birth, of all.
    Home,
    Centre,
    Unknown,
    /// Pain relief, of all.
    Epidural,
    Relief,
    Induction,
    /// Way of birth, of all; the rest is spontaneous.
    Planned,
    Emergency,
    Instrumental,
    /// Health, of all; tears of vaginal births, Apgar of live births.
    Fluxus,
    Tear,
    Apgar,
    Preterm,
    Small,
    Both,
    /// Euro a pregnancy.
    Spending,
}

/// All rates.
pub(super) const RATES: [Rate; 21] = [
    Rate::Start,
    Rate::Before,
    Rate::Shared,
    Rate::During,
    Rate::After,
    Rate::Home,
    Rate::Centre,
    Rate::Unknown,
    Rate::Epidural,
    Rate::Relief,
    Rate::Induction,
    Rate::Planned,
    Rate::Emergency,
    Rate::Instrumental,
    Rate::Fluxus,
    Rate::Tear,
    Rate::Apgar,
    Rate::Preterm,
    Rate::Small,
    Rate::Both,
    Rate::Spending,
];

/// Levels by rate, region and year.
pub(super) struct Levels {
    first: i64,
    years: usize,
    regions: usize,
    untreated: Vec<f64>,
    effects: Vec<f64>,
}

/// Year from which slopes of regions count; the event study's reference year.
const PIVOT: i64 = 2015;

impl Levels {
    /// Draws the regions' own levels from the structure's seed and adds what is fixed.
    pub(super) fn new(parameters: &Parameters, regions: &[Region]) -> Self {
        let (first, last) = *parameters.size.years;
        let years = (last - first + 1) as usize;
        let cells = RATES.len() * regions.len() * years;
        let mut levels = Self {
            first,
            years,
            regions: regions.len(),
            untreated: vec![0.0; cells],
            effects: vec![0.0; cells],
        };
        let scores = scores(parameters, regions);
        for spec in &parameters.rates {
            let own = own_levels(parameters, spec, regions, &scores);
            for (r, region) in regions.iter().enumerate() {
                for t in 0..years {
                    let at = levels.at(spec.id, r, t);
                    let slope = own[r].1 * (first + t as i64 - PIVOT) as f64;
                    levels.untreated[at] = base(spec, t, years)
                        + spec.arm.as_ref().map_or(0.0, |arm| match region.arm {
                            Arm::Treated => arm.treated,
                            Arm::Matched => arm.matched,
                            Arm::Other => arm.other,
                        })
                        + own[r].0
                        + slope
                        + diverged(parameters, spec, region, t);
                }
            }
        }
        for effect in &parameters.effects {
            let Some(r) = regions.iter().position(|region| region.code == effect.region) else {
                continue;
            };
            for (step, value) in effect.value.iter().enumerate() {
                let year = effect.first + step as i64;
                if regions[r].is_igo(year) && year <= last {
                    let at = levels.at(effect.rate, r, (year - first) as usize);
                    levels.effects[at] += value;
                }
            }
        }
        levels
    }

    fn at(&self, rate: Rate, region: usize, t: usize) -> usize {
        (rate as usize * self.regions + region) * self.years + t
    }

    /// Level without the region being an igo.
    pub(super) fn untreated(&self, rate: Rate, region: usize, year: i64) -> f64 {
        self.untreated[self.at(rate, region, (year - self.first) as usize)]
    }

    /// Added by the region being an igo.
    pub(super) fn effect(&self, rate: Rate, region: usize, year: i64) -> f64 {
        self.effects[self.at(rate, region, (year - self.first) as usize)]
    }
}

fn base(spec: &RateSpec, t: usize, years: usize) -> f64 {
    match spec.base.as_slice() {
        [from, to] => from + (to - from) * t as f64 / (years - 1).max(1) as f64,
        all => all.get(t).copied().unwrap_or_default(),
    }
}

fn diverged(parameters: &Parameters, spec: &RateSpec, region: &Region, t: usize) -> f64 {
    let size = spec.divergence.as_ref().map_or(0.0, |size| **size);
    let shape = parameters.divergence.shape.get(t).copied().unwrap_or_default();
    if region.arm == Arm::Treated { size * shape } else { 0.0 }
}

/// Two standard normal scores, for level and slope, by rate and region; none beyond 1.8, so that no
/// region is a caricature.
fn scores(parameters: &Parameters, regions: &[Region]) -> Vec<Vec<(f64, f64)>> {
    let rho = *parameters.structure.relief_correlation;
    let mut scores: Vec<Vec<(f64, f64)>> = RATES
        .iter()
        .map(|rate| {
            let mut draws = Draws::new(*parameters.structure.seed, *rate as u64);
            regions
                .iter()
                .map(|_| {
                    let mut bounded = || draws.normal().clamp(-1.8, 1.8);
                    (bounded(), bounded())
                })
                .collect()
        })
        .collect();
    let epidural = scores[Rate::Epidural as usize].clone();
    for (relief, epidural) in scores[Rate::Relief as usize].iter_mut().zip(epidural) {
        relief.0 = rho * epidural.0 + (1.0 - rho * rho).sqrt() * relief.0;
    }
    scores
}

/// Each region's own level and slope. Levels are centred within each arm and slopes within the 20,
/// by number of pregnancies, so that the arms differ by what the parameters say and move in parallel;
/// the six have no slopes of their own.
fn own_levels(
    parameters: &Parameters,
    spec: &RateSpec,
    regions: &[Region],
    scores: &[Vec<(f64, f64)>],
) -> Vec<(f64, f64)> {
    let sd = spec.region_sd.as_ref().map_or(0.0, |sd| **sd);
    let slope_sd = spec.slope_sd.as_ref().map_or(0.0, |sd| **sd);
    let mut own: Vec<(f64, f64)> = scores[spec.id as usize]
        .iter()
        .zip(regions)
        .map(|(score, region)| {
            let slope = if region.arm == Arm::Matched { slope_sd * score.1 } else { 0.0 };
            (sd * score.0, slope)
        })
        .collect();
    let fixed = |region: &Region| {
        let mut all = parameters.region_effects.iter();
        all.find(|effect| effect.rate == spec.id && effect.region == region.code)
    };
    for arm in [Arm::Treated, Arm::Matched, Arm::Other] {
        let within = |r: &usize| regions[*r].arm == arm;
        let given = |r: &usize| fixed(&regions[*r]).map(|effect| *effect.value);
        let all: Vec<usize> = (0..regions.len()).filter(within).collect();
        let (set, free): (Vec<usize>, Vec<usize>) = all.iter().partition(|r| given(r).is_some());
        for r in set {
            own[r].0 = given(&r).unwrap_or_default();
        }
        let volume = |of: &[usize]| of.iter().map(|r| regions[*r].volume).sum::<f64>().max(1.0);
        let level = all.iter().map(|r| regions[*r].volume * own[*r].0).sum::<f64>() / volume(&free);
        let slope = all.iter().map(|r| regions[*r].volume * own[*r].1).sum::<f64>() / volume(&all);
        for r in free {
            own[r].0 -= level;
        }
        for r in all.into_iter().filter(|_| arm == Arm::Matched) {
            own[r].1 -= slope;
        }
    }
    own
}
