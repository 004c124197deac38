//! What regions are like, and which of them are chosen as controls.

use std::collections::{BTreeMap, BTreeSet};

use verschil_registry::Extract;
use verschil_stats::grams::{Grams, count};
use verschil_stats::matching::{
    Controls, ExactClass, MatchInput, MatchOptions, Matched, Method, Order, choose,
};
use verschil_study::{Distance, MatchMethod, Matching, Problem, Protocol, Statistic};

/// First and last period, both included.
pub type Window = (i64, i64);

/// Controls that were chosen, and from what.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What was given to the matching; its units are the treated regions, then the pool.
    pub input: MatchInput,
    /// What came out, in positions of `input.units`.
    pub matched: Matched,
}

impl Chosen {
    /// Positions in the Grams of the regions among which was chosen, sorted.
    #[must_use]
    pub fn pool(&self, grams: &Grams) -> Vec<usize> {
        self.positions(grams, self.input.pool.iter().copied())
    }

    /// Positions in the Grams of the chosen regions, sorted.
    #[must_use]
    pub fn controls(&self, grams: &Grams) -> Vec<usize> {
        self.positions(grams, self.matched.pairs.iter().map(|pair| pair.control))
    }

    /// Matched sets by code of the cluster.
    #[must_use]
    pub fn sets<'a>(&self, grams: &'a Grams) -> BTreeMap<&'a str, usize> {
        // a unit without rows stands in no design, whatever its set
        let code = |unit: usize| grams.region(&self.input.units[unit]);
        self.matched.sets(|unit| code(unit).map_or("", |r| &grams.clusters[grams.cluster_of[r]]))
    }

    fn positions(&self, grams: &Grams, units: impl Iterator<Item = usize>) -> Vec<usize> {
        let found: BTreeSet<usize> =
            units.filter_map(|unit| grams.region(&self.input.units[unit])).collect();
        found.into_iter().collect()
    }
}

/// Characteristics of regions, as the rows of the population give them.
#[derive(Clone, Copy)]
pub struct Characteristics<'a> {
    protocol: &'a Protocol,
    extract: &'a Extract,
}

impl<'a> Characteristics<'a> {
    /// Those of a protocol.
    #[must_use]
    pub fn new(protocol: &'a Protocol, extract: &'a Extract) -> Self {
        Self { protocol, extract }
    }

    /// The characteristic at a position over the rows of some regions and periods: a mean over
    /// rows, or a total per region and period. None without a row that has a value.
    #[must_use]
    pub fn value(&self, at: usize, regions: &[&str], window: Window) -> Option<f64> {
        let inside = |period: i64| period >= window.0 && period <= window.1;
        let periods = self.extract.grams.periods.iter().filter(|&&period| inside(period)).count();
        let portions =
            self.extract.told.portions.iter().filter(|portion| {
                inside(portion.period) && regions.contains(&portion.region.as_str())
            });
        let (rows, sum) = portions.fold((0, 0.0), |(rows, sum), portion| {
            let (more, value) = portion.sums[at];
            (rows + more, sum + value)
        });
        let by = match self.protocol.characteristics[at].statistic {
            Statistic::Total => count((periods * regions.len()) as u64),
            Statistic::Mean => count(rows),
        };
        (rows > 0 && by > 0.0).then(|| sum / by)
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.protocol.characteristics.iter().position(|c| c.id == id)
    }

    /// The value as text with the characteristic's own decimals: regions are in one class when
    /// they look the same.
    fn label(&self, at: usize, region: &str, window: Window) -> Option<String> {
        let decimals = usize::from(self.protocol.characteristics[at].decimals);
        self.value(at, &[region], window).map(|value| format!("{value:.decimals$}"))
    }
}

/// Chooses controls among `pool` for `treated` (positions of regions, in order of code).
///
/// # Errors
/// What the data cannot bear, at the place of the matching.
pub fn chosen(
    protocol: &Protocol,
    extract: &Extract,
    matching: &Matching,
    treated: &[usize],
    pool: &[usize],
) -> Result<Chosen, Vec<Problem>> {
    let all = Characteristics::new(protocol, extract);
    let regions = &extract.grams.regions;
    let units: Vec<String> =
        treated.iter().chain(pool).map(|&region| regions[region].clone()).collect();
    let on: Vec<usize> = matching.on.iter().filter_map(|id| all.position(id)).collect();
    let value = |unit: &String, at: usize| {
        all.value(at, &[unit.as_str()], matching.window).unwrap_or(f64::NAN)
    };
    let exact = matching.exact.iter().filter_map(|id| Some((id, all.position(id)?)));
    let input = MatchInput {
        treated: (0..treated.len()).collect(),
        pool: (treated.len()..units.len()).collect(),
        names: matching.on.clone(),
        characteristics: units
            .iter()
            .flat_map(|unit| on.iter().map(move |&at| value(unit, at)))
            .collect(),
        exact: exact
            .map(|(id, at)| ExactClass {
                name: id.clone(),
                labels: units.iter().map(|unit| all.label(at, unit, matching.window)).collect(),
            })
            .collect(),
        units,
    };
    let matched = choose(&input, &options(matching)).map_err(|refusals| {
        let problem = |refusal: &verschil_stats::matching::MatchRefusal| {
            Problem::error(refusal.code(), "controls cannot be chosen")
                .at(&matching.place)
                .found(refusal.to_string())
                .hint("choose fewer controls, other characteristics, or another window or pool")
        };
        refusals.iter().map(problem).collect::<Vec<_>>()
    })?;
    Ok(Chosen { input, matched })
}

fn options(matching: &Matching) -> MatchOptions {
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    MatchOptions {
        distance: match matching.distance {
            Distance::Mahalanobis => verschil_stats::matching::Distance::Mahalanobis,
            Distance::Euclidean => verschil_stats::matching::Distance::Euclidean,
        },
        method: match matching.method {
            MatchMethod::Nearest => Method::Nearest,
            MatchMethod::Optimal => Method::Optimal,
        },
        controls: match matching.per_treated {
            Some(each) => Controls::PerTreated(size(each)),
            None => Controls::Total(size(matching.controls.unwrap_or_default())),
        },
        replacement: matching.replacement,
        caliper: matching.caliper,
        order: Order::Given,
    }
}
