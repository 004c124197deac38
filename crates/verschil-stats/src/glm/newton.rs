//! Newton's method on the quasi-likelihood, region effects solved out of each step.

use super::index::Theta;
use super::link::Model;
use super::pass::{Information, Likelihood, Sums};
use crate::linalg::{Matrix, dot, invert, multiply};

/// A step that moves no parameter's part of the index by more than this is the last: quadratic
/// convergence has then left an error of its square.
const SETTLED: f64 = 1e-9;
/// Iterations before giving up.
const MOST: usize = 60;
/// Steps of at least `STRIDE` after so many iterations go on for ever: a coefficient without a
/// finite value moves by about one in each.
const PATIENCE: usize = 15;
const STRIDE: f64 = 0.3;
/// A step of at most this size ends the use of the expected information, which far from the
/// solution is the safer one.
const NEAR: f64 = 0.1;
/// Longest step.
const LONGEST: f64 = 4.0;

/// A solution.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    pub(super) theta: Theta,
    /// At the solution, with the observed information.
    pub(super) sums: Vec<Sums>,
    /// k x k: inverse information of the columns, regions following them; zero where not solved for.
    pub(super) inverse: Matrix,
}

/// What was found instead of a solution.
#[derive(Debug, Clone)]
pub(super) struct Stuck {
    pub(super) iterations: usize,
    /// Size of the last step.
    pub(super) size: f64,
    /// The last step: where coefficients have no finite value, the direction in which they run.
    pub(super) direction: Option<Theta>,
}

/// Maximises over the regions' effects and the columns in `free`; the others stay as in `start`.
pub(super) fn solve(likelihood: &Likelihood, free: &[bool], start: Theta) -> Result<Solved, Stuck> {
    let mut theta = start;
    let mut last: Option<(Theta, f64)> = None;
    let mut stuck = Stuck { iterations: 0, size: f64::INFINITY, direction: None };
    let mut information = Information::Expected;
    for iteration in 0..MOST {
        stuck.iterations = iteration + 1;
        let mut sums = likelihood.sums(&theta, information);
        if let Some((step, slope)) = &mut last {
            // the slope along the step has turned too far: the step was too long
            let turned = along(&sums, step, free);
            if turned < -0.9 * *slope {
                theta = theta.plus(step, -0.5);
                step.region.iter_mut().chain(&mut step.beta).for_each(|value| *value *= 0.5);
                *slope *= 0.5;
                continue;
            }
        }
        let Some(inverse) = inverse(&sums, free, |_| true) else { return Err(stuck) };
        let step = step(&sums, &inverse);
        let size = size(likelihood, &step);
        if !size.is_finite() {
            return Err(stuck);
        }
        stuck.size = size;
        let exact = information == Information::Observed || likelihood.model != Model::Gamma;
        if size <= NEAR {
            information = Information::Observed;
        }
        if size <= SETTLED && exact {
            sums.iter_mut().zip(&step.region).for_each(|(s, &region)| s.moved(region, &step.beta));
            return Ok(Solved { theta: theta.plus(&step, 1.0), sums, inverse });
        }
        if iteration >= PATIENCE && size >= STRIDE {
            stuck.direction = Some(step);
            return Err(stuck);
        }
        let share = (LONGEST / size).min(1.0);
        theta = theta.plus(&step, share);
        let slope = share * along(&sums, &step, free);
        stuck.direction = Some(step.clone());
        // close by, rounding of the slope says nothing
        last = (size > 1e-4).then(|| (step.times(share), slope));
    }
    Err(stuck)
}

/// Derivative of the quasi-likelihood along a step.
fn along(sums: &[Sums], step: &Theta, free: &[bool]) -> f64 {
    let own = |(sums, region): (&Sums, &f64)| {
        let columns = sums.scores.iter().zip(&step.beta).zip(free).filter(|(_, free)| **free);
        sums.score * region + columns.map(|((score, beta), _)| score * beta).sum::<f64>()
    };
    sums.iter().zip(&step.region).map(own).sum()
}

/// Inverse information of the free columns over the parts that are `used`; nothing when it is not
/// positive definite.
pub(super) fn inverse(
    sums: &[Sums],
    free: &[bool],
    used: impl Fn(usize) -> bool,
) -> Option<Matrix> {
    let k = free.len();
    let mut total = Matrix::zeros(k, k);
    for (_, sums) in sums.iter().enumerate().filter(|(part, _)| used(*part)) {
        if sums.info <= 0.0 || !sums.info.is_finite() {
            return None;
        }
        sums.add_absorbed_square(&mut total);
    }
    invert_on(&total, free)
}

/// Inverse of the rows and columns in `free`, zero elsewhere.
pub(super) fn invert_on(matrix: &Matrix, free: &[bool]) -> Option<Matrix> {
    let chosen: Vec<usize> = (0..free.len()).filter(|&column| free[column]).collect();
    let scale: Vec<f64> = chosen.iter().map(|&i| matrix[(i, i)].max(0.0).sqrt()).collect();
    if scale.contains(&0.0) {
        return None;
    }
    let scaled = Matrix::from_fn(chosen.len(), chosen.len(), |i, j| {
        matrix[(chosen[i], chosen[j])] / (scale[i] * scale[j])
    });
    let small = invert(&scaled)?;
    let mut inverse = Matrix::zeros(free.len(), free.len());
    for (i, &a) in chosen.iter().enumerate() {
        for (j, &b) in chosen.iter().enumerate() {
            inverse[(a, b)] = small[(i, j)] / (scale[i] * scale[j]);
        }
    }
    Some(inverse)
}

/// Newton's step: the columns first, each region after them.
fn step(sums: &[Sums], inverse: &Matrix) -> Theta {
    let mut scores = vec![0.0; inverse.nrows()];
    for sums in sums {
        let own = sums.absorbed_scores();
        scores.iter_mut().zip(own).for_each(|(total, own)| *total += own);
    }
    let beta = multiply(inverse, &scores);
    let region = |sums: &Sums| (sums.score - dot(&sums.cross, &beta)) / sums.info;
    Theta { region: sums.iter().map(region).collect(), beta }
}

/// The most that one parameter's change moves an index.
pub(super) fn size(likelihood: &Likelihood, step: &Theta) -> f64 {
    let columns = step.beta.iter().zip(&likelihood.index.reach).map(|(beta, reach)| beta * reach);
    let all = columns.chain(step.region.iter().copied());
    // a NaN must not be lost on the way
    all.fold(0.0, |most: f64, x| if x.is_nan() { f64::INFINITY } else { most.max(x.abs()) })
}
