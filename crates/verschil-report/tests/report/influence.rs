//! How much the answer hangs on one cluster, in words and as a figure.

use verschil_report::{figures, html};
use verschil_study::results::{ClusterRow, Results};

use crate::fixture::{noise, six_treated};

/// Twenty-six clusters of the first outcome, six treated; without the first treated one there
/// is no effect when `gap`.
fn hanging(spread: f64, gap: bool) -> Results {
    let mut results = six_treated();
    let codes = ["NOO", "VEE", "RIV", "HEI", "OOS", "ZUI"];
    results.clusters = (0..26)
        .map(|at: usize| {
            let treated = at < codes.len();
            let code = codes.get(at).map_or_else(|| format!("C{at:02}"), |c| (*c).to_owned());
            ClusterRow {
                outcome: "referral".to_owned(),
                comparison: "matched".to_owned(),
                cluster: code,
                role: if treated { "treated" } else { "control" }.to_owned(),
                leverage: 0.6,
                partial_leverage: if treated { 0.128 } else { 0.0115 },
                estimate: -0.0214,
                without: (at > 0 || !gap).then(|| -0.0214 + spread * noise(3, at as u64)),
                effective_clusters: 9.873,
            }
        })
        .collect();
    results
}

#[test]
fn the_range_is_told_with_names() {
    let results = hanging(0.004, true);
    for (language, said) in [
        ("en", ["When one region is left out at a time, the effect lies between -", "as 9.9 of"]),
        ("nl", ["Als telkens één regio wordt weggelaten", "als 9,9 die even zwaar"]),
    ] {
        let page = html(&results, language).unwrap().replace('−', "-").replace('\u{ad}', "");
        for said in said {
            assert!(page.contains(said), "{language}: {said}");
        }
        for sign in ["another sign", "ander teken"] {
            assert!(!page.contains(sign), "{language}: {sign}");
        }
    }
}

#[test]
fn an_effect_that_turns_round_is_warned_of() {
    let results = hanging(0.04, false);
    for (language, said) in [("en", "another sign"), ("nl", "ander teken")] {
        assert!(html(&results, language).unwrap().contains(said), "{language}");
    }
}

#[test]
fn the_clusters_that_matter_most_are_drawn() {
    let results = hanging(0.004, true);
    let drawn = figures(&results, "en").unwrap();
    let figure = drawn.iter().find(|f| f.name == "influence_referral_matched").unwrap();
    assert_eq!(figure.rows.len(), 12);
    assert!(figure.caption.contains("12 of 25"), "{}", figure.caption);
    assert!(figure.rows.iter().all(|row| row[0] != "Noordkust"), "the effect does not exist");
    insta::assert_snapshot!(figure.name.clone(), figure.svg);
    assert!(drawn.iter().all(|f| f.name != "influence_spending_matched"), "no clusters");
}
