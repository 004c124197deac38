//! Cells from rows, and from what a database counted of them.

use rayon::prelude::*;

use super::keys::{Groups, Keys};
use super::{Cells, Codes, Values};
use crate::grams::{Batch, Dictionaries, Shape, Steps, has};

/// Collects rows into [`Cells`].
#[derive(Debug)]
pub struct CellBuilder {
    keys: Keys,
    numerics: Vec<Vec<f64>>,
    outcomes: Vec<Values>,
    weight: Vec<f64>,
    steps: Steps,
}

impl CellBuilder {
    /// An empty builder.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let empty = |&binary: &bool| {
            if binary { Values::Flags(Vec::new()) } else { Values::Rows(Vec::new()) }
        };
        Self {
            keys: Keys { codes: vec![Vec::new(); shape.categoricals()], ..Keys::default() },
            numerics: vec![Vec::new(); shape.numerics()],
            outcomes: shape.binary.iter().map(empty).collect(),
            weight: Vec::new(),
            steps: Steps::default(),
        }
    }

    /// Sums outcomes in whole steps where it is said how many of them make a unit, as
    /// [`crate::grams::GramBuilder::in_steps`] does: the order of rows does not change a bit of them.
    #[must_use]
    pub fn in_steps(mut self, per_unit: &[Option<f64>], shape: &Shape) -> Self {
        self.steps = Steps::new(per_unit, shape);
        self
    }

    /// Adds rows.
    pub fn push(&mut self, batch: &Batch) {
        self.keys.region.extend(&batch.region);
        self.keys.period.extend(&batch.period);
        self.weight.extend(&batch.weights);
        for (own, codes) in self.keys.codes.iter_mut().zip(&batch.codes) {
            own.extend(codes.iter().map(|&code| u32::from(code)));
        }
        spread(&batch.numerics, &mut self.numerics);
        let numbers = self.outcomes.iter().filter(|v| matches!(v, Values::Rows(_))).count();
        let mut at = 0;
        for (k, values) in self.outcomes.iter_mut().enumerate() {
            let missing = batch.missing.iter().map(|&bits| has(bits, k));
            match values {
                Values::Rows(values) => {
                    let column = batch.values.iter().skip(at).step_by(numbers).zip(missing);
                    values.extend(column.map(|(&y, none)| if none { f64::NAN } else { y }));
                    at += 1;
                }
                Values::Flags(flags) => {
                    let ones = batch.ones.iter().map(|&bits| u8::from(has(bits, k)));
                    flags.extend(ones.zip(missing).map(|(one, none)| if none { 2 } else { one }));
                }
                Values::Counts { .. } | Values::Sums { .. } => {}
            }
        }
    }

    /// Closes the collection, and merges rows that are alike.
    #[must_use]
    pub fn finish(self, names: &Dictionaries) -> Cells {
        let Self { keys, numerics, outcomes, weight, steps } = self;
        let (keys, names) = keys.ranked(names);
        if !numerics.is_empty() {
            return Cells {
                names,
                region: Codes::new(keys.region),
                period: Codes::new(keys.period),
                codes: keys.codes.into_iter().map(Codes::new).collect(),
                numerics,
                outcomes,
                weight,
            };
        }
        let groups = keys.groups();
        // each outcome's rows are let go when its sums stand
        let merge = |(k, values)| match values {
            Values::Flags(flags) if weight.is_empty() => counts(&flags, &groups),
            values => sums(&values, &weight, steps.of(k), &groups),
        };
        let merged = || outcomes.into_par_iter().enumerate().map(merge).collect();
        keys.cells(&groups, names, merged)
    }
}

/// Known rows and ones of each cell.
fn counts(flags: &[u8], groups: &Groups) -> Values {
    let add = |(known, ones): (u32, u32), &row: &u32| match flags[row as usize] {
        2 => (known, ones),
        flag => (known + 1, ones + u32::from(flag)),
    };
    let (known, ones) = groups.rows().map(|rows| rows.iter().fold((0, 0), add)).unzip();
    Values::Counts { known: Codes::new(known), ones: Codes::new(ones) }
}

