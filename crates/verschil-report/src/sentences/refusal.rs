//! Why something is not available, in words.

use verschil_study::results::EstimateRow;

use crate::note::Note;
use crate::view::View;

/// A code of refusal, the key of its words, and what stands around the name in its text.
struct Reason {
    code: &'static str,
    key: &'static str,
    around: Option<(&'static str, &'static str)>,
}

const fn reason_of(code: &'static str, key: &'static str) -> Reason {
    Reason { code, key, around: None }
}

const REASONS: [Reason; 26] = [
    reason_of("refused_one_treated", "reason-one-treated"),
    reason_of("refused_one_control", "reason-one-control"),
    reason_of("refused_nothing_treated", "reason-nothing-treated"),
    reason_of("refused_no_controls", "reason-no-controls"),
    reason_of("refused_not_identified", "reason-not-identified"),
    Reason {
        code: "refused_jackknife",
        key: "reason-jackknife",
        around: Some(("cluster ", " the effect")),
    },
    reason_of("refused_constant_outcome", "reason-constant-outcome"),
    reason_of("refused_no_outcome", "reason-no-outcome"),
    Reason {
        code: "refused_mixed_cluster",
        key: "reason-mixed-cluster",
        around: Some(("cluster ", " holds ")),
    },
    reason_of("refused_too_few_clusters", "reason-too-few-clusters"),
    reason_of("refused_not_matched", "reason-not-matched"),
    reason_of("refused_no_finer_level", "reason-no-finer-level"),
    Reason {
        code: "refused_leverage_one",
        key: "reason-leverage-one",
        around: Some(("cluster ", " alone")),
    },
    reason_of("refused_too_few_degrees", "reason-too-few-degrees"),
    reason_of("refused_not_defined", "reason-not-defined"),
    reason_of("refused_too_few_units", "reason-too-few-units"),
    reason_of("refused_separation", "reason-separation"),
    reason_of("refused_outcome_range", "reason-outcome-range"),
    reason_of("refused_no_convergence", "reason-no-convergence"),
    reason_of("refused_missing_cells", "reason-missing-cells"),
    reason_of("refused_too_few_controls", "reason-too-few-controls"),
    reason_of("withheld_blind", "reason-withheld-blind"),
    reason_of("withheld_gate", "reason-withheld-gate"),
    reason_of("refused_singular_covariance", "reason-singular-covariance"),
    reason_of("refused_no_end", "reason-no-end"),
    reason_of("refused_perfect_fit", "reason-perfect-fit"),
];

/// The reason of a refusal, a clause without a full stop; unknown codes give their own text.
pub(crate) fn reason(view: &View, code: &str, text: &str) -> String {
    let Some(reason) = REASONS.iter().find(|reason| reason.code == code) else {
        let own = if text.is_empty() { code.replace('_', " ") } else { text.to_owned() };
        return own.trim_end_matches('.').to_owned();
    };
    let what = reason.around.and_then(|(before, after)| between(text, before, after));
    let what = what.map_or_else(|| view.words.text("reason-unnamed"), |id| view.region(id));
    view.words.with(reason.key, &[("what", what.into())])
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    let (found, _) = rest.split_once(after)?;
    (!found.is_empty()).then_some(found)
}

/// The reason in the note of a row, where there is one.
pub(crate) fn in_row(view: &View, row: &EstimateRow) -> Option<String> {
    let note = Note::read(&row.note);
    let (code, text) = note.refusal()?;
    Some(reason(view, code, text))
}
