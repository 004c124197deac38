//! State panel of homicide and castle-doctrine laws.

use super::clubsandwich::{CR2_ON_ROWS, Theirs, compare_cr2, equal_variances};
use super::panels::{compare_terms, covariances, std_error};
use crate::distribution::student_p;
use crate::estimate::{Covariance, Estimate, SmallSample};
use crate::fit::Fit;
use crate::grams::Grams;
use crate::normal::Term;
use crate::validate::tables::{Columns, Table, normal};
use crate::validate::{ESTIMATE, Fault, Files, Ledger, STD_ERROR};
use crate::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

pub(crate) const DATA: &str = "data/castle/castle.csv";
pub(super) const COVARIATES: [&str; 4] = ["l_police", "unemployrt", "poverty", "l_income"];
pub(super) const FIXEST: Covariance = Covariance::Cr1(SmallSample::Fixest);
pub(super) const STATA: Covariance = Covariance::Cr1(SmallSample::Stata);
const STATES: f64 = 50.0;

const SPECIFICATIONS: [(&str, &[&str], Option<&str>); 3] = [
    ("unweighted", &[], None),
    ("weighted", &[], Some("popwt")),
    ("weighted_covariates", &COVARIATES, Some("popwt")),
];

/// The panel with the log rates that the study's file leaves out, rounded as the data set keeps
/// them, in single precision.
pub(super) fn table(files: &Files) -> Result<Table, Fault> {
    let mut table = files.table(DATA)?;
    for crime in ["robbery", "assault", "burglary", "larceny", "motor"] {
        #[allow(clippy::cast_possible_truncation)]
        let logs: Vec<f64> =
            table.numbers(crime)?.into_iter().map(|rate| f64::from(rate.ln() as f32)).collect();
        table.add(&format!("log_{crime}"), logs.into_iter().map(|log| log.to_string()));
    }
    Ok(table)
}

pub(super) fn columns<'a>(outcome: &'a str, covariates: &'a [&'a str]) -> Columns<'a> {
    Columns { region: "state", period: "year", outcome, covariates }
}

/// First year of the law by state, where there is one.
fn starts(table: &Table) -> Result<impl Fn(&str) -> Option<i64>, Fault> {
    let states = table.texts("state")?.into_iter().map(str::to_owned);
    #[allow(clippy::cast_possible_truncation)]
    let years = table.column("effyear")?.into_iter().map(|year| year.map(|year| year as i64));
    let starts: std::collections::BTreeMap<String, Option<i64>> = states.zip(years).collect();
    Ok(move |state: &str| starts.get(state).copied().flatten())
}

/// One from the year of the law on.
pub(super) fn post(table: &Table, grams: &Grams) -> Result<Term, Fault> {
    let start = starts(table)?;
    Ok(crate::validate::tables::indicator(grams, "post", |state, year| {
        start(state).is_some_and(|start| year >= start)
    }))
}

pub(super) fn fit(
    table: &Table,
    outcome: &str,
    covariates: &[&str],
    weight: Option<&str>,
) -> Result<Fit, Fault> {
    let grams = table.maybe_weighted(&columns(outcome, covariates), weight)?;
    Ok(Fit::new(normal(&grams, &[post(table, &grams)?])))
}

/// Event times -9 to 5 but -1.
pub(super) fn event_fit(table: &Table, weight: Option<&str>) -> Result<Fit, Fault> {
    let grams = table.maybe_weighted(&columns("l_homicide", &[]), weight)?;
    let start = starts(table)?;
    let event_times: Vec<i64> = (-9..=5).filter(|&e| e != -1).collect();
    let terms: Vec<Term> = event_times
        .iter()
        .map(|e| {
            crate::validate::tables::indicator(&grams, format!("event {e}"), |state, year| {
                start(state).is_some_and(|start| year - start == *e)
            })
        })
        .collect();
    Ok(Fit::new(normal(&grams, &terms)))
}