/// Sums of an outcome over the rows of each cell, in steps where it has them.
fn sums(values: &Values, weight: &[f64], per_unit: Option<f64>, groups: &Groups) -> Values {
    let value = |row: usize| match values {
        Values::Rows(values) => values[row],
        Values::Flags(flags) if flags[row] == 2 => f64::NAN,
        Values::Flags(flags) => f64::from(flags[row]),
        Values::Counts { .. } | Values::Sums { .. } => f64::NAN,
    };
    let step = |y: f64| per_unit.map_or(y, |steps| (y * steps).round());
    let unit = |y: f64| y / per_unit.unwrap_or(1.0);
    let (mut weights, mut sums, mut range) = (Vec::new(), Vec::new(), Vec::new());
    for rows in groups.rows() {
        let rows = rows.iter().map(|&row| row as usize);
        let known = rows.map(|row| (row, value(row))).filter(|(_, y)| !y.is_nan());
        let known = known.map(|(row, y)| (weight.get(row).copied().unwrap_or(1.0), step(y)));
        let (mut total, mut sum, mut within) = (0.0, 0.0, None);
        for (own, y) in known {
            total += own;
            sum += own * y;
            let (least, most) = within.unwrap_or((y, y));
            within = Some((least.min(y), most.max(y)));
        }
        let (least, most) = within.unwrap_or_default();
        weights.push(total);
        sums.push(unit(sum));
        range.push((unit(least), unit(most)));
    }
    Values::Sums { weight: weights, sum: sums, range }
}

/// Counts of a 0/1 outcome by cell.
fn counted(known: &[u64], ones: &[u64]) -> Values {
    let narrow = |counts: &[u64]| -> Option<Codes> {
        let counts = counts.iter().map(|&count| u32::try_from(count).ok());
        counts.collect::<Option<Vec<u32>>>().map(Codes::new)
    };
    match (narrow(known), narrow(ones)) {
        (Some(known), Some(ones)) => Values::Counts { known, ones },
        _ => Values::Sums {
            weight: floats(known),
            sum: floats(ones),
            range: vec![(0.0, 1.0); known.len()],
        },
    }
}

fn floats(counts: &[u64]) -> Vec<f64> {
    counts.iter().map(|&count| crate::grams::count(count)).collect()
}

/// What a database counted of rows that are alike in region, period and all levels.
#[derive(Debug, Default)]
pub struct Counted {
    /// n: region codes.
    pub region: Vec<u32>,
    /// n: period codes.
    pub period: Vec<u32>,
    /// For each covariate, all of them categorical, n level codes.
    pub codes: Vec<Vec<u32>>,
    /// For each outcome n numbers of rows that have it.
    pub known: Vec<Vec<u64>>,
    /// For each outcome n sums of its values, in steps for numbers.
    pub sums: Vec<Vec<i64>>,
    /// For each outcome that is a number n least values and n that are the most, in steps; 0 without
    /// a value. Empty for the others.
    pub range: Vec<Vec<(i64, i64)>>,
}

impl Counted {
    /// The cells that [`CellBuilder`] makes of the rows; what stands apart and has one key is put
    /// together. `per_unit` holds for each outcome that is a number how many of its steps make a unit.
    ///
    /// # Panics
    /// When columns are missing, or not all of one length.
    #[must_use]
    pub fn finish(self, per_unit: &[Option<f64>], binary: &[bool], names: &Dictionaries) -> Cells {
        let Self { region, period, codes, known, sums, range } = self;
        let (keys, names) = Keys { region, period, codes }.ranked(names);
        let groups = keys.groups();
        let outcomes = binary.iter().enumerate().map(|(k, &binary)| {
            let rows = added(&groups, &known[k]);
            let total = added(&groups, &sums[k]);
            if binary {
                let ones: Vec<u64> = total.into_iter().map(i64::unsigned_abs).collect();
                return counted(&rows, &ones);
            }
            let unit = |steps: i64| exact(steps) / per_unit[k].unwrap_or(1.0);
            let ends = groups.rows().map(|rows| {
                let known = rows.iter().map(|&row| row as usize).filter(|&row| known[k][row] > 0);
                let ends = known.map(|row| range[k][row]);
                ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
            });
            Values::Sums {
                weight: floats(&rows),
                sum: total.into_iter().map(unit).collect(),
                range: ends.map(|(least, most)| (unit(least), unit(most))).collect(),
            }
        });
        keys.cells(&groups, names, || outcomes.collect())
    }
}

/// Sums over the rows of each cell.
fn added<T: Copy + std::iter::Sum>(groups: &Groups, column: &[T]) -> Vec<T> {
    groups.rows().map(|rows| rows.iter().map(|&row| column[row as usize]).sum()).collect()
}

/// Below 2^53, as sums of steps are said to be.
#[allow(clippy::cast_precision_loss)]
fn exact(sum: i64) -> f64 {
    sum as f64
}

/// Row-major values into columns.
fn spread<T: Copy>(rows: &[T], columns: &mut [Vec<T>]) {
    let width = columns.len();
    for (at, column) in columns.iter_mut().enumerate() {
        column.extend(rows.iter().skip(at).step_by(width));
    }
}
