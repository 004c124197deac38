//! State panel of homicide and castle-doctrine laws.

use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::normal::Term;
use verschil_stats::wild::{Draws, Null, Residuals, Wild, wild_bootstrap};

use crate::ledger::{ESTIMATE, Ledger, STD_ERROR};
use crate::table::{Table, normal};

const COVARIATES: [&str; 4] = ["l_police", "unemployrt", "poverty", "l_income"];
const FIXEST: Covariance = Covariance::Cr1(SmallSample::Fixest);
const STATA: Covariance = Covariance::Cr1(SmallSample::Stata);

pub fn all(ledger: &mut Ledger) {
    let table = Table::read(&ledger.shared.join("data/castle/castle.csv"));
    two_way(ledger, &table);
    small_sample(ledger, &table);
    event_study(ledger, &table);
    wild(ledger, &table);
}

/// The file's own treatment column: the share of the year that the law was in force.
fn post(table: &Table, grams: &Grams) -> Term {
    Term::new(grams, "post".into(), |r, t| {
        let row = (0..).find(|&i| {
            table.text(i, "state") == grams.regions[r]
                && table.text(i, "year") == grams.periods[t].to_string()
        });
        table.number(row.expect("balanced"), "post").expect("post")
    })
}

pub fn fit(table: &Table, covariates: &[&str], weight: Option<&str>) -> Fit {
    let grams = table.grams("state", "year", "l_homicide", covariates, weight);
    Fit::new(normal(&grams, &[post(table, &grams)]))
}

fn estimate(fit: &Fit) -> Estimate {
    Estimate::from_fit(fit, &[0], 0).expect("identified")
}

fn se(fit: &Fit, kind: Covariance) -> f64 {
    estimate(fit).std_error(0, kind).expect("exists")
}

fn two_way(ledger: &mut Ledger, table: &Table) {
    let reference = ledger.reference("castle_twfe_cr1");
    let python = ledger.reference("castle_pyfixest_crosscheck");
    for (key, covariates, weight) in [
        ("unweighted", &[][..], None),
        ("weighted", &[][..], Some("popwt")),
        ("weighted_covariates", &COVARIATES[..], Some("popwt")),
    ] {
        let fit = fit(table, covariates, weight);
        let theirs = &reference[key][0];
        let name = format!("castle_twfe_cr1 {key}");
        ledger.agree(&name, estimate(&fit).values[0], &theirs["estimate"], ESTIMATE);
        ledger.agree(&format!("{name} se fixest"), se(&fit, FIXEST), &theirs["se"], STD_ERROR);
        let p = verschil_stats::distribution::student_p(
            estimate(&fit).values[0] / se(&fit, FIXEST),
            fit.clusters(),
        );
        ledger.agree(&format!("{name} p"), p, &theirs["p"], STD_ERROR);
    }
    let fit = fit(table, &[], None);
    let name = "castle_twfe_cr1 all columns counted";
    ledger.agree(name, se(&fit, STATA), &reference["ssc_full_se"][0]["se"], STD_ERROR);
    ledger.agree(
        "castle_twfe_cr1 sandwich HC0",
        se(&fit, Covariance::Cr0),
        &reference["sandwich_vcovCL_HC0_noadj_se_post"],
        STD_ERROR,
    );
    // pyfixest's factor counts the constant and the regressor only (K = 2), not the year effects
    let factor: f64 = 50.0 / 49.0 * 549.0 / 548.0;
    ledger.agree(
        "castle_pyfixest_crosscheck crv1 (K = 2)",
        se(&fit, Covariance::Cr0) * factor.sqrt(),
        &python["crv1"][0]["Std. Error"],
        STD_ERROR,
    );
    // its CRV3 is clubSandwich's, without (G-1)/G, times the same factor
    ledger.agree(
        "castle_pyfixest_crosscheck crv3 (K = 2, no (G-1)/G)",
        se(&fit, Covariance::Cr3) * (50.0f64 / 49.0).sqrt() * factor.sqrt(),
        &python["crv3"][0]["Std. Error"],
        STD_ERROR,
    );
}

