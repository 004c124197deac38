//! The two-by-two of the JEL practitioner's guide: mortality in 2,200 counties around Medicaid
//! expansion, clustered by county and by state.

use std::collections::BTreeMap;

use super::castle::FIXEST;
use crate::did::{Analysis, Design};
use crate::distribution::student_p;
use crate::estimate::{Covariance, Estimate};
use crate::grams::{Weighting, count};
use crate::refusal::Refusal;
use crate::validate::rows::{Data, Made, Unit};
use crate::validate::{Fault, Files, Ledger, STD_ERROR};

pub(crate) const DATA: &str = "data/jel_medicaid_county/two_years.csv";
const REFERENCE: &str = "jel_medicaid_2x2_twfe";
const PRINTED: &str = "half a unit of the last digit printed";
/// Columns of the regression without county effects: constant, group, year, interaction.
const TERMS: [(&str, [f64; 4]); 4] = [
    ("(Intercept)", [1.0, 0.0, 0.0, 0.0]),
    ("Treat", [-1.0, 1.0, 0.0, 0.0]),
    ("Post", [-1.0, 0.0, 1.0, 0.0]),
    ("Treat:Post", [1.0, -1.0, -1.0, 1.0]),
];

fn counties(files: &Files, weighted: bool, by_state: bool) -> Result<Made, Fault> {
    let table = files.table(DATA)?;
    let (states, codes) = (table.texts("state")?, table.texts("county_code")?);
    let (years, treat) = (table.integers("year")?, table.integers("treat")?);
    let (rates, weights) = (table.numbers("crude_rate_20_64")?, table.weights("weight")?);
    let mut clusters = BTreeMap::new();
    let mut treated = Vec::new();
    let mut units = Vec::new();
    for row in 0..table.len() {
        let region = codes[row].to_owned();
        if by_state {
            clusters.insert(region.clone(), states[row].to_owned());
        }
        if treat[row] == 1 && years[row] == 2014 {
            treated.push(region.clone());
        }
        units.push(Unit {
            region,
            period: years[row],
            levels: Vec::new(),
            numerics: Vec::new(),
            outcomes: vec![rates[row]],
            weight: weights[row],
        });
    }
    let weighting = if weighted { Weighting::Analytic } else { Weighting::None };
    let data = Data { units, clusters, treated, start: 2014, weighting, binary: vec![false] };
    Ok(data.made()?)
}

fn effect(made: &Made) -> Result<Estimate, Fault> {
    let design = Design::new(&made.grams, 0, &made.setting, Analysis::Pooled)?;
    Ok(Estimate::from_fit(&design.fit(), &[0], 0)?)
}

/// Constant, group, year and interaction of the saturated regression, from the four means.
fn saturated(made: &Made) -> Result<Estimate, Fault> {
    let design = Design::new(&made.grams, 0, &made.setting, Analysis::Pooled)?;
    let fit = design.fit();
    let setting = &made.setting;
    let mut means: Option<Estimate> = None;
    for periods in [&setting.pre, &setting.post] {
        for regions in [&setting.controls, &setting.treated] {
            let mean = design.mean(&fit, 0, regions, periods).ok_or(Refusal::NoOutcome)?;
            means = Some(match means {
                Some(means) => means.join(mean),
                None => mean,
            });
        }
    }
    let weights: Vec<Vec<f64>> = TERMS.iter().map(|(_, weights)| weights.to_vec()).collect();
    let all = means.and_then(|means| means.aggregate(&weights));
    Ok(all.ok_or(Refusal::NoOutcome)?)
}

/// CR0 with the factor of four columns.
fn four_columns(estimate: &Estimate, j: usize) -> Result<f64, Fault> {
    let g = count(estimate.clusters() as u64);
    let factor = g / (g - 1.0) * (estimate.n - 1.0) / (estimate.n - 4.0);
    Ok(estimate.std_error(j, Covariance::Cr0)? * factor.sqrt())
}

