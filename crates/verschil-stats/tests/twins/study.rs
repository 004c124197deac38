//! Random data shaped like a study of regions: uneven, with holes, rare levels, missing outcomes.

use verschil_stats::did::Setting;
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};

/// A small generator of its own, so that the data never change with a dependency.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.bits() % n as u64).expect("small")
    }

    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// One unit, by positions in the lists of its [`Study`].
#[derive(Debug, Clone)]
pub struct Row {
    pub region: usize,
    pub period: usize,
    pub levels: Vec<usize>,
    pub numerics: Vec<f64>,
    pub outcomes: Vec<f64>,
    pub weight: f64,
}

/// Rows with who is treated when. Regions and periods stand in sorted order.
#[derive(Debug, Clone)]
pub struct Study {
    pub regions: Vec<String>,
    pub clusters: Vec<String>,
    pub periods: Vec<i64>,
    pub treated: Vec<usize>,
    pub controls: Vec<usize>,
    pub pre: Vec<usize>,
    pub post: Vec<usize>,
    pub weighting: Weighting,
    pub rows: Vec<Row>,
}

/// How many regions, how many of them treated, how rows count.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    pub regions: usize,
    pub treated: usize,
    pub weighting: Weighting,
}

pub const WEIGHTINGS: [Weighting; 3] = [Weighting::None, Weighting::Frequency, Weighting::Analytic];

impl Study {
    /// Five to seven periods; every fourteenth cell or so is empty, save those of the first
    /// treated and the first two control regions; level 2 of the second covariate lives in one
    /// region.
    pub fn random(plan: Plan) -> Self {
        let mut random = Random::new(plan.seed);
        let periods = 5 + random.below(3);
        let start = 2 + random.below(periods - 4);
        let rare_region = random.below(plan.regions);
        let mut order: Vec<usize> = (0..plan.regions).collect();
        random.shuffle(&mut order);
        let (treated, controls) = order.split_at(plan.treated);
        let mut study = Self {
            regions: (0..plan.regions).map(|r| format!("r{r:02}")).collect(),
            clusters: (0..plan.regions).map(|r| format!("r{r:02}")).collect(),
            periods: (0..periods).map(|t| 2010 + i64::try_from(t).expect("few")).collect(),
            treated: treated.to_vec(),
            controls: controls.to_vec(),
            pre: (0..start).collect(),
            post: (start..periods).collect(),
            weighting: plan.weighting,
            rows: Vec::new(),
        };
        let full = [treated[0], controls[0], controls[1]];
        for region in 0..plan.regions {
            let (size, level) = (2 + random.below(5), random.normal());
            for period in 0..periods {
                let empty = random.below(14) == 0 && !full.contains(&region);
                let shock = level + 0.5 * random.normal();
                for row in 0..if empty { 0 } else { size + random.below(3) } {
                    let rare = region == rare_region && row == 0 && period % 2 == 0;
                    study.add_row(&mut random, (region, period), shock, rare);
                }
            }
        }
        study.treated.sort_unstable();
        study.controls.sort_unstable();
        random.shuffle(&mut study.rows);
        study
    }

    /// Outcomes: complete; 0/1 with a tenth missing; euro, missing in the same rows; missing by
    /// itself in a fifth of rows and in all of the second period.
    fn add_row(&mut self, random: &mut Random, at: (usize, usize), shock: f64, rare: bool) {
        let (region, period) = at;
        let on = self.treated.contains(&region) && self.post.contains(&period);
        let on = f64::from(u8::from(on));
        let levels = vec![random.below(3), if rare { 2 } else { random.below(2) }];
        let numerics = vec![random.normal() + 0.3 * on, 10.0 * random.uniform() + shock];
        let trend = 0.1 * f64::from(u32::try_from(period).expect("few"));
        let x = f64::from(u32::try_from(levels[0]).expect("few")) * 0.4 + 0.2 * numerics[0];
        let index = shock + trend + x + 0.4 * on + random.normal();
        let missing = random.below(10) == 0;
        let or_missing = |missing: bool, value: f64| if missing { f64::NAN } else { value };
        let outcomes = vec![
            index,
            or_missing(missing, f64::from(u8::from(index > 0.5))),
            or_missing(missing, 2500.0 + 400.0 * index + 300.0 * random.normal()),
            or_missing(random.below(5) == 0 || period == 1, 0.5 * index + random.normal()),
        ];
        let weight = match self.weighting {
            Weighting::None => 1.0,
            Weighting::Frequency => f64::from(u32::try_from(1 + random.below(4)).expect("few")),
            Weighting::Analytic => 0.2 + 2.8 * random.uniform(),
        };
        self.rows.push(Row { region, period, levels, numerics, outcomes, weight });
    }

