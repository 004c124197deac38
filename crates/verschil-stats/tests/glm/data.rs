//! Rows as Grams and as cells at once.

use std::collections::BTreeMap;

use verschil_stats::cells::{CellBuilder, Cells};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::fit::Fit;
use verschil_stats::glm::{GlmFit, Model, Rows};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::refusal::Refusal;

/// SplitMix64, as in `benches/peers/glm_statsmodels.py`.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// One unit.
#[derive(Debug, Clone)]
pub struct Unit {
    pub region: String,
    pub period: i64,
    /// Levels, the first in order being the reference.
    pub levels: Vec<String>,
    pub numerics: Vec<f64>,
    /// NaN where missing.
    pub outcomes: Vec<f64>,
    pub weight: f64,
}

/// Units with who is treated when.
#[derive(Debug, Clone)]
pub struct Data {
    pub units: Vec<Unit>,
    /// Cluster of each region that is not its own.
    pub clusters: BTreeMap<String, String>,
    pub treated: Vec<String>,
    pub start: i64,
    pub weighting: Weighting,
    pub binary: Vec<bool>,
}

/// A data set as the engine takes it.
pub struct Made {
    pub grams: Grams,
    pub cells: Cells,
    pub setting: Setting,
    pub rows: Rows,
}

impl Data {
    pub fn made(&self) -> Made {
        let first = &self.units[0];
        let shape = Shape {
            categorical: [vec![true; first.levels.len()], vec![false; first.numerics.len()]]
                .concat(),
            binary: self.binary.clone(),
            weighting: self.weighting,
        };
        let mut names = Dictionaries {
            levels: vec![Vec::new(); first.levels.len()],
            ..Dictionaries::default()
        };
        let mut batch = Batch::default();
        for unit in &self.units {
            let region = code(&mut names.regions, &unit.region);
            if names.clusters.len() < names.regions.len() {
                let own = self.clusters.get(&unit.region).unwrap_or(&unit.region);
                names.clusters.push(own.clone());
            }
            batch.region.push(region);
            batch.period.push(code(&mut names.periods, &unit.period));
            for (dictionary, level) in names.levels.iter_mut().zip(&unit.levels) {
                batch.codes.push(code(dictionary, level));
            }
            batch.numerics.extend(&unit.numerics);
            batch.push_outcomes(&shape, &unit.outcomes);
            if self.weighting != Weighting::None {
                batch.weights.push(unit.weight);
            }
        }
        let mut cells = CellBuilder::new(&shape);
        cells.push(&batch);
        let cells = cells.finish(&names);
        let mut grams = GramBuilder::new(shape);
        let sizes: Vec<usize> = names.levels.iter().map(Vec::len).collect();
        grams.push(batch, &sizes);
        let grams = grams.finish(&names);
        let covariates = first.levels.len() + first.numerics.len();
        let covariates: Vec<String> = (0..covariates).map(|c| format!("x{c}")).collect();
        let rows = Rows::new(&cells, &grams, &covariates).expect("the same rows");
        let setting = self.setting(&grams);
        Made { grams, cells, setting, rows }
    }

    fn setting(&self, grams: &Grams) -> Setting {
        let on = |r: &usize| self.treated.contains(&grams.regions[*r]);
        let (treated, controls) = (0..grams.regions.len()).partition(on);
        let before = |t: &usize| grams.periods[*t] < self.start;
        let (pre, post): (Vec<usize>, Vec<usize>) = (0..grams.periods.len()).partition(before);
        let mut references: Vec<usize> = Vec::new();
        for (at, column) in grams.columns.iter().enumerate() {
            let smaller = |other: &&verschil_stats::grams::Column| {
                other.covariate == column.covariate && other.level < column.level
            };
            if column.level.is_some() && grams.columns.iter().find(smaller).is_none() {
                references.push(at);
            }
        }
        let reference = pre.last().copied().expect("a period before the start");
        Setting { treated, controls, pre, post, reference, references }
    }
}

impl Made {
    /// Calls `see` with the fit of an outcome.
    pub fn with<T>(
        &self,
        analysis: Analysis,
        outcome: usize,
        model: Model,
        see: impl FnOnce(&GlmFit, &Design, &Fit) -> T,
    ) -> Result<T, Refusal> {
        let class = self.grams.class_of[outcome];
        let design = Design::new(&self.grams, class, &self.setting, analysis)?;
        let linear = design.fit();
        let fit = GlmFit::new(&self.rows, &self.cells, (&design, &linear), outcome, model, None)?;
        Ok(see(&fit, &design, &linear))
    }
}

pub const MODELS: [Model; 3] = [Model::Logit, Model::Poisson, Model::Gamma];

/// Ten regions, three of them treated from period 4 of 6 on; two categorical covariates and, where
/// asked for, a numeric one; a 0/1 outcome, visits, and spending with zeros, the last two with
/// missing values.
pub fn study(seed: u64, weighting: Weighting, numeric: bool) -> Data {
    let mut numbers = Numbers(seed);
    let mut units = Vec::new();
    for region in 0..10u32 {
        let level = numbers.share();
        for period in 0..6u32 {
            let shock = 0.3 * numbers.share();
            for _ in 0..12 + numbers.below(20) {
                let on = f64::from(u8::from(region % 4 == 1 && period >= 4));
                let (age, sex) = (numbers.below(4), numbers.below(2));
                let bmi = 15.0 + 20.0 * numbers.share();
                let own = 0.2 * f64::from(u32::try_from(age).expect("small"));
                let risk = level + shock + own + 0.01 * bmi - 0.3 * on;
                let missing = numbers.below(12) == 0;
                let or = |y: f64| if missing { f64::NAN } else { y };
                let visits = (numbers.share() * (2.0 + 3.0 * risk)).floor();
                let zero = numbers.below(4) == 0;
                let cost = if zero { 0.0 } else { 900.0 * (0.3 + risk) * numbers.share() };
                let flag = f64::from(u8::from(numbers.share() < 0.15 + 0.25 * risk));
                let weight = match weighting {
                    Weighting::None => 1.0,
                    Weighting::Frequency => {
                        f64::from(u32::try_from(1 + numbers.below(4)).expect("few"))
                    }
                    Weighting::Analytic => 0.2 + 2.8 * numbers.share(),
                };
                units.push(Unit {
                    region: format!("r{region}"),
                    period: 2010 + i64::from(period),
                    levels: vec![format!("age {age}"), format!("sex {sex}")],
                    numerics: if numeric { vec![bmi] } else { Vec::new() },
                    outcomes: vec![flag, or(visits), or(cost)],
                    weight,
                });
            }
        }
    }
    Data {
        units,
        clusters: BTreeMap::new(),
        treated: (0..10).filter(|r| r % 4 == 1).map(|r| format!("r{r}")).collect(),
        start: 2014,
        weighting,
        binary: vec![true, false, false],
    }
}

fn code<T: PartialEq + Clone>(names: &mut Vec<T>, name: &T) -> u32 {
    let at = names.iter().position(|n| n == name).unwrap_or_else(|| {
        names.push(name.clone());
        names.len() - 1
    });
    u32::try_from(at).expect("few names")
}
