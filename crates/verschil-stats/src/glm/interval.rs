//! Effects on the treated that the score bootstrap does not reject.
//!
//! Under the hypothesis that the effect on the treated is r, the model is fitted with its effect held
//! at r. There the clusters' scores and informations make a linear model of one step, and the
//! restricted wild bootstrap of the effect perturbs the scores, as at r = 0.

use super::GlmFit;
use super::index::Theta;
use super::newton::{inverse, size};
use super::pass::{Information, Likelihood, Sums};
use crate::did::Analysis;
use crate::estimate::{Covariance, Estimate};
use crate::linalg::{Matrix, dot, multiply};
use crate::refusal::Refusal;
use crate::wild::{Algebra, Critical, DrawSet, Wild};

/// A step that moves no index by more than this is the last: what is left of the error is a small
/// share of it, and moves an end by less than a millionth of a standard error.
const SETTLED: f64 = 1e-7;
/// Iterations before giving up.
const MOST: usize = 60;
/// Longest step.
const LONGEST: f64 = 2.0;
/// Distances from the estimate at which an end is looked for, in standard errors, behind the first.
const PLACES: [f64; 8] = [3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0];
/// Bounds of the first distance.
const FIRST: [f64; 2] = [1.0, 2.9];
/// A statistic this near its critical value is at it: in standard errors.
const NEAR: f64 = 1e-6;
/// Steps towards an end before halving decides alone, and in all.
const STEPS: [usize; 2] = [12, 48];

const STUCK: &str = "the model cannot be fitted with its effect held at the estimate";

/// Effects that are not rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreInterval {
    /// Ends, in the outcome's unit; infinite where no value that the model can be fitted under is
    /// rejected, within 32 standard errors (CR0).
    pub ends: (f64, f64),
    /// Whether a value between an end and the estimate was found to be rejected.
    pub disconnected: bool,
}

impl GlmFit<'_> {
    /// Inverts the score bootstrap of a pooled effect; `att` is that effect.
    ///
    /// # Errors
    /// [`Refusal::NotDefined`] for effects fitted together, and when the model cannot be fitted with
    /// its effect held at the estimate.
    pub fn score_interval(
        &self,
        term: usize,
        att: &Estimate,
        wild: &Wild,
        level: f64,
    ) -> Result<ScoreInterval, Refusal> {
        if self.design.analysis() != Analysis::Pooled {
            let why = "only the effect over all treated units is inverted".to_owned();
            return Err(Refusal::NotDefined { why });
        }
        let (column, unit) =
            (self.linear.normal.term_column(term), att.std_error(0, Covariance::Cr0)?);
        let free = &self.linear.bread.kept;
        let (likelihood, clusters) = (self.likelihood(), self.linear.clusters());
        let draws = &self.linear.wild_draws(wild);
        let search = Search {
            hold: Hold { likelihood, free, column, clusters },
            draws,
            alpha: 1.0 - level,
            centre: att.values[0],
            unit,
        };
        let own = search
            .place(0.0, self.solved.theta.clone())
            .ok_or_else(|| Refusal::NotDefined { why: STUCK.to_owned() })?;
        let [low, high] = [-1.0, 1.0].map(|side| search.end(side, &own));
        Ok(ScoreInterval { ends: (low.0, high.0), disconnected: low.1 || high.1 })
    }
}

/// A hypothesis: the model with one effect held.
struct Hold<'a> {
    likelihood: Likelihood<'a>,
    free: &'a [bool],
    column: usize,
    clusters: usize,
}

/// The fit under a hypothesis.
struct Held {
    theta: Theta,
    sums: Vec<Sums>,
    inverse: Matrix,
    /// Inverse information times the derivatives of the effect.
    across: Theta,
    /// About how the parameters follow the effect: exactly so where it is that of the whole fit.
    slope: Theta,
}

