//! The weights by plain loops over the two tables, and the effect by a dense regression.

use std::collections::{BTreeMap, BTreeSet};

use super::dense::{Solved, dot};

struct Birth {
    year: i64,
    region: String,
    place: String,
    parity: String,
    cost: Option<f64>,
    own: f64,
    /// Age of the linked person.
    age: Option<f64>,
}

pub struct Study {
    /// Births that no exclusion meets but those that ask for the link.
    eligible: Vec<Birth>,
    min: u64,
}

impl Study {
    pub fn new(births: &str, persons: &str, min: u64) -> Self {
        let age = |number: &str| {
            let mut found = None;
            for line in persons.lines().skip(1) {
                let (key, age) = line.split_once(',').expect("two fields");
                if key == number {
                    found = age.parse().ok();
                }
            }
            found
        };
        let mut eligible = Vec::new();
        for line in births.lines().skip(1) {
            let field: Vec<&str> = line.split(',').collect();
            let year: i64 = field[1].parse().expect("year");
            if year < 2010 || field[2].is_empty() || field[6] == "1" {
                continue;
            }
            eligible.push(Birth {
                year,
                region: field[2].to_owned(),
                place: field[3].to_owned(),
                parity: field[4].to_owned(),
                cost: field[5].parse().ok(),
                own: field[7].parse().expect("weight"),
                age: age(field[0]),
            });
        }
        Self { eligible, min }
    }

    fn count(&self, holds: impl Fn(&Birth) -> bool) -> u64 {
        self.eligible.iter().filter(|birth| holds(birth)).count() as u64
    }

    /// Eligible births of the same year and place.
    fn alike(&self, birth: &Birth) -> u64 {
        self.count(|other| other.year == birth.year && other.place == birth.place)
    }

    /// The same year, among those whose year and place are rare.
    fn alike_in_year(&self, birth: &Birth) -> u64 {
        self.count(|other| other.year == birth.year && self.alike(other) < self.min)
    }

    /// What the births of one stratum have in common.
    fn stratum(&self, birth: &Birth) -> (i64, String) {
        if self.alike(birth) >= self.min {
            (birth.year, birth.place.clone())
        } else if self.alike_in_year(birth) >= self.min {
            (birth.year, String::new())
        } else {
            (0, String::new())
        }
    }

    /// For each birth the eligible and the linked of its stratum.
    fn counts(&self) -> BTreeMap<(i64, String), (u64, u64, u64)> {
        let mut counts = BTreeMap::new();
        for birth in &self.eligible {
            let count: &mut (u64, u64, u64) = counts.entry(self.stratum(birth)).or_default();
            count.0 += 1;
            count.1 += u64::from(birth.age.is_some());
            count.2 += u64::from(birth.age.is_some_and(|age| age <= 41.0));
        }
        counts
    }

    /// Eligible, linked and kept births of each stratum.
    pub fn strata(&self) -> Vec<(u64, u64, u64)> {
        self.counts().into_values().collect()
    }

    fn population(&self) -> impl Iterator<Item = (&Birth, f64)> {
        let counts = self.counts();
        let kept = self.eligible.iter().filter(|birth| birth.age.is_some_and(|age| age <= 41.0));
        kept.map(move |birth| {
            let (eligible, linked, _) = counts[&self.stratum(birth)];
            (birth, eligible as f64 / linked as f64)
        })
    }

    /// Smallest, median and largest weight, and Kish's effective sample size.
    pub fn spread(&self) -> [f64; 4] {
        let mut weights: Vec<f64> = self.population().map(|(_, weight)| weight).collect();
        weights.sort_by(f64::total_cmp);
        let n = weights.len();
        let median = (weights[(n - 1) / 2] + weights[n / 2]) / 2.0;
        let (mut sum, mut squares) = (0.0, 0.0);
        for weight in &weights {
            sum += weight;
            squares += weight * weight;
        }
        [weights[0], median, weights[n - 1], sum * sum / squares]
    }

    /// Effect, cluster-robust standard error without a factor, and rows.
    pub fn effect(&self, outcome: &str, own: bool) -> (f64, f64, f64) {
        let value = |birth: &Birth| match outcome {
            "home" => Some(f64::from(u8::from(birth.place == "home"))),
            _ => birth.cost,
        };
        let rows: Vec<(&Birth, f64, f64)> = self
            .population()
            .filter_map(|(birth, weight)| {
                let weight = if own { weight * birth.own } else { weight };
                Some((birth, weight.sqrt(), value(birth)?))
            })
            .collect();
        let column = |value: &dyn Fn(&Birth) -> f64| -> Vec<f64> {
            rows.iter().map(|(birth, root, _)| value(birth) * root).collect()
        };
        let flag = |holds: bool| f64::from(u8::from(holds));
        let mut others = Vec::new();
        let levels = |of: &dyn Fn(&Birth) -> String| -> BTreeSet<String> {
            rows.iter().map(|(birth, ..)| of(birth)).collect()
        };
        let dimensions: [&dyn Fn(&Birth) -> String; 3] =
            [&|b| b.region.clone(), &|b| b.year.to_string(), &|b| b.parity.clone()];
        for of in dimensions {
            for level in levels(of) {
                others.push(column(&|birth| flag(of(birth) == level)));
            }
        }
        others.push(column(&|birth| birth.age.expect("linked")));
        let treated = column(&|b| flag(b.year >= 2013 && ["A", "B", "C"].contains(&&*b.region)));
        let y: Vec<f64> = rows.iter().map(|(_, root, y)| y * root).collect();
        let solved = Solved::new(&others);
        let (treated, y) = (solved.residuals(&treated), solved.residuals(&y));
        let squares = dot(&treated, &treated);
        let effect = dot(&treated, &y) / squares;
        let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
        for ((birth, ..), (x, y)) in rows.iter().zip(treated.iter().zip(&y)) {
            *scores.entry(&birth.region).or_default() += x * (y - effect * x);
        }
        let meat: f64 = scores.values().map(|score| score * score).sum();
        (effect, meat.sqrt() / squares, rows.len() as f64)
    }
}
