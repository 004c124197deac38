//! Rules about further models, placebos and the specification curve.

use super::Facts;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::{CovariateSets, Model, TransitionChoice};

/// Most combinations of a specification curve.
const MOST_COMBINATIONS: u128 = 50_000;

pub(super) fn models(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    if !facts.sound(&["analysis.models"]) {
        return;
    }
    let kinds: Vec<_> = protocol.outcomes.iter().map(|outcome| outcome.kind).collect();
    for (index, model) in protocol.analysis.models.iter().enumerate() {
        if kinds.iter().any(|kind| model.fits(*kind)) {
            continue;
        }
        facts.push(
            &format!("analysis.models[{index}]"),
            Problem::warning("model-unused", "no outcome is of a kind that this model fits")
                .found(format!("`{}`", model.as_str()))
                .hint("remove it, or see the kinds of the outcomes"),
        );
    }
}

pub(super) fn placebo_starts(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let (treatment, period) = (&protocol.treatment, &protocol.period);
    if !facts.sound(&["analysis.placebo_starts", "treatment.start", "treatment.transition"]) {
        return;
    }
    for (index, &start) in protocol.analysis.placebo_starts.iter().enumerate() {
        let why = if start >= treatment.start {
            "is not before the start"
        } else if treatment.transition.contains(&start) {
            "is a transition period, which is dropped"
        } else if period.first.is_some_and(|first| start <= first) {
            "has no period of the window before it"
        } else {
            continue;
        };
        facts.push(
            &format!("analysis.placebo_starts[{index}]"),
            Problem::error("placebo-start", format!("{start} {why}"))
                .found(start.to_string())
                .allowed("periods before the start and the transition, with a period before them")
                .hint("remove it from the list"),
        );
    }
}

pub(super) fn curve_comparisons(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(curve) = &protocol.specification_curve else {
        return;
    };
    let ids: Vec<&str> = protocol.comparisons.iter().map(|c| c.id.as_str()).collect();
    for (index, name) in curve.comparisons.iter().enumerate() {
        let path = format!("specification_curve.comparisons[{index}]");
        if ids.contains(&name.as_str()) || !facts.sound(&[&path]) {
            continue;
        }
        let near = did_you_mean(name, ids.iter().copied());
        let declare = "declare it as a [[comparison]]".to_owned();
        facts.push(
            &path,
            Problem::error("unknown-comparison", format!("there is no comparison `{name}`"))
                .found(format!("`{name}`"))
                .allowed(some_of(ids.iter().copied()))
                .hint(if near.is_empty() { declare } else { near }),
        );
    }
}

pub(super) fn curve_models(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(curve) = &protocol.specification_curve else {
        return;
    };
    if !facts.sound(&["specification_curve.models"]) {
        return;
    }
    if !curve.models.contains(&Model::Linear) {
        facts.push(
            "specification_curve.models",
            Problem::error("curve-without-linear", "the specification curve has no linear model")
                .found(some_of(curve.models.iter().map(|model| model.as_str())))
                .allowed("`linear`, and models beside it")
                .hint("add \"linear\": the test of the whole curve is about it"),
        );
    }
    let kinds: Vec<_> = protocol.outcomes.iter().map(|outcome| outcome.kind).collect();
    for (index, model) in curve.models.iter().enumerate() {
        if !kinds.iter().any(|kind| model.fits(*kind)) {
            facts.push(
                &format!("specification_curve.models[{index}]"),
                Problem::warning("model-unused", "no outcome is of a kind that this model fits")
                    .found(format!("`{}`", model.as_str()))
                    .hint("remove it, or see the kinds of the outcomes"),
            );
        }
    }
}

pub(super) fn curve_windows(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(curve) = &protocol.specification_curve else {
        return;
    };
    let (start, period) = (protocol.treatment.start, &protocol.period);
    if !facts.sound(&["treatment.start", "period.first", "period.last"]) {
        return;
    }
    let outside = |at: i64| {
        period.first.is_some_and(|first| at < first) || period.last.is_some_and(|last| at > last)
    };
    let first = curve.first.iter().enumerate().filter(|(_, at)| **at >= start || outside(**at));
    let last = curve.last.iter().enumerate().filter(|(_, at)| **at < start || outside(**at));
    let told = first
        .map(|(index, at)| ("first", index, *at, "before the start"))
        .chain(last.map(|(index, at)| ("last", index, *at, "from the start on")));
    for (key, index, at, side) in told {
        facts.push(
            &format!("specification_curve.{key}[{index}]"),
            Problem::error("curve-window", format!("{at} cannot be the {key} period of a window"))
                .found(at.to_string())
                .allowed(format!("periods of the study's window, {side}"))
                .hint("change it, or remove it from the list"),
        );
    }
}

pub(super) fn curve_transition(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(curve) = &protocol.specification_curve else {
        return;
    };
    if protocol.treatment.transition.is_empty()
        && facts.sound(&["treatment.transition", "specification_curve.transition"])
        && curve.transition.contains(&TransitionChoice::Treated)
    {
        facts.push(
            "specification_curve.transition",
            Problem::warning("curve-transition", "there are no transition periods to choose about")
                .found("`treated`")
                .hint("remove the key, or name transition periods under [treatment]"),
        );
    }
}

pub(super) fn curve_size(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(curve) = &protocol.specification_curve else {
        return;
    };
    let covariates = protocol.covariates.len();
    let sets: u128 = curve
        .covariates
        .iter()
        .map(|kind| match kind {
            CovariateSets::All | CovariateSets::None => 1,
            CovariateSets::EachLeftOut => covariates as u128,
            CovariateSets::Subsets => 1 << covariates.min(64),
        })
        .sum();
    let comparisons = match curve.comparisons.len() {
        0 => protocol.comparisons.len(),
        named => named,
    };
    let (first, last) = (curve.first.len(), curve.last.len());
    let choices = [comparisons, first, last, curve.transition.len(), curve.models.len()];
    let combinations = choices.iter().fold(sets, |all, &n| all.saturating_mul(n.max(1) as u128));
    if combinations > MOST_COMBINATIONS {
        facts.push(
            "specification_curve",
            Problem::error("curve-size", "the specification curve has too many combinations")
                .found(format!("{combinations} combinations"))
                .allowed(format!("at most {MOST_COMBINATIONS}"))
                .hint("take \"each_left_out\" for \"subsets\", or fewer windows"),
        );
    }
}

/// Methods that need sets or coarser clusters, in a protocol that has none: all their rows will be
/// refused.
pub(super) fn methods_without_ground(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let asked = |id: &str| protocol.analysis.methods.iter().any(|method| method == id);
    if !facts.sound(&["analysis.methods"]) {
        return;
    }
    let matched = protocol.comparisons.iter().any(|comparison| comparison.matching.is_some());
    if asked("permutation_matched") && !matched && facts.sound(&["comparison"]) {
        facts.push(
            "analysis.methods",
            Problem::warning("no-matched-sets", "no comparison has matched sets to permute within")
                .found("permutation_matched, and no comparison with `match`")
                .hint("choose controls by [comparison.match], or use permutation"),
        );
    }
    if asked("wild_subcluster") && protocol.region.cluster.is_none() && facts.sound(&["region"]) {
        facts.push(
            "analysis.methods",
            Problem::warning(
                "no-coarser-clusters",
                "there is no level below the clusters to draw for",
            )
            .found("wild_subcluster, and clusters that are the regions")
            .hint("name coarser clusters in region.cluster, or use another wild bootstrap"),
        );
    }
}
