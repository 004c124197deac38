//! A large study: 40 treated regions, 22 outcomes with long labels, 14 quarters, other clusters.

use verschil_report::{Figure, answer, figures, html, public_summary};
use verschil_study::results::{
    EstimateRow, OutcomeFacts, PeriodFacts, RegionFacts, Results, TrendCheck,
};

use crate::fixture::{noise, six_treated, text};

/// The results: every third outcome belongs to another domain, so domains are not contiguous.
pub fn many() -> Results {
    let mut results = six_treated();
    let template = results.estimates.iter().find(|row| row.headline).unwrap().clone();
    let levels = results.levels.clone();
    results.design.treated = (1..=40)
        .map(|n| RegionFacts {
            id: format!("R{n:02}"),
            label: text(&format!("Verloskundig gebied {n}"), &format!("Maternity area {n}")),
        })
        .collect();
    results.design.periods = (0..14).map(quarter).collect();
    results.design.start = 9;
    results.design.reference_period = 7;
    results.design.cluster_is_region = false;
    results.design.cluster_label = text("provincies", "provinces");
    results.design.region_label = text("gebied", "area");
    results.design.regions_label = text("gebieden", "areas");
    results.design.period_label = text("kwartaal", "quarter");
    results.design.weights = "frequency".to_owned();
    results.design.weights_label = text("het aantal geboorten", "the number of births");
    results.outcomes = (0..22).map(outcome).collect();
    results.estimates.clear();
    results.levels.clear();
    results.trend_checks.clear();
    for k in 0..22 {
        rows(&mut results, &template, k);
        for level in levels.iter().filter(|l| l.outcome == "spending" && l.comparison == "matched")
        {
            let mut level = level.clone();
            level.outcome = format!("o{k:02}");
            level.period -= 2008;
            results.levels.push(level);
        }
    }
    results
}

fn quarter(id: i64) -> PeriodFacts {
    let label = format!("{} Q{}", 2018 + id / 4, id % 4 + 1);
    PeriodFacts {
        id,
        label: text(&label.replace('Q', "kw"), &label),
        phase: if id < 8 {
            "pre"
        } else if id == 8 {
            "transition"
        } else {
            "post"
        }
        .to_owned(),
    }
}

fn outcome(k: u64) -> OutcomeFacts {
    let domain = ["birth", "use", "cost"][usize::try_from(k % 3).unwrap()];
    let long = "with a label that is much longer than anybody would wish for in a figure";
    OutcomeFacts {
        id: format!("o{k:02}"),
        domain: domain.to_owned(),
        domain_label: text(domain, domain),
        kind: if k.is_multiple_of(2) { "binary" } else { "continuous" }.to_owned(),
        better: "lower".to_owned(),
        label: text(
            &format!("Uitkomst {k} met een label dat veel langer is dan wenselijk in een figuur"),
            &format!("Outcome {k} {long}"),
        ),
        phrase: text(&format!("uitkomst {k}"), &format!("outcome {k}")),
        unit: text("euro", "euro"),
        decimals: 1,
        ..OutcomeFacts::default()
    }
}

fn rows(results: &mut Results, template: &EstimateRow, k: u64) {
    let (level, se) = if k.is_multiple_of(2) { (0.4, 0.01) } else { (5000.0, 125.0) };
    let effect = se * 3.0 * noise(k, 5);
    let row = |analysis: &str, effect: f64, se: f64| EstimateRow {
        outcome: format!("o{k:02}"),
        domain: "any".to_owned(),
        analysis: analysis.to_owned(),
        estimate: Some(effect),
        ci_low: Some(effect - 2.0 * se),
        ci_high: Some(effect + 2.0 * se),
        p_value: Some((-0.8 * (effect / se).powi(2)).exp()),
        base: (k != 4).then_some(level),
        relative: (k != 4).then_some(100.0 * effect / level),
        relative_ci_low: (k != 4).then_some(100.0 * (effect - 2.0 * se) / level),
        relative_ci_high: (k != 4).then_some(100.0 * (effect + 2.0 * se) / level),
        trend_holds: (k != 6).then_some(!k.is_multiple_of(7)),
        ..template.clone()
    };
    results.estimates.push(if k == 8 {
        EstimateRow {
            outcome: "o08".to_owned(),
            analysis: "main".to_owned(),
            comparison: template.comparison.clone(),
            method: "cr3".to_owned(),
            headline: true,
            note: "refused_no_outcome: no row of this comparison has the outcome".to_owned(),
            ..EstimateRow::default()
        }
    } else {
        row("main", effect, se)
    });
    for n in 1..=40 {
        results.estimates.push(row(
            &format!("region:R{n:02}"),
            effect + se * noise(k, n),
            3.0 * se,
        ));
    }
    for id in (0..14).filter(|id| *id != 7 && *id != 8) {
        let wobble = se * noise(k, 90 + u64::try_from(id).unwrap());
        let value = if id > 8 { effect + wobble } else { wobble };
        results.estimates.push(row(&format!("event:{id}"), value, se));
        if id > 8 {
            results.estimates.push(row(&format!("period:{id}"), value, se));
        }
    }
    results.trend_checks.push(TrendCheck {
        outcome: format!("o{k:02}"),
        comparison: template.comparison.clone(),
        method: "cr3".to_owned(),
        periods: (0..7).collect(),
        max_significant: 1,
        alpha: 0.05,
        holds: (k != 6).then_some(!k.is_multiple_of(7)),
        ..TrendCheck::default()
    });
}

