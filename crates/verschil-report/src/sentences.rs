//! Sentences made from the results, in plain language.

pub(crate) mod answer;
pub(crate) mod claim;
pub(crate) mod effect;
pub(crate) mod finding;
pub(crate) mod influence;
pub(crate) mod limitation;
pub(crate) mod linkage;
pub(crate) mod matching;
pub(crate) mod message;
pub(crate) mod permutation;
pub(crate) mod plain;
pub(crate) mod public;
pub(crate) mod refusal;
pub(crate) mod remark;
pub(crate) mod standing;
pub(crate) mod trend;
pub(crate) mod weights;

use verschil_study::results::EstimateRow;

use crate::range::Range;
use crate::view::View;

/// What percentages are taken of, in words.
pub(crate) fn base(view: &View) -> String {
    let key = if view.results.design.relative_base == "counterfactual" {
        "base-counterfactual"
    } else {
        "base-pre-mean"
    };
    view.words.text(key)
}

/// The verdict of the trend rule in one or two words.
pub(crate) fn trend_word(view: &View, holds: Option<bool>) -> String {
    view.words.text(match holds {
        Some(true) => "trend-word-holds",
        Some(false) => "trend-word-fails",
        None => "trend-word-unknown",
    })
}

/// Whether the data point in one direction at the level of the study.
pub(crate) fn clear(view: &View, row: &EstimateRow) -> bool {
    let alpha = 1.0 - view.results.design.level - 1e-12;
    match (row.p_value, Range::effect(row)) {
        (Some(p), _) => p < alpha,
        (None, Range::Both(low, high)) => low > 0.0 || high < 0.0,
        _ => false,
    }
}

/// "p = 0.012" or "p < 0.001".
pub(crate) fn p_phrase(view: &View, p: f64) -> String {
    let text = view.numbers.p_value(p);
    match text.strip_prefix('<') {
        Some(bound) => view.words.with("p-below", &[("p", bound.to_owned().into())]),
        None => view.words.with("p-equal", &[("p", text.into())]),
    }
}
