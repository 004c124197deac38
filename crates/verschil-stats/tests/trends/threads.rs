//! Whatever is simulated or searched comes out the same on any number of threads.

use verschil_stats::event_study::Tails;
use verschil_stats::honest::{
    Method, Options, relative_breakdown, smoothness, smoothness_breakdown, smoothness_moments,
};
use verschil_stats::trend::Rule;
use verschil_stats::trend::bands::{Draws, simultaneous};
use verschil_stats::trend::equivalence::smallest_bounds;
use verschil_stats::trend::power::{Pretest, after_passing, linear_violation, slope_for_power};

use crate::random_study;

#[test]
fn threads_change_no_bit_of_any_check() {
    let study = random_study(71, &[-4, -3, -2, 0, 1], (-1, 0));
    let (pre, weights) = ([0, 1, 2], study.average_post());
    let draws = Draws { count: 500, seed: 8 };
    let options = Options { level: 0.9, method: Method::Hybrid, draws };
    let answers = || {
        let rule = Rule { max_significant: 1, alpha: 0.05 };
        let own = rule.power(&study, &pre, (&[0.5, 0.8], &weights), Tails::Student, draws);
        let band = simultaneous(&study, &pre, 0.95, Tails::Student, draws);
        let slope = slope_for_power(&study, &pre, Pretest::AnySignificant, (0.05, 0.5), 4);
        let passed = after_passing(&study, &pre, &linear_violation(&study, 0.1), 0.05, 4);
        let moments = smoothness_moments(&study, &weights, &[0.0, 0.1, 0.3], &options);
        let fixed = smoothness(&study, &weights, &[0.0, 0.1, 0.3], 0.95);
        let breakdowns = (
            relative_breakdown(&study, &weights, &options),
            smoothness_breakdown(&study, &weights, 0.9),
        );
        let bounds = smallest_bounds(&study, &pre, 0.05, Tails::Student);
        // shortest digits that read back as the same number
        format!("{own:?} {band:?} {slope:?} {passed:?} {bounds:?}")
            + &format!("{moments:?} {fixed:?} {breakdowns:?}")
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(answers)
    };
    let one = on(1);
    assert!([2, 5].into_iter().all(|threads| on(threads) == one));
}
