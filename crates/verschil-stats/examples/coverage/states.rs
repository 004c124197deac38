//! Placebo laws on real states: who adopts and when is drawn, and nothing was adopted.

use std::error::Error;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::cases::Record;
use crate::panel::Panel;

/// States in each drawn study.
pub const DRAWN: usize = 26;
/// Years in each drawn study, and those before the law.
const YEARS: usize = 14;
const BEFORE: usize = 9;
const OUTCOMES: [(&str, &str); 3] =
    [("log_wage", "log wage"), ("hours", "hours worked"), ("urate", "unemployment")];

/// Outcomes of all states in all years.
pub struct States {
    /// [state][year][outcome].
    values: Vec<Vec<Vec<f64>>>,
}

impl States {
    pub fn read(file: &str) -> Result<Self, Box<dyn Error>> {
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(file)?;
        let header = reader.headers()?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or_else(|| format!("no column {name}"))
        };
        let (state, year) = (column("state")?, column("year")?);
        let wanted: Vec<usize> =
            OUTCOMES.iter().map(|(name, _)| column(name)).collect::<Result<_, _>>()?;
        let mut rows: Vec<(String, i64, Vec<f64>)> = Vec::new();
        for record in reader.records() {
            let record = record?;
            let values: Vec<f64> =
                wanted.iter().map(|&at| record[at].parse()).collect::<Result<_, _>>()?;
            rows.push((record[state].to_owned(), record[year].parse()?, values));
        }
        rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let values: Vec<Vec<Vec<f64>>> = rows
            .chunk_by(|a, b| a.0 == b.0)
            .map(|state| state.iter().map(|row| row.2.clone()).collect())
            .collect();
        if values.iter().any(|state| state.len() != values[0].len()) {
            return Err("the panel has gaps".into());
        }
        Ok(Self { values })
    }

    /// One record per outcome.
    pub fn record(&self, treated: usize, draws: usize, seed: u64) -> Vec<Record> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let named = |name: &str| format!("placebo law, {treated} of {DRAWN} states, {name}");
        let mut records: Vec<Record> =
            OUTCOMES.iter().map(|(_, name)| Record::new(named(name))).collect();
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        for _ in 0..draws {
            order.shuffle(&mut rng);
            let first = rng.random_range(0..=self.values[0].len() - YEARS);
            let seed = rng.random();
            for (outcome, record) in records.iter_mut().enumerate() {
                let panel = self.panel(&order[..DRAWN], first, outcome);
                record.ask(&panel.grams(), &panel.setting(treated, BEFORE), seed);
            }
        }
        records
    }

    fn panel(&self, states: &[usize], first: usize, outcome: usize) -> Panel {
        let years = |&state: &usize| {
            self.values[state][first..first + YEARS]
                .iter()
                .map(|year| vec![year[outcome]])
                .collect()
        };
        Panel {
            regions: states.len(),
            periods: YEARS,
            values: states.iter().map(years).collect(),
            sizes: None,
        }
    }
}