fn named<'a>(drawn: &'a [Figure], name: &str) -> &'a Figure {
    drawn.iter().find(|figure| figure.name == name).expect(name)
}

fn height(figure: &Figure) -> f64 {
    let (_, rest) = figure.svg.split_once("viewBox=\"0 0 440 ").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

/// Where texts stand: x, baseline, anchor and words.
fn texts(figure: &Figure) -> Vec<(f64, f64, bool, String)> {
    let value = |text: &str, name: &str| -> f64 {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let pieces = figure.svg.split("<text ").skip(1);
    pieces
        .map(|piece| {
            let (head, rest) = piece.split_once('>').unwrap();
            let words = rest.split("</text>").next().unwrap().to_owned();
            (value(head, "x"), value(head, "y"), head.contains("\"end\""), words)
        })
        .collect()
}

#[test]
fn the_results_survive_their_file_format() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("many.json");
    std::fs::write(&path, serde_json::to_string(&many()).unwrap()).unwrap();
    let read: Results = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(read, many());
}

#[test]
fn many_rungs_fit_on_a_page() {
    for language in ["nl", "en"] {
        let drawn = figures(&many(), language).unwrap();
        // Taller than this, letters become too small when a page of A4 must hold the figure.
        for name in ["regions_o01_matched", "forest_matched"] {
            let height = height(named(&drawn, name));
            assert!(height < 1300.0, "{name}: {height}");
        }
    }
}

#[test]
fn all_words_of_a_figure_stand_inside_it() {
    for figure in figures(&many(), "nl").unwrap() {
        let height = height(&figure);
        for (x, y, _, words) in texts(&figure) {
            let inside = (0.0..=440.0).contains(&x) && (10.0..=height).contains(&y);
            assert!(inside, "{}: {words} at {x}, {y}", figure.name);
        }
    }
}

#[test]
fn labels_of_periods_do_not_run_into_each_other() {
    let drawn = figures(&many(), "en").unwrap();
    let figure = named(&drawn, "event_o01_matched");
    let lowest = texts(figure).iter().map(|text| text.1).fold(0.0, f64::max);
    let labels: Vec<f64> =
        texts(figure).into_iter().filter(|text| text.1 == lowest).map(|text| text.0).collect();
    assert!(labels.len() > 3, "{labels:?}");
    assert!(labels.windows(2).all(|pair| pair[1] - pair[0] > 55.0), "{labels:?}");
}

#[test]
fn the_forest_keeps_domains_together_and_says_what_it_leaves_out() {
    let drawn = figures(&many(), "en").unwrap();
    let forest = named(&drawn, "forest_matched");
    assert_eq!(forest.rows.len(), 20);
    let headings: Vec<String> = texts(forest)
        .into_iter()
        .map(|text| text.3)
        .filter(|words| ["birth", "use", "cost"].contains(&words.as_str()))
        .collect();
    assert_eq!(headings, ["birth", "use", "cost"]);
    for said in [
        "Not shown, because there is no base to take a percentage of: Outcome 4",
        "Not shown, because the effect could not be estimated: Outcome 8",
        "The numbers are in the table.",
    ] {
        assert!(forest.caption.contains(said), "{said}: {}", forest.caption);
    }
}

#[test]
fn the_page_says_what_clusters_and_weights_are() {
    let page = html(&many(), "en").unwrap();
    for said in [
        "26 provinces: measurements within a cluster are taken to be related",
        "The clusters are provinces.",
        "weighted by the number of births (frequency weights)",
        "All areas together",
        "Effect per area",
        "quarter by quarter",
    ] {
        assert!(page.contains(said), "{said}");
    }
    for generic in ["All regions", "per region", "Effect per period"] {
        assert!(!page.contains(generic), "{generic}");
    }
}

#[test]
fn a_long_list_is_counted_and_a_refused_outcome_is_named() {
    let text = answer(&many(), "en").unwrap();
    assert!(text.contains("12 of the 22 it is not clear whether anything changed"), "{text}");
    assert!(text.contains("For one of the 22 nothing could be worked out."), "{text}");
    let summary = public_summary(&many(), "en").unwrap();
    let at = summary.iter().position(|line| line.contains("nothing could be worked out:"));
    assert!(summary[at.unwrap() + 1].starts_with("Outcome 8"), "{summary:?}");
    assert!(summary.iter().any(|line| line.contains("Not clear means: we do not know.")));
}
