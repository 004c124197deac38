//! The queries.

use verschil_study::{MissingRule, OutcomeKind, Protocol};

use super::parts;
use crate::encode::MOST_STEPS;
use crate::extract::steps_per_unit;
use crate::query::Layout;

/// Rows that are alike, counted: every column of the pass but those whose values only add up.
pub(super) struct Alike {
    pub(super) sql: String,
    pub(super) layout: Layout,
}

/// Covariates and outcomes tell no more here than whether they are there, and may be there.
pub(super) fn alike(protocol: &Protocol, pass: &str, layout: &Layout) -> Alike {
    let last = [
        layout.outcomes.end,
        layout.identities.end,
        layout.characteristics.end,
        layout.covariates.end,
    ];
    let width = last.into_iter().max().unwrap_or_default();
    let steps = steps_per_unit(protocol);
    let column = |at: usize| {
        let name = named(at);
        if layout.covariates.contains(&at) {
            format!("CASE WHEN {name} IS NULL THEN NULL ELSE 'there' END")
        } else if layout.characteristics.contains(&at) {
            "CAST(NULL AS DOUBLE)".to_owned()
        } else if layout.outcomes.contains(&at) {
            let k = at - layout.outcomes.start;
            match protocol.outcomes[k].kind {
                OutcomeKind::Binary => checked(&name, "IN (0, 1)", "2"),
                _ => {
                    let most = MOST_STEPS / steps[k].unwrap_or(1.0);
                    checked(&name, &format!("BETWEEN {:e} AND {most:e}", -most), "1e308")
                }
            }
        } else {
            name
        }
    };
    let columns: Vec<String> = (0..width).map(column).collect();
    let selected: Vec<String> =
        columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS {}", named(at))).collect();
    let names: Vec<String> = (0..width).map(named).collect();
    let sql = format!(
        "SELECT {names}, count(*) AS {times} FROM (SELECT {} FROM ({pass})) GROUP BY {names}",
        selected.join(", "),
        names = names.join(", "),
        times = named(width),
    );
    Alike { sql, layout: Layout { times: Some(width), ..layout.clone() } }
}

/// Zero for a value that is as a condition says, `other` for one that is not, nothing where there is
/// none.
fn checked(name: &str, valid: &str, other: &str) -> String {
    let value = format!("CAST({name} AS DOUBLE)");
    format!(
        "CASE WHEN {name} IS NULL OR isnan({value}) THEN NULL WHEN {value} {valid} THEN 0.0 \
         ELSE CAST({other} AS DOUBLE) END"
    )
}

fn named(at: usize) -> String {
    format!("\"#{at}\"")
}

/// Counts and sums of the rows that are kept.
pub(super) struct Sums {
    /// The kept rows with what is counted and summed, a query in brackets.
    kept: String,
    /// Names of the columns that tell parts of a region apart.
    pub(super) parts: Vec<String>,
    /// Names of the columns of covariates, categorical all of them.
    pub(super) covariates: Vec<String>,
    /// For each outcome its sample class.
    pub(super) class_of: Vec<usize>,
    /// Whether each outcome is a number.
    pub(super) numbers: Vec<bool>,
    pub(super) characteristics: usize,
}

impl Sums {
    pub(super) fn new(
        protocol: &Protocol,
        pass: &str,
        layout: &Layout,
        class_of: Vec<usize>,
    ) -> Self {
        let mut columns = vec![
            format!("{} AS \"region\"", named(layout.region)),
            format!("{} AS \"period\"", named(layout.period)),
        ];
        let mut conditions = vec![
            "\"#0\" = 0".to_owned(),
            format!("{} IS NOT NULL", named(layout.region)),
            format!("{} IS NOT NULL", named(layout.period)),
        ];
        conditions.extend(layout.cluster.map(|at| format!("{} IS NOT NULL", named(at))));
        let window = &protocol.period;
        conditions.extend(window.first.map(|p| format!("{} >= {p}", named(layout.period))));
        conditions.extend(window.last.map(|p| format!("{} <= {p}", named(layout.period))));
        let mut parts = Vec::new();
        for sql in parts::columns(protocol, layout) {
            let name = format!("\"p{}\"", parts.len());
            columns.push(format!("{sql} AS {name}"));
            parts.push(name);
        }
        let mut names = Vec::new();
        let covariates = layout.covariates.clone().zip(&protocol.covariates);
        for (at, covariate) in covariates {
            let name = format!("\"c{}\"", names.len());
            columns.push(format!("{} AS {name}", named(at)));
            names.push(name);
            if covariate.missing != MissingRule::Level {
                conditions.push(format!("{} IS NOT NULL", named(at)));
            }
        }
        let steps = steps_per_unit(protocol);
        for (k, at) in layout.outcomes.clone().enumerate() {
            columns.push(format!("{} AS \"y{k}\"", whole(&named(at), steps[k].unwrap_or(1.0))));
        }
        for (k, at) in layout.characteristics.clone().enumerate() {
            let value = named(at);
            columns.push(format!(
                "CASE WHEN isnan({value}) OR abs({value}) > {:e} THEN NULL ELSE {value} END AS \"x{k}\"",
                f64::MAX
            ));
        }
        Self {
            kept: format!(
                "(SELECT {} FROM ({pass}) WHERE {})",
                columns.join(", "),
                conditions.join(" AND ")
            ),
            parts,
            covariates: names,
            numbers: protocol.outcomes.iter().map(|o| o.kind != OutcomeKind::Binary).collect(),
            class_of,
            characteristics: layout.characteristics.len(),
        }
    }

