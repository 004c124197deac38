//! Where implementations of difference-in-differences have gone wrong: each trap, and what holds it.
//!
//! | trap | held by |
//! |---|---|
//! | CR1 means several factors | `conventions::cr1_is_three_numbers_with_three_names` |
//! | K with effects nested in clusters | `conventions::cr1_is_three_numbers_with_three_names`, `twins::effects` |
//! | levels that explain each other counted twice in K | `twins::numerics` |
//! | normal law where t(G-1) is meant | `conventions::every_robust_test_is_against_t_with_one_less_than_clusters` |
//! | an extra factor on HC2 and HC3 | `conventions::an_adjusted_variance_gets_no_second_factor` |
//! | singleton clusters dropped or counted unseen | `conventions::a_region_with_one_row_counts_as_a_cluster_and_carries_nothing` |
//! | perfectly fitted outcomes | `conventions::a_perfect_fit_is_refused_rather_than_divided` |
//! | the clustered t is a comparison of G differences | `twins::balanced` |
//! | one treated cluster has no residual | `laws`, `twins::balanced` |
//! | WCR and WCU disagree with two treated clusters | `few::the_two_wild_tests_disagree_with_two_treated_clusters` |
//! | 230,230 assignments and 2^G signs are few | `few::all_assignments_and_all_signs_are_visited`, `twins::wild` |
//! | one region against 20 controls has no p below 1/21 | `few::one_region_cannot_be_surer_than_its_controls_are_many` |
//! | fewer assignments within matched sets | `twins::permutation` |
//! | CV3 after period effects were partialled out | `few::the_jackknife_estimates_period_effects_anew` |
//! | a delete-one fit is singular | `laws`, `twins::effects` |
//! | ties, strict or weak | `few::ties_with_the_observed_statistic_count`, `twins::wild` |
//! | intervals without an end or with a hole | `twins::wild` |
//! | residual bootstrap of a logit | `glm::null` (scores) |
//! | the cross difference for the effect on the treated | `nonlinear::the_effect_has_the_sign_of_its_coefficient_where_the_cross_difference_has_not` |
//! | mean of ratios for ratio of means | `nonlinear::a_relative_effect_is_a_ratio_of_means` |
//! | Jacobian without fixed effects | `glm::twin` |
//! | separation | `glm::refusals` |
//! | Gamma with zeros | `nonlinear::zeros_count_in_a_gamma_mean` |
//! | passing a check proves parallel trends | `trends::power`, `reference` (Roth 2022) |
//! | covariance of lower rank than coefficients | `trends::violations` |
//! | missing years and a reference within the periods before | `trends::violations` |
//! | an interval that ends with its grid | `honest::search` |
//! | the naive interval for relative magnitudes | `intervals::relative_magnitudes_are_not_the_naive_interval` |
//! | equivalence hypotheses taken for each other | `intervals::four_equivalence_hypotheses_have_four_bounds` |
//! | weighted and unweighted effects taken for each other | `weights::weights_change_what_is_estimated` |
//! | kinds of weights taken for each other | `weights::frequencies_count_units_and_precisions_do_not`, `laws` |
//! | smallest step-down p of zero | `few::no_step_down_p_value_is_zero` |
//! | step-down draws differ between outcomes | `twins::multiplicity` |
//! | part of an assignment permuted | `twins::permutation` (all profiles together) |
//! | sums that do not suffice | `twins::effects`, `glm::twin` (Grams and cells against rows) |
//! | placebos need more controls than treated, the jackknife two treated | `twins::synthetic` |
//! | draws that depend on threads | `laws`, `few::a_seed_makes_the_draws_and_threads_do_not` |
//!
//! `properties` holds what any estimate must bring.
//!
//! The study's own design has none of these: several ways of clustering at once, HC variances,
//! weights of a survey, staggered starts.

#[path = "../glm/data.rs"]
#[allow(dead_code)]
mod data;
#[path = "../twins/study.rs"]
#[allow(dead_code)]
mod study;

mod conventions;
mod few;
mod intervals;
mod nonlinear;
mod properties;
mod weights;

use study::{Plan, Row, Study};
use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Estimate, SmallSample};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Weighting;
use verschil_stats::inference::{Inference, Options, Question, method};
use verschil_stats::permutation::permute;
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::Draws;

const OPTIONS: Options = Options {
    level: 0.95,
    small_sample: SmallSample::Fixest,
    wild_draws: Draws::Rademacher,
    wild_count: 512,
    permutation_budget: 2000,
    seed: 5,
};

#[track_caller]
fn close(ours: f64, theirs: f64, share: f64, what: &str) {
    assert!((ours - theirs).abs() <= share * theirs.abs(), "{what}: {ours} against {theirs}");
}

#[allow(clippy::cast_precision_loss)]
fn float(n: usize) -> f64 {
    n as f64
}

/// Regions with so many rows in each of five periods, treated from the fourth on, one outcome.
fn panel(
    regions: usize,
    treated: usize,
    rows: usize,
    mut outcome: impl FnMut(usize, usize, usize) -> f64,
) -> Study {
    let plan = Plan { seed: 1, regions, treated, weighting: Weighting::None };
    let mut study = Study::random(plan);
    study.periods = (2010..2015).collect();
    (study.pre, study.post) = ((0..3).collect(), (3..5).collect());
    (study.treated, study.controls) = ((0..treated).collect(), (treated..regions).collect());
    study.rows.clear();
    for region in 0..regions {
        for period in 0..5 {
            for row in 0..rows {
                study.rows.push(Row {
                    region,
                    period,
                    levels: vec![0, 0],
                    numerics: vec![0.0, 0.0],
                    outcomes: vec![outcome(region, period, row)],
                    weight: 1.0,
                });
            }
        }
    }
    study
}

/// The pooled fit of the first outcome.
fn pooled(study: &Study) -> Fit {
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, 0, &setting, Analysis::Pooled).expect("a design");
    design.fit()
}

/// What a method says about the pooled effect on the first outcome.
fn ask(study: &Study, id: &str, options: &Options) -> Result<Inference, Refusal> {
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, 0, &setting, Analysis::Pooled)?;
    let fit = design.fit();
    let estimate = Estimate::from_fit(&fit, &[0], 0)?;
    let permuted = design
        .exchange(0, options.permutation_budget, options.seed)
        .and_then(|exchange| permute(&exchange, options.level))
        .map(|results| results[0][0].clone());
    let question = Question {
        fit: &fit,
        term: 0,
        at: 0,
        estimate: &estimate,
        permutation: &permuted,
        // one matched set of all is no restriction
        matched: &permuted,
        within: &Err(Refusal::NoFinerLevel { clusters: fit.clusters() }),
        options,
    };
    (method(id).expect("in the table").infer)(&question)
}
