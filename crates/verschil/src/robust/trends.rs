//! What the check of earlier trends can see, and what the effect is when trends may differ.

use rayon::prelude::*;
use verschil_stats::did::{Analysis, Design, Target};
use verschil_stats::estimate::{Covariance, Estimate};
use verschil_stats::event_study::{EventStudy, Tails};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::honest::{
    self, Breakdown, Method, parallel, relative_breakdown, relative_magnitudes, smoothness,
    smoothness_breakdown,
};
use verschil_stats::inference::Options;
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::bands::{Band, Draws, simultaneous};
use verschil_stats::trend::equivalence::smallest_bounds;
use verschil_stats::trend::slope::linear_trend;
use verschil_stats::trend::{Rule, RuleSlope};
use verschil_study::Protocol;
use verschil_study::results::{BandRow, HonestRow, TrendPowerRow};

use crate::layout::Layout;

/// Draws of the simulations.
const DRAWS: usize = 2_000;
/// Bounds on relative magnitudes.
const RELATIVE: [f64; 4] = [0.5, 1.0, 1.5, 2.0];
/// Bounds on the change of slope, in standard errors of the mean effect.
const SMOOTH: [f64; 4] = [0.0, 0.05, 0.1, 0.25];

/// Everything about the trends of one outcome.
struct Trends<'a> {
    protocol: &'a Protocol,
    options: &'a Options,
    outcome: &'a str,
    comparison: &'a str,
    study: Result<EventStudy, Refusal>,
}

/// What is told of the trends of all outcomes.
#[derive(Debug, Default)]
pub struct Found {
    /// What the checks can see.
    pub power: Vec<TrendPowerRow>,
    /// Simultaneous bands of the event studies.
    pub bands: Vec<BandRow>,
    /// Bounds, where the protocol asks for them.
    pub honest: Vec<HonestRow>,
}

/// One row per outcome on the checks, its band, and the bounds that the protocol asks for, in the
/// main comparison. Nothing without an event study.
#[must_use]
pub fn trends(protocol: &Protocol, grams: &Grams, layout: &Layout, options: &Options) -> Found {
    let main = protocol.comparisons.iter().position(|comparison| comparison.main);
    let Some(comparison) = main.filter(|_| protocol.analysis.event_study) else {
        return Found::default();
    };
    let setting = layout.setting(comparison);
    let classes = grams.class_count();
    let fits: Vec<Result<(Fit, Vec<i64>), Refusal>> = (0..classes)
        .into_par_iter()
        .map(|class| {
            let design = Design::new(grams, class, &setting, Analysis::EventStudy)?;
            let periods = design.effects.iter().filter_map(|effect| match effect.target {
                Target::Event(t) => Some(grams.periods[t]),
                _ => None,
            });
            Ok((design.fit(), periods.collect()))
        })
        .collect();
    let each: Vec<Found> = protocol
        .outcomes
        .par_iter()
        .enumerate()
        .map(|(k, outcome)| {
            let fit = fits[grams.class_of[k]].as_ref().map_err(Clone::clone);
            let trends = Trends {
                protocol,
                options,
                outcome: &outcome.id,
                comparison: &protocol.comparisons[comparison].id,
                study: fit.and_then(|(fit, periods)| study(protocol, options, fit, periods, k)),
            };
            let (power, bands) = trends.power();
            Found { power: vec![power], bands, honest: trends.honest() }
        })
        .collect();
    let mut found = Found::default();
    for outcome in each {
        found.power.extend(outcome.power);
        found.bands.extend(outcome.bands);
        found.honest.extend(outcome.honest);
    }
    found
}

/// The method whose covariance everything here rests on: the headline's, or CR3 where that one
/// has none.
fn covariance(protocol: &Protocol) -> &'static str {
    match protocol.analysis.headline.as_str() {
        "cr0" => "cr0",
        "cr1" => "cr1",
        _ => "cr3",
    }
}