    /// Where what is asked begins among the columns of counts and totals.
    pub(super) fn first_asked(&self) -> usize {
        2 + self.parts.len() + 2 * self.covariates.len()
    }

    /// Sample classes.
    pub(super) fn classes(&self) -> usize {
        self.class_of.iter().max().map_or(0, |last| last + 1)
    }

    /// Rows of each sample class that are alike in all covariates, sums of their outcomes, and the
    /// ends of those that are numbers.
    pub(super) fn cells(&self) -> String {
        let outcomes = 0..self.numbers.len();
        let sums = outcomes.clone().map(|k| format!("sum(\"y{k}\")"));
        let ends = outcomes
            .filter(|&k| self.numbers[k])
            .flat_map(|k| ["min", "max"].map(|end| format!("{end}(\"y{k}\")")));
        let asked = self.counted().into_iter().chain(sums).chain(ends).collect();
        self.grouped(&[], &[self.covariates.iter().collect()], asked)
    }

    /// Rows of each sample class at every pair of levels, at every level, and in all.
    pub(super) fn counts(&self) -> String {
        let mut sets = self.single();
        for (at, one) in self.covariates.iter().enumerate() {
            sets.extend(self.covariates[at + 1..].iter().map(|two| vec![one, two]));
        }
        self.grouped(&self.parts, &sets, self.counted())
    }

    /// Rows of each sample class.
    fn counted(&self) -> Vec<String> {
        let counted = (0..self.classes()).map(|class| {
            // all outcomes of a class are there in the same rows
            let first = self.class_of.iter().position(|&of| of == class).unwrap_or_default();
            format!("count(\"y{first}\")")
        });
        counted.collect()
    }

    /// Sums of outcomes at every level and in all; of numbers their squares too, and sums of
    /// characteristics.
    pub(super) fn totals(&self) -> String {
        let outcomes = 0..self.numbers.len();
        let mut sums: Vec<String> = outcomes.clone().map(|k| format!("sum(\"y{k}\")")).collect();
        let numbers = outcomes.filter(|&k| self.numbers[k]);
        sums.extend(numbers.map(|k| {
            let value = format!("CAST(\"y{k}\" AS DECIMAL(18, 0))");
            format!("sum(CAST({value} * {value} AS DECIMAL(38, 0)))")
        }));
        for k in 0..self.characteristics {
            let x = format!("\"x{k}\"");
            sums.push(format!("count({x})"));
            sums.push(format!("sum({x})"));
            sums.push(format!("sum(CASE WHEN {x} <> trunc({x}) THEN 1 ELSE 0 END)"));
        }
        self.grouped(&self.parts, &self.single(), sums)
    }

    fn single(&self) -> Vec<Vec<&String>> {
        let each = self.covariates.iter().map(|name| vec![name]);
        std::iter::once(Vec::new()).chain(each).collect()
    }

    /// Region, period, parts, each covariate, whether it is summed over, then what is asked.
    fn grouped(&self, parts: &[String], sets: &[Vec<&String>], asked: Vec<String>) -> String {
        let set = |names: &Vec<&String>| {
            let names = parts.iter().chain(names.iter().copied());
            let names: String = names.map(|name| format!(", {name}")).collect();
            format!("(\"region\", \"period\"{names})")
        };
        let sets: Vec<String> = sets.iter().map(set).collect();
        let mut columns = vec!["\"region\"".to_owned(), "\"period\"".to_owned()];
        columns.extend(parts.iter().chain(&self.covariates).cloned());
        columns.extend(self.covariates.iter().map(|name| format!("grouping({name})")));
        columns.extend(asked);
        let named: Vec<String> =
            columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS {}", named(at))).collect();
        format!(
            "SELECT {} FROM {} GROUP BY GROUPING SETS ({})",
            named.join(", "),
            self.kept,
            sets.join(", ")
        )
    }
}

/// An outcome in whole steps, nothing where it is missing.
fn whole(name: &str, steps: f64) -> String {
    let value = format!("CAST({name} AS DOUBLE)");
    format!(
        "CASE WHEN isnan({value}) THEN NULL ELSE CAST(round({value} * {steps:.1}) AS BIGINT) END"
    )
}
