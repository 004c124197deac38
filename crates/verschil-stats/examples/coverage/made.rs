//! Made-up studies: regions of equal or unequal size whose outcomes drift, without an effect.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::cases::Record;
use crate::panel::{MOST, Panel};

/// Years before and from the start, as in the founding study.
const BEFORE: usize = 9;
const PERIODS: usize = 14;
/// How much of a year's shock to a region is left a year later.
const PERSISTENCE: f64 = 0.6;
/// Spread of the logarithm of the regions' sizes, where they differ.
const SPREAD: f64 = 0.8;
/// Share of a median region's variance that comes from counting its units, and shrinks with size.
const SAMPLING: f64 = 0.5;

/// One shape of study.
pub struct Case {
    pub name: &'static str,
    treated: usize,
    controls: usize,
    unequal: bool,
    weighted: bool,
}

/// The shapes of METHODS.md 4: from enough treated regions to a single one.
pub const CASES: [Case; 7] = [
    case("6 of 26, equal sizes", 6, 20, false, false),
    case("6 of 26, unequal sizes, not weighted", 6, 20, true, false),
    case("6 of 26, unequal sizes, weighted by size", 6, 20, true, true),
    case("3 of 26, unequal sizes, weighted by size", 3, 23, true, true),
    case("2 of 26, equal sizes", 2, 24, false, false),
    case("1 of 26, equal sizes", 1, 25, false, false),
    case("1 of 21, unequal sizes, weighted by size", 1, 20, true, true),
];

const fn case(
    name: &'static str,
    treated: usize,
    controls: usize,
    unequal: bool,
    weighted: bool,
) -> Case {
    Case { name, treated, controls, unequal, weighted }
}

/// Draws the case so often and asks every method; sizes are drawn anew for each set of outcomes.
pub fn record(case: &Case, draws: usize, seed: u64) -> Record {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut record = Record::new(case.name.to_owned());
    let mut left = draws;
    while left > 0 {
        let outcomes = left.min(MOST / 2);
        let panel = draw(case, outcomes, &mut rng);
        record.ask(&panel.grams(), &panel.setting(case.treated, BEFORE), rng.random());
        left -= outcomes;
    }
    record
}

fn draw(case: &Case, outcomes: usize, rng: &mut ChaCha8Rng) -> Panel {
    let regions = case.treated + case.controls;
    let sizes: Vec<f64> = (0..regions)
        .map(|_| if case.unequal { (SPREAD * normal(rng)).exp() } else { 1.0 })
        .collect();
    let mut values = vec![vec![vec![0.0; outcomes]; PERIODS]; regions];
    for (region, periods) in values.iter_mut().enumerate() {
        let counting = (SAMPLING / sizes[region]).sqrt();
        for outcome in 0..outcomes {
            let drift = drifts(rng);
            for (period, row) in periods.iter_mut().enumerate() {
                row[outcome] = drift[period] + counting * normal(rng);
            }
        }
    }
    Panel { regions, periods: PERIODS, values, sizes: case.weighted.then_some(sizes) }
}

/// A stationary first-order autoregression with the variance that counting leaves.
fn drifts(rng: &mut ChaCha8Rng) -> Vec<f64> {
    let spread = (1.0 - SAMPLING).sqrt();
    let shock = spread * (1.0 - PERSISTENCE * PERSISTENCE).sqrt();
    let mut now = spread * normal(rng);
    (0..PERIODS)
        .map(|_| {
            now = PERSISTENCE * now + shock * normal(rng);
            now
        })
        .collect()
}

/// A standard normal draw (Box & Muller 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