fn study(
    protocol: &Protocol,
    options: &Options,
    fit: &Fit,
    periods: &[i64],
    outcome: usize,
) -> Result<EventStudy, Refusal> {
    let at = fit.normal.outcomes.iter().position(|&o| o == outcome).unwrap_or_default();
    if !fit.varies(at) {
        return Err(Refusal::ConstantOutcome);
    }
    if fit.normal.touched.iter().any(|touched| touched.len() < 2) {
        return Err(Refusal::OneTreatedCluster);
    }
    let terms: Vec<usize> = (0..periods.len()).collect();
    let estimate = Estimate::from_fit(fit, &terms, at)?;
    let kind = match covariance(protocol) {
        "cr0" => Covariance::Cr0,
        "cr1" => Covariance::Cr1(options.small_sample),
        _ => Covariance::Cr3,
    };
    let start = protocol.treatment.start;
    EventStudy::new(&estimate, kind, periods, protocol.analysis.reference_period, start)
}

impl Trends<'_> {
    fn draws(&self) -> Draws {
        Draws { count: DRAWS, seed: self.options.seed }
    }

    /// Positions of the periods that the rule names, or of all before the start.
    fn positions(&self, study: &EventStudy) -> Vec<usize> {
        let named = |t: i64| match &self.protocol.trend_rule {
            Some(rule) => rule.periods.contains(&t),
            None => true,
        };
        study.pre().filter(|&at| named(study.periods()[at])).collect()
    }

    /// What the check can see, and the band, whose critical value stands with it.
    fn power(&self) -> (TrendPowerRow, Vec<BandRow>) {
        let mut row = TrendPowerRow {
            outcome: self.outcome.to_owned(),
            comparison: self.comparison.to_owned(),
            ..TrendPowerRow::default()
        };
        let study = match &self.study {
            Ok(study) => study,
            Err(refusal) => {
                row.note = refusal.note();
                return (row, Vec::new());
            }
        };
        let positions = self.positions(study);
        let level = self.options.level;
        let mut notes = Vec::new();
        match linear_trend(study, &positions, level) {
            Ok(line) => {
                row.slope = Some(line.slope);
                row.slope_std_error = Some(line.std_error);
                row.slope_p_value = Some(line.p_value);
            }
            Err(refusal) => notes.push(refusal.note()),
        }
        if let Err(refusal) = self.rule(study, &positions, &mut row) {
            notes.push(refusal.note());
        }
        match smallest_bounds(study, &positions, 1.0 - level, Tails::Student) {
            Ok(bounds) => {
                row.bound_max = Some(bounds.maximum);
                row.bound_mean = Some(bounds.mean);
                row.bound_rms = Some(bounds.root_mean_square);
            }
            Err(refusal) => notes.push(refusal.note()),
        }
        let all: Vec<usize> = (0..study.periods().len()).collect();
        let mut bands = Vec::new();
        match simultaneous(study, &all, level, Tails::Student, self.draws()) {
            Ok(band) => {
                row.band_critical = Some(band.critical);
                bands = self.bands(study, &band);
            }
            Err(refusal) => notes.push(refusal.note()),
        }
        notes.dedup();
        row.note = notes.join("; ");
        (row, bands)
    }

    /// The band as rows, one per period of the event study.
    fn bands(&self, study: &EventStudy, band: &Band) -> Vec<BandRow> {
        let values = study.periods().iter().zip(study.values()).zip(&band.intervals);
        values
            .map(|((&period, &estimate), &(low, high))| BandRow {
                outcome: self.outcome.to_owned(),
                comparison: self.comparison.to_owned(),
                period,
                method: covariance(self.protocol).to_owned(),
                estimate,
                low,
                high,
            })
            .collect()
    }

    /// How the protocol's rule behaves: its size, and the slopes that it finds.
    fn rule(
        &self,
        study: &EventStudy,
        positions: &[usize],
        row: &mut TrendPowerRow,
    ) -> Result<(), Refusal> {
        let Some(rule) = &self.protocol.trend_rule else { return Ok(()) };
        let most = usize::try_from(rule.max_significant).unwrap_or(usize::MAX);
        let rule = Rule { max_significant: most, alpha: rule.alpha };
        let weights = study.average_post();
        let asked = (&[0.5, 0.8][..], &weights[..]);
        let power = rule.power(study, positions, asked, Tails::Student, self.draws())?;
        row.rule_size = Some(power.size);
        let slope = |at: usize| -> Result<&RuleSlope, Refusal> {
            power.slopes[at].as_ref().map_err(Clone::clone)
        };
        row.slope_half = Some(slope(0)?.slope.abs());
        let eighty = slope(1)?;
        row.slope_eighty = Some(eighty.slope.abs());
        row.bias_eighty = Some(eighty.bias_after_passing.abs());
        Ok(())
    }

    /// Bounds on the mean effect from the start, where the protocol asks for them.
    fn honest(&self) -> Vec<HonestRow> {
        if !self.protocol.analysis.honest_bounds {
            return Vec::new();
        }
        let mut rows = Vec::new();
        let study = match &self.study {
            Ok(study) => study,
            Err(refusal) => return vec![self.refused("relative_magnitudes", refusal)],
        };
        match parallel(study, &study.average_post(), self.options.level) {
            Ok((low, high)) => rows.push(HonestRow {
                ci_low: Some(low),
                ci_high: Some(high),
                ..self.blank("parallel")
            }),
            Err(refusal) => rows.push(self.refused("parallel", &refusal)),
        }
        match self.relative(study) {
            Ok(found) => rows.extend(found),
            Err(refusal) => rows.push(self.refused("relative_magnitudes", &refusal)),
        }
        match self.smooth(study) {
            Ok(found) => rows.extend(found),
            Err(refusal) => rows.push(self.refused("smoothness", &refusal)),
        }
        rows
    }

    fn relative(&self, study: &EventStudy) -> Result<Vec<HonestRow>, Refusal> {
        let weights = study.average_post();
        let options = honest::Options {
            level: self.options.level,
            method: Method::Hybrid,
            draws: self.draws(),
        };
        let restriction = "relative_magnitudes";
        let found = relative_magnitudes(study, &weights, &RELATIVE, &options)?;
        let mut rows: Vec<HonestRow> = found
            .iter()
            .map(|robust| match robust.interval {
                Some(interval) => self.row(restriction, robust.bound, interval),
                None => HonestRow {
                    bound: Some(robust.bound),
                    note: "empty: the data reject the bound itself".to_owned(),
                    ..self.blank(restriction)
                },
            })
            .collect();
        rows.push(self.breakdown(restriction, relative_breakdown(study, &weights, &options)?));
        Ok(rows)
    }

    fn smooth(&self, study: &EventStudy) -> Result<Vec<HonestRow>, Refusal> {
        let (weights, level) = (study.average_post(), self.options.level);
        let post: Vec<usize> = study.post().collect();
        let mut row = vec![0.0; study.periods().len()];
        post.iter().zip(&weights).for_each(|(&at, weight)| row[at] = *weight);
        let spread = study.covariance_under(&[row])[(0, 0)].sqrt();
        let bounds = SMOOTH.map(|bound| bound * spread);
        let restriction = "smoothness";
        let found = smoothness(study, &weights, &bounds, level)?;
        let mut rows: Vec<HonestRow> =
            found.iter().map(|fixed| self.row(restriction, fixed.bound, fixed.interval)).collect();
        rows.push(self.breakdown(restriction, smoothness_breakdown(study, &weights, level)?));
        Ok(rows)
    }

    fn blank(&self, restriction: &str) -> HonestRow {
        HonestRow {
            outcome: self.outcome.to_owned(),
            comparison: self.comparison.to_owned(),
            restriction: restriction.to_owned(),
            ..HonestRow::default()
        }
    }

    fn row(&self, restriction: &str, bound: f64, (low, high): (f64, f64)) -> HonestRow {
        HonestRow {
            bound: Some(bound),
            ci_low: Some(low),
            ci_high: Some(high),
            ..self.blank(restriction)
        }
    }

    fn breakdown(&self, restriction: &str, found: Breakdown) -> HonestRow {
        let (value, note) = match found {
            Breakdown::At(value) => (value, String::new()),
            Breakdown::Beyond(value) => {
                (value, "beyond: the interval excludes zero up to the largest bound tried".into())
            }
        };
        HonestRow { breakdown: Some(value), note, ..self.blank(restriction) }
    }

    fn refused(&self, restriction: &str, refusal: &Refusal) -> HonestRow {
        HonestRow { note: refusal.note(), ..self.blank(restriction) }
    }
}
