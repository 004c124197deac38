//! Organ donors, Medicaid and minimum wages.

use std::collections::BTreeMap;

use super::castle::{FIXEST, STATA, without_share};
use super::clubsandwich::{Theirs, compare_cr2, compare_joint};
use crate::cr2::joint_htz;
use crate::distribution::student_p;
use crate::estimate::{Covariance, Estimate};
use crate::fit::Fit;
use crate::grams::Grams;
use crate::normal::Term;
use crate::validate::files::Node;
use crate::validate::tables::{Columns, Table, indicator, normal};
use crate::validate::{ESTIMATE, Fault, Files, Ledger, STD_ERROR};

pub(crate) const ORGANS: &str = "data/organ_donations/organ_donations.csv";
pub(crate) const MEDICAID: &str = "data/ehec_medicaid/ehec_data.csv";
pub(crate) const MINIMUM_WAGE: &str = "data/mpdta/mpdta.csv";

pub(super) fn std_error(fit: &Fit, kind: Covariance) -> Result<f64, Fault> {
    Ok(Estimate::from_fit(fit, &[0], 0)?.std_error(0, kind)?)
}

/// Every coefficient of a regression by fixest, which counts effects nested in clusters out.
pub(super) fn compare_terms(ledger: &mut Ledger, fit: &Fit, reference: &Node) -> Result<(), Fault> {
    let all: Vec<usize> = (0..fit.normal.terms.len()).collect();
    let estimate = Estimate::from_fit(fit, &all, 0)?;
    for &j in &all {
        let theirs = reference.at(j)?;
        let (value, name) = (estimate.values[j], &fit.normal.terms[j]);
        ledger.agree(format!("{name} estimate"), value, theirs.number_at(&["estimate"])?, ESTIMATE);
        let se = estimate.std_error(j, FIXEST)?;
        ledger.agree(format!("{name} se"), se, theirs.number_at(&["se"])?, STD_ERROR);
        let p = student_p(value / se, fit.clusters());
        // of a p-value that is small the tail magnifies the difference of the t statistic
        ledger.agree(format!("{name} p"), p, theirs.number_at(&["p"])?, 1e-7);
    }
    Ok(())
}

/// Every entry of the covariance of the coefficients and its name: ours and that of fixest.
pub(super) fn covariances(fit: &Fit, reference: &Node) -> Result<Vec<(String, f64, f64)>, Fault> {
    let terms = &fit.normal.terms;
    let all: Vec<usize> = (0..terms.len()).collect();
    let ours = Estimate::from_fit(fit, &all, 0)?.covariance(FIXEST)?;
    let mut entries = Vec::new();
    for (i, row) in reference.down(&["vcov", "values"])?.list()?.iter().enumerate() {
        for (j, theirs) in row.numbers()?.into_iter().enumerate().take(i + 1) {
            let label = format!("covariance of {} and {}", terms[i], terms[j]);
            entries.push((label, ours[(i, j)], theirs));
        }
    }
    Ok(entries)
}

pub(crate) fn organ_donations(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("organ_donations_twfe")?;
    let mut table = files.table(ORGANS)?;
    let order = ["Q42010", "Q12011", "Q22011", "Q32011", "Q42011", "Q12012"];
    let at = |quarter: &str| order.iter().position(|known| *known == quarter);
    let numbers: Vec<String> = table
        .texts("Quarter")?
        .into_iter()
        .map(|quarter| at(quarter).map_or(String::new(), |at| (at + 1).to_string()))
        .collect();
    table.add("quarter_number", numbers.into_iter());
    let columns =
        Columns { region: "State", period: "quarter_number", outcome: "Rate", covariates: &[] };
    let grams = table.unweighted(&columns)?;
    let pooled = indicator(&grams, "Treated", |s, q| s == "California" && q >= 4);
    let fit = Fit::new(normal(&grams, &[pooled]));
    compare_terms(ledger, &fit, &reference.get("twfe")?)?;
    let events: Vec<Term> = [1, 2, 4, 5, 6]
        .iter()
        .map(|&e| indicator(&grams, format!("event {e}"), |s, q| s == "California" && q == e))
        .collect();
    let study = Fit::new(normal(&grams, &events));
    compare_terms(ledger, &study, &reference.get("event_study")?)?;
    let plain = std_error(&fit, Covariance::Cr0)?;
    let list = reference.get("small_sample")?;
    for (kind, ours) in
        [("CR0", plain), ("CR1", plain * without_share(27.0)), ("CR1S", std_error(&fit, STATA)?)]
    {
        let theirs = list.find("type", kind)?.number_at(&["se"])?;
        ledger.agree(format!("{kind} se"), ours, theirs, STD_ERROR);
    }
    let theirs = Theirs::of(&list.find("type", "CR2")?)?;
    compare_cr2(ledger, "CR2 by the generalised inverse", &fit, &[1.0], &theirs)
}