pub(crate) fn two_way(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = table(files)?;
    let reference = files.results("castle_twfe_cr1")?;
    for (key, covariates, weight) in SPECIFICATIONS {
        let fit = fit(&table, "l_homicide", covariates, weight)?;
        let estimate = Estimate::from_fit(&fit, &[0], 0)?;
        let theirs = reference.down(&[key, "0"])?;
        let se = estimate.std_error(0, FIXEST)?;
        let value = theirs.number_at(&["estimate"])?;
        ledger.agree(format!("{key} estimate"), estimate.values[0], value, ESTIMATE);
        ledger.agree(format!("{key} se fixest"), se, theirs.number_at(&["se"])?, STD_ERROR);
        let t = estimate.values[0] / se;
        ledger.agree(format!("{key} t"), t, theirs.number_at(&["t"])?, STD_ERROR);
        let p = student_p(t, fit.clusters());
        ledger.agree(format!("{key} p"), p, theirs.number_at(&["p"])?, STD_ERROR);
    }
    let fit = fit(&table, "l_homicide", &[], None)?;
    let stata = std_error(&fit, STATA)?;
    let all = reference.number_at(&["ssc_full_se", "0", "se"])?;
    ledger.agree("unweighted se, all columns counted", stata, all, STD_ERROR);
    let sandwich = reference.number_at(&["sandwich_vcovCL_HC1_se_post"])?;
    ledger.agree("sandwich HC1, all columns counted", stata, sandwich, STD_ERROR);
    let plain = reference.number_at(&["sandwich_vcovCL_HC0_noadj_se_post"])?;
    ledger.agree("sandwich HC0", std_error(&fit, Covariance::Cr0)?, plain, STD_ERROR);
    Ok(())
}

pub(crate) fn pyfixest(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = table(files)?;
    let reference = files.results("castle_pyfixest_crosscheck")?;
    // K = 2: the constant and the regressor, not the year effects
    let factor: f64 = STATES / (STATES - 1.0) * 549.0 / 548.0;
    let counted = "their factor counts two columns, without the year effects";
    for (key, weight) in [("crv1", None), ("weighted_crv1", Some("popwt"))] {
        let fit = fit(&table, "l_homicide", &[], weight)?;
        let theirs = reference.down(&[key, "0"])?;
        let value = Estimate::from_fit(&fit, &[0], 0)?.values[0];
        ledger.agree(format!("{key} estimate"), value, theirs.number_at(&["Estimate"])?, ESTIMATE);
        let se = std_error(&fit, Covariance::Cr0)? * factor.sqrt();
        let wanted = theirs.number_at(&["Std. Error"])?;
        ledger.agree(format!("{key} se, K = 2"), se, wanted, STD_ERROR).because(counted);
    }
    let fit = fit(&table, "l_homicide", &[], None)?;
    let se = std_error(&fit, Covariance::Cr3)? * without_share(STATES) * factor.sqrt();
    ledger
        .agree(
            "crv3 se, K = 2, without (G-1)/G",
            se,
            reference.number_at(&["crv3", "0", "Std. Error"])?,
            STD_ERROR,
        )
        .because("their CRV3 has no (G-1)/G, and the factor of CRV1 with two columns counted");
    Ok(())
}

/// What turns a CR3 standard error with (G-1)/G into one without.
pub(super) fn without_share(clusters: f64) -> f64 {
    (clusters / (clusters - 1.0)).sqrt()
}

pub(crate) fn small_sample(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = table(files)?;
    let reference = files.results("castle_cr2_cr3")?;
    for (key, covariates, weight) in [
        ("unweighted", &[][..], None),
        ("weighted", &[][..], Some("popwt")),
        ("covariates", &COVARIATES[..], None),
    ] {
        let fit = fit(&table, "l_homicide", covariates, weight)?;
        let value = Estimate::from_fit(&fit, &[0], 0)?.values[0];
        for theirs in reference.get(key)?.list()? {
            let kind = theirs.get("type")?.text()?;
            let label = format!("{key} {kind}");
            if kind == "CR2" {
                if weight.is_none() {
                    compare_cr2(ledger, &label, &fit, &[1.0], &Theirs::of(&theirs)?)?;
                } else {
                    on_rows(ledger, &label, &table, &Theirs::of(&theirs)?)?;
                }
                continue;
            }
            let wanted = theirs.number_at(&["estimate"])?;
            ledger.agree(format!("{label} estimate"), value, wanted, ESTIMATE);
            let plain = std_error(&fit, Covariance::Cr0)?;
            let wanted = theirs.number_at(&["se"])?;
            match kind.as_str() {
                "CR0" => ledger.agree(format!("{label} se"), plain, wanted, STD_ERROR),
                "CR1" => {
                    let ours = plain * without_share(STATES);
                    ledger.agree(format!("{label} se, G/(G-1) alone"), ours, wanted, STD_ERROR)
                }
                "CR1S" => {
                    ledger.agree(format!("{label} se"), std_error(&fit, STATA)?, wanted, STD_ERROR)
                }
                _ => {
                    let ours = std_error(&fit, Covariance::Cr3)? * without_share(STATES);
                    let label = format!("{label} se, without (G-1)/G");
                    ledger.agree(label, ours, wanted, STD_ERROR)
                }
            };
        }
    }
    Ok(())
}

