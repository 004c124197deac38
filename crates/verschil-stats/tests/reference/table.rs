//! Small CSV tables as Grams.

use std::path::{Path, PathBuf};

use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::normal::{Normal, Sample, Term};

/// The folder that stands beside the checkout, where there is one.
pub fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    path.join("reference").is_dir().then_some(path)
}

/// A table of texts with named columns.
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).expect("data file");
        let header = reader.headers().expect("header").iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|record| record.expect("row").iter().map(str::to_owned).collect())
            .collect();
        Self { header, rows }
    }

    pub fn keep(mut self, keep: impl Fn(&dyn Fn(&str) -> Option<f64>) -> bool) -> Self {
        let header = self.header.clone();
        self.rows.retain(|row| keep(&|name| number(row, &header, name)));
        self
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn number(&self, row: usize, name: &str) -> Option<f64> {
        number(&self.rows[row], &self.header, name)
    }

    pub fn text(&self, row: usize, name: &str) -> &str {
        let at = self.header.iter().position(|h| h == name).expect("column");
        &self.rows[row][at]
    }

    /// One numeric outcome, numeric covariates, optional analytic weights.
    pub fn grams(
        &self,
        region: &str,
        period: &str,
        outcome: &str,
        covariates: &[&str],
        weight: Option<&str>,
    ) -> Grams {
        let Some(weight) = weight else {
            return self.weighted(region, period, outcome, covariates, None);
        };
        let of = |row| self.number(row, weight).expect("weight");
        self.weighted(region, period, outcome, covariates, Some((Weighting::Analytic, &of)))
    }

    /// The same with any weights.
    pub fn weighted(
        &self,
        region: &str,
        period: &str,
        outcome: &str,
        covariates: &[&str],
        weight: Option<(Weighting, &dyn Fn(usize) -> f64)>,
    ) -> Grams {
        let shape = Shape {
            categorical: vec![false; covariates.len()],
            binary: vec![false],
            weighting: weight.map_or(Weighting::None, |(kind, _)| kind),
        };
        let mut names = Dictionaries::default();
        let mut batch = Batch::default();
        for row in 0..self.rows.len() {
            let x: Option<Vec<f64>> = covariates.iter().map(|c| self.number(row, c)).collect();
            let Some(x) = x else { continue };
            let region = self.text(row, region).to_owned();
            batch.region.push(code(&mut names.regions, region));
            #[allow(clippy::cast_possible_truncation)]
            let period = self.number(row, period).expect("period") as i64;
            batch.period.push(code(&mut names.periods, period));
            batch.numerics.extend(x);
            batch.push_outcomes(&shape, &[self.number(row, outcome).unwrap_or(f64::NAN)]);
            batch.weights.extend(weight.map(|(_, of)| of(row)));
        }
        names.clusters = names.regions.clone();
        let mut builder = GramBuilder::new(shape);
        builder.push(batch, &[]);
        builder.finish(&names)
    }
}

fn number(row: &[String], header: &[String], name: &str) -> Option<f64> {
    row[header.iter().position(|h| h == name).expect("column")].parse().ok()
}

fn code<T: PartialEq>(names: &mut Vec<T>, name: T) -> u32 {
    let at = names.iter().position(|n| *n == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u32::try_from(at).expect("few names")
}

/// All regions and periods, with these terms.
pub fn normal(grams: &Grams, terms: &[Term]) -> Normal {
    let sample = Sample {
        regions: (0..grams.regions.len()).collect(),
        periods: (0..grams.periods.len()).collect(),
    };
    Normal::new(grams, grams.class_of[0], &sample, &[], terms)
}
