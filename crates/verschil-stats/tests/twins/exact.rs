//! Sums of whole steps: the same bits in any order of rows, and what whole numbers give.

use verschil_stats::cells::{CellBuilder, Cells};
use verschil_stats::grams::{
    Batch, Dictionaries, GramBuilder, Grams, Level, MarginBuilder, Shape, Weighting,
};

use crate::study::Random;

/// Region, period, two levels, then a flag, cents (or nothing) and a count.
pub struct Unit {
    pub at: [usize; 4],
    pub flag: Option<bool>,
    pub cents: Option<i64>,
    pub count: i64,
    pub weight: u32,
}

pub fn units(seed: u64) -> Vec<Unit> {
    let mut random = Random::new(seed);
    let mut whole = |below: usize| i64::try_from(random.below(below)).expect("small");
    (0..3_000)
        .map(|_| Unit {
            at: [6, 4, 5, 3].map(|n| usize::try_from(whole(n)).expect("small")),
            flag: (whole(10) > 0).then(|| whole(3) == 0),
            // 0.1, 0.2, ... are no binary fractions
            cents: (whole(7) > 0).then(|| whole(2_000_000) - 1_000),
            count: whole(40),
            weight: 1 + u32::try_from(whole(4)).expect("small"),
        })
        .collect()
}

pub fn shape(weighting: Weighting) -> Shape {
    Shape { categorical: vec![true, true], binary: vec![true, false, false], weighting }
}

fn code<T: PartialEq>(names: &mut Vec<T>, name: T) -> u32 {
    let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u32::try_from(at).expect("few")
}

fn grams(units: &[&Unit], batch: usize, weighting: Weighting, steps: &[Option<f64>]) -> Grams {
    read(units, batch, weighting, steps).0
}

/// Grams and cells of units in this order; every code is given on first sight.
pub fn read(
    units: &[&Unit],
    batch: usize,
    weighting: Weighting,
    steps: &[Option<f64>],
) -> (Grams, Cells) {
    let shape = shape(weighting);
    let mut names = Dictionaries { levels: vec![Vec::new(); 2], ..Dictionaries::default() };
    let mut builder = GramBuilder::new(shape.clone()).in_steps(steps);
    let mut cells = CellBuilder::new(&shape).in_steps(steps, &shape);
    for units in units.chunks(batch) {
        let mut rows = Batch::default();
        for unit in units {
            let [region, period, one, two] = unit.at;
            rows.region.push(code(&mut names.regions, format!("r{region}")));
            rows.period.push(code(&mut names.periods, i64::try_from(period).expect("few")));
            let levels = names.levels.iter_mut().zip([one, two]);
            let codes: Vec<u32> =
                levels.map(|(names, level)| code(names, format!("level {level}"))).collect();
            rows.push_codes(&codes);
            rows.push_outcomes(&shape, &outcomes(unit));
            if weighting == Weighting::Frequency {
                rows.weights.push(f64::from(unit.weight));
            }
        }
        let sizes: Vec<usize> = names.levels.iter().map(Vec::len).collect();
        cells.push(&rows);
        builder.push(&mut rows, &sizes);
    }
    names.clusters.clone_from(&names.regions);
    (builder.finish(&names), cells.finish(&names))
}

/// Outcomes as values, NaN where missing.
pub fn outcomes(unit: &Unit) -> [f64; 3] {
    let flag = unit.flag.map_or(f64::NAN, |flag| f64::from(u8::from(flag)));
    let euros = unit.cents.map_or(f64::NAN, |cents| euros(i128::from(cents)));
    [flag, euros, f64::from(i32::try_from(unit.count).expect("small"))]
}

pub fn euros(cents: i128) -> f64 {
    float(cents) / 100.0
}

#[allow(clippy::cast_precision_loss)]
fn float(whole: i128) -> f64 {
    whole as f64
}

pub const STEPS: [Option<f64>; 3] = [None, Some(100.0), Some(1.0)];

#[test]
fn the_order_of_rows_changes_no_bit() {
    for (seed, weighting) in [(1, Weighting::None), (2, Weighting::Frequency)] {
        let units = units(seed);
        let mut order: Vec<&Unit> = units.iter().collect();
        let plain = grams(&order, 3_000, weighting, &STEPS);
        let loose = grams(&order, 3_000, weighting, &[]);
        for batch in [1, 77, 2_999] {
            Random::new(seed + 7).shuffle(&mut order);
            assert_eq!(grams(&order, batch, weighting, &STEPS), plain, "{weighting:?} {batch}");
        }
        assert_ne!(grams(&order, 3_000, weighting, &[]), loose, "floats remember their order");
    }
}

