//! Outcomes whose values are whole numbers of a step, as amounts are of cents: their sums are whole
//! numbers too, and so the same whatever the order of the rows.
//!
//! Sums of values are kept as floats, which hold whole numbers up to 2^53 exactly; sums of squares
//! need more and are kept in 128 bits.

use super::accumulate::Sums;
use super::batch::Shape;
use super::{Weighting, rounded};

/// Which outcomes are summed in whole steps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// For each outcome how many steps make a unit; none for one that is summed as it is.
    per_unit: Vec<Option<f64>>,
}

impl Steps {
    /// Steps help only where the other factor of each product is a whole number as well.
    pub(crate) fn new(per_unit: &[Option<f64>], shape: &Shape) -> Self {
        let whole = shape.numerics() == 0 && shape.weighting != Weighting::Analytic;
        let stepped = |(&steps, &binary): (&Option<f64>, &bool)| steps.filter(|_| whole && !binary);
        Self { per_unit: per_unit.iter().zip(&shape.binary).map(stepped).collect() }
    }

    /// Steps that make a unit of this outcome, where it is summed in steps.
    pub(crate) fn of(&self, outcome: usize) -> Option<f64> {
        self.per_unit.get(outcome).copied().flatten()
    }

    /// Centres the sums of one outcome on a rounded mean and expresses them in its unit; gives what
    /// was subtracted, in that unit. `class` is its sample class.
    pub(super) fn settle(&self, outcome: usize, class: usize, slices: &mut [Sums]) -> Option<f64> {
        let per_unit = self.of(outcome)?;
        let outcomes = slices.first().map_or(0, |sums| sums.yy.len());
        let (mut weight, mut total) = (0, 0);
        for sums in &*slices {
            weight += whole(sums.classes[class].xx.at(0, 0));
            total += whole(sums.xy[outcome]);
        }
        let mean = if weight == 0 { 0.0 } else { float(total) / float(weight) };
        let shift = whole(rounded(mean).round());
        for sums in slices {
            let counts = &sums.classes[class].xx;
            let (n, sum) = (whole(counts.at(0, 0)), whole(sums.xy[outcome]));
            let square = sums.squares[outcome] - 2 * shift * sum + shift * shift * n;
            sums.yy[outcome] = float(square) / (per_unit * per_unit);
            for (column, line) in sums.xy.chunks_exact_mut(outcomes).enumerate() {
                let centred = whole(line[outcome]) - shift * whole(counts.at(0, column));
                line[outcome] = float(centred) / per_unit;
            }
        }
        Some(float(shift) / per_unit)
    }
}

/// A float that holds a whole number.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn whole(value: f64) -> i128 {
    value as i128
}

#[allow(clippy::cast_precision_loss)]
fn float(value: i128) -> f64 {
    value as f64
}
