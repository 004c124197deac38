//! What the results say beside the estimates: the study, the design, levels, attrition, balance.

mod describe;
mod funnels;
mod levels;
pub mod linkage;
pub mod places;
pub mod weights;

use verschil_registry::{Extract, Step};
use verschil_stats::grams::{Grams, Slice};
use verschil_study::results::{
    AttritionStep, ComparisonFacts, CovariateFacts, DesignFacts, Finding, InputFacts, LevelRow,
    OutcomeFacts, PeriodFacts, Provenance, RegionFacts, StudyFacts, Text,
};
use verschil_study::{Problem, Protocol, WeightKind};

use crate::layout::Layout;

pub use describe::{balance, descriptives};
pub use funnels::funnels;

/// Titles and texts.
#[must_use]
pub fn study(protocol: &Protocol) -> StudyFacts {
    let study = &protocol.study;
    StudyFacts {
        id: study.id.clone(),
        title: study.title.clone(),
        question: study.question.clone(),
        intervention: study.intervention.clone(),
        units: study.units.clone(),
        data: study.data.clone(),
        limitations: study.limitations.clone(),
        references: study.references.clone(),
        synthetic: study.synthetic,
    }
}

/// Hashes, versions and seed.
#[must_use]
pub fn provenance(protocol: &Protocol, seed: u64, extract: &Extract) -> Provenance {
    Provenance {
        protocol_hash: protocol.hash(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        inputs: extract
            .inputs
            .iter()
            .map(|input| InputFacts {
                source: input.source.clone(),
                file: input.file.clone(),
                sha256: input.sha256.clone(),
                bytes: input.bytes,
            })
            .collect(),
        // what the lock says is added by whoever has read it
        ..Provenance::default()
    }
}

/// Seed of every draw: the first eight bytes of the hash of what the protocol asks, whatever files
/// it reads and however it is told, so that the same study from another format draws the same.
#[must_use]
pub fn seed(protocol: &Protocol) -> u64 {
    let mut asked = protocol.clone();
    asked.sources.clear();
    asked.report.languages.clear();
    u64::from_str_radix(asked.hash().get(..16).unwrap_or("0"), 16).unwrap_or_default()
}

fn both(code: &str) -> Text {
    Text(["nl", "en"].iter().map(|language| ((*language).to_owned(), code.to_owned())).collect())
}

/// The design as it was carried out.
#[must_use]
pub fn design(protocol: &Protocol, extract: &Extract, layout: &Layout) -> DesignFacts {
    let grams = &extract.grams;
    let (region, analysis) = (&protocol.region, &protocol.analysis);
    let fact = |&r: &usize| {
        let id = grams.regions[r].clone();
        RegionFacts { label: places::label(protocol, extract, &id), id }
    };
    let comparison = |(at, comparison): (usize, &verschil_study::Comparison)| ComparisonFacts {
        id: comparison.id.clone(),
        label: comparison.label.clone(),
        main: comparison.main,
        regions: layout.controls[at].iter().map(|&r| grams.regions[r].clone()).collect(),
    };
    let period = |(t, &id): (usize, &i64)| PeriodFacts {
        id,
        label: protocol.period.names.get(&id).cloned().unwrap_or_else(|| both(&id.to_string())),
        phase: phase(layout, t).to_owned(),
    };
    DesignFacts {
        treated: layout.treated.iter().map(fact).collect(),
        comparisons: protocol.comparisons.iter().enumerate().map(comparison).collect(),
        periods: grams.periods.iter().enumerate().map(period).collect(),
        start: protocol.treatment.start,
        reference_period: analysis.reference_period,
        cluster_is_region: region.cluster.is_none(),
        cluster_label: region.cluster_plural.clone(),
        region_label: region.label.clone(),
        regions_masked: false,
        regions_label: region.plural.clone(),
        period_label: protocol.period.label.clone(),
        covariates: protocol
            .covariates
            .iter()
            .map(|covariate| CovariateFacts {
                id: covariate.id.clone(),
                label: covariate.label.clone(),
                kind: covariate.kind.as_str().to_owned(),
                levels: protocol.labels_of_levels(covariate.codelist.as_deref(), &covariate.levels),
            })
            .collect(),
        weights: match protocol.weights.as_ref().map(|weights| weights.kind) {
            None => "none",
            Some(WeightKind::Frequency) => "frequency",
            Some(WeightKind::Analytic) => "analytic",
        }
        .to_owned(),
        weights_label: protocol.weights.as_ref().map(|w| w.label.clone()).unwrap_or_default(),
        level: analysis.level,
        relative_base: analysis.relative_base.as_str().to_owned(),
        headline_method: analysis.headline.clone(),
        methods: analysis.methods.clone(),
        small_sample: analysis.small_sample.as_str().to_owned(),
        draws: analysis.wild_draws,
    }
}

fn phase(layout: &Layout, period: usize) -> &'static str {
    if layout.pre.contains(&period) {
        "pre"
    } else if layout.post.contains(&period) {
        "post"
    } else {
        "transition"
    }
}

