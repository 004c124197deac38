//! The G x G sums from which every assignment's coefficients and t follow.

use super::{Exchange, nuisance_fit};
use crate::linalg::{Matrix, dot, multiply};
use crate::normal::Block;

/// A share of a column's square below which what is left of it counts as nothing.
const EXPLAINED: f64 = 1e-10;

/// Sums over clusters and profiles. `a`, `b` run over blocks, `l`, `m` over profiles.
pub(super) struct Tables {
    clusters: usize,
    profiles: usize,
    outcomes: usize,
    /// [(a, b)] -> J x J: residualised cross-products of profiles of clusters a and b.
    cross: Vec<f64>,
    /// [a] -> J: squares of the profiles before residualising.
    raw: Vec<f64>,
    /// [a] -> J x K: residualised profile of cluster a with the outcomes.
    with_outcome: Vec<f64>,
    scores: Option<ScoreTables>,
}

/// What the t statistic needs, for a single profile.
struct ScoreTables {
    /// [(a, c)] -> K: score of cluster c on the residualised profile of cluster a, at zero effect.
    own: Vec<f64>,
    /// [(a, b, c)]: cross-product within cluster c of the residualised profiles of a and b.
    square: Vec<f64>,
}

/// Coefficients of one assignment, with the sums of its leading members: assignments come in
/// lexicographic order, so most of what one needs was summed for the one before.
#[derive(Clone)]
pub(super) struct Leaf {
    /// J x K.
    pub(super) beta: Vec<f64>,
    /// K, or empty where there are several profiles.
    pub(super) t: Vec<f64>,
    /// Sum of the cross-products, J x J.
    gram: Vec<f64>,
    /// J: squares of the profiles before residualising.
    raw: Vec<f64>,
    /// The leading members that the prefixes stand for.
    path: Vec<usize>,
    /// Sums over the first 0, 1, 2, ... members.
    prefixes: Vec<Prefix>,
}

/// Sums over some members of an assignment.
#[derive(Clone)]
struct Prefix {
    /// J x J: cross-products among the members.
    gram: Vec<f64>,
    /// [a] -> J x J: cross-products of every cluster after the last member with the members.
    rows: Vec<f64>,
    /// J x K.
    beta: Vec<f64>,
    /// J: sums of the members' squares before residualising.
    raw: Vec<f64>,
    /// [c] -> K: scores of each cluster.
    own: Vec<f64>,
    /// [c]: squares within each cluster.
    squares: Vec<f64>,
    /// [(a, c)]: cross-products within cluster c of cluster a with the members.
    square_rows: Vec<f64>,
}

/// For each cluster, its cross-product with the observed assignment (one profile).
pub(super) struct Crossing(Vec<f64>);

impl Crossing {
    /// Coefficient of the observed treatment column on this assignment's.
    pub(super) fn kappa(&self, treated: &[usize], leaf: &Leaf) -> f64 {
        treated.iter().map(|&a| self.0[a]).sum::<f64>() / leaf.gram[0]
    }
}

impl Tables {
    pub(super) fn new(exchange: &Exchange) -> Self {
        let (fit, profile_blocks) = nuisance_fit(exchange);
        let normal = &exchange.normal;
        let (clusters, profiles) = (normal.blocks.len(), exchange.profiles);
        let outcomes = normal.outcomes.len();
        let nuisance = normal.columns.len() - profiles;
        // coefficients of each cluster's profiles on the nuisance columns
        let gamma: Vec<Matrix> = profile_blocks.iter().map(|p| &fit.bread.inverse * p).collect();
        let mut cross = vec![0.0; clusters * clusters * profiles * profiles];
        let mut with_outcome = vec![0.0; clusters * profiles * outcomes];
        let square = |block: &Block, l: usize| block.xx[(nuisance + l, nuisance + l)];
        let raw = normal
            .blocks
            .iter()
            .flat_map(|block| (0..profiles).map(move |l| square(block, l)))
            .collect();
        for (a, block) in normal.blocks.iter().enumerate() {
            for (b, gamma_b) in gamma.iter().enumerate() {
                let shared = profile_blocks[a].transpose() * gamma_b;
                for l in 0..profiles {
                    for m in 0..profiles {
                        let own = if a == b { block.xx[(nuisance + l, nuisance + m)] } else { 0.0 };
                        cross[((a * clusters + b) * profiles + l) * profiles + m] =
                            own - shared[(l, m)];
                    }
                }
            }
            let explained = profile_blocks[a].transpose() * &fit.beta;
            for l in 0..profiles {
                for k in 0..outcomes {
                    with_outcome[(a * profiles + l) * outcomes + k] =
                        block.xy[(nuisance + l, k)] - explained[(l, k)];
                }
            }
        }
        let mut tables =
            Self { clusters, profiles, outcomes, cross, raw, with_outcome, scores: None };
        if profiles == 1 {
            tables.scores = Some(ScoreTables::new(exchange, &fit.beta, &profile_blocks, &gamma));
        }
        tables
    }

