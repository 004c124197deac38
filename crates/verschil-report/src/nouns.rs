//! What regions, periods and clusters are called in a study.

use verschil_study::results::DesignFacts;

use crate::words::Words;

/// Words that every text may use: `$region`, `$regions`, `$period` and `$cluster`.
pub(crate) fn named(words: Words, design: &DesignFacts, language: &str) -> Words {
    let region = regions(&words, design, language, 1);
    let several = regions(&words, design, language, 2);
    let period = match design.period_label.get(language) {
        "" => words.text("period-noun"),
        label => label.to_owned(),
    };
    let cluster =
        if design.cluster_is_region { region.clone() } else { words.text("cluster-noun") };
    words.naming(vec![
        ("region", region.into()),
        ("regions", several.into()),
        ("period", period.into()),
        ("cluster", cluster.into()),
    ])
}

/// "state" for one, "states" for any other number.
pub(crate) fn regions(words: &Words, design: &DesignFacts, language: &str, count: usize) -> String {
    let label = if count == 1 { &design.region_label } else { &design.regions_label };
    match label.get(language) {
        "" => words.with("region-noun", &[("n", count.into())]),
        label => label.to_owned(),
    }
}
