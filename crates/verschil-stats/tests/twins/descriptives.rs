//! Means by arm and period, from Grams and from rows.

use proptest::prelude::*;
use verschil_stats::grams::Grams;

use crate::assert_close;
use crate::study::{Plan, Row, Study, WEIGHTINGS};

/// Sums of some dozen rows in two orders differ by rounding only.
const ROUNDING: f64 = 1e-12;

/// Rows of an arm in a period that have the outcome, with the weight they count by.
fn rows<'a>(study: &'a Study, arm: &[usize], period: usize, outcome: usize) -> Vec<(&'a Row, f64)> {
    let here = |row: &&Row| {
        arm.contains(&row.region) && row.period == period && !row.outcomes[outcome].is_nan()
    };
    study.rows.iter().filter(here).map(|row| (row, row.weight)).collect()
}

fn mean(rows: &[(&Row, f64)], value: impl Fn(&Row) -> f64) -> Option<f64> {
    let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = rows.iter().map(|(row, weight)| weight * value(row)).sum();
    (total > 0.0).then(|| sum / total)
}

/// Mean of the covariate column, or of the outcome where `column` is none, from sums alone.
fn from_grams(
    grams: &Grams,
    codes: &[&str],
    period: i64,
    outcome: usize,
    column: Option<usize>,
) -> Option<f64> {
    let here = |region: usize, at: usize| {
        codes.contains(&grams.regions[region].as_str()) && grams.periods[at] == period
    };
    let (mut total, mut sum) = (0.0, 0.0);
    for slice in grams.slices.iter().filter(|slice| here(slice.region, slice.period)) {
        let (weight, of_outcome) = grams.weighted_sum(slice, outcome);
        let xx = &slice.classes[grams.class_of[outcome]].xx;
        total += weight;
        sum += column.map_or(of_outcome, |c| xx.at(0, 1 + c) + weight * grams.column_shift[c]);
    }
    (total > 0.0).then(|| sum / total)
}

fn check(study: &Study, grams: &Grams, arm: &[usize], period: usize) -> usize {
    let codes: Vec<&str> = arm.iter().map(|&region| study.regions[region].as_str()).collect();
    let mut compared = 0;
    for outcome in 0..study.outcomes() {
        let rows = rows(study, arm, period, outcome);
        let columns = (0..grams.columns.len()).map(Some).chain([None]);
        for column in columns {
            let value = |row: &Row| match column.map(|c| &grams.columns[c]) {
                None => row.outcomes[outcome],
                // covariates 0 and 2 are categorical, 1 and 3 numeric
                Some(column) => match &column.level {
                    Some(level) => {
                        let own = format!("level {}", row.levels[column.covariate / 2]);
                        f64::from(u8::from(*level == own))
                    }
                    None => row.numerics[column.covariate / 2],
                },
            };
            let ours = from_grams(grams, &codes, study.periods[period], outcome, column);
            let theirs = mean(&rows, value);
            assert_eq!(ours.is_some(), theirs.is_some(), "{column:?}");
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                let size = mean(&rows, |row| value(row).abs()).unwrap_or_default();
                assert_close(ours, theirs, size + 1.0, ROUNDING, &format!("{column:?}"));
                compared += 1;
            }
        }
    }
    compared
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn means_by_arm_and_period_are_those_of_the_rows(
        seed in any::<u64>(),
        regions in 4usize..9,
        weighting in 0usize..3,
    ) {
        let plan = Plan { seed, regions, treated: 2, weighting: WEIGHTINGS[weighting] };
        let study = Study::random(plan);
        let grams = study.grams();
        let mut compared = 0;
        for arm in [&study.treated, &study.controls] {
            for period in 0..study.periods.len() {
                compared += check(&study, &grams, arm, period);
            }
        }
        // four outcomes with at least five columns each, in two arms and five periods
        prop_assert!(compared > 100, "{}", compared);
    }
}
