//! Difference-in-differences with one common start: which columns, which sample, which effects.

use crate::estimate::Estimate;
use crate::fit::Fit;
use crate::grams::{Grams, Slice, count};
use crate::normal::{Normal, Sample, Term};
use crate::permutation::Exchange;
use crate::refusal::Refusal;

/// Who is treated from when, by positions in the Grams. All lists are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Treated regions.
    pub treated: Vec<usize>,
    /// Control regions.
    pub controls: Vec<usize>,
    /// Periods before the start.
    pub pre: Vec<usize>,
    /// Periods from the start; transition periods are in neither list.
    pub post: Vec<usize>,
    /// Reference period of the event study.
    pub reference: usize,
    /// Covariate columns left out of the model (reference levels).
    pub references: Vec<usize>,
}

/// Which effects are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Analysis {
    /// One effect for all.
    Pooled,
    /// One effect per treated region beside common period and covariate effects.
    PerRegion,
    /// One effect per period from the start.
    PerPeriod,
    /// One coefficient per period other than the reference.
    EventStudy,
}

/// What one effect is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// All treated units.
    Main,
    /// One region.
    Region(usize),
    /// One period from the start.
    Period(usize),
    /// One period against the reference.
    Event(usize),
}

/// An effect with the cells it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectCells {
    /// What the effect is about.
    pub target: Target,
    /// Treated regions concerned.
    pub regions: Vec<usize>,
    /// Periods concerned.
    pub periods: Vec<usize>,
}

/// The sums of a design by region, for methods that need a finer level than the clusters.
#[derive(Debug, Clone)]
pub struct Subclusters {
    /// The normal equations with a block for each region.
    pub normal: Normal,
    /// For each region with rows its cluster, by position in the fit's blocks.
    pub of: Vec<usize>,
}

/// A design ready to be solved for a sample class.
#[derive(Debug, Clone)]
pub struct Design<'a> {
    pub(crate) grams: &'a Grams,
    class: usize,
    setting: &'a Setting,
    analysis: Analysis,
    pub(crate) sample: Sample,
    /// One per term, in order.
    pub effects: Vec<EffectCells>,
}

impl<'a> Design<'a> {
    /// Lays out the effects of an analysis.
    ///
    /// # Errors
    /// When the class has no treated units before or after the start, no controls, or (event
    /// study) nothing in the reference period.
    pub fn new(
        grams: &'a Grams,
        class: usize,
        setting: &'a Setting,
        analysis: Analysis,
    ) -> Result<Self, Refusal> {
        let rows = |regions: &[usize], periods: &[usize]| has_rows(grams, class, regions, periods);
        let all_periods = sorted_union(&setting.pre, &setting.post);
        if !rows(&sorted_union(&setting.treated, &setting.controls), &all_periods) {
            return Err(Refusal::NoOutcome);
        }
        if !rows(&setting.treated, &setting.pre) || !rows(&setting.treated, &setting.post) {
            return Err(Refusal::NothingTreated);
        }
        if !rows(&setting.controls, &all_periods) {
            return Err(Refusal::NoControls);
        }
        if analysis == Analysis::EventStudy && !rows(&setting.treated, &[setting.reference]) {
            let why =
                format!("no treated unit in reference period {}", grams.periods[setting.reference]);
            return Err(Refusal::NotDefined { why });
        }
        let cells = |target, regions: &[usize], periods: &[usize]| EffectCells {
            target,
            regions: regions.to_vec(),
            periods: periods.to_vec(),
        };
        let treated = &setting.treated;
        let effects = match analysis {
            Analysis::Pooled => vec![cells(Target::Main, treated, &setting.post)],
            Analysis::PerRegion => treated
                .iter()
                .filter(|&&r| rows(&[r], &setting.pre) && rows(&[r], &setting.post))
                .map(|&r| cells(Target::Region(r), &[r], &setting.post))
                .collect(),
            Analysis::PerPeriod => setting
                .post
                .iter()
                .filter(|&&t| rows(treated, &[t]))
                .map(|&t| cells(Target::Period(t), treated, &[t]))
                .collect(),
            Analysis::EventStudy => all_periods
                .iter()
                .filter(|&&t| t != setting.reference && rows(treated, &[t]))
                .map(|&t| cells(Target::Event(t), treated, &[t]))
                .collect(),
        };
        let sample =
            Sample { regions: sorted_union(treated, &setting.controls), periods: all_periods };
        Ok(Self { grams, class, setting, analysis, sample, effects })
    }

