//! Normal equations by cluster: a design is a linear map of the Grams.

use crate::grams::{Grams, Moments, Slice, Weighting, count, entry, size};
use crate::linalg::Matrix;

/// Which rows a design uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Positions of regions, sorted.
    pub regions: Vec<usize>,
    /// Positions of periods, sorted.
    pub periods: Vec<usize>,
}

/// A column that is a function of region and period, such as a treatment indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Name, as in messages.
    pub name: String,
    /// regions x periods of the Grams, row-major.
    pub values: Vec<f64>,
}

impl Term {
    /// A term from a function of (region, period) positions.
    pub fn new(grams: &Grams, name: String, value: impl Fn(usize, usize) -> f64) -> Self {
        let values = (0..grams.regions.len())
            .flat_map(|r| (0..grams.periods.len()).map(move |t| (r, t)))
            .map(|(r, t)| value(r, t))
            .collect();
        Self { name, values }
    }

    fn at(&self, grams: &Grams, slice: &Slice) -> f64 {
        self.values[slice.region * grams.periods.len() + slice.period]
    }
}

/// One column of the design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DesignColumn {
    /// Indicator of a period, by position in the Grams.
    Period(usize),
    /// Covariate column, by position in [`Grams::columns`].
    Covariate(usize),
    /// Term, by position in the list of terms.
    Term(usize),
}

/// Cross-products of one cluster, region effects absorbed (demeaned within region).
#[derive(Debug, Clone)]
pub struct Block {
    /// Code of the cluster.
    pub cluster: String,
    /// k x k.
    pub xx: Matrix,
    /// k x K', outcomes of the class in order.
    pub xy: Matrix,
    /// K'.
    pub yy: Vec<f64>,
}

/// The normal equations of a design for all outcomes of one sample class.
///
/// Columns stand in the order periods, covariates, terms, so that a term that the others explain
/// is found to be the collinear one.
#[derive(Debug, Clone)]
pub struct Normal {
    /// Columns, k of them.
    pub columns: Vec<DesignColumn>,
    /// Names of the terms.
    pub terms: Vec<String>,
    /// Outcomes of the class, by position in the Grams.
    pub outcomes: Vec<usize>,
    /// Clusters with rows, in order.
    pub blocks: Vec<Block>,
    /// Sum of squares of each column before absorption.
    pub raw: Vec<f64>,
    /// K': sum of squares of each outcome before absorption, centred as in the Grams: what rounding
    /// of the absorbed sums is measured against.
    pub raw_yy: Vec<f64>,
    /// For each term, the clusters (positions in `blocks`) in which it is not zero.
    pub touched: Vec<Vec<usize>>,
    /// How rows count.
    pub weighting: Weighting,
    /// For each term, k: the combination of period columns that it is in the regions in which it is
    /// not zero, up to a constant that region effects absorb; nothing when it differs between them.
    pub profiles: Vec<Option<Vec<f64>>>,
    /// N: rows, or the sum of frequency weights.
    pub n: f64,
    /// Regions with rows.
    pub regions: usize,
}

impl Normal {
    /// Builds the normal equations. `references` are the covariate columns left out (one level of
    /// each categorical covariate), as positions in [`Grams::columns`].
    #[must_use]
    pub fn new(
        grams: &Grams,
        class: usize,
        sample: &Sample,
        references: &[usize],
        terms: &[Term],
    ) -> Self {
        Self::over(grams, class, of_sample(grams, sample), references, terms)
    }

    /// The same over those slices that `keep` keeps.
    #[must_use]
    pub fn over(
        grams: &Grams,
        class: usize,
        keep: impl Fn(&Slice) -> bool,
        references: &[usize],
        terms: &[Term],
    ) -> Self {
        let clusters = (grams.clusters.as_slice(), grams.cluster_of.as_slice());
        Self::with_clusters(grams, class, keep, references, terms, clusters)
    }

    /// The same with a block for each region.
    #[must_use]
    pub fn by_region(
        grams: &Grams,
        class: usize,
        sample: &Sample,
        references: &[usize],
        terms: &[Term],
    ) -> Self {
        let own: Vec<usize> = (0..grams.regions.len()).collect();
        let keep = of_sample(grams, sample);
        Self::with_clusters(grams, class, keep, references, terms, (&grams.regions, &own))
    }

