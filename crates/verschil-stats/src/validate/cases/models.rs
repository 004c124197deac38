//! Logit, Poisson and Gamma models against statsmodels.

use std::collections::BTreeMap;

use crate::did::{Analysis, Design, EffectCells};
use crate::estimate::{Covariance, Estimate};
use crate::glm::{GlmFit, Model};
use crate::grams::{Weighting, count};
use crate::refusal::Refusal;
use crate::validate::files::Node;
use crate::validate::rows::{Data, Numbers, Unit};
use crate::validate::{ESTIMATE, Fault, Files, Ledger, STD_ERROR};

const MODELS: [Model; 3] = [Model::Logit, Model::Poisson, Model::Gamma];

/// A number's name, ours, and the tolerance.
type Number = (&'static str, f64, f64);

/// What one model says: named numbers with their tolerances, and effects without each cluster.
struct Found {
    numbers: Vec<Number>,
    without: Vec<f64>,
}

fn cr0(estimate: &Estimate, j: usize) -> Result<f64, Refusal> {
    estimate.std_error(j, Covariance::Cr0)
}

/// Estimates, CR0 and every delete-one estimate; outcomes are of the three models in order.
pub(super) fn compare(ledger: &mut Ledger, data: &Data, reference: &Node) -> Result<(), Fault> {
    let made = data.made()?;
    ledger.agree("rows", count(data.units.len() as u64), reference.number_at(&["n"])?, 0.0);
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let id = model.id();
        let theirs = reference.get(id)?;
        let found = made.with(Analysis::Pooled, outcome, model, |fit, _, _| {
            let coefficient = fit.coefficients(&[0])?;
            let (levels, att, ratio) = (fit.levels(0)?, fit.att(0)?, fit.log_ratio(0)?);
            let numbers = vec![
                ("coefficient", coefficient.values[0], ESTIMATE),
                ("coefficient_se", cr0(&coefficient, 0)?, STD_ERROR),
                ("with", levels.values[0], ESTIMATE),
                ("without", levels.values[1], ESTIMATE),
                ("with_se", cr0(&levels, 0)?, STD_ERROR),
                ("without_se", cr0(&levels, 1)?, STD_ERROR),
                ("att", att.values[0], ESTIMATE),
                ("att_se", cr0(&att, 0)?, STD_ERROR),
                ("log_ratio_se", cr0(&ratio, 0)?, STD_ERROR),
            ];
            let without = att.deleted?.first().cloned().unwrap_or_default();
            Ok::<_, Refusal>(Found { numbers, without })
        })??;
        for (name, ours, tolerance) in found.numbers {
            ledger.agree(format!("{id} {name}"), ours, theirs.number_at(&[name])?, tolerance);
        }
        let theirs = theirs.get("att_without")?.numbers()?;
        let clusters = count(found.without.len() as u64);
        ledger.agree(format!("{id} clusters"), clusters, count(theirs.len() as u64), 0.0);
        for (at, (ours, theirs)) in found.without.iter().zip(theirs).enumerate() {
            let label = format!("{id} att without cluster {}", at + 1);
            ledger.agree(label, *ours, theirs, ESTIMATE);
        }
    }
    Ok(())
}

/// 20,000 rows: 26 regions, 8 periods, two categorical covariates and a numeric one.
fn drawn() -> Data {
    let mut numbers = Numbers(2026);
    let small = |n: u64| count(n);
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
            period: period.cast_signed(),
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

/// The rows that the reference's script draws, which need no file.
pub(crate) fn drawn_rows(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("glm_statsmodels")?;
    compare(ledger, &drawn(), &reference.get("drawn")?)?;
    over_time(ledger, &drawn(), &reference.get("over_time")?)
}

/// The effect of each event time and of each period, with its CR0 standard error.
fn over_time(ledger: &mut Ledger, data: &Data, reference: &Node) -> Result<(), Fault> {
    let made = data.made()?;
    for (name, analysis) in [("event", Analysis::EventStudy), ("period", Analysis::PerPeriod)] {
        for (outcome, model) in MODELS.into_iter().enumerate() {
            let theirs = reference.get(name)?.get(model.id())?;
            let found = made.with(analysis, outcome, model, |fit, design, _| {
                let effects = design.effects.iter().enumerate();
                let one = |(term, effect): (usize, &_)| effect_of(fit, design, term, effect);
                effects.map(one).collect::<Result<Vec<_>, Refusal>>()
            })??;
            for (of, numbers) in found {
                for (key, ours, tolerance) in numbers {
                    let label = format!("{} {of} {key}", model.id());
                    ledger.agree(label, ours, theirs.number_at(&[&of, key])?, tolerance);
                }
            }
        }
    }
    Ok(())
}

/// An effect's name, coefficient and contrast.
fn effect_of(
    fit: &GlmFit,
    design: &Design,
    term: usize,
    effect: &EffectCells,
) -> Result<(String, Vec<Number>), Refusal> {
    let (coefficient, att) = (fit.coefficients(&[term])?, fit.att(term)?);
    let numbers = vec![
        ("coefficient", coefficient.values[0], ESTIMATE),
        ("att", att.values[0], ESTIMATE),
        ("att_se", cr0(&att, 0)?, STD_ERROR),
    ];
    Ok((design.name(&effect.target), numbers))
}
