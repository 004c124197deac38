//! Rules about what the study asks of the data.

use std::collections::BTreeSet;

use super::Facts;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::OutcomeKind;

pub(super) fn domains(facts: &mut Facts<'_>) {
    let names: BTreeSet<&str> = facts.protocol.domains.iter().map(|d| d.id.as_str()).collect();
    if names.is_empty() {
        return;
    }
    for (index, outcome) in facts.protocol.outcomes.iter().enumerate() {
        let path = format!("outcome[{index}].domain");
        if names.contains(outcome.domain.as_str()) || !facts.sound(&[&path]) {
            continue;
        }
        let near = did_you_mean(&outcome.domain, names.iter().copied());
        let hint = if near.is_empty() { "declare it as a [[domain]]".to_owned() } else { near };
        facts.push(
            &path,
            Problem::error("unknown-domain", format!("there is no domain `{}`", outcome.domain))
                .found(format!("`{}`", outcome.domain))
                .allowed(some_of(names.iter().copied()))
                .hint(hint),
        );
    }
}

pub(super) fn value_decimals(facts: &mut Facts<'_>) {
    for (index, outcome) in facts.protocol.outcomes.iter().enumerate() {
        let (path, kind) =
            (format!("outcome[{index}].value_decimals"), format!("outcome[{index}].kind"));
        let Some(decimals) = outcome.value_decimals else { continue };
        if outcome.kind != OutcomeKind::Binary || !facts.sound(&[&path, &kind]) {
            continue;
        }
        facts.push(
            &path,
            Problem::error("decimals-of-binary", "an outcome that is 0 or 1 has no decimals")
                .found(decimals.to_string())
                .allowed("`value_decimals` for an outcome that is continuous or a count")
                .hint("remove it: sums of a binary outcome are exact already"),
        );
    }
}

pub(super) fn start(facts: &mut Facts<'_>) {
    let (treatment, period) = (&facts.protocol.treatment, &facts.protocol.period);
    if !facts.sound(&["treatment.start", "treatment.transition"]) {
        return;
    }
    let start = treatment.start;
    if treatment.transition.contains(&start) {
        facts.push(
            "treatment.start",
            Problem::error("start-in-transition", "the start is also a transition period")
                .found(format!("start = {start}, transition = {:?}", treatment.transition))
                .hint("the start is the first treated period; periods dropped come before it"),
        );
    }
    let before = period.first.is_some_and(|first| start <= first);
    if facts.sound(&["period.first", "period.last"])
        && (before || period.last.is_some_and(|last| start > last))
    {
        let window = |end: Option<i64>| end.map_or("...".to_owned(), |end| end.to_string());
        facts.push(
            "treatment.start",
            Problem::error("start-outside-window", "the start does not lie within the window")
                .found(format!("start = {start}"))
                .allowed(format!("after {}, at most {}", window(period.first), window(period.last)))
                .hint("change the start, or period.first and period.last"),
        );
    }
}

pub(super) fn transition(facts: &mut Facts<'_>) {
    let treatment = &facts.protocol.treatment;
    if !facts.sound(&["treatment.start", "treatment.transition"])
        || treatment.transition.is_empty()
        || treatment.transition.contains(&treatment.start)
    {
        return;
    }
    let mut periods = treatment.transition.clone();
    periods.sort_unstable();
    let expected = (1..=periods.len()).rev().filter_map(|back| {
        i64::try_from(back).ok().and_then(|back| treatment.start.checked_sub(back))
    });
    if !expected.eq(periods.iter().copied()) {
        facts.push(
            "treatment.transition",
            Problem::warning("transition-apart", "the transition does not lead up to the start")
                .found(format!("transition = {periods:?}, start = {}", treatment.start))
                .allowed("periods directly before the start")
                .hint("see that no treated period is dropped by mistake"),
        );
    }
}

