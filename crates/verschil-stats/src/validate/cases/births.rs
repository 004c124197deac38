//! Births in Dutch regions and provinces with an invented treatment from 2018.

use std::collections::BTreeMap;

use super::castle::{FIXEST, STATA, without_share};
use super::clubsandwich::{Theirs, compare_cr2};
use super::panels::{compare_terms, std_error};
use crate::did::{Analysis, Design, Setting};
use crate::distribution::student_p;
use crate::estimate::{Covariance, Estimate};
use crate::fit::Fit;
use crate::glm::Model;
use crate::grams::{Grams, Weighting, count};
use crate::normal::Term;
use crate::permutation::{PermutationResult, permute};
use crate::validate::rows::{Data, Unit};
use crate::validate::tables::{Columns, Table, indicator, normal};
use crate::validate::{ESTIMATE, Fault, Files, Ledger, STD_ERROR};
use crate::wild::{Draws, Null, Residuals, Wild, WildResult, wild_bootstrap};

pub(crate) const DATA: &str = "data/nl_cbs_population_dynamics/births.csv";
const START: i64 = 2018;
const COLUMNS: Columns =
    Columns { region: "region", period: "year", outcome: "rate", covariates: &[] };

/// Births per thousand inhabitants of the regions whose code starts so.
fn table(files: &Files, kind: &str) -> Result<Table, Fault> {
    let table = files.table(DATA)?;
    let regions = table.texts("region")?;
    let mut kept = table.keep("regions", |row| regions[row].starts_with(kind))?;
    let births = kept.numbers("births")?;
    let rates: Vec<String> = births
        .iter()
        .zip(kept.numbers("population")?)
        .map(|(births, population)| (1000.0 * births / population).to_string())
        .collect();
    kept.add("rate", rates.into_iter());
    Ok(kept)
}

/// Regions and which of them the reference treats.
struct Study {
    table: Table,
    grams: Grams,
    treated: Vec<String>,
}

impl Study {
    fn new(table: Table, treated: Vec<String>) -> Result<Self, Fault> {
        let grams = table.unweighted(&COLUMNS)?;
        Ok(Self { table, grams, treated })
    }

    fn on(&self, region: &str) -> bool {
        self.treated.iter().any(|treated| treated == region)
    }

    fn did(&self, grams: &Grams) -> Fit {
        let term = indicator(grams, "did", |region, year| self.on(region) && year >= START);
        Fit::new(normal(grams, &[term]))
    }

    fn setting(&self) -> Setting {
        let (treated, controls) =
            (0..self.grams.regions.len()).partition(|&r| self.on(&self.grams.regions[r]));
        let (pre, post): (Vec<usize>, Vec<usize>) =
            (0..self.grams.periods.len()).partition(|&t| self.grams.periods[t] < START);
        let reference = pre.last().copied().unwrap_or(0);
        Setting { treated, controls, pre, post, reference, references: Vec::new() }
    }
}

fn six_of_26(files: &Files) -> Result<Study, Fault> {
    let reference = files.results("nl_corop_6_vs_20_pseudo_did")?;
    Study::new(table(files, "CR")?, reference.get("treated")?.texts()?)
}

