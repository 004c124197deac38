//! CR2, its degrees of freedom and its joint test with n-by-n blocks, on rows with all effects as
//! dummies; what an effect hangs on, likewise.

use verschil_stats::clusters::{leverages, reliance};
use verschil_stats::cr2::{adjusted_influence, joint_htz, satterthwaite};
use verschil_stats::did::Analysis;
use verschil_stats::linalg::{Matrix, dot};
use verschil_stats::refusal::Refusal;

use crate::assert_close;
use crate::effects::{Pair, each_pair, float};

/// Eigenvalues of a cluster's block below this share of one are zero.
const ZERO: f64 = 1e-9;

/// A regression on rows, and the rows of each cluster.
struct Rows {
    /// I - H, n x n.
    left: Vec<Vec<f64>>,
    rank: usize,
    members: Vec<Vec<usize>>,
    residuals: Vec<f64>,
}

impl Rows {
    fn new(pair: &Pair) -> Self {
        let g = pair.rows.names.len();
        let of = |c: usize| {
            let rows = pair.rows.cluster.iter().enumerate();
            rows.filter(|(_, cluster)| **cluster == c).map(|(row, _)| row).collect()
        };
        Self {
            left: left(pair.rows.basis(), pair.rows.y.len()),
            rank: pair.rows.k_all(),
            members: (0..g).map(of).collect(),
            residuals: pair.rows.residuals(&pair.rows.y),
        }
    }

    /// Rows of each cluster times (I - H_gg)^-1/2: for each cluster one number per own row.
    fn adjusted(&self, row: &[f64]) -> Vec<Vec<f64>> {
        let cluster = |members: &Vec<usize>| {
            let n = members.len();
            let block = Matrix::from_fn(n, n, |i, j| self.left[members[i]][members[j]]);
            let eigen = block.self_adjoint_eigen(faer::Side::Lower).expect("symmetric");
            let (axes, values) = (eigen.U(), eigen.S().column_vector());
            let mut out = vec![0.0; n];
            for k in (0..n).filter(|&k| values[k] > ZERO) {
                let along: f64 = (0..n).map(|i| axes[(i, k)] * row[members[i]]).sum();
                for (i, out) in out.iter_mut().enumerate() {
                    *out += axes[(i, k)] * along / values[k].sqrt();
                }
            }
            out
        };
        self.members.iter().map(cluster).collect()
    }

    fn influence(&self, adjusted: &[Vec<f64>]) -> Vec<f64> {
        let one = |(members, weights): (&Vec<usize>, &Vec<f64>)| {
            members.iter().zip(weights).map(|(&row, w)| w * self.residuals[row]).sum()
        };
        self.members.iter().zip(adjusted).map(one).collect()
    }

    /// Covariances of the clusters' parts of two effects under independent errors, G x G.
    fn working(&self, a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let g = self.members.len();
        let pair = |i: usize, j: usize| {
            let mut sum = 0.0;
            for (s, &row) in self.members[i].iter().enumerate() {
                for (t, &other) in self.members[j].iter().enumerate() {
                    sum += a[i][s] * self.left[row][other] * b[j][t];
                }
            }
            sum
        };
        (0..g).map(|i| (0..g).map(|j| pair(i, j)).collect()).collect()
    }
}

/// One minus the projection on an orthonormal basis.
fn left(basis: &[Vec<f64>], n: usize) -> Vec<Vec<f64>> {
    let element = |a: usize, b: usize| {
        f64::from(u8::from(a == b)) - basis.iter().map(|q| q[a] * q[b]).sum::<f64>()
    };
    (0..n).map(|a| (0..n).map(|b| element(a, b)).collect()).collect()
}

fn degrees(working: &[Vec<f64>]) -> f64 {
    let mean: f64 = (0..working.len()).map(|i| working[i][i]).sum();
    mean * mean / working.iter().flatten().map(|p| p * p).sum::<f64>()
}

/// Terms that the engine gives CR2 for; the others must rest on a cluster alone.
fn estimable(pair: &Pair) -> Vec<usize> {
    let found: Vec<usize> = pair.identified();
    found
        .into_iter()
        .filter(|&j| match adjusted_influence(pair.fit, j, pair.at) {
            Ok(_) => {
                assert!(pair.fit.deleted(j, pair.at).is_ok(), "{}", pair.what);
                true
            }
            Err(refusal) => {
                assert!(matches!(refusal, Refusal::LeverageOne { .. }), "{}", pair.what);
                assert!(pair.fit.deleted(j, pair.at).is_err(), "{}", pair.what);
                false
            }
        })
        .collect()
}

#[test]
fn adjusted_scores_and_their_degrees_of_freedom() {
    let (mut compared, mut joint) = (0, 0);
    each_pair(6, &[Analysis::Pooled, Analysis::EventStudy], |pair, _| {
        let rows = Rows::new(pair);
        let terms = estimable(pair);
        let adjusted: Vec<Vec<Vec<f64>>> = terms
            .iter()
            .map(|&j| rows.adjusted(&pair.rows.coefficient_row(j).expect("identified")))
            .collect();
        for (&j, adjusted) in terms.iter().zip(&adjusted) {
            let theirs = rows.influence(adjusted);
            let se = dot(&theirs, &theirs).sqrt();
            let ours = adjusted_influence(pair.fit, j, pair.at).expect("exists");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert_close(*ours, *theirs, se, 1e-8, &pair.what);
            }
            let weights: Vec<f64> =
                (0..pair.terms.len()).map(|t| f64::from(u8::from(t == j))).collect();
            let df = degrees(&rows.working(adjusted, adjusted));
            let ours = satterthwaite(pair.fit, &weights).expect("exists");
            assert_close(ours, df, 0.0, 1e-8, &pair.what);
            compared += 1;
        }
        if terms.len() >= 2 {
            joint += usize::from(check_joint(pair, &rows, &terms[..2], &adjusted[..2]));
        }
    });
    assert!(compared > 60 && joint > 10, "{compared} compared, {joint} joint");
}