pub(super) fn reference(facts: &mut Facts<'_>) {
    let path = "analysis.reference_period";
    let protocol = facts.protocol;
    let (treatment, period) = (&protocol.treatment, &protocol.period);
    let reference = protocol.analysis.reference_period;
    if !facts.sound(&[path]) {
        return;
    }
    let found = format!("reference_period = {reference}");
    if facts.sound(&["treatment.start"]) && reference >= treatment.start {
        facts.push(
            path,
            Problem::error("reference-not-before", "the reference period is not before the start")
                .found(found.clone())
                .allowed(format!("before {}", treatment.start))
                .hint("take the last period that nothing of the intervention touches"),
        );
    }
    if facts.sound(&["treatment.transition"]) && treatment.transition.contains(&reference) {
        facts.push(
            path,
            Problem::error("reference-in-transition", "the reference period is dropped")
                .found(found.clone())
                .allowed(format!("none of {:?}", treatment.transition))
                .hint("take the last period before the transition"),
        );
    }
    let before = period.first.is_some_and(|first| reference < first);
    if facts.sound(&["period.first", "period.last"])
        && (before || period.last.is_some_and(|last| reference > last))
    {
        facts.push(
            path,
            Problem::error("reference-outside-window", "the reference period is not in the window")
                .found(found)
                .hint("change it, or period.first and period.last"),
        );
    }
}

pub(super) fn outcome_windows(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let (reference, start) = (protocol.analysis.reference_period, protocol.treatment.start);
    if !facts.sound(&["analysis.reference_period", "treatment.start"]) {
        return;
    }
    for (index, outcome) in protocol.outcomes.iter().enumerate() {
        if !facts.sound(&[&format!("outcome[{index}].first")]) {
            continue;
        }
        let late = outcome.first.is_some_and(|first| first > reference);
        let early = outcome.last.is_some_and(|last| last < start);
        let (key, message) = match (late, early) {
            (true, _) => ("first", "this outcome is not known in the reference period"),
            (_, true) => ("last", "this outcome is not known after the start"),
            _ => continue,
        };
        facts.push(
            &format!("outcome[{index}].{key}"),
            Problem::warning("outcome-outside-window", message)
                .found(format!("reference_period = {reference}, start = {start}"))
                .hint("its effect cannot be estimated; the results will say so"),
        );
    }
}

pub(super) fn treated(facts: &mut Facts<'_>) {
    let treatment = &facts.protocol.treatment;
    if !facts.sound(&["treatment", "treatment.regions", "treatment.where"]) {
        return;
    }
    let allowed = "`regions` (a list of codes) or `where` (a condition)";
    match (treatment.regions.is_empty(), treatment.condition.is_some()) {
        (true, false) => facts.push(
            "treatment",
            Problem::error(
                "nothing-treated",
                "the protocol does not say which regions are treated",
            )
            .allowed(allowed)
            .hint("add regions = [\"...\"] with the codes that [region] value gives"),
        ),
        (false, true) => facts.push(
            "treatment.where",
            Problem::error("treated-twice", "treated regions are listed and found by a condition")
                .allowed(allowed)
                .hint("remove one of the two"),
        ),
        _ => {}
    }
}

pub(super) fn arms(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let treated: BTreeSet<&String> = protocol.treatment.regions.iter().collect();
    for (index, comparison) in protocol.comparisons.iter().enumerate() {
        for (position, region) in comparison.regions.iter().flatten().enumerate() {
            if treated.contains(region) {
                facts.push(
                    &format!("comparison[{index}].regions[{position}]"),
                    Problem::error("treated-and-control", format!("{region:?} is also treated"))
                        .found(format!("{region:?}"))
                        .hint("remove it here, or from treatment.regions"),
                );
            }
        }
    }
}

pub(super) fn exclusions(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let all_treated: BTreeSet<&String> = protocol.treatment.regions.iter().collect();
    for (index, comparison) in protocol.comparisons.iter().enumerate() {
        let regions = comparison.regions.as_ref();
        let controls: Option<BTreeSet<&String>> = regions.map(|list| list.iter().collect());
        for (position, region) in comparison.exclude.iter().enumerate() {
            let listed = controls.as_ref().is_none_or(|list| list.contains(region));
            let treated = all_treated.contains(region);
            if listed && !treated {
                continue;
            }
            let why = if treated { "is treated" } else { "is not among its regions" };
            facts.push(
                &format!("comparison[{index}].exclude[{position}]"),
                Problem::warning("needless-exclusion", format!("{region:?} {why}"))
                    .hint("it is no control anyhow; remove it here"),
            );
        }
    }
}