    pub(super) fn empty_leaf(&self) -> Leaf {
        let with_t = if self.scores.is_some() { self.outcomes } else { 0 };
        Leaf {
            beta: vec![0.0; self.profiles * self.outcomes],
            t: vec![0.0; with_t],
            gram: vec![0.0; self.profiles * self.profiles],
            raw: vec![0.0; self.profiles],
            path: Vec::new(),
            prefixes: vec![self.empty_prefix()],
        }
    }

    fn empty_prefix(&self) -> Prefix {
        let square = self.profiles * self.profiles;
        let scored = if self.scores.is_some() { self.clusters } else { 0 };
        Prefix {
            gram: vec![0.0; square],
            rows: vec![0.0; self.clusters * square],
            beta: vec![0.0; self.profiles * self.outcomes],
            raw: vec![0.0; self.profiles],
            own: vec![0.0; scored * self.outcomes],
            squares: vec![0.0; scored],
            square_rows: vec![0.0; scored * scored],
        }
    }

    pub(super) fn outcomes(&self) -> usize {
        self.outcomes
    }

    /// Cross-products of every cluster with the observed assignment.
    pub(super) fn crossing(&self, observed: &[usize]) -> Crossing {
        let one = |a: usize| {
            observed
                .iter()
                .map(|&b| self.cross[(a * self.clusters + b) * self.profiles * self.profiles])
                .sum()
        };
        Crossing((0..self.clusters).map(one).collect())
    }

    /// Fills `leaf` for an assignment (not empty, sorted); false when its treatment column is
    /// explained by the rest.
    pub(super) fn fill(&self, treated: &[usize], leaf: &mut Leaf) -> bool {
        let Some((&last, leading)) = treated.split_last() else { return false };
        self.walk_to(leading, leaf);
        let prefix = &leaf.prefixes[leading.len()];
        let square = self.profiles * self.profiles;
        leaf.gram.copy_from_slice(&prefix.gram);
        self.add_gram(&mut leaf.gram, &prefix.rows[last * square..(last + 1) * square], last);
        let width = self.profiles * self.outcomes;
        let own = &self.with_outcome[last * width..(last + 1) * width];
        for ((beta, sum), own) in leaf.beta.iter_mut().zip(&prefix.beta).zip(own) {
            *beta = sum + own;
        }
        add(&mut leaf.raw, &prefix.raw, self.raw_of(last));
        if self.profiles > 1 {
            return solve_in_place(&mut leaf.gram, &mut leaf.beta, &leaf.raw, self.outcomes);
        }
        if leaf.gram[0] <= EXPLAINED * leaf.raw[0] {
            return false;
        }
        leaf.beta.iter_mut().for_each(|beta| *beta /= leaf.gram[0]);
        if let Some(scores) = &self.scores {
            scores.fill(last, self.clusters, prefix, &leaf.beta, &mut leaf.t);
            for (t, beta) in leaf.t.iter_mut().zip(&leaf.beta) {
                *t = beta * leaf.gram[0] / t.sqrt();
            }
        }
        true
    }

    fn raw_of(&self, cluster: usize) -> &[f64] {
        &self.raw[cluster * self.profiles..(cluster + 1) * self.profiles]
    }

