//! Dutch municipalities with an invented treatment, matched by MatchIt.

use std::collections::BTreeSet;

use serde_json::Value;
use verschil_stats::matching::balance::{Balance, Group, Standard, compare, pair_distance};
use verschil_stats::matching::{
    Controls, Distance, ExactClass, MatchInput, MatchOptions, Matched, Method, Order, choose,
};

use crate::ledger::Ledger;
use crate::table::Table;

/// A sum of some hundred shares differs in its last digits by the order of its terms; the
/// references lie between 0.001 and 3.
const AGREE: f64 = 1e-9;

pub fn all(ledger: &mut Ledger) {
    let reference = ledger.reference("nl_municipality_matching");
    for (case, each, replacement, exact) in [
        ("mahalanobis_ratio1_replaceFALSE", 1, false, false),
        ("mahalanobis_ratio1_replaceTRUE", 1, true, false),
        ("mahalanobis_ratio3_replaceFALSE", 3, false, false),
        ("mahalanobis_ratio3_replaceTRUE", 3, true, false),
        ("mahalanobis_exact_sted_ratio2", 2, false, true),
    ] {
        let reference = &reference[case];
        let covariates = names(&reference["balance"]["sum_all"]["rownames"]);
        let input = municipalities(ledger, &covariates, exact);
        assert_eq!(input.units.len(), 388);
        let options = MatchOptions {
            distance: Distance::Mahalanobis,
            method: Method::Nearest,
            controls: Controls::PerTreated(each),
            replacement,
            caliper: None,
            order: Order::Given,
        };
        let matched = choose(&input, &options).expect("enough controls");
        same_pairs(&input, &matched, &reference["match_matrix"]);
        if let Some(weights) = reference["weights"].as_object() {
            same_weights(ledger, case, &input, &matched, weights);
        }
        same_balance(ledger, case, &input, &matched, &reference["balance"]);
    }
}

fn names(list: &Value) -> Vec<String> {
    let text = |name: &Value| name.as_str().expect("a name").to_owned();
    // `sted` is reported in the balance, but is no part of the distance
    list.as_array().expect("a list").iter().map(text).filter(|name| name != "sted").collect()
}

/// Municipalities with inhabitants, by code; every thirtieth from the fifth is treated.
fn municipalities(ledger: &Ledger, covariates: &[String], exact: bool) -> MatchInput {
    let path = ledger.shared.join("data/nl_municipality_2017/kerncijfers_gemeente_2017.csv");
    let table = Table::read(&path).keep(|get| {
        get("aant_inw").is_some_and(|n| n > 0.0) && covariates.iter().all(|c| get(c).is_some())
    });
    let mut rows: Vec<usize> = (0..table.len()).collect();
    rows.sort_by_key(|&row| table.text(row, "id"));
    let value = |row: usize, name: &String| table.number(row, name).expect("complete");
    let exact = exact.then(|| ExactClass {
        name: "sted".into(),
        labels: rows.iter().map(|&row| Some(table.text(row, "sted").to_owned())).collect(),
    });
    let (treated, pool) = (0..rows.len()).partition(|at| at % 30 == 4);
    MatchInput {
        units: rows.iter().map(|&row| table.text(row, "id").to_owned()).collect(),
        treated,
        pool,
        names: covariates.to_vec(),
        characteristics: rows
            .iter()
            .flat_map(|&row| covariates.iter().map(move |name| value(row, name)))
            .collect(),
        exact: exact.into_iter().collect(),
    }
}

/// The same controls for each treated unit, in the same order.
fn same_pairs(input: &MatchInput, matched: &Matched, reference: &Value) {
    let reference = reference.as_object().expect("an object");
    assert_eq!(reference.len(), input.treated.len());
    for &treated in &input.treated {
        let code = &input.units[treated];
        let ours: Vec<&str> = matched
            .pairs
            .iter()
            .filter(|pair| pair.treated == treated)
            .map(|pair| input.units[pair.control].as_str())
            .collect();
        let theirs: Vec<&str> = match &reference[code] {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::Object(one) => one.values().filter_map(Value::as_str).collect(),
            other => panic!("{code}: {other}"),
        };
        assert_eq!(ours, theirs, "{code}");
    }
}

/// MatchIt gives a control the sum over its treated units of 1 / their number of controls, scaled
/// to the number of controls; with equally many controls for each that is how often it serves.
fn same_weights(
    ledger: &mut Ledger,
    case: &str,
    input: &MatchInput,
    matched: &Matched,
    reference: &serde_json::Map<String, Value>,
) {
    let ours = matched.weights();
    let codes: BTreeSet<&str> = ours
        .iter()
        .map(|(unit, _)| *unit)
        .chain(input.treated.iter().copied())
        .map(|unit| input.units[unit].as_str())
        .collect();
    assert_eq!(codes, reference.keys().map(String::as_str).collect());
    let units: f64 = ours.iter().map(|(_, weight)| weight).sum();
    let theirs: f64 = ours.iter().filter_map(|(u, _)| reference[&input.units[*u]].as_f64()).sum();
    for (unit, weight) in ours {
        let case = format!("{case} weight {}", input.units[unit]);
        ledger.agree(&case, weight / units * theirs, &reference[&input.units[unit]], AGREE);
    }
}

fn same_balance(
    ledger: &mut Ledger,
    case: &str,
    input: &MatchInput,
    matched: &Matched,
    reference: &Value,
) {
    let q = input.names.len();
    for (j, name) in input.names.iter().enumerate() {
        let value = |unit: usize| input.characteristics[unit * q + j];
        let group = |units: &[usize]| Group::of(units.iter().map(|&unit| value(unit)).collect());
        let (treated, pool) = (group(&input.treated), group(&input.pool));
        let (units, weights): (Vec<usize>, Vec<f64>) = matched.weights().into_iter().unzip();
        let controls = Group { values: group(&units).values, weights };
        let all = (&treated, &pool);
        let (before, after) = compare(all, (&treated, &controls), Standard::Treated);
        let pairs: Vec<(f64, f64)> =
            matched.pairs.iter().map(|pair| (value(pair.treated), value(pair.control))).collect();
        let within = pair_distance(&pairs, all, Standard::Treated);
        for (stage, ours, within) in [("all", before, None), ("matched", after, within)] {
            let theirs = &reference[format!("sum_{stage}")];
            let case = format!("{case} {stage} {name}");
            columns(ledger, &case, &ours, within, &theirs["values"][j]);
        }
    }
}

fn columns(ledger: &mut Ledger, case: &str, ours: &Balance, within: Option<f64>, theirs: &Value) {
    for (column, (what, ours)) in [
        ("treated", ours.treated),
        ("control", ours.control),
        ("smd", ours.smd),
        ("ratio", ours.variance_ratio),
        ("ecdf mean", ours.ecdf_mean),
        ("ecdf max", ours.ecdf_max),
        ("pairs", within),
    ]
    .into_iter()
    .enumerate()
    {
        let theirs = &theirs[column];
        assert_eq!(ours.is_some(), theirs.is_number(), "{case} {what}");
        if let Some(ours) = ours {
            ledger.agree(&format!("{case} {what}"), ours, theirs, AGREE);
        }
    }
}
