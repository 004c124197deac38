//! The regression with every effect as a dummy, on rows, as a textbook writes it.

use crate::dense::{Solved, dot};
use crate::study::{Row, Study};

/// A column by region and period.
pub type Profile = Vec<Vec<f64>>;

/// From a value of each row to a column times the roots of the weights.
type Weigh<'a> = &'a dyn Fn(&dyn Fn(&Row) -> f64) -> Vec<f64>;

/// y = regions + periods + covariates + terms, weighted by the roots of the weights.
pub struct Regression {
    solved: Solved,
    /// All columns times root of weight, terms last.
    pub design: Vec<Vec<f64>>,
    columns: usize,
    terms: usize,
    /// For each term, whether something of its column is left after all others.
    identified: Vec<bool>,
    region_effects: usize,
    /// Outcome times root of weight.
    pub y: Vec<f64>,
    /// The terms' columns times root of weight.
    pub term_columns: Vec<Vec<f64>>,
    /// Cluster of each row, by position in `names`.
    pub cluster: Vec<usize>,
    /// Clusters with rows, sorted.
    pub names: Vec<String>,
    /// Region of each row.
    regions: Vec<usize>,
    /// Root of the weight of each row.
    pub roots: Vec<f64>,
    /// Units: rows, or the sum of frequency weights.
    pub n: f64,
}

/// Indicator of regions and periods.
pub fn indicator(study: &Study, regions: &[usize], periods: &[usize]) -> Profile {
    let one = |r, t| f64::from(u8::from(regions.contains(&r) && periods.contains(&t)));
    (0..study.regions.len())
        .map(|r| (0..study.periods.len()).map(|t| one(r, t)).collect())
        .collect()
}

impl Regression {
    /// On the rows that `keep` admits and that have the outcome, within the study's sample.
    pub fn new(
        study: &Study,
        outcome: usize,
        terms: &[Profile],
        keep: impl Fn(&Row) -> bool,
    ) -> Self {
        let sampled = |row: &&Row| {
            let region =
                study.treated.contains(&row.region) || study.controls.contains(&row.region);
            let period = study.pre.contains(&row.period) || study.post.contains(&row.period);
            region && period && !row.outcomes[outcome].is_nan() && keep(row)
        };
        let rows: Vec<&Row> = study.rows.iter().filter(sampled).collect();
        let root: Vec<f64> = rows.iter().map(|row| row.weight.sqrt()).collect();
        let weigh = |value: &dyn Fn(&Row) -> f64| -> Vec<f64> {
            rows.iter().zip(&root).map(|(row, root)| value(row) * root).collect()
        };
        let mut columns = dummies(study, &weigh);
        let region_effects = columns.iter().take(study.regions.len()).filter(|c| any(c)).count();
        let term_columns: Vec<Vec<f64>> =
            terms.iter().map(|term| weigh(&|row| term[row.region][row.period])).collect();
        columns.extend(term_columns.iter().cloned());
        let mut names: Vec<String> =
            rows.iter().map(|row| study.clusters[row.region].clone()).collect();
        names.sort();
        names.dedup();
        let place = |name| names.iter().position(|n| n == name).expect("listed");
        let solved = Solved::new(&columns);
        let full = solved.rank() == columns.len();
        let identified = (0..terms.len())
            .map(|j| full || nothing_explains(&columns, columns.len() - terms.len() + j))
            .collect();
        Self {
            identified,
            solved,
            columns: columns.len(),
            design: columns,
            terms: terms.len(),
            region_effects,
            y: weigh(&|row| row.outcomes[outcome]),
            term_columns,
            cluster: rows.iter().map(|row| place(&study.clusters[row.region])).collect(),
            regions: rows.iter().map(|row| row.region).collect(),
            n: units(study, &rows),
            roots: root,
            names,
        }
    }

