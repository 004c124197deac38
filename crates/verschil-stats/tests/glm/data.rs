//! Rows as Grams and as cells at once: drawn studies.

use std::collections::BTreeMap;

use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;
pub use verschil_stats::validate::rows::{Data, Numbers, Unit};

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
