//! Grams against sums over rows.

use verschil_stats::grams::{Grams, Slice, Weighting};

use crate::assert_close;
use crate::study::{Plan, Random, Row, Study, WEIGHTINGS};

/// Sums of a few dozen rows in two orders differ by rounding only.
const ROUNDING: f64 = 1e-12;

fn studies() -> impl Iterator<Item = Study> {
    (0..12).map(|seed| {
        let weighting = WEIGHTINGS[usize::try_from(seed).expect("small") % 3];
        Study::random(Plan { seed, regions: 7, treated: 3, weighting })
    })
}

/// [1, levels, numerics] of a row, by the names of the Grams' columns.
fn x_of(study: &Study, grams: &Grams, row: &Row) -> Vec<f64> {
    let columns = grams.columns.iter().zip(&grams.column_shift).map(|(column, shift)| {
        // covariates 0 and 2 are categorical, 1 and 3 numeric
        let place = column.covariate / 2;
        match &column.level {
            Some(level) => f64::from(u8::from(*level == format!("level {}", row.levels[place]))),
            None => row.numerics[place] - shift,
        }
    });
    assert_eq!(grams.regions.len(), study.regions.len());
    std::iter::once(1.0).chain(columns).collect()
}

fn check_slice(study: &Study, grams: &Grams, slice: &Slice, rows: &[&Row]) {
    let p = grams.width();
    let xs: Vec<Vec<f64>> = rows.iter().map(|row| x_of(study, grams, row)).collect();
    for outcome in 0..study.outcomes() {
        let with: Vec<(&Vec<f64>, f64, f64)> = rows
            .iter()
            .zip(&xs)
            .filter(|(row, _)| !row.outcomes[outcome].is_nan())
            .map(|(row, x)| (x, row.weight, row.outcomes[outcome] - grams.outcome_shift[outcome]))
            .collect();
        let moments = &slice.classes[grams.class_of[outcome]];
        assert_eq!(moments.n, with.len() as u64);
        for i in 0..p {
            for j in i..p {
                let sum: f64 = with.iter().map(|(x, w, _)| w * x[i] * x[j]).sum();
                let size: f64 = with.iter().map(|(x, w, _)| (w * x[i] * x[j]).abs()).sum();
                assert_close(moments.xx.at(i, j), sum, size, ROUNDING, "xx");
            }
            let sum: f64 = with.iter().map(|(x, w, y)| w * x[i] * y).sum();
            let size: f64 = with.iter().map(|(x, w, y)| (w * x[i] * y).abs()).sum();
            let ours = slice.xy[i * study.outcomes() + outcome];
            assert_close(ours, sum, size, ROUNDING, "xy");
        }
        let sum: f64 = with.iter().map(|(_, w, y)| w * y * y).sum();
        assert_close(slice.yy[outcome], sum, sum, ROUNDING, "yy");
    }
}

fn check(study: &Study, grams: &Grams) {
    let mut rows_seen = 0;
    for slice in &grams.slices {
        let here = |row: &&Row| {
            study.regions[row.region] == grams.regions[slice.region]
                && study.periods[row.period] == grams.periods[slice.period]
        };
        let rows: Vec<&Row> = study.rows.iter().filter(here).collect();
        rows_seen += rows.len();
        check_slice(study, grams, slice, &rows);
    }
    assert_eq!(rows_seen, study.rows.len());
    let order: Vec<(usize, usize)> = grams.slices.iter().map(|s| (s.region, s.period)).collect();
    assert!(order.windows(2).all(|w| w[0] < w[1]), "sorted, each cell once");
}

#[test]
fn one_batch_and_many_in_any_order_are_sums_over_rows() {
    for (seed, study) in studies().enumerate() {
        let mut order: Vec<usize> = (0..study.rows.len()).collect();
        for batch in [study.rows.len(), 1, 3, 17] {
            check(&study, &study.grams_in(&order, batch));
            Random::new(seed as u64).shuffle(&mut order);
        }
    }
}

#[test]
fn batches_change_no_bit() {
    for study in studies() {
        let order: Vec<usize> = (0..study.rows.len()).collect();
        let whole = study.grams_in(&order, order.len());
        for batch in [1, 2, 5, 40] {
            assert!(whole == study.grams_in(&order, batch), "batches of {batch}");
        }
    }
}

#[test]
fn an_outcome_that_begins_late_is_centred_all_the_same() {
    let mut study = studies().next().expect("one");
    let first = study.rows.len() / 2;
    study.rows[..first].iter_mut().for_each(|row| row.outcomes[2] = f64::NAN);
    let order: Vec<usize> = (0..study.rows.len()).collect();
    let whole = study.grams_in(&order, order.len());
    assert_ne!(whole.outcome_shift[2], 0.0);
    assert!(whole == study.grams_in(&order, 4));
}

#[test]
fn coarser_clusters_are_sorted_by_their_own_names() {
    for study in studies().map(Study::paired) {
        let grams = study.grams();
        assert!(grams.clusters.windows(2).all(|w| w[0] < w[1]));
        for (r, region) in grams.regions.iter().enumerate() {
            let at = study.regions.iter().position(|name| name == region).expect("known");
            assert_eq!(grams.clusters[grams.cluster_of[r]], study.clusters[at]);
        }
    }
}

#[test]
fn a_row_of_weight_zero_is_no_row() {
    let plan = Plan { seed: 5, regions: 6, treated: 2, weighting: Weighting::Analytic };
    let mut study = Study::random(plan);
    let without = study.clone();
    let mut extra = study.rows[3].clone();
    extra.weight = 0.0;
    extra.outcomes.fill(1e3);
    extra.outcomes[1] = 1.0;
    study.rows.push(extra);
    let sums = |study: &Study| {
        let grams = study.grams();
        (grams.class_of.clone(), grams.slices.clone())
    };
    assert!(sums(&study) == sums(&without));
}