pub(crate) fn regressions(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("nl_corop_6_vs_20_pseudo_did")?;
    let study = six_of_26(files)?;
    let fit = study.did(&study.grams);
    ledger.agree("rows", fit.normal.n, reference.number_at(&["n"])?, 0.0);
    compare_terms(ledger, &fit, &reference.get("ols")?)?;
    let plain = std_error(&fit, Covariance::Cr0)?;
    for (kind, ours) in
        [("CR0", plain), ("CR1", plain * without_share(26.0)), ("CR1S", std_error(&fit, STATA)?)]
    {
        let theirs = reference.get("cr")?.find("type", kind)?.number_at(&["se"])?;
        ledger.agree(format!("{kind} se"), ours, theirs, STD_ERROR);
    }
    let theirs = Theirs::of(&reference.get("cr")?.find("type", "CR2")?)?;
    compare_cr2(ledger, "CR2", &fit, &[1.0], &theirs)?;
    let cr3 = std_error(&fit, Covariance::Cr3)? * without_share(26.0);
    ledger
        .agree("CR3 se", cr3, reference.number_at(&["cr3", "0", "se"])?, STD_ERROR)
        .because("clubSandwich leaves the (G-1)/G of the jackknife out");
    let weights = study.table.maybe_weighted(&COLUMNS, Some("population"))?;
    let weighted = study.did(&weights);
    let theirs = reference.down(&["weighted", "0"])?;
    let estimate = Estimate::from_fit(&weighted, &[0], 0)?;
    let se = estimate.std_error(0, FIXEST)?;
    let value = theirs.number_at(&["estimate"])?;
    ledger.agree("weighted estimate", estimate.values[0], value, ESTIMATE);
    ledger.agree("weighted se", se, theirs.number_at(&["se"])?, STD_ERROR);
    let p = student_p(estimate.values[0] / se, 26);
    ledger.agree("weighted p", p, theirs.number_at(&["p"])?, STD_ERROR);
    let events: Vec<Term> = study
        .grams
        .periods
        .iter()
        .filter(|&&year| year != START - 1)
        .map(|&e| indicator(&study.grams, format!("event {e}"), |r, y| study.on(r) && y == e))
        .collect();
    let events = Fit::new(normal(&study.grams, &events));
    compare_terms(ledger, &events, &reference.get("event_study")?)?;
    linear_trend(ledger, &study, &reference.get("linear_pretrend")?)?;
    poisson(ledger, &study, &reference.down(&["poisson_offset", "0"])?)
}

/// A line for the treated before the start.
fn linear_trend(
    ledger: &mut Ledger,
    study: &Study,
    reference: &crate::validate::files::Node,
) -> Result<(), Fault> {
    let years = study.table.integers("year")?;
    let before = study.table.keep("years before 2018", |row| years[row] < START)?;
    let grams = before.unweighted(&COLUMNS)?;
    let line = Term::new(&grams, "line before the start".into(), |r, t| {
        #[allow(clippy::cast_precision_loss)]
        let year = (grams.periods[t] - START) as f64;
        if study.on(&grams.regions[r]) { year } else { 0.0 }
    });
    compare_terms(ledger, &Fit::new(normal(&grams, &[line])), reference)
}

/// A Poisson model of births with the log of inhabitants as offset: one of the rate, weighted.
fn poisson(
    ledger: &mut Ledger,
    study: &Study,
    reference: &crate::validate::files::Node,
) -> Result<(), Fault> {
    let table = &study.table;
    let (regions, years) = (table.texts("region")?, table.integers("year")?);
    let (births, population) = (table.numbers("births")?, table.numbers("population")?);
    let unit = |row: usize| Unit {
        region: regions[row].to_owned(),
        period: years[row],
        levels: Vec::new(),
        numerics: Vec::new(),
        outcomes: vec![births[row] / population[row]],
        weight: population[row],
    };
    let data = Data {
        units: (0..table.len()).map(unit).collect(),
        clusters: BTreeMap::new(),
        treated: study.treated.clone(),
        start: START,
        weighting: Weighting::Analytic,
        binary: vec![false],
    };
    let estimate = data
        .made()?
        .with(Analysis::Pooled, 0, Model::Poisson, |fit, _, _| fit.coefficients(&[0]))??;
    let theirs = reference.number_at(&["estimate"])?;
    ledger.agree("poisson estimate", estimate.values[0], theirs, ESTIMATE);
    let se = estimate.std_error(0, FIXEST)?;
    ledger.agree("poisson se", se, reference.number_at(&["se"])?, 1e-7).because(
        "fixest stops at a relative change of the deviance of 1e-8, with the weights it then has",
    );
    Ok(())
}

