//! Points of a specification curve under other models against their own fits, and what they say
//! together.

use verschil_stats::curve::{Curve, Options, Point, curves, model_points};
use verschil_stats::did::{Analysis, Setting};
use verschil_stats::estimate::Covariance;
use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;
use verschil_stats::refusal::Refusal;
use verschil_stats::validate::rows::Made;

use crate::data::study;

const OPTIONS: Options = Options { level: 0.9, permutations: 40, seed: 5 };

/// The whole window and a shorter one, with all covariates and with none.
fn settings(made: &Made) -> Vec<Setting> {
    let none: Vec<usize> = (0..made.grams.columns.len()).collect();
    let whole = &made.setting;
    let short = Setting { pre: whole.pre[1..].to_vec(), ..whole.clone() };
    let bare = |setting: &Setting| Setting { references: none.clone(), ..setting.clone() };
    vec![whole.clone(), bare(whole), short.clone(), bare(&short)]
}

fn points(made: &Made, settings: &[Setting], model: Model) -> Vec<Result<Point, Refusal>> {
    let data = (&made.rows, &made.cells);
    model_points(&made.grams, data, settings, (0, model), OPTIONS.level)
}

#[test]
fn a_point_is_the_effect_of_its_own_fit_with_its_own_jackknife() {
    let data = study(51, Weighting::Frequency, true);
    let mut made = data.made().expect("made");
    let settings = settings(&made);
    let found = points(&made, &settings, Model::Logit);
    for (setting, point) in settings.iter().zip(found) {
        made.setting = setting.clone();
        let (att, n) = made
            .with(Analysis::Pooled, 0, Model::Logit, |fit, _, linear| {
                (fit.att(0).expect("identified"), linear.normal.n)
            })
            .expect("fits");
        let point = point.expect("a point");
        assert_eq!((point.estimate, point.n), (att.values[0], n));
        let sure = point.inference.expect("certain");
        assert_eq!(Ok(sure.std_error), att.std_error(0, Covariance::Cr3));
        assert_eq!(Ok(sure.interval), att.interval(0, Covariance::Cr3, OPTIONS.level));
    }
}

#[test]
fn points_of_other_models_count_in_the_summary_and_not_in_the_test() {
    let made = study(52, Weighting::None, true).made().expect("made");
    let settings = settings(&made);
    let class = made.grams.class_of[0];
    let linear: Curve = curves(&made.grams, class, &settings, &OPTIONS).swap_remove(0);
    let more = points(&made, &settings, Model::Logit);
    let both = linear.clone().with(more.clone(), OPTIONS.level);
    let (alone, together) = (linear.summary.expect("points"), both.summary.expect("points"));
    assert_eq!((alone.specifications, together.specifications), (4, 8));
    assert_eq!(together.test, alone.test);
    assert_eq!(together.test.map(|test| test.specifications), Some(4));
    let mut all: Vec<f64> =
        both.points.iter().map(|point| point.as_ref().expect("a point").estimate).collect();
    all.sort_by(f64::total_cmp);
    assert_eq!(together.median, f64::midpoint(all[3], all[4]));
    assert_eq!(together.range, (all[0], all[7]));
    // both models see the same study: shares of a mean, not of an index
    for (linear, logit) in linear.points.iter().zip(&more) {
        let [a, b] = [linear, logit].map(|point| point.as_ref().expect("a point").estimate);
        assert!((a - b).abs() < 0.05, "{a} {b}");
    }
}

#[test]
fn one_treated_region_has_points_without_a_standard_error() {
    let mut made = study(53, Weighting::None, false).made().expect("made");
    made.setting.treated.truncate(1);
    let found = points(&made, &[made.setting.clone()], Model::Logit).swap_remove(0);
    assert_eq!(found.expect("a point").inference, Err(Refusal::OneTreatedCluster));
}
