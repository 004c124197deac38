//! Means, units, laid-out effects and samples of a design against loops over rows.

use verschil_stats::did::{Analysis, Design, Target};
use verschil_stats::estimate::Covariance;
use verschil_stats::grams::Weighting;
use verschil_stats::refusal::Refusal;

use crate::assert_close;
use crate::study::{Plan, Row, Study, WEIGHTINGS};

fn studies() -> impl Iterator<Item = Study> {
    (0..12).map(|seed| {
        let weighting = WEIGHTINGS[usize::try_from(seed).expect("small") % 3];
        let study = Study::random(Plan { seed: 40 + seed, regions: 8, treated: 3, weighting });
        if seed % 2 == 1 { study.paired() } else { study }
    })
}

fn cells<'a>(
    study: &'a Study,
    outcome: usize,
    regions: &'a [usize],
    periods: &'a [usize],
) -> impl Iterator<Item = &'a Row> {
    study.rows.iter().filter(move |row| {
        let here = regions.contains(&row.region) && periods.contains(&row.period);
        here && !row.outcomes[outcome].is_nan()
    })
}

#[test]
fn means_and_units_are_those_of_the_rows() {
    for study in studies() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for outcome in 0..study.outcomes() {
            let class = grams.class_of[outcome];
            let design = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design");
            let fit = design.fit();
            for (regions, periods) in [(&study.treated, &study.pre), (&study.controls, &study.post)]
            {
                let rows: Vec<&Row> = cells(&study, outcome, regions, periods).collect();
                let weight: f64 = rows.iter().map(|row| row.weight).sum();
                let sum: f64 = rows.iter().map(|row| row.weight * row.outcomes[outcome]).sum();
                #[allow(clippy::cast_precision_loss)]
                let units = if study.weighting == Weighting::Frequency {
                    weight
                } else {
                    rows.len() as f64
                };
                // sums of a hundred rows in another order
                assert_close(design.units(outcome, regions, periods), units, 0.0, 1e-12, "units");
                let ours = design.mean(&fit, outcome, regions, periods).expect("rows");
                assert_close(ours.values[0], sum / weight, 0.0, 1e-12, "mean");
                let by_cluster = |name: &str| -> (f64, f64) {
                    rows.iter()
                        .filter(|row| study.clusters[row.region] == name)
                        .fold((0.0, 0.0), |(w, s), row| {
                            (w + row.weight, s + row.weight * row.outcomes[outcome])
                        })
                };
                let deleted = ours.deleted.as_ref().expect("several clusters");
                for (c, block) in fit.normal.blocks.iter().enumerate() {
                    let (w, s) = by_cluster(&block.cluster);
                    let influence = (s - w * sum / weight) / weight;
                    // a difference of sums of the mean's size
                    let scale = sum / weight;
                    assert_close(ours.influence[0][c], influence, scale, 1e-12, "influence");
                    let without = (sum - s) / (weight - w);
                    assert_close(deleted[0][c], without, 0.0, 1e-12, "without a cluster");
                }
            }
        }
    }
}

#[test]
fn the_mean_of_one_cluster_has_no_jackknife() {
    for study in studies() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        let class = grams.class_of[0];
        let design = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design");
        let fit = design.fit();
        let region = [study.treated[0]];
        let mean = design.mean(&fit, 0, &region, &study.pre).expect("rows");
        let cluster = study.clusters[region[0]].clone();
        let refusal = Refusal::NotIdentifiedWithout { cluster };
        assert_eq!(mean.std_error(0, Covariance::Cr3), Err(refusal));
        // all its rows are one cluster's, so the cluster does not move it
        let cr0 = mean.std_error(0, Covariance::Cr0).expect("exists");
        assert!(cr0 <= 1e-14 * mean.values[0].abs());
    }
}

#[test]
fn nothing_to_average_is_no_mean() {
    let study = studies().next().expect("one");
    let grams = study.grams();
    let setting = study.setting(&grams);
    let class = grams.class_of[3];
    let design = Design::new(&grams, class, &setting, Analysis::Pooled).expect("a design");
    // the fourth outcome is missing in all of the second period
    assert!(design.mean(&design.fit(), 3, &setting.treated, &[1]).is_none());
}

#[test]
fn effects_are_laid_out_where_there_are_treated_rows() {
    for study in studies() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for outcome in 0..study.outcomes() {
            let targets = |analysis| -> Vec<Target> {
                Design::new(&grams, grams.class_of[outcome], &setting, analysis)
                    .map(|design| design.effects.iter().map(|e| e.target.clone()).collect())
                    .unwrap_or_default()
            };
            let any = |regions: &[usize], periods: &[usize]| {
                cells(&study, outcome, regions, periods).next().is_some()
            };
            let regions: Vec<Target> = study
                .treated
                .iter()
                .filter(|&&r| any(&[r], &study.pre) && any(&[r], &study.post))
                .map(|&r| Target::Region(r))
                .collect();
            let posts: Vec<usize> =
                study.post.iter().copied().filter(|&t| any(&study.treated, &[t])).collect();
            assert_eq!(targets(Analysis::Pooled), [Target::Main]);
            assert_eq!(targets(Analysis::PerRegion), regions);
            let expected: Vec<Target> = posts.iter().map(|&t| Target::Period(t)).collect();
            assert_eq!(targets(Analysis::PerPeriod), expected);
            if any(&study.treated, &[setting.reference]) {
                let expected: Vec<Target> = (0..study.periods.len())
                    .filter(|&t| t != setting.reference && any(&study.treated, &[t]))
                    .map(Target::Event)
                    .collect();
                assert_eq!(targets(Analysis::EventStudy), expected);
            }
        }
    }
}

#[test]
fn a_transition_period_is_as_though_it_had_no_rows() {
    for mut study in studies() {
        study.post.remove(0);
        let mut cut = study.clone();
        let kept = [study.pre.clone(), study.post.clone()].concat();
        cut.rows.retain(|row| kept.contains(&row.period));
        let beta = |study: &Study| {
            let grams = study.grams();
            let setting = study.setting(&grams);
            let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled);
            let fit = design.expect("a design").fit();
            (fit.coefficient(0, 0).expect("identified"), fit.normal.n, fit.k_all())
        };
        let (whole, cut) = (beta(&study), beta(&cut));
        // another row may come first, so sums may be centred elsewhere
        assert_close(whole.0, cut.0, 0.0, 1e-10, "the effect");
        assert_close(whole.1, cut.1, 0.0, 1e-12, "N, where weights add up in another order");
        assert_eq!(whole.2, cut.2);
    }
}
