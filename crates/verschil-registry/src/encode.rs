//! From record batches to dictionary codes, row by row, with the reason why a row is left out.

use datafusion::arrow::array::{Array, AsArray, Float64Array, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use verschil_stats::grams::{Batch, Dictionaries};
use verschil_study::{
    CovariateKind, MissingRule, Outcome, OutcomeKind, Protocol, WeightKind, Weights,
};

use crate::extract::steps_per_unit;
use crate::query::Layout;

mod attrition;
mod bits;
mod coder;
mod crossing;
mod faults;
mod outcomes;
mod tally;

use attrition::{Attrition, inside};
pub(crate) use coder::{Coder, NONE};
use crossing::Crossings;
pub use crossing::Stratum;
pub(crate) use crossing::Weighing;
pub(crate) use faults::{MAX_LEVELS, too_many_levels};
use outcomes::Kind;
pub(crate) use outcomes::MOST_STEPS;
pub use tally::{Checked, Linkage, Portion, Rate};
use tally::{Counted, Tally};

/// Rows encoded at a time: their codes and bits are in fast memory when they are used again.
const ROWS: usize = 8_192;

/// Level of rows without a value, where the protocol keeps them.
pub(crate) const MISSING_LEVEL: &str = "(missing)";

/// Encodes batches and counts what is left out.
pub(crate) struct Encoder<'a> {
    protocol: &'a Protocol,
    layout: Layout,
    regions: Coder,
    clusters: Coder,
    cluster_of: Vec<u32>,
    split_regions: Vec<u32>,
    /// For each region whether rows were seen that are not treated, and that are.
    treated: Vec<[bool; 2]>,
    periods: Coder,
    period_numbers: Vec<i64>,
    levels: Vec<Coder>,
    /// Rows read.
    pub(crate) rows: u64,
    /// Rows left out.
    pub(crate) attrition: Attrition<'a>,
    /// What each outcome holds.
    kinds: Vec<Kind>,
    bad_outcomes: Vec<u64>,
    tally: Tally,
    crossings: Option<Crossings>,
    /// The rows that are encoded now.
    piece: Batch,
}

/// A region of which no row is in the population.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Code.
    pub region: String,
    /// The exclusion that took most of its rows.
    pub exclusion: String,
    /// Rows that it had.
    pub rows: u64,
}

/// What is counted beside the sums.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// For each link of the protocol.
    pub linkage: Vec<Linkage>,
    /// Characteristics by region and period, sorted.
    pub portions: Vec<Portion>,
    /// For each identity of the protocol.
    pub identities: Vec<Checked>,
    /// Regions that exclusions took away, sorted.
    pub gone: Vec<Gone>,
}

fn kinds(protocol: &Protocol) -> Vec<Kind> {
    let steps = steps_per_unit(protocol);
    let kind = |(outcome, steps): (&Outcome, Option<f64>)| match outcome.kind {
        OutcomeKind::Binary => Kind::Flag,
        _ => Kind::Number(steps),
    };
    protocol.outcomes.iter().zip(steps).map(kind).collect()
}

/// One batch as plain columns.
struct Columns {
    exclusion: Int64Array,
    times: Option<Int64Array>,
    region: Vec<u32>,
    cluster: Option<Vec<u32>>,
    period: Int64Array,
    weight: Option<Float64Array>,
    treated: Option<Int64Array>,
    codes: Vec<Vec<u32>>,
    numerics: Vec<Float64Array>,
    counted: Counted,
}

impl Columns {
    /// How many equal rows a row stands for, where they were counted together.
    fn times(&self, row: usize) -> u64 {
        let times = self.times.as_ref().map(|times| times.value(row));
        times.map_or(1, |times| u64::try_from(times).unwrap_or_default())
    }

    /// The exclusion that takes a row, from 1.
    fn excluded(&self, row: usize) -> Option<usize> {
        usize::try_from(self.exclusion.value(row)).ok().filter(|&step| step > 0)
    }

    /// What all rows stand for together.
    fn all(&self, rows: usize) -> u64 {
        if self.times.is_none() { rows as u64 } else { (0..rows).map(|row| self.times(row)).sum() }
    }
}

impl<'a> Encoder<'a> {
    pub(crate) fn new(protocol: &'a Protocol, layout: Layout) -> Self {
        let categoricals =
            protocol.covariates.iter().filter(|c| c.kind == CovariateKind::Categorical).count();
        Self {
            layout,
            regions: Coder::default(),
            clusters: Coder::default(),
            cluster_of: Vec::new(),
            split_regions: Vec::new(),
            treated: Vec::new(),
            periods: Coder::default(),
            period_numbers: Vec::new(),
            levels: (0..categoricals).map(|_| Coder::default()).collect(),
            rows: 0,
            attrition: Attrition::new(protocol),
            kinds: kinds(protocol),
            bad_outcomes: vec![0; protocol.outcomes.len()],
            tally: Tally::new(protocol),
            crossings: Crossings::new(protocol),
            piece: Batch::default(),
            protocol,
        }
    }

