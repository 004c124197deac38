//! How often a true null is rejected: the size of tests for few treated clusters.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::few::{Standing, conley_taber, ferman_pinto};
use verschil_stats::grams::Weighting;

use crate::study::{Random, Row, Study};

const REPETITIONS: u32 = 600;

/// Regions with one row before and one from the start, weighted by size where asked.
fn study(random: &mut Random, treated: usize, controls: usize, sizes: bool) -> Study {
    let regions = treated + controls;
    let mut study = Study {
        regions: (0..regions).map(|r| format!("r{r:02}")).collect(),
        clusters: (0..regions).map(|r| format!("r{r:02}")).collect(),
        periods: vec![2016, 2017],
        treated: (0..treated).collect(),
        controls: (treated..regions).collect(),
        pre: vec![0],
        post: vec![1],
        weighting: if sizes { Weighting::Analytic } else { Weighting::None },
        rows: Vec::new(),
    };
    for region in 0..regions {
        let weight = if sizes { (0.8 * random.normal()).exp() } else { 1.0 };
        // a common part, and one that falls with size: Var(W) = 1 + 0.3 / size
        let spread = if sizes { (1.0 + 0.3 / weight).sqrt() } else { 1.0 };
        for period in 0..2 {
            let outcomes = vec![spread * random.normal()];
            let (levels, numerics) = (vec![0, 0], vec![0.0, 0.0]);
            study.rows.push(Row { region, period, levels, numerics, outcomes, weight });
        }
    }
    study
}

/// Shares of 5% tests that reject, by Conley-Taber and by Ferman-Pinto.
fn sizes(treated: usize, controls: usize, by_size: bool) -> (f64, f64) {
    let mut random = Random::new(77);
    let mut rejected = (0.0, 0.0);
    for _ in 0..REPETITIONS {
        let study = study(&mut random, treated, controls, by_size);
        let grams = study.grams();
        let setting = study.setting(&grams);
        let fit = Design::new(&grams, 0, &setting, Analysis::Pooled).expect("a design").fit();
        let standing = Standing::new(&fit, 0).expect("many controls");
        let ct = conley_taber(&fit, &standing, (0, 0), (999, 1), 0.95).expect("an answer");
        let fp = ferman_pinto(&fit, &standing, (0, 0), (499, 1), 0.95).expect("an answer");
        rejected.0 += f64::from(u8::from(ct.p_value <= 0.05)) / f64::from(REPETITIONS);
        rejected.1 += f64::from(u8::from(fp.p_value <= 0.05)) / f64::from(REPETITIONS);
    }
    rejected
}

/// A simulation with 1,000 draws, when the methods were chosen, gave .066, .051 and .030 for
/// Ferman-Pinto. With its Monte Carlo error and ours a difference has a standard deviation of .011;
/// how its sizes and noise went together is not known, so the third may be farther away.
#[test]
fn a_true_null_is_rejected_about_as_often_as_stated() {
    for (treated, controls, by_size, expected, apart) in
        [(1, 25, false, 0.066, 0.03), (6, 20, false, 0.051, 0.03), (6, 20, true, 0.030, 0.05)]
    {
        let (ct, fp) = sizes(treated, controls, by_size);
        println!("{treated} of {}, by size {by_size}: {ct:.3} {fp:.3}", treated + controls);
        assert!((fp - expected).abs() < apart, "{treated}, {controls}: {fp}");
        assert!((0.01..0.09).contains(&ct), "{treated}, {controls}: {ct}");
    }
}
