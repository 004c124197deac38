//! Which rows stay, and how many others go for which reason: the first that holds.

use datafusion::arrow::array::{Array, Float64Array};
use verschil_study::{CovariateKind, Protocol, WeightKind};

use super::Columns;
use super::coder::NONE;

/// Rows left out so far.
pub(crate) struct Attrition<'a> {
    protocol: &'a Protocol,
    /// By each exclusion of the protocol.
    pub(crate) excluded: Vec<u64>,
    /// Without region, period, inside the window, weight.
    pub(crate) incomplete: [u64; 4],
    /// Without a value of each covariate.
    pub(crate) without_covariate: Vec<u64>,
    /// Rows whose weight cannot be; a problem rather than a reason to go.
    pub(super) bad_weights: u64,
}

/// The rows of a batch that have met no reason yet.
struct Staying<'a> {
    columns: &'a Columns,
    stays: Vec<bool>,
}

impl Staying<'_> {
    /// Lets go the rows for which a reason holds, and gives how many they stand for.
    fn without(&mut self, holds: impl Fn(usize) -> bool) -> u64 {
        let mut gone = 0;
        for (row, stays) in self.stays.iter_mut().enumerate() {
            if *stays && holds(row) {
                *stays = false;
                gone += self.columns.times(row);
            }
        }
        gone
    }
}

impl<'a> Attrition<'a> {
    pub(super) fn new(protocol: &'a Protocol) -> Self {
        Self {
            protocol,
            excluded: vec![0; protocol.population.exclusions.len()],
            incomplete: [0; 4],
            without_covariate: vec![0; protocol.covariates.len()],
            bad_weights: 0,
        }
    }

    /// Whether each row of a batch stays.
    pub(super) fn stays(&mut self, columns: &Columns, rows: usize) -> Vec<bool> {
        let mut staying = Staying { columns, stays: vec![true; rows] };
        self.exclude(&mut staying);
        self.complete(&mut staying);
        self.weigh(&mut staying);
        self.cover(&mut staying);
        staying.stays
    }

    fn exclude(&mut self, staying: &mut Staying<'_>) {
        if self.excluded.is_empty() {
            return;
        }
        let columns = staying.columns;
        for (row, stays) in staying.stays.iter_mut().enumerate() {
            if let Some(step) = columns.excluded(row) {
                *stays = false;
                self.excluded[step - 1] += columns.times(row);
            }
        }
    }

    fn complete(&mut self, staying: &mut Staying<'_>) {
        let columns = staying.columns;
        let period = &columns.period;
        let [no_region, no_period, outside, _] = &mut self.incomplete;
        *no_region += staying.without(|row| columns.region[row] == NONE);
        if let Some(clusters) = &columns.cluster {
            *no_region += staying.without(|row| clusters[row] == NONE);
        }
        if period.null_count() > 0 {
            *no_period += staying.without(|row| period.is_null(row));
        }
        *outside += staying.without(|row| !inside(self.protocol, period.value(row)));
    }

    fn weigh(&mut self, staying: &mut Staying<'_>) {
        let Some(weights) = &staying.columns.weight else { return };
        let none = |row| weights.is_null(row) || weights.value(row).is_nan();
        self.incomplete[3] += staying.without(|row| none(row) || weights.value(row) == 0.0);
        let whole = self.protocol.weights.as_ref().is_some_and(|w| w.kind == WeightKind::Frequency);
        let bad =
            |weight: f64| weight < 0.0 || !weight.is_finite() || (whole && weight.fract() != 0.0);
        let kept = staying.stays.iter().enumerate().filter(|(_, stays)| **stays);
        self.bad_weights += kept.filter(|(row, _)| bad(weights.value(*row))).count() as u64;
    }

    fn cover(&mut self, staying: &mut Staying<'_>) {
        let columns = staying.columns;
        let (mut codes, mut numerics) = (columns.codes.iter(), columns.numerics.iter());
        for (covariate, without) in self.protocol.covariates.iter().zip(&mut self.without_covariate)
        {
            let gone = if covariate.kind == CovariateKind::Categorical {
                codes.next().map(|codes| staying.without(|row| codes[row] == NONE))
            } else {
                let no = |values: &Float64Array, row: usize| {
                    values.is_null(row) || !values.value(row).is_finite()
                };
                numerics.next().map(|values| staying.without(|row| no(values, row)))
            };
            *without += gone.unwrap_or_default();
        }
    }
}

/// Whether a period lies in the window.
pub(super) fn inside(protocol: &Protocol, period: i64) -> bool {
    let window = &protocol.period;
    window.first.is_none_or(|first| period >= first)
        && window.last.is_none_or(|last| period <= last)
}