    /// Solves the design for all outcomes of its class.
    #[must_use]
    pub fn fit(&self) -> Fit {
        let terms: Vec<Term> = self.effects.iter().map(|effect| self.term(effect, None)).collect();
        Fit::new(self.normal(&terms))
    }

    /// The sums of the fit's design by region.
    ///
    /// # Errors
    /// [`Refusal::NoFinerLevel`] when every cluster is one region.
    pub fn subclusters(&self, fit: &Fit) -> Result<Subclusters, Refusal> {
        let terms: Vec<Term> = self.effects.iter().map(|effect| self.term(effect, None)).collect();
        let (sample, references) = (&self.sample, &self.setting.references);
        let normal = Normal::by_region(self.grams, self.class, sample, references, &terms);
        if normal.blocks.len() == fit.clusters() {
            return Err(Refusal::NoFinerLevel { clusters: fit.clusters() });
        }
        let cluster_of = |region: &str| -> Option<usize> {
            let code = &self.grams.clusters[self.grams.cluster_of[self.grams.region(region)?]];
            fit.normal.blocks.iter().position(|block| block.cluster == *code)
        };
        let of = normal.blocks.iter().filter_map(|block| cluster_of(&block.cluster)).collect();
        Ok(Subclusters { normal, of })
    }

    /// The permutation test for effect `of`; effects of a period are tested together, so for them
    /// `of` is ignored and every effect is a profile.
    ///
    /// # Errors
    /// When clusters cannot be exchanged.
    pub fn exchange(&self, of: usize, budget: usize, seed: u64) -> Result<Exchange, Refusal> {
        let (nuisance, profiles, treated_regions) = self.exchange_terms(of);
        let profile_count = profiles.len();
        let terms: Vec<Term> = nuisance.into_iter().chain(profiles).collect();
        let normal = self.normal(&terms);
        let (treated, candidates) = self.exchangeable(&normal, &treated_regions)?;
        let sets = None;
        Ok(Exchange { normal, profiles: profile_count, candidates, treated, sets, budget, seed })
    }

    /// Nuisance terms, profiles as though every region were treated, and the regions that are.
    pub(crate) fn exchange_terms(&self, of: usize) -> (Vec<Term>, Vec<Term>, Vec<usize>) {
        let everywhere = Some(self.sample.regions.as_slice());
        match self.analysis {
            Analysis::PerRegion => {
                let others: Vec<Term> = (0..self.effects.len())
                    .filter(|&j| j != of)
                    .map(|j| self.term(&self.effects[j], None))
                    .collect();
                let profile = self.term(&self.effects[of], everywhere);
                (others, vec![profile], self.effects[of].regions.clone())
            }
            _ => {
                let profiles = self.effects.iter().map(|e| self.term(e, everywhere)).collect();
                (Vec::new(), profiles, self.setting.treated.clone())
            }
        }
    }

    /// The analysis that it lays out.
    #[must_use]
    pub fn analysis(&self) -> Analysis {
        self.analysis
    }

    /// Whether all effects are tested in one exchange.
    #[must_use]
    pub fn exchanged_together(&self) -> bool {
        self.analysis != Analysis::PerRegion
    }