    /// `clusters`: codes, and for each region its position among them.
    fn with_clusters(
        grams: &Grams,
        class: usize,
        keep: impl Fn(&Slice) -> bool,
        references: &[usize],
        terms: &[Term],
        (codes, of): (&[String], &[usize]),
    ) -> Self {
        let slices: Vec<&Slice> =
            grams.slices.iter().filter(|s| keep(s) && s.classes[class].n > 0).collect();
        let columns = design_columns(grams, &slices, references, terms.len());
        let outcomes: Vec<usize> = grams.outcomes_of(class).collect();
        let mut normal = Self {
            raw: vec![0.0; columns.len()],
            profiles: terms.iter().map(|term| profile(grams, &slices, &columns, term)).collect(),
            raw_yy: vec![0.0; outcomes.len()],
            columns,
            terms: terms.iter().map(|term| term.name.clone()).collect(),
            outcomes,
            blocks: Vec::new(),
            touched: vec![Vec::new(); terms.len()],
            weighting: grams.weighting,
            n: 0.0,
            regions: 0,
        };
        let mut of_cluster = vec![usize::MAX; codes.len()];
        let mut order: Vec<&[&Slice]> = slices.chunk_by(|a, b| a.region == b.region).collect();
        order.sort_by_key(|region| (of[region[0].region], region[0].region));
        for region in order {
            let cluster = of[region[0].region];
            if of_cluster[cluster] == usize::MAX {
                of_cluster[cluster] = normal.blocks.len();
                normal.blocks.push(normal.empty_block(&codes[cluster]));
            }
            normal.add_region(grams, class, terms, region, of_cluster[cluster]);
        }
        normal
    }

    /// Position of a term among the columns.
    #[must_use]
    pub fn term_column(&self, term: usize) -> usize {
        self.columns.len() - self.terms.len() + term
    }

    /// Sum of `xx` over clusters.
    #[must_use]
    pub fn total_xx(&self) -> Matrix {
        let k = self.columns.len();
        let mut total = Matrix::zeros(k, k);
        for block in &self.blocks {
            total += &block.xx;
        }
        total
    }

    /// Sum of `xy` over clusters.
    #[must_use]
    pub fn total_xy(&self) -> Matrix {
        let mut total = Matrix::zeros(self.columns.len(), self.outcomes.len());
        for block in &self.blocks {
            total += &block.xy;
        }
        total
    }

    /// Sum of `yy` over clusters for the outcome at position `at` of the class.
    #[must_use]
    pub fn total_yy(&self, at: usize) -> f64 {
        self.blocks.iter().map(|block| block.yy[at]).sum()
    }

    fn empty_block(&self, cluster: &str) -> Block {
        let (k, outcomes) = (self.columns.len(), self.outcomes.len());
        Block {
            cluster: cluster.to_owned(),
            xx: Matrix::zeros(k, k),
            xy: Matrix::zeros(k, outcomes),
            yy: vec![0.0; outcomes],
        }
    }

    fn add_region(
        &mut self,
        grams: &Grams,
        class: usize,
        terms: &[Term],
        slices: &[&Slice],
        block: usize,
    ) {
        let mut region = Absorbed::new(grams, &self.columns, self.outcomes.len());
        for slice in slices {
            let moments = &slice.classes[class];
            let values: Vec<f64> = terms.iter().map(|term| term.at(grams, slice)).collect();
            region.add(moments, slice, &values, &self.outcomes);
            for (raw, &k) in self.raw_yy.iter_mut().zip(&self.outcomes) {
                *raw += slice.yy[k];
            }
            self.n += match grams.weighting {
                Weighting::Frequency => moments.xx.at(0, 0),
                Weighting::None | Weighting::Analytic => count(moments.n),
            };
            for (term, value) in values.iter().enumerate() {
                if *value != 0.0 && self.touched[term].last() != Some(&block) {
                    self.touched[term].push(block);
                }
            }
        }
        region.spread();
        for (raw, i) in self.raw.iter_mut().zip(0..self.columns.len()) {
            *raw += region.xx[(i, i)];
        }
        self.regions += 1;
        region.demean_into(&mut self.blocks[block]);
    }
}

/// Whether a slice belongs to a sample.
fn of_sample(grams: &Grams, sample: &Sample) -> impl Fn(&Slice) -> bool + use<> {
    let mut regions = vec![false; grams.regions.len()];
    let mut periods = vec![false; grams.periods.len()];
    sample.regions.iter().for_each(|&r| regions[r] = true);
    sample.periods.iter().for_each(|&t| periods[t] = true);
    move |slice| regions[slice.region] && periods[slice.period]
}

fn design_columns(
    grams: &Grams,
    slices: &[&Slice],
    references: &[usize],
    terms: usize,
) -> Vec<DesignColumn> {
    let mut present: Vec<usize> = slices.iter().map(|slice| slice.period).collect();
    present.sort_unstable();
    present.dedup();
    let periods = present.into_iter().skip(1).map(DesignColumn::Period);
    let covariates = (0..grams.columns.len())
        .filter(|column| !references.contains(column))
        .map(DesignColumn::Covariate);
    periods.chain(covariates).chain((0..terms).map(DesignColumn::Term)).collect()
}

