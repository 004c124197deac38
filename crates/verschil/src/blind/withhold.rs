//! Takes what is sealed out of the results before anything is written.

use verschil_study::results::{
    DescriptiveRow, EstimateRow, LevelRow, MatchingFacts, PowerRow, Results, TrajectoryRow,
};

use super::Sealed;

/// Estimates without what is sealed: effects before the start stay, main effects stay as rows
/// without numbers but their size and standard error, everything else goes.
#[must_use]
pub fn estimates(rows: Vec<EstimateRow>, sealed: &Sealed) -> Vec<EstimateRow> {
    let shown = |row: EstimateRow| {
        if !sealed.holds(&row.outcome) || before(&row, sealed.start) {
            Some(row)
        } else if row.analysis == "main" && row.model == "linear" {
            Some(emptied(&row, sealed))
        } else {
            None
        }
    };
    rows.into_iter().filter_map(shown).collect()
}

/// Whether a row is about periods before the start alone.
fn before(row: &EstimateRow, start: i64) -> bool {
    let period = |kind: &str| row.analysis.strip_prefix(kind)?.parse::<i64>().ok();
    let earlier = period("event:").or_else(|| period("placebo:")).is_some_and(|t| t < start);
    earlier && row.estimand == "trend_difference"
}

/// A row that says that there is an effect, and how well it is measured, but not what it is. A
/// refusal is no effect and stays.
fn emptied(row: &EstimateRow, sealed: &Sealed) -> EstimateRow {
    let refused = row.estimate.is_none() && !row.note.starts_with("withheld");
    // only a t test has a standard error that the effect itself does not enter
    let spread = row.df.filter(|_| !refused).and(row.std_error);
    EstimateRow {
        outcome: row.outcome.clone(),
        domain: row.domain.clone(),
        analysis: row.analysis.clone(),
        comparison: row.comparison.clone(),
        model: row.model.clone(),
        estimand: row.estimand.clone(),
        method: row.method.clone(),
        std_error: spread,
        df: spread.and(row.df),
        n: row.n,
        n_treated_post: row.n_treated_post,
        clusters: row.clusters,
        clusters_treated: row.clusters_treated,
        trend_holds: row.trend_holds,
        headline: row.headline,
        note: if refused { row.note.clone() } else { sealed.note().to_owned() },
        ..EstimateRow::default()
    }
}

/// Results without what is sealed. Every part is named, so that a new one is decided upon.
#[must_use]
pub fn results(whole: Results, sealed: &Sealed) -> Results {
    if sealed.is_empty() {
        return whole;
    }
    let parts = Parts { sealed, earlier: earlier(&whole) };
    let Results {
        schema,
        study,
        provenance,
        design,
        outcomes,
        estimates: rows,
        trend_checks,
        adjusted,
        power,
        trend_power,
        honest,
        synthetic_weights,
        specifications,
        curves,
        clusters,
        levels,
        attrition,
        linkage,
        links,
        subgroups,
        linkage_rates,
        linkage_balance,
        linkage_keys,
        linkage_weight_facts,
        linkage_weights,
        regions,
        matching,
        matching_facts,
        characteristics,
        trajectories,
        descriptives,
        balance,
        identities,
        findings,
    } = whole;
    let windows = parts.windows(&matching_facts);
    Results {
        estimates: estimates(rows, sealed),
        power: power.into_iter().map(|row| parts.power(row)).collect(),
        adjusted: parts.open(adjusted, |row| &row.outcome),
        honest: parts.open(honest, |row| &row.outcome),
        synthetic_weights: parts.open(synthetic_weights, |row| &row.outcome),
        specifications: parts.open(specifications, |row| &row.outcome),
        curves: parts.open(curves, |row| &row.outcome),
        clusters: parts.open(clusters, |row| &row.outcome),
        levels: levels.into_iter().filter(|row| parts.level(row)).collect(),
        descriptives: descriptives.into_iter().filter(|row| parts.descriptive(row)).collect(),
        trajectories: trajectories.into_iter().filter(|row| parts.trajectory(row)).collect(),
        characteristics: if windows { characteristics } else { Vec::new() },
        // rows are compared before the start, regions over the window of the matching
        balance: balance.into_iter().filter(|row| windows || row.unit != "region").collect(),
        schema,
        study,
        provenance,
        design,
        outcomes,
        trend_checks,
        trend_power,
        attrition,
        linkage,
        links,
        subgroups,
        linkage_rates,
        linkage_balance,
        linkage_keys,
        linkage_weight_facts,
        linkage_weights,
        regions,
        matching,
        matching_facts,
        identities,
        findings,
    }
}

/// Periods before the start; transition periods are not among them.
fn earlier(results: &Results) -> Vec<i64> {
    let periods = results.design.periods.iter();
    periods.filter(|period| period.phase == "pre").map(|period| period.id).collect()
}

/// Decides row by row.
struct Parts<'a> {
    sealed: &'a Sealed,
    earlier: Vec<i64>,
}

impl Parts<'_> {
    /// Rows of outcomes that are not sealed.
    fn open<T>(&self, rows: Vec<T>, outcome: fn(&T) -> &String) -> Vec<T> {
        rows.into_iter().filter(|row| !self.sealed.holds(outcome(row))).collect()
    }

    /// The smallest effect that can be found stays; whether there is none that matters goes.
    fn power(&self, row: PowerRow) -> PowerRow {
        if self.sealed.holds(&row.outcome) {
            PowerRow { equivalence_p_value: None, equivalent: None, ..row }
        } else {
            row
        }
    }

    fn level(&self, row: &LevelRow) -> bool {
        !self.sealed.holds(&row.outcome) || self.earlier.contains(&row.period)
    }

    /// A covariate may be an outcome by another name, so a blind run shows none of them from the
    /// start on.
    fn descriptive(&self, row: &DescriptiveRow) -> bool {
        let hidden = self.sealed.blind || self.sealed.holds(&row.variable);
        !hidden || row.phase == "pre"
    }

    /// The same holds for characteristics of regions.
    fn trajectory(&self, row: &TrajectoryRow) -> bool {
        !self.sealed.blind || self.earlier.contains(&row.period)
    }

    /// Whether regions are characterised by periods before the start alone.
    fn windows(&self, matched: &[MatchingFacts]) -> bool {
        !self.sealed.blind || matched.iter().all(|facts| facts.window.1 < self.sealed.start)
    }
}
