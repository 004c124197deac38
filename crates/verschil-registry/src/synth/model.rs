//! The parameters made ready: regions, levels and the number of pregnancies of every cell.

use std::path::Path;

use rayon::prelude::*;
use verschil_study::Problem;

use super::SCALES;
use super::allocation::allocate;
use super::casemix::Flag;
use super::cells::{Cell, relative_rates};
use super::levels::{Levels, RATES, Rate};
use super::parameters::{self, Parameters};
use super::register::{self, Arm, Region};

/// Everything that draws need.
pub(super) struct Model {
    pub(super) parameters: Parameters,
    pub(super) regions: Vec<Region>,
    pub(super) levels: Levels,
    pub(super) seed: u64,
    relative: Vec<Vec<f64>>,
    counts: Vec<Count>,
    offsets: Vec<u64>,
}

/// Pregnancies of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Singletons of at least 24 weeks: the study population where no region is excluded.
    pub(super) study: u64,
    pub(super) multiples: u64,
    /// Singletons below 24 weeks.
    pub(super) early: u64,
}

impl Count {
    pub(super) fn all(self) -> u64 {
        self.study + self.multiples + self.early
    }
}

impl Model {
    /// Reads the folder and checks everything.
    pub(super) fn load(folder: &Path, seed: u64, scale: f64) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if !(SCALES.0..=SCALES.1).contains(&scale) {
            problems.push(
                Problem::error("synth-scale", "this size cannot be made")
                    .found(scale.to_string())
                    .allowed(format!("{} to {}", SCALES.0, SCALES.1))
                    .hint("1 is the size of the study"),
            );
        }
        let parameters = parameters::read(folder).map_err(|found| problems.extend(found)).ok();
        let regions = register::read(folder).map_err(|found| problems.extend(found)).ok();
        let (Some(parameters), Some(regions)) = (parameters, regions) else { return Err(problems) };
        problems.extend(inconsistencies(&parameters, &regions));
        if !problems.is_empty() {
            return Err(problems);
        }
        let model = Self::new(parameters, regions, seed, scale);
        let problems = model.impossible_chances();
        if problems.is_empty() { Ok(model) } else { Err(problems) }
    }

    fn new(parameters: Parameters, regions: Vec<Region>, seed: u64, scale: f64) -> Self {
        let levels = Levels::new(&parameters, &regions);
        let relative = RATES
            .iter()
            .map(|rate| {
                let spec = parameters.rates.iter().find(|spec| spec.id == *rate);
                let of = spec.and_then(|spec| spec.relative.as_ref());
                let of: Vec<(Flag, f64)> =
                    of.map(|of| of.iter().map(|(f, r)| (*f, *r)).collect()).unwrap_or_default();
                relative_rates(&of)
            })
            .collect();
        let counts = counts(&parameters, &regions, scale);
        let offsets = counts
            .iter()
            .scan(0, |next, count| {
                let offset = *next;
                *next += count.all();
                Some(offset)
            })
            .collect();
        Self { parameters, regions, levels, seed, relative, counts, offsets }
    }

    /// First and last year of the parameters.
    pub(super) fn years(&self) -> (i64, i64) {
        *self.parameters.size.years
    }

    /// Position of a cell, which is also the number of its streams.
    pub(super) fn cell_number(&self, region: usize, year: i64) -> usize {
        (year - self.years().0) as usize * self.regions.len() + region
    }

    pub(super) fn count(&self, region: usize, year: i64) -> Count {
        self.counts[self.cell_number(region, year)]
    }

    /// Number of the first pregnancy of a cell among all of all years.
    pub(super) fn offset(&self, region: usize, year: i64) -> u64 {
        self.offsets[self.cell_number(region, year)]
    }

    /// Pregnancies of all years.
    pub(super) fn pregnancies(&self) -> u64 {
        self.counts.iter().map(|count| count.all()).sum()
    }

    /// Pregnancies of one year.
    pub(super) fn pregnancies_of_year(&self, year: i64) -> u64 {
        (0..self.regions.len()).map(|region| self.count(region, year).all()).sum()
    }

    pub(super) fn relative(&self, rate: Rate) -> &[f64] {
        &self.relative[rate as usize]
    }

    /// Shares of social positions of a region in a year.
    pub(super) fn groups(&self, region: usize, year: i64) -> [f64; 3] {
        let (first, last) = self.years();
        let middle = (first + last) as f64 / 2.0;
        self.parameters.casemix.groups(&self.regions[region], year as f64 - middle)
    }

    pub(super) fn cell(&self, region: usize, year: i64) -> Cell {
        Cell::new(self, region, year, true)
    }

    /// Rates that leave 0 to 1 for some women, each named once.
    fn impossible_chances(&self) -> Vec<Problem> {
        let (first, last) = self.years();
        let cells: Vec<(usize, i64)> = (first..=last)
            .flat_map(|year| (0..self.regions.len()).map(move |region| (region, year)))
            .collect();
        let mut found: Vec<(&str, usize, i64, f64)> = cells
            .into_par_iter()
            .flat_map_iter(|(region, year)| {
                let cells = [true, false].map(|effects| Cell::new(self, region, year, effects));
                let outside = |p: &f64| !(-1e-12..=1.0 + 1e-12).contains(p);
                let bad: Vec<_> = cells
                    .iter()
                    .flat_map(Cell::occurring)
                    .flat_map(|(_, chances)| chances.bounded())
                    .filter(|(_, p)| outside(p))
                    .map(|(name, p)| (name, region, year, p))
                    .collect();
                bad
            })
            .collect();
        found.sort_by_key(|(name, ..)| *name);
        found.dedup_by_key(|(name, ..)| *name);
        let problem = |(name, region, year, p): &(&str, usize, i64, f64)| {
            Problem::error("synth-chance", format!("the rate `{name}` gives some women no chance"))
                .in_file(parameters::FILE)
                .found(format!("{p:.4} for {} in {year}", self.regions[*region].code))
                .allowed("0 to 1")
                .hint("bring the base, the regions' spread or the relative rates closer together")
        };
        found.iter().map(problem).collect()
    }
}

