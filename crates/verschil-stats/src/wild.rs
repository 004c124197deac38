//! Wild cluster bootstrap by cluster-score algebra (Roodman, MacKinnon, Nielsen & Webb 2019).
//!
//! With restricted residuals e(r) = M_W (y - r d), numerator and variance of the bootstrap t are
//! a linear and a quadratic form in the G draws v, both polynomial in the hypothesised value r:
//! p-value and inverted interval cost G-sized algebra, never a regression.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::fit::Fit;
use crate::grams::count;
use crate::linalg::{dot, multiply};
use crate::refusal::Refusal;

/// Distribution of the draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draws {
    /// -1 or 1; all 2^G enumerated when they are no more than the number of draws.
    Rademacher,
    /// Six points, for fewer than about a dozen clusters (Webb 2023).
    Webb,
}

/// Whether the residuals obey the null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// WCR: restricted residuals.
    Imposed,
    /// WCU: unrestricted residuals.
    Free,
}

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wild {
    /// Whether residuals obey the null.
    pub null: Null,
    /// Distribution of the draws.
    pub draws: Draws,
    /// Number of draws, or the most that are enumerated.
    pub count: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// Result of a wild cluster bootstrap.
#[derive(Debug, Clone, PartialEq)]
pub struct WildResult {
    /// Two-sided symmetric p-value of a zero effect.
    pub p_value: f64,
    /// t statistic (CR0) of the estimate.
    pub statistic: f64,
    /// Hull of the values that are not rejected; an end is infinite where the set is unbounded.
    pub interval: (f64, f64),
    /// Whether values inside the hull are rejected too.
    pub disconnected: bool,
    /// Whether every sign vector was visited, so that the p-value is exact.
    pub enumerated: bool,
    /// Number of draws used.
    pub used: usize,
}

/// Relative tolerance within which a squared bootstrap statistic ties with the observed one.
const TIE: f64 = 1e-10;

/// A p-value within this share of alpha is alpha: both are ratios of whole numbers, rounded.
const AT_ALPHA: f64 = 1e-12;

/// Runs the bootstrap for one term of one outcome.
///
/// # Errors
/// When the term is not identified.
pub fn wild_bootstrap(
    fit: &Fit,
    term: usize,
    at: usize,
    wild: &Wild,
    level: f64,
) -> Result<WildResult, Refusal> {
    let estimate = fit.coefficient(term, at)?;
    let std_error = dot(&fit.influence(term, at), &fit.influence(term, at)).sqrt();
    let algebra = Algebra::new(fit, term, at);
    let draws = fit.wild_draws(wild);
    let mut sums = Sums::new(algebra.clusters);
    let forms: Vec<Form> = draws
        .vectors
        .chunks_exact(algebra.clusters)
        .map(|v| algebra.form(v, wild.null, &mut sums))
        .collect();
    let enumerated = draws.enumerated;
    let test = Test { forms, estimate, std_error, null: wild.null, enumerated };
    let (interval, disconnected) = test.invert(1.0 - level);
    Ok(WildResult {
        p_value: test.p_value(0.0),
        statistic: estimate / std_error,
        interval,
        disconnected,
        enumerated,
        used: test.forms.len(),
    })
}

/// Scores of a term by cluster: `own(r) = own0 - r own1` is x~_g' e_g(r); `spread` maps the draws'
/// scores on the other columns back into cluster g.
struct Algebra {
    clusters: usize,
    restricted: [Scores; 2],
    unrestricted: Scores,
}

/// The linear form of the numerator and the linear map behind the variance.
struct Scores {
    /// G.
    own: Vec<f64>,
    /// G x G, column h: contribution of draw h to the score residual of every cluster.
    spread: Vec<f64>,
}

impl Scores {
    /// From scores on all columns (G x k), given each cluster's reach and the residualiser.
    fn new(scores: &[Vec<f64>], residualiser: &[f64], spread_rows: &[Vec<f64>]) -> Self {
        let clusters = scores.len();
        let own: Vec<f64> = scores.iter().map(|s| dot(residualiser, s)).collect();
        let mut spread = Vec::with_capacity(clusters * clusters);
        for (h, score) in scores.iter().enumerate() {
            spread.extend(spread_rows.iter().enumerate().map(|(g, row)| {
                let diagonal = if g == h { own[g] } else { 0.0 };
                diagonal - dot(row, score)
            }));
        }
        Self { own, spread }
    }

    /// Numerator of a draw; its score residuals are written to `through`.
    fn apply(&self, v: &[f64], through: &mut [f64]) -> f64 {
        through.fill(0.0);
        for (column, v) in self.spread.chunks_exact(v.len()).zip(v) {
            for (sum, value) in through.iter_mut().zip(column) {
                *sum += v * value;
            }
        }
        dot(&self.own, v)
    }
}

/// Score residuals of one draw, used again.
struct Sums([Vec<f64>; 2]);

impl Sums {
    fn new(clusters: usize) -> Self {
        Self([vec![0.0; clusters], vec![0.0; clusters]])
    }
}

/// Draws for all outcomes and terms of a fit.
#[derive(Debug)]
pub struct DrawSet {
    /// Draws x G, row-major.
    pub vectors: Vec<f64>,
    /// Whether these are all there are.
    pub enumerated: bool,
}

/// One draw: bootstrap numerator n0 - r n1 and squared denominator q00 - 2 r q01 + r^2 q11.
struct Form {
    n: [f64; 2],
    q: [f64; 3],
    /// The draw moves all clusters alike, so with the null imposed its |t| is the observed one for
    /// every r. Far from the estimate rounding hides that, and with few clusters this tie decides
    /// whether the interval has an end at all.
    ties: bool,
}

impl Algebra {
    fn new(fit: &Fit, term: usize, at: usize) -> Self {
        let column = fit.normal.term_column(term);
        let row: Vec<f64> = fit.bread.inverse.col(column).iter().copied().collect();
        let scale = row[column];
        let residualiser: Vec<f64> = row.iter().map(|x| x / scale).collect();
        let beta: Vec<f64> = fit.beta.col(at).iter().copied().collect();
        let blocks = &fit.normal.blocks;
        // x~_g' x_g for each cluster
        let reach: Vec<Vec<f64>> =
            blocks.iter().map(|block| multiply(&block.xx, &residualiser)).collect();
        let spread_rows: Vec<Vec<f64>> =
            reach.iter().map(|r| multiply(&fit.bread.inverse, r)).collect();
        let make = |scores: &[Vec<f64>]| Scores::new(scores, &residualiser, &spread_rows);
        let unrestricted = fit.scores(at);
        // with the term's coefficient held at r the others move along the residualiser:
        // e(r) = e_hat + (b - r) x~, so the scores gain (b - r) x_g' x~_g
        let at_zero: Vec<Vec<f64>> = unrestricted
            .iter()
            .zip(&reach)
            .map(|(s, r)| s.iter().zip(r).map(|(s, r)| s + beta[column] * r).collect())
            .collect();
        Self {
            clusters: blocks.len(),
            restricted: [make(&at_zero), make(&reach)],
            unrestricted: make(&unrestricted),
        }
    }

    fn form(&self, v: &[f64], null: Null, Sums([s0, s1]): &mut Sums) -> Form {
        match null {
            Null::Free => {
                let n = self.unrestricted.apply(v, s0);
                Form { n: [n, 0.0], q: [dot(s0, s0), 0.0, 0.0], ties: false }
            }
            Null::Imposed => {
                let n = [self.restricted[0].apply(v, s0), self.restricted[1].apply(v, s1)];
                let ties = v.iter().all(|x| *x == v[0]);
                Form { n, q: [dot(s0, s0), dot(s0, s1), dot(s1, s1)], ties }
            }
        }
    }
}

/// All draws for so many clusters.
pub(crate) fn draw(clusters: usize, wild: &Wild) -> DrawSet {
    let all = u32::try_from(clusters).ok().and_then(|g| 1usize.checked_shl(g));
    if let (Draws::Rademacher, Some(all)) = (wild.draws, all.filter(|&all| all <= wild.count)) {
        let sign = |bits: usize, g: usize| if bits >> g & 1 == 1 { -1.0 } else { 1.0 };
        let vectors = (0..all).flat_map(|bits| (0..clusters).map(move |g| sign(bits, g))).collect();
        return DrawSet { vectors, enumerated: true };
    }
    let vectors = (0..wild.count)
        .flat_map(|stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(wild.seed);
            rng.set_stream(stream as u64);
            (0..clusters).map(move |_| one_draw(&mut rng, wild.draws))
        })
        .collect();
    DrawSet { vectors, enumerated: false }
}

