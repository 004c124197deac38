//! From sums by slice to Grams: what codes mean, one order, one scale.

use super::accumulate::{Dictionaries, Sums};
use super::batch::Shape;
use super::exact::Steps;
use super::{Column, Grams, Slice, canonical};

/// Sums of all slices, with what they are sums of.
#[derive(Debug, Clone)]
pub(super) struct Summed {
    pub(super) shape: Shape,
    /// Levels of each categorical covariate.
    pub(super) room: Vec<usize>,
    pub(super) slices: Vec<Sums>,
    pub(super) class_of: Vec<usize>,
    pub(super) numeric_shift: Vec<f64>,
    pub(super) outcome_shift: Vec<f64>,
    pub(super) steps: Steps,
}

impl Summed {
    pub(super) fn grams(mut self, names: &Dictionaries) -> Grams {
        self.settle();
        self.assembled(names)
    }

    /// Expresses sums in units, centred, and counts as such.
    pub(super) fn settle(&mut self) {
        let moments = self.slices.iter_mut().flat_map(|sums| &mut sums.classes);
        moments.for_each(|moments| moments.xx.settle());
        for k in 0..self.outcome_shift.len() {
            if let Some(shift) = self.steps.settle(k, self.class_of[k], &mut self.slices) {
                self.outcome_shift[k] = shift;
            }
        }
    }

    /// The Grams of sums that have settled.
    pub(super) fn assembled(self, names: &Dictionaries) -> Grams {
        let mut columns = Vec::new();
        let mut column_shift = Vec::new();
        let (mut categorical, mut numeric) = (0, 0);
        let mut numeric_columns = Vec::new();
        for (covariate, &is_categorical) in self.shape.categorical.iter().enumerate() {
            if is_categorical {
                for level in 0..self.room[categorical] {
                    let level = Some(names.levels[categorical][level].clone());
                    columns.push(Column { covariate, level });
                    column_shift.push(0.0);
                }
                categorical += 1;
            } else {
                numeric_columns.push(Column { covariate, level: None });
                numeric += 1;
            }
        }
        columns.extend(numeric_columns);
        column_shift.extend_from_slice(&self.numeric_shift[..numeric]);
        let (regions, region_rank) = sorted(&names.regions);
        let (periods, period_rank) = sorted(&names.periods);
        let (clusters, cluster_of) = clusters(&names.clusters, &region_rank);
        let mut slices: Vec<Slice> = self
            .slices
            .into_iter()
            .map(|sums| Slice {
                region: region_rank[sums.region as usize],
                period: period_rank[sums.period as usize],
                classes: sums.classes,
                xy: sums.xy,
                yy: sums.yy,
            })
            .collect();
        slices.sort_by_key(|slice| (slice.region, slice.period));
        canonical::ordered(Grams {
            regions,
            clusters,
            cluster_of,
            periods,
            columns,
            column_shift,
            outcome_shift: self.outcome_shift,
            class_of: self.class_of,
            weighting: self.shape.weighting,
            slices,
        })
    }
}

/// Names in order, and for each code its place there.
pub(crate) fn sorted<T: Ord + Clone>(names: &[T]) -> (Vec<T>, Vec<usize>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut rank = vec![0; names.len()];
    for (position, &code) in order.iter().enumerate() {
        rank[code] = position;
    }
    (order.into_iter().map(|code| names[code].clone()).collect(), rank)
}

fn clusters(of_code: &[String], region_rank: &[usize]) -> (Vec<String>, Vec<usize>) {
    let mut names = of_code.to_vec();
    names.sort();
    names.dedup();
    let mut cluster_of = vec![0; of_code.len()];
    for (code, name) in of_code.iter().enumerate() {
        cluster_of[region_rank[code]] = names.binary_search(name).unwrap_or(0);
    }
    (names, cluster_of)
}
