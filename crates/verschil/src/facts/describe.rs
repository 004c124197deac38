//! Means and spread of covariates and outcomes by arm and phase, and the balance before the start.

use verschil_stats::grams::{Column, Grams, Slice};
use verschil_study::Protocol;
use verschil_study::results::{BalanceRow, DescriptiveRow};

use super::levels;
use crate::layout::Layout;

/// Sums of one variable over a group.
#[derive(Default, Clone, Copy)]
struct Sums {
    n: f64,
    weight: f64,
    sum: f64,
    square: f64,
}

impl Sums {
    fn mean(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        Some((self.square / self.weight - mean * mean).max(0.0))
    }
}

/// A variable: a covariate column or an outcome.
#[derive(Clone, Copy)]
enum Variable {
    Column(usize),
    Outcome(usize),
}

/// Who: regions and periods.
struct Group<'a> {
    regions: &'a [usize],
    periods: &'a [usize],
}

/// The outcome with the most units: covariates are described on its sample.
fn widest(grams: &Grams) -> usize {
    let units = |k: usize| grams.slices.iter().map(|s| grams.units(s, k)).sum::<f64>();
    (0..grams.outcome_count())
        .max_by(|&a, &b| units(a).total_cmp(&units(b)).then(b.cmp(&a)))
        .unwrap_or_default()
}

fn sums(grams: &Grams, group: &Group, variable: Variable, base: usize) -> Sums {
    let here = |slice: &&Slice| {
        group.regions.binary_search(&slice.region).is_ok()
            && group.periods.binary_search(&slice.period).is_ok()
    };
    let outcome = match variable {
        Variable::Column(_) => base,
        Variable::Outcome(k) => k,
    };
    let mut total = Sums::default();
    for slice in grams.slices.iter().filter(here) {
        let moments = &slice.classes[grams.class_of[outcome]];
        let weight = moments.xx.at(0, 0);
        // in the centred scale of the Grams; the shift is added to the mean afterwards
        let (sum, square) = match variable {
            Variable::Column(c) => (moments.xx.at(0, 1 + c), moments.xx.at(1 + c, 1 + c)),
            Variable::Outcome(k) => (slice.xy[k], slice.yy[k]),
        };
        total.n += grams.units(slice, outcome);
        total.weight += weight;
        total.sum += sum;
        total.square += square;
    }
    total
}

fn shift(grams: &Grams, variable: Variable) -> f64 {
    match variable {
        Variable::Column(c) => grams.column_shift[c],
        Variable::Outcome(k) => grams.outcome_shift[k],
    }
}

/// Every covariate column, levels in their order, then every outcome: id, level, variable.
fn variables(protocol: &Protocol, grams: &Grams) -> Vec<(String, String, Variable)> {
    let mut columns: Vec<_> = grams.columns.iter().enumerate().collect();
    columns.sort_by(|(_, a), (_, b)| {
        let covariate = &protocol.covariates[a.covariate];
        let level = |column: &'_ Column| column.level.clone().unwrap_or_default();
        let order = a.covariate.cmp(&b.covariate);
        order.then_with(|| levels::compare(protocol, covariate, &level(a), &level(b)))
    });
    let columns = columns.into_iter().map(|(c, column)| {
        let id = protocol.covariates[column.covariate].id.clone();
        (id, column.level.clone().unwrap_or_default(), Variable::Column(c))
    });
    let outcomes = protocol
        .outcomes
        .iter()
        .enumerate()
        .map(|(k, outcome)| (outcome.id.clone(), String::new(), Variable::Outcome(k)));
    columns.chain(outcomes).collect()
}

/// Means and standard deviations in the main comparison.
#[must_use]
pub fn descriptives(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<DescriptiveRow> {
    let main = protocol.comparisons.iter().position(|c| c.main).unwrap_or_default();
    let base = widest(grams);
    let mut rows = Vec::new();
    for (id, level, variable) in variables(protocol, grams) {
        for (arm, regions) in [("treated", &layout.treated), ("control", &layout.controls[main])] {
            for (phase, periods) in [("pre", &layout.pre), ("post", &layout.post)] {
                let sums = sums(grams, &Group { regions, periods }, variable, base);
                rows.push(DescriptiveRow {
                    variable: id.clone(),
                    level: level.clone(),
                    arm: arm.into(),
                    phase: phase.into(),
                    n: sums.n,
                    mean: sums.mean().map(|mean| mean + shift(grams, variable)),
                    sd: sums.variance().map(f64::sqrt),
                });
            }
        }
    }
    rows
}

/// Standardised differences of the covariates before the start, in every comparison: with the
/// chosen controls, and with all candidates where there was a choice. Both are in the standard
/// deviations before matching, so that fewer regions do not pass for better balance.
#[must_use]
pub fn balance(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<BalanceRow> {
    let base = widest(grams);
    let mut rows = Vec::new();
    for (at, comparison) in protocol.comparisons.iter().enumerate() {
        let pool = layout.chosen[at].as_ref().map(|chosen| chosen.pool(grams));
        let controls = &layout.controls[at];
        for (id, level, variable) in variables(protocol, grams) {
            if matches!(variable, Variable::Outcome(_)) {
                continue;
            }
            let group =
                |regions| sums(grams, &Group { regions, periods: &layout.pre }, variable, base);
            let all = group(pool.as_ref().unwrap_or(controls));
            let treated = group(&layout.treated);
            let pooled = treated
                .variance()
                .zip(all.variance())
                .map(|(a, b)| f64::midpoint(a, b).sqrt())
                .filter(|sd| *sd > 0.0);
            let shifted = |mean: Option<f64>| mean.map(|mean| mean + shift(grams, variable));
            let before = pool.as_ref().map(|_| ("before", all));
            for (stage, control) in before.into_iter().chain([("after", group(controls))]) {
                let difference = treated.mean().zip(control.mean()).map(|(a, b)| a - b);
                rows.push(BalanceRow {
                    comparison: comparison.id.clone(),
                    variable: id.clone(),
                    level: level.clone(),
                    treated: shifted(treated.mean()),
                    control: shifted(control.mean()),
                    smd: difference.zip(pooled).map(|(difference, sd)| difference / sd),
                    unit: "row".into(),
                    stage: stage.into(),
                });
            }
        }
    }
    rows
}
