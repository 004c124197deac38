//! The table of inference methods for these models.

use super::GlmFit;
use crate::estimate::Estimate;
use crate::inference::{self as linear, Inference, Options};
use crate::permutation::PermutationResult;
use crate::refusal::Refusal;
use crate::wild::{Null, Residuals};

/// What a method is asked: one term of a fit.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The fit.
    pub fit: &'a GlmFit<'a>,
    /// The term.
    pub term: usize,
    /// The effect as first component.
    pub estimate: &'a Estimate,
    /// The permutation test of this term.
    pub permutation: &'a Result<PermutationResult, Refusal>,
    /// The same with clusters exchanged within matched sets only.
    pub matched: &'a Result<PermutationResult, Refusal>,
    /// Choices of the run.
    pub options: &'a Options,
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

/// All methods. CR0, CR1 and CR3 are those of the linear model, on influences and jackknife values of
/// the effect.
pub const METHODS: [Method; 6] = [
    Method {
        id: "cr0",
        sentence: "Cluster-robust variance without small-sample correction, t with G-1 degrees of freedom.",
        citation: "Liang & Zeger (1986)",
        infer: |question| as_linear(question, "cr0"),
    },
    Method {
        id: "cr1",
        sentence: "Cluster-robust variance times G/(G-1), or that and (N-1)/(N-K), t with G-1 degrees of freedom.",
        citation: "Cameron & Miller (2015)",
        infer: |question| as_linear(question, "cr1"),
    },
    Method {
        id: "cr3",
        sentence: "Delete-one-cluster jackknife variance, t with G-1 degrees of freedom.",
        citation: "MacKinnon, Nielsen & Webb (2023)",
        infer: |question| as_linear(question, "cr3"),
    },
    Method {
        id: "score",
        sentence: "Score bootstrap by cluster with the null imposed; interval of a pooled effect by inversion.",
        citation: "Kline & Santos (2012)",
        infer: score,
    },
    Method {
        id: "permutation",
        sentence: "Permutation test of score statistics over which clusters are treated; a test without an interval.",
        citation: "MacKinnon & Webb (2020)",
        infer: |question| as_linear(question, "permutation"),
    },
    Method {
        id: "permutation_matched",
        sentence: "The same over which clusters of each matched set are treated; a test without an interval.",
        citation: "MacKinnon & Webb (2020); Rosenbaum (2002)",
        infer: |question| as_linear(question, "permutation_matched"),
    },
];

/// The row with this id.
#[must_use]
pub fn method(id: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.id == id)
}

/// A method that asks the linear fit only which clusters there are and the estimate for all else.
fn as_linear(question: &Question, id: &str) -> Result<Inference, Refusal> {
    let why = || Refusal::NotDefined { why: format!("there is no method {id}") };
    let method = linear::method(id).ok_or_else(why)?;
    (method.infer)(&linear::Question {
        fit: question.fit.linear,
        term: question.term,
        at: question.fit.at,
        estimate: question.estimate,
        permutation: question.permutation,
        matched: question.matched,
        within: &Err(Refusal::NoFinerLevel { clusters: question.fit.linear.clusters() }),
        options: question.options,
    })
}

const UNBOUNDED: &str =
    "unbounded: no value that the model can be fitted under is rejected on one side or both";

fn score(question: &Question) -> Result<Inference, Refusal> {
    // refuses where there are too few clusters
    as_linear(question, "cr0")?;
    let (fit, term, options) = (question.fit, question.term, question.options);
    let wild = options.wild(Null::Imposed, Residuals::Fitted);
    let result = fit.score_bootstrap(term, &wild)?;
    let kind = if result.enumerated { "enumerated" } else { "draws" };
    let mut remarks = vec![format!("{kind}: {}", result.used)];
    let interval = match fit.score_interval(term, question.estimate, &wild, options.level) {
        Ok(found) => {
            if found.ends.0.is_infinite() || found.ends.1.is_infinite() {
                remarks.push(UNBOUNDED.into());
            }
            if found.disconnected {
                remarks
                    .push("disconnected: some values inside the interval are rejected too".into());
            }
            Some(found.ends)
        }
        Err(refusal) => {
            remarks.push(format!("no_interval: {refusal}"));
            None
        }
    };
    Ok(Inference {
        statistic: Some(result.statistic),
        p_value: Some(result.p_value),
        interval,
        remarks,
        ..Inference::default()
    })
}
