//! The specification curve against designs solved one by one.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use verschil_stats::curve::{Curve, Options, curves};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::distribution::student_critical;
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::refusal::Refusal;

const REGIONS: usize = 9;
const PERIODS: usize = 7;
const OPTIONS: Options = Options { level: 0.95, permutations: 60, seed: 7 };

/// Numbers without a pattern between -1 and 1.
fn noise(at: usize) -> f64 {
    let mixed = (at as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33;
    f64::from(u32::try_from(mixed % 20_001).unwrap()) / 10_000.0 - 1.0
}

/// Three rows per region and period, a level of three, a number, two outcomes; `effect` lies on
/// the first two regions from the fifth period on.
fn grams(effect: f64) -> Grams {
    let shape = Shape {
        categorical: vec![true, false],
        binary: vec![false, false],
        weighting: Weighting::None,
    };
    let mut batch = Batch::default();
    for at in 0..REGIONS * PERIODS * 3 {
        let (region, period) = (at / 3 / PERIODS, at / 3 % PERIODS);
        let treated = f64::from(u8::from(region < 2 && period >= 4));
        batch.region.push(u32::try_from(region).unwrap());
        batch.period.push(u32::try_from(period).unwrap());
        batch.push_codes(&[u32::try_from((at * 7 + at / 5) % 3).unwrap()]);
        batch.numerics.push(noise(3 * at));
        let outcomes = [noise(3 * at + 1) + effect * treated, noise(3 * at + 2)];
        batch.push_outcomes(&shape, &outcomes);
    }
    let codes: Vec<String> = (0..REGIONS).map(|r| format!("r{r}")).collect();
    let names = Dictionaries {
        clusters: codes.clone(),
        regions: codes,
        periods: (2010..2010 + PERIODS as i64).collect(),
        levels: vec![vec!["a".into(), "b".into(), "c".into()]],
    };
    let mut builder = GramBuilder::new(shape);
    builder.push(&mut batch, &[3]);
    builder.finish(&names)
}

/// Two control groups, two windows, with and without covariates.
fn settings(grams: &Grams, treated: usize) -> Vec<Setting> {
    let everything: Vec<usize> = (0..grams.columns.len()).collect();
    let mut all = Vec::new();
    for controls in [2..REGIONS, 3..REGIONS - 1] {
        for first in [0, 2] {
            for references in [vec![0], everything.clone()] {
                all.push(Setting {
                    treated: (0..treated).collect(),
                    controls: controls.clone().collect(),
                    pre: (first..4).collect(),
                    post: (4..PERIODS).collect(),
                    reference: 3,
                    references,
                });
            }
        }
    }
    all
}

/// Estimate and CR0 t of the second-slowest kind: the design laid out and solved anew.
fn solved(grams: &Grams, setting: &Setting, at: usize) -> (f64, f64, f64) {
    let fit = Design::new(grams, 0, setting, Analysis::Pooled).unwrap().fit();
    let estimate = Estimate::from_fit(&fit, &[0], at).unwrap();
    let t = estimate.values[0] / estimate.std_error(0, Covariance::Cr0).unwrap();
    (estimate.values[0], t, student_critical(OPTIONS.level, fit.clusters()))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0
}

/// |median| and clear results, from settings in which other regions are treated.
fn twin(grams: &Grams, settings: &[Setting], at: usize) -> (f64, usize) {
    let found: Vec<_> = settings.iter().map(|setting| solved(grams, setting, at)).collect();
    let middle = median(&found.iter().map(|f| f.0).collect::<Vec<_>>());
    let clear = found.iter().filter(|f| f.1 * middle > 0.0 && f.1.abs() > f.2).count();
    (middle.abs(), clear)
}

fn swapped(setting: &Setting, order: &[usize]) -> Setting {
    let mut sample = [setting.treated.clone(), setting.controls.clone()].concat();
    sample.sort_unstable();
    let members = order.iter().filter(|r| sample.contains(r)).copied();
    let mut treated: Vec<usize> = members.take(setting.treated.len()).collect();
    treated.sort_unstable();
    sample.retain(|r| !treated.contains(r));
    Setting { treated, controls: sample, ..setting.clone() }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-10 * b.abs().max(1.0)
}

#[test]
fn points_and_test_are_those_of_designs_solved_one_by_one() {
    let grams = grams(0.4);
    let settings = settings(&grams, 2);
    let found = curves(&grams, 0, &settings, &OPTIONS);
    assert_eq!(found.len(), 2);
    let mut rng = ChaCha8Rng::seed_from_u64(OPTIONS.seed);
    let mut order: Vec<usize> = (0..REGIONS).collect();
    let orders: Vec<Vec<usize>> = (0..OPTIONS.permutations)
        .map(|_| {
            order.shuffle(&mut rng);
            order.clone()
        })
        .collect();
    for (at, curve) in found.iter().enumerate() {
        for (point, setting) in curve.points.iter().zip(&settings) {
            let point = point.as_ref().unwrap();
            let fit = Design::new(&grams, 0, setting, Analysis::Pooled).unwrap().fit();
            let estimate = Estimate::from_fit(&fit, &[0], at).unwrap();
            assert_eq!(point.estimate, estimate.values[0]);
            let sure = point.inference.as_ref().unwrap();
            assert_eq!(sure.std_error, estimate.std_error(0, Covariance::Cr3).unwrap());
        }
        let observed = twin(&grams, &settings, at);
        let summary = curve.summary.unwrap();
        assert!(close(summary.median.abs(), observed.0));
        let drawn: Vec<(f64, usize)> = orders
            .iter()
            .map(|order| {
                let swapped: Vec<Setting> = settings.iter().map(|s| swapped(s, order)).collect();
                twin(&grams, &swapped, at)
            })
            .collect();
        let further = drawn.iter().filter(|d| d.0 >= observed.0 * (1.0 - 1e-9)).count();
        let clearer = drawn.iter().filter(|d| d.1 >= observed.1).count();
        let test = summary.test.unwrap();
        assert_eq!(test.draws, 60);
        assert!(close(test.p_median, (1 + further) as f64 / 61.0), "{test:?} {further}");
        assert!(close(test.p_significant.unwrap(), (1 + clearer) as f64 / 61.0));
    }
}

#[test]
fn a_large_effect_is_found_by_the_whole_curve_and_noise_is_not() {
    let grams = grams(30.0);
    let options = Options { permutations: 400, ..OPTIONS };
    let found = curves(&grams, 0, &settings(&grams, 2), &options);
    let of = |curve: &Curve| curve.summary.unwrap();
    assert!((of(&found[0]).median - 30.0).abs() < 1.0);
    assert_eq!(of(&found[0]).share_same_sign, 1.0);
    // two of nine can be chosen in 36 ways
    assert!(of(&found[0]).test.unwrap().p_median < 0.08);
    assert!(of(&found[1]).test.unwrap().p_median > 0.1);
}

#[test]
fn the_sign_of_the_outcome_turns_the_curve_and_nothing_else() {
    let (plus, minus) = (grams(0.4), {
        let mut grams = grams(0.4);
        for slice in &mut grams.slices {
            slice.xy.iter_mut().for_each(|sum| *sum = -*sum);
        }
        grams.outcome_shift.iter_mut().for_each(|shift| *shift = -*shift);
        grams
    });
    let settings = settings(&plus, 2);
    let pairs = curves(&plus, 0, &settings, &OPTIONS);
    for (a, b) in pairs.iter().zip(curves(&minus, 0, &settings, &OPTIONS)) {
        let (a, b) = (a.summary.unwrap(), b.summary.unwrap());
        assert!(close(a.median, -b.median) && close(a.range.0, -b.range.1));
        assert_eq!(a.share_significant, b.share_significant);
        assert_eq!(a.test, b.test);
    }
}

#[test]
fn one_treated_region_has_points_without_a_standard_error() {
    let grams = grams(0.4);
    let found = curves(&grams, 0, &settings(&grams, 1), &OPTIONS);
    for curve in &found {
        for point in &curve.points {
            let inference = &point.as_ref().unwrap().inference;
            assert_eq!(*inference, Err(Refusal::OneTreatedCluster));
        }
        let summary = curve.summary.unwrap();
        assert_eq!(summary.share_significant, 0.0);
        assert_eq!(summary.test.unwrap().p_significant, None);
    }
}

#[test]
fn a_specification_that_the_data_cannot_bear_is_refused_alone() {
    let grams = grams(0.4);
    let mut settings = settings(&grams, 2);
    settings[3].controls = Vec::new();
    let found = curves(&grams, 0, &settings, &OPTIONS);
    assert_eq!(found[0].points[3], Err(Refusal::NoControls));
    assert_eq!(found[0].summary.unwrap().specifications, settings.len() - 1);
    let none = curves(&grams, 0, &settings[3..4], &OPTIONS);
    assert_eq!(none[0].summary, None);
}

#[test]
fn threads_do_not_change_a_bit() {
    let grams = grams(0.4);
    let settings = settings(&grams, 2);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| curves(&grams, 0, &settings, &OPTIONS))
    };
    assert_eq!(on(1), on(3));
}
