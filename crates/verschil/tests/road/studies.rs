//! The studies that ship with the repository.

use crate::robust::castle;
use crate::runs::{remark, results, root, row};

#[test]
fn one_treated_state_gets_a_permutation_test_and_no_standard_error() {
    let results = results(&root().join("studies/organ_donations/protocol.toml"));
    for method in ["cr0", "cr1", "cr2", "cr3", "wild_wcr", "wild_wcu"] {
        let refused = row(&results, "rate", "main", method);
        assert!(refused.note.starts_with("refused_one_treated: "), "{method}: {}", refused.note);
        assert_eq!((refused.estimate, refused.std_error, refused.p_value), (None, None, None));
        assert!(!refused.headline);
    }
    let headline = row(&results, "rate", "main", "permutation");
    assert!(headline.headline);
    // the published number, and a test whose smallest p-value is one in 27
    assert!((headline.estimate.expect("estimate") - -0.022_458_974_358_974).abs() < 1e-14);
    assert_eq!(remark(headline, "permutation_floor"), Some(1.0 / 27.0));
    let rank = headline.p_value.expect("p") * 27.0;
    assert!((rank - rank.round()).abs() < 1e-12 && rank >= 1.0);
}

#[test]
fn castle_gives_every_analysis_for_every_outcome() {
    let results = castle();
    assert_eq!(results.design.treated.len(), 13);
    assert_eq!(results.design.comparisons[0].regions.len(), 29);
    for outcome in &results.outcomes {
        let rows = |kind: &str| {
            results
                .estimates
                .iter()
                .filter(|r| r.outcome == outcome.id && r.comparison == "never" && r.headline)
                .filter(|r| r.analysis.starts_with(kind))
                .count()
        };
        assert_eq!((rows("main"), rows("region:"), rows("period:"), rows("event:")), (1, 13, 4, 9));
    }
    // Cheng & Hoekstra (2013) print 8 to 10 percent more homicides
    let log = row(results, "l_homicide", "main", "cr3");
    assert!(log.estimate.is_some_and(|e| e > 0.05 && e < 0.12));
    assert_eq!(log.relative, None);
}

#[test]
fn separate_models_per_region_agree_with_the_joint_one_where_they_must() {
    use crate::small::Study;
    let joint = Study::new().run().expect("runs").results;
    let study = Study::new().with("wild_draws = 999", "wild_draws = 999\nseparate = true");
    let separate = study.run().expect("runs").results;
    for region in ["region:R0", "region:R1", "region:R2"] {
        let (a, b) = (
            row(&joint, "home", region, "permutation"),
            row(&separate, "home", region, "permutation"),
        );
        // the other treated regions inform the covariates' effects in the joint model only
        assert_ne!(a.estimate, b.estimate);
        let gap = (a.estimate.expect("joint") - b.estimate.expect("separate")).abs();
        assert!(gap < 0.02, "{region}: {gap}");
        assert!(b.n < a.n, "a separate model leaves the other treated regions out");
    }
}
