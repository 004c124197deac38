//! How regions lie around their common level: drawing, table and words.

use verschil_report::{Figure, figures, html};
use verschil_study::results::{FunnelFacts, FunnelLimit, FunnelRegion, Results};

use crate::fixture::{noise, six_treated, text};

const CENTRE: f64 = 0.342;
const TREATED: [&str; 6] = ["NOO", "VEE", "RIV", "HEI", "OOS", "ZUI"];

/// Limits of a made-up region.
fn limits(n: f64) -> FunnelLimit {
    let spread = (CENTRE * (1.0 - CENTRE) / n + 0.0004).sqrt();
    let at = |z: f64| (CENTRE + z * spread).clamp(0.0, 1.0);
    FunnelLimit { n, low_95: at(-1.96), high_95: at(1.96), low_998: at(-3.09), high_998: at(3.09) }
}

fn region(code: &str, at: usize, n: f64) -> FunnelRegion {
    let role = if at < TREATED.len() { "treated" } else { "control" }.to_owned();
    let here = limits(n);
    let share = match at {
        1 => here.low_998 - 0.02,
        8 => here.high_998 + 0.01,
        9 => (here.high_998 + here.high_95) / 2.0,
        _ => CENTRE + (here.high_95 - CENTRE) * noise(11, at as u64),
    };
    let class = match at {
        1 => "below_998",
        8 => "above_998",
        9 => "above_95",
        _ => "within",
    };
    FunnelRegion {
        region: code.to_owned(),
        role,
        n,
        events: Some(share * n),
        share: Some(share),
        limits: Some(here),
        class: class.to_owned(),
    }
}

/// The funnel of one phase; the last region has too few units.
fn funnel(phase: &str, sizes: fn(usize) -> f64) -> FunnelFacts {
    let code = |at: usize| TREATED.get(at).map_or_else(|| format!("C{at:02}"), |c| (*c).to_owned());
    let mut regions: Vec<FunnelRegion> =
        (0..26).map(|at| region(&code(at), at, sizes(at))).collect();
    let (low, high) =
        (0..26).map(sizes).fold((f64::MAX, 0.0_f64), |(l, h), n| (l.min(n), h.max(n)));
    regions.push(FunnelRegion {
        region: "C99".into(),
        role: "control".into(),
        n: 7.0,
        class: "not_compared".into(),
        ..FunnelRegion::default()
    });
    FunnelFacts {
        outcome: "referral".into(),
        comparison: "matched".into(),
        phase: phase.into(),
        method: "exact".into(),
        dispersion: "winsorised".into(),
        fewest: 10,
        compared: 26,
        centre: Some(CENTRE),
        phi: Some(2.31),
        tau2: Some(0.0004),
        regions,
        limits: (0..40).map(|k| limits(low * (high / low).powf(f64::from(k) / 39.0))).collect(),
        note: String::new(),
    }
}

fn sizes(at: usize) -> f64 {
    (400.0 + 1_600.0 * (noise(5, at as u64) + 1.0) / 2.0).round()
}

/// From twenty to some fifty thousand.
fn unequal(at: usize) -> f64 {
    (20.0 * 1.37_f64.powf(at as f64)).round()
}

fn funnelled() -> Results {
    Results { funnels: vec![funnel("pre", sizes), funnel("post", sizes)], ..six_treated() }
}

fn drawn(results: &Results, language: &str) -> Figure {
    let mut all = figures(results, language).unwrap().into_iter();
    all.find(|figure| figure.name == "funnel_referral_matched").expect("a funnel")
}

#[test]
fn every_region_is_in_the_table_and_those_far_out_are_named() {
    let figure = drawn(&funnelled(), "en");
    assert_eq!(figure.rows.len(), 27);
    assert_eq!(figure.columns.len(), 7, "with the time before the start");
    let row = |code: &str| figure.rows.iter().find(|row| row[0] == code).expect("a row");
    assert_eq!(row("Veenland")[4], "below the outer line");
    assert_eq!(row("C08")[4], "above the outer line");
    assert_eq!(row("C09")[4], "above the inner line");
    assert_eq!(row("C99")[3..5], ["– not available", "not compared"]);
    let names = figure.svg.matches("<text").count();
    assert!(names > 20, "{names} texts");
    for name in ["Noordkust", "Veenland", "C08"] {
        assert!(figure.svg.contains(&format!(">{name}</text>")), "{name}");
    }
    assert!(!figure.svg.contains(">C09</text>"), "only those beyond the outer lines");
    assert_eq!(figure.svg.matches("<circle").count(), 6 + 1, "treated regions and their legend");
    insta::assert_snapshot!(figure.name.clone(), figure.svg);
}

