//! Slow, obvious twins of every kernel, written on rows with all effects as dummies.

mod balanced;
mod cells;
mod cr2;
mod dense;
mod descriptives;
mod design;
mod effects;
mod equivalence;
mod exact;
mod few;
mod few_size;
mod grams;
mod multiplicity;
mod numerics;
mod parts;
mod permutation;
mod refinement;
mod regression;
mod study;
mod synthetic;
mod wild;

/// Whether two numbers agree to `share` of the larger of the second and a natural `scale`.
#[track_caller]
fn assert_close(ours: f64, theirs: f64, scale: f64, share: f64, what: &str) {
    let apart = (ours - theirs).abs();
    assert!(
        apart <= share * theirs.abs().max(scale.abs()),
        "{what}: {ours} against {theirs}, apart {apart:e} (scale {scale})"
    );
}