/// States that expanded in 2014, later than 2015 or never, up to 2015.
pub(super) fn medicaid_table(files: &Files) -> Result<Table, Fault> {
    let table = files.table(MEDICAID)?;
    let (years, expansions) = (table.numbers("year")?, table.column("yexp2")?);
    table.keep("years up to 2015", |row| {
        years[row] <= 2015.0
            && expansions[row].is_none_or(|year| (year - 2014.0).abs() < 0.5 || year > 2015.0)
    })
}

pub(super) const MEDICAID_COLUMNS: Columns =
    Columns { region: "stfips", period: "year", outcome: "dins", covariates: &[] };

/// Expansion in each year but 2013.
pub(super) fn medicaid_terms(table: &Table, grams: &Grams) -> Result<Vec<Term>, Fault> {
    let expansions = table.column("yexp2")?;
    let expanded: BTreeMap<&str, bool> = table
        .texts("stfips")?
        .into_iter()
        .zip(expansions)
        .map(|(state, year)| (state, year.is_some_and(|year| (year - 2014.0).abs() < 0.5)))
        .collect();
    let inside = |state: &str| expanded.get(state).copied().unwrap_or(false);
    Ok([2008, 2009, 2010, 2011, 2012, 2014, 2015]
        .iter()
        .map(|&e| indicator(grams, format!("event {e}"), |s, y| y == e && inside(s)))
        .collect())
}

pub(crate) fn medicaid(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("ehec_medicaid_event_study")?;
    let table = medicaid_table(files)?;
    let grams = table.unweighted(&MEDICAID_COLUMNS)?;
    let fit = Fit::new(normal(&grams, &medicaid_terms(&table, &grams)?));
    ledger.agree(
        "states",
        crate::grams::count(fit.clusters() as u64),
        reference.number_at(&["n_states"])?,
        0.0,
    );
    ledger.agree("rows", fit.normal.n, reference.number_at(&["n"])?, 0.0);
    compare_terms(ledger, &fit, &reference.get("coef")?)?;
    for (label, ours, theirs) in covariances(&fit, &reference)? {
        ledger.agree(label, ours, theirs, STD_ERROR);
    }
    for (j, theirs) in reference.get("cr2")?.list()?.iter().enumerate() {
        let mut weights = vec![0.0; fit.normal.terms.len()];
        weights[j] = 1.0;
        let label = format!("{} CR2", fit.normal.terms[j]);
        compare_cr2(ledger, &label, &fit, &weights, &Theirs::of(theirs)?)?;
    }
    let theirs = reference.get("htz_pretrend")?;
    let keys = ["Fstat", "df_num", "df_denom", "p"];
    let theirs = keys.iter().map(|key| theirs.number_at(&[key])).collect::<Result<Vec<_>, _>>()?;
    let joint = joint_htz(&fit, &[0, 1, 2, 3, 4], 0)?;
    compare_joint(ledger, "before expansion", &joint, &theirs);
    Ok(())
}

pub(crate) fn minimum_wage(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("mpdta_twfe_sunab")?;
    let table = files.table(MINIMUM_WAGE)?;
    let columns =
        Columns { region: "countyreal", period: "year", outcome: "lemp", covariates: &[] };
    let grams = table.unweighted(&columns)?;
    let counties = table.texts("countyreal")?;
    let starts: BTreeMap<&str, i64> =
        counties.into_iter().zip(table.integers("first.treat")?).collect();
    let term = indicator(&grams, "D", |county, year| {
        starts.get(county).is_some_and(|&start| start > 0 && year >= start)
    });
    compare_terms(ledger, &Fit::new(normal(&grams, &[term])), &reference.get("twfe")?)
}
