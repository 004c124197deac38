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
pub fn results(mut whole: Results, sealed: &Sealed) -> Results {
    if sealed.is_empty() {
        return whole;
    }
    let parts = Parts { sealed, earlier: earlier(&whole) };
    let windows = parts.windows(&whole.matching_facts);
    let Results {
        estimates: rows,
        power,
        adjusted,
        bands,
        honest,
        synthetic_weights,
        specifications,
        curves,
        clusters,
        funnels,
        levels,
        descriptives,
        trajectories,
        characteristics,
        balance,
        // what follows tells nothing of outcomes from the start on
        schema: _,
        study: _,
        provenance: _,
        design: _,
        outcomes: _,
        trend_checks: _,
        trend_power: _,
        attrition: _,
        linkage: _,
        links: _,
        subgroups: _,
        linkage_rates: _,
        linkage_balance: _,
        linkage_keys: _,
        linkage_weight_facts: _,
        linkage_weights: _,
        regions: _,
        matching: _,
        matching_facts: _,
        identities: _,
        findings: _,
    } = &mut whole;
    *rows = estimates(std::mem::take(rows), sealed);
    power.iter_mut().for_each(|row| parts.power(row));
    adjusted.retain(|row| !sealed.holds(&row.outcome));
    bands.retain(|row| !sealed.holds(&row.outcome) || row.period < sealed.start);
    honest.retain(|row| !sealed.holds(&row.outcome));
    synthetic_weights.retain(|row| !sealed.holds(&row.outcome));
    specifications.retain(|row| !sealed.holds(&row.outcome));
    curves.retain(|row| !sealed.holds(&row.outcome));
    clusters.retain(|row| !sealed.holds(&row.outcome));
    funnels.retain(|funnel| !sealed.holds(&funnel.outcome) || funnel.phase == "pre");
    levels.retain(|row| parts.level(row));
    descriptives.retain(|row| parts.descriptive(row));
    trajectories.retain(|row| parts.trajectory(row));
    characteristics.retain(|_| windows);
    // rows are compared before the start, regions over the window of the matching
    balance.retain(|row| windows || row.unit != "region");
    whole
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
    /// The smallest effect that can be found stays; whether there is none that matters goes.
    fn power(&self, row: &mut PowerRow) {
        if self.sealed.holds(&row.outcome) {
            row.equivalence_p_value = None;
            row.equivalent = None;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use verschil_study::results::FunnelFacts;

    use super::*;

    fn sealed(blind: bool) -> Sealed {
        Sealed { blind, outcomes: BTreeSet::from(["home".to_owned()]), start: 2015 }
    }

    fn row(outcome: &str, analysis: &str, estimand: &str) -> EstimateRow {
        EstimateRow {
            outcome: outcome.into(),
            analysis: analysis.into(),
            estimand: estimand.into(),
            model: "linear".into(),
            method: "cr3".into(),
            estimate: Some(1.5),
            std_error: Some(0.5),
            df: Some(7.0),
            ci_low: Some(0.25),
            observed: Some(4.0),
            statistic: Some(3.0),
            note: "disconnected: [1, 2]".into(),
            ..EstimateRow::default()
        }
    }

    #[test]
    fn only_what_is_before_the_start_keeps_its_numbers() {
        let rows = vec![
            row("home", "main", "att"),
            row("home", "event:2014", "trend_difference"),
            row("home", "event:2015", "att"),
            row("home", "event:2016", "trend_difference"),
            row("home", "placebo:2013", "trend_difference"),
            row("home", "region:R0", "att"),
            row("home", "linkage_weighted", "att"),
            EstimateRow { model: "logit".into(), ..row("home", "main", "att") },
            row("spending", "period:2016", "att"),
        ];
        let once = estimates(rows.clone(), &sealed(true));
        let kept: Vec<&str> = once.iter().map(|row| row.analysis.as_str()).collect();
        assert_eq!(kept, ["main", "event:2014", "placebo:2013", "period:2016"]);
        let main = EstimateRow {
            estimate: None,
            ci_low: None,
            observed: None,
            statistic: None,
            note: sealed(true).note().into(),
            ..rows[0].clone()
        };
        assert_eq!(once[0], main);
        assert_eq!((&once[1], &once[3]), (&rows[1], &rows[8]));
        assert_eq!(estimates(once.clone(), &sealed(true)), once, "twice is as once");
    }

    #[test]
    fn a_refusal_stays_one_and_says_nothing_of_levels() {
        let note = "refused_one_treated: one treated cluster bears no variance";
        let refused =
            EstimateRow { estimate: None, note: note.into(), ..row("home", "main", "att") };
        let found = estimates(vec![refused], &sealed(false));
        assert_eq!((found[0].note.as_str(), found[0].observed), (note, None));
        assert_eq!(found[0].std_error, None);
    }

    #[test]
    fn funnels_from_the_start_on_are_not_shown() {
        let funnel = |outcome: &str, phase: &str| FunnelFacts {
            outcome: outcome.into(),
            phase: phase.into(),
            ..FunnelFacts::default()
        };
        let all = [("home", "pre"), ("home", "post"), ("spending", "post")];
        let funnels = all.map(|(outcome, phase)| funnel(outcome, phase)).to_vec();
        let whole = Results { funnels: funnels.clone(), ..Results::default() };
        let left = results(whole, &sealed(true));
        assert_eq!(left.funnels, [funnels[0].clone(), funnels[2].clone()]);
    }

    #[test]
    fn regions_of_a_window_that_passes_the_start_are_not_shown() {
        let window = |last| MatchingFacts { window: (2010, last), ..MatchingFacts::default() };
        for (last, shown) in [(2014, 1), (2015, 0)] {
            let whole = Results {
                matching_facts: vec![window(last)],
                characteristics: vec![Default::default()],
                balance: vec![verschil_study::results::BalanceRow {
                    unit: "region".into(),
                    ..Default::default()
                }],
                ..Results::default()
            };
            let left = results(whole, &sealed(true));
            assert_eq!((left.characteristics.len(), left.balance.len()), (shown, shown));
        }
    }
}
