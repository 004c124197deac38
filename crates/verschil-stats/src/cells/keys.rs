//! What makes rows alike, and the order of cells.

use rayon::prelude::*;

use super::{Cells, Codes, Values};
use crate::grams::{Dictionaries, sorted};

/// Region, period and levels of each row.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) region: Vec<u32>,
    pub(super) period: Vec<u32>,
    /// By categorical covariate.
    pub(super) codes: Vec<Vec<u32>>,
}

/// Rows in the order of their keys.
#[derive(Debug, PartialEq)]
pub(super) struct Groups {
    order: Vec<u32>,
    /// Positions in the order at which a new key begins, and the end.
    bounds: Vec<u32>,
}

impl Groups {
    /// `begins` tells whether a key begins at a position of the order.
    fn new(order: Vec<u32>, begins: impl Fn(usize) -> bool) -> Self {
        let starts = (0..).zip(0..order.len()).filter(|&(_, at)| begins(at)).map(|(at, _)| at);
        let bounds = starts.chain(u32::try_from(order.len())).collect();
        Self { order, bounds }
    }

    /// The rows of each key.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u32]> {
        self.bounds.windows(2).map(|ends| &self.order[ends[0] as usize..ends[1] as usize])
    }
}

impl Keys {
    /// The same keys with codes in the order of their names, and these names.
    pub(super) fn ranked(mut self, names: &Dictionaries) -> (Self, Dictionaries) {
        let (regions, rank) = sorted(&names.regions);
        let mut clusters = vec![String::new(); regions.len()];
        rank.iter().zip(&names.clusters).for_each(|(&at, name)| clusters[at].clone_from(name));
        recode(&mut self.region, &rank);
        let (periods, rank) = sorted(&names.periods);
        recode(&mut self.period, &rank);
        let mut levels = Vec::with_capacity(self.codes.len());
        for (codes, names) in self.codes.iter_mut().zip(&names.levels) {
            let (names, rank) = sorted(names);
            recode(codes, &rank);
            levels.push(names);
        }
        (self, Dictionaries { regions, clusters, periods, levels })
    }

    /// # Panics
    /// With 2^32 rows or more.
    pub(super) fn groups(&self) -> Groups {
        assert!(
            u32::try_from(self.region.len()).is_ok(),
            "2^32 rows or more are too many for cells"
        );
        self.packed().map_or_else(|| self.compared(), in_order)
    }

    /// The cells of these keys; what rows told of keys is let go before outcomes are merged.
    pub(super) fn cells(
        self,
        groups: &Groups,
        names: Dictionaries,
        outcomes: impl FnOnce() -> Vec<Values>,
    ) -> Cells {
        let first = |codes: Vec<u32>| {
            Codes::new(groups.rows().map(|rows| codes[rows[0] as usize]).collect())
        };
        Cells {
            names,
            region: first(self.region),
            period: first(self.period),
            codes: self.codes.into_iter().map(first).collect(),
            numerics: Vec::new(),
            outcomes: outcomes(),
            weight: Vec::new(),
        }
    }

    fn of(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let columns = [&self.region, &self.period].into_iter().chain(&self.codes);
        columns.map(move |codes| codes[row as usize])
    }

    /// The key of each row in one word, with the row; none where a key takes more than a word.
    fn packed(&self) -> Option<Vec<(u64, u32)>> {
        let columns = [&self.region, &self.period].into_iter().chain(&self.codes);
        let mut keys: Vec<(u64, u32)> = (0..).take(self.region.len()).map(|row| (0, row)).collect();
        let mut taken = 0;
        for column in columns {
            let bits = u32::BITS - column.iter().max()?.leading_zeros();
            taken += bits;
            if taken > u64::BITS {
                return None;
            }
            let add = |((key, _), code): (&mut (u64, u32), &u32)| {
                *key = *key << bits | u64::from(*code);
            };
            keys.iter_mut().zip(column).for_each(add);
        }
        Some(keys)
    }

    fn compared(&self) -> Groups {
        let mut order: Vec<u32> = (0..).take(self.region.len()).collect();
        order.sort_by(|&a, &b| self.of(a).cmp(self.of(b)));
        let sorted = order.clone();
        Groups::new(order, |at| at == 0 || !self.of(sorted[at - 1]).eq(self.of(sorted[at])))
    }
}

fn in_order(mut keys: Vec<(u64, u32)>) -> Groups {
    keys.par_sort_unstable();
    let order = keys.iter().map(|&(_, row)| row).collect();
    Groups::new(order, |at| at == 0 || keys[at - 1].0 != keys[at].0)
}

#[allow(clippy::cast_possible_truncation)]
fn recode(codes: &mut [u32], rank: &[usize]) {
    codes.iter_mut().for_each(|code| *code = rank[*code as usize] as u32);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(scale: u32) -> Keys {
        let rows = 400u32;
        let column = |of: &dyn Fn(u32) -> u32| (0..rows).map(|row| of(row) * scale).collect();
        Keys {
            region: column(&|row| row * 7 % 5),
            period: column(&|row| row * 3 % 4),
            codes: vec![column(&|row| row % 3), column(&|_| 0), column(&|row| row * row % 2)],
        }
    }

    #[test]
    fn keys_in_one_word_give_the_order_of_keys_compared_code_by_code() {
        for (scale, fits) in [(1, true), (1 << 14, true), (1 << 29, false)] {
            let keys = keys(scale);
            let packed = keys.packed();
            assert_eq!(packed.is_some(), fits, "{scale}");
            if let Some(packed) = packed {
                assert_eq!(in_order(packed), keys.compared(), "{scale}");
            }
        }
    }
}
