//! What the results say of regions: where they are, what they are like, how controls were chosen.

use std::collections::BTreeSet;

use verschil_registry::Extract;
use verschil_stats::grams::{Grams, Slice};
use verschil_stats::matching::balance::{Group, Standard, compare};
use verschil_stats::matching::{Pair, Why};
use verschil_study::results::{
    BalanceRow, CharacteristicFacts, CharacteristicRow, MatchingFacts, MatchingRow, RegionRow,
    Text, TrajectoryRow,
};
use verschil_study::{Matching, Protocol};

use crate::layout::Layout;
use crate::regions::{Characteristics, Chosen, Window};

/// The name of a region: the protocol's, else the register's, else its code.
pub(super) fn label(protocol: &Protocol, extract: &Extract, code: &str) -> Text {
    let registered = || extract.register.iter().find(|region| region.code == code);
    let names = &protocol.region.names;
    names.get(code).cloned().or_else(|| Some(registered()?.name.clone())).unwrap_or_else(|| {
        Text(["nl", "en"].iter().map(|l| ((*l).to_owned(), code.to_owned())).collect())
    })
}

fn units(grams: &Grams, region: usize, periods: &[usize]) -> f64 {
    let here = |s: &&Slice| s.region == region && periods.binary_search(&s.period).is_ok();
    grams.slices.iter().filter(here).map(|slice| grams.units(slice, 0)).sum()
}

/// Every region of the data and of the register: treated, control of the main comparison, another,
/// or excluded.
#[must_use]
pub fn regions(protocol: &Protocol, extract: &Extract, layout: &Layout) -> Vec<RegionRow> {
    let grams = &extract.grams;
    let main = protocol.comparisons.iter().position(|c| c.main).unwrap_or_default();
    let all: Vec<usize> = (0..grams.periods.len()).collect();
    let registered = extract.register.iter().map(|region| region.code.as_str());
    let gone = extract.told.gone.iter().map(|gone| gone.region.as_str());
    let codes: BTreeSet<&str> =
        grams.regions.iter().map(String::as_str).chain(registered).chain(gone).collect();
    let row = |code: &str| {
        let centre = extract.register.iter().find(|r| r.code == code).and_then(|r| r.centre);
        let region = grams.region(code);
        let gone = extract.told.gone.iter().find(|gone| gone.region == code);
        let role = match region {
            Some(region) if layout.treated.contains(&region) => "treated",
            Some(region) if layout.controls[main].contains(&region) => "control",
            Some(_) => "other",
            None => "excluded",
        };
        RegionRow {
            code: code.to_owned(),
            label: label(protocol, extract, code),
            role: role.into(),
            reason: gone.map(|gone| gone.exclusion.clone()).unwrap_or_default(),
            x: centre.map(|(x, _)| x),
            y: centre.map(|(_, y)| y),
            units: region.map_or(0.0, |region| units(grams, region, &all)),
        }
    };
    codes.into_iter().map(row).collect()
}

