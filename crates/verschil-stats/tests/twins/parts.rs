//! Regions in parts with weights: what rows with these weights give, whatever the order of anything.

use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Part, Weighting};

use crate::assert_close;
use crate::exact::{STEPS, Unit, outcomes, shape, units};
use crate::study::Random;

/// The weight of a unit; some weigh nothing, and units of two levels weigh the same.
fn weight(unit: &Unit) -> f64 {
    [0.0, 1.25, 1.25, 1.7, 0.3][unit.at[2]]
}

fn names() -> Dictionaries {
    let list = |name: &str, n: usize| (0..n).map(|at| format!("{name}{at}")).collect::<Vec<_>>();
    Dictionaries {
        regions: list("r", 6),
        clusters: list("r", 6),
        periods: (0..4).collect(),
        levels: vec![list("level ", 5), list("level ", 3)],
    }
}

fn code(at: usize) -> u32 {
    u32::try_from(at).expect("few")
}

fn summed(
    units: &[&Unit],
    weighting: Weighting,
    region: &mut dyn FnMut(&Unit) -> u32,
) -> GramBuilder {
    let mut builder = GramBuilder::new(shape(weighting)).in_steps(&STEPS);
    for units in units.chunks(321) {
        let mut batch = Batch::default();
        for unit in units {
            batch.region.push(region(unit));
            batch.period.push(code(unit.at[1]));
            batch.push_codes(&[code(unit.at[2]), code(unit.at[3])]);
            batch.push_outcomes(&shape(weighting), &outcomes(unit));
            if weighting == Weighting::Analytic {
                batch.weights.push(weight(unit));
            }
        }
        builder.push(&mut batch, &[5, 3]);
    }
    builder
}

/// Parts by first level, and where asked by second level too, numbered as they come.
fn in_parts(units: &[&Unit], finely: bool) -> Grams {
    let mut found: Vec<([usize; 3], Part)> = Vec::new();
    let mut part = |unit: &Unit| {
        let key = [unit.at[0], unit.at[2], if finely { unit.at[3] } else { 0 }];
        let at = found.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            found.push((key, Part { region: code(unit.at[0]), weight: weight(unit) }));
            found.len() - 1
        });
        code(at)
    };
    let builder = summed(units, Weighting::None, &mut part);
    let parts: Vec<Part> = found.into_iter().map(|(_, part)| part).collect();
    builder.finish_weighted(&parts, &names())
}

#[test]
fn parts_give_what_rows_with_their_weights_give() {
    let units = units(21);
    let all: Vec<&Unit> = units.iter().collect();
    let ours = in_parts(&all, false);
    let theirs = summed(&all, Weighting::Analytic, &mut |unit| code(unit.at[0])).finish(&names());
    assert_eq!(ours.weighting, Weighting::Analytic);
    let labels =
        |grams: &Grams| (grams.regions.clone(), grams.columns.clone(), grams.class_of.clone());
    assert_eq!(labels(&ours), labels(&theirs));
    assert_eq!(ours.slices.len(), theirs.slices.len());
    let outcomes = 3;
    for (a, b) in ours.slices.iter().zip(&theirs.slices) {
        for (class, (ours, theirs)) in a.classes.iter().zip(&b.classes).enumerate() {
            assert_eq!(ours.n, theirs.n, "rows with a weight, class {class}");
            for (i, j) in (0..9).flat_map(|i| (0..9).map(move |j| (i, j))) {
                assert_close(ours.xx.at(i, j), theirs.xx.at(i, j), 1.0, 1e-12, "xx");
            }
        }
        // outcomes may be centred elsewhere
        for column in 0..9 {
            for k in 0..outcomes {
                let class = ours.class_of[k];
                let sum = |grams: &Grams, slice: &verschil_stats::grams::Slice| {
                    slice.xy[column * outcomes + k]
                        + grams.outcome_shift[k] * slice.classes[class].xx.at(0, column)
                };
                assert_close(sum(&ours, a), sum(&theirs, b), 1.0, 1e-11, "xy");
            }
        }
    }
}

#[test]
fn neither_the_order_of_rows_nor_how_they_are_divided_changes_a_bit() {
    let units = units(22);
    let mut order: Vec<&Unit> = units.iter().collect();
    let plain = in_parts(&order, false);
    assert_eq!(in_parts(&order, true), plain);
    Random::new(23).shuffle(&mut order);
    assert_eq!(in_parts(&order, false), plain);
    assert_eq!(in_parts(&order, true), plain);
}
