//! Balance, worked out by hand.

use verschil_stats::matching::balance::{Group, Standard, compare, pair_distance};

#[track_caller]
fn close(ours: Option<f64>, theirs: f64) {
    let ours = ours.expect("a number");
    assert!((ours - theirs).abs() < 1e-14, "{ours} against {theirs}");
}

fn group(values: &[f64]) -> Group {
    Group::of(values.to_vec())
}

#[test]
fn differences_are_divided_by_the_spread_before_matching() {
    // variances 1 and 20/3 before, 2 among the controls
    let (treated, pool) = (group(&[1.0, 2.0, 3.0]), group(&[0.0, 2.0, 4.0, 6.0]));
    let controls = group(&[2.0, 4.0]);
    let all = (&treated, &pool);
    let (before, after) = compare(all, (&treated, &controls), Standard::Pooled);
    for told in [before, after] {
        close(told.treated, 2.0);
        close(told.control, 3.0);
        close(told.smd, -1.0 / (23.0f64 / 6.0).sqrt());
    }
    close(before.variance_ratio, 3.0 / 20.0);
    close(after.variance_ratio, 0.5);
    // at 0, 1, 2, 3, 4, 6: 1/4, 1/12, 1/6, 1/2, 1/4, 0
    close(before.ecdf_mean, 1.25 / 6.0);
    close(before.ecdf_max, 0.5);
    let (treated_sd, _) = compare(all, (&treated, &controls), Standard::Treated);
    close(treated_sd.smd, -1.0);
    let within = pair_distance(&[(1.0, 2.0), (3.0, 0.0)], all, Standard::Treated);
    close(within, 2.0);
}

#[test]
fn a_control_that_serves_three_counts_three_times() {
    let (treated, pool) = (group(&[1.0, 2.0, 3.0]), group(&[0.0, 2.0, 4.0, 6.0]));
    let controls = Group { values: vec![2.0, 4.0], weights: vec![3.0, 1.0] };
    let (_, after) = compare((&treated, &pool), (&treated, &controls), Standard::Treated);
    close(after.control, 2.5);
    // (0.75 * 0.25 + 0.25 * 2.25) / (1 - 0.625)
    close(after.variance_ratio, 0.5);
    // at 2 treated have 2/3 and controls 3/4, at 3 all and 3/4
    close(after.ecdf_max, 1.0 / 3.0);
}

#[test]
fn shares_have_no_variance_ratio() {
    let (treated, pool) = (group(&[1.0, 1.0, 0.0, 0.0]), group(&[0.0, 0.0, 0.0, 1.0]));
    let (told, _) = compare((&treated, &pool), (&treated, &pool), Standard::Treated);
    close(told.smd, 0.5);
    assert_eq!(told.variance_ratio, None);
    close(told.ecdf_mean, 0.25);
    close(told.ecdf_max, 0.25);
}

#[test]
fn what_has_no_spread_has_no_standardised_difference() {
    let (same, pool) = (group(&[5.0, 5.0]), group(&[4.0, 5.0, 6.0]));
    let by = |treated: &Group, standard| compare((treated, &pool), (treated, &pool), standard).0;
    assert_eq!(by(&same, Standard::Treated).smd, None);
    assert_eq!(by(&same, Standard::Treated).variance_ratio, None);
    close(by(&same, Standard::Pooled).smd, 0.0);
    let one = group(&[7.0]);
    assert_eq!(by(&one, Standard::Treated).smd, None);
    assert_eq!(by(&one, Standard::Pooled).smd, None);
    close(by(&one, Standard::Treated).treated, 7.0);
    let nobody = compare((&same, &pool), (&same, &group(&[])), Standard::Pooled).1;
    assert_eq!((nobody.control, nobody.smd, nobody.ecdf_max), (None, None, None));
}
