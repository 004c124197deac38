//! Three links: rates, keys, and the linked against the others.

use std::collections::BTreeMap;

use verschil_study::results::{
    LinkFacts, LinkageBalance, LinkageKeys, LinkageRate, LinkageRow, Results, SubgroupFacts, Text,
};

use crate::fixture::{noise, text};

const SUBGROUPS: [(&str, &[&str]); 4] = [
    ("vintage", &["2000-2021", "2021-2022"]),
    ("parity", &["0", "1", "2+"]),
    ("first_visit", &["<10", "10-13", "14+", ""]),
    ("start", &["1", "2"]),
];

pub fn add(results: &mut Results) {
    let link = |id: &str, nl: &str, en: &str, source: &str| LinkFacts {
        id: id.to_owned(),
        label: text(nl, en),
        source: source.to_owned(),
    };
    results.links = vec![
        link("person", "de persoonsregistratie", "the person registry", "persons"),
        link("trajectory", "de zorgtrajecten", "the care trajectories", "trajectories"),
        link("claims", "de declaraties", "the claims", "claims"),
    ];
    let labels = [
        ("vintage", "levering", "delivery"),
        ("parity", "pariteit", "parity"),
        ("first_visit", "week van het eerste bezoek", "week of the first visit"),
        (
            "start",
            "lijn aan het begin van de zwangerschap",
            "line of care at the start of pregnancy",
        ),
    ];
    results.subgroups = labels
        .map(|(id, nl, en)| SubgroupFacts {
            id: id.to_owned(),
            label: text(nl, en),
            levels: levels(id),
        })
        .to_vec();
    results.linkage = vec![
        source("births", "base", 2_431_880, 2_431_880),
        source("persons", "linked", 2_390_674, 2_329_371),
        source("claims", "linked", 30_117_204, 27_301_118),
    ];
    for (k, (id, base)) in
        [("person", 0.974), ("trajectory", 0.951), ("claims", 0.939)].iter().enumerate()
    {
        rates(results, k as u64, id, *base);
        balance(results, k as u64, id);
        results.linkage_keys.push(LinkageKeys {
            link: (*id).to_owned(),
            without_key: [21_804, 0, 0][k],
            duplicate_keys: [312, 0, 4_102][k],
            conflicting_keys: [87, 1, 0][k],
        });
    }
}

/// Labels of the levels of one subgroup; the others show their levels as they are.
fn levels(subgroup: &str) -> BTreeMap<String, Text> {
    let lines = [("1", "eerste lijn", "primary care"), ("2", "tweede lijn", "secondary care")];
    let named = lines.iter().filter(|_| subgroup == "start");
    named.map(|(level, nl, en)| ((*level).to_owned(), text(nl, en))).collect()
}

fn source(name: &str, role: &str, rows: u64, linked: u64) -> LinkageRow {
    LinkageRow {
        source: name.to_owned(),
        role: role.to_owned(),
        files: 14,
        rows,
        linked,
        share: Some(linked as f64 / rows as f64),
    }
}

fn rates(results: &mut Results, k: u64, link: &str, base: f64) {
    let mut add = |dimension: &str, level: &str, units: u64, share: f64| {
        let linked = (units as f64 * share).round() as u64;
        results.linkage_rates.push(LinkageRate {
            link: link.to_owned(),
            dimension: dimension.to_owned(),
            level: level.to_owned(),
            units,
            linked,
            share: Some(linked as f64 / units as f64),
        });
    };
    add("all", "", 2_390_674, base);
    for year in 2008..=2021_u64 {
        let late = if year == 2021 { -0.03 } else { 0.0 };
        add("period", &year.to_string(), 170_000, base + late + 0.006 * noise(k, year));
    }
    for (n, code) in super::regions::codes().iter().enumerate() {
        add("region", code, 28_000, base + 0.02 * noise(k + 40, n as u64));
    }
    for (g, (id, levels)) in SUBGROUPS.iter().enumerate() {
        for (n, level) in levels.iter().enumerate() {
            add(id, level, 500_000, base + 0.02 * noise(k + 9, (g * 10 + n) as u64));
        }
    }
}

fn balance(results: &mut Results, k: u64, link: &str) {
    for (g, (id, levels)) in SUBGROUPS.iter().enumerate() {
        for (n, level) in levels.iter().enumerate() {
            let smd = 0.16 * noise(k + 21, (g * 10 + n) as u64);
            results.linkage_balance.push(LinkageBalance {
                link: link.to_owned(),
                variable: (*id).to_owned(),
                level: (*level).to_owned(),
                linked: Some(0.31),
                unlinked: Some(0.31 - smd / 2.0),
                smd: Some(smd),
            });
        }
    }
}
