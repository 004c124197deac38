//! Why the data cannot bear a number: a value, shown in the results; the other outcomes go on.

use serde::{Deserialize, Serialize};

/// The reason why a number is not given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// With one treated cluster its residual is identically zero: a cluster-robust or wild
    /// standard error says nothing (MacKinnon & Webb 2017, 2018).
    #[error(
        "one treated cluster: its residual is zero by construction, so no cluster-robust or wild standard error exists"
    )]
    OneTreatedCluster,
    /// With one control cluster the same holds for the controls.
    #[error("one control cluster: no cluster-robust or wild standard error exists")]
    OneControlCluster,
    /// No treated region has data in both phases.
    #[error("no treated region has the outcome both before and after the start")]
    NothingTreated,
    /// No control region has data.
    #[error("no control region has the outcome")]
    NoControls,
    /// The treatment column is explained by the effects and covariates.
    #[error(
        "the effect is not identified: regions, periods and covariates explain {term} entirely"
    )]
    NotIdentified {
        /// Name of the term.
        term: String,
    },
    /// Leaving out one cluster leaves the effect unidentified.
    #[error(
        "without cluster {cluster} the effect is not identified, so the jackknife does not exist"
    )]
    NotIdentifiedWithout {
        /// Code of the cluster.
        cluster: String,
    },
    /// The outcome does not vary.
    #[error("the outcome is constant in this comparison")]
    ConstantOutcome,
    /// The model tells the outcome without error, so that a t would be rounding over rounding.
    #[error(
        "the model fits the outcome perfectly: a standard error of {std_error:.1e} is no more than rounding of the sums it comes from ({rounding:.1e})"
    )]
    PerfectFit {
        /// CR0, in the outcome's unit.
        std_error: f64,
        /// What rounding may leave, in the outcome's unit.
        rounding: f64,
    },
    /// No row has the outcome.
    #[error("no row of this comparison has the outcome")]
    NoOutcome,
    /// Treated units of one cluster are only partly treated, so clusters cannot be exchanged.
    #[error(
        "cluster {cluster} holds both treated and untreated regions, so clusters cannot be permuted"
    )]
    MixedCluster {
        /// Code of the cluster.
        cluster: String,
    },
    /// No controls were chosen for the treated regions, so there are no sets to exchange within.
    #[error(
        "the controls of this comparison were not chosen by matching, so there are no matched sets to exchange regions within"
    )]
    NotMatched,
    /// There are fewer clusters than the test needs.
    #[error("{clusters} clusters cannot support a joint test of {tested} coefficients")]
    TooFewClusters {
        /// Clusters in the sample.
        clusters: usize,
        /// Coefficients tested.
        tested: usize,
    },
    /// There is no level below the clusters that draws could be made for.
    #[error(
        "each of the {clusters} clusters is one region, so there is no finer level to draw for"
    )]
    NoFinerLevel {
        /// Clusters in the sample.
        clusters: usize,
    },
    /// In the direction of the effect one cluster has leverage one: its residual is zero there.
    #[error(
        "the effect rests on cluster {cluster} alone for a share of {share:.3}: its residual is zero there, so no adjustment can restore it"
    )]
    LeverageOne {
        /// Code of the cluster.
        cluster: String,
        /// Share of the effect's variance under independent errors that comes from it alone.
        share: f64,
    },
    /// The clusters leave the joint test no degrees of freedom.
    #[error(
        "a covariance with {degrees:.1} degrees of freedom cannot support a joint test of {tested} coefficients"
    )]
    TooFewDegrees {
        /// Degrees of freedom of the covariance.
        degrees: f64,
        /// Coefficients tested.
        tested: usize,
    },
    /// Cells of the region x period panel have no rows.
    #[error(
        "{missing} of {cells} cells of region and period have no rows with the outcome, first region {region} in period {period}: the method needs every cell"
    )]
    MissingCells {
        /// Cells without rows.
        missing: usize,
        /// Cells needed.
        cells: usize,
        /// Code of the first region concerned.
        region: String,
        /// Its first period concerned.
        period: i64,
    },
    /// There are too few controls to take the place of the treated.
    #[error(
        "{controls} control regions cannot take the place of {treated} treated ones in a placebo test"
    )]
    TooFewControls {
        /// Control regions.
        controls: usize,
        /// Treated regions.
        treated: usize,
    },
    /// There are too few units to tell what is usual among them.
    #[error("{compared} units are too few to compare with each other: {needed} are needed")]
    TooFewUnits {
        /// Units that have enough observations.
        compared: usize,
        /// Units needed.
        needed: usize,
    },
    /// Some units' outcome is told without error, so a coefficient has no finite value (Albert &
    /// Anderson 1984; Correia, Guimaraes & Zylkin 2020).
    #[error("separation: {what} for {columns}, so the model has no finite coefficients")]
    Separated {
        /// The columns concerned, with commas between.
        columns: String,
        /// What is the case there.
        what: String,
    },
    /// The outcome lies outside what the model takes.
    #[error("{cells} cells hold an outcome outside {range}, which the {model} model does not take")]
    OutcomeRange {
        /// Name of the model.
        model: String,
        /// What it takes.
        range: String,
        /// Cells outside.
        cells: usize,
    },
    /// Iterations ended without a solution.
    #[error("no convergence: after {iterations} iterations the index still moved by {step:.1e}")]
    NoConvergence {
        /// Iterations made.
        iterations: usize,
        /// Largest change of the index in the last.
        step: f64,
    },
    /// Coefficients of which some are combinations of others as far as the clusters can tell.
    #[error(
        "the covariance of {effects} coefficients has rank {rank} with {clusters} clusters, so combinations of them look free of error"
    )]
    SingularCovariance {
        /// Rank of the covariance.
        rank: usize,
        /// Coefficients or combinations of them.
        effects: usize,
        /// Clusters in the sample.
        clusters: usize,
    },
    /// No end of an interval is found however far the search goes.
    #[error("no end of the interval within {reach} of the estimate")]
    NoEnd {
        /// How far was searched, in the outcome's unit.
        reach: f64,
    },
    /// The method does not apply to this kind of term.
    #[error("the method is not defined for this term: {why}")]
    NotDefined {
        /// Why not.
        why: String,
    },
}

