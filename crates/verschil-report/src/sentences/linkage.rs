//! What is told about one link: how many, how evenly, by which keys, and who was not found.

use verschil_study::results::{LinkFacts, LinkageBalance, LinkageRate};

use crate::figures::{ALIKE, dimension, level};
use crate::view::View;

/// All sentences on one link.
pub(crate) fn sentences(view: &View, link: &LinkFacts) -> Vec<String> {
    let mut told = Vec::new();
    let rates: Vec<&LinkageRate> = view.rates(&link.id).collect();
    let all = rates.iter().find(|rate| rate.dimension == "all");
    if let Some((rate, share)) = all.and_then(|rate| Some((rate, rate.share?))) {
        let arguments = [
            ("units", view.numbers.whole(rate.units).into()),
            ("noun", view.units().into()),
            ("share", view.percent(share * 100.0, 1).into()),
            ("linked", view.numbers.whole(rate.linked).into()),
            ("link", view.label(&link.label).to_owned().into()),
        ];
        told.push(view.words.with("linkage-found", &arguments));
    }
    for run in rates.chunk_by(|a, b| a.dimension == b.dimension) {
        told.extend(spread(view, run));
    }
    told.extend(keys(view, &link.id));
    told.extend(balance(view, &link.id));
    told
}

/// From the lowest share to the highest, with where they are.
fn spread(view: &View, run: &[&LinkageRate]) -> Option<String> {
    let known: Vec<(&LinkageRate, f64)> =
        run.iter().filter_map(|rate| Some((*rate, rate.share?))).collect();
    if known.len() < 2 {
        return None;
    }
    let low = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let high = known.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let name = dimension(view, &low.0.dimension).to_lowercase();
    let percent = |share: f64| view.percent(share * 100.0, 1);
    if percent(low.1) == percent(high.1) {
        let arguments = [("dimension", name.into()), ("share", percent(low.1).into())];
        return Some(view.words.with("linkage-even", &arguments));
    }
    let arguments = [
        ("dimension", name.into()),
        ("low", percent(low.1).into()),
        ("low-level", level(view, low.0).into()),
        ("high", percent(high.1).into()),
        ("high-level", level(view, high.0).into()),
    ];
    Some(view.words.with("linkage-spread", &arguments))
}

/// Keys that identify nobody or stand in several rows.
fn keys(view: &View, link: &str) -> Vec<String> {
    let Some(keys) = view.results.linkage_keys.iter().find(|keys| keys.link == link) else {
        return Vec::new();
    };
    let say = |key: &'static str, n: u64| {
        let arguments = [("n", n.into()), ("count", view.numbers.whole(n).into())];
        (n > 0).then(|| view.words.with(key, &arguments))
    };
    let without = say("linkage-keys-without", keys.without_key)
        .unwrap_or_else(|| view.words.with("linkage-keys-none", &[("noun", view.units().into())]));
    let several = [
        say("linkage-keys-duplicate", keys.duplicate_keys),
        say("linkage-keys-conflicting", keys.conflicting_keys),
    ];
    std::iter::once(without).chain(several.into_iter().flatten()).collect()
}

/// Whether those who were found are like those who were not.
fn balance(view: &View, link: &str) -> Option<String> {
    let rows = view.results.linkage_balance.iter().filter(|row| row.link == link);
    let known: Vec<(&LinkageBalance, f64)> = rows.filter_map(|row| Some((row, row.smd?))).collect();
    let most = known.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    let apart = known.iter().filter(|(_, smd)| smd.abs() > ALIKE).count();
    if apart == 0 {
        return Some(view.words.with("linkage-alike", &[("k", known.len().into())]));
    }
    let level = view.subgroup_level(&most.0.variable, &most.0.level);
    let name = format!("{}: {level}", view.subgroup(&most.0.variable));
    let arguments = [
        ("n", apart.into()),
        ("k", known.len().into()),
        ("variable", name.into()),
        ("smd", view.numbers.decimal(most.1, 2).into()),
    ];
    Some(view.words.with("linkage-unlike", &arguments))
}
