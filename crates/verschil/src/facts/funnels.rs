//! How regions lie around their common level, outcome by outcome.

use verschil_stats::funnel::proportion::{Count, Funnel, Member, Method, Rule};
use verschil_stats::funnel::{Class, Limits};
use verschil_stats::grams::{Grams, Weighting};
use verschil_stats::refusal::Refusal;
use verschil_study::results::{FunnelFacts, FunnelLimit, FunnelRegion};
use verschil_study::{OutcomeKind, Protocol};

use crate::layout::Layout;

/// Regions with fewer units are not compared.
const FEWEST: u32 = 10;

/// Places along each line of limits.
const PLACES: u32 = 48;

/// What sums of whole numbers around a shift may be off.
const ROUNDING: f64 = 1e-6;

/// How far the lines go beyond the smallest and the largest region.
const BEYOND: f64 = 1.1;

/// One region with what was counted there.
struct Counted {
    region: usize,
    role: &'static str,
    count: Count,
}

/// Binary outcomes of the main comparison, before and from the start.
#[must_use]
pub fn funnels(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<FunnelFacts> {
    let Some(main) = protocol.comparisons.iter().position(|comparison| comparison.main) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (outcome, spec) in protocol.outcomes.iter().enumerate() {
        if spec.kind != OutcomeKind::Binary {
            continue;
        }
        for (phase, periods) in [("pre", &layout.pre), ("post", &layout.post)] {
            let arm = |role, regions: &[usize]| -> Vec<Counted> {
                let counted = |&region: &usize| Counted {
                    region,
                    role,
                    count: count(grams, outcome, region, periods),
                };
                regions.iter().map(counted).collect()
            };
            let mut regions = arm("treated", &layout.treated);
            regions.extend(arm("control", &layout.controls[main]));
            let facts = FunnelFacts {
                outcome: spec.id.clone(),
                comparison: protocol.comparisons[main].id.clone(),
                phase: phase.to_owned(),
                ..FunnelFacts::default()
            };
            found.push(told(grams, &regions, facts));
        }
    }
    found
}

/// Units and events of an outcome in a region.
fn count(grams: &Grams, outcome: usize, region: usize, periods: &[usize]) -> Count {
    let (mut n, mut events) = (0.0, 0.0);
    let here = grams.slices.iter().filter(|slice| slice.region == region);
    for slice in here.filter(|slice| periods.binary_search(&slice.period).is_ok()) {
        n += grams.units(slice, outcome);
        events += grams.weighted_sum(slice, outcome).1;
    }
    // whole numbers, which the sums around a shift are within rounding
    let whole = |value: f64| {
        // a sum a little below zero shall not be a negative zero
        let near = value.round() + 0.0;
        if (value - near).abs() <= ROUNDING { near } else { value }
    };
    Count { events: whole(events), n: whole(n) }
}

fn told(grams: &Grams, counted: &[Counted], facts: FunnelFacts) -> FunnelFacts {
    let rule = Rule { method: Method::Exact, fewest: f64::from(FEWEST) };
    let counts: Vec<Count> = counted.iter().map(|counted| counted.count).collect();
    let funnel = if grams.weighting == Weighting::Analytic {
        let why = "units that weigh differently have no exact limits".to_owned();
        Err(Refusal::NotDefined { why })
    } else {
        Funnel::new(&counts, &rule)
    };
    let facts = FunnelFacts {
        method: "exact".to_owned(),
        dispersion: "winsorised".to_owned(),
        fewest: u64::from(FEWEST),
        ..facts
    };
    let drawn = funnel.and_then(|funnel| Ok((lines(&funnel, &counts)?, funnel)));
    match drawn {
        Ok((limits, funnel)) => {
            let compared = |region: &&FunnelRegion| region.class != Class::NotCompared.id();
            let regions = members(grams, counted, &funnel);
            FunnelFacts {
                compared: regions.iter().filter(compared).count() as u64,
                centre: Some(funnel.centre),
                phi: Some(funnel.dispersion.phi),
                tau2: Some(funnel.dispersion.tau2),
                regions,
                limits,
                ..facts
            }
        }
        Err(refusal) => FunnelFacts {
            regions: counted.iter().map(|counted| bare(grams, counted)).collect(),
            note: refusal.note(),
            ..facts
        },
    }
}

/// A region of which nothing is told but its size.
fn bare(grams: &Grams, counted: &Counted) -> FunnelRegion {
    FunnelRegion {
        region: grams.regions[counted.region].clone(),
        role: counted.role.to_owned(),
        n: counted.count.n,
        class: Class::NotCompared.id().to_owned(),
        ..FunnelRegion::default()
    }
}

fn members(grams: &Grams, counted: &[Counted], funnel: &Funnel) -> Vec<FunnelRegion> {
    let region = |(counted, member): (&Counted, &Member)| {
        let n = counted.count.n;
        FunnelRegion {
            events: member.share.map(|_| counted.count.events),
            share: member.share,
            limits: member.limits.map(|limits| at(n, &limits)),
            class: member.class.id().to_owned(),
            ..bare(grams, counted)
        }
    };
    counted.iter().zip(&funnel.members).map(region).collect()
}

fn at(n: f64, limits: &Limits) -> FunnelLimit {
    FunnelLimit {
        n,
        low_95: limits.alert.0,
        high_95: limits.alert.1,
        low_998: limits.alarm.0,
        high_998: limits.alarm.1,
    }
}

/// Limits from the smallest to the largest region that is compared, in equal ratios.
fn lines(funnel: &Funnel, counts: &[Count]) -> Result<Vec<FunnelLimit>, Refusal> {
    let sizes = counts.iter().zip(&funnel.members).filter(|(_, member)| member.share.is_some());
    let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), (count, _)| {
        (low.min(count.n), high.max(count.n))
    });
    let (low, high) = ((low / BEYOND).max(1.0), high * BEYOND);
    let mut places: Vec<f64> = (0..PLACES)
        .map(|k| (low * (high / low).powf(f64::from(k) / f64::from(PLACES - 1))).round())
        .collect();
    places.dedup();
    places.into_iter().map(|n| Ok(at(n, &funnel.limits(n)?))).collect()
}
