//! What is wrong with the input of a matching, all at once.

use std::collections::HashSet;

use super::{Controls, MatchInput, MatchOptions, MatchRefusal};

/// Checks everything that can be seen before a distance is measured.
pub fn check(input: &MatchInput, options: &MatchOptions) -> Result<(), Vec<MatchRefusal>> {
    let (n, q) = (input.units.len(), input.names.len());
    assert_eq!(input.characteristics.len(), n * q, "a value per unit and characteristic");
    assert!(input.exact.iter().all(|class| class.labels.len() == n), "a label per unit");
    let mut refusals = Vec::new();
    if input.treated.is_empty() {
        refusals.push(MatchRefusal::NoTreated);
    }
    if input.pool.is_empty() {
        refusals.push(MatchRefusal::NoPool);
    }
    if q == 0 {
        refusals.push(MatchRefusal::NoCharacteristic);
    }
    if matches!(options.controls, Controls::Total(0) | Controls::PerTreated(0)) {
        refusals.push(MatchRefusal::NoControlsAsked);
    }
    // a caliper that is not a number is not above zero either
    if let Some(caliper) = options.caliper.filter(|caliper| caliper.is_nan() || *caliper <= 0.0) {
        refusals.push(MatchRefusal::BadCaliper { caliper });
    }
    refusals.extend(units(input));
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn units(input: &MatchInput) -> Vec<MatchRefusal> {
    let mut refusals = Vec::new();
    let mut seen = HashSet::new();
    let q = input.names.len();
    for &at in input.treated.iter().chain(&input.pool) {
        let unit = &input.units[at];
        if !seen.insert(unit) {
            refusals.push(MatchRefusal::Twice { unit: unit.clone() });
            continue;
        }
        let values = input.characteristics[at * q..(at + 1) * q].iter();
        let unknown = input.names.iter().zip(values).filter(|(_, value)| !value.is_finite());
        let labels = input.exact.iter().filter(|class| class.labels[at].is_none());
        for name in unknown.map(|(name, _)| name).chain(labels.map(|class| &class.name)) {
            refusals.push(MatchRefusal::MissingValue {
                unit: unit.clone(),
                characteristic: name.clone(),
            });
        }
    }
    refusals
}