impl Hold<'_> {
    /// Maximises with the effect held at a value, by Newton's steps along the constraint; nothing
    /// where that does not settle.
    fn at(&self, effect: f64, start: Theta) -> Option<Held> {
        let mut theta = start;
        for _ in 0..MOST {
            let mut sums = self.likelihood.sums(&theta, Information::Observed);
            let inverse = inverse(&sums, self.free, |_| true)?;
            let [with, without] = self.likelihood.levels(&theta, self.column)?;
            let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
            let gradient = Theta {
                region: apart(&with.region, &without.region),
                beta: apart(&with.beta, &without.beta),
            };
            let along = through(&sums, &inverse, scores(&sums));
            let across = through(&sums, &inverse, gradient.clone());
            let short = effect - (with.value - without.value);
            let pull = (inner(&gradient, &along) - short) / inner(&gradient, &across);
            let step = along.plus(&across, -pull);
            let size = size(&self.likelihood, &step);
            if !size.is_finite() {
                return None;
            }
            theta = theta.plus(&step, (LONGEST / size).min(1.0));
            if size <= SETTLED {
                let moves = sums.iter_mut().zip(&step.region);
                moves.for_each(|(sums, &region)| sums.moved(region, &step.beta));
                let slope = across.times(1.0 / inner(&gradient, &across));
                return Some(Held { theta, sums, inverse, across, slope });
            }
        }
        None
    }

    /// Numerator and score residuals of the effect after one step, as linear maps of the draws, and
    /// the observed t.
    fn bootstrap(&self, held: &Held) -> (Algebra, f64) {
        let Held { sums, inverse, across: w, .. } = held;
        let parts = &self.likelihood.index.parts;
        let of = |block: usize| (0..parts.len()).filter(move |&part| parts[part].block == block);
        let score = |block: usize, w: &Theta| -> f64 {
            let own =
                |part: usize| sums[part].score * w.region[part] + dot(&sums[part].scores, &w.beta);
            of(block).map(own).sum()
        };
        let g = self.clusters;
        let own: Vec<f64> = (0..g).map(|block| score(block, w)).collect();
        let mut base = Vec::with_capacity((g + 1) * g);
        for (block, &own) in own.iter().enumerate() {
            let mut moved = Theta { region: vec![0.0; parts.len()], beta: vec![0.0; w.beta.len()] };
            for part in of(block) {
                let (sums, region) = (&sums[part], w.region[part]);
                moved.region[part] = sums.info * region + dot(&sums.cross, &w.beta);
                let square = multiply(&sums.square, &w.beta);
                let columns = moved.beta.iter_mut().zip(square).zip(&sums.cross);
                columns.for_each(|((to, square), cross)| *to += square + cross * region);
            }
            let moved = through(sums, inverse, moved);
            base.extend((0..g).map(|other| {
                let left = if other == block { own } else { 0.0 };
                left - score(other, &moved)
            }));
        }
        let square: f64 = base.chunks_exact(g).map(|row| row.iter().sum::<f64>().powi(2)).sum();
        let (estimate, std_error) = (own.iter().sum::<f64>(), square.sqrt());
        base.extend(own);
        let (slope, carrying) = (None, None);
        let algebra =
            Algebra { rows: g + 1, columns: g, base, slope, carrying, estimate, std_error };
        (algebra, estimate / std_error)
    }
}

/// Inverse information times a vector of all parameters.
fn through(sums: &[Sums], inverse: &Matrix, of: Theta) -> Theta {
    let Theta { mut region, mut beta } = of;
    for (sums, region) in sums.iter().zip(&region) {
        let share = region / sums.info;
        beta.iter_mut().zip(&sums.cross).for_each(|(beta, cross)| *beta -= share * cross);
    }
    let beta = multiply(inverse, &beta);
    for (sums, region) in sums.iter().zip(&mut region) {
        *region = (*region - dot(&sums.cross, &beta)) / sums.info;
    }
    Theta { region, beta }
}

fn inner(a: &Theta, b: &Theta) -> f64 {
    dot(&a.region, &b.region) + dot(&a.beta, &b.beta)
}

fn scores(sums: &[Sums]) -> Theta {
    let mut beta = vec![0.0; sums.first().map_or(0, |sums| sums.scores.len())];
    for sums in sums {
        beta.iter_mut().zip(&sums.scores).for_each(|(beta, score)| *beta += score);
    }
    Theta { region: sums.iter().map(|sums| sums.score).collect(), beta }
}

/// The search for the ends.
struct Search<'a> {
    hold: Hold<'a>,
    draws: &'a DrawSet,
    alpha: f64,
    centre: f64,
    /// Standard error.
    unit: f64,
}

/// A hypothesis that was looked at.
#[derive(Clone)]
struct Place {
    /// Distance from the estimate, in standard errors.
    at: f64,
    /// How far |t| is above its critical value; rejected where that is positive.
    above: f64,
    theta: Theta,
    /// About how the parameters follow the effect.
    slope: Theta,
}