    /// Present sizes of the dictionaries of the categorical covariates.
    pub(crate) fn level_counts(&self) -> Vec<usize> {
        self.levels.iter().map(Coder::kept).collect()
    }

    /// Whether a dictionary has outgrown what a categorical covariate can be.
    pub(crate) fn overflow(&self) -> bool {
        self.levels.iter().any(|coder| coder.kept() > MAX_LEVELS)
    }

    /// Writes the rows that stay into a batch, whose memory is used again.
    pub(crate) fn encode(
        &mut self,
        record: &RecordBatch,
        batch: &mut Batch,
    ) -> Result<(), ArrowError> {
        batch.clear();
        self.crossings.iter_mut().for_each(Crossings::begin);
        let mut piece = std::mem::take(&mut self.piece);
        for from in (0..record.num_rows()).step_by(ROWS) {
            let rows = record.slice(from, ROWS.min(record.num_rows() - from));
            self.encode_some(&rows, &mut piece)?;
            batch.append(&mut piece);
        }
        self.piece = piece;
        Ok(())
    }

    /// Writes the rows that stay into an empty batch.
    fn encode_some(&mut self, record: &RecordBatch, batch: &mut Batch) -> Result<(), ArrowError> {
        let columns = self.columns(record)?;
        let rows = record.num_rows();
        self.rows += columns.all(rows);
        self.link(&columns, rows);
        let stays = self.attrition.stays(&columns, rows);
        self.count_regions(&columns, &stays);
        let kept: Vec<(usize, u64)> =
            (0..rows).filter(|&row| stays[row]).map(|row| (row, columns.times(row))).collect();
        self.count_kept(&columns, &kept);
        batch.region.extend(kept.iter().map(|&(row, _)| self.region(&columns, row)));
        batch.period.extend(kept.iter().map(|&(row, _)| self.period(columns.period.value(row))));
        self.codes(&columns, &kept, &mut batch.codes);
        for &(row, _) in &kept {
            batch.numerics.extend(columns.numerics.iter().map(|values| values.value(row)));
        }
        if let Some(weights) = &columns.weight {
            batch.weights.extend(kept.iter().map(|&(row, _)| weights.value(row)));
        }
        let kinds = self.kinds.iter().copied();
        let outcomes = record.columns()[self.layout.outcomes.clone()].iter().zip(kinds);
        outcomes::add(batch, outcomes, &kept, rows, &mut self.bad_outcomes)
    }

    /// Counts all rows for what is told of links.
    fn link(&mut self, columns: &Columns, rows: usize) {
        if self.protocol.population.links.is_empty() {
            return;
        }
        self.crossings.iter_mut().for_each(Crossings::begin_rows);
        for row in 0..rows {
            let (region, times) = (columns.region[row], columns.times(row));
            let period = columns.period.is_valid(row).then(|| columns.period.value(row));
            self.tally.link(&columns.counted, (row, times), region, period);
            if let Some(crossings) = &mut self.crossings {
                let known = period.filter(|period| inside(self.protocol, *period));
                crossings.count(&columns.counted, (row, times), region, known);
            }
        }
    }

    /// Counts the rows of each region; those that are incomplete or outside the window say nothing
    /// about it.
    fn count_regions(&mut self, columns: &Columns, stays: &[bool]) {
        for (row, (&region, &stays)) in columns.region.iter().zip(stays).enumerate() {
            let taken = columns.excluded(row).unwrap_or_default();
            if region != NONE && (stays || taken > 0) {
                self.tally.region(&columns.counted, (row, columns.times(row)), region, taken);
            }
        }
    }

    /// Counts the rows that stay for what is told of them.
    fn count_kept(&mut self, columns: &Columns, kept: &[(usize, u64)]) {
        if let Some(crossings) = &mut self.crossings {
            kept.iter().for_each(|&row| crossings.keep(row));
        }
        if columns.counted.asks_kept() {
            for &(row, times) in kept {
                let cell = (columns.region[row], columns.period.value(row));
                let units = self.units(columns, row);
                self.tally.keep(&columns.counted, (row, times), cell, units);
            }
        }
    }

    /// For each covariate the codes of the levels of the rows that stay. More levels than these codes
    /// hold are far too many, and the last that is read.
    fn codes(&mut self, columns: &Columns, kept: &[(usize, u64)], codes: &mut Vec<Vec<u16>>) {
        codes.resize_with(self.levels.len(), Vec::new);
        for ((coder, column), codes) in self.levels.iter_mut().zip(&columns.codes).zip(codes) {
            let narrow = |code: u32| u16::try_from(code).unwrap_or(u16::MAX);
            codes.extend(kept.iter().map(|&(row, _)| narrow(coder.keep(column[row]))));
        }
    }

