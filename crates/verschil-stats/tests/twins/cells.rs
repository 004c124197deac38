//! Cells: the same whatever order the rows had and whoever counted them, with the sums of their rows.

use std::collections::BTreeMap;

use verschil_stats::cells::{Cells, Counted};
use verschil_stats::grams::{Dictionaries, Weighting};

use crate::exact::{STEPS, Unit, euros, read, units};
use crate::study::Random;

/// Weight and sum of each outcome in a cell.
type Sums = [(f64, f64); 3];

/// Outcomes as whole numbers, none where missing.
fn whole(unit: &Unit) -> [Option<i64>; 3] {
    [unit.flag.map(i64::from), unit.cents, Some(unit.count)]
}

/// Cells by hand: names of region and levels with the period, then sums of whole numbers.
fn by_hand(units: &[Unit], weighted: bool) -> BTreeMap<(String, i64, [String; 2]), Sums> {
    let mut cells: BTreeMap<_, [(i64, i64); 3]> = BTreeMap::new();
    for unit in units {
        let [region, period, one, two] = unit.at;
        let levels = [one, two].map(|level| format!("level {level}"));
        let key = (format!("r{region}"), i64::try_from(period).expect("few"), levels);
        let values = whole(unit);
        let own = if weighted { i64::from(unit.weight) } else { 1 };
        for (sums, value) in cells.entry(key).or_default().iter_mut().zip(values) {
            sums.0 += value.map_or(0, |_| own);
            sums.1 += value.map_or(0, |value| own * value);
        }
    }
    let float = |n: i64| f64::from(i32::try_from(n).expect("small"));
    let exact = |[flag, cents, count]: [(i64, i64); 3]| {
        let cents = (float(cents.0), euros(i128::from(cents.1)));
        [(float(flag.0), float(flag.1)), cents, (float(count.0), float(count.1))]
    };
    cells.into_iter().map(|(key, sums)| (key, exact(sums))).collect()
}

#[test]
fn cells_hold_the_sums_of_their_rows_in_the_order_of_their_names() {
    for (seed, weighting) in [(11, Weighting::None), (12, Weighting::Frequency)] {
        let units = units(seed);
        let all: Vec<&Unit> = units.iter().collect();
        let (_, cells) = read(&all, 700, weighting, &STEPS);
        let names = &cells.names;
        let named = (0..cells.len()).map(|cell| {
            let level = |c: usize| names.levels[c][cells.codes[c].at(cell) as usize].clone();
            let region = names.regions[cells.region.at(cell) as usize].clone();
            let period = names.periods[cells.period.at(cell) as usize];
            let sums: Sums = [0, 1, 2].map(|outcome| cells.at(cell, outcome));
            ((region, period, [level(0), level(1)]), sums)
        });
        let named: Vec<_> = named.collect();
        let expected = by_hand(&units, weighting == Weighting::Frequency);
        assert_eq!(named, expected.into_iter().collect::<Vec<_>>(), "{weighting:?}");
    }
}

#[test]
fn the_order_of_rows_changes_no_bit_of_cells() {
    let units = units(13);
    let mut order: Vec<&Unit> = units.iter().collect();
    let (_, plain) = read(&order, 3_000, Weighting::None, &STEPS);
    let (_, loose) = read(&order, 3_000, Weighting::None, &[]);
    Random::new(14).shuffle(&mut order);
    assert_eq!(read(&order, 77, Weighting::None, &STEPS).1, plain);
    assert_ne!(read(&order, 77, Weighting::None, &[]).1, loose, "floats remember their order");
}

/// Cells of what a database counts, its groups in some order.
fn counted<'a>(units: &'a [Unit]) -> Cells {
    let mut groups: BTreeMap<[usize; 4], Vec<&'a Unit>> = BTreeMap::new();
    units.iter().for_each(|unit| groups.entry(unit.at).or_default().push(unit));
    // a level may come under two spellings, so that a cell comes in two
    let halves = |(at, rows): ([usize; 4], Vec<&'a Unit>)| {
        let (one, two) = rows.split_at(rows.len() / 2);
        [(at, one.to_vec()), (at, two.to_vec())]
    };
    let mut groups: Vec<_> = groups.into_iter().flat_map(halves).collect();
    Random::new(15).shuffle(&mut groups);
    // codes are not in the order of names
    let backwards = |name: &str, n: usize| (0..n).rev().map(|at| format!("{name}{at}")).collect();
    let names = Dictionaries {
        regions: backwards("r", 6),
        clusters: backwards("r", 6),
        periods: (0..4).rev().collect(),
        levels: vec![backwards("level ", 5), backwards("level ", 3)],
    };
    let mut counted = Counted {
        codes: vec![Vec::new(); 2],
        known: vec![Vec::new(); 3],
        sums: vec![Vec::new(); 3],
        range: vec![Vec::new(); 3],
        ..Counted::default()
    };
    for (at, rows) in groups {
        let code = |n: usize, at: usize| u32::try_from(n - 1 - at).expect("few");
        counted.region.push(code(6, at[0]));
        counted.period.push(code(4, at[1]));
        counted.codes[0].push(code(5, at[2]));
        counted.codes[1].push(code(3, at[3]));
        for k in 0..3 {
            let values: Vec<i64> = rows.iter().filter_map(|unit| whole(unit)[k]).collect();
            let ends = (values.iter().min(), values.iter().max());
            let of = |end: Option<&i64>| end.copied().unwrap_or_default();
            counted.range[k].push((of(ends.0), of(ends.1)));
            counted.known[k].push(values.len() as u64);
            counted.sums[k].push(values.into_iter().sum());
        }
    }
    counted.finish(&STEPS, &[true, false, false], &names)
}

#[test]
fn counts_of_a_database_give_the_cells_that_rows_give() {
    let units = units(16);
    let all: Vec<&Unit> = units.iter().collect();
    assert_eq!(counted(&units), read(&all, 1_000, Weighting::None, &STEPS).1);
}