pub(crate) fn fixest(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results(REFERENCE)?;
    for (key, weighted, by_state) in [
        ("unweighted_fe", false, false),
        ("weighted_fe", true, false),
        ("unweighted_fe_state_cluster", false, true),
        ("weighted_fe_state_cluster", true, true),
    ] {
        let ours = effect(&counties(files, weighted, by_state)?)?;
        let theirs = reference.down(&[key, "0"])?;
        let value = ours.values[0];
        // an effect of 0.1 that is the difference of means of 400
        ledger.within(format!("{key} estimate"), value, theirs.number_at(&["estimate"])?, 1e-9);
        let se = ours.std_error(0, FIXEST)?;
        ledger.agree(format!("{key} se"), se, theirs.number_at(&["se"])?, STD_ERROR);
        let p = student_p(value / se, ours.clusters());
        ledger.agree(format!("{key} p"), p, theirs.number_at(&["p"])?, STD_ERROR);
    }
    for (key, weighted) in [("unweighted_interaction", false), ("weighted_interaction", true)] {
        let made = counties(files, weighted, false)?;
        let regions = count(made.grams.regions.len() as u64);
        ledger.agree(
            format!("{key} counties"),
            regions,
            reference.number_at(&["n_counties"])?,
            0.0,
        );
        let ours = saturated(&made)?;
        for (j, (term, _)) in TERMS.iter().enumerate() {
            let theirs = reference.get(key)?.find("term", term)?;
            let label = format!("{key} {term}");
            // means of some hundreds, and differences of them
            let wanted = theirs.number_at(&["estimate"])?;
            ledger.within(format!("{label} estimate"), ours.values[j], wanted, 1e-9);
            let se = four_columns(&ours, j)?;
            ledger
                .agree(format!("{label} se, K = 4"), se, theirs.number_at(&["se"])?, STD_ERROR)
                .because("without county effects their factor counts the four columns");
        }
    }
    Ok(())
}

pub(crate) fn printed(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let printed = files.results("published_jel_medicaid_2x2")?;
    for (kind, weighted) in [("unweighted", false), ("weighted", true)] {
        let made = counties(files, weighted, false)?;
        let ours = saturated(&made)?;
        let [constant, group, year, interaction] = [0, 1, 2, 3].map(|j| ours.values[j]);
        for (key, mean) in [
            ("non_2013", constant),
            ("exp_2013", constant + group),
            ("non_2014", constant + year),
            ("exp_2014", constant + group + year + interaction),
            ("did", interaction),
        ] {
            let theirs = printed.number_at(&["table2", kind, key])?;
            ledger.within(format!("table 2 {kind} {key}"), mean, theirs, 0.05).because(PRINTED);
        }
        for (j, key) in [(0, "constant_"), (1, "treat_"), (2, "post_"), (3, "")] {
            let key = if key.is_empty() { format!("{kind}_did") } else { format!("{key}{kind}") };
            let theirs = printed.get("table3")?.get(&key)?.numbers()?;
            for (what, ours, theirs) in ["estimate", "se"]
                .into_iter()
                .zip([ours.values[j], four_columns(&ours, j)?])
                .zip(theirs)
                .map(|((what, ours), theirs)| (what, ours, theirs))
            {
                ledger.within(format!("table 3 {key} {what}"), ours, theirs, 0.05).because(PRINTED);
            }
        }
        let estimate = effect(&made)?;
        let key = format!("no_covs_{kind}");
        let se = estimate.std_error(0, FIXEST)?;
        for (at, (what, ours)) in
            [("estimate", estimate.values[0]), ("se", se)].into_iter().enumerate()
        {
            let theirs = printed.get("table5")?.get(&key)?.at(at)?.number()?;
            ledger.within(format!("table 5 {key} {what}"), ours, theirs, 0.005).because(PRINTED);
        }
    }
    Ok(())
}
