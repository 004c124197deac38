//! The table of inference methods: each one row, a sentence, a citation and a function.

use crate::cr2::{adjusted_influence, satterthwaite_term};
use crate::did::Subclusters;
use crate::distribution::{student_critical_at, student_p, student_p_at};
use crate::estimate::{Covariance, Estimate, SmallSample};
use crate::few::{conley_taber, ferman_pinto};
use crate::fit::Fit;
use crate::grams::Weighting;
use crate::linalg::dot;
use crate::permutation::PermutationResult;
use crate::refusal::Refusal;
use crate::wild::{Draws, Null, Residuals, Wild, WildResult, subcluster_bootstrap, wild_bootstrap};

/// Choices that hold for all methods of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Confidence level, 0 to 1.
    pub level: f64,
    /// What K counts in CR1.
    pub small_sample: SmallSample,
    /// Distribution of the wild draws.
    pub wild_draws: Draws,
    /// Number of wild draws.
    pub wild_count: usize,
    /// Most assignments enumerated by the permutation test.
    pub permutation_budget: usize,
    /// Seed of all draws.
    pub seed: u64,
}

impl Options {
    /// A wild bootstrap with the draws of the run.
    #[must_use]
    pub fn wild(&self, null: Null, residuals: Residuals) -> Wild {
        let Self { wild_draws: draws, wild_count: count, seed, .. } = *self;
        Wild { null, residuals, draws, count, seed }
    }
}

/// What a method is asked: one term of one outcome.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The solved design.
    pub fit: &'a Fit,
    /// The term.
    pub term: usize,
    /// Position of the outcome in the fit's class.
    pub at: usize,
    /// The effect as first component, on the fit's clusters.
    pub estimate: &'a Estimate,
    /// The permutation test of this term and outcome, made for all outcomes at once.
    pub permutation: &'a Result<PermutationResult, Refusal>,
    /// The same with clusters exchanged within matched sets only.
    pub matched: &'a Result<PermutationResult, Refusal>,
    /// The design's sums by region, or why there are none finer than by cluster.
    pub within: &'a Result<Subclusters, Refusal>,
    /// Choices of the run.
    pub options: &'a Options,
}

/// A method's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inference {
    /// Standard error.
    pub std_error: Option<f64>,
    /// t or the estimate itself.
    pub statistic: Option<f64>,
    /// Degrees of freedom of the reference distribution.
    pub df: Option<f64>,
    /// Two-sided p-value of a zero effect.
    pub p_value: Option<f64>,
    /// Interval; infinite ends are unbounded.
    pub interval: Option<(f64, f64)>,
    /// The covariance behind it, for methods that have one.
    pub covariance: Option<Covariance>,
    /// The influence of each cluster that the covariance is made of, where the method adjusts it.
    pub adjusted: Option<Vec<f64>>,
    /// What a reader must know: `code: value`.
    pub remarks: Vec<String>,
}

/// One row of the table.
pub struct Method {
    /// Stable id, as in `estimates.csv`.
    pub id: &'static str,
    /// What it does, in one sentence.
    pub sentence: &'static str,
    /// Where it comes from.
    pub citation: &'static str,
    /// The method.
    pub infer: fn(&Question) -> Result<Inference, Refusal>,
}