    /// Makes the prefixes of `leaf` those of `leading`, keeping what they share.
    fn walk_to(&self, leading: &[usize], leaf: &mut Leaf) {
        let shared = leaf.path.iter().zip(leading).take_while(|(a, b)| a == b).count();
        leaf.path.truncate(shared);
        for &next in &leading[shared..] {
            let depth = leaf.path.len();
            if leaf.prefixes.len() == depth + 1 {
                leaf.prefixes.push(self.empty_prefix());
            }
            let (done, open) = leaf.prefixes.split_at_mut(depth + 1);
            self.extend(&done[depth], &mut open[0], next);
            leaf.path.push(next);
        }
    }

    /// `to` = the sums of `from` and cluster `next`.
    fn extend(&self, from: &Prefix, to: &mut Prefix, next: usize) {
        let square = self.profiles * self.profiles;
        to.gram.copy_from_slice(&from.gram);
        self.add_gram(&mut to.gram, &from.rows[next * square..(next + 1) * square], next);
        let width = self.profiles * self.outcomes;
        add(&mut to.beta, &from.beta, &self.with_outcome[next * width..(next + 1) * width]);
        // members come in rising order, so only later clusters are still to be added
        for a in next + 1..self.clusters {
            let at = (a * self.clusters + next) * square;
            let here = a * square..(a + 1) * square;
            add(&mut to.rows[here.clone()], &from.rows[here], &self.cross[at..at + square]);
        }
        add(&mut to.raw, &from.raw, self.raw_of(next));
        if let Some(scores) = &self.scores {
            scores.extend(from, to, next, self.clusters, self.outcomes);
        }
    }

    /// Adds to the cross-products among members those with a new one, in both orders.
    fn add_gram(&self, gram: &mut [f64], row: &[f64], next: usize) {
        let n = self.profiles;
        let own = &self.cross[(next * self.clusters + next) * n * n..][..n * n];
        for l in 0..n {
            for m in 0..n {
                gram[l * n + m] += row[l * n + m] + row[m * n + l] + own[l * n + m];
            }
        }
    }
}

/// `to` = `a` + `b`.
fn add(to: &mut [f64], a: &[f64], b: &[f64]) {
    for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
        *to = a + b;
    }
}

impl ScoreTables {
    fn new(exchange: &Exchange, beta: &Matrix, profile: &[Matrix], gamma: &[Matrix]) -> Self {
        let normal = &exchange.normal;
        let (clusters, outcomes) = (normal.blocks.len(), normal.outcomes.len());
        let nuisance = normal.columns.len() - 1;
        let gamma: Vec<Vec<f64>> =
            gamma.iter().map(|g| g.col(0).iter().copied().collect()).collect();
        let mut own = vec![0.0; clusters * clusters * outcomes];
        let mut square = vec![0.0; clusters * clusters * clusters];
        for (c, block) in normal.blocks.iter().enumerate() {
            let xx = block.xx.submatrix(0, 0, nuisance, nuisance).to_owned();
            let explained = &xx * beta;
            let own_profile: Vec<f64> = profile[c].col(0).iter().copied().collect();
            for a in 0..clusters {
                for k in 0..outcomes {
                    let left: f64 = (0..nuisance)
                        .map(|i| gamma[a][i] * (block.xy[(i, k)] - explained[(i, k)]))
                        .sum();
                    own[(a * clusters + c) * outcomes + k] = -left;
                }
            }
            for k in 0..outcomes {
                let fitted: f64 = (0..nuisance).map(|i| own_profile[i] * beta[(i, k)]).sum();
                own[(c * clusters + c) * outcomes + k] += block.xy[(nuisance, k)] - fitted;
            }
            for a in 0..clusters {
                let through = multiply(&xx, &gamma[a]);
                for b in 0..clusters {
                    let mut value = dot(&through, &gamma[b]);
                    if a == c {
                        value -= dot(&own_profile, &gamma[b]);
                    }
                    if b == c {
                        value -= dot(&own_profile, &gamma[a]);
                    }
                    if a == c && b == c {
                        value += block.xx[(nuisance, nuisance)];
                    }
                    square[(a * clusters + b) * clusters + c] = value;
                }
            }
        }
        Self { own, square }
    }

