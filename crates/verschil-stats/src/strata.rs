//! Strata of units by characteristics known of all of them, and the weights by which those that were
//! found in a link stand for all.

use std::collections::BTreeMap;

/// Units that are alike in every dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// Its level in each dimension, the most important dimension first.
    pub levels: Vec<u32>,
    /// Units that could be linked.
    pub eligible: u64,
    /// Those that are.
    pub linked: u64,
}

/// How strata are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Eligible units that a stratum has at least, unless all units together are fewer.
    pub min_stratum: u64,
    /// Largest weight; none leaves weights as they are.
    pub max_weight: Option<f64>,
}

/// Units that get the same weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// Levels that all of its units share, in the first dimensions; those that follow were dropped.
    pub levels: Vec<u32>,
    /// Crossings that it holds, by position, in the order of their levels.
    pub crossings: Vec<usize>,
    /// Units that could be linked.
    pub eligible: u64,
    /// Those that are.
    pub linked: u64,
    /// eligible / linked, at most the largest weight; none where nobody is linked.
    pub weight: Option<f64>,
    /// Whether the weight was set to the largest one.
    pub trimmed: bool,
}

/// How weights are spread over units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Smallest weight.
    pub smallest: f64,
    /// Weight of the unit in the middle, or the mean of the two in the middle.
    pub median: f64,
    /// Largest weight.
    pub largest: f64,
    /// Effective sample size, (sum w)^2 / sum w^2 over units (Kish 1965).
    pub effective: f64,
}

/// Strata with their weights, sorted by levels and then by crossings; every crossing lies in one.
///
/// A crossing with enough eligible units is a stratum. Those with fewer drop their last dimension and
/// are merged with the others of these that are then alike; what is still too small drops the next
/// dimension, and so on. What is too small without any dimension joins the smallest stratum. The
/// order of the crossings does not matter.
///
/// The weight of a stratum is the inverse of its linkage rate: the linked units then weigh as much
/// as all eligible ones (Seaman & White 2013, with the rate as the probability of a complete
/// case).
#[must_use]
pub fn strata(crossings: &[Crossing], rule: Rule) -> Vec<Stratum> {
    let depth = crossings.first().map_or(0, |crossing| crossing.levels.len());
    let mut waiting: Vec<usize> = (0..crossings.len()).collect();
    waiting.sort_by(|&a, &b| crossings[a].levels.cmp(&crossings[b].levels));
    let mut groups: Vec<(Vec<u32>, Vec<usize>)> = Vec::new();
    for kept in (0..=depth).rev() {
        let mut alike: BTreeMap<&[u32], Vec<usize>> = BTreeMap::new();
        for crossing in std::mem::take(&mut waiting) {
            alike.entry(&crossings[crossing].levels[..kept]).or_default().push(crossing);
        }
        for (levels, members) in alike {
            if eligible(crossings, &members) >= rule.min_stratum {
                groups.push((levels.to_vec(), members));
            } else {
                waiting.extend(members);
            }
        }
    }
    if !waiting.is_empty() {
        let size = |group: &(Vec<u32>, Vec<usize>)| eligible(crossings, &group.1);
        match groups.iter_mut().min_by(|a, b| size(a).cmp(&size(b)).then_with(|| a.cmp(b))) {
            Some((levels, members)) => {
                members.extend(waiting);
                members.sort_by(|&a, &b| crossings[a].levels.cmp(&crossings[b].levels));
                levels.truncate(shared(crossings, members));
            }
            None => groups.push((Vec::new(), waiting)),
        }
    }
    let mut strata: Vec<Stratum> = groups
        .into_iter()
        .map(|(levels, members)| weighed(crossings, levels, members, rule))
        .collect();
    strata.sort_by(|a, b| {
        let first = |stratum: &Stratum| crossings[stratum.crossings[0]].levels.clone();
        (&a.levels, first(a)).cmp(&(&b.levels, first(b)))
    });
    strata
}

fn eligible(crossings: &[Crossing], members: &[usize]) -> u64 {
    members.iter().map(|&at| crossings[at].eligible).sum()
}

/// In how many dimensions, from the first, all of these crossings are alike.
fn shared(crossings: &[Crossing], members: &[usize]) -> usize {
    let first = &crossings[members[0]].levels;
    let alike = |at: &usize| {
        first.iter().zip(&crossings[*at].levels).take_while(|(one, other)| one == other).count()
    };
    members.iter().map(alike).min().unwrap_or(0)
}

fn weighed(crossings: &[Crossing], levels: Vec<u32>, members: Vec<usize>, rule: Rule) -> Stratum {
    let eligible = eligible(crossings, &members);
    let linked = members.iter().map(|&at| crossings[at].linked).sum();
    let whole = (linked > 0).then(|| crate::grams::count(eligible) / crate::grams::count(linked));
    let limit = rule.max_weight.filter(|limit| whole.is_some_and(|weight| weight > *limit));
    Stratum {
        levels,
        crossings: members,
        eligible,
        linked,
        weight: limit.or(whole),
        trimmed: limit.is_some(),
    }
}

/// The spread of weights, each with the number of units that have it; none without a unit.
#[must_use]
pub fn spread(weights: &[(f64, u64)]) -> Option<Spread> {
    let mut sorted: Vec<(f64, u64)> = weights.iter().copied().filter(|(_, n)| *n > 0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let units: u64 = sorted.iter().map(|(_, n)| n).sum();
    let (smallest, largest) = (sorted.first()?.0, sorted.last()?.0);
    let nth = |position: u64| {
        let mut before = 0;
        let reaches = |&&(_, n): &&(f64, u64)| {
            before += n;
            before > position
        };
        sorted.iter().find(reaches).map_or(largest, |(weight, _)| *weight)
    };
    let sum = |power: i32| -> f64 {
        sorted.iter().map(|(weight, n)| weight.powi(power) * crate::grams::count(*n)).sum()
    };
    Some(Spread {
        smallest,
        median: f64::midpoint(nth((units - 1) / 2), nth(units / 2)),
        largest,
        effective: sum(1) * sum(1) / sum(2),
    })
}

#[cfg(test)]
mod tests;