    fn columns(&mut self, record: &RecordBatch) -> Result<Columns, ArrowError> {
        let float = |at: usize| -> Result<Float64Array, ArrowError> {
            Ok(cast(record.column(at), &DataType::Float64)?.as_primitive::<Float64Type>().clone())
        };
        let whole = |at: usize| -> Result<Int64Array, ArrowError> {
            Ok(cast(record.column(at), &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        };
        let mut codes = Vec::new();
        let mut numerics = Vec::new();
        for (at, covariate) in self.layout.covariates.clone().zip(&self.protocol.covariates) {
            if covariate.kind == CovariateKind::Categorical {
                let coder = &mut self.levels[codes.len()];
                let mut column = coder.codes(record.column(at))?;
                if covariate.missing == MissingRule::Level && column.contains(&NONE) {
                    let missing = coder.text(MISSING_LEVEL);
                    column
                        .iter_mut()
                        .filter(|code| **code == NONE)
                        .for_each(|code| *code = missing);
                }
                codes.push(column);
            } else {
                numerics.push(float(at)?);
            }
        }
        Ok(Columns {
            exclusion: whole(0)?,
            times: self.layout.times.map(whole).transpose()?,
            region: self.regions.codes(record.column(self.layout.region))?,
            cluster: match self.layout.cluster {
                Some(at) => Some(self.clusters.codes(record.column(at))?),
                None => None,
            },
            period: whole(self.layout.period)?,
            weight: self.layout.weight.map(float).transpose()?,
            treated: self.layout.treated.map(whole).transpose()?,
            codes,
            numerics,
            counted: self.tally.columns(&self.layout, record)?,
        })
    }

    /// For each row of the last batch its part of a region, where rows are weighed by linkage.
    pub(crate) fn parts(&mut self, batch: &Batch) -> Option<Vec<u32>> {
        Some(self.crossings.as_mut()?.parts_of_kept(&batch.region))
    }

    /// What weighing by linkage knows when all rows are read; none where that is not asked.
    pub(crate) fn weighing(&self) -> Option<Weighing> {
        let crossings = self.crossings.as_ref()?;
        Some(crossings.weighing(&self.regions, self.tally.subgroups()))
    }

    /// How many equal rows a row stands for; a weight that is no such number is told as a problem.
    fn units(&self, columns: &Columns, row: usize) -> u64 {
        let frequency = |w: &Weights| w.kind == WeightKind::Frequency;
        match &columns.weight {
            Some(weights) if self.protocol.weights.as_ref().is_some_and(frequency) => {
                weights.value(row) as u64
            }
            _ => 1,
        }
    }

    fn region(&mut self, columns: &Columns, row: usize) -> u32 {
        let region = self.regions.keep(columns.region[row]);
        if let Some(clusters) = &columns.cluster {
            let at = region as usize;
            if self.cluster_of.len() <= at {
                self.cluster_of.resize(at + 1, NONE);
            }
            let cluster = self.clusters.keep(clusters[row]);
            if self.cluster_of[at] == NONE {
                self.cluster_of[at] = cluster;
            } else if self.cluster_of[at] != cluster && !self.split_regions.contains(&region) {
                self.split_regions.push(region);
            }
        }
        if let Some(treated) = &columns.treated {
            let at = region as usize;
            if self.treated.len() <= at {
                self.treated.resize(at + 1, [false; 2]);
            }
            self.treated[at][usize::from(treated.value(row) == 1)] = true;
        }
        region
    }

    /// Codes of the regions that the protocol's condition finds, sorted; none without one.
    pub(crate) fn treated_regions(&self) -> Option<Vec<String>> {
        self.layout.treated?;
        let mut found: Vec<String> = self
            .treated
            .iter()
            .zip(&self.regions.order)
            .filter(|(seen, _)| seen[1])
            .map(|(_, &code)| self.regions.names[code as usize].clone())
            .collect();
        found.sort();
        Some(found)
    }

    fn period(&mut self, period: i64) -> u32 {
        let code = self.periods.number(period);
        let code = self.periods.keep(code);
        if self.period_numbers.len() < self.periods.kept() {
            self.period_numbers.push(period);
        }
        code
    }

    /// What was counted beside the sums: linkage, characteristics, identities, regions gone.
    pub(crate) fn told(&self) -> Told {
        let exclusions = &self.protocol.population.exclusions;
        let gone = self.tally.gone(&self.regions).into_iter();
        Told {
            linkage: self.tally.linkage(&self.regions),
            portions: self.tally.portions(&self.regions),
            identities: self.tally.identities(),
            gone: gone
                .map(|(region, step, rows)| Gone {
                    region,
                    exclusion: exclusions[step].id.clone(),
                    rows,
                })
                .collect(),
        }
    }

    /// What all codes meant.
    pub(crate) fn dictionaries(self) -> Dictionaries {
        let regions = self.regions.kept_names();
        let clusters = if self.layout.cluster.is_some() {
            let names = self.clusters.kept_names();
            self.cluster_of.iter().map(|&code| names[code as usize].clone()).collect()
        } else {
            regions.clone()
        };
        Dictionaries {
            regions,
            clusters,
            periods: self.period_numbers,
            levels: self.levels.iter().map(Coder::kept_names).collect(),
        }
    }
}