impl Search<'_> {
    fn place(&self, at: f64, start: Theta) -> Option<Place> {
        let held = self.hold.at(self.centre + at * self.unit, start)?;
        let (algebra, statistic) = self.hold.bootstrap(&held);
        if !statistic.is_finite() {
            return None;
        }
        let critical = Critical::new(&algebra, self.draws, statistic).value(self.alpha);
        let above = critical.map_or(f64::MIN, |critical| statistic.abs() - critical);
        let above = above.max(f64::MIN);
        Some(Place { at, above, theta: held.theta, slope: held.slope })
    }

    /// A place, found from those that are known on this side of the estimate; the nearest alone may
    /// lead there where what all of them let expect does not.
    fn next(&self, at: f64, known: &mut Vec<Place>) -> Option<Place> {
        let distance = |place: &&Place| (place.at - at).abs();
        let mut near: Vec<&Place> = known.iter().collect();
        near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
        let place = self
            .place(at, self.expected(at, &near))
            .or_else(|| self.place(at, near.first()?.theta.clone()))?;
        known.push(place.clone());
        Some(place)
    }

    /// Where the parameters will be: the polynomial through the nearest places, at most three, that
    /// do not lie on top of each other (Lagrange), or the tangent at a single one.
    fn expected(&self, at: f64, near: &[&Place]) -> Theta {
        let mut nodes: Vec<&Place> = Vec::new();
        for place in near {
            let apart = |node: &&Place| (node.at - place.at).abs() > 0.5 * (node.at - at).abs();
            if nodes.len() < 3 && nodes.iter().all(apart) {
                nodes.push(place);
            }
        }
        if let [one] = nodes[..] {
            return one.theta.plus(&one.slope, (at - one.at) * self.unit);
        }
        let share = |own: &Place| -> f64 {
            let others = nodes.iter().filter(|other| other.at != own.at);
            others.map(|other| (at - other.at) / (own.at - other.at)).product()
        };
        let nothing = near[0].theta.times(0.0);
        nodes.iter().fold(nothing, |sum, node| sum.plus(&node.theta, share(node)))
    }

    /// The last accepted value on one side, and whether one nearer is rejected.
    fn end(&self, side: f64, own: &Place) -> (f64, bool) {
        let (mut inside, mut end, mut gap) = (own.clone(), None, false);
        let known = &mut vec![own.clone()];
        // |t| grows by about one with each standard error
        let first = (-own.above).clamp(FIRST[0], FIRST[1]);
        let mut places = std::iter::once(first).chain(PLACES).peekable();
        while let Some(distance) = places.next() {
            let Some(next) = self.next(side * distance, known) else { break };
            if next.above <= 0.0 {
                gap |= end.is_some();
                (inside, end) = (next, None);
                continue;
            }
            if end.is_some() {
                break;
            }
            let found = self.between(&inside, next, known);
            // one look at twice the distance, for values accepted again
            while places.next_if(|&next| next < 2.0 * found.abs()).is_some() {}
            end = Some(found);
        }
        (end.map_or(side * f64::INFINITY, |end| self.centre + end * self.unit), gap)
    }

    /// Where values begin to be rejected, by the secant (Illinois) and at last by halving.
    fn between(&self, inside: &Place, outside: Place, known: &mut Vec<Place>) -> f64 {
        let mut ends = [inside.clone(), outside];
        let mut heights = [ends[0].above, ends[1].above];
        let mut last = None;
        for step in 0..STEPS[1] {
            if (ends[1].at - ends[0].at).abs() <= NEAR {
                break;
            }
            let secant = step < STEPS[0] && ends[0].above > f64::MIN;
            let share = if secant { heights[0] / (heights[0] - heights[1]) } else { 0.5 };
            let at = ends[0].at + share.clamp(0.01, 0.99) * (ends[1].at - ends[0].at);
            // without a fit the end lies no farther out than the rejected value
            let Some(next) = self.next(at, known) else { return ends[1].at };
            if next.above.abs() <= NEAR {
                return next.at;
            }
            let side = usize::from(next.above > 0.0);
            // twice on one side: the other end's height would hold the secant back
            if last == Some(side) {
                heights[1 - side] *= 0.5;
            }
            (heights[side], last) = (next.above, Some(side));
            ends[side] = next;
        }
        ends[0].at
    }
}
