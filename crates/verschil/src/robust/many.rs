//! Many outcomes at once, and what a study of this size could have found.

use rayon::prelude::*;
use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::inference::Options;
use verschil_stats::multiplicity::{
    Hypothesis, StepDown, benjamini_hochberg, by_domain, holm, romano_wolf,
};
use verschil_stats::power::{Detectable, equivalence};
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::{Null, Residuals, Wild};
use verschil_study::results::{AdjustedRow, EstimateRow, PowerRow};
use verschil_study::{Outcome, Protocol};

use crate::layout::Layout;

/// The leading row of an outcome's main effect in a comparison.
fn leading<'a>(
    rows: &'a [EstimateRow],
    outcome: &str,
    comparison: &str,
) -> Option<&'a EstimateRow> {
    rows.iter().find(|row| {
        row.headline
            && row.analysis == "main"
            && row.outcome == outcome
            && row.comparison == comparison
    })
}

/// Adjusted p-values of the main comparison, within each domain.
#[must_use]
pub fn adjusted(
    protocol: &Protocol,
    grams: &Grams,
    layout: &Layout,
    options: &Options,
    rows: &[EstimateRow],
) -> Vec<AdjustedRow> {
    let Some(at) = protocol.comparisons.iter().position(|comparison| comparison.main) else {
        return Vec::new();
    };
    let comparison = &protocol.comparisons[at].id;
    let leading: Vec<Option<&EstimateRow>> =
        protocol.outcomes.iter().map(|outcome| leading(rows, &outcome.id, comparison)).collect();
    let p: Vec<Option<f64>> = leading.iter().map(|row| row.and_then(|row| row.p_value)).collect();
    let domains: Vec<&str> = protocol.outcomes.iter().map(|o| o.domain.as_str()).collect();
    let (holm, hochberg) =
        (by_domain(&p, &domains, holm), by_domain(&p, &domains, benjamini_hochberg));
    let steps = step_down(protocol, grams, layout, options, at, &p);
    let tests = |domain: &str| {
        p.iter().zip(&domains).filter(|(p, of)| p.is_some() && **of == domain).count() as u64
    };
    protocol
        .outcomes
        .iter()
        .enumerate()
        .filter_map(|(k, outcome)| {
            let (step, refusal) = match &steps[k] {
                Ok(step) => (Some(step.adjusted), String::new()),
                Err(refusal) => (None, refusal.note()),
            };
            Some(AdjustedRow {
                outcome: outcome.id.clone(),
                domain: outcome.domain.clone(),
                comparison: comparison.clone(),
                method: leading[k]?.method.clone(),
                tests: tests(&outcome.domain),
                p_value: p[k]?,
                holm: holm[k]?,
                benjamini_hochberg: hochberg[k]?,
                romano_wolf: step,
                note: refusal,
            })
        })
        .collect()
}

/// Romano and Wolf's step-down for each domain, in the order of the outcomes.
fn step_down(
    protocol: &Protocol,
    grams: &Grams,
    layout: &Layout,
    options: &Options,
    comparison: usize,
    p: &[Option<f64>],
) -> Vec<Result<StepDown, Refusal>> {
    let setting = layout.setting(comparison);
    let classes = grams.class_count();
    let fits: Vec<Result<Fit, Refusal>> = (0..classes)
        .into_par_iter()
        .map(|class| Design::new(grams, class, &setting, Analysis::Pooled).map(|d| d.fit()))
        .collect();
    let wild = Wild {
        null: Null::Imposed,
        residuals: Residuals::Fitted,
        draws: options.wild_draws,
        count: options.wild_count,
        seed: options.seed,
    };
    let untested = || Refusal::NotDefined { why: "it has no p-value to adjust".to_owned() };
    let mut found: Vec<Result<StepDown, Refusal>> = p.iter().map(|_| Err(untested())).collect();
    for members in families(&protocol.outcomes, p) {
        let mut family = Vec::new();
        let mut places = Vec::new();
        for k in members {
            match &fits[grams.class_of[k]] {
                // one treated cluster says nothing by a wild bootstrap
                Ok(fit) if fit.normal.touched[0].len() < 2 => {
                    found[k] = Err(Refusal::OneTreatedCluster);
                }
                Ok(fit) => {
                    let at = fit.normal.outcomes.iter().position(|&o| o == k).unwrap_or_default();
                    family.push(Hypothesis { fit, term: 0, at });
                    places.push(k);
                }
                Err(refusal) => found[k] = Err(refusal.clone()),
            }
        }
        for (k, answer) in places.into_iter().zip(romano_wolf(&family, &wild)) {
            found[k] = answer;
        }
    }
    found
}

/// Tested outcomes of each domain.
fn families(outcomes: &[Outcome], p: &[Option<f64>]) -> Vec<Vec<usize>> {
    let mut families: Vec<(&str, Vec<usize>)> = Vec::new();
    for (k, outcome) in outcomes.iter().enumerate().filter(|(k, _)| p[*k].is_some()) {
        match families.iter_mut().find(|(domain, _)| *domain == outcome.domain) {
            Some((_, members)) => members.push(k),
            None => families.push((&outcome.domain, vec![k])),
        }
    }
    families.into_iter().map(|(_, members)| members).collect()
}

/// Minimal detectable effects and tests of equivalence, for every comparison.
#[must_use]
pub fn power(protocol: &Protocol, rows: &[EstimateRow]) -> Vec<PowerRow> {
    let pairs = protocol
        .comparisons
        .iter()
        .flat_map(|comparison| protocol.outcomes.iter().map(move |outcome| (comparison, outcome)));
    let mut detectable = Detectable::new(1.0 - protocol.analysis.level, protocol.analysis.power);
    pairs
        .filter_map(|(comparison, outcome)| {
            let row = leading(rows, &outcome.id, &comparison.id)?;
            Some(power_of(protocol, outcome, row, &mut detectable))
        })
        .collect()
}

fn power_of(
    protocol: &Protocol,
    outcome: &Outcome,
    row: &EstimateRow,
    detectable: &mut Detectable,
) -> PowerRow {
    let alpha = 1.0 - protocol.analysis.level;
    let mut found = PowerRow {
        outcome: outcome.id.clone(),
        comparison: row.comparison.clone(),
        method: row.method.clone(),
        alpha,
        power: protocol.analysis.power,
        smallest_relevant_effect: outcome.smallest_relevant_effect,
        ..PowerRow::default()
    };
    let (Some(std_error), Some(df)) = (row.std_error, row.df) else {
        found.note = "no_std_error: the method that leads has no standard error".to_owned();
        return found;
    };
    match detectable.effect(std_error, df) {
        Ok(effect) => found.minimal_detectable_effect = Some(effect),
        Err(refusal) => found.note = refusal.note(),
    }
    if let (Some(bound), Some(estimate)) = (outcome.smallest_relevant_effect, row.estimate) {
        match equivalence(estimate, std_error, df, (-bound, bound), alpha) {
            Ok(test) => {
                found.equivalence_p_value = Some(test.p_value);
                found.equivalent = Some(test.equivalent);
            }
            Err(refusal) => found.note = refusal.note(),
        }
    }
    found
}
