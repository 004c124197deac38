//! What each cluster says by itself, from residuals of the regression on rows.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::few::{Standing, conley_taber, ferman_pinto};
use verschil_stats::refusal::Refusal;

use crate::assert_close;
use crate::dense::{Solved, dot};
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Row, Study, WEIGHTINGS};

/// A cluster's difference and its precision.
struct Said {
    w: f64,
    precision: f64,
}

/// Least squares of a cluster's residuals on its region effects and the profiles.
fn said(study: &Study, cluster: &str, left: &[f64], periods: &[Vec<usize>], at: usize) -> Said {
    let here = |row: &Row| study.clusters[row.region] == cluster;
    let rows: Vec<(&Row, f64)> =
        sampled(study).zip(left).filter(|(row, _)| here(row)).map(|(row, l)| (row, *l)).collect();
    let column = |value: &dyn Fn(&Row) -> bool| -> Vec<f64> {
        rows.iter().map(|(row, _)| row.weight.sqrt() * f64::from(u8::from(value(row)))).collect()
    };
    let mut columns: Vec<Vec<f64>> =
        (0..study.regions.len()).map(|r| column(&|row| row.region == r)).collect();
    columns.extend(periods.iter().map(|list| column(&|row| list.contains(&row.period))));
    let y: Vec<f64> = rows.iter().map(|(_, left)| *left).collect();
    let row = Solved::new(&columns).coefficient_row(study.regions.len() + at).expect("identified");
    Said { w: dot(&row, &y), precision: 1.0 / dot(&row, &row) }
}

/// Rows as the regression has them for the first outcome, which none lacks.
fn sampled(study: &Study) -> impl Iterator<Item = &Row> {
    study.rows.iter()
}

/// A study in which every cluster has rows in every period.
fn studies() -> impl Iterator<Item = Study> {
    let complete = |study: &Study| {
        let cells = study.rows.iter().map(|row| (row.region, row.period));
        cells.collect::<std::collections::BTreeSet<_>>().len()
            == study.regions.len() * study.periods.len()
    };
    (0..200u64)
        .map(|seed| {
            let at = usize::try_from(seed).expect("small");
            let (treated, weighting) = (1 + at % 3, WEIGHTINGS[at % 3]);
            let plan = Plan { seed: 900 + seed, regions: 6 + at % 2, treated, weighting };
            let study = Study::random(plan);
            if at % 5 == 4 { study.paired() } else { study }
        })
        .filter(complete)
        .take(12)
}

