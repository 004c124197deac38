//! Numbers of other programs and of papers.

use verschil_stats::distribution::gaussian;
use verschil_stats::funnel::dispersion::{Score, dispersion};
use verschil_stats::funnel::proportion::interpolated;
use verschil_stats::funnel::{ALARM, ALERT, WINSORISED, ratio};

const TAILS: [f64; 4] = [0.001, 0.025, 0.975, 0.999];

/// Units, centre, and quantiles at these tails in full.
const IN_FULL: [(f64, f64, [f64; 4]); 5] = [
    (
        10.0,
        0.3,
        [
            -0.096_459_866_825_358_58,
            -0.011_496_670_633_964_121,
            0.560_802_140_354_075_9,
            0.740_809_165_407_769_1,
        ],
    ),
    (
        2500.0,
        0.0071,
        [
            0.002_301_345_718_972_974_7,
            0.003_785_836_647_219_662_7,
            0.010_370_606_187_321_846,
            0.012_641_058_735_383_21,
        ],
    ),
    (
        41980.0,
        0.806_424_48,
        [
            0.800_432_809_355_347,
            0.802_626_144_897_452_4,
            0.810_185_184_249_777_6,
            0.812_350_774_462_837,
        ],
    ),
    (
        170_000.0,
        0.0064,
        [
            0.005_807_692_003_400_956,
            0.006_020_723_188_547_465,
            0.006_778_892_763_597_197_5,
            0.007_002_985_209_794_425_5,
        ],
    ),
    (
        1_000_000.0,
        0.42,
        [
            0.418_474_517_874_616_4,
            0.419_032_218_771_684_5,
            0.420_966_932_558_259_34,
            0.421_524_937_503_057_5,
        ],
    ),
];

fn near(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    let difference = (ours - theirs).abs() / theirs.abs().max(1e-300);
    assert!(difference <= tolerance, "{what}: {ours} against {theirs}, {difference:.1e}");
}

#[test]
fn interpolated_quantiles_agree_with_scipy() {
    // scipy 1.17.1: r = binom.ppf(p, n, t); (r - (binom.cdf(r, n, t) - p) / binom.pmf(r, n, t)) / n
    for (n, centre, theirs) in [
        (50.0, 0.1, [-0.016_119, 0.013_863, 0.179_723, 0.240_128]),
        (1000.0, 0.1, [0.071_341, 0.081_279, 0.118_483, 0.129_918]),
    ] {
        for (p, theirs) in TAILS.into_iter().zip(theirs) {
            let ours = interpolated(n, centre, p).expect("a quantile");
            assert!((ours - theirs).abs() < 5e-7, "{n} {p}: {ours} against {theirs}");
        }
    }
    for (n, centre, theirs) in IN_FULL {
        for (p, theirs) in TAILS.into_iter().zip(theirs) {
            let ours = interpolated(n, centre, p).expect("a quantile");
            // in units this large logarithms of probabilities lose digits, which shows where the
            // probability is near one; limits are made of lower tails
            let tolerance = if p > 0.5 { 1e-8 } else { 1e-9 };
            near(ours, theirs, tolerance, &format!("{n} {centre} {p}"));
        }
    }
}

#[test]
fn exact_intervals_of_counts_agree_with_scipy() {
    // scipy 1.17.1: chi2.ppf(tail, 2 c) / 2 and chi2.ppf(1 - tail, 2 c + 2) / 2
    for (count, alert, alarm) in [
        (0.0, (0.0, 3.688_879_454_113_935_4), (0.0, 6.907_755_278_982_137)),
        (
            1.0,
            (0.025_317_807_984_289_876, 5.571_643_390_938_898),
            (0.001_000_500_333_583_534, 9.233_413_476_451_585),
        ),
        (
            37.5,
            (26.470_969_885_266_427, 51.579_055_950_673_286),
            (21.378_651_976_697_512, 60.549_979_438_649_295),
        ),
        (
            716.0,
            (664.508_420_619_001_3, 770.422_310_424_106_5),
            (636.152_114_119_339_7, 802.604_175_799_030_3),
        ),
        (
            12345.0,
            (12_128.180_907_898_99, 12_564.722_206_913_333),
            (12_004.498_140_284_071, 12_692.215_391_365_362),
        ),
    ] {
        for (tail, theirs) in [(ALERT, alert), (ALARM, alarm)] {
            let (low, high) = ratio::mean_of_count(count, tail).expect("an interval");
            near(low, theirs.0, 1e-9, &format!("{count} low"));
            near(high, theirs.1, 1e-9, &format!("{count} high"));
        }
    }
}

