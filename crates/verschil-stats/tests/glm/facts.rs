//! Results of statsmodels and fixest. Facts and cells in `facts/` were written by
//! `benches/peers/glm_statsmodels.py`: births of CBS StatLine 37259eng (CC BY 4.0), injuries of
//! Wooldridge's textbook sets (Meyer, Viscusi & Durbin 1995) counted by equal rows.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use verschil_stats::did::Analysis;
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::glm::Model;
use verschil_stats::grams::Weighting;

use crate::agree;
use crate::data::{Data, MODELS, Numbers, Unit};

const ESTIMATE: f64 = 1e-9;
const STD_ERROR: f64 = 1e-8;

fn facts() -> Value {
    serde_json::from_str(include_str!("facts/glm.json")).expect("facts")
}

fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("row")).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn cr0(estimate: &Estimate, j: usize) -> f64 {
    estimate.std_error(j, Covariance::Cr0).expect("exists")
}

/// Estimates, CR0 and every delete-one estimate of a case.
fn compare(case: &str, data: &Data, facts: &Value) {
    let made = data.made();
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let (facts, what) =
            (&facts[model.id()], |name: &str| format!("{case} {} {name}", model.id()));
        let check = |name: &str, ours: f64, share: f64| {
            agree(ours, number(&facts[name]), share, &what(name));
        };
        let compared = made.with(Analysis::Pooled, outcome, model, |fit, _, linear| {
            let coefficient = fit.coefficients(&[0]).expect("identified");
            check("coefficient", coefficient.values[0], ESTIMATE);
            check("coefficient_se", cr0(&coefficient, 0), STD_ERROR);
            let levels = fit.levels(0).expect("identified");
            check("with", levels.values[0], ESTIMATE);
            check("without", levels.values[1], ESTIMATE);
            check("with_se", cr0(&levels, 0), STD_ERROR);
            check("without_se", cr0(&levels, 1), STD_ERROR);
            let att = fit.att(0).expect("identified");
            check("att", att.values[0], ESTIMATE);
            check("att_se", cr0(&att, 0), STD_ERROR);
            check("log_ratio_se", cr0(&fit.log_ratio(0).expect("identified"), 0), STD_ERROR);
            let theirs = facts["att_without"].as_array().expect("list");
            let ours = &att.deleted.as_ref().expect("exist")[0];
            assert_eq!((ours.len(), theirs.len()), (linear.clusters(), linear.clusters()));
            for (ours, theirs) in ours.iter().zip(theirs) {
                agree(*ours, number(theirs), ESTIMATE, &what("without a cluster"));
            }
        });
        compared.unwrap_or_else(|refusal| panic!("{case} {}: {refusal}", model.id()));
    }
}

/// Injured workers before and after a rise of the earnings limit, regions being industry by group of
/// earnings, clusters industries.
fn injury(by_industry: bool) -> Data {
    let rows = table(include_str!("facts/injury.csv"));
    let mut clusters = BTreeMap::new();
    let unit = |row: &BTreeMap<String, String>| {
        let get = |name: &str| -> f64 { row[name].parse().expect("number") };
        let place = |name: &str| row[name].trim_end_matches(".0").to_owned();
        let industry = if by_industry { place("indust") } else { "0".into() };
        let region = format!("{industry}{}", place("highearn"));
        if by_industry {
            clusters.insert(region.clone(), industry);
        }
        let n = get("n");
        Unit {
            region,
            period: i64::from(get("afchnge") > 0.5),
            levels: vec![place("male"), place("married")],
            numerics: vec![get("age")],
            outcomes: vec![get("hosp") / n, get("durat") / n, get("totmed") / n],
            weight: n,
        }
    };
    let units: Vec<Unit> = rows.iter().map(unit).collect();
    let mut treated: Vec<String> = units.iter().map(|unit| unit.region.clone()).collect();
    treated.retain(|region| region.ends_with('1'));
    treated.sort();
    treated.dedup();
    let (start, weighting, binary) = (1, Weighting::Frequency, vec![false; 3]);
    Data { units, clusters, treated, start, weighting, binary }
}

#[test]
fn injured_workers_agree_with_statsmodels() {
    compare("injury", &injury(true), &facts()["injury"]);
}

#[test]
fn injured_workers_agree_with_base_r_and_marginaleffects() {
    // printed by R 4.2.2 glm and statsmodels 0.15.0 with marginaleffects 0.6.0: reference cases
    // injury_logit_did and injury_logit_did_python; their clusters cut across groups of earnings,
    // which are the regions here, so their standard errors are of another design
    let made = injury(false).made();
    let compared = made.with(Analysis::Pooled, 0, Model::Logit, |fit, _, linear| {
        agree(
            fit.coefficients(&[0]).expect("there").values[0],
            0.224_125_254_287_580_04,
            ESTIMATE,
            "R",
        );
        agree(fit.att(0).expect("there").values[0], 0.046_595_443_979_549_886, ESTIMATE, "R");
        agree(fit.att(0).expect("there").values[0], 0.046_595_443_979_552_176, ESTIMATE, "Python");
        assert_eq!(linear.normal.n, 5347.0);
    });
    compared.expect("fits");
}

