//! Coefficients, variances, ratios and joint tests against regressions on rows.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::fit::Fit;
use verschil_stats::trend::joint_wald;

use crate::assert_close;
use crate::dense::{Solved, dot};
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Row, Study, WEIGHTINGS};

/// The house promise for estimates (METHODS.md 10), here also kept by influences and variances;
/// what is near zero is measured against the standard error.
const AGREE: f64 = 1e-9;

const ANALYSES: [Analysis; 4] =
    [Analysis::Pooled, Analysis::PerRegion, Analysis::PerPeriod, Analysis::EventStudy];

/// Six to ten regions; every other study in pairs, every third with a transition period, every
/// fourth with a region that is in neither group.
fn studies(count: u64) -> impl Iterator<Item = Study> {
    (0..count).map(|seed| {
        let at = usize::try_from(seed).expect("small");
        let (regions, treated) = (6 + at % 5, 2 + at % 2);
        let plan = Plan { seed: 100 + seed, regions, treated, weighting: WEIGHTINGS[at % 3] };
        let mut study = Study::random(plan);
        if at % 2 == 1 && regions >= 8 {
            study = study.paired();
        }
        if at % 3 == 1 && study.post.len() > 2 {
            study.post.remove(0);
        }
        if at % 4 == 2 {
            study.controls.pop();
        }
        study
    })
}

/// One outcome of one design in both worlds.
pub struct Pair<'a> {
    pub study: &'a Study,
    outcome: usize,
    pub fit: &'a Fit,
    pub at: usize,
    pub terms: Vec<Profile>,
    pub rows: Regression,
    pub what: String,
}

pub fn each_pair(count: u64, analyses: &[Analysis], mut check: impl FnMut(&Pair, &Design)) {
    for (number, study) in studies(count).enumerate() {
        let grams = study.grams();
        let setting = study.setting(&grams);
        for outcome in 0..study.outcomes() {
            for &analysis in analyses {
                let class = grams.class_of[outcome];
                let Ok(design) = Design::new(&grams, class, &setting, analysis) else {
                    let reference = study.pre[study.pre.len() - 1];
                    assert!(analysis == Analysis::EventStudy && reference == 1 && outcome == 3);
                    continue;
                };
                let fit = design.fit();
                let terms: Vec<Profile> = design
                    .effects
                    .iter()
                    .map(|effect| indicator(&study, &effect.regions, &effect.periods))
                    .collect();
                let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
                let rows = Regression::new(&study, outcome, &terms, |_| true);
                let what = format!("study {number}, outcome {outcome}, {analysis:?}");
                let (study, fit) = (&study, &fit);
                check(&Pair { study, outcome, fit, at, terms, rows, what }, &design);
            }
        }
    }
}

impl Pair<'_> {
    pub fn identified(&self) -> Vec<usize> {
        (0..self.terms.len())
            .filter(|&j| self.rows.coefficient(&self.rows.y, j).is_some())
            .collect()
    }

    fn without(&self, cluster: &str) -> Regression {
        let keep = |row: &Row| self.study.clusters[row.region] != cluster;
        Regression::new(self.study, self.outcome, &self.terms, keep)
    }

    /// Each term without each cluster, where that is identified.
    fn deleted(&self) -> Vec<Vec<Option<f64>>> {
        let fits: Vec<Regression> =
            self.rows.names.iter().map(|cluster| self.without(cluster)).collect();
        (0..self.terms.len())
            .map(|j| fits.iter().map(|fit| fit.coefficient(&fit.y, j)).collect())
            .collect()
    }
}

#[allow(clippy::cast_precision_loss)]
pub fn float(n: usize) -> f64 {
    n as f64
}

