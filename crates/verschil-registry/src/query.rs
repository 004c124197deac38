//! The one query over the population's source: codes, values and exclusions of every row.

use verschil_study::{Outcome, OutcomeKind, Protocol};

use crate::sources::quoted;

/// Positions of the columns of the query.
pub(crate) struct Layout {
    pub(crate) region: usize,
    pub(crate) cluster: Option<usize>,
    pub(crate) period: usize,
    pub(crate) weight: Option<usize>,
    pub(crate) treated: Option<usize>,
    pub(crate) covariates: std::ops::Range<usize>,
    pub(crate) outcomes: std::ops::Range<usize>,
}

/// SQL of the pass, and where its columns stand. Column 0 is the number of the first exclusion
/// that a row meets, from 1, or 0.
pub(crate) fn pass(protocol: &Protocol) -> (String, Layout) {
    let mut columns = vec![exclusion(protocol)];
    let mut add = |sql: String| {
        columns.push(sql);
        columns.len() - 1
    };
    let region = add(protocol.region.value.sql.clone());
    let cluster = protocol.region.cluster.as_ref().map(|cluster| add(cluster.sql.clone()));
    let period = add(format!("CAST({} AS BIGINT)", protocol.period.value.sql));
    let weight = protocol.weights.as_ref().map(|w| add(format!("CAST({} AS DOUBLE)", w.value.sql)));
    let treated = protocol
        .treatment
        .condition
        .as_ref()
        .map(|condition| add(format!("CASE WHEN {} THEN 1 ELSE 0 END", condition.sql)));
    let optional = [cluster, weight, treated].iter().flatten().count();
    let first = 3 + optional;
    let covariates = first..first + protocol.covariates.len();
    for covariate in &protocol.covariates {
        add(covariate.value.sql.clone());
    }
    let outcomes = covariates.end..covariates.end + protocol.outcomes.len();
    for outcome in &protocol.outcomes {
        add(value(outcome, &protocol.period.value.sql));
    }
    let selected: Vec<String> =
        columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS c{at}")).collect();
    let sql =
        format!("SELECT {} FROM {}", selected.join(", "), quoted(&protocol.population.source));
    (sql, Layout { region, cluster, period, weight, treated, covariates, outcomes })
}

fn exclusion(protocol: &Protocol) -> String {
    if protocol.population.exclusions.is_empty() {
        return "0".into();
    }
    let cases: Vec<String> = protocol
        .population
        .exclusions
        .iter()
        .enumerate()
        .map(|(at, exclusion)| format!("WHEN {} THEN {}", exclusion.condition.sql, at + 1))
        .collect();
    format!("CASE {} ELSE 0 END", cases.join(" "))
}

fn value(outcome: &Outcome, period: &str) -> String {
    let mut conditions = Vec::new();
    conditions.extend(outcome.among.as_ref().map(|among| format!("({})", among.sql)));
    conditions.extend(outcome.first.map(|first| format!("({period}) >= {first}")));
    conditions.extend(outcome.last.map(|last| format!("({period}) <= {last}")));
    let value = match outcome.kind {
        OutcomeKind::Binary => format!("({})", outcome.value.sql),
        OutcomeKind::Continuous | OutcomeKind::Count => {
            format!("CAST({} AS DOUBLE)", outcome.value.sql)
        }
    };
    if conditions.is_empty() {
        return value;
    }
    format!("CASE WHEN {} THEN {value} END", conditions.join(" AND "))
}
