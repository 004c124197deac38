//! Made-up but realistic results: four outcomes, six treated regions, two control groups.

use std::collections::BTreeMap;

use verschil_study::results::{
    EstimateRow, LevelRow, PeriodFacts, Results, SCHEMA, Text, TrendCheck,
};

mod facts;

use facts::{attrition, balance, descriptives, design, findings, outcomes, provenance, study};

/// A text in both languages.
pub fn text(nl: &str, en: &str) -> Text {
    Text(BTreeMap::from([("nl".to_owned(), nl.to_owned()), ("en".to_owned(), en.to_owned())]))
}

/// A number in [-1, 1) that depends on its arguments alone.
pub fn noise(a: u64, b: u64) -> f64 {
    let mut state =
        a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xBF58_476D_1CE4_E5B9) ^ 0x94D0_49BB;
    state ^= state >> 29;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^= state >> 32;
    f64::from(u32::try_from(state & 0xFFFF).unwrap()) / 32768.0 - 1.0
}

/// What the made-up world knows of an outcome.
struct Truth {
    id: &'static str,
    level: f64,
    effect: f64,
    se: f64,
    trend: bool,
}

const TRUTHS: [Truth; 4] = [
    Truth { id: "referral", level: 0.342, effect: -0.0214, se: 0.0071, trend: true },
    Truth { id: "spending", level: 4825.0, effect: 61.4, se: 48.2, trend: true },
    Truth { id: "admissions", level: 512.6, effect: -9.83, se: 6.4, trend: true },
    Truth { id: "outside_hours", level: 0.187, effect: 0.0123, se: 0.0038, trend: false },
];

const METHODS: [&str; 6] = ["cr0", "cr1", "cr3", "wild_wcr", "wild_wcu", "permutation"];
const REGIONS: [&str; 6] =
    ["Noordkust", "Veenland", "Rivierdal", "Heidestreek", "Oostrand", "Zuidoever"];

/// The results.
pub fn six_treated() -> Results {
    let design = design();
    let mut results = Results {
        schema: SCHEMA.to_owned(),
        study: study(),
        provenance: provenance(),
        outcomes: outcomes(),
        estimates: Vec::new(),
        trend_checks: Vec::new(),
        levels: Vec::new(),
        attrition: attrition(),
        descriptives: descriptives(),
        balance: balance(),
        findings: findings(),
        design,
        ..Results::default()
    };
    for (k, truth) in TRUTHS.iter().enumerate() {
        for comparison in results.design.comparisons.clone() {
            let shift = if comparison.main { 0.0 } else { 0.3 };
            rows(&mut results, truth, k as u64, &comparison.id, shift);
        }
    }
    // One wild interval that has no upper end, as happens with few treated clusters.
    for row in &mut results.estimates {
        if row.outcome == "spending" && row.method == "wild_wcu" && row.analysis == "main" {
            row.ci_high = None;
            row.relative_ci_high = None;
            row.note = "unbounded: the set of accepted values has no upper end".to_owned();
        }
    }
    results
}

fn rows(results: &mut Results, truth: &Truth, k: u64, comparison: &str, shift: f64) {
    let effect = truth.effect + shift * truth.se;
    for method in METHODS {
        let headline = method == "cr3";
        let main = row(truth, (comparison, "main", method), effect, truth.se, headline);
        results.estimates.push(main);
    }
    for (index, region) in REGIONS.iter().enumerate() {
        let effect = effect + truth.se * noise(k, 40 + index as u64) * 2.0;
        let analysis = format!("region:{}", code(region));
        for method in METHODS {
            let headline = method == "permutation";
            let place = (comparison, analysis.as_str(), method);
            let mut row = row(truth, place, effect, truth.se, headline);
            bare(&mut row, method);
            results.estimates.push(row);
        }
    }
    for period in results.design.periods.clone() {
        over_time(results, truth, k, comparison, &period, effect);
        levels(results, truth, k, comparison, period.id);
    }
    results.trend_checks.push(trend(truth, comparison));
}

/// Effects per period after the start, and the event study.
fn over_time(
    results: &mut Results,
    truth: &Truth,
    k: u64,
    comparison: &str,
    period: &PeriodFacts,
    effect: f64,
) {
    let (id, post) = (period.id, period.phase == "post");
    let wobble = truth.se * noise(k, u64::try_from(id).unwrap());
    if post {
        let analysis = format!("period:{id}");
        for method in METHODS {
            let place = (comparison, analysis.as_str(), method);
            let row = row(truth, place, effect + wobble, truth.se * 1.3, method == "cr3");
            results.estimates.push(row);
        }
    }
    if period.phase == "transition" || id == 2016 {
        return;
    }
    let slope = if truth.trend { 0.0 } else { -0.55 * truth.se };
    let before = wobble * 0.6 + slope * (2016 - id).max(0) as f64;
    let value = if post { effect + wobble } else { before };
    let analysis = format!("event:{id}");
    for method in ["cr3", "cr1"] {
        let place = (comparison, analysis.as_str(), method);
        let mut row = row(truth, place, value, truth.se * 1.4, method == "cr3");
        if !post {
            row.estimand = "trend_difference".to_owned();
        }
        results.estimates.push(row);
    }
}