fn on_rows(ledger: &mut Ledger, label: &str, table: &Table, theirs: &Theirs) -> Result<(), Fault> {
    let (se, df) = equal_variances(table)?;
    ledger.agree(format!("{label} se, on rows"), se, theirs.se, STD_ERROR).because(CR2_ON_ROWS);
    ledger.agree(format!("{label} df, on rows"), df, theirs.df, STD_ERROR).because(CR2_ON_ROWS);
    Ok(())
}

pub(crate) fn event_study(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("castle_event_study_twfe")?;
    let fit = event_fit(&table(files)?, None)?;
    compare_terms(ledger, &fit, &reference.get("coef")?)?;
    for (label, ours, theirs) in covariances(&fit, &reference)? {
        // entries of 1e-3 to 1e-2, some of which are differences of larger sums
        ledger.within(label, ours, theirs, 1e-10);
    }
    Ok(())
}

pub(crate) fn wild(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = table(files)?;
    let reference = files.results("castle_wild_bootstrap")?.get("boot")?;
    let count = 99_999;
    for (key, weight, null, residuals, draws) in [
        ("rademacher_seed1", None, Null::Imposed, Residuals::Fitted, Draws::Rademacher),
        ("rademacher_seed2", None, Null::Imposed, Residuals::Fitted, Draws::Rademacher),
        ("rademacher_seed3", None, Null::Imposed, Residuals::Fitted, Draws::Rademacher),
        ("webb_seed1", None, Null::Imposed, Residuals::Fitted, Draws::Webb),
        ("webb_seed2", None, Null::Imposed, Residuals::Fitted, Draws::Webb),
        ("webb_seed3", None, Null::Imposed, Residuals::Fitted, Draws::Webb),
        ("weighted_rademacher", Some("popwt"), Null::Imposed, Residuals::Fitted, Draws::Rademacher),
        ("wcu", None, Null::Free, Residuals::Fitted, Draws::Rademacher),
        ("wcr31", None, Null::Imposed, Residuals::Jackknifed, Draws::Rademacher),
    ] {
        let fit = fit(&table, "l_homicide", &[], weight)?;
        let wild = Wild { null, residuals, draws, count, seed: 1 };
        let ours = wild_bootstrap(&fit, 0, 0, &wild, 0.95)?;
        let theirs = reference.get(key)?;
        let p = theirs.number_at(&["p"])?;
        let error = 3.0 * (2.0 * p * (1.0 - p) / 99_999.0).sqrt();
        let why = "three standard deviations of two independent Monte Carlo errors";
        ledger.within(format!("{key} p"), ours.p_value, p, error).because(why);
        let t = Estimate::from_fit(&fit, &[0], 0)?.values[0] / std_error(&fit, STATA)?;
        ledger.agree(format!("{key} t"), t, theirs.number_at(&["t"])?, STD_ERROR);
        let ends = theirs.get("conf_int")?.numbers()?;
        for ((side, end), theirs) in
            [("low", ours.interval.0), ("high", ours.interval.1)].iter().zip(ends)
        {
            ledger
                .within(format!("{key} {side}"), *end, theirs, 0.003)
                .because("their own three seeds differ by 0.001");
        }
    }
    Ok(())
}
