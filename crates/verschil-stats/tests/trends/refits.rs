//! Left-out regions and placebo dates against estimates on the rows that remain.

#[path = "../twins/study.rs"]
#[allow(dead_code)]
mod study;

use study::{Plan, Study, WEIGHTINGS};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::event_study::EventStudy;
use verschil_stats::grams::Grams;
use verschil_stats::placebo::{leave_one_region_out, placebo_dates, without_each_cluster};
use verschil_stats::refusal::Refusal;

fn plan(seed: u64) -> Study {
    let at = usize::try_from(seed).expect("small");
    Study::random(Plan { seed, regions: 8, treated: 3, weighting: WEIGHTINGS[at % 3] })
}

fn pooled(grams: &Grams, setting: &Setting) -> Result<f64, Refusal> {
    let design = Design::new(grams, grams.class_of[0], setting, Analysis::Pooled)?;
    design.fit().coefficient(0, 0)
}

#[test]
fn a_study_without_a_region_gives_the_deletion_of_its_cluster() {
    let mut compared = 0;
    for seed in 0..6 {
        let study = plan(seed);
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
        let fit = design.expect("design").fit();
        let Ok(deleted) = without_each_cluster(&fit, 0, 0) else { continue };
        let left_out = leave_one_region_out(&setting);
        assert_eq!(left_out.len(), deleted.len());
        for left in left_out {
            let again = pooled(&grams, &left.setting.expect("others stay")).expect("identified");
            let code = &grams.regions[left.region];
            let by_cluster = deleted.iter().find(|(cluster, _)| cluster == code).expect("there");
            assert!((by_cluster.1 - again).abs() < 1e-9 * again.abs().max(0.1), "{seed} {code}");
            compared += 1;
        }
    }
    assert!(compared >= 16, "{compared}");
}

#[test]
fn a_placebo_date_is_the_study_whose_data_end_before_the_start() {
    let mut compared = 0;
    for seed in 0..9 {
        let study = plan(seed);
        let grams = study.grams();
        for placebo in placebo_dates(&study.setting(&grams), 0, 1) {
            let mut short = study.clone();
            let real = study.post[0];
            short.rows.retain(|row| row.period < real);
            let fake = (0..real)
                .find(|&t| grams.period(study.periods[t]) == Some(placebo.start))
                .expect("a period before the start");
            (short.pre, short.post) = ((0..fake).collect(), (fake..real).collect());
            let cut = short.grams();
            let ours = pooled(&grams, &placebo.setting);
            let theirs = pooled(&cut, &short.setting(&cut));
            if let (Ok(ours), Ok(theirs)) = (&ours, &theirs) {
                assert!((ours - theirs).abs() < 1e-8 * theirs.abs().max(0.1), "{seed}");
                compared += 1;
            } else {
                assert_eq!(ours.is_ok(), theirs.is_ok(), "{seed}");
            }
        }
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn an_event_study_takes_its_numbers_from_an_estimate_in_any_order() {
    let study = plan(4);
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::EventStudy);
    let design = design.expect("design");
    let fit = design.fit();
    let forward: Vec<usize> = (0..design.effects.len()).collect();
    let backward: Vec<usize> = forward.iter().rev().copied().collect();
    let years = |terms: &[usize]| -> Vec<i64> {
        terms.iter().map(|&j| grams.periods[design.effects[j].periods[0]]).collect()
    };
    let made = |terms: &[usize]| {
        let estimate = Estimate::from_fit(&fit, terms, 0).expect("identified");
        let times = (grams.periods[setting.reference], grams.periods[setting.post[0]]);
        EventStudy::new(&estimate, Covariance::Cr0, &years(terms), times.0, times.1)
            .expect("well formed")
    };
    let (one, two) = (made(&forward), made(&backward));
    assert_eq!(one.periods(), two.periods());
    assert_eq!(one.values(), two.values());
    assert_eq!(one.covariance(), two.covariance());
    assert_eq!(one.clusters(), fit.clusters());
    assert_eq!(one.post().len(), setting.post.len());
    assert!(one.distances()[one.pre()].iter().all(|&d| d < 0.0));
}
