//! The 84 regions, where they lie, and how controls were matched to the treated.

use verschil_study::results::{
    BalanceRow, CharacteristicFacts, CharacteristicRow, MatchingFacts, MatchingRow, RegionRow,
    Results, TrajectoryRow,
};

use super::TREATED;
use crate::fixture::{noise, text};

/// Codes of all regions, in order.
pub fn codes() -> Vec<String> {
    let treated = "ABCDEFGHI".chars().map(|letter| format!("IGO_{letter}"));
    treated.chain((1..=75).map(|n| format!("VSV_{n:02}"))).collect()
}

const CHARACTERISTICS: [(&str, &str, &str, u8, f64, f64); 3] = [
    ("urbanisation", "gemiddelde stedelijkheidsklasse", "mean urbanisation class", 2, 2.9, 0.8),
    ("pregnancies", "zwangerschappen per jaar", "pregnancies per year", 0, 2_010.0, 700.0),
    (
        "vulnerable",
        "aandeel meervoudig kwetsbare zwangerschappen",
        "share of multiply vulnerable pregnancies",
        3,
        0.075,
        0.03,
    ),
];

pub fn add(results: &mut Results) {
    for (n, code) in codes().into_iter().enumerate() {
        results.regions.push(region(n as u64, &code));
        for (k, (id, _, _, _, mean, wide)) in CHARACTERISTICS.iter().enumerate() {
            results.characteristics.push(CharacteristicRow {
                region: code.clone(),
                characteristic: (*id).to_owned(),
                value: (code != "VSV_75").then_some(mean + wide * noise(k as u64, n as u64)),
            });
        }
    }
    for comparison in results.design.comparisons.clone() {
        matching(results, &comparison.id, &comparison.regions);
    }
    for (comparison, on) in [("matched", [0, 1]), ("vulnerable", [2, 1])] {
        facts(results, comparison, on);
    }
}

/// Somewhere in a country of 180 by 280 km, denser in the west.
fn region(n: u64, code: &str) -> RegionRow {
    let (u, v) = ((noise(n, 5) + 1.0) / 2.0, (noise(n, 6) + 1.0) / 2.0);
    let letter = code.strip_prefix("IGO_");
    let number: u32 = code.strip_prefix("VSV_").map_or(0, |n| n.parse().unwrap());
    let (role, reason) = match letter {
        Some(letter) if TREATED.contains(&letter) => ("treated", ""),
        Some(_) => ("other", ""),
        None if (1..=20).contains(&number) => ("control", ""),
        None if number % 9 == 4 => ("excluded", "nicu"),
        None => ("other", ""),
    };
    let label = match letter {
        Some(letter) => format!("igo {letter}"),
        None => format!("vsv {number:02}"),
    };
    RegionRow {
        code: code.to_owned(),
        label: text(&label, &label),
        role: role.to_owned(),
        reason: reason.to_owned(),
        x: Some(60_000.0 + 180_000.0 * u.powf(1.4)),
        y: Some(340_000.0 + 260_000.0 * v * (0.6 + 0.4 * u)),
        units: 20_000.0 + 15_000.0 * noise(n, 8),
    }
}

fn matching(results: &mut Results, comparison: &str, controls: &[String]) {
    for letter in TREATED {
        results.matching.push(MatchingRow {
            comparison: comparison.to_owned(),
            region: format!("IGO_{letter}"),
            role: "treated".to_owned(),
            rule: "listed".to_owned(),
            cluster: format!("IGO_{letter}"),
            units_pre: 8_255.0,
            units_post: 7_904.0,
            ..MatchingRow::default()
        });
    }
    for (n, code) in controls.iter().enumerate() {
        let matched = comparison != "expert";
        results.matching.push(MatchingRow {
            comparison: comparison.to_owned(),
            region: code.clone(),
            role: "control".to_owned(),
            rule: if matched { "matched" } else { "listed" }.to_owned(),
            cluster: code.clone(),
            units_pre: 7_957.0,
            units_post: 7_610.0,
            matched_to: if matched { format!("IGO_{}", TREATED[n % 6]) } else { String::new() },
            distance: matched.then_some(0.11 + 0.07 * n as f64),
            order: matched.then_some(n as u64 + 1),
            note: match n {
                2 => "next: VSV_44 0.412".to_owned(),
                5 => "tie: VSV_61; weight: 2".to_owned(),
                7 => "something that only the program says".to_owned(),
                _ => String::new(),
            },
        });
    }
}

fn facts(results: &mut Results, comparison: &str, on: [usize; 2]) {
    let chosen = on.map(|k| CHARACTERISTICS[k]);
    results.matching_facts.push(MatchingFacts {
        comparison: comparison.to_owned(),
        characteristics: chosen
            .map(|(id, nl, en, decimals, ..)| CharacteristicFacts {
                id: id.to_owned(),
                label: text(nl, en),
                decimals,
            })
            .to_vec(),
        window: (2013, 2016),
        distance: "mahalanobis".to_owned(),
        method: "nearest".to_owned(),
        candidates: 67,
        controls: 20,
        ..MatchingFacts::default()
    });
    for (k, (id, _, _, _, mean, wide)) in chosen.into_iter().enumerate() {
        for (stage, apart) in [("before", 0.62), ("after", 0.07)] {
            results.balance.push(BalanceRow {
                comparison: comparison.to_owned(),
                variable: id.to_owned(),
                treated: Some(mean),
                control: Some(mean + wide * apart),
                smd: Some(if k == 0 { -apart } else { apart / 2.0 }),
                unit: "region".to_owned(),
                stage: stage.to_owned(),
                ..BalanceRow::default()
            });
        }
        for year in 2008..=2021_i64 {
            for (arm, shift) in [("treated", 0.0), ("control", 0.05)] {
                let wobble = 0.1 * noise(u64::try_from(year).unwrap(), k as u64);
                results.trajectories.push(TrajectoryRow {
                    characteristic: id.to_owned(),
                    comparison: comparison.to_owned(),
                    arm: arm.to_owned(),
                    period: year,
                    mean: Some(mean + wide * (shift + wobble)),
                });
            }
        }
    }
}