#[test]
fn coefficients_influences_and_small_sample_factors() {
    each_pair(16, &ANALYSES, |pair, _| {
        let (fit, rows, what) = (pair.fit, &pair.rows, &pair.what);
        let names: Vec<&String> = fit.normal.blocks.iter().map(|b| &b.cluster).collect();
        assert_eq!(names, rows.names.iter().collect::<Vec<_>>(), "{what}");
        assert_close(fit.normal.n, rows.n, 0.0, 1e-12, "N");
        assert_eq!((fit.k_within(), fit.k_all()), (rows.k_nested(), rows.k_all()), "{what}");
        for j in 0..pair.terms.len() {
            let Some(beta) = rows.coefficient(&rows.y, j) else {
                assert!(fit.coefficient(j, pair.at).is_err(), "{what}");
                continue;
            };
            let cr0 = rows.cr0(&rows.y, j);
            let ours = fit.coefficient(j, pair.at).expect("identified");
            assert_close(ours, beta, cr0, AGREE, what);
            let influences = fit.influence(j, pair.at);
            for (ours, theirs) in influences.iter().zip(rows.influence(&rows.y, j)) {
                assert_close(*ours, theirs, cr0, AGREE, what);
            }
            let estimate = Estimate::from_fit(fit, &[j], pair.at).expect("identified");
            let se = |kind| estimate.std_error(0, kind).expect("exists");
            let g = float(rows.names.len());
            // a term that rests on one cluster has no variance but rounding
            let scale = beta.abs().max(cr0);
            assert_close(se(Covariance::Cr0), cr0, scale * 1e-3, AGREE, what);
            for (kind, k) in
                [(SmallSample::Fixest, rows.k_nested()), (SmallSample::Stata, rows.k_all())]
            {
                let factor = g / (g - 1.0) * (rows.n - 1.0) / (rows.n - float(k));
                let theirs = cr0 * factor.sqrt();
                assert_close(se(Covariance::Cr1(kind)), theirs, scale * 1e-3, AGREE, what);
            }
        }
    });
}

#[test]
fn the_jackknife_is_every_regression_without_a_cluster() {
    let (mut refused, mut compared) = (0, 0);
    each_pair(9, &ANALYSES, |pair, _| {
        for (j, theirs) in pair.deleted().into_iter().enumerate() {
            let Some(beta) = pair.rows.coefficient(&pair.rows.y, j) else { continue };
            let theirs: Option<Vec<f64>> = theirs.into_iter().collect();
            let ours = pair.fit.deleted(j, pair.at);
            let Some(theirs) = theirs else {
                assert!(ours.is_err(), "{}", pair.what);
                refused += 1;
                continue;
            };
            let sum: f64 = theirs.iter().map(|d| (d - beta).powi(2)).sum();
            let g = float(theirs.len());
            let cr3 = ((g - 1.0) / g * sum).sqrt();
            for (ours, theirs) in ours.expect("identified").iter().zip(&theirs) {
                assert_close(*ours, *theirs, cr3, AGREE, &pair.what);
            }
            let estimate = Estimate::from_fit(pair.fit, &[j], pair.at).expect("identified");
            let ours = estimate.std_error(0, Covariance::Cr3).expect("exists");
            assert_close(ours, cr3, 0.0, AGREE, &pair.what);
            compared += 1;
        }
    });
    assert!(refused > 20 && compared > 100, "{refused} refused, {compared} compared");
}

/// Mean and weight of an outcome over treated rows before the start.
fn pre_mean(pair: &Pair, keep: impl Fn(&Row) -> bool) -> (f64, f64) {
    let rows = pair.study.rows.iter().filter(|row| {
        let before = pair.study.pre.contains(&row.period);
        let there = !row.outcomes[pair.outcome].is_nan();
        pair.study.treated.contains(&row.region) && before && there && keep(row)
    });
    let (mut weight, mut sum) = (0.0, 0.0);
    for row in rows {
        weight += row.weight;
        sum += row.weight * row.outcomes[pair.outcome];
    }
    (sum / weight, weight)
}

#[test]
fn a_ratio_carries_the_uncertainty_of_its_base() {
    each_pair(9, &[Analysis::Pooled], |pair, design| {
        if pair.identified().len() != 1 {
            return;
        }
        let setting = pair.study.setting(&pair.study.grams());
        let base = design
            .mean(pair.fit, pair.outcome, &setting.treated, &setting.pre)
            .expect("treated rows before the start");
        let estimate = Estimate::from_fit(pair.fit, &[0], pair.at).expect("identified");
        let ours = estimate.join(base).ratio(0, 1);
        let beta = pair.rows.coefficient(&pair.rows.y, 0).expect("identified");
        let (mean, weight) = pre_mean(pair, |_| true);
        let ratio = beta / mean;
        let influence = pair.rows.influence(&pair.rows.y, 0);
        let variance: f64 = pair
            .rows
            .names
            .iter()
            .zip(influence)
            .map(|(cluster, own)| {
                let (m, w) = pre_mean(pair, |row| pair.study.clusters[row.region] == *cluster);
                let of_base = if w > 0.0 { w * (m - mean) / weight } else { 0.0 };
                ((own - ratio * of_base) / mean).powi(2)
            })
            .sum();
        let cr0 = ours.std_error(0, Covariance::Cr0).expect("exists");
        assert_close(ours.values[0], ratio, cr0, AGREE, &pair.what);
        assert_close(cr0, variance.sqrt(), 0.0, AGREE, &pair.what);
        let deleted: Option<Vec<f64>> = pair.deleted()[0].iter().copied().collect();
        let Some(deleted) = deleted else {
            assert!(ours.std_error(0, Covariance::Cr3).is_err(), "{}", pair.what);
            return;
        };
        let g = float(deleted.len());
        let sum: f64 = pair
            .rows
            .names
            .iter()
            .zip(deleted)
            .map(|(cluster, beta)| {
                let rest = pre_mean(pair, |row| pair.study.clusters[row.region] != *cluster).0;
                (beta / rest - ratio).powi(2)
            })
            .sum();
        let cr3 = ours.std_error(0, Covariance::Cr3).expect("exists");
        assert_close(cr3, ((g - 1.0) / g * sum).sqrt(), 0.0, AGREE, &pair.what);
    });
}

