//! What the results say of the weights by which linked units stand for all eligible ones.

use verschil_registry::{Extract, Stratum};
use verschil_stats::grams::count;
use verschil_stats::strata::spread;
use verschil_study::Protocol;
use verschil_study::results::{Finding, LinkageWeightFacts, LinkageWeightRow};

use super::levels::UNKNOWN;

/// The stratum that has dropped every dimension.
const ALL: &str = "all";

/// The strata, where the protocol asks for weights.
#[must_use]
pub fn strata(protocol: &Protocol, extract: &Extract) -> Vec<LinkageWeightRow> {
    let Some((weights, reweighted)) =
        protocol.linkage_weights.as_ref().zip(extract.reweighted.as_ref())
    else {
        return Vec::new();
    };
    let named = |levels: &Vec<Option<String>>| -> Vec<String> {
        let level = |(by, level): (&String, &Option<String>)| {
            format!("{by}={}", level.as_deref().unwrap_or(UNKNOWN))
        };
        weights.by.iter().zip(levels).map(level).collect()
    };
    let row = |stratum: &Stratum| LinkageWeightRow {
        stratum: if stratum.levels.is_empty() {
            vec![ALL.to_owned()]
        } else {
            named(&stratum.levels)
        },
        merged_from: if merged(stratum) {
            stratum.crossings.iter().map(named).collect()
        } else {
            Vec::new()
        },
        eligible: stratum.eligible,
        linked: stratum.linked,
        rate: (stratum.eligible > 0).then(|| count(stratum.linked) / count(stratum.eligible)),
        weight: stratum.weight,
        trimmed: stratum.trimmed,
        units: stratum.rows,
    };
    reweighted.strata.iter().map(row).collect()
}

/// Whether a stratum has dropped a dimension.
fn merged(stratum: &Stratum) -> bool {
    stratum.crossings.iter().any(|crossing| crossing.len() > stratum.levels.len())
}

/// How the weights were made, and how they are spread.
#[must_use]
pub fn facts(protocol: &Protocol, extract: &Extract) -> Option<LinkageWeightFacts> {
    let weights = protocol.linkage_weights.as_ref()?;
    let found = extract.reweighted.as_ref()?;
    let total = |of: fn(&Stratum) -> u64, which: fn(&Stratum) -> bool| -> u64 {
        found.strata.iter().filter(|stratum| which(stratum)).map(of).sum()
    };
    let every = |_: &Stratum| true;
    let nobody = |stratum: &Stratum| stratum.weight.is_none();
    let weighted: Vec<(f64, u64)> =
        found.strata.iter().filter_map(|stratum| Some((stratum.weight?, stratum.rows))).collect();
    let spread = spread(&weighted);
    Some(LinkageWeightFacts {
        links: weights.links.clone(),
        by: weights.by.clone(),
        min_stratum: weights.min_stratum,
        max_weight: weights.max_weight,
        strata: total(|_| 1, every),
        merged: total(|_| 1, merged),
        eligible: total(|stratum| stratum.eligible, every),
        linked: total(|stratum| stratum.linked, every),
        units: total(|stratum| stratum.rows, every),
        smallest: spread.map(|spread| spread.smallest),
        median: spread.map(|spread| spread.median),
        largest: spread.map(|spread| spread.largest),
        effective: spread.map(|spread| spread.effective),
        trimmed: total(|_| 1, |stratum| stratum.trimmed),
        trimmed_units: total(|stratum| stratum.rows, |stratum| stratum.trimmed),
        unrepresented: total(|_| 1, nobody),
        unrepresented_units: total(|stratum| stratum.eligible, nobody),
        unlinked: found.unlinked,
    })
}

/// Units for whom nobody stands, and units that have no weight.
#[must_use]
pub fn findings(protocol: &Protocol, extract: &Extract) -> Vec<Finding> {
    let Some(facts) = facts(protocol, extract) else {
        return Vec::new();
    };
    let LinkageWeightFacts { unrepresented, unrepresented_units, unlinked, .. } = facts;
    let finding = |id: &str, units: u64, message: String| Finding {
        id: id.to_owned(),
        verdict: "caution".into(),
        comparison: protocol.main_comparison().id.clone(),
        statistic: Some(count(units)),
        message,
        ..Finding::default()
    };
    let nobody = format!(
        "nobody is linked in {unrepresented} strata with {unrepresented_units} eligible units: \
         no weight can let others stand for them"
    );
    let without = format!(
        "{unlinked} units of the population lack a link: the weighted analysis leaves them out"
    );
    [
        ("linkage_weights_nobody", unrepresented_units, nobody),
        ("linkage_weights_unlinked", unlinked, without),
    ]
    .into_iter()
    .filter(|(_, units, _)| *units > 0)
    .map(|(id, units, message)| finding(id, units, message))
    .collect()
}
