//! The largest difference before the start, drawn again on the border of the null: the cluster
//! wild bootstrap of Dette & Schumann (2024, section 4.2.1).

use std::sync::Arc;

use rayon::prelude::*;

use crate::fit::{Deleted, Fit};
use crate::grams::count;
use crate::inference::bears_clusters;
use crate::linalg::{Matrix, dot, multiply};
use crate::normal::Block;
use crate::refusal::Refusal;
use crate::trend::equivalence::check_level;
use crate::wild::{DrawSet, Null, Residuals, TIE, Wild};

/// How many standard errors beyond the largest difference a bound is looked for.
const FURTHEST: f64 = 1e7;

/// The bootstrap of the largest absolute difference, ready for every bound.
#[derive(Debug, Clone)]
pub struct Maximum {
    /// Largest absolute coefficient, in the outcome's unit.
    pub largest: f64,
    draws: Arc<DrawSet>,
    borders: Vec<Border>,
    /// Where the search for a bound ends.
    furthest: f64,
}

/// One coefficient held at the bound, with the sign of its estimate; everything is linear in the
/// bound.
#[derive(Debug, Clone)]
struct Border {
    /// Its absolute estimate.
    estimate: f64,
    /// Root of its element of (X'X)^-1.
    width: f64,
    /// The coefficients on the border, and what a unit of the bound adds.
    centre: Line,
    /// For each cluster, what its draw moves them by.
    clusters: Vec<Line>,
}

/// One number for each coefficient: base + bound * slope.
#[derive(Debug, Clone)]
struct Line {
    base: Vec<f64>,
    slope: Vec<f64>,
}

impl Maximum {
    /// The bootstrap for the coefficients of `terms` of the outcome at position `at`.
    ///
    /// On the border of the null the largest coefficient equals the bound. The constrained least
    /// squares estimate holds one coefficient there: the one with the least (bound - |b_j|) /
    /// sqrt((X'X)^-1_jj), since the ellipsoid of equal fit meets that plane first, inside the
    /// others. [`Null::Imposed`] takes the residuals of that estimate, as the authors do;
    /// [`Null::Free`] those of the estimate itself. [`Residuals::Jackknifed`] takes each cluster's
    /// from the fit without it, so that the draws have the variance of CR3.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] without terms or draws, and what a cluster-robust method refuses:
    /// one treated or control cluster, a deletion that leaves a term unidentified, a perfect fit.
    pub fn new(fit: &Fit, terms: &[usize], at: usize, wild: &Wild) -> Result<Self, Refusal> {
        if terms.is_empty() || wild.count == 0 {
            let why = "no coefficient or no draw to bootstrap".to_owned();
            return Err(Refusal::NotDefined { why });
        }
        let mut largest = 0.0f64;
        let mut furthest = 0.0f64;
        for &term in terms {
            largest = largest.max(fit.coefficient(term, at)?.abs());
            bears_clusters(fit, term, at)?;
            fit.bears_error(term, at)?;
            let influence = fit.influence(term, at);
            furthest = furthest.max(dot(&influence, &influence).sqrt());
        }
        let draws = fit.wild_draws(wild);
        let columns: Vec<usize> = terms.iter().map(|&term| fit.normal.term_column(term)).collect();
        let border = |j: usize| Border::new(fit, &columns, j, at, wild);
        let borders = (0..terms.len()).map(border).collect::<Result<_, _>>()?;
        Ok(Self { largest, draws, borders, furthest: largest + FURTHEST * furthest })
    }

    /// Number of draws that the probabilities count.
    #[must_use]
    pub fn used(&self) -> usize {
        self.draws.used()
    }

    /// Whether every sign vector is among them.
    #[must_use]
    pub fn enumerated(&self) -> bool {
        self.draws.enumerated()
    }

