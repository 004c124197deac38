//! Matched sets: who is compared with whom, once a control may serve several.

use std::collections::BTreeMap;

use super::Matched;

impl Matched {
    /// The matched sets by cluster, numbered from zero in order of their first code: a treated unit
    /// and its controls are in one set. Where a control serves several treated units, or a cluster
    /// holds several units, their sets are one: anything finer would part a treated unit from a
    /// control of its own. `cluster_of` gives the cluster's code of a unit.
    #[must_use]
    pub fn sets<'a>(&self, cluster_of: impl Fn(usize) -> &'a str) -> BTreeMap<&'a str, usize> {
        let mut root: BTreeMap<&str, &str> = BTreeMap::new();
        for pair in &self.pairs {
            let ends = [cluster_of(pair.treated), cluster_of(pair.control)];
            let [a, b] = ends.map(|end| *root.entry(end).or_insert(end));
            let (kept, gone) = if a <= b { (a, b) } else { (b, a) };
            root.values_mut().filter(|of| **of == gone).for_each(|of| *of = kept);
        }
        let mut number: BTreeMap<&str, usize> = BTreeMap::new();
        for of in root.values() {
            let next = number.len();
            number.entry(of).or_insert(next);
        }
        root.into_iter().map(|(cluster, of)| (cluster, number[of])).collect()
    }
}
