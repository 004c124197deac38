//! County mortality with states as clusters.

use crate::runs::{protocol, results, row, shared};

#[test]
fn counties_in_state_clusters_run_from_protocol_to_results() {
    if shared().is_none() {
        return;
    }
    let results = results(&protocol("jel_medicaid"));
    let main = row(&results, "mortality", "main", "cr3");
    // 39 states in all and 22 that expanded in 2014, counted in the file by other means
    assert_eq!((main.clusters, main.clusters_treated), (Some(39), Some(22)));
    assert!(!results.design.cluster_is_region);
    let exchanged = row(&results, "mortality", "main", "permutation");
    assert_eq!(exchanged.estimate, main.estimate);
    assert!(exchanged.p_value.is_some_and(|p| p > 0.05 && p <= 1.0));
    assert_eq!(main.n, Some(26_066.0), "rows with rate and population, counted by other means");
}