    /// Sums of the scores and squares with cluster `next`.
    fn extend(
        &self,
        from: &Prefix,
        to: &mut Prefix,
        next: usize,
        clusters: usize,
        outcomes: usize,
    ) {
        let width = clusters * outcomes;
        add(&mut to.own, &from.own, &self.own[next * width..(next + 1) * width]);
        let table = &self.square[next * clusters * clusters..(next + 1) * clusters * clusters];
        let later = (next + 1) * clusters..;
        add(&mut to.square_rows[later.clone()], &from.square_rows[later.clone()], &table[later]);
        let row = &from.square_rows[next * clusters..(next + 1) * clusters];
        let diagonal = &table[next * clusters..(next + 1) * clusters];
        for c in 0..clusters {
            to.squares[c] = from.squares[c] + 2.0 * row[c] + diagonal[c];
        }
    }

    /// For each outcome the sum over clusters of the squared score, own_c - beta square_c.
    fn fill(&self, last: usize, clusters: usize, prefix: &Prefix, beta: &[f64], sums: &mut [f64]) {
        let outcomes = beta.len();
        sums.fill(0.0);
        let diagonal = &self.square[(last * clusters + last) * clusters..][..clusters];
        let row = &prefix.square_rows[last * clusters..][..clusters];
        let own = &self.own[last * clusters * outcomes..][..clusters * outcomes];
        let rows = own.chunks_exact(outcomes).zip(prefix.own.chunks_exact(outcomes));
        for (c, (own, before)) in rows.enumerate() {
            let square = prefix.squares[c] + 2.0 * row[c] + diagonal[c];
            for (((sum, own), before), beta) in sums.iter_mut().zip(own).zip(before).zip(beta) {
                let score = own + before - beta * square;
                *sum += score * score;
            }
        }
    }
}

/// Cholesky U'U of `gram` (n x n, upper triangle) and solution of `gram * x = rhs` (n x k), both in
/// place, by whole rows and with the reciprocals of the diagonal kept in it; false when next to
/// nothing of a column's square in `raw` is left after those before it.
fn solve_in_place(gram: &mut [f64], rhs: &mut [f64], raw: &[f64], k: usize) -> bool {
    let n = raw.len();
    for j in 0..n {
        let own = gram[j * n + j];
        if own <= EXPLAINED * raw[j] {
            return false;
        }
        let reciprocal = 1.0 / own.sqrt();
        let (head, tail) = gram.split_at_mut((j + 1) * n);
        let row = &mut head[j * n..];
        row[j] = reciprocal;
        row[j + 1..].iter_mut().for_each(|x| *x *= reciprocal);
        for (i, later) in (j + 1..n).zip(tail.chunks_exact_mut(n)) {
            let factor = row[i];
            for (x, u) in later[i..].iter_mut().zip(&row[i..]) {
                *x -= factor * u;
            }
        }
    }
    for j in 0..n {
        rhs[j * k..(j + 1) * k].iter_mut().for_each(|x| *x *= gram[j * n + j]);
        for i in j + 1..n {
            eliminate(rhs, k, j, i, gram[j * n + i]);
        }
    }
    for j in (0..n).rev() {
        for i in j + 1..n {
            eliminate(rhs, k, i, j, gram[j * n + i]);
        }
        rhs[j * k..(j + 1) * k].iter_mut().for_each(|x| *x *= gram[j * n + j]);
    }
    true
}

/// Row `to` minus `factor` times row `from`.
fn eliminate(rhs: &mut [f64], k: usize, from: usize, to: usize, factor: f64) {
    let (source, target) = if from < to {
        let (head, tail) = rhs.split_at_mut(to * k);
        (&head[from * k..(from + 1) * k], &mut tail[..k])
    } else {
        let (head, tail) = rhs.split_at_mut(from * k);
        (&tail[..k], &mut head[to * k..(to + 1) * k])
    };
    for (t, s) in target.iter_mut().zip(source) {
        *t -= factor * s;
    }
}
