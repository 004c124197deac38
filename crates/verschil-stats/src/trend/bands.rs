//! Simultaneous bands: the largest of the t statistics, simulated.

use crate::distribution::boxes::Uniforms;
use crate::event_study::{EventStudy, Tails};
use crate::factor::Root;
use crate::grams::count;
use crate::linalg::Matrix;
use crate::refusal::Refusal;

/// How a simulation draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Number of draws.
    pub count: usize,
    /// Seed of the draws.
    pub seed: u64,
}

/// One critical value for all coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Each interval is the coefficient plus and minus this many standard errors.
    pub critical: f64,
    /// The pointwise critical value.
    pub pointwise: f64,
    /// Bonferroni's critical value.
    pub bonferroni: f64,
    /// Monte Carlo error of the coverage at `critical`: one standard deviation.
    pub coverage_error: f64,
    /// One interval per coefficient asked for.
    pub intervals: Vec<(f64, f64)>,
}

/// Intervals for the coefficients at `positions` that hold all of them at once with probability
/// `level` (sup-t; Montiel Olea & Plagborg-Moller 2019).
///
/// The law of the largest |t| is simulated from the estimated correlation; with
/// [`Tails::Student`] every draw shares one scale, whose square is chi-squared over G-1. The true
/// critical value lies between the pointwise one and Bonferroni's, and so does ours.
///
/// # Errors
/// [`Refusal::NotDefined`] when nothing is asked for or drawn.
pub fn simultaneous(
    study: &EventStudy,
    positions: &[usize],
    level: f64,
    tails: Tails,
    draws: Draws,
) -> Result<Band, Refusal> {
    if positions.is_empty() || draws.count == 0 {
        let why = "no coefficient or no draw to make a band of".to_owned();
        return Err(Refusal::NotDefined { why });
    }
    let tested = count(positions.len() as u64);
    let pointwise = study.critical(tails, 1.0 - level);
    let bonferroni = study.critical(tails, (1.0 - level) / tested);
    let mut largest = largest_statistics(study, positions, tails, draws);
    largest.sort_unstable_by(f64::total_cmp);
    let share = level * count(draws.count as u64);
    let at = (0..draws.count).find(|&i| count(i as u64 + 1) >= share).unwrap_or(draws.count - 1);
    let critical = largest[at].clamp(pointwise, bonferroni);
    let se = study.std_errors();
    let interval = |&j: &usize| {
        let (value, reach) = (study.values()[j], critical * se[j]);
        (value - reach, value + reach)
    };
    Ok(Band {
        critical,
        pointwise,
        bonferroni,
        coverage_error: (level * (1.0 - level) / count(draws.count as u64)).sqrt(),
        intervals: positions.iter().map(interval).collect(),
    })
}

fn largest_statistics(
    study: &EventStudy,
    positions: &[usize],
    tails: Tails,
    draws: Draws,
) -> Vec<f64> {
    let se = study.std_errors();
    let raw = study.covariance_of(positions, positions);
    let correlation = Matrix::from_fn(positions.len(), positions.len(), |i, j| {
        raw[(i, j)] / (se[positions[i]] * se[positions[j]])
    });
    let root = Root::new(&correlation);
    let mut noise = Noise::new(positions.len(), study.clusters(), tails, draws.seed);
    (0..draws.count)
        .map(|_| {
            let (z, scale) = noise.draw();
            root.times(&z).iter().fold(0.0, |most: f64, t| most.max(t.abs())) / scale
        })
        .collect()
}

/// Standard normal vectors, each with the scale that estimation of the variance adds.
pub(crate) struct Noise {
    uniforms: Uniforms,
    scales: Uniforms,
    length: usize,
    clusters: usize,
    tails: Tails,
}

impl Noise {
    pub(crate) fn new(length: usize, clusters: usize, tails: Tails, seed: u64) -> Self {
        let (uniforms, scales) = (Uniforms::new(seed, 0), Uniforms::new(seed, 1));
        Self { uniforms, scales, length, clusters, tails }
    }

    /// The next vector, and sqrt(chi-squared(G-1) / (G-1)), or one.
    pub(crate) fn draw(&mut self) -> (Vec<f64>, f64) {
        let z = (0..self.length).map(|_| self.uniforms.next_normal()).collect();
        let freedom = self.clusters.saturating_sub(1);
        let scale = match self.tails {
            Tails::Normal => 1.0,
            Tails::Student => {
                let squares: f64 = (0..freedom).map(|_| self.scales.next_normal().powi(2)).sum();
                (squares / count(freedom as u64)).sqrt()
            }
        };
        (z, scale)
    }
}