    /// Pairs regions of the same status into clusters.
    pub fn paired(mut self) -> Self {
        for list in [&self.treated, &self.controls] {
            for (i, &region) in list.iter().enumerate() {
                let status = if self.treated.contains(&region) { "t" } else { "c" };
                // names that sort otherwise than their regions
                self.clusters[region] = format!("{status}{}", 9 - i / 2);
            }
        }
        self
    }

    pub fn outcomes(&self) -> usize {
        self.rows[0].outcomes.len()
    }

    /// Whether an outcome, as a law may have changed it, holds 0 and 1 only.
    fn binary(&self, outcome: usize) -> bool {
        let mut values = self.rows.iter().map(|row| row.outcomes[outcome]);
        values.all(|y| y.is_nan() || y == 0.0 || y == 1.0)
    }

    /// Grams of all rows in one batch.
    pub fn grams(&self) -> Grams {
        self.grams_in(&(0..self.rows.len()).collect::<Vec<_>>(), self.rows.len())
    }

    /// Grams of rows in this order, in batches of this size; every code is given on first sight.
    pub fn grams_in(&self, order: &[usize], batch: usize) -> Grams {
        let outcomes = self.outcomes();
        let shape = Shape {
            categorical: vec![true, false, true, false],
            binary: (0..outcomes).map(|k| self.binary(k)).collect(),
            weighting: self.weighting,
        };
        let mut names = Dictionaries { levels: vec![Vec::new(); 2], ..Dictionaries::default() };
        let mut builder = GramBuilder::new(shape.clone());
        for rows in order.chunks(batch) {
            let mut columns = Batch::default();
            for &row in rows {
                self.push_row(&self.rows[row], &shape, &mut columns, &mut names);
            }
            let sizes: Vec<usize> = names.levels.iter().map(Vec::len).collect();
            builder.push(&mut columns, &sizes);
        }
        builder.finish(&names)
    }

    fn push_row(&self, row: &Row, shape: &Shape, batch: &mut Batch, names: &mut Dictionaries) {
        let region = code(&mut names.regions, self.regions[row.region].clone());
        if names.clusters.len() < names.regions.len() {
            names.clusters.push(self.clusters[row.region].clone());
        }
        batch.region.push(region);
        batch.period.push(code(&mut names.periods, self.periods[row.period]));
        let levels = names.levels.iter_mut().zip(&row.levels);
        let codes: Vec<u32> =
            levels.map(|(names, level)| code(names, format!("level {level}"))).collect();
        batch.push_codes(&codes);
        batch.numerics.extend(&row.numerics);
        batch.push_outcomes(shape, &row.outcomes);
        if self.weighting != Weighting::None {
            batch.weights.push(row.weight);
        }
    }

    /// The setting in positions of the Grams; level 0 of each covariate is left out.
    pub fn setting(&self, grams: &Grams) -> Setting {
        let regions = |list: &[usize]| {
            let mut at: Vec<usize> =
                list.iter().filter_map(|&r| grams.region(&self.regions[r])).collect();
            at.sort_unstable();
            at
        };
        let periods = |list: &[usize]| -> Vec<usize> {
            list.iter().filter_map(|&t| grams.period(self.periods[t])).collect()
        };
        let references = (0..grams.columns.len())
            .filter(|&c| grams.columns[c].level.as_deref() == Some("level 0"))
            .collect();
        Setting {
            treated: regions(&self.treated),
            controls: regions(&self.controls),
            pre: periods(&self.pre),
            post: periods(&self.post),
            reference: periods(&self.pre).last().copied().expect("a period before the start"),
            references,
        }
    }
}

fn code<T: PartialEq>(names: &mut Vec<T>, name: T) -> u32 {
    let at = names.iter().position(|n| *n == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u32::try_from(at).expect("few names")
}
