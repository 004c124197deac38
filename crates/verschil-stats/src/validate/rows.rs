//! Small data sets row by row, as Grams and as cells at once.

use std::collections::BTreeMap;

use crate::cells::{CellBuilder, Cells};
use crate::did::{Analysis, Design, Setting};
use crate::fit::Fit;
use crate::glm::{GlmFit, Model, Rows};
use crate::grams::{Batch, Column, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use crate::refusal::Refusal;

/// SplitMix64, as in `benches/peers/glm_statsmodels.py`.
#[derive(Debug, Clone)]
pub struct Numbers(pub u64);

impl Numbers {
    /// The next 64 bits.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// A number from 0 to below 1, of 53 bits.
    #[allow(clippy::cast_precision_loss)]
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// One unit.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Code of its region.
    pub region: String,
    /// Its period.
    pub period: i64,
    /// Levels, the first in order being the reference.
    pub levels: Vec<String>,
    /// Numeric covariates.
    pub numerics: Vec<f64>,
    /// Outcomes, NaN where missing.
    pub outcomes: Vec<f64>,
    /// Its weight, where the data are weighted.
    pub weight: f64,
}

/// Units with who is treated when.
#[derive(Debug, Clone)]
pub struct Data {
    /// The units.
    pub units: Vec<Unit>,
    /// Cluster of each region that is not its own.
    pub clusters: BTreeMap<String, String>,
    /// Codes of the treated regions.
    pub treated: Vec<String>,
    /// First treated period.
    pub start: i64,
    /// How units count.
    pub weighting: Weighting,
    /// For each outcome, whether it is 0 or 1.
    pub binary: Vec<bool>,
}

/// A data set as the engine takes it.
#[derive(Debug)]
pub struct Made {
    /// Sums per region and period.
    pub grams: Grams,
    /// Equal rows counted together.
    pub cells: Cells,
    /// Who is treated when.
    pub setting: Setting,
    /// The cells in order, for models.
    pub rows: Rows,
}

impl Data {
    /// Sums and cells of all units.
    ///
    /// # Errors
    /// [`Refusal::NoOutcome`] without units, [`Refusal::NothingTreated`] without a period before
    /// the start.
    pub fn made(&self) -> Result<Made, Refusal> {
        let first = self.units.first().ok_or(Refusal::NoOutcome)?;
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
            let levels = names.levels.iter_mut().zip(&unit.levels);
            let codes: Vec<u32> = levels.map(|(names, level)| code(names, level)).collect();
            batch.push_codes(&codes);
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
        grams.push(&mut batch, &sizes);
        let grams = grams.finish(&names);
        let covariates = first.levels.len() + first.numerics.len();
        let covariates: Vec<String> = (0..covariates).map(|c| format!("x{c}")).collect();
        let rows = Rows::new(&cells, &grams, &covariates)?;
        let setting = self.setting(&grams)?;
        Ok(Made { grams, cells, setting, rows })
    }

    fn setting(&self, grams: &Grams) -> Result<Setting, Refusal> {
        let on = |r: &usize| self.treated.contains(&grams.regions[*r]);
        let (treated, controls) = (0..grams.regions.len()).partition(on);
        let before = |t: &usize| grams.periods[*t] < self.start;
        let (pre, post): (Vec<usize>, Vec<usize>) = (0..grams.periods.len()).partition(before);
        let mut references: Vec<usize> = Vec::new();
        for (at, column) in grams.columns.iter().enumerate() {
            let smaller =
                |other: &&Column| other.covariate == column.covariate && other.level < column.level;
            if column.level.is_some() && grams.columns.iter().find(smaller).is_none() {
                references.push(at);
            }
        }
        let reference = pre.last().copied().ok_or(Refusal::NothingTreated)?;
        Ok(Setting { treated, controls, pre, post, reference, references })
    }
}

impl Made {
    /// Calls `see` with the fit of an outcome.
    ///
    /// # Errors
    /// As [`Design::new`] and [`GlmFit::new`].
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

fn code<T: PartialEq + Clone>(names: &mut Vec<T>, name: &T) -> u32 {
    let at = names.iter().position(|n| n == name).unwrap_or_else(|| {
        names.push(name.clone());
        names.len() - 1
    });
    u32::try_from(at).unwrap_or(u32::MAX)
}
