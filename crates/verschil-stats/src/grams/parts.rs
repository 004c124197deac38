//! Sums of regions whose rows do not weigh the same: each region in parts, and each part with a weight
//! that is known when all rows have been summed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::accumulate::{Dictionaries, Sums};
use super::assemble::Summed;
use super::{Grams, Weighting};

/// Rows of a region that have one weight, besides weights of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Code of the region.
    pub region: u32,
    /// Finite and not negative; rows of weight zero are none.
    pub weight: f64,
}

/// Region, period, and the weight's bits, which are in the order of weights.
type Key = (u32, u32, u64);

impl Summed {
    /// Regions from sums whose region codes are those of parts, whatever these weigh.
    pub(super) fn whole(mut self, parts: &[Part]) -> Self {
        let alike: Vec<Part> = parts.iter().map(|part| Part { weight: 1.0, ..*part }).collect();
        self.slices = gathered(self.slices, &alike).into_values().collect();
        self
    }

    /// Grams of regions from sums whose region codes are those of parts, each with its weight.
    ///
    /// Parts of one weight are put together before they are weighted, and then in the order of their
    /// weights: how rows were divided and in which order changes no bit of whole numbers.
    pub(super) fn weighted(mut self, parts: &[Part], names: &Dictionaries) -> Grams {
        let (keys, slices): (Vec<Key>, Vec<Sums>) =
            gathered(std::mem::take(&mut self.slices), parts).into_iter().unzip();
        self.slices = slices;
        self.settle();
        let mut slices: Vec<Sums> = Vec::new();
        for ((.., bits), sums) in keys.into_iter().zip(std::mem::take(&mut self.slices)) {
            let here = (sums.region, sums.period);
            if slices.last().is_none_or(|last| (last.region, last.period) != here) {
                let width = sums.classes.first().map_or(0, |moments| moments.xx.width());
                let sizes = (width, sums.yy.len(), sums.classes.len());
                slices.push(Sums::zeros(here, sizes));
            }
            if let Some(last) = slices.last_mut() {
                last.add_weighted(&sums, f64::from_bits(bits));
            }
        }
        self.slices = slices;
        self.shape.weighting = Weighting::Analytic;
        self.assembled(names)
    }
}

/// Sums of parts of one region, period and weight together.
fn gathered(slices: Vec<Sums>, parts: &[Part]) -> BTreeMap<Key, Sums> {
    let mut gathered: BTreeMap<Key, Sums> = BTreeMap::new();
    for mut sums in slices {
        let Part { region, weight } = parts[sums.region as usize];
        sums.region = region;
        match gathered.entry((region, sums.period, weight.to_bits())) {
            Entry::Occupied(mut own) => own.get_mut().add(&sums),
            Entry::Vacant(place) => {
                place.insert(sums);
            }
        }
    }
    gathered
}

impl Sums {
    fn add(&mut self, more: &Self) {
        for (own, more) in self.classes.iter_mut().zip(&more.classes) {
            own.n += more.n;
            own.xx.add(&more.xx);
        }
        self.xy.iter_mut().zip(&more.xy).for_each(|(own, more)| *own += more);
        self.yy.iter_mut().zip(&more.yy).for_each(|(own, more)| *own += more);
        self.squares.iter_mut().zip(&more.squares).for_each(|(own, more)| *own += more);
    }

    fn add_weighted(&mut self, more: &Self, weight: f64) {
        if weight == 0.0 {
            return;
        }
        for (own, more) in self.classes.iter_mut().zip(&more.classes) {
            own.n += more.n;
            own.xx.add_weighted(&more.xx, weight);
        }
        self.xy.iter_mut().zip(&more.xy).for_each(|(own, more)| *own += weight * more);
        self.yy.iter_mut().zip(&more.yy).for_each(|(own, more)| *own += weight * more);
    }
}
