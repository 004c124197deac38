//! Methods and models that a protocol chooses: matched sets, draws for regions, models in the curve.

use verschil_study::results::{EstimateRow, Results};

use crate::small::Study;

const CHARACTERISTIC: &str = "[treatment]
start = 2015";

/// The small study with two controls for each treated region, chosen by their number of persons.
fn matched(methods: &str) -> Study {
    let characteristic = "[[characteristic]]\nid = \"persons\"\nlabel = \"persons a year\"\n\
                          statistic = \"total\"\nvalue = \"1\"\ndecimals = 0\n\n";
    let matching = "main = true\n[comparison.match]\non = [\"persons\"]\n\
                    window = [2010, 2013]\nper_treated = 1";
    let methods =
        format!("wild_draws = 999\nmethods = {methods}\nmodels = [\"linear\", \"logit\"]");
    Study::new()
        .with(CHARACTERISTIC, &format!("{characteristic}{CHARACTERISTIC}"))
        .with("main = true", matching)
        .with("wild_draws = 999", &methods)
}

fn of<'a>(results: &'a Results, comparison: &str, method: &str) -> Vec<&'a EstimateRow> {
    let here = |row: &&EstimateRow| row.comparison == comparison && row.method == method;
    results.estimates.iter().filter(here).collect()
}

#[test]
fn regions_change_places_within_their_matched_sets_and_only_where_there_are_any() {
    let study = matched("[\"cr3\", \"permutation\", \"permutation_matched\"]");
    let results = study.run().expect("runs").results;
    let rows = of(&results, "rest", "permutation_matched");
    let with = |analysis: &str, model: &str| -> &EstimateRow {
        let wanted = |row: &&&EstimateRow| {
            row.analysis == analysis && row.model == model && row.outcome == "home"
        };
        rows.iter().find(wanted).expect(analysis)
    };
    for model in ["linear", "logit"] {
        // three pairs: each treated region or its control
        let main = with("main", model);
        assert!(main.note.contains("enumerated: 8"), "{}", main.note);
        assert!(main.p_value.is_some_and(|p| (p * 8.0 - (p * 8.0).round()).abs() < 1e-12));
        let alone = with("region:R0", model);
        assert!(alone.note.contains("enumerated: 2") && alone.p_value >= Some(0.5));
    }
    let all = of(&results, "rest", "permutation");
    assert!(all.iter().any(|row| row.analysis == "main" && row.note.contains("enumerated: 20")));
    let other = of(&results, "few", "permutation_matched");
    assert!(!other.is_empty());
    for row in other {
        assert!(row.estimate.is_none() && row.p_value.is_none(), "{row:?}");
        let unasked = row.analysis.starts_with("event:");
        assert!(unasked || row.note.starts_with("refused_not_matched: "), "{row:?}");
    }
}

#[test]
fn draws_for_regions_need_clusters_that_hold_several() {
    let ask = "wild_draws = 999\nmethods = [\"cr3\", \"wild_wcr\", \"wild_subcluster\"]";
    let study = Study::new().with("wild_draws = 999", ask);
    let results = study.run().expect("runs").results;
    let main = |results: &Results| -> EstimateRow {
        let rows = of(results, "rest", "wild_subcluster");
        (*rows.iter().find(|r| r.analysis == "main" && r.outcome == "home").expect("a row")).clone()
    };
    assert!(main(&results).note.starts_with("refused_no_finer_level: "));
    // R0 with R1 and R2 with nobody are treated, so clusters are pairs of regions of one arm
    let pairs = "label = \"region\"\ncluster = \"CASE WHEN region IN ('R0') THEN 'A' \
                 WHEN region IN ('R1', 'R2') THEN 'B' WHEN region IN ('R3', 'R4') THEN 'C' \
                 ELSE 'D' END\"\ncluster_plural = \"clusters\"";
    let study = Study::new().with("wild_draws = 999", ask).with("label = \"region\"", pairs);
    let row = main(&study.run().expect("runs").results);
    assert_eq!((row.clusters, row.note.contains("enumerated: 256")), (Some(4), true), "{row:?}");
    assert!(row.p_value.is_some_and(|p| p > 0.0));
}

#[test]
fn a_curve_of_two_models_shows_both_and_tests_the_linear_one() {
    let curve = "[analysis]\nreference_period = 2013";
    let ask = |models: &str| {
        let asked = format!(
            "[specification_curve]\nmodels = {models}\nfirst = [2010, 2011]\npermutations = 19\n\n{curve}"
        );
        Study::new().with(curve, &asked).run().expect("runs").results
    };
    let (plain, both) = (ask("[\"linear\"]"), ask("[\"linear\", \"logit\"]"));
    let rows = |results: &Results, outcome: &str, model: &str| -> Vec<_> {
        let of = |row: &&verschil_study::results::SpecificationRow| {
            row.outcome == outcome && row.model == model
        };
        results.specifications.iter().filter(of).cloned().collect()
    };
    // two control groups, with and without covariates, two windows
    let logit = rows(&both, "home", "logit");
    assert_eq!((rows(&both, "home", "linear").len(), logit.len()), (8, 8));
    assert!(rows(&both, "spending", "logit").is_empty());
    for (at, row) in logit.iter().enumerate() {
        assert_eq!(row.specification, 9 + at as u64);
        assert!(!row.main && row.note.starts_with("not_tested: "), "{row:?}");
        assert!(row.estimate.is_some() && row.std_error.is_some() && row.n.is_some());
    }
    let curve = |results: &Results| {
        results.curves.iter().find(|curve| curve.outcome == "home").cloned().expect("a curve")
    };
    let (alone, together) = (curve(&plain), curve(&both));
    assert_eq!((alone.tested, together.tested), (Some(8), Some(8)));
    assert_eq!((alone.specifications, together.specifications), (8, 16));
    // the seed follows from what is asked, so the draws differ and the range does not shrink
    assert!(together.lowest <= alone.lowest && alone.highest <= together.highest);
}
