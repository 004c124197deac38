//! Weights: what they count, and what they estimate.

use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::grams::Weighting;

use crate::study::{Random, Study};
use crate::{close, float, panel, pooled};

fn sized(weighting: Weighting) -> Study {
    let mut random = Random::new(5);
    let mut study = panel(8, 3, 1, |region, period, _| {
        // the larger the region, the smaller the effect
        let on = region < 3 && period >= 3;
        random.normal() - if on { 6.0 / float(1 + region) } else { 0.0 }
    });
    study.weighting = weighting;
    study.rows.iter_mut().for_each(|row| row.weight = float(1 + 3 * row.region));
    study
}

/// The effect in the mean region and that on the mean unit are two parameters.
#[test]
fn weights_change_what_is_estimated() {
    let [plain, weighted] =
        [Weighting::None, Weighting::Analytic].map(|w| pooled(&sized(w)).coefficient(0, 0));
    let (plain, weighted) = (plain.expect("identified"), weighted.expect("identified"));
    assert!(weighted > plain + 0.5, "{plain} per region, {weighted} by size");
}

/// Same coefficient, same CR0; N is the sum of frequencies but the number of precisions, and so CR1
/// differs by that alone.
#[test]
fn frequencies_count_units_and_precisions_do_not() {
    let [counts, precisions] = [Weighting::Frequency, Weighting::Analytic].map(sized);
    let [many, few] = [&counts, &precisions].map(pooled);
    let total: f64 = counts.rows.iter().map(|row| row.weight).sum();
    assert_eq!((many.normal.n, few.normal.n), (total, 40.0));
    let [a, b] = [&many, &few].map(|fit| Estimate::from_fit(fit, &[0], 0).expect("identified"));
    close(a.values[0], b.values[0], 1e-12, "estimate");
    let se = |e: &Estimate, kind| e.std_error(0, kind).expect("exists");
    close(se(&a, Covariance::Cr0), se(&b, Covariance::Cr0), 1e-12, "CR0");
    let cr1 = Covariance::Cr1(SmallSample::Fixest);
    let factor = |n: f64| f64::sqrt((n - 1.0) / (n - 6.0));
    let expected = se(&b, cr1) * factor(total) / factor(40.0);
    close(se(&a, cr1), expected, 1e-12, "CR1");
}
