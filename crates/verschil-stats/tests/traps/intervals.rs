//! Trends before the start: what is not to be taken for something else.

use verschil_stats::event_study::{EventStudy, Tails};
use verschil_stats::honest::{Method, Options, relative_magnitudes};
use verschil_stats::linalg::Matrix;
use verschil_stats::trend::bands::Draws;
use verschil_stats::trend::equivalence::smallest_bounds;

/// Differences from 2015 on, the reference being 2014.
fn study(std_error: f64) -> EventStudy {
    let values = [0.3, -0.2, 0.25, 1.0, 1.2];
    let variance = std_error * std_error;
    // the reference is in every difference
    let covariance = Matrix::from_fn(5, 5, |i, j| if i == j { variance } else { 0.5 * variance });
    EventStudy::from_parts(&values, &covariance, &[2011, 2012, 2013, 2015, 2016], (2014, 2015), 26)
        .expect("formed")
}

/// The naive interval widens the ordinary one by Mbar times the largest estimated step, as though
/// that were known. Where there is noise the two differ; without noise they are one.
#[test]
fn relative_magnitudes_are_not_the_naive_interval() {
    let options =
        Options { level: 0.95, method: Method::Hybrid, draws: Draws { count: 2000, seed: 1 } };
    for (std_error, naive_is_right) in [(0.2, false), (1e-6, true)] {
        let study = study(std_error);
        let found = relative_magnitudes(&study, &[1.0, 0.0], &[1.0], &options).expect("exists");
        let (low, high) = found[0].interval.expect("not empty");
        let reach = 1.959_963_984_540_054 * std_error + 0.5;
        let apart = (low - (1.0 - reach)).abs().max((high - (1.0 + reach)).abs());
        assert_eq!(apart < 1e-5, naive_is_right, "{low} to {high}");
        if !naive_is_right {
            assert!(apart > 0.05 * reach && high - low > 2.0 * reach, "{low} to {high}");
        }
    }
}

#[test]
fn four_equivalence_hypotheses_have_four_bounds() {
    let found = smallest_bounds(&study(0.2), &[0, 1, 2], 0.05, Tails::Student).expect("exists");
    let each = found.each.iter().fold(0.0, |most: f64, bound| most.max(*bound));
    let mut four = [each, found.maximum, found.mean, found.root_mean_square];
    four.sort_unstable_by(f64::total_cmp);
    assert!(four.windows(2).all(|pair| pair[1] > 1.000_001 * pair[0]), "{four:?}");
}
