//! Injured workers in Kentucky before and after a rise of the earnings limit.

use std::collections::BTreeMap;

use super::models::compare;
use super::two_by_two::interaction_of;
use crate::did::Analysis;
use crate::glm::Model;
use crate::grams::Weighting;
use crate::validate::rows::{Data, Unit};
use crate::validate::tables::{Columns, Table};
use crate::validate::{ESTIMATE, Fault, Files, Ledger};

pub(crate) const DATA: &str = "data/wooldridge/injury.csv";

/// Workers of Kentucky.
fn kentucky(files: &Files) -> Result<Table, Fault> {
    let table = files.table(DATA)?;
    let states = table.column("ky")?;
    table.keep("workers of Kentucky", |row| states[row].is_some_and(|ky| ky == 1.0))
}

/// Complete rows. Regions are the groups of earnings, or these by industry with industries as
/// clusters.
fn workers(files: &Files, by_industry: bool) -> Result<Data, Fault> {
    let table = kentucky(files)?;
    let names =
        ["hosp", "durat", "totmed", "afchnge", "highearn", "male", "married", "age", "indust"];
    let columns: Result<Vec<_>, _> = names.iter().map(|name| table.column(name)).collect();
    let columns = columns?;
    let complete =
        table.keep("complete", |row| columns.iter().all(|column| column[row].is_some()))?;
    let columns: Result<Vec<_>, _> = names.iter().map(|name| complete.numbers(name)).collect();
    let columns = columns?;
    let mut data = Data {
        units: Vec::new(),
        clusters: BTreeMap::new(),
        treated: Vec::new(),
        start: 1,
        weighting: Weighting::None,
        binary: vec![false; 3],
    };
    let row = |row: usize| columns.iter().map(|column| column[row]).collect::<Vec<f64>>();
    for row in (0..complete.len()).map(row) {
        let value = |at: usize| row[at];
        let industry = if by_industry { value(8).to_string() } else { "all".to_owned() };
        let region = format!("{industry} {}", value(4));
        if by_industry {
            data.clusters.insert(region.clone(), industry);
        }
        if value(4) > 0.5 && !data.treated.contains(&region) {
            data.treated.push(region.clone());
        }
        data.units.push(Unit {
            region,
            period: i64::from(value(3) > 0.5),
            levels: vec![value(5).to_string(), value(6).to_string()],
            numerics: vec![value(7)],
            outcomes: vec![value(0), value(1), value(2)],
            weight: 1.0,
        });
    }
    Ok(data)
}

/// Rows, coefficient and effect on the treated of the logit model.
fn logit(files: &Files) -> Result<(f64, f64, f64), Fault> {
    let made = workers(files, false)?.made()?;
    let found = made.with(Analysis::Pooled, 0, Model::Logit, |fit, _, linear| {
        let coefficient = fit.coefficients(&[0])?.values[0];
        Ok::<_, crate::refusal::Refusal>((linear.normal.n, coefficient, fit.att(0)?.values[0]))
    })??;
    Ok(found)
}

pub(crate) fn base_r(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("injury_logit_did")?;
    let (n, coefficient, att) = logit(files)?;
    ledger.agree("rows", n, reference.number_at(&["n"])?, 0.0);
    let theirs = reference.get("coef")?.find("term", "did")?.number_at(&["estimate"])?;
    ledger.agree("coefficient", coefficient, theirs, ESTIMATE);
    ledger.agree("att", att, reference.number_at(&["ate_treated_post"])?, ESTIMATE);
    Ok(())
}

pub(crate) fn python(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("injury_logit_did_python")?;
    let (n, coefficient, att) = logit(files)?;
    ledger.agree("rows", n, reference.number_at(&["n"])?, 0.0);
    ledger.agree("coefficient", coefficient, reference.number_at(&["coef", "did"])?, ESTIMATE);
    for key in ["me_hc1", "me_cluster_default", "me_cluster_nocorrection"] {
        let theirs = reference.number_at(&[key, "estimate"])?;
        ledger.agree(format!("att, {key}"), att, theirs, ESTIMATE);
    }
    Ok(())
}

pub(crate) fn statsmodels(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("glm_statsmodels")?.get("injury")?;
    compare(ledger, &workers(files, true)?, &reference)
}

pub(crate) fn printed(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = kentucky(files)?;
    let columns =
        Columns { region: "highearn", period: "afchnge", outcome: "ldurat", covariates: &[] };
    let ours = interaction_of(&table.unweighted(&columns)?)?;
    let theirs = files.results("published_textbook_did")?.number_at(&["injury_ky_afhigh", "0"])?;
    ledger.within("estimate", ours, theirs, 5e-4).because("half a unit of the last digit printed");
    Ok(())
}