fn exact(ledger: &mut Ledger, label: &str, result: &PermutationResult, theirs: [f64; 4]) {
    let [estimate, assignments, extreme, p] = theirs;
    ledger.agree(format!("{label} estimate"), result.estimate, estimate, ESTIMATE);
    ledger.agree(format!("{label} assignments"), count(result.assignments), assignments, 0.0);
    ledger.agree(format!("{label} as extreme"), count(result.extreme), extreme, 0.0);
    // one rounding of a ratio of whole numbers
    ledger.agree(format!("{label} p"), result.p_value(), p, 1e-15);
}

pub(crate) fn permutations(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("nl_corop_6_vs_20_permutation")?.get("unweighted")?;
    let study = six_of_26(files)?;
    let setting = study.setting();
    let number = |key: &str| reference.number_at(&[key]);
    let design = Design::new(&study.grams, 0, &setting, Analysis::Pooled)?;
    let found = permute(&design.exchange(0, 300_000, 1)?, 0.95)?;
    let all = &found[0][0];
    let theirs = [
        number("estimate")?,
        number("assignments")?,
        number("count_abs_beta_ge")?,
        number("p_beta")?,
    ];
    exact(ledger, "six of 26", all, theirs);
    let extreme_t = all.extreme_t.map_or(0.0, count);
    ledger.agree("six of 26, t as extreme", extreme_t, number("count_abs_t_ge")?, 0.0);
    ledger.agree("six of 26, p of t", all.p_value_t().unwrap_or(0.0), number("p_t")?, 1e-15);
    let fit = design.fit();
    let se = std_error(&fit, Covariance::Cr0)?;
    ledger.agree("six of 26, se", se, number("se_cr0")?, STD_ERROR);
    let t = all.estimate / se;
    ledger.agree("six of 26, t", t, number("t_cr0")?, STD_ERROR);
    let alone = Design::new(&study.grams, 0, &setting, Analysis::PerRegion)?;
    for (of, &region) in setting.treated.iter().enumerate() {
        let region = &study.grams.regions[region];
        let theirs = reference.down(&["per_region_alone", region])?;
        let keys = ["estimate", "assignments", "count_abs_ge", "p"];
        let mut wanted = [0.0; 4];
        for (wanted, key) in wanted.iter_mut().zip(keys) {
            *wanted = theirs.number_at(&[key])?;
        }
        let found = permute(&alone.exchange(of, 300_000, 1)?, 0.95)?;
        exact(ledger, &format!("{region} alone"), &found[0][0], wanted);
    }
    Ok(())
}

fn bootstrap(
    fit: &Fit,
    (null, residuals, draws): (Null, Residuals, Draws),
    level: f64,
) -> Result<WildResult, Fault> {
    let wild = Wild { null, residuals, draws, count: 99_999, seed: 1 };
    Ok(wild_bootstrap(fit, 0, 0, &wild, level)?)
}

const WCR: (Null, Residuals, Draws) = (Null::Imposed, Residuals::Fitted, Draws::Rademacher);
const WCU: (Null, Residuals, Draws) = (Null::Free, Residuals::Fitted, Draws::Rademacher);
const VECTORS: f64 = 4096.0;
const TIES: &str = "their engine fnw11 loses the two sign vectors that tie to rounding: 146 of 4,096, \
    where its engines 11 and 31, wildboottest and ours have 148";

