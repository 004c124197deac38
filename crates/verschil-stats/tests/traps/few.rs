//! Few clusters, few of them treated, and resampling.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::inference::Options;
use verschil_stats::linalg::{dot, multiply};
use verschil_stats::multiplicity::{Hypothesis, romano_wolf};
use verschil_stats::permutation::permute;
use verschil_stats::trend::equivalence::maximum::Maximum;
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

use crate::study::{Plan, Random, Study, WEIGHTINGS};
use crate::{OPTIONS, ask, close, float, panel, pooled};

/// With two treated clusters the restricted bootstrap hardly ever rejects and the unrestricted one
/// far too often: in 100 samples without effect, at 5%.
#[test]
fn the_two_wild_tests_disagree_with_two_treated_clusters() {
    let mut random = Random::new(12);
    let mut rejected = [0, 0];
    for _ in 0..100 {
        let study = panel(14, 2, 1, |_, _, _| random.normal());
        let fit = pooled(&study);
        for (count, null) in rejected.iter_mut().zip([Null::Imposed, Null::Free]) {
            let residuals = Residuals::Fitted;
            let wild = Wild { null, residuals, draws: Draws::Rademacher, count: 499, seed: 9 };
            let found = wild_bootstrap(&fit, 0, 0, &wild, 0.95).expect("an answer");
            *count += i32::from(found.p_value <= 0.05);
        }
    }
    assert!(rejected[0] <= 1 && rejected[1] >= 12, "{rejected:?}");
}

#[test]
fn all_assignments_and_all_signs_are_visited() {
    let mut random = Random::new(2);
    let study = panel(26, 6, 1, |_, _, _| random.normal());
    let options = Options { permutation_budget: 230_230, ..OPTIONS };
    let answer = ask(&study, "permutation", &options).expect("an answer");
    assert!(answer.remarks.contains(&"enumerated: 230230".to_owned()), "{:?}", answer.remarks);
    let study = panel(12, 4, 1, |_, _, _| random.normal());
    let options = Options { wild_count: 1 << 12, ..OPTIONS };
    let answer = ask(&study, "wild_wcr", &options).expect("an answer");
    assert!(answer.remarks.contains(&"enumerated: 4096".to_owned()), "{:?}", answer.remarks);
}

/// However large its effect.
#[test]
fn one_region_cannot_be_surer_than_its_controls_are_many() {
    let mut random = Random::new(4);
    let study = panel(21, 1, 1, |region, period, _| {
        random.normal() + if region == 0 && period >= 3 { 1000.0 } else { 0.0 }
    });
    let answer = ask(&study, "permutation", &OPTIONS).expect("an answer");
    close(answer.p_value.expect("a p"), 1.0 / 21.0, 1e-12, "p");
    assert!(ask(&study, "wild_wcr", &OPTIONS).is_err() && ask(&study, "cr1", &OPTIONS).is_err());
}

/// The treatment with period effects partialled out once, and clusters then left out of its cross
/// products, is not the regression without a cluster.
#[test]
fn the_jackknife_estimates_period_effects_anew() {
    let plan = Plan { seed: 6, regions: 9, treated: 3, weighting: WEIGHTINGS[0] };
    let fit = pooled(&Study::random(plan));
    let column = fit.normal.term_column(0);
    let own = fit.bread.inverse[(column, column)];
    let left: Vec<f64> = fit.bread.inverse.col(column).iter().map(|x| x / own).collect();
    let (xx, xy) = (dot(&left, &multiply(&fit.xx, &left)), {
        let xy: Vec<f64> = fit.xy.col(0).iter().copied().collect();
        dot(&left, &xy)
    });
    let deleted = fit.deleted(0, 0).expect("identified");
    let mut apart = 0.0f64;
    for (block, ours) in fit.normal.blocks.iter().zip(&deleted) {
        let scores: Vec<f64> = block.xy.col(0).iter().copied().collect();
        let once = (xy - dot(&left, &scores)) / (xx - dot(&left, &multiply(&block.xx, &left)));
        apart = apart.max((once - ours).abs());
    }
    let estimate = Estimate::from_fit(&fit, &[0], 0).expect("identified");
    let scale = estimate.std_error(0, Covariance::Cr3).expect("exists");
    assert!(apart > 0.01 * scale, "{apart} of {scale}");
}

/// Differences 1, 1 of the treated and 0, 0, 0 of the controls, a little apart where it does not
/// matter: of the ten assignments the observed one and none other has so large a difference; with
/// one control at 1 too, three tie and that of the two others is larger.
#[test]
fn ties_with_the_observed_statistic_count() {
    for (moved, extreme) in [(0, 1.0), (1, 4.0)] {
        let study = panel(5, 2, 1, |region, period, _| {
            let on = region < 2 + moved && period >= 3;
            // moves no mean of phases but leaves residuals
            let noise =
                if period == region % 3 { 0.1 } else { 0.0 } + 0.01 * float(region * region);
            let noise = if period < 3 { noise } else { 0.01 * float(region * region) + 0.1 / 3.0 };
            noise + if on { 1.0 } else { 0.0 }
        });
        let answer = ask(&study, "permutation", &OPTIONS).expect("an answer");
        close(answer.p_value.expect("a p"), extreme / 10.0, 1e-12, "p");
    }
}

#[test]
fn no_step_down_p_value_is_zero() {
    let mut random = Random::new(7);
    let study = panel(14, 7, 1, |region, period, _| {
        random.normal() + if region < 7 && period >= 3 { 50.0 } else { 0.0 }
    });
    let fit = pooled(&study);
    let wild = Wild {
        null: Null::Imposed,
        residuals: Residuals::Fitted,
        draws: Draws::Webb,
        count: 99,
        seed: 3,
    };
    let answers = romano_wolf(&[Hypothesis { fit: &fit, term: 0, at: 0 }], &wild);
    close(answers[0].as_ref().expect("an answer").adjusted, 0.01, 1e-12, "(0 + 1) / (99 + 1)");
}

#[test]
fn a_seed_makes_the_draws_and_threads_do_not() {
    let study = Study::random(Plan { seed: 4, regions: 14, treated: 6, weighting: WEIGHTINGS[2] });
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, 0, &setting, Analysis::EventStudy).expect("a design");
    let fit = design.fit();
    let run = |threads: usize, seed: u64| {
        let wild = Wild {
            null: Null::Imposed,
            residuals: Residuals::Jackknifed,
            draws: Draws::Webb,
            count: 999,
            seed,
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let p = wild_bootstrap(&fit, 0, 0, &wild, 0.9).expect("an answer");
            let maximum = Maximum::new(&fit, &[0, 1], 0, &wild).expect("an answer");
            let exchange = design.exchange(0, 300, seed).expect("exchangeable");
            let permuted = permute(&exchange, 0.9).expect("an answer");
            format!("{p:?} {:?} {permuted:?}", maximum.smallest_bound(0.1))
        })
    };
    let one = run(1, 11);
    assert_eq!(one, run(2, 11));
    assert_eq!(one, run(5, 11));
    assert_ne!(one, run(1, 12));
}
