//! Small tables of text as Grams.

use super::faults::Fault;
use crate::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use crate::normal::{Normal, Sample, Term};

/// A table with named columns.
#[derive(Debug, Clone)]
pub(super) struct Table {
    file: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Row numbers in the file, from 1.
    lines: Vec<usize>,
}

/// Names of the columns of an outcome and its model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    pub region: &'a str,
    pub period: &'a str,
    pub outcome: &'a str,
    pub covariates: &'a [&'a str],
}

impl Table {
    pub(super) fn read(text: &str, file: &str, delimiter: u8) -> Result<Self, Fault> {
        let broken = |error: csv::Error| {
            // the crate's own sentence can show a value
            let line = error.position().map_or(0, csv::Position::line);
            Fault::Unreadable {
                file: file.into(),
                found: format!("line {line} is not as the others"),
            }
        };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let header = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for record in reader.records() {
            rows.push(record.map_err(broken)?.iter().map(str::to_owned).collect());
        }
        let lines = (1..=rows.len()).collect();
        Ok(Self { file: file.into(), header, rows, lines })
    }

    fn position(&self, name: &str) -> Result<usize, Fault> {
        let absent = || Fault::NoColumn { file: self.file.clone(), column: name.into() };
        self.header.iter().position(|column| column == name).ok_or_else(absent)
    }

    /// The rows for which `keep` holds, which gets their positions; `wanted` says which these are.
    pub(super) fn keep(
        &self,
        wanted: &'static str,
        keep: impl Fn(usize) -> bool,
    ) -> Result<Self, Fault> {
        let kept: Vec<usize> = (0..self.rows.len()).filter(|&row| keep(row)).collect();
        if kept.is_empty() {
            return Err(Fault::NoRows { file: self.file.clone(), wanted });
        }
        Ok(Self {
            file: self.file.clone(),
            header: self.header.clone(),
            rows: kept.iter().map(|&row| self.rows[row].clone()).collect(),
            lines: kept.iter().map(|&row| self.lines[row]).collect(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<&str>, Fault> {
        let at = self.position(name)?;
        Ok(self.rows.iter().map(|row| row[at].as_str()).collect())
    }

    /// Numbers, nothing where there is none.
    pub(super) fn column(&self, name: &str) -> Result<Vec<Option<f64>>, Fault> {
        let number = |text: &str| text.parse().ok().filter(|value: &f64| value.is_finite());
        Ok(self.texts(name)?.into_iter().map(number).collect())
    }

    /// Numbers, each of which must be there.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<f64>, Fault> {
        let absent =
            |row: usize| Fault::NoNumber { file: self.file.clone(), column: name.into(), row };
        let column = self.column(name)?.into_iter().zip(&self.lines);
        column.map(|(value, &line)| value.ok_or_else(|| absent(line))).collect()
    }

    /// Numbers that are not negative.
    pub(super) fn weights(&self, name: &str) -> Result<Vec<f64>, Fault> {
        let weights = self.numbers(name)?;
        match weights.iter().position(|weight| *weight < 0.0) {
            Some(row) => Err(Fault::NoNumber {
                file: self.file.clone(),
                column: name.into(),
                row: self.lines[row],
            }),
            None => Ok(weights),
        }
    }

    /// Whole numbers, each of which must be there.
    pub(super) fn integers(&self, name: &str) -> Result<Vec<i64>, Fault> {
        #[allow(clippy::cast_possible_truncation)]
        Ok(self.numbers(name)?.into_iter().map(|value| value as i64).collect())
    }

    /// Adds a column, one text for each row.
    pub(super) fn add(&mut self, name: &str, column: impl Iterator<Item = String>) {
        self.header.push(name.into());
        for (row, text) in self.rows.iter_mut().zip(column) {
            row.push(text);
        }
    }

    /// One outcome with its model, and weights by row where there are any.
    pub(super) fn grams(
        &self,
        columns: &Columns,
        weighting: Weighting,
        weights: &[f64],
    ) -> Result<Grams, Fault> {
        let shape = Shape {
            categorical: vec![false; columns.covariates.len()],
            binary: vec![false],
            weighting,
        };
        let regions = self.texts(columns.region)?;
        let periods = self.integers(columns.period)?;
        let outcomes = self.column(columns.outcome)?;
        let covariates: Result<Vec<_>, _> =
            columns.covariates.iter().map(|name| self.column(name)).collect();
        let covariates = covariates?;
        let mut names = Dictionaries::default();
        let mut batch = Batch::default();
        for row in 0..self.rows.len() {
            let x: Option<Vec<f64>> = covariates.iter().map(|column| column[row]).collect();
            let Some(x) = x else { continue };
            batch.region.push(code(&mut names.regions, regions[row].to_owned()));
            batch.period.push(code(&mut names.periods, periods[row]));
            batch.numerics.extend(x);
            batch.push_outcomes(&shape, &[outcomes[row].unwrap_or(f64::NAN)]);
            batch.weights.extend(weights.get(row));
        }
        if batch.is_empty() {
            return Err(Fault::NoRows { file: self.file.clone(), wanted: "complete ones" });
        }
        names.clusters = names.regions.clone();
        let mut builder = GramBuilder::new(shape);
        builder.push(&mut batch, &[]);
        Ok(builder.finish(&names))
    }

    /// The same without weights.
    pub(super) fn unweighted(&self, columns: &Columns) -> Result<Grams, Fault> {
        self.grams(columns, Weighting::None, &[])
    }

    /// The same with a column as analytic weight, where one is named.
    pub(super) fn maybe_weighted(
        &self,
        columns: &Columns,
        weight: Option<&str>,
    ) -> Result<Grams, Fault> {
        match weight {
            Some(weight) => self.grams(columns, Weighting::Analytic, &self.weights(weight)?),
            None => self.unweighted(columns),
        }
    }
}

pub(super) fn code<T: PartialEq>(names: &mut Vec<T>, name: T) -> u32 {
    let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// All regions and periods, with these terms.
pub(super) fn normal(grams: &Grams, terms: &[Term]) -> Normal {
    let sample = Sample {
        regions: (0..grams.regions.len()).collect(),
        periods: (0..grams.periods.len()).collect(),
    };
    Normal::new(grams, grams.class_of[0], &sample, &[], terms)
}

/// A term that is one where `inside` holds.
pub(super) fn indicator(
    grams: &Grams,
    name: impl Into<String>,
    inside: impl Fn(&str, i64) -> bool,
) -> Term {
    Term::new(grams, name.into(), |r, t| {
        f64::from(u8::from(inside(&grams.regions[r], grams.periods[t])))
    })
}