    /// p-value of the null that the largest absolute coefficient is at least `bound`: the share of
    /// draws on the border whose largest is no larger than the one observed. One where the bound is
    /// not above the observed one.
    #[must_use]
    pub fn p_value(&self, bound: f64) -> f64 {
        if !bound.is_finite() || bound <= self.largest {
            return 1.0;
        }
        let border = &self.borders[self.border_at(bound)];
        let inside = self.stretches(border, (bound, bound)).len();
        count(inside as u64) / self.total()
    }

    /// Smallest bound above which every bound is shown at level `alpha`: where more than that share
    /// of the draws stays within the observed largest for the last time. At least the observed
    /// largest.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] for a level not between 0 and 0.5, [`Refusal::NoEnd`] when too many
    /// draws follow the bound wherever it goes.
    pub fn smallest_bound(&self, alpha: f64) -> Result<f64, Refusal> {
        check_level(self.borders.len(), alpha)?;
        let most = alpha * self.total() * (1.0 + 1e-12);
        for (border, from, to) in self.segments().into_iter().rev() {
            let stretches = self.stretches(&self.borders[border], (from, to));
            if let Some(end) = last_with_more_than(most, stretches) {
                let reached = end >= self.furthest;
                return if reached { Err(Refusal::NoEnd { reach: end }) } else { Ok(end) };
            }
        }
        Ok(self.largest)
    }

    fn total(&self) -> f64 {
        let visited = self.draws.visited();
        count(if self.enumerated() { 2 * visited } else { visited } as u64)
    }

    fn border_at(&self, bound: f64) -> usize {
        let away = |b: &Border| (bound - b.estimate) / b.width;
        let better = |best: usize, j: usize| {
            if away(&self.borders[j]) < away(&self.borders[best]) { j } else { best }
        };
        (0..self.borders.len()).fold(0, better)
    }

    /// From the observed largest on: which coefficient is held, from where to where.
    fn segments(&self) -> Vec<(usize, f64, f64)> {
        let mut segments = Vec::new();
        let (mut now, mut from) = (self.border_at(self.largest), self.largest);
        loop {
            let held = &self.borders[now];
            // the lines (bound - estimate) / width cross once; flatter ones win from there on
            let crossing = |other: &Border| {
                let steep = 1.0 / held.width - 1.0 / other.width;
                let apart = held.estimate / held.width - other.estimate / other.width;
                (steep > 0.0).then(|| (apart / steep).max(from))
            };
            let next = (0..self.borders.len())
                .filter_map(|j| crossing(&self.borders[j]).map(|bound| (j, bound)))
                .reduce(|a, b| {
                    let wider = self.borders[b.0].width > self.borders[a.0].width;
                    if b.1 < a.1 || b.1 == a.1 && wider { b } else { a }
                })
                .filter(|next| next.1 < self.furthest);
            segments.push((now, from, next.map_or(self.furthest, |next| next.1)));
            match next {
                Some(next) => (now, from) = next,
                None => return segments,
            }
        }
    }

    /// For each draw the bounds in `range` at which its largest coefficient is no larger than the
    /// one observed, where there are any: every coefficient is linear in the bound, so they are
    /// one stretch.
    fn stretches(&self, border: &Border, range: (f64, f64)) -> Vec<(f64, f64)> {
        let bar = self.largest * (1.0 + TIE);
        let both = self.enumerated();
        let of_draw = |at: usize| {
            let draw = self.draws.draw(at);
            // an enumeration visits one of each pair of opposite sign vectors
            let signs: &[f64] = if both { &[1.0, -1.0] } else { &[1.0] };
            let stretch = |&sign: &f64| border.within(&draw, sign, bar, range);
            signs.iter().filter_map(stretch).collect::<Vec<_>>()
        };
        (0..self.draws.visited()).into_par_iter().flat_map_iter(of_draw).collect()
    }
}