fn one_draw(rng: &mut ChaCha8Rng, draws: Draws) -> f64 {
    match draws {
        Draws::Rademacher => {
            if rng.next_u32() & 1 == 1 {
                -1.0
            } else {
                1.0
            }
        }
        Draws::Webb => {
            let points = [1.5f64, 1.0, 0.5];
            // the largest multiple of six below 2^32, so that every point is equally likely
            let limit = u32::MAX - u32::MAX % 6;
            let mut bits = rng.next_u32();
            while bits >= limit {
                bits = rng.next_u32();
            }
            let root = points[(bits % 3) as usize].sqrt();
            if bits % 6 < 3 { root } else { -root }
        }
    }
}

struct Test {
    forms: Vec<Form>,
    estimate: f64,
    std_error: f64,
    null: Null,
    enumerated: bool,
}

impl Test {
    /// Share of draws at least as extreme under the hypothesis that the effect is `r`. Sampled
    /// draws are counted with the observed one, so that the test is valid and never zero
    /// (Davison & Hinkley 1997, 4.2).
    fn p_value(&self, r: f64) -> f64 {
        let t = (self.estimate - r) / self.std_error;
        let bar = t * t * (1.0 - TIE);
        let hypothesised = if self.null == Null::Free { 0.0 } else { r };
        let extreme = self
            .forms
            .iter()
            .filter(|form| {
                let n = form.n[0] - hypothesised * form.n[1];
                let q = form.q[0] - 2.0 * hypothesised * form.q[1]
                    + hypothesised * hypothesised * form.q[2];
                form.ties || n * n >= bar * q.max(0.0)
            })
            .count();
        let (extreme, draws) = (count(extreme as u64), count(self.forms.len() as u64));
        if self.enumerated { extreme / draws } else { (extreme + 1.0) / (draws + 1.0) }
    }