/// All methods.
pub const METHODS: [Method; 12] = [
    Method {
        id: "cr0",
        sentence: "Cluster-robust variance without small-sample correction, t with G-1 degrees of freedom.",
        citation: "Liang & Zeger (1986)",
        infer: |question| robust(question, Covariance::Cr0),
    },
    Method {
        id: "cr1",
        sentence: "Cluster-robust variance times G/(G-1) and (N-1)/(N-K), t with G-1 degrees of freedom.",
        citation: "Cameron & Miller (2015)",
        infer: |question| robust(question, Covariance::Cr1(question.options.small_sample)),
    },
    Method {
        id: "cr2",
        sentence: "Bell-McCaffrey variance, t with Satterthwaite degrees of freedom.",
        citation: "Bell & McCaffrey (2002); Pustejovsky & Tipton (2018)",
        infer: adjusted,
    },
    Method {
        id: "cr3",
        sentence: "Delete-one-cluster jackknife variance, t with G-1 degrees of freedom.",
        citation: "MacKinnon, Nielsen & Webb (2023)",
        infer: |question| robust(question, Covariance::Cr3),
    },
    Method {
        id: "wild_wcr",
        sentence: "Wild cluster bootstrap with the null imposed; interval by inversion.",
        citation: "Cameron, Gelbach & Miller (2008); Roodman et al. (2019)",
        infer: |question| wild(question, Null::Imposed, Residuals::Fitted),
    },
    Method {
        id: "wild_wcr_s",
        sentence: "Wild cluster bootstrap with the null imposed and jackknifed residuals; interval by inversion.",
        citation: "MacKinnon, Nielsen & Webb (2023)",
        infer: |question| wild(question, Null::Imposed, Residuals::Jackknifed),
    },
    Method {
        id: "wild_wcu",
        sentence: "Wild cluster bootstrap from unrestricted residuals.",
        citation: "Cameron, Gelbach & Miller (2008); MacKinnon & Webb (2017)",
        infer: |question| wild(question, Null::Free, Residuals::Fitted),
    },
    Method {
        id: "wild_subcluster",
        sentence: "Wild bootstrap with the null imposed, a draw for each region within coarser clusters; interval by inversion.",
        citation: "MacKinnon & Webb (2018)",
        infer: by_region,
    },
    Method {
        id: "permutation",
        sentence: "Exact permutation test over which clusters are treated; interval by inversion.",
        citation: "MacKinnon & Webb (2020)",
        infer: |question| permutation(question, question.permutation),
    },
    Method {
        id: "permutation_matched",
        sentence: "Permutation test over which clusters of each matched set are treated; interval by inversion.",
        citation: "MacKinnon & Webb (2020); Rosenbaum (2002)",
        infer: |question| permutation(question, question.matched),
    },
    Method {
        id: "conley_taber",
        sentence: "Control clusters' movements in the place of the few treated clusters' noise; interval by inversion.",
        citation: "Conley & Taber (2011)",
        infer: by_controls,
    },
    Method {
        id: "ferman_pinto",
        sentence: "Bootstrap of all clusters' movements under the null, rescaled for unequal sizes; interval by inversion.",
        citation: "Ferman & Pinto (2019)",
        infer: by_size,
    },
];

/// The row with this id.
#[must_use]
pub fn method(id: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.id == id)
}

/// Whether residuals of treated and of control clusters carry any information at all.
fn enough_clusters(question: &Question) -> Result<(), Refusal> {
    bears_clusters(question.fit, question.term, question.at)?;
    bears_error(question).map(|_| ())
}

/// Refuses where the influences on the effect are rounding of sums, and tells of what size that is.
fn bears_error(question: &Question) -> Result<f64, Refusal> {
    let std_error = question.estimate.std_error(0, Covariance::Cr0)?;
    let rounding = question.fit.rounding(question.term, question.at);
    if std_error <= rounding {
        return Err(Refusal::PerfectFit { std_error, rounding });
    }
    Ok(rounding)
}