impl Refusal {
    /// Stable code of the reason, as written before the colon in a `note`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OneTreatedCluster => "refused_one_treated",
            Self::OneControlCluster => "refused_one_control",
            Self::NothingTreated => "refused_nothing_treated",
            Self::NoControls => "refused_no_controls",
            Self::NotIdentified { .. } => "refused_not_identified",
            Self::NotIdentifiedWithout { .. } => "refused_jackknife",
            Self::ConstantOutcome => "refused_constant_outcome",
            Self::PerfectFit { .. } => "refused_perfect_fit",
            Self::NoOutcome => "refused_no_outcome",
            Self::MixedCluster { .. } => "refused_mixed_cluster",
            Self::NotMatched => "refused_not_matched",
            Self::TooFewClusters { .. } => "refused_too_few_clusters",
            Self::NoFinerLevel { .. } => "refused_no_finer_level",
            Self::LeverageOne { .. } => "refused_leverage_one",
            Self::TooFewDegrees { .. } => "refused_too_few_degrees",
            Self::MissingCells { .. } => "refused_missing_cells",
            Self::TooFewControls { .. } => "refused_too_few_controls",
            Self::TooFewUnits { .. } => "refused_too_few_units",
            Self::Separated { .. } => "refused_separation",
            Self::OutcomeRange { .. } => "refused_outcome_range",
            Self::NoConvergence { .. } => "refused_no_convergence",
            Self::SingularCovariance { .. } => "refused_singular_covariance",
            Self::NoEnd { .. } => "refused_no_end",
            Self::NotDefined { .. } => "refused_not_defined",
        }
    }

    /// Code and sentence, as written in a `note`.
    #[must_use]
    pub fn note(&self) -> String {
        format!("{}: {self}", self.code())
    }
}
