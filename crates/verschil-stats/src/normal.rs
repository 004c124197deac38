//! Normal equations by cluster: a design is a linear map of the Grams.

use crate::grams::{Grams, Moments, Slice, Weighting, count};
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
        let slices = used_slices(grams, class, sample);
        let columns = design_columns(grams, &slices, references, terms.len());
        let outcomes: Vec<usize> =
            (0..grams.outcome_count()).filter(|&k| grams.class_of[k] == class).collect();
        let mut normal = Self {
            raw: vec![0.0; columns.len()],
            raw_yy: vec![0.0; outcomes.len()],
            columns,
            terms: terms.iter().map(|term| term.name.clone()).collect(),
            outcomes,
            blocks: Vec::new(),
            touched: vec![Vec::new(); terms.len()],
            n: 0.0,
            regions: 0,
        };
        let mut of_cluster = vec![usize::MAX; grams.clusters.len()];
        let mut order: Vec<&[&Slice]> = slices.chunk_by(|a, b| a.region == b.region).collect();
        order.sort_by_key(|region| (grams.cluster_of[region[0].region], region[0].region));
        for region in order {
            let cluster = grams.cluster_of[region[0].region];
            if of_cluster[cluster] == usize::MAX {
                of_cluster[cluster] = normal.blocks.len();
                normal.blocks.push(normal.empty_block(&grams.clusters[cluster]));
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
        let k = self.columns.len();
        let mut region = Absorbed::new(k, self.outcomes.len());
        for slice in slices {
            let moments = &slice.classes[class];
            let values: Vec<f64> = terms.iter().map(|term| term.at(grams, slice)).collect();
            let x = SliceColumns::new(&self.columns, grams, moments, slice, &values);
            region.add(&x, slice, &self.outcomes);
            for (raw, &k) in self.raw_yy.iter_mut().zip(&self.outcomes) {
                *raw += slice.yy[k];
            }
            self.n += match grams.weighting {
                Weighting::Frequency => moments.xx[0],
                Weighting::None | Weighting::Analytic => count(moments.n),
            };
            for (term, value) in values.iter().enumerate() {
                if *value != 0.0 && self.touched[term].last() != Some(&block) {
                    self.touched[term].push(block);
                }
            }
        }
        for (raw, i) in self.raw.iter_mut().zip(0..k) {
            *raw += region.xx[(i, i)];
        }
        self.regions += 1;
        region.demean_into(&mut self.blocks[block]);
    }
}

fn used_slices<'a>(grams: &'a Grams, class: usize, sample: &Sample) -> Vec<&'a Slice> {
    let mut regions = vec![false; grams.regions.len()];
    let mut periods = vec![false; grams.periods.len()];
    sample.regions.iter().for_each(|&r| regions[r] = true);
    sample.periods.iter().for_each(|&t| periods[t] = true);
    grams
        .slices
        .iter()
        .filter(|s| regions[s.region] && periods[s.period] && s.classes[class].n > 0)
        .collect()
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

/// The columns of a design within one slice: constants, or covariates with their sums.
struct SliceColumns<'a> {
    /// For each design column its value where constant in the slice, or its covariate position.
    kind: Vec<Result<f64, usize>>,
    moments: &'a Moments,
    width: usize,
}

impl<'a> SliceColumns<'a> {
    fn new(
        columns: &[DesignColumn],
        grams: &Grams,
        moments: &'a Moments,
        slice: &Slice,
        terms: &[f64],
    ) -> Self {
        let kind = columns
            .iter()
            .map(|column| match column {
                DesignColumn::Period(t) => Ok(f64::from(u8::from(*t == slice.period))),
                DesignColumn::Covariate(c) => Err(1 + c),
                DesignColumn::Term(j) => Ok(terms[*j]),
            })
            .collect();
        Self { kind, moments, width: grams.width() }
    }

    fn sum(&self, i: usize) -> f64 {
        match self.kind[i] {
            Ok(value) => value * self.moments.xx[0],
            Err(c) => self.moments.xx[c],
        }
    }

    fn product(&self, i: usize, j: usize) -> f64 {
        match (self.kind[i], self.kind[j]) {
            (Ok(a), Ok(b)) => a * b * self.moments.xx[0],
            (Ok(a), Err(c)) | (Err(c), Ok(a)) => a * self.moments.xx[c],
            (Err(c), Err(d)) => self.moments.xx[c.min(d) * self.width + c.max(d)],
        }
    }

    fn with_outcome(&self, i: usize, slice: &Slice, outcome: usize, outcomes: usize) -> f64 {
        match self.kind[i] {
            Ok(value) => value * slice.xy[outcome],
            Err(c) => slice.xy[c * outcomes + outcome],
        }
    }
}

/// Sums of one region, to be demeaned.
struct Absorbed {
    weight: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    xx: Matrix,
    xy: Matrix,
    yy: Vec<f64>,
}

impl Absorbed {
    fn new(k: usize, outcomes: usize) -> Self {
        Self {
            weight: 0.0,
            x: vec![0.0; k],
            y: vec![0.0; outcomes],
            xx: Matrix::zeros(k, k),
            xy: Matrix::zeros(k, outcomes),
            yy: vec![0.0; outcomes],
        }
    }

    fn add(&mut self, columns: &SliceColumns, slice: &Slice, outcomes: &[usize]) {
        let all = slice.yy.len();
        self.weight += columns.moments.xx[0];
        let live: Vec<usize> = (0..self.x.len()).filter(|&i| columns.kind[i] != Ok(0.0)).collect();
        for &j in &live {
            self.x[j] += columns.sum(j);
            for &i in &live {
                self.xx[(i, j)] += columns.product(i, j);
            }
        }
        for (at, &outcome) in outcomes.iter().enumerate() {
            self.y[at] += slice.xy[outcome];
            self.yy[at] += slice.yy[outcome];
            for &i in &live {
                self.xy[(i, at)] += columns.with_outcome(i, slice, outcome, all);
            }
        }
    }

    fn demean_into(&self, block: &mut Block) {
        for j in 0..self.x.len() {
            let mean = self.x[j] / self.weight;
            for i in 0..self.x.len() {
                block.xx[(i, j)] += self.xx[(i, j)] - self.x[i] * mean;
            }
        }
        for at in 0..self.y.len() {
            let mean = self.y[at] / self.weight;
            for i in 0..self.x.len() {
                block.xy[(i, at)] += self.xy[(i, at)] - self.x[i] * mean;
            }
            block.yy[at] += self.yy[at] - self.y[at] * mean;
        }
    }
}