/// The same, unless the effect is more than rounding: other assignments of the treatment can then
/// still be compared with it.
fn bears_ranks(question: &Question) -> Result<(), Refusal> {
    match bears_error(question) {
        Err(Refusal::PerfectFit { rounding, .. })
            if question.estimate.values[0].abs() > rounding =>
        {
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// Whether a variance between clusters exists for a term of the outcome at position `at`.
pub(crate) fn bears_clusters(fit: &Fit, term: usize, at: usize) -> Result<(), Refusal> {
    if !fit.varies(at) {
        return Err(Refusal::ConstantOutcome);
    }
    let touched = &fit.normal.touched;
    let controls = (0..fit.clusters()).filter(|c| !touched.iter().flatten().any(|t| t == c));
    match (touched[term].len(), controls.count()) {
        (0 | 1, _) => return Err(Refusal::OneTreatedCluster),
        (_, 1) => return Err(Refusal::OneControlCluster),
        _ => {}
    }
    // clusters with rows on one side of the start only count above but carry nothing: when the
    // effect hangs on a single cluster, the regression fits that cluster's part of it exactly
    match fit.deleted(term, at) {
        Err(Refusal::NotIdentifiedWithout { cluster }) => {
            let treated = touched[term].iter().any(|&c| fit.normal.blocks[c].cluster == cluster);
            Err(if treated { Refusal::OneTreatedCluster } else { Refusal::OneControlCluster })
        }
        other => other.map(|_| ()),
    }
}

fn robust(question: &Question, kind: Covariance) -> Result<Inference, Refusal> {
    enough_clusters(question)?;
    let estimate = question.estimate;
    let std_error = estimate.std_error(0, kind)?;
    let t = estimate.values[0] / std_error;
    Ok(Inference {
        std_error: Some(std_error),
        statistic: Some(t),
        df: Some(crate::grams::count(estimate.clusters() as u64) - 1.0),
        p_value: Some(student_p(t, estimate.clusters())),
        interval: Some(estimate.interval(0, kind, question.options.level)?),
        covariance: Some(kind),
        remarks: convention(kind).into_iter().collect(),
        adjusted: None,
    })
}

/// The name of the convention, where other programs mean something else by the same method.
fn convention(kind: Covariance) -> Option<String> {
    match kind {
        Covariance::Cr0 => None,
        Covariance::Cr1(SmallSample::Fixest) => Some("convention: fixest".into()),
        Covariance::Cr1(SmallSample::Stata) => Some("convention: stata".into()),
        Covariance::Cr3 => Some("convention: summclust".into()),
    }
}

/// Whose CR2 it is: under analytic weights w the adjustment supposes errors of variance 1/w, not of
/// equal variance.
fn working(fit: &Fit) -> &'static str {
    match fit.normal.weighting {
        Weighting::None | Weighting::Frequency => "clubsandwich",
        Weighting::Analytic => "clubsandwich_inverse_var",
    }
}

fn adjusted(question: &Question) -> Result<Inference, Refusal> {
    enough_clusters(question)?;
    let influence = adjusted_influence(question.fit, question.term, question.at)?;
    let degrees = satterthwaite_term(question.fit, question.term)?;
    let std_error = dot(&influence, &influence).sqrt();
    let estimate = question.estimate.values[0];
    let t = estimate / std_error;
    let reach = std_error * student_critical_at(question.options.level, degrees);
    Ok(Inference {
        std_error: Some(std_error),
        statistic: Some(t),
        df: Some(degrees),
        p_value: Some(student_p_at(t, degrees)),
        interval: Some((estimate - reach, estimate + reach)),
        covariance: Some(Covariance::Cr0),
        remarks: vec![format!("convention: {}", working(question.fit))],
        adjusted: Some(influence),
    })
}

fn wild(question: &Question, null: Null, residuals: Residuals) -> Result<Inference, Refusal> {
    enough_clusters(question)?;
    let (fit, options) = (question.fit, question.options);
    let wild = options.wild(null, residuals);
    wild_bootstrap(fit, question.term, question.at, &wild, options.level).map(of_wild)
}

fn by_region(question: &Question) -> Result<Inference, Refusal> {
    enough_clusters(question)?;
    let (fit, term, at) = (question.fit, question.term, question.at);
    let within = question.within.as_ref().map_err(Clone::clone)?;
    let wild = question.options.wild(Null::Imposed, Residuals::Fitted);
    subcluster_bootstrap(fit, within, term, at, &wild, question.options.level).map(of_wild)
}

fn of_wild(result: WildResult) -> Inference {
    Inference {
        statistic: Some(result.statistic),
        p_value: Some(result.p_value),
        interval: Some(result.interval),
        remarks: wild_remarks(&result),
        ..Inference::default()
    }
}

fn wild_remarks(result: &WildResult) -> Vec<String> {
    let kind = if result.enumerated { "enumerated" } else { "draws" };
    let mut remarks = vec![format!("{kind}: {}", result.used)];
    if result.interval.0.is_infinite() || result.interval.1.is_infinite() {
        remarks.push("unbounded: the values not rejected have no end on one side or both".into());
    }
    if result.disconnected() {
        let pieces: Vec<String> =
            result.accepted.iter().map(|(low, high)| format!("{low} to {high}")).collect();
        remarks.push(format!("disconnected: not rejected are {}", pieces.join(" and ")));
    }
    remarks
}

fn permutation(
    question: &Question,
    result: &Result<PermutationResult, Refusal>,
) -> Result<Inference, Refusal> {
    if !question.fit.varies(question.at) {
        return Err(Refusal::ConstantOutcome);
    }
    bears_ranks(question)?;
    let result = result.as_ref().map_err(Clone::clone)?;
    let kind = if result.enumerated { "enumerated" } else { "draws" };
    let mut remarks = vec![
        format!("permutation_floor: {}", result.floor()),
        format!("{kind}: {}", result.assignments),
    ];
    if let Some(p) = result.p_value_t() {
        remarks.push(format!("p_value_t: {p}"));
    }
    match result.interval {
        Some((low, high)) if low.is_infinite() || high.is_infinite() => {
            remarks.push("unbounded: too few assignments to exclude any value".into());
        }
        Some(_) => {}
        None => {
            remarks.push("no_interval: effects estimated together are tested, not inverted".into())
        }
    }
    Ok(Inference {
        statistic: Some(result.estimate),
        p_value: Some(result.p_value()),
        interval: result.interval,
        remarks,
        ..Inference::default()
    })
}

/// Most draws of [`by_size`]: at p = 0.05 their Monte Carlo error is 0.005.
const BY_SIZE_DRAWS: usize = 1999;

fn by_controls(question: &Question) -> Result<Inference, Refusal> {
    let (fit, term, options) = (question.fit, question.term, question.options);
    if !fit.varies(question.at) {
        return Err(Refusal::ConstantOutcome);
    }
    bears_error(question)?;
    let standing = fit.standing(term)?;
    let drawn = (options.permutation_budget, options.seed);
    let result = conley_taber(fit, standing, (term, question.at), drawn, options.level)?;
    let kind = if result.enumerated { "enumerated" } else { "draws" };
    let mut remarks = vec![
        format!("permutation_floor: {}", result.floor),
        format!("{kind}: {}", result.combinations),
    ];
    remarks.extend(left_out(standing.left_out));
    if result.interval.0.is_infinite() {
        remarks.push("unbounded: too few combinations to exclude any value".into());
    }
    Ok(Inference {
        statistic: Some(question.estimate.values[0]),
        p_value: Some(result.p_value),
        interval: Some(result.interval),
        remarks,
        ..Inference::default()
    })
}

fn by_size(question: &Question) -> Result<Inference, Refusal> {
    let (fit, term, options) = (question.fit, question.term, question.options);
    if !fit.varies(question.at) {
        return Err(Refusal::ConstantOutcome);
    }
    bears_error(question)?;
    let standing = fit.standing(term)?;
    let drawn = (options.wild_count.min(BY_SIZE_DRAWS), options.seed);
    let result = ferman_pinto(fit, standing, (term, question.at), drawn, options.level)?;
    let mut remarks = vec![
        format!("draws: {}", result.draws),
        format!("variance: {} + {} / size", result.common, result.by_size),
    ];
    remarks.extend(left_out(standing.left_out));
    if result.interval.0.is_infinite() || result.interval.1.is_infinite() {
        remarks.push("unbounded: the values not rejected have no end on one side or both".into());
    }
    if result.disconnected {
        remarks.push("disconnected: some values inside the interval are rejected too".into());
    }
    Ok(Inference {
        statistic: Some(question.estimate.values[0]),
        p_value: Some(result.p_value),
        interval: Some(result.interval),
        remarks,
        ..Inference::default()
    })
}

fn left_out(clusters: usize) -> Option<String> {
    (clusters > 0).then(|| format!("left_out: {clusters}"))
}