pub(crate) fn provinces(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("nl_province_wild_bootstrap_enumerated")?;
    let python = files.results("nl_province_wild_bootstrap_wildboottest")?;
    let study = Study::new(table(files, "PV")?, reference.get("treated")?.texts()?)?;
    let fit = study.did(&study.grams);
    let estimate = Estimate::from_fit(&fit, &[0], 0)?.values[0];
    ledger.agree("estimate", estimate, reference.number_at(&["estimate"])?, ESTIMATE);
    let cr3 = std_error(&fit, Covariance::Cr3)?;
    for key in ["CRV3_se", "CRV3J_se"] {
        ledger.agree(key, cr3, reference.number_at(&["jackknife", key])?, STD_ERROR);
    }
    let boot = reference.get("boot")?;
    let t = estimate / std_error(&fit, STATA)?;
    let wcr = bootstrap(&fit, WCR, 0.95)?;
    let jackknifed =
        bootstrap(&fit, (Null::Imposed, Residuals::Jackknifed, Draws::Rademacher), 0.95)?;
    let wcu = bootstrap(&fit, WCU, 0.95)?;
    for (key, ours) in [
        ("rademacher_null_11", &wcr),
        ("rademacher_null_31", &jackknifed),
        ("rademacher_unrestricted", &wcu),
    ] {
        ledger.agree(format!("{key} p"), ours.p_value, boot.number_at(&[key, "p"])?, 0.0);
        ledger.agree(format!("{key} t"), t, boot.number_at(&[key, "t"])?, STD_ERROR);
    }
    for (key, ours) in [("rademacher_null_11", &wcr), ("rademacher_null_31", &jackknifed)] {
        let theirs = python.get(key)?;
        let p = theirs.number_at(&["p-value"])?;
        ledger.agree(format!("wildboottest {key} p"), ours.p_value, p, 0.0);
        let wanted = theirs.number_at(&["statistic"])?;
        ledger.agree(format!("wildboottest {key} t"), t, wanted, STD_ERROR);
    }
    let theirs = boot.get("rademacher_null")?;
    let p = wcr.p_value - 2.0 / VECTORS;
    ledger.agree("rademacher_null p", p, theirs.number_at(&["p"])?, 0.0).because(TIES);
    // at every hypothesis their p lies 2/4096 below ours, so ours at that alpha is theirs at 5%
    let alike = bootstrap(&fit, WCR, 0.95 - 2.0 / VECTORS)?;
    let root = "their root finder stops at a relative 1e-6";
    for (key, ours, near) in
        [("rademacher_null", &alike, 1e-5), ("rademacher_unrestricted", &wcu, 1e-6)]
    {
        let theirs = boot.down(&[key, "conf_int"])?.numbers()?;
        for (ours, theirs) in [ours.interval.0, ours.interval.1].into_iter().zip(theirs) {
            ledger.within(format!("{key} interval"), ours, theirs, near).because(root);
        }
    }
    webb(ledger, &study, &boot)
}

/// Draws of six points: p-values of no effect, and of the effects at the ends of their intervals.
fn webb(
    ledger: &mut Ledger,
    study: &Study,
    boot: &crate::validate::files::Node,
) -> Result<(), Fault> {
    let why =
        "three standard deviations of both Monte Carlo errors, 9,999 draws there and 99,999 here";
    // three standard deviations of two independent shares
    let error = |p: f64| 3.0 * (p * (1.0 - p) * (1.0 / 9_999.0 + 1.0 / 99_999.0)).sqrt();
    for (key, null) in [("webb_null", Null::Imposed), ("webb_unrestricted", Null::Free)] {
        let settings = (null, Residuals::Fitted, Draws::Webb);
        let theirs = boot.get(key)?;
        let mut tested = vec![("of no effect", 0.0, theirs.number_at(&["p"])?)];
        for end in theirs.get("conf_int")?.numbers()? {
            tested.push(("at an end of their interval", end, 0.05));
        }
        for (what, effect, wanted) in tested {
            let mut shifted = study.table.clone();
            let (regions, years) = (study.table.texts("region")?, study.table.integers("year")?);
            let rates = study.table.numbers("rate")?.into_iter().enumerate().map(|(row, rate)| {
                let on = study.on(regions[row]) && years[row] >= START;
                (if on { rate - effect } else { rate }).to_string()
            });
            shifted.add("shifted", rates);
            let columns = Columns { outcome: "shifted", ..COLUMNS };
            let fit = study.did(&shifted.unweighted(&columns)?);
            let ours = bootstrap(&fit, settings, 0.95)?.p_value;
            ledger.within(format!("{key} p {what}"), ours, wanted, error(wanted)).because(why);
        }
    }
    Ok(())
}
