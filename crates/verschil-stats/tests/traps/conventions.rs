//! Small-sample conventions, and data that make a variance of nothing.

use verschil_stats::distribution::student_p;
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::inference::{METHODS, Method};
use verschil_stats::refusal::Refusal;

use crate::study::{Random, Row, Study};
use crate::{OPTIONS, ask, close, float, panel, pooled};

fn noisy(regions: usize, treated: usize, rows: usize) -> Study {
    let mut random = Random::new(8);
    panel(regions, treated, rows, |_, _, _| random.normal())
}

/// fixest leaves the nested region effects out of K, Stata counts them, and clubSandwich's CR1 has
/// G/(G-1) alone.
#[test]
fn cr1_is_three_numbers_with_three_names() {
    let fit = pooled(&noisy(26, 6, 3));
    let estimate = Estimate::from_fit(&fit, &[0], 0).expect("identified");
    let se = |kind| estimate.std_error(0, kind).expect("exists");
    let (g, n) = (26.0, float(26 * 5 * 3));
    // constant, four periods, the effect; and 25 more regions
    assert_eq!((fit.k_within(), fit.k_all()), (6, 31));
    let club = se(Covariance::Cr0) * f64::sqrt(g / (g - 1.0));
    for (kind, k) in [(SmallSample::Fixest, 6.0), (SmallSample::Stata, 31.0)] {
        let expected = club * f64::sqrt((n - 1.0) / (n - k));
        close(se(Covariance::Cr1(kind)), expected, 1e-13, "CR1");
    }
    let remark = |small_sample| {
        let options = verschil_stats::inference::Options { small_sample, ..OPTIONS };
        ask(&noisy(26, 6, 3), "cr1", &options).expect("an answer").remarks
    };
    assert_eq!(remark(SmallSample::Fixest), ["convention: fixest"]);
    assert_eq!(remark(SmallSample::Stata), ["convention: stata"]);
}

#[test]
fn every_robust_test_is_against_t_with_one_less_than_clusters() {
    let study = noisy(12, 4, 2);
    for id in ["cr0", "cr1", "cr3"] {
        let answer = ask(&study, id, &OPTIONS).expect("an answer");
        assert_eq!(answer.df, Some(11.0), "{id}");
        let t = answer.statistic.expect("a t");
        assert_eq!(answer.p_value, Some(student_p(t, 12)), "{id}");
    }
}

/// Two periods and a cluster for each region: differences of two samples, whose unequal-variance
/// t test is CR2, and whose HC3 is CR3 without its (G-1)/G.
#[test]
fn an_adjusted_variance_gets_no_second_factor() {
    let mut study = noisy(9, 3, 1);
    study.rows.retain(|row| [2, 3].contains(&row.period));
    (study.pre, study.post) = (vec![2], vec![3]);
    let value = |region: usize, period: usize| {
        let at = |row: &&Row| row.region == region && row.period == period;
        study.rows.iter().find(at).expect("there").outcomes[0]
    };
    let group = |regions: &[usize]| {
        let d: Vec<f64> = regions.iter().map(|&r| value(r, 3) - value(r, 2)).collect();
        let n = float(d.len());
        let mean = d.iter().sum::<f64>() / n;
        (d.iter().map(|d| (d - mean).powi(2)).sum::<f64>(), n)
    };
    let [(s, m), (r, n)] = [group(&study.treated), group(&study.controls)];
    let welch = (s / (m * (m - 1.0)) + r / (n * (n - 1.0))).sqrt();
    let hc3 = (s / (m - 1.0).powi(2) + r / (n - 1.0).powi(2)).sqrt();
    let se = |id| ask(&study, id, &OPTIONS).expect("an answer").std_error.expect("one");
    close(se("cr2"), welch, 1e-12, "HC2");
    close(se("cr3"), hc3 * f64::sqrt(8.0 / 9.0), 1e-12, "HC3 times (G-1)/G");
}

#[test]
fn a_region_with_one_row_counts_as_a_cluster_and_carries_nothing() {
    let study = noisy(9, 3, 2);
    let mut more = study.clone();
    let names = |list: &mut Vec<String>| list.push("single".into());
    names(&mut more.regions);
    names(&mut more.clusters);
    more.controls.push(9);
    more.rows.push(Row { region: 9, outcomes: vec![7.0], ..study.rows[1].clone() });
    let [before, after] = [&study, &more].map(pooled);
    assert_eq!((before.clusters(), after.clusters()), (9, 10));
    let [a, b] = [&before, &after].map(|f| Estimate::from_fit(f, &[0], 0).expect("identified"));
    close(b.values[0], a.values[0], 1e-12, "estimate");
    assert!(b.influence[0].iter().any(|i| i.abs() < 1e-14));
    let se = |e: &Estimate, kind| e.std_error(0, kind).expect("exists");
    close(se(&b, Covariance::Cr0), se(&a, Covariance::Cr0), 1e-12, "CR0");
    // its deletion changes nothing, but G is one more
    let factor = f64::sqrt(9.0 / 10.0 / (8.0 / 9.0));
    close(se(&b, Covariance::Cr3), factor * se(&a, Covariance::Cr3), 1e-12, "CR3");
    assert_eq!(ask(&more, "cr3", &OPTIONS).expect("an answer").df, Some(9.0));
}

/// Every method but the one that needs clusters coarser than regions, which these studies lack.
fn drawn_by_cluster() -> impl Iterator<Item = &'static Method> {
    METHODS.iter().filter(|method| method.id != "wild_subcluster")
}

/// What is left of a perfect fit is rounding, and a t of it is any number. With noise that the cells
/// average out the same holds. A permutation can still be asked, if there is an effect to rank.
#[test]
fn a_perfect_fit_is_refused_rather_than_divided() {
    let told = |region: usize, period: usize, effect: f64, level: f64| {
        let on = region < 3 && period >= 3;
        let (r, t) = (float(region), float(period));
        level * (0.1 + 0.7 * r) + 0.3 * t * t + if on { effect } else { 0.0 }
    };
    for (effect, level) in [(0.1, 1.0), (1.3, 1e3), (0.0, 1.0), (0.0, -1e4)] {
        for spread in [0.0, 0.77] {
            let study = panel(9, 3, 2, |region, period, row| {
                told(region, period, effect, level) + if row == 0 { spread } else { -spread }
            });
            for method in drawn_by_cluster() {
                let answer = ask(&study, method.id, &OPTIONS);
                if method.id.starts_with("permutation") && effect != 0.0 {
                    // 84 assignments, of which the true one alone has the effect
                    let p = answer.expect("ranks").p_value.expect("a p");
                    close(p, 1.0 / 84.0, 1e-12, "permutation");
                } else {
                    let refused = matches!(answer, Err(Refusal::PerfectFit { .. }));
                    assert!(refused, "{} {effect} {level}: {answer:?}", method.id);
                }
            }
        }
    }
}

/// The other side: noise a millionth of the level is noise.
#[test]
fn little_noise_is_not_refused() {
    let mut random = Random::new(3);
    let study = panel(9, 3, 2, |region, period, _| {
        1e3 * float(region) + float(period) + 1e-4 * random.normal()
    });
    for method in drawn_by_cluster() {
        assert!(ask(&study, method.id, &OPTIONS).is_ok(), "{}", method.id);
    }
}