#[test]
fn the_caption_tells_what_lies_outside_and_what_is_not_corrected_for() {
    for (language, said) in [
        (
            "en",
            [
                "after the start",
                "Above the outer line (99.8%): C08.",
                "Below the outer line (99.8%): Veenland.",
                "One of the 26 lies between",
                "differ 2.3 times as much",
                "not corrected for",
                "with fewer than 10",
            ],
        ),
        (
            "nl",
            [
                "na de start",
                "Boven de buitenste lijn (99,8%): C08.",
                "Onder de buitenste lijn (99,8%): Veenland.",
                "Van de 26 ligt er één tussen",
                "verschillen 2,3 keer zo veel",
                "niet gecorrigeerd voor",
                "met minder dan 10",
            ],
        ),
    ] {
        let caption = drawn(&funnelled(), language).caption;
        for said in said {
            assert!(caption.contains(said), "{language}: {said}: {caption}");
        }
    }
    let mut calm = funnelled();
    for funnel in &mut calm.funnels {
        funnel.tau2 = Some(0.0);
        funnel.regions.retain(|region| region.class == "within");
    }
    let caption = drawn(&calm, "en").caption;
    for said in ["No region lies beyond", "None of the 26 lies", "show chance alone"] {
        assert!(caption.contains(said), "{said}: {caption}");
    }
    assert!(!caption.contains("Not compared"));
}

#[test]
fn before_the_start_is_drawn_where_there_is_nothing_after_it() {
    let mut blind = funnelled();
    blind.funnels.retain(|funnel| funnel.phase == "pre");
    let figure = drawn(&blind, "en");
    assert!(figure.caption.contains("before the start") && figure.columns.len() == 5);
}

#[test]
fn regions_of_very_different_sizes_stand_by_ratio() {
    let mut results = funnelled();
    results.funnels = vec![funnel("post", unequal)];
    let figure = drawn(&results, "nl");
    assert!(figure.caption.contains("dezelfde verhouding"), "{}", figure.caption);
    for tick in [">100<", ">1.000<", ">10.000<"] {
        assert!(figure.svg.contains(tick), "{tick}");
    }
    assert!(!drawn(&funnelled(), "nl").caption.contains("dezelfde verhouding"));
}

#[test]
fn long_names_stand_below_and_marks_have_letters() {
    let mut results = funnelled();
    let long = "Consortium of the Northern Coast and its Islands";
    results.design.treated[0].label = text(long, long);
    let svg = drawn(&results, "en").svg;
    assert!(svg.contains(">a</text>") && svg.contains(&format!(">a: {long}</text>")), "{svg}");
    assert!(svg.contains(">g: C08</text>") && !svg.contains(">Veenland</text>"), "{svg}");
    assert!(!drawn(&funnelled(), "en").svg.contains(">a</text>"));
}

#[test]
fn many_regions_far_out_are_counted_and_not_listed() {
    let mut results = funnelled();
    for region in &mut results.funnels[1].regions[10..20] {
        region.class = "above_998".into();
    }
    let figure = drawn(&results, "en");
    assert!(figure.caption.contains("11 regions; the table says which"), "{}", figure.caption);
    assert!(!figure.svg.contains(">C08</text>"));
    assert!(figure.svg.contains(">Noordkust</text>"), "treated regions keep their names");
}

#[test]
fn nothing_is_drawn_that_is_not_a_number() {
    let mut results = funnelled();
    for funnel in &mut results.funnels {
        funnel.limits.truncate(1);
        funnel.regions.truncate(1);
    }
    for results in [results, funnelled()] {
        let svg = drawn(&results, "en").svg;
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
    let mut refused = funnelled();
    for funnel in &mut refused.funnels {
        funnel.centre = None;
        funnel.note = "refused_too_few_units: 4 units are too few".into();
    }
    let all = figures(&refused, "en").unwrap();
    assert!(all.iter().all(|figure| !figure.name.starts_with("funnel")));
}

#[test]
fn the_page_has_it() {
    let page = html(&funnelled(), "en").unwrap();
    assert!(page.contains("How regions differ: "), "the title");
}