/// The outcomes as the protocol describes them.
#[must_use]
pub fn outcomes(protocol: &Protocol) -> Vec<OutcomeFacts> {
    let domain = |id: &str| {
        let found = protocol.domains.iter().find(|domain| domain.id == id);
        found.map_or_else(|| both(id), |domain| domain.label.clone())
    };
    protocol
        .outcomes
        .iter()
        .map(|outcome| OutcomeFacts {
            id: outcome.id.clone(),
            domain: outcome.domain.clone(),
            domain_label: domain(&outcome.domain),
            kind: outcome.kind.as_str().to_owned(),
            better: outcome.better.as_str().to_owned(),
            label: outcome.label.clone(),
            phrase: outcome.phrase.clone(),
            explanation: outcome.explanation.clone(),
            unit: outcome.unit.clone(),
            decimals: outcome.decimals,
        })
        .collect()
}

/// Observed means by comparison, outcome, arm and period.
#[must_use]
pub fn levels(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<LevelRow> {
    let mut rows = Vec::new();
    for (at, comparison) in protocol.comparisons.iter().enumerate() {
        for (outcome, spec) in protocol.outcomes.iter().enumerate() {
            for (arm, regions) in [("treated", &layout.treated), ("control", &layout.controls[at])]
            {
                for (t, &period) in grams.periods.iter().enumerate() {
                    let (n, mean) = mean(grams, outcome, regions, t);
                    rows.push(LevelRow {
                        outcome: spec.id.clone(),
                        comparison: comparison.id.clone(),
                        arm: arm.to_owned(),
                        period,
                        n,
                        mean,
                    });
                }
            }
        }
    }
    rows
}

fn mean(grams: &Grams, outcome: usize, regions: &[usize], period: usize) -> (f64, Option<f64>) {
    let here =
        |slice: &&Slice| slice.period == period && regions.binary_search(&slice.region).is_ok();
    let (mut n, mut weight, mut sum) = (0.0, 0.0, 0.0);
    for slice in grams.slices.iter().filter(here) {
        let (w, s) = grams.weighted_sum(slice, outcome);
        n += grams.units(slice, outcome);
        weight += w;
        sum += s;
    }
    (n, (weight > 0.0).then(|| sum / weight))
}

/// The flow from the rows read to the rows in the Grams; every box adds up.
#[must_use]
pub fn attrition(protocol: &Protocol, extract: &Extract) -> Vec<AttritionStep> {
    let label = |step: &Step| {
        let named = protocol.population.exclusions.iter().find(|e| e.id == step.id);
        named.map(|exclusion| exclusion.label.clone()).unwrap_or_default()
    };
    let mut before = extract.rows;
    let read = Step { id: "read".into(), excluded: 0 };
    std::iter::once(&read)
        .chain(&extract.steps)
        .map(|step| {
            let after = before - step.excluded;
            let row = AttritionStep {
                id: step.id.clone(),
                label: label(step),
                before,
                excluded: step.excluded,
                after,
            };
            before = after;
            row
        })
        .collect()
}

/// Regions of the design without rows in a period, and the layout's warnings.
#[must_use]
pub fn findings(protocol: &Protocol, grams: &Grams, layout: &Layout) -> Vec<Finding> {
    let mut findings: Vec<Finding> = layout.warnings.iter().map(warning).collect();
    for (at, comparison) in protocol.comparisons.iter().enumerate() {
        let regions = layout.treated.iter().filter(|_| comparison.main).chain(&layout.controls[at]);
        for &region in regions {
            let empty: Vec<String> = (0..grams.periods.len())
                .filter(|&t| !grams.slices.iter().any(|s| s.region == region && s.period == t))
                .map(|t| grams.periods[t].to_string())
                .collect();
            if !empty.is_empty() {
                findings.push(Finding {
                    id: "empty_cell".into(),
                    verdict: "caution".into(),
                    comparison: comparison.id.clone(),
                    message: format!(
                        "{} has no rows in {}",
                        grams.regions[region],
                        empty.join(", ")
                    ),
                    ..Finding::default()
                });
            }
        }
    }
    findings
}

fn warning(problem: &Problem) -> Finding {
    let found =
        if problem.found.is_empty() { String::new() } else { format!(": {}", problem.found) };
    Finding {
        id: problem.code.clone(),
        verdict: "caution".into(),
        message: format!("{}{found}", problem.message),
        ..Finding::default()
    }
}
