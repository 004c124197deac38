//! Steps of the population in words: those of the protocol by label, the others by id.

use verschil_study::results::AttritionStep;

use crate::view::View;

const KNOWN: [(&str, &str); 5] = [
    ("read", "step-read"),
    ("missing_region", "step-missing-region"),
    ("missing_period", "step-missing-period"),
    ("outside_window", "step-outside-window"),
    ("missing_weight", "step-missing-weight"),
];

/// The label of a step.
pub(crate) fn label(view: &View, step: &AttritionStep) -> String {
    let own = step.label.get(view.language).to_owned();
    if !own.is_empty() {
        return own;
    }
    if let Some((_, id)) = step.id.split_once("missing_covariate:") {
        let covariate = view.covariate(id);
        return view.words.with("step-missing-covariate", &[("covariate", covariate.into())]);
    }
    let known = KNOWN.iter().find(|(id, _)| *id == step.id);
    known.map_or_else(|| step.id.replace(['_', '-'], " "), |(_, key)| view.words.text(key))
}

/// Whether a step belongs in the drawing: checks that left nothing out only clutter it.
pub(crate) fn drawn(step: &AttritionStep) -> bool {
    step.excluded > 0 || !step.label.is_empty()
}