    /// Mean of an outcome over cells, with the influence of each of the fit's clusters; without
    /// jackknife when all units are in one cluster. Nothing when no unit is there.
    #[must_use]
    pub fn mean(
        &self,
        fit: &Fit,
        outcome: usize,
        regions: &[usize],
        periods: &[usize],
    ) -> Option<Estimate> {
        let mut sums = vec![(0.0, 0.0); fit.clusters()];
        let here = |slice: &&Slice| {
            regions.binary_search(&slice.region).is_ok()
                && periods.binary_search(&slice.period).is_ok()
                && slice.classes[self.class].n > 0
        };
        for slice in self.grams.slices.iter().filter(here) {
            let code = &self.grams.clusters[self.grams.cluster_of[slice.region]];
            if let Some(block) = fit.normal.blocks.iter().position(|b| b.cluster == *code) {
                sums[block].0 += slice.classes[self.class].xx.at(0, 0);
                sums[block].1 += slice.xy[outcome];
            }
        }
        let (weight, sum) = sums.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        // centred as the sums are, so that differences of clusters keep their digits
        let (mean, shift) = (sum / weight, self.grams.outcome_shift[outcome]);
        let apart = |(w, s): &(f64, f64)| (s - mean * w) / weight;
        let without = |(at, (w, s)): (usize, &(f64, f64))| match weight - w {
            _ if *w == 0.0 => Ok(shift + mean),
            left if left > 0.0 => Ok(shift + (sum - s) / left),
            _ => Err(Refusal::NotIdentifiedWithout {
                cluster: fit.normal.blocks[at].cluster.clone(),
            }),
        };
        let deleted: Result<Vec<f64>, Refusal> = sums.iter().enumerate().map(without).collect();
        (weight > 0.0).then(|| Estimate {
            values: vec![shift + mean],
            influence: vec![sums.iter().map(apart).collect()],
            deleted: deleted.map(|values| vec![values]),
            n: fit.normal.n,
            k: (fit.k_within(), fit.k_all()),
        })
    }

    /// Units in the cells for an outcome.
    #[must_use]
    pub fn units(&self, outcome: usize, regions: &[usize], periods: &[usize]) -> f64 {
        self.grams
            .slices
            .iter()
            .filter(|s| {
                regions.binary_search(&s.region).is_ok() && periods.binary_search(&s.period).is_ok()
            })
            .map(|s| self.grams.units(s, outcome))
            .sum()
    }

    fn normal(&self, terms: &[Term]) -> Normal {
        Normal::new(self.grams, self.class, &self.sample, &self.setting.references, terms)
    }

    /// The effect's column; `regions` overrides where it is one.
    pub(crate) fn term(&self, effect: &EffectCells, regions: Option<&[usize]>) -> Term {
        let regions = regions.unwrap_or(&effect.regions);
        Term::new(self.grams, self.name(&effect.target), |r, t| {
            let inside =
                regions.binary_search(&r).is_ok() && effect.periods.binary_search(&t).is_ok();
            f64::from(u8::from(inside))
        })
    }

    /// Name of an effect as in the column `analysis`.
    #[must_use]
    pub fn name(&self, target: &Target) -> String {
        match target {
            Target::Main => "main".into(),
            Target::Region(r) => format!("region:{}", self.grams.regions[*r]),
            Target::Period(t) => format!("period:{}", self.grams.periods[*t]),
            Target::Event(t) => format!("event:{}", self.grams.periods[*t]),
        }
    }

    /// Blocks that are treated and blocks that might have been.
    fn exchangeable(
        &self,
        normal: &Normal,
        treated_regions: &[usize],
    ) -> Result<(Vec<usize>, Vec<usize>), Refusal> {
        let codes = |regions: &[usize]| -> Vec<&str> {
            regions
                .iter()
                .map(|&r| self.grams.clusters[self.grams.cluster_of[r]].as_str())
                .collect()
        };
        let (treated, controls) = (codes(treated_regions), codes(&self.setting.controls));
        let all_treated = codes(&self.setting.treated);
        if let Some(mixed) = all_treated.iter().find(|code| controls.contains(code)) {
            return Err(Refusal::MixedCluster { cluster: (*mixed).to_owned() });
        }
        let alone = |code: &&str| all_treated.iter().filter(|c| *c == code).count() == 1;
        if self.analysis == Analysis::PerRegion && !treated.iter().all(alone) {
            let why = "its cluster holds other treated regions".to_owned();
            return Err(Refusal::NotDefined { why });
        }
        let blocks_of = |codes: &[&str]| -> Vec<usize> {
            (0..normal.blocks.len())
                .filter(|&b| codes.contains(&normal.blocks[b].cluster.as_str()))
                .collect()
        };
        let treated_blocks = blocks_of(&treated);
        let candidates = sorted_union(&treated_blocks, &blocks_of(&controls));
        Ok((treated_blocks, candidates))
    }
}

fn has_rows(grams: &Grams, class: usize, regions: &[usize], periods: &[usize]) -> bool {
    grams.slices.iter().any(|slice| {
        count(slice.classes[class].n) > 0.0
            && regions.binary_search(&slice.region).is_ok()
            && periods.binary_search(&slice.period).is_ok()
    })
}

fn sorted_union(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
