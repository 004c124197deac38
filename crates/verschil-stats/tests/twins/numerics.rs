//! Numbers that are hard on sums of squares: far from zero, hardly varying, nearly collinear.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::fit::Fit;

use crate::assert_close;
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Random, Study, WEIGHTINGS};

/// Estimates agree to 1e-9 and standard errors to 1e-8 of the larger of themselves and one standard
/// error (METHODS.md 10).
const ESTIMATE: f64 = 1e-9;
const STD_ERROR: f64 = 1e-8;

fn studies() -> impl Iterator<Item = Study> {
    (0..9).map(|seed| {
        let weighting = WEIGHTINGS[usize::try_from(seed).expect("small") % 3];
        Study::random(Plan { seed: 900 + seed, regions: 8, treated: 3, weighting })
    })
}

fn pooled(study: &Study, outcome: usize) -> (Fit, usize) {
    let grams = study.grams();
    let setting = study.setting(&grams);
    let class = grams.class_of[outcome];
    let fit = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design").fit();
    let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
    (fit, at)
}

fn term(study: &Study) -> [Profile; 1] {
    [indicator(study, &study.treated, &study.post)]
}

/// The crate on `study` against the twin on `easy`, whose effect is 1/`scale` of it.
fn agree(study: &Study, easy: &Study, outcome: usize, scale: f64, what: &str) {
    let (fit, at) = pooled(study, outcome);
    let rows = Regression::new(easy, outcome, &term(easy), |_| true);
    let beta = scale * rows.coefficient(&rows.y, 0).expect("identified");
    let se = scale * rows.cr0(&rows.y, 0);
    let ours = Estimate::from_fit(&fit, &[0], at).expect("identified");
    assert_close(ours.values[0], beta, se, ESTIMATE, what);
    let cr0 = ours.std_error(0, Covariance::Cr0).expect("exists");
    assert_close(cr0, se, 0.0, STD_ERROR, what);
    assert!(fit.varies(at), "{what}");
}

/// The nearest number on a grid of 2^-20: adding 1e6 to it is exact, so that the twin may leave
/// the offset out.
fn on_grid(value: f64) -> f64 {
    (value * f64::from(1 << 20)).round() / f64::from(1 << 20)
}

#[test]
fn outcomes_far_from_zero() {
    for (number, mut easy) in studies().enumerate() {
        easy.rows.iter_mut().for_each(|row| row.outcomes[0] = on_grid(row.outcomes[0]));
        for offset in [1e6, -1_234_567.0, 1_049_999.0] {
            let mut study = easy.clone();
            study.rows.iter_mut().for_each(|row| row.outcomes[0] += offset);
            agree(&study, &easy, 0, 1.0, &format!("study {number}, offset {offset}"));
        }
    }
}

#[test]
fn outcomes_that_hardly_vary_or_are_tiny() {
    for (number, easy) in studies().enumerate() {
        for scale in [2f64.powi(-40), 2f64.powi(-300), 2f64.powi(60)] {
            // powers of two change no digit
            let mut study = easy.clone();
            study.rows.iter_mut().for_each(|row| row.outcomes[0] *= scale);
            agree(&study, &easy, 0, scale, &format!("study {number}, scale {scale:e}"));
        }
    }
}

#[test]
fn covariates_like_years() {
    for (number, mut easy) in studies().enumerate() {
        let mut random = Random::new(number as u64);
        for row in &mut easy.rows {
            row.numerics[0] = f64::from(u32::try_from(random.below(10)).expect("small"));
            row.numerics[1] = on_grid(row.numerics[1]);
        }
        let mut study = easy.clone();
        for row in &mut study.rows {
            row.numerics[0] += 2010.0;
            row.numerics[1] += 1e6;
        }
        agree(&study, &easy, 0, 1.0, &format!("study {number}"));
        agree(&study, &easy, 2, 1.0, &format!("study {number}"));
    }
}

#[test]
fn a_covariate_that_is_nearly_another() {
    for (number, mut study) in studies().enumerate() {
        let mut random = Random::new(number as u64);
        for row in &mut study.rows {
            row.numerics[1] = 2.0 * row.numerics[0] + 1e-3 * random.normal();
        }
        let what = format!("study {number}");
        agree(&study, &study, 0, 1.0, &what);
        let (fit, _) = pooled(&study, 0);
        assert!(fit.bread.kept.iter().all(|&kept| kept), "{what}");
    }
}

#[test]
fn a_covariate_that_is_another_or_the_region_counts_once() {
    for (number, mut study) in studies().enumerate() {
        for row in &mut study.rows {
            row.numerics[1] = 2.0 * row.numerics[0] - 7.3;
        }
        let check = |study: &Study| {
            agree(study, study, 0, 1.0, &format!("study {number}"));
            let rows = Regression::new(study, 0, &term(study), |_| true);
            let (fit, _) = pooled(study, 0);
            assert_eq!((fit.k_within(), fit.k_all()), (rows.k_nested(), rows.k_all()));
            assert_eq!(fit.bread.kept.iter().filter(|&&kept| !kept).count(), 1);
        };
        check(&study);
        for row in &mut study.rows {
            row.numerics[1] = 0.1 + f64::from(u32::try_from(row.region).expect("small"));
        }
        check(&study);
    }
}

#[test]
fn an_outcome_that_only_regions_explain_is_constant() {
    for (number, mut study) in studies().enumerate() {
        for offset in [0.1, 1e6, -333.3] {
            for row in &mut study.rows {
                let region = f64::from(u32::try_from(row.region).expect("small"));
                row.outcomes[0] = offset + 7.7 * region;
            }
            let (fit, at) = pooled(&study, 0);
            assert!(!fit.varies(at), "study {number}, offset {offset}");
        }
    }
}
