//! Rules about characteristics of regions and matching by them.

use std::collections::BTreeSet;

use super::Facts;
use crate::problem::{Problem, did_you_mean, some_of};
use crate::protocol::{Comparison, MatchMethod, Matching};

/// Runs a check on every comparison with matching, with the path of it.
fn each(facts: &mut Facts<'_>, check: fn(&mut Facts<'_>, &str, &Comparison, &Matching)) {
    for (index, comparison) in facts.protocol.comparisons.iter().enumerate() {
        if let Some(matching) = &comparison.matching {
            check(facts, &format!("comparison[{index}].match"), comparison, matching);
        }
    }
}

pub(super) fn known(facts: &mut Facts<'_>) {
    each(facts, |facts, path, _, matching| {
        let ids: Vec<&str> = facts.protocol.characteristics.iter().map(|c| c.id.as_str()).collect();
        for (list, names) in [("on", &matching.on), ("exact", &matching.exact)] {
            for (index, name) in names.iter().enumerate() {
                let path = format!("{path}.{list}[{index}]");
                if ids.contains(&name.as_str()) || !facts.sound(&[&path]) {
                    continue;
                }
                let near = did_you_mean(name, ids.iter().copied());
                let declare = "declare it as a [[characteristic]]".to_owned();
                facts.push(
                    &path,
                    Problem::error(
                        "unknown-characteristic",
                        format!("there is no characteristic `{name}`"),
                    )
                    .found(format!("`{name}`"))
                    .allowed(some_of(ids.iter().copied()))
                    .hint(if near.is_empty() { declare } else { near }),
                );
            }
        }
        let both = matching.exact.iter().enumerate().filter(|(_, id)| matching.on.contains(id));
        for (index, id) in both {
            facts.push(
                &format!("{path}.exact[{index}]"),
                Problem::warning("exact-and-distance", format!("`{id}` must be equal already"))
                    .hint("it adds nothing to the distance; remove it from `on`"),
            );
        }
    });
}

pub(super) fn counts(facts: &mut Facts<'_>) {
    each(facts, |facts, path, _, matching| {
        if !facts.sound(&[&format!("{path}.controls"), &format!("{path}.per_treated")]) {
            return;
        }
        let found = match (matching.controls, matching.per_treated) {
            (None, None) => "neither",
            (Some(_), Some(_)) => "both",
            _ => return,
        };
        facts.push(
            path,
            Problem::error("number-of-controls", "the number of controls is not said in one way")
                .found(found)
                .allowed("`controls` (in all) or `per_treated` (for each treated region)")
                .hint("write one of the two, such as controls = 20"),
        );
    });
}

pub(super) fn enough(facts: &mut Facts<'_>) {
    each(facts, |facts, path, comparison, matching| {
        let treated: BTreeSet<&String> = facts.protocol.treatment.regions.iter().collect();
        let exclude: BTreeSet<&String> = comparison.exclude.iter().collect();
        let Some(regions) = &comparison.regions else {
            return;
        };
        let pool = regions.iter().filter(|region| !exclude.contains(region)).count() as u64;
        let per_treated = matching.per_treated.filter(|_| !treated.is_empty());
        let (key, wanted) = match (matching.controls, per_treated) {
            (Some(controls), None) => ("controls", controls),
            (None, Some(each)) => ("per_treated", each.saturating_mul(treated.len() as u64)),
            _ => return,
        };
        if matching.replacement || wanted <= pool {
            return;
        }
        facts.push(
            &format!("{path}.{key}"),
            Problem::error("too-few-candidates", "there are not enough candidates")
                .found(format!("{wanted} controls among {pool} candidates"))
                .allowed(format!("at most {pool} controls"))
                .hint("ask for fewer, add candidates to `regions`, or leave `regions` out"),
        );
    });
}

pub(super) fn window(facts: &mut Facts<'_>) {
    each(facts, |facts, path, _, matching| {
        let path = format!("{path}.window");
        let (first, last) = matching.window;
        let period = &facts.protocol.period;
        if !facts.sound(&[&path, "period.first", "period.last"]) {
            return;
        }
        let outside = period.first.is_some_and(|start| first < start)
            || period.last.is_some_and(|end| last > end);
        let start = facts.protocol.treatment.start;
        if outside {
            let bound = |end: Option<i64>| end.map_or("...".to_owned(), |end| end.to_string());
            facts.push(
                &path,
                Problem::error(
                    "window-outside-study",
                    "characteristics are taken outside the study",
                )
                .found(format!("{first} to {last}"))
                .allowed(format!("{} to {}", bound(period.first), bound(period.last)))
                .hint("change the window, or period.first and period.last"),
            );
        } else if facts.sound(&["treatment.start"]) && last >= start {
            facts.push(
                &path,
                Problem::warning("match-after-start", "controls are chosen by what came after")
                    .found(format!("{first} to {last}, start = {start}"))
                    .allowed(format!("periods before {start}"))
                    .hint("the intervention may have changed these characteristics"),
            );
        }
    });
}

pub(super) fn method(facts: &mut Facts<'_>) {
    each(facts, |facts, path, _, matching| {
        if matching.method == MatchMethod::Optimal && matching.replacement {
            facts.push(
                &format!("{path}.replacement"),
                Problem::error(
                    "optimal-with-replacement",
                    "an optimal assignment shares no control",
                )
                .found("method = \"optimal\", replacement = true")
                .allowed("replacement = false, or method = \"nearest\"")
                .hint("with replacement the nearest controls have the smallest total already"),
            );
        }
    });
}