/// What single values cannot show.
fn inconsistencies(parameters: &Parameters, regions: &[Region]) -> Vec<Problem> {
    let mut texts: Vec<String> = Vec::new();
    let (first, last) = *parameters.size.years;
    let years = (last - first + 1).max(0) as usize;
    for rate in RATES {
        let specs: Vec<_> = parameters.rates.iter().filter(|spec| spec.id == rate).collect();
        if specs.len() != 1 {
            texts.push(format!("the rate {rate:?} stands {} times, not once", specs.len()));
        }
        if specs.iter().any(|spec| spec.base.len() != 2 && spec.base.len() != years) {
            texts.push(format!("the base of {rate:?} has neither 2 nor {years} values"));
        }
    }
    if parameters.size.totals.len() != years || parameters.divergence.shape.len() != years {
        texts.push(format!("`totals` and `shape` have a value for each of {years} years"));
    }
    if first > last || parameters.size.window.0 < first || parameters.size.window.1 > last {
        texts.push("the window lies outside the years".to_owned());
    }
    let named = parameters.effects.iter().map(|effect| &effect.region);
    let named = named.chain(parameters.region_effects.iter().map(|effect| &effect.region));
    for code in named.filter(|code| !regions.iter().any(|region| region.code == **code)) {
        texts.push(format!("the region {code} is not in regions.csv"));
    }
    let mix = &parameters.casemix;
    if mix.origins.len() != mix.western.len()
        || mix.origin.iter().any(|o| o.len() != mix.origins.len())
    {
        texts.push("`origins`, `western` and `origin` differ in length".to_owned());
    }
    let households = mix.households.len();
    if households != mix.single.len() || mix.household.iter().any(|h| h.len() != households) {
        texts.push("`households`, `single` and `household` differ in length".to_owned());
    }
    if parameters.claims.classes.len() != super::claims::CLASSES {
        texts.push(format!("`classes` has {} kinds", super::claims::CLASSES));
    }
    if parameters.course.weight.len() != super::pregnancies::WEEKS {
        texts.push(format!("`weight` has {} values, from 16 weeks on", super::pregnancies::WEEKS));
    }
    for arm in [Arm::Treated, Arm::Matched] {
        if !regions.iter().any(|region| region.arm == arm) {
            texts.push(format!("no region has the arm {arm:?}"));
        }
    }
    let problem = |text: String| {
        Problem::error("synth-parameters", text)
            .in_file(parameters::FILE)
            .hint("the synthetic study of this project shows every key")
    };
    texts.into_iter().map(problem).collect()
}

