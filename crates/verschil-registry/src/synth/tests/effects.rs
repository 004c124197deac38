//! The truth against draws: the same women with and without what being an igo does.

use super::super::cells::Cell;
use super::super::draws::Draws;
use super::super::model::Model;
use super::super::pregnancies::{EMERGENCY, HOME, Kind, PLANNED, Place, Pregnancy};
use super::super::truth::{OUTCOMES, Truth, truth, truth_of};
use super::model;

/// An outcome of a drawn pregnancy; nothing when it is not counted.
fn observed(outcome: &str, birth: &Pregnancy) -> Option<f64> {
    let child = &birth.children[0];
    let (preterm, small) = (child.weeks < 37, child.percentile < 10);
    let counted = match outcome {
        "u01" | "u02" => birth.start == 1,
        "u03" => birth.labour == 1,
        "u04" => birth.primary,
        "h17" => !birth.section(),
        "h18" => child.apgar.is_some(),
        _ => true,
    };
    let holds = match outcome {
        "u01" => birth.transfer > 0,
        "u02" => birth.transfer == 1,
        "u03" => birth.transfer == 2,
        "u04" => birth.transfer == 3,
        "u05" => birth.place == HOME,
        "u06" => birth.place == 3,
        "u07" => birth.place == 4,
        "u08" => birth.epidural,
        "u09" => birth.relief,
        "u10" => !birth.section() && !birth.instrumental(),
        "u11" => birth.induced,
        "u12" => birth.section(),
        "u13" => birth.way == PLANNED,
        "u14" => birth.way == EMERGENCY,
        "u15" => birth.instrumental(),
        "h16" => birth.blood > 1000,
        "h17" => birth.tear >= 3,
        "h18" => child.apgar.is_some_and(|apgar| apgar < 7),
        "h19" => preterm || small,
        "h20" => small,
        "h21" => preterm,
        "s22" => return Some(birth.spending),
        other => panic!("{other} is not an outcome"),
    };
    counted.then_some(f64::from(u8::from(holds)))
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

const WOMEN: usize = 30_000;

fn drawn(model: &Model, region: usize, year: i64, effects: bool) -> Vec<Pregnancy> {
    let cell = Cell::new(model, region, year, effects);
    let urbanisation = model.regions[region].urbanisation;
    let place = Place { groups: model.groups(region, year), urbanisation };
    let mut draws = Draws::new(11, region as u64);
    let draw = |_| Pregnancy::draw(model, &cell, &mut draws, &place, Kind::Study);
    (0..WOMEN).map(draw).collect()
}

#[test]
fn the_truth_is_the_difference_that_the_effect_makes_among_the_same_women() {
    let model = model(1.0);
    for (code, year) in
        [("IGO_C", 2019), ("IGO_E", 2020), ("IGO_F", 2018), ("IGO_A", 2021), ("IGO_B", 2018)]
    {
        let region = model.regions.iter().position(|region| region.code == code).unwrap();
        let (without, with) =
            (drawn(&model, region, year, false), drawn(&model, region, year, true));
        for (outcome, _) in OUTCOMES {
            let truth = truth_of(&model, outcome, region, year);
            let of = |births: &[Pregnancy]| -> Vec<f64> {
                births.iter().filter_map(|birth| observed(outcome, birth)).collect()
            };
            let (before, after) = (mean(&of(&without)), mean(&of(&with)));
            // four Monte Carlo errors; the same draws serve both, so the error of a difference is at
            // most that of two independent means. Apgar is 1e-4 off: stillbirth leaves other women
            let slack = if outcome == "h18" { 2e-4 } else { 1e-12 };
            let error = 4.0 * before.1 + slack;
            assert!(
                (before.0 - truth.baseline).abs() < error,
                "{code} {outcome} {before:?} {truth:?}"
            );
            let error = 4.0 * before.1.hypot(after.1) + slack;
            let difference = after.0 - before.0;
            assert!(
                (difference - truth.effect).abs() < error,
                "{code} {outcome} {difference} {truth:?}"
            );
            if truth.effect.abs() > 4.0 * error {
                assert!(difference * truth.effect > 0.0);
            }
        }
    }
}

#[test]
fn a_woman_without_an_effect_keeps_all_her_draws() {
    let model = model(1.0);
    let region = model.regions.iter().position(|region| region.code == "IGO_B").unwrap();
    let (without, with) = (drawn(&model, region, 2018, false), drawn(&model, region, 2018, true));
    let same = without.iter().zip(&with).filter(|(a, b)| {
        a.woman.pattern == b.woman.pattern
            && a.place == b.place
            && a.children[0].weight == b.children[0].weight
            && a.first_visit == b.first_visit
    });
    assert_eq!(same.count(), WOMEN);
    assert!(without.iter().zip(&with).any(|(a, b)| a.way != b.way));
}

fn pooled(model: &Model, rows: &[Truth], outcome: &str, years: (i64, i64)) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for row in rows.iter().filter(|row| row.outcome == outcome) {
        let region = model.regions.iter().position(|region| region.code == row.region).unwrap();
        let six = model.regions[region].igo.is_some_and(|(first, _)| first == 2017);
        if six && years.0 <= row.year && row.year <= years.1 {
            let weight = model.count(region, row.year).study as f64;
            sum += weight * row.effect;
            weights += weight;
        }
    }
    sum / weights
}

#[test]
fn the_published_pattern_is_what_is_true() {
    let model = model(1.0);
    let rows = truth(&model);
    let within = |outcome: &str, years: (i64, i64), low: f64, high: f64| {
        let effect = pooled(&model, &rows, outcome, years);
        assert!(low <= effect && effect <= high, "{outcome} {years:?}: {effect}");
    };
    within("u05", (2018, 2021), -0.0135, -0.0125);
    within("u01", (2018, 2021), -0.045, -0.035);
    within("s22", (2018, 2020), -105.0, -95.0);
    within("s22", (2019, 2019), -275.0, -250.0);
    within("s22", (2020, 2020), -5.0, 5.0);
    within("h21", (2018, 2021), 0.0005, 0.002);
    for outcome in ["u04", "u08", "u09", "u11", "u14", "h16", "h17", "h18", "h20"] {
        within(outcome, (2017, 2021), 0.0, 0.0);
    }
    let at = |outcome: &str, region: &str| {
        let mut all = rows.iter();
        all.find(|r| r.outcome == outcome && r.region == region && r.year == 2019).unwrap()
    };
    let fewer = at("u01", "IGO_E");
    assert!((fewer.effect / fewer.baseline + 0.33).abs() < 0.03, "{fewer:?}");
    let fallen = ["IGO_C", "IGO_D", "IGO_E", "IGO_F", "IGO_A", "IGO_B"];
    assert_eq!(fallen.iter().filter(|igo| at("u05", igo).effect < 0.0).count(), 2);
    // the ways of birth and the places of birth still add up
    for igo in fallen {
        let sum = |of: &[&str]| of.iter().map(|outcome| at(outcome, igo).effect).sum::<f64>();
        assert!((sum(&["u13", "u14"]) - at("u12", igo).effect).abs() < 1e-9);
        assert!(sum(&["u10", "u12", "u15"]).abs() < 1e-9);
        // a home birth less is a birth more elsewhere; unknown and birth centre do not change
        assert!(sum(&["u05", "u06", "u07"]).abs() < 1e-9, "{igo}");
    }
    assert!(rows.iter().all(|row| row.year >= 2017 || row.effect == 0.0));
}
