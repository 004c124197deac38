//! How much the effect hangs on single clusters.

use verschil_study::results::{ClusterRow, OutcomeFacts};

use crate::view::View;

/// The clusters of the main comparison without which there is an effect, from the lowest to the
/// highest effect without them.
pub(crate) fn ordered<'a>(view: &View<'a>, outcome: &OutcomeFacts) -> Vec<(&'a ClusterRow, f64)> {
    let here = |row: &&ClusterRow| row.outcome == outcome.id && row.comparison == view.main.id;
    let rows = view.results.clusters.iter().filter(here);
    let mut found: Vec<(&ClusterRow, f64)> =
        rows.filter_map(|row| Some((row, row.without?))).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found
}

/// What a cluster is called.
pub(crate) fn name(view: &View, code: &str) -> String {
    if view.results.design.cluster_is_region { view.region(code) } else { code.to_owned() }
}

/// The lowest and the highest effect without one cluster, whether its sign holds, and how many
/// clusters of equal weight there are; nothing where clusters cannot be left out.
pub(crate) fn sentences(view: &View, outcome: &OutcomeFacts) -> Vec<String> {
    let found = ordered(view, outcome);
    let (Some((lowest, low)), Some((highest, high))) = (found.first(), found.last()) else {
        return Vec::new();
    };
    let measure = view.measure(outcome);
    let clusters = view.results.clusters.iter();
    let n = clusters.filter(|r| r.outcome == outcome.id && r.comparison == view.main.id).count();
    let arguments = [
        ("low", measure.effect(*low).into()),
        ("lowest", name(view, &lowest.cluster).into()),
        ("high", measure.effect(*high).into()),
        ("highest", name(view, &highest.cluster).into()),
        ("count", n.into()),
        ("effective", view.numbers.decimal(lowest.effective_clusters, 1).into()),
    ];
    let mut sentences = vec![view.words.with("influence", &arguments)];
    if *low < 0.0 && *high > 0.0 {
        sentences.push(view.words.text("influence-sign"));
    }
    sentences
}
