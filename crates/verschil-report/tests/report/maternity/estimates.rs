//! Estimates, levels, descriptives and balance of pregnancies.

use verschil_study::results::{
    BalanceRow, DescriptiveRow, EstimateRow, LevelRow, Results, TrendCheck,
};

use super::TREATED;
use super::outcomes::OUTCOMES;
use crate::fixture::noise;

/// Outcomes whose trends were alike.
const ALIKE: [&str; 10] = ["u01", "u02", "u03", "u05", "u13", "u15", "h19", "h20", "h21", "s22"];
const LEVELS: [(&str, &[&str]); 5] = [
    ("age", &["<25", "25-29", "30-34", "35-39", "40+"]),
    ("parity", &["0", "1", "2+"]),
    ("background", &["NL", "EU", "elders"]),
    ("income", &["1", "2", "3", "4", "5"]),
    ("urbanisation", &["1", "2", "3", "4", "5"]),
];

pub fn add(results: &mut Results) {
    for (k, outcome) in OUTCOMES.iter().enumerate() {
        let k = k as u64;
        one(results, k, outcome);
        levels(results, k, outcome);
    }
    for (k, (variable, level)) in variables().into_iter().enumerate() {
        describe(results, k as u64, variable, level);
    }
    for (id, _, mean, effect, ..) in OUTCOMES {
        for (arm, phase, shift) in [
            ("treated", "pre", 0.0),
            ("treated", "post", effect),
            ("control", "pre", 0.01),
            ("control", "post", 0.02),
        ] {
            results.descriptives.push(DescriptiveRow {
                variable: id.to_owned(),
                arm: arm.to_owned(),
                phase: phase.to_owned(),
                n: if id == "s22" { 98_201.0 } else { 101_332.0 },
                mean: Some(mean + shift),
                sd: (mean > 1.0).then_some(1_803.0),
                ..DescriptiveRow::default()
            });
        }
    }
}

fn variables() -> Vec<(&'static str, &'static str)> {
    LEVELS.iter().flat_map(|(id, levels)| levels.iter().map(move |level| (*id, *level))).collect()
}

fn describe(results: &mut Results, k: u64, variable: &str, level: &str) {
    let share = 0.2 + 0.15 * noise(k, 3);
    for (arm, phase) in
        [("treated", "pre"), ("treated", "post"), ("control", "pre"), ("control", "post")]
    {
        results.descriptives.push(DescriptiveRow {
            variable: variable.to_owned(),
            level: level.to_owned(),
            arm: arm.to_owned(),
            phase: phase.to_owned(),
            n: if arm == "treated" { 101_332.0 } else { 322_870.0 },
            mean: Some(share),
            sd: None,
        });
    }
    for comparison in ["matched", "expert", "vulnerable"] {
        for (stage, wide) in [("before", 0.22), ("after", 0.08)] {
            results.balance.push(BalanceRow {
                comparison: comparison.to_owned(),
                variable: variable.to_owned(),
                level: level.to_owned(),
                treated: Some(share),
                control: Some(share + 0.01),
                smd: Some(wide * noise(k, comparison.len() as u64)),
                unit: "row".to_owned(),
                stage: stage.to_owned(),
            });
        }
    }
}

fn one(results: &mut Results, k: u64, outcome: &(&str, &str, f64, f64, &str, &str)) {
    let (id, domain, level, effect, ..) = *outcome;
    let se = level * 0.03;
    let row = |analysis: &str, comparison: &str, method: &str, effect: f64, se: f64| EstimateRow {
        outcome: id.to_owned(),
        domain: domain.to_owned(),
        analysis: analysis.to_owned(),
        comparison: comparison.to_owned(),
        model: "linear".to_owned(),
        estimand: "att".to_owned(),
        method: method.to_owned(),
        estimate: Some(effect),
        std_error: Some(se),
        ci_low: Some(effect - 2.06 * se),
        ci_high: Some(effect + 2.06 * se),
        p_value: Some((-0.8 * (effect / se).powi(2)).exp()),
        n: Some(424_202.0),
        clusters: Some(26),
        clusters_treated: Some(6),
        observed: Some(level + effect),
        counterfactual: Some(level),
        base: Some(level),
        relative: Some(100.0 * effect / level),
        relative_ci_low: Some(100.0 * (effect - 2.06 * se) / level),
        relative_ci_high: Some(100.0 * (effect + 2.06 * se) / level),
        trend_holds: Some(ALIKE.contains(&id)),
        headline: method == "cr3",
        ..EstimateRow::default()
    };
    for comparison in ["matched", "expert", "vulnerable"] {
        for (method, wide) in [("cr1", 0.9), ("cr3", 1.0), ("wild_wcr", 1.1), ("permutation", 1.05)]
        {
            results.estimates.push(row("main", comparison, method, effect, se * wide));
        }
    }
    for (n, letter) in TREATED.iter().enumerate() {
        let effect = effect + 2.0 * se * noise(k, n as u64);
        results.estimates.push(row(
            &format!("region:IGO_{letter}"),
            "matched",
            "cr3",
            effect,
            1.6 * se,
        ));
    }
    for year in (2008..=2021_i64).filter(|year| *year != 2016 && *year != 2017) {
        let wobble = se * noise(k, 70 + u64::try_from(year).unwrap());
        let value = if year > 2017 { effect + wobble } else { wobble };
        results.estimates.push(row(&format!("event:{year}"), "matched", "cr3", value, 1.3 * se));
        if year > 2017 {
            results.estimates.push(row(
                &format!("period:{year}"),
                "matched",
                "cr3",
                value,
                1.3 * se,
            ));
        }
    }
    results.trend_checks.push(trend(id));
}

fn trend(id: &str) -> TrendCheck {
    TrendCheck {
        outcome: id.to_owned(),
        comparison: "matched".to_owned(),
        method: "cr3".to_owned(),
        periods: (2009..=2015).collect(),
        significant: if ALIKE.contains(&id) { vec![] } else { vec![2009, 2011, 2014] },
        max_significant: 1,
        alpha: 0.05,
        holds: Some(ALIKE.contains(&id)),
        ..TrendCheck::default()
    }
}

fn levels(results: &mut Results, k: u64, outcome: &(&str, &str, f64, f64, &str, &str)) {
    let (id, _, level, effect, ..) = *outcome;
    for year in 2008..=2021_i64 {
        for (arm, after) in [("treated", effect), ("control", 0.0)] {
            let drift = level * 0.004 * (year - 2008) as f64;
            let wobble = level * 0.01 * noise(k, u64::try_from(year).unwrap() + arm.len() as u64);
            let after = if year > 2017 { after } else { 0.0 };
            results.levels.push(LevelRow {
                outcome: id.to_owned(),
                comparison: "matched".to_owned(),
                arm: arm.to_owned(),
                period: year,
                n: 9_000.0,
                mean: Some(level + drift + wobble + after),
            });
        }
    }
}