fn small_sample(ledger: &mut Ledger, table: &Table) {
    let reference = ledger.reference("castle_cr2_cr3");
    for (key, covariates, weight) in [
        ("unweighted", &[][..], None),
        ("weighted", &[][..], Some("popwt")),
        ("covariates", &COVARIATES[..], None),
    ] {
        let fit = fit(table, covariates, weight);
        for theirs in reference[key].as_array().expect("list") {
            let ours = match theirs["type"].as_str() {
                Some("CR0") => se(&fit, Covariance::Cr0),
                Some("CR1S") => se(&fit, STATA),
                // clubSandwich leaves the (G-1)/G of the jackknife out
                Some("CR3") => se(&fit, Covariance::Cr3) * (50.0f64 / 49.0).sqrt(),
                _ => continue,
            };
            let name = format!("castle_cr2_cr3 {key} {}", theirs["type"].as_str().unwrap_or(""));
            ledger.agree(&name, ours, &theirs["se"], STD_ERROR);
            ledger.agree(&name, estimate(&fit).values[0], &theirs["estimate"], ESTIMATE);
        }
    }
}

fn event_study(ledger: &mut Ledger, table: &Table) {
    let reference = ledger.reference("castle_event_study_twfe");
    let fit = event_fit(table, None);
    let all: Vec<usize> = (0..fit.normal.terms.len()).collect();
    let estimate = Estimate::from_fit(&fit, &all, 0).expect("identified");
    let covariance = estimate.covariance(FIXEST).expect("exists");
    for (j, theirs) in reference["coef"].as_array().expect("list").iter().enumerate() {
        let name = format!("castle_event_study_twfe {}", theirs["term"].as_str().unwrap_or(""));
        ledger.agree(&name, estimate.values[j], &theirs["estimate"], ESTIMATE);
        for i in 0..all.len() {
            ledger.within(
                &format!("{name} covariance {i}"),
                covariance[(i, j)],
                &reference["vcov"]["values"][i][j],
                1e-10,
            );
        }
    }
}

/// Event times -9 to 5 but -1.
pub fn event_fit(table: &Table, weight: Option<&str>) -> Fit {
    let grams = table.grams("state", "year", "l_homicide", &[], weight);
    let start: Vec<Option<i64>> = grams
        .regions
        .iter()
        .map(|state| {
            let row = (0..).find(|&i| table.text(i, "state") == state).expect("state");
            #[allow(clippy::cast_possible_truncation)]
            table.number(row, "effyear").map(|year| year as i64)
        })
        .collect();
    let event_times: Vec<i64> = (-9..=5).filter(|&e| e != -1).collect();
    let terms: Vec<Term> = event_times
        .iter()
        .map(|e| {
            Term::new(&grams, format!("event {e}"), |r, t| {
                f64::from(u8::from(start[r].is_some_and(|s| grams.periods[t] - s == *e)))
            })
        })
        .collect();
    Fit::new(normal(&grams, &terms))
}

fn wild(ledger: &mut Ledger, table: &Table) {
    let reference = ledger.reference("castle_wild_bootstrap");
    let draws = 99_999;
    for (key, weight, null, kind) in [
        ("rademacher_seed1", None, Null::Imposed, Draws::Rademacher),
        ("webb_seed1", None, Null::Imposed, Draws::Webb),
        ("weighted_rademacher", Some("popwt"), Null::Imposed, Draws::Rademacher),
        ("wcu", None, Null::Free, Draws::Rademacher),
    ] {
        let fit = fit(table, &[], weight);
        let residuals = Residuals::Fitted;
        let wild = Wild { null, residuals, draws: kind, count: draws, seed: 1 };
        let ours = wild_bootstrap(&fit, 0, 0, &wild, 0.95).expect("exists");
        let theirs = &reference["boot"][key];
        // two independent Monte Carlo errors of three standard deviations each
        let p = theirs["p"].as_f64().expect("p");
        let error = 3.0 * (2.0 * p * (1.0 - p) / 99_999.0).sqrt();
        ledger.within(&format!("castle_wild_bootstrap {key} p"), ours.p_value, &theirs["p"], error);
        for (side, end) in [(0, ours.interval.0), (1, ours.interval.1)] {
            let name = format!("castle_wild_bootstrap {key} interval {side}");
            ledger.within(&name, end, &theirs["conf_int"][side], 0.003);
        }
    }
}