/// Pregnancies of every cell. The numbers asked for in the window are met exactly at scale 1, and
/// rounded to the nearest whole number at other scales; each year's total likewise, and what the two
/// arms leave of a year is split over the other regions.
fn counts(parameters: &Parameters, regions: &[Region], scale: f64) -> Vec<Count> {
    let size = &parameters.size;
    let (first, last) = *size.years;
    let years: Vec<i64> = (first..=last).collect();
    let index = |t: usize, r: usize| t * regions.len() + r;
    let weight = |t: usize, r: usize| volume(regions, r, years[t]) * size.totals[t];
    let mut counts = vec![Count::default(); years.len() * regions.len()];
    let in_window = |t: usize| (size.window.0..=size.window.1).contains(&years[t]);
    for (arm, asked) in [(Arm::Treated, *size.treated), (Arm::Matched, *size.matched)] {
        let cells: Vec<(usize, usize)> = (0..years.len())
            .filter(|t| in_window(*t))
            .flat_map(|t| (0..regions.len()).map(move |r| (t, r)))
            .filter(|(_, r)| regions[*r].arm == arm)
            .collect();
        let weights: Vec<f64> = cells.iter().map(|(t, r)| weight(*t, *r)).collect();
        let parts = allocate((asked as f64 * scale).round() as u64, &weights);
        for ((t, r), part) in cells.into_iter().zip(parts) {
            counts[index(t, r)].study = part;
        }
    }
    for t in 0..years.len() {
        let share = 1.0 - *size.multiples - *size.early;
        let asked = (size.totals[t] * scale * share).round() as u64;
        let of_year = index(t, 0)..index(t + 1, 0);
        let fixed: u64 = counts[of_year.clone()].iter().map(|count| count.study).sum();
        let open = |r: usize| !in_window(t) || regions[r].arm == Arm::Other;
        let weights: Vec<f64> =
            (0..regions.len()).map(|r| if open(r) { weight(t, r) } else { 0.0 }).collect();
        let parts = allocate(asked.saturating_sub(fixed), &weights);
        let year = &mut counts[of_year];
        for (count, part) in year.iter_mut().zip(parts) {
            count.study += part;
        }
        let study: Vec<f64> = year.iter().map(|count| count.study as f64).collect();
        let extra = |share: f64| allocate((size.totals[t] * scale * share).round() as u64, &study);
        for (count, part) in year.iter_mut().zip(extra(*size.multiples)) {
            count.multiples = part;
        }
        for (count, part) in year.iter_mut().zip(extra(*size.early)) {
            count.early = part;
        }
    }
    counts
}

/// Mean pregnancies of a code in a year: its own while it is valid, and those of the codes that it has
/// taken over.
fn volume(regions: &[Region], region: usize, year: i64) -> f64 {
    if !regions[region].exists(year) {
        return 0.0;
    }
    let taken = (0..regions.len()).filter(|other| {
        let other = &regions[*other];
        other.successor == Some(region) && other.valid.1 < year
    });
    let taken = taken.map(|other| volume(regions, other, regions[other].valid.1));
    regions[region].volume + taken.sum::<f64>()
}
