//! Data for which a coefficient has no finite value.

use super::index::Theta;
use super::link::Model;
use super::newton::Stuck;
use super::pass::Likelihood;
use crate::grams::Grams;
use crate::normal::DesignColumn;
use crate::refusal::Refusal;

/// A share of the largest move below which a row does not move.
const STILL: f64 = 1e-3;
/// A share of the largest coefficient from which one is named.
const NAMED: f64 = 0.1;

/// What a message needs beside the data.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) grams: &'a Grams,
    pub(super) terms: &'a [String],
}

/// Outcome of the rows of one indicator.
#[derive(Debug, Clone, Copy, Default)]
struct Margin {
    weight: f64,
    /// Weighted sum of the outcome.
    sum: f64,
    /// Weighted sum of one minus the outcome.
    rest: f64,
}

impl Margin {
    fn add(&mut self, weight: f64, sum: f64) {
        self.weight += weight;
        self.sum += sum;
        self.rest += weight - sum;
    }

    fn join(&mut self, other: &Self) {
        self.weight += other.weight;
        self.sum += other.sum;
        self.rest += other.rest;
    }

    fn extreme(&self, model: Model) -> Option<&'static str> {
        if self.weight <= 0.0 {
            None
        } else if self.sum <= 0.0 {
            Some("every outcome is 0")
        } else if model == Model::Logit && self.rest <= 0.0 {
            Some("every outcome is 1")
        } else {
            None
        }
    }
}

/// Refuses outcomes that the model does not take.
pub(super) fn check_range(likelihood: &Likelihood) -> Result<(), Refusal> {
    let Likelihood { response, model, .. } = likelihood;
    let slices = likelihood.index.parts.iter().flat_map(|part| &part.slices);
    let outside = slices
        .flat_map(|slice| &response.reach[slice.rows.clone()])
        .filter(|reach| reach.refused || *model == Model::Logit && reach.above_one)
        .count();
    if outside == 0 {
        return Ok(());
    }
    let range = if *model == Model::Logit { "0 to 1" } else { "0 and above" };
    Err(Refusal::OutcomeRange { model: model.id().into(), range: range.into(), cells: outside })
}

/// Refuses data in which a region, period, level or treated cell has one extreme outcome only: each
/// of these indicators is a combination of columns, so its coefficient would have no end.
pub(super) fn check_margins(likelihood: &Likelihood, names: Names) -> Result<(), Refusal> {
    let Likelihood { rows, response, index, model } = *likelihood;
    let mut codes = vec![Margin::default(); rows.factors.width()];
    let mut periods = vec![Margin::default(); names.grams.periods.len()];
    let mut terms = vec![Margin::default(); names.terms.len()];
    let mut regions = vec![Margin::default(); index.parts.len()];
    let mut all = Margin::default();
    for (part, region) in index.parts.iter().zip(&mut regions) {
        for slice in &part.slices {
            let mut own = Margin::default();
            for row in slice.rows.clone() {
                let (weight, sum) = (response.weight[row], response.sum[row]);
                own.add(weight, sum);
                rows.codes_of(row).iter().for_each(|&code| codes[code as usize].add(weight, sum));
            }
            region.join(&own);
            periods[slice.period].join(&own);
            all.join(&own);
            for &(column, _) in &slice.constants {
                if let DesignColumn::Term(term) = index.columns[column] {
                    terms[term].join(&own);
                }
            }
        }
    }
    let levels = rows.factors.gathered(&codes, Margin::join);
    if all.extreme(model).is_some() {
        return Err(Refusal::ConstantOutcome);
    }
    let of_regions = index.parts.iter().map(|part| region_name(names.grams, part.region));
    let of_periods = names.grams.periods.iter().map(|period| format!("period {period}"));
    let named = of_regions
        .zip(regions)
        .chain(of_periods.zip(periods))
        .chain(rows.names.iter().cloned().zip(levels))
        .chain(names.terms.iter().cloned().zip(terms));
    let found: Vec<(String, &str)> =
        named.filter_map(|(name, margin)| Some((name, margin.extreme(model)?))).collect();
    let Some(&(_, what)) = found.first() else { return Ok(()) };
    let columns: Vec<String> =
        found.iter().filter(|(_, also)| *also == what).map(|(name, _)| name.clone()).collect();
    Err(Refusal::Separated { columns: columns.join(", "), what: what.into() })
}

/// Why the iterations ended: separation where the last step is a direction along which the
/// quasi-likelihood never falls, otherwise only that they did.
pub(super) fn explain(likelihood: &Likelihood, stuck: &Stuck, names: Names) -> Refusal {
    let plain = Refusal::NoConvergence { iterations: stuck.iterations, step: stuck.size };
    let Some(direction) = &stuck.direction else { return plain };
    let most = direction.region.iter().chain(&direction.beta).fold(0.0, |m: f64, x| m.max(x.abs()));
    if !separates(likelihood, direction) {
        return plain;
    }
    let index = likelihood.index;
    let large = |size: f64| size.abs() >= NAMED * most;
    let regions = index.parts.iter().zip(&direction.region).filter(|(_, size)| large(**size));
    let columns = index.columns.iter().zip(&direction.beta).zip(&index.reach);
    let columns = columns.filter(|((_, size), reach)| large(**size * **reach));
    let column = |column: &DesignColumn| match column {
        DesignColumn::Period(t) => format!("period {}", names.grams.periods[*t]),
        DesignColumn::Covariate(c) => likelihood.rows.names[*c].clone(),
        DesignColumn::Term(j) => names.terms[*j].clone(),
    };
    let all: Vec<String> = regions
        .map(|(part, _)| region_name(names.grams, part.region))
        .chain(columns.map(|((named, _), _)| column(named)))
        .collect();
    let what = "some units' outcome is told without error".to_owned();
    Refusal::Separated { columns: all.join(", "), what }
}

fn region_name(grams: &Grams, region: usize) -> String {
    format!("region {}", grams.regions[region])
}

/// Whether the quasi-likelihood does not fall along a direction, however far (Albert & Anderson
/// 1984; for outcomes without an upper end Correia, Guimaraes & Zylkin 2020).
fn separates(likelihood: &Likelihood, direction: &Theta) -> bool {
    let Likelihood { response, index, model, .. } = *likelihood;
    let coefficients = likelihood.coefficients(direction);
    let mut moves: Vec<(f64, f64, f64)> = Vec::new();
    for (at, part) in index.parts.iter().enumerate() {
        for slice in &part.slices {
            let mut own = vec![0.0; slice.rows.len()];
            let base = index.base(at, slice, direction);
            likelihood.indices(slice.rows.start, base, &coefficients, &mut own);
            let pairs = slice.rows.clone().zip(own);
            moves.extend(pairs.map(|(row, own)| (own, response.weight[row], response.sum[row])));
        }
    }
    moves.retain(|(_, weight, _)| *weight > 0.0);
    let largest = moves.iter().fold(0.0, |most: f64, (own, _, _)| most.max(own.abs()));
    let still = STILL * largest;
    let fits = |&(own, weight, sum): &(f64, f64, f64)| match model {
        Model::Logit if sum >= weight => own >= -still,
        Model::Logit | Model::Poisson if sum <= 0.0 => own <= still,
        Model::Logit | Model::Poisson => own.abs() <= still,
        Model::Gamma => sum <= 0.0 || own >= -still,
    };
    let drift: f64 = moves.iter().map(|(own, weight, _)| own * weight).sum();
    let total: f64 = moves.iter().map(|(_, weight, _)| weight).sum();
    largest > 0.0 && moves.iter().all(fits) && (model != Model::Gamma || drift <= still * total)
}