/// A term's values by period as a combination of the period columns.
fn profile(
    grams: &Grams,
    slices: &[&Slice],
    columns: &[DesignColumn],
    term: &Term,
) -> Option<Vec<f64>> {
    let inside: Vec<usize> =
        slices.iter().filter(|s| term.at(grams, s) != 0.0).map(|s| s.region).collect();
    let value = |r: usize, t: usize| term.values[r * grams.periods.len() + t];
    let first = slices.iter().map(|slice| slice.period).min()?;
    let of_region = |r: usize| -> Vec<f64> {
        let one = |column: &DesignColumn| match column {
            DesignColumn::Period(t) => value(r, *t) - value(r, first),
            _ => 0.0,
        };
        columns.iter().map(one).collect()
    };
    let profile = of_region(*inside.first()?);
    inside.iter().all(|&r| of_region(r) == profile).then_some(profile)
}

/// Sums of one region, to be demeaned. Covariates are summed as the Grams have them and put in their
/// columns once; periods and terms are constant in a slice.
struct Absorbed<'a> {
    grams: &'a Grams,
    columns: &'a [DesignColumn],
    /// Design columns of covariates, with their rows in the Grams.
    covariates: Vec<(usize, usize)>,
    weight: f64,
    /// p x p, upper triangle as in a slice, and p x K'.
    moments: Vec<f64>,
    with_outcomes: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    xx: Matrix,
    xy: Matrix,
    yy: Vec<f64>,
}

impl<'a> Absorbed<'a> {
    fn new(grams: &'a Grams, columns: &'a [DesignColumn], outcomes: usize) -> Self {
        let (k, p) = (columns.len(), grams.width());
        let covariate = |(at, column): (usize, &DesignColumn)| match column {
            DesignColumn::Covariate(c) => Some((at, 1 + c)),
            _ => None,
        };
        Self {
            grams,
            columns,
            covariates: columns.iter().enumerate().filter_map(covariate).collect(),
            weight: 0.0,
            moments: vec![0.0; size(p)],
            with_outcomes: vec![0.0; p * outcomes],
            x: vec![0.0; k],
            y: vec![0.0; outcomes],
            xx: Matrix::zeros(k, k),
            xy: Matrix::zeros(k, outcomes),
            yy: vec![0.0; outcomes],
        }
    }

    /// Adds a slice; `terms` are the values of the terms in it.
    fn add(&mut self, moments: &Moments, slice: &Slice, terms: &[f64], outcomes: &[usize]) {
        let weight = moments.xx.at(0, 0);
        self.weight += weight;
        moments.xx.add_to(&mut self.moments);
        let rows = self.with_outcomes.chunks_exact_mut(outcomes.len());
        for (sums, row) in rows.zip(slice.xy.chunks_exact(self.grams.outcome_count())) {
            sums.iter_mut().zip(outcomes).for_each(|(sum, &outcome)| *sum += row[outcome]);
        }
        for (at, &outcome) in outcomes.iter().enumerate() {
            self.y[at] += slice.xy[outcome];
            self.yy[at] += slice.yy[outcome];
        }
        let constant = |(at, column): (usize, &DesignColumn)| {
            let value = match column {
                DesignColumn::Period(t) => f64::from(u8::from(*t == slice.period)),
                DesignColumn::Covariate(_) => 0.0,
                DesignColumn::Term(j) => terms[*j],
            };
            (value != 0.0).then_some((at, value))
        };
        let constants: Vec<(usize, f64)> =
            self.columns.iter().enumerate().filter_map(constant).collect();
        for &(j, value) in &constants {
            self.x[j] += value * weight;
            for &(i, other) in &constants {
                self.xx[(i, j)] += other * value * weight;
            }
            for &(i, row) in &self.covariates {
                self.xx[(i, j)] += value * moments.xx.at(0, row);
                self.xx[(j, i)] = self.xx[(i, j)];
            }
            for (at, &outcome) in outcomes.iter().enumerate() {
                self.xy[(j, at)] += value * slice.xy[outcome];
            }
        }
    }

    /// Puts the sums of covariates in their columns.
    fn spread(&mut self) {
        let (p, outcomes) = (self.grams.width(), self.y.len());
        for &(j, column) in &self.covariates {
            self.x[j] = self.moments[column];
            for &(i, row) in &self.covariates {
                self.xx[(i, j)] = self.moments[entry(p, row, column)];
            }
            for at in 0..outcomes {
                self.xy[(j, at)] = self.with_outcomes[column * outcomes + at];
            }
        }
    }

    fn demean_into(&self, block: &mut Block) {
        let demean = |to: &mut Matrix, from: &Matrix, column: usize, mean: f64| {
            let cells = to.col_mut(column).iter_mut().zip(from.col(column).iter());
            for ((to, from), x) in cells.zip(&self.x) {
                *to += from - x * mean;
            }
        };
        for (j, x) in self.x.iter().enumerate() {
            demean(&mut block.xx, &self.xx, j, x / self.weight);
        }
        for at in 0..self.y.len() {
            let mean = self.y[at] / self.weight;
            demean(&mut block.xy, &self.xy, at, mean);
            block.yy[at] += self.yy[at] - self.y[at] * mean;
        }
    }
}
