//! Organ donors, Medicaid, minimum wages, housing and fast food.

use serde_json::Value;
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::normal::Term;

use crate::ledger::{ESTIMATE, Ledger, STD_ERROR};
use crate::table::{Table, normal};

const FIXEST: Covariance = Covariance::Cr1(SmallSample::Fixest);

pub fn all(ledger: &mut Ledger) {
    organ_donations(ledger);
    medicaid(ledger);
    minimum_wage(ledger);
    two_by_two(ledger);
}

pub fn indicator(grams: &Grams, name: &str, inside: impl Fn(&str, i64) -> bool) -> Term {
    Term::new(grams, name.into(), |r, t| {
        f64::from(u8::from(inside(&grams.regions[r], grams.periods[t])))
    })
}

fn compare(ledger: &mut Ledger, case: &str, grams: &Grams, terms: &[Term], reference: &Value) {
    let fit = Fit::new(normal(grams, terms));
    let all: Vec<usize> = (0..terms.len()).collect();
    let estimate = Estimate::from_fit(&fit, &all, 0).expect("identified");
    for (j, theirs) in reference.as_array().expect("list").iter().enumerate() {
        let name = format!("{case} {}", terms[j].name);
        ledger.agree(&name, estimate.values[j], &theirs["estimate"], ESTIMATE);
        let se = estimate.std_error(j, FIXEST).expect("exists");
        ledger.agree(&format!("{name} se"), se, &theirs["se"], STD_ERROR);
    }
}

fn organ_donations(ledger: &mut Ledger) {
    let reference = ledger.reference("organ_donations_twfe");
    let table = Table::read(&ledger.shared.join("data/organ_donations/organ_donations.csv"));
    let grams = table.grams("State", "Quarter_Num", "Rate", &[], None);
    let pooled = indicator(&grams, "Treated", |s, q| s == "California" && q >= 4);
    compare(ledger, "organ_donations_twfe", &grams, &[pooled], &reference["twfe"]);
    let events: Vec<Term> = [1, 2, 4, 5, 6]
        .iter()
        .map(|&e| indicator(&grams, &format!("event {e}"), |s, q| s == "California" && q == e))
        .collect();
    compare(ledger, "organ_donations_twfe", &grams, &events, &reference["event_study"]);
}

fn medicaid(ledger: &mut Ledger) {
    let reference = ledger.reference("ehec_medicaid_event_study");
    let table = medicaid_table(ledger);
    let grams = table.grams("stfips", "year", "dins", &[], None);
    compare(
        ledger,
        "ehec_medicaid_event_study",
        &grams,
        &medicaid_terms(&table, &grams),
        &reference["coef"],
    );
}

/// States that expanded in 2014, later than 2015 or never, up to 2015.
pub fn medicaid_table(ledger: &Ledger) -> Table {
    Table::read(&ledger.shared.join("data/ehec_medicaid/ehec_data.csv")).keep(|get| {
        let expansion = get("yexp2");
        get("year").is_some_and(|y| y <= 2015.0)
            && expansion.is_none_or(|e| (e - 2014.0).abs() < 0.5 || e > 2015.0)
    })
}

/// Expansion in each year but 2013.
pub fn medicaid_terms(table: &Table, grams: &Grams) -> Vec<Term> {
    let expanded = |state: &str| {
        let row = (0..).find(|&i| table.text(i, "stfips") == state).expect("state");
        table.number(row, "yexp2").is_some_and(|e| (e - 2014.0).abs() < 0.5)
    };
    [2008, 2009, 2010, 2011, 2012, 2014, 2015]
        .iter()
        .map(|&e| indicator(grams, &format!("event {e}"), |s, y| y == e && expanded(s)))
        .collect()
}

fn minimum_wage(ledger: &mut Ledger) {
    let reference = ledger.reference("mpdta_twfe_sunab");
    let table = Table::read(&ledger.shared.join("data/mpdta/mpdta.csv"));
    let grams = table.grams("countyreal", "year", "lemp", &[], None);
    let first = |county: &str| {
        let row = (0..).find(|&i| table.text(i, "countyreal") == county).expect("county");
        #[allow(clippy::cast_possible_truncation)]
        let year = table.number(row, "first.treat").unwrap_or(0.0) as i64;
        year
    };
    let start: Vec<i64> = grams.regions.iter().map(|county| first(county)).collect();
    let term = Term::new(&grams, "D".into(), |r, t| {
        f64::from(u8::from(start[r] > 0 && grams.periods[t] >= start[r]))
    });
    compare(ledger, "mpdta_twfe_sunab", &grams, &[term], &reference["twfe"]);
}

/// Two groups in two periods: the interaction of the saturated regression is the effect.
/// Their standard errors are unclustered (classical, HC), which this engine does not offer.
fn two_by_two(ledger: &mut Ledger) {
    let kielmc = Table::read(&ledger.shared.join("data/wooldridge/kielmc.csv"));
    let reference = ledger.reference("kielmc_did");
    for (model, outcome, covariates) in [
        ("m1", "rprice", &[][..]),
        ("m2", "rprice", &["age", "agesq"][..]),
        ("m3", "lprice", &["age", "agesq", "lintst", "lland", "larea", "rooms", "baths"][..]),
    ] {
        let grams = kielmc.grams("nearinc", "y81", outcome, covariates, None);
        interaction(ledger, &format!("kielmc_did {model}"), &grams, &reference[model]);
    }
    let card = Table::read(&ledger.shared.join("data/card_krueger/card_krueger_store_wave.csv"));
    let reference = ledger.reference("card_krueger_did");
    let chains = ["kfc", "roys", "wendys", "co_owned"];
    let places = ["kfc", "roys", "wendys", "co_owned", "southj", "centralj", "pa1"];
    for (model, covariates) in [("m1", &[][..]), ("m2", &chains[..]), ("m3", &places[..])] {
        let grams = card.grams("nj", "d", "fte", covariates, None);
        interaction(ledger, &format!("card_krueger_did {model}"), &grams, &reference[model]);
    }
}

fn interaction(ledger: &mut Ledger, case: &str, grams: &Grams, reference: &Value) {
    let term = indicator(grams, "interaction", |group, period| group == "1" && period == 1);
    let fit = Fit::new(normal(grams, &[term]));
    let ours = fit.coefficient(0, 0).expect("identified");
    let terms = reference.as_array().expect("list");
    let theirs = terms.iter().find(|t| t["term"].as_str().is_some_and(|t| t.contains(':')));
    ledger.agree(case, ours, &theirs.expect("interaction")["estimate"], ESTIMATE);
}
