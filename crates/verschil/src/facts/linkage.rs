//! What the results say of linkage and of the identities between outcomes.

use std::collections::BTreeSet;

use verschil_registry::{Extract, Linkage, Rate};
use verschil_stats::grams::count;
use verschil_study::results::{
    IdentityRow, LinkFacts, LinkageBalance, LinkageKeys, LinkageRate, LinkageRow, SubgroupFacts,
};
use verschil_study::{Link, Protocol};

use super::levels::UNKNOWN;

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
    groups
        .map(|group| SubgroupFacts {
            id: group.id.clone(),
            label: group.label.clone(),
            levels: protocol.labels_of_levels(group.codelist.as_deref(), &group.levels),
        })
        .collect()
}

fn each<'a>(
    protocol: &'a Protocol,
    extract: &'a Extract,
) -> impl Iterator<Item = (&'a Link, &'a Linkage)> {
    protocol.population.links.iter().zip(&extract.told.linkage)
}

/// How many units each link found: overall, by period, by region, by delivery, by subgroup.
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
        for (dimension, delivery, rate) in deliveries(found) {
            add(&dimension, delivery, rate);
        }
        for (group, levels) in protocol.subgroups.iter().zip(&found.subgroups) {
            for (level, rate) in levels {
                add(&group.id, level.clone().unwrap_or_else(|| UNKNOWN.into()), *rate);
            }
        }
    }
    rows
}

/// Rates of each delivery before one was chosen: over all periods, and in each period that stands
/// in several; nothing where there is one delivery.
fn deliveries(found: &Linkage) -> Vec<(String, String, Rate)> {
    if found.deliveries.len() < 2 {
        return Vec::new();
    }
    let each = || found.deliveries.iter();
    let whole = each().map(|(name, periods)| {
        let sum = |of: fn(&Rate) -> u64| periods.values().map(of).sum();
        let rate = Rate { units: sum(|rate| rate.units), linked: sum(|rate| rate.linked) };
        ("delivery".to_owned(), name.clone(), rate)
    });
    let mut rates: Vec<_> = whole.collect();
    let periods: BTreeSet<i64> = each().flat_map(|(_, periods)| periods.keys().copied()).collect();
    for period in periods {
        let here = each().filter_map(|(name, rates)| Some((name, rates.get(&period)?)));
        if here.clone().count() > 1 {
            let named =
                here.map(|(name, rate)| (format!("delivery:{period}"), name.clone(), *rate));
            rates.extend(named);
        }
    }
    rates
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_are_compared_where_there_are_several() {
        let rate = |units, linked| Rate { units, linked };
        let old = [(2020, rate(10, 9)), (2021, rate(12, 6))];
        let mut found = Linkage::default();
        found.deliveries.insert("old".into(), old.into());
        assert_eq!(deliveries(&found), []);
        found.deliveries.insert("new".into(), [(2021, rate(8, 7))].into());
        let row =
            |dimension: &str, level: &str, rate| (dimension.to_owned(), level.to_owned(), rate);
        assert_eq!(
            deliveries(&found),
            [
                row("delivery", "new", rate(8, 7)),
                row("delivery", "old", rate(22, 15)),
                row("delivery:2021", "new", rate(8, 7)),
                row("delivery:2021", "old", rate(12, 6)),
            ]
        );
    }
}