#[test]
fn sums_are_those_of_whole_numbers() {
    for (seed, weighting) in [(3, Weighting::None), (4, Weighting::Frequency)] {
        let units = units(seed);
        let all: Vec<&Unit> = units.iter().collect();
        let grams = grams(&all, 500, weighting, &STEPS);
        #[allow(clippy::cast_possible_truncation)]
        let shift = (grams.outcome_shift[1] * 100.0).round() as i128;
        assert!(shift > 500_000, "centred near the mean, at {shift} cents");
        for slice in &grams.slices {
            let (region, period) = (&grams.regions[slice.region], grams.periods[slice.period]);
            let here =
                |unit: &&Unit| format!("r{}", unit.at[0]) == *region && unit.at[1] as i64 == period;
            let of = |unit: &Unit| if weighting == Weighting::None { 1 } else { unit.weight };
            let found = units.iter().filter(here);
            let centred: Vec<(&Unit, i128, i128)> = found
                .filter_map(|unit| {
                    Some((unit, i128::from(of(unit)), i128::from(unit.cents?) - shift))
                })
                .collect();
            let sum: i128 = centred.iter().map(|(_, w, cents)| w * cents).sum();
            assert_eq!(slice.xy[1], euros(sum));
            let square: i128 = centred.iter().map(|(_, w, cents)| w * cents * cents).sum();
            assert_eq!(slice.yy[1], float(square) / 10_000.0);
            for (at, column) in grams.columns.iter().enumerate() {
                let has = |unit: &Unit| {
                    let level = unit.at[2 + column.covariate];
                    column.level.as_deref() == Some(format!("level {level}").as_str())
                };
                let rows = centred.iter().filter(|(unit, _, _)| has(unit));
                let sum: i128 = rows.map(|(_, w, cents)| w * cents).sum();
                assert_eq!(slice.xy[(1 + at) * 3 + 1], euros(sum));
            }
        }
    }
}

#[test]
fn levels_are_sorted_and_classes_follow_their_outcomes() {
    let units = units(5);
    let mut order: Vec<&Unit> = units.iter().collect();
    Random::new(6).shuffle(&mut order);
    let grams = grams(&order, 100, Weighting::None, &STEPS);
    let levels: Vec<&str> = grams.columns.iter().filter_map(|c| c.level.as_deref()).collect();
    let expected = ["level 0", "level 1", "level 2", "level 3", "level 4"];
    assert_eq!(levels[..5], expected);
    assert_eq!(levels[5..], expected[..3]);
    assert_eq!(grams.class_of, [0, 1, 2]);
}

/// Margins of the units, counted one crossing after the other.
fn by_margins(units: &[Unit]) -> Grams {
    let list = |name: &str, n: usize| (0..n).map(|at| format!("{name}{at}")).collect::<Vec<_>>();
    let names = Dictionaries {
        regions: list("r", 6),
        clusters: list("r", 6),
        periods: (0..4).collect(),
        levels: vec![list("level ", 5), list("level ", 3)],
    };
    let mut builder = MarginBuilder::new(shape(Weighting::None), &STEPS, vec![0, 1, 2], names);
    let sizes = [5, 3];
    let mut crossings: Vec<Vec<Level>> = vec![Vec::new()];
    for (covariate, levels) in sizes.into_iter().enumerate() {
        crossings.extend((0..levels).map(|level| vec![(covariate, level)]));
    }
    for one in 0..sizes[0] {
        crossings.extend((0..sizes[1]).map(|two| vec![(0, one), (1, two)]));
    }
    for (region, period) in (0..6).flat_map(|r| (0..4).map(move |t| (r, t))) {
        for levels in &crossings {
            let here = |unit: &&Unit| {
                let codes = unit.at.map(|code| u32::try_from(code).expect("few"));
                codes[0] == region
                    && codes[1] == period
                    && levels.iter().all(|&(covariate, level)| codes[2 + covariate] == level)
            };
            let rows: Vec<&Unit> = units.iter().filter(here).collect();
            let there =
                |has: &dyn Fn(&Unit) -> bool| rows.iter().filter(|unit| has(unit)).count() as u64;
            let counts =
                [there(&|u| u.flag.is_some()), there(&|u| u.cents.is_some()), there(&|_| true)];
            builder.count((region, period), levels, &counts);
            if levels.len() == 2 {
                continue;
            }
            let sum = |of: &dyn Fn(&Unit) -> Option<i64>| rows.iter().filter_map(|u| of(u)).sum();
            let flag: i64 = sum(&|u| u.flag.map(i64::from));
            let sums = [flag, sum(&|u| u.cents), sum(&|u| Some(u.count))];
            builder.sum((region, period), levels.first().copied(), &sums);
            let square = |of: &dyn Fn(&Unit) -> Option<i64>| -> i128 {
                rows.iter().filter_map(|u| of(u)).map(|y| i128::from(y) * i128::from(y)).sum()
            };
            if levels.is_empty() {
                let squares = [0, square(&|u| u.cents), square(&|u| Some(u.count))];
                builder.square((region, period), &squares);
            }
        }
    }
    builder.finish()
}

#[test]
fn margins_give_the_bits_that_rows_give() {
    let units = units(8);
    let all: Vec<&Unit> = units.iter().collect();
    assert_eq!(by_margins(&units), grams(&all, 1_000, Weighting::None, &STEPS));
}
