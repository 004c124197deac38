//! Results with one treated region: the organ donation example, where only permutation remains.

use verschil_study::results::{
    ComparisonFacts, DesignFacts, EstimateRow, LevelRow, OutcomeFacts, PeriodFacts, Provenance,
    RegionFacts, Results, SCHEMA, StudyFacts, Text, TrendCheck,
};

use crate::fixture::{noise, text};

const QUARTERS: [&str; 6] = ["2010 Q4", "2011 Q1", "2011 Q2", "2011 Q3", "2011 Q4", "2012 Q1"];

/// The results; locked, without attrition or covariates.
pub fn one_treated() -> Results {
    let mut estimates = Vec::new();
    for analysis in ["main".to_owned(), "region:CA".to_owned()] {
        for method in ["cr1", "cr3", "wild_wcr"] {
            estimates.push(refused(&analysis, method));
        }
        estimates.push(inverted(&analysis));
    }
    for (period, value) in [(1, -0.0034), (2, -0.0021), (4, -0.0228), (5, -0.0219), (6, -0.0226)] {
        estimates.push(row(&format!("event:{period}"), "permutation", value, true));
        if period >= 4 {
            estimates.push(row(&format!("period:{period}"), "permutation", value, true));
        }
    }
    Results {
        schema: SCHEMA.to_owned(),
        study: study(),
        provenance: Provenance {
            locked: true,
            version: "0.1.0".to_owned(),
            seed: 42,
            ..Provenance::default()
        },
        design: design(),
        outcomes: vec![outcome()],
        estimates,
        trend_checks: vec![TrendCheck {
            outcome: "rate".to_owned(),
            comparison: "all".to_owned(),
            method: "permutation".to_owned(),
            periods: vec![1, 2],
            alpha: 0.05,
            holds: Some(true),
            note: "refused_one_treated: one treated cluster bears no variance".to_owned(),
            ..TrendCheck::default()
        }],
        levels: levels(),
        ..Results::default()
    }
}

/// A row of a method that one treated region cannot bear.
fn refused(analysis: &str, method: &str) -> EstimateRow {
    EstimateRow {
        outcome: "rate".to_owned(),
        analysis: analysis.to_owned(),
        comparison: "all".to_owned(),
        model: "linear".to_owned(),
        method: method.to_owned(),
        trend_holds: Some(true),
        note: "refused_one_treated: one treated cluster bears no variance".to_owned(),
        ..EstimateRow::default()
    }
}

/// The permutation test of one effect, whose interval comes from turning it around.
fn inverted(analysis: &str) -> EstimateRow {
    let base = 0.271;
    let (low, high) = (-0.141_667, -0.006_285);
    EstimateRow {
        ci_low: Some(low),
        ci_high: Some(high),
        relative_ci_low: Some(100.0 * low / base),
        relative_ci_high: Some(100.0 * high / base),
        note: format!("permutation_floor: {}; enumerated: 27; p_value_t: 0.185185", 1.0 / 27.0),
        ..row(analysis, "permutation", -0.022_459, true)
    }
}

fn row(analysis: &str, method: &str, estimate: f64, headline: bool) -> EstimateRow {
    EstimateRow {
        outcome: "rate".to_owned(),
        domain: "donation".to_owned(),
        analysis: analysis.to_owned(),
        comparison: "all".to_owned(),
        model: "linear".to_owned(),
        estimand: "att".to_owned(),
        method: method.to_owned(),
        estimate: Some(estimate),
        p_value: Some(1.0 / 27.0),
        n: Some(162.0),
        clusters: Some(27),
        clusters_treated: Some(1),
        observed: Some(0.2639),
        counterfactual: Some(0.2639 - estimate),
        base: Some(0.271),
        relative: Some(100.0 * estimate / 0.271),
        trend_holds: Some(true),
        headline,
        note: format!(
            "permutation_floor: {}; enumerated: 27; no_interval: effects estimated together",
            1.0 / 27.0
        ),
        ..EstimateRow::default()
    }
}

fn study() -> StudyFacts {
    StudyFacts {
        id: "organ".to_owned(),
        title: text("Actieve keuze voor orgaandonatie", "Active choice for organ donation"),
        question: text(
            "Veranderde het aantal registraties toen Californië mensen een actieve keuze liet maken?",
            "Did registrations change when California asked people for an active choice?",
        ),
        intervention: text("de actieve keuze", "active choice"),
        units: text("staat-kwartalen", "state-quarters"),
        ..StudyFacts::default()
    }
}

fn design() -> DesignFacts {
    let period = |(index, label): (usize, &&str)| PeriodFacts {
        id: i64::try_from(index).unwrap() + 1,
        label: text(&label.replace('Q', "kw"), label),
        phase: if index < 3 { "pre" } else { "post" }.to_owned(),
    };
    DesignFacts {
        treated: vec![RegionFacts {
            id: "CA".to_owned(), label: text("Californië", "California")
        }],
        comparisons: vec![ComparisonFacts {
            id: "all".to_owned(),
            label: text("alle andere staten", "all other states"),
            main: true,
            regions: (1..=26).map(|n| format!("S{n:02}")).collect(),
        }],
        periods: QUARTERS.iter().enumerate().map(period).collect(),
        start: 4,
        reference_period: 3,
        cluster_is_region: true,
        region_label: text("staat", "state"),
        regions_label: text("staten", "states"),
        period_label: text("kwartaal", "quarter"),
        weights: "none".to_owned(),
        level: 0.95,
        relative_base: "pre_mean".to_owned(),
        headline_method: "cr3".to_owned(),
        methods: ["cr1", "cr3", "wild_wcr", "permutation"].map(str::to_owned).to_vec(),
        small_sample: "fixest".to_owned(),
        ..DesignFacts::default()
    }
}

fn outcome() -> OutcomeFacts {
    OutcomeFacts {
        id: "rate".to_owned(),
        domain: "donation".to_owned(),
        domain_label: text("Donatie", "Donation"),
        kind: "binary".to_owned(),
        better: "higher".to_owned(),
        label: text("Geregistreerde donoren", "Registered donors"),
        phrase: text("het aandeel geregistreerde donoren", "the share of registered donors"),
        explanation: Text::default(),
        unit: Text::default(),
        decimals: 2,
    }
}

fn levels() -> Vec<LevelRow> {
    let mut rows = Vec::new();
    for period in 1_i64..=6 {
        for (arm, level) in
            [("treated", if period >= 4 { 0.264 } else { 0.271 }), ("control", 0.445)]
        {
            let seed = u64::try_from(period).unwrap();
            rows.push(LevelRow {
                outcome: "rate".to_owned(),
                comparison: "all".to_owned(),
                arm: arm.to_owned(),
                period,
                n: 26.0,
                mean: Some(level + 0.004 * noise(seed, 3)),
            });
        }
    }
    rows
}
