//! Logit, Poisson and Gamma on cells: against a dense twin and laws; the reference cases hold them
//! against statsmodels and fixest.

mod curve;
mod data;
mod interval;
mod laws;
mod null;
mod refusals;
mod twin;

/// Whether two numbers agree to this share of the second.
#[track_caller]
fn agree(ours: f64, theirs: f64, share: f64, what: &str) {
    let apart = (ours - theirs).abs();
    assert!(apart <= share * theirs.abs(), "{what}: {ours} for {theirs}, apart {apart:e}");
}
