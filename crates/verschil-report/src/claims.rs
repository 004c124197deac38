//! The report's own numbers and sentences as claims, for the audit that published claims get.

use verschil_study::claims::{
    About, Claim, Counts, Effect, Levels, PValue, Printed, Scale, Wording,
};
use verschil_study::results::{EstimateRow, OutcomeFacts, TrendCheck};

use crate::sentences::{effect, permutation, public};
use crate::view::View;

/// Every effect, check and count that the report prints, rounded as it prints them.
pub(crate) fn all(view: &View) -> Vec<Claim> {
    let mut claims = Vec::new();
    for row in &view.results.estimates {
        let facts = view.outcome(&row.outcome).filter(|_| row.estimate.is_some());
        claims.extend(facts.into_iter().flat_map(|facts| effects(view, facts, row)));
    }
    for facts in &view.results.outcomes {
        claims.extend(said(view, facts));
    }
    claims.extend(view.results.trend_checks.iter().map(checked));
    claims.extend(counted(view));
    claims
}

fn about(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> About {
    let names = [view.phrase(facts), view.name(facts)];
    About {
        outcome: facts.id.clone(),
        label: names.join(";"),
        analysis: [row.analysis.as_str(), &row.model, &row.method].join(" "),
        population: row.comparison.clone(),
        ..About::default()
    }
}

fn id(row: &EstimateRow) -> String {
    [row.outcome.as_str(), &row.analysis, &row.comparison, &row.model, &row.method].join(" ")
}

/// Whether the row stands in the table of effects, with its levels.
fn leads(view: &View, row: &EstimateRow) -> bool {
    row.headline && row.analysis == "main" && row.comparison == view.main.id
}

/// The effect in the outcome's own unit, and as a percentage where there is one.
fn effects(view: &View, facts: &OutcomeFacts, row: &EstimateRow) -> Vec<Claim> {
    let measure = view.measure(facts);
    let own = |value: Option<f64>| Printed::rounded(value? * measure.factor(), facts.decimals);
    let percent = |value: Option<f64>| Printed::rounded(value?, 1);
    // a unit of the study's own is never taken for a percentage of a level
    let unit = if facts.kind == "binary" {
        "pp".to_owned()
    } else {
        format!("in {}", measure.effect_unit())
    };
    let level = permutation::attained(view, row).map_or(view.results.design.level, |a| a.level);
    let effect = Effect {
        estimate: own(row.estimate),
        low: own(row.ci_low),
        high: own(row.ci_high),
        unit,
        scale: Scale::Linear,
        // only intervals made of a standard error have their estimate halfway
        anywhere: !row.method.starts_with("cr"),
        confidence: Printed::rounded(level * 100.0, 1),
        p_value: row.p_value.and_then(p_value),
    };
    let shown = leads(view, row);
    let absolute = Claim {
        id: id(row),
        about: about(view, facts, row),
        effect: effect.clone(),
        levels: Levels {
            before: own(row.counterfactual).filter(|_| shown),
            after: own(row.observed).filter(|_| shown),
            ..Levels::default()
        },
        ..Claim::default()
    };
    let Some(relative) = percent(row.relative) else { return vec![absolute] };
    let relative = Claim {
        id: format!("{} relative", id(row)),
        about: about(view, facts, row),
        effect: Effect {
            estimate: Some(relative),
            low: percent(row.relative_ci_low),
            high: percent(row.relative_ci_high),
            unit: "%".to_owned(),
            p_value: None,
            ..effect
        },
        levels: Levels { change: own(row.estimate), base: own(row.base), ..Levels::default() },
        ..Claim::default()
    };
    vec![absolute, relative]
}

/// As the report prints it: three decimals, or that it is below them.
fn p_value(p: f64) -> Option<PValue> {
    const SMALLEST: f64 = 0.001;
    let printed = Printed::rounded(p.max(SMALLEST), 3)?;
    Some(if p < SMALLEST { PValue::Below(printed) } else { PValue::Equal(printed) })
}

/// The sentences about an outcome, and its point in the public summary, each with the numbers that they
/// are about.
fn said(view: &View, facts: &OutcomeFacts) -> Vec<Claim> {
    let Some(row) = view.main_row(facts).filter(|row| row.estimate.is_some()) else {
        return Vec::new();
    };
    let texts = [
        ("sentences", Some(effect::outcome(view, facts))),
        ("summary", Some(public::outcome(view, facts).text)),
    ];
    let told = texts.into_iter().filter_map(|(place, text)| Some((place, text?)));
    let claims = told.flat_map(|(place, text)| {
        effects(view, facts, row).into_iter().map(move |claim| Claim {
            id: format!("{} {place}", claim.id),
            wording: Wording {
                text: text.clone(),
                language: view.language.to_owned(),
                ..Wording::default()
            },
            ..claim
        })
    });
    claims.collect()
}

fn count(n: usize) -> Option<Printed> {
    u32::try_from(n).ok().and_then(|n| Printed::rounded(f64::from(n), 0))
}

/// Periods that differ, out of those tested.
fn checked(check: &TrendCheck) -> Claim {
    Claim {
        id: format!("{} {} trend check", check.outcome, check.comparison),
        about: About {
            outcome: check.outcome.clone(),
            aspect: "trend check".to_owned(),
            population: check.comparison.clone(),
            ..About::default()
        },
        counts: Counts {
            n: count(check.significant.len()),
            of: count(check.periods.len()),
            ..Counts::default()
        },
        ..Claim::default()
    }
}

/// Boxes of the flow diagram: each is what was left out and what remains, and begins with what
/// the one before left.
fn counted(view: &View) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (index, step) in view.results.attrition.iter().enumerate() {
        let whole = format!("attrition {index}");
        let remaining = |after: usize| format!("population after {after} steps");
        let boxes = [
            (whole.clone(), remaining(index), step.before, ""),
            (
                format!("{whole} excluded"),
                format!("excluded at {index}"),
                step.excluded,
                whole.as_str(),
            ),
            (format!("{whole} after"), remaining(index + 1), step.after, whole.as_str()),
        ];
        claims.extend(boxes.into_iter().map(|(id, outcome, n, part_of)| Claim {
            id,
            about: About { outcome, aspect: "count".to_owned(), ..About::default() },
            counts: Counts {
                // beyond 2^53 rows a count would round
                n: Printed::rounded(n as f64, 0),
                part_of: part_of.to_owned(),
                ..Counts::default()
            },
            ..Claim::default()
        }));
    }
    claims
}
