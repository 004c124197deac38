//! What the results say of linkage and of the identities between outcomes.

use verschil_registry::{Extract, Linkage, Rate};
use verschil_stats::grams::count;
use verschil_study::results::{
    IdentityRow, LinkFacts, LinkageBalance, LinkageKeys, LinkageRate, LinkageRow, SubgroupFacts,
};
use verschil_study::{Link, Protocol};

/// Level of rows without a value.
pub(super) const UNKNOWN: &str = "(missing)";

/// What was read of the base.
#[must_use]
pub fn sources(protocol: &Protocol, extract: &Extract) -> Vec<LinkageRow> {
    let base = &protocol.population.source;
    let files = extract.inputs.iter().filter(|input| input.source == *base).count();
    vec![LinkageRow {
        source: base.clone(),
        role: "base".into(),
        files: files as u64,
        rows: extract.rows,
        linked: extract.rows,
        share: (extract.rows > 0).then_some(1.0),
    }]
}

/// The links, in the order of the protocol.
#[must_use]
pub fn links(protocol: &Protocol) -> Vec<LinkFacts> {
    let links = protocol.population.links.iter();
    links
        .map(|link| LinkFacts {
            id: link.id.clone(),
            label: link.label.clone(),
            source: link.source.clone(),
        })
        .collect()
}

/// The characteristics by which linkage is reported.
#[must_use]
pub fn subgroups(protocol: &Protocol) -> Vec<SubgroupFacts> {
    let groups = protocol.subgroups.iter();
    groups.map(|g| SubgroupFacts { id: g.id.clone(), label: g.label.clone() }).collect()
}

fn each<'a>(
    protocol: &'a Protocol,
    extract: &'a Extract,
) -> impl Iterator<Item = (&'a Link, &'a Linkage)> {
    protocol.population.links.iter().zip(&extract.told.linkage)
}

/// How many units each link found: overall, by period, by region, by subgroup.
#[must_use]
pub fn rates(protocol: &Protocol, extract: &Extract) -> Vec<LinkageRate> {
    let mut rows = Vec::new();
    for (link, found) in each(protocol, extract) {
        let mut add = |dimension: &str, level: String, rate: Rate| {
            rows.push(LinkageRate {
                link: link.id.clone(),
                dimension: dimension.to_owned(),
                level,
                units: rate.units,
                linked: rate.linked,
                share: share(rate.linked, rate.units),
            });
        };
        add("all", String::new(), found.all);
        for (period, rate) in &found.periods {
            add("period", period.to_string(), *rate);
        }
        for (region, rate) in &found.regions {
            add("region", region.clone(), *rate);
        }
        for (group, levels) in protocol.subgroups.iter().zip(&found.subgroups) {
            for (level, rate) in levels {
                add(&group.id, level.clone().unwrap_or_else(|| UNKNOWN.into()), *rate);
            }
        }
    }
    rows
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| count(part) / count(whole))
}

/// Shares of each level among linked and unlinked units, with the standardised difference of two
/// shares: their difference over the root of the mean of p(1 - p).
#[must_use]
pub fn balance(protocol: &Protocol, extract: &Extract) -> Vec<LinkageBalance> {
    let mut rows = Vec::new();
    for (link, found) in each(protocol, extract) {
        let (linked, unlinked) = (found.all.linked, found.all.units - found.all.linked);
        for (group, levels) in protocol.subgroups.iter().zip(&found.subgroups) {
            for (level, rate) in levels {
                let with = share(rate.linked, linked);
                let without = share(rate.units - rate.linked, unlinked);
                rows.push(LinkageBalance {
                    link: link.id.clone(),
                    variable: group.id.clone(),
                    level: level.clone().unwrap_or_else(|| UNKNOWN.into()),
                    linked: with,
                    unlinked: without,
                    smd: with.zip(without).and_then(|(a, b)| standardised(a, b)),
                });
            }
        }
    }
    rows
}

fn standardised(a: f64, b: f64) -> Option<f64> {
    let spread = f64::midpoint(a * (1.0 - a), b * (1.0 - b)).sqrt();
    (spread > 0.0).then(|| (a - b) / spread)
}

/// Keys that identify nobody, or more than one.
#[must_use]
pub fn keys(protocol: &Protocol, extract: &Extract) -> Vec<LinkageKeys> {
    each(protocol, extract)
        .zip(&extract.keys)
        .map(|((link, found), keys)| LinkageKeys {
            link: link.id.clone(),
            without_key: found.without_key,
            duplicate_keys: keys.duplicate,
            conflicting_keys: keys.conflicting,
        })
        .collect()
}

/// What must hold between outcomes, and how often it did not.
#[must_use]
pub fn identities(protocol: &Protocol, extract: &Extract) -> Vec<IdentityRow> {
    let identities = protocol.identities.iter().zip(&extract.told.identities);
    identities
        .map(|(identity, checked)| IdentityRow {
            id: identity.id.clone(),
            label: identity.label.clone(),
            checked: checked.rows,
            broken: checked.broken,
        })
        .collect()
}