impl Border {
    fn new(
        fit: &Fit,
        columns: &[usize],
        j: usize,
        at: usize,
        wild: &Wild,
    ) -> Result<Self, Refusal> {
        let held = columns[j];
        let inverse = &fit.bread.inverse;
        let beta: Vec<f64> = fit.beta.col(at).iter().copied().collect();
        let side = if beta[held] < 0.0 { -1.0 } else { 1.0 };
        let jackknifed = wild.residuals == Residuals::Jackknifed;
        let deletions: &[Deleted] = if jackknifed { fit.deletions() } else { &[] };
        let of_cluster = |(g, block): (usize, &Block)| {
            let line = match deletions.get(g) {
                None => restricted(&beta, inverse, held, side, wild.null),
                Some(without) if without.identified[held] => {
                    let beta: Vec<f64> = without.beta.col(at).iter().copied().collect();
                    restricted(&beta, &without.inverse, held, side, wild.null)
                }
                Some(_) => {
                    let cluster = block.cluster.clone();
                    return Err(Refusal::NotIdentifiedWithout { cluster });
                }
            };
            let fitted = multiply(&block.xx, &line.base);
            let score: Vec<f64> =
                block.xy.col(at).iter().zip(fitted).map(|(xy, fitted)| xy - fitted).collect();
            let moved: Vec<f64> = multiply(&block.xx, &line.slope).iter().map(|x| -x).collect();
            let through = |score: &[f64]| picked(&multiply(inverse, score), columns);
            Ok(Line { base: through(&score), slope: through(&moved) })
        };
        let centre = restricted(&beta, inverse, held, side, Null::Imposed);
        Ok(Self {
            estimate: beta[held].abs(),
            width: inverse[(held, held)].sqrt(),
            centre: Line {
                base: picked(&centre.base, columns),
                slope: picked(&centre.slope, columns),
            },
            clusters: fit
                .normal
                .blocks
                .iter()
                .enumerate()
                .map(of_cluster)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The bounds in `range` at which every coefficient of this draw is within `bar` of zero.
    fn within(
        &self,
        draw: &[f64],
        sign: f64,
        bar: f64,
        (mut from, mut to): (f64, f64),
    ) -> Option<(f64, f64)> {
        for i in 0..self.centre.base.len() {
            let (mut base, mut slope) = (self.centre.base[i], self.centre.slope[i]);
            for (line, v) in self.clusters.iter().zip(draw) {
                base += sign * v * line.base[i];
                slope += sign * v * line.slope[i];
            }
            if slope == 0.0 {
                if base.abs() > bar {
                    return None;
                }
                continue;
            }
            let ends = [(-bar - base) / slope, (bar - base) / slope];
            from = from.max(ends[0].min(ends[1]));
            to = to.min(ends[0].max(ends[1]));
            if from > to {
                return None;
            }
        }
        Some((from, to))
    }
}

/// Coefficients with the one in column `held` at side * bound, the others where the fit is then
/// best; or as they are.
fn restricted(beta: &[f64], inverse: &Matrix, held: usize, side: f64, null: Null) -> Line {
    if null == Null::Free {
        return Line { base: beta.to_vec(), slope: vec![0.0; beta.len()] };
    }
    let own = inverse[(held, held)];
    let along: Vec<f64> = inverse.col(held).iter().map(|x| x / own).collect();
    let base = beta.iter().zip(&along).map(|(b, a)| b - a * beta[held]).collect();
    Line { base, slope: along.iter().map(|a| side * a).collect() }
}

fn picked(values: &[f64], columns: &[usize]) -> Vec<f64> {
    columns.iter().map(|&column| values[column]).collect()
}

/// The largest place that more than `most` stretches hold.
fn last_with_more_than(most: f64, stretches: Vec<(f64, f64)>) -> Option<f64> {
    let (mut starts, mut ends): (Vec<f64>, Vec<f64>) = stretches.into_iter().unzip();
    for list in [&mut starts, &mut ends] {
        list.sort_unstable_by(|a, b| b.total_cmp(a));
    }
    let (mut opened, mut closed) = (0u64, 0);
    for end in ends {
        opened += 1;
        while closed < starts.len() && starts[closed] > end {
            closed += 1;
        }
        if count(opened) - count(closed as u64) > most {
            return Some(end);
        }
    }
    None
}
