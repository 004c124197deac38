//! What every effect brings with it: the influence of each cluster.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::{Covariance, Estimate};

use crate::study::{Plan, Study, WEIGHTINGS};
use crate::{close, float};

#[test]
fn influences_sum_to_zero_and_are_the_variance() {
    let mut checked = 0;
    let mut check = |study: &Study, outcome: usize, analysis: Analysis| {
        let grams = study.grams();
        let (setting, class) = (study.setting(&grams), grams.class_of[outcome]);
        let Ok(design) = Design::new(&grams, class, &setting, analysis) else { return };
        let fit = design.fit();
        let at = fit.normal.outcomes.iter().position(|&k| k == outcome).expect("there");
        let terms: Vec<usize> = (0..design.effects.len()).collect();
        let Ok(effects) = Estimate::from_fit(&fit, &terms, at) else { return };
        let means = [(&setting.treated, &setting.pre), (&setting.controls, &setting.post)];
        let means = means.map(|(r, t)| design.mean(&fit, outcome, r, t).expect("units"));
        let [base, other] = means;
        let all = effects.join(base).join(other);
        let last = all.values.len() - 1;
        // smooth functions inherit both
        let average = vec![vec![1.0 / float(terms.len()); terms.len()]];
        let average = Estimate::from_fit(&fit, &terms, at).ok().and_then(|e| e.aggregate(&average));
        for estimate in
            [all.ratio(0, last - 1), all.ratio(last, last - 1), all].into_iter().chain(average)
        {
            let covariance = estimate.covariance(Covariance::Cr0).expect("exists");
            for (j, influence) in estimate.influence.iter().enumerate() {
                let squares: f64 = influence.iter().map(|i| i * i).sum();
                let (sum, size) = (influence.iter().sum::<f64>(), squares.sqrt());
                assert!(sum.abs() <= 1e-9 * size, "{sum} of {size}");
                close(estimate.std_error(j, Covariance::Cr0).expect("exists"), size, 1e-13, "CR0");
                close(covariance[(j, j)], squares, 1e-13, "CR0");
                checked += 1;
            }
        }
    };
    for seed in 0..9 {
        let at = usize::try_from(seed).expect("small");
        let plan = Plan {
            seed: 60 + seed,
            regions: 6 + at % 3,
            treated: 2,
            weighting: WEIGHTINGS[at % 3],
        };
        let study = Study::random(plan);
        let study = if at == 8 { study.paired() } else { study };
        for analysis in
            [Analysis::Pooled, Analysis::PerRegion, Analysis::PerPeriod, Analysis::EventStudy]
        {
            for outcome in [0, 1] {
                check(&study, outcome, analysis);
            }
        }
    }
    assert!(checked > 150, "{checked}");
}