fn code(region: &str) -> String {
    region.chars().take(3).collect::<String>().to_uppercase()
}

fn row(
    truth: &Truth,
    place: (&str, &str, &str),
    effect: f64,
    se: f64,
    headline: bool,
) -> EstimateRow {
    let (comparison, analysis, method) = place;
    let widen = match method {
        "cr0" => 0.82,
        "cr1" => 0.88,
        "wild_wcr" => 1.08,
        "wild_wcu" => 0.97,
        _ => 1.0,
    };
    let se = se * widen;
    let (low, high) = (effect - 2.06 * se, effect + 2.06 * se);
    let t = effect / se;
    let base = truth.level;
    EstimateRow {
        outcome: truth.id.to_owned(),
        domain: if truth.id == "spending" || truth.id == "admissions" { "use" } else { "care" }
            .to_owned(),
        analysis: analysis.to_owned(),
        comparison: comparison.to_owned(),
        model: "linear".to_owned(),
        estimand: "att".to_owned(),
        method: method.to_owned(),
        estimate: Some(effect),
        std_error: (!method.starts_with("wild") && method != "permutation").then_some(se),
        ci_low: (method != "permutation").then_some(low),
        ci_high: (method != "permutation").then_some(high),
        p_value: Some((-0.717 * t.abs() - 0.416 * t * t).exp().min(1.0)),
        statistic: Some(t),
        df: Some(25.0),
        n: Some(2_312_405.0 - base),
        n_treated_post: Some(214_377.0),
        clusters: Some(26),
        clusters_treated: Some(6),
        observed: Some(base + effect * 0.9),
        counterfactual: Some(base - effect * 0.1),
        base: Some(base),
        relative: Some(100.0 * effect / base),
        relative_ci_low: (method != "permutation").then_some(100.0 * low / base),
        relative_ci_high: (method != "permutation").then_some(100.0 * high / base),
        trend_holds: Some(truth.trend),
        headline,
        note: String::new(),
    }
}

/// With one treated region only the permutation test remains, and it has no interval here.
fn bare(row: &mut EstimateRow, method: &str) {
    row.ci_low = None;
    row.ci_high = None;
    row.relative_ci_low = None;
    row.relative_ci_high = None;
    row.clusters_treated = Some(1);
    if method == "permutation" {
        row.note = "permutation_floor: 0.047619".to_owned();
        row.p_value = row.p_value.map(|p| p.max(1.0 / 21.0));
    } else {
        row.std_error = None;
        row.p_value = None;
        row.statistic = None;
        row.note = "refused_one_treated: one treated cluster bears no variance".to_owned();
    }
}

fn levels(results: &mut Results, truth: &Truth, k: u64, comparison: &str, id: i64) {
    let years = (id - 2008) as f64;
    for arm in ["treated", "control"] {
        let treated = arm == "treated";
        let seed = u64::try_from(id).unwrap() + if treated { 7000 } else { 9000 };
        let common = truth.level * (1.0 + 0.006 * years);
        let gap = if treated { 0.0 } else { truth.level * 0.045 };
        let effect = if treated && id >= 2018 { truth.effect } else { 0.0 };
        results.levels.push(LevelRow {
            outcome: truth.id.to_owned(),
            comparison: comparison.to_owned(),
            arm: arm.to_owned(),
            period: id,
            n: if treated { 41_250.0 } else { 124_310.0 },
            mean: Some(common + gap + effect + truth.se * 0.4 * noise(k, seed)),
        });
    }
}

fn trend(truth: &Truth, comparison: &str) -> TrendCheck {
    TrendCheck {
        outcome: truth.id.to_owned(),
        comparison: comparison.to_owned(),
        method: "cr3".to_owned(),
        periods: (2008..2016).collect(),
        significant: if truth.trend { vec![2011] } else { vec![2008, 2009, 2010, 2011] },
        max_significant: 1,
        alpha: 0.05,
        holds: Some(truth.trend),
        joint_statistic: Some(if truth.trend { 1.274 } else { 4.918 }),
        joint_df: Some((8.0, 25.0)),
        joint_p_value: Some(if truth.trend { 0.3009 } else { 0.0011 }),
        note: String::new(),
        ..TrendCheck::default()
    }
}