/// The rows that the script draws.
fn drawn() -> Data {
    let mut numbers = Numbers(2026);
    let small = |n: u64| f64::from(u32::try_from(n).expect("small"));
    let units = (0..20_000).map(|_| {
        let region = numbers.below(26).min(numbers.below(26));
        let (period, age, parity) = (numbers.below(8), numbers.below(9), numbers.below(3));
        let bmi = 20.0 + 10.0 * numbers.share();
        let on = region % 4 == 1 && period >= 5;
        let did = f64::from(u8::from(on));
        let risk = 0.1 * small(region % 5) - 0.05 * small(period) + 0.1 * small(age)
            - 0.2 * small(parity)
            + 0.03 * (bmi - 25.0);
        let flag = numbers.share() < 0.2 + 0.1 * risk + 0.08 * did;
        let visits = (numbers.share() * (3.0 + risk + did)).trunc();
        let zero = numbers.share() < 0.3;
        let cost = if zero { 0.0 } else { 1000.0 * (1.5 + risk - 0.5 * did) * numbers.share() };
        Unit {
            region: format!("R{region:02}"),
            period: i64::try_from(period).expect("small"),
            levels: vec![age.to_string(), parity.to_string()],
            numerics: vec![bmi],
            outcomes: vec![f64::from(u8::from(flag)), visits, cost],
            weight: 1.0,
        }
    });
    Data {
        units: units.collect(),
        clusters: BTreeMap::new(),
        treated: (0..26).filter(|r| r % 4 == 1).map(|r| format!("R{r:02}")).collect(),
        start: 5,
        weighting: Weighting::None,
        binary: vec![true, false, false],
    }
}

#[test]
fn twenty_thousand_drawn_rows_agree_with_statsmodels() {
    compare("drawn", &drawn(), &facts()["drawn"]);
}

#[test]
fn effects_over_time_agree_with_statsmodels() {
    let facts: Value =
        serde_json::from_str(include_str!("facts/glm_over_time.json")).expect("facts");
    let made = drawn().made();
    for (name, analysis) in [("event", Analysis::EventStudy), ("period", Analysis::PerPeriod)] {
        for (outcome, model) in MODELS.into_iter().enumerate() {
            let theirs = facts[name][model.id()].as_object().expect("terms");
            let compared = made.with(analysis, outcome, model, |fit, design, _| {
                assert_eq!(design.effects.len(), theirs.len());
                for (term, effect) in design.effects.iter().enumerate() {
                    let of = design.name(&effect.target);
                    let (facts, what) =
                        (&theirs[&of], |key: &str| format!("{} {of} {key}", model.id()));
                    let check = |key: &str, ours: f64, share: f64| {
                        agree(ours, number(&facts[key]), share, &what(key));
                    };
                    let coefficient = fit.coefficients(&[term]).expect("identified");
                    check("coefficient", coefficient.values[0], ESTIMATE);
                    let att = fit.att(term).expect("identified");
                    check("att", att.values[0], ESTIMATE);
                    check("att_se", cr0(&att, 0), STD_ERROR);
                }
            });
            compared.unwrap_or_else(|refusal| panic!("{name} {}: {refusal}", model.id()));
        }
    }
}

fn births() -> Data {
    let treated = ["CR01", "CR07", "CR18", "CR25", "CR33", "CR40"];
    let unit = |row: &BTreeMap<String, String>| {
        let get = |name: &str| -> f64 { row[name].parse().expect("number") };
        Unit {
            region: row["region"].clone(),
            period: row["year"].parse().expect("year"),
            levels: Vec::new(),
            numerics: Vec::new(),
            outcomes: vec![get("births") / get("population")],
            weight: get("population"),
        }
    };
    Data {
        units: table(include_str!("facts/births.csv")).iter().map(unit).collect(),
        clusters: BTreeMap::new(),
        treated: treated.map(str::to_owned).to_vec(),
        start: 2018,
        weighting: Weighting::Analytic,
        binary: vec![false],
    }
}

#[test]
fn an_exposure_is_a_weight_of_a_rate() {
    // reference case nl_corop_6_vs_20_pseudo_did, R fixest 0.14.2:
    // fepois(births ~ did | region+year, offset=~log(pop), cluster=~region)
    let made = births().made();
    let compared = made.with(Analysis::Pooled, 0, Model::Poisson, |fit, _, _| {
        let estimate = fit.coefficients(&[0]).expect("identified");
        agree(estimate.values[0], 0.011_355_405_899_174_038, ESTIMATE, "coefficient");
        let fixest = estimate.std_error(0, Covariance::Cr1(SmallSample::Fixest));
        // the same formula in numpy at the converged solution lies 9.44e-8 from fixest's number too:
        // fixest stops at a relative change of the deviance of 1e-8, with the weights it then has
        agree(fixest.expect("exists"), 0.012_726_683_528_634_588, 1e-7, "standard error");
        let (stata, plain) = (Covariance::Cr1(SmallSample::Stata), cr0(&estimate, 0));
        agree(
            estimate.std_error(0, stata).expect("exists"),
            plain * (26.0f64 / 25.0).sqrt(),
            1e-14,
            "G/(G-1)",
        );
    });
    compared.expect("fits");
    // a folder with the reference results may stand beside the checkout: the numbers above are its
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/reference/nl_corop_6_vs_20_pseudo_did.json");
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let case: Value = serde_json::from_str(&text).expect("JSON");
            let printed = &case["results"]["poisson_offset"][0];
            assert_eq!(number(&printed["estimate"]), 0.011_355_405_899_174_038);
            assert_eq!(number(&printed["se"]), 0.012_726_683_528_634_588);
        }
        Err(_) => println!("skipped: the folder with reference results is not beside the checkout"),
    }
}