    pub fn coefficient(&self, y: &[f64], term: usize) -> Option<f64> {
        if !self.identified[term] {
            return None;
        }
        let row = self.solved.coefficient_row(self.columns - self.terms + term)?;
        Some(dot(&row, y))
    }

    /// Weight of each row in the coefficient of a term; nothing when it is not identified.
    pub fn coefficient_row(&self, term: usize) -> Option<Vec<f64>> {
        self.identified[term]
            .then(|| self.solved.coefficient_row(self.columns - self.terms + term))
            .flatten()
    }

    /// An orthonormal basis of all columns.
    pub fn basis(&self) -> &[Vec<f64>] {
        self.solved.basis()
    }

    /// For each cluster, its regions with rows.
    pub fn nested(&self, study: &Study) -> Vec<f64> {
        let one = |cluster| {
            let inside = |region: &usize| {
                let mut rows = self.regions.iter().zip(&self.cluster);
                rows.any(|(r, c)| r == region && *c == cluster)
            };
            (0..study.regions.len()).filter(inside).map(|_| 1.0).sum()
        };
        (0..self.names.len()).map(one).collect()
    }

    /// Coefficients of all columns: regions, periods, covariates, terms.
    pub fn coefficients(&self, y: &[f64]) -> Vec<f64> {
        self.solved.coefficients(y)
    }

    pub fn residuals(&self, y: &[f64]) -> Vec<f64> {
        self.solved.residuals(y)
    }

    /// What each cluster's residuals add to the coefficient.
    pub fn influence(&self, y: &[f64], term: usize) -> Vec<f64> {
        let row = self
            .solved
            .coefficient_row(self.columns - self.terms + term)
            .expect("an identified term");
        let mut sums = vec![0.0; self.names.len()];
        for ((weight, left), &cluster) in row.iter().zip(self.residuals(y)).zip(&self.cluster) {
            sums[cluster] += weight * left;
        }
        sums
    }

    pub fn cr0(&self, y: &[f64], term: usize) -> f64 {
        self.influence(y, term).iter().map(|i| i * i).sum::<f64>().sqrt()
    }

    /// All columns of full rank.
    pub fn k_all(&self) -> usize {
        self.solved.rank()
    }

    /// The same with one constant in the place of the region effects.
    pub fn k_nested(&self) -> usize {
        self.solved.rank() - self.region_effects + 1
    }
}

/// Whether a column is independent of all others, those after it too.
fn nothing_explains(columns: &[Vec<f64>], of: usize) -> bool {
    let mut last = columns.to_vec();
    let column = last.remove(of);
    let others = Solved::new(&last).rank();
    last.push(column);
    Solved::new(&last).rank() > others
}

fn any(column: &[f64]) -> bool {
    column.iter().any(|&x| x != 0.0)
}

#[allow(clippy::cast_precision_loss)]
fn units(study: &Study, rows: &[&Row]) -> f64 {
    if study.weighting == verschil_stats::grams::Weighting::Frequency {
        rows.iter().map(|row| row.weight).sum()
    } else {
        rows.len() as f64
    }
}

/// Regions, periods but the first, levels but the zeroth, numeric covariates.
fn dummies(study: &Study, weigh: Weigh) -> Vec<Vec<f64>> {
    let is = |yes: bool| f64::from(u8::from(yes));
    let mut columns = Vec::new();
    for r in 0..study.regions.len() {
        columns.push(weigh(&|row| is(row.region == r)));
    }
    for t in 1..study.periods.len() {
        columns.push(weigh(&|row| is(row.period == t)));
    }
    for covariate in 0..2 {
        for level in 1..3 {
            columns.push(weigh(&|row| is(row.levels[covariate] == level)));
        }
    }
    for covariate in 0..study.rows[0].numerics.len() {
        // centred in the middle of the data, where a column loses least to rounding
        let centre = study.rows[0].numerics[covariate];
        columns.push(weigh(&|row| row.numerics[covariate] - centre));
    }
    columns
}