#[test]
fn event_study_covariances_and_wald_tests_are_joint() {
    let (mut tested, mut singular) = (0, 0);
    each_pair(24, &[Analysis::EventStudy], |pair, _| {
        let terms = pair.identified();
        let estimate = Estimate::from_fit(pair.fit, &terms, pair.at).expect("identified");
        let (y, rows) = (&pair.rows.y, &pair.rows);
        let influence: Vec<Vec<f64>> = terms.iter().map(|&j| rows.influence(y, j)).collect();
        let ours = estimate.covariance(Covariance::Cr0).expect("exists");
        for (a, of_a) in influence.iter().enumerate() {
            for (b, of_b) in influence.iter().enumerate() {
                let scale = (dot(of_a, of_a) * dot(of_b, of_b)).sqrt();
                assert_close(ours[(a, b)], dot(of_a, of_b), scale, AGREE, &pair.what);
            }
        }
        let wald = joint_wald(&estimate, Covariance::Cr0);
        if Solved::new(&influence).rank() < terms.len() {
            assert!(wald.is_err(), "{}: a singular covariance is tested", pair.what);
            singular += 1;
            return;
        }
        let Ok(wald) = wald else { return };
        // b'V^-1 b is the squared length of the shortest z with influence'z = b
        let values: Vec<f64> =
            terms.iter().map(|&j| rows.coefficient(y, j).expect("identified")).collect();
        let gram: Vec<Vec<f64>> =
            influence.iter().map(|a| influence.iter().map(|b| dot(a, b)).collect()).collect();
        let solved = Solved::new(&gram).coefficients(&values);
        let f = dot(&solved, &values) / float(terms.len());
        // both square the condition of the influences
        assert_close(wald.f, f, 0.0, 1e-6, &pair.what);
        assert_eq!(wald.df, (float(terms.len()), float(rows.names.len()) - 1.0));
        tested += 1;
    });
    assert!(tested > 10 && singular > 10, "{tested} tested, {singular} singular");
}

#[test]
fn without_covariates_two_clusters_of_a_kind_add_one_dimension_less() {
    for seed in 0..40 {
        let plan = Plan { seed, regions: 8, treated: 2, weighting: WEIGHTINGS[0] };
        let mut study = Study::random(plan);
        let row = study.rows[0].clone();
        study.periods = (2010..2018).collect();
        (study.pre, study.post) = ((0..4).collect(), (4..8).collect());
        let y: Vec<f64> = study.rows.iter().map(|row| row.outcomes[0]).collect();
        let cells = (0..8).flat_map(|region| (0..8).map(move |period| (region, period)));
        study.rows = cells
            .zip(y)
            .map(|((region, period), y)| Row {
                region,
                period,
                outcomes: vec![y; 4],
                ..row.clone()
            })
            .collect();
        let grams = study.grams();
        let mut setting = study.setting(&grams);
        setting.references = (0..grams.columns.len()).collect();
        let design = Design::new(&grams, 0, &setting, Analysis::EventStudy).expect("a design");
        // 2 treated and 6 controls span 1 + 5 dimensions: fewer than the 7 coefficients tested
        let estimate =
            Estimate::from_fit(&design.fit(), &(0..7).collect::<Vec<_>>(), 0).expect("identified");
        for kind in [Covariance::Cr0, Covariance::Cr3] {
            assert!(joint_wald(&estimate, kind).is_err(), "seed {seed}: {kind:?}");
        }
    }
}