/// Two effects, where a root of the expectation can be written down.
fn check_joint(pair: &Pair, rows: &Rows, terms: &[usize], adjusted: &[Vec<Vec<f64>>]) -> bool {
    let covariance = |a: usize, b: usize| rows.working(&adjusted[a], &adjusted[b]);
    let (p11, p12, p22) = (covariance(0, 0), covariance(0, 1), covariance(1, 1));
    let g = p11.len();
    let trace = |p: &[Vec<f64>]| (0..g).map(|i| p[i][i]).sum::<f64>();
    let (e11, e12, e22) = (trace(&p11), trace(&p12), trace(&p22));
    // u = x, v = y - b x, each over its own spread
    let slope = e12 / e11;
    let (su, sv) = (e11.sqrt(), (e22 - slope * e12).sqrt());
    let mut variance = 0.0;
    for i in 0..g {
        for j in 0..g {
            let uu = p11[i][j] / (su * su);
            let uv = (p12[i][j] - slope * p11[i][j]) / (su * sv);
            let vu = (p12[j][i] - slope * p11[i][j]) / (su * sv);
            let cross = p12[i][j] + p12[j][i];
            let vv = (p22[i][j] - slope * cross + slope * slope * p11[i][j]) / (sv * sv);
            variance += 2.0 * uu * uu + 2.0 * vv * vv + 2.0 * (uu * vv + uv * vu);
        }
    }
    let eta = 6.0 / variance;
    let ours = joint_htz(pair.fit, terms, pair.at);
    if eta <= 1.0 {
        assert!(matches!(ours, Err(Refusal::TooFewDegrees { .. })), "{}", pair.what);
        return false;
    }
    let ours = ours.expect("enough degrees of freedom");
    assert_close(ours.df.1, eta - 1.0, eta, 1e-8, &pair.what);
    let (x, y) = (rows.influence(&adjusted[0]), rows.influence(&adjusted[1]));
    let (v11, v12, v22) = (dot(&x, &x), dot(&x, &y), dot(&y, &y));
    let beta: Vec<f64> = terms
        .iter()
        .map(|&j| pair.rows.coefficient(&pair.rows.y, j).expect("identified"))
        .collect();
    let wald = (beta[0] * beta[0] * v22 - 2.0 * beta[0] * beta[1] * v12 + beta[1] * beta[1] * v11)
        / (v11 * v22 - v12 * v12);
    assert_close(ours.f, (eta - 1.0) / (2.0 * eta) * wald, 0.0, 1e-7, &pair.what);
    true
}

#[test]
fn what_an_effect_hangs_on() {
    each_pair(6, &[Analysis::Pooled], |pair, _| {
        let Some(row) = pair.rows.coefficient_row(0) else { return };
        let rows = Rows::new(pair);
        let ours = reliance(pair.fit, 0, pair.at).expect("identified");
        let whole = dot(&row, &row);
        let nested = pair.rows.nested(pair.study);
        let mut total = 0.0;
        for (c, share) in ours.clusters.iter().enumerate() {
            let own: f64 = rows.members[c].iter().map(|&r| row[r] * row[r]).sum();
            assert_close(share.partial_leverage, own / whole, 0.1, 1e-9, &pair.what);
            // the full hat matrix has one more for each region of the cluster
            let hat: f64 = rows.members[c].iter().map(|&r| 1.0 - rows.left[r][r]).sum();
            assert_close(share.leverage, hat - nested[c], 1.0, 1e-8, &pair.what);
            total += share.leverage;
        }
        assert_close(total, float(rows.rank) - nested.iter().sum::<f64>(), 0.0, 1e-9, "k");
        assert_eq!(leverages(pair.fit).len(), ours.clusters.len());
        for rho in [0.0, 0.3, 0.9] {
            let theirs = effective(pair, &rows, &row, rho);
            assert_close(ours.effective, theirs, 0.0, 1e-8, &pair.what);
        }
    });
}

/// Carter, Schnepel and Steigerwald's number with errors that share rho within a cluster; the
/// regression is on rows times the root of the weight, so what rows share is too.
fn effective(pair: &Pair, rows: &Rows, row: &[f64], rho: f64) -> f64 {
    let root = &pair.rows.roots;
    let parts: Vec<f64> = rows
        .members
        .iter()
        .map(|members| {
            let mut sum = 0.0;
            for &a in members {
                for &b in members {
                    let shared = rho * root[a] * root[b];
                    let own = if a == b { 1.0 - rho } else { 0.0 };
                    sum += row[a] * (shared + own) * row[b];
                }
            }
            sum
        })
        .collect();
    let g = float(parts.len());
    let mean = parts.iter().sum::<f64>() / g;
    let spread = parts.iter().map(|part| (part - mean).powi(2)).sum::<f64>() / g;
    g / (1.0 + spread / (mean * mean))
}