#[test]
fn confidence_limits_are_those_of_funnelplotr() {
    // FunnelPlotR 0.6.0, test-poisson_limits.R, seven digits
    for (expected, alert, alarm) in [
        (15.0, (0.559_692_4, 1.649_348), (0.386_265_0, 2.082_907)),
        (20.0, (0.610_826_0, 1.544_419), (0.447_910_7, 1.902_094)),
        (30.0, (0.674_695_8, 1.427_562), (0.528_972_4, 1.702_771)),
    ] {
        let ours = ratio::confidence_limits(expected).expect("limits");
        for (ours, theirs) in [(ours.alert, alert), (ours.alarm, alarm)] {
            assert!((ours.0 - theirs.0).abs() < 5.1e-8, "{expected}: {ours:?}");
            assert!((ours.1 - theirs.1).abs() < 5.1e-7, "{expected}: {ours:?}");
        }
    }
}

const OBSERVED: [f64; 6] = [100.0, 150.0, 180.0, 80.0, 120.0, 225.0];
const EXPECTED: [f64; 6] = [108.0, 112.0, 165.0, 95.0, 100.0, 220.0];

#[test]
fn overdispersion_is_that_of_funnelplotr() {
    // its test data; winsorised on the scale of square roots, and untouched on that of logarithms
    let square: Vec<Score> = OBSERVED
        .iter()
        .zip(EXPECTED)
        .map(|(&observed, expected)| ratio::score(observed, expected).expect("a score"))
        .collect();
    let z = [-0.784_610, 3.328_887, 1.142_351, -1.605_045, 1.908_902, 0.335_206];
    for (ours, theirs) in square.iter().zip(z) {
        assert!((ours.z - theirs).abs() < 5.1e-7, "{} {theirs}", ours.z);
    }
    let found = dispersion(&square, WINSORISED).expect("a dispersion");
    assert!((found.bounds.0 + 1.194_827).abs() < 5.1e-7, "{found:?}");
    assert!((found.bounds.1 - 2.618_895).abs() < 5.1e-7, "{found:?}");
    assert!((found.phi - 2.327_178).abs() < 5.1e-7, "{found:?}");
    assert!((found.tau2 - 0.003_439_78).abs() < 5.1e-9, "{found:?}");
    let logarithm: Vec<Score> = OBSERVED
        .iter()
        .zip(EXPECTED)
        .map(|(&observed, expected): (&f64, f64)| Score {
            z: (observed / expected).ln() * expected.sqrt(),
            std_error: 1.0 / expected.sqrt(),
        })
        .collect();
    // six scores: a tenth of them is none, so truncation leaves them as they are
    let found = dispersion(&logarithm, 0.0).expect("a dispersion");
    println!("{:?}", logarithm.iter().map(|s| s.z).collect::<Vec<_>>());
    assert!((found.tau2 - 0.019_477_5).abs() < 5.1e-8, "{found:?}");
    assert!((found.phi - 2.948_033).abs() < 5.1e-7, "{found:?}");
}

#[test]
fn chance_passes_limits_as_often_as_a_paper_says() {
    // Manktelow & Seaton (2012): medians over expected counts 1, 1.01, ..., 50 of the chance that a
    // unit like all others lies above the upper 95% limit, nominally 0.025
    let median = |limit: &dyn Fn(f64) -> f64| {
        let mut chances: Vec<f64> = (100..=5000)
            .map(|hundredths| {
                let expected = f64::from(hundredths) / 100.0;
                above(expected, expected * limit(expected))
            })
            .collect();
        chances.sort_by(f64::total_cmp);
        chances[chances.len() / 2]
    };
    let confidence = median(&|e| ratio::confidence_limits(e).expect("limits").alert.1);
    let exact = median(&|e| ratio::limits(e, 0.0).expect("limits").alert.1);
    let wald = median(&|e| 1.0 + gaussian::quantile(1.0 - ALERT) / f64::sqrt(e));
    // the paper prints 0.0301, 0.0121 and 0.0201; ours differ by a last digit for the second
    assert!((wald - 0.0301).abs() < 6e-5, "{wald}");
    assert!((confidence - 0.0121).abs() < 1.6e-4, "{confidence}");
    assert!((exact - 0.0201).abs() < 6e-5, "{exact}");
}

/// P(X > `limit`) of a Poisson count, summed.
fn above(expected: f64, limit: f64) -> f64 {
    let (mut term, mut below, mut x) = ((-expected).exp(), 0.0, 0.0);
    while x <= limit {
        below += term;
        x += 1.0;
        term *= expected / x;
    }
    1.0 - below
}
