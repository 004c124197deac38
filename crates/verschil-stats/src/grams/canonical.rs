//! One order of levels and sample classes, whatever order the rows came in.

use rayon::prelude::*;

use super::{Column, Grams, Moments, Slice};

/// The same sums with the levels of each covariate sorted and sample classes in the order of their
/// first outcomes.
pub(super) fn ordered(mut grams: Grams) -> Grams {
    let classes = first_outcomes(&grams.class_of);
    let columns = sorted_columns(&grams.columns);
    let from: Vec<usize> = std::iter::once(0).chain(columns.iter().map(|c| c + 1)).collect();
    if !classes.is_sorted() || !from.is_sorted() {
        let slices = grams.slices.par_iter_mut();
        slices.for_each(|slice| *slice = moved(slice, &classes, &from));
    }
    grams.columns = columns.iter().map(|&c| grams.columns[c].clone()).collect();
    grams.column_shift = columns.iter().map(|&c| grams.column_shift[c]).collect();
    let mut rank = vec![0; classes.len()];
    classes.iter().enumerate().for_each(|(new, &old)| rank[old] = new);
    grams.class_of.iter_mut().for_each(|class| *class = rank[*class]);
    grams
}

/// Classes in the order in which outcomes name them.
fn first_outcomes(class_of: &[usize]) -> Vec<usize> {
    let mut classes: Vec<usize> = Vec::new();
    for class in class_of {
        if !classes.contains(class) {
            classes.push(*class);
        }
    }
    classes
}

/// Positions of the columns in their new order: covariates stay where they are, their levels are
/// sorted.
fn sorted_columns(columns: &[Column]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..columns.len()).collect();
    let runs = order.chunk_by_mut(|&a, &b| columns[a].covariate == columns[b].covariate);
    for run in runs {
        run.sort_by(|&a, &b| columns[a].level.cmp(&columns[b].level));
    }
    order
}

/// A slice whose column `i` of x is what was column `from[i]`, and likewise its classes.
fn moved(slice: &Slice, classes: &[usize], from: &[usize]) -> Slice {
    let outcomes = slice.yy.len();
    let columns: Vec<Option<usize>> = from.iter().copied().map(Some).collect();
    let moved = |moments: &Moments| Moments { n: moments.n, xx: moments.xx.arranged(&columns) };
    let line = |&column: &usize| &slice.xy[column * outcomes..(column + 1) * outcomes];
    Slice {
        region: slice.region,
        period: slice.period,
        classes: classes.iter().map(|&class| moved(&slice.classes[class])).collect(),
        xy: from.iter().flat_map(line).copied().collect(),
        yy: slice.yy.clone(),
    }
}
