//! The points of a curve under a model that is not linear.

use rayon::prelude::*;

use super::{Point, certainty};
use crate::cells::Cells;
use crate::did::{Analysis, Design, Setting};
use crate::glm::{GlmFit, Model, Rows};
use crate::grams::Grams;
use crate::refusal::Refusal;

/// The effect on the treated of an outcome (position in the Grams) by a model, for each setting: in
/// the outcome's unit, so comparable with that of the linear model. Each is a fit of its own, and one
/// without each cluster for CR3.
#[must_use]
pub fn points(
    grams: &Grams,
    (rows, cells): (&Rows, &Cells),
    settings: &[Setting],
    (outcome, model): (usize, Model),
    level: f64,
) -> Vec<Result<Point, Refusal>> {
    let one = |setting: &Setting| {
        let class = grams.class_of[outcome];
        let design = Design::new(grams, class, setting, Analysis::Pooled)?;
        let linear = design.fit();
        let fit = GlmFit::new(rows, cells, (&design, &linear), outcome, model, None)?;
        let alone = linear.normal.touched[0].len() < 2;
        let fit = if alone { fit.without_jackknife() } else { fit };
        let att = fit.att(0)?;
        let inference =
            if alone { Err(Refusal::OneTreatedCluster) } else { certainty(&att, level) };
        Ok(Point { estimate: att.values[0], inference, n: linear.normal.n })
    };
    settings.par_iter().map(one).collect()
}
