//! Jackknife over regions with fixed weights (Arkhangelsky et al. 2021, algorithm 3).

use super::{Model, Panel, Synthetic};
use crate::grams::count;
use crate::linalg::dot;
use crate::refusal::Refusal;

/// The effect without each region.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// One per region, controls first as in the panel, then treated.
    pub deleted: Vec<f64>,
    /// sqrt of (N-1)/N times the sum of squared differences from the estimate.
    pub std_error: f64,
}

/// The jackknife: weights stay as they are, those on controls scaled to sum 1 again.
///
/// # Errors
/// [`Refusal::NotDefined`] with one treated region, and when one control has all the weight.
pub fn jackknife(panel: &Panel, of: &Synthetic) -> Result<Jackknife, Refusal> {
    let (controls, regions) = (panel.controls.len(), panel.controls.len() + panel.treated.len());
    let refuse = |why: &str| Err(Refusal::NotDefined { why: why.to_owned() });
    if panel.treated.len() < 2 {
        return refuse("the jackknife leaves out each region in turn, and one is treated");
    }
    if of.unit_weights.iter().filter(|weight| **weight > 0.0).count() < 2 {
        return refuse("the jackknife leaves out each control in turn, and one has all the weight");
    }
    // with fixed weights an effect is a mixture of regions' differences between the phases
    let apart: Vec<f64> = (0..regions).map(|i| difference(panel, of, i)).collect();
    let total: f64 = of.unit_weights.iter().sum();
    let synthetic = dot(&of.unit_weights, &apart[..controls]);
    let treated: f64 = apart[controls..].iter().sum();
    let n = count(panel.treated.len() as u64);
    let without = |i: usize| match of.unit_weights.get(i) {
        Some(weight) => treated / n - (synthetic - weight * apart[i]) / (total - weight),
        None => (treated - apart[i]) / (n - 1.0) - synthetic / total,
    };
    let deleted: Vec<f64> = (0..regions).map(without).collect();
    let squares: f64 = deleted.iter().map(|d| (d - of.estimate).powi(2)).sum();
    let g = count(regions as u64);
    Ok(Jackknife { std_error: ((g - 1.0) / g * squares).sqrt(), deleted })
}

/// A region's mean from the start minus its weighted mean before it.
fn difference(panel: &Panel, of: &Synthetic, region: usize) -> f64 {
    let (before, after) = panel.row(region).split_at(panel.pre.len());
    let after = after.iter().sum::<f64>() / count(after.len() as u64);
    match of.model {
        Model::Sc => after,
        _ => after - dot(before, &of.time_weights),
    }
}