fn names(study: &Study, regions: &[usize]) -> Vec<String> {
    let mut names: Vec<String> = regions.iter().map(|&r| study.clusters[r].clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// The profiles of an analysis, and who is treated in each.
fn profiles(study: &Study, analysis: Analysis) -> Vec<Vec<usize>> {
    match analysis {
        Analysis::Pooled => vec![study.post.clone()],
        _ => study.post.iter().map(|&t| vec![t]).collect(),
    }
}

/// All ways to put controls in the treated clusters' places.
fn mixtures(treated: &[Said], controls: &[Said]) -> Vec<f64> {
    let sum: f64 = treated.iter().map(|t| t.precision).sum();
    let mut all = vec![0.0];
    for place in treated {
        let with = |before: f64| controls.iter().map(move |c| before + place.precision / sum * c.w);
        all = all.into_iter().flat_map(with).collect();
    }
    all
}

#[allow(clippy::cast_precision_loss)]
fn stretch(treated: &[Said], controls: &[Said]) -> f64 {
    let shares = |list: &[Said]| -> f64 {
        let sum: f64 = list.iter().map(|said| said.precision).sum();
        list.iter().map(|said| (said.precision / sum).powi(2)).sum()
    };
    let (own, theirs, n) = (shares(treated), shares(controls), controls.len() as f64);
    ((own + theirs) / (own * (1.0 - 2.0 / n + theirs))).sqrt()
}

#[test]
#[allow(clippy::cast_precision_loss)]
fn controls_take_the_places_of_the_treated() {
    let mut checked = 0;
    for study in studies() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for analysis in [Analysis::Pooled, Analysis::PerPeriod] {
            let design =
                Design::new(&grams, grams.class_of[0], &setting, analysis).expect("a design");
            let fit = design.fit();
            let periods = profiles(&study, analysis);
            let terms: Vec<Profile> =
                periods.iter().map(|list| indicator(&study, &study.treated, list)).collect();
            let rows = Regression::new(&study, 0, &terms, |_| true);
            let left = rows.residuals(&rows.y);
            for term in 0..periods.len() {
                let speak = |regions: &[usize]| -> Vec<Said> {
                    let clusters = names(&study, regions);
                    clusters.iter().map(|c| said(&study, c, &left, &periods, term)).collect()
                };
                let (treated, controls) = (speak(&study.treated), speak(&study.controls));
                let standing = Standing::new(&fit, term).expect("several controls");
                assert_eq!((standing.treated, standing.left_out), (treated.len(), 0));
                let ours =
                    conley_taber(&fit, &standing, (term, 0), (1000, 1), 0.8).expect("an answer");
                let beta = rows.coefficient(&rows.y, term).expect("identified");
                let stretch = stretch(&treated, &controls);
                let mut noise: Vec<f64> =
                    mixtures(&treated, &controls).iter().map(|n| (stretch * n).abs()).collect();
                noise.sort_by(|a, b| b.total_cmp(a));
                let all = noise.len() as f64 + 1.0;
                let extreme = noise.iter().filter(|n| **n >= beta.abs()).count();
                assert_close(ours.p_value, (1.0 + extreme as f64) / all, 0.0, 1e-12, "p");
                assert_eq!((ours.combinations, ours.enumerated), (noise.len(), true));
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let needed = (0.2 * all * (1.0 + 1e-12)).floor() as usize;
                let reach = needed.checked_sub(1).map_or(f64::INFINITY, |at| noise[at]);
                if reach.is_finite() {
                    assert_close(ours.interval.1 - beta, reach, 0.0, 1e-8, "reach");
                    assert_close(beta - ours.interval.0, reach, 0.0, 1e-8, "reach");
                    checked += 1;
                } else {
                    assert!(ours.interval.1.is_infinite());
                }
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

/// Squares of differences under a zero effect on sizes, by a dense regression with its corners.
fn variance(all: &[Said]) -> (f64, f64) {
    let ones = vec![1.0; all.len()];
    let x: Vec<f64> = all.iter().map(|said| 1.0 / said.precision).collect();
    let y: Vec<f64> = all.iter().map(|said| said.w * said.w).collect();
    let beta = Solved::new(&[ones.clone(), x.clone()]).coefficients(&y);
    if beta[1] < 0.0 {
        (Solved::new(&[ones]).coefficients(&y)[0], 0.0)
    } else if beta[0] < 0.0 {
        (0.0, Solved::new(&[x]).coefficients(&y)[0])
    } else {
        (beta[0], beta[1])
    }
}

#[test]
fn sizes_explain_squares_of_restricted_differences() {
    for study in studies() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for analysis in [Analysis::Pooled, Analysis::PerPeriod] {
            let design =
                Design::new(&grams, grams.class_of[0], &setting, analysis).expect("a design");
            let fit = design.fit();
            let periods = profiles(&study, analysis);
            for term in 0..periods.len() {
                // the regression without the term is the one under a zero effect
                let others: Vec<Profile> = (0..periods.len())
                    .filter(|&l| l != term)
                    .map(|l| indicator(&study, &study.treated, &periods[l]))
                    .collect();
                let rows = Regression::new(&study, 0, &others, |_| true);
                let left = rows.residuals(&rows.y);
                let all: Vec<Said> = [&study.treated, &study.controls]
                    .into_iter()
                    .flat_map(|list| names(&study, list))
                    .map(|cluster| said(&study, &cluster, &left, &periods, term))
                    .collect();
                let (common, by_size) = variance(&all);
                let standing = Standing::new(&fit, term).expect("several controls");
                let ours =
                    ferman_pinto(&fit, &standing, (term, 0), (99, 1), 0.8).expect("an answer");
                let scale = all.iter().map(|said| said.w * said.w).sum::<f64>();
                assert_close(ours.common, common, scale, 1e-8, "A");
                let largest = all.iter().map(|said| said.precision).fold(0.0, f64::max);
                assert_close(ours.by_size, by_size, scale * largest, 1e-8, "B");
            }
        }
    }
}

#[test]
fn each_region_is_held_against_controls_only() {
    let study = Study::random(Plan { seed: 5, regions: 9, treated: 3, weighting: WEIGHTINGS[0] });
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design =
        Design::new(&grams, grams.class_of[0], &setting, Analysis::PerRegion).expect("a design");
    let fit = design.fit();
    for term in 0..design.effects.len() {
        let standing = Standing::new(&fit, term).expect("several controls");
        let ours = conley_taber(&fit, &standing, (term, 0), (1000, 1), 0.9).expect("an answer");
        assert_eq!((standing.treated, standing.clusters.len() - 1), (1, ours.combinations));
        assert_eq!(ours.combinations + standing.left_out, study.controls.len());
    }
}

#[test]
fn a_cluster_of_both_kinds_has_no_difference() {
    let plan = Plan { seed: 3, regions: 7, treated: 2, weighting: WEIGHTINGS[0] };
    let mut study = Study::random(plan);
    let (treated, control) = (study.treated[0], study.controls[0]);
    study.clusters[control] = study.clusters[treated].clone();
    let grams = study.grams();
    let setting = study.setting(&grams);
    let design =
        Design::new(&grams, grams.class_of[0], &setting, Analysis::Pooled).expect("a design");
    let refused = Standing::new(&design.fit(), 0).expect_err("mixed");
    assert_eq!(refused, Refusal::MixedCluster { cluster: study.clusters[treated].clone() });
}
