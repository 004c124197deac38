//! Equal clusters and one effect: every variance is one of a difference of means.

use verschil_stats::clusters::reliance;
use verschil_stats::cr2::{adjusted_influence, satterthwaite};
use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Weighting;
use verschil_stats::inference::{Options, Question, method};
use verschil_stats::refusal::Refusal;

use crate::assert_close;
use crate::effects::float;
use crate::study::{Random, Row, Study};

/// Two rows in each of `regions` and four periods, the last two treated.
fn balanced(seed: u64, regions: usize, treated: usize) -> Study {
    let mut random = Random::new(seed);
    let code = |r: usize| format!("r{r:02}");
    let mut rows = Vec::new();
    for region in 0..regions {
        for period in [0, 0, 1, 1, 2, 2, 3, 3] {
            let outcomes = vec![random.normal()];
            let (levels, numerics) = (vec![0, 0], vec![0.0, 0.0]);
            rows.push(Row { region, period, levels, numerics, outcomes, weight: 1.0 });
        }
    }
    Study {
        regions: (0..regions).map(code).collect(),
        clusters: (0..regions).map(code).collect(),
        periods: (2010..2014).collect(),
        treated: (0..treated).collect(),
        controls: (treated..regions).collect(),
        pre: vec![0, 1],
        post: vec![2, 3],
        weighting: Weighting::None,
        rows,
    }
}

fn fit(study: &Study) -> Fit {
    let grams = study.grams();
    let setting = study.setting(&grams);
    Design::new(&grams, 0, &setting, Analysis::Pooled).expect("a design").fit()
}

/// After minus before, by region.
fn differences(study: &Study, regions: &[usize]) -> Vec<f64> {
    let change = |region: &usize| {
        let rows = study.rows.iter().filter(|row| row.region == *region);
        rows.map(|row| if row.period < 2 { -row.outcomes[0] } else { row.outcomes[0] }).sum::<f64>()
            / 4.0
    };
    regions.iter().map(change).collect()
}

/// Variance of a mean.
fn of_mean(values: &[f64]) -> f64 {
    let n = float(values.len());
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
}

#[test]
fn cr2_is_the_welch_test_of_equal_clusters() {
    for (seed, regions, treated) in [(1, 26, 6), (2, 9, 2), (3, 8, 4), (4, 40, 3)] {
        let study = balanced(seed, regions, treated);
        let fit = fit(&study);
        let parts = [&study.treated, &study.controls].map(|r| differences(&study, r));
        let variance = of_mean(&parts[0]) + of_mean(&parts[1]);
        let influence = adjusted_influence(&fit, 0, 0).expect("exists");
        let ours: f64 = influence.iter().map(|i| i * i).sum();
        assert_close(ours, variance, 0.0, 1e-10, "Welch's variance");
        let (a, b) = (float(treated), float(regions - treated));
        let sizes = 1.0 / (a * a * (a - 1.0)) + 1.0 / (b * b * (b - 1.0));
        let df = (1.0 / a + 1.0 / b).powi(2) / sizes;
        assert_close(satterthwaite(&fit, &[1.0]).expect("exists"), df, 0.0, 1e-10, "Welch's df");
    }
}

#[test]
fn influences_sum_to_zero_and_to_cr0() {
    let study = balanced(5, 12, 3);
    let fit = fit(&study);
    let influence = fit.influence(0, 0);
    let cr0: f64 = influence.iter().map(|i| i * i).sum();
    assert_close(influence.iter().sum(), 0.0, cr0.sqrt(), 1e-12, "sum");
    let estimate = Estimate::from_fit(&fit, &[0], 0).expect("identified");
    let theirs = estimate.std_error(0, Covariance::Cr0).expect("exists");
    assert_close(cr0.sqrt(), theirs, 0.0, 1e-12, "CR0");
}

#[test]
fn six_of_twenty_six_count_as_ten() {
    let study = balanced(6, 26, 6);
    let ours = reliance(&fit(&study), 0, 0).expect("identified");
    // parts of 1/36 and of 1/400
    let (six, twenty) = (1.0 / 36.0, 1.0 / 400.0);
    let whole = 6.0 * six + 20.0 * twenty;
    let squares = 6.0 * six * six + 20.0 * twenty * twenty;
    assert_close(ours.effective, whole * whole / squares, 0.0, 1e-10, "effective number");
    for share in &ours.clusters {
        let own = if share.treated { six } else { twenty } / whole;
        assert_close(share.partial_leverage, own, 0.0, 1e-10, &share.cluster);
    }
    let total: f64 = ours.clusters.iter().map(|share| share.leverage).sum();
    assert_close(total, 4.0, 0.0, 1e-10, "three periods and the effect");
}

#[test]
fn one_treated_cluster_is_refused_with_its_name() {
    let study = balanced(7, 9, 1);
    let fit = fit(&study);
    let alone = Refusal::LeverageOne { cluster: "r00".into(), share: 8.0 / 9.0 };
    match (adjusted_influence(&fit, 0, 0), alone) {
        (
            Err(Refusal::LeverageOne { cluster, share }),
            Refusal::LeverageOne { cluster: expected, share: wanted },
        ) => {
            assert_eq!(cluster, expected);
            assert_close(share, wanted, 0.0, 1e-9, "the treated part of 1/1 + 1/8");
        }
        other => panic!("{other:?}"),
    }
    let ours = reliance(&fit, 0, 0).expect("identified");
    let deleted: Vec<bool> = ours.clusters.iter().map(|share| share.deleted.is_none()).collect();
    assert_eq!(deleted, [true, false, false, false, false, false, false, false, false]);
    let estimate = Estimate::from_fit(&fit, &[0], 0).expect("identified");
    let question = Question {
        fit: &fit,
        term: 0,
        at: 0,
        estimate: &estimate,
        permutation: &Err(Refusal::OneTreatedCluster),
        matched: &Err(Refusal::NotMatched),
        within: &Err(Refusal::NoFinerLevel { clusters: fit.clusters() }),
        options: &Options {
            level: 0.95,
            small_sample: verschil_stats::estimate::SmallSample::Fixest,
            wild_draws: verschil_stats::wild::Draws::Rademacher,
            wild_count: 99,
            permutation_budget: 9,
            seed: 1,
        },
    };
    let answer = (method("cr2").expect("in the table").infer)(&question);
    assert_eq!(answer, Err(Refusal::OneTreatedCluster));
}
