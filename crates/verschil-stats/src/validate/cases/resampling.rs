//! Wild bootstraps with every sign vector, so that p-values are counts, and Romano-Wolf.

use super::castle::{columns, post, table};
use crate::fit::Fit;
use crate::multiplicity::{Hypothesis, romano_wolf};
use crate::validate::tables::{Table, normal};
use crate::validate::{Fault, Files, Ledger, STD_ERROR};
use crate::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

const TIES: &str = "two sign vectors tie with the observed one; theirs lets rounding count them, \
    so those that it lost are taken from ours";

/// Eleven states (no state has number 3), a fifth of their years left out so that clusters differ in size and the jackknife
/// matters.
fn some(files: &Files) -> Result<Table, Fault> {
    let states = [1, 2, 3, 4, 5, 6, 9, 10, 12, 13, 15, 16];
    let table = table(files)?;
    let (sid, years) = (table.integers("sid")?, table.integers("year")?);
    table.keep("states 1 to 16", |row| {
        states.contains(&sid[row]) && (7 * sid[row] + years[row]) % 5 != 0
    })
}

/// The derived log of a rate, or the file's own log of homicide.
fn log(outcome: &str) -> String {
    let crime = outcome.trim_start_matches("l_");
    if crime == "homicide" { outcome.to_owned() } else { format!("log_{crime}") }
}

fn fit(table: &Table, outcome: &str, covariates: &[&str]) -> Result<Fit, Fault> {
    let grams = table.unweighted(&columns(&log(outcome), covariates))?;
    Ok(Fit::new(normal(&grams, &[post(table, &grams)?])))
}

fn settings(null: Null, residuals: Residuals) -> Wild {
    Wild { null, residuals, draws: Draws::Rademacher, count: 9999, seed: 1 }
}

pub(crate) fn enumerated(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = some(files)?;
    for theirs in files.results("castle_wild_enumerated")?.list()? {
        let outcome = theirs.get("outcome")?.text()?;
        let covariates = theirs.get("covariates")?.texts()?;
        let names: Vec<&str> = covariates.iter().map(String::as_str).collect();
        let fit = fit(&table, &outcome, &names)?;
        for (key, null, residuals) in [
            ("wcr", Null::Imposed, Residuals::Fitted),
            ("wcr_s", Null::Imposed, Residuals::Jackknifed),
            ("wcu", Null::Free, Residuals::Fitted),
            ("wcu_s", Null::Free, Residuals::Jackknifed),
        ] {
            let ours = wild_bootstrap(&fit, 0, 0, &settings(null, residuals), 0.95)?;
            let label = format!("{outcome}, {} covariates, {key}", names.len());
            let lost = if key == "wcr" { theirs.number_at(&["wcr_ties_lost"])? } else { 0.0 };
            let p = ours.p_value - lost / 2048.0;
            let compared = ledger.agree(format!("{label} p"), p, theirs.number_at(&[key])?, 0.0);
            if lost > 0.0 {
                compared.because(TIES);
            }
            let n = fit.normal.n;
            let k = crate::grams::count(fit.k_all() as u64);
            let g = crate::grams::count(fit.clusters() as u64);
            let factor = (g / (g - 1.0) * (n - 1.0) / (n - k)).sqrt();
            let t = theirs.number_at(&["t"])?;
            ledger
                .agree(format!("{label} t"), ours.statistic / factor, t, STD_ERROR)
                .because("theirs has the factor G/(G-1) (N-1)/(N-K), all columns counted");
        }
    }
    Ok(())
}

pub(crate) fn step_down(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = some(files)?;
    let reference = files.results("castle_romano_wolf")?.list()?;
    let mut fits = Vec::new();
    for theirs in &reference {
        fits.push(fit(&table, &theirs.get("outcome")?.text()?, &["poverty", "unemployrt"])?);
    }
    let family: Vec<Hypothesis> =
        fits.iter().map(|fit| Hypothesis { fit, term: 0, at: 0 }).collect();
    let ours = romano_wolf(&family, &settings(Null::Imposed, Residuals::Fitted));
    for (ours, theirs) in ours.into_iter().zip(&reference) {
        let adjusted = ours?.adjusted;
        let lost = theirs.number_at(&["ties_lost"])?;
        let sampled = (2048.0 * adjusted - lost + 1.0) / 2049.0;
        // one rounding of a ratio of whole numbers
        ledger
            .agree(
                format!("{} p", theirs.get("outcome")?.text()?),
                sampled,
                theirs.number_at(&["p"])?,
                1e-15,
            )
            .because("all sign vectors are there; theirs counts the observed one once more, and ties as rounding has them");
    }
    Ok(())
}