    /// The hull of {r : p(r) > alpha}, and whether it has holes.
    fn invert(&self, alpha: f64) -> ((f64, f64), bool) {
        let (low, low_hole) = self.end(alpha, -1.0);
        let (high, high_hole) = self.end(alpha, 1.0);
        ((low, high), low_hole || high_hole)
    }

    /// Walks outwards from the estimate in a widening grid, then bisects the last crossing.
    fn end(&self, alpha: f64, side: f64) -> (f64, bool) {
        let place = |steps: f64| self.estimate + side * steps * self.std_error;
        let accepted = |steps: f64| self.p_value(place(steps)) > alpha * (1.0 + AT_ALPHA);
        let grid: Vec<f64> = (0..200)
            .map(|i| f64::from(i) * 0.05)
            .chain((0..60).map(|i| 10.0 * 1.2f64.powi(i)))
            .collect();
        let inside: Vec<bool> = grid.iter().map(|&steps| accepted(steps)).collect();
        if accepted(1e7) {
            return (side * f64::INFINITY, inside.contains(&false));
        }
        let last = inside.iter().rposition(|&a| a).unwrap_or(0);
        let hole = inside[..last].iter().any(|&a| !a);
        let (mut within, mut beyond) = (grid[last], grid.get(last + 1).copied().unwrap_or(1e7));
        while beyond - within > 1e-13 * beyond.max(1.0) {
            let middle = f64::midpoint(within, beyond);
            if middle <= within || middle >= beyond {
                break;
            }
            if accepted(middle) { within = middle } else { beyond = middle }
        }
        (place(within), hole)
    }
}
