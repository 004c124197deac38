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

mod coder;
mod crossing;
mod faults;
mod outcomes;
mod tally;

pub(crate) use coder::{Coder, NONE};
use crossing::Crossings;
pub use crossing::Stratum;
pub(crate) use faults::{MAX_LEVELS, too_many_levels};
use outcomes::Kind;
pub(crate) use outcomes::MOST_STEPS;
pub use tally::{Checked, Linkage, Portion, Rate};
use tally::{Counted, Tally};

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
    /// Rows per exclusion of the protocol.
    pub(crate) excluded: Vec<u64>,
    /// Rows without region, period, inside the window, weight.
    pub(crate) incomplete: [u64; 4],
    /// Rows left out for each covariate.
    pub(crate) without_covariate: Vec<u64>,
    /// What each outcome holds.
    kinds: Vec<Kind>,
    bad_outcomes: Vec<u64>,
    bad_weights: u64,
    tally: Tally,
    crossings: Option<Crossings>,
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
            excluded: vec![0; protocol.population.exclusions.len()],
            incomplete: [0; 4],
            without_covariate: vec![0; protocol.covariates.len()],
            kinds: kinds(protocol),
            bad_outcomes: vec![0; protocol.outcomes.len()],
            bad_weights: 0,
            tally: Tally::new(protocol),
            crossings: Crossings::new(protocol),
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

    pub(crate) fn encode(&mut self, record: &RecordBatch) -> Result<Batch, ArrowError> {
        let columns = self.columns(record)?;
        self.rows += columns.all(record.num_rows());
        self.crossings.iter_mut().for_each(Crossings::begin);
        let stays = (0..record.num_rows()).filter(|&row| self.look(&columns, row));
        let kept: Vec<(usize, u64)> = stays.map(|row| (row, columns.times(row))).collect();
        let mut batch = Batch::default();
        batch.codes.reserve(kept.len() * self.levels.len());
        for &(row, times) in &kept {
            let (region, period) = (columns.region[row], columns.period.value(row));
            batch.region.push(self.region(&columns, row));
            batch.period.push(self.period(period));
            let units = self.units(&columns, row);
            self.tally.keep(&columns.counted, (row, times), (region, period), units);
            self.crossings.iter_mut().for_each(|crossings| crossings.keep(row));
            let codes = self.levels.iter_mut().zip(&columns.codes);
            batch.codes.extend(codes.map(|(coder, codes)| coder.keep(codes[row])));
            batch.numerics.extend(columns.numerics.iter().map(|values| values.value(row)));
            if let Some(weights) = &columns.weight {
                batch.weights.push(weights.value(row));
            }
        }
        let kinds = self.kinds.iter().copied();
        let outcomes = record.columns()[self.layout.outcomes.clone()].iter().zip(kinds);
        outcomes::add(&mut batch, outcomes, &kept, record.num_rows(), &mut self.bad_outcomes)?;
        Ok(batch)
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

    /// Counts a row for what is told of all rows, and says whether it stays.
    fn look(&mut self, columns: &Columns, row: usize) -> bool {
        let region = columns.region[row];
        let period = columns.period.is_valid(row).then(|| columns.period.value(row));
        let times = columns.times(row);
        self.tally.link(&columns.counted, (row, times), region, period);
        let known = period.filter(|period| self.inside(*period));
        if let Some(crossings) = &mut self.crossings {
            crossings.count(&columns.counted, row, region, known);
        }
        let stays = self.keep(columns, row);
        let taken = usize::try_from(columns.exclusion.value(row)).unwrap_or_default();
        // rows that are incomplete or outside the window say nothing about their region
        if region != NONE && (stays || taken > 0) {
            self.tally.region(&columns.counted, (row, times), region, taken);
        }
        stays
    }

    /// For each row of the last batch the code of its weight, where rows are weighed by linkage.
    pub(crate) fn weight_codes(&self) -> Option<&[u32]> {
        self.crossings.as_ref().map(Crossings::of_kept)
    }

    /// Strata, the weight of each code, and the rows kept that lack a link.
    pub(crate) fn strata(&self) -> Option<(Vec<Stratum>, Vec<f64>, u64)> {
        let crossings = self.crossings.as_ref()?;
        Some(crossings.strata(&self.regions, self.tally.subgroups()))
    }

    /// Whether a row stays; the first reason against it is counted.
    fn keep(&mut self, columns: &Columns, row: usize) -> bool {
        if let Some(step) = usize::try_from(columns.exclusion.value(row)).ok().filter(|&s| s > 0) {
            self.excluded[step - 1] += columns.times(row);
            return false;
        }
        let no_cluster = columns.cluster.as_ref().is_some_and(|cluster| cluster[row] == NONE);
        if columns.region[row] == NONE || no_cluster {
            self.incomplete[0] += columns.times(row);
            return false;
        }
        if columns.period.is_null(row) {
            self.incomplete[1] += columns.times(row);
            return false;
        }
        if !self.inside(columns.period.value(row)) {
            self.incomplete[2] += columns.times(row);
            return false;
        }
        self.keep_weight(columns, row) && self.keep_covariates(columns, row)
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

    /// Whether a period lies in the window.
    fn inside(&self, period: i64) -> bool {
        let window = &self.protocol.period;
        window.first.is_none_or(|first| period >= first)
            && window.last.is_none_or(|last| period <= last)
    }

    fn keep_weight(&mut self, columns: &Columns, row: usize) -> bool {
        let Some(weights) = &columns.weight else { return true };
        if weights.is_null(row) || weights.value(row).is_nan() || weights.value(row) == 0.0 {
            self.incomplete[3] += columns.times(row);
            return false;
        }
        let weight = weights.value(row);
        let whole = self.protocol.weights.as_ref().is_some_and(|w| w.kind == WeightKind::Frequency);
        if weight < 0.0 || !weight.is_finite() || (whole && weight.fract() != 0.0) {
            self.bad_weights += 1;
        }
        true
    }

    fn keep_covariates(&mut self, columns: &Columns, row: usize) -> bool {
        let (mut categorical, mut numeric) = (0, 0);
        for (at, covariate) in self.protocol.covariates.iter().enumerate() {
            let missing = if covariate.kind == CovariateKind::Categorical {
                categorical += 1;
                columns.codes[categorical - 1][row] == NONE
            } else {
                numeric += 1;
                let values = &columns.numerics[numeric - 1];
                values.is_null(row) || !values.value(row).is_finite()
            };
            if missing {
                self.without_covariate[at] += columns.times(row);
                return false;
            }
        }
        true
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
        let regions = self.regions.into_names();
        let clusters = if self.layout.cluster.is_some() {
            let names = self.clusters.into_names();
            self.cluster_of.iter().map(|&code| names[code as usize].clone()).collect()
        } else {
            regions.clone()
        };
        Dictionaries {
            regions,
            clusters,
            periods: self.period_numbers,
            levels: self.levels.into_iter().map(Coder::into_names).collect(),
        }
    }
}