/// Which regions stand in which comparison, and why.
#[must_use]
pub fn matching(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<MatchingRow> {
    let found = if protocol.treatment.condition.is_some() { "condition" } else { "listed" };
    let mut rows = Vec::new();
    for (at, comparison) in protocol.comparisons.iter().enumerate() {
        let rule = match (&comparison.matching, &comparison.regions) {
            (Some(_), _) => "matched",
            (None, Some(_)) => "listed",
            (None, None) => "untreated",
        };
        let treated = layout.treated.iter().map(|&region| (region, "treated", found));
        let controls = layout.controls[at].iter().map(|&region| (region, "control", rule));
        for (region, role, rule) in treated.chain(controls) {
            let code = &grams.regions[region];
            let row = MatchingRow {
                comparison: comparison.id.clone(),
                region: code.clone(),
                role: role.into(),
                rule: rule.into(),
                cluster: grams.clusters[grams.cluster_of[region]].clone(),
                units_pre: units(grams, region, &layout.pre),
                units_post: units(grams, region, &layout.post),
                ..MatchingRow::default()
            };
            rows.push(match &layout.chosen[at] {
                Some(chosen) if role == "control" => with_reason(row, chosen),
                _ => row,
            });
        }
    }
    rows
}

/// The row with the treated region that a control serves, and why it was chosen.
fn with_reason(row: MatchingRow, chosen: &Chosen) -> MatchingRow {
    let names = &chosen.input.units;
    let serves = |pair: &&Pair| names[pair.control] == row.region;
    let Some(pair) = chosen.matched.pairs.iter().find(serves) else { return row };
    let uses = chosen.matched.pairs.iter().filter(serves).count();
    MatchingRow {
        matched_to: names[pair.treated].clone(),
        distance: Some(pair.distance),
        order: Some(pair.order as u64),
        note: reason(&pair.why, names, uses),
        ..row
    }
}

/// Codes of why a control was chosen; the report's words follow them.
fn reason(why: &Why, names: &[String], uses: usize) -> String {
    let mut parts = Vec::new();
    if let Some(next) = &why.next {
        let what = if why.tie { "tie" } else { "next" };
        let distance = if why.tie { String::new() } else { format!(" {}", next.distance) };
        parts.push(format!("{what}: {}{distance}", names[next.unit]));
    }
    let numbers =
        [("class", why.other_class.len()), ("caliper", why.beyond_caliper), ("weight", uses)];
    for (what, number) in numbers {
        // every control is chosen once
        if number > usize::from(what == "weight") {
            parts.push(format!("{what}: {number}"));
        }
    }
    parts.join("; ")
}

/// How controls were chosen, for each comparison that chose them.
#[must_use]
pub fn matching_facts(protocol: &Protocol, layout: &Layout) -> Vec<MatchingFacts> {
    let comparisons = protocol.comparisons.iter().enumerate();
    comparisons
        .filter_map(|(at, comparison)| {
            let (matching, chosen) = (comparison.matching.as_ref()?, layout.chosen[at].as_ref()?);
            Some(MatchingFacts {
                comparison: comparison.id.clone(),
                characteristics: characteristic_facts(protocol, matching),
                exact: matching.exact.clone(),
                window: matching.window,
                distance: matching.distance.as_str().to_owned(),
                method: matching.method.as_str().to_owned(),
                replacement: matching.replacement,
                caliper: matching.caliper,
                candidates: chosen.input.pool.len() as u64,
                controls: layout.controls[at].len() as u64,
            })
        })
        .collect()
}

fn characteristic_facts(protocol: &Protocol, matching: &Matching) -> Vec<CharacteristicFacts> {
    let named = |id: &String| protocol.characteristics.iter().find(|c| c.id == *id);
    let ids = matching.on.iter().chain(&matching.exact);
    ids.filter_map(named)
        .map(|c| CharacteristicFacts {
            id: c.id.clone(),
            label: c.label.clone(),
            decimals: c.decimals,
        })
        .collect()
}

/// The window of the main comparison's matching, or of the first that has one, or all periods
/// before the start.
fn window(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Window {
    let first = protocol.comparisons.iter().find_map(|comparison| comparison.matching.as_ref());
    let matching = protocol.main_comparison().matching.as_ref().or(first);
    let period = |t: Option<&usize>| t.map_or(0, |&t| grams.periods[t]);
    matching.map_or_else(
        || (period(layout.pre.first()), period(layout.pre.last())),
        |matching| matching.window,
    )
}

/// Each region's characteristics over the window of the matching.
#[must_use]
pub fn characteristics(
    protocol: &Protocol,
    extract: &Extract,
    layout: &Layout,
) -> Vec<CharacteristicRow> {
    let all = Characteristics::new(protocol, extract);
    let window = window(protocol, &extract.grams, layout);
    let mut rows = Vec::new();
    for (at, characteristic) in protocol.characteristics.iter().enumerate() {
        for region in &extract.grams.regions {
            rows.push(CharacteristicRow {
                region: region.clone(),
                characteristic: characteristic.id.clone(),
                value: all.value(at, &[region], window),
            });
        }
    }
    rows
}

/// Characteristics of both arms of each comparison over time.
#[must_use]
pub fn trajectories(protocol: &Protocol, extract: &Extract, layout: &Layout) -> Vec<TrajectoryRow> {
    let all = Characteristics::new(protocol, extract);
    let grams = &extract.grams;
    let mut rows = Vec::new();
    for (at, characteristic) in protocol.characteristics.iter().enumerate() {
        for (number, comparison) in protocol.comparisons.iter().enumerate() {
            let arms = [("treated", &layout.treated), ("control", &layout.controls[number])];
            for (arm, regions) in arms {
                let codes: Vec<&str> =
                    regions.iter().map(|&region| grams.regions[region].as_str()).collect();
                for &period in &grams.periods {
                    rows.push(TrajectoryRow {
                        characteristic: characteristic.id.clone(),
                        comparison: comparison.id.clone(),
                        arm: arm.into(),
                        period,
                        mean: all.value(at, &codes, (period, period)),
                    });
                }
            }
        }
    }
    rows
}

/// Differences in characteristics between regions, with all candidates and with the chosen ones,
/// in the standard deviations before matching.
#[must_use]
pub fn region_balance(protocol: &Protocol, extract: &Extract, layout: &Layout) -> Vec<BalanceRow> {
    let all = Characteristics::new(protocol, extract);
    let mut rows = Vec::new();
    for (number, comparison) in protocol.comparisons.iter().enumerate() {
        let (Some(matching), Some(chosen)) = (&comparison.matching, &layout.chosen[number]) else {
            continue;
        };
        let units = &chosen.input.units;
        for (at, characteristic) in protocol.characteristics.iter().enumerate() {
            let values = |positions: &mut dyn Iterator<Item = usize>| {
                let known = positions
                    .filter_map(|unit| all.value(at, &[units[unit].as_str()], matching.window));
                Group::of(known.collect())
            };
            let treated = values(&mut chosen.input.treated.iter().copied());
            let pool = values(&mut chosen.input.pool.iter().copied());
            let controls = values(&mut chosen.matched.weights().into_iter().map(|(unit, _)| unit));
            let (before, after) =
                compare((&treated, &pool), (&treated, &controls), Standard::Pooled);
            for (stage, found) in [("before", before), ("after", after)] {
                rows.push(BalanceRow {
                    comparison: comparison.id.clone(),
                    variable: characteristic.id.clone(),
                    treated: found.treated,
                    control: found.control,
                    smd: found.smd,
                    unit: "region".into(),
                    stage: stage.into(),
                    ..BalanceRow::default()
                });
            }
        }
    }
    rows
}