pub(super) fn main_comparison(facts: &mut Facts<'_>) {
    let comparisons = &facts.protocol.comparisons;
    let main: Vec<usize> =
        (0..comparisons.len()).filter(|&index| comparisons[index].main).collect();
    if comparisons.len() < 2 || main.len() == 1 {
        return;
    }
    let ids: Vec<&str> = comparisons.iter().map(|c| c.id.as_str()).collect();
    if main.is_empty() {
        facts.push(
            "comparison[0]",
            Problem::error("no-main-comparison", "none of the comparisons is main")
                .allowed(format!("one of {}", some_of(ids.iter().copied())))
                .hint("write `main = true` under the one that the report shall lead with"),
        );
    }
    for index in main.iter().skip(1) {
        facts.push(
            &format!("comparison[{index}].main"),
            Problem::error("two-main-comparisons", "another comparison is already main")
                .found(format!("`{}` and `{}`", ids[main[0]], ids[*index]))
                .allowed("one")
                .hint("remove `main = true` from all but one"),
        );
    }
}

pub(super) fn trend_periods(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let Some(rule) = &protocol.trend_rule else {
        return;
    };
    let (treatment, period) = (&protocol.treatment, &protocol.period);
    let needed = ["trend_rule.periods", "treatment.start", "treatment.transition"];
    if !facts.sound(&needed) {
        return;
    }
    let reference = protocol.analysis.reference_period;
    let reference = facts.sound(&["analysis.reference_period"]).then_some(reference);
    for (index, &tested) in rule.periods.iter().enumerate() {
        let why = if Some(tested) == reference {
            "is the reference period, which differs from itself by nothing"
        } else if tested >= treatment.start {
            "is not before the start"
        } else if treatment.transition.contains(&tested) {
            "is a transition period, which is dropped"
        } else if period.first.is_some_and(|first| tested < first) {
            "lies before the window"
        } else {
            continue;
        };
        facts.push(
            &format!("trend_rule.periods[{index}]"),
            Problem::error("trend-period", format!("{tested} {why}"))
                .found(tested.to_string())
                .allowed("periods before the start, without the reference and the transition")
                .hint("remove it from the list"),
        );
    }
}

pub(super) fn trend_limit(facts: &mut Facts<'_>) {
    let Some(rule) = &facts.protocol.trend_rule else {
        return;
    };
    let count = rule.periods.len() as u64;
    if facts.sound(&["trend_rule.periods", "trend_rule.max_significant"])
        && rule.max_significant >= count
    {
        facts.push(
            "trend_rule.max_significant",
            Problem::warning("trend-rule-idle", "this rule holds whatever the data say")
                .found(format!("{} of {count} periods may differ", rule.max_significant))
                .allowed(format!("fewer than {count}")),
        );
    }
}

pub(super) fn headline(facts: &mut Facts<'_>) {
    let analysis = &facts.protocol.analysis;
    if !facts.sound(&["analysis.methods", "analysis.headline"])
        || analysis.methods.contains(&analysis.headline)
    {
        return;
    }
    facts.push(
        "analysis.headline",
        Problem::error("headline-not-used", "the headline method is not one of the methods")
            .found(format!("`{}`", analysis.headline))
            .allowed(analysis.methods.join(", "))
            .hint("add it to analysis.methods, or choose another headline"),
    );
}

pub(super) fn separate(facts: &mut Facts<'_>) {
    let analysis = &facts.protocol.analysis;
    if analysis.separate && !analysis.per_region {
        facts.push(
            "analysis.separate",
            Problem::warning("separate-unused", "separate models are for effects per region")
                .found("separate = true, per_region = false")
                .hint("write per_region = true, or remove separate"),
        );
    }
}

/// With one treated region its residuals are zero, and methods that look at them are refused.
const BEARS_ONE_TREATED: [&str; 2] = ["permutation", "permutation_matched"];

pub(super) fn one_at_a_time(facts: &mut Facts<'_>) {
    let analysis = &facts.protocol.analysis;
    let bears = analysis.methods.iter().any(|method| BEARS_ONE_TREATED.contains(&method.as_str()));
    if !analysis.per_region || bears || !facts.sound(&["analysis.methods"]) {
        return;
    }
    facts.push(
        "analysis.methods",
        Problem::warning("refused-per-region", "effects per region will have no inference")
            .found(format!("per_region = true with methods {}", analysis.methods.join(", ")))
            .allowed("a method that can be used with one treated region: permutation")
            .hint("add \"permutation\" to the methods, or write per_region = false"),
    );
}
