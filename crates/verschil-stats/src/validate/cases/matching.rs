//! Dutch municipalities with an invented treatment, matched by MatchIt.

use std::collections::BTreeMap;

use crate::grams::count;
use crate::matching::balance::{Balance, Group, Standard, compare, pair_distance};
use crate::matching::{
    Controls, Distance, ExactClass, MatchInput, MatchOptions, MatchRefusal, Matched, Method, Order,
    choose,
};
use crate::validate::files::Node;
use crate::validate::{Fault, Files, Ledger};

pub(crate) const DATA: &str = "data/nl_municipality_2017/kerncijfers_gemeente_2017.csv";

/// A sum of some hundred shares differs in its last digits by the order of its terms; the
/// references lie between 0.001 and 3.
const AGREE: f64 = 1e-9;

pub(crate) fn all(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("nl_municipality_matching")?;
    for (key, each, replacement, exact) in [
        ("mahalanobis_ratio1_replaceFALSE", 1, false, false),
        ("mahalanobis_ratio1_replaceTRUE", 1, true, false),
        ("mahalanobis_ratio3_replaceFALSE", 3, false, false),
        ("mahalanobis_ratio3_replaceTRUE", 3, true, false),
        ("mahalanobis_exact_sted_ratio2", 2, false, true),
    ] {
        let theirs = reference.get(key)?;
        let mut covariates = theirs.down(&["balance", "sum_all", "rownames"])?.texts()?;
        // reported in the balance, but no part of the distance
        covariates.retain(|name| name != "sted");
        let input = municipalities(files, &covariates, exact)?;
        let units = count(input.units.len() as u64);
        ledger.agree(format!("{key} units"), units, reference.number_at(&["n"])?, 0.0);
        let options = MatchOptions {
            distance: Distance::Mahalanobis,
            method: Method::Nearest,
            controls: Controls::PerTreated(each),
            replacement,
            caliper: None,
            order: Order::Given,
        };
        let matched =
            choose(&input, &options).map_err(|refusals| Fault::Unmatched(sentences(&refusals)))?;
        same_pairs(ledger, key, &input, &matched, &theirs.get("match_matrix")?)?;
        if !exact {
            same_weights(ledger, key, &input, &matched, &theirs.get("weights")?)?;
        }
        same_balance(ledger, key, &input, &matched, &theirs.get("balance")?)?;
    }
    Ok(())
}

fn sentences(refusals: &[MatchRefusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Municipalities with inhabitants, by code; every thirtieth from the fifth is treated.
fn municipalities(files: &Files, covariates: &[String], exact: bool) -> Result<MatchInput, Fault> {
    let table = files.table(DATA)?;
    let inhabitants = table.column("aant_inw")?;
    let columns: Result<Vec<_>, _> = covariates.iter().map(|name| table.column(name)).collect();
    let columns = columns?;
    let table = table.keep("municipalities with inhabitants", |row| {
        inhabitants[row].is_some_and(|n| n > 0.0) && columns.iter().all(|c| c[row].is_some())
    })?;
    let (codes, urban) = (table.texts("id")?, table.texts("sted")?);
    let mut rows: Vec<usize> = (0..table.len()).collect();
    rows.sort_by_key(|&row| codes[row]);
    let columns: Result<Vec<_>, _> = covariates.iter().map(|name| table.numbers(name)).collect();
    let columns = columns?;
    let exact = exact.then(|| ExactClass {
        name: "sted".into(),
        labels: rows.iter().map(|&row| Some(urban[row].to_owned())).collect(),
    });
    let (treated, pool) = (0..rows.len()).partition(|at| at % 30 == 4);
    Ok(MatchInput {
        units: rows.iter().map(|&row| codes[row].to_owned()).collect(),
        treated,
        pool,
        names: covariates.to_vec(),
        characteristics: rows
            .iter()
            .flat_map(|&row| columns.iter().map(move |column| column[row]))
            .collect(),
        exact: exact.into_iter().collect(),
    })
}

/// The same controls for each treated unit, in the same order.
fn same_pairs(
    ledger: &mut Ledger,
    key: &str,
    input: &MatchInput,
    matched: &Matched,
    reference: &Node,
) -> Result<(), Fault> {
    let mut same = 0;
    for &treated in &input.treated {
        let ours: Vec<&str> = matched
            .pairs
            .iter()
            .filter(|pair| pair.treated == treated)
            .map(|pair| input.units[pair.control].as_str())
            .collect();
        let mut theirs = Vec::new();
        for (_, control) in reference.get(&input.units[treated])?.entries()? {
            if control.is_text() {
                theirs.push(control.text()?);
            }
        }
        same += u64::from(ours == theirs);
    }
    let label = format!("{key} treated with the same controls");
    ledger.agree(label, count(same), count(reference.entries()?.len() as u64), 0.0);
    Ok(())
}

/// MatchIt gives a control the sum over its treated units of 1 / their number of controls, scaled
/// to the number of controls; with equally many controls for each that is how often it serves.
fn same_weights(
    ledger: &mut Ledger,
    key: &str,
    input: &MatchInput,
    matched: &Matched,
    reference: &Node,
) -> Result<(), Fault> {
    let ours = matched.weights();
    let mut theirs = BTreeMap::new();
    for (code, weight) in reference.entries()? {
        theirs.insert(code, weight.number()?);
    }
    let units = count((ours.len() + input.treated.len()) as u64);
    ledger.agree(format!("{key} units with a weight"), units, count(theirs.len() as u64), 0.0);
    let weight_of = |unit: usize| theirs.get(&input.units[unit]).copied().unwrap_or(0.0);
    let ours_all: f64 = ours.iter().map(|(_, weight)| weight).sum();
    let theirs_all: f64 = ours.iter().map(|(unit, _)| weight_of(*unit)).sum();
    for (unit, weight) in ours {
        ledger
            .agree(
                format!("{key} weight of {}", input.units[unit]),
                weight / ours_all * theirs_all,
                weight_of(unit),
                AGREE,
            )
            .because("their weights are scaled to the number of controls; ours are shares");
    }
    Ok(())
}

fn same_balance(
    ledger: &mut Ledger,
    key: &str,
    input: &MatchInput,
    matched: &Matched,
    reference: &Node,
) -> Result<(), Fault> {
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
            let theirs = reference.get(&format!("sum_{stage}"))?.get("values")?.at(j)?;
            columns(ledger, &format!("{key} {stage} {name}"), &ours, within, &theirs)?;
        }
    }
    Ok(())
}

fn columns(
    ledger: &mut Ledger,
    label: &str,
    ours: &Balance,
    within: Option<f64>,
    theirs: &Node,
) -> Result<(), Fault> {
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
        let theirs = theirs.at(column)?;
        if ours.is_some() || theirs.is_number() {
            // a number on one side only is a difference
            let ours = ours.unwrap_or(f64::INFINITY);
            ledger.agree(format!("{label} {what}"), ours, theirs.number()?, AGREE);
        }
    }
    Ok(())
}
